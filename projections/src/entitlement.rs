//! The entitlement check: may this person be mentored, by which rule, and what is left.

use crate::{Explained, Snapshot, ledger::explained};
use domain::{
    appointment::{Judgement, Verdict, Versions},
    consent::ConsentPurpose,
    entitlement::{Balance, balance},
    identifiers::{EmployerId, PersonId},
    mentoring::Offer,
    policy::{Policy, Rule},
};
use jiff::civil::Date;

/// The answer to an entitlement check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Who was asked about.
    pub person: PersonId,
    /// The verdict.
    pub verdict: Verdict,
    /// The category that is met.
    pub category: Option<String>,
    /// The facts still missing.
    pub missing: Vec<String>,
    /// The versions used; absent for somebody brought forward, who was judged elsewhere.
    pub versions: Option<Versions>,
    /// The rules behind it: the verdict's first, then the core offer's.
    pub rules: Vec<Rule>,
    /// How the scheme's offer stands.
    pub offer: Offer,
    /// What is left; absent unless the verdict is that they are entitled.
    pub balance: Option<Balance>,
    /// The lines behind it, in order: each with what it credited and debited.
    pub lines: Vec<Explained>,
}

/// Checks the entitlement of `person` as of `today`; nothing when the scheme does not know them as a mentee.
#[must_use]
pub fn check(snapshot: &Snapshot, person: PersonId, today: Date) -> Option<Check> {
    let scheme = &snapshot.scheme;
    let mentee = scheme.mentees.get(&person)?;
    let account = snapshot.ledger.account(person);
    let judgement = best(&scheme.judgements(person)).cloned();
    let brought_forward = account.and_then(|account| account.brought_forward.clone());
    let policy = policy_of(snapshot, judgement.as_ref(), today);

    let verdict = match (&brought_forward, &judgement) {
        (Some(_), _) => Verdict::Eligible,
        (None, Some(judgement)) => judgement.verdict,
        (None, None) => Verdict::ToBeConfirmed,
    };
    let entitled = verdict == Verdict::Eligible;
    let lines = account
        .map(|account| account.lines.as_slice())
        .unwrap_or_default();
    let sessions_most = policy.map_or(0, |policy| policy.entitlement.sessions_most);
    let rules = rules(policy, judgement.as_ref(), entitled);
    let judged = judgement
        .clone()
        .filter(|judgement| judgement.verdict == verdict);
    Some(Check {
        person,
        verdict,
        category: judged
            .as_ref()
            .and_then(|judged| judged.category.clone())
            .or(brought_forward.and_then(|brought| brought.category)),
        missing: judged
            .as_ref()
            .map(|judged| judged.missing.clone())
            .unwrap_or_default(),
        versions: judged.map(|judged| judged.versions),
        rules,
        offer: mentee.offer,
        balance: policy
            .filter(|_| entitled)
            .map(|policy| balance(scheme, mentee, &policy.entitlement)),
        lines: explained(lines, sessions_most),
    })
}

/// The same as `employer` may know it: reached from the notices that employer gave itself and from nothing else.
///
/// What another employer told is not in it, and neither is what the person did since, unless they agreed to that.
#[must_use]
pub fn check_for(
    snapshot: &Snapshot,
    person: PersonId,
    employer: &EmployerId,
    today: Date,
) -> Option<Check> {
    let mentee = snapshot.scheme.mentees.get(&person)?;
    let told = mentee.appointments.iter().filter(|id| {
        let facts = snapshot.particulars.facts(**id);
        facts.is_some_and(|facts| facts.employer == *employer)
    });
    let judgements: Vec<&Judgement> = told
        .filter_map(|id| snapshot.scheme.appointments.get(id)?.judgement.as_ref())
        .collect();
    let judgement = best(&judgements)?;
    let policy = policy_of(snapshot, Some(judgement), today);
    let taken_up =
        shows_take_up(snapshot, person, employer).then(|| check(snapshot, person, today));
    let (offer, balance) = taken_up
        .flatten()
        .map_or((Offer::NotMade, None), |whole| (whole.offer, whole.balance));
    Some(Check {
        person,
        verdict: judgement.verdict,
        category: judgement.category.clone(),
        missing: judgement.missing.clone(),
        versions: Some(judgement.versions.clone()),
        rules: rules(
            policy,
            Some(judgement),
            judgement.verdict == Verdict::Eligible,
        ),
        offer,
        balance,
        lines: Vec::new(),
    })
}

/// Whether `employer` may know whether and how somebody took the offer up (Z08): they consented, and the employer told of
/// the post heard of last. Of somebody who moved on, an earlier employer hears nothing.
#[must_use]
pub fn shows_take_up(snapshot: &Snapshot, person: PersonId, employer: &EmployerId) -> bool {
    let consents = snapshot.particulars.confidences().consents();
    let consent = consents.in_force(person, ConsentPurpose::TakeUpToEmployer);
    let mentee = snapshot.scheme.mentees.get(&person);
    let latest = mentee.and_then(|mentee| mentee.appointments.last());
    let facts = latest.and_then(|latest| snapshot.particulars.facts(*latest));
    consent.is_some() && facts.is_some_and(|facts| facts.employer == *employer)
}

/// Of several verdicts the most favourable counts, and of equal ones the latest.
fn best<'a>(judgements: &[&'a Judgement]) -> Option<&'a Judgement> {
    judgements
        .iter()
        .copied()
        .max_by_key(|judgement| match judgement.verdict {
            Verdict::Eligible => 2,
            Verdict::ToBeConfirmed => 1,
            Verdict::NotEligible => 0,
        })
}

/// The policy a verdict was reached with; today's where there is none.
fn policy_of<'a>(
    snapshot: &'a Snapshot,
    judgement: Option<&Judgement>,
    today: Date,
) -> Option<&'a Policy> {
    let judged = judgement.and_then(|judgement| {
        let mut adopted = snapshot.scheme.policies.iter();
        adopted.find(|adopted| adopted.policy.version == judgement.versions.policy)
    });
    judged
        .map(|adopted| &adopted.policy)
        .or_else(|| snapshot.scheme.policy_on(today))
}

fn rules(policy: Option<&Policy>, judgement: Option<&Judgement>, entitled: bool) -> Vec<Rule> {
    let Some(policy) = policy else {
        return Vec::new();
    };
    let verdict = judgement.and_then(|judgement| policy.rule(&judgement.rule));
    let core = policy.rule(&policy.entitlement.rule).filter(|_| entitled);
    verdict.into_iter().chain(core).cloned().collect()
}

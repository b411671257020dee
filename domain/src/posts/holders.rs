//! Who holds which post, from everything the scheme was told: confirmations, notices, pairings brought forward.

use crate::{
    Particulars, Scheme,
    appointment::{AppointmentFacts, FirstPost, Source},
    identifiers::{AppointmentId, EmployerId, HoldingId, PairingId, PersonId},
    policy::Basis,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// An employer and the code of a post it has.
pub type PostKey = (EmployerId, String);

/// What told of somebody in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// A pairing brought forward, with the appointment of its mentee.
    BroughtForward(PairingId),
    /// A notice of an appointment.
    Notice(AppointmentId),
    /// A confirmation of the post itself.
    Confirmation(HoldingId),
}

/// Somebody who holds a post, or held it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who. For a vacancy of which nobody knows a former holder, an identifier that stands for nobody.
    pub person: PersonId,
    /// Whether it stands for nobody.
    pub is_nobody: bool,
    /// Whether they hold it today, or are to take it up.
    pub holds: bool,
    /// How they hold it.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// Whether it is their first post of this kind.
    pub first_post: Option<FirstPost>,
    /// The first day of which the scheme was told.
    pub known_since: Date,
    /// The last day of which the scheme was told.
    pub confirmed_on: Date,
    /// Who told of that day; absent for what was brought forward.
    pub source: Option<Source>,
    /// Everything that told of it, earliest day first.
    pub told: Vec<Told>,
}

struct Claim<'a> {
    /// The first day of which it was told.
    since: Date,
    /// The last one.
    on: Date,
    told: Told,
    person: PersonId,
    is_nobody: bool,
    holds: bool,
    source: Option<Source>,
    employer: &'a EmployerId,
    post: &'a str,
    basis: Option<Basis>,
    starts_on: Option<Date>,
    first_post: Option<FirstPost>,
}

/// Everybody the scheme was told of, by post, in the order of their identifiers.
///
/// What was told of the latest day decides whether somebody holds a post; a last day in post that has passed does too.
/// What is left open by the later is taken from the earlier.
#[must_use]
pub fn holders(
    scheme: &Scheme,
    particulars: &Particulars,
    today: Date,
) -> BTreeMap<PostKey, Vec<Holder>> {
    let mut claims: Vec<Claim<'_>> = notices(scheme, particulars, today)
        .chain(confirmations(scheme, particulars))
        .chain(brought_forward(scheme, particulars, today))
        .collect();
    claims.sort_by_key(|claim| (claim.on, claim.told));
    let mut posts: BTreeMap<PostKey, BTreeMap<PersonId, Holder>> = BTreeMap::new();
    for claim in &claims {
        let key = (claim.employer.clone(), claim.post.to_owned());
        let people = posts.entry(key).or_default();
        let holder = people
            .entry(claim.person)
            .or_insert_with(|| Holder::new(claim));
        holder.told(claim);
    }
    let in_order = |people: BTreeMap<_, Holder>| people.into_values().collect();
    posts
        .into_iter()
        .map(|(key, people)| (key, in_order(people)))
        .collect()
}

impl Holder {
    fn new(claim: &Claim<'_>) -> Self {
        Self {
            person: claim.person,
            is_nobody: claim.is_nobody,
            holds: claim.holds,
            basis: None,
            starts_on: None,
            first_post: None,
            known_since: claim.since,
            confirmed_on: claim.on,
            source: claim.source,
            told: Vec::new(),
        }
    }

    /// Claims come in the order of their days.
    fn told(&mut self, claim: &Claim<'_>) {
        self.holds = claim.holds;
        self.is_nobody &= claim.is_nobody;
        self.basis = claim.basis.or(self.basis);
        self.starts_on = claim.starts_on.or(self.starts_on);
        self.first_post = claim.first_post.or(self.first_post);
        self.known_since = self.known_since.min(claim.since);
        self.confirmed_on = claim.on;
        self.source = claim.source;
        self.told.push(claim.told);
    }
}

fn notices<'a>(
    scheme: &'a Scheme,
    particulars: &'a Particulars,
    today: Date,
) -> impl Iterator<Item = Claim<'a>> {
    scheme.appointments.values().filter_map(move |appointment| {
        let facts = particulars.facts(appointment.id)?;
        Some(Claim {
            source: Some(appointment.source),
            since: appointment.notified_on.min(appointment.told_on),
            ..of_appointment(
                facts,
                (appointment.told_on, Told::Notice(appointment.id)),
                appointment.person,
                today,
            )
        })
    })
}

fn brought_forward<'a>(
    scheme: &'a Scheme,
    particulars: &'a Particulars,
    today: Date,
) -> impl Iterator<Item = Claim<'a>> {
    scheme.pairings.values().filter_map(move |pairing| {
        let facts = particulars.facts_brought_forward(pairing.id)?;
        let told = (pairing.formed_on, Told::BroughtForward(pairing.id));
        let mentee = *pairing.mentees.first()?;
        Some(of_appointment(facts, told, mentee, today))
    })
}

fn of_appointment(
    facts: &AppointmentFacts,
    (on, told): (Date, Told),
    person: PersonId,
    today: Date,
) -> Claim<'_> {
    Claim {
        since: on,
        on,
        told,
        person,
        is_nobody: false,
        holds: facts.ends_on.is_none_or(|last| today <= last),
        source: None,
        employer: &facts.employer,
        post: &facts.post,
        basis: facts.basis,
        starts_on: facts.starts_on,
        first_post: facts.first_post,
    }
}

fn confirmations<'a>(
    scheme: &'a Scheme,
    particulars: &'a Particulars,
) -> impl Iterator<Item = Claim<'a>> {
    scheme.holdings.values().filter_map(move |holding| {
        let facts = particulars.post_facts(holding.id)?;
        Some(Claim {
            since: holding.known_since,
            on: holding.told_on,
            told: Told::Confirmation(holding.id),
            person: holding.person,
            is_nobody: !holding.was_held,
            holds: holding.is_held,
            source: Some(holding.source),
            employer: &facts.employer,
            post: &facts.post,
            basis: facts.basis,
            starts_on: facts.starts_on,
            first_post: facts.first_post,
        })
    })
}

//! What would have been judged otherwise under another policy. A question, and nothing more: the history is as it is.

use crate::Snapshot;
use domain::{
    appointment::{Verdict, judge},
    identifiers::{AppointmentId, PersonId},
    policy::{Entitlement, Policy},
};
use jiff::civil::Date;

/// A verdict with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The verdict.
    pub verdict: Verdict,
    /// The category that is met.
    pub category: Option<String>,
    /// The code of the rule it rests on.
    pub rule: String,
    /// The facts it waits for.
    pub missing: Vec<String>,
}

/// An appointment that would have been judged otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Otherwise {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Whose it is.
    pub person: PersonId,
    /// As it was judged last, and the policy of then.
    pub judged: (Reason, String),
    /// As it would be judged.
    pub would: Reason,
    /// What the entitled are given: under the policy of the verdict, where the scheme has it, and under the other one.
    /// Nothing unless both entitle.
    pub given: Option<(Entitlement, Entitlement)>,
}

/// What another policy comes to, for the appointments that were notified in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Appointments that were judged in the history and again.
    pub compared: usize,
    /// Appointments whose facts nobody can read any more, or that were never judged.
    pub left_out: usize,
    /// Those judged otherwise: another verdict, category or missing fact, or another entitlement; by identifier.
    pub changed: Vec<Otherwise>,
}

/// Judges every appointment that was notified from `from` to `to`, both with it, by `policy`.
#[must_use]
pub fn what_if(state: &Snapshot, policy: &Policy, from: Date, to: Date) -> WhatIf {
    let mut found = WhatIf::default();
    let notified = state.scheme.appointments.values();
    for appointment in notified.filter(|one| (from..=to).contains(&one.notified_on)) {
        let facts = state.particulars.facts(appointment.id);
        let (Some(facts), Some(before)) = (facts, &appointment.judgement) else {
            found.left_out += 1;
            continue;
        };
        found.compared += 1;
        let outcome = judge(policy, facts);
        let would = Reason {
            verdict: outcome.verdict,
            category: outcome.category,
            rule: outcome.rule,
            missing: outcome.missing,
        };
        let judged = Reason {
            verdict: before.verdict,
            category: before.category.clone(),
            rule: before.rule.clone(),
            missing: before.missing.clone(),
        };
        let given = given(state, &before.versions.policy, policy, [&judged, &would]);
        let gives_otherwise = given.as_ref().is_some_and(|(before, after)| {
            (before.sessions_most, before.months_most) != (after.sessions_most, after.months_most)
        });
        let same = (judged.verdict, &judged.category, &judged.missing)
            == (would.verdict, &would.category, &would.missing);
        if !same || gives_otherwise {
            found.changed.push(Otherwise {
                appointment: appointment.id,
                person: appointment.person,
                judged: (judged, before.versions.policy.clone()),
                would,
                given,
            });
        }
    }
    found.changed.sort_by_key(|one| one.appointment);
    found
}

fn given(
    state: &Snapshot,
    version: &str,
    policy: &Policy,
    both: [&Reason; 2],
) -> Option<(Entitlement, Entitlement)> {
    let entitles = both.iter().all(|one| one.verdict == Verdict::Eligible);
    let mut adopted = state.scheme.policies.iter();
    let before = adopted.find(|adopted| adopted.policy.version == version)?;
    entitles.then(|| {
        (
            before.policy.entitlement.clone(),
            policy.entitlement.clone(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Office;
    use domain::{
        appointment::{FirstPost, NotifyAppointment, Source},
        mentor::PersonDetails,
        policy::Basis,
        shipped,
    };
    use jiff::civil::date;

    fn notice(basis: Basis, first: FirstPost) -> NotifyAppointment {
        NotifyAppointment {
            source: Source::Press,
            employer: "E10000008".into(),
            employee_number: None,
            person: None,
            details: PersonDetails::default(),
            post: "DCS".to_owned(),
            basis: Some(basis),
            starts_on: None,
            ends_on: None,
            first_post: Some(first),
            expected_months: None,
        }
    }

    #[test]
    fn a_policy_that_entitles_nobody_changes_every_verdict_that_entitled_and_no_other() {
        let mut office = Office::open();
        office.tell(notice(Basis::Substantive, FirstPost::Yes));
        let entitled: AppointmentId = office.made("appointment");
        office.tell(notice(Basis::Substantive, FirstPost::No));
        let before = office.snapshot.clone();
        let same = shipped::policy("mentor-plus-2017").expect("shipped");
        let always = (Date::MIN, Date::MAX);
        let found = what_if(&office.snapshot, &same, always.0, always.1);
        assert_eq!((found.compared, found.left_out), (2, 0));
        assert_eq!(found.changed, []);

        let mut strict = same.clone();
        "strict".clone_into(&mut strict.version);
        strict.categories.clear();
        let found = what_if(&office.snapshot, &strict, always.0, always.1);
        let changed: Vec<_> = found.changed.iter().map(|one| one.appointment).collect();
        assert_eq!(changed, [entitled]);
        let one = &found.changed[0];
        assert_eq!(one.judged.0.verdict, Verdict::Eligible);
        assert_eq!(one.would.verdict, Verdict::NotEligible);
        assert_eq!(one.would.rule, strict.otherwise);
        assert_eq!(one.given, None);

        // The same verdict, and more given for it.
        let mut generous = same;
        generous.entitlement.sessions_most += 2;
        let found = what_if(&office.snapshot, &generous, always.0, always.1);
        let given = found.changed[0].given.as_ref().expect("both entitle");
        assert_eq!(given.1.sessions_most, given.0.sessions_most + 2);

        // Of another period, and nothing was changed by asking.
        let later = what_if(&office.snapshot, &strict, date(2027, 1, 1), Date::MAX);
        assert_eq!(later, WhatIf::default());
        assert_eq!(office.snapshot, before);
    }
}

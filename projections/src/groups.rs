//! How many there are in each group of a scheme: by verdict, by region, by sessions used, by how pairings ended (R312).
//!
//! Beside [`crate::measures`], whose figures are of the whole scheme: here everybody is in one group and no more, so the numbers
//! of the groups add up to the number of all. A group of what is not known is a group like the others and never left out.

use crate::measures::noticed_on;
use domain::{
    Scheme,
    appointment::Verdict,
    entitlement,
    identifiers::PairingId,
    mentoring::Mentee,
    pairing::{Breakdown, BreakdownCause, Course, Replacement},
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The causes of a breakdown, in the order in which they are shown; what nobody said stands last.
pub const CAUSES: [BreakdownCause; 6] = [
    BreakdownCause::Incompatibility,
    BreakdownCause::Illness,
    BreakdownCause::MentorLeftPost,
    BreakdownCause::MenteeLeftPost,
    BreakdownCause::Other,
    BreakdownCause::NotStated,
];

/// Everybody in a scheme, and every pairing, by group. All are counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// Mentees, and those who may become one.
    pub known: usize,
    /// Of these, of whom a notice told.
    pub noticed: usize,
    /// Of these, who were found entitled.
    pub entitled: usize,
    /// Of these of whom a notice told, of whom a fact is missing before anybody can say.
    pub to_confirm: usize,
    /// Of these of whom a notice told, all others.
    pub not_entitled: usize,
    /// Those of whom a notice told, by the region of the post of which the first told; `None` where it is not known, or where so
    /// few employers share it that it would name one.
    pub regions: BTreeMap<Option<String>, Region>,
    /// Those who are or were paired, by how many sessions they used.
    pub sessions: BTreeMap<u16, usize>,
    /// Pairings by their course.
    pub pairings: Courses,
}

/// Those of one region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Region {
    /// Of whom a notice told.
    pub noticed: usize,
    /// Of these, who were found entitled.
    pub entitled: usize,
    /// Of these of whom a notice told, who are or were paired.
    pub paired: usize,
}

/// Pairings by their course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Courses {
    /// All that were formed.
    pub formed: usize,
    /// Of these, those that go on.
    pub live: usize,
    /// Of these, those that came to a good end.
    pub concluded: usize,
    /// Of these, those from which the mentee withdrew.
    pub withdrawn: usize,
    /// Of these, those that broke down, by cause in the order of [`CAUSES`].
    pub broken: [Broken; CAUSES.len()],
    /// Sessions of the core offer that were left where another mentor was to be found: they carried over.
    pub sessions_carried_over: usize,
}

/// Pairings that broke down for one cause, and what was judged of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Broken {
    /// All of them.
    pub count: usize,
    /// Another mentor was to be found.
    pub to_replace: usize,
    /// Mentoring ended there.
    pub ended: usize,
    /// Nothing was judged yet.
    pub not_judged: usize,
}

/// Everybody by group as of `today`, of those of whom a notice first told on `since` or later; everybody where no day is given.
#[must_use]
pub fn groups(scheme: &Scheme, since: Option<Date>, today: Date) -> Groups {
    let mut groups = Groups::default();
    let mut pairings: BTreeSet<PairingId> = BTreeSet::new();
    for mentee in scheme.mentees.values() {
        let noticed_on = noticed_on(scheme, mentee);
        if since.is_some_and(|since| noticed_on.is_none_or(|on| on < since)) {
            continue;
        }
        groups.known += 1;
        if noticed_on.is_some() {
            groups.notice(scheme, mentee);
        }
        if !mentee.pairings.is_empty() {
            groups.use_sessions(scheme, mentee, today);
        }
        pairings.extend(&mentee.pairings);
    }
    for pairing in pairings {
        if let Some(pairing) = scheme.pairings.get(&pairing) {
            groups.pairings.take(&pairing.course);
        }
    }
    groups
}

impl Groups {
    fn notice(&mut self, scheme: &Scheme, mentee: &Mentee) {
        let judgements = scheme.judgements(mentee.person);
        let judged = |verdict| {
            judgements
                .iter()
                .any(|judgement| judgement.verdict == verdict)
        };
        let entitled = judged(Verdict::Eligible);
        self.noticed += 1;
        if entitled {
            self.entitled += 1;
        } else if judged(Verdict::ToBeConfirmed) {
            self.to_confirm += 1;
        } else {
            self.not_entitled += 1;
        }
        let appointments = mentee.appointments.iter();
        let first = appointments
            .filter_map(|id| scheme.appointments.get(id))
            .min_by_key(|appointment| appointment.notified_on);
        let region = first.and_then(|appointment| appointment.region.clone());
        let region = self.regions.entry(region).or_default();
        region.noticed += 1;
        region.entitled += usize::from(entitled);
        region.paired += usize::from(!mentee.pairings.is_empty());
    }

    fn use_sessions(&mut self, scheme: &Scheme, mentee: &Mentee, today: Date) {
        if let Some(policy) = scheme.policy_on(today) {
            let used = entitlement::balance(scheme, mentee, &policy.entitlement).used;
            *self.sessions.entry(used).or_default() += 1;
        }
    }
}

impl Courses {
    fn take(&mut self, course: &Course) {
        self.formed += 1;
        match course {
            Course::Live => self.live += 1,
            Course::Concluded { .. } => self.concluded += 1,
            Course::Withdrawn { .. } => self.withdrawn += 1,
            Course::Broken(breakdown) => self.take_broken(breakdown),
        }
    }

    fn take_broken(&mut self, breakdown: &Breakdown) {
        let broken = &mut self.broken[place(breakdown.cause)];
        broken.count += 1;
        match &breakdown.judged {
            None => broken.not_judged += 1,
            Some(judged) => match judged.judgement {
                Replacement::End => broken.ended += 1,
                Replacement::Replace => {
                    broken.to_replace += 1;
                    let left = judged.remaining.iter();
                    self.sessions_carried_over +=
                        left.map(|one| usize::from(one.sessions)).sum::<usize>();
                }
            },
        }
    }
}

/// The place of a cause in [`CAUSES`].
const fn place(cause: BreakdownCause) -> usize {
    match cause {
        BreakdownCause::Incompatibility => 0,
        BreakdownCause::Illness => 1,
        BreakdownCause::MentorLeftPost => 2,
        BreakdownCause::MenteeLeftPost => 3,
        BreakdownCause::Other => 4,
        BreakdownCause::NotStated => 5,
    }
}

#[cfg(test)]
mod tests;

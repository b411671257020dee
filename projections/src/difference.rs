//! What changed between two moments of one scheme: what was recorded, and whose stage, course or verdict is another.
//!
//! It names nobody but by identifiers, and rests on nothing that is sealed, so it is the same after somebody was forgotten.

use crate::{
    Snapshot,
    stage::{MentorStage, Stage},
};
use domain::{
    Scheme,
    appointment::Verdict,
    identifiers::{AppointmentId, PairingId, PersonId},
    pairing::{Course, Pairing},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// How a pairing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum PairingState {
    /// They meet.
    Live,
    /// It rests, because the mentee asked for it.
    Paused,
    /// It broke down.
    Broken,
    /// The mentee withdrew.
    Withdrawn,
    /// It came to a good end.
    Concluded,
}

impl PairingState {
    /// How `pairing` stands.
    #[must_use]
    pub fn of(pairing: &Pairing) -> Self {
        match pairing.course {
            Course::Live if pairing.paused_since().is_some() => Self::Paused,
            Course::Live => Self::Live,
            Course::Broken(_) => Self::Broken,
            Course::Withdrawn { .. } => Self::Withdrawn,
            Course::Concluded { .. } => Self::Concluded,
        }
    }
}

/// Something that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<K, S> {
    /// What.
    pub of: K,
    /// What it was; nothing where it was not there yet.
    pub before: Option<S>,
    /// What it is; nothing where it is there no more.
    pub after: Option<S>,
}

/// A verdict, as far as it can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Whose appointment it is.
    pub person: PersonId,
    /// The verdict; nothing before the first.
    pub verdict: Option<Verdict>,
    /// The code of the rule it rests on.
    pub rule: Option<String>,
    /// The policy it was reached with.
    pub policy: Option<String>,
}

/// What changed after one moment, up to and with a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The position of the earlier moment.
    pub from: u64,
    /// The position of the later moment.
    pub to: u64,
    /// How many entries of each type were recorded.
    pub recorded: BTreeMap<&'static str, u64>,
    /// Mentees at another stage, by identifier.
    pub mentees: Vec<Change<PersonId, Stage>>,
    /// Mentors at another stage, by identifier.
    pub mentors: Vec<Change<PersonId, MentorStage>>,
    /// Pairings that stand otherwise, by identifier.
    pub pairings: Vec<Change<PairingId, PairingState>>,
    /// Appointments judged otherwise, or of another person, by identifier.
    pub verdicts: Vec<Change<AppointmentId, Judged>>,
}

impl Difference {
    /// What changed from `before` to `after`, two states of one history of which the second is not the earlier one.
    #[must_use]
    pub fn between(before: &Snapshot, after: &Snapshot) -> Self {
        let mut recorded = BTreeMap::new();
        for kind in after.trail.kinds(before.position(), after.position()) {
            *recorded.entry(kind).or_default() += 1;
        }
        Self {
            from: before.position(),
            to: after.position(),
            recorded,
            mentees: changes(&mentees(before), &mentees(after)),
            mentors: changes(&mentors(&before.scheme), &mentors(&after.scheme)),
            pairings: changes(&pairings(&before.scheme), &pairings(&after.scheme)),
            verdicts: changes(&verdicts(&before.scheme), &verdicts(&after.scheme)),
        }
    }
}

/// What the policy adopted last supposes of a mentor who stated no number.
#[must_use]
pub fn capacity_default(scheme: &Scheme) -> u16 {
    let last = scheme.policies.last();
    last.map_or(1, |adopted| adopted.policy.mentors.capacity_default)
}

fn mentees(state: &Snapshot) -> BTreeMap<PersonId, Stage> {
    let at = |person: &PersonId| Some((*person, state.board.card(*person)?.stage));
    state.scheme.mentees.keys().filter_map(at).collect()
}

fn mentors(scheme: &Scheme) -> BTreeMap<PersonId, MentorStage> {
    let capacity = capacity_default(scheme);
    let mentors = scheme.mentors.values();
    mentors
        .map(|mentor| (mentor.person, MentorStage::of(mentor, capacity)))
        .collect()
}

fn pairings(scheme: &Scheme) -> BTreeMap<PairingId, PairingState> {
    let pairings = scheme.pairings.values();
    pairings
        .map(|pairing| (pairing.id, PairingState::of(pairing)))
        .collect()
}

fn verdicts(scheme: &Scheme) -> BTreeMap<AppointmentId, Judged> {
    let judged = scheme.appointments.values().map(|appointment| {
        let judgement = appointment.judgement.as_ref();
        let judged = Judged {
            person: appointment.person,
            verdict: judgement.map(|judgement| judgement.verdict),
            rule: judgement.map(|judgement| judgement.rule.clone()),
            policy: judgement.map(|judgement| judgement.versions.policy.clone()),
        };
        (appointment.id, judged)
    });
    judged.collect()
}

fn changes<K: Ord + Copy, S: PartialEq + Clone>(
    before: &BTreeMap<K, S>,
    after: &BTreeMap<K, S>,
) -> Vec<Change<K, S>> {
    let gone = before.keys().filter(|of| !after.contains_key(of));
    let mut all: Vec<K> = after.keys().chain(gone).copied().collect();
    all.sort_unstable();
    let change = |of: K| {
        let (before, after) = (before.get(&of).cloned(), after.get(&of).cloned());
        (before != after).then_some(Change { of, before, after })
    };
    all.into_iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Office;
    use domain::mentor::{Experience, InviteMentor, MentorStatus, PersonDetails, ResignAsMentor};

    fn invitation() -> InviteMentor {
        InviteMentor {
            person: None,
            details: PersonDetails {
                name: Some("A mentor".to_owned()),
                ..PersonDetails::default()
            },
            employer: None,
            experience: Experience {
                status: MentorStatus::Serving,
                retired_on: None,
                years_in_post: Some(5),
            },
        }
    }

    #[test]
    fn what_came_and_what_changed_is_told_and_nothing_else() {
        let mut office = Office::open();
        office.tell(invitation());
        let first: PersonId = office.made("person");
        let before = office.snapshot.clone();
        assert_eq!(
            Difference::between(&before, &before),
            Difference {
                from: before.position(),
                to: before.position(),
                recorded: BTreeMap::new(),
                mentees: vec![],
                mentors: vec![],
                pairings: vec![],
                verdicts: vec![],
            }
        );
        office.tell(invitation());
        let second: PersonId = office.made("person");
        office.tell(ResignAsMentor { mentor: first });
        let found = Difference::between(&before, &office.snapshot);
        let recorded: Vec<_> = found.recorded.into_iter().collect();
        assert_eq!(recorded, [("mentor.invited", 1), ("mentor.resigned", 1)]);
        let mut wanted = vec![
            Change {
                of: first,
                before: Some(MentorStage::Invited),
                after: Some(MentorStage::Gone),
            },
            Change {
                of: second,
                before: None,
                after: Some(MentorStage::Invited),
            },
        ];
        wanted.sort_by_key(|change| change.of);
        assert_eq!(found.mentors, wanted);
        assert!(found.mentees.is_empty() && found.pairings.is_empty());
    }
}

//! Random confidential acts, and what holds of them in every history.

use super::{
    commands::{maybe, one_of, pick, some_day},
    histories::{Known, Step, every_history, every_step},
};
use crate::{
    Command, Event,
    confidence::{
        AcceptConfidence, AcknowledgeConcern, Act, AgreeThirdPerson, CloseConcern, ConcernTest,
        EndThirdPerson, Purpose, ReferConcern, Statement,
    },
    consent::{
        Characteristics, ConsentPurpose, GiveConsent, StateCharacteristics, WithdrawConsent,
    },
    envelope::{BARE_VALUE_BYTES, UNDISCLOSED},
    identifiers::PersonId,
    matching::Side,
    spec::stranger,
};
use std::{cell::RefCell, collections::BTreeSet, mem::discriminant};

/// A confidential command, mostly of one of the two pairs formed last, so that the same people come back.
pub(super) fn command(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let of_strangers = (stranger(), stranger(), stranger());
    let mut latest = known.pairs.iter().rev().skip(usize::from(step.who % 2));
    let (pairing, mentor, mentee) = *latest.next().unwrap_or(&of_strangers);
    let one = match step.side() {
        Some(Side::Mentor) => mentor,
        Some(Side::Mentee) => mentee,
        None => one_of(&[mentor, mentee], more),
    };
    let concern = pick(&known.concerns, step.whom);
    // One of the latest, about whom not everything is said yet.
    let third_person = pick(&known.third_persons, step.whom % 3);
    match step.life % 16 {
        0 | 1 => ReferConcern {
            pairing,
            mentor: one_of(&[mentor, mentor, mentor, mentee], what),
            mentee,
            statement: some_statement(step),
        }
        .into(),
        2 => AcknowledgeConcern { concern }.into(),
        3 => CloseConcern { concern }.into(),
        4..=9 => AgreeThirdPerson {
            pairing,
            // Now and then somebody else, nobody in particular, or for something else.
            person: if step.whom.is_multiple_of(16) {
                pick(&known.people, step.whom)
            } else {
                one
            },
            name: if what < 32 {
                " ".to_owned()
            } else {
                one_of(&["Jo Field", "jo  field", "JO FIELD"], what).to_owned()
            },
            purpose: if more < 64 {
                Purpose::Mediation
            } else {
                Purpose::Advice
            },
        }
        .into(),
        10..=12 => AcceptConfidence { third_person }.into(),
        13 => EndThirdPerson { third_person }.into(),
        _ => about_consent(known, step),
    }
}

/// Of one of those known last, and of whatever purpose, though mostly of that under which something is kept.
fn about_consent(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let purpose = one_of(
        &[
            ConsentPurpose::Characteristics,
            ConsentPurpose::Characteristics,
            ConsentPurpose::Characteristics,
            ConsentPurpose::Characteristics,
            ConsentPurpose::Characteristics,
            ConsentPurpose::TakeUpToEmployer,
            ConsentPurpose::ContactAfterEnd,
            ConsentPurpose::EvaluationWords,
        ],
        more,
    );
    let person: PersonId = pick(&known.people, step.who);
    let word = one_of(&["a carer", "a twin", "from the North", " "], what).to_owned();
    match step.whom % 8 {
        0 | 1 => WithdrawConsent { person, purpose }.into(),
        2..=4 => StateCharacteristics {
            person,
            characteristics: Characteristics {
                of_myself: vec![word],
                hoped_for: vec![],
            },
        }
        .into(),
        _ => GiveConsent { person, purpose }.into(),
    }
}

fn some_statement(step: Step) -> Statement {
    let Step { what, more, .. } = step;
    Statement {
        rests_on: [
            maybe(what, ConcernTest::StatutoryDuties),
            maybe(what >> 1, ConcernTest::ChildrenAtRisk),
        ]
        .into_iter()
        .flatten()
        .collect(),
        beyond_a_bad_week: what.is_multiple_of(3),
        attempts_exhausted_on: maybe(more, some_day(what)),
        mentee_told_on: maybe(more >> 1, some_day(more)),
        reason_disclosed_on: maybe(more >> 2, some_day(what)),
        coordinator_contacted_on: maybe(more >> 3, some_day(more)),
    }
}

/// R074, R113: whatever was recorded in confidence tells nothing in clear, and is no longer than anything else of it.
#[test]
fn no_envelope_of_anything_confidential_tells_what_it_is() {
    every_history(|world| {
        for recorded in &world.history {
            let Event::ConfidentialRecorded(confidential) = &recorded.event else {
                continue;
            };
            assert_eq!(recorded.event.subjects(), [confidential.act.subject().0]);
            assert_eq!(&*recorded.actor.role, UNDISCLOSED);
            assert_eq!((&recorded.reported_by, recorded.channel), (&None, None));
            let sealed = confidential.act.open().expect("nobody was forgotten");
            let bytes = serde_json::to_vec(sealed).expect("it can be written");
            assert!(bytes.len() <= BARE_VALUE_BYTES);
        }
    });
}

#[test]
fn every_confidential_act_happens_somewhere() {
    let seen = RefCell::new(Vec::new());
    every_history(|world| {
        for recorded in &world.history {
            if let Event::ConfidentialRecorded(confidential) = &recorded.event
                && let Some(said) = confidential.act.open()
                && !seen.borrow().contains(&discriminant::<Act>(&said.act))
            {
                seen.borrow_mut().push(discriminant(&said.act));
            }
        }
    });
    assert_eq!(seen.borrow().len(), 9);
}

/// R114, R115, R116: nobody is brought in on fewer words than those of everybody in the pairing, and their own.
#[test]
fn nobody_is_brought_in_on_fewer_words_than_all() {
    let in_effect = RefCell::new(0);
    every_step(|world, _, _| {
        for third in world.particulars.confidences().third_persons() {
            let pairing = world.pairing(third.pairing);
            let agreed: BTreeSet<_> = third.agreed.iter().map(|said| said.person).collect();
            assert_eq!(agreed.len(), third.agreed.len(), "each once");
            let members: BTreeSet<_> = pairing.members().map(|(person, _)| person).collect();
            assert!(agreed.is_subset(&members));
            if third.is_in_effect(pairing) {
                *in_effect.borrow_mut() += 1;
                assert_eq!(agreed, members);
                assert!(third.accepted_on.is_some() && third.ended_on.is_none());
            }
        }
    });
    assert!(*in_effect.borrow() > 0, "it happens");
}

/// R074: a concern is of a mentor and a mentee of the pairing, and sealed for that mentee.
#[test]
fn a_concern_is_of_two_people_of_its_pairing() {
    every_step(|world, _, _| {
        for concern in world.particulars.confidences().concerns() {
            let pairing = world.pairing(concern.pairing);
            assert!(pairing.mentors.contains(&concern.mentor));
            assert!(pairing.mentees.contains(&concern.mentee));
        }
    });
}

/// R292, Z08: of each purpose one consent at most is in force, and what somebody says of their background is never known
/// without one.
#[test]
fn what_exists_under_consent_ends_with_it() {
    let stated = RefCell::new(0);
    every_step(|world, _, _| {
        let consents = world.particulars.confidences().consents();
        for (person, all) in consents.all() {
            let in_force = all.iter().filter(|consent| consent.withdrawn_on.is_none());
            let purposes: Vec<_> = in_force.map(|consent| consent.purpose).collect();
            let different: BTreeSet<_> = purposes.iter().collect();
            assert_eq!(different.len(), purposes.len());
            assert!(world.scheme.takes_part(*person));
        }
        for (person, _) in consents.all_stated() {
            *stated.borrow_mut() += 1;
            assert!(consents.characteristics(*person).is_some());
        }
    });
    assert!(*stated.borrow() > 0, "it happens");
}

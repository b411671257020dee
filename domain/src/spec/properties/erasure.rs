//! Random wishes about forgetting people, and what holds of it in every history.

use super::{
    commands::{maybe, one_of, pick},
    histories::{Known, Step, every_history, every_step},
};
use crate::{
    Command, Event, Scheme,
    entitlement::balance,
    erasure::{
        ConfirmErasure, ErasureGround, Hold, LiftErasureHold, PlaceErasureHold, RequestErasure,
        WithdrawErasure,
    },
    identifiers::PersonId,
    mentor::Presence,
    mentoring::Offer,
    policy::Policy,
    sealed::MARKER,
};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// A wish about somebody's erasure, beside the step's own; now and then, and of few people, so that something comes of it.
pub(super) fn beside(known: &Known, step: Step) -> Option<Command> {
    if step.life < 244 {
        return None;
    }
    let Step { what, more, .. } = step;
    // The latest are those with the longest way before them.
    let person = pick(&known.people, step.who % 4);
    let hold = one_of(
        &[
            Hold::Inquiry,
            Hold::OpenConcern,
            Hold::LegalClaim,
            Hold::Audit,
        ],
        what,
    );
    Some(match step.life - 244 {
        0..=3 => RequestErasure {
            person,
            ground: one_of(
                &[
                    ErasureGround::RetentionEnded,
                    ErasureGround::RetentionEnded,
                    ErasureGround::PersonsRequest,
                ],
                more,
            ),
        }
        .into(),
        4..=7 => ConfirmErasure {
            person,
            holds: maybe(more, hold).into_iter().collect(),
        }
        .into(),
        8 => WithdrawErasure { person }.into(),
        9 => PlaceErasureHold { person, hold }.into(),
        _ => LiftErasureHold { person, hold }.into(),
    })
}

/// Z07: nothing of anybody who was forgotten is known any more, and nothing is sealed for them again.
#[test]
fn whoever_was_forgotten_is_known_by_nothing() {
    let forgotten = RefCell::new(0);
    every_history(|world| {
        let erasures = &world.scheme.erasures;
        let keys = world.particulars.by_key();
        assert!(!keys.keys().any(|(person, _)| erasures.is_erased(*person)));
        let mut gone = BTreeSet::new();
        for recorded in &world.history {
            if let Event::ErasureDecided(decided) = &recorded.event {
                gone.extend(decided.people.iter().map(|person| person.0.to_string()));
                *forgotten.borrow_mut() += 1;
            } else if !gone.is_empty() {
                let mut sealed = Vec::new();
                subjects(
                    &recorded.event.data().expect("it can be written"),
                    &mut sealed,
                );
                let event = recorded.event.kind();
                assert!(!sealed.iter().any(|one| gone.contains(one)), "{event}");
            }
        }
    });
    assert!(*forgotten.borrow() > 50, "it happens");
}

fn subjects(data: &Value, found: &mut Vec<String>) {
    let Some(members) = data.as_object() else {
        return;
    };
    if let Some(sealed) = members.get(MARKER) {
        found.extend(sealed["subject"].as_str().map(str::to_owned));
    }
    members.values().for_each(|value| subjects(value, found));
}

/// What was granted and used stays as it was, for the one who is forgotten and for everybody else.
#[test]
fn forgetting_somebody_changes_no_total() {
    let before = RefCell::new(Scheme::default());
    every_step(|world, _, outcome| {
        let decided = outcome.as_ref().is_ok_and(|events| {
            let mut events = events.iter();
            events.any(|event| matches!(event, Event::ErasureDecided(_)))
        });
        if decided {
            // By one policy: another may have taken over since the step before.
            let policy = world.scheme.policy_on(world.today).expect("in force");
            let before = totals(&before.borrow(), policy);
            assert_eq!(totals(&world.scheme, policy), before);
        }
        *before.borrow_mut() = world.scheme.clone();
    });
}

fn totals(scheme: &Scheme, policy: &Policy) -> BTreeMap<PersonId, (u16, u16, Offer)> {
    let mentees = scheme.mentees.values();
    let totals = mentees.map(|mentee| {
        let balance = balance(scheme, mentee, &policy.entitlement);
        (mentee.person, (balance.granted, balance.used, mentee.offer))
    });
    totals.collect()
}

/// Nobody who was forgotten is in a live pairing alone on their side, waits for anything or is offered to anybody.
#[test]
fn whoever_was_forgotten_stands_in_nothing() {
    every_step(|world, _, _| {
        let scheme = &world.scheme;
        let is_gone = |person| scheme.erasures.is_erased(person);
        for pairing in scheme.pairings.values().filter(|one| one.is_live()) {
            for side in [&pairing.mentees, &pairing.mentors] {
                assert!(!side.iter().all(|member| is_gone(*member)));
            }
        }
        for found in scheme.matches.values() {
            let open = found.progress == crate::matching::Progress::Open;
            assert!(!open || !(is_gone(found.mentee) || is_gone(found.mentor)));
        }
        for mentee in scheme.mentees.values().filter(|one| is_gone(one.person)) {
            assert_eq!(mentee.waiting_since, None);
        }
        for mentor in scheme.mentors.values() {
            assert_eq!(mentor.presence == Presence::Erased, is_gone(mentor.person));
        }
        assert!(scheme.erasures.pending().is_empty());
    });
}

//! What holds in every history, however odd: of hundreds of random ones, made of all the commands.
//!
//! Commands are well formed and name what exists, mostly; now and then they name a stranger. The same
//! histories are made at every run; `ALONGSIDE_HISTORIES=100000` makes so many, and `--nocapture` prints what they were
//! made of.

mod access;
mod commands;
mod confidence;
mod directory;
mod erasure;
mod histories;
mod messages;
mod needs;
mod outcomes;
mod periods;
mod tally;

#[cfg(feature = "testing")]
pub use histories::random_histories;

use super::World;
use crate::{
    Command, Event, Particulars, Recorded, Scheme, due, entitlement::balance, evolve,
    matching::Progress, sealed::MARKER,
};
use histories::{all_of_every_history, every_history, every_step};
use jiff::Timestamp;
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeSet};
use tally::Tally;

/// What is tried at random is worth trying: enough of it is accepted, every command is, and every event type is reached.
#[test]
fn every_command_is_accepted_and_every_event_happens_somewhere() {
    let tally = RefCell::new(Tally::default());
    all_of_every_history(
        |_, command, outcome| tally.borrow_mut().step(command, outcome),
        |world| tally.borrow_mut().history(world),
    );
    let tally = tally.into_inner();
    println!("{tally}");
    let missing = tally.missing();
    assert!(missing.is_empty(), "never: {missing:?}");
    assert!(tally.shortest >= 100, "{} commands", tally.shortest);
    assert!(tally.accepted() * 10 >= tally.tried() * 3, "{tally}");
}

#[test]
fn a_history_told_again_is_the_same_history() {
    every_history(|world| {
        let (scheme, particulars) = told(world.history.iter().cloned());
        assert_eq!(scheme, world.scheme);
        assert_eq!(particulars, world.particulars);
    });
}

#[test]
fn forgetting_everybody_changes_no_history() {
    every_history(|world| {
        let forgotten = world.history.iter().map(|recorded| Recorded {
            event: erased(&recorded.event),
            ..recorded.clone()
        });
        let (scheme, particulars) = told(forgotten);
        assert_eq!(scheme, world.scheme);
        assert_eq!(particulars, Particulars::default());
    });
}

#[test]
fn an_event_survives_being_written_down() {
    every_history(|world| {
        for Recorded { event, .. } in &world.history {
            let data = event.data().expect("it can be written");
            let read = Event::decode(event.kind(), data).expect("it can be read");
            assert_eq!(read, *event);
        }
    });
}

#[test]
fn saying_the_same_thing_twice_changes_nothing() {
    every_step(|world, command, outcome| {
        if outcome.is_ok() && settles(command) {
            let again = world.aside().when(command.clone());
            let changed = again.outcome.unwrap_or_default();
            assert_eq!(changed, [], "{} again", command.name());
        }
    });
}

#[test]
fn a_scheme_that_has_forgotten_everybody_still_takes_every_command() {
    every_step(|world, command, _| {
        let mut forgetful = world.aside();
        forgetful.particulars = Particulars::default();
        let answer = forgetful.when(command.clone());
        assert!(answer.world.scheme.position >= world.scheme.position);
    });
}

#[test]
fn nobody_is_in_two_live_pairings() {
    every_step(|world, _, _| {
        let live = world.scheme.pairings.values().filter(|one| one.is_live());
        let mentees: Vec<_> = live.flat_map(|pairing| &pairing.mentees).collect();
        let distinct: BTreeSet<_> = mentees.iter().collect();
        assert_eq!(distinct.len(), mentees.len());
    });
}

#[test]
fn nobody_is_their_own_mentor() {
    every_history(|world| {
        for pairing in world.scheme.pairings.values() {
            let both = |person| pairing.mentors.contains(person);
            assert!(!pairing.mentees.iter().any(both));
        }
    });
}

/// A capacity may be lowered, and a pairing brought forward, but no pairing is formed beyond it (Z07).
#[test]
fn no_pairing_is_formed_with_a_mentor_who_has_no_room() {
    every_step(|world, _, outcome| {
        let Ok([Event::PairingFormed(formed), ..]) = outcome.as_deref() else {
            return;
        };
        let policy = world.scheme.policy_on(world.today).expect("in force");
        for person in &formed.mentors {
            let mentor = world.scheme.mentor(*person).expect("known");
            let capacity = mentor
                .capacity_stated
                .unwrap_or(policy.mentors.capacity_default);
            assert!(mentor.live_pairings.len() <= usize::from(capacity));
        }
    });
}

#[test]
fn what_is_used_and_what_is_left_make_what_was_granted() {
    every_step(|world, _, _| {
        let policy = world.scheme.policy_on(world.today).expect("in force");
        for mentee in world.scheme.mentees.values() {
            let balance = balance(&world.scheme, mentee, &policy.entitlement);
            let pairings = mentee.pairings.iter();
            let counts = pairings.map(|id| world.pairing(*id).counts.used());
            assert_eq!(balance.used, counts.sum::<u16>());
            let within = balance.used.min(balance.granted);
            assert_eq!(balance.granted, within + balance.left + balance.ended);
            let live = mentee
                .pairings
                .iter()
                .any(|id| world.pairing(*id).is_live());
            assert!(!live || balance.ended == 0, "nothing ends while they meet");
            let clock = balance.clock;
            assert!(clock.starts_on <= clock.until);
        }
    });
}

#[test]
fn no_pause_lasts_beyond_its_pairing() {
    every_step(|world, _, _| {
        for pairing in world.scheme.pairings.values() {
            assert!(pairing.is_live() || pairing.paused_since().is_none());
            let lasting = pairing.pauses.iter().filter(|pause| pause.until.is_none());
            assert!(lasting.count() <= 1);
        }
    });
}

#[test]
fn what_waits_is_what_is_open_and_not_agreed() {
    every_step(|world, _, _| {
        let scheme = &world.scheme;
        // A match that a late yes took up again has no last day any more.
        let open = scheme.matches.values().filter(|found| {
            found.progress == Progress::Open && !found.is_agreed() && found.answer_by >= world.today
        });
        let waiting: BTreeSet<_> = open.map(|found| (found.answer_by, found.id)).collect();
        let awaited: BTreeSet<_> = scheme.answers_awaited.iter().copied().collect();
        assert_eq!(awaited, waiting);
        assert_eq!(due(scheme, world.now()), [], "time has acted already");
    });
}

#[test]
fn a_mentor_knows_their_live_pairings() {
    every_step(|world, _, _| {
        for mentor in world.scheme.mentors.values() {
            let live =
                world.scheme.pairings.values().filter(|pairing| {
                    pairing.is_live() && pairing.mentors.contains(&mentor.person)
                });
            let live: BTreeSet<_> = live.map(|pairing| pairing.id).collect();
            assert_eq!(
                mentor
                    .live_pairings
                    .iter()
                    .copied()
                    .collect::<BTreeSet<_>>(),
                live
            );
            assert_eq!(mentor.live_pairings.len(), live.len());
        }
    });
}

#[test]
fn every_notice_belongs_to_exactly_one_person() {
    every_step(|world, _, _| {
        let mentees = world.scheme.mentees.values();
        let held: Vec<_> = mentees
            .flat_map(|mentee| mentee.appointments.iter().map(|id| (*id, mentee.person)))
            .collect();
        assert_eq!(held.len(), world.scheme.appointments.size());
        for (appointment, person) in held {
            let appointment = world.scheme.appointment(appointment).expect("made");
            assert_eq!(appointment.person, person);
        }
    });
}

#[test]
fn everything_has_fallen_due_in_the_end() {
    every_history(|world| {
        let mut scheme = world.scheme.clone();
        for fell in due(&scheme, Timestamp::MAX) {
            let recorded = Recorded {
                position: scheme.position + 1,
                event: fell.event,
                happened_on: fell.on,
                ..world.history[0].clone()
            };
            evolve(&mut scheme, &recorded).expect("it can be folded");
        }
        assert!(scheme.answers_awaited.is_empty());
    });
}

/// Whether saying it once settles it. What is told each time it happens, and what makes somebody new, is not.
fn settles(command: &Command) -> bool {
    match command {
        Command::RecordContact(_)
        | Command::RecordSession(_)
        | Command::RecordSessionNotHeld(_)
        | Command::RecordCheckIn(_)
        | Command::NoteActivity(_)
        | Command::RecordNotices(_)
        | Command::RemindOfEvaluation(_)
        | Command::BeginNeedsAnalysis(_)
        | Command::BringForwardMentor(_) => false,
        Command::InviteMentor(command) => command.person.is_some(),
        Command::AnnounceDfeInductionDay(command) => command.day.is_some(),
        Command::NotifyAppointment(command) => {
            command.person.is_some() || command.employee_number.is_some()
        }
        Command::BringForwardPairing(command) => {
            command.person.is_some() || command.facts.employee_number.is_some()
        }
        _ => true,
    }
}

fn told(history: impl Iterator<Item = Recorded>) -> (Scheme, Particulars) {
    let mut scheme = Scheme::default();
    let mut particulars = Particulars::default();
    for recorded in history {
        evolve(&mut scheme, &recorded).expect("what happened can be folded");
        particulars.learn(&recorded);
    }
    (scheme, particulars)
}

/// What is left of an event when every key was destroyed.
fn erased(event: &Event) -> Event {
    let mut data = event.data().expect("it can be written");
    erase(&mut data);
    Event::decode(event.kind(), data).expect("it can be read")
}

fn erase(data: &mut Value) {
    match data {
        Value::Object(object) => {
            if let Some(sealed) = object.get_mut(MARKER) {
                sealed["value"] = Value::Null;
            }
            object.values_mut().for_each(erase);
        }
        Value::Array(items) => items.iter_mut().for_each(erase),
        _ => {}
    }
}

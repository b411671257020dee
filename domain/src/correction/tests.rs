use super::*;
use crate::{
    matching::Side,
    pairing::{NotHeld, RecordSessionNotHeld, ReportMeetingsReached, ReportSessionCount},
    spec::{Paired, World, held, paired, stranger},
};
use jiff::civil::date;

fn correct(entry: Uuid, correction: Correction) -> CorrectRecord {
    CorrectRecord { entry, correction }
}

/// The entry that stands last in the history.
fn last(world: &World) -> Uuid {
    world.history.last().expect("something happened").id
}

/// A pairing with two sessions by the mentee's count, and the entries that told them.
fn met_twice() -> (Paired, [Uuid; 2]) {
    let mut paired = paired();
    let session = held(paired.pairing, Side::Mentee);
    let world = paired.world.on(date(2026, 5, 1)).happened(date(2026, 4, 7));
    let world = world.given(session.clone());
    let first = last(&world);
    paired.world = world.happened(date(2026, 4, 28)).given(session);
    let second = last(&paired.world);
    (paired, [first, second])
}

/// R019, R226: what was recorded in error is given back, and the history shows both.
#[test]
fn a_session_recorded_in_error_is_given_back() {
    let (
        Paired {
            world,
            mentee,
            pairing,
            ..
        },
        [first, _],
    ) = met_twice();
    let before = world.history.len();
    let world = world
        .when(correct(first, Correction::NotSo))
        .then(&["record.corrected"]);
    assert_eq!(world.pairing(pairing).counts.mentee, 1);
    assert_eq!(world.balance(mentee).used, 1);
    assert_eq!(
        world.pairing(pairing).first_session_on,
        Some(date(2026, 4, 28))
    );
    assert_eq!(world.history.len(), before + 1);
    assert_eq!(world.count("session.held"), 2);
    let (_, told) = world.scheme.told(first).expect("it is remembered");
    assert_eq!(
        (told.stands, &told.corrected_by[..]),
        (false, &[last(&world)][..])
    );
    world
        .when(correct(first, Correction::NotSo))
        .then_nothing_happens();
}

/// R020: with the day of the first session the twelve months move.
#[test]
fn a_session_that_was_on_another_day_moves_the_months() {
    let (Paired { world, mentee, .. }, [first, second]) = met_twice();
    let until = world.balance(mentee).clock.until;
    let world = world.given(correct(first, Correction::On(date(2026, 4, 14))));
    let moved = world.balance(mentee).clock.until;
    assert_eq!(
        moved,
        until.map(|day| day.saturating_add(jiff::ToSpan::days(7)))
    );
    let later = correct(second, Correction::On(date(2026, 5, 2)));
    world
        .when(later)
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 5, 2),
            today: date(2026, 5, 1),
        });
}

#[test]
fn a_session_cannot_have_been_before_its_pairing() {
    let (Paired { world, pairing, .. }, [first, _]) = met_twice();
    world
        .when(correct(first, Correction::On(date(2026, 3, 1))))
        .then_rejected(Rejection::BeforePairing {
            pairing,
            formed_on: date(2026, 3, 2),
        });
}

/// A correction may have been the error.
#[test]
fn a_correction_is_taken_back() {
    let (Paired { world, pairing, .. }, [first, _]) = met_twice();
    let before = world.pairing(pairing).clone();
    let world = world
        .given(correct(first, Correction::NotSo))
        .given(correct(first, Correction::AsRecorded));
    assert_eq!(world.pairing(pairing).counts, before.counts);
    assert_eq!(
        world.pairing(pairing).first_session_on,
        before.first_session_on
    );
    world
        .when(correct(first, Correction::AsRecorded))
        .then_nothing_happens();
}

/// What came after a corrected word counts as if the word had never been.
#[test]
fn a_count_told_in_error_leaves_what_was_told_before_and_after() {
    let (Paired { world, pairing, .. }, _) = met_twice();
    let world = world.given(ReportSessionCount {
        pairing,
        counted_by: Side::Mentee,
        count: 9,
    });
    let count = last(&world);
    let world = world.given(held(pairing, Side::Mentee));
    assert_eq!(world.pairing(pairing).counts.mentee, 10);
    let world = world.given(correct(count, Correction::NotSo));
    assert_eq!(world.pairing(pairing).counts.mentee, 3);
}

#[test]
fn a_session_not_held_and_meetings_reached_can_be_put_right() {
    let (Paired { world, pairing, .. }, _) = met_twice();
    let world = world.given(RecordSessionNotHeld {
        pairing,
        counted_by: Side::Mentor,
        outcome: NotHeld::Missed,
    });
    let missed = last(&world);
    let world = world.given(correct(missed, Correction::NotSo));
    assert_eq!(world.pairing(pairing).not_held_by_mentor.missed, 0);

    let world = world.given(ReportMeetingsReached { pairing });
    let reached = world.history.iter().rev();
    let mut reached = reached.filter(|recorded| recorded.event.kind() == "meetings.reached");
    let reached = reached.next().expect("told").id;
    assert!(world.pairing(pairing).meetings_reached);
    let world = world.given(correct(reached, Correction::NotSo));
    assert!(!world.pairing(pairing).meetings_reached);
    assert_eq!(world.pairing(pairing).counts.mentor, 0);
}

#[test]
fn only_what_was_told_of_sessions_is_corrected_here() {
    let (Paired { world, .. }, _) = met_twice();
    let formed = world.history.iter();
    let mut formed = formed.filter(|recorded| recorded.event.kind() == "pairing.formed");
    let formed = formed.next().expect("formed").id;
    for entry in [formed, stranger()] {
        world
            .clone()
            .when(correct(entry, Correction::NotSo))
            .then_rejected(Rejection::NotCorrectable { entry });
    }
}

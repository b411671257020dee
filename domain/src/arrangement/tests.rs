use super::*;
use crate::{
    pairing::{ConcludePairing, RecordSession},
    spec::{Paired, World, paired, stranger},
};
use jiff::civil::date;

fn meeting(day: Date) -> ArrangedMeeting {
    ArrangedMeeting {
        starts_at: day.at(16, 0, 0, 0),
        ends_at: Some(day.at(17, 30, 0, 0)),
        place: Some("Half way, near the station".to_owned()),
    }
}

fn arrange(pairing: PairingId, person: PersonId, day: Date) -> ArrangeSession {
    ArrangeSession {
        pairing,
        session: None,
        person,
        meeting: meeting(day),
    }
}

fn only(world: &World, pairing: PairingId) -> ArrangedSession {
    match world.pairing(pairing).arranged[..] {
        [session] => session,
        ref others => panic!("{} sessions", others.len()),
    }
}

/// R093, R309: a pair arranges a session, moves it and calls it off, each on the word of either, and nothing else changes.
#[test]
fn a_session_is_arranged_moved_and_called_off() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let before = world.pairing(pairing).clone();
    let first = arrange(pairing, mentee, date(2026, 3, 20));
    let world = world.when(first.clone()).then(&["session.arranged"]);
    let session = only(&world, pairing);
    assert_eq!((session.told_by, session.changes), (mentee, 0));
    assert_eq!(
        world.particulars.arranged_meeting(session.id),
        Some(&first.meeting)
    );
    // The other side tells the same: it is arranged once.
    let world = world
        .when(ArrangeSession {
            person: mentor,
            ..first
        })
        .then_nothing_happens();

    let moved = ArrangeSession {
        session: Some(session.id),
        ..arrange(pairing, mentor, date(2026, 3, 27))
    };
    let world = world.when(moved.clone()).then(&["session.arranged"]);
    assert_eq!(only(&world, pairing).told_by, mentor);
    assert_eq!(only(&world, pairing).changes, 1);
    let told = world.particulars.arranged_meeting(session.id);
    assert_eq!(told, Some(&moved.meeting));

    let call_off = CallOffSession {
        pairing,
        session: session.id,
    };
    let world = world
        .when(call_off.clone())
        .then(&["session.called-off"])
        .when(call_off)
        .then_nothing_happens();
    let called_off = only(&world, pairing);
    assert_eq!(
        (called_off.called_off_on, called_off.changes),
        (Some(world.today), 2)
    );
    // Told again, it is to be after all.
    let world = world.given(moved);
    assert_eq!(only(&world, pairing).called_off_on, None);
    let mut after = world.pairing(pairing).clone();
    after.arranged.clear();
    assert_eq!(after, before, "nothing rests on it");
}

/// R309: no step requires an arrangement, and a session that was arranged is held only when somebody says so.
#[test]
fn a_session_is_held_with_and_without_an_arrangement() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let counted_by = crate::matching::Side::Mentee;
    let held = RecordSession {
        pairing,
        counted_by,
        shortened: false,
    };
    let world = world.given(held);
    assert_eq!(world.balance(mentee).used, 1);
    let world = world
        .given(arrange(pairing, mentee, date(2026, 3, 20)))
        .on(date(2026, 4, 20));
    assert_eq!(world.balance(mentee).used, 1);
    assert_eq!(only(&world, pairing).called_off_on, None);
}

/// What is arranged lies ahead of the day on which it is.
#[test]
fn a_session_is_arranged_for_a_day_that_comes() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let arranged = |day| arrange(pairing, mentee, day);
    let world = world.on(date(2026, 3, 10));
    world
        .clone()
        .when(arranged(date(2026, 3, 9)))
        .then_rejected(Rejection::ArrangedBackwards);
    // It was arranged last week for yesterday, and is told today.
    world
        .clone()
        .happened(date(2026, 3, 4))
        .when(arranged(date(2026, 3, 9)))
        .then(&["session.arranged"]);
    world
        .clone()
        .when(arranged(date(2062, 3, 20)))
        .then_rejected(Rejection::OutOfRange {
            what: "startsAt, counted in years from today,",
            least: 0,
            most: 2,
        });
    let mut ends_first = arranged(date(2026, 3, 20));
    ends_first.meeting.ends_at = Some(ends_first.meeting.starts_at);
    world
        .when(ends_first)
        .then_rejected(Rejection::DatesContradict {
            earlier: "startsAt",
            later: "endsAt",
        });
}

#[test]
fn only_the_two_of_a_live_pairing_arrange_a_session() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let day = date(2026, 3, 20);
    let (person, session) = (stranger(), stranger());
    let world = world
        .when(arrange(pairing, person, day))
        .then_rejected(Rejection::NotOfPairing { person, pairing });
    let unknown = Rejection::UnknownArrangedSession { session, pairing };
    let moved = ArrangeSession {
        session: Some(session),
        ..arrange(pairing, mentee, day)
    };
    let world = world
        .when(moved)
        .then_rejected(unknown.clone())
        .when(CallOffSession { pairing, session })
        .then_rejected(unknown);
    let world = world.given(arrange(pairing, mentee, day));
    let session = only(&world, pairing).id;
    let world = world.given(ConcludePairing { pairing });
    world
        .when(arrange(pairing, mentee, date(2026, 3, 27)))
        .then_rejected(Rejection::PairingOver { pairing })
        .when(CallOffSession { pairing, session })
        .then(&["session.called-off"]);
}

/// Each time belongs to whoever told it. When they are forgotten it is gone, and what was told before does not come back.
#[test]
fn a_time_that_was_moved_by_somebody_forgotten_is_not_the_one_before() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world.given(arrange(pairing, mentee, date(2026, 3, 20)));
    let session = only(&world, pairing).id;
    let mut particulars = world.particulars.clone();
    let world = world.given(ArrangeSession {
        session: Some(session),
        ..arrange(pairing, mentor, date(2026, 3, 27))
    });
    let last = world.history.last().expect("it was moved");
    let Event::SessionArranged(moved) = &last.event else {
        panic!("it was moved last");
    };
    particulars.learn(&Recorded {
        event: Event::SessionArranged(SessionArranged {
            meeting: Sealed::erased(mentor),
            ..moved.clone()
        }),
        ..last.clone()
    });
    assert_eq!(particulars.arranged_meeting(session), None);
}

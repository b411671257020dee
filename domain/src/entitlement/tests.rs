use super::Clock;
use crate::{
    Event,
    identifiers::{PairingId, PersonId},
    matching::Side,
    mentoring::AgreeStart,
    pairing::{ConcludePairing, PausePairing, Replacement, ReportMeetingsReached, ResumePairing},
    spec::{Paired, World, broken, counted, held, judged, paired},
};
use jiff::civil::{Date, date};

/// Z03.
#[test]
fn the_months_run_from_the_agreed_start_else_from_the_first_session() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    assert_eq!(world.balance(mentee).clock, Clock::default());
    let world = world
        .on(date(2026, 5, 4))
        .given(held(pairing, Side::Mentor))
        .happened(date(2026, 4, 20))
        .given(held(pairing, Side::Mentee));
    assert_eq!(
        world.balance(mentee).clock,
        running(date(2026, 4, 20), date(2027, 4, 19))
    );
    let world = world.given(AgreeStart {
        mentee,
        starts_on: date(2026, 4, 1),
    });
    assert_eq!(
        world.balance(mentee).clock,
        running(date(2026, 4, 1), date(2027, 3, 31))
    );
}

/// Z05.
#[test]
fn the_months_stand_still_from_a_breakdown_to_the_replacement() {
    let (world, mentee, first) = begun();
    let world = world.on(date(2026, 6, 1)).given(broken(first));
    assert_eq!(
        world.balance(mentee).clock.paused_since,
        Some(date(2026, 6, 1))
    );
    let world = world.given(judged(first, Replacement::Replace));
    let (world, _) = replaced(world.on(date(2026, 7, 1)), mentee);
    assert_eq!(
        world.balance(mentee).clock,
        stood_still(date(2026, 4, 1), date(2027, 4, 30), 30),
        "the thirty days of June are added"
    );
}

#[test]
fn the_months_run_on_when_no_replacement_is_wanted() {
    let (world, mentee, first) = begun();
    let world = world
        .on(date(2026, 6, 1))
        .given(broken(first))
        .given(judged(first, Replacement::End));
    assert_eq!(
        world.balance(mentee).clock,
        running(date(2026, 4, 1), date(2027, 3, 31))
    );
}

/// However far back a day is claimed to lie, the months are only counted, and what overlaps is counted once.
#[test]
fn standstills_of_many_centuries_are_only_counted() {
    let Paired {
        mut world,
        mentee,
        mut pairing,
        ..
    } = paired();
    for _ in 0..3 {
        world = world
            .given(broken(pairing))
            .given(judged(pairing, Replacement::Replace));
        let (next, mentor) = world.ready_mentor("Ben");
        let (next, of) = next.agreed(mentee, mentor);
        world = next
            .happened(Date::MIN)
            .given(crate::pairing::FormPairing { matches: vec![of] });
        let ancient = world.made("pairing");
        world = world
            .happened(Date::MIN)
            .given(held(ancient, Side::Mentee))
            .happened(Date::MIN)
            .given(broken(ancient))
            .given(judged(ancient, Replacement::Replace));
        (world, pairing) = replaced(world, mentee);
    }
    let clock = world.balance(mentee).clock;
    assert_eq!(clock.starts_on, Some(Date::MIN));
    let since = (date(2026, 3, 2) - Date::MIN).get_days();
    assert_eq!(i64::from(clock.still_days), i64::from(since));
    assert!(clock.until > Some(date(2027, 2, 1)));
}

/// The clock stands still while the mentee pauses, and only from the day on which the months begin.
#[test]
fn the_months_stand_still_while_the_mentee_pauses() {
    let (world, mentee, pairing) = begun();
    let world = world
        .on(date(2026, 6, 1))
        .happened(date(2026, 3, 2))
        .given(PausePairing { pairing })
        .happened(date(2026, 4, 11))
        .given(ResumePairing { pairing })
        .given(PausePairing { pairing });
    let clock = world.balance(mentee).clock;
    assert_eq!(clock.paused_since, Some(date(2026, 6, 1)));
    assert_eq!(
        (clock.still_days, clock.until),
        (10, Some(date(2027, 4, 10)))
    );
    let world = world
        .on(date(2026, 7, 1))
        .given(ResumePairing { pairing })
        .given(broken(pairing));
    let clock = world.balance(mentee).clock;
    assert_eq!(clock.until, Some(date(2027, 5, 10)), "forty days in all");
}

/// Z13: no session is late while the months stand still.
#[test]
fn a_session_in_a_pause_that_began_in_time_is_not_late() {
    let (world, _, pairing) = begun();
    let world = world
        .on(date(2027, 3, 1))
        .given(PausePairing { pairing })
        .on(date(2027, 5, 1))
        .given(held(pairing, Side::Mentee));
    assert!(!outside(world.last()));
    let world = world
        .given(ResumePairing { pairing })
        .on(date(2027, 6, 1))
        .given(held(pairing, Side::Mentee));
    assert!(outside(world.last()), "the months ended on 31 May");
}

/// R019: what was left ends with mentoring, and is there again when mentoring is taken up once more.
#[test]
fn what_is_left_ends_with_mentoring() {
    let (world, mentee, pairing) = begun();
    let world = world
        .given(counted(pairing, Side::Mentor, 3))
        .given(ConcludePairing { pairing });
    let balance = world.balance(mentee);
    assert_eq!((balance.used, balance.left, balance.ended), (3, 0, 1));
    let (world, _) = replaced(world, mentee);
    let balance = world.balance(mentee);
    assert_eq!((balance.used, balance.left, balance.ended), (3, 1, 0));
}

/// Z05. R107: what remains is known when a replacement is judged.
#[test]
fn the_sessions_used_carry_over_to_the_replacement() {
    let (world, mentee, first) = begun();
    let world = world
        .given(counted(first, Side::Mentee, 3))
        .given(broken(first));
    assert_eq!(world.balance(mentee).left, 1);
    let world = world.given(judged(first, Replacement::Replace));
    let (world, second) = replaced(world, mentee);
    assert_eq!(world.pairing(second).replaces, Some(first));
    assert_eq!(world.balance(mentee).left, 1);
    let world = world.given(held(second, Side::Mentor));
    assert!(!outside(world.last()), "the fourth");
    let world = world.given(held(second, Side::Mentor));
    assert!(outside(world.last()), "the fifth");
}

/// R104, Z05: the replacement has only what is left to hold.
#[test]
fn a_replacement_reaches_the_core_offer_with_what_was_left() {
    let (world, mentee, first) = begun();
    let world = world
        .given(counted(first, Side::Mentee, 3))
        .given(broken(first))
        .given(judged(first, Replacement::Replace));
    let (world, second) = replaced(world, mentee);
    let world = world.given(ReportMeetingsReached { pairing: second });
    assert_eq!(world.pairing(second).counts.used(), 1);
    assert_eq!(world.balance(mentee).used, 4);
}

#[test]
fn the_same_mentor_may_be_the_replacement() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let world = world
        .given(broken(pairing))
        .given(judged(pairing, Replacement::Replace));
    let (world, of) = world.agreed(mentee, mentor);
    let form = crate::pairing::FormPairing { matches: vec![of] };
    world
        .when(form.clone())
        .then(&["pairing.formed"])
        .when(form)
        .then_nothing_happens();
}

/// A pairing with mentoring that began on 1 April 2026.
fn begun() -> (World, PersonId, PairingId) {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world.given(AgreeStart {
        mentee,
        starts_on: date(2026, 4, 1),
    });
    (world, mentee, pairing)
}

fn replaced(world: World, mentee: PersonId) -> (World, PairingId) {
    let (world, mentor) = world.ready_mentor("Cleo");
    world.paired(mentee, mentor)
}

fn running(starts_on: Date, until: Date) -> Clock {
    stood_still(starts_on, until, 0)
}

fn stood_still(starts_on: Date, until: Date, still_days: u32) -> Clock {
    Clock {
        starts_on: Some(starts_on),
        until: Some(until),
        paused_since: None,
        still_days,
    }
}

fn outside(event: &Event) -> bool {
    matches!(event, Event::SessionHeld(held) if held.outside_core_offer)
}

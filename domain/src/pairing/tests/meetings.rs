//! Sessions that were not held, and how often the pair means to meet.

use crate::{
    Particulars, Rejection,
    matching::Side,
    pairing::{AgreeMeetings, MeetingFormat, MeetingPlaces, NotHeld, RecordSessionNotHeld},
    spec::{Paired, held, paired, stranger},
};
use jiff::civil::date;

/// Missed, moved and cancelled spend nothing (Z13, R019).
#[test]
fn a_session_that_was_not_held_spends_nothing() {
    let Paired {
        mut world,
        mentee,
        pairing,
        ..
    } = paired();
    for outcome in [
        NotHeld::Missed,
        NotHeld::Moved,
        NotHeld::Moved,
        NotHeld::Cancelled,
    ] {
        world = world
            .when(RecordSessionNotHeld {
                pairing,
                counted_by: Side::Mentee,
                outcome,
            })
            .then(&["session.not-held"]);
    }
    let counts = world.pairing(pairing).not_held(Side::Mentee);
    assert_eq!((counts.missed, counts.moved, counts.cancelled), (1, 2, 1));
    let others = world.pairing(pairing).not_held(Side::Mentor);
    assert_eq!(*others, crate::pairing::NotHeldCounts::default());
    let balance = world.balance(mentee);
    assert_eq!((balance.used, balance.left), (0, 4));
    assert_eq!(balance.clock.starts_on, None, "nor do the months begin");
    let world = world.given(held(pairing, Side::Mentee));
    assert_eq!(world.balance(mentee).left, 3);
}

#[test]
fn no_session_was_missed_before_there_was_a_pairing() {
    let Paired { world, pairing, .. } = paired();
    world
        .happened(date(2026, 3, 1))
        .when(RecordSessionNotHeld {
            pairing,
            counted_by: Side::Mentor,
            outcome: NotHeld::Missed,
        })
        .then_rejected(Rejection::BeforePairing {
            pairing,
            formed_on: date(2026, 3, 2),
        });
}

/// R093: the pair settle how often they meet, and may settle it anew.
#[test]
fn the_pair_agree_how_they_meet() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let agree = AgreeMeetings {
        pairing,
        person: mentee,
        every_weeks: Some(6),
        format: Some(MeetingFormat::Video),
        places: MeetingPlaces {
            times: Some("Fridays at four".to_owned()),
            places: None,
        },
    };
    let world = world
        .when(agree.clone())
        .then(&["meetings.agreed"])
        .when(agree.clone())
        .then_nothing_happens();
    let agreed = world.pairing(pairing).meetings.expect("agreed");
    assert_eq!((agreed.every_weeks, agreed.told_by), (Some(6), mentee));
    let places = world.particulars.meeting_places(pairing, mentee);
    assert_eq!(places, Some(&agree.places));
    let world = world
        .when(AgreeMeetings {
            places: MeetingPlaces::default(),
            ..agree.clone()
        })
        .then(&["meetings.agreed"])
        .when(AgreeMeetings {
            person: mentor,
            ..agree.clone()
        })
        .then(&["meetings.agreed"]);
    assert_eq!(
        world.pairing(pairing).meetings.expect("agreed").told_by,
        mentor
    );
    for weeks in [0, 53] {
        let too_seldom = AgreeMeetings {
            every_weeks: Some(weeks),
            ..agree.clone()
        };
        let refused = world.clone().when(too_seldom).outcome;
        assert_eq!(
            refused,
            Err(Rejection::OutOfRange {
                what: "everyWeeks",
                least: 1,
                most: 52
            })
        );
    }
    world
        .when(AgreeMeetings {
            person: stranger(),
            ..agree
        })
        .then_rejected(Rejection::NotOfPairing {
            person: stranger(),
            pairing,
        });
}

/// R093, R301: times and places are the pair's own. They are kept under the key of whoever told them, and by person
/// when they are kept outside the log.
#[test]
fn times_and_places_stand_with_whoever_told_them() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let places = MeetingPlaces {
        times: None,
        places: Some("The library".to_owned()),
    };
    let world = world.given(AgreeMeetings {
        pairing,
        person: mentee,
        every_weeks: None,
        format: None,
        places: places.clone(),
    });
    let data = world.last().data().expect("it can be written");
    assert_eq!(
        data["places"]["$sealed"]["subject"],
        serde_json::json!(mentee)
    );
    let mut recalled = Particulars::default();
    for ((person, _), known) in world.particulars.by_key() {
        recalled.recall(person, known);
    }
    assert_eq!(recalled.meeting_places(pairing, mentee), Some(&places));
}

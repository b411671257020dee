//! How a pairing ends, and what is judged after a breakdown.

use crate::{
    Rejection,
    pairing::{BreakPairing, BreakdownCause, ConcludePairing, Course, Replacement},
    spec::{Paired, broken, judged, paired},
};
use jiff::civil::date;

/// Known reasons are three, any other will do, and nobody need say (R105).
#[test]
fn a_pairing_breaks_down_for_any_cause_or_none_that_is_stated() {
    for cause in [
        BreakdownCause::Incompatibility,
        BreakdownCause::Illness,
        BreakdownCause::MentorLeftPost,
        BreakdownCause::Other,
        BreakdownCause::NotStated,
    ] {
        let Paired { world, pairing, .. } = paired();
        let world = world
            .when(BreakPairing { pairing, cause })
            .then(&["pairing.broken"]);
        let on = date(2026, 3, 2);
        let broken = Course::Broken {
            on,
            cause,
            judgement: None,
        };
        assert_eq!(world.pairing(pairing).course, broken);
    }
}

#[test]
fn a_pairing_breaks_down_once() {
    let Paired {
        world,
        mentor,
        pairing,
        ..
    } = paired();
    let world = world
        .when(broken(pairing))
        .then(&["pairing.broken"])
        .when(BreakPairing {
            pairing,
            cause: BreakdownCause::Illness,
        })
        .then_nothing_happens()
        .when(ConcludePairing { pairing })
        .then_rejected(Rejection::PairingOver { pairing });
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert!(ada.live_pairings.is_empty());
}

/// R109: both sides are asked for a report.
#[test]
fn a_pairing_that_ended_as_planned_cannot_break_down() {
    let Paired { world, pairing, .. } = paired();
    let world = world
        .when(ConcludePairing { pairing })
        .then(&[
            "pairing.concluded",
            "evaluation.requested",
            "evaluation.requested",
        ])
        .when(ConcludePairing { pairing })
        .then_nothing_happens()
        .when(broken(pairing))
        .then_rejected(Rejection::PairingOver { pairing })
        .when(judged(pairing, Replacement::Replace))
        .then_rejected(Rejection::NotBroken { pairing });
    let on = date(2026, 3, 2);
    assert_eq!(world.pairing(pairing).course, Course::Concluded { on });
}

/// A breakdown leads to a judgement, and what was judged may change (R026).
#[test]
fn a_replacement_is_judged_and_may_be_judged_again() {
    let Paired { world, pairing, .. } = paired();
    world
        .when(judged(pairing, Replacement::Replace))
        .then_rejected(Rejection::NotBroken { pairing })
        .given(broken(pairing))
        .when(judged(pairing, Replacement::Replace))
        .then(&["replacement.judged"])
        .when(judged(pairing, Replacement::Replace))
        .then_nothing_happens()
        .when(judged(pairing, Replacement::End))
        .then(&[
            "replacement.judged",
            "evaluation.requested",
            "evaluation.requested",
        ]);
}

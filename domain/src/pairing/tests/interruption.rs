//! Pauses, withdrawal and an early end: none of them is a breakdown.

use crate::{
    Rejection,
    matching::Side,
    pairing::{
        BreakPairing, BreakdownCause, ConcludePairing, Course, PausePairing, Replacement,
        ReportMeetingsReached, ResumePairing, WithdrawFromPairing,
    },
    spec::{Paired, broken, counted, held, judged, paired},
};
use jiff::civil::date;

/// R002, R070: whoever pauses is not chased, and the pairing goes on where it stopped.
#[test]
fn a_pause_lasts_until_it_is_resumed() {
    let Paired { world, pairing, .. } = paired();
    let (pause, resume) = (PausePairing { pairing }, ResumePairing { pairing });
    let world = world
        .when(resume.clone())
        .then_nothing_happens()
        .when(pause.clone())
        .then(&["pairing.paused"])
        .when(pause)
        .then_nothing_happens();
    assert_eq!(
        world.pairing(pairing).paused_since(),
        Some(date(2026, 3, 2))
    );
    let world = world
        .happened(date(2026, 3, 1))
        .when(resume.clone())
        .then_rejected(Rejection::BeforePause {
            pairing,
            paused_on: date(2026, 3, 2),
        })
        .on(date(2026, 4, 1))
        .when(resume.clone())
        .then(&["pairing.resumed"])
        .when(resume)
        .then_nothing_happens();
    assert_eq!(world.pairing(pairing).paused_since(), None);
    assert!(world.pairing(pairing).is_live());
}

#[test]
fn a_pause_ends_with_its_pairing() {
    let Paired { world, pairing, .. } = paired();
    let world = world
        .given(PausePairing { pairing })
        .on(date(2026, 4, 1))
        .given(broken(pairing));
    let pauses = &world.pairing(pairing).pauses;
    assert_eq!(pauses[0].until, Some(date(2026, 4, 1)));
    world
        .when(ResumePairing { pairing })
        .then_rejected(Rejection::PairingOver { pairing })
        .when(PausePairing { pairing })
        .then_rejected(Rejection::PairingOver { pairing });
}

/// R002, R105: a mentee who withdraws breaks nothing, so there is no replacement to judge; both are asked for a report.
#[test]
fn a_withdrawal_is_no_breakdown() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let withdraw = WithdrawFromPairing { pairing };
    let world = world
        .given(held(pairing, Side::Mentee))
        .when(withdraw.clone())
        .then(&[
            "pairing.withdrawn",
            "evaluation.requested",
            "evaluation.requested",
        ])
        .when(withdraw)
        .then_nothing_happens()
        .when(broken(pairing))
        .then_rejected(Rejection::PairingOver { pairing })
        .when(judged(pairing, Replacement::Replace))
        .then_rejected(Rejection::NotBroken { pairing })
        .when(ConcludePairing { pairing })
        .then_rejected(Rejection::PairingOver { pairing });
    let on = date(2026, 3, 2);
    assert_eq!(world.pairing(pairing).course, Course::Withdrawn { on });
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert!(ada.live_pairings.is_empty(), "the mentor has room again");
    let balance = world.balance(mentee);
    assert_eq!((balance.used, balance.left, balance.ended), (1, 0, 3));
    let (world, again) = world.paired(mentee, mentor);
    assert_eq!(world.pairing(again).replaces, None);
    assert_eq!(world.balance(mentee).left, 3);
}

#[test]
fn nobody_withdraws_from_what_broke_down() {
    let Paired { world, pairing, .. } = paired();
    world
        .given(BreakPairing {
            pairing,
            cause: BreakdownCause::NotStated,
        })
        .when(WithdrawFromPairing { pairing })
        .then_rejected(Rejection::PairingOver { pairing });
}

/// R019, R020: an end before sessions and months are used up is early, and an end after either is not.
#[test]
fn a_good_end_is_early_while_something_is_left() {
    let concluded_early = |world: crate::spec::World, pairing| {
        let world = world.given(ConcludePairing { pairing });
        match world.pairing(pairing).course {
            Course::Concluded { early, .. } => early,
            _ => None,
        }
    };
    let Paired { world, pairing, .. } = paired();
    let begun = world.given(counted(pairing, Side::Mentor, 2));
    assert_eq!(concluded_early(begun.clone(), pairing), Some(true));
    let all_held = begun.clone().given(counted(pairing, Side::Mentee, 4));
    assert_eq!(concluded_early(all_held, pairing), Some(false));
    let told = begun.clone().given(ReportMeetingsReached { pairing });
    assert_eq!(concluded_early(told, pairing), Some(false));
    let a_year_on = begun
        .given(held(pairing, Side::Mentor))
        .on(date(2027, 3, 3));
    assert_eq!(concluded_early(a_year_on, pairing), Some(false));
}

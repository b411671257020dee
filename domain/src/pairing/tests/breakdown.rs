//! How a pairing ends, and what is judged after a breakdown.

use crate::{
    Event, Party, Rejection, ReportedBy, Scheme, evolve,
    matching::Side,
    mentoring::AgreeStart,
    pairing::{
        BreakPairing, BreakdownCause, ConcludePairing, Course, Judge, JudgeReplacement, Remaining,
        Replacement,
    },
    spec::{Paired, broken, counted, judged, paired},
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
        let broken = world.pairing(pairing).breakdown().expect("broken");
        assert_eq!((broken.on, broken.cause), (date(2026, 3, 2), cause));
        assert_eq!(broken.judged, None);
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
    let concluded = Course::Concluded {
        on: date(2026, 3, 2),
        early: Some(true),
    };
    assert_eq!(world.pairing(pairing).course, concluded);
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

/// R106: the mentee is the expected reporter, others may report it, and who did is remembered.
#[test]
fn a_breakdown_remembers_who_reported_it() {
    for (reported_by, role, remembered) in [
        (Some(Party::Mentee), "coordinator", Party::Mentee),
        (Some(Party::Mentor), "coordinator", Party::Mentor),
        (None, "mentee", Party::Mentee),
        (None, "mentor", Party::Mentor),
        (None, "coordinator", Party::Operator),
    ] {
        let Paired { world, pairing, .. } = paired();
        let mut told = world.when(broken(pairing)).world.history;
        let last = told.last_mut().expect("it broke down");
        last.reported_by = reported_by.map(|party| ReportedBy {
            party,
            person: None,
        });
        last.actor.role = role.into();
        let mut scheme = Scheme::default();
        for recorded in &told {
            evolve(&mut scheme, recorded).expect("it happened");
        }
        let breakdown = scheme.pairing(pairing).expect("formed").breakdown();
        assert_eq!(breakdown.map(|one| one.reported_by), Some(remembered));
    }
}

/// R108: the decision names everybody who took part in it, and a judgement by nobody is none.
#[test]
fn a_judgement_names_those_who_judged() {
    let Paired { world, pairing, .. } = paired();
    let by = |judged_by: &[Judge]| JudgeReplacement {
        judged_by: judged_by.to_vec(),
        ..judged(pairing, Replacement::Replace)
    };
    let world = world
        .given(broken(pairing))
        .when(by(&[]))
        .then_rejected(Rejection::Empty {
            what: "the list of those who judged",
        })
        .when(by(&[Judge::Coordinator]))
        .then(&["replacement.judged"])
        .when(by(&[Judge::Coordinator, Judge::Mentee, Judge::Mentee]))
        .then(&["replacement.judged"])
        .when(by(&[Judge::Mentee, Judge::Coordinator]))
        .then_nothing_happens();
    let judged = world
        .pairing(pairing)
        .breakdown()
        .and_then(|one| one.judged.clone());
    assert_eq!(
        judged.expect("judged").by,
        [Judge::Mentee, Judge::Coordinator]
    );
}

/// R107: what remains of four sessions and twelve months stands with the judgement, also when it is judged again.
#[test]
fn a_judgement_is_made_in_view_of_what_remains() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world
        .given(AgreeStart {
            mentee,
            starts_on: date(2026, 3, 2),
        })
        .given(counted(pairing, Side::Mentor, 3))
        .on(date(2027, 2, 1))
        .given(broken(pairing))
        .on(date(2027, 2, 20))
        .given(judged(pairing, Replacement::End))
        .given(judged(pairing, Replacement::Replace));
    let in_view_of = Remaining {
        mentee,
        sessions: 1,
        days: Some(28),
    };
    let judgements: Vec<_> = world
        .history
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::ReplacementJudged(judged) => Some(judged.remaining.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(judgements, [vec![in_view_of], vec![in_view_of]]);
}

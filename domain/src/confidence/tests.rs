//! Given, when, then: concerns. What is of third persons and of the envelope stands below.

mod envelope;
mod third_persons;

use super::{
    AcknowledgeConcern, CloseConcern, Concern, ConcernTest, Departure, ReferConcern, Statement,
};
use crate::{
    Channel, Party, Rejection,
    identifiers::ConcernId,
    spec::{Paired, World, broken, paired, stranger},
};
use jiff::civil::{Date, date};

/// R117 to R124: attempts first, then the mentee is told and hears the whole reason, and then it goes to the coordinator.
#[test]
fn whoever_keeps_to_the_order_departs_from_nothing() {
    let Paired { world, .. } = paired();
    let world = world.on(date(2026, 6, 5));
    let command = refer(&world, in_order());
    let world = world
        .acting_as("mentor")
        .when(command)
        .then(&["confidential.recorded"]);
    let concern = concern(&world);
    assert_eq!(concern.departures(), []);
    assert_eq!(concern.referred_on, date(2026, 6, 5));
    assert_eq!(concern.rests_on(), [ConcernTest::ChildrenAtRisk]);
    let mut same_day = in_order();
    same_day.attempts_exhausted_on = same_day.coordinator_contacted_on;
    same_day.mentee_told_on = same_day.coordinator_contacted_on;
    same_day.reason_disclosed_on = same_day.coordinator_contacted_on;
    assert_eq!(same_day.departures(date(2026, 6, 5)), [], "all on one day");
}

/// R117, R118, R119: it rests on one of the two tests, or on both; on neither, that is judged and recorded all the same.
#[test]
fn a_concern_rests_on_either_test_or_on_both() {
    use ConcernTest::{ChildrenAtRisk, StatutoryDuties};
    for tests in [
        vec![StatutoryDuties],
        vec![ChildrenAtRisk],
        vec![ChildrenAtRisk, StatutoryDuties, ChildrenAtRisk],
    ] {
        let world = referred(Statement {
            rests_on: tests.clone(),
            ..in_order()
        });
        let mut wanted = tests;
        wanted.sort_unstable();
        wanted.dedup();
        assert_eq!(concern(&world).rests_on(), wanted);
        assert_eq!(concern(&world).departures(), []);
    }
    let neither = Statement {
        rests_on: vec![],
        ..in_order()
    };
    departs_in(neither, &[Departure::NoTestNamed]);
}

/// R120.
#[test]
fn a_concern_that_is_not_said_to_go_beyond_a_bad_week_departs_from_the_rule() {
    let passing = Statement {
        beyond_a_bad_week: false,
        ..in_order()
    };
    departs_in(passing, &[Departure::NotBeyondABadWeek]);
}

/// R121: before the mentee is told, and before it is referred.
#[test]
fn attempts_are_exhausted_before_the_mentee_is_told() {
    let at = |attempts_exhausted_on| Statement {
        attempts_exhausted_on,
        ..in_order()
    };
    departs_in(at(None), &[Departure::AttemptsNotExhausted]);
    departs_in(
        at(Some(date(2026, 6, 4))),
        &[Departure::AttemptsExhaustedAfterwards],
    );
}

/// R122, R123: the mentee is told first; told afterwards, or not at all, is recorded and judged.
#[test]
fn the_mentee_is_told_before_it_is_referred() {
    let at = |mentee_told_on| Statement {
        mentee_told_on,
        ..in_order()
    };
    departs_in(at(None), &[Departure::MenteeNotTold]);
    departs_in(
        at(Some(date(2026, 6, 6))),
        &[Departure::MenteeToldAfterwards],
    );
}

/// R124.
#[test]
fn the_reason_is_disclosed_before_it_is_referred() {
    let at = |reason_disclosed_on| Statement {
        reason_disclosed_on,
        ..in_order()
    };
    departs_in(at(None), &[Departure::ReasonNotDisclosed]);
    departs_in(
        at(Some(date(2026, 6, 6))),
        &[Departure::ReasonDisclosedAfterwards],
    );
}

/// R123: the mentor turns to the coordinator; whoever rang before telling the mentee went behind their back that day.
#[test]
fn the_coordinator_is_contacted_and_not_before_the_mentee_knows() {
    let at = |coordinator_contacted_on| Statement {
        coordinator_contacted_on,
        ..in_order()
    };
    departs_in(at(None), &[Departure::CoordinatorNotContacted]);
    departs_in(
        at(Some(date(2026, 6, 2))),
        &[
            Departure::MenteeToldAfterwards,
            Departure::ReasonDisclosedAfterwards,
        ],
    );
}

/// R074, R117: software never stands between a mentor and a child at risk.
#[test]
fn a_mentor_who_told_nobody_and_says_nothing_is_recorded() {
    let world = referred(Statement::default());
    let departures = concern(&world).departures();
    assert_eq!(
        departures,
        [
            Departure::NoTestNamed,
            Departure::NotBeyondABadWeek,
            Departure::AttemptsNotExhausted,
            Departure::MenteeNotTold,
            Departure::ReasonNotDisclosed,
            Departure::CoordinatorNotContacted,
        ]
    );
    // What is to come is no reason to refuse it either.
    let world = referred(Statement {
        mentee_told_on: Some(date(2026, 12, 1)),
        ..in_order()
    });
    assert_eq!(
        concern(&world).departures(),
        [Departure::MenteeToldAfterwards]
    );
}

/// R074: over the telephone as well, after the pairing is over as well, and as often as there is a concern.
#[test]
fn a_concern_is_taken_by_telephone_after_the_end_and_more_than_once() {
    let Paired { world, pairing, .. } = paired();
    let world = world.given(broken(pairing)).on(date(2026, 6, 5));
    let (first, second) = (
        refer(&world, in_order()),
        refer(&world, Statement::default()),
    );
    let world = world
        .on_the_word_of(Party::Mentor)
        .heard(Channel::Telephone)
        .happened(date(2026, 6, 4))
        .when(first)
        .then(&["confidential.recorded"]);
    let told = concern(&world);
    assert_eq!(told.referred_on, date(2026, 6, 4));
    assert_eq!(told.channel, Some(Channel::Telephone));
    let party = told.reported_by.as_ref().map(|reported| reported.party);
    assert_eq!(party, Some(Party::Mentor));
    let world = world
        .acting_as("mentor")
        .when(second.clone())
        .then(&["confidential.recorded"])
        .acting_as("mentor")
        .when(second)
        .then_nothing_happens();
    assert_eq!(world.particulars.confidences().concerns().count(), 2);
}

/// R074, Z17: whoever stands in for the coordinator acknowledges it too, and is told apart by who recorded it.
#[test]
fn a_concern_is_acknowledged_and_closed_once() {
    let world = referred(in_order());
    let id = concern(&world).id;
    let (acknowledge, close) = (
        AcknowledgeConcern { concern: id },
        CloseConcern { concern: id },
    );
    let world = world
        .when(acknowledge.clone())
        .then(&["confidential.recorded"])
        .when(acknowledge.clone())
        .then_nothing_happens()
        .on(date(2026, 6, 20))
        .when(close.clone())
        .then(&["confidential.recorded"])
        .when(close)
        .then_nothing_happens()
        .when(acknowledge)
        .then_nothing_happens();
    let concern = concern(&world);
    let days = (concern.acknowledged, concern.closed);
    let days = (days.0.map(|step| step.on), days.1.map(|step| step.on));
    assert_eq!(days, (Some(date(2026, 6, 5)), Some(date(2026, 6, 20))));
    let again = refer(&world, in_order());
    world
        .acting_as("mentor")
        .when(again)
        .then(&["confidential.recorded"]);
}

#[test]
fn nothing_is_acknowledged_that_nobody_referred() {
    let Paired { world, .. } = paired();
    let concern: ConcernId = stranger();
    world
        .when(AcknowledgeConcern { concern })
        .then_rejected(Rejection::UnknownConcern { concern })
        .when(CloseConcern { concern })
        .then_rejected(Rejection::UnknownConcern { concern });
}

#[test]
fn a_concern_is_about_the_two_of_a_pairing() {
    let Paired { world, .. } = paired();
    let command = refer(&world, in_order());
    let (mentor, mentee, pairing) = (command.mentor, command.mentee, command.pairing);
    let unknown = ReferConcern {
        pairing: stranger(),
        ..command.clone()
    };
    let crossed = ReferConcern {
        mentor: mentee,
        mentee: mentor,
        ..command
    };
    world
        .when(unknown)
        .then_rejected(Rejection::UnknownPairing {
            pairing: stranger(),
        })
        .when(crossed)
        .then_rejected(Rejection::NotOfPairing {
            person: mentee,
            pairing,
        });
}

/// Every departure cites a rule, in each policy that is shipped.
#[test]
fn every_departure_cites_a_rule_of_the_policy() {
    for version in crate::shipped::POLICIES {
        let policy = crate::shipped::policy(version).expect("shipped");
        for departure in Departure::ALL {
            let rule = policy.rule(departure.rule());
            assert!(rule.is_some(), "{departure:?} in {version}");
        }
    }
}

/// Everything in the order of the handbook, up to Friday 5 June 2026.
fn in_order() -> Statement {
    Statement {
        rests_on: vec![ConcernTest::ChildrenAtRisk],
        beyond_a_bad_week: true,
        attempts_exhausted_on: Some(date(2026, 6, 1)),
        mentee_told_on: Some(date(2026, 6, 3)),
        reason_disclosed_on: Some(date(2026, 6, 3)),
        coordinator_contacted_on: Some(date(2026, 6, 5)),
    }
}

/// The mentor of the one pairing of `world` refers.
fn refer(world: &World, statement: Statement) -> ReferConcern {
    let pairing = world.scheme.pairings.values().next().expect("a pairing");
    ReferConcern {
        pairing: pairing.id,
        mentor: pairing.mentors[0],
        mentee: pairing.mentees[0],
        statement,
    }
}

/// A pairing in which the mentor referred a concern on Friday 5 June 2026.
#[track_caller]
fn referred(statement: Statement) -> World {
    let Paired { world, .. } = paired();
    let world = world.on(date(2026, 6, 5));
    let command = refer(&world, statement);
    world.acting_as("mentor").given(command)
}

#[track_caller]
fn departs_in(statement: Statement, departures: &[Departure]) {
    let world = referred(statement);
    assert_eq!(concern(&world).departures(), departures);
}

/// The concern that was referred first.
#[track_caller]
fn concern(world: &World) -> Concern {
    let all = world.particulars.confidences().concerns();
    let by_day = |concern: &&Concern| -> Date { concern.referred_on };
    all.min_by_key(by_day).expect("referred").clone()
}

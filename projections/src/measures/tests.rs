//! A coordinator asks in spring what the year came to.

use super::{Measures, Spread, measures};
use domain::{
    Scheme,
    appointment::{Appointment, Judgement, Source, Verdict, Versions},
    identifiers::{AppointmentId, MatchId, PairingId, PersonId},
    matching::{Match, Progress},
    mentoring::{Mentee, Offer},
    pairing::{Counts, Course, Pairing, Pause},
    policy::Adopted,
    register::EmployerKind,
    shipped,
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) const TODAY: Date = date(2026, 6, 1);
pub(crate) const NOTICED: Date = date(2026, 3, 2);

/// R310: days to contact, match and first session; who is not there yet is said beside them.
#[test]
fn days_run_from_the_first_notice() {
    let mut scheme = scheme();
    for (number, reached) in [(1, Some(2)), (2, Some(9)), (3, Some(4)), (4, None)] {
        let mut mentee = noticed(&mut scheme, number);
        mentee.reached_on = reached.map(day);
        keep(&mut scheme, mentee);
    }
    let days = figures(&scheme).days_to_contact;
    assert_eq!(days.counts(), (3, 4));
    assert_eq!(days.median(), Some(4.0));
    assert_eq!(ends(&days), (2, 9));
    assert_eq!(days.awaited, [person(4)]);
}

/// R310: sessions against the entitlement, and days of the twelve months without those that stand still.
#[test]
fn sessions_and_days_are_counted_against_what_was_granted() {
    let mut scheme = scheme();
    paired(&mut scheme, 1, 10, Some(20), 3);
    paired(&mut scheme, 2, 12, None, 0);
    let figures = figures(&scheme);
    assert_eq!((figures.sessions_used, figures.sessions_granted), (3, 8));
    assert_eq!(figures.days_to_match.counts(), (2, 2));
    assert_eq!(ends(&figures.days_to_match), (10, 12));
    assert_eq!(figures.days_to_first_session.counts(), (1, 2));
    assert_eq!(ends(&figures.days_to_first_session), (20, 20));
    assert_eq!(figures.days_used.counts(), (1, 2));
    let passed = (TODAY - day(20)).get_days();
    assert_eq!(ends(&figures.days_used), (passed, passed));
}

/// R310: what is over uses no more days.
#[test]
fn the_days_of_a_pairing_that_is_over_end_with_it() {
    let mut scheme = scheme();
    let id = paired(&mut scheme, 1, 10, Some(20), 4);
    let mut pairing = scheme.pairings[&id].clone();
    pairing.course = Course::Concluded {
        on: day(50),
        early: None,
    };
    scheme.pairings.insert_mut(id, pairing);
    assert_eq!(ends(&figures(&scheme).days_used), (30, 30));
}

/// R310: a pause the mentee asked for uses no days.
#[test]
fn days_that_stand_still_are_not_used() {
    let mut scheme = scheme();
    let id = paired(&mut scheme, 1, 10, Some(20), 1);
    let mut pairing = scheme.pairings[&id].clone();
    pairing.pauses.push(Pause {
        from: day(30),
        until: Some(day(37)),
    });
    scheme.pairings.insert_mut(id, pairing);
    let passed = (TODAY - day(20)).get_days();
    assert_eq!(ends(&figures(&scheme).days_used), (passed - 7, passed - 7));
}

/// R311: of those who were offered mentoring, each took it up, declined, or has not answered.
#[test]
fn uptake_is_a_part_of_what_was_offered() {
    let mut scheme = scheme();
    for (number, offer) in [
        (1, Offer::Accepted),
        (2, Offer::Accepted),
        (3, Offer::Declined),
        (4, Offer::Open),
        (5, Offer::NotMade),
    ] {
        let mut mentee = noticed(&mut scheme, number);
        mentee.offer = offer;
        keep(&mut scheme, mentee);
    }
    let figures = figures(&scheme);
    let counts = [&figures.took_up, &figures.declined, &figures.unanswered];
    assert_eq!(
        counts.map(|share| (share.people.len(), share.of)),
        [(2, 4), (1, 4), (1, 4)]
    );
    assert_eq!(
        figures.choices.awaited.len(),
        2,
        "nobody was offered to them"
    );
}

/// R311: how many had a choice, and how many of those who said which they preferred had their first.
#[test]
fn choices_and_first_choices_are_counted() {
    let mut scheme = scheme();
    let mentors = [person(20), person(21), person(22)];
    for (number, rank, count) in [(1, 0, 3), (2, 1, 2), (3, 9, 1)] {
        paired(&mut scheme, number, 10, None, 0);
        let mut mentee = scheme.mentees[&person(number)].clone();
        for (place, mentor) in mentors.iter().take(count).enumerate() {
            let id = MatchId(Uuid::from_u128(number * 100 + place as u128));
            scheme
                .matches
                .insert_mut(id, matched(id, mentee.person, *mentor));
            mentee.matches.push(id);
        }
        mentee.ranking.extend(mentee.matches.get(rank).copied());
        keep(&mut scheme, mentee);
    }
    let figures = figures(&scheme);
    assert_eq!(ends(&figures.choices), (1, 3));
    // Everybody is paired with the first of the mentors; the third never said whom they prefer.
    assert_eq!(
        (figures.first_choice.people, figures.first_choice.of),
        (vec![person(1)], 2)
    );
}

/// Who was known before is left out where only the new are asked about.
#[test]
fn only_those_of_whom_was_told_since_are_counted() {
    let mut scheme = scheme();
    let mentee = noticed(&mut scheme, 1);
    keep(&mut scheme, mentee);
    let since = |on| measures(&scheme, Some(on), TODAY).days_to_contact.counts();
    assert_eq!(since(NOTICED), (0, 1));
    assert_eq!(since(day(1)), (0, 0));
}

fn figures(scheme: &Scheme) -> Measures {
    measures(scheme, None, TODAY)
}

fn ends(spread: &Spread) -> (i32, i32) {
    let numbers = &spread.numbers;
    let least = numbers.first().expect("one at least").0;
    (least, numbers.last().expect("one at least").0)
}

pub(crate) fn scheme() -> Scheme {
    let mut scheme = Scheme::default();
    scheme.policies.push(Arc::new(Adopted {
        policy: shipped::policy("mentor-plus-2017").expect("shipped"),
        effective_from: date(2026, 1, 1),
    }));
    scheme
}

/// So many days after the notice.
pub(crate) fn day(number: i32) -> Date {
    NOTICED.saturating_add(number.days())
}

pub(crate) fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// Somebody entitled, of whom a notice told.
pub(crate) fn noticed(scheme: &mut Scheme, number: u128) -> Mentee {
    let id = AppointmentId(Uuid::from_u128(1_000 + number));
    let versions = Versions {
        policy: "mentor-plus-2017".to_owned(),
        register: String::new(),
        calendar: String::new(),
    };
    let judgement = Judgement {
        verdict: Verdict::Eligible,
        category: None,
        missing: vec![],
        rule: String::new(),
        versions,
        judged_on: NOTICED,
    };
    let appointment = Appointment {
        id,
        person: person(number),
        notified_as: person(number),
        told_under: Vec::new(),
        source: Source::Coordinator,
        notified_on: NOTICED,
        told_on: NOTICED,
        region: None,
        employer_kind: EmployerKind::Council,
        judgement: Some(judgement),
    };
    scheme.appointments.insert_mut(id, appointment);
    let mut mentee = Mentee::new(person(number));
    mentee.appointments.push(id);
    mentee
}

pub(crate) fn keep(scheme: &mut Scheme, mentee: Mentee) {
    scheme.mentees.insert_mut(mentee.person, mentee);
}

/// A pairing with the first of the mentors, so many days after the notice.
pub(crate) fn paired(
    scheme: &mut Scheme,
    number: u128,
    formed: i32,
    first: Option<i32>,
    used: u16,
) -> PairingId {
    let id = PairingId(Uuid::from_u128(2_000 + number));
    let mut mentee = noticed(scheme, number);
    mentee.offer = Offer::Accepted;
    mentee.pairings.push(id);
    let mut pairing = Pairing::formed(id, vec![person(20)], vec![mentee.person], day(formed));
    pairing.first_session_on = first.map(day);
    pairing.counts = Counts {
        mentee: used,
        mentor: used,
        brought_forward: 0,
    };
    scheme.pairings.insert_mut(id, pairing);
    keep(scheme, mentee);
    id
}

fn matched(id: MatchId, mentee: PersonId, mentor: PersonId) -> Match {
    Match {
        id,
        mentee,
        mentor,
        answer_by: day(20),
        mentee_agreed_on: None,
        mentor_agreed_on: None,
        progress: Progress::Open,
    }
}

//! A coordinator asks where those of the year are, and what became of their pairings.

use super::{CAUSES, Groups, Region, groups, place};
use crate::measures::{
    measures,
    tests::{NOTICED, TODAY, day, keep, noticed, paired, person, scheme},
};
use domain::{
    Party, Scheme,
    appointment::Verdict,
    identifiers::AppointmentId,
    mentoring::Mentee,
    pairing::{Breakdown, BreakdownCause, Course, Judge, Judged, Remaining, Replacement},
};
use uuid::Uuid;

/// What is not known is a group of its own, and everybody of whom a notice told is in one group.
#[test]
fn verdicts_add_up_to_everybody_of_whom_a_notice_told() {
    let mut scheme = scheme();
    for (number, verdict) in [
        (1, Some(Verdict::Eligible)),
        (2, Some(Verdict::Eligible)),
        (3, Some(Verdict::ToBeConfirmed)),
        (4, None),
    ] {
        let mentee = noticed(&mut scheme, number);
        judged(&mut scheme, number, verdict);
        keep(&mut scheme, mentee);
    }
    // Brought forward, and no notice told of them.
    keep(&mut scheme, Mentee::new(person(5)));
    let found = groups(&scheme, None, TODAY);
    assert_eq!((found.known, found.noticed), (5, 4));
    assert_eq!(
        (found.entitled, found.to_confirm, found.not_entitled),
        (2, 1, 1)
    );
    let contact = measures(&scheme, None, TODAY).days_to_contact;
    assert_eq!(
        contact.counts().1,
        found.entitled,
        "the same as the measures"
    );
}

/// A region that is not known is a region of its own, so that regions add up too.
#[test]
fn regions_add_up_and_the_unknown_stays() {
    let mut scheme = scheme();
    for number in 1..=3 {
        paired(&mut scheme, number, 10, None, 0);
    }
    let mentee = noticed(&mut scheme, 4);
    keep(&mut scheme, mentee);
    for number in [1, 2, 4] {
        let id = AppointmentId(Uuid::from_u128(1_000 + number));
        let mut appointment = scheme.appointments[&id].clone();
        appointment.region = Some("South West".to_owned());
        scheme.appointments.insert_mut(id, appointment);
    }
    let found = groups(&scheme, None, TODAY).regions;
    let region = |noticed, paired| Region {
        noticed,
        entitled: noticed,
        paired,
    };
    assert_eq!(found[&Some("South West".to_owned())], region(3, 2));
    assert_eq!(found[&None], region(1, 1));
    assert_eq!(found.len(), 2);
}

/// R310: sessions are counted per person, and add up to those of the measures.
#[test]
fn sessions_by_person_add_up_to_all_that_were_used() {
    let mut scheme = scheme();
    for (number, used) in [(1, 4), (2, 4), (3, 0)] {
        paired(&mut scheme, number, 10, Some(20), used);
    }
    let found = groups(&scheme, None, TODAY).sessions;
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(0, 1), (4, 2)]);
    assert_eq!(measures(&scheme, None, TODAY).sessions_used, 8);
}

/// R312: pairings that broke down, by cause, with what was judged and how many sessions carried over.
#[test]
fn breakdowns_are_counted_by_cause_and_judgement() {
    let mut scheme = scheme();
    let broken = |cause, judgement| {
        Course::Broken(Breakdown {
            on: day(30),
            cause,
            reported_by: Party::Mentee,
            judged: judgement,
        })
    };
    let judged = |judgement, sessions| {
        let remaining = Remaining {
            mentee: person(1),
            sessions,
            days: None,
        };
        Some(Judged {
            on: day(31),
            judgement,
            by: vec![Judge::Coordinator],
            remaining: vec![remaining],
        })
    };
    let illness = BreakdownCause::Illness;
    let courses = [
        Course::Live,
        Course::Withdrawn { on: day(30) },
        broken(illness, judged(Replacement::Replace, 3)),
        broken(illness, judged(Replacement::End, 2)),
        broken(BreakdownCause::NotStated, None),
    ];
    for (number, course) in (1..).zip(courses) {
        let id = paired(&mut scheme, number, 10, None, 0);
        let mut pairing = scheme.pairings[&id].clone();
        pairing.course = course;
        scheme.pairings.insert_mut(id, pairing);
    }
    let Groups { pairings, .. } = groups(&scheme, None, TODAY);
    let counts = pairings.broken.map(|broken| broken.count);
    assert_eq!(counts, [0, 2, 0, 0, 0, 1]);
    let of_illness = pairings.broken[place(illness)];
    assert_eq!(
        (
            of_illness.to_replace,
            of_illness.ended,
            of_illness.not_judged
        ),
        (1, 1, 0)
    );
    assert_eq!(pairings.sessions_carried_over, 3);
    let all = pairings.live + pairings.concluded + pairings.withdrawn;
    assert_eq!(all + counts.iter().sum::<usize>(), pairings.formed);
    for (index, cause) in CAUSES.into_iter().enumerate() {
        assert_eq!(place(cause), index);
    }
}

/// Who was known before is left out where only the new are asked about, and so are their pairings.
#[test]
fn only_those_of_whom_was_told_since_are_in_a_group() {
    let mut scheme = scheme();
    paired(&mut scheme, 1, 10, None, 0);
    keep(&mut scheme, Mentee::new(person(2)));
    let since = |on| groups(&scheme, Some(on), TODAY);
    assert_eq!(
        (since(NOTICED).known, since(NOTICED).pairings.formed),
        (1, 1)
    );
    assert_eq!(since(day(1)), Groups::default());
}

fn judged(scheme: &mut Scheme, number: u128, verdict: Option<Verdict>) {
    let id = AppointmentId(Uuid::from_u128(1_000 + number));
    let mut appointment = scheme.appointments[&id].clone();
    appointment.judgement = verdict.and_then(|verdict| {
        let mut judgement = appointment.judgement.clone()?;
        judgement.verdict = verdict;
        Some(judgement)
    });
    scheme.appointments.insert_mut(id, appointment);
}

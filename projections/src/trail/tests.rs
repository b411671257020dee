//! Filters over an index of a few entries.

use super::*;
use domain::{
    Actor, Event, ReportedBy,
    correction::RecordCorrected,
    mentor::{CapacityStated, MentorInducted},
};
use jiff::tz::TimeZone;
use std::sync::Arc;

const ADA: Uuid = Uuid::from_u128(1);
const BEN: Uuid = Uuid::from_u128(2);

/// Odd positions concern Ada and state a capacity; even ones concern Ben and induct him. One a second.
fn trail(length: u64) -> Trail {
    let mut trail = Trail::default();
    for position in 1..=length {
        let event = if position % 2 == 1 {
            Event::CapacityStated(CapacityStated {
                mentor: ADA.into(),
                capacity: 1,
            })
        } else {
            Event::MentorInducted(MentorInducted { mentor: BEN.into() })
        };
        trail.fold(&Recorded {
            position,
            id: Uuid::nil(),
            recorded_at: at(position),
            // Each a day earlier than the one before.
            happened_on: at(0).to_zoned(TimeZone::UTC).date()
                - jiff::Span::new().days(i64::try_from(position).expect("small")),
            actor: Actor {
                id: if position <= 3 { ADA } else { BEN },
                role: Arc::from("coordinator"),
            },
            reported_by: None,
            channel: None,
            command_id: None,
            event,
        });
    }
    trail
}

fn at(second: u64) -> Timestamp {
    Timestamp::from_second(i64::try_from(second).expect("small")).expect("an instant")
}

fn of(subject: Uuid) -> Filter {
    Filter {
        subject: Some(subject),
        ..Filter::default()
    }
}

#[test]
fn pages_follow_one_another_without_gap_or_double_in_both_directions() {
    let trail = trail(10);
    for filter in [Filter::default(), of(ADA), of(BEN)] {
        let all = trail.forward(&filter, 0, usize::MAX);
        let mut forward = Vec::new();
        while let [.., last] = trail.forward(&filter, forward.last().copied().unwrap_or(0), 3)[..] {
            let after = forward.last().copied().unwrap_or(0);
            forward.extend(trail.forward(&filter, after, 3));
            assert_eq!(forward.last(), Some(&last));
        }
        assert_eq!(forward, all);
        let mut backward = Vec::new();
        loop {
            let page = trail.backward(&filter, backward.last().copied().unwrap_or(u64::MAX), 3);
            if page.is_empty() {
                break;
            }
            backward.extend(page);
        }
        backward.reverse();
        assert_eq!(backward, all);
        assert_eq!(trail.count(&filter), all.len() as u64);
    }
}

#[test]
fn an_instant_leads_to_the_last_entry_recorded_by_then() {
    let trail = trail(10);
    assert_eq!(trail.reached_by(Timestamp::UNIX_EPOCH), 0);
    for position in 1..=10 {
        assert_eq!(trail.reached_by(at(position)), position);
        assert_eq!(trail.recorded_at(position), Some(at(position)));
    }
    assert_eq!(trail.reached_by(at(99)), 10);
    assert_eq!((trail.recorded_at(0), trail.recorded_at(11)), (None, None));
    let kinds: Vec<_> = trail.kinds(8, 99).collect();
    assert_eq!(kinds, ["capacity.stated", "mentor.inducted"]);
}

#[test]
fn what_was_recorded_late_is_found_by_how_late_it_was() {
    let trail = trail(10);
    let late = |by_days| Filter {
        late: Some(Late {
            by_days,
            zone: TimeZone::UTC,
        }),
        ..Filter::default()
    };
    assert_eq!(trail.forward(&late(8), 0, 10), [8, 9, 10]);
    assert_eq!(trail.count(&late(11)), 0);
    assert_eq!(trail.count(&late(0)), 10);
    // A minute before midnight in London in summer is a day later there than in UTC.
    let evening: Timestamp = "2026-07-01T23:30:00Z".parse().expect("an instant");
    let day = jiff::civil::date(2026, 7, 1);
    let london = TimeZone::get("Europe/London").expect("a zone");
    assert_eq!(days_late(day, evening, &TimeZone::UTC), 0);
    assert_eq!(days_late(day, evening, &london), 1);
    let ahead = jiff::civil::date(2026, 7, 9);
    assert_eq!(days_late(ahead, evening, &london), 0);
}

#[test]
fn every_part_of_a_filter_must_admit() {
    let trail = trail(10);
    assert_eq!(trail.forward(&of(ADA), 0, 10), [1, 3, 5, 7, 9]);
    let kinds = Filter {
        kinds: Some(vec!["mentor.inducted".to_owned()]),
        ..Filter::default()
    };
    assert_eq!(trail.forward(&kinds, 4, 10), [6, 8, 10]);
    let times = Filter {
        from: Some(at(3)),
        before: Some(at(6)),
        ..of(ADA)
    };
    assert_eq!(trail.forward(&times, 0, 10), [3, 5]);
    let actor = Filter {
        actor: Some(ADA),
        ..Filter::default()
    };
    assert_eq!(trail.backward(&actor, u64::MAX, 2), [3, 2]);
    assert_eq!(trail.count(&of(Uuid::from_u128(3))), 0);
}

/// An entry a director's mentor rang up about, an employer's letter of another day, and a correction.
fn told() -> Trail {
    let mut trail = Trail::default();
    let day = jiff::civil::date(2026, 3, 2);
    let says = |party, channel| {
        (
            Some(ReportedBy {
                party,
                person: None,
            }),
            Some(channel),
        )
    };
    let correction = Event::RecordCorrected(RecordCorrected {
        corrects: ADA,
        pairing: BEN.into(),
        stands: false,
        on: day,
    });
    let inducted = Event::MentorInducted(MentorInducted { mentor: BEN.into() });
    for (position, role, (reported_by, channel), event) in [
        (
            1,
            "coordinator",
            says(Party::Mentor, Channel::Telephone),
            inducted.clone(),
        ),
        (
            2,
            "employer",
            says(Party::Employer, Channel::Letter),
            inducted,
        ),
        (3, "coordinator", (None, None), correction),
    ] {
        trail.fold(&Recorded {
            position,
            id: Uuid::nil(),
            recorded_at: at(position),
            happened_on: day + jiff::Span::new().days(i64::try_from(position).expect("small")),
            actor: Actor {
                id: ADA,
                role: Arc::from(role),
            },
            reported_by,
            channel,
            command_id: None,
            event,
        });
    }
    trail
}

/// R308: what an auditor looks for by who recorded it, on whose word, by which way, of which days, or because it corrects.
#[test]
fn the_history_is_searched_by_role_side_channel_day_and_correction() {
    let trail = told();
    let found = |filter: Filter| trail.forward(&filter, 0, 10);
    let none = Filter::default;
    let role = |role: &str| Filter {
        roles: Some(vec![role.to_owned()]),
        ..none()
    };
    assert_eq!(found(role("coordinator")), [1, 3]);
    assert_eq!(found(role("employer")), [2]);
    assert_eq!(found(role("mentor")), [0_u64; 0]);
    let parties = Filter {
        parties: Some(vec![Party::Mentor, Party::Employer]),
        ..none()
    };
    assert_eq!(found(parties), [1, 2]);
    let channels = Filter {
        channels: Some(vec![Channel::Letter]),
        ..none()
    };
    assert_eq!(found(channels), [2]);
    let on_the_fourth = Filter {
        happened_from: Some(jiff::civil::date(2026, 3, 4)),
        happened_to: Some(jiff::civil::date(2026, 3, 4)),
        ..none()
    };
    assert_eq!(found(on_the_fourth), [2]);
    for (corrects, wanted) in [(true, vec![3]), (false, vec![1, 2])] {
        let filter = Filter {
            corrects: Some(corrects),
            ..none()
        };
        assert_eq!(found(filter.clone()), wanted);
        assert_eq!(trail.count(&filter), wanted.len() as u64);
        assert_eq!(trail.among(&filter, &[1, 2, 3]), wanted);
    }
    let both = Filter {
        channels: Some(vec![Channel::Letter]),
        ..role("coordinator")
    };
    assert_eq!(found(both), [0_u64; 0]);
}

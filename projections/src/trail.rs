//! The audit trail's index: which positions concern whom, of which type, by whom, when.
//!
//! It holds no record: a page of the trail is read from the log by the positions found here, so an answer
//! shows what was written and nothing that was remade.

mod rows;

use domain::Recorded;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rows::Rows;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What one position is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    #[serde(with = "crate::kind")]
    kind: crate::kind::Kind,
    actor: Uuid,
    #[serde(with = "rows::instant")]
    recorded_at: Timestamp,
    #[serde(with = "rows::day")]
    happened_on: Date,
}

/// The index of the audit trail.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    rows: Rows,
    by_subject: HashTrieMapSync<Uuid, Vec<u64>>,
}

/// What to look for; whatever is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A person, an appointment, a match or a pairing.
    pub subject: Option<Uuid>,
    /// Who recorded it.
    pub actor: Option<Uuid>,
    /// Event types.
    pub kinds: Option<Vec<String>>,
    /// Recorded at this instant or later.
    pub from: Option<Timestamp>,
    /// Recorded before this instant.
    pub before: Option<Timestamp>,
    /// Recorded late.
    pub late: Option<Late>,
}

/// Recorded at least so many days after it happened, by the days of a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// How many days.
    pub by_days: i32,
    /// Whose days.
    pub zone: TimeZone,
}

/// The days from the day something happened to the day it was recorded, by the days of a time zone; none for what is said
/// to have happened later than it was recorded.
#[must_use]
pub fn days_late(happened_on: Date, recorded_at: Timestamp, zone: &TimeZone) -> i32 {
    let recorded_on = recorded_at.to_zoned(zone.clone()).date();
    // Between two days the largest unit is the day, so this is exact.
    let late = happened_on.until(recorded_on);
    late.map_or(0, |late| late.get_days().max(0))
}

impl Filter {
    fn admits(&self, row: &Row) -> bool {
        self.actor.is_none_or(|actor| actor == row.actor)
            && self
                .kinds
                .as_ref()
                .is_none_or(|kinds| kinds.iter().any(|kind| kind == row.kind))
            && self.from.is_none_or(|from| from <= row.recorded_at)
            && self.before.is_none_or(|before| row.recorded_at < before)
            && self.late.as_ref().is_none_or(|late| {
                days_late(row.happened_on, row.recorded_at, &late.zone) >= late.by_days
            })
    }
}

impl Trail {
    /// The positions that `filter` admits, after `after`, at most `most`, in order.
    #[must_use]
    pub fn forward(&self, filter: &Filter, after: u64, most: usize) -> Vec<u64> {
        match filter.subject {
            None => self
                .admitted(filter, after + 1..=self.len())
                .take(most)
                .collect(),
            Some(subject) => match self.by_subject.get(&subject) {
                None => Vec::new(),
                Some(positions) => {
                    let first = first_after(positions, after);
                    let candidates =
                        (first..positions.len()).filter_map(|index| positions.get(index).copied());
                    self.admitted(filter, candidates).take(most).collect()
                }
            },
        }
    }

    /// The positions that `filter` admits, before `before`, at most `most`, newest first.
    #[must_use]
    pub fn backward(&self, filter: &Filter, before: u64, most: usize) -> Vec<u64> {
        match filter.subject {
            None => self
                .admitted(filter, (1..before.min(self.len() + 1)).rev())
                .take(most)
                .collect(),
            Some(subject) => match self.by_subject.get(&subject) {
                None => Vec::new(),
                Some(positions) => {
                    let end = first_after(positions, before.saturating_sub(1));
                    let candidates = (0..end)
                        .rev()
                        .filter_map(|index| positions.get(index).copied());
                    self.admitted(filter, candidates).take(most).collect()
                }
            },
        }
    }

    /// Those of `positions` that `filter` admits, in their order.
    #[must_use]
    pub fn among(&self, filter: &Filter, positions: &[u64]) -> Vec<u64> {
        let of_subject = |position: &u64| match filter.subject {
            None => true,
            Some(subject) => self
                .by_subject
                .get(&subject)
                .is_some_and(|of_subject| of_subject.binary_search(position).is_ok()),
        };
        let candidates = positions.iter().copied().filter(of_subject);
        self.admitted(filter, candidates).collect()
    }

    /// How many positions `filter` admits.
    #[must_use]
    pub fn count(&self, filter: &Filter) -> u64 {
        if *filter == Filter::default() {
            return self.len();
        }
        self.forward(filter, 0, usize::MAX).len() as u64
    }

    /// The instant of the last record.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        let last = self.rows.len().checked_sub(1)?;
        self.rows.get(last).map(|row| row.recorded_at)
    }

    /// The last position that was recorded by `instant`; zero where none was.
    #[must_use]
    pub fn reached_by(&self, instant: Timestamp) -> u64 {
        let (mut least, mut most) = (0, self.rows.len());
        while least < most {
            let middle = least + (most - least) / 2;
            let by_then = self
                .rows
                .get(middle)
                .is_some_and(|row| row.recorded_at <= instant);
            if by_then {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        least as u64
    }

    /// When the entry at `position` was recorded; nothing where there is none.
    #[must_use]
    pub fn recorded_at(&self, position: u64) -> Option<Timestamp> {
        let index = usize::try_from(position.checked_sub(1)?).ok()?;
        self.rows.get(index).map(|row| row.recorded_at)
    }

    /// The type of each entry after `after`, up to `until`, in order.
    pub fn kinds(&self, after: u64, until: u64) -> impl Iterator<Item = &'static str> {
        let index = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
        let rows = index(after)..index(until).min(self.rows.len());
        rows.filter_map(|index| self.rows.get(index).map(|row| row.kind))
    }

    fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    fn admitted(
        &self,
        filter: &Filter,
        candidates: impl Iterator<Item = u64>,
    ) -> impl Iterator<Item = u64> {
        candidates.filter(|position| {
            let index = usize::try_from(position - 1).unwrap_or(usize::MAX);
            self.rows.get(index).is_some_and(|row| filter.admits(row))
        })
    }

    pub(crate) fn fold(&mut self, recorded: &Recorded) {
        self.rows.push(Row {
            kind: recorded.event.kind(),
            actor: recorded.actor.id,
            recorded_at: recorded.recorded_at,
            happened_on: recorded.happened_on,
        });
        for subject in recorded.event.subjects() {
            match self.by_subject.get_mut(&subject) {
                Some(positions) if positions.last() == Some(&recorded.position) => {}
                Some(positions) => positions.push(recorded.position),
                None => self.by_subject.insert_mut(subject, vec![recorded.position]),
            }
        }
    }
}

/// The index of the first of `positions`, which ascend, that lies after `after`.
fn first_after(positions: &[u64], after: u64) -> usize {
    positions.partition_point(|position| *position <= after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Actor, Event,
        mentor::{CapacityStated, MentorInducted},
    };
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
            while let [.., last] =
                trail.forward(&filter, forward.last().copied().unwrap_or(0), 3)[..]
            {
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
}

//! The audit trail's index: which positions concern whom, of which type, by whom, when.
//!
//! It holds no record: a page of the trail is read from the log by the positions found here, so an answer
//! shows what was written and nothing that was remade.

mod filter;
mod rows;
#[cfg(test)]
mod tests;

pub use filter::{Filter, Late, days_late};

use domain::{Channel, Party, Recorded};
use jiff::{Timestamp, civil::Date};
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
    channel: Option<Channel>,
    party: Option<Party>,
    /// The place of the actor's role in [`Trail::roles`].
    role: u16,
}

/// The index of the audit trail.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    rows: Rows,
    /// The roles that anything was recorded in, in the order in which they came: a handful.
    roles: Vec<String>,
    by_subject: HashTrieMapSync<Uuid, Vec<u64>>,
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
            self.rows
                .get(index)
                .is_some_and(|row| filter.admits(row, &self.roles))
        })
    }

    /// The place of a role among those known, where it is put if it is new.
    fn place_of(&mut self, role: &str) -> u16 {
        let known = self.roles.iter().position(|known| known == role);
        let place = known.unwrap_or_else(|| {
            self.roles.push(role.to_owned());
            self.roles.len() - 1
        });
        // Roles are a closed set of the program, so there is always room.
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    pub(crate) fn fold(&mut self, recorded: &Recorded) {
        let role = self.place_of(&recorded.actor.role);
        self.rows.push(Row {
            kind: recorded.event.kind(),
            actor: recorded.actor.id,
            recorded_at: recorded.recorded_at,
            happened_on: recorded.happened_on,
            channel: recorded.channel,
            party: recorded.reported_by.as_ref().map(|told| told.party),
            role,
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

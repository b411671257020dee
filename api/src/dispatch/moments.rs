//! Earlier states of an open scheme: a few roots, and from the nearest of them forward out of the log.
//!
//! ```text
//! 0 ──── root ──────── root ──────────────── root ───── published
//!                        └─ fold ─▶ the moment asked for
//! ```
//!
//! Roots are states that were published, or passed while one was folded, kept further apart the longer the history is;
//! what did not change is shared between them. Beside them stand the moments asked for last. Both are caches within the
//! one budget (`memory`). Nothing here is on the writer's path but the keeping of a root.
//!
//! Sealed values are opened with the keys there are today, so whoever was forgotten is forgotten at every moment: when
//! keys are destroyed every state here is thrown away before anybody hears of it, and what is being folded is folded
//! again.

use super::{Budget, Failure, beginning::fold};
use event_log::{Embedded, Position, SchemeId, Vault};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// Events between two roots, at least.
const SPACING_LEAST: u64 = 1_024;
/// The most moments that are kept because they were asked for.
const RECENT_MOST: usize = 16;

/// As of when something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// Right after the entry at this position, from 1.
    Position(u64),
    /// When everything that was recorded by this instant was recorded, and nothing else.
    RecordedAt(Timestamp),
}

/// A moment of a scheme: which state, and which day it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The position of the last entry.
    pub position: u64,
    /// The scheme's day.
    pub day: Date,
}

/// The earlier states of one open scheme.
pub struct Moments {
    store: Arc<Embedded>,
    scheme: SchemeId,
    vault: Arc<Vault>,
    bytes_most: u64,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    roots: BTreeMap<u64, Arc<Snapshot>>,
    roots_bytes: u64,
    /// The moments asked for last, the latest in front, each with what it is taken to hold, in bytes.
    recent: VecDeque<(Arc<Snapshot>, u64)>,
    /// Counts how often everything was thrown away.
    forgotten: u64,
}

impl Moments {
    /// Of a scheme that is opened; nothing is folded yet.
    pub fn new(
        store: &Arc<Embedded>,
        scheme: &SchemeId,
        vault: &Arc<Vault>,
        budget: Budget,
    ) -> Self {
        Self {
            store: Arc::clone(store),
            scheme: scheme.clone(),
            vault: Arc::clone(vault),
            bytes_most: budget.moments_of_one(),
            kept: Mutex::default(),
        }
    }

    /// Keeps a state that is published as a root, where the last one is far enough behind.
    pub fn pass(&self, state: &Arc<Snapshot>) {
        self.kept().root(state, self.bytes_most);
    }

    /// Throws away every earlier state, and what is being folded. Whoever destroys a key must call it.
    pub fn forget(&self) {
        let mut kept = self.kept();
        let forgotten = kept.forgotten + 1;
        *kept = Kept {
            forgotten,
            ..Kept::default()
        };
    }

    /// What the states here are taken to hold, in bytes.
    pub fn bytes(&self) -> u64 {
        let kept = self.kept();
        let recent = kept.recent.iter().map(|(_, bytes)| bytes);
        kept.roots_bytes + recent.sum::<u64>()
    }

    /// The state right after the entry at `position`, which is durable. Blocks while it is folded; what was folded when
    /// `until` came is kept as roots, so that the next attempt gets further.
    pub fn at(&self, position: u64, until: Instant) -> Result<Arc<Snapshot>, Failure> {
        loop {
            let (nearest, forgotten) = {
                let mut kept = self.kept();
                if let Some(found) = kept.find(position) {
                    return Ok(found);
                }
                (kept.nearest(position), kept.forgotten)
            };
            let began_at = nearest.as_ref().map_or(0, |state| state.position());
            let state = nearest.unwrap_or_default();
            let state = Arc::new(self.fold_on(&state, position, until, forgotten)?);
            let mut kept = self.kept();
            if kept.forgotten == forgotten {
                kept.remember(&state, position - began_at, self.bytes_most);
                return Ok(state);
            }
        }
    }

    /// Folds from `from` to `position`, and keeps roots on the way.
    fn fold_on(
        &self,
        from: &Snapshot,
        position: u64,
        until: Instant,
        forgotten: u64,
    ) -> Result<Snapshot, Failure> {
        let mut state = from.clone();
        while state.position() < position {
            if Instant::now() >= until {
                return Err(Failure::Overloaded);
            }
            let next = state.position() + spacing(state.position());
            let to = Position(next.min(position));
            fold(&self.store, &self.scheme, &self.vault, &mut state, to)?;
            if state.position() != to.0 {
                // The log ends before a position that was published: it is not the log it was.
                return Err(Failure::Internal);
            }
            let mut kept = self.kept();
            if kept.forgotten == forgotten && to.0 == next {
                kept.root(&Arc::new(state.clone()), self.bytes_most);
            }
        }
        Ok(state)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&mut self, position: u64) -> Option<Arc<Snapshot>> {
        if let Some(root) = self.roots.get(&position) {
            return Some(Arc::clone(root));
        }
        let mut recent = self.recent.iter();
        let index = recent.position(|(state, _)| state.position() == position)?;
        let found = self.recent.remove(index)?;
        let state = Arc::clone(&found.0);
        self.recent.push_front(found);
        Some(state)
    }

    fn nearest(&self, position: u64) -> Option<Arc<Snapshot>> {
        let root = self.roots.range(..position).next_back();
        let root = root.map(|(_, state)| state);
        let recent = self.recent.iter().map(|(state, _)| state);
        let before = recent.chain(root);
        before
            .filter(|state| state.position() < position)
            .max_by_key(|state| state.position())
            .cloned()
    }

    /// Three quarters of what there is room for is for roots. What has no room is not kept.
    fn root(&mut self, state: &Arc<Snapshot>, bytes_most: u64) {
        let position = state.position();
        let before = self.roots.range(..=position).next_back();
        let before = before.map_or(0, |(position, _)| *position);
        let after = self.roots.range(position..).next();
        let is_near = |other: u64| other.abs_diff(position) < spacing(position.min(other));
        if is_near(before) || after.is_some_and(|(other, _)| is_near(*other)) {
            return;
        }
        let bytes = Budget::of_moment(position - before);
        if self.roots_bytes + bytes <= bytes_most / 4 * 3 {
            self.roots_bytes += bytes;
            self.roots.insert(position, Arc::clone(state));
        }
    }

    fn remember(&mut self, state: &Arc<Snapshot>, events: u64, bytes_most: u64) {
        let bytes = Budget::of_moment(events);
        self.recent.push_front((Arc::clone(state), bytes));
        let held = |recent: &VecDeque<(Arc<Snapshot>, u64)>| -> u64 {
            recent.iter().map(|(_, bytes)| bytes).sum()
        };
        while self.recent.len() > RECENT_MOST || held(&self.recent) > bytes_most / 4 {
            self.recent.pop_back();
        }
    }
}

/// Events between the root at `position` and the next one: a sixteenth of the history at least, so that what roots hold
/// stays in proportion to what the scheme holds.
fn spacing(position: u64) -> u64 {
    SPACING_LEAST.max(position / 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(position: u64) -> Arc<Snapshot> {
        let mut state = Snapshot::default();
        state.scheme.position = position;
        Arc::new(state)
    }

    #[test]
    fn roots_stand_apart_and_within_the_budget() {
        let (mut kept, most) = (Kept::default(), 1 << 30);
        for position in 1..200_000 {
            kept.root(&state(position), most);
        }
        let positions: Vec<u64> = kept.roots.keys().copied().collect();
        assert_eq!(positions[..2], [1_024, 2_048]);
        for pair in positions.windows(2) {
            assert_eq!(pair[1] - pair[0], spacing(pair[0]));
        }
        assert!(kept.roots_bytes <= most);
        let mut poor = Kept::default();
        for position in 1..200_000 {
            poor.root(&state(position), 8 << 20);
        }
        assert!(poor.roots_bytes <= 6 << 20);
        assert!(!poor.roots.is_empty());
    }

    #[test]
    fn what_was_asked_for_last_is_kept_and_what_was_asked_for_first_goes() {
        let mut kept = Kept::default();
        for position in 1..=RECENT_MOST as u64 + 1 {
            kept.remember(&state(position), 1, 1 << 30);
        }
        assert!(kept.find(1).is_none());
        assert!(kept.find(2).is_some());
        // Looked at, so no longer the next to go.
        kept.remember(&state(100), 1, 1 << 30);
        assert!(kept.find(2).is_some());
        assert!(kept.find(3).is_none());
        assert_eq!(kept.nearest(100).map(|state| state.position()), Some(17));
    }
}

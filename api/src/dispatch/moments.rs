//! Earlier states of an open scheme: a few roots, and from the nearest of them forward out of the log.
//!
//! ```text
//! 0 ──── root ──────── root ──────────────── root ───── published
//!                        └─ fold ─▶ the moment asked for
//! ```
//!
//! Roots are states that were published, or passed while one was folded, evenly apart over the whole history (`roots`).
//! Beside them stand the moments asked for last. Both are caches within the one budget (`memory`). Nothing here is on the
//! writer's path but the keeping of a root.
//!
//! Sealed values are opened with the keys there are today, so whoever was forgotten is forgotten at every moment: when
//! keys are destroyed every state here is thrown away before anybody hears of it, and what is being folded is folded
//! again.

use super::{Budget, Failure, beginning::fold, roots::Roots};
use event_log::{Embedded, Position, SchemeId, Vault};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// Events folded between two looks at the clock, at most.
const STEP: u64 = 16_384;
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
    recent_bytes_most: u64,
    kept: Mutex<Kept>,
}

struct Kept {
    roots: Roots,
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
        let recent_bytes_most = budget.moments_of_one() / 4;
        let roots = Roots::within(budget.moments_of_one() - recent_bytes_most);
        Self {
            store: Arc::clone(store),
            scheme: scheme.clone(),
            vault: Arc::clone(vault),
            recent_bytes_most,
            kept: Mutex::new(Kept {
                roots,
                recent: VecDeque::new(),
                forgotten: 0,
            }),
        }
    }

    /// Keeps a state that is published as a root, where the last one is far enough behind.
    pub fn pass(&self, state: &Arc<Snapshot>) {
        self.kept().roots.keep(state);
    }

    /// Throws away every earlier state, and what is being folded. Whoever destroys a key must call it.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.roots.forget();
        kept.recent.clear();
        kept.forgotten += 1;
    }

    /// What the states here are taken to hold, in bytes.
    pub fn bytes(&self) -> u64 {
        let kept = self.kept();
        let recent = kept.recent.iter().map(|(_, bytes)| bytes);
        kept.roots.bytes() + recent.sum::<u64>()
    }

    /// The state right after the entry at `position`, which is durable. Blocks while it is folded; how far it came when
    /// `until` came is kept, so that the next attempt goes on from there.
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
            let state = self.fold_on(&state, position, until, forgotten)?;
            let mut kept = self.kept();
            if kept.forgotten == forgotten {
                kept.remember(&state, began_at, self.recent_bytes_most);
                if state.position() < position {
                    return Err(Failure::Overloaded);
                }
                return Ok(state);
            }
        }
    }

    /// Folds from `from` to `position`, or as far as it comes `until` then, and keeps roots on the way.
    fn fold_on(
        &self,
        from: &Snapshot,
        position: u64,
        until: Instant,
        forgotten: u64,
    ) -> Result<Arc<Snapshot>, Failure> {
        let mut state = from.clone();
        while state.position() < position && Instant::now() < until {
            let step = self.kept().roots.next_after(state.position());
            let to = step.min(state.position() + STEP).min(position);
            fold(
                &self.store,
                &self.scheme,
                &self.vault,
                &mut state,
                Position(to),
            )?;
            if state.position() != to {
                // The log ends before a position that was published: it is not the log it was.
                return Err(Failure::Internal);
            }
            let mut kept = self.kept();
            if kept.forgotten == forgotten && to == step {
                kept.roots.keep(&Arc::new(state.clone()));
            }
        }
        Ok(Arc::new(state))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&mut self, position: u64) -> Option<Arc<Snapshot>> {
        if let Some(root) = self.roots.at(position) {
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
        let recent = self.recent.iter().map(|(state, _)| state);
        let before = recent.chain(self.roots.before(position));
        before
            .filter(|state| state.position() < position)
            .max_by_key(|state| state.position())
            .cloned()
    }

    /// Keeps a state that was folded from one at `from`.
    fn remember(&mut self, state: &Arc<Snapshot>, from: u64, bytes_most: u64) {
        let bytes = Budget::of_moment(from, state.position());
        self.recent.push_front((Arc::clone(state), bytes));
        let held = |recent: &VecDeque<(Arc<Snapshot>, u64)>| -> u64 {
            recent.iter().map(|(_, bytes)| bytes).sum()
        };
        // The last one stays in any case: whoever asked for it asks on, or waits for it to be folded further.
        while self.recent.len() > 1
            && (self.recent.len() > RECENT_MOST || held(&self.recent) > bytes_most)
        {
            self.recent.pop_back();
        }
    }
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
    fn what_was_asked_for_last_is_kept_and_what_was_asked_for_first_goes() {
        let mut kept = Kept {
            roots: Roots::within(0),
            recent: VecDeque::new(),
            forgotten: 0,
        };
        for position in 1..=RECENT_MOST as u64 + 1 {
            kept.remember(&state(position), position - 1, 1 << 30);
        }
        assert!(kept.find(1).is_none());
        assert!(kept.find(2).is_some());
        // Looked at, so no longer the next to go.
        kept.remember(&state(100), 99, 1 << 30);
        assert!(kept.find(2).is_some());
        assert!(kept.find(3).is_none());
        assert_eq!(kept.nearest(100).map(|state| state.position()), Some(17));
    }
}

//! Following one scheme, through closings and reopenings, until the store itself closes.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::Inner;
use super::scheme::Slot;
use crate::record::{Position, SchemeId};
use crate::store::{Follow, StoreError, Stored};

pub(super) struct EmbeddedFollower {
    /// Weak: a forgotten follower must not keep the directory locked.
    pub(super) store: Weak<Inner>,
    pub(super) slot: Arc<Slot>,
    pub(super) scheme: SchemeId,
    pub(super) next: Position,
}

impl Follow for EmbeddedFollower {
    fn next(&mut self, timeout: Duration) -> Result<Option<Vec<Stored>>, StoreError> {
        let started = Instant::now();
        loop {
            if self.slot.signal.head() >= self.next {
                let open = self.running()?.open_scheme(&self.scheme)?;
                open.sound()?;
                if let Some(group) = open.journal.group_at(self.next)? {
                    self.next = self.next.plus(group.len() as u64);
                    return Ok(Some(group));
                }
            }
            self.running()?;
            let Some(left) = timeout
                .checked_sub(started.elapsed())
                .filter(|left| !left.is_zero())
            else {
                return Ok(None);
            };
            self.slot
                .signal
                .wait(self.next, left, || self.running().is_err());
        }
    }
}

impl EmbeddedFollower {
    fn running(&self) -> Result<Arc<Inner>, StoreError> {
        self.store
            .upgrade()
            .filter(|store| !store.is_closed())
            .ok_or(StoreError::Closed)
    }
}

//! Telling those who wait that a log has grown.
//!
//! A signal outlives the opening and closing of its scheme, so that a follower waits through both.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::Position;

/// The durable head of one log, to wait on.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    head: Mutex<Position>,
    changed: Condvar,
}

impl Signal {
    /// The head as last told.
    pub(crate) fn head(&self) -> Position {
        *self.lock()
    }

    /// Tells of a new head. Late news of an older one changes nothing.
    pub(crate) fn advance(&self, head: Position) {
        let mut known = self.lock();
        if head > *known {
            *known = head;
            self.changed.notify_all();
        }
    }

    /// Wakes everybody, so that they look for what else has changed.
    pub(crate) fn wake(&self) {
        let _guard = self.lock();
        self.changed.notify_all();
    }

    /// Waits until the head reaches `wanted`, `stop` says so, or the time is up.
    pub(crate) fn wait(&self, wanted: Position, timeout: Duration, stop: impl Fn() -> bool) {
        let started = Instant::now();
        let mut head = self.lock();
        while *head < wanted && !stop() {
            let Some(left) = timeout
                .checked_sub(started.elapsed())
                .filter(|left| !left.is_zero())
            else {
                return;
            };
            head = self
                .changed
                .wait_timeout(head, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Position> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

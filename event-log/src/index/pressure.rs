//! Back-pressure: those who append wait for an index that falls too far behind.
//!
//! An index that never catches up would let its lag, and with it every look-up that the journal answers instead, grow for as
//! long as the load lasts. But it is never worth an outage: while it is opened or built nobody waits, and one that does
//! not move within [`PATIENCE`] is waited for no more until it does.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::Position;

/// How long an index may stand still before nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Pressure {
    most: u64,
    followed: Mutex<Followed>,
    moved: Condvar,
}

#[derive(Default)]
struct Followed {
    /// How far it is; `None` while it is no follower.
    to: Option<Position>,
    /// Where it stood when waiting for it was given up.
    stuck_at: Option<Position>,
}

impl Pressure {
    pub(super) fn new(most: u64) -> Self {
        Self {
            most,
            followed: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    /// The index is here, and the journal ends at `head`. From the first time that it is near it counts as a follower: under
    /// a load that never pauses it may never come quite to the end.
    pub(super) fn followed_to(&self, position: Position, head: Position) {
        let mut followed = self.lock();
        if followed.to.is_some() || head.0.saturating_sub(position.0) <= self.most {
            followed.to = Some(position);
        }
        drop(followed);
        self.moved.notify_all();
    }

    /// The index follows no more. Nobody waits until it says again where it is.
    pub(super) fn release(&self) {
        *self.lock() = Followed::default();
        self.moved.notify_all();
    }

    /// Waits until the index is near `head`, or stands still.
    pub(super) fn wait(&self, head: Position) {
        let mut followed = self.lock();
        let mut since = Instant::now();
        while let Some(at) = followed.to
            && head.0.saturating_sub(at.0) > self.most
            && followed.stuck_at != Some(at)
        {
            let left = PATIENCE.saturating_sub(since.elapsed());
            if left.is_zero() {
                followed.stuck_at = Some(at);
                tracing::warn!(
                    position = at.0,
                    "the index stands still; nobody waits for it"
                );
                return;
            }
            followed = self
                .moved
                .wait_timeout(followed, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            if followed.to != Some(at) {
                since = Instant::now();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Followed> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn whoever_appends_waits_for_an_index_that_moves() {
        let pressure = Arc::new(Pressure::new(10));
        pressure.followed_to(Position(5), Position(15));
        pressure.wait(Position(15));
        let follower = Arc::clone(&pressure);
        let thread = thread::spawn(move || {
            for at in 6..=90 {
                thread::sleep(Duration::from_millis(20));
                follower.followed_to(Position(at), Position(100));
            }
        });
        // Longer than the patience with one that stands still.
        let began = Instant::now();
        pressure.wait(Position(100));
        assert!(began.elapsed() >= PATIENCE);
        assert_eq!(pressure.lock().to, Some(Position(90)));
        thread.join().unwrap();
    }

    #[test]
    fn nobody_waits_for_one_that_stands_still_or_does_not_follow() {
        let pressure = Pressure::new(10);
        pressure.followed_to(Position(1), Position(1_000_000));
        pressure.wait(Position(1_000_000));
        assert_eq!(pressure.lock().to, None, "it is being built");
        pressure.followed_to(Position(5), Position(15));
        pressure.wait(Position(100));
        assert_eq!(pressure.lock().stuck_at, Some(Position(5)));
        let began = Instant::now();
        pressure.wait(Position(101));
        assert!(
            began.elapsed() < PATIENCE,
            "given up once, not at each append"
        );
        pressure.followed_to(Position(100), Position(101));
        pressure.wait(Position(101));
        pressure.release();
        pressure.wait(Position(1_000_000));
    }
}

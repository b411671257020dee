//! A scheme as it was at an earlier moment.

use super::{Platform, blocking, day};
use crate::dispatch::{
    Failure,
    moments::{AsOf, Moment},
};
use jiff::Timestamp;
use projections::Snapshot;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// How long a read waits until it is its turn to fold an earlier state.
const TURN_PATIENCE: Duration = Duration::from_secs(5);
/// How long an earlier state may be folded for one read.
const FOLDING_MOST: Duration = Duration::from_secs(20);

impl Platform {
    /// The moment that is meant, and the state of it, in the history that `present` is a state of. A moment ahead of the
    /// scheme, or before its first entry, is a failure and never an empty state.
    pub async fn as_of(
        &self,
        scheme: &str,
        present: &Arc<Snapshot>,
        wanted: AsOf,
    ) -> Result<(Moment, Arc<Snapshot>), Failure> {
        let (position, at) = match wanted {
            AsOf::Position(position) => (position, present.trail.recorded_at(position)),
            AsOf::RecordedAt(at) if at > self.now(scheme) => {
                return Err(Failure::MomentNotReached);
            }
            AsOf::RecordedAt(at) => (present.trail.reached_by(at), Some(at)),
        };
        if position == 0 {
            return Err(Failure::MomentBeforeHistory);
        }
        let at = at.ok_or(Failure::MomentNotReached)?;
        let state = self.state_at(scheme, present, position).await?;
        let day = day(&state, at);
        Ok((Moment { position, day }, state))
    }

    /// The state right after the entry at `position`, in the history that `present` is a state of.
    pub async fn state_at(
        &self,
        scheme: &str,
        present: &Arc<Snapshot>,
        position: u64,
    ) -> Result<Arc<Snapshot>, Failure> {
        if position > present.position() {
            return Err(Failure::MomentNotReached);
        }
        if position == present.position() {
            return Ok(Arc::clone(present));
        }
        let moments = self.scheme(scheme).await?.moments();
        // Few at a time: each fold takes a core, and a command must not wait for one.
        let turn = timeout(TURN_PATIENCE, Arc::clone(&self.0.folding).acquire_owned()).await;
        let turn = turn
            .map_err(|_| Failure::Overloaded)?
            .map_err(|_| Failure::Internal)?;
        blocking(move || {
            let state = moments.at(position, Instant::now() + FOLDING_MOST);
            drop(turn);
            state
        })
        .await
    }

    /// The beginning of the day that `at` falls on in a scheme, in the time zone that `snapshot` knows.
    #[must_use]
    pub fn beginning_of_day(&self, snapshot: &Snapshot, at: Timestamp) -> Timestamp {
        let zoned = at.to_zoned(crate::dispatch::judge::zone(snapshot));
        zoned.start_of_day().map_or(at, |day| day.timestamp())
    }
}

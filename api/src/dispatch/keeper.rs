//! When snapshots of an open scheme are written: in the background after so many events, and when it closes.
//!
//! Never on the writer's path, and never two at once. A snapshot that cannot be written is missed by nobody but the
//! next start.

use super::snapshots;
use event_log::{Embedded, Moment, SchemeId, Vault};
use projections::Snapshot;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

/// Events since the last snapshot from which one is worth while when a scheme closes: fewer fold in milliseconds.
const WORTH_EVENTS: u64 = 1_000;

/// Writes the snapshots of one open scheme.
pub struct Keeper {
    shared: Arc<Shared>,
    /// Events after which one is written in the background, at least.
    every: u64,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    store: Arc<Embedded>,
    scheme: SchemeId,
    vault: Arc<Vault>,
    kept_at: AtomicU64,
}

impl Keeper {
    pub fn new(
        store: &Arc<Embedded>,
        scheme: &SchemeId,
        vault: &Arc<Vault>,
        kept_at: u64,
        every: u64,
    ) -> Self {
        let shared = Shared {
            store: Arc::clone(store),
            scheme: scheme.clone(),
            vault: Arc::clone(vault),
            kept_at: AtomicU64::new(kept_at),
        };
        Self {
            shared: Arc::new(shared),
            every,
            thread: Mutex::default(),
        }
    }

    /// Begins a snapshot of `state`, which was just made durable, if enough has happened since the last one. A fifth
    /// of the history at least, so that what snapshots cost stays a small part of what the events cost.
    pub fn look(&self, state: &Arc<Snapshot>) {
        let position = state.position();
        let since = position - self.shared.kept_at.load(Ordering::SeqCst).min(position);
        if since < self.every.max(position / 5) {
            return;
        }
        let mut thread = self.lock();
        if thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        let Some(moment) = self.shared.moment(position) else {
            return;
        };
        let (shared, state) = (Arc::clone(&self.shared), Arc::clone(state));
        let spawned = thread::Builder::new()
            .name("snapshot".to_owned())
            .spawn(move || shared.keep(&state, moment));
        // Without a thread there is no snapshot.
        *thread = spawned.ok();
    }

    /// Waits for the one under way, and writes the last one if that is worth while.
    pub fn finish(&self, state: &Snapshot) {
        if let Some(thread) = self.lock().take()
            && thread.join().is_err()
        {
            tracing::error!(scheme = %self.shared.scheme, "writing a snapshot panicked");
        }
        let position = state.position();
        let since = position - self.shared.kept_at.load(Ordering::SeqCst).min(position);
        if since >= WORTH_EVENTS.min(self.every)
            && let Some(moment) = self.shared.moment(position)
        {
            self.shared.keep(state, moment);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The moment of the log at `position`, if that is its end and all of it is proved.
    fn moment(&self, position: u64) -> Option<Moment> {
        let moment = self.store.moment(&self.scheme).ok().flatten()?;
        (moment.position().0 == position).then_some(moment)
    }

    /// A state that still knows somebody who was erased since is not written: there is no key to seal them with.
    fn keep(&self, state: &Snapshot, moment: Moment) {
        let scheme = &self.scheme;
        let written = snapshots::write(state, moment, scheme, &self.vault);
        let kept = written
            .map_err(|error| error.to_string())
            .and_then(|parts| {
                let kept = self.store.keep_snapshot(scheme, moment, &parts);
                kept.map_err(|error| error.to_string())
            });
        match kept {
            Ok(()) => self.kept_at.store(moment.position().0, Ordering::SeqCst),
            Err(error) => tracing::warn!(%scheme, error, "a snapshot was not written"),
        }
    }
}

//! When snapshots of an open scheme are written and checkpoints signed: in the background after so many events, and when it
//! closes; a checkpoint also when a period was published, so that there is one to go with its figures.
//!
//! Never on the writer's path, and never two at once. A snapshot that cannot be written is missed by nobody but the
//! next start; a checkpoint that cannot be signed is missed by whoever compares, until the next one.

use super::snapshots;
use event_log::{Embedded, Moment, SchemeId, Vault};
use jiff::Timestamp;
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

/// Events after which a checkpoint is signed in the background: one costs two syncs of small files and a few tiles.
const CHECKPOINT_EVENTS: u64 = 1_000;

/// Writes the snapshots of one open scheme, and has its checkpoints signed.
pub struct Keeper {
    shared: Arc<Shared>,
    /// Events after which one is written in the background, at least.
    every: u64,
    thread: Running,
    signing: Running,
}

struct Shared {
    store: Arc<Embedded>,
    scheme: SchemeId,
    vault: Arc<Vault>,
    kept_at: AtomicU64,
    signed_at: AtomicU64,
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
            signed_at: AtomicU64::new(signed_at(store, scheme)),
        };
        Self {
            shared: Arc::new(shared),
            every,
            thread: Mutex::default(),
            signing: Mutex::default(),
        }
    }

    /// Begins a snapshot of `state`, which was just made durable, if enough has happened since the last one. A fifth
    /// of the history at least, so that what snapshots cost stays a small part of what the events cost.
    pub fn look(&self, state: &Arc<Snapshot>) {
        let position = state.position();
        self.look_at_checkpoints(state);
        let since = position - self.shared.kept_at.load(Ordering::SeqCst).min(position);
        if since < self.every.max(position / 5) {
            return;
        }
        let mut thread = lock(&self.thread);
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

    /// Waits for what is under way, has a last checkpoint signed, and writes the last snapshot if that is worth while.
    pub fn finish(&self, state: &Snapshot) {
        for thread in [&self.thread, &self.signing] {
            if let Some(thread) = lock(thread).take()
                && thread.join().is_err()
            {
                tracing::error!(scheme = %self.shared.scheme, "keeping a snapshot or a checkpoint panicked");
            }
        }
        let position = state.position();
        if position > self.shared.signed_at.load(Ordering::SeqCst) {
            self.shared.sign(state);
        }
        let since = position - self.shared.kept_at.load(Ordering::SeqCst).min(position);
        if since >= WORTH_EVENTS.min(self.every)
            && let Some(moment) = self.shared.moment(position)
        {
            self.shared.keep(state, moment);
        }
    }

    /// Has a checkpoint signed, if enough has happened since the last one, or a period was published.
    fn look_at_checkpoints(&self, state: &Arc<Snapshot>) {
        let last = self.shared.signed_at.load(Ordering::SeqCst);
        let published = state.scheme.published.all().next_back();
        let is_covered = published.is_none_or(|publication| publication.position <= last);
        if is_covered && state.position() < last.saturating_add(CHECKPOINT_EVENTS) {
            return;
        }
        let mut thread = lock(&self.signing);
        if thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        // Without an index the whole journal would be read each time.
        let index = self.shared.store.index_status(&self.shared.scheme);
        if !index.is_ok_and(|index| index.running) {
            return;
        }
        let (shared, state) = (Arc::clone(&self.shared), Arc::clone(state));
        let spawned = thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || shared.sign(&state));
        *thread = spawned.ok();
    }
}

type Running = Mutex<Option<JoinHandle<()>>>;

fn lock(running: &Running) -> MutexGuard<'_, Option<JoinHandle<()>>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many records the last checkpoint that is kept is of.
fn signed_at(store: &Embedded, scheme: &SchemeId) -> u64 {
    let kept = store.checkpoints(scheme).unwrap_or_default();
    kept.last().map_or(0, |last| last.checkpoint().size)
}

impl Shared {
    /// The moment of the log at `position`, if that is its end and all of it is proved.
    fn moment(&self, position: u64) -> Option<Moment> {
        let moment = self.store.moment(&self.scheme).ok().flatten()?;
        (moment.position().0 == position).then_some(moment)
    }

    /// Signs what is recorded by now, which is `state` or later.
    fn sign(&self, state: &Snapshot) {
        let latest = state.trail.latest().unwrap_or_default();
        match self.store.checkpoint(&self.scheme, &written(latest)) {
            Ok(signed) => self
                .signed_at
                .store(signed.checkpoint().size, Ordering::SeqCst),
            Err(error) => {
                let error = &error as &(dyn std::error::Error + 'static);
                tracing::warn!(scheme = %self.scheme, error, "a checkpoint was not signed");
            }
        }
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

/// As records spell a time: always three decimals.
pub fn written(at: Timestamp) -> String {
    format!("{at:.3}")
}

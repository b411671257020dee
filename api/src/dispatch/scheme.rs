//! One open scheme: its published state, and the way to its writer.

use super::{
    Clock, Failure, Outcome, Request,
    answers::{failure, internal},
    codec,
    outcomes::is_kept,
    rendered::Rendered,
    writer::{Published, Waiting, Writer},
};
use crate::telemetry::Metrics;
use arc_swap::ArcSwap;
use event_log::{Embedded, EventStore, Operations, Position, SchemeId, StoreError, Vault};
use jiff::{SignedDuration, Timestamp};
use projections::Snapshot;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Instant,
};
use tokio::sync::{oneshot, watch};

/// The most commands that may wait for one writer.
const WAITING_MOST: usize = 4_096;
/// Records read at a time when a scheme is opened.
const PAGE: usize = 8_192;

/// One open scheme.
pub struct OpenScheme {
    published: Arc<Published>,
    operations: Arc<Operations>,
    door: Mutex<Option<Door>>,
    last_used: Mutex<Instant>,
}

struct Door {
    sender: SyncSender<Waiting>,
    thread: JoinHandle<()>,
}

impl OpenScheme {
    /// Reads the scheme's log, folds it and starts its writer. Blocks for as long as that takes.
    pub fn open(
        store: &Arc<Embedded>,
        scheme: &SchemeId,
        clock: &Arc<Mutex<Clock>>,
        metrics: &Metrics,
        rendered: &Arc<Rendered>,
    ) -> Result<Self, Failure> {
        let vault = store
            .vault(scheme)
            .map_err(|error| opening(scheme, &error))?;
        let operations = store
            .operations(scheme)
            .map_err(|error| opening(scheme, &error))?;
        let (snapshot, latest) = fold(store, scheme, &vault)?;
        let now = {
            let mut clock = clock.lock().unwrap_or_else(PoisonError::into_inner);
            clock.begin((snapshot.position() > 0).then_some(latest));
            clock.peek()
        };
        if operations.all().iter().any(|entry| !is_kept(entry, now)) {
            // What is kept too long does no harm; a scheme that cannot be read would.
            if let Err(error) = operations.compact(|entry| is_kept(entry, now)) {
                internal(scheme, &error);
            }
        }
        let snapshot = Arc::new(snapshot);
        let published = Arc::new(Published {
            current: ArcSwap::new(Arc::clone(&snapshot)),
            changes: watch::Sender::new(snapshot),
            clock: Arc::clone(clock),
            rendered: Arc::clone(rendered),
        });
        let writer = Writer {
            scheme: scheme.clone(),
            store: Arc::clone(store),
            vault,
            operations: Arc::clone(&operations),
            published: Arc::clone(&published),
            metrics: metrics.clone(),
            stopped: None,
            latest,
        };
        let (sender, waiting) = sync_channel(WAITING_MOST);
        let thread = std::thread::Builder::new()
            .name(format!("writer {scheme}"))
            .spawn(move || writer.run(&waiting));
        let thread = thread.map_err(|error| internal(scheme, &error))?;
        Ok(Self {
            published,
            operations,
            door: Mutex::new(Some(Door { sender, thread })),
            last_used: Mutex::new(Instant::now()),
        })
    }

    /// The scheme's operations journal.
    pub fn operations(&self) -> Arc<Operations> {
        self.touch();
        Arc::clone(&self.operations)
    }

    /// The state published last.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.touch();
        self.published.current.load_full()
    }

    /// Every state from the present one on; states in between may be skipped.
    pub fn changes(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.touch();
        self.published.changes.subscribe()
    }

    /// Hands a command to the writer and waits for its answer; the command comes back if the scheme has been closed.
    pub async fn execute(
        &self,
        request: Request,
        sequel: Option<Request>,
        rehearse_at: Option<Timestamp>,
    ) -> Result<Result<Outcome, Failure>, (Request, Option<Request>)> {
        self.touch();
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            request,
            sequel,
            rehearse_at,
            answer,
        };
        let sent = {
            let door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
            match &*door {
                Some(door) => door.sender.try_send(waiting),
                None => return Err((waiting.request, waiting.sequel)),
            }
        };
        match sent {
            Ok(()) => Ok(answered.await.unwrap_or(Err(Failure::OutcomeUnknown))),
            Err(TrySendError::Full(_)) => Ok(Err(Failure::Overloaded)),
            Err(TrySendError::Disconnected(_)) => Ok(Err(Failure::ReadOnly)),
        }
    }

    /// Whether nobody has used it for `idle`, and nobody watches it.
    pub fn is_idle(&self, idle: std::time::Duration) -> bool {
        let last_used = *self
            .last_used
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        last_used.elapsed() >= idle && self.published.changes.receiver_count() == 0
    }

    /// Lets the writer finish what waits, and ends it.
    pub fn close(&self) {
        let door = self
            .door
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(Door { sender, thread }) = door {
            drop(sender);
            if thread.join().is_err() {
                tracing::error!("a writer ended badly");
            }
        }
    }

    fn touch(&self) {
        *self
            .last_used
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// Folds the whole log of a scheme; also the instant of its last record.
fn fold(
    store: &Embedded,
    scheme: &SchemeId,
    vault: &Vault,
) -> Result<(Snapshot, Timestamp), Failure> {
    let mut snapshot = Snapshot::default();
    let mut latest = Timestamp::UNIX_EPOCH + SignedDuration::ZERO;
    loop {
        let next = snapshot.position() + 1;
        let page = store
            .read(scheme, Position(next), PAGE)
            .map_err(|error| opening(scheme, &error))?;
        if page.is_empty() {
            return Ok((snapshot, latest));
        }
        for stored in page {
            let position = stored.position.0;
            let halted = |error: &(dyn std::error::Error + 'static)| {
                tracing::error!(%scheme, position, error, "this scheme is halted");
                Failure::Halted { position }
            };
            let record = stored.record().map_err(|error| halted(&error))?;
            let recorded = codec::understand(&record, vault).map_err(|error| halted(&error))?;
            snapshot.fold(&recorded).map_err(|error| halted(&error))?;
            latest = recorded.recorded_at;
        }
    }
}

fn opening(scheme: &SchemeId, error: &StoreError) -> Failure {
    if !matches!(error, StoreError::NotFound(_)) {
        tracing::error!(%scheme, error = error as &dyn std::error::Error, "this scheme cannot be opened");
    }
    failure(error)
}

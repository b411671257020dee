//! One open scheme: its published state, and the way to its writer.

use super::{
    Clock, Failure, Outcome, Request,
    answers::internal,
    beginning::{Beginning, begin, opening},
    keeper::Keeper,
    memory::Budget,
    moments::Moments,
    outcomes, reads,
    reads::Reads,
    rendered::Rendered,
    writer::{Published, Waiting, Writer},
};
use crate::telemetry::Metrics;
use arc_swap::ArcSwap;
use event_log::{Embedded, Entry, Operations, SchemeId};
use jiff::{SignedDuration, Timestamp};
use projections::Snapshot;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::{oneshot, watch};

/// The most commands that may wait for one writer.
const WAITING_MOST: usize = 4_096;

/// What bounds an open scheme.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Events after which a snapshot is written.
    pub snapshot_every: u64,
    /// How long it is kept who read sensitive data.
    pub reads_kept: SignedDuration,
    /// The one budget for what is kept in memory.
    pub memory: Budget,
}

/// One open scheme.
pub struct OpenScheme {
    published: Arc<Published>,
    operations: Arc<Operations>,
    reads: Arc<Reads>,
    keeper: Arc<Keeper>,
    moments: Arc<Moments>,
    door: Mutex<Option<Door>>,
    last_used: Mutex<Instant>,
}

struct Door {
    sender: SyncSender<Waiting>,
    thread: JoinHandle<()>,
}

impl OpenScheme {
    /// Folds the scheme's log, from its snapshot on where there is one, and starts its writer. Blocks for as long as
    /// that takes.
    pub fn open(
        store: &Arc<Embedded>,
        scheme: &SchemeId,
        clock: &Arc<Mutex<Clock>>,
        metrics: &Metrics,
        rendered: &Arc<Rendered>,
        bounds: Bounds,
    ) -> Result<Self, Failure> {
        let Bounds {
            snapshot_every,
            reads_kept,
            memory,
        } = bounds;
        let Beginning {
            vault,
            snapshot,
            kept_at,
        } = begin(store, scheme)?;
        let latest = snapshot.trail.latest().unwrap_or(Timestamp::UNIX_EPOCH);
        let operations = store
            .operations(scheme)
            .map_err(|error| opening(scheme, &error))?;
        let now = {
            let mut clock = clock.lock().unwrap_or_else(PoisonError::into_inner);
            clock.begin((snapshot.position() > 0).then_some(latest));
            clock.peek()
        };
        let is_kept =
            |entry: &Entry| outcomes::is_kept(entry, now) && reads::is_kept(entry, now, reads_kept);
        if operations.any(|entry| !is_kept(entry)) {
            // What is kept too long does no harm; a scheme that cannot be read would.
            if let Err(error) = operations.compact(is_kept) {
                internal(scheme, &error);
            }
        }
        let snapshot = Arc::new(snapshot);
        let moments = Arc::new(Moments::new(store, scheme, &vault, memory));
        let published = Arc::new(Published {
            moments: Arc::clone(&moments),
            current: ArcSwap::new(Arc::clone(&snapshot)),
            changes: watch::Sender::new(Arc::clone(&snapshot)),
            clock: Arc::clone(clock),
            rendered: Arc::clone(rendered),
            stopped: AtomicBool::new(false),
        });
        let reads = Arc::new(Reads::new(scheme, &operations, &vault));
        let keeper = Arc::new(Keeper::new(store, scheme, &vault, kept_at, snapshot_every));
        keeper.look(&snapshot);
        store
            .let_index_go(scheme)
            .map_err(|error| opening(scheme, &error))?;
        let writer = Writer {
            scheme: scheme.clone(),
            store: Arc::clone(store),
            vault,
            operations: Arc::clone(&operations),
            published: Arc::clone(&published),
            keeper: Arc::clone(&keeper),
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
            reads,
            keeper,
            moments,
            door: Mutex::new(Some(Door { sender, thread })),
            last_used: Mutex::new(Instant::now()),
        })
    }

    /// The scheme's operations journal.
    pub fn operations(&self) -> Arc<Operations> {
        self.touch();
        Arc::clone(&self.operations)
    }

    /// Who was given sensitive data.
    pub fn reads(&self) -> Arc<Reads> {
        self.touch();
        Arc::clone(&self.reads)
    }

    /// Its earlier states.
    pub fn moments(&self) -> Arc<Moments> {
        self.touch();
        Arc::clone(&self.moments)
    }

    /// What its earlier states are taken to hold, in bytes. Looking at it does not count as using it.
    pub fn moments_bytes(&self) -> u64 {
        self.moments.bytes()
    }

    /// Throws its earlier states away: they can be folded again.
    pub fn forget_moments(&self) {
        self.moments.forget();
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

    /// How long nobody has used it; nothing if it must stay open because somebody watches it, or because it has
    /// stopped: one that stopped stays as it is until the service is restarted.
    pub fn idle_for(&self) -> Option<Duration> {
        let watched = self.published.changes.receiver_count() > 0;
        let stopped = self.published.stopped.load(Ordering::SeqCst);
        let last_used = *self
            .last_used
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        (!watched && !stopped).then(|| last_used.elapsed())
    }

    /// The position it has reached. Looking at it does not count as using it.
    pub fn position(&self) -> u64 {
        self.published.current.load().position()
    }

    /// Lets the writer finish what waits, ends it, and leaves a snapshot for the next start.
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
            self.keeper.finish(&self.published.current.load());
        }
    }

    fn touch(&self) {
        *self
            .last_used
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

//! The schemes of a data directory: opened when asked for, closed when idle.

mod closing;
mod log;
mod moments;
mod options;
mod reading;

pub use log::{NotProved, first_over};
pub use options::{MasterKeys, Options, StartError, System};

use super::{
    Clock, Failure, Outcome, Request,
    answers::{failure, internal},
    judge::{day, first_outcome},
    rendered::{self, Rendered},
    scheme::{Bounds, OpenScheme},
    tokens::Tokens,
};
use crate::{identity::key::TokenKey, outside, telemetry::Metrics};
use axum::body::Bytes;
use domain::Command;
use event_log::{Embedded, EventStore, Kind, Operations, Position, Record, SchemeId, VerifierKey};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Mutex as Gate, Semaphore, watch};

/// How long a read waits for a version that has not been published yet.
const VERSION_PATIENCE: Duration = Duration::from_secs(2);

/// Earlier states that are folded at the same time.
const FOLDING_AT_ONCE: usize = 2;

/// The schemes of a data directory. Cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    store: Arc<Embedded>,
    tokens: Tokens,
    key: TokenKey,
    metrics: Metrics,
    anchor: Timestamp,
    idle_after: Duration,
    bounds: Bounds,
    /// Held by whoever looks after the budget.
    closing: Gate<()>,
    slots: Mutex<BTreeMap<SchemeId, Arc<Slot>>>,
    rendered: Arc<Rendered>,
    /// Whose lines under checkpoints are kept.
    witnesses: Arc<[VerifierKey]>,
    /// Whoever folds an earlier state holds one of these.
    folding: Arc<Semaphore>,
}

/// A scheme's place: whoever wants it opened waits at the gate for whoever opens it.
struct Slot {
    gate: Gate<Place>,
    /// Goes on while the scheme is closed.
    clock: Arc<Mutex<Clock>>,
}

/// What stands at a scheme's place.
#[derive(Default)]
enum Place {
    #[default]
    Closed,
    Open(Arc<OpenScheme>),
    /// Its log is damaged or cannot be understood from this position on. It is not read again until a restart.
    Halted(u64),
}

impl Place {
    const fn open(&self) -> Option<&Arc<OpenScheme>> {
        match self {
            Self::Open(open) => Some(open),
            Self::Closed | Self::Halted(_) => None,
        }
    }
}

impl Platform {
    /// Takes hold of a data directory. No scheme is opened yet.
    pub fn open(options: &Options, metrics: Metrics) -> Result<Self, StartError> {
        let store = Embedded::open(&options.directory, options.for_log())?;
        if store.is_between_master_keys() {
            tracing::warn!(
                "a rotation of the master key is not finished: stop the service and run `alongside keys rotate` again"
            );
        }
        let key = TokenKey::open(&options.directory)?;
        let rendered = Rendered::default();
        let share = usize::try_from(options.memory.rendered_answers());
        rendered.set_bytes_most(share.unwrap_or(usize::MAX));
        Ok(Self(Arc::new(Inner {
            store: Arc::new(store),
            tokens: Tokens::new(&key.derive("alongside opaque tokens 1")),
            key,
            metrics,
            anchor: options.anchor,
            idle_after: options.idle_after,
            bounds: Bounds {
                snapshot_every: options.snapshot_every,
                reads_kept: options.reads_kept,
                memory: options.memory,
            },
            closing: Gate::default(),
            slots: Mutex::default(),
            rendered: Arc::new(rendered),
            witnesses: options.witnesses.clone().into(),
            folding: Arc::new(Semaphore::new(FOLDING_AT_ONCE)),
        })))
    }

    /// Judges a command and, if the rules say yes, records it. Answers once that is durable.
    pub async fn execute(&self, scheme: &str, request: Request) -> Result<Outcome, Failure> {
        self.send(scheme, request, None, None).await
    }

    /// As [`Self::execute`], and `sequel` right after it in the same group if it recorded something: both are durable
    /// or neither is. The events of both come back, each under the identifier of its own command.
    pub async fn execute_both(
        &self,
        scheme: &str,
        request: Request,
        sequel: Request,
    ) -> Result<Outcome, Failure> {
        self.send(scheme, request, Some(sequel), None).await
    }

    /// As [`Self::execute`], with a rehearsal's clock set to `at` first.
    pub async fn execute_at(
        &self,
        scheme: &str,
        request: Request,
        at: Option<Timestamp>,
    ) -> Result<Outcome, Failure> {
        self.send(scheme, request, None, at).await
    }

    async fn send(
        &self,
        scheme: &str,
        mut request: Request,
        mut sequel: Option<Request>,
        at: Option<Timestamp>,
    ) -> Result<Outcome, Failure> {
        if matches!(request.command, Command::OpenScheme(_))
            && !self.exists(&scheme_id(scheme)?).await?
        {
            // Judged before anything is made, so that a "no" leaves no empty scheme behind.
            let first = first_outcome(scheme, &request, outside::wall_clock());
            if request.validate_only || matches!(first, Outcome::Rejected(_)) {
                return Ok(first);
            }
            self.create(scheme).await?;
        }
        // Closed between the look-up and the sending: opened anew, the second time at the latest.
        for _ in 0..3 {
            let open = self.scheme(scheme).await?;
            match open.execute(request, sequel, at).await {
                Ok(answer) => return answer,
                Err(unsent) => (request, sequel) = unsent,
            }
        }
        Err(Failure::Overloaded)
    }

    /// The state of a scheme published last.
    pub async fn snapshot(&self, scheme: &str) -> Result<Arc<Snapshot>, Failure> {
        Ok(self.scheme(scheme).await?.snapshot())
    }

    /// The operations journal of a scheme, for what is beside the rules. Ask for it each time: one from before a closing
    /// is read-only.
    pub async fn operations(&self, scheme: &str) -> Result<Arc<Operations>, Failure> {
        Ok(self.scheme(scheme).await?.operations())
    }

    /// A state of a scheme at `position` or later, waited for a little.
    pub async fn snapshot_at_least(
        &self,
        scheme: &str,
        position: u64,
    ) -> Result<Arc<Snapshot>, Failure> {
        let mut changes = self.changes(scheme).await?;
        let reached = changes.wait_for(|snapshot| snapshot.position() >= position);
        match tokio::time::timeout(VERSION_PATIENCE, reached).await {
            Ok(Ok(snapshot)) => Ok(Arc::clone(&snapshot)),
            Ok(Err(_)) | Err(_) => Err(Failure::VersionNotReached),
        }
    }

    /// Every state of a scheme from the present one on; states in between may be skipped.
    pub async fn changes(&self, scheme: &str) -> Result<watch::Receiver<Arc<Snapshot>>, Failure> {
        Ok(self.scheme(scheme).await?.changes())
    }

    /// Records from the log, in the order asked for.
    pub async fn records(&self, scheme: &str, positions: &[u64]) -> Result<Vec<Record>, Failure> {
        let id = scheme_id(scheme)?;
        let positions = positions.to_vec();
        let store = Arc::clone(&self.0.store);
        blocking(move || {
            let mut records = Vec::with_capacity(positions.len());
            for position in positions {
                let stored = store
                    .read(&id, Position(position), 1)
                    .map_err(|error| failure(&error))?;
                let stored = stored.first().ok_or(Failure::VersionNotReached)?;
                records.push(stored.record().map_err(|error| internal(&id, &error))?);
            }
            Ok(records)
        })
        .await
    }

    /// The answer kept under `key`, if what it rests on is still what it was.
    pub async fn rendered(&self, key: &rendered::Key) -> Option<Bytes> {
        let scheme = self.0.rendered.scheme(key)?;
        let snapshot = self.snapshot(&scheme).await.ok()?;
        let today = self.today(&scheme, &snapshot);
        self.0.rendered.find(key, &snapshot, today)
    }

    /// Keeps an answer for whoever puts the same question, unless the scheme has moved on meanwhile.
    pub async fn keep_rendered(&self, key: rendered::Key, basis: &rendered::Basis, body: Bytes) {
        if let Ok(open) = self.scheme(&basis.scheme).await {
            let is_current = || Arc::ptr_eq(&open.snapshot(), &basis.state);
            self.0.rendered.keep(key, basis, body, is_current);
        }
    }

    /// The answers that are kept, for whoever bounds them or destroys keys.
    #[must_use]
    pub fn answers(&self) -> &Rendered {
        &self.0.rendered
    }

    /// The names of the schemes there are.
    pub async fn schemes(&self) -> Result<Vec<String>, Failure> {
        let store = Arc::clone(&self.0.store);
        blocking(move || {
            let schemes = store.schemes().map_err(|error| failure(&error))?;
            Ok(schemes.iter().map(ToString::to_string).collect())
        })
        .await
    }

    /// The present of a scheme, by its own clock.
    #[must_use]
    pub fn now(&self, scheme: &str) -> Timestamp {
        let slots = self.slots();
        let slot = SchemeId::new(scheme).ok().and_then(|id| slots.get(&id));
        match slot {
            Some(slot) => slot
                .clock
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .peek(),
            None => self.new_clock().peek(),
        }
    }

    /// The day it is in a scheme, by its own clock and in the time zone that `snapshot` knows.
    #[must_use]
    pub fn today(&self, scheme: &str, snapshot: &Snapshot) -> Date {
        day(snapshot, self.now(scheme))
    }

    fn new_clock(&self) -> Clock {
        match self.0.store.kind() {
            Kind::Live => Clock::wall(),
            Kind::Rehearsal => Clock::rehearsal(self.0.anchor),
        }
    }

    fn new_slot(&self) -> Arc<Slot> {
        Arc::new(Slot {
            gate: Gate::default(),
            clock: Arc::new(Mutex::new(self.new_clock())),
        })
    }

    /// The maker of versions and cursors.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// The key of the data directory.
    #[must_use]
    pub fn key(&self) -> &TokenKey {
        &self.0.key
    }

    /// The log, for what is beside the rules: idempotency keys, status.
    #[must_use]
    pub fn store(&self) -> &Arc<Embedded> {
        &self.0.store
    }

    /// The figures.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Whether the directory is for rehearsals.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.0.store.kind() == Kind::Rehearsal
    }

    /// Where the data are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.0.store.directory()
    }

    /// Makes an empty log for a scheme, unless there is one.
    async fn create(&self, scheme: &str) -> Result<(), Failure> {
        let (id, store) = (scheme_id(scheme)?, Arc::clone(&self.0.store));
        blocking(move || match store.create(&id) {
            Ok(()) | Err(event_log::StoreError::Exists(_)) => Ok(()),
            Err(error) => Err(failure(&error)),
        })
        .await
    }

    async fn scheme(&self, scheme: &str) -> Result<Arc<OpenScheme>, Failure> {
        let id = scheme_id(scheme)?;
        let slot = self.slot(&id).await?;
        let mut place = slot.gate.lock().await;
        match &*place {
            Place::Open(open) => {
                // What a snapshot answered for is proved after the opening.
                if let Err(error) = self.0.store.sound(&id) {
                    return Err(failure(&error));
                }
                return Ok(Arc::clone(open));
            }
            Place::Halted(position) => {
                return Err(Failure::Halted {
                    position: *position,
                });
            }
            Place::Closed => {}
        }
        let (inner, clock) = (Arc::clone(&self.0), Arc::clone(&slot.clock));
        let opened = blocking(move || {
            OpenScheme::open(
                &inner.store,
                &id,
                &clock,
                &inner.metrics,
                &inner.rendered,
                inner.bounds,
            )
        });
        let open = match opened.await {
            Ok(open) => Arc::new(open),
            Err(failure) => {
                if let Failure::Halted { position } = failure {
                    *place = Place::Halted(position);
                }
                return Err(failure);
            }
        };
        *place = Place::Open(Arc::clone(&open));
        drop(place);
        // Whoever asked does not wait until others are closed.
        let platform = self.clone();
        tokio::spawn(async move { platform.keep_within_budget().await });
        Ok(open)
    }

    /// The place of a scheme that exists: a name that does not must not take a place for ever.
    async fn slot(&self, id: &SchemeId) -> Result<Arc<Slot>, Failure> {
        if let Some(slot) = self.slots().get(id) {
            return Ok(Arc::clone(slot));
        }
        if !self.exists(id).await? {
            return Err(Failure::UnknownScheme(id.to_string()));
        }
        let mut slots = self.slots();
        let slot = slots.entry(id.clone()).or_insert_with(|| self.new_slot());
        Ok(Arc::clone(slot))
    }

    fn slots(&self) -> MutexGuard<'_, BTreeMap<SchemeId, Arc<Slot>>> {
        self.0.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn exists(&self, scheme: &SchemeId) -> Result<bool, Failure> {
        let (store, id) = (Arc::clone(&self.0.store), scheme.clone());
        blocking(move || Ok(store.exists(&id))).await
    }

    /// Ends every writer and closes the directory the clean way.
    pub async fn shut_down(&self) {
        let slots: Vec<(SchemeId, Arc<Slot>)> = {
            let slots = self.slots();
            let all = slots
                .iter()
                .map(|(id, slot)| (id.clone(), Arc::clone(slot)));
            all.collect()
        };
        for (id, slot) in slots {
            let mut place = slot.gate.lock().await;
            if let Place::Open(open) = std::mem::take(&mut *place) {
                self.close(&id, open).await;
            }
        }
        self.0.metrics.set_open_schemes(0);
        let store = Arc::clone(&self.0.store);
        let closed = blocking(move || {
            store.close().map_err(|error| {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the directory was not closed cleanly"
                );
                Failure::Internal
            })
        });
        let _said = closed.await;
    }
}

fn scheme_id(scheme: &str) -> Result<SchemeId, Failure> {
    SchemeId::new(scheme).map_err(|_| Failure::UnknownScheme(scheme.chars().take(64).collect()))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::Internal),
    }
}

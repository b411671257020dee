//! The index: sled, following the journal on a thread of its own.
//!
//! It is never on the path of an acknowledgement and never the last word. Until it has caught up, and
//! whenever it fails, the journal answers instead. There is no queue between the two: the thread reads the
//! journal itself in pages, so a slow index costs no memory. Writers wait for one that falls too far behind, but only
//! while it moves ([`pressure`]).

mod following;
mod growth;
mod pressure;
mod tiles;
mod trees;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use uuid::Uuid;

use crate::embedded::Options;
use crate::journal::Journal;
use crate::record::{Position, SchemeId};
use crate::signal::Signal;
use crate::store::{StoreError, Stored};
use pressure::Pressure;
pub(crate) use tiles::IndexTiles;
use trees::{Applied, Trees, read_proof, write_proof};

/// Records of one transaction.
const BATCH_RECORDS: usize = 512;
/// How far an index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexStatus {
    /// The last position it holds; zero until it has been opened and checked.
    pub applied: Position,
    /// The head of the journal.
    pub head: Position,
    /// It is being opened or built, or follows. `false` when switched off or given up.
    pub running: bool,
}

/// The index of one open scheme.
pub(crate) struct Index {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Called once with what was found if the index remembers more than the journal holds.
pub(crate) type Condemn = Box<dyn Fn(StoreError) + Send>;

struct Shared {
    scheme: SchemeId,
    directory: PathBuf,
    options: Options,
    journal: Arc<Journal>,
    signal: Arc<Signal>,
    state: RwLock<Option<(Trees, Applied)>>,
    stop: AtomicBool,
    /// Waits until it is let go: whoever opens a scheme has better use for the processor at first.
    held: AtomicBool,
    running: AtomicBool,
    /// A read found something wrong: build it anew.
    suspect: AtomicBool,
    pressure: Pressure,
}

impl Index {
    /// The head that an index in `directory` proves the journal once had.
    pub(crate) fn proven_head(directory: &Path) -> Position {
        read_proof(directory)
    }

    /// Notes that the journal reaches `head`, for [`Index::proven_head`] at the next opening.
    pub(crate) fn note_head(directory: &Path, head: Position) {
        write_proof(directory, head);
    }

    /// Starts the thread and returns at once.
    pub(crate) fn start(
        scheme: &SchemeId,
        directory: PathBuf,
        options: &Options,
        journal: Arc<Journal>,
        signal: Arc<Signal>,
        condemn: Condemn,
    ) -> Self {
        let running = options.index;
        let shared = Arc::new(Shared {
            scheme: scheme.clone(),
            directory,
            options: options.clone(),
            journal,
            signal,
            state: RwLock::new(None),
            stop: AtomicBool::new(false),
            held: AtomicBool::new(options.index_held),
            running: AtomicBool::new(running),
            suspect: AtomicBool::new(false),
            pressure: Pressure::new(options.index_lag_records),
        });
        let thread = running.then(|| {
            let (shared, name) = (Arc::clone(&shared), format!("index {scheme}"));
            thread::Builder::new()
                .name(name)
                .spawn(move || shared.run(&condemn))
        });
        let thread = thread.and_then(|spawned| {
            let failed = |error| {
                tracing::warn!(%scheme, %error, "the index has no thread");
                shared.running.store(false, Ordering::SeqCst);
            };
            spawned.map_err(failed).ok()
        });
        Self {
            shared,
            thread: Mutex::new(thread),
        }
    }

    /// Lets an index go that was held back.
    pub(crate) fn let_go(&self) {
        self.shared.held.store(false, Ordering::SeqCst);
        if let Some(thread) = &*self.thread.lock().unwrap_or_else(PoisonError::into_inner) {
            thread.thread().unpark();
        }
    }

    /// Waits until it is not too far behind the journal, as long as it moves.
    pub(crate) fn wait_until_near(&self) {
        self.shared.pressure.wait(self.shared.journal.head());
    }

    /// How far it is.
    pub(crate) fn status(&self) -> IndexStatus {
        IndexStatus {
            applied: self.shared.applied(),
            head: self.shared.journal.head(),
            running: self.shared.running.load(Ordering::SeqCst),
        }
    }

    /// One record, if the index holds it unharmed.
    pub(crate) fn record(&self, position: Position) -> Option<Stored> {
        let (trees, applied) = self.shared.open_trees()?;
        if position > applied.head || position < Position::FIRST {
            return None;
        }
        let found = trees.record(position).unwrap_or_default();
        if found.is_none() {
            self.shared.suspect();
        }
        found
    }

    /// The first `limit` positions after `after` that concern `subject`, with the journal's help for what
    /// is not indexed yet.
    pub(crate) fn by_subject(
        &self,
        subject: Uuid,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Position>, StoreError> {
        let mut found = Vec::new();
        let mut indexed = Position::ZERO;
        if let Some((trees, applied)) = self.shared.open_trees() {
            if let Ok(positions) = trees.by_subject(subject, after, limit) {
                // A batch may have landed since `applied` was read; what it added is found below.
                found.extend(positions.into_iter().filter(|at| *at <= applied.head));
                indexed = applied.head;
            } else {
                self.shared.suspect();
            }
        }
        let mut from = after.max(indexed).next();
        while found.len() < limit {
            let page = self.shared.journal.read(from, BATCH_RECORDS)?;
            let Some(last) = page.last() else { break };
            from = last.position.next();
            for stored in &page {
                if found.len() < limit && subjects_of(stored)?.contains(&subject) {
                    found.push(stored.position);
                }
            }
        }
        Ok(found)
    }

    /// Stops the thread and lets go of sled's files.
    pub(crate) fn stop(&self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.shared.pressure.release();
        self.shared.signal.wake();
        self.let_go();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::warn!(scheme = %self.shared.scheme, "the index thread panicked");
        }
        self.shared.set(None);
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        // The thread holds the journal; it must not outlive the scheme that is dropped without being closed.
        self.stop();
    }
}

impl Shared {
    fn open_trees(&self) -> Option<(Trees, Applied)> {
        self.state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn applied(&self) -> Position {
        self.state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map_or(Position::ZERO, |(_, at)| at.head)
    }

    fn set(&self, state: Option<(Trees, Applied)>) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn suspect(&self) {
        self.suspect.store(true, Ordering::SeqCst);
        self.signal.wake();
    }

    fn stopping(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Index({})", self.shared.scheme)
    }
}

/// What a journal that ends before `proven` is called.
pub(crate) fn ahead(proven: Position, head: Position) -> StoreError {
    let reason =
        format!("position {proven} is known to have existed, but the journal ends at {head}");
    StoreError::Damaged {
        position: head.next(),
        reason,
    }
}

/// The subjects of a record, read without the rest of it.
fn subjects_of(stored: &Stored) -> Result<Vec<Uuid>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Subjects {
        subjects: Vec<Uuid>,
    }
    let damaged = |_| StoreError::Damaged {
        position: stored.position,
        reason: "it cannot be read".to_owned(),
    };
    serde_json::from_slice::<Subjects>(&stored.bytes)
        .map(|found| found.subjects)
        .map_err(damaged)
}

//! The index: sled, following the journal on a thread of its own.
//!
//! It is never on the path of an acknowledgement and never the last word. Until it has caught up, and
//! whenever it fails, the journal answers instead. There is no queue between the two: the thread reads the
//! journal itself in pages, so a slow index costs no memory. Writers wait for one that falls too far behind, but only
//! while it moves ([`pressure`]).

mod growth;
mod pressure;
mod tiles;
mod trees;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::embedded::{Options, Progress};
use crate::journal::Journal;
use crate::merkle::leaf_head;
use crate::record::{Position, Record, RecordError, SchemeId};
use crate::signal::Signal;
use crate::store::{StoreError, Stored};
use pressure::Pressure;
pub(crate) use tiles::IndexTiles;
use trees::{Applied, Followed, Trees, TreesError, read_proof, write_proof};

/// Records of one transaction.
const BATCH_RECORDS: usize = 512;
/// How long sled may take to open, and how much longer for so many records: ten times what was ever measured.
const OPEN_PATIENCE: Duration = Duration::from_secs(20);
const OPEN_RECORDS_A_SECOND: u64 = 10_000;
/// How often a thread that waits for sled looks whether it shall stop.
const OPEN_LOOK: Duration = Duration::from_millis(20);
/// How long the thread lets records gather once it has caught up: one transaction of many costs a fraction of many of
/// one, and nobody waits for it.
const GATHERING: Duration = Duration::from_millis(20);
/// How long the thread sleeps at most before it looks around.
const IDLE: Duration = Duration::from_mins(1);

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
    /// The thread: open, follow, and start again with an empty index when the old one is no good.
    fn run(&self, condemn: &Condemn) {
        while self.held.load(Ordering::SeqCst) {
            thread::park();
        }
        let mut rebuilt = false;
        while !self.stopping() {
            let failure = match self
                .open()
                .and_then(|(trees, applied)| self.follow(&trees, applied))
            {
                Ok(()) => break,
                Err(failure) => failure,
            };
            self.set(None);
            self.pressure.release();
            if self.stopping() {
                break;
            }
            match failure {
                Failure::Ahead(found) => {
                    condemn(found);
                    break;
                }
                // Nothing to build it from: whoever reads will hear of it.
                Failure::Journal(_) => break,
                Failure::Trees(_) => {}
            }
            tracing::warn!(scheme = %self.scheme, "the index is built anew");
            // Twice in a row means that the disk, not the index, is at fault. The journal answers on.
            if (rebuilt && !self.suspect.load(Ordering::SeqCst)) || !self.set_aside() {
                break;
            }
            self.suspect.store(false, Ordering::SeqCst);
            rebuilt = true;
        }
        self.pressure.release();
        self.running.store(false, Ordering::SeqCst);
    }

    /// Opens the trees and compares them with the journal.
    fn open(&self) -> Result<(Trees, Applied), Failure> {
        let (trees, applied, counted) = self.open_in_time()?;
        let head = self.journal.head();
        if applied.head > head {
            return Err(Failure::Ahead(ahead(applied.head, head)));
        }
        if let Some(last) = self.journal.read(applied.head, 1)?.first()
            && applied.head >= Position::FIRST
            && <[u8; 32]>::from(Sha256::digest(&last.bytes)) != applied.record_sha256
        {
            return Err(TreesError::Disagrees("its last record is not the journal's").into());
        }
        counted?;
        Ok((trees, applied))
    }

    /// Opens sled and counts what it holds, on a thread of its own that is left behind if it never comes back: a file
    /// of sled's that was cut can make it read for ever, and then neither a rebuild nor a stop would come about.
    fn open_in_time(&self) -> Result<(Trees, Applied, Result<(), TreesError>), Failure> {
        let (sender, opened) = mpsc::channel();
        let (directory, cache_bytes) = (self.directory.clone(), self.options.index_cache_bytes);
        let spawned = thread::Builder::new()
            .name("index opens".to_owned())
            .spawn(move || {
                let opened = Trees::open(&directory, cache_bytes).and_then(|trees| {
                    let applied = trees.applied()?;
                    let counted = trees.check_counts(&applied);
                    Ok((trees, applied, counted))
                });
                let _too_late = sender.send(opened);
            });
        if spawned.is_err() {
            return Err(TreesError::Disagrees("it has no thread to open on").into());
        }
        let patience =
            OPEN_PATIENCE + Duration::from_secs(self.journal.head().0 / OPEN_RECORDS_A_SECOND);
        let began = Instant::now();
        while began.elapsed() < patience && !self.stopping() {
            match opened.recv_timeout(OPEN_LOOK) {
                Ok(opened) => return Ok(opened?),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(TreesError::Panicked.into()),
            }
        }
        Err(TreesError::Disagrees("it does not open in time").into())
    }

    /// Applies page after page until told to stop.
    fn follow(&self, trees: &Trees, mut applied: Applied) -> Result<(), Failure> {
        self.set(Some((trees.clone(), applied)));
        let mut building = true;
        while !self.stopping() {
            if self.suspect.load(Ordering::SeqCst) {
                return Err(TreesError::Disagrees("a read found it changed").into());
            }
            let page = self.journal.read(applied.head.next(), BATCH_RECORDS)?;
            if page.is_empty() {
                let stop = || self.stopping() || self.suspect.load(Ordering::SeqCst);
                self.signal.wait(applied.head.next(), IDLE, stop);
                continue;
            }
            let caught_up = page.len() < BATCH_RECORDS;
            let batch = page.into_iter().map(followed);
            applied = trees.apply(&applied, &batch.collect::<Result<Vec<_>, _>>()?)?;
            write_proof(&self.directory, applied.head);
            self.set(Some((trees.clone(), applied)));
            building = building && self.report(applied.head);
            self.pressure.followed_to(applied.head, self.journal.head());
            if caught_up && !self.stopping() {
                thread::sleep(GATHERING);
            }
        }
        Ok(())
    }

    /// Tells how far it is while it catches up; answers whether it still does. Afterwards nobody cares.
    fn report(&self, done: Position) -> bool {
        let total = self.journal.head();
        if let Some(progress) = &self.options.progress {
            progress(&Progress {
                scheme: self.scheme.clone(),
                done,
                total,
            });
        }
        done < total
    }

    /// Gives the index another name; tells whether its own is free now.
    fn set_aside(&self) -> bool {
        let label = (self.options.label)();
        let name = |number: u32| match number {
            1 => format!("index.set-aside-{label}"),
            _ => format!("index.set-aside-{label}-{number}"),
        };
        let free = (1..1000)
            .map(|number| self.directory.with_file_name(name(number)))
            .find(|path| !path.exists());
        let Some(target) = free else { return false };
        match std::fs::rename(&self.directory, &target) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(scheme = %self.scheme, %error, "the index could not be set aside");
                error.kind() == std::io::ErrorKind::NotFound
            }
        }
    }

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

/// A record as the index takes it, with its leaf.
fn followed(stored: Stored) -> Result<Followed, StoreError> {
    let damaged = |error: RecordError| StoreError::Damaged {
        position: stored.position,
        reason: error.to_string(),
    };
    let record = Record::parse(&stored.bytes).map_err(damaged)?;
    let leaf = leaf_head(&record.leaf().map_err(damaged)?);
    Ok(Followed {
        subjects: record.subjects,
        leaf,
        stored,
    })
}

/// Why the thread must begin again, or end.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Trees(#[from] TreesError),
    #[error("the journal could not be read")]
    Journal(#[from] StoreError),
    #[error("the index is ahead of the journal")]
    Ahead(#[source] StoreError),
}

//! The thread of an index: opens sled, follows the journal, and begins again with an empty index when the old one is no good.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::trees::{Applied, Followed, Trees, TreesError, write_proof};
use super::{BATCH_RECORDS, Condemn, Shared, ahead};
use crate::embedded::Progress;
use crate::merkle::leaf_head;
use crate::record::{Position, Record, RecordError};
use crate::store::{StoreError, Stored};

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

impl Shared {
    /// The thread: open, follow, and start again with an empty index when the old one is no good.
    pub(super) fn run(&self, condemn: &Condemn) {
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

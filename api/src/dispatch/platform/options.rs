//! How a data directory is opened, and why it may not be.

use crate::{
    dispatch::{memory::Budget, snapshots},
    outside,
};
use event_log::{Entropy, Kind, MasterKeySource, OpenError, VerifierKey};
use jiff::{SignedDuration, Timestamp};
use std::{path::PathBuf, sync::Arc, time::Duration};
use thiserror::Error;

/// How a data directory is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory.
    pub directory: PathBuf,
    /// What to make if there is none; nothing, if absent.
    pub create: Option<Kind>,
    /// Where a rehearsal's clock begins in a scheme of which nothing is recorded yet.
    pub anchor: Timestamp,
    /// How long a scheme stays open that nobody uses.
    pub idle_after: Duration,
    /// The size in bytes from which a journal's segment is full; the log's own choice, if absent.
    pub segment_bytes: Option<u64>,
    /// Where the master key is.
    pub master_keys: MasterKeys,
    /// Whether sled follows each scheme's journal. Without it every read goes to the journal.
    pub index: bool,
    /// The most memory, estimated, for everything that is kept to answer quickly.
    pub memory: Budget,
    /// Events after which a snapshot of a scheme is written in the background.
    pub snapshot_every: u64,
    /// What the origin of every log begins with; the log's own choice, if absent.
    pub log_origin: Option<String>,
    /// Outside witnesses whose lines under checkpoints are kept.
    pub witnesses: Vec<VerifierKey>,
    /// How long it is kept who was given sensitive data.
    pub reads_kept: SignedDuration,
    /// Another disk than the operating system's, so that one can be made to fail.
    pub disk: Option<Arc<dyn event_log::disk::Disk>>,
}

impl Options {
    /// What is there, and nothing made.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            create: None,
            anchor: Timestamp::UNIX_EPOCH,
            idle_after: Duration::from_mins(15),
            segment_bytes: None,
            master_keys: MasterKeys::default(),
            index: true,
            memory: Budget::default(),
            snapshot_every: 20_000,
            log_origin: None,
            witnesses: Vec::new(),
            reads_kept: SignedDuration::from_hours(731 * 24),
            disk: None,
        }
    }

    /// The same for the log.
    pub(super) fn for_log(&self) -> event_log::Options {
        let log = event_log::Options::new(Arc::new(System))
            .index_cache_bytes(self.memory.index_of_one())
            .snapshots(snapshots::FINGERPRINT.as_bytes())
            .hold_index()
            .label(|| {
                outside::wall_clock()
                    .strftime("%Y-%m-%dT%H%M%SZ")
                    .to_string()
            });
        let log = match self.create {
            Some(kind) => log.create(kind),
            None => log,
        };
        let log = log.progress(|progress| {
            tracing::info!(scheme = %progress.scheme, done = progress.done.0, total = progress.total.0, "an index is being built");
        });
        let log = self.master_keys.clone().apply(log);
        let log = if self.index { log } else { log.without_index() };
        let log = match &self.disk {
            Some(disk) => log.disk(Arc::clone(disk)),
            None => log,
        };
        let log = match &self.log_origin {
            Some(origin) => log.log_origin(origin),
            None => log,
        };
        match self.segment_bytes {
            Some(bytes) => log.segment_bytes(bytes),
            None => log,
        }
    }
}

/// The master key, and the one that is about to follow it.
#[derive(Debug, Clone, Default)]
pub struct MasterKeys {
    /// The one in use.
    pub current: MasterKeySource,
    /// Its successor, where one is named.
    pub next: Option<MasterKeySource>,
}

impl MasterKeys {
    /// Tells the log where its keys are.
    #[must_use]
    pub fn apply(self, options: event_log::Options) -> event_log::Options {
        let options = options.master_key_from(self.current);
        match self.next {
            Some(next) => options.next_master_key(next),
            None => options,
        }
    }
}

/// Why a data directory cannot be served.
#[derive(Debug, Error)]
pub enum StartError {
    /// The directory itself.
    #[error(transparent)]
    Directory(#[from] OpenError),
    /// Its token key.
    #[error(transparent)]
    Key(#[from] crate::identity::key::KeyError),
}

/// The operating system's generator.
pub struct System;

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) {
        outside::fill_random(bytes);
    }
}

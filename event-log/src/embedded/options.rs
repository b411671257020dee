//! What a caller decides about an embedded store.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::disk::{Disk, RealDisk};
use crate::entropy::Entropy;
use crate::record::{Position, SchemeId};
use crate::sealing::MasterKeySource;

/// Whether a directory holds the real thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Real schemes about real people.
    Live,
    /// Demonstrations and rehearsals, on a clock of their own.
    Rehearsal,
}

/// How far an index has been built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Whose index.
    pub scheme: SchemeId,
    /// Where it is.
    pub done: Position,
    /// Where it has to get.
    pub total: Position,
}

/// Called from the index's own thread; must not call back into the store.
pub type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Everything that can be chosen. Made with [`Options::new`], changed by the methods of the same names.
#[derive(Clone)]
pub struct Options {
    pub(crate) create: Option<Kind>,
    pub(crate) segment_bytes: u64,
    pub(crate) index_cache_bytes: u64,
    pub(crate) index: bool,
    pub(crate) index_held: bool,
    pub(crate) index_lag_records: u64,
    pub(crate) fingerprint: Option<Arc<[u8]>>,
    pub(crate) master_key: MasterKeySource,
    pub(crate) next: Option<MasterKeySource>,
    pub(crate) log_origin: String,
    pub(crate) label: Arc<dyn Fn() -> String + Send + Sync>,
    pub(crate) progress: Option<OnProgress>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) disk: Arc<dyn Disk>,
}

impl Options {
    /// Opens what is there, with segments of 64 MiB and an index cache of 32 MiB a scheme.
    #[must_use]
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self {
            create: None,
            segment_bytes: 64 << 20,
            index_cache_bytes: 32 << 20,
            index: true,
            index_held: false,
            index_lag_records: 10_000,
            fingerprint: None,
            master_key: MasterKeySource::Beside,
            next: None,
            log_origin: "alongside".to_owned(),
            label: Arc::new(|| "undated".to_owned()),
            progress: None,
            entropy,
            disk: Arc::new(RealDisk),
        }
    }

    /// Makes the directory, of this kind, if there is none. One that is there keeps its kind.
    #[must_use]
    pub fn create(mut self, kind: Kind) -> Self {
        self.create = Some(kind);
        self
    }

    /// The size in bytes from which a journal's segment is full.
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = bytes;
        self
    }

    /// The most memory in bytes that an open scheme's index caches in.
    #[must_use]
    pub fn index_cache_bytes(mut self, bytes: u64) -> Self {
        self.index_cache_bytes = bytes;
        self
    }

    /// Does without an index: all reads go to the journal. Right for loading much and for tools.
    #[must_use]
    pub fn without_index(mut self) -> Self {
        self.index = false;
        self
    }

    /// How many records an index that had caught up may fall behind before those who append wait for it: 10,000. They
    /// wait only while it moves, so an index that is stuck, or is being built, holds up nobody.
    #[must_use]
    pub fn index_lag_records(mut self, most: u64) -> Self {
        self.index_lag_records = most;
        self
    }

    /// Reads and writes snapshots, of use to the code that has this fingerprint and to no other. Without it a scheme
    /// opens as if there were none.
    #[must_use]
    pub fn snapshots(mut self, fingerprint: impl AsRef<[u8]>) -> Self {
        self.fingerprint = Some(fingerprint.as_ref().into());
        self
    }

    /// Where the master key is, if not at `keys/master.key`. It is made there if the directory is made.
    #[must_use]
    pub fn master_key(self, path: impl Into<PathBuf>) -> Self {
        self.master_key_from(MasterKeySource::File(path.into()))
    }

    /// The same, from wherever it comes.
    #[must_use]
    pub fn master_key_from(mut self, source: MasterKeySource) -> Self {
        self.master_key = source;
        self
    }

    /// A key that is about to follow the master key: whatever it wraps already opens too. Without it, one that lies
    /// beside a master key in a file, called `.next`, is taken for it.
    #[must_use]
    pub fn next_master_key(mut self, source: MasterKeySource) -> Self {
        self.next = Some(source);
        self
    }

    /// What the origin of every log begins with, before a slash and the scheme: "alongside", unless something that nobody
    /// else has is given, such as a host name. A log that has signed a checkpoint keeps the origin it had.
    #[must_use]
    pub fn log_origin(mut self, origin: impl Into<String>) -> Self {
        self.log_origin = origin.into();
        self
    }

    /// Holds every scheme's index back until [`Embedded::let_index_go`](crate::Embedded::let_index_go): the journal
    /// answers until then.
    #[must_use]
    pub fn hold_index(mut self) -> Self {
        self.index_held = true;
        self
    }

    /// Names what is set aside; usually today's date.
    #[must_use]
    pub fn label(mut self, label: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.label = Arc::new(label);
        self
    }

    /// Hears how far a rebuilt index is.
    #[must_use]
    pub fn progress(mut self, progress: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Another disk than the operating system's. The index, the lock and the master key stay on that one.
    #[must_use]
    pub fn disk(mut self, disk: Arc<dyn Disk>) -> Self {
        self.disk = disk;
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("create", &self.create)
            .field("segment_bytes", &self.segment_bytes)
            .field("index_cache_bytes", &self.index_cache_bytes)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

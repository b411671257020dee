//! What the rest of the platform knows of storage.
//!
//! Synchronous on purpose: an append ends in one `fdatasync`, which blocks a thread whatever it is called,
//! and each scheme's writer has a thread of its own to block. Callers on an async runtime wait for the
//! writer's answer, not for the disk. Nothing here assumes one process or one disk.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use crate::record::{Position, Record, RecordError, SchemeId, is_instant};

/// The most bytes of the records of one group together.
pub const MAX_GROUP_BYTES: usize = 32 << 20;
/// The most records of one group.
pub const MAX_GROUP_RECORDS: usize = 65_536;

/// Keeps one totally ordered log per scheme.
pub trait EventStore: Send + Sync {
    /// All schemes there are, in order of name, whether or not they can be opened.
    fn schemes(&self) -> Result<Vec<SchemeId>, StoreError>;

    /// Makes an empty log. [`StoreError::Exists`] if there is one.
    fn create(&self, scheme: &SchemeId) -> Result<(), StoreError>;

    /// Appends `group` as a whole or not at all, and returns the new head once it is durable.
    ///
    /// `expected_head` must be the head, else [`StoreError::Conflict`]. The records must carry `scheme`, the
    /// positions that follow `expected_head`, and times that never go backwards. An empty group changes
    /// nothing and returns the head: everything up to it is durable already.
    ///
    /// After [`StoreError::Unknown`] the group may or may not be found later; every further append gives
    /// [`StoreError::ReadOnly`] until the scheme has been opened anew.
    fn append(
        &self,
        scheme: &SchemeId,
        expected_head: Position,
        group: Vec<Record>,
    ) -> Result<Position, StoreError>;

    /// The records from `from` on, at most `limit` and fewer only where the log ends. Durable ones only.
    ///
    /// Position 0 reads from the start. Callers who read much ask in pages: all of it is in memory.
    fn read(
        &self,
        scheme: &SchemeId,
        from: Position,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError>;

    /// Follows the log from `from` on, for ever. [`StoreError::Ahead`] if the log does not reach there yet.
    fn follow(&self, scheme: &SchemeId, from: Position) -> Result<Follower, StoreError>;

    /// The last durable position; zero for an empty log.
    fn head(&self, scheme: &SchemeId) -> Result<Position, StoreError>;

    /// What this engine can do.
    fn capabilities(&self) -> Capabilities;
}

/// A record as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where.
    pub position: Position,
    /// Its canonical bytes.
    pub bytes: Arc<[u8]>,
}

impl Stored {
    /// The bytes as a record. The engine has checked them already, so the canonical form is not proved again.
    pub fn record(&self) -> Result<Record, RecordError> {
        Record::parse(&self.bytes)
    }
}

/// What an engine can do, for those who must explain or plan around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// An acknowledged group survives the loss of power.
    pub durable: bool,
    /// Several processes may append to one scheme.
    pub shared: bool,
    /// The most bytes of one group.
    pub group_bytes_max: usize,
    /// The most records of one group.
    pub group_records_max: usize,
}

/// Where a follower's groups come from: what an engine implements.
pub trait Follow: Send {
    /// The next group, or `None` when `timeout` passed without one.
    fn next(&mut self, timeout: Duration) -> Result<Option<Vec<Stored>>, StoreError>;
}

/// A reader that keeps its own place and pace. Being slow costs nobody else anything.
pub struct Follower(Box<dyn Follow>);

impl Follower {
    /// Wraps an engine's own follower.
    #[must_use]
    pub fn new(source: impl Follow + 'static) -> Self {
        Self(Box::new(source))
    }

    /// The next whole group in order, or `None` when `timeout` passed without one.
    ///
    /// A follower that was started inside a group first gets the rest of that group.
    pub fn next(&mut self, timeout: Duration) -> Result<Option<Vec<Stored>>, StoreError> {
        self.0.next(timeout)
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Follower")
    }
}

/// Why the log could not do what was asked. Each variant calls for a different answer from the caller.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else wrote first. Read on and decide again.
    #[error("the head is {actual}, not {expected}")]
    Conflict {
        /// What the caller had seen.
        expected: Position,
        /// Where the log is.
        actual: Position,
    },
    /// More than the log takes. Nothing was written.
    #[error("{what} has {actual}, more than {limit}")]
    TooLarge {
        /// What was measured, with its unit.
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
        /// What there was.
        actual: usize,
    },
    /// The group is not a continuation of this log. Nothing was written.
    #[error("record {index} of the group cannot be appended: {reason}")]
    Group {
        /// Which record of the group, from 0.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A record of the group is malformed. Nothing was written.
    #[error("record {index} of the group is malformed")]
    Record {
        /// Which record of the group, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: RecordError,
    },
    /// An earlier write failed. The scheme can be read, and written again once it was opened anew.
    #[error("the scheme is read-only since a write failed")]
    ReadOnly,
    /// The disk refused. Whether the group is in the log is known after the next opening.
    #[error("the outcome of the append is unknown")]
    Unknown(#[source] io::Error),
    /// The log cannot be trusted from here on.
    #[error("the log is damaged at position {position}: {reason}")]
    Damaged {
        /// The first position that cannot be trusted.
        position: Position,
        /// What was found.
        reason: String,
    },
    /// There is no such scheme.
    #[error("there is no scheme `{0}`")]
    NotFound(SchemeId),
    /// There is such a scheme already.
    #[error("the scheme `{0}` exists already")]
    Exists(SchemeId),
    /// Somebody remembers more of this log than there is.
    #[error("position {from} was asked for, but the log ends at {head}")]
    Ahead {
        /// What was asked for.
        from: Position,
        /// Where the log is.
        head: Position,
    },
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// Something beside the log stands in the way: a folder, the keyring, the operations journal.
    #[error("the scheme cannot be opened: {reason}")]
    Unusable {
        /// What stands in the way.
        reason: String,
        /// Why, where something lower said so.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The disk could not be read.
    #[error("the log could not be read")]
    Read(#[source] io::Error),
}

/// A group that has been checked against itself and turned into bytes.
pub(crate) struct Encoded {
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) first_recorded_at: String,
    pub(crate) last_recorded_at: String,
}

/// Checks and encodes a group; `None` for an empty one. Needs no lock: only the group itself is looked at.
pub(crate) fn encode_group(
    scheme: &SchemeId,
    expected_head: Position,
    group: &[Record],
) -> Result<Option<Encoded>, StoreError> {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return Ok(None);
    };
    limit("a group in records", MAX_GROUP_RECORDS, group.len())?;
    let mut previous: &str = "";
    let mut position = expected_head;
    let mut records = Vec::with_capacity(group.len());
    let mut bytes_total = 0;
    for (index, record) in group.iter().enumerate() {
        position = position.next();
        let reason = match () {
            () if record.scheme != *scheme => Some("it belongs to another scheme"),
            () if record.position != position => Some("its position does not follow"),
            () if !is_instant(&record.recorded_at) => None, // `encode` says it better.
            () if record.recorded_at.as_str() < previous => Some("its time goes backwards"),
            () => None,
        };
        if let Some(reason) = reason {
            return Err(StoreError::Group { index, reason });
        }
        let bytes = record.encode().map_err(|error| malformed(index, error))?;
        bytes_total += bytes.len();
        limit("a group in bytes", MAX_GROUP_BYTES, bytes_total)?;
        records.push(bytes);
        previous = &record.recorded_at;
    }
    let (first_recorded_at, last_recorded_at) =
        (first.recorded_at.clone(), last.recorded_at.clone());
    Ok(Some(Encoded {
        records,
        first_recorded_at,
        last_recorded_at,
    }))
}

/// Checks a group's first time against the last one of the log.
pub(crate) fn follows_in_time(group: &Encoded, last_recorded_at: &str) -> Result<(), StoreError> {
    if group.first_recorded_at.as_str() < last_recorded_at {
        return Err(StoreError::Group {
            index: 0,
            reason: "its time is before the end of the log",
        });
    }
    Ok(())
}

fn malformed(index: usize, error: RecordError) -> StoreError {
    match error {
        RecordError::TooLarge {
            what,
            limit,
            actual,
        } => StoreError::TooLarge {
            what,
            limit,
            actual,
        },
        source => StoreError::Record { index, source },
    }
}

fn limit(what: &'static str, limit: usize, actual: usize) -> Result<(), StoreError> {
    if actual <= limit {
        Ok(())
    } else {
        Err(StoreError::TooLarge {
            what,
            limit,
            actual,
        })
    }
}

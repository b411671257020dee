//! The trees in sled: what is in them, how they are opened, and how they are found out.
//!
//! ```text
//! records   position                → checksum, record
//! subjects  subject, position       → nothing
//! tiles     level, number           → checksum, heads of the Merkle tree over the leaves
//! applied   "tiled"                 → position, number of subject entries, SHA-256 of that record
//! ```
//!
//! sled 0.34 may panic on a flipped bit, refuse to open after a kill, and lose its tail without a word. So
//! every call that touches the disk is made where a panic is caught, and nothing it says is believed
//! before its counts and its last record have been compared with the journal.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sled::Transactional as _;
use sled::transaction::{ConflictableTransactionError, TransactionError};
use thiserror::Error;
use uuid::Uuid;

use super::growth::Growth;
use crate::digest::Digest;
use crate::merkle::tiles_of;
use crate::record::Position;
use crate::store::Stored;

/// An index of before there were tiles calls it otherwise, so it seems to hold more than it says and is built anew.
pub(super) const HEAD: &[u8] = b"tiled";
const PROOF: &str = "journal.head";
/// sled lets go of its file a moment after it was closed.
const LOCK_ATTEMPTS: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// Why the index is of no use as it is.
#[derive(Debug, Error)]
pub(super) enum TreesError {
    #[error("sled failed")]
    Sled(#[from] sled::Error),
    #[error("sled panicked")]
    Panicked,
    #[error("{0}")]
    Disagrees(&'static str),
}

/// An open index.
#[derive(Debug, Clone)]
pub(super) struct Trees {
    pub(super) records: sled::Tree,
    pub(super) subjects: sled::Tree,
    pub(super) tiles: sled::Tree,
    pub(super) applied: sled::Tree,
    // Last, so that it goes last: the trees belong to it.
    _database: sled::Db,
}

/// A record as the index takes it.
#[derive(Debug)]
pub(super) struct Followed {
    pub(super) stored: Stored,
    pub(super) subjects: Vec<Uuid>,
    /// The head of the tree of its leaf alone.
    pub(super) leaf: Digest,
}

/// How far an index is, in its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) head: Position,
    pub(super) subject_entries: u64,
    pub(super) record_sha256: [u8; 32],
}

impl Applied {
    pub(super) const NONE: Self = Self {
        head: Position::ZERO,
        subject_entries: 0,
        record_sha256: [0; 32],
    };

    pub(super) fn encode(&self) -> Vec<u8> {
        [
            &self.head.0.to_be_bytes()[..],
            &self.subject_entries.to_be_bytes(),
            &self.record_sha256,
        ]
        .concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let number = |from: usize| {
            Some(u64::from_be_bytes(
                bytes.get(from..from + 8)?.try_into().ok()?,
            ))
        };
        let record_sha256 = bytes.get(16..)?.try_into().ok()?;
        Some(Self {
            head: Position(number(0)?),
            subject_entries: number(8)?,
            record_sha256,
        })
    }
}

impl Trees {
    /// Opens what is in `directory`, or makes it.
    pub(super) fn open(directory: &Path, cache_bytes: u64) -> Result<Self, TreesError> {
        remove_unfinished_snapshots(directory);
        let config = sled::Config::new()
            .path(directory)
            .cache_capacity(cache_bytes);
        let mut attempt = 0;
        loop {
            attempt += 1;
            match guarded(|| config.open()) {
                Err(TreesError::Sled(sled::Error::Io(error)))
                    if attempt < LOCK_ATTEMPTS && error.to_string().contains("lock") =>
                {
                    std::thread::sleep(LOCK_PAUSE);
                }
                opened => {
                    let database = opened?;
                    return guarded(|| {
                        Ok(Self {
                            records: database.open_tree("records")?,
                            subjects: database.open_tree("subjects")?,
                            tiles: database.open_tree("tiles")?,
                            applied: database.open_tree("applied")?,
                            _database: database.clone(),
                        })
                    });
                }
            }
        }
    }

    /// How far the index says it is.
    pub(super) fn applied(&self) -> Result<Applied, TreesError> {
        let Some(bytes) = guarded(|| self.applied.get(HEAD))? else {
            return Ok(Applied::NONE);
        };
        Applied::decode(&bytes).ok_or(TreesError::Disagrees("its own marker cannot be read"))
    }

    /// Counts everything and compares it with the marker. Slow: it reads the whole index.
    pub(super) fn check_counts(&self, applied: &Applied) -> Result<(), TreesError> {
        let counts = guarded(|| {
            let (records, subjects) = (self.records.len() as u64, self.subjects.len() as u64);
            Ok((records, subjects, self.tiles.len() as u64))
        })?;
        let head = applied.head.0;
        if counts == (head, applied.subject_entries, tiles_of(head)) {
            Ok(())
        } else {
            Err(TreesError::Disagrees("it holds more or less than it says"))
        }
    }

    /// Takes the next records, all trees in one transaction, and returns how far it is now.
    pub(super) fn apply(
        &self,
        applied: &Applied,
        records: &[Followed],
    ) -> Result<Applied, TreesError> {
        let Some(last) = records.last() else {
            return Ok(*applied);
        };
        let mut next = Applied {
            head: last.stored.position,
            record_sha256: Sha256::digest(&last.stored.bytes).into(),
            subject_entries: applied.subject_entries,
        };
        let mut values = Vec::with_capacity(records.len());
        let mut entries = Vec::new();
        let mut tiles = Growth::new(self, applied.head.0);
        for followed in records {
            let Stored { position, bytes } = &followed.stored;
            let distinct: BTreeSet<&Uuid> = followed.subjects.iter().collect();
            next.subject_entries += distinct.len() as u64;
            entries.extend(
                distinct
                    .into_iter()
                    .map(|subject| subject_key(*subject, *position)),
            );
            values.push((position.0.to_be_bytes(), with_checksum(bytes)));
            tiles.push(followed.leaf)?;
        }
        let tiles = tiles.written();
        let trees = (&self.records, &self.subjects, &self.tiles, &self.applied);
        let marker = next.encode();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            trees.transaction(|(records, subjects, kept, applied)| {
                for (key, value) in &values {
                    records.insert(&key[..], value.as_slice())?;
                }
                for entry in &entries {
                    subjects.insert(&entry[..], &[][..])?;
                }
                for (key, value) in &tiles {
                    kept.insert(&key[..], value.as_slice())?;
                }
                applied.insert(HEAD, marker.as_slice())?;
                Ok::<(), ConflictableTransactionError<()>>(())
            })
        }));
        match outcome {
            Ok(Ok(())) => Ok(next),
            Ok(Err(TransactionError::Storage(error))) => Err(error.into()),
            Ok(Err(TransactionError::Abort(()))) => {
                Err(TreesError::Disagrees("a transaction was given up"))
            }
            Err(_) => Err(TreesError::Panicked),
        }
    }

    /// The heads of one tile, as many as there are so far; of one that is not there none.
    pub(super) fn tile(&self, level: u8, index: u64) -> Result<Vec<Digest>, TreesError> {
        let Some(value) = guarded(|| self.tiles.get(tile_key(level, index)))? else {
            return Ok(Vec::new());
        };
        heads_of(&value).ok_or(TreesError::Disagrees("a tile has changed"))
    }

    /// One record; `None` where it is missing or has changed.
    pub(super) fn record(&self, position: Position) -> Result<Option<Stored>, TreesError> {
        let Some(value) = guarded(|| self.records.get(position.0.to_be_bytes()))? else {
            return Ok(None);
        };
        Ok(checked(&value).map(|bytes| Stored {
            position,
            bytes: bytes.into(),
        }))
    }

    /// The first `limit` positions after `after` that concern `subject`.
    pub(super) fn by_subject(
        &self,
        subject: Uuid,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Position>, TreesError> {
        let (first, last) = (
            subject_key(subject, after.next()),
            subject_key(subject, Position(u64::MAX)),
        );
        guarded(|| {
            let keys = self.subjects.range(first..=last).keys().take(limit);
            keys.map(|key| Ok(position_of(&key?))).collect()
        })
    }
}

/// Notes beside the index, without a sync, how far the journal has been seen. A journal that ends before
/// has lost acknowledged records. Read before anything is answered, which opening sled is too slow for.
pub(super) fn write_proof(directory: &Path, head: Position) {
    let mut bytes = head.0.to_le_bytes().to_vec();
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    if let Err(error) = fs::write(directory.join(PROOF), bytes) {
        tracing::warn!(%error, "the index could not note how far it is");
    }
}

/// The head that [`write_proof`] noted; zero where there is nothing readable.
pub(super) fn read_proof(directory: &Path) -> Position {
    let bytes = fs::read(directory.join(PROOF)).unwrap_or_default();
    match bytes.split_last_chunk::<4>() {
        Some((head, checksum)) if u32::from_le_bytes(*checksum) == crc32c::crc32c(head) => {
            Position(head.try_into().map_or(0, u64::from_le_bytes))
        }
        _ => Position::ZERO,
    }
}

/// A kill while sled opens leaves one behind; every later opening then fails until it is gone.
fn remove_unfinished_snapshots(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.")
            && name.ends_with(".generating")
            && fs::remove_file(entry.path()).is_ok()
        {
            tracing::info!("removed an unfinished snapshot of the index");
        }
    }
}

fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, TreesError> {
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|_| TreesError::Panicked)?
        .map_err(TreesError::Sled)
}

/// What stands behind a checksum that holds.
fn checked(value: &[u8]) -> Option<&[u8]> {
    let (checksum, bytes) = value.split_first_chunk::<4>()?;
    (u32::from_be_bytes(*checksum) == crc32c::crc32c(bytes)).then_some(bytes)
}

fn heads_of(value: &[u8]) -> Option<Vec<Digest>> {
    let (heads, rest) = checked(value)?.as_chunks::<32>();
    rest.is_empty()
        .then(|| heads.iter().copied().map(Digest).collect())
}

pub(super) fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    [&crc32c::crc32c(bytes).to_be_bytes()[..], bytes].concat()
}

fn subject_key(subject: Uuid, position: Position) -> [u8; 24] {
    let mut key = [0; 24];
    key[..16].copy_from_slice(subject.as_bytes());
    key[16..].copy_from_slice(&position.0.to_be_bytes());
    key
}

pub(super) fn tile_key(level: u8, index: u64) -> [u8; 9] {
    let mut key = [level; 9];
    key[1..].copy_from_slice(&index.to_be_bytes());
    key
}

fn position_of(key: &[u8]) -> Position {
    Position(
        key.last_chunk::<8>()
            .map_or(0, |bytes| u64::from_be_bytes(*bytes)),
    )
}

//! Why a bundle cannot be made, or does not hold.

use std::error::Error;
use std::io;

use thiserror::Error;

use crate::checkpoint::CheckpointError;
use crate::sealing::SealError;
use crate::store::StoreError;

/// Why there is no bundle, or why one proves nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BundleError {
    /// It contradicts itself, or what it was to be compared with.
    #[error("{place}: {reason}")]
    NotIntact {
        /// Where: `manifest`, `schemas`, `checkpoints`, `record 12`, or what was given beside it.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// There is no checkpoint where the bundle is to end.
    #[error("there is no signed checkpoint of {0}: a bundle ends where a checkpoint ends")]
    NoCheckpoint(String),
    /// An event has no published schema.
    #[error("there is no schema for {kind}, version {version}")]
    NoSchema {
        /// Its type.
        kind: String,
        /// The version of its payload.
        version: u16,
    },
    /// The log's own checkpoints or key cannot be used.
    #[error("the checkpoint cannot be used")]
    Checkpoint(#[from] CheckpointError),
    /// The log's key cannot be read.
    #[error("the key of the log cannot be used: it stands in the keyring, under the master key")]
    Key(#[source] SealError),
    /// The history cannot be read.
    #[error("the history cannot be read")]
    Store(#[from] StoreError),
    /// The file cannot be read.
    #[error("the bundle cannot be read")]
    Read(#[source] io::Error),
    /// The file cannot be written.
    #[error("the bundle cannot be written")]
    Write(#[source] io::Error),
    /// Whoever looked at the records would not have one of them.
    #[error("record {position} is not taken")]
    Refused {
        /// Which.
        position: u64,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// That it does not hold at `place`.
pub(super) fn not_intact(place: impl Into<String>, reason: impl Into<String>) -> BundleError {
    BundleError::NotIntact {
        place: place.into(),
        reason: reason.into(),
    }
}

/// Goes on only where `holds`.
pub(super) fn require(holds: bool, place: &str, reason: &str) -> Result<(), BundleError> {
    if holds {
        Ok(())
    } else {
        Err(not_intact(place, reason))
    }
}

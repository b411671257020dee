//! Why the vault could not do what was asked.

use std::io;

use thiserror::Error;
use uuid::Uuid;

use super::{KeyId, MasterKeyId};
use crate::frame::{Damage, WriteError};

/// Why nothing was sealed, opened or erased.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The person has been erased. No key is made for them again.
    #[error("the keys of subject {subject} are erased")]
    Erased {
        /// Who.
        subject: Uuid,
    },
    /// The key for this purpose has been destroyed. The person keeps the others, and none is made in its place.
    #[error("a key of subject {subject} is destroyed")]
    Destroyed {
        /// Whose it was.
        subject: Uuid,
    },
    /// The keyring does not hold this key and does not know it as erased: a keyring older than the log.
    #[error("key {key} is missing, not erased")]
    Missing {
        /// Which one.
        key: KeyId,
    },
    /// The value was moved, changed, or sealed under another key.
    #[error("the sealed value does not belong where it stands")]
    NotAuthentic,
    /// More than a sealed value holds.
    #[error("the value has {actual} bytes, more than {limit}")]
    TooLarge {
        /// The most that is allowed, in bytes.
        limit: usize,
        /// What there was, in bytes.
        actual: usize,
    },
    /// The keys cannot be unwrapped: this is not the master key they were wrapped with.
    #[error("the master key does not fit the keyring{}", needing(needed.as_ref()))]
    WrongMasterKey {
        /// Which one would, if the keyring says it.
        needed: Option<MasterKeyId>,
    },
    /// The scheme has been closed since this vault was asked for; ask for it again.
    #[error("the vault is closed")]
    Closed,
    /// An earlier write failed, or the keyring is open to read only.
    #[error("the keyring is read-only")]
    ReadOnly,
    /// The disk refused. Whether the keys were made or erased is known after the next opening.
    #[error("the outcome of the write to the keyring is unknown")]
    Unknown(#[source] io::Error),
    /// The keyring on disk cannot be trusted.
    #[error("the keyring is damaged: {reason}")]
    Damaged {
        /// What was found.
        reason: String,
    },
    /// The disk could not be read.
    #[error("the keyring could not be read")]
    Read(#[source] io::Error),
}

/// The end of a sentence that says which key is needed.
pub(crate) fn needing(needed: Option<&MasterKeyId>) -> String {
    needed.map_or_else(String::new, |id| format!(", which needs the key {id}"))
}

impl From<Damage> for SealError {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::Io(error) => Self::Read(error),
            other => Self::Damaged {
                reason: other.to_string(),
            },
        }
    }
}

impl From<WriteError> for SealError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Unknown(source) => Self::Unknown(source),
            WriteError::ReadOnly => Self::ReadOnly,
        }
    }
}

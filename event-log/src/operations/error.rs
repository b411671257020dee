//! Why the operations journal could not do what was asked.

use std::io;

use thiserror::Error;

use crate::frame::{Damage, WriteError};

/// Why an entry was not written, or the file cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OperationsError {
    /// More than one entry may hold.
    #[error("the entry has {actual} bytes, more than {limit}")]
    TooLarge {
        /// The most that is allowed, in bytes.
        limit: usize,
        /// What there was, in bytes.
        actual: usize,
    },
    /// The value of an entry has something that readers of JSON may understand differently.
    #[error(
        "an entry's value has a fraction, a number above 2^53 or a name beyond ASCII, or nests too deep"
    )]
    NotPlain,
    /// The disk refused. Whether the entries were written is known after the next opening.
    #[error("the outcome of the write is unknown")]
    Unknown(#[source] io::Error),
    /// An earlier write failed, or the scheme has been closed.
    #[error("the operations journal is read-only")]
    ReadOnly,
    /// The file cannot be trusted.
    #[error("the operations journal is damaged: {reason}")]
    Damaged {
        /// What was found.
        reason: String,
    },
    /// The disk could not be read.
    #[error("the operations journal could not be read")]
    Read(#[source] io::Error),
}

impl From<Damage> for OperationsError {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::Io(error) => Self::Read(error),
            other => Self::Damaged {
                reason: other.to_string(),
            },
        }
    }
}

impl From<WriteError> for OperationsError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Unknown(source) => Self::Unknown(source),
            WriteError::ReadOnly => Self::ReadOnly,
        }
    }
}

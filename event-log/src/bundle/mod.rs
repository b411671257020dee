//! A history in one file, which anybody can check without a data directory: the audit bundle.
//!
//! ```text
//! manifest      what follows, in lines of text, signed with the log's key
//! schemas       a line each
//! checkpoints   every one that was kept, verbatim
//! records       a line each: the leaf, or its hash where it is withheld
//! ```
//!
//! `docs/audit-bundle.md` describes it byte by byte, for those who write a verifier; two that share nothing with this one
//! stand in `verifiers/`. Everything is read and written in a stream. Absent on purpose: ciphertexts and keys.

mod error;
mod export;
mod manifest;
mod parts;
mod shelf;
mod verify;

#[cfg(test)]
mod mutations;
#[cfg(test)]
mod specimen;
#[cfg(test)]
mod tests;

pub use error::BundleError;
pub use export::{Choice, Contents, export, log_signer};
pub use manifest::{Manifest, Part};
pub use shelf::{shelve, shelved};
pub use verify::{Expected, Seen, Verified, verify};

/// The most bytes of a manifest with its signature.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;
/// The most bytes of all schemas, and of all checkpoints.
const MAX_PART_BYTES: u64 = 64 << 20;
/// The largest number in a bundle: every reader of numbers understands it alike.
const MAX_NUMBER: u64 = (1 << 53) - 1;
/// What stands before the hash of a leaf that is withheld.
const WITHHELD: &str = "withheld ";
/// What stands before the length of a checkpoint.
const CHECKPOINT: &str = "checkpoint ";
/// The name of the schema of a record itself.
const RECORD_SCHEMA: (&str, u16) = ("record", crate::record::RECORD_FORMAT);

//! The history of a scheme: kept in order, never rewritten, forgettable per person.
//!
//! ```text
//! append ──▶ journal ── fdatasync ──▶ acknowledged
//!               │
//!               └── follows ──▶ index (sled; may be deleted at any time)
//! ```
//!
//! A [`Record`] is canonical JSON about opaque subjects. [`EventStore`] is what the rest of the platform
//! knows of storage; [`Embedded`] is the engine on one disk and [`Memory`] the one without.
//!
//! Deliberately absent: mentors and every other word of the trade, `async`, the wall clock and dice.
//! Times arrive as text, randomness through [`Entropy`], names for files set aside through [`Options`].

pub mod backup;
pub mod bundle;
mod checkpoint;
pub mod conformance;
mod digest;
pub mod disk;
mod embedded;
mod entropy;
mod frame;
mod inclusion;
mod index;
mod journal;
mod lanes;
mod memory;
mod merkle;
mod operations;
mod record;
mod sealing;
mod signal;
pub mod simulation;
mod snapshots;
mod store;
mod tree;
mod verify;

#[cfg(test)]
mod testing;

pub use checkpoint::{
    Checkpoint, CheckpointError, LogProof, MAX_CHECKPOINT_BYTES, NotSigned, SEED_BYTES, Signature,
    SignedCheckpoint, Signer, VerifierKey, witness_secret,
};
pub use digest::{Digest, NotADigest};
pub use embedded::{
    Embedded, Kind, LogKey, NotCosigned, OnProgress, OpenError, Options, Progress, ReadOnlyStore,
    RotateError, Rotated, master_key_id, rotate_master_key,
};
pub use entropy::Entropy;
pub use inclusion::Inclusion;
pub use index::IndexStatus;
pub use journal::JournalReader;
pub use memory::Memory;
pub use operations::{CHECKPOINT, Entry, MAX_ENTRY_BYTES, Operations, OperationsError};
pub use record::{
    Actor, MAX_DATA_DEPTH, MAX_LEAF_BYTES, MAX_RECORD_BYTES, Place, Position, Proved,
    RECORD_FORMAT, Record, RecordError, ReportedBy, SchemeId, SealedValue, UpcastError, Upcasters,
    UpcastersBuilder, UpcastersError,
};
pub use sealing::{
    KeyId, MASTER_KEY_BYTES, MAX_PLAINTEXT_BYTES, MasterKey, MasterKeyId, MasterKeySource, Opened,
    PERSON, Rewrapped, SealError, Vault,
};
pub use snapshots::{Kept, Moment};
pub use store::{
    Capabilities, EventStore, Follow, Follower, MAX_GROUP_BYTES, MAX_GROUP_RECORDS, StoreError,
    Stored,
};
pub use tree::{Tree, proves_extension};
pub use verify::Verification;

//! Reading a whole journal to see whether it holds together.
//!
//! Pure reading: nothing is repaired, not even a torn end. That the history is the one somebody signed is
//! not answered here but by comparing [`Verification::chain`] or a Merkle root with what was signed.

use sha2::{Digest, Sha256};

use crate::journal::JournalReader;
use crate::record::{Position, Record, SchemeId};
use crate::store::{StoreError, Stored};

/// What a whole reading found. Only made when everything held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Which log.
    pub scheme: SchemeId,
    /// Its last position.
    pub head: Position,
    /// How many records were decoded strictly.
    pub records: u64,
    /// How many groups they came in.
    pub groups: u64,
    /// How many files they are in.
    pub segments: u64,
    /// SHA-256 of the last frame, which vouches for all before it. It changes when a journal is closed.
    pub chain: [u8; 32],
    /// SHA-256 over the SHA-256 of every leaf in order: the same for the same history on any engine.
    pub leaves: [u8; 32],
    /// The time of the first record.
    pub first_recorded_at: Option<String>,
    /// The time of the last record.
    pub last_recorded_at: Option<String>,
}

/// Reads everything: checksums, chain, gapless positions, rising times, and every record strictly.
pub(crate) fn verify(
    mut reader: JournalReader,
    scheme: &SchemeId,
) -> Result<Verification, StoreError> {
    let mut leaves = Sha256::new();
    let mut records = 0;
    let mut first_recorded_at = None;
    let mut last_recorded_at: Option<String> = None;
    while let Some(group) = reader.next_group()? {
        for stored in &group {
            let record = decode(stored, scheme)?;
            if last_recorded_at
                .as_ref()
                .is_some_and(|last| record.recorded_at < *last)
            {
                return Err(damaged(stored.position, "its time goes backwards"));
            }
            let leaf = record
                .leaf_sha256()
                .map_err(|_| damaged(stored.position, "it has no leaf"))?;
            leaves.update(leaf);
            records += 1;
            first_recorded_at.get_or_insert_with(|| record.recorded_at.clone());
            last_recorded_at = Some(record.recorded_at);
        }
    }
    Ok(Verification {
        scheme: scheme.clone(),
        head: reader.head(),
        records,
        groups: reader.groups(),
        segments: reader.segments(),
        chain: reader.chain(),
        leaves: leaves.finalize().into(),
        first_recorded_at,
        last_recorded_at,
    })
}

fn decode(stored: &Stored, scheme: &SchemeId) -> Result<Record, StoreError> {
    let record = Record::decode(&stored.bytes)
        .map_err(|error| damaged(stored.position, &error.to_string()))?;
    if record.position != stored.position || record.scheme != *scheme {
        return Err(damaged(stored.position, "it names another place"));
    }
    Ok(record)
}

fn damaged(position: Position, reason: &str) -> StoreError {
    StoreError::Damaged {
        position,
        reason: reason.to_owned(),
    }
}

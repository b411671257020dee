//! Reading a whole journal to see whether it holds together.
//!
//! Pure reading: nothing is repaired, not even a torn end. That the history is the one somebody signed is
//! not answered here but by comparing [`Verification::root`] with what was signed.

use crate::digest::Digest;
use crate::journal::JournalReader;
use crate::merkle::MerkleTree;
use crate::record::{Position, Record, SchemeId};
use crate::store::{StoreError, Stored};

/// What a reading found. Only made when everything held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Which log.
    pub scheme: SchemeId,
    /// Its last position, or the one up to which it was to be read.
    pub head: Position,
    /// How many records were decoded strictly.
    pub records: u64,
    /// How many groups they came in.
    pub groups: u64,
    /// How many files they are in.
    pub segments: u64,
    /// SHA-256 of the last frame read, which vouches for all before it. It changes when a journal is closed.
    pub chain: Digest,
    /// The Merkle tree head of RFC 6962 over the leaves up to `head`: the same for the same history on any engine.
    pub root: Digest,
    /// The time of the first record.
    pub first_recorded_at: Option<String>,
    /// The time of the last record.
    pub last_recorded_at: Option<String>,
}

/// Sees each record once it is proved, with the tree in which it is the last leaf; may say that it will not do.
pub(crate) type Witness<'a> = dyn FnMut(&Record, &MerkleTree) -> Result<(), StoreError> + 'a;

/// Reads everything: checksums, chain, gapless positions, rising times, and every record strictly.
///
/// With `to` no further than that position, which must be there ([`StoreError::Ahead`]).
pub(crate) fn verify(
    reader: JournalReader,
    scheme: &SchemeId,
    to: Option<Position>,
) -> Result<Verification, StoreError> {
    verify_before(reader, scheme, to, &mut |_, _| Ok(()))
}

/// As [`verify`], with somebody watching.
pub(crate) fn verify_before(
    mut reader: JournalReader,
    scheme: &SchemeId,
    to: Option<Position>,
    witness: &mut Witness<'_>,
) -> Result<Verification, StoreError> {
    let end = to.unwrap_or(Position(u64::MAX));
    let mut tree = MerkleTree::default();
    let mut first_recorded_at = None;
    let mut last_recorded_at: Option<String> = None;
    while tree.leaves() < end.0
        && let Some(group) = reader.next_group()?
    {
        for stored in group.iter().take_while(|stored| stored.position <= end) {
            let record = decode(stored, scheme)?;
            if last_recorded_at
                .as_ref()
                .is_some_and(|last| record.recorded_at < *last)
            {
                return Err(damaged(stored.position, "its time goes backwards"));
            }
            let leaf = record
                .leaf()
                .map_err(|_| damaged(stored.position, "it has no leaf"))?;
            tree.push(&leaf);
            witness(&record, &tree)?;
            first_recorded_at.get_or_insert_with(|| record.recorded_at.clone());
            last_recorded_at = Some(record.recorded_at);
        }
    }
    let head = Position(tree.leaves());
    if let Some(to) = to
        && head < to
    {
        return Err(StoreError::Ahead { from: to, head });
    }
    Ok(Verification {
        scheme: scheme.clone(),
        head,
        records: tree.leaves(),
        groups: reader.groups(),
        segments: reader.segments(),
        chain: Digest(reader.chain()),
        root: tree.root(),
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

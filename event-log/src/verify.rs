//! Reading a whole journal to see whether it holds together.
//!
//! Pure reading: nothing is repaired, not even a torn end. That the history is the one somebody signed is
//! not answered here but by comparing [`Verification::root`] with what was signed.

use std::borrow::Cow;
use std::iter;
use std::mem::take;

use crate::digest::Digest;
use crate::journal::JournalReader;
use crate::lanes::{Message, digests};
use crate::merkle::{MerkleTree, leaf_message};
use crate::record::{INSTANT_BYTES, Position, Record, SchemeId};
use crate::store::StoreError;

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
    Reading::new(scheme, to).all(reader, None)
}

/// As [`verify`], with somebody watching.
pub(crate) fn verify_before(
    reader: JournalReader,
    scheme: &SchemeId,
    to: Option<Position>,
    witness: &mut Witness<'_>,
) -> Result<Verification, StoreError> {
    Reading::new(scheme, to).all(reader, Some(witness))
}

/// Leaves whose hashes are gathered before they go into the tree: their nodes are hashed side by side, too.
const GATHERED_LEAVES: usize = 256;

/// What has been read and proved so far.
struct Reading<'a> {
    scheme: &'a SchemeId,
    to: Option<Position>,
    tree: MerkleTree,
    /// Leaf hashes that are not in the tree yet.
    heads: Vec<Digest>,
    first_recorded_at: Option<Instant>,
    last_recorded_at: Option<Instant>,
}

/// A time as it stands in a record.
type Instant = [u8; INSTANT_BYTES];

impl<'a> Reading<'a> {
    fn new(scheme: &'a SchemeId, to: Option<Position>) -> Self {
        Self {
            scheme,
            to,
            tree: MerkleTree::default(),
            heads: Vec::new(),
            first_recorded_at: None,
            last_recorded_at: None,
        }
    }

    fn all(
        mut self,
        mut reader: JournalReader,
        mut witness: Option<&mut Witness<'_>>,
    ) -> Result<Verification, StoreError> {
        let end = self.to.unwrap_or(Position(u64::MAX));
        while self.head() < end
            && let Some(first) = reader.next_frame()?
        {
            let numbered = (first.0..=end.0).map(Position).zip(reader.entries());
            let leaves = numbered
                .map(|(position, bytes)| self.prove(position, bytes))
                .collect::<Result<Vec<_>, _>>()?;
            let chain = self.hash(reader.frame(), &leaves);
            if let Some(witness) = &mut witness {
                self.show(&reader, &mut **witness)?;
            } else if self.heads.len() >= GATHERED_LEAVES {
                self.tree.extend(take(&mut self.heads));
            }
            reader.settle(chain.0);
        }
        self.tree.extend(take(&mut self.heads));
        self.found(&reader)
    }

    /// The last position of which there is a leaf hash.
    fn head(&self) -> Position {
        Position(self.tree.leaves() + self.heads.len() as u64)
    }

    /// Proves one record, its form, its place, and that its time does not go backwards; returns its leaf.
    fn prove<'b>(
        &mut self,
        position: Position,
        bytes: &'b [u8],
    ) -> Result<Cow<'b, [u8]>, StoreError> {
        let proved = Record::prove(bytes).map_err(|error| damaged(position, &error.to_string()))?;
        if proved.position != position || !proved.is_of(self.scheme) {
            return Err(damaged(position, "it names another place"));
        }
        if self
            .last_recorded_at
            .is_some_and(|last| proved.recorded_at < last)
        {
            return Err(damaged(position, "its time goes backwards"));
        }
        self.first_recorded_at.get_or_insert(proved.recorded_at);
        self.last_recorded_at = Some(proved.recorded_at);
        Ok(proved.leaf)
    }

    /// Hashes the leaves, and beside them the frame they came in: the hash that the next frame must name.
    fn hash(&mut self, frame: &[u8], leaves: &[Cow<'_, [u8]>]) -> Digest {
        let frame = Message {
            prefix: None,
            bytes: frame,
        };
        let leaves = leaves.iter().map(|leaf| leaf_message(leaf));
        let before = self.heads.len();
        digests(iter::once(frame).chain(leaves), &mut self.heads);
        self.heads.remove(before)
    }

    /// Puts each leaf into the tree and shows its record.
    fn show(
        &mut self,
        reader: &JournalReader,
        witness: &mut Witness<'_>,
    ) -> Result<(), StoreError> {
        for (head, bytes) in take(&mut self.heads).into_iter().zip(reader.entries()) {
            self.tree.push_head(head);
            let position = Position(self.tree.leaves());
            let record =
                Record::parse(bytes).map_err(|error| damaged(position, &error.to_string()))?;
            witness(&record, &self.tree)?;
        }
        Ok(())
    }

    fn found(self, reader: &JournalReader) -> Result<Verification, StoreError> {
        let head = self.head();
        if let Some(to) = self.to
            && head < to
        {
            return Err(StoreError::Ahead { from: to, head });
        }
        let text = |instant: Instant| String::from_utf8_lossy(&instant).into_owned();
        Ok(Verification {
            scheme: self.scheme.clone(),
            head,
            records: head.0,
            groups: reader.groups(),
            segments: reader.segments(),
            chain: Digest(reader.chain()),
            root: self.tree.root(),
            first_recorded_at: self.first_recorded_at.map(text),
            last_recorded_at: self.last_recorded_at.map(text),
        })
    }
}

fn damaged(position: Position, reason: &str) -> StoreError {
    StoreError::Damaged {
        position,
        reason: reason.to_owned(),
    }
}

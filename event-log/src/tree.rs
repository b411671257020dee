//! The Merkle tree over a scheme's leaves, held so that a root or a proof is a matter of a few tiles.
//!
//! The tiles are the index's. Where there is no index, or not yet, the journal is read and every leaf hashed.

use std::convert::Infallible;
use std::fmt;

use crate::digest::Digest;
use crate::index::IndexTiles;
use crate::journal::JournalReader;
use crate::merkle::{
    self, Heads, Leaves, TILE_HASHES, TileHeads, Tiles as _, consistency, inclusion, leaf_head,
};
use crate::record::{Position, SchemeId};
use crate::store::StoreError;
use crate::verify::verify_before;

/// The tree over the leaves of the first records of a scheme, as it was when it was asked for.
///
/// A size or position beyond it is [`StoreError::Ahead`]; there is no position zero.
pub struct Tree {
    size: u64,
    held: Held,
}

enum Held {
    Index(IndexTiles),
    Leaves(Vec<Digest>),
}

impl Tree {
    pub(crate) fn over_index(tiles: IndexTiles, head: Position) -> Self {
        Self {
            size: head.0,
            held: Held::Index(tiles),
        }
    }

    /// Reads and proves a journal, and hashes every leaf.
    pub(crate) fn read(reader: JournalReader, scheme: &SchemeId) -> Result<Self, StoreError> {
        let mut leaves = Vec::new();
        verify_before(reader, scheme, None, &mut |record, _| {
            let leaf = record.leaf().map_err(|error| StoreError::Damaged {
                position: record.position,
                reason: error.to_string(),
            })?;
            leaves.push(leaf_head(&leaf));
            Ok(())
        })?;
        Ok(Self {
            size: leaves.len() as u64,
            held: Held::Leaves(leaves),
        })
    }

    /// How many leaves it has: the last position it knows.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the first `size` leaves.
    pub fn root(&self, size: u64) -> Result<Digest, StoreError> {
        self.within(size)?;
        match &self.held {
            Held::Index(tiles) => merkle::root(&TileHeads::new(tiles), size),
            Held::Leaves(leaves) => Ok(settled(merkle::root(&Leaves(leaves), size))),
        }
    }

    /// The heads beside the way of the leaf at `position` to the root of the first `size` leaves, lowest first (RFC 9162,
    /// section 2.1.3).
    pub fn inclusion(&self, position: Position, size: u64) -> Result<Vec<Digest>, StoreError> {
        self.within(size)?;
        let index = position.0.checked_sub(1).filter(|index| *index < size);
        let index = index.ok_or(StoreError::Ahead {
            from: position,
            head: Position(size),
        })?;
        match &self.held {
            Held::Index(tiles) => inclusion(&TileHeads::new(tiles), index, size),
            Held::Leaves(leaves) => Ok(settled(inclusion(&Leaves(leaves), index, size))),
        }
    }

    /// The head of the leaf at `position` alone: its hash as RFC 9162 makes it.
    pub fn leaf_head(&self, position: Position) -> Result<Digest, StoreError> {
        let index = position.0.checked_sub(1).filter(|index| *index < self.size);
        let index = index.ok_or(StoreError::Ahead {
            from: position,
            head: Position(self.size),
        })?;
        match &self.held {
            Held::Index(tiles) => TileHeads::new(tiles).head(0, index),
            Held::Leaves(leaves) => Ok(settled(Leaves(leaves).head(0, index))),
        }
    }

    /// What proves that the tree of `earlier` leaves is the beginning of that of `later` (RFC 9162, section 2.1.4).
    pub fn consistency(&self, earlier: u64, later: u64) -> Result<Vec<Digest>, StoreError> {
        self.within(later)?;
        if earlier > later {
            return Err(StoreError::Ahead {
                from: Position(earlier),
                head: Position(later),
            });
        }
        match &self.held {
            Held::Index(tiles) => consistency(&TileHeads::new(tiles), earlier, later),
            Held::Leaves(leaves) => Ok(settled(consistency(&Leaves(leaves), earlier, later))),
        }
    }

    /// The first `width` heads of a tile (C2SP `tlog-tiles`): of number `index`, from 0, of `level`. Nothing where the tree has
    /// no tile that wide.
    pub fn tile(
        &self,
        level: u8,
        index: u64,
        width: u64,
    ) -> Result<Option<Vec<Digest>>, StoreError> {
        if width == 0 || width > merkle::width(self.size, level, index) {
            return Ok(None);
        }
        let count = usize::try_from(width).unwrap_or(usize::MAX);
        let heads = match &self.held {
            Held::Index(tiles) => {
                let mut heads = tiles.tile(level, index)?;
                heads.truncate(count);
                heads
            }
            Held::Leaves(leaves) => {
                let numbers = (0..width).map(|number| index * TILE_HASHES + number);
                let head = |number| Leaves(leaves).head(8 * u32::from(level), number);
                settled(numbers.map(head).collect())
            }
        };
        Ok((heads.len() == count).then_some(heads))
    }

    fn within(&self, size: u64) -> Result<(), StoreError> {
        if size > self.size {
            return Err(StoreError::Ahead {
                from: Position(size),
                head: Position(self.size),
            });
        }
        Ok(())
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Tree({})", self.size)
    }
}

/// Whether `path` proves that the first `later.0` records are the first `earlier.0` and others behind them, each tree given by
/// its size and its root (RFC 9162, section 2.1.4.2). Needs no log.
#[must_use]
pub fn proves_extension(earlier: (u64, Digest), later: (u64, Digest), path: &[Digest]) -> bool {
    merkle::extends(earlier, later, path)
}

/// What cannot fail.
fn settled<T>(found: Result<T, Infallible>) -> T {
    let Ok(found) = found;
    found
}

//! The tiles that change when leaves are added to a tree: part ones are fetched, grown and written back, once a batch.

use std::collections::BTreeMap;

use super::trees::{Trees, TreesError, tile_key, with_checksum};
use crate::digest::Digest;
use crate::merkle::{LEVELS, TILE_HASHES, tile_head, width};

/// A tree that grows by some leaves.
pub(super) struct Growth<'a> {
    trees: &'a Trees,
    leaves: u64,
    changed: BTreeMap<(u8, u64), Vec<Digest>>,
}

impl<'a> Growth<'a> {
    /// Goes on from a tree of so many leaves.
    pub(super) fn new(trees: &'a Trees, leaves: u64) -> Self {
        Self {
            trees,
            leaves,
            changed: BTreeMap::new(),
        }
    }

    /// Adds a leaf, and the head of every tile that is full with it to the level above.
    pub(super) fn push(&mut self, leaf: Digest) -> Result<(), TreesError> {
        let (mut head, mut number) = (leaf, self.leaves);
        for level in 0..LEVELS {
            let place = (level, number / TILE_HASHES);
            let filled = width(self.leaves, place.0, place.1);
            let tile = self.tile(place)?;
            if tile.len() as u64 != filled {
                return Err(TreesError::Disagrees(
                    "a tile holds more or less than it should",
                ));
            }
            tile.push(head);
            if filled + 1 < TILE_HASHES {
                break;
            }
            head = tile_head(tile);
            number /= TILE_HASHES;
        }
        self.leaves += 1;
        Ok(())
    }

    /// Keys and values of all tiles that have changed.
    pub(super) fn written(self) -> Vec<([u8; 9], Vec<u8>)> {
        let changed = self.changed.into_iter();
        let written = changed.map(|((level, index), heads)| {
            let bytes: Vec<u8> = heads.iter().flat_map(|head| head.0).collect();
            (tile_key(level, index), with_checksum(&bytes))
        });
        written.collect()
    }

    fn tile(&mut self, place: (u8, u64)) -> Result<&mut Vec<Digest>, TreesError> {
        use std::collections::btree_map::Entry;
        match self.changed.entry(place) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(free) => Ok(free.insert(self.trees.tile(place.0, place.1)?)),
        }
    }
}

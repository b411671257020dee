//! The tiles of the Merkle tree, as whoever proves something is given them.

use std::sync::Arc;

use super::trees::Trees;
use super::{Index, Shared};
use crate::digest::Digest;
use crate::merkle::Tiles;
use crate::record::Position;
use crate::store::StoreError;

/// The tiles of an index as it was.
pub(crate) struct IndexTiles {
    trees: Trees,
    shared: Arc<Shared>,
}

impl Tiles for IndexTiles {
    type Error = StoreError;

    fn tile(&self, level: u8, index: u64) -> Result<Vec<Digest>, StoreError> {
        self.trees.tile(level, index).map_err(|_| self.short())
    }

    fn short(&self) -> StoreError {
        self.shared.suspect();
        StoreError::Unusable {
            reason: "the index was found changed and is being built anew; ask again in a while"
                .to_owned(),
            source: None,
        }
    }
}

impl Index {
    /// The tiles of the tree over the leaves of the first records, and how many those are; nothing while it is not open.
    pub(crate) fn tiles(&self) -> Option<(IndexTiles, Position)> {
        let (trees, applied) = self.shared.open_trees()?;
        let tiles = IndexTiles {
            trees,
            shared: Arc::clone(&self.shared),
        };
        Some((tiles, applied.head))
    }
}

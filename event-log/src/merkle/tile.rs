//! A tree kept in tiles (C2SP `tlog-tiles`): every eighth level, 256 heads a tile.
//!
//! ```text
//! level 0   the heads of leaves          tile n: leaves 256 n to 256 n + 255
//! level 1   the heads of full tiles      of level 0
//! level 2   the heads of full tiles      of level 1, and so on
//! ```
//!
//! The levels between are worked out: a proof in a tree of a million leaves looks at a handful of tiles and hashes less than
//! a thousand times.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Heads, head_of};
use crate::digest::Digest;

/// Heads in a full tile.
pub(crate) const TILE_HASHES: u64 = 1 << TILE_HEIGHT;
/// Levels of a tree that one level of tiles spans.
const TILE_HEIGHT: u32 = 8;
/// Levels of tiles that a tree can have: more leaves than that have no positions.
pub(crate) const LEVELS: u8 = 8;

/// Where tiles come from.
pub(crate) trait Tiles {
    /// Why one is not to be had.
    type Error;
    /// The heads of tile number `index` of `level`, as many as there are so far.
    fn tile(&self, level: u8, index: u64) -> Result<Vec<Digest>, Self::Error>;
    /// What is said where a tile holds less than the size of its tree wants.
    fn short(&self) -> Self::Error;
}

impl<T: Tiles> Tiles for &T {
    type Error = T::Error;

    fn tile(&self, level: u8, index: u64) -> Result<Vec<Digest>, T::Error> {
        (**self).tile(level, index)
    }

    fn short(&self) -> T::Error {
        (**self).short()
    }
}

/// The heads that follow from tiles, each of which is fetched once.
pub(crate) struct TileHeads<T> {
    tiles: T,
    seen: RefCell<HashMap<(u8, u64), Vec<Digest>>>,
}

impl<T> TileHeads<T> {
    pub(crate) fn new(tiles: T) -> Self {
        Self {
            tiles,
            seen: RefCell::default(),
        }
    }
}

impl<T: Tiles> Heads for TileHeads<T> {
    type Error = T::Error;

    fn head(&self, height: u32, index: u64) -> Result<Digest, T::Error> {
        let level = u8::try_from(height / TILE_HEIGHT).map_err(|_| self.tiles.short())?;
        let within = height % TILE_HEIGHT;
        let first = index << within;
        let place = (level, first / TILE_HASHES);
        let mut seen = self.seen.borrow_mut();
        let tile = match seen.entry(place) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(free) => free.insert(self.tiles.tile(place.0, place.1)?),
        };
        let from = usize::try_from(first % TILE_HASHES).unwrap_or(usize::MAX);
        let heads = tile.get(from..from.saturating_add(1 << within));
        heads.map(head_of).ok_or_else(|| self.tiles.short())
    }
}

/// How many heads tile number `index` of `level` has in a tree of `size` leaves.
pub(crate) fn width(size: u64, level: u8, index: u64) -> u64 {
    let Some(heads) = size.checked_shr(TILE_HEIGHT * u32::from(level)) else {
        return 0;
    };
    let before = index.saturating_mul(TILE_HASHES);
    heads.saturating_sub(before).min(TILE_HASHES)
}

/// How many tiles a tree of `size` leaves is kept in, part ones included.
pub(crate) fn tiles_of(size: u64) -> u64 {
    (0..LEVELS)
        .map(|level| (size >> (TILE_HEIGHT * u32::from(level))).div_ceil(TILE_HASHES))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{Leaves, consistency, inclusion, leaf_head, root};

    /// Tiles as the specification defines them, from all leaves.
    struct ByDefinition<'a>(&'a [Digest]);

    impl Tiles for ByDefinition<'_> {
        type Error = &'static str;

        fn tile(&self, level: u8, index: u64) -> Result<Vec<Digest>, &'static str> {
            let size = self.0.len() as u64;
            let heads = 0..width(size, level, index);
            let leaves = Leaves(self.0);
            let head = |number| leaves.head(8 * u32::from(level), index * TILE_HASHES + number);
            Ok(heads
                .map(|number| head(number).expect("cannot fail"))
                .collect())
        }

        fn short(&self) -> &'static str {
            "short"
        }
    }

    #[test]
    fn tiles_prove_what_leaves_prove() {
        let all: Vec<Digest> = (0..70_000_u32)
            .map(|number| leaf_head(&number.to_be_bytes()))
            .collect();
        for size in [
            1, 2, 255, 256, 257, 511, 512, 513, 5_000, 65_535, 65_536, 65_537, 70_000,
        ] {
            let leaves = Leaves(&all[..usize::try_from(size).expect("small")]);
            let tiles = TileHeads::new(ByDefinition(leaves.0));
            assert_eq!(root(&tiles, size).ok(), root(&leaves, size).ok());
            for index in [0, 1, size / 3, size / 2, size - 1] {
                let index = index.min(size - 1);
                assert_eq!(
                    inclusion(&tiles, index, size).ok(),
                    inclusion(&leaves, index, size).ok()
                );
                let earlier = index + 1;
                assert_eq!(
                    consistency(&tiles, earlier, size).ok(),
                    consistency(&leaves, earlier, size).ok()
                );
            }
            assert!(tiles.head(0, size).is_err(), "there is no such leaf");
        }
    }

    /// The example of the specification.
    #[test]
    fn a_tree_of_seventy_thousand_has_the_tiles_that_are_said() {
        let size = 70_000;
        assert_eq!(
            (
                width(size, 0, 272),
                width(size, 0, 273),
                width(size, 0, 274)
            ),
            (256, 112, 0)
        );
        assert_eq!(
            (width(size, 1, 0), width(size, 1, 1), width(size, 2, 0)),
            (256, 17, 1)
        );
        assert_eq!(width(size, 3, 0), 0);
        assert_eq!(tiles_of(size), 274 + 2 + 1);
        assert_eq!(
            (width(256, 0, 0), width(256, 1, 0), tiles_of(256)),
            (256, 1, 2)
        );
        assert_eq!((tiles_of(0), tiles_of(1)), (0, 1));
        assert_eq!(width(u64::MAX, 200, 0), 0);
    }
}

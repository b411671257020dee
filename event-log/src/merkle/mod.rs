//! The Merkle tree head of RFC 6962 and RFC 9162 (section 2.1), grown leaf by leaf.
//!
//! ```text
//! leaf = SHA-256(0x00 || entry)        node = SHA-256(0x01 || left || right)
//! ```
//!
//! A growing tree ([`MerkleTree`]) holds only the heads of its complete subtrees, one per bit of the number of leaves. What
//! proves something to somebody ([`proof`]) is put together from the heads of complete subtrees, wherever those come from:
//! all leaves, or [`tiles`](tile) that were kept.

mod proof;
mod tile;

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::lanes::{Message, digests};
pub(crate) use proof::{Heads, Leaves, consistency, extends, head_by_path, inclusion, root};
pub(crate) use tile::{LEVELS, TILE_HASHES, TileHeads, Tiles, tiles_of, width};

/// What stands before the bytes of a leaf, and before the two heads of a node.
const LEAF: u8 = 0;
const NODE: u8 = 1;

/// A tree that grows at its right edge.
#[derive(Debug, Clone, Default)]
pub(crate) struct MerkleTree {
    leaves: u64,
    /// The heads of the complete subtrees from the left, each larger than the next.
    subtrees: Vec<Digest>,
}

impl MerkleTree {
    /// Adds the leaf whose bytes are `entry`.
    pub(crate) fn push(&mut self, entry: &[u8]) {
        self.push_head(leaf_head(entry));
    }

    /// Adds the leaf whose hash is `head`; what its bytes are need not be known.
    pub(crate) fn push_head(&mut self, mut head: Digest) {
        // Each trailing one of the count is a subtree of the size that has just been completed again.
        for _ in 0..self.leaves.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                head = node(&left, &head);
            }
        }
        self.subtrees.push(head);
        self.leaves += 1;
    }

    /// Adds the leaves whose hashes are `heads`, many of them in less time than one after another.
    pub(crate) fn extend(&mut self, mut heads: Vec<Digest>) {
        let before = self.leaves;
        self.leaves += heads.len() as u64;
        // From the smallest; larger ones than are met here stay as they are.
        let mut unpaired = Vec::new();
        let mut level = 0;
        while !heads.is_empty() {
            if before >> level & 1 == 1 {
                heads.splice(..0, self.subtrees.pop());
            }
            if heads.len() % 2 == 1 {
                unpaired.extend(heads.pop());
            }
            heads = nodes(&heads);
            level += 1;
        }
        self.subtrees.extend(unpaired.into_iter().rev());
    }

    /// How many leaves there are.
    pub(crate) fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The tree head; of no leaves the SHA-256 of nothing.
    pub(crate) fn root(&self) -> Digest {
        let mut from_the_right = self.subtrees.iter().rev();
        let Some(last) = from_the_right.next() else {
            return hash(&[]);
        };
        from_the_right.fold(*last, |right, left| node(left, &right))
    }
}

/// The head of the tree of one leaf, whose bytes are `entry`.
pub(crate) fn leaf_head(entry: &[u8]) -> Digest {
    hash(&[&[LEAF], entry])
}

/// What is hashed for the head of the tree of one leaf, whose bytes are `entry`.
pub(crate) fn leaf_message(entry: &[u8]) -> Message<'_> {
    Message {
        prefix: Some(LEAF),
        bytes: entry,
    }
}

/// The heads over each two of these.
fn nodes(heads: &[Digest]) -> Vec<Digest> {
    let (pairs, _) = heads.as_chunks::<2>();
    let pairs: Vec<[[u8; 32]; 2]> = pairs.iter().map(|pair| pair.map(|head| head.0)).collect();
    let mut above = Vec::with_capacity(pairs.len());
    let messages = pairs.iter().map(|pair| Message {
        prefix: Some(NODE),
        bytes: pair.as_flattened(),
    });
    digests(messages, &mut above);
    above
}

/// The head of a full tile.
pub(crate) fn tile_head(heads: &[Digest]) -> Digest {
    head_of(heads)
}

/// The head of a tree of leaves with these heads.
fn head_of(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => hash(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node(&head_of(left), &head_of(right))
        }
    }
}

fn node(left: &Digest, right: &Digest) -> Digest {
    hash(&[&[NODE], &left.0, &right.0])
}

fn hash(parts: &[&[u8]]) -> Digest {
    let hasher = parts.iter().fold(Sha256::new(), Sha256::chain_update);
    Digest(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 9162, section 2.1.1, word for word.
    fn by_definition(entries: &[Vec<u8>]) -> Digest {
        match entries {
            [] => hash(&[]),
            [entry] => hash(&[&[0], entry]),
            _ => {
                let split = entries.len().next_power_of_two() / 2;
                let (left, right) = entries.split_at(split);
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn a_tree_that_grows_has_the_head_of_the_definition_at_every_size() {
        let entries: Vec<Vec<u8>> = (0..260_u32)
            .map(|number| number.to_be_bytes()[..number as usize % 5].to_vec())
            .collect();
        let mut tree = MerkleTree::default();
        for (size, entry) in entries.iter().enumerate() {
            assert_eq!(tree.root(), by_definition(&entries[..size]), "{size}");
            assert_eq!(tree.leaves(), size as u64);
            tree.push(entry);
        }
        assert_eq!(tree.root(), by_definition(&entries));
    }

    #[test]
    fn a_tree_that_grows_by_many_leaves_is_the_one_that_grew_by_each() {
        let heads: Vec<Digest> = (0..600_u32)
            .map(|number| leaf_head(&number.to_be_bytes()))
            .collect();
        for steps in [[1, 2, 3], [5, 16, 1], [256, 255, 7], [64, 0, 100]] {
            let (mut many, mut each) = (MerkleTree::default(), MerkleTree::default());
            let mut rest = &heads[..];
            for count in steps.into_iter().cycle() {
                let (some, after) = rest.split_at(count.min(rest.len()));
                many.extend(some.to_vec());
                for head in some {
                    each.push_head(*head);
                }
                assert_eq!((many.leaves, &many.subtrees), (each.leaves, &each.subtrees));
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            assert_eq!(many.root(), each.root());
        }
    }

    #[test]
    fn heads_are_those_that_certificate_transparency_publishes() {
        let entries: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let heads = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = MerkleTree::default();
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(tree.root().to_string(), nothing);
        for (entry, head) in entries.iter().zip(heads) {
            tree.push(entry);
            assert_eq!(tree.root().to_string(), head);
        }
    }
}

//! The Merkle tree head of RFC 6962 and RFC 9162 (section 2.1), grown leaf by leaf.
//!
//! ```text
//! leaf = SHA-256(0x00 || entry)        node = SHA-256(0x01 || left || right)
//! ```
//!
//! Only the heads of complete subtrees are held, one per bit of the number of leaves. What proves that one leaf is in a
//! tree is worked out from all leaves when it is asked for. Absent for now: proofs of consistency.

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

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
    hash(&[&[0], entry])
}

/// What proves that the leaf at `index`, from 0, is in the tree of `leaves`: the heads beside its way up, lowest first
/// (RFC 6962, section 2.1.1). Nothing where there is no such leaf.
pub(crate) fn audit_path(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (path, beside) = if index < left.len() {
        (audit_path(left, index), right)
    } else {
        (audit_path(right, index - left.len()), left)
    };
    let mut path = path?;
    path.push(head_of(beside));
    Some(path)
}

/// The head of the tree of `size` leaves in which the leaf at `index` has the head `leaf` and this audit path (RFC 9162,
/// section 2.1.3.2). Nothing where the path has not the length of such a tree.
pub(crate) fn head_by_path(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    let (mut at, mut last) = (index, size.checked_sub(1)?);
    if at > last {
        return None;
    }
    let mut head = leaf;
    for beside in path {
        if last == 0 {
            return None;
        }
        if at % 2 == 1 || at == last {
            head = node(beside, &head);
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            head = node(&head, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(head)
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
    hash(&[&[1], &left.0, &right.0])
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

    /// RFC 9162, section 2.1.3: every leaf of every tree is proved by its path, and by no other.
    #[test]
    fn a_path_leads_from_its_leaf_to_the_head_and_from_no_other() {
        let entries: Vec<Vec<u8>> = (0..70_u8).map(|number| vec![number; 3]).collect();
        let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_head(entry)).collect();
        for size in 1..=entries.len() {
            let head = by_definition(&entries[..size]);
            for index in 0..size {
                let path = audit_path(&leaves[..size], index).expect("there is such a leaf");
                let (at, of) = (index as u64, size as u64);
                let found = head_by_path(leaves[index], at, of, &path);
                assert_eq!(found, Some(head), "{index} of {size}");
                let other = leaves[(index + 1) % entries.len()];
                assert_ne!(head_by_path(other, at, of, &path), Some(head));
                let longer = [&path[..], &[head]].concat();
                assert_ne!(head_by_path(leaves[index], at, of, &longer), Some(head));
                if size > 1 {
                    let next = (at + 1) % of;
                    assert_ne!(head_by_path(leaves[index], next, of, &path), Some(head));
                }
            }
            assert_eq!(audit_path(&leaves[..size], size), None);
        }
        assert_eq!(head_by_path(leaves[0], 0, 0, &[]), None);
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

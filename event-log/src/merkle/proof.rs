//! What proves that a leaf is in a tree, and that one tree is the beginning of another (RFC 9162, sections 2.1.3 and 2.1.4).
//!
//! Both are heads of ranges of leaves. A range as it occurs there is one complete subtree or falls into a complete one and
//! a smaller range, so that whoever has the heads of complete subtrees can prove everything.

use std::convert::Infallible;

use super::{hash, head_of, node};
use crate::digest::Digest;

/// The heads of complete subtrees.
pub(crate) trait Heads {
    /// Why one is not to be had.
    type Error;
    /// The head of subtree number `index`, from 0, among those of two to the power of `height` leaves.
    fn head(&self, height: u32, index: u64) -> Result<Digest, Self::Error>;
}

/// A tree of which the heads of all leaves are at hand. Asked for no more than it has.
pub(crate) struct Leaves<'a>(pub(crate) &'a [Digest]);

impl Heads for Leaves<'_> {
    type Error = Infallible;

    fn head(&self, height: u32, index: u64) -> Result<Digest, Infallible> {
        let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let first = at(index << height);
        let leaves = self.0.get(first..first.saturating_add(at(1 << height)));
        Ok(head_of(leaves.unwrap_or_default()))
    }
}

/// The head of the tree of the first `size` leaves.
pub(crate) fn root<H: Heads>(heads: &H, size: u64) -> Result<Digest, H::Error> {
    range(heads, 0, size)
}

/// The heads beside the way of the leaf at `index`, from 0, to the head of the tree of `size` leaves, lowest first. `index`
/// is below `size`.
pub(crate) fn inclusion<H: Heads>(
    heads: &H,
    index: u64,
    size: u64,
) -> Result<Vec<Digest>, H::Error> {
    let (mut from, mut to, mut path) = (0, size, Vec::new());
    while to - from > 1 {
        let split = from + half(to - from);
        if index < split {
            path.push(range(heads, split, to)?);
            to = split;
        } else {
            path.push(range(heads, from, split)?);
            from = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// What proves that the tree of `earlier` leaves is the beginning of that of `later`, which is no smaller.
pub(crate) fn consistency<H: Heads>(
    heads: &H,
    earlier: u64,
    later: u64,
) -> Result<Vec<Digest>, H::Error> {
    let (mut from, mut to, mut path) = (0, later, Vec::new());
    if earlier == 0 {
        return Ok(path);
    }
    while earlier != to {
        let split = from + half(to - from);
        if earlier <= split {
            path.push(range(heads, split, to)?);
            to = split;
        } else {
            path.push(range(heads, from, split)?);
            from = split;
        }
    }
    // The head of the earlier tree itself is known to whoever checks.
    if from > 0 {
        path.push(range(heads, from, to)?);
    }
    path.reverse();
    Ok(path)
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

/// Whether `path` proves that a tree of `earlier` leaves with one head is the beginning of a tree of `later` leaves with
/// another (RFC 9162, section 2.1.4.2).
pub(crate) fn extends(earlier: (u64, Digest), later: (u64, Digest), path: &[Digest]) -> bool {
    let ((first, first_head), (second, second_head)) = (earlier, later);
    if first == 0 || first == second {
        // Of nothing everything is a continuation, and a tree is its own.
        let same = if first == 0 { hash(&[]) } else { second_head };
        let empty_later = second != 0 || second_head == hash(&[]);
        return path.is_empty() && first_head == same && empty_later;
    }
    if first > second {
        return false;
    }
    let whole = first.is_power_of_two().then_some(&first_head);
    let mut steps = whole.into_iter().chain(path);
    let Some(start) = steps.next().filter(|_| !path.is_empty()) else {
        return false;
    };
    let (mut at, mut last) = (first - 1, second - 1);
    while at % 2 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut old, mut new) = (*start, *start);
    for beside in steps {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            (old, new) = (node(beside, &old), node(beside, &new));
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new = node(&new, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && old == first_head && new == second_head
}

/// The head of the leaves from `from` up to and without `to`. `from` is a multiple of a power of two that is no less than
/// their number.
fn range<H: Heads>(heads: &H, from: u64, to: u64) -> Result<Digest, H::Error> {
    let count = to - from;
    if count == 0 {
        return Ok(hash(&[]));
    }
    if count.is_power_of_two() {
        let height = count.trailing_zeros();
        return heads.head(height, from >> height);
    }
    let split = from + half(count);
    Ok(node(&range(heads, from, split)?, &range(heads, split, to)?))
}

/// The largest power of two below `count`, which is more than one.
fn half(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_head;

    const MOST: usize = 131;

    fn leaves() -> Vec<Digest> {
        (0..MOST)
            .map(|number| leaf_head(&[7; 140][..number]))
            .collect()
    }

    fn some<T>(found: Result<T, Infallible>) -> T {
        let Ok(found) = found;
        found
    }

    /// The definition of RFC 9162, section 2.1.1, word for word.
    fn by_definition(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => hash(&[]),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    /// Section 2.1.3.1, word for word.
    fn path_by_definition(index: usize, leaves: &[Digest]) -> Vec<Digest> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        let (mut path, beside) = if index < left.len() {
            (path_by_definition(index, left), right)
        } else {
            (path_by_definition(index - left.len(), right), left)
        };
        path.push(by_definition(beside));
        path
    }

    /// Section 2.1.4.1, word for word.
    fn subproof_by_definition(earlier: usize, leaves: &[Digest], known: bool) -> Vec<Digest> {
        if earlier == leaves.len() {
            return if known {
                Vec::new()
            } else {
                vec![by_definition(leaves)]
            };
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        let (mut path, beside) = if earlier <= left.len() {
            (subproof_by_definition(earlier, left, known), right)
        } else {
            (
                subproof_by_definition(earlier - left.len(), right, false),
                left,
            )
        };
        path.push(by_definition(beside));
        path
    }

    #[test]
    fn every_leaf_of_every_tree_is_proved_by_its_path_and_by_no_other() {
        let leaves = leaves();
        for size in 1..=MOST {
            let tree = Leaves(&leaves[..size]);
            let head = some(root(&tree, size as u64));
            assert_eq!(head, by_definition(&leaves[..size]));
            for index in 0..size {
                let (at, of) = (index as u64, size as u64);
                let path = some(inclusion(&tree, at, of));
                assert_eq!(path, path_by_definition(index, &leaves[..size]));
                assert_eq!(head_by_path(leaves[index], at, of, &path), Some(head));
                let other = leaves[(index + 1) % MOST];
                assert_ne!(head_by_path(other, at, of, &path), Some(head));
                let longer = [&path[..], &[head]].concat();
                assert_ne!(head_by_path(leaves[index], at, of, &longer), Some(head));
                if size > 1 {
                    let next = (at + 1) % of;
                    assert_ne!(head_by_path(leaves[index], next, of, &path), Some(head));
                }
            }
        }
        assert_eq!(head_by_path(leaves[0], 0, 0, &[]), None);
    }

    #[test]
    fn every_tree_is_proved_the_beginning_of_every_later_one() {
        let leaves = leaves();
        let roots: Vec<Digest> = (0..=MOST)
            .map(|size| by_definition(&leaves[..size]))
            .collect();
        for later in 1..=MOST {
            let tree = Leaves(&leaves[..later]);
            for earlier in 1..=later {
                let path = some(consistency(&tree, earlier as u64, later as u64));
                assert_eq!(
                    path,
                    subproof_by_definition(earlier, &leaves[..later], true)
                );
                let old = (earlier as u64, roots[earlier]);
                let new = (later as u64, roots[later]);
                assert!(extends(old, new, &path), "{earlier} of {later}");
                assert!(!extends((old.0, roots[earlier - 1]), new, &path));
                assert!(!extends(old, (new.0, roots[later - 1]), &path));
                assert!(!extends(old, new, &[&path[..], &[roots[1]]].concat()));
                if earlier < later {
                    assert!(!extends(new, old, &path));
                    assert!(!extends(old, new, &path[1..]));
                    assert!(!extends(old, new, &path[..path.len() - 1]));
                    assert!(!extends((old.0 + 1, old.1), new, &path));
                    let mut changed = path.clone();
                    changed[0] = roots[0];
                    assert!(!extends(old, new, &changed));
                }
            }
        }
    }

    #[test]
    fn every_tree_continues_the_empty_one() {
        let tree = leaf_head(b"x");
        assert!(extends((0, hash(&[])), (1, tree), &[]));
        assert!(!extends((0, tree), (1, tree), &[]));
        assert!(!extends((0, hash(&[])), (0, tree), &[]));
        assert!(extends((0, hash(&[])), (0, hash(&[])), &[]));
        assert!(!extends((1, tree), (0, hash(&[])), &[]));
        assert_eq!(consistency(&Leaves(&[tree]), 0, 1), Ok(Vec::new()));
    }

    #[test]
    fn a_history_that_was_changed_is_the_beginning_of_nothing() {
        let honest = leaves();
        let mut forged = honest.clone();
        forged[3] = leaf_head(b"forged");
        let old = (40, by_definition(&honest[..40]));
        let new = (100, by_definition(&forged[..100]));
        let path = some(consistency(&Leaves(&forged[..100]), 40, 100));
        assert!(!extends(old, new, &path));
    }
}

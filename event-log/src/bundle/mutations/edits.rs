//! What somebody may do to the pieces of a bundle.

use std::collections::BTreeMap;

use crate::bundle::specimen::Pieces;
use crate::checkpoint::{Checkpoint, SignedCheckpoint, Signer};
use crate::digest::Digest;
use crate::merkle::{MerkleTree, leaf_head};
use crate::simulation::Dice;

/// Changes pieces, perhaps with something of another bundle.
pub(super) type Edit = fn(&mut Pieces, &Pieces, &mut Dice);

pub(super) fn any(pieces: &mut Pieces, donor: &Pieces, dice: &mut Dice) {
    let edits: [Edit; 6] = [order, omission, duplication, splice, withheld, dropped_tail];
    edits[dice.index(edits.len())](pieces, donor, dice);
}

pub(super) fn order(pieces: &mut Pieces, _: &Pieces, dice: &mut Dice) {
    match dice.below(4) {
        0 => swap(&mut pieces.schemas, dice),
        1 => swap(&mut pieces.checkpoints, dice),
        _ => swap(&mut pieces.records, dice),
    }
}

pub(super) fn omission(pieces: &mut Pieces, _: &Pieces, dice: &mut Dice) {
    match dice.below(4) {
        0 => drop(pieces.schemas.remove(dice.index(pieces.schemas.len()))),
        1 => drop(
            pieces
                .checkpoints
                .remove(dice.index(pieces.checkpoints.len())),
        ),
        _ => drop(pieces.records.remove(dice.index(pieces.records.len()))),
    }
}

pub(super) fn duplication(pieces: &mut Pieces, _: &Pieces, dice: &mut Dice) {
    match dice.below(4) {
        0 => double(&mut pieces.schemas, dice),
        1 => double(&mut pieces.checkpoints, dice),
        _ => double(&mut pieces.records, dice),
    }
}

pub(super) fn splice(pieces: &mut Pieces, donor: &Pieces, dice: &mut Dice) {
    match dice.below(4) {
        0 => replace(&mut pieces.schemas, &donor.schemas, dice),
        1 => replace(&mut pieces.checkpoints, &donor.checkpoints, dice),
        _ => replace(&mut pieces.records, &donor.records, dice),
    }
}

pub(super) fn splice_part(pieces: &mut Pieces, donor: &Pieces, dice: &mut Dice) {
    match dice.below(4) {
        0 => pieces.checkpoints.clone_from(&donor.checkpoints),
        1 => pieces.signature.clone_from(&donor.signature),
        2 => pieces.manifest = donor.manifest.clone(),
        _ => pieces.records.clone_from(&donor.records),
    }
}

pub(super) fn withheld(pieces: &mut Pieces, _: &Pieces, dice: &mut Dice) {
    let at = dice.index(pieces.records.len());
    let line = &mut pieces.records[at];
    *line = format!("withheld {}\n", leaf_head(&line[..line.len() - 1])).into_bytes();
}

pub(super) fn dropped_tail(pieces: &mut Pieces, _: &Pieces, dice: &mut Dice) {
    pieces
        .checkpoints
        .truncate(1 + dice.index(pieces.checkpoints.len() - 1));
    let last: SignedCheckpoint = pieces.checkpoints.last().unwrap().parse().unwrap();
    let size = usize::try_from(last.checkpoint().size).unwrap();
    pieces.records.truncate(size);
    // The schemas of what is left, as whoever cuts would see to.
    let left = pieces.records.concat();
    let left = String::from_utf8_lossy(&left).into_owned();
    pieces.schemas.retain(|schema| {
        let mut words = schema.splitn(3, ' ');
        let (kind, version) = (words.next().unwrap(), words.next().unwrap());
        kind == "record" || left.contains(&format!("\"type\":\"{kind}\",\"version\":{version}"))
    });
}

/// Makes checkpoints of the same sizes that agree with the records, as far as there are so many.
pub(super) fn resign(pieces: &mut Pieces, signer: &Signer) {
    let mut tree = MerkleTree::default();
    let mut roots = BTreeMap::new();
    for line in &pieces.records {
        match line.strip_prefix(b"withheld ") {
            Some(hash) => {
                let hash = String::from_utf8_lossy(hash);
                let hash: Digest = hash.trim_end().parse().unwrap();
                tree.push_head(hash);
            }
            None => tree.push(&line[..line.len() - 1]),
        }
        roots.insert(tree.leaves(), tree.root());
    }
    let last = tree.leaves();
    let sizes: Vec<u64> = pieces
        .checkpoints
        .iter()
        .map(|note| size_of(note))
        .collect();
    let count = sizes.len();
    let sizes = sizes.into_iter().enumerate();
    let sizes = sizes.map(|(index, size)| {
        if index + 1 == count {
            last
        } else {
            size.min(last)
        }
    });
    pieces.checkpoints = sizes
        .map(|size| Checkpoint {
            origin: signer.verifier().name().to_owned(),
            size,
            root: roots[&size],
        })
        .map(|checkpoint| {
            SignedCheckpoint::sign(checkpoint, std::slice::from_ref(signer))
                .unwrap()
                .to_string()
        })
        .collect();
}

fn size_of(note: &str) -> u64 {
    let signed: SignedCheckpoint = note.parse().unwrap();
    signed.checkpoint().size
}

pub(super) fn swap<T>(lines: &mut [T], dice: &mut Dice) {
    let (one, other) = (dice.index(lines.len()), dice.index(lines.len()));
    lines.swap(one, other);
}

pub(super) fn double<T: Clone>(lines: &mut Vec<T>, dice: &mut Dice) {
    let line = lines[dice.index(lines.len())].clone();
    lines.insert(dice.index(lines.len() + 1), line);
}

pub(super) fn replace<T: Clone>(lines: &mut [T], others: &[T], dice: &mut Dice) {
    let at = dice.index(lines.len());
    lines[at] = others[dice.index(others.len())].clone();
}

//! Proving that a record stands in a history, to somebody who has nothing but a root.
//!
//! What is proved is the leaf: the record without its ciphertexts. Whoever checks needs neither the log nor a key.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::journal::JournalReader;
use crate::merkle::{Leaves, head_by_path, inclusion, leaf_head};
use crate::record::{Position, SchemeId};
use crate::store::StoreError;
use crate::verify::{Verification, verify_before};

/// A leaf, and the way from it to the root of the tree in which it stands (RFC 6962, section 2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inclusion {
    /// The canonical bytes of the leaf, as text.
    pub leaf: String,
    /// Where it stands, from 1.
    pub position: Position,
    /// The heads beside its way up, lowest first.
    pub path: Vec<Digest>,
}

impl Inclusion {
    /// The root of the tree of `size` leaves that this proves the leaf to be in; nothing where it proves nothing.
    #[must_use]
    pub fn root(&self, size: u64) -> Option<Digest> {
        let index = self.position.0.checked_sub(1)?;
        head_by_path(leaf_head(self.leaf.as_bytes()), index, size, &self.path)
    }
}

/// Reads and proves a journal, and proves that it holds the records at `positions`, in the order asked for.
///
/// [`StoreError::Ahead`] where the journal ends before one of them.
pub(crate) fn prove(
    reader: JournalReader,
    scheme: &SchemeId,
    positions: &[Position],
) -> Result<(Verification, Vec<Inclusion>), StoreError> {
    let mut heads = Vec::new();
    let mut wanted: Vec<Option<String>> = vec![None; positions.len()];
    let found = verify_before(reader, scheme, None, &mut |record, _| {
        let unwritten = |reason: &str| StoreError::Damaged {
            position: record.position,
            reason: reason.to_owned(),
        };
        let leaf = record.leaf().map_err(|_| unwritten("it has no leaf"))?;
        heads.push(leaf_head(&leaf));
        for (position, wanted) in positions.iter().zip(&mut wanted) {
            if *position == record.position {
                let text = String::from_utf8(leaf.clone());
                *wanted = Some(text.map_err(|_| unwritten("its leaf is no text"))?);
            }
        }
        Ok(())
    })?;
    let proved = positions.iter().zip(wanted).map(|(position, leaf)| {
        let ahead = || StoreError::Ahead {
            from: *position,
            head: found.head,
        };
        // Whatever has a leaf is in the tree.
        let leaf = leaf.ok_or_else(ahead)?;
        let Ok(path) = inclusion(&Leaves(&heads), position.0 - 1, heads.len() as u64);
        Ok(Inclusion {
            leaf,
            position: *position,
            path,
        })
    });
    let proved: Vec<Inclusion> = proved.collect::<Result<_, StoreError>>()?;
    Ok((found, proved))
}

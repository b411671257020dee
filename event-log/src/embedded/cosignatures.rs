//! What outside witnesses say of the checkpoints of a log: their lines, kept beside what they stand under.
//!
//! A line is kept only if it is by a witness whom the operator named, holds, and stands under a checkpoint that this log has signed
//! itself. So a witness who was shown another history cannot be taken for one who vouches for this.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use serde_json::{Value, json};
use thiserror::Error;

use super::Embedded;
use super::checkpoints::{entry, kept_at};
use super::scheme::unusable;
use crate::checkpoint::{NotSigned, Signature, SignedCheckpoint, VerifierKey};
use crate::operations::Entry;
use crate::record::SchemeId;
use crate::store::StoreError;

/// The kind of entry that holds the line of a witness.
pub(super) const COSIGNATURE: &str = "cosignature";

/// Why a cosigned checkpoint is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotCosigned {
    /// No checkpoint of so many records was signed by this log.
    #[error("this log has signed no checkpoint of {0} records")]
    NeverSigned(u64),
    /// What this log signed of as many records is another text: the witness has seen another history, or another log.
    #[error("what this log signed of {0} records is another origin or root")]
    Another(u64),
    /// None of the lines is by a witness who is known.
    #[error("no line is by a witness who is known here")]
    NoWitness,
    /// The line of a witness is of something else.
    #[error("the line of {0} does not hold: it is of something else")]
    Wrong(String),
}

impl Embedded {
    /// Keeps, at `at`, the lines that `witnesses` added to a checkpoint of this log, and returns it with all that are kept. Of two by
    /// one witness the one with the later time stays, so that it does not matter what comes twice or late.
    pub fn keep_cosignatures(
        &self,
        scheme: &SchemeId,
        note: &SignedCheckpoint,
        witnesses: &[VerifierKey],
        at: &str,
    ) -> Result<Result<SignedCheckpoint, NotCosigned>, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        let _signing = open.signing.lock().unwrap_or_else(PoisonError::into_inner);
        open.sound()?;
        let size = note.checkpoint().size;
        let Some(kept) = kept_at(&open.operations, size)? else {
            return Ok(Err(NotCosigned::NeverSigned(size)));
        };
        let lines = match newer(&kept, note, witnesses) {
            Ok(lines) => lines,
            Err(refused) => return Ok(Err(refused)),
        };
        let entries: Vec<Entry> = lines
            .iter()
            .map(|line| {
                let value = json!({ "line": line.to_string(), "size": size.to_string() });
                entry(COSIGNATURE, key(size, line), at, value)
            })
            .collect();
        if !entries.is_empty() {
            let written = open.operations.append(&entries);
            written.map_err(|error| unusable("a cosignature could not be kept", error))?;
        }
        Ok(Ok(kept.joined(lines)))
    }
}

/// The lines of `note` by these witnesses that say something newer than what is kept.
fn newer(
    kept: &SignedCheckpoint,
    note: &SignedCheckpoint,
    witnesses: &[VerifierKey],
) -> Result<Vec<Signature>, NotCosigned> {
    if !kept.says_the_same(note) {
        return Err(NotCosigned::Another(note.checkpoint().size));
    }
    let (mut known, mut lines) = (false, Vec::new());
    for witness in witnesses.iter().filter(|key| key.is_witness()) {
        let seen = match note.verify(witness) {
            Ok(seen) => seen,
            Err(NotSigned::Absent) => continue,
            Err(NotSigned::Wrong) => return Err(NotCosigned::Wrong(witness.name().to_owned())),
        };
        known = true;
        if kept.verify(witness).is_ok_and(|before| before >= seen) {
            continue;
        }
        let line = note.signatures().iter().rfind(|line| line.is_by(witness));
        lines.extend(line.cloned());
    }
    if !known {
        return Err(NotCosigned::NoWitness);
    }
    Ok(lines)
}

/// The key of the entry of a line under the checkpoint of so many records.
fn key(size: u64, line: &Signature) -> String {
    let id = u32::from_be_bytes(line.key_id);
    format!("{size} {}+{id:08x}", line.name)
}

/// Whether this is the key of a line under the checkpoint of so many records.
pub(super) fn is_of(key: &str, size: u64) -> bool {
    key.split_once(' ')
        .is_some_and(|(of, _)| of == size.to_string())
}

/// The lines that are kept, by the size of the checkpoint they stand under; a later one of the same key comes later.
pub(super) fn by_size(entries: &[Entry]) -> Result<BTreeMap<u64, Vec<Signature>>, StoreError> {
    let mut lines: BTreeMap<u64, Vec<Signature>> = BTreeMap::new();
    let text = |entry: &Entry, name: &str| -> String {
        let value = entry.value.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    for entry in entries {
        let line = text(entry, "line");
        let line: Signature = line
            .trim_end_matches('\n')
            .parse()
            .map_err(|error| unusable("a kept cosignature cannot be read", error))?;
        let size = text(entry, "size")
            .parse()
            .map_err(|error| unusable("the size of a kept cosignature cannot be read", error))?;
        lines.entry(size).or_default().push(line);
    }
    Ok(lines)
}

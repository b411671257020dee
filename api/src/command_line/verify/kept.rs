//! Whether a log goes on from a checkpoint that somebody kept outside.

use crate::command_line::Failed;
use event_log::{
    Checkpoint, MAX_CHECKPOINT_BYTES, NotSigned, ReadOnlyStore, SchemeId, SignedCheckpoint,
    StoreError, VerifierKey,
};
use serde_json::json;
use std::{fs, path::Path};

/// What to do where the log is not the one that was signed.
const WHAT_TO_DO: &str = "Keep the checkpoint and a copy of this data directory as they are, let nothing more be recorded in it, and ask \
     whoever runs the service for the data directory, or the backup, that goes on from the checkpoint; its log alone is the history. \
     docs/guides/checkpoints.md says more.";

/// Reads a checkpoint and whether `key` has signed it.
pub fn read(path: &Path, key: &VerifierKey) -> Result<(SignedCheckpoint, Option<u64>), Failed> {
    let shown = path.display();
    let size = fs::metadata(path)
        .map_err(|error| format!("{shown}: {error}"))?
        .len();
    if size > MAX_CHECKPOINT_BYTES as u64 {
        return Err(format!("{shown}: too large for a checkpoint").into());
    }
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let signed: SignedCheckpoint = text.parse().map_err(|error| {
        format!("{shown}: not a checkpoint: {error}. It must be kept byte for byte as it was given")
    })?;
    match signed.verify(key) {
        Ok(at) => Ok((signed, at)),
        Err(NotSigned::Absent) => Err(format!(
            "{shown}: {}: {key}. Give the key that was written down when the checkpoint was kept; `alongside checkpoint --keys` \
             names those of the log",
            NotSigned::Absent
        )
        .into()),
        Err(wrong) => Err(format!("{shown}: {wrong}").into()),
    }
}

/// The scheme that a checkpoint is of, as its origin ends.
pub fn scheme_of(checkpoint: &Checkpoint) -> Result<SchemeId, Failed> {
    let last = checkpoint.origin.rsplit('/').next().unwrap_or_default();
    SchemeId::new(last).map_err(|_| {
        format!(
            "the origin {:?} names no scheme; give --scheme",
            checkpoint.origin
        )
        .into()
    })
}

/// Proves that the scheme's log goes on from `kept`, reading all of it.
pub fn goes_on(
    store: &ReadOnlyStore,
    scheme: &SchemeId,
    kept: &Checkpoint,
    as_json: bool,
) -> Result<(), Failed> {
    let keys = store.log_keys(scheme)?;
    if let Some(known) = keys.last().filter(|known| known.key.name() != kept.origin) {
        return Err(format!(
            "the checkpoint is of the log {:?}, and this is {:?}",
            kept.origin,
            known.key.name()
        )
        .into());
    }
    let tree = match store.tree(scheme) {
        Ok(tree) => tree,
        Err(error @ StoreError::Damaged { .. }) => {
            return Err(format!("{scheme}: NOT whole: {error}. {WHAT_TO_DO}").into());
        }
        Err(error) => return Err(error.into()),
    };
    if tree.size() < kept.size {
        return Err(format!(
            "{scheme}: ROLLED BACK: the checkpoint is of {} records, and the log has {}. Records that were there are gone. {WHAT_TO_DO}",
            kept.size,
            tree.size()
        )
        .into());
    }
    let root = tree.root(kept.size)?;
    if root != kept.root {
        return Err(format!(
            "{scheme}: FORKED: after {} records the checkpoint has the root {}, and the log {root}. Something up to there was \
             changed, dropped or inserted. {WHAT_TO_DO}",
            kept.size, kept.root
        )
        .into());
    }
    let now = tree.root(tree.size())?;
    if as_json {
        let said = json!({
            "scheme": scheme, "goesOn": true, "checkpoint": { "size": kept.size, "root": kept.root },
            "records": tree.size(), "root": now,
        });
        println!("{said}");
    } else {
        println!(
            "{scheme}: goes on from the checkpoint. Of its {} records none was changed, dropped or inserted; {} records now, root {now}",
            kept.size,
            tree.size()
        );
    }
    Ok(())
}

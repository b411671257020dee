//! Checkpoints of a scheme: signed, kept in its operations journal, and followed by others that extend them.
//!
//! ```text
//! operations journal   "log key"     number        → the key others verify with
//!                      "checkpoint"  size          → the signed text, and the journal's frame at that position
//!                      "cosignature" size, witness → the line that a witness added
//! ```
//!
//! A log never signs what contradicts an earlier checkpoint: before it signs it works out the root of the last one again, and
//! a history that has become another is condemned on the spot. While one key follows another both sign: whoever kept the
//! old one sees that the history went on. The new one they are told by other means, since anybody can add a line.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::Embedded;
use super::cosignatures::{self, COSIGNATURE};
use super::read_only::ReadOnlyStore;
use super::scheme::{OpenScheme, unusable};
use crate::checkpoint::{Checkpoint, SignedCheckpoint, Signer, VerifierKey};
use crate::digest::Digest;
use crate::operations::{CHECKPOINT, Entry, Operations};
use crate::record::{Position, SchemeId};
use crate::sealing::{SealError, Seed};
use crate::snapshots::Moment;
use crate::store::StoreError;
use crate::tree::Tree;

/// The kind of entry that says which key a log signs with.
const LOG_KEY: &str = "log key";

/// A key that a log signs or signed its checkpoints with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    /// What its signatures are verified with.
    pub key: VerifierKey,
    /// Since when, in the words of whoever asked for the first checkpoint with it.
    pub since: String,
}

impl Embedded {
    /// The signed checkpoint of everything recorded so far; made and kept, at `at`, if the last one kept is of less.
    ///
    /// With the first one, the log gets its key. [`StoreError::Damaged`] if the history is not the one that the last kept
    /// checkpoint was signed for; from then on the scheme refuses everything.
    pub fn checkpoint(&self, scheme: &SchemeId, at: &str) -> Result<SignedCheckpoint, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        let _signing = open.signing.lock().unwrap_or_else(PoisonError::into_inner);
        if seeds(&open)?.is_empty() {
            make_seed(&open)?;
        }
        self.sign(&open, scheme, at)
    }

    /// Lets another key sign from now on, and returns the checkpoint that both have signed. The old one is destroyed. Begun
    /// again after an interruption, it goes on where it was.
    pub fn rotate_log_key(
        &self,
        scheme: &SchemeId,
        at: &str,
    ) -> Result<SignedCheckpoint, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        let _signing = open.signing.lock().unwrap_or_else(PoisonError::into_inner);
        if seeds(&open)?.is_empty() {
            make_seed(&open)?;
        }
        if seeds(&open)?.len() == 1 {
            make_seed(&open)?;
        }
        let signed = self.sign(&open, scheme, at)?;
        let seeds = seeds(&open)?;
        let old = seeds.split_last().map_or(&[][..], |(_, old)| old);
        for (number, _) in old {
            let destroyed = open.vault.destroy_signing_seed(*number);
            destroyed.map_err(keyring)?;
        }
        Ok(signed)
    }

    /// All checkpoints that are kept, the last one last.
    pub fn checkpoints(&self, scheme: &SchemeId) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        open.sound()?;
        let kept = open.operations.latest_of_kind(CHECKPOINT);
        checkpoints(&kept, &open.operations.latest_of_kind(COSIGNATURE))
    }

    /// The checkpoint of the first `size` records, if one is kept.
    pub fn checkpoint_at(
        &self,
        scheme: &SchemeId,
        size: u64,
    ) -> Result<Option<SignedCheckpoint>, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        open.sound()?;
        kept_at(&open.operations, size)
    }

    /// The keys the log signs and signed with, the one that counts last. None before its first checkpoint.
    pub fn log_keys(&self, scheme: &SchemeId) -> Result<Vec<LogKey>, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        log_keys(&open.operations.latest_of_kind(LOG_KEY))
    }

    /// Signs what is recorded now with every key there is, and keeps it, unless just that is kept already.
    fn sign(
        &self,
        open: &OpenScheme,
        scheme: &SchemeId,
        at: &str,
    ) -> Result<SignedCheckpoint, StoreError> {
        let moment = open.journal.moment();
        let size = moment.position().0;
        let tree = self.inner.tree(open, scheme, moment.position())?;
        let last = last_kept(&open.operations)?;
        if let Some(last) = &last {
            same_history(open, &tree, last.checkpoint())?;
        }
        let keys = log_keys(&open.operations.latest_of_kind(LOG_KEY))?;
        let origin = match keys.last() {
            Some(last) => last.key.name().to_owned(),
            None => format!("{}/{scheme}", self.inner.options.log_origin),
        };
        let (mut signers, mut entries) = (Vec::new(), Vec::new());
        for (number, seed) in seeds(open)? {
            let signer = Signer::log(&origin, &seed);
            let signer = signer.map_err(|error| unusable("the origin of the log", error))?;
            let key = signer.verifier();
            if keys.iter().all(|known| known.key != *key) {
                let value = json!({ "key": key.to_string() });
                entries.push(entry(LOG_KEY, number.to_string(), at, value));
            }
            signers.push(signer);
        }
        let by_all = |kept: &SignedCheckpoint| {
            let mut keys = signers.iter().map(Signer::verifier);
            keys.all(|key| kept.verify(key).is_ok())
        };
        if let Some(last) = last.filter(|last| last.checkpoint().size == size && by_all(last)) {
            return with_cosignatures(&open.operations, last);
        }
        let root = tree.root(size)?;
        let signed = SignedCheckpoint::sign(Checkpoint { origin, size, root }, &signers);
        let signed = signed.map_err(|error| unusable("the checkpoint cannot be written", error))?;
        let value = json!({
            "chain": Digest(moment.chain).to_string(),
            "note": signed.to_string(),
            "position": size.to_string(),
        });
        entries.push(entry(CHECKPOINT, size.to_string(), at, value));
        let kept = open.operations.append(&entries);
        kept.map_err(|error| unusable("the checkpoint could not be kept", error))?;
        with_cosignatures(&open.operations, signed)
    }
}

impl ReadOnlyStore {
    /// All checkpoints that are kept, the last one last.
    pub fn checkpoints(&self, scheme: &SchemeId) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let cosigned = self.entries_of(scheme, COSIGNATURE)?;
        checkpoints(&self.entries_of(scheme, CHECKPOINT)?, &cosigned)
    }

    /// The keys the log signs and signed with, the one that counts last.
    pub fn log_keys(&self, scheme: &SchemeId) -> Result<Vec<LogKey>, StoreError> {
        log_keys(&self.entries_of(scheme, LOG_KEY)?)
    }

    fn entries_of(&self, scheme: &SchemeId, kind: &str) -> Result<Vec<Entry>, StoreError> {
        let entries = self.operations(scheme);
        let entries =
            entries.map_err(|error| unusable("the operations journal cannot be read", error))?;
        Ok(entries
            .into_iter()
            .filter(|entry| entry.kind == kind)
            .collect())
    }
}

/// Where the journal was when the last checkpoint was kept, to be confirmed by whoever opens it.
pub(super) fn last_moment(operations: &Operations) -> Option<Moment> {
    let last = operations
        .latest_of_kind(CHECKPOINT)
        .into_iter()
        .rfind(is_signed)?;
    Some(Moment {
        position: last.value.get("position")?.as_str()?.parse().ok()?,
        chain: last.value.get("chain")?.as_str()?.parse::<Digest>().ok()?.0,
    })
}

/// What a history is called that is not the one a checkpoint was signed for.
pub(crate) fn another_history(size: u64) -> StoreError {
    StoreError::Damaged {
        position: Position(size),
        reason: format!(
            "this is not the history whose checkpoint was signed at position {size}: something in it was changed, or it \
             is another copy. Stop the service, put back the data directory that goes on from that checkpoint (the \
             newest one, or a backup made after it), and let the auditor know"
        ),
    }
}

/// Fails, and condemns the scheme, if the tree does not begin as `kept` says.
fn same_history(open: &OpenScheme, tree: &Tree, kept: &Checkpoint) -> Result<(), StoreError> {
    if tree.root(kept.size)? == kept.root {
        return Ok(());
    }
    open.condemn(another_history(kept.size));
    Err(another_history(kept.size))
}

fn last_kept(operations: &Operations) -> Result<Option<SignedCheckpoint>, StoreError> {
    let last = operations
        .latest_of_kind(CHECKPOINT)
        .into_iter()
        .rfind(is_signed);
    last.map(|entry| signed(&entry)).transpose()
}

/// The checkpoint of just so many records, with what witnesses say of it.
pub(super) fn kept_at(
    operations: &Operations,
    size: u64,
) -> Result<Option<SignedCheckpoint>, StoreError> {
    let entry = operations.latest(CHECKPOINT, &size.to_string());
    let Some(entry) = entry.filter(is_signed) else {
        return Ok(None);
    };
    with_cosignatures(operations, signed(&entry)?).map(Some)
}

fn with_cosignatures(
    operations: &Operations,
    signed: SignedCheckpoint,
) -> Result<SignedCheckpoint, StoreError> {
    let size = signed.checkpoint().size;
    let lines = operations.latest_of_keys(COSIGNATURE, |key| cosignatures::is_of(key, size));
    let of_this = cosignatures::by_size(&lines)?.remove(&size);
    Ok(signed.joined(of_this.unwrap_or_default()))
}

fn checkpoints(entries: &[Entry], cosigned: &[Entry]) -> Result<Vec<SignedCheckpoint>, StoreError> {
    let lines = cosignatures::by_size(cosigned)?;
    let whole = |entry: &Entry| {
        let signed = signed(entry)?;
        let of_this = lines.get(&signed.checkpoint().size).cloned();
        Ok(signed.joined(of_this.unwrap_or_default()))
    };
    entries
        .iter()
        .filter(|entry| is_signed(entry))
        .map(whole)
        .collect()
}

/// An entry without a text only says how long the journal was.
fn is_signed(entry: &Entry) -> bool {
    entry.value.get("note").is_some()
}

fn signed(entry: &Entry) -> Result<SignedCheckpoint, StoreError> {
    let note = entry.value.get("note").and_then(Value::as_str);
    let signed = note.unwrap_or_default().parse();
    signed.map_err(|error| unusable("a kept checkpoint cannot be read", error))
}

fn log_keys(entries: &[Entry]) -> Result<Vec<LogKey>, StoreError> {
    let read = |entry: &Entry| {
        let key = entry.value.get("key").and_then(Value::as_str);
        let key = key.unwrap_or_default().parse();
        Ok(LogKey {
            key: key.map_err(|error| unusable("a key of the log cannot be read", error))?,
            since: entry.at.clone(),
        })
    };
    entries.iter().map(read).collect()
}

pub(super) fn entry(kind: &str, key: String, at: &str, value: Value) -> Entry {
    Entry {
        at: at.to_owned(),
        key,
        kind: kind.to_owned(),
        value,
    }
}

fn seeds(open: &OpenScheme) -> Result<Vec<Seed>, StoreError> {
    open.vault.signing_seeds().map_err(keyring)
}

fn make_seed(open: &OpenScheme) -> Result<(), StoreError> {
    open.vault.make_signing_seed().map_err(keyring)
}

fn keyring(error: SealError) -> StoreError {
    unusable("the keyring does not give the key of the log", error)
}

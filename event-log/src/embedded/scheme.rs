//! One scheme on disk: closed, open, or known to be damaged.
//!
//! Schemes share nothing but the list they are in. Opening, closing or syncing one never waits for another.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::checkpoints::{another_history, last_moment};
use super::layout::scheme_directory;
use super::options::Options;
use super::proof::Proof;
use crate::index::{Index, ahead};
use crate::journal::{Journal, Opened, Remembered};
use crate::operations::Operations;
use crate::record::{Position, SchemeId};
use crate::sealing::{MasterKeys, Vault};
use crate::signal::Signal;
use crate::snapshots::{self, Circumstances, Kept, Moment};
use crate::store::StoreError;

/// A scheme's place in the list. It stays when the scheme closes.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) signal: Arc<Signal>,
    /// Held while the scheme opens or closes, and otherwise only to look at.
    pub(super) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Closed,
    Open(Arc<OpenScheme>),
    /// Not tried again until the scheme is closed by name.
    Damaged {
        position: Position,
        reason: String,
    },
}

/// Everything of one open scheme.
#[derive(Debug)]
pub(super) struct OpenScheme {
    pub(super) journal: Arc<Journal>,
    pub(super) operations: Arc<Operations>,
    pub(super) vault: Arc<Vault>,
    pub(super) index: Index,
    /// Where the index notes how long the journal was; `None` without an index.
    notes: Option<PathBuf>,
    snapshots: PathBuf,
    /// The snapshot the scheme was opened with, until somebody takes it.
    kept: Mutex<Option<Kept>>,
    /// Damage that was found only while the scheme was already open.
    condemned: Arc<OnceLock<(Position, String)>>,
    proof: Proof,
    closed: OnceLock<()>,
    /// Held while a checkpoint is made, so that no two contradict each other.
    pub(super) signing: Mutex<()>,
}

impl OpenScheme {
    /// Opens all parts and proves that the journal is as long as anything remembers.
    pub(super) fn open(
        directory: &Path,
        scheme: &SchemeId,
        options: &Options,
        masters: &MasterKeys,
        signal: &Arc<Signal>,
    ) -> Result<Self, StoreError> {
        let directory = scheme_directory(directory, scheme);
        let disk = || Arc::clone(&options.disk);
        let operations = Operations::open(disk(), &directory.join("operations"), scheme)
            .map_err(|error| unusable("the operations journal does not open", error))?;
        let entropy = Arc::clone(&options.entropy);
        let vault = Vault::open(disk(), &directory.join("keyring"), scheme, masters, entropy)
            .map_err(|error| unusable("the keyring does not open", error))?;
        let index_directory = directory.join("index");
        let snapshots = directory.join("snapshots");
        let proven = Index::proven_head(&index_directory)
            .max(snapshots::proven_head(&*options.disk, &snapshots, scheme))
            .max(operations.proven_head())
            .max(signal.head());
        let kept = read_snapshot(options, &snapshots, scheme, &vault);
        let signed = last_moment(&operations);
        let open = |witness| {
            let (folder, bytes) = (directory.join("journal"), options.segment_bytes);
            let remembered = Remembered {
                proven,
                witness,
                signed,
            };
            Journal::open(disk(), &folder, scheme, bytes, remembered)
        };
        let (opened, kept) = match open(kept.as_ref().map(Kept::moment))? {
            opened if opened.confirmed => (opened, kept),
            _ => {
                tracing::warn!(%scheme, "a snapshot is of another journal");
                (open(None)?, None)
            }
        };
        let Opened {
            journal,
            deferred,
            refuted,
            ..
        } = opened;
        if proven > journal.head() {
            return Err(ahead(proven, journal.head()));
        }
        if let Some(signed) = signed.filter(|_| refuted) {
            return Err(another_history(signed.position().0));
        }
        // Not before: until here it is evidence.
        if kept.is_none()
            && options.fingerprint.is_some()
            && let Err(error) = snapshots::discard(&*options.disk, &snapshots)
        {
            tracing::warn!(%scheme, %error, "a snapshot of no use could not be removed");
        }
        let journal = Arc::new(journal);
        signal.advance(journal.head());
        let condemned = Arc::new(OnceLock::new());
        let verdict = Arc::clone(&condemned);
        let condemn = Box::new(move |found| {
            if let StoreError::Damaged { position, reason } = found {
                verdict.get_or_init(|| (position, reason));
            }
        });
        let notes = options.index.then(|| index_directory.clone());
        let proof = Proof::start(scheme, deferred, &journal, &condemned);
        let index = Index::start(
            scheme,
            index_directory,
            options,
            Arc::clone(&journal),
            Arc::clone(signal),
            condemn,
        );
        Ok(Self {
            journal,
            operations: Arc::new(operations),
            vault: Arc::new(vault),
            index,
            notes,
            snapshots,
            kept: Mutex::new(kept),
            condemned,
            proof,
            closed: OnceLock::new(),
            signing: Mutex::default(),
        })
    }

    /// The snapshot the scheme was opened with; the first who asks gets it.
    pub(super) fn take_snapshot(&self) -> Option<Kept> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// The last durable position, to take a snapshot at; `None` while the journal is not proved to its beginning.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.proof.is_done().then(|| self.journal.moment())
    }

    /// Keeps a snapshot in place of the one before.
    pub(super) fn keep_snapshot(
        &self,
        scheme: &SchemeId,
        options: &Options,
        moment: Moment,
        parts: &[Vec<u8>],
    ) -> std::io::Result<()> {
        let Some(fingerprint) = &options.fingerprint else {
            return Ok(());
        };
        let circumstances = Circumstances {
            fingerprint,
            erased: &self.vault.erased(),
        };
        snapshots::write(
            &*options.disk,
            &self.snapshots,
            scheme,
            circumstances,
            moment,
            parts,
        )
    }

    /// Removes every snapshot.
    pub(super) fn discard_snapshots(&self, options: &Options) -> std::io::Result<()> {
        self.take_snapshot();
        snapshots::discard(&*options.disk, &self.snapshots)
    }

    /// Fails if damage has been found since the scheme was opened.
    pub(super) fn sound(&self) -> Result<(), StoreError> {
        match self.condemned.get() {
            None => Ok(()),
            Some((position, reason)) => Err(StoreError::Damaged {
                position: *position,
                reason: reason.clone(),
            }),
        }
    }

    /// Makes [`sound`](Self::sound) fail from now on, if it is damage that was found.
    pub(super) fn condemn(&self, found: StoreError) {
        if let StoreError::Damaged { position, reason } = found {
            self.condemned.get_or_init(|| (position, reason));
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.get().is_some()
    }

    /// Stops the clean way: closing frames, synced.
    pub(super) fn close(&self) -> Result<(), StoreError> {
        let _ = self.closed.set(());
        self.index.stop();
        self.proof.stop();
        let outcomes = [
            self.vault
                .close()
                .map_err(|error| unusable("the keyring does not close", error)),
            self.operations
                .close()
                .map_err(|error| unusable("the operations journal does not close", error)),
            self.journal.close(),
        ];
        let outcome: Result<(), StoreError> = outcomes.into_iter().collect();
        if let (Ok(()), Some(notes)) = (&outcome, &self.notes) {
            // The index may have been stopped before it had caught up, and a journal that is cut behind its
            // closing frame looks like one that was never closed.
            Index::note_head(notes, self.journal.head());
        }
        outcome
    }
}

/// The newest snapshot, if it is of use as far as can be seen without the journal.
fn read_snapshot(
    options: &Options,
    directory: &Path,
    scheme: &SchemeId,
    vault: &Vault,
) -> Option<Kept> {
    let fingerprint = options.fingerprint.as_ref()?;
    let circumstances = Circumstances {
        fingerprint,
        erased: &vault.erased(),
    };
    snapshots::read(&*options.disk, directory, scheme, circumstances)
}

/// Something beside the log that stands in the way.
pub(super) fn unusable(
    reason: &str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    StoreError::Unusable {
        reason: reason.to_owned(),
        source: Some(Box::new(error)),
    }
}

//! Why there is no backup, or no restored directory.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::embedded::OpenError;
use crate::operations::OperationsError;
use crate::record::{Position, SchemeId};
use crate::sealing::SealError;
use crate::sealing::{MasterKeyId, needing};
use crate::store::StoreError;

/// Why nothing was taken or restored. Each sentence is for the operator and says what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The place for the backup is a data directory.
    #[error("{} is a data directory; give the backup a directory of its own", .0.display())]
    IsData(PathBuf),
    /// There is no manifest: nothing was taken there, or the first backup was interrupted.
    #[error("{} holds no finished backup (no manifest.json); take it again, or name another", .0.display())]
    Unfinished(PathBuf),
    /// A manifest or a list is not what was written.
    #[error("{} cannot be used: {reason}", path.display())]
    Document {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of the backup is not the one that the manifest names.
    #[error("{} in the backup is not what was copied from {of}; restore from another copy of the backup", path.display())]
    Changed {
        /// Which file of the backup.
        path: PathBuf,
        /// Which file of the data directory it was.
        of: String,
    },
    /// The data directory does not continue what the last backup holds.
    #[error(
        "{scheme}: {reason} (position {position}); this is another history, so the last backup was left as it is: take this one into a new directory, and find out which of the two is true"
    )]
    OtherHistory {
        /// Which scheme.
        scheme: SchemeId,
        /// The head that the last backup has.
        position: Position,
        /// What was found.
        reason: &'static str,
    },
    /// A record is sealed under a key that the keyring does not know.
    #[error(
        "{scheme}: position {position} is sealed under a key that the keyring does not hold; the keyring is older than the journal"
    )]
    KeyMissing {
        /// Which scheme.
        scheme: SchemeId,
        /// The first such record.
        position: Position,
    },
    /// The list of erasures says nothing of a scheme in the backup.
    #[error(
        "the list of erasures does not speak of {scheme}; make the current list of the service this backup is from (alongside erasures)"
    )]
    NotListed {
        /// Which scheme.
        scheme: SchemeId,
    },
    /// The list speaks of a scheme of the same name with another beginning.
    #[error(
        "the list of erasures is about another scheme called {scheme}; make the current list of the service this backup is from (alongside erasures)"
    )]
    OtherScheme {
        /// Which scheme.
        scheme: SchemeId,
    },
    /// The list is older than the backup.
    #[error(
        "the list of erasures is older than the backup: it lacks {missing} whom the backup knows as erased in {scheme}; use the current list (alongside erasures)"
    )]
    Outdated {
        /// Which scheme.
        scheme: SchemeId,
        /// How many are missing; none if the list was made when the scheme was still empty.
        missing: usize,
    },
    /// The target of a restore has something in it.
    #[error("{} is not empty; name a directory that does not exist yet", .0.display())]
    NotEmpty(PathBuf),
    /// What was restored is not what was backed up.
    #[error("{scheme}: the restored log is not the one in the manifest; nothing was restored")]
    NotTheSame {
        /// Which scheme.
        scheme: SchemeId,
    },
    /// The master key is another one.
    #[error(
        "the master key does not open the keyring of {scheme}{}; give the one that the service used (--master-key)",
        needing(needed.as_ref())
    )]
    WrongMasterKey {
        /// Which scheme.
        scheme: SchemeId,
        /// Which key would, if the backup says it.
        needed: Option<MasterKeyId>,
    },
    /// The list that is there knows more than the one that is to replace it.
    #[error(
        "{} knows more erasures of {scheme} than this data directory does, so it was left as it is; is this directory an older copy, or another service?",
        path.display()
    )]
    WouldForget {
        /// The list that is there.
        path: PathBuf,
        /// Which scheme.
        scheme: SchemeId,
    },
    /// A data directory cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A data directory cannot be listed or closed.
    #[error("the schemes of the data directory cannot be used")]
    Store(#[from] StoreError),
    /// A journal cannot be read, in the data directory or in the copy.
    #[error("{scheme}: the journal{} does not read", in_the(*.copy))]
    Journal {
        /// Which scheme.
        scheme: SchemeId,
        /// It was the copy that was read.
        copy: bool,
        /// What was found.
        #[source]
        source: StoreError,
    },
    /// A keyring cannot be read or written.
    #[error("{scheme}: the keyring does not serve")]
    Keyring {
        /// Which scheme.
        scheme: SchemeId,
        /// What was found.
        #[source]
        source: SealError,
    },
    /// An operations journal cannot be read.
    #[error("{scheme}: the operations journal does not read")]
    Operations {
        /// Which scheme.
        scheme: SchemeId,
        /// What was found.
        #[source]
        source: OperationsError,
    },
    /// A file cannot be read as what it should be.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The system refused.
    #[error("{} cannot be used", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl BackupError {
    /// Says at which path the system refused.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

fn in_the(copy: bool) -> &'static str {
    if copy { " in the copy" } else { "" }
}

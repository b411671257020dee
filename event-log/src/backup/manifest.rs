//! What a backup says it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::BackupError;
use super::objects::Objects;
use super::{JOURNAL, KEYRING, MANIFEST, OPERATIONS, Part, document};
use crate::digest::Digest;
use crate::disk::Disk;
use crate::embedded::Kind;
use crate::record::{Position, SchemeId};
use crate::sealing::MasterKeyId;

const FORMAT: u32 = 1;

/// Everything a finished backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How backups are laid out; 1.
    pub format: u32,
    /// When it was begun, in the caller's words.
    pub taken_at: String,
    /// What the data directory holds.
    pub kind: Kind,
    /// Its schemes, in order of name.
    pub schemes: Vec<SchemeCopy>,
}

/// One scheme of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeCopy {
    /// Its name.
    pub scheme: SchemeId,
    /// The last position in the copy.
    pub head: Position,
    /// SHA-256 of the last frame in the copy.
    pub chain: Digest,
    /// The Merkle tree head at `head`.
    pub root: Digest,
    /// The Merkle tree head at position 1, which tells it from others of its name; none if it is empty.
    pub origin: Option<Digest>,
    /// The segments of its journal, from the first; their numbers are first positions.
    pub journal: Vec<FileCopy>,
    /// Its operations journal; the number is the generation.
    pub operations: FileCopy,
    /// Its keyring; the number is the generation.
    pub keyring: FileCopy,
    /// Everybody who was erased by then, sorted: opaque ids.
    pub erased: Vec<Uuid>,
    /// The name of the master key without which the copy opens nothing; absent if its keyring does not say it, because it
    /// holds no key yet, or was last written before there were names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master_key: Option<MasterKeyId>,
}

/// One file of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileCopy {
    /// What its name in the data directory is made from.
    pub number: u64,
    /// Its length.
    pub bytes: u64,
    /// Its digest, which is its name in the backup.
    pub sha256: Digest,
}

impl Manifest {
    /// The manifest of these schemes.
    pub(super) fn new(taken_at: &str, kind: Kind, schemes: Vec<SchemeCopy>) -> Self {
        Self {
            format: FORMAT,
            taken_at: taken_at.to_owned(),
            kind,
            schemes,
        }
    }

    /// Reads the manifest of the backup in `directory`; `None` if there is none.
    pub(super) fn read(disk: &dyn Disk, directory: &Path) -> Result<Option<Self>, BackupError> {
        let path = directory.join(MANIFEST);
        let found: Option<Self> = document::read(disk, &path)?;
        match found {
            Some(found) if found.format != FORMAT => Err(BackupError::Document {
                path,
                reason: format!("its format is {}", found.format),
            }),
            found => Ok(found),
        }
    }

    /// Makes the backup in `directory` the one this describes.
    pub(super) fn write(&self, disk: &dyn Disk, directory: &Path) -> Result<(), BackupError> {
        document::write(disk, &directory.join(MANIFEST), self)
    }

    /// What is kept of a scheme.
    #[must_use]
    pub fn scheme(&self, scheme: &SchemeId) -> Option<&SchemeCopy> {
        self.schemes.iter().find(|copy| copy.scheme == *scheme)
    }

    /// The digests of all files.
    pub(super) fn digests(&self) -> BTreeSet<Digest> {
        let files = self.schemes.iter().flat_map(SchemeCopy::files);
        files.map(|(_, file)| file.sha256).collect()
    }
}

impl SchemeCopy {
    /// All files, with the part of the scheme they belong to.
    pub(super) fn files(&self) -> impl Iterator<Item = (Part, FileCopy)> {
        let segments = self.journal.iter().map(|file| (JOURNAL, *file));
        segments.chain([(OPERATIONS, self.operations), (KEYRING, self.keyring)])
    }

    /// Where each file stood in the data directory, and where it is in the backup.
    pub(super) fn places(&self, objects: &Objects) -> Vec<(PathBuf, PathBuf)> {
        let root = Path::new("");
        self.files()
            .map(|(part, file)| {
                let original = part.path(root, &self.scheme, file.number);
                (original, objects.path(&file.sha256))
            })
            .collect()
    }
}

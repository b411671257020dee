//! The list of everybody who has been erased: what a restored backup must be given.
//!
//! Kept outside the backups and made anew after each erasure. It holds opaque ids and nothing about anybody.

use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::BackupError;
use super::manifest::Manifest;
use super::{KEYRING, document};
use crate::digest::Digest;
use crate::disk::Disk;
use crate::embedded::ReadOnlyStore;
use crate::record::{Position, SchemeId};
use crate::sealing::KeyringFile;
use crate::store::StoreError;

const FORMAT: u32 = 1;

/// Who has been erased, scheme by scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasures {
    /// How lists are laid out; 1.
    pub format: u32,
    /// When it was made, in the caller's words.
    pub made_at: String,
    /// The schemes, in order of name.
    pub schemes: Vec<SchemeErasures>,
}

/// Who has been erased in one scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeErasures {
    /// Its name.
    pub scheme: SchemeId,
    /// The Merkle tree head at position 1, which tells it from others of its name; none if it is empty.
    pub origin: Option<Digest>,
    /// Opaque ids, sorted.
    pub erased: Vec<Uuid>,
}

impl Erasures {
    /// The list as of now, read beside a running service. Needs no master key.
    pub fn of(source: &ReadOnlyStore, made_at: &str) -> Result<Self, BackupError> {
        let schemes = source.schemes()?.into_iter().map(|scheme| {
            let folder = KEYRING.folder(source.directory(), &scheme);
            let keys = KeyringFile::read(&**source.disk(), &folder, &scheme);
            let keys = keys.map_err(|source| BackupError::Keyring {
                scheme: scheme.clone(),
                source,
            })?;
            Ok(SchemeErasures {
                origin: origin(source, &scheme)?,
                erased: keys.erased(),
                scheme,
            })
        });
        Ok(Self {
            format: FORMAT,
            made_at: made_at.to_owned(),
            schemes: schemes.collect::<Result<_, BackupError>>()?,
        })
    }

    /// The list that a backup knows itself.
    pub(super) fn as_of(manifest: &Manifest) -> Self {
        let schemes = manifest.schemes.iter().map(|copy| SchemeErasures {
            scheme: copy.scheme.clone(),
            origin: copy.origin,
            erased: copy.erased.clone(),
        });
        Self {
            format: FORMAT,
            made_at: manifest.taken_at.clone(),
            schemes: schemes.collect(),
        }
    }

    /// Reads a list and proves that it is as it was written.
    pub fn read(disk: &dyn Disk, path: &Path) -> Result<Self, BackupError> {
        let found: Option<Self> = document::read(disk, path)?;
        let wrong = |reason: String| BackupError::Document {
            path: path.to_owned(),
            reason,
        };
        match found {
            Some(found) if found.format == FORMAT => Ok(found),
            Some(found) => Err(wrong(format!("its format is {}", found.format))),
            None => Err(wrong("there is no such file".to_owned())),
        }
    }

    /// Writes the list to `path`, replacing an older one as a whole, but never one that knows more.
    pub fn write(&self, disk: &dyn Disk, path: &Path) -> Result<(), BackupError> {
        if disk.exists(path) {
            let earlier = Self::read(disk, path)?;
            for known in &earlier.schemes {
                let mine = self.of_scheme(&known.scheme);
                let holds_all = mine.is_some_and(|mine| {
                    (known.origin.is_none() || known.origin == mine.origin)
                        && lacking(&mine.erased, &known.erased) == 0
                });
                if !holds_all {
                    return Err(BackupError::WouldForget {
                        path: path.to_owned(),
                        scheme: known.scheme.clone(),
                    });
                }
            }
        }
        document::write(disk, path, self)
    }

    /// The list as it would be written.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        document::text(self)
    }

    /// Who has been erased in `scheme`, if the list speaks of it.
    #[must_use]
    pub fn of_scheme(&self, scheme: &SchemeId) -> Option<&SchemeErasures> {
        self.schemes.iter().find(|listed| listed.scheme == *scheme)
    }

    /// Proves that the list is about the schemes of a backup and at least as new as it.
    pub(super) fn cover(&self, manifest: &Manifest) -> Result<(), BackupError> {
        for copy in &manifest.schemes {
            let scheme = copy.scheme.clone();
            let Some(listed) = self.of_scheme(&scheme) else {
                return Err(BackupError::NotListed { scheme });
            };
            match (listed.origin, copy.origin) {
                (Some(listed), Some(copied)) if listed != copied => {
                    return Err(BackupError::OtherScheme { scheme });
                }
                // Made when the scheme was empty, and the backup was taken later.
                (None, Some(_)) => return Err(BackupError::Outdated { scheme, missing: 0 }),
                _ => {}
            }
            let missing = lacking(&listed.erased, &copy.erased);
            if missing > 0 {
                return Err(BackupError::Outdated { scheme, missing });
            }
        }
        Ok(())
    }
}

/// How many of `wanted` are not in `list`.
fn lacking(list: &[Uuid], wanted: &[Uuid]) -> usize {
    wanted.iter().filter(|id| !list.contains(id)).count()
}

fn origin(source: &ReadOnlyStore, scheme: &SchemeId) -> Result<Option<Digest>, BackupError> {
    match source.verify_to(scheme, Position::FIRST) {
        Ok(found) => Ok(Some(found.root)),
        Err(StoreError::Ahead { .. }) => Ok(None),
        Err(source) => Err(BackupError::Journal {
            scheme: scheme.clone(),
            copy: false,
            source,
        }),
    }
}

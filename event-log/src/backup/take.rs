//! Taking a backup beside a running service.

use std::path::Path;
use std::sync::Arc;

use super::error::BackupError;
use super::manifest::{FileCopy, Manifest, SchemeCopy};
use super::objects::Objects;
use super::shown::Shown;
use super::source::{Found, Source};
use super::{ERASURES, Erasures, JOURNAL, KEYRING, OBJECTS, OPERATIONS, document};
use crate::digest::Digest;
use crate::disk::Disk;
use crate::embedded::{ReadOnlyStore, is_data_directory, lock_directory};
use crate::journal::JournalReader;
use crate::operations::Operations;
use crate::record::{Position, SchemeId};
use crate::sealing::KeyringFile;
use crate::verify::{Verification, verify_before};

/// A finished backup, and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it holds.
    pub manifest: Manifest,
    /// What each of its schemes took, in the same order.
    pub schemes: Vec<TakenScheme>,
}

/// What was written for one scheme, and what the last backup had already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenScheme {
    /// Segments of the journal.
    pub segments: Copied,
    /// Bytes of all files.
    pub bytes: Copied,
}

/// How many were copied, and how many were found unchanged and left alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Written now.
    pub copied: u64,
    /// Left alone.
    pub kept: u64,
}

/// Copies everything durable of `source` into the directory `to` and proves the copy.
///
/// What an earlier backup in `to` has is not copied again, and that backup stays good until this one is
/// finished. `taken_at` goes into the manifest as it is. Needs no master key.
pub fn take(source: &ReadOnlyStore, to: &Path, taken_at: &str) -> Result<Taken, BackupError> {
    if is_data_directory(to) {
        return Err(BackupError::IsData(to.to_owned()));
    }
    let disk = source.disk();
    let folder = to.join(OBJECTS);
    disk.create_directory(&folder)
        .map_err(BackupError::at(&folder))?;
    let _lock = lock_directory(to)?;
    // A last manifest that does not read is no backup any more: everything is copied anew.
    let last = Manifest::read(&**disk, to).unwrap_or_default();
    let objects = Objects::of(Arc::clone(disk), to);
    let names = source.schemes()?;
    all_there(last.as_ref(), &names)?;
    let (mut copies, mut schemes) = (Vec::new(), Vec::new());
    for scheme in &names {
        let taking = Taking {
            source: Source {
                disk: &**disk,
                directory: source.directory(),
                scheme,
            },
            disk,
            objects: &objects,
            last: last.as_ref().and_then(|last| last.scheme(scheme)),
        };
        let (copy, effort) = taking.copy()?;
        copies.push(copy);
        schemes.push(effort);
    }
    objects.finish()?;
    let manifest = Manifest::new(taken_at, source.kind(), copies);
    document::write(&**disk, &to.join(ERASURES), &Erasures::as_of(&manifest))?;
    manifest.write(&**disk, to)?;
    objects.sweep(&manifest.digests())?;
    Ok(Taken { manifest, schemes })
}

/// A scheme that has vanished would vanish from the backup too.
fn all_there(last: Option<&Manifest>, names: &[SchemeId]) -> Result<(), BackupError> {
    let mut copies = last.iter().flat_map(|last| &last.schemes);
    match copies.find(|copy| !names.contains(&copy.scheme)) {
        None => Ok(()),
        Some(gone) => Err(BackupError::OtherHistory {
            scheme: gone.scheme.clone(),
            position: gone.head,
            reason: "the scheme is in the last backup and no longer in the data directory",
        }),
    }
}

/// One scheme on its way into the backup.
struct Taking<'a> {
    source: Source<'a>,
    disk: &'a Arc<dyn Disk>,
    objects: &'a Objects,
    /// What the last backup has of it.
    last: Option<&'a SchemeCopy>,
}

impl Taking<'_> {
    /// Copies and proves. The order is what keeps the copy consistent: see the module above.
    fn copy(&self) -> Result<(SchemeCopy, TakenScheme), BackupError> {
        let mut effort = TakenScheme::default();
        let operations = self.source.current(OPERATIONS, |found| self.put(found))?;
        let journal = self.copy_journal(&mut effort)?;
        let keyring = self.source.current(KEYRING, |found| self.put(found))?;
        effort.bytes.copied += operations.bytes + keyring.bytes;
        let mut copy = SchemeCopy {
            scheme: self.source.scheme.clone(),
            head: Position::ZERO,
            chain: Digest([0; 32]),
            root: Digest([0; 32]),
            origin: None,
            journal,
            operations,
            keyring,
            erased: Vec::new(),
            master_key: None,
        };
        self.prove(&mut copy)?;
        Ok((copy, effort))
    }

    fn copy_journal(&self, effort: &mut TakenScheme) -> Result<Vec<FileCopy>, BackupError> {
        let (closed, last) = self.source.closed_segments()?;
        let mut segments = Vec::with_capacity(closed.len() + 1);
        for number in closed {
            let found = self.source.whole(JOURNAL, number)?;
            if let Some(kept) = self.kept(&found) {
                effort.segments.kept += 1;
                effort.bytes.kept += kept.bytes;
                segments.push(kept);
            } else {
                segments.push(self.put_segment(&found, effort)?);
            }
        }
        let found = self.source.growing(JOURNAL, last)?;
        segments.push(self.put_segment(&found, effort)?);
        Ok(segments)
    }

    /// The copy the last backup has of a closed segment, if it is still what it was.
    fn kept(&self, found: &Found) -> Option<FileCopy> {
        let mut earlier = self.last.iter().flat_map(|last| &last.journal);
        let same = |file: &&FileCopy| (file.number, file.bytes) == (found.number, found.bytes);
        let file = earlier.find(same)?;
        self.objects
            .holds(&file.sha256, file.bytes)
            .then_some(*file)
    }

    fn put_segment(
        &self,
        found: &Found,
        effort: &mut TakenScheme,
    ) -> Result<FileCopy, BackupError> {
        let path = JOURNAL.path(self.source.directory, self.source.scheme, found.number);
        let file = self.put(found).map_err(BackupError::at(&path))?;
        effort.segments.copied += 1;
        effort.bytes.copied += file.bytes;
        Ok(file)
    }

    fn put(&self, found: &Found) -> std::io::Result<FileCopy> {
        Ok(FileCopy {
            number: found.number,
            bytes: found.bytes,
            sha256: self.objects.put(&*found.file, found.bytes)?,
        })
    }

    /// Reads the copy back, as a restore would find it, and enters what it is into `copy`.
    fn prove(&self, copy: &mut SchemeCopy) -> Result<(), BackupError> {
        let scheme = self.source.scheme;
        let shown = Arc::new(Shown::new(Arc::clone(self.disk), copy.places(self.objects)));
        let root = Path::new("");
        Operations::read(&*shown, &OPERATIONS.folder(root, scheme), scheme).map_err(|source| {
            BackupError::Operations {
                scheme: scheme.clone(),
                source,
            }
        })?;
        let keys = KeyringFile::read(&*shown, &KEYRING.folder(root, scheme), scheme);
        let keys = keys.map_err(|source| BackupError::Keyring {
            scheme: scheme.clone(),
            source,
        })?;
        let mut keyless = None;
        let mut root_at_last = None;
        let reader = JournalReader::new(shown, &JOURNAL.folder(root, scheme), scheme);
        let found = verify_before(reader, scheme, None, &mut |record, tree| {
            let mut sealed = record.sealed.iter();
            if keyless.is_none() && sealed.any(|value| !keys.can_tell(value.key, value.subject)) {
                keyless = Some(record.position);
            }
            if record.position == Position::FIRST {
                copy.origin = Some(tree.root());
            }
            if self.last.is_some_and(|last| record.position == last.head) {
                root_at_last = Some(tree.root());
            }
            Ok(())
        });
        let found = found.map_err(|source| BackupError::Journal {
            scheme: scheme.clone(),
            copy: true,
            source,
        })?;
        if let Some(position) = keyless {
            return Err(BackupError::KeyMissing {
                scheme: scheme.clone(),
                position,
            });
        }
        self.continues_last(&found, root_at_last)?;
        (copy.head, copy.chain, copy.root) = (found.head, found.chain, found.root);
        copy.erased = keys.erased();
        copy.master_key = keys.master().cloned();
        Ok(())
    }

    /// Proves that the log of the last backup is a beginning of this one.
    fn continues_last(
        &self,
        found: &Verification,
        root_at_last: Option<Digest>,
    ) -> Result<(), BackupError> {
        let Some(last) = self.last.filter(|last| last.head > Position::ZERO) else {
            return Ok(());
        };
        let reason = match root_at_last {
            Some(root) if root == last.root => return Ok(()),
            Some(_) => "the log differs from the one in the last backup",
            None => "the log ends before the one in the last backup",
        };
        Err(BackupError::OtherHistory {
            scheme: found.scheme.clone(),
            position: last.head,
            reason,
        })
    }
}

//! Making a data directory from a backup, without those who have been erased since.
//!
//! Everything is built under another name and renamed at the end: there is no half restore.

use std::error::Error;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::BackupError;
use super::manifest::{FileCopy, Manifest, SchemeCopy};
use super::objects::{Objects, copy};
use super::{Erasures, JOURNAL, KEYRING, OPERATIONS, Part};
use crate::digest::Digest;
use crate::disk::Disk;
use crate::embedded::{Embedded, Options, lock_directory, write_format};
use crate::record::{Position, SchemeId};
use crate::sealing::SealError;
use crate::store::StoreError;

/// A restored data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was taken.
    pub taken_at: String,
    /// Its schemes, in order of name.
    pub schemes: Vec<RestoredScheme>,
}

/// One scheme of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredScheme {
    /// Its name.
    pub scheme: SchemeId,
    /// Its last position.
    pub head: Position,
    /// The Merkle tree head of what was restored, read back from it.
    pub root: Digest,
    /// The Merkle tree head that the manifest names; a restore with another comes to nothing.
    pub root_in_manifest: Digest,
    /// How many the backup knew as erased.
    pub erased_before: usize,
    /// How many had keys in the backup and were erased now.
    pub erased_now: usize,
    /// How many are erased of whom the backup has no key: none will be made for them.
    pub erased_without_key: usize,
}

/// Restores the backup in `from` as the data directory `to`, which must be empty or not exist.
///
/// `options` say where the master key is. Everybody on `list` is erased in what is restored. `furnish` may
/// add files of its own to the directory before it gets its name.
pub fn restore(
    from: &Path,
    to: &Path,
    list: &Erasures,
    options: Options,
    furnish: &mut dyn FnMut(&Path) -> io::Result<()>,
) -> Result<Restored, BackupError> {
    let disk = Arc::clone(&options.disk);
    let manifest =
        Manifest::read(&*disk, from)?.ok_or_else(|| BackupError::Unfinished(from.to_owned()))?;
    list.cover(&manifest)?;
    must_be_vacant(&*disk, to)?;
    let (folder, unfinished) = beside(to)?;
    let building = Building {
        disk: &*disk,
        objects: Objects::of(Arc::clone(&disk), from),
        directory: &unfinished,
    };
    let lock = building.begin()?;
    let restored = building
        .furnish(&manifest, furnish)
        .and_then(|()| {
            drop(lock); // The store takes it itself.
            forget_and_prove(&unfinished, &manifest, list, options)
        })
        .and_then(|schemes| {
            let named = disk.rename(&unfinished, to);
            named
                .and_then(|()| disk.sync_directory(&folder))
                .map_err(BackupError::at(to))?;
            Ok(schemes)
        });
    if restored.is_err() {
        // The first error is the one to hear of; what stays behind is taken away by the next restore.
        let _ = disk.remove_tree(&unfinished);
    }
    Ok(Restored {
        taken_at: manifest.taken_at,
        schemes: restored?,
    })
}

fn must_be_vacant(disk: &dyn Disk, to: &Path) -> Result<(), BackupError> {
    if !disk.exists(to) {
        return Ok(());
    }
    let names = disk.list(to).map_err(BackupError::at(to))?;
    if names.is_empty() {
        Ok(())
    } else {
        Err(BackupError::NotEmpty(to.to_owned()))
    }
}

/// The folder that `to` is in, and the name under which it is built there.
fn beside(to: &Path) -> Result<(PathBuf, PathBuf), BackupError> {
    let nameless = || BackupError::at(to)(io::ErrorKind::InvalidInput.into());
    let name = to.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(nameless)?;
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let unfinished = folder.join(format!(".{name}.restoring"));
    Ok((folder.to_owned(), unfinished))
}

/// A data directory that does not have its name yet.
struct Building<'a> {
    disk: &'a dyn Disk,
    objects: Objects,
    directory: &'a Path,
}

impl Building<'_> {
    /// Makes the directory, without what an interrupted restore left in it, and holds it.
    fn begin(&self) -> Result<File, BackupError> {
        let made = BackupError::at(self.directory);
        if self.disk.exists(self.directory) {
            // Held by another restore that is at work: an error, and nothing of it is touched.
            drop(lock_directory(self.directory)?);
            self.disk.remove_tree(self.directory).map_err(made)?;
        }
        let schemes = self.directory.join("schemes");
        self.disk
            .create_directory(&schemes)
            .map_err(BackupError::at(&schemes))?;
        Ok(lock_directory(self.directory)?)
    }

    fn furnish(
        &self,
        manifest: &Manifest,
        furnish: &mut dyn FnMut(&Path) -> io::Result<()>,
    ) -> Result<(), BackupError> {
        for copy in &manifest.schemes {
            self.copy_scheme(copy)?;
        }
        let schemes = self.directory.join("schemes");
        self.sync(&schemes)?;
        furnish(self.directory).map_err(BackupError::at(self.directory))?;
        write_format(self.directory, manifest.kind).map_err(BackupError::at(self.directory))
    }

    fn copy_scheme(&self, copy: &SchemeCopy) -> Result<(), BackupError> {
        let folders =
            [JOURNAL, OPERATIONS, KEYRING].map(|part| part.folder(self.directory, &copy.scheme));
        for folder in &folders {
            self.disk
                .create_directory(folder)
                .map_err(BackupError::at(folder))?;
        }
        for (part, file) in copy.files() {
            self.copy_file(part, &copy.scheme, file)?;
        }
        for folder in &folders {
            self.sync(folder)?;
        }
        self.sync(&crate::embedded::scheme_directory(
            self.directory,
            &copy.scheme,
        ))
    }

    /// Copies one file and proves on the way that it is the one in the manifest.
    fn copy_file(&self, part: Part, scheme: &SchemeId, file: FileCopy) -> Result<(), BackupError> {
        let target = part.path(self.directory, scheme, file.number);
        let source = self.objects.path(&file.sha256);
        let changed = || BackupError::Changed {
            path: source.clone(),
            of: part
                .path(Path::new(""), scheme, file.number)
                .display()
                .to_string(),
        };
        let opened = self.disk.open_to_read(&source);
        let original = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => changed(),
            _ => BackupError::at(&source)(error),
        })?;
        if original.length().map_err(BackupError::at(&source))? != file.bytes {
            return Err(changed());
        }
        let mut written = self
            .disk
            .create(&target)
            .map_err(BackupError::at(&target))?;
        let digest = copy(&*original, file.bytes, |chunk| written.append(chunk))
            .map_err(BackupError::at(&target))?;
        if digest != file.sha256 {
            return Err(changed());
        }
        written.sync().map_err(BackupError::at(&target))
    }

    fn sync(&self, folder: &Path) -> Result<(), BackupError> {
        self.disk
            .sync_directory(folder)
            .map_err(BackupError::at(folder))
    }
}

/// Opens what was built as a service would, erases everybody on the list, and compares the roots.
fn forget_and_prove(
    directory: &Path,
    manifest: &Manifest,
    list: &Erasures,
    options: Options,
) -> Result<Vec<RestoredScheme>, BackupError> {
    let store = Embedded::open(directory, options.without_index())?;
    let copies = manifest.schemes.iter();
    let schemes = copies.map(|copy| {
        let scheme = &copy.scheme;
        let journal = |source| BackupError::Journal {
            scheme: scheme.clone(),
            copy: false,
            source,
        };
        let vault = store.vault(scheme).map_err(|error| {
            if is_wrong_master_key(&error) {
                BackupError::WrongMasterKey {
                    scheme: scheme.clone(),
                    needed: copy.master_key.clone(),
                }
            } else {
                journal(error)
            }
        })?;
        let listed = list
            .of_scheme(scheme)
            .map_or(&[][..], |listed| &listed.erased);
        let to_erase: Vec<_> = listed
            .iter()
            .copied()
            .filter(|subject| !vault.is_erased(*subject))
            .collect();
        let with_key = to_erase.iter().filter(|subject| vault.has_key(**subject));
        let erased_now = with_key.count();
        vault
            .erase_all(&to_erase)
            .map_err(|source| BackupError::Keyring {
                scheme: scheme.clone(),
                source,
            })?;
        let found = store.verify(scheme).map_err(journal)?;
        if (found.head, found.root) != (copy.head, copy.root) {
            return Err(BackupError::NotTheSame {
                scheme: scheme.clone(),
            });
        }
        Ok(RestoredScheme {
            scheme: scheme.clone(),
            head: found.head,
            root: found.root,
            root_in_manifest: copy.root,
            erased_before: copy.erased.len(),
            erased_now,
            erased_without_key: to_erase.len() - erased_now,
        })
    });
    let schemes = schemes.collect::<Result<_, BackupError>>()?;
    store.close()?;
    Ok(schemes)
}

fn is_wrong_master_key(error: &StoreError) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    matches!(cause, Some(SealError::WrongMasterKey { .. }))
}

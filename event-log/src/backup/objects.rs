//! Files named after their own SHA-256: written once, whole, and never changed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::OBJECTS;
use super::error::BackupError;
use crate::digest::Digest;
use crate::disk::{Disk, LogFile};

/// The name of a file while it is written.
const UNFINISHED: &str = "unfinished.tmp";
const CHUNK_BYTES: usize = 1 << 20;

/// The files of a backup.
#[derive(Debug)]
pub(super) struct Objects {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
}

impl Objects {
    pub(super) fn of(disk: Arc<dyn Disk>, backup: &Path) -> Self {
        let folder = backup.join(OBJECTS);
        Self { disk, folder }
    }

    pub(super) fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(digest.to_string())
    }

    /// Copies the first `bytes` of `source`, synced; the folder is synced by [`finish`](Self::finish).
    pub(super) fn put(&self, source: &dyn LogFile, bytes: u64) -> io::Result<Digest> {
        let unfinished = self.folder.join(UNFINISHED);
        let mut target = self.disk.create(&unfinished)?;
        let digest = copy(source, bytes, |chunk| target.append(chunk))?;
        target.sync()?;
        self.disk.rename(&unfinished, &self.path(&digest))?;
        Ok(digest)
    }

    /// Whether this file is here, as long and with the content that its name promises.
    pub(super) fn holds(&self, digest: &Digest, bytes: u64) -> bool {
        let read = || {
            let file = self.disk.open_to_read(&self.path(digest))?;
            if file.length()? != bytes {
                return Ok(false);
            }
            Ok::<_, io::Error>(copy(&*file, bytes, |_| Ok(()))? == *digest)
        };
        // What cannot be read is copied anew, and then it is seen whether the disk is to blame.
        read().unwrap_or(false)
    }

    /// Makes the names of all files durable.
    pub(super) fn finish(&self) -> Result<(), BackupError> {
        let synced = self.disk.sync_directory(&self.folder);
        synced.map_err(BackupError::at(&self.folder))
    }

    /// Removes the files that are not in `kept`: no manifest needs them any more.
    ///
    /// They are not overwritten: who keeps earlier backups as hard links shares their bytes with this one.
    pub(super) fn sweep(&self, kept: &BTreeSet<Digest>) -> Result<(), BackupError> {
        let sweep = || {
            for name in self.disk.list(&self.folder)? {
                let digest = name.parse::<Digest>();
                if name == UNFINISHED || digest.is_ok_and(|digest| !kept.contains(&digest)) {
                    self.disk.remove(&self.folder.join(name))?;
                }
            }
            self.disk.sync_directory(&self.folder)
        };
        sweep().map_err(BackupError::at(&self.folder))
    }
}

/// Hands the first `bytes` of `source` to `take` and returns their SHA-256; an error if there are fewer.
pub(super) fn copy(
    source: &dyn LogFile,
    bytes: u64,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut offset = 0;
    while offset < bytes {
        let wanted =
            usize::try_from(bytes - offset).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES));
        let read = source.read_at(offset, &mut chunk[..wanted])?;
        if read < wanted {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        hasher.update(&chunk[..read]);
        take(&chunk[..read])?;
        offset += read as u64;
    }
    Ok(Digest(hasher.finalize().into()))
}

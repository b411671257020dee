//! A disk that refuses or holds up what it is told to. What lies on it lies on another one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::disk::{Disk, LogFile, RealDisk};

/// Another disk, the real one by default, until it is told to fail. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct FailingDisk(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    disk: Arc<dyn Disk>,
    faults: Mutex<Faults>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Faults {
    /// How many changes still succeed under paths with this in them.
    left: Option<(u64, String)>,
    /// No sync succeeds under paths with this in them.
    no_sync: Option<String>,
    /// No sync ends under paths with this in them.
    held: Option<String>,
    /// How many syncs are held up now.
    waiting: usize,
}

/// Syncs are held up until this is dropped.
#[derive(Debug)]
pub struct Held<'a>(&'a FailingDisk);

impl Default for FailingDisk {
    fn default() -> Self {
        Self::over(Arc::new(RealDisk))
    }
}

impl FailingDisk {
    /// Fails what would otherwise reach `disk`.
    #[must_use]
    pub fn over(disk: Arc<dyn Disk>) -> Self {
        Self(Arc::new(Shared {
            disk,
            faults: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// After `count` more changes under paths with `under` in them every further one fails: a dying disk, or a
    /// full one, for half of what an append wants to write still fits.
    pub fn fail_after(&self, count: u64, under: &str) {
        self.faults().left = Some((count, under.to_owned()));
    }

    /// From now on no sync of a file succeeds under paths with `under` in them.
    pub fn fail_syncs(&self, under: &str) {
        self.faults().no_sync = Some(under.to_owned());
    }

    /// All is well again, but for what is held up.
    pub fn heal(&self) {
        let mut faults = self.faults();
        faults.left = None;
        faults.no_sync = None;
    }

    /// Holds up every sync of a file under paths with `under` in them.
    #[must_use]
    pub fn hold_syncs(&self, under: &str) -> Held<'_> {
        self.faults().held = Some(under.to_owned());
        Held(self)
    }

    /// How many syncs are held up, asked again for at most `patience` while there are none.
    #[must_use]
    pub fn held_up(&self, patience: Duration) -> usize {
        let waited = self
            .0
            .changed
            .wait_timeout_while(self.faults(), patience, |faults| faults.waiting == 0);
        waited.unwrap_or_else(PoisonError::into_inner).0.waiting
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, path: &Path) -> io::Result<()> {
        match &mut self.faults().left {
            Some((left, under)) if is_under(path, under) => {
                *left = left.checked_sub(1).ok_or_else(refused)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Waits while the sync is held up; then says whether it may succeed.
    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut faults = self.faults();
        let held = |faults: &Faults| {
            faults
                .held
                .as_ref()
                .is_some_and(|under| is_under(path, under))
        };
        if held(&faults) {
            faults.waiting += 1;
            self.0.changed.notify_all();
            let waited = self.0.changed.wait_while(faults, |faults| held(faults));
            faults = waited.unwrap_or_else(PoisonError::into_inner);
            faults.waiting -= 1;
        }
        match &faults.no_sync {
            Some(under) if is_under(path, under) => Err(refused()),
            _ => {
                drop(faults);
                self.change(path)
            }
        }
    }

    fn wrap(&self, path: &Path, file: Box<dyn LogFile>) -> Box<dyn LogFile> {
        Box::new(FailingFile {
            disk: self.clone(),
            path: path.to_owned(),
            file,
        })
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.faults().held = None;
        self.0.0.changed.notify_all();
    }
}

impl Disk for FailingDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.change(path)?;
        Ok(self.wrap(path, self.0.disk.create(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(self.wrap(path, self.0.disk.open(path)?))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.0.disk.open_to_read(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        self.0.disk.list(directory)
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        self.change(directory)?;
        self.0.disk.create_directory(directory)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        self.change(directory)?;
        self.0.disk.sync_directory(directory)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(to)?;
        self.0.disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(path)?;
        self.0.disk.remove(path)
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        self.change(directory)?;
        self.0.disk.remove_tree(directory)
    }

    fn exists(&self, path: &Path) -> bool {
        self.0.disk.exists(path)
    }
}

#[derive(Debug)]
struct FailingFile {
    disk: FailingDisk,
    path: PathBuf,
    file: Box<dyn LogFile>,
}

impl LogFile for FailingFile {
    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, buffer)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.disk.change(&self.path) {
            self.file.append(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.append(bytes)
    }

    fn overwrite_with_zeros(&mut self) -> io::Result<()> {
        self.disk.change(&self.path)?;
        self.file.overwrite_with_zeros()
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.sync(&self.path)?;
        self.file.sync()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.disk.change(&self.path)?;
        self.file.truncate(length)
    }
}

fn is_under(path: &Path, under: &str) -> bool {
    path.to_string_lossy().contains(under)
}

fn refused() -> io::Error {
    io::Error::other("this disk was told to fail")
}

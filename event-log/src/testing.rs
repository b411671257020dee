//! What the tests of this crate share: countable randomness, and a disk that fails when told to.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use sha2::{Digest, Sha256};

use crate::disk::{Disk, LogFile, RealDisk};
use crate::embedded::{Embedded, Kind, Options};
use crate::entropy::Entropy;
use crate::record::SchemeId;

/// Different bytes at every call, the same in every run.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_le_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

pub(crate) fn scheme(name: &str) -> SchemeId {
    SchemeId::new(name).unwrap()
}

pub(crate) fn options() -> Options {
    Options::new(Arc::new(Counting::default()))
        .create(Kind::Rehearsal)
        .segment_bytes(64 << 10)
}

pub(crate) fn open(directory: &Path) -> Embedded {
    Embedded::open(directory, options()).unwrap()
}

/// The real disk, until it is told to fail.
#[derive(Debug, Clone, Default)]
pub(crate) struct FaultyDisk(Arc<Faults>);

#[derive(Debug)]
struct Faults {
    /// Changes that still succeed. Below zero everything that changes the disk fails.
    left: AtomicI64,
    /// Only files whose path contains this.
    only: Mutex<String>,
    /// While somebody holds this, no file below a scheme called `slow` finishes a sync.
    gate: Mutex<()>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            left: AtomicI64::new(i64::MAX),
            only: Mutex::default(),
            gate: Mutex::default(),
        }
    }
}

impl FaultyDisk {
    /// After `count` more changes under paths with `only` in them, every further one fails, for good: what
    /// a dying disk does, and what the moment of a kill looks like from the inside.
    pub(crate) fn fail_after(&self, count: i64, only: &str) {
        only.clone_into(&mut self.0.only.lock().unwrap());
        self.0.left.store(count, Ordering::SeqCst);
    }

    /// Holds up every sync of the scheme `slow` until the guard is dropped.
    pub(crate) fn hold_slow(&self) -> MutexGuard<'_, ()> {
        self.0.gate.lock().unwrap()
    }

    fn change(&self, path: &Path) -> io::Result<()> {
        if !path
            .to_string_lossy()
            .contains(self.0.only.lock().unwrap().as_str())
        {
            return Ok(());
        }
        if self.0.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(io::Error::other("injected"));
        }
        Ok(())
    }

    fn wrap(&self, path: &Path, file: Box<dyn LogFile>) -> Box<dyn LogFile> {
        Box::new(FaultyFile {
            disk: self.clone(),
            path: path.to_owned(),
            file,
        })
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.change(path)?;
        Ok(self.wrap(path, RealDisk.create(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(self.wrap(path, RealDisk.open(path)?))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        RealDisk.open_to_read(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(directory)
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        self.change(directory)?;
        RealDisk.create_directory(directory)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        self.change(directory)?;
        RealDisk.sync_directory(directory)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(to)?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(path)?;
        RealDisk.remove(path)
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        self.change(directory)?;
        RealDisk.remove_tree(directory)
    }

    fn exists(&self, path: &Path) -> bool {
        RealDisk.exists(path)
    }
}

#[derive(Debug)]
struct FaultyFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: Box<dyn LogFile>,
}

impl LogFile for FaultyFile {
    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, buffer)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.disk.change(&self.path) {
            // A full disk takes what still fits.
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
        if self.path.to_string_lossy().contains("/slow/") {
            drop(self.disk.hold_slow());
        }
        self.disk.change(&self.path)?;
        self.file.sync()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.disk.change(&self.path)?;
        self.file.truncate(length)
    }
}

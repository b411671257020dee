//! A disk in memory that forgets what was not synced when it is crashed.

use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::outcome::{CrashPoint, Fate, Moment, Survives};
use super::tree::{Id, Tree};
use crate::disk::{Disk, LogFile};

/// A disk in memory. Clones are the same disk.
///
/// Content is durable up to the last `sync` of its file, a name once its folder was synced. Every call that
/// changes something is an operation, also a sync, and each can be crashed before, within and after. From then
/// on every call fails; [`SimulatedDisk::left_behind`] gives the disk that is found when the power is back.
#[derive(Debug, Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

#[derive(Debug, Clone, Default)]
struct State {
    tree: Tree,
    operations: u64,
    points: Vec<CrashPoint>,
    crash_at: Option<CrashPoint>,
    crashed: bool,
    /// Syncing a file says that all is well, and does nothing.
    lies: bool,
}

impl SimulatedDisk {
    /// A disk with nothing but this folder on it.
    #[must_use]
    pub fn with_folder(folder: &Path) -> Self {
        let disk = Self::default();
        let mut state = disk.state();
        for ancestor in above(folder) {
            // Cannot fail: what is above it was just made.
            let _made = state.tree.make_folder(&ancestor);
        }
        state.tree.settle();
        drop(state);
        disk
    }

    /// From now on syncing a file does nothing: the control that shows that a test would notice.
    pub fn lie(&self) {
        self.state().lies = true;
    }

    /// Crashes when that point is reached, counted from the first change this disk has seen.
    pub fn crash_at(&self, point: CrashPoint) {
        self.state().crash_at = Some(point);
    }

    /// Every point at which it could have been crashed so far.
    #[must_use]
    pub fn points(&self) -> Vec<CrashPoint> {
        self.state().points.clone()
    }

    /// Whether it has crashed.
    #[must_use]
    pub fn crashed(&self) -> bool {
        self.state().crashed
    }

    /// The disk that is found after a crash at this moment. This one is not changed.
    #[must_use]
    pub fn left_behind(&self, survives: Survives) -> Self {
        let tree = self.state().tree.after_crash(&mut Fate::new(survives));
        let state = State {
            tree,
            ..State::default()
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A disk with the same on it, of which this one knows nothing. Cheap until one of them is changed.
    #[must_use]
    pub fn copied(&self) -> Self {
        let state = State {
            tree: self.state().tree.clone(),
            ..State::default()
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// The content of a file.
    pub fn content(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        let id = state.tree.open(path)?;
        Ok(state.tree.file(id)?.bytes().to_vec())
    }

    /// Changes the content of a file where it lies, as rot does. Not an operation.
    pub fn rot(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let mut state = self.state();
        let id = state.tree.open(path)?;
        state.tree.file_mut(id)?.rot(change);
        Ok(())
    }

    /// A number that is the same for disks with the same on them.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.state().tree.hash(&mut hasher);
        hasher.finish()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out one operation, unless the disk is gone or goes at it. `half` is what a write leaves that was
    /// crashed within.
    fn operation<T>(
        &self,
        half: Option<&dyn Fn(&mut Tree)>,
        whole: impl FnOnce(&mut Tree) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.state();
        state.alive()?;
        state.operations += 1;
        let operation = state.operations;
        let moments: &[Moment] = match half {
            Some(_) => &[Moment::Before, Moment::During, Moment::After],
            None => &[Moment::Before, Moment::After],
        };
        let points = moments
            .iter()
            .map(|moment| (operation, *moment))
            .map(|(operation, moment)| CrashPoint { operation, moment });
        state.points.extend(points);
        let crash = state
            .crash_at
            .filter(|point| point.operation == operation)
            .map(|point| point.moment);
        match (crash, half) {
            (None, _) => return whole(&mut state.tree),
            (Some(Moment::During), Some(half)) => half(&mut state.tree),
            (Some(Moment::After), _) => drop(whole(&mut state.tree)),
            (Some(Moment::Before | Moment::During), _) => {}
        }
        state.crashed = true;
        Err(gone())
    }

    fn look<T>(&self, look: impl FnOnce(&Tree) -> io::Result<T>) -> io::Result<T> {
        let state = self.state();
        state.alive()?;
        look(&state.tree)
    }

    fn opened(&self, id: Id) -> Box<dyn LogFile> {
        Box::new(OpenFile {
            disk: self.clone(),
            id,
        })
    }
}

impl State {
    fn alive(&self) -> io::Result<()> {
        if self.crashed { Err(gone()) } else { Ok(()) }
    }
}

impl Disk for SimulatedDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.operation(None, |tree| tree.create(path))
            .map(|id| self.opened(id))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.look(|tree| tree.open(path)).map(|id| self.opened(id))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.open(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        self.look(|tree| tree.list(directory))
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        for folder in above(directory) {
            if !self.exists(&folder) {
                self.operation(None, |tree| tree.make_folder(&folder))?;
            }
        }
        Ok(())
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        self.operation(None, |tree| tree.sync_folder(directory))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.operation(None, |tree| tree.rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.operation(None, |tree| tree.remove(path))
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        // One name after the other, as the operating system does it.
        for name in self.list(directory).unwrap_or_default() {
            self.remove_tree(&directory.join(name))?;
        }
        self.remove(directory)
    }

    fn exists(&self, path: &Path) -> bool {
        self.state().tree.exists(path)
    }
}

/// An open file. It stays the same file when its name changes.
#[derive(Debug)]
struct OpenFile {
    disk: SimulatedDisk,
    id: Id,
}

impl LogFile for OpenFile {
    fn length(&self) -> io::Result<u64> {
        self.disk
            .look(|tree| Ok(tree.file(self.id)?.bytes().len() as u64))
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.disk.look(|tree| {
            let bytes = tree.file(self.id)?.bytes();
            let from = size(offset).min(bytes.len());
            let count = buffer.len().min(bytes.len() - from);
            buffer[..count].copy_from_slice(&bytes[from..from + count]);
            Ok(count)
        })
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let half = |tree: &mut Tree| {
            if let Ok(file) = tree.file_mut(self.id) {
                file.append(&bytes[..bytes.len() / 2]);
            }
        };
        self.disk.operation(Some(&half), |tree| {
            tree.file_mut(self.id)?.append(bytes);
            Ok(())
        })
    }

    fn overwrite_with_zeros(&mut self) -> io::Result<()> {
        let zero = |tree: &mut Tree, part: usize| {
            let file = tree.file_mut(self.id)?;
            file.zero(file.bytes().len() / part);
            Ok(())
        };
        let half = |tree: &mut Tree| {
            let _there: io::Result<()> = zero(tree, 2);
        };
        self.disk.operation(Some(&half), |tree| zero(tree, 1))
    }

    fn sync(&mut self) -> io::Result<()> {
        let lies = self.disk.state().lies;
        self.disk.operation(None, |tree| {
            let file = tree.file_mut(self.id)?;
            if !lies {
                file.sync();
            }
            Ok(())
        })
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.disk.operation(None, |tree| {
            tree.file_mut(self.id)?.truncate(size(length));
            Ok(())
        })
    }
}

/// A folder and all above it, the highest first, without the root.
fn above(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = folder.ancestors().map(Path::to_owned).collect();
    folders.retain(|path| path.file_name().is_some());
    folders.reverse();
    folders
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn gone() -> io::Error {
    io::Error::other("the simulated disk has crashed")
}

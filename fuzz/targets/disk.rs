//! A disk in memory: files that keep their content when they are renamed, and a picture of all of them.

use event_log::disk::{Disk, LogFile};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The names and contents of all files.
pub type Picture = BTreeMap<PathBuf, Vec<u8>>;

type Content = Arc<Mutex<Vec<u8>>>;

/// A disk in memory. Clones are the same disk.
#[derive(Debug, Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<BTreeMap<PathBuf, Content>>>);

impl MemoryDisk {
    /// A disk with these files.
    pub fn of(picture: &Picture) -> Self {
        let files = picture
            .iter()
            .map(|(path, bytes)| (path.clone(), Arc::new(Mutex::new(bytes.clone()))));
        Self(Arc::new(Mutex::new(files.collect())))
    }

    /// What stands on it.
    pub fn picture(&self) -> Picture {
        let files = lock(&self.0);
        let copied = files
            .iter()
            .map(|(path, content)| (path.clone(), lock(content).clone()));
        copied.collect()
    }

    fn find(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let content = lock(&self.0).get(path).cloned();
        let content = content.ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(MemoryFile(content)))
    }
}

impl Disk for MemoryDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let content = Content::default();
        lock(&self.0).insert(path.to_owned(), Arc::clone(&content));
        Ok(Box::new(MemoryFile(content)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.find(path)
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.find(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let files = lock(&self.0);
        let below = files
            .keys()
            .filter(|path| path.parent() == Some(directory))
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
        Ok(below.collect())
    }

    fn create_directory(&self, _: &Path) -> io::Result<()> {
        Ok(()) // A folder is there as long as something is in it.
    }

    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = lock(&self.0);
        let moved: Vec<PathBuf> = files
            .keys()
            .filter(|path| path.starts_with(from))
            .cloned()
            .collect();
        for path in moved {
            let rest = path.strip_prefix(from).map_err(io::Error::other)?;
            let named = if rest.as_os_str().is_empty() {
                to.to_owned()
            } else {
                to.join(rest)
            };
            if let Some(content) = files.remove(&path) {
                files.insert(named, content);
            }
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = lock(&self.0).remove(path);
        removed.map(|_| ()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        lock(&self.0).retain(|path, _| !path.starts_with(directory));
        Ok(())
    }

    fn exists(&self, path: &Path) -> bool {
        lock(&self.0).keys().any(|known| known.starts_with(path))
    }
}

#[derive(Debug)]
struct MemoryFile(Content);

impl LogFile for MemoryFile {
    fn length(&self) -> io::Result<u64> {
        Ok(lock(&self.0).len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let content = lock(&self.0);
        let from = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(content.len());
        let count = buffer.len().min(content.len() - from);
        buffer[..count].copy_from_slice(&content[from..from + count]);
        Ok(count)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(())
    }

    fn overwrite_with_zeros(&mut self) -> io::Result<()> {
        lock(&self.0).fill(0);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        lock(&self.0).truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

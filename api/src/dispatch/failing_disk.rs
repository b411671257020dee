//! A disk whose syncs fail below a folder, when told to.

use event_log::disk::{Disk, LogFile, RealDisk};
use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
};

#[derive(Debug, Clone, Default)]
pub struct FailingDisk {
    below: Arc<Mutex<Option<String>>>,
}

impl FailingDisk {
    /// From now on no sync succeeds in a folder of this name, nor below it.
    pub fn fail_below(&self, folder: &str) {
        *self.below.lock().expect("nobody panics holding it") = Some(folder.to_owned());
    }

    pub fn heal(&self) {
        *self.below.lock().expect("nobody panics holding it") = None;
    }

    fn wrap(&self, path: &Path, file: Box<dyn LogFile>) -> Box<dyn LogFile> {
        Box::new(FailingFile {
            disk: self.clone(),
            path: path.display().to_string(),
            file,
        })
    }
}

#[derive(Debug)]
struct FailingFile {
    disk: FailingDisk,
    path: String,
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
        self.file.append(bytes)
    }

    fn overwrite_with_zeros(&mut self) -> io::Result<()> {
        self.file.overwrite_with_zeros()
    }

    fn sync(&mut self) -> io::Result<()> {
        let below = self
            .disk
            .below
            .lock()
            .expect("nobody panics holding it")
            .clone();
        match below {
            Some(folder) if self.path.contains(&folder) => {
                Err(io::Error::other("the disk is gone"))
            }
            _ => self.file.sync(),
        }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.truncate(length)
    }
}

impl Disk for FailingDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
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
        RealDisk.create_directory(directory)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        RealDisk.sync_directory(directory)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        RealDisk.remove_tree(directory)
    }

    fn exists(&self, path: &Path) -> bool {
        RealDisk.exists(path)
    }
}

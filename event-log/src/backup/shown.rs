//! A backup, shown as the data directory it was taken from: so it is read and proved by the same code.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::{Disk, LogFile};

/// A disk on which the files of a backup stand under their original names. It can only be read.
#[derive(Debug)]
pub(super) struct Shown {
    disk: Arc<dyn Disk>,
    /// Where each original name really is.
    files: BTreeMap<PathBuf, PathBuf>,
}

impl Shown {
    pub(super) fn new(
        disk: Arc<dyn Disk>,
        files: impl IntoIterator<Item = (PathBuf, PathBuf)>,
    ) -> Self {
        let files = files.into_iter().collect();
        Self { disk, files }
    }
}

impl Disk for Shown {
    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let found = self.files.get(path);
        self.disk
            .open_to_read(found.ok_or(io::ErrorKind::NotFound)?)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let here = self
            .files
            .keys()
            .filter(|path| path.parent() == Some(directory));
        let names = here.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
        Ok(names.collect())
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file.starts_with(path))
    }

    fn create(&self, _: &Path) -> io::Result<Box<dyn LogFile>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn LogFile>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn create_directory(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove_tree(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

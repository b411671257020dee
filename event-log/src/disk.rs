//! The few things this crate asks of a disk, behind a trait, so that one can be made to fail.
//!
//! Every operation means what POSIX says and no more: nothing is durable before `sync` (for a file's
//! content) or `sync_directory` (for a name) has returned without an error. There is no retry anywhere.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Folders and names.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Makes a file, or empties one that is there, and opens it for reading and writing.
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// Opens an existing file for reading and writing.
    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// Opens an existing file for reading.
    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// The names in a folder, sorted.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;
    /// Makes a folder and those above it.
    fn create_directory(&self, directory: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
    /// Gives a file or folder another name, replacing a file that has it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder with all that is in it.
    fn remove_tree(&self, directory: &Path) -> io::Result<()>;
    /// Whether there is a file or folder of this name.
    fn exists(&self, path: &Path) -> bool;
}

/// An open file that grows at its end.
pub trait LogFile: Send + Sync + fmt::Debug {
    /// Its length in bytes.
    fn length(&self) -> io::Result<u64>;
    /// Reads from `offset` until the buffer is full or the file ends; returns the number of bytes read.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes all bytes at the end. After an error any part of them may be there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Writes zeros over all of it, as far as a file system lets one overwrite.
    fn overwrite_with_zeros(&mut self) -> io::Result<()>;
    /// Makes content and length durable (`fdatasync`).
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to `length` bytes.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

/// The disk of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        RealFile::open(
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true),
            path,
        )
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        RealFile::open(OpenOptions::new().read(true).write(true), path)
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        RealFile::open(OpenOptions::new().read(true), path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(directory)? {
            // A name that is not text is none of ours.
            names.extend(entry?.file_name().into_string());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        File::open(directory)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        fs::remove_dir_all(directory)
    }

    fn exists(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok()
    }
}

#[derive(Debug)]
struct RealFile {
    file: File,
    /// Where the next append goes: the length as this handle knows it.
    end: u64,
}

impl RealFile {
    fn open(options: &OpenOptions, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let file = options.open(path)?;
        let end = file.metadata()?.len();
        Ok(Box::new(Self { file, end }))
    }
}

impl LogFile for RealFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self
                .file
                .read_at(&mut buffer[filled..], offset + filled as u64)
            {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.end)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn overwrite_with_zeros(&mut self) -> io::Result<()> {
        let zeros = [0; 4096];
        let mut offset = 0;
        while offset < self.end {
            let count = (self.end - offset).min(zeros.len() as u64);
            let chunk = usize::try_from(count).unwrap_or(zeros.len());
            self.file.write_all_at(&zeros[..chunk], offset)?;
            offset += count;
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.end = length;
        Ok(())
    }
}

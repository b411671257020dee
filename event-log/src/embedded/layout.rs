//! The directory on disk, its lock and its kind.
//!
//! ```text
//! alongside.lock   held by the one process that may write
//! format.json      what this is; written last, so its presence means the rest is there
//! keys/master.key  and beside it, while another follows it, keys/master.key.next
//! schemes/<id>/    journal/ operations/ keyring/, and index/ snapshots/, which may be deleted
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::options::{Kind, Options};
use crate::journal::Journal;
use crate::operations::Operations;
use crate::record::SchemeId;
use crate::sealing::{MasterKey, MasterKeySource, MasterKeys, Vault, next_of};

const LOCK: &str = "alongside.lock";
const FORMAT: &str = "format.json";
const FORMAT_VERSION: u32 = 1;

/// Why a directory cannot be opened at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it.
    #[error("{} is held by {}", path.display(), holder.map_or("another process".to_owned(), |id| format!("process {id}")))]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, where that can be read.
        holder: Option<u32>,
    },
    /// There is none, and making one was not asked for.
    #[error("{} is not a data directory", path.display())]
    Missing {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// It was made by something else, or by a later version.
    #[error("{} is not understood: {reason}", path.display())]
    Format {
        /// The file that says what the directory is.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The master key is not there or not a key.
    #[error("the master key {} cannot be used", path.display())]
    MasterKey {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system refused.
    #[error("{} cannot be used", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Format {
    format: u32,
    kind: Kind,
}

/// Takes the lock; the file must stay open as long as the store does.
pub(crate) fn lock(directory: &Path) -> Result<File, OpenError> {
    let path = directory.join(LOCK);
    let refused = |source| OpenError::Io {
        path: path.clone(),
        source,
    };
    // Not truncated: who holds it has written its number there.
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(refused)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let holder = file
                .read_to_string(&mut text)
                .ok()
                .and_then(|_| text.trim().parse().ok());
            return Err(OpenError::Locked { path, holder });
        }
        Err(TryLockError::Error(error)) => return Err(refused(error)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(refused)?;
    Ok(file)
}

/// Makes the directory if that was asked for and there is none; returns its lock, kind and master key.
pub(super) fn open(
    directory: &Path,
    options: &Options,
) -> Result<(File, Kind, MasterKeys), OpenError> {
    let there = directory.join(FORMAT).exists();
    let Some(kind) = options.create.filter(|_| !there) else {
        if !there {
            return Err(OpenError::Missing {
                path: directory.to_owned(),
            });
        }
        let lock = lock(directory)?;
        return Ok((
            lock,
            read_kind(directory)?,
            read_master_keys(directory, options)?,
        ));
    };
    fs::create_dir_all(directory).map_err(|source| OpenError::Io {
        path: directory.to_owned(),
        source,
    })?;
    let lock = lock(directory)?;
    if directory.join(FORMAT).exists() {
        // Somebody else made it between the two looks.
        return Ok((
            lock,
            read_kind(directory)?,
            read_master_keys(directory, options)?,
        ));
    }
    if let Some(path) = master_key_path(directory, options).filter(|path| !path.exists()) {
        MasterKey::create(&path, &*options.entropy)
            .map_err(|source| OpenError::MasterKey { path, source })?;
    }
    let masters = read_master_keys(directory, options)?;
    let made =
        fs::create_dir_all(directory.join("schemes")).and_then(|()| write_format(directory, kind));
    made.map_err(|source| OpenError::Io {
        path: directory.join(FORMAT),
        source,
    })?;
    Ok((lock, kind, masters))
}

/// Whether something calls itself a data directory here.
pub(crate) fn is_data_directory(directory: &Path) -> bool {
    directory.join(FORMAT).exists()
}

/// What the directory says it is.
pub(super) fn read_kind(directory: &Path) -> Result<Kind, OpenError> {
    let path = directory.join(FORMAT);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::Missing {
                path: directory.to_owned(),
            });
        }
        Err(source) => return Err(OpenError::Io { path, source }),
    };
    match serde_json::from_str::<Format>(&text) {
        Ok(found) if found.format == FORMAT_VERSION => Ok(found.kind),
        Ok(found) => Err(OpenError::Format {
            path,
            reason: format!("its format is {}", found.format),
        }),
        Err(error) => Err(OpenError::Format {
            path,
            reason: error.to_string(),
        }),
    }
}

/// The master key, and the one that is about to follow it, if there is one.
pub(super) fn read_master_keys(
    directory: &Path,
    options: &Options,
) -> Result<MasterKeys, OpenError> {
    let next = match &options.next {
        Some(source) => Some(read_source(directory, source)?),
        None => master_key_path(directory, options)
            .map(|path| next_of(&path))
            .filter(|path| path.exists())
            .map(|path| read_source(directory, &MasterKeySource::File(path)))
            .transpose()?,
    };
    Ok(MasterKeys {
        current: read_source(directory, &options.master_key)?,
        next,
    })
}

/// The master key that comes from there.
pub(super) fn read_source(
    directory: &Path,
    source: &MasterKeySource,
) -> Result<Arc<MasterKey>, OpenError> {
    let path = match source {
        MasterKeySource::Given(key) => return Ok(Arc::clone(key)),
        MasterKeySource::File(path) => path.clone(),
        MasterKeySource::Beside => beside(directory),
    };
    let read = MasterKey::read(&path).map_err(|source| OpenError::MasterKey { path, source });
    read.map(Arc::new)
}

/// The folder of a scheme.
pub(crate) fn scheme_directory(directory: &Path, scheme: &SchemeId) -> PathBuf {
    directory.join("schemes").join(scheme.as_str())
}

/// All schemes that have a folder.
pub(super) fn list_schemes(directory: &Path, options: &Options) -> io::Result<Vec<SchemeId>> {
    let names = options.disk.list(&directory.join("schemes"))?;
    Ok(names
        .into_iter()
        .filter_map(|name| SchemeId::new(name).ok())
        .collect())
}

/// Makes an empty scheme: complete under another name first, so that there is no half of one.
pub(super) fn create_scheme(
    directory: &Path,
    options: &Options,
    scheme: &SchemeId,
) -> io::Result<()> {
    let disk = &*options.disk;
    let schemes = directory.join("schemes");
    // No scheme's name starts with a dot.
    let unfinished = schemes.join(format!(".new-{scheme}"));
    if disk.exists(&unfinished) {
        disk.remove_tree(&unfinished)?;
    }
    disk.create_directory(&unfinished)?;
    Journal::create(disk, &unfinished.join("journal"), scheme)?;
    Operations::create(disk, &unfinished.join("operations"), scheme)?;
    Vault::create(disk, &unfinished.join("keyring"), scheme)?;
    disk.sync_directory(&unfinished)?;
    disk.rename(&unfinished, &scheme_directory(directory, scheme))?;
    disk.sync_directory(&schemes)
}

/// The file of the master key, if it is in one.
pub(super) fn master_key_path(directory: &Path, options: &Options) -> Option<PathBuf> {
    match &options.master_key {
        MasterKeySource::Beside => Some(beside(directory)),
        MasterKeySource::File(path) => Some(path.clone()),
        MasterKeySource::Given(_) => None,
    }
}

fn beside(directory: &Path) -> PathBuf {
    directory.join("keys").join("master.key")
}

/// Says what the directory is; written last, so its presence means the rest is there.
pub(crate) fn write_format(directory: &Path, kind: Kind) -> io::Result<()> {
    let temporary = directory.join("format.json.tmp");
    let mut file = File::create(&temporary)?;
    writeln!(
        file,
        "{}",
        serde_json::to_string(&Format {
            format: FORMAT_VERSION,
            kind
        })?
    )?;
    file.sync_all()?;
    fs::rename(&temporary, directory.join(FORMAT))?;
    File::open(directory)?.sync_all()
}

//! The master key: where it comes from, what it is called, and how one follows another.
//!
//! It is the one key that is not in the keyring. Beside the data it protects nothing against a stolen disk; so it may be kept
//! elsewhere, in another file or wherever the caller takes its bytes from.
//!
//! ```text
//! keys/master.key        the key that counts
//! keys/master.key.next   its successor, while the keyrings are being wrapped anew: both open
//! keys/master.key.old    what counted before, on its way to being overwritten
//! ```

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::keys::SecretKey;
use crate::entropy::Entropy;

/// Bytes of a master key.
pub const MASTER_KEY_BYTES: usize = 32;

/// The key that wraps all others. Wiped from memory when dropped, and never printed.
pub struct MasterKey(SecretKey);

/// The name of a master key: it tells keys apart and nothing of what they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MasterKeyId(String);

impl fmt::Display for MasterKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Where a master key comes from.
#[derive(Debug, Clone, Default)]
pub enum MasterKeySource {
    /// `keys/master.key` in the data directory.
    #[default]
    Beside,
    /// A file of exactly its bytes.
    File(PathBuf),
    /// The caller has it.
    Given(Arc<MasterKey>),
}

impl MasterKey {
    /// A key from bytes that are already at hand.
    #[must_use]
    pub fn from_bytes(secret: Zeroizing<[u8; MASTER_KEY_BYTES]>) -> Self {
        Self(secret)
    }

    /// What it is called: the beginning of a digest of its bytes, which are random, so nothing can be guessed from it.
    #[must_use]
    pub fn id(&self) -> MasterKeyId {
        let digest = Sha256::new()
            .chain_update(b"alongside master key 1\0")
            .chain_update(self.0.as_slice())
            .finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        MasterKeyId(format!("{:016x}", u64::from_be_bytes(first)))
    }

    /// Makes a key at `path`, readable by its owner only, and syncs it with its folder. Half a key never has the name.
    pub(crate) fn create(path: &Path, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut secret: SecretKey = Zeroizing::new([0; MASTER_KEY_BYTES]);
        entropy.fill(&mut *secret);
        let folder = folder_of(path);
        fs::create_dir_all(folder)?;
        let unfinished = with_suffix(path, "tmp");
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(&*secret)?;
        file.sync_all()?;
        // A link, not another name: a key that is there is never replaced by one that is made.
        let linked = fs::hard_link(&unfinished, path);
        fs::remove_file(&unfinished)?;
        linked?;
        File::open(folder)?.sync_all()?;
        Ok(Self(secret))
    }

    /// Reads the key at `path`, which must be 32 bytes.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        File::open(path)?.take(64).read_to_end(&mut bytes)?;
        let mut secret: SecretKey = Zeroizing::new([0; MASTER_KEY_BYTES]);
        if bytes.len() != secret.len() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a master key is 32 bytes",
            ));
        }
        secret.copy_from_slice(&bytes);
        Ok(Self(secret))
    }

    pub(super) fn secret(&self) -> &SecretKey {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(…)")
    }
}

/// The master key, and the one that is about to follow it.
#[derive(Debug, Clone)]
pub(crate) struct MasterKeys {
    pub(crate) current: Arc<MasterKey>,
    pub(crate) next: Option<Arc<MasterKey>>,
}

impl MasterKeys {
    #[cfg(test)]
    pub(crate) fn one(current: Arc<MasterKey>) -> Self {
        Self {
            current,
            next: None,
        }
    }

    /// Both, the current one first.
    pub(super) fn each(&self) -> impl Iterator<Item = &Arc<MasterKey>> {
        std::iter::once(&self.current).chain(&self.next)
    }
}

/// Where the successor of a key in a file is, while it is one.
pub(crate) fn next_of(path: &Path) -> PathBuf {
    with_suffix(path, "next")
}

/// Gives the successor the name of the key, and overwrites what counted before. Begun again, it goes on where it was.
pub(crate) fn succeed(path: &Path) -> io::Result<()> {
    let (next, old, folder) = (next_of(path), with_suffix(path, "old"), folder_of(path));
    // Other names of a key, left by whoever was interrupted while making one.
    for name in [path, next.as_path()] {
        let unfinished = with_suffix(name, "tmp");
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    if next.exists() {
        // The old key keeps a name until it is overwritten, and there is a key by the first name at every moment.
        match fs::hard_link(path, &old) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        File::open(folder)?.sync_all()?;
        fs::rename(&next, path)?;
        File::open(folder)?.sync_all()?;
    }
    shred(&old)
}

/// Whether a succession was interrupted after the new key had the name.
pub(crate) fn has_old(path: &Path) -> bool {
    with_suffix(path, "old").exists()
}

/// Overwrites a file and removes it. Best effort: file systems that write elsewhere, and disks that do, keep the old blocks.
fn shred(path: &Path) -> io::Result<()> {
    let file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    file.write_all_at(&[0; MASTER_KEY_BYTES], 0)?;
    file.sync_all()?;
    fs::remove_file(path)?;
    File::open(folder_of(path))?.sync_all()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

//! The key with which a data directory signs its own tokens.
//!
//! Thirty-two random bytes in `keys/token.key`, readable by the owner only. Whoever can read the file can be anybody,
//! so a file that others may read is refused rather than used. There is deliberately no rotation: replacing the file
//! ends every token at once, and local tokens are short-lived.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use thiserror::Error;
use zeroize::Zeroizing;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::outside;

const KEY_BYTES: usize = 32;

/// The signing key, wiped from memory when dropped.
#[derive(Clone)]
pub struct TokenKey(Zeroizing<[u8; KEY_BYTES]>);

/// Why there is no key to sign with.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file or its folder could not be read or written.
    #[error("could not read or write {0}")]
    File(PathBuf, #[source] io::Error),
    /// The file is not thirty-two bytes long.
    #[error("{0} is not a key of 32 bytes; remove it to have a new one made (all tokens end)")]
    Length(PathBuf),
    /// Others than the owner may read the file.
    #[error(
        "{0} may be read by others than its owner; `chmod 600` it, or remove it if they may have"
    )]
    Exposed(PathBuf),
}

impl TokenKey {
    /// A key from bytes that are already at hand.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key of this data directory, made if there is none.
    pub fn open(data_directory: &Path) -> Result<Self, KeyError> {
        let folder = data_directory.join("keys");
        let path = folder.join("token.key");
        if !path.exists() {
            let mut bytes = Zeroizing::new([0; KEY_BYTES]);
            outside::fill_random(bytes.as_mut_slice());
            let created = create(&folder, &path, &bytes);
            created.map_err(|error| KeyError::File(path.clone(), error))?;
        }
        Self::read(&path)
    }

    /// The key in this file.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        read(path)
    }

    /// Makes this the key of a data directory that has none.
    pub fn install(&self, data_directory: &Path) -> Result<(), KeyError> {
        let folder = data_directory.join("keys");
        let path = folder.join("token.key");
        create(&folder, &path, &self.0).map_err(|error| KeyError::File(path, error))
    }

    /// A key of its own for another use, from which this one cannot be told.
    #[must_use]
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; KEY_BYTES]> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.as_bytes()) else {
            unreachable!("HMAC takes keys of every length");
        };
        mac.update(b"alongside derived key 1\0");
        mac.update(label.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// Stands for `subject` of `issuer` in the history: a keyed hash, so that the token's text never enters it.
    #[must_use]
    pub fn actor(&self, issuer: &str, subject: &str) -> Uuid {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.as_bytes()) else {
            unreachable!("HMAC takes keys of every length");
        };
        // The label keeps this apart from the signatures made with the same key: no token begins with it.
        for part in ["alongside actor 1", issuer, subject] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        let digest = mac.finalize().into_bytes();
        let mut folded = [0; 16];
        for (index, byte) in digest.iter().enumerate() {
            folded[index % 16] ^= byte;
        }
        uuid::Builder::from_custom_bytes(folded).into_uuid()
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenKey(…)")
    }
}

/// Writes beside and links into place: a half-written key never has the name, and of two processes one wins.
fn create(folder: &Path, path: &Path, bytes: &[u8; KEY_BYTES]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("token.key.{}", outside::random_uuid()));
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&unfinished)?;
    file.write_all(bytes.as_slice())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    };
    fs::remove_file(&unfinished)?;
    linked?;
    File::open(folder)?.sync_all()
}

fn read(path: &Path) -> Result<TokenKey, KeyError> {
    let file_error = |error| KeyError::File(path.to_owned(), error);
    let mut file = File::open(path).map_err(file_error)?;
    let metadata = file.metadata().map_err(file_error)?;
    if is_exposed(&metadata) {
        return Err(KeyError::Exposed(path.to_owned()));
    }
    if metadata.len() != KEY_BYTES as u64 {
        return Err(KeyError::Length(path.to_owned()));
    }
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    file.read_exact(bytes.as_mut_slice()).map_err(file_error)?;
    Ok(TokenKey(bytes))
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn is_exposed(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_exposed(_: &fs::Metadata) -> bool {
    false // Other systems keep this in access lists, which the standard library does not show.
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let first = TokenKey::open(directory.path()).unwrap();
        let second = TokenKey::open(directory.path()).unwrap();
        assert_eq!(first.as_bytes(), second.as_bytes());
        assert_ne!(first.as_bytes(), [0; KEY_BYTES]);
        let names: Vec<_> = fs::read_dir(directory.path().join("keys"))
            .unwrap()
            .collect();
        assert_eq!(names.len(), 1, "nothing unfinished is left beside it");
    }

    #[test]
    fn a_key_is_never_printed() {
        let printed = format!("{:?}", TokenKey::from_bytes([0x5a; KEY_BYTES]));
        assert_eq!(printed, "TokenKey(…)");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        TokenKey::open(directory.path()).unwrap();
        let path = directory.path().join("keys/token.key");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            TokenKey::open(directory.path()),
            Err(KeyError::Exposed(_))
        ));
    }

    #[test]
    fn a_key_cut_short_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        TokenKey::open(directory.path()).unwrap();
        let path = directory.path().join("keys/token.key");
        OpenOptions::new()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(31)
            .unwrap();
        assert!(matches!(
            TokenKey::open(directory.path()),
            Err(KeyError::Length(_))
        ));
    }
}

//! The cipher, and the one key that is not in the keyring.
//!
//! Secrets are wiped when dropped and never printed. There is one algorithm and no choice of it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::SealError;
use crate::entropy::Entropy;

/// 32 bytes that open something.
pub(super) type SecretKey = Zeroizing<[u8; 32]>;

/// The key that wraps all others. Beside the data it protects nothing against a stolen disk; it may live
/// elsewhere.
pub(crate) struct MasterKey(SecretKey);

impl MasterKey {
    /// Makes a key at `path`, readable by its owner only, and syncs it with its folder.
    pub(crate) fn create(path: &Path, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut secret: SecretKey = Zeroizing::new([0; 32]);
        entropy.fill(&mut *secret);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(&*secret)?;
        file.sync_all()?;
        if let Some(directory) = path
            .parent()
            .filter(|directory| !directory.as_os_str().is_empty())
        {
            File::open(directory)?.sync_all()?;
        }
        Ok(Self(secret))
    }

    /// Reads the key at `path`, which must be 32 bytes.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        File::open(path)?.take(64).read_to_end(&mut bytes)?;
        let mut secret: SecretKey = Zeroizing::new([0; 32]);
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

/// XChaCha20-Poly1305. Nonces of 24 random bytes never meet by chance.
pub(super) fn encrypt(
    secret: &SecretKey,
    nonce: &[u8],
    bound: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let nonce = XNonce::try_from(nonce).map_err(|_| SealError::NotAuthentic)?;
    cipher(secret)
        .encrypt(
            &nonce,
            Payload {
                msg: plain,
                aad: bound,
            },
        )
        .map_err(|_| SealError::NotAuthentic)
}

/// The plaintext, if nothing was changed.
pub(super) fn decrypt(
    secret: &SecretKey,
    nonce: &[u8],
    bound: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let nonce = XNonce::try_from(nonce).map_err(|_| SealError::NotAuthentic)?;
    let plain = cipher(secret).decrypt(
        &nonce,
        Payload {
            msg: ciphertext,
            aad: bound,
        },
    );
    plain
        .map(Zeroizing::new)
        .map_err(|_| SealError::NotAuthentic)
}

fn cipher(secret: &SecretKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(<&Key>::from(&**secret))
}

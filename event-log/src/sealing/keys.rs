//! The cipher.
//!
//! Secrets are wiped when dropped and never printed. There is one algorithm and no choice of it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::SealError;

/// 32 bytes that open something.
pub(super) type SecretKey = Zeroizing<[u8; 32]>;

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

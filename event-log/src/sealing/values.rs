//! Sealing values and opening them again, each bound to where it stands.

use std::fmt;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::bound::{Bound, bytes};
use super::keys::{SecretKey, decrypt, encrypt};
use super::{KeyId, SealError, Vault, padding};
use crate::record::{Place, SealedValue};

/// What a sealed value turned out to hold.
#[derive(PartialEq, Eq)]
pub enum Opened {
    /// The plaintext, wiped from memory when dropped.
    Plain(Zeroizing<Vec<u8>>),
    /// Nothing any more: the person's keys have been erased.
    Erased,
}

impl Vault {
    /// Seals `plaintext` under `key`, bound to `place` and `path`. `version` is that of its own shape.
    pub fn seal(
        &self,
        place: &Place<'_>,
        path: &str,
        key: KeyId,
        version: u16,
        plaintext: &[u8],
    ) -> Result<SealedValue, SealError> {
        if self.read_only {
            return Err(SealError::ReadOnly);
        }
        let (subject, secret) = self.secret(key, None)?.ok_or(SealError::Missing { key })?;
        let padded = padding::pad(plaintext)?;
        let mut nonce = [0; 24];
        self.entropy.fill(&mut nonce);
        let bound = self.bound(place, path, subject, key, version)?;
        let ciphertext = encrypt(&secret, &nonce, &bound, &padded)?;
        Ok(SealedValue {
            path: path.to_owned(),
            subject,
            key,
            nonce: nonce.to_vec(),
            version,
            ciphertext,
        })
    }

    /// Opens a value that stands at `place`.
    ///
    /// A key nobody knows is [`SealError::Missing`]; one that was erased is [`Opened::Erased`].
    pub fn open_value(&self, place: &Place<'_>, value: &SealedValue) -> Result<Opened, SealError> {
        let Some((_, secret)) = self.secret(value.key, Some(value.subject))? else {
            return Ok(Opened::Erased);
        };
        let bound = self.bound(place, &value.path, value.subject, value.key, value.version)?;
        let padded = decrypt(&secret, &value.nonce, &bound, &value.ciphertext)?;
        Ok(Opened::Plain(padding::unpad(&padded)?))
    }

    /// The subject and secret of `key`; `None` if it, or the subject it is said to be of, is erased.
    pub(super) fn secret(
        &self,
        key: KeyId,
        subject: Option<Uuid>,
    ) -> Result<Option<(Uuid, SecretKey)>, SealError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(SealError::Closed);
        }
        let entry = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(erased) = keys.erased_key(key).filter(|_| subject.is_none()) {
                return Err(SealError::Erased { subject: erased });
            }
            if keys.erased_key(key).is_some()
                || subject.is_some_and(|subject| keys.is_erased(subject))
            {
                return Ok(None);
            }
            keys.entry(key).ok_or(SealError::Missing { key })?
        };
        self.unwrap_key(&entry).map(Some)
    }

    fn bound(
        &self,
        place: &Place<'_>,
        path: &str,
        subject: Uuid,
        key: KeyId,
        sealed_version: u16,
    ) -> Result<Vec<u8>, SealError> {
        if *place.scheme != self.scheme {
            return Err(SealError::NotAuthentic);
        }
        let Place {
            scheme,
            event,
            kind,
            version,
        } = *place;
        bytes(&Bound {
            event,
            key,
            path,
            scheme,
            sealed_version,
            subject,
            kind,
            version,
        })
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Plain(_) => "Plain(…)",
            Self::Erased => "Erased",
        })
    }
}

//! A keyring wrapped anew, under another master key. The log, and what is sealed in it, stay as they are.

use std::sync::{Arc, PoisonError};

use super::keyring::RingEntry;
use super::keys::encrypt;
use super::master::{MasterKey, MasterKeyId};
use super::{SealError, Vault};

/// What became of one keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewrapped {
    /// Keys that are wrapped under the new master key now.
    pub keys: usize,
    /// Whether all of them were before.
    pub was_already: bool,
}

impl Vault {
    /// The master key that wraps this keyring.
    #[must_use]
    pub fn master_key(&self) -> MasterKeyId {
        self.master.id()
    }

    /// Writes a new generation of the keyring, every key of it wrapped under `next`.
    ///
    /// Every key is unwrapped on the way, so none is carried over that would not open. The vault itself goes on with the
    /// old master key, in whose memory it was made: it is of no use afterwards and is to be opened anew.
    pub(crate) fn rewrap(&self, next: &Arc<MasterKey>) -> Result<Rewrapped, SealError> {
        let mut file = self.file();
        let file = file.as_mut().ok_or(SealError::ReadOnly)?;
        let mut keys = self
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let (mut count, was_already) = (0, keys.master() == Some(&next.id()));
        let mut entries = keys.entries();
        for entry in &mut entries {
            if matches!(entry, RingEntry::Key { .. }) {
                *entry = self.rewrapped(entry, next)?;
                count += 1;
            }
        }
        if !was_already {
            for entry in entries {
                keys.take(entry);
            }
            keys.set_master(next.id());
            file.replace(&keys.entries())?;
        }
        Ok(Rewrapped {
            keys: count,
            was_already,
        })
    }

    fn rewrapped(&self, entry: &RingEntry, next: &MasterKey) -> Result<RingEntry, SealError> {
        let (_, secret) = self.unwrap_key(entry)?;
        let RingEntry::Key {
            key,
            subject,
            purpose,
            ..
        } = entry
        else {
            return Ok(entry.clone());
        };
        let mut nonce = [0; 24];
        self.entropy.fill(&mut nonce);
        let bound = self.wrapping(*key, *subject, purpose)?;
        let wrapped = encrypt(next.secret(), &nonce, &bound, &*secret)?;
        Ok(RingEntry::Key {
            key: *key,
            nonce: nonce.to_vec(),
            purpose: purpose.clone(),
            subject: *subject,
            wrapped,
        })
    }
}

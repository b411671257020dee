//! Values that can be forgotten: sealed under a key per person, opened only with it.
//!
//! ```text
//! master key ──wraps──▶ keyring (one key per person and purpose) ──seals──▶ values in records
//! ```
//!
//! A value is bound to everything around it: scheme, event, stored type and version, path, subject, key
//! and its own version. Its length is hidden within a size class. Forgetting a person is removing their
//! keys; what was sealed for a purpose of its own can be forgotten alone. The records stay as they are. Absent on
//! purpose: any way to make a key again, or to read a value whose key is erased.

mod bound;
mod error;
mod keyring;
mod keys;
mod master;
mod padding;
mod rewrap;
mod signing;
mod values;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use uuid::Uuid;
use zeroize::Zeroizing;

use bound::{NoEntropy, Wrapping, bytes};
pub use error::SealError;
pub(crate) use error::needing;
pub(crate) use keyring::{KeyringFile, SUFFIX};
use keyring::{Keys, RingEntry};
use keys::{SecretKey, decrypt, encrypt};
pub use master::{MASTER_KEY_BYTES, MasterKey, MasterKeyId, MasterKeySource};
pub(crate) use master::{MasterKeys, has_old, next_of, succeed};
pub use padding::MAX_PLAINTEXT_BYTES;
pub use rewrap::Rewrapped;
pub(crate) use signing::Seed;
pub use values::Opened;

use crate::disk::Disk;
use crate::entropy::Entropy;
use crate::record::SchemeId;

/// The name of one key: random, and says nothing about whose it is.
pub type KeyId = Uuid;

/// The purpose of a person's ordinary key.
pub const PERSON: &str = "person";

/// The keys of one scheme, and all sealing and opening with them.
///
/// Opening values never waits for a key that is being made: the keyring is written beside the readers.
pub struct Vault {
    scheme: SchemeId,
    master: Arc<MasterKey>,
    entropy: Arc<dyn Entropy>,
    keys: RwLock<Keys>,
    /// Opened beside a running service: makes, seals and erases nothing.
    read_only: bool,
    /// `None` where the keyring is read only, or closed.
    file: Mutex<Option<KeyringFile>>,
    /// Set for good when the scheme closes: a later vault may know of an erasure this one does not.
    closed: AtomicBool,
}

impl Vault {
    /// Makes an empty keyring in `directory`.
    pub(crate) fn create(disk: &dyn Disk, directory: &Path, scheme: &SchemeId) -> io::Result<()> {
        KeyringFile::create(disk, directory, scheme)
    }

    /// Opens the keyring, finishing an erasure that was interrupted.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        directory: &Path,
        scheme: &SchemeId,
        masters: &MasterKeys,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, SealError> {
        let (file, keys) = KeyringFile::open(disk, directory, scheme)?;
        Self::over(scheme, masters, entropy, keys, Some(file))
    }

    /// Opens the keyring beside a running service: reads, and writes nothing.
    pub(crate) fn open_to_read(
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
        masters: &MasterKeys,
    ) -> Result<Self, SealError> {
        let keys = KeyringFile::read(disk, directory, scheme)?;
        Self::over(scheme, masters, Arc::new(NoEntropy), keys, None)
    }

    fn over(
        scheme: &SchemeId,
        masters: &MasterKeys,
        entropy: Arc<dyn Entropy>,
        keys: Keys,
        file: Option<KeyringFile>,
    ) -> Result<Self, SealError> {
        let (scheme, read_only) = (scheme.clone(), file.is_none());
        let named = keys.master().cloned();
        // While one master key follows another, some keyrings are wrapped under the one and some under the other.
        let mut fitting = masters.each().filter(|key| match &named {
            Some(name) => key.id() == *name,
            None => true,
        });
        let Some(master) = fitting.next().map(Arc::clone) else {
            return Err(SealError::WrongMasterKey { needed: named });
        };
        let vault = Self {
            scheme,
            master,
            entropy,
            keys: RwLock::new(keys),
            read_only,
            file: Mutex::new(file),
            closed: AtomicBool::new(false),
        };
        // One key is enough to tell a wrong master key before it matters.
        let sample = vault
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .any();
        if let Some(sample) = sample {
            vault.unwrap_key(&sample)?;
        }
        Ok(vault)
    }

    /// The person's ordinary key, made and synced first if there is none.
    pub fn ensure_key(&self, subject: Uuid) -> Result<KeyId, SealError> {
        let keys = self.ensure_keys(&[subject])?;
        keys.first().copied().ok_or(SealError::ReadOnly)
    }

    /// The ordinary keys of many, in the order asked. Those that are missing are made with one sync.
    pub fn ensure_keys(&self, subjects: &[Uuid]) -> Result<Vec<KeyId>, SealError> {
        self.ensure_keys_for(PERSON, subjects)
    }

    /// As [`ensure_keys`](Self::ensure_keys), for another purpose than a person's ordinary data.
    ///
    /// If one subject is erased no key is made for any.
    pub fn ensure_keys_for(
        &self,
        purpose: &str,
        subjects: &[Uuid],
    ) -> Result<Vec<KeyId>, SealError> {
        if let Some(keys) = self.known(purpose, subjects)? {
            return Ok(keys);
        }
        let mut file = self.file();
        let unnamed = self
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .master()
            .is_none();
        let missing: Vec<Uuid> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let mut seen = HashSet::new();
            let unknown =
                |subject: &&Uuid| keys.of(**subject, purpose).is_none() && seen.insert(**subject);
            subjects.iter().filter(unknown).copied().collect()
        };
        if let Some(subject) = missing.iter().find(|subject| self.is_erased(**subject)) {
            return Err(SealError::Erased { subject: *subject });
        }
        let mut made: Vec<RingEntry> = missing
            .iter()
            .map(|subject| self.make_key(*subject, purpose))
            .collect::<Result<_, _>>()?;
        if !made.is_empty() {
            if unnamed {
                let id = self.master.id();
                made.insert(0, RingEntry::Master { id });
            }
            file.as_mut().ok_or(SealError::ReadOnly)?.append(&made)?;
            let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
            for entry in made {
                keys.take(entry);
            }
        }
        drop(file);
        self.known(purpose, subjects)?.ok_or(SealError::ReadOnly)
    }

    /// The key of `subject` for `purpose`, if there is one.
    #[must_use]
    pub fn key_of(&self, subject: Uuid, purpose: &str) -> Option<KeyId> {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .of(subject, purpose)
    }

    /// Whether the key of `subject` for `purpose` was destroyed by itself: none is made for it again.
    #[must_use]
    pub fn is_destroyed(&self, subject: Uuid, purpose: &str) -> bool {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_destroyed(subject, purpose)
    }

    /// Whether `subject` has a key, for whatever purpose.
    #[must_use]
    pub fn has_key(&self, subject: Uuid) -> bool {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .has_key(subject)
    }

    /// Whether `subject` has been erased.
    #[must_use]
    pub fn is_erased(&self, subject: Uuid) -> bool {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_erased(subject)
    }

    /// Everybody who has been erased, sorted: the list a restored backup must be given.
    #[must_use]
    pub fn erased(&self) -> Vec<Uuid> {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .erased()
    }

    /// The names of the keys of `subject` that were erased or destroyed, sorted. Nothing opens under them any more.
    #[must_use]
    pub fn buried_keys(&self, subject: Uuid) -> Vec<KeyId> {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .buried(subject)
    }

    /// Erases all keys of `subject`, for every purpose and for ever.
    ///
    /// Once this returns no value of theirs opens, and the file that held their keys is overwritten and
    /// gone, as far as a file system lets one say so. Erasing again changes nothing.
    pub fn erase(&self, subject: Uuid) -> Result<(), SealError> {
        self.erase_all(&[subject])
    }

    /// Erases many at once, with one new generation of the keyring. Also for people who have no key here.
    pub fn erase_all(&self, subjects: &[Uuid]) -> Result<(), SealError> {
        self.replace(|next| {
            let erased = subjects.iter().map(|subject| next.erase(*subject));
            erased.fold(false, |changed, erased| changed | erased)
        })
    }

    /// Destroys the key of `subject` for one purpose, for ever, and leaves them their others.
    ///
    /// As durable as [`erase`](Self::erase) once it returns. Where there is no such key, nothing is written.
    pub fn destroy(&self, subject: Uuid, purpose: &str) -> Result<(), SealError> {
        self.replace(|next| next.destroy(subject, purpose))
    }

    /// Writes a new generation of the keyring, if `change` changes anything.
    fn replace(&self, change: impl FnOnce(&mut Keys) -> bool) -> Result<(), SealError> {
        let mut file = self.file();
        let file = file.as_mut().ok_or(SealError::ReadOnly)?;
        let mut next = self
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if change(&mut next) {
            next.set_master(self.master.id());
            file.replace(&next.entries())?;
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = next;
        }
        Ok(())
    }

    /// Writes and syncs a closing frame. Nothing can be sealed or opened afterwards.
    pub(crate) fn close(&self) -> Result<(), SealError> {
        self.closed.store(true, Ordering::SeqCst);
        match self.file().take() {
            Some(mut file) => file.close(),
            None => Ok(()),
        }
    }

    /// All keys asked for, or `None` if one has to be made.
    fn known(&self, purpose: &str, subjects: &[Uuid]) -> Result<Option<Vec<KeyId>>, SealError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(SealError::Closed);
        }
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(subject) = subjects.iter().find(|subject| keys.is_erased(**subject)) {
            return Err(SealError::Erased { subject: *subject });
        }
        if let Some(subject) = subjects
            .iter()
            .find(|subject| keys.is_destroyed(**subject, purpose))
        {
            return Err(SealError::Destroyed { subject: *subject });
        }
        Ok(subjects
            .iter()
            .map(|subject| keys.of(*subject, purpose))
            .collect())
    }

    fn make_key(&self, subject: Uuid, purpose: &str) -> Result<RingEntry, SealError> {
        let mut secret: SecretKey = Zeroizing::new([0; 32]);
        let (mut random, mut nonce) = ([0; 16], [0; 24]);
        self.entropy.fill(&mut random);
        self.entropy.fill(&mut nonce);
        self.entropy.fill(&mut *secret);
        let key = uuid::Builder::from_random_bytes(random).into_uuid();
        let bound = self.wrapping(key, subject, purpose)?;
        let wrapped = encrypt(self.master.secret(), &nonce, &bound, &*secret)?;
        Ok(RingEntry::Key {
            key,
            subject,
            purpose: purpose.to_owned(),
            nonce: nonce.to_vec(),
            wrapped,
        })
    }

    fn unwrap_key(&self, entry: &RingEntry) -> Result<(Uuid, SecretKey), SealError> {
        let RingEntry::Key {
            key,
            subject,
            purpose,
            nonce,
            wrapped,
        } = entry
        else {
            return Err(SealError::Damaged {
                reason: "a key was expected".to_owned(),
            });
        };
        let bound = self.wrapping(*key, *subject, purpose)?;
        let plain = decrypt(self.master.secret(), nonce, &bound, wrapped)
            .map_err(|_| self.wrong_master_key())?;
        let mut secret: SecretKey = Zeroizing::new([0; 32]);
        if plain.len() != secret.len() {
            return Err(self.wrong_master_key());
        }
        secret.copy_from_slice(&plain);
        Ok((*subject, secret))
    }

    fn wrong_master_key(&self) -> SealError {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        SealError::WrongMasterKey {
            needed: keys.master().cloned(),
        }
    }

    fn wrapping(&self, key: KeyId, subject: Uuid, purpose: &str) -> Result<Vec<u8>, SealError> {
        bytes(&Wrapping {
            key,
            purpose,
            scheme: &self.scheme,
            subject,
        })
    }

    fn file(&self) -> MutexGuard<'_, Option<KeyringFile>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Vault({})", self.scheme)
    }
}

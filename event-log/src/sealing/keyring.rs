//! The keyring on disk: who has which key, and who has none any more.
//!
//! ```text
//! keyring/00000000000000000001.ring   one generation: keys are appended to it
//! keyring/next.tmp                    the next generation while it is written
//! ```
//!
//! Making keys appends a frame. Erasing writes a whole new generation without those keys but with a
//! tombstone each: temporary file, sync, rename, sync of the folder; then the old generation is
//! overwritten and removed. Wrapping all keys under another master key writes a new generation in the same way. Destroying one key of somebody who keeps the others is the same, with a tombstone for it.
//! The highest generation is the one that counts, and an older one is never read again, so that no interruption
//! brings a key back.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{KeyId, MasterKeyId, SealError};
use crate::disk::Disk;
use crate::frame::{FileHeader, FileKind, FramedFile, file_name, file_number, scan, split};
use crate::record::{SchemeId, as_base64url, canonical_in_order};

/// How the files of a keyring end.
pub(crate) const SUFFIX: &str = "ring";
const NEXT: &str = "next.tmp";
/// Entries of one frame when a generation is written; some 300 bytes each.
const FRAME_ENTRIES: usize = 10_000;
/// How often a reader beside a running service looks again when a generation is replaced under it.
const READ_ATTEMPTS: usize = 5;

/// One line of a keyring. Its members stand in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum RingEntry {
    /// A key, wrapped under the master key and bound to scheme, key, subject and purpose.
    Key {
        key: KeyId,
        #[serde(with = "as_base64url")]
        nonce: Vec<u8>,
        purpose: String,
        subject: Uuid,
        #[serde(with = "as_base64url")]
        wrapped: Vec<u8>,
    },
    /// The name of the master key under which this generation is wrapped. Absent in a keyring of before there were names.
    Master { id: MasterKeyId },
    /// A tombstone: this subject has no key again, and these were theirs.
    Erased { keys: Vec<KeyId>, subject: Uuid },
    /// A tombstone for one key: this subject has none for this purpose again, and keeps the others.
    Destroyed {
        key: KeyId,
        purpose: String,
        subject: Uuid,
    },
}

/// All keys of a scheme in memory, still wrapped.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    entries: HashMap<KeyId, RingEntry>,
    by_subject: HashMap<Uuid, BTreeMap<String, KeyId>>,
    tombstones: BTreeMap<Uuid, Vec<KeyId>>,
    owners_erased: HashMap<KeyId, Uuid>,
    destroyed: BTreeMap<(Uuid, String), KeyId>,
    master: Option<MasterKeyId>,
}

impl Keys {
    pub(super) fn of(&self, subject: Uuid, purpose: &str) -> Option<KeyId> {
        self.by_subject.get(&subject)?.get(purpose).copied()
    }

    pub(super) fn entry(&self, key: KeyId) -> Option<RingEntry> {
        self.entries.get(&key).cloned()
    }

    /// One of the keys, the same at each opening: a keyring with one that does not open either opens or does not.
    pub(super) fn any(&self) -> Option<RingEntry> {
        let lowest = self.entries.iter().min_by_key(|(key, _)| **key);
        lowest.map(|(_, entry)| entry.clone())
    }

    /// The name of the master key, if the keyring says it.
    pub(crate) fn master(&self) -> Option<&MasterKeyId> {
        self.master.as_ref()
    }

    pub(super) fn set_master(&mut self, id: MasterKeyId) {
        self.master = Some(id);
    }

    /// The keys of `subject`, each with what it is for.
    pub(super) fn purposes_of(&self, subject: Uuid) -> Vec<(String, KeyId)> {
        let purposes = self.by_subject.get(&subject).into_iter().flatten();
        purposes
            .map(|(purpose, key)| (purpose.clone(), *key))
            .collect()
    }

    /// What the destroyed keys of `subject` were for.
    pub(super) fn destroyed_purposes_of(&self, subject: Uuid) -> Vec<String> {
        let destroyed = self.destroyed.keys().filter(|(of, _)| *of == subject);
        destroyed.map(|(_, purpose)| purpose.clone()).collect()
    }

    /// Whether there is any key of `subject`.
    pub(super) fn has_key(&self, subject: Uuid) -> bool {
        self.by_subject
            .get(&subject)
            .is_some_and(|keys| !keys.is_empty())
    }

    pub(super) fn is_erased(&self, subject: Uuid) -> bool {
        self.tombstones.contains_key(&subject)
    }

    /// Whether the key of `subject` for `purpose` was destroyed by itself.
    pub(super) fn is_destroyed(&self, subject: Uuid, purpose: &str) -> bool {
        self.destroyed.contains_key(&(subject, purpose.to_owned()))
    }

    /// Whose key it was, if it is erased or destroyed.
    pub(super) fn erased_key(&self, key: KeyId) -> Option<Uuid> {
        self.owners_erased.get(&key).copied()
    }

    /// The keys of `subject` that are erased or destroyed, sorted.
    pub(super) fn buried(&self, subject: Uuid) -> Vec<KeyId> {
        let all = self.owners_erased.iter();
        let mut buried: Vec<KeyId> = all
            .filter(|(_, owner)| **owner == subject)
            .map(|(key, _)| *key)
            .collect();
        buried.sort_unstable();
        buried
    }

    /// Whether a value under `key` of `subject` opens, or is known to be erased. No other may stand in a log.
    pub(crate) fn can_tell(&self, key: KeyId, subject: Uuid) -> bool {
        self.entries.contains_key(&key) || self.erased_key(key).is_some() || self.is_erased(subject)
    }

    /// Everybody who has been erased, sorted.
    pub(crate) fn erased(&self) -> Vec<Uuid> {
        self.tombstones.keys().copied().collect()
    }

    pub(super) fn take(&mut self, entry: RingEntry) {
        match &entry {
            // A key after its subject's tombstone cannot be written; if it is there, the tombstone wins.
            RingEntry::Key {
                subject, purpose, ..
            } if self.is_erased(*subject) || self.is_destroyed(*subject, purpose) => {}
            RingEntry::Key {
                key,
                subject,
                purpose,
                ..
            } => {
                self.by_subject
                    .entry(*subject)
                    .or_default()
                    .insert(purpose.clone(), *key);
                self.entries.insert(*key, entry);
            }
            RingEntry::Master { id } => self.master = Some(id.clone()),
            RingEntry::Erased { subject, keys } => {
                self.erase(*subject);
                let buried = self.tombstones.entry(*subject).or_default();
                buried.extend(
                    keys.iter()
                        .filter(|key| self.owners_erased.insert(**key, *subject).is_none()),
                );
            }
            RingEntry::Destroyed {
                key,
                purpose,
                subject,
            } => {
                self.destroy(*subject, purpose);
                self.owners_erased.insert(*key, *subject);
                self.destroyed.insert((*subject, purpose.clone()), *key);
            }
        }
    }

    /// Replaces the key of `subject` for `purpose` by a tombstone; tells whether there was one.
    pub(super) fn destroy(&mut self, subject: Uuid, purpose: &str) -> bool {
        let of_subject = self.by_subject.get_mut(&subject);
        let Some(key) = of_subject.and_then(|keys| keys.remove(purpose)) else {
            return false;
        };
        self.entries.remove(&key);
        self.owners_erased.insert(key, subject);
        self.destroyed.insert((subject, purpose.to_owned()), key);
        true
    }

    /// Replaces all keys of `subject` by a tombstone; tells whether there was none yet.
    pub(super) fn erase(&mut self, subject: Uuid) -> bool {
        if self.is_erased(subject) {
            return false;
        }
        self.by_subject.remove(&subject);
        let of_subject = |entry: &RingEntry| matches!(entry, RingEntry::Key { subject: of, .. } if *of == subject);
        let mut keys: Vec<KeyId> = self
            .entries
            .extract_if(|_, entry| of_subject(entry))
            .map(|(key, _)| key)
            .collect();
        keys.sort_unstable();
        self.owners_erased
            .extend(keys.iter().map(|key| (*key, subject)));
        self.tombstones.insert(subject, keys);
        true
    }

    /// Everything, in an order that depends on nothing else.
    pub(super) fn entries(&self) -> Vec<RingEntry> {
        let tombstone = |(subject, keys): (&Uuid, &Vec<KeyId>)| RingEntry::Erased {
            subject: *subject,
            keys: keys.clone(),
        };
        let mut keys: Vec<(&KeyId, &RingEntry)> = self.entries.iter().collect();
        keys.sort_unstable_by_key(|(key, _)| **key);
        let keys = keys.into_iter().map(|(_, entry)| entry.clone());
        let destroyed =
            self.destroyed
                .iter()
                .map(|((subject, purpose), key)| RingEntry::Destroyed {
                    key: *key,
                    purpose: purpose.clone(),
                    subject: *subject,
                });
        let tombstones = self.tombstones.iter().map(tombstone).chain(destroyed);
        let master = self.master.clone().map(|id| RingEntry::Master { id });
        master.into_iter().chain(tombstones).chain(keys).collect()
    }
}

/// The current generation, open for appending.
#[derive(Debug)]
pub(crate) struct KeyringFile {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    scheme: SchemeId,
    generation: u64,
    file: FramedFile,
}

impl KeyringFile {
    pub(super) fn create(disk: &dyn Disk, directory: &Path, scheme: &SchemeId) -> io::Result<()> {
        disk.create_directory(directory)?;
        FramedFile::create(
            disk,
            &directory.join(file_name(1, SUFFIX)),
            &header(scheme, 1),
        )?;
        disk.sync_directory(directory)
    }

    /// Opens the highest generation and takes away what an interrupted erasure left behind.
    pub(super) fn open(
        disk: Arc<dyn Disk>,
        directory: &Path,
        scheme: &SchemeId,
    ) -> Result<(Self, Keys), SealError> {
        let mut keys = Keys::default();
        let generation = highest(&*disk, directory)?;
        let mut frames = 0;
        let path = directory.join(file_name(generation, SUFFIX));
        let (found, file) = FramedFile::open(
            &*disk,
            &path,
            (FileKind::Keyring, scheme),
            0,
            &mut |_, _, payload| {
                frames += 1;
                take_all(&mut keys, payload)
            },
        )?;
        whole(&found, generation, frames)?;
        let ring = Self {
            disk,
            directory: directory.to_owned(),
            scheme: scheme.clone(),
            generation,
            file,
        };
        ring.shred_leftovers().map_err(SealError::Unknown)?;
        Ok((ring, keys))
    }

    /// Reads the highest generation and changes nothing.
    pub(crate) fn read(
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
    ) -> Result<Keys, SealError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mut keys = Keys::default();
            let generation = highest(disk, directory)?;
            let file = match disk.open_to_read(&directory.join(file_name(generation, SUFFIX))) {
                Ok(file) => file,
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound && attempt < READ_ATTEMPTS =>
                {
                    continue;
                }
                Err(error) => return Err(SealError::Read(error)),
            };
            let scanned = scan(file, (FileKind::Keyring, scheme), &mut |_, _, payload| {
                take_all(&mut keys, payload)
            });
            // A generation that was replaced while it was read may be zeros by now.
            if highest(disk, directory)? != generation && attempt < READ_ATTEMPTS {
                continue;
            }
            scanned?;
            return Ok(keys);
        }
    }

    /// Appends entries and makes them durable with one sync.
    pub(super) fn append(&mut self, entries: &[RingEntry]) -> Result<(), SealError> {
        for chunk in entries.chunks(FRAME_ENTRIES) {
            self.file.append(&encode(chunk)?)?;
        }
        Ok(())
    }

    /// Writes a new generation of exactly `entries`, then destroys the old one.
    pub(super) fn replace(&mut self, entries: &[RingEntry]) -> Result<(), SealError> {
        if self.file.failed() {
            return Err(SealError::ReadOnly);
        }
        let outcome = self.write_generation(entries);
        if outcome.is_err() {
            // Which generation counts is known after the next opening.
            self.file.fail();
        }
        outcome
    }

    pub(super) fn close(&mut self) -> Result<(), SealError> {
        if self.file.failed() {
            Ok(())
        } else {
            Ok(self.file.append(&[])?)
        }
    }

    fn write_generation(&mut self, entries: &[RingEntry]) -> Result<(), SealError> {
        let generation = self.generation.checked_add(1);
        let generation = generation.ok_or_else(|| SealError::Damaged {
            reason: "there is no generation after this one".to_owned(),
        })?;
        let temporary = self.directory.join(NEXT);
        let created =
            FramedFile::create(&*self.disk, &temporary, &header(&self.scheme, generation));
        let mut file = created.map_err(SealError::Unknown)?;
        for chunk in entries.chunks(FRAME_ENTRIES) {
            file.append(&encode(chunk)?)?;
        }
        // Says that the generation is complete: one without it never replaced anything.
        file.append(&[])?;
        let named = self.directory.join(file_name(generation, SUFFIX));
        let renamed = self.disk.rename(&temporary, &named);
        renamed
            .and_then(|()| self.disk.sync_directory(&self.directory))
            .map_err(SealError::Unknown)?;
        self.generation = generation;
        self.file = file;
        self.shred_leftovers().map_err(SealError::Unknown)
    }

    /// Overwrites and removes everything but the current generation.
    fn shred_leftovers(&self) -> io::Result<()> {
        let mut found = false;
        for name in self.disk.list(&self.directory)? {
            let older = file_number(&name, SUFFIX).is_some_and(|number| number < self.generation);
            if older || name == NEXT {
                found = true;
                let path = self.directory.join(&name);
                let mut file = self.disk.open(&path)?;
                // Best effort: file systems that write elsewhere, and disks that do, keep the old blocks.
                file.overwrite_with_zeros()?;
                file.sync()?;
                self.disk.remove(&path)?;
            }
        }
        if found {
            self.disk.sync_directory(&self.directory)
        } else {
            Ok(())
        }
    }
}

fn header(scheme: &SchemeId, generation: u64) -> FileHeader {
    FileHeader {
        kind: FileKind::Keyring,
        scheme: scheme.clone(),
        number: generation,
        previous: [0; 32],
    }
}

fn highest(disk: &dyn Disk, directory: &Path) -> Result<u64, SealError> {
    let names = disk.list(directory).map_err(SealError::Read)?;
    let highest = names
        .iter()
        .filter_map(|name| file_number(name, SUFFIX))
        .max();
    highest.ok_or_else(|| SealError::Damaged {
        reason: "there is no keyring".to_owned(),
    })
}

/// A generation after the first was written whole before it got its name.
fn whole(found: &FileHeader, generation: u64, frames: usize) -> Result<(), SealError> {
    if found.number != generation || (generation > 1 && frames == 0) {
        return Err(SealError::Damaged {
            reason: "the current generation is not whole".to_owned(),
        });
    }
    Ok(())
}

fn encode(entries: &[RingEntry]) -> Result<Vec<Vec<u8>>, SealError> {
    let encoded = entries
        .iter()
        .map(canonical_in_order)
        .collect::<Result<_, _>>();
    encoded.map_err(|error| SealError::Damaged {
        reason: error.to_string(),
    })
}

fn take_all(keys: &mut Keys, payload: &[u8]) -> Result<(), String> {
    for entry in split(payload) {
        let entry = entry.and_then(|bytes| serde_json::from_slice(bytes).ok());
        keys.take(entry.ok_or("an entry cannot be read")?);
    }
    Ok(())
}

//! What is not history and cannot be derived from it, kept as safely.
//!
//! Signed checkpoints, outcomes of rejected commands, delivery cursors, receipts of reads: an entry has a
//! kind, a key, a time and a value, and nothing here knows more. Unlike the journal it may be rewritten
//! without what has expired. Who decides what expires is the caller, who has a clock.

mod error;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use error::OperationsError;

use crate::disk::Disk;
use crate::frame::{FileHeader, FileKind, FramedFile, file_name, file_number, scan, split};
use crate::record::{Position, SchemeId, canonical_in_order, is_in_order, is_plain};

/// The kind of entry whose value's member `position` (a decimal string) proves how long the journal was.
pub const CHECKPOINT: &str = "checkpoint";
/// The most bytes of one entry.
pub const MAX_ENTRY_BYTES: usize = 1 << 20;

/// How the files of an operations journal end.
pub(crate) const SUFFIX: &str = "log";
const NEXT: &str = "next.tmp";
/// Bytes from which a frame of a rewritten file is full.
const FRAME_BYTES: usize = 4 << 20;

/// One entry. Its members stand in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When, in the caller's words.
    pub at: String,
    /// What it is about. A later entry of the same kind and key stands for all earlier ones.
    pub key: String,
    /// What sort of thing it is.
    pub kind: String,
    /// The rest: names in ASCII, whole numbers up to 2^53. No personal data in clear.
    pub value: Value,
}

/// The operations journal of one scheme.
pub struct Operations {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    scheme: SchemeId,
    file: Mutex<Current>,
    entries: RwLock<Entries>,
}

struct Current {
    generation: u64,
    file: FramedFile,
}

/// Entries as they are written, and where the last one of each kind and key stands. An entry taken apart would hold three
/// times as much, and hardly any is asked for.
#[derive(Default)]
struct Entries {
    all: Vec<Box<[u8]>>,
    latest: HashMap<String, HashMap<Box<str>, usize>>,
}

impl Operations {
    pub(crate) fn create(disk: &dyn Disk, directory: &Path, scheme: &SchemeId) -> io::Result<()> {
        disk.create_directory(directory)?;
        FramedFile::create(
            disk,
            &directory.join(file_name(1, SUFFIX)),
            &header(scheme, 1),
        )?;
        disk.sync_directory(directory)
    }

    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        directory: &Path,
        scheme: &SchemeId,
    ) -> Result<Self, OperationsError> {
        let generation = highest(&*disk, directory)?;
        let mut entries = Entries::default();
        let mut frames = 0;
        let path = directory.join(file_name(generation, SUFFIX));
        let (found, file) = FramedFile::open(
            &*disk,
            &path,
            (FileKind::Operations, scheme),
            0,
            &mut |_, _, payload| {
                frames += 1;
                entries.take_all(payload)
            },
        )?;
        if found.number != generation || (generation > 1 && frames == 0) {
            return Err(OperationsError::Damaged {
                reason: "the current file is not whole".to_owned(),
            });
        }
        remove_leftovers(&*disk, directory, generation).map_err(OperationsError::Unknown)?;
        Ok(Self {
            disk,
            directory: directory.to_owned(),
            scheme: scheme.clone(),
            file: Mutex::new(Current { generation, file }),
            entries: RwLock::new(entries),
        })
    }

    /// Reads all entries beside a running service and changes nothing.
    pub(crate) fn read(
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
    ) -> Result<Vec<Entry>, OperationsError> {
        let mut entries = Entries::default();
        let path = directory.join(file_name(highest(disk, directory)?, SUFFIX));
        let file = disk.open_to_read(&path).map_err(OperationsError::Read)?;
        scan(
            file,
            (FileKind::Operations, scheme),
            &mut |_, _, payload| entries.take_all(payload),
        )?;
        Ok(entries.iter().collect())
    }

    /// Appends entries as one group, durable when this returns.
    pub fn append(&self, entries: &[Entry]) -> Result<(), OperationsError> {
        if entries.is_empty() {
            return Ok(());
        }
        let encoded = entries.iter().map(encode).collect::<Result<Vec<_>, _>>()?;
        let mut current = self.current();
        current.file.append(&encoded)?;
        let mut held = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        for (entry, bytes) in entries.iter().zip(encoded) {
            held.take(entry, bytes);
        }
        Ok(())
    }

    /// Whether a write has failed, so that nothing more is taken until the scheme is opened anew.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.current().file.failed()
    }

    /// The last entry of this kind and key.
    #[must_use]
    pub fn latest(&self, kind: &str, key: &str) -> Option<Entry> {
        let entries = self.entries();
        let index = *entries.latest.get(kind)?.get(key)?;
        taken_apart(entries.all.get(index)?)
    }

    /// All entries in the order they were written.
    #[must_use]
    pub fn all(&self) -> Vec<Entry> {
        self.entries().iter().collect()
    }

    /// All entries of one kind in the order they were written.
    #[must_use]
    pub fn of_kind(&self, kind: &str) -> Vec<Entry> {
        let entries = self.entries();
        if !entries.latest.contains_key(kind) {
            return Vec::new();
        }
        entries.iter().filter(|entry| entry.kind == kind).collect()
    }

    /// The last entry of each key of one kind, in the order they were written. Looks at no other kind.
    #[must_use]
    pub fn latest_of_kind(&self, kind: &str) -> Vec<Entry> {
        self.latest_of_keys(kind, |_| true)
    }

    /// The same of the keys that are `wanted`. No other entry is taken apart.
    #[must_use]
    pub fn latest_of_keys(&self, kind: &str, wanted: impl Fn(&str) -> bool) -> Vec<Entry> {
        let entries = self.entries();
        let of_kind = entries.latest.get(kind).into_iter().flatten();
        let of_keys = of_kind.filter(|(key, _)| wanted(key));
        let mut places: Vec<usize> = of_keys.map(|(_, place)| *place).collect();
        places.sort_unstable();
        let found = places
            .into_iter()
            .filter_map(|place| entries.all.get(place));
        found.filter_map(|bytes| taken_apart(bytes)).collect()
    }

    /// Whether there is an entry that `admits` agrees to.
    #[must_use]
    pub fn any(&self, admits: impl Fn(&Entry) -> bool) -> bool {
        self.entries().iter().any(|entry| admits(&entry))
    }

    /// Rewrites the file with only the entries `keep` agrees to. All or nothing, whatever interrupts it.
    pub fn compact(&self, keep: impl Fn(&Entry) -> bool) -> Result<(), OperationsError> {
        let mut current = self.current();
        if current.file.failed() {
            return Err(OperationsError::ReadOnly);
        }
        let mut kept = Entries::default();
        for entry in self.entries().iter().filter(|entry| keep(entry)) {
            let bytes = encode(&entry)?;
            kept.take(&entry, bytes);
        }
        let next = current.generation.checked_add(1);
        let next = next.ok_or_else(|| OperationsError::Damaged {
            reason: "there is no generation after this one".to_owned(),
        })?;
        match self.write_generation(next, &kept) {
            Ok(file) => {
                current.generation = next;
                current.file = file;
                *self.entries.write().unwrap_or_else(PoisonError::into_inner) = kept;
                Ok(())
            }
            Err(error) => {
                current.file.fail();
                Err(error)
            }
        }
    }

    /// The highest position any checkpoint proves.
    pub(crate) fn proven_head(&self) -> Position {
        let position = |entry: &Entry| entry.value.get("position")?.as_str()?.parse().ok();
        self.of_kind(CHECKPOINT)
            .iter()
            .filter_map(position)
            .max()
            .unwrap_or_default()
    }

    pub(crate) fn close(&self) -> Result<(), OperationsError> {
        let mut current = self.current();
        if !current.file.failed() {
            current.file.append(&[])?;
            current.file.fail();
        }
        Ok(())
    }

    fn write_generation(
        &self,
        generation: u64,
        kept: &Entries,
    ) -> Result<FramedFile, OperationsError> {
        let temporary = self.directory.join(NEXT);
        let created =
            FramedFile::create(&*self.disk, &temporary, &header(&self.scheme, generation));
        let mut file = created.map_err(OperationsError::Unknown)?;
        let mut frame = Vec::new();
        let mut frame_bytes = 0;
        for bytes in &kept.all {
            frame_bytes += bytes.len();
            frame.push(bytes.to_vec());
            if frame_bytes >= FRAME_BYTES {
                file.append(&frame)?;
                frame.clear();
                frame_bytes = 0;
            }
        }
        if !frame.is_empty() {
            file.append(&frame)?;
        }
        // Says that the file is complete: one without it never replaced anything.
        file.append(&[])?;
        let named = self.directory.join(file_name(generation, SUFFIX));
        let swapped = self.disk.rename(&temporary, &named).and_then(|()| {
            self.disk.sync_directory(&self.directory)?;
            remove_leftovers(&*self.disk, &self.directory, generation)
        });
        swapped.map_err(OperationsError::Unknown)?;
        Ok(file)
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entries(&self) -> RwLockReadGuard<'_, Entries> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Takes `entry`, whose bytes are `bytes`.
    fn take(&mut self, entry: &Entry, bytes: Vec<u8>) {
        let of_kind = match self.latest.get_mut(&entry.kind) {
            Some(of_kind) => of_kind,
            None => self.latest.entry(entry.kind.clone()).or_default(),
        };
        of_kind.insert(entry.key.as_str().into(), self.all.len());
        self.all.push(bytes.into());
    }

    fn take_all(&mut self, payload: &[u8]) -> Result<(), String> {
        for bytes in split(payload) {
            let bytes = bytes.ok_or("an entry cannot be read")?;
            let entry = read(bytes).ok_or("an entry cannot be read")?;
            self.take(&entry, bytes.to_vec());
        }
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = Entry> {
        self.all.iter().filter_map(|bytes| taken_apart(bytes))
    }
}

impl fmt::Debug for Operations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Operations({})", self.scheme)
    }
}

fn header(scheme: &SchemeId, generation: u64) -> FileHeader {
    FileHeader {
        kind: FileKind::Operations,
        scheme: scheme.clone(),
        number: generation,
        previous: [0; 32],
    }
}

fn highest(disk: &dyn Disk, directory: &Path) -> Result<u64, OperationsError> {
    let names = disk.list(directory).map_err(OperationsError::Read)?;
    let highest = names
        .iter()
        .filter_map(|name| file_number(name, SUFFIX))
        .max();
    highest.ok_or_else(|| OperationsError::Damaged {
        reason: "there is no file".to_owned(),
    })
}

fn remove_leftovers(disk: &dyn Disk, directory: &Path, generation: u64) -> io::Result<()> {
    for name in disk.list(directory)? {
        if name == NEXT || file_number(&name, SUFFIX).is_some_and(|number| number < generation) {
            disk.remove(&directory.join(name))?;
        }
    }
    Ok(())
}

/// An entry that [`encode`] made, and nothing else: what is read otherwise than it was written would change when the file
/// is rewritten.
fn read(bytes: &[u8]) -> Option<Entry> {
    let entry = taken_apart(bytes)?;
    encode(&entry)
        .is_ok_and(|encoded| encoded == bytes)
        .then_some(entry)
}

fn taken_apart(bytes: &[u8]) -> Option<Entry> {
    serde_json::from_slice(bytes).ok()
}

fn encode(entry: &Entry) -> Result<Vec<u8>, OperationsError> {
    if !(is_plain(&entry.value, 0) && is_in_order(&entry.value)) {
        return Err(OperationsError::NotPlain);
    }
    let bytes = canonical_in_order(entry).map_err(|error| OperationsError::Damaged {
        reason: error.to_string(),
    })?;
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(OperationsError::TooLarge {
            limit: MAX_ENTRY_BYTES,
            actual: bytes.len(),
        });
    }
    Ok(bytes)
}

//! The three files of frames: whatever stands in them is read alike every time, or refused and left alone.
//!
//! ```text
//! input = flags (1 byte)  files: (length: u16, bytes)*  the last one without its length
//! ```
//!
//! A checksum keeps a fuzzer out as well as it finds rot, so files are mended before they are opened, unless the
//! flags say otherwise: magic numbers, checksums, numbers and the chain of hashes are made right, and lengths,
//! counts and entries stay what the input says. The layout is written down here a second time on purpose.

use super::{
    disk::{MemoryDisk, Picture},
    folder, world,
};
use event_log::{
    Actor, Embedded, Entropy, Entry, EventStore as _, Kind, OpenError, Options, Position, Record,
    SchemeId, StoreError,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::{
    path::PathBuf,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};
use uuid::Uuid;

const AS_IT_STANDS: u8 = 1;
const WITH_AN_UNFINISHED_ONE: u8 = 8;
const AFTER_REAL_KEYS: u8 = 16;
const FILE_HEADER_BYTES: usize = 128;
const FRAME_HEADER_BYTES: usize = 60;
const READ_MOST: usize = 1 << 20;

/// Any files as a journal.
pub fn journal(bytes: &[u8]) {
    let before = picture(
        bytes,
        &Folder {
            name: "journal",
            suffix: "log",
            kind: 1,
        },
    );
    let disk = MemoryDisk::of(&before);
    let store = open(&disk);
    let read = read_beside(&store, &disk);
    assert!(disk.picture() == before, "a reader changes nothing");
    let Ok(head) = store.open_scheme(&scheme()) else {
        drop(store);
        for (path, content) in disk.picture() {
            assert!(
                before[&path].starts_with(&content),
                "of a damaged journal a torn end is cut at most"
            );
        }
        return;
    };
    let records = records(&store);
    let positions: Vec<u64> = records.iter().map(|(position, _)| *position).collect();
    assert!(
        positions.iter().copied().eq(1..=head.0),
        "positions are gapless"
    );
    assert!(
        read == Some(records.clone()),
        "a reader and the writer read alike"
    );
    let after = disk.picture();
    for (path, content) in &after {
        assert!(
            before[path].starts_with(content),
            "opening cuts and changes nothing else"
        );
    }
    drop(store);

    let store = open(&disk);
    let again = store
        .open_scheme(&scheme())
        .expect("what opened opens again");
    assert_eq!(again, head);
    assert!(
        self::records(&store) == records,
        "what was read is read again"
    );
    assert!(disk.picture() == after, "and nothing is changed by it");
    go_on(&disk, &store, head, records);
}

/// A journal that opened takes a record, closes, and has it afterwards.
fn go_on(disk: &MemoryDisk, store: &Embedded, head: Position, mut records: Vec<(u64, Vec<u8>)>) {
    let record = a_record(head.next());
    match store.append(&scheme(), head, vec![record.clone()]) {
        Ok(next) => {
            assert_eq!(next, head.next());
            records.push((next.0, record.encode().expect("a record")));
        }
        // Its last record claims to be later than any.
        Err(StoreError::Group { .. }) => {}
        Err(error) => panic!("a journal that opened takes no record: {error}"),
    }
    store.close().expect("memory can be written");
    let store = open(disk);
    store.open_scheme(&scheme()).expect("what was closed opens");
    assert!(
        self::records(&store) == records,
        "what was acknowledged is there"
    );
}

/// Any files as an operations journal.
pub fn operations(bytes: &[u8]) {
    let before = picture(
        bytes,
        &Folder {
            name: "operations",
            suffix: "log",
            kind: 2,
        },
    );
    let disk = MemoryDisk::of(&before);
    let store = open(&disk);
    let Ok(operations) = store.operations(&scheme()) else {
        return;
    };
    let entries = operations.all();
    for entry in &entries {
        let latest = operations.latest(&entry.kind, &entry.key);
        assert!(latest.is_some(), "what was read is found");
    }
    drop((operations, store));

    let store = open(&disk);
    let operations = store
        .operations(&scheme())
        .expect("what opened opens again");
    assert!(operations.all() == entries, "what was read is read again");
    let entry = Entry {
        kind: "fuzz".to_owned(),
        key: "key".to_owned(),
        at: "2026-11-22T12:00:00.000Z".to_owned(),
        value: json!({}),
    };
    operations
        .append(std::slice::from_ref(&entry))
        .expect("memory can be written");
    // An entry that one writes otherwise than one reads it, or too long a one, may refuse; nothing is lost then.
    let compacted = operations.compact(|_| true).is_ok();
    drop((operations, store));
    let store = open(&disk);
    let operations = store.operations(&scheme()).expect("what was written opens");
    let all = operations.all();
    assert_eq!(all.len(), entries.len() + 1, "compacted: {compacted}");
    assert_eq!(all.last(), Some(&entry));
    assert!(
        all[..entries.len()] == entries[..],
        "compacting keeps what it is told to"
    );
}

/// Any files as a keyring.
pub fn keyring(bytes: &[u8]) {
    let before = picture(
        bytes,
        &Folder {
            name: "keyring",
            suffix: "ring",
            kind: 3,
        },
    );
    let disk = MemoryDisk::of(&before);
    let store = open(&disk);
    let Ok(vault) = store.vault(&scheme()) else {
        return;
    };
    let erased = vault.erased();
    for subject in &erased {
        assert!(vault.is_erased(*subject));
        assert!(
            vault.ensure_key(*subject).is_err(),
            "who is erased gets no key"
        );
    }
    let (known, forgotten) = (Uuid::from_u128(0xfeed), Uuid::from_u128(0xdead));
    let key = vault.ensure_key(known);
    drop((vault, store));

    let store = open(&disk);
    let vault = store.vault(&scheme()).expect("what opened opens again");
    assert_eq!(vault.erased(), erased);
    if let Ok(key) = key {
        assert_eq!(
            vault.ensure_key(known).ok(),
            Some(key),
            "a key that was made is kept"
        );
    }
    // The highest number there is has no generation after it; then nothing is erased, and that is said.
    let highest = format!("{:020}.ring", u64::MAX);
    let is_highest = before.keys().any(|path| path.ends_with(&highest));
    let erasing = vault.erase_all(&[known, forgotten]);
    assert_eq!(erasing.is_err(), is_highest, "memory can be written");
    if is_highest {
        return;
    }
    drop((vault, store));
    let store = open(&disk);
    let vault = store.vault(&scheme()).expect("what was written opens");
    for subject in erased.iter().chain(&[known, forgotten]) {
        assert!(vault.is_erased(*subject), "an erasure stays");
        assert!(vault.ensure_key(*subject).is_err());
    }
}

struct Folder {
    name: &'static str,
    suffix: &'static str,
    kind: u8,
}

/// An empty scheme on a disk, with the files of the input in one of its folders.
fn picture(bytes: &[u8], folder: &Folder) -> Picture {
    let (flags, mut rest) = bytes
        .split_first()
        .map_or((0, bytes), |(flags, rest)| (*flags, rest));
    let mut picture = EMPTY.clone();
    picture.retain(|path, _| path.parent() != Some(&directory().join(folder.name)));
    let count = usize::from(flags >> 1 & 3) + 1;
    let mut next = 1;
    let mut chain = [0; 32];
    for index in 0..count {
        let mut content = if index + 1 == count {
            rest
        } else {
            let length = rest.split_first_chunk().map_or(0, |(length, tail)| {
                rest = tail;
                usize::from(u16::from_le_bytes(*length))
            });
            let (content, tail) = rest.split_at(length.min(rest.len()));
            rest = tail;
            content
        }
        .to_vec();
        if folder.kind == 3 && flags & AFTER_REAL_KEYS != 0 {
            content = [
                KEYS.as_slice(),
                content.get(FILE_HEADER_BYTES..).unwrap_or_default(),
            ]
            .concat();
        }
        let stated = content.get(78..86).and_then(|bytes| bytes.try_into().ok());
        let mut number = stated.map_or(1, u64::from_le_bytes);
        if flags & AS_IT_STANDS == 0 {
            if folder.kind == 1 {
                number = next;
            } else {
                (next, chain) = (1, [0; 32]);
            }
            (next, chain) = mend(&mut content, folder.kind, number, next, chain);
        }
        let last = index + 1 == count;
        let name = if last && flags & WITH_AN_UNFINISHED_ONE != 0 {
            "next.tmp".to_owned()
        } else {
            format!("{number:020}.{}", folder.suffix)
        };
        picture.insert(directory().join(folder.name).join(name), content);
    }
    picture
}

/// Makes right what a fuzzer cannot guess; the number of the entry after the last, and the hash of the last frame.
fn mend(
    file: &mut [u8],
    kind: u8,
    number: u64,
    mut next: u64,
    mut chain: [u8; 32],
) -> (u64, [u8; 32]) {
    let Some((header, mut frames)) = file.split_at_mut_checked(FILE_HEADER_BYTES) else {
        return (next, chain);
    };
    let name = world::SCHEME.as_bytes();
    header.fill(0);
    header[..8].copy_from_slice(b"ALONGLOG");
    header[8] = 1;
    header[10] = 1;
    header[12] = kind;
    header[13] = u8::try_from(name.len()).expect("a short name");
    header[14..14 + name.len()].copy_from_slice(name);
    header[78..86].copy_from_slice(&number.to_le_bytes());
    header[86..118].copy_from_slice(&chain);
    let checksum = crc32c::crc32c(&header[..124]);
    header[124..].copy_from_slice(&checksum.to_le_bytes());
    while frames.len() >= FRAME_HEADER_BYTES {
        let length = u32::from_le_bytes([frames[4], frames[5], frames[6], frames[7]]) as usize;
        let count = u32::from_le_bytes([frames[16], frames[17], frames[18], frames[19]]);
        let Some((frame, rest)) = frames.split_at_mut_checked(FRAME_HEADER_BYTES + length) else {
            break; // It is cut short, and stays so.
        };
        let (header, payload) = frame.split_at_mut(FRAME_HEADER_BYTES);
        header[..4].copy_from_slice(b"AFRM");
        header[8..16].copy_from_slice(&next.to_le_bytes());
        header[20..24].copy_from_slice(&crc32c::crc32c(payload).to_le_bytes());
        header[24..56].copy_from_slice(&chain);
        let checksum = crc32c::crc32c(&header[..56]);
        header[56..].copy_from_slice(&checksum.to_le_bytes());
        chain = Sha256::new()
            .chain_update(&*header)
            .chain_update(&*payload)
            .finalize()
            .into();
        next = next.saturating_add(u64::from(count));
        frames = rest;
    }
    (next, chain)
}

/// The store on a disk. Where a process is started beside this, as other tests do, it has the lock as well until it is another
/// program; so what is locked is tried again for a while.
pub fn open(disk: &MemoryDisk) -> Embedded {
    let mut tries = 0..200;
    loop {
        let options = Options::new(Arc::new(Counting::default()))
            .create(Kind::Rehearsal)
            .without_index()
            .disk(Arc::new(disk.clone()));
        match Embedded::open(&*ROOT, options) {
            Err(OpenError::Locked { .. }) if tries.next().is_some() => {
                thread::sleep(Duration::from_millis(10));
            }
            opened => return opened.expect("the directory opens"),
        }
    }
}

fn records(store: &Embedded) -> Vec<(u64, Vec<u8>)> {
    let stored = store.read(&scheme(), Position::FIRST, READ_MOST);
    let stored = stored.expect("a journal that opened is read").into_iter();
    stored
        .map(|stored| (stored.position.0, stored.bytes.to_vec()))
        .collect()
}

/// What a reader sees that holds no lock and opens nothing.
fn read_beside(store: &Embedded, disk: &MemoryDisk) -> Option<Vec<(u64, Vec<u8>)>> {
    let options = Options::new(Arc::new(Counting::default()));
    let _verified = store.verify(&scheme()); // Strictly; the records need not be any.
    let reader = Embedded::open_read_only(&*ROOT, options.disk(Arc::new(disk.clone())))
        .expect("the directory opens");
    let mut reader = reader.reader(&scheme()).ok()?;
    let mut records = Vec::new();
    loop {
        let group = reader.next_group().ok()?;
        let Some(group) = group else {
            return Some(records);
        };
        records.extend(
            group
                .into_iter()
                .map(|stored| (stored.position.0, stored.bytes.to_vec())),
        );
    }
}

/// A record that any journal takes, whose last one is not later than any.
pub fn a_record(position: Position) -> Record {
    Record {
        scheme: scheme(),
        position,
        id: Uuid::from_u128(1),
        kind: "fuzz".to_owned(),
        version: 1,
        recorded_at: "9999-12-31T23:59:59.999Z".to_owned(),
        happened_on: "2026-11-22".to_owned(),
        actor: Actor {
            id: Uuid::from_u128(2),
            role: "auditor".to_owned(),
        },
        reported_by: None,
        channel: None,
        command_id: None,
        correlation_id: None,
        causation_id: None,
        traceparent: None,
        subjects: Vec::new(),
        data: json!({}),
        sealed: Vec::new(),
    }
}

/// The scheme of all files.
pub fn scheme() -> SchemeId {
    SchemeId::new(world::SCHEME).expect("a name")
}

fn directory() -> PathBuf {
    ROOT.join("schemes").join(world::SCHEME)
}

/// Where lock, format and master key are: the one part that is never in memory.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| folder("logs"));

/// A scheme in which nothing has happened.
pub static EMPTY: LazyLock<Picture> = LazyLock::new(|| {
    let disk = MemoryDisk::default();
    open(&disk)
        .create(&scheme())
        .expect("memory can be written");
    disk.picture()
});

/// A keyring with two keys under the master key of [`ROOT`], which nobody can make up.
static KEYS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let disk = MemoryDisk::of(&EMPTY);
    let store = open(&disk);
    let vault = store.vault(&scheme()).expect("a vault");
    let subjects = [Uuid::from_u128(0xfeed), Uuid::from_u128(0xbeef)];
    vault.ensure_keys(&subjects).expect("memory can be written");
    let name = directory().join("keyring").join(format!("{:020}.ring", 1));
    disk.picture().remove(&name).expect("a keyring")
});

/// Different bytes at every call, the same in every run.
#[derive(Default)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_le_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

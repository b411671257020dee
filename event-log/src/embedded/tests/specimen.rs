//! A scheme to be harmed: what it held, and where in its files each entry stands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use crate::conformance::samples;
use crate::disk::Disk;
use crate::embedded::scheme::OpenScheme;
use crate::embedded::{Embedded, Options, layout, read_only};
use crate::frame::{FILE_HEADER_BYTES, FRAME_HEADER_BYTES, FrameHeader, file_number};
use crate::index::Index;
use crate::operations::Entry;
use crate::record::{Place, Position, Record, SchemeId};
use crate::sealing::{MasterKey, MasterKeys, PERSON, Vault};
use crate::signal::Signal;
use crate::simulation::{Dice, SimulatedDisk};
use crate::store::{EventStore, StoreError};
use crate::testing::{options, quick_folder, scheme};

/// Everybody who was ever given a key; the first of them was erased.
const PEOPLE: Range<u128> = 0..7;

/// What a specimen is like.
pub(super) struct Shape {
    pub(super) events: u64,
    pub(super) group_most: u64,
    pub(super) segment_bytes: u64,
    /// Whether it was closed the clean way at the end.
    pub(super) closed: bool,
}

/// A scheme on a disk of its own that nobody has open.
pub(super) struct Specimen {
    _folder: tempfile::TempDir,
    directory: PathBuf,
    options: Options,
    master: Arc<MasterKey>,
    name: SchemeId,
    pub(super) disk: SimulatedDisk,
    pub(super) closed: bool,
    pub(super) records: Vec<Arc<[u8]>>,
    pub(super) entries: Vec<Entry>,
    /// The last position that something beside the journal remembers.
    pub(super) noted: u64,
}

/// A file of frames.
pub(super) struct Harmed {
    pub(super) path: PathBuf,
    pub(super) bytes: usize,
    /// Its header and its frames, in order and without gaps.
    pub(super) parts: Vec<Part>,
    /// No file of this kind follows it.
    pub(super) last: bool,
}

/// A file's header, or a frame of it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) bytes: Range<usize>,
    /// Its first entry; of a header and of a closing frame, the one that comes next.
    pub(super) first: u64,
    pub(super) count: u64,
}

impl Specimen {
    pub(super) fn grow(shape: &Shape) -> Self {
        let folder = quick_folder();
        let directory = folder.path().to_owned();
        let disk = SimulatedDisk::with_folder(&directory.join("schemes"));
        let options = options()
            .segment_bytes(shape.segment_bytes)
            .without_index()
            .disk(Arc::new(disk.clone()));
        let name = scheme("specimen");
        let mut specimen = Self {
            _folder: folder,
            master: Arc::new(MasterKey::read(&made(&directory, &options)).unwrap()),
            directory,
            options,
            name,
            disk,
            closed: shape.closed,
            records: Vec::new(),
            entries: Vec::new(),
            noted: 0,
        };
        specimen.fill(shape);
        specimen
    }

    fn fill(&mut self, shape: &Shape) {
        let mut dice = Dice::new(shape.events);
        let mut store = Embedded::open(&self.directory, self.options.clone()).unwrap();
        store.create(&self.name).unwrap();
        let people: Vec<Uuid> = PEOPLE.map(Uuid::from_u128).collect();
        store
            .vault(&self.name)
            .unwrap()
            .ensure_keys(&people[..4])
            .unwrap();
        store.vault(&self.name).unwrap().erase(people[0]).unwrap();
        store
            .vault(&self.name)
            .unwrap()
            .ensure_keys(&people[4..6])
            .unwrap();
        let mut closings = 0;
        let mut last_group = 0;
        while (self.records.len() as u64) < shape.events {
            let head = Position(self.records.len() as u64);
            if head.0 > shape.events / 2 && closings == 0 {
                // A closing frame in the middle of a segment.
                closings += 1;
                store.close().unwrap();
                store = Embedded::open(&self.directory, self.options.clone()).unwrap();
            }
            last_group = (1 + dice.below(shape.group_most)).min(shape.events - head.0);
            let vault = store.vault(&self.name).unwrap();
            let group = self.group(head, last_group, &vault, &mut dice);
            let bytes = group.iter().map(|record| record.encode().unwrap().into());
            self.records.extend(bytes);
            store.append(&self.name, head, group).unwrap();
        }
        let operations = store.operations(&self.name).unwrap();
        for number in 0..6 {
            let entries: Vec<Entry> = (0..=number % 3).map(|part| entry(number, part)).collect();
            operations.append(&entries).unwrap();
            self.entries.extend(entries);
        }
        store
            .vault(&self.name)
            .unwrap()
            .ensure_key(people[6])
            .unwrap();
        self.noted = self.records.len() as u64;
        if shape.closed {
            store.close().unwrap();
        } else {
            self.noted -= last_group;
        }
        let index = self.scheme_directory().join("index");
        std::fs::create_dir_all(&index).unwrap();
        Index::note_head(&index, Position(self.noted));
    }

    fn group(&self, head: Position, count: u64, vault: &Vault, dice: &mut Dice) -> Vec<Record> {
        let mut group = samples(&self.name, head, count);
        for record in &mut group {
            record.data = json!({ "text": "x".repeat(dice.index(60)) });
            if dice.once_in(10) {
                let key = vault.ensure_key(Uuid::from_u128(1)).unwrap();
                let sealed = vault.seal(&Place::of(record), "/name", key, 1, b"Ada Lovelace");
                record.sealed.push(sealed.unwrap());
            }
        }
        group
    }

    fn scheme_directory(&self) -> PathBuf {
        layout::scheme_directory(&self.directory, &self.name)
    }

    /// The files of one folder of the scheme that end so.
    pub(super) fn files(&self, folder: &str, suffix: &str) -> Vec<Harmed> {
        let directory = self.scheme_directory().join(folder);
        let names = self.disk.list(&directory).unwrap();
        let count = names.len();
        let file = |(index, name): (usize, String)| {
            let path = directory.join(&name);
            let content = self.disk.content(&path).unwrap();
            let number = file_number(&name, suffix).unwrap();
            let first = if folder == "journal" { number } else { 1 };
            Harmed {
                bytes: content.len(),
                parts: parts(&content, first),
                path,
                last: index + 1 == count,
            }
        };
        names.into_iter().enumerate().map(file).collect()
    }

    /// Opens the scheme as it is on another disk.
    pub(super) fn open(&self, disk: &SimulatedDisk) -> Result<OpenScheme, StoreError> {
        OpenScheme::open(
            &self.directory,
            &self.name,
            &self.options.clone().disk(Arc::new(disk.clone())),
            &MasterKeys::one(Arc::clone(&self.master)),
            &Arc::new(Signal::default()),
        )
    }

    /// Reads the journal on another disk from outside; its head.
    pub(super) fn read(&self, disk: &SimulatedDisk) -> Result<u64, StoreError> {
        let options = self.options.clone().disk(Arc::new(disk.clone()));
        let mut reader = read_only::reader(&self.directory, &options, &self.name)?;
        while let Some(group) = reader.next_group()? {
            for stored in group {
                let at = usize::try_from(stored.position.0).unwrap() - 1;
                assert_eq!(stored.bytes, self.records[at], "a changed answer");
            }
        }
        Ok(reader.head().0)
    }

    /// The same with strict decoding and with what the index noted.
    pub(super) fn verify(&self, disk: &SimulatedDisk) -> Result<u64, StoreError> {
        let options = self.options.clone().disk(Arc::new(disk.clone()));
        let found = read_only::verify_whole(&self.directory, &options, &self.name)?;
        Ok(found.head.0)
    }

    /// Whose keys are there, and which; `None` for the erased.
    pub(super) fn people(vault: &Vault) -> BTreeMap<Uuid, Option<Uuid>> {
        let state = |person: Uuid| {
            let key = vault.key_of(person, PERSON);
            (key.is_some() || vault.is_erased(person)).then_some((person, key))
        };
        PEOPLE.map(Uuid::from_u128).filter_map(state).collect()
    }
}

fn made(directory: &std::path::Path, options: &Options) -> PathBuf {
    drop(Embedded::open(directory, options.clone()).unwrap());
    directory.join("keys/master.key")
}

fn entry(number: u64, part: u64) -> Entry {
    Entry {
        kind: "outcome".to_owned(),
        key: format!("{number}-{part}"),
        at: String::new(),
        value: json!({ "code": "not_registered" }),
    }
}

fn parts(content: &[u8], first: u64) -> Vec<Part> {
    let mut parts = vec![Part {
        bytes: 0..FILE_HEADER_BYTES,
        first,
        count: 0,
    }];
    let mut offset = FILE_HEADER_BYTES;
    while offset < content.len() {
        let header = FrameHeader::decode(&content[offset..offset + FRAME_HEADER_BYTES]).unwrap();
        let end = offset + usize::try_from(header.frame_bytes()).unwrap();
        parts.push(Part {
            bytes: offset..end,
            first: header.first,
            count: u64::from(header.count),
        });
        offset = end;
    }
    parts
}

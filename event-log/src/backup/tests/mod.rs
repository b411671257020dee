//! A service with a past, and every way in which its backup must not be believed.

mod restoring;
mod taking;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::{BackupError, Erasures, Restored, Taken, restore, take};
use crate::conformance::{sample, samples};
use crate::disk::{Disk, RealDisk};
use crate::embedded::{Embedded, Options, ReadOnlyStore};
use crate::record::{Place, Position, Record, SchemeId};
use crate::sealing::Opened;
use crate::store::EventStore;
use crate::testing::{Counting, options, scheme};

const ADA: Uuid = Uuid::from_u128(0xada);
const BEN: Uuid = Uuid::from_u128(0xbe);
const CLEO: Uuid = Uuid::from_u128(0xc1e0);
/// Nobody the scheme has ever heard of.
const DAN: Uuid = Uuid::from_u128(0xda);

/// A service, running in this process, and a folder for its backups.
struct Service {
    folder: tempfile::TempDir,
    store: Embedded,
    scheme: SchemeId,
}

impl Service {
    /// A scheme with several segments, in which Ada, Ben and Cleo have each a sealed name.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Self::open(&folder.path().join("data"));
        let service = Self {
            folder,
            store,
            scheme: scheme("trial"),
        };
        service.store.create(&service.scheme).unwrap();
        for person in [ADA, BEN, CLEO] {
            service.name(person);
            service.grow(20);
        }
        service
    }

    fn open(directory: &Path) -> Embedded {
        let plain = options().segment_bytes(4 << 10).without_index();
        Embedded::open(directory, plain).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn head(&self) -> Position {
        self.store.head(&self.scheme).unwrap()
    }

    fn grow(&self, groups: u64) {
        for _ in 0..groups {
            let group = samples(&self.scheme, self.head(), 1);
            self.store.append(&self.scheme, self.head(), group).unwrap();
        }
    }

    /// Records a sealed name.
    fn name(&self, person: Uuid) {
        let head = self.head();
        let record = named(&self.store, &self.scheme, head, person);
        self.store.append(&self.scheme, head, vec![record]).unwrap();
    }

    fn erase(&self, person: Uuid) {
        self.store
            .vault(&self.scheme)
            .unwrap()
            .erase(person)
            .unwrap();
    }

    fn beside(&self, disk: Arc<dyn Disk>) -> ReadOnlyStore {
        Embedded::open_read_only(self.path("data"), options().disk(disk)).unwrap()
    }

    fn take(&self, to: &str) -> Result<Taken, BackupError> {
        take(&self.beside(Arc::new(RealDisk)), &self.path(to), "noon")
    }

    fn list(&self) -> Erasures {
        Erasures::of(&self.beside(Arc::new(RealDisk)), "one").unwrap()
    }

    fn restore(&self, from: &str, to: &str, list: &Erasures) -> Result<Restored, BackupError> {
        self.restore_on(Arc::new(RealDisk), from, to, list)
    }

    fn restore_on(
        &self,
        disk: Arc<dyn Disk>,
        from: &str,
        to: &str,
        list: &Erasures,
    ) -> Result<Restored, BackupError> {
        let options = Options::new(Arc::new(Counting::default()))
            .master_key(self.path("data/keys/master.key"))
            .disk(disk);
        restore(&self.path(from), &self.path(to), list, options, &mut |_| {
            Ok(())
        })
    }

    /// The restored directory, opened for work.
    fn restored(&self, directory: &str) -> Embedded {
        let options = Options::new(Arc::new(Counting::default()))
            .master_key(self.path("data/keys/master.key"));
        Embedded::open(self.path(directory), options).unwrap()
    }

    fn objects(&self, backup: &str) -> BTreeSet<String> {
        let names = RealDisk.list(&self.path(backup).join("objects")).unwrap();
        names.into_iter().collect()
    }
}

/// The record of a sealed name that follows `head`.
fn named(store: &Embedded, scheme: &SchemeId, head: Position, person: Uuid) -> Record {
    let vault = store.vault(scheme).unwrap();
    let mut record = sample(scheme, head.next());
    let key = vault.ensure_key(person).unwrap();
    let value = vault
        .seal(&Place::of(&record), "/name", key, 1, b"a name")
        .unwrap();
    record.sealed.push(value);
    record
}

/// Whose names can be read and whose are erased, in order of the records.
fn names(store: &Embedded, scheme: &SchemeId) -> Vec<(Uuid, bool)> {
    let vault = store.vault(scheme).unwrap();
    let records = store.read(scheme, Position::FIRST, usize::MAX).unwrap();
    let mut names = Vec::new();
    for record in records.iter().map(|stored| stored.record().unwrap()) {
        for value in &record.sealed {
            let opened = vault.open_value(&Place::of(&record), value).unwrap();
            names.push((value.subject, opened != Opened::Erased));
        }
    }
    names
}

/// Turns one bit in the middle of a file.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

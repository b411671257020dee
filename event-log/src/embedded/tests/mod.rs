//! The engine as a whole: on real files, on disks that fail, and crashed.

mod checkpoints;
mod cosignatures;
mod crashes;
mod damage;
mod directory;
mod failing;
mod flips;
mod forgery;
mod life;
mod reading;
mod rotation;
mod specimen;

use super::Embedded;
use crate::conformance::{self, Bench, samples};
use crate::record::{Position, SchemeId};
use crate::store::{EventStore, StoreError};
use crate::testing::options;

struct DiskBench {
    store: Option<Embedded>,
    directory: tempfile::TempDir,
    index: bool,
}

impl DiskBench {
    fn new(index: bool) -> Self {
        let mut bench = Self {
            store: None,
            directory: tempfile::tempdir().unwrap(),
            index,
        };
        bench.reopen();
        bench
    }
}

impl Bench for DiskBench {
    fn store(&self) -> &dyn EventStore {
        self.store.as_ref().unwrap()
    }

    fn reopen(&mut self) {
        if let Some(store) = self.store.take() {
            store.close().unwrap();
        }
        let options = if self.index {
            options()
        } else {
            options().without_index()
        };
        self.store = Some(Embedded::open(self.directory.path(), options).unwrap());
    }
}

#[test]
fn conforms_with_its_index() {
    let failures = conformance::run(
        || Box::new(DiskBench::new(true)),
        |name| println!("embedded: {name}"),
    );
    assert_eq!(failures, []);
}

#[test]
fn conforms_without_an_index() {
    let failures = conformance::run(
        || Box::new(DiskBench::new(false)),
        |name| println!("without index: {name}"),
    );
    assert_eq!(failures, []);
}

fn grow(store: &Embedded, scheme: &SchemeId, count: u64) -> Result<Position, StoreError> {
    let head = store.head(scheme)?;
    store.append(scheme, head, samples(scheme, head, count))
}

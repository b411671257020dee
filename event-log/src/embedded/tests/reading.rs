//! Reading beside the process that holds the directory, and how fast all of it is.

use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::grow;
use crate::conformance::sample;
use crate::embedded::{Embedded, Kind};
use crate::record::Position;
use crate::sealing::{Opened, SealError};
use crate::store::EventStore;
use crate::testing::{open, options, scheme};

#[test]
fn the_directory_is_read_beside_the_process_that_holds_it() {
    let directory = tempfile::tempdir().unwrap();
    let (scheme, ada) = (scheme("trial"), Uuid::from_u128(0xada));
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    let vault = store.vault(&scheme).unwrap();
    let key = vault.ensure_key(ada).unwrap();
    let mut record = sample(&scheme, Position(1));
    record.sealed.push(
        vault
            .seal(&crate::Place::of(&record), "/name", key, 1, b"Ada")
            .unwrap(),
    );
    store
        .append(&scheme, Position(0), vec![record.clone()])
        .unwrap();
    grow(&store, &scheme, 3).unwrap();

    let beside = Embedded::open_read_only(directory.path(), options()).unwrap();
    assert_eq!(
        (beside.kind(), beside.schemes().unwrap()),
        (Kind::Rehearsal, vec![scheme.clone()])
    );
    let found = beside.verify(&scheme).unwrap();
    assert_eq!(
        (found.head, found.records, found.groups, found.segments),
        (Position(4), 4, 2, 1)
    );
    assert_eq!(found, store.verify(&scheme).unwrap());
    let first = beside
        .reader(&scheme)
        .unwrap()
        .next_group()
        .unwrap()
        .unwrap();
    assert_eq!(first[0].record().unwrap(), record);
    let open_value = || {
        beside
            .vault(&scheme)
            .unwrap()
            .open_value(&crate::Place::of(&record), &record.sealed[0])
    };
    assert_eq!(open_value().unwrap(), Opened::Plain(b"Ada".to_vec().into()));

    let root = found.root;
    vault.erase(ada).unwrap();
    assert_eq!(open_value().unwrap(), Opened::Erased);
    assert_eq!(
        beside.verify(&scheme).unwrap().root,
        root,
        "erasure leaves the history as it was"
    );
    store.close_scheme(&scheme).unwrap();
    assert!(matches!(vault.ensure_key(ada), Err(SealError::Closed)));
}

/// Not a test of anything, but the numbers behind what the documentation says:
/// `cargo test --release -p event-log -- --ignored --nocapture speed`.
#[test]
#[ignore = "measures, asserts nothing"]
fn speed() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let plain = || options().segment_bytes(64 << 20).without_index();
    let store = Embedded::open(directory.path(), plain()).unwrap();
    store.create(&scheme).unwrap();
    let timed = |what: &str, count: u64, work: &mut dyn FnMut()| {
        let started = std::time::Instant::now();
        work();
        println!("{what}: {count} in {:?}", started.elapsed());
    };
    timed("append in groups of 1", 500, &mut || {
        for _ in 0..500 {
            grow(&store, &scheme, 1).unwrap();
        }
    });
    timed("append in groups of 1000", 500_000, &mut || {
        for _ in 0..500 {
            grow(&store, &scheme, 1000).unwrap();
        }
    });
    timed("read in pages of 1000", 500_500, &mut || {
        let mut next = Position(1);
        while let Some(last) = store.read(&scheme, next, 1000).unwrap().last() {
            next = last.position.next();
        }
    });
    timed("random reads", 10_000, &mut || {
        (0..10_000_u64)
            .for_each(|step| drop(store.read(&scheme, Position(1 + step * 7919 % 500_000), 1)));
    });
    timed("verify", 500_500, &mut || drop(store.verify(&scheme)));
    store.close().unwrap();
    let store = Embedded::open(directory.path(), plain()).unwrap();
    timed("open", 500_500, &mut || drop(store.open_scheme(&scheme)));
    store.close().unwrap();
    let store = Embedded::open(directory.path(), options()).unwrap();
    timed("build the index", 500_500, &mut || {
        while store.index_status(&scheme).unwrap().applied < Position(500_500) {
            thread::sleep(Duration::from_millis(50));
        }
    });
    timed("close", 1, &mut || drop(store.close()));
}

//! The engine as a whole, on real files.

use std::fs;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::{Embedded, Kind, OpenError};
use crate::conformance::{self, Bench, sample, samples};
use crate::record::{Position, Record, SchemeId};
use crate::sealing::{Opened, SealError};
use crate::store::{EventStore, StoreError};
use crate::testing::{Counting, FaultyDisk, open, options, scheme};

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

#[test]
fn a_second_opening_is_told_who_holds_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    match Embedded::open(directory.path(), options()) {
        Err(OpenError::Locked { path, holder }) => {
            assert_eq!(path, directory.path().join("alongside.lock"));
            assert_eq!(holder, Some(std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    store.close().unwrap();
    open(directory.path());
    open(directory.path()); // Dropping lets go of the lock as well.
}

#[test]
fn nothing_is_made_unless_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let plain = || super::Options::new(Arc::new(Counting::default()));
    for path in [directory.path().to_owned(), directory.path().join("none")] {
        assert!(matches!(
            Embedded::open(&path, plain()),
            Err(OpenError::Missing { .. })
        ));
        assert!(matches!(
            Embedded::open_read_only(&path, plain()),
            Err(OpenError::Missing { .. })
        ));
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_directory_keeps_its_kind_and_its_format_is_checked() {
    let directory = tempfile::tempdir().unwrap();
    drop(Embedded::open(directory.path(), options().create(Kind::Live)).unwrap());
    assert_eq!(open(directory.path()).kind(), Kind::Live);
    let format = directory.path().join("format.json");
    assert_eq!(
        fs::read_to_string(&format).unwrap(),
        "{\"format\":1,\"kind\":\"live\"}\n"
    );
    for other in ["{\"format\":2,\"kind\":\"live\"}", "{}", "rubbish"] {
        fs::write(&format, other).unwrap();
        assert!(matches!(
            Embedded::open(directory.path(), options()),
            Err(OpenError::Format { .. })
        ));
    }
}

#[test]
fn the_master_key_may_live_elsewhere() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = elsewhere.path().join("deep/master.key");
    drop(Embedded::open(directory.path(), options().master_key(&key)).unwrap());
    assert_eq!(fs::read(&key).unwrap().len(), 32);
    assert!(!directory.path().join("keys/master.key").exists());
    assert!(matches!(
        Embedded::open(directory.path(), options()),
        Err(OpenError::MasterKey { .. })
    ));
}

#[test]
fn a_store_that_was_only_dropped_has_lost_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 3).unwrap();
    let before = store.read(&scheme, Position(1), 9).unwrap();
    drop(store);
    assert_eq!(
        open(directory.path())
            .read(&scheme, Position(1), 9)
            .unwrap(),
        before
    );
}

#[test]
fn a_failing_disk_stops_one_scheme_until_it_is_opened_anew() {
    let directory = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::default();
    let store = Embedded::open(directory.path(), options().disk(Arc::new(disk.clone()))).unwrap();
    let (sick, well) = (scheme("sick"), scheme("well"));
    for scheme in [&sick, &well] {
        store.create(scheme).unwrap();
        grow(&store, scheme, 2).unwrap();
    }
    disk.fail_after(1, "/sick/journal"); // The write succeeds, the sync does not.
    assert!(matches!(
        grow(&store, &sick, 2),
        Err(StoreError::Unknown(_))
    ));
    disk.fail_after(i64::MAX, "");
    assert!(matches!(grow(&store, &sick, 2), Err(StoreError::ReadOnly)));
    assert_eq!(store.read(&sick, Position(1), 9).unwrap().len(), 2);
    assert_eq!(grow(&store, &well, 2).unwrap(), Position(4));
    store.close_scheme(&sick).unwrap();
    // What was unknown is known now; here the bytes had reached the file.
    assert_eq!(store.head(&sick).unwrap(), Position(4));
    assert_eq!(grow(&store, &sick, 1).unwrap(), Position(5));
    store.close().unwrap();
}

#[test]
fn a_scheme_that_waits_for_its_disk_holds_up_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::default();
    let store = Embedded::open(directory.path(), options().disk(Arc::new(disk.clone()))).unwrap();
    let (slow, quick) = (scheme("slow"), scheme("quick"));
    store.create(&slow).unwrap();
    store.create(&quick).unwrap();
    grow(&store, &slow, 1).unwrap();
    let held = disk.hold_slow();
    let (begun, wait) = mpsc::channel();
    thread::scope(|scope| {
        let appending = scope.spawn(|| {
            begun.send(()).unwrap();
            grow(&store, &slow, 1)
        });
        wait.recv().unwrap();
        thread::sleep(Duration::from_millis(50));
        assert_eq!(
            grow(&store, &quick, 1).unwrap(),
            Position(1),
            "another scheme writes"
        );
        assert_eq!(
            store.read(&slow, Position(1), 9).unwrap().len(),
            1,
            "the same scheme reads, but not too much"
        );
        assert_eq!(store.head(&slow).unwrap(), Position(1));
        assert!(!appending.is_finished());
        drop(held);
        assert_eq!(appending.join().unwrap().unwrap(), Position(2));
    });
}

#[test]
fn a_damaged_scheme_says_where_and_stops_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let (hurt, well) = (scheme("hurt"), scheme("well"));
    let store = open(directory.path());
    for scheme in [&hurt, &well] {
        store.create(scheme).unwrap();
        grow(&store, scheme, 2).unwrap();
        grow(&store, scheme, 2).unwrap();
    }
    store.close().unwrap();
    let path = directory
        .path()
        .join("schemes/hurt/journal/00000000000000000001.log");
    let whole = fs::read(&path).unwrap();
    let mut changed = whole.clone();
    let last = changed.len() - 100;
    changed[last] ^= 1;
    fs::write(&path, changed).unwrap();

    let store = open(directory.path());
    let damaged = |error: StoreError| {
        matches!(
            error,
            StoreError::Damaged {
                position: Position(3),
                ..
            }
        )
    };
    assert!(damaged(store.open_scheme(&hurt).unwrap_err()));
    assert!(damaged(grow(&store, &hurt, 1).unwrap_err()));
    assert!(damaged(store.read(&hurt, Position(1), 1).unwrap_err()));
    assert!(damaged(store.verify(&hurt).unwrap_err()));
    assert_eq!(store.schemes().unwrap(), [hurt.clone(), well.clone()]);
    assert_eq!(grow(&store, &well, 1).unwrap(), Position(5));
    fs::write(&path, whole).unwrap();
    store.close_scheme(&hurt).unwrap();
    assert_eq!(grow(&store, &hurt, 1).unwrap(), Position(5));
}

#[test]
fn a_checkpoint_proves_a_position_the_journal_must_have() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = Embedded::open(directory.path(), options().without_index()).unwrap();
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 2).unwrap();
    grow(&store, &scheme, 2).unwrap();
    let entry = crate::Entry {
        kind: crate::CHECKPOINT.to_owned(),
        key: String::new(),
        at: String::new(),
        value: serde_json::json!({ "position": "4" }),
    };
    store
        .operations(&scheme)
        .unwrap()
        .append(vec![entry])
        .unwrap();
    drop(store);
    let path = directory
        .path()
        .join("schemes/trial/journal/00000000000000000001.log");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let store = open(directory.path());
    assert!(matches!(
        store.head(&scheme),
        Err(StoreError::Damaged {
            position: Position(3),
            ..
        })
    ));
}

#[test]
fn a_scheme_whose_making_was_interrupted_does_not_exist() {
    let mut made = 0;
    for allowed in 0..25 {
        let directory = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::default();
        let scheme = scheme("trial");
        let store =
            Embedded::open(directory.path(), options().disk(Arc::new(disk.clone()))).unwrap();
        disk.fail_after(allowed, "");
        let outcome = store.create(&scheme);
        drop(store);
        let store = open(directory.path());
        let there = store.schemes().unwrap() == [scheme.clone()];
        assert!(there || outcome.is_err(), "{allowed}");
        if there {
            made += 1;
        } else {
            store.create(&scheme).unwrap();
        }
        assert_eq!(grow(&store, &scheme, 1).unwrap(), Position(1), "{allowed}");
    }
    assert!((2..20).contains(&made), "{made}");
}

#[test]
fn a_follower_goes_on_while_its_scheme_closes_and_opens() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 2).unwrap();
    let mut follower = store.follow(&scheme, Position(1)).unwrap();
    assert_eq!(follower.next(Duration::ZERO).unwrap().unwrap().len(), 2);
    store.close_scheme(&scheme).unwrap();
    assert!(follower.next(Duration::from_millis(5)).unwrap().is_none());
    grow(&store, &scheme, 3).unwrap();
    store.close_scheme(&scheme).unwrap();
    assert_eq!(follower.next(Duration::ZERO).unwrap().unwrap().len(), 3);
    let waiting = thread::spawn(move || follower.next(Duration::from_mins(1)));
    thread::sleep(Duration::from_millis(20));
    store.close().unwrap();
    assert!(
        matches!(waiting.join().unwrap(), Err(StoreError::Closed)),
        "closing wakes who waits"
    );
    assert!(matches!(store.head(&scheme), Err(StoreError::Closed)));
    open(directory.path());
}

#[test]
fn an_append_that_meets_a_closing_goes_to_the_next_opening() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 1).unwrap();
    // The moment between the two halves of a closing, held open.
    store.inner.open_scheme(&scheme).unwrap().close().unwrap();
    thread::scope(|scope| {
        let group = samples(&scheme, Position(1), 1);
        let appending = scope.spawn(|| store.append(&scheme, Position(1), group));
        thread::sleep(Duration::from_millis(20));
        *store.inner.slot(&scheme).unwrap().state.lock().unwrap() = super::State::Closed;
        assert_eq!(appending.join().unwrap().unwrap(), Position(2));
    });
}

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

#[test]
fn verifying_decodes_strictly() {
    // A journal whose frames are whole but whose record is not canonical: nobody but a forger writes it.
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    let good = sample(&scheme, Position(1)).encode().unwrap();
    let mut forged = good.clone();
    forged.push(b' ');
    assert!(Record::parse(&forged).is_ok());
    let encoded = crate::store::Encoded {
        records: vec![forged],
        first_recorded_at: String::new(),
        last_recorded_at: String::new(),
    };
    let open = store.inner.open_scheme(&scheme).unwrap();
    open.journal.append(Position(0), Some(&encoded)).unwrap();
    assert!(matches!(
        store.verify(&scheme),
        Err(StoreError::Damaged {
            position: Position(1),
            ..
        })
    ));
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

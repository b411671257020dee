//! Disks that refuse, and disks that take their time.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use super::grow;
use crate::embedded::Embedded;
use crate::record::Position;
use crate::simulation::FailingDisk;
use crate::store::{EventStore, StoreError};
use crate::testing::{open, options, scheme};

#[test]
fn a_failing_disk_stops_one_scheme_until_it_is_opened_anew() {
    let directory = tempfile::tempdir().unwrap();
    let disk = FailingDisk::default();
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
    disk.heal();
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
    let disk = FailingDisk::default();
    let store = Embedded::open(directory.path(), options().disk(Arc::new(disk.clone()))).unwrap();
    let (slow, quick) = (scheme("slow"), scheme("quick"));
    store.create(&slow).unwrap();
    store.create(&quick).unwrap();
    grow(&store, &slow, 1).unwrap();
    let held = disk.hold_syncs("/slow/");
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
fn a_scheme_whose_making_was_interrupted_does_not_exist() {
    let mut made = 0;
    for allowed in 0..25 {
        let directory = tempfile::tempdir().unwrap();
        let disk = FailingDisk::default();
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

//! The index may be missing, rubbish, behind or killed half-way: the answers stay the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::trees::{Applied, Trees, read_proof, write_proof};
use crate::conformance::samples;
use crate::embedded::Embedded;
use crate::record::{Position, SchemeId};
use crate::store::{EventStore, StoreError};
use crate::testing::{open, options, scheme};

/// Enough for several batches.
const RECORDS: u64 = 1300;

fn filled(directory: &Path) -> SchemeId {
    let store = open(directory);
    let scheme = scheme("trial");
    store.create(&scheme).unwrap();
    store
        .append(&scheme, Position(0), samples(&scheme, Position(0), RECORDS))
        .unwrap();
    caught_up(&store, &scheme);
    store.close().unwrap();
    scheme
}

fn caught_up(store: &Embedded, scheme: &SchemeId) {
    for _ in 0..1000 {
        let status = store.index_status(scheme).unwrap();
        assert!(status.running, "the index gave up");
        if status.applied == status.head {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the index never caught up");
}

/// The samples concern subject `position % 3`.
fn answers_are_right(store: &Embedded, scheme: &SchemeId, records: u64) {
    for subject in 0..3 {
        let expected: Vec<Position> = (1..=records)
            .filter(|at| at % 3 == subject)
            .map(Position)
            .collect();
        let id = Uuid::from_u128(u128::from(subject));
        assert_eq!(
            store
                .by_subject(scheme, id, Position(0), usize::MAX)
                .unwrap(),
            expected
        );
        assert_eq!(store.by_subject(scheme, id, Position(600), 5).unwrap(), {
            let mut some: Vec<_> = expected.into_iter().filter(|at| at.0 > 600).collect();
            some.truncate(5);
            some
        });
    }
    assert_eq!(
        store
            .by_subject(scheme, Uuid::from_u128(99), Position(0), 9)
            .unwrap(),
        []
    );
    let whole = store.read(scheme, Position(1), usize::MAX).unwrap();
    for at in [1, 2, 511, 512, 513, records] {
        let index = usize::try_from(at).unwrap() - 1;
        assert_eq!(
            store.read(scheme, Position(at), 1).unwrap(),
            whole[index..=index]
        );
    }
}

fn index_folder(directory: &Path) -> PathBuf {
    directory.join("schemes/trial/index")
}

fn set_aside(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory.join("schemes/trial")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("set-aside")).collect()
}

/// Opens, and checks the answers both at once and after catching up.
fn opens_right(directory: &Path, scheme: &SchemeId) {
    let store = open(directory);
    answers_are_right(&store, scheme, RECORDS);
    caught_up(&store, scheme);
    answers_are_right(&store, scheme, RECORDS);
    store.close().unwrap();
}

#[test]
fn an_index_that_was_deleted_is_built_anew() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    fs::remove_dir_all(index_folder(directory.path())).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&seen);
    let options = options().progress(move |progress| {
        heard
            .lock()
            .unwrap()
            .push((progress.done.0, progress.total.0));
    });
    let store = Embedded::open(directory.path(), options).unwrap();
    answers_are_right(&store, &scheme, RECORDS);
    caught_up(&store, &scheme);
    answers_are_right(&store, &scheme, RECORDS);
    store.close().unwrap();
    assert_eq!(seen.lock().unwrap().last(), Some(&(RECORDS, RECORDS)));
    assert!(set_aside(directory.path()).is_empty());
}

#[test]
fn rubbish_in_place_of_an_index_is_set_aside_under_the_label() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    for round in 1..=2 {
        for name in ["db", "conf"] {
            fs::write(index_folder(directory.path()).join(name), [0x5a; 3000]).unwrap();
        }
        let store = Embedded::open(
            directory.path(),
            options().label(|| "2026-01-31".to_owned()),
        )
        .unwrap();
        answers_are_right(&store, &scheme, RECORDS);
        caught_up(&store, &scheme);
        answers_are_right(&store, &scheme, RECORDS);
        store.close().unwrap();
        assert_eq!(set_aside(directory.path()).len(), round);
        assert!(set_aside(directory.path()).contains(&"index.set-aside-2026-01-31".to_owned()));
    }
}

#[test]
fn a_file_in_place_of_an_index_is_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    fs::remove_dir_all(index_folder(directory.path())).unwrap();
    fs::write(index_folder(directory.path()), b"not a folder").unwrap();
    opens_right(directory.path(), &scheme);
    assert_eq!(set_aside(directory.path()), ["index.set-aside-undated"]);
}

#[test]
fn an_unfinished_snapshot_is_removed_before_opening() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    let left = index_folder(directory.path()).join("snap.00000000000ABCDE.generating");
    fs::write(&left, b"half").unwrap();
    opens_right(directory.path(), &scheme);
    assert!(!left.exists());
    assert!(set_aside(directory.path()).is_empty());
}

#[test]
fn an_index_with_other_counts_or_another_record_is_not_believed() {
    for spoil in [
        (|trees: &Trees| {
            let mut applied = trees.applied().unwrap();
            applied.subject_entries -= 1;
            trees.set_applied(&applied);
        }) as fn(&Trees),
        |trees| {
            let mut applied = trees.applied().unwrap();
            applied.record_sha256[0] ^= 1;
            trees.set_applied(&applied);
        },
        Trees::lose_one_subject_entry,
        |trees| {
            trees.tiles.pop_max().unwrap();
        },
    ] {
        let directory = tempfile::tempdir().unwrap();
        let scheme = filled(directory.path());
        {
            let trees = Trees::open(&index_folder(directory.path()), 1 << 20).unwrap();
            spoil(&trees);
        }
        opens_right(directory.path(), &scheme);
        assert_eq!(set_aside(directory.path()).len(), 1);
    }
}

#[test]
fn a_record_that_changed_in_the_index_is_read_from_the_journal() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    {
        let trees = Trees::open(&index_folder(directory.path()), 1 << 20).unwrap();
        trees.spoil_record(Position(513));
    }
    let store = open(directory.path());
    caught_up(&store, &scheme);
    answers_are_right(&store, &scheme, RECORDS);
    // The read found it out, so it is built anew.
    for _ in 0..500 {
        if !set_aside(directory.path()).is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(set_aside(directory.path()).len(), 1);
    caught_up(&store, &scheme);
    answers_are_right(&store, &scheme, RECORDS);
}

#[test]
fn a_tile_that_changed_is_found_out_and_built_anew() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    {
        let trees = Trees::open(&index_folder(directory.path()), 1 << 20).unwrap();
        trees.spoil_tile();
    }
    let store = open(directory.path());
    caught_up(&store, &scheme);
    let tree = store.tree(&scheme).unwrap();
    assert!(matches!(
        tree.inclusion(Position(1), RECORDS),
        Err(StoreError::Unusable { .. })
    ));
    drop(tree);
    for _ in 0..500 {
        if !set_aside(directory.path()).is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    caught_up(&store, &scheme);
    let root = store.tree(&scheme).unwrap().root(RECORDS).unwrap();
    assert_eq!(root, store.verify(&scheme).unwrap().root);
}

/// What the index holds of the tree is what the journal says, however it came there: in one batch, in many, or anew.
#[test]
fn tiles_prove_what_the_journal_proves() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let scheme = scheme("trial");
    store.create(&scheme).unwrap();
    for (from, records) in [(0, 255), (255, 1), (256, 1), (257, 800), (1_057, 3)] {
        let group = samples(&scheme, Position(from), records);
        store.append(&scheme, Position(from), group).unwrap();
        caught_up(&store, &scheme);
        let size = from + records;
        let tree = store.tree(&scheme).unwrap();
        assert_eq!(tree.size(), size);
        let verified = store.verify(&scheme).unwrap();
        assert_eq!(tree.root(size).unwrap(), verified.root);
    }
    let held = store.tree(&scheme).unwrap();
    let read = Embedded::open_read_only(directory.path(), options()).unwrap();
    let read = read.tree(&scheme).unwrap();
    let size = read.size();
    for at in (1..=size).step_by(97).chain([256, 257, size]) {
        assert_eq!(held.root(at).unwrap(), read.root(at).unwrap());
        let path = held.inclusion(Position(at), size).unwrap();
        assert_eq!(path, read.inclusion(Position(at), size).unwrap());
        let path = held.consistency(at, size).unwrap();
        assert_eq!(path, read.consistency(at, size).unwrap());
        let (old, new) = (held.root(at).unwrap(), held.root(size).unwrap());
        assert!(crate::proves_extension((at, old), (size, new), &path));
    }
    for (level, index) in [(0, 0), (0, 3), (0, 4), (1, 0)] {
        for width in [1, 4, 36, 256] {
            let tile = held.tile(level, index, width).unwrap();
            assert_eq!(tile, read.tile(level, index, width).unwrap());
        }
    }
    assert_eq!(held.tile(0, 4, 37).unwrap(), None);
    assert_eq!(held.tile(2, 0, 1).unwrap(), None);
    let ahead = |found: Result<_, StoreError>| matches!(found, Err(StoreError::Ahead { .. }));
    assert!(ahead(held.root(size + 1).map(|_| ())));
    assert!(ahead(held.inclusion(Position(0), size).map(|_| ())));
    assert!(ahead(held.inclusion(Position(5), 4).map(|_| ())));
    assert!(ahead(held.consistency(5, 4).map(|_| ())));
    assert!(ahead(held.consistency(5, size + 1).map(|_| ())));
}

#[test]
fn an_index_ahead_of_its_journal_proves_that_the_journal_lost_something() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = filled(directory.path());
    let segments = directory.path().join("schemes/trial/journal");
    let mut names: Vec<_> = fs::read_dir(&segments)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    {
        let store = open(directory.path());
        let head = store
            .append(
                &scheme,
                Position(RECORDS),
                samples(&scheme, Position(RECORDS), 2),
            )
            .unwrap();
        caught_up(&store, &scheme);
        store.close().unwrap();
        assert_eq!(head, Position(RECORDS + 2));
    }
    let after: Vec<_> = fs::read_dir(&segments)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(
        after.len(),
        names.len() + 1,
        "the group is in a segment of its own"
    );
    for path in after.iter().filter(|path| !names.contains(path)) {
        fs::remove_file(path).unwrap();
    }
    let store = open(directory.path());
    let found = store.head(&scheme);
    assert!(
        matches!(
            found,
            Err(StoreError::Damaged {
                position: Position(1301),
                ..
            })
        ),
        "{found:?}"
    );
    store.close().unwrap();

    // Without the note beside it, sled itself says so a moment later.
    fs::remove_file(index_folder(directory.path()).join("journal.head")).unwrap();
    let store = open(directory.path());
    let damaged = (0..1000).any(|_| {
        thread::sleep(Duration::from_millis(10));
        matches!(
            store.head(&scheme),
            Err(StoreError::Damaged {
                position: Position(1301),
                ..
            })
        )
    });
    assert!(damaged, "the index's own head was not heard");
    let refused = store.append(
        &scheme,
        Position(RECORDS),
        samples(&scheme, Position(RECORDS), 1),
    );
    assert!(
        matches!(refused, Err(StoreError::Damaged { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_proof_that_cannot_be_read_proves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(read_proof(directory.path()), Position(0));
    write_proof(directory.path(), Position(77));
    assert_eq!(read_proof(directory.path()), Position(77));
    let path = directory.path().join("journal.head");
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();
        assert_eq!(read_proof(directory.path()), Position(0));
        fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(read_proof(directory.path()), Position(0));
    }
}

impl Trees {
    fn set_applied(&self, applied: &Applied) {
        self.applied
            .insert(super::trees::HEAD, applied.encode())
            .unwrap();
    }

    fn lose_one_subject_entry(&self) {
        self.subjects.pop_max().unwrap();
    }

    fn spoil_tile(&self) {
        let (key, value) = self.tiles.first().unwrap().unwrap();
        let mut value = value.to_vec();
        value[100] ^= 1;
        self.tiles.insert(key, value).unwrap();
    }

    fn spoil_record(&self, position: Position) {
        let key = position.0.to_be_bytes();
        let mut value = self.records.get(key).unwrap().unwrap().to_vec();
        value[100] ^= 1;
        self.records.insert(key, value).unwrap();
    }
}

#[test]
fn a_follower_is_never_left_further_behind_than_was_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let options = options().index_lag_records(200);
    let store = Embedded::open(folder.path(), options).unwrap();
    let scheme = scheme("trial");
    store.create(&scheme).unwrap();
    let mut head = Position(0);
    let mut append = |records| {
        head = store
            .append(&scheme, head, samples(&scheme, head, records))
            .unwrap();
    };
    append(1);
    caught_up(&store, &scheme);
    for _ in 0..40 {
        append(100);
        let status = store.index_status(&scheme).unwrap();
        let lag = status.head.0 - status.applied.0;
        assert!(lag <= 200 + 100, "{lag} records behind");
    }
    store.close().unwrap();
}

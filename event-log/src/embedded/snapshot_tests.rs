//! Snapshots beside a journal: believed only when everything agrees, and no excuse for damage.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::{Embedded, Options};
use crate::conformance::samples;
use crate::record::{Position, SchemeId};
use crate::simulation::FailingDisk;
use crate::store::{EventStore, StoreError};
use crate::testing::{options, scheme};

const NAME: &str = "trial";
const EVENTS: u64 = 600;

/// Segments so small that a snapshot has several behind it.
fn small() -> Options {
    options().without_index().segment_bytes(16 << 10)
}

fn with_snapshots() -> Options {
    small().snapshots(*b"these rules")
}

/// A closed scheme of several segments; the snapshot was taken after 400 of 600 events.
struct Place {
    directory: tempfile::TempDir,
    scheme: SchemeId,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            directory: tempfile::tempdir().unwrap(),
            scheme: scheme(NAME),
        };
        let store = place.open(with_snapshots());
        store.create(&place.scheme).unwrap();
        place.grow(&store, 400);
        place.keep(&store);
        place.grow(&store, EVENTS - 400);
        store.close().unwrap();
        assert!(place.segments().len() > 4, "{:?}", place.segments());
        place
    }

    fn open(&self, options: Options) -> Embedded {
        Embedded::open(self.directory.path(), options).unwrap()
    }

    fn grow(&self, store: &Embedded, count: u64) {
        for _ in 0..count / 20 {
            let head = store.head(&self.scheme).unwrap();
            store
                .append(&self.scheme, head, samples(&self.scheme, head, 20))
                .unwrap();
        }
    }

    fn keep(&self, store: &Embedded) {
        let moment = store.moment(&self.scheme).unwrap().unwrap();
        let parts = [b"first".to_vec(), vec![], b"third".to_vec()];
        store.keep_snapshot(&self.scheme, moment, &parts).unwrap();
    }

    /// Where the snapshot stands that a new opening finds of use.
    fn found(&self) -> Option<u64> {
        let store = self.open(with_snapshots());
        let kept = store.snapshot(&self.scheme).unwrap();
        if let Some(kept) = &kept {
            assert_eq!(kept.part(0), Some(&b"first"[..]));
            assert_eq!(kept.part(1), Some(&b""[..]));
            assert_eq!(kept.part(2), Some(&b"third"[..]));
            assert_eq!(kept.part(3), None);
        }
        assert_eq!(store.head(&self.scheme).unwrap(), Position(EVENTS));
        kept.map(|kept| kept.moment().position().0)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.directory.path().join("schemes").join(NAME).join(name)
    }

    fn files(&self, folder: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.folder(folder)) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn segments(&self) -> Vec<PathBuf> {
        self.files("journal")
    }
}

fn change(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// What every use of a scheme says once the proof behind its opening has found what is wrong.
fn condemned(store: &Embedded, scheme: &SchemeId) -> u64 {
    for _ in 0..500 {
        match store.head(scheme) {
            Err(StoreError::Damaged { position, .. }) => return position.0,
            Ok(_) => thread::sleep(Duration::from_millis(10)),
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the damage was not found")
}

#[test]
fn a_snapshot_is_found_again_with_the_parts_it_was_given() {
    let place = Place::new();
    assert_eq!(place.found(), Some(400));
    assert_eq!(place.files("snapshots").len(), 1);
}

#[test]
fn a_newer_snapshot_takes_the_place_of_the_one_before() {
    let place = Place::new();
    let store = place.open(with_snapshots());
    while store.moment(&place.scheme).unwrap().is_none() {
        thread::sleep(Duration::from_millis(1)); // Not before the journal is proved to its beginning.
    }
    place.keep(&store);
    store.close().unwrap();
    assert_eq!(place.found(), Some(EVENTS));
    assert_eq!(place.files("snapshots").len(), 1);
}

#[test]
fn other_code_does_without_and_takes_it_away() {
    let place = Place::new();
    let store = place.open(small().snapshots(*b"other rules"));
    assert!(store.snapshot(&place.scheme).unwrap().is_none());
    assert_eq!(place.files("snapshots").len(), 0);
}

#[test]
fn a_snapshot_with_any_changed_or_missing_byte_is_of_no_use() {
    let place = Place::new();
    let file = place.files("snapshots")[0].clone();
    let whole = fs::read(&file).unwrap();
    for at in 0..whole.len() {
        fs::write(&file, &whole).unwrap();
        change(&file, at);
        assert_eq!(place.found(), None, "byte {at}");
        fs::create_dir_all(place.folder("snapshots")).unwrap();
    }
    for length in [0, 1, 11, 12, 100, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(place.found(), None, "{length} bytes");
    }
    fs::write(&file, [&whole[..], b"x"].concat()).unwrap();
    assert_eq!(place.found(), None, "a byte too many");
    fs::write(&file, &whole).unwrap();
    assert_eq!(place.found(), Some(400), "and whole again it is");
}

#[test]
fn whoever_is_erased_takes_the_snapshot_along() {
    let place = Place::new();
    let store = place.open(with_snapshots());
    store
        .vault(&place.scheme)
        .unwrap()
        .erase(Uuid::from_u128(7))
        .unwrap();
    store.close().unwrap();
    assert_eq!(place.found(), None);
    assert_eq!(place.files("snapshots").len(), 0);
}

#[test]
fn a_snapshot_of_a_longer_journal_is_evidence_and_stays_evidence() {
    let place = Place::new();
    for path in place.segments().split_off(2) {
        fs::remove_file(path).unwrap();
    }
    // Also for code that can do nothing else with it.
    for fingerprint in [&b"these rules"[..], b"other rules", b"these rules"] {
        let store = place.open(small().snapshots(fingerprint));
        match store.head(&place.scheme) {
            Err(StoreError::Damaged { position, reason }) => {
                assert!(position < Position(400), "{position}");
                assert!(reason.contains("position 400 is known"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_snapshot_of_another_journal_is_not_believed() {
    let (place, other) = (Place::new(), tempfile::tempdir().unwrap());
    // The same positions in other groups: another chain.
    let store = Embedded::open(other.path(), with_snapshots()).unwrap();
    store.create(&place.scheme).unwrap();
    for _ in 0..EVENTS / 40 {
        let head = store.head(&place.scheme).unwrap();
        let group = samples(&place.scheme, head, 40);
        store.append(&place.scheme, head, group).unwrap();
    }
    store.close().unwrap();
    let foreign = other.path().join("schemes").join(NAME).join("journal");
    fs::remove_dir_all(place.folder("journal")).unwrap();
    fs::rename(foreign, place.folder("journal")).unwrap();
    assert_eq!(place.found(), None);
}

#[test]
fn what_a_snapshot_answers_for_is_proved_behind_it_and_its_damage_halts_the_scheme() {
    let place = Place::new();
    let oldest = place.segments()[0].clone();
    let bytes = usize::try_from(fs::metadata(&oldest).unwrap().len()).unwrap();
    let whole = fs::read(&oldest).unwrap();
    for at in [3, 127, 128, 200, bytes / 2, bytes - 1] {
        fs::write(&oldest, &whole).unwrap();
        change(&oldest, at);
        let store = place.open(with_snapshots());
        // Its header is looked at before, everything else behind.
        let position = condemned(&store, &place.scheme);
        assert!((1..=120).contains(&position), "byte {at}: {position}");
        assert!(store.read(&place.scheme, Position(1), 10).is_err());
        assert!(store.sound(&place.scheme).is_err());
        drop(store);
        let strict = place.open(small());
        match strict.head(&place.scheme) {
            Err(StoreError::Damaged {
                position: found, ..
            }) => assert_eq!(found.0, position),
            other => panic!("without a snapshot it does not open: {other:?}"),
        }
    }
}

#[test]
fn a_missing_segment_is_found_behind_a_snapshot() {
    let place = Place::new();
    fs::remove_file(&place.segments()[1]).unwrap();
    let store = place.open(with_snapshots());
    assert!(condemned(&store, &place.scheme) > 1);
}

#[test]
fn damage_at_or_behind_the_snapshot_is_found_before_anything_is_answered() {
    let place = Place::new();
    let last = place.segments().pop().unwrap();
    change(&last, 300);
    let store = place.open(with_snapshots());
    assert!(matches!(
        store.snapshot(&place.scheme),
        Err(StoreError::Damaged { .. })
    ));
}

#[test]
fn records_before_a_snapshot_read_the_same_while_the_proof_is_under_way_and_after() {
    let place = Place::new();
    let strict = place.open(small());
    let all = strict.read(&place.scheme, Position(1), 1_000).unwrap();
    strict.close().unwrap();
    let store = place.open(with_snapshots());
    for round in 0..3 {
        for from in [1, 2, 19, 20, 21, 399, 400, 401, 599] {
            let read = store.read(&place.scheme, Position(from), 7).unwrap();
            let from = usize::try_from(from).unwrap() - 1;
            assert_eq!(read, all[from..all.len().min(from + 7)], "round {round}");
        }
        while round == 1 && store.moment(&place.scheme).unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[test]
fn a_snapshot_that_was_interrupted_at_any_point_leaves_the_old_one_or_the_new_one() {
    for left in 0..8 {
        let place = Place::new();
        let disk = FailingDisk::default();
        let store = place.open(with_snapshots().disk(std::sync::Arc::new(disk.clone())));
        while store.moment(&place.scheme).unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        let moment = store.moment(&place.scheme).unwrap().unwrap();
        disk.fail_after(left, "snapshots");
        let parts = [b"first".to_vec(), vec![], b"third".to_vec()];
        let kept = store.keep_snapshot(&place.scheme, moment, &parts);
        drop(store);
        let found = place.found();
        assert!(matches!(found, Some(400 | EVENTS)), "{left}: {found:?}");
        assert!(kept.is_err() || found == Some(EVENTS), "{left}: {kept:?}");
    }
}

/// What a snapshot answers for at first is held to the last checkpoint all the same, once it is proved.
#[test]
fn a_checkpoint_of_another_history_behind_a_snapshot_is_found_out() {
    for (day, is_mine) in [("2020-01-01", false), ("", true)] {
        let signed = tempfile::tempdir().unwrap();
        let store = Embedded::open(signed.path(), small()).unwrap();
        let scheme = scheme(NAME);
        store.create(&scheme).unwrap();
        for at in (0..40).step_by(20) {
            let mut group = samples(&scheme, Position(at), 20);
            if !is_mine {
                day.clone_into(&mut group[0].happened_on);
            }
            store.append(&scheme, Position(at), group).unwrap();
        }
        store.checkpoint(&scheme, "").unwrap();
        store.close().unwrap();
        let place = Place::new();
        let folder = |directory: &Path| directory.join("schemes").join(NAME).join("operations");
        fs::remove_dir_all(folder(place.directory.path())).unwrap();
        fs::rename(folder(signed.path()), folder(place.directory.path())).unwrap();
        let store = place.open(with_snapshots());
        assert!(store.snapshot(&scheme).unwrap().is_some());
        for _ in 0..500 {
            if store.sound(&scheme).is_err() || store.moment(&scheme).unwrap().is_some() {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(store.sound(&scheme).is_ok(), is_mine);
    }
}

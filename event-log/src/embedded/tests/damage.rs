//! Damage is noticed, named, and stops one scheme only.

use std::fs;

use super::grow;
use crate::conformance::sample;
use crate::embedded::Embedded;
use crate::record::{Position, Record};
use crate::store::{EventStore, StoreError};
use crate::testing::{open, options, scheme};

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
    store.operations(&scheme).unwrap().append(&[entry]).unwrap();
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

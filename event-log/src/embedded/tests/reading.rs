//! Reading beside the process that holds the directory.

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

//! A log signs what it holds, keeps what it signed, and will not serve another history afterwards.

use std::fs;
use std::path::Path;

use super::grow;
use crate::conformance::samples;
use crate::embedded::Embedded;
use crate::record::{Position, SchemeId};
use crate::store::{EventStore, StoreError};
use crate::testing::{open, options, scheme};
use crate::{NotSigned, proves_extension};

fn begun(directory: &Path) -> (Embedded, SchemeId) {
    let (store, scheme) = (open(directory), scheme("trial"));
    store.create(&scheme).unwrap();
    (store, scheme)
}

#[test]
fn what_is_signed_is_what_is_there_and_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme) = begun(directory.path());
    assert_eq!(store.log_keys(&scheme).unwrap(), []);
    grow(&store, &scheme, 3).unwrap();
    let first = store.checkpoint(&scheme, "monday").unwrap();
    assert_eq!(first.checkpoint().origin, "alongside/trial");
    assert_eq!(first.checkpoint().size, 3);
    assert_eq!(first.checkpoint().root, store.verify(&scheme).unwrap().root);
    let keys = store.log_keys(&scheme).unwrap();
    assert_eq!((keys.len(), keys[0].since.as_str()), (1, "monday"));
    assert_eq!(first.verify(&keys[0].key), Ok(None));
    assert_eq!(store.checkpoint(&scheme, "tuesday").unwrap(), first);
    grow(&store, &scheme, 300).unwrap();
    store.close().unwrap();

    // Neither key nor origin changes with the process or the setting.
    let store = Embedded::open(directory.path(), options().log_origin("elsewhere")).unwrap();
    let second = store.checkpoint(&scheme, "wednesday").unwrap();
    assert_eq!(second.checkpoint().origin, "alongside/trial");
    assert_eq!(second.verify(&keys[0].key), Ok(None));
    let (old, new) = (first.checkpoint(), second.checkpoint());
    let path = store.tree(&scheme).unwrap().consistency(old.size, new.size);
    let (old, new) = ((old.size, old.root), (new.size, new.root));
    assert!(proves_extension(old, new, &path.unwrap()));
    assert_eq!(store.checkpoints(&scheme).unwrap(), [first.clone(), second]);
    assert_eq!(store.checkpoint_at(&scheme, 3).unwrap(), Some(first));
    assert_eq!(store.checkpoint_at(&scheme, 4).unwrap(), None);
    let beside = Embedded::open_read_only(directory.path(), options()).unwrap();
    assert_eq!(beside.checkpoints(&scheme).unwrap().len(), 2);
    assert_eq!(beside.log_keys(&scheme).unwrap(), keys);
}

#[test]
fn an_empty_log_has_a_checkpoint_too_and_may_grow() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme) = begun(directory.path());
    assert_eq!(store.checkpoint(&scheme, "").unwrap().checkpoint().size, 0);
    store.close().unwrap();
    for _ in 0..3 {
        let store = open(directory.path());
        grow(&store, &scheme, 2).unwrap();
        store.close().unwrap();
    }
    let store = open(directory.path());
    assert_eq!(store.checkpoint(&scheme, "").unwrap().checkpoint().size, 6);
}

#[test]
fn a_log_without_an_index_signs_the_same() {
    let (with, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, scheme) = begun(with.path());
    let other = Embedded::open(without.path(), options().without_index()).unwrap();
    other.create(&scheme).unwrap();
    let group = || samples(&scheme, Position(0), 700);
    store.append(&scheme, Position(0), group()).unwrap();
    other.append(&scheme, Position(0), group()).unwrap();
    let one = store.checkpoint(&scheme, "").unwrap();
    let two = other.checkpoint(&scheme, "").unwrap();
    assert_eq!(one.checkpoint(), two.checkpoint());
}

#[test]
fn both_keys_sign_once_and_then_only_the_new_one() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme) = begun(directory.path());
    grow(&store, &scheme, 2).unwrap();
    let before = store.checkpoint(&scheme, "monday").unwrap();
    let both = store.rotate_log_key(&scheme, "tuesday").unwrap();
    assert_eq!(before.checkpoint(), both.checkpoint());
    let keys = store.log_keys(&scheme).unwrap();
    let [old, new] = keys.as_slice() else {
        panic!("two keys");
    };
    assert_eq!(both.verify(&old.key), Ok(None));
    assert_eq!(both.verify(&new.key), Ok(None));
    // The kept one is the one by which the holder of the old key can follow.
    assert_eq!(store.checkpoint_at(&scheme, 2).unwrap(), Some(both));
    grow(&store, &scheme, 1).unwrap();
    store.close().unwrap();
    let store = open(directory.path());
    let after = store.checkpoint(&scheme, "wednesday").unwrap();
    assert_eq!(after.verify(&old.key), Err(NotSigned::Absent));
    assert_eq!(after.verify(&new.key), Ok(None));
    store.rotate_log_key(&scheme, "thursday").unwrap();
    assert_eq!(store.log_keys(&scheme).unwrap().len(), 3);
}

#[test]
fn a_rotation_that_was_interrupted_is_finished_not_begun_again() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme) = begun(directory.path());
    grow(&store, &scheme, 2).unwrap();
    store.checkpoint(&scheme, "").unwrap();
    store.vault(&scheme).unwrap().make_signing_seed().unwrap();
    // Until it is finished both sign.
    let both = store.checkpoint(&scheme, "").unwrap();
    assert_eq!(both.signatures().len(), 2);
    let finished = store.rotate_log_key(&scheme, "").unwrap();
    assert_eq!(finished, both);
    assert_eq!(store.log_keys(&scheme).unwrap().len(), 2);
    grow(&store, &scheme, 1).unwrap();
    assert_eq!(store.checkpoint(&scheme, "").unwrap().signatures().len(), 1);
}

/// The last checkpoint of one history beside the journal of another: that was changed, or is another copy.
#[test]
fn another_history_than_the_signed_one_is_not_served() {
    for (records, closed) in [(4, true), (4, false), (9, true), (9, false), (3, true)] {
        let (mine, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (store, scheme) = begun(mine.path());
        grow(&store, &scheme, 4).unwrap();
        store.checkpoint(&scheme, "").unwrap();
        store.close().unwrap();
        let (fork, _) = begun(other.path());
        let mut group = samples(&scheme, Position(0), records);
        group[1].happened_on = "1999-12-31".to_owned();
        fork.append(&scheme, Position(0), group).unwrap();
        if closed {
            fork.close().unwrap();
        }
        drop(fork);
        let folder = |directory: &Path| directory.join("schemes/trial/journal");
        fs::remove_dir_all(folder(mine.path())).unwrap();
        fs::rename(folder(other.path()), folder(mine.path())).unwrap();
        // The index may not have come to be yet.
        let _none = fs::remove_dir_all(mine.path().join("schemes/trial/index"));
        let store = open(mine.path());
        let Err(StoreError::Damaged { reason, .. }) = store.open_scheme(&scheme) else {
            panic!("{records} {closed}: it is served");
        };
        let rolled_back = records < 4;
        assert_eq!(reason.contains("not the history"), !rolled_back, "{reason}");
        assert_eq!(
            reason.contains("known to have existed"),
            rolled_back,
            "{reason}"
        );
    }
}

#[test]
fn the_signed_history_itself_is_served_wherever_it_ends() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme) = begun(directory.path());
    let mut head = grow(&store, &scheme, 40).unwrap();
    store.close().unwrap();
    for round in 0..6 {
        let store = open(directory.path());
        store.checkpoint(&scheme, "").unwrap();
        if round % 2 == 0 {
            // Enough to begin another segment now and then.
            let group = samples(&scheme, head, 150);
            head = store.append(&scheme, head, group).unwrap();
        }
        if round % 3 == 0 {
            store.checkpoint(&scheme, "").unwrap();
        }
        store.close().unwrap();
    }
    let store = open(directory.path());
    assert_eq!(store.open_scheme(&scheme).unwrap(), head);
}

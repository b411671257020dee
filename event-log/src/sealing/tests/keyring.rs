//! Keys are kept, wrapped under one master key, and damage to them is told.

use std::fs;
use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{ADA, BEN, Ring};
use crate::disk::RealDisk;
use crate::sealing::keyring::RingEntry;
use crate::sealing::{MasterKey, MasterKeys, SealError};
use crate::simulation::FailingDisk;

#[test]
fn a_group_of_keys_takes_one_sync() {
    let ring = Ring::new();
    let disk = FailingDisk::default();
    let vault = ring.try_open(Arc::new(disk.clone())).unwrap();
    let people: Vec<Uuid> = (0..500).map(Uuid::from_u128).collect();
    disk.fail_after(2, "keyring"); // One write and one sync, no more.
    let keys = vault
        .ensure_keys(&[&people[..], &people[..3]].concat())
        .unwrap();
    assert_eq!(keys.len(), 503);
    assert_eq!(keys[..3], keys[500..]);
    assert_eq!(
        vault.ensure_keys(&people).unwrap(),
        keys[..500],
        "known keys touch no disk"
    );
    assert!(matches!(vault.ensure_key(ADA), Err(SealError::Unknown(_))));
    assert!(matches!(vault.ensure_key(ADA), Err(SealError::ReadOnly)));
    assert_eq!(
        vault.key_of(ADA, "person"),
        None,
        "a key that may not be on disk is not used"
    );
}

#[test]
fn wrapping_anew_that_is_interrupted_anywhere_is_whole_or_has_not_begun() {
    let (mut undone, mut done) = (0, 0);
    for allowed in 0..20 {
        let ring = Ring::new();
        let next = Arc::new(MasterKey::from_bytes(Zeroizing::new([7; 32])));
        let disk = FailingDisk::default();
        let vault = ring.try_open(Arc::new(disk.clone())).unwrap();
        let (ada, ben) = (ring.seal(&vault, ADA), ring.seal(&vault, BEN));
        vault.erase(BEN).unwrap();
        disk.fail_after(allowed, "keyring");
        let outcome = vault.rewrap(&next);
        drop(vault);

        let both = MasterKeys {
            current: Arc::clone(&ring.master),
            next: Some(Arc::clone(&next)),
        };
        let vault = ring.open_with(&both).unwrap();
        assert_eq!(ring.opens(&vault, &ada), Some(true), "{allowed}");
        assert_eq!(ring.opens(&vault, &ben), None, "{allowed}");
        assert_eq!(ring.files().len(), 1, "{allowed}: {:?}", ring.files());
        if vault.master_key() == next.id() {
            done += 1;
        } else {
            assert!(outcome.is_err(), "{allowed}: acknowledged and not done");
            undone += 1;
        }
        let again = vault.rewrap(&next).unwrap();
        assert_eq!(again.keys, 1);
        drop(vault);
        let vault = ring.open_with(&MasterKeys::one(next)).unwrap();
        assert_eq!(ring.opens(&vault, &ada), Some(true), "{allowed}");
        assert_eq!(ring.opens(&vault, &ben), None, "{allowed}");
        assert!(matches!(
            ring.try_open(Arc::new(RealDisk)),
            Err(SealError::WrongMasterKey { needed: Some(_) })
        ));
    }
    assert!(
        undone > 3 && done > 3,
        "the steps were not all met: {undone} and {done}"
    );
}

#[test]
fn a_keyring_of_before_keys_had_names_opens_and_gets_one() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    // As it was written then: the same generation without the line that names the key.
    let mut keys = vault.keys.read().unwrap().clone();
    let entries: Vec<_> = keys
        .entries()
        .into_iter()
        .filter(|entry| !matches!(entry, RingEntry::Master { .. }))
        .collect();
    vault.file().as_mut().unwrap().replace(&entries).unwrap();
    drop(vault);
    let vault = ring.open();
    assert_eq!(ring.opens(&vault, &value), Some(true));
    assert_eq!(vault.keys.read().unwrap().master(), None);
    vault.ensure_key(BEN).unwrap();
    drop(vault);
    keys = ring.open().keys.read().unwrap().clone();
    assert_eq!(keys.master(), Some(&ring.master.id()));
}

#[test]
fn a_torn_key_is_cut_and_a_changed_one_is_damage() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    let path = ring.folder().join("00000000000000000001.ring");
    let before = fs::read(&path).unwrap().len();
    vault.ensure_key(BEN).unwrap();
    drop(vault);
    let whole = fs::read(&path).unwrap();
    for length in before..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let vault = ring.open();
        assert_eq!(
            (vault.key_of(BEN, "person"), ring.opens(&vault, &value)),
            (None, Some(true))
        );
    }
    fs::write(&path, &whole).unwrap();
    ring.open().close().unwrap();
    let closed = fs::read(&path).unwrap();
    for at in 0..closed.len() {
        let mut changed = closed.clone();
        changed[at] ^= 4;
        fs::write(&path, &changed).unwrap();
        assert!(
            matches!(
                ring.try_open(Arc::new(RealDisk)),
                Err(SealError::Damaged { .. })
            ),
            "byte {at}"
        );
    }
}

#[test]
fn another_master_key_is_told_at_once() {
    let mut ring = Ring::new();
    ring.open().ensure_key(ADA).unwrap();
    ring.master = Arc::new(
        MasterKey::create(&ring.directory.path().join("other.key"), &*ring.entropy).unwrap(),
    );
    assert!(matches!(
        ring.try_open(Arc::new(RealDisk)),
        Err(SealError::WrongMasterKey { .. })
    ));
}

#[test]
fn a_master_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let ring = Ring::new();
    let path = ring.directory.path().join("master.key");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(
        MasterKey::create(&path, &*ring.entropy).is_err(),
        "a master key is never replaced"
    );
    fs::write(&path, [1; 31]).unwrap();
    assert!(MasterKey::read(&path).is_err());
}

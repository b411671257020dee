//! What is erased or destroyed stays so, whatever interrupts it.

use std::fs;
use std::sync::Arc;

use uuid::Uuid;

use super::{ADA, BEN, Ring};
use crate::sealing::SealError;
use crate::simulation::FailingDisk;

#[test]
fn erased_is_not_missing_and_never_comes_back() {
    let ring = Ring::new();
    let vault = ring.open();
    let (ada, ben) = (ring.seal(&vault, ADA), ring.seal(&vault, BEN));
    vault.erase(ADA).unwrap();
    for vault in [vault, ring.open()] {
        assert_eq!(ring.opens(&vault, &ada), None);
        assert_eq!(ring.opens(&vault, &ben), Some(true));
        assert!(matches!(
            vault.ensure_key(ADA),
            Err(SealError::Erased { subject: ADA })
        ));
        assert!(matches!(
            vault.ensure_keys(&[BEN, ADA]),
            Err(SealError::Erased { .. })
        ));
        assert!(matches!(
            vault.ensure_keys_for("diary", &[ADA]),
            Err(SealError::Erased { .. })
        ));
        assert!(matches!(
            vault.seal(&ring.place(), "/x", ada.key, 1, b"x"),
            Err(SealError::Erased { .. })
        ));
        assert_eq!((vault.erased(), vault.is_erased(BEN)), (vec![ADA], false));
        let mut unknown = ben.clone();
        unknown.key = Uuid::from_u128(1);
        assert!(matches!(
            vault.open_value(&ring.place(), &unknown),
            Err(SealError::Missing { .. })
        ));
        vault.erase(ADA).unwrap();
        assert_eq!(
            ring.files(),
            ["00000000000000000002.ring"],
            "erasing again writes nothing"
        );
    }
    vault_erases_people_without_keys(&ring);
}

fn vault_erases_people_without_keys(ring: &Ring) {
    let stranger = Uuid::from_u128(77);
    ring.open().erase_all(&[stranger, ADA]).unwrap();
    assert_eq!(ring.open().erased(), [stranger, ADA]);
    assert!(matches!(
        ring.open().ensure_key(stranger),
        Err(SealError::Erased { .. })
    ));
}

/// One purpose of one person: what is sealed under it is forgotten alone, for ever, also when the person is later.
#[test]
fn a_key_with_a_purpose_of_its_own_is_destroyed_alone() {
    let ring = Ring::new();
    let vault = ring.open();
    let (ada, diary) = (ring.seal(&vault, ADA), ring.seal_for(&vault, ADA, "diary"));
    let letters = ring.seal_for(&vault, ADA, "letters");
    assert_ne!(ada.key, diary.key);
    vault.destroy(ADA, "diary").unwrap();
    vault.destroy(ADA, "never made").unwrap();
    for vault in [vault, ring.open()] {
        assert_eq!(ring.opens(&vault, &diary), None);
        assert_eq!(ring.opens(&vault, &ada), Some(true));
        assert_eq!(ring.opens(&vault, &letters), Some(true));
        assert!(vault.is_destroyed(ADA, "diary") && !vault.is_destroyed(ADA, "letters"));
        assert!(!vault.is_erased(ADA) && vault.has_key(ADA));
        assert!(matches!(
            vault.ensure_keys_for("diary", &[ADA]),
            Err(SealError::Destroyed { subject: ADA })
        ));
        assert!(matches!(
            vault.seal(&ring.place(), "/x", diary.key, 1, b"x"),
            Err(SealError::Erased { .. })
        ));
        vault.destroy(ADA, "diary").unwrap();
        assert_eq!(ring.files(), ["00000000000000000002.ring"]);
    }
    let vault = ring.open();
    vault.erase(ADA).unwrap();
    for vault in [vault, ring.open()] {
        for value in [&ada, &diary, &letters] {
            assert_eq!(
                ring.opens(&vault, value),
                None,
                "the person takes all along"
            );
        }
        assert!(vault.is_destroyed(ADA, "diary"));
    }
}

#[test]
fn a_destruction_interrupted_anywhere_is_whole_or_has_not_begun() {
    let (mut undone, mut done) = (0, 0);
    for allowed in 0..20 {
        let ring = Ring::new();
        let disk = FailingDisk::default();
        let vault = ring.try_open(Arc::new(disk.clone())).unwrap();
        let (ada, diary) = (ring.seal(&vault, ADA), ring.seal_for(&vault, ADA, "diary"));
        disk.fail_after(allowed, "keyring");
        let outcome = vault.destroy(ADA, "diary");
        drop(vault);

        let vault = ring.open();
        if vault.is_destroyed(ADA, "diary") {
            done += 1;
        } else {
            assert!(outcome.is_err(), "{allowed}: acknowledged, not destroyed");
            assert_eq!(ring.opens(&vault, &diary), Some(true), "{allowed}");
            undone += 1;
            vault.destroy(ADA, "diary").unwrap();
        }
        for vault in [vault, ring.open()] {
            assert_eq!(ring.opens(&vault, &diary), None, "{allowed}");
            assert_eq!(ring.opens(&vault, &ada), Some(true), "{allowed}");
        }
    }
    assert!(undone > 3 && done > 3, "{undone} and {done}");
}

#[test]
fn the_files_do_not_hold_an_erased_key_any_more() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    let holds_key = || {
        let text = ring
            .files()
            .iter()
            .map(|name| fs::read(ring.folder().join(name)).unwrap())
            .collect::<Vec<_>>()
            .concat();
        let wrapped = b"\"wrapped\"";
        text.windows(wrapped.len()).any(|window| window == wrapped)
    };
    assert!(holds_key());
    vault.erase(ADA).unwrap();
    assert!(!holds_key());
    assert_eq!(ring.opens(&vault, &value), None);
}

#[test]
fn an_erasure_interrupted_anywhere_is_whole_or_has_not_begun() {
    let (mut undone, mut done) = (0, 0);
    for allowed in 0..20 {
        let ring = Ring::new();
        let disk = FailingDisk::default();
        let vault = ring.try_open(Arc::new(disk.clone())).unwrap();
        let (ada, ben) = (ring.seal(&vault, ADA), ring.seal(&vault, BEN));
        disk.fail_after(allowed, "keyring");
        let outcome = vault.erase(ADA);
        drop(vault);

        let vault = ring.open();
        assert_eq!(ring.opens(&vault, &ben), Some(true), "{allowed}");
        assert_eq!(ring.files().len(), 1, "{allowed}: {:?}", ring.files());
        if vault.is_erased(ADA) {
            done += 1;
        } else {
            assert!(outcome.is_err(), "{allowed}: acknowledged and not erased");
            assert_eq!(ring.opens(&vault, &ada), Some(true), "{allowed}");
            undone += 1;
            // Redone from the start, as the event that decided it demands.
            vault.erase(ADA).unwrap();
        }
        assert_eq!(ring.opens(&vault, &ada), None, "{allowed}");
        assert_eq!(ring.opens(&ring.open(), &ada), None, "{allowed}");
    }
    assert!(
        undone > 3 && done > 3,
        "the steps were not all met: {undone} and {done}"
    );
}

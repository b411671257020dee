//! Sealed values stay where they were put, and what is erased stays erased.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::keyring::RingEntry;
use super::{MAX_PLAINTEXT_BYTES, MasterKey, MasterKeys, Opened, SealError, Vault};
use crate::disk::{Disk, RealDisk};
use crate::record::{Place, SchemeId, SealedValue};
use crate::simulation::FailingDisk;
use crate::testing::{Counting, scheme};

const ADA: Uuid = Uuid::from_u128(0xada);
const BEN: Uuid = Uuid::from_u128(0xbe);
const EVENT: Uuid = Uuid::from_u128(0xe);

struct Ring {
    directory: tempfile::TempDir,
    entropy: Arc<Counting>,
    master: Arc<MasterKey>,
    scheme: SchemeId,
}

impl Ring {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let entropy = Arc::new(Counting::default());
        let master =
            Arc::new(MasterKey::create(&directory.path().join("master.key"), &*entropy).unwrap());
        let ring = Self {
            directory,
            entropy,
            master,
            scheme: scheme("trial"),
        };
        Vault::create(&RealDisk, &ring.folder(), &ring.scheme).unwrap();
        ring
    }

    fn folder(&self) -> PathBuf {
        self.directory.path().join("keyring")
    }

    fn open(&self) -> Vault {
        self.try_open(Arc::new(RealDisk)).unwrap()
    }

    fn try_open(&self, disk: Arc<dyn Disk>) -> Result<Vault, SealError> {
        self.open_on(disk, &MasterKeys::one(Arc::clone(&self.master)))
    }

    fn open_with(&self, masters: &MasterKeys) -> Result<Vault, SealError> {
        self.open_on(Arc::new(RealDisk), masters)
    }

    fn open_on(&self, disk: Arc<dyn Disk>, masters: &MasterKeys) -> Result<Vault, SealError> {
        Vault::open(
            disk,
            &self.folder(),
            &self.scheme,
            masters,
            Arc::<Counting>::clone(&self.entropy),
        )
    }

    fn place(&self) -> Place<'_> {
        Place {
            scheme: &self.scheme,
            event: EVENT,
            kind: "thing.happened",
            version: 1,
        }
    }

    fn seal(&self, vault: &Vault, subject: Uuid) -> SealedValue {
        let key = vault.ensure_key(subject).unwrap();
        vault
            .seal(&self.place(), "/name", key, 1, b"Ada Lovelace")
            .unwrap()
    }

    fn seal_for(&self, vault: &Vault, subject: Uuid, purpose: &str) -> SealedValue {
        let keys = vault.ensure_keys_for(purpose, &[subject]).unwrap();
        vault
            .seal(&self.place(), "/name", keys[0], 1, b"Ada Lovelace")
            .unwrap()
    }

    fn opens(&self, vault: &Vault, value: &SealedValue) -> Option<bool> {
        match vault.open_value(&self.place(), value) {
            Ok(Opened::Plain(plain)) => Some(*plain == b"Ada Lovelace"),
            Ok(Opened::Erased) => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    fn files(&self) -> Vec<String> {
        RealDisk.list(&self.folder()).unwrap()
    }
}

#[test]
fn what_is_sealed_opens_again_also_after_a_restart() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    assert_eq!(ring.opens(&vault, &value), Some(true));
    drop(vault); // Without closing: the key was synced before it was used.
    let vault = ring.open();
    assert_eq!(ring.opens(&vault, &value), Some(true));
    assert_eq!(vault.ensure_key(ADA).unwrap(), value.key);
    vault.close().unwrap();
    assert_eq!(ring.opens(&ring.open(), &value), Some(true));
}

#[test]
fn a_value_is_bound_to_everything_around_it() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    let place = ring.place();
    let elsewhere = scheme("elsewhere");
    let places = [
        Place {
            scheme: &elsewhere,
            ..place
        },
        Place {
            event: BEN,
            ..place
        },
        Place {
            kind: "thing.other",
            ..place
        },
        Place {
            version: 2,
            ..place
        },
    ];
    for moved in places {
        assert!(
            matches!(
                vault.open_value(&moved, &value),
                Err(SealError::NotAuthentic)
            ),
            "{moved:?}"
        );
    }
    let other_key = vault.ensure_keys_for("diary", &[ADA]).unwrap()[0];
    let changes: [fn(&mut SealedValue, Uuid); 6] = [
        |value, _| value.path = "/other".into(),
        |value, _| value.subject = BEN,
        |value, key| value.key = key,
        |value, _| value.version = 2,
        |value, _| value.nonce[0] ^= 1,
        |value, _| value.ciphertext[20] ^= 1,
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut other = value.clone();
        change(&mut other, other_key);
        assert!(
            matches!(
                vault.open_value(&place, &other),
                Err(SealError::NotAuthentic)
            ),
            "change {index}"
        );
    }
    assert_eq!(ring.opens(&vault, &value), Some(true));
}

#[test]
fn length_shows_only_as_a_size_class() {
    let ring = Ring::new();
    let vault = ring.open();
    let key = vault.ensure_key(ADA).unwrap();
    let sealed = |length: usize| vault.seal(&ring.place(), "/x", key, 1, &vec![7; length]);
    let length = |plain: usize| sealed(plain).unwrap().ciphertext.len();
    for (shortest, longest, class) in [
        (0, 64, 64),
        (65, 256, 256),
        (257, 1024, 1024),
        (1025, 4096, 4096),
        (4097, 16_384, 16_384),
    ] {
        assert_eq!(length(shortest), 4 + class + 16);
        assert_eq!(length(longest), length(shortest));
        for plain in [shortest, longest] {
            let Ok(Opened::Plain(found)) = vault.open_value(&ring.place(), &sealed(plain).unwrap())
            else {
                panic!()
            };
            assert_eq!(*found, vec![7; plain]);
        }
    }
    let too_large = sealed(MAX_PLAINTEXT_BYTES + 1);
    assert!(matches!(
        too_large,
        Err(SealError::TooLarge {
            limit: MAX_PLAINTEXT_BYTES,
            actual: 16_385
        })
    ));
}

#[test]
fn equal_values_look_different() {
    let ring = Ring::new();
    let vault = ring.open();
    let (one, two) = (ring.seal(&vault, ADA), ring.seal(&vault, ADA));
    assert_ne!(one.nonce, two.nonce);
    assert_ne!(one.ciphertext, two.ciphertext);
}

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

#[test]
fn a_closed_vault_opens_nothing_for_it_may_not_know_of_an_erasure() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    vault.close().unwrap();
    assert!(matches!(
        vault.open_value(&ring.place(), &value),
        Err(SealError::Closed)
    ));
    assert!(matches!(vault.ensure_key(BEN), Err(SealError::Closed)));
}

#[test]
fn a_vault_that_only_reads_opens_and_seals_nothing() {
    let ring = Ring::new();
    let value = ring.seal(&ring.open(), ADA);
    let vault = Vault::open_to_read(
        &RealDisk,
        &ring.folder(),
        &ring.scheme,
        &MasterKeys::one(Arc::clone(&ring.master)),
    )
    .unwrap();
    assert_eq!(ring.opens(&vault, &value), Some(true));
    assert!(matches!(
        vault.seal(&ring.place(), "/x", value.key, 1, b"x"),
        Err(SealError::ReadOnly)
    ));
    assert!(matches!(vault.ensure_key(BEN), Err(SealError::ReadOnly)));
    assert!(matches!(vault.erase(ADA), Err(SealError::ReadOnly)));
}

#[test]
fn secrets_are_never_printed() {
    let ring = Ring::new();
    let vault = ring.open();
    let value = ring.seal(&vault, ADA);
    let printed = format!(
        "{vault:?} {:?} {:?}",
        ring.master,
        vault.open_value(&ring.place(), &value).unwrap()
    );
    assert_eq!(printed, "Vault(trial) MasterKey(…) Plain(…)");
}

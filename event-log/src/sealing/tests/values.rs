//! What is sealed opens where it stands and nowhere else, and shows nothing of itself.

use std::sync::Arc;

use uuid::Uuid;

use super::{ADA, BEN, Ring};
use crate::disk::RealDisk;
use crate::record::{Place, SealedValue};
use crate::sealing::{MAX_PLAINTEXT_BYTES, MasterKeys, Opened, SealError, Vault};
use crate::testing::scheme;

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

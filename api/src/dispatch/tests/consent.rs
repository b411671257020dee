//! What exists only under a consent has a key of its own, which goes with the consent: in the log, at a start, in snapshots.

use super::{
    SCHEME, accepted, by_mentee, kept, matched, open, options, person, scheme, told_by_mentee,
};
use crate::{
    dispatch::{Failure, Outcome, Platform, codec, snapshots},
    telemetry::Metrics,
};
use domain::{
    consent::{
        Characteristics, ConsentPurpose, GiveConsent, StateCharacteristics, WithdrawConsent,
    },
    identifiers::{self, ConsentId, PersonId},
};
use event_log::{PERSON, Record, simulation::FailingDisk};
use std::sync::Arc;
use uuid::Uuid;

const PURPOSE: ConsentPurpose = ConsentPurpose::Characteristics;

fn state(person: PersonId, words: &str) -> StateCharacteristics {
    StateCharacteristics {
        person,
        characteristics: Characteristics {
            of_myself: vec![words.to_owned()],
            hoped_for: vec![],
        },
    }
}

fn consent(number: u128) -> ConsentId {
    identifiers::derive(SCHEME, Uuid::from_u128(number), "consent").into()
}

/// A mentee who gave consent with command 30 and stated something with command 31.
async fn stated(platform: &Platform) -> PersonId {
    open(platform).await;
    let person = matched(platform).await;
    let purpose = PURPOSE;
    told_by_mentee(platform, 30, GiveConsent { person, purpose }).await;
    told_by_mentee(platform, 31, state(person, "A carer since 2011")).await;
    person
}

async fn record(platform: &Platform, number: u128) -> Record {
    let snapshot = platform.snapshot(SCHEME).await.expect("a state");
    let (_, last) = snapshot
        .outcomes
        .of(Uuid::from_u128(number))
        .expect("recorded");
    let mut records = platform.records(SCHEME, &[last]).await.expect("readable");
    records.remove(0)
}

async fn known(platform: &Platform, person: PersonId) -> Option<Characteristics> {
    let snapshot = platform.snapshot(SCHEME).await.expect("a state");
    let consents = snapshot.particulars.confidences().consents();
    consents.characteristics(person).cloned()
}

/// R113, R292: withdrawal destroys it and nothing else, and in clear it looks like everything confidential.
#[tokio::test]
async fn what_stood_under_a_consent_is_destroyed_with_it_and_nothing_else_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = super::platform(folder.path());
    let person = stated(&platform).await;
    let vault = platform.store().vault(&scheme()).expect("keys");
    let (given, said) = (record(&platform, 30).await, record(&platform, 31).await);
    assert_eq!(given.kind, "confidential.recorded");
    assert_eq!((&given.kind, &given.data), (&said.kind, &said.data));
    assert_eq!(
        (&given.subjects, &given.actor),
        (&said.subjects, &said.actor)
    );
    let length = |record: &Record| record.sealed[0].ciphertext.len();
    assert_eq!(length(&given), length(&said));
    assert_eq!(Some(given.sealed[0].key), vault.key_of(person.0, PERSON));
    assert_ne!(given.sealed[0].key, said.sealed[0].key);
    assert!(known(&platform, person).await.is_some());

    let withdraw = WithdrawConsent {
        person,
        purpose: PURPOSE,
    };
    told_by_mentee(&platform, 40, withdraw).await;
    assert!(vault.is_destroyed(person.0, &codec::purpose(Some(consent(30).0))));
    assert_eq!(known(&platform, person).await, None);
    let opened = codec::understand(&record(&platform, 31).await, &vault).expect("understood");
    let domain::Event::ConfidentialRecorded(opened) = opened.event else {
        panic!("another event");
    };
    assert_eq!(opened.act.open(), None, "nobody reads it in the log");
    platform.shut_down().await;
    drop((vault, platform));

    let platform = super::platform(folder.path());
    assert_eq!(known(&platform, person).await, None, "for ever");
    let purpose = PURPOSE;
    told_by_mentee(&platform, 50, GiveConsent { person, purpose }).await;
    told_by_mentee(&platform, 51, state(person, "A twin")).await;
    let again = known(&platform, person).await.expect("a new key");
    assert_eq!(again.of_myself, ["A twin"]);
}

/// A withdrawal whose key could not be destroyed is not answered, and a start destroys it first.
#[tokio::test]
async fn a_withdrawal_that_was_interrupted_is_done_before_anything_is_answered() {
    let mut unknown = 0;
    for allowed in [0, 1, 2, 4, 6, 9, 40] {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = FailingDisk::default();
        let mut options = options(folder.path());
        options.disk = Some(Arc::new(disk.clone()));
        let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
        let person = stated(&platform).await;
        disk.fail_after(allowed, "keyring");
        let withdraw = WithdrawConsent {
            person,
            purpose: PURPOSE,
        };
        let outcome = platform.execute(SCHEME, by_mentee(40, withdraw)).await;
        match outcome {
            Err(Failure::OutcomeUnknown) => unknown += 1,
            Ok(Outcome::Accepted(_)) => {}
            other => panic!("{other:?}"),
        }
        disk.heal();
        platform.shut_down().await;
        drop(platform);
        let platform = super::platform(folder.path());
        assert_eq!(known(&platform, person).await, None, "{allowed}");
        let vault = platform.store().vault(&scheme()).expect("keys");
        assert!(vault.is_destroyed(person.0, &codec::purpose(Some(consent(30).0))));
    }
    assert!(unknown > 2, "{unknown}");
}

/// A snapshot on disk holds it under the key of the consent, and consents under that of the person.
#[tokio::test]
async fn a_snapshot_keeps_nothing_of_what_a_withdrawn_consent_covered() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.snapshot_every = 1;
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    let mentee = stated(&platform).await;
    let capacity = domain::mentor::StateCapacity {
        mentor: person(10),
        capacity: 3,
    };
    accepted(&platform, 50, capacity).await;
    let ended = platform.snapshot(SCHEME).await.expect("a state");
    platform.shut_down().await;
    drop(platform);

    let (_store, kept, vault) = kept(folder.path());
    let read = snapshots::read(&kept, &scheme(), &vault).expect("read");
    assert!(read == *ended, "all of it, while there are keys");
    vault
        .destroy(mentee.0, &codec::purpose(Some(consent(30).0)))
        .expect("destroyed");
    let read = snapshots::read(&kept, &scheme(), &vault).expect("the rest is of use");
    let consents = read.particulars.confidences().consents();
    assert_eq!(consents.characteristics(mentee), None);
    assert!(consents.in_force(mentee, PURPOSE).is_some());
}

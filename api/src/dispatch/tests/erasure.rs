//! Forgetting a person: whole or not at all, whenever the machine fails.

use super::{
    SCHEME, accepted, kept, matched, open, options, person, platform, refused, request, scheme,
};
use crate::{
    dispatch::{Accepted, Failure, Outcome, Platform, codec, snapshots},
    telemetry::Metrics,
};
use domain::{
    Command, Event,
    erasure::{ConfirmErasure, ErasureGround, RequestErasure},
    identifiers::PersonId,
    matching::Progress,
    mentor::StateCapacity,
};
use event_log::simulation::FailingDisk;
use std::{path::Path, sync::Arc};
use uuid::Uuid;

/// Another holder of a token than gives the other commands.
fn by_another(number: u128, command: impl Into<Command>) -> crate::dispatch::Request {
    let mut request = request(number, command);
    request.actor.id = Uuid::from_u128(99);
    request.actor.role = Arc::from("administrator");
    request
}

fn confirm(person: PersonId) -> ConfirmErasure {
    ConfirmErasure {
        person,
        holds: vec![],
    }
}

async fn asked(platform: &Platform, number: u128, person: PersonId) {
    let ground = ErasureGround::RetentionEnded;
    accepted(platform, number, RequestErasure { person, ground }).await;
}

async fn erased(platform: &Platform, number: u128, person: PersonId) -> Accepted {
    match platform
        .execute(SCHEME, by_another(number, confirm(person)))
        .await
    {
        Ok(Outcome::Accepted(accepted)) => accepted,
        other => panic!("{other:?}"),
    }
}

/// The types of the records from `first` on, and how many of their sealed values still open.
async fn records(platform: &Platform, of: PersonId) -> (Vec<String>, usize) {
    let head = platform.snapshot(SCHEME).await.expect("open").position();
    let all: Vec<u64> = (1..=head).collect();
    let records = platform.records(SCHEME, &all).await.expect("readable");
    let vault = platform.store().vault(&scheme()).expect("keys");
    let mut open = 0;
    for record in &records {
        codec::understand(record, &vault).expect("it is understood all the same");
        let theirs = record.sealed.iter().filter(|sealed| sealed.subject == of.0);
        let opened = theirs.map(|sealed| vault.open_value(&event_log::Place::of(record), sealed));
        open += opened
            .filter(|opened| matches!(opened, Ok(event_log::Opened::Plain(_))))
            .count();
    }
    (
        records.into_iter().map(|record| record.kind).collect(),
        open,
    )
}

#[tokio::test]
async fn whoever_is_forgotten_is_forgotten_before_the_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    let mentee = matched(&platform).await;
    asked(&platform, 40, mentee).await;
    let (_, open_before) = records(&platform, mentee).await;
    assert!(open_before > 0);
    let keyring = |path: &Path| {
        let files = std::fs::read_dir(path.join("schemes").join(SCHEME).join("keyring"));
        let names = files
            .expect("a folder")
            .map(|file| file.expect("a file").path());
        names.collect::<Vec<_>>()
    };
    let before = keyring(folder.path());

    let answer = erased(&platform, 41, mentee).await;
    let kinds: Vec<&str> = answer.events.iter().map(|one| one.event.kind()).collect();
    assert_eq!(
        kinds,
        ["erasure.confirmed", "match.withdrawn", "erasure.decided"]
    );
    let state = &answer.snapshot;
    assert!(state.particulars.details(mentee).is_none());
    assert!(
        state.particulars.details(person(10)).is_some(),
        "others stay"
    );
    let mut matches = state.scheme.matches.values();
    assert!(matches.all(|found| found.progress == Progress::Withdrawn));
    let (kinds, open) = records(&platform, mentee).await;
    assert_eq!(open, 0, "no value of theirs opens");
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("erasure.completed"),
        "the log says so"
    );
    let after = keyring(folder.path());
    assert!(after.iter().all(|file| !before.contains(file)), "a new one");
    let vault = platform.store().vault(&scheme()).expect("keys");
    assert!(vault.is_erased(mentee.0));
    assert!(!vault.buried_keys(mentee.0).is_empty());
    platform.store().verify(&scheme()).expect("it is whole");

    // Twice is already so, and nothing more is recorded about them.
    assert!(erased(&platform, 42, mentee).await.events.is_empty());
    let again = RequestErasure {
        person: mentee,
        ground: ErasureGround::RetentionEnded,
    };
    assert_eq!(refused(&platform, 43, again).await.code, "person_erased");
    platform.shut_down().await;
    drop((vault, platform));
    let platform = super::platform(folder.path());
    let again = platform.snapshot(SCHEME).await.expect("a state");
    assert_eq!(again.scheme.erasures, state.scheme.erasures);
    assert_eq!(again.particulars, state.particulars);
}

/// Commands of the same group that come after see that nothing can be recorded any more.
#[tokio::test]
async fn what_waits_behind_it_finds_the_person_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    matched(&platform).await;
    let mentor = person(10);
    asked(&platform, 40, mentor).await;
    let confirmed = platform.execute(SCHEME, by_another(41, confirm(mentor)));
    let capacity = StateCapacity {
        mentor,
        capacity: 3,
    };
    let behind = platform.execute(SCHEME, request(42, capacity));
    let (confirmed, behind) = tokio::join!(confirmed, behind);
    assert!(matches!(confirmed, Ok(Outcome::Accepted(_))));
    match behind {
        Ok(Outcome::Rejected(refusal)) => assert_eq!(refusal.code, "person_erased"),
        other => panic!("{other:?}"),
    }
}

/// A snapshot that is written after an erasure is of use, and holds nothing of the person.
#[tokio::test]
async fn snapshots_go_on_after_an_erasure_and_know_nothing_of_the_person() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.snapshot_every = 1;
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    open(&platform).await;
    let mentee = matched(&platform).await;
    asked(&platform, 40, mentee).await;
    erased(&platform, 41, mentee).await;
    let capacity = StateCapacity {
        mentor: person(10),
        capacity: 3,
    };
    accepted(&platform, 42, capacity).await;
    let ended = platform.snapshot(SCHEME).await.expect("a state");
    platform.shut_down().await;
    drop(platform);

    let (_store, kept, vault) = kept(folder.path());
    let read = snapshots::read(&kept, &scheme(), &vault).expect("read");
    assert!(read == *ended);
    assert!(read.particulars.details(mentee).is_none());
    let keys = read.particulars.by_key();
    assert!(!keys.keys().any(|(person, _)| *person == mentee));
}

/// Whatever the machine does on the way, afterwards the person is there or forgotten, and never something between.
#[tokio::test]
async fn an_erasure_that_was_interrupted_anywhere_is_whole_or_nothing() {
    let (mut before, mut unknown, mut known) = (0, 0, 0);
    for allowed in 0..28 {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = FailingDisk::default();
        let mut options = options(folder.path());
        options.disk = Some(Arc::new(disk.clone()));
        let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
        open(&platform).await;
        let mentee = matched(&platform).await;
        asked(&platform, 40, mentee).await;
        disk.fail_after(allowed, SCHEME);
        let outcome = platform
            .execute(SCHEME, by_another(41, confirm(mentee)))
            .await;
        match outcome {
            Err(Failure::OutcomeUnknown | Failure::ReadOnly) => unknown += 1,
            Ok(Outcome::Accepted(_)) => known += 1,
            other => panic!("{other:?}"),
        }
        disk.heal();
        platform.shut_down().await;
        drop(platform);

        let platform = super::platform(folder.path());
        let state = platform.snapshot(SCHEME).await.expect("a state");
        let vault = platform.store().vault(&scheme()).expect("keys");
        let decided = state.scheme.erasures.is_erased(mentee);
        assert_eq!(state.particulars.details(mentee).is_none(), decided);
        assert_eq!(vault.is_erased(mentee.0), decided, "{allowed}");
        if !decided {
            before += 1;
        }
        // Whoever did not hear asks again, and by the answer it is done and recorded.
        let answer = erased(&platform, 41, mentee).await;
        let decided = |event: &Event| matches!(event, Event::ErasureDecided(_));
        assert!(answer.events.iter().any(|one| decided(&one.event)));
        let (kinds, open) = records(&platform, mentee).await;
        assert_eq!(open, 0);
        let completed = kinds.iter().filter(|kind| *kind == "erasure.completed");
        assert_eq!(completed.count(), 1, "{allowed}: once");
        platform.store().verify(&scheme()).expect("it is whole");
    }
    assert!(
        before > 0 && unknown > before && known > 0,
        "{before}, {unknown}, {known}"
    );
}

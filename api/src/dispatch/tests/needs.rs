//! An analysis of needs is sealed under a key of its own, and destroying it is destroying that key and no other.

use super::{
    SCHEME, accepted, by_mentee, kept, matched, open, options, platform, scheme, told_by_mentee,
};
use crate::{
    dispatch::{Failure, Outcome, Platform, codec, snapshots},
    telemetry::Metrics,
};
use domain::{
    Event,
    identifiers::{self, NeedsAnalysisId, PersonId},
    needs::{BeginNeedsAnalysis, DestroyNeedsAnalysis, Priorities, Priority, Revision, Tables},
};
use event_log::simulation::FailingDisk;
use std::sync::Arc;
use uuid::Uuid;

fn begin(mentee: PersonId, area: &str) -> BeginNeedsAnalysis {
    let priority = Priority {
        area: area.to_owned(),
        ..Priority::default()
    };
    BeginNeedsAnalysis {
        mentee,
        tables: Tables {
            priorities: Some(Priorities {
                service: vec![priority],
                personal: vec![],
            }),
            ..Tables::default()
        },
        setting: None,
    }
}

fn analysis(number: u128) -> NeedsAnalysisId {
    identifiers::derive(SCHEME, Uuid::from_u128(number), "needs analysis").into()
}

/// A mentee with two analyses, begun by the commands 30 and 31.
async fn two_begun(platform: &Platform) -> PersonId {
    open(platform).await;
    let mentee = matched(platform).await;
    told_by_mentee(platform, 30, begin(mentee, "Nearer to home")).await;
    told_by_mentee(platform, 31, begin(mentee, "The treasurer's words")).await;
    mentee
}

/// What the log says of the analysis that command `number` began, as far as it opens; and under which key.
async fn in_the_log(platform: &Platform, number: u128) -> (Option<Revision>, Uuid) {
    let snapshot = platform.snapshot(SCHEME).await.expect("a state");
    let (_, last) = snapshot
        .outcomes
        .of(Uuid::from_u128(number))
        .expect("recorded");
    let records = platform.records(SCHEME, &[last]).await.expect("readable");
    let vault = platform.store().vault(&scheme()).expect("keys");
    let recorded = codec::understand(&records[0], &vault).expect("understood");
    let Event::NeedsAnalysisRevised(revised) = recorded.event else {
        panic!("{:?}", recorded.event);
    };
    (revised.revision.open().cloned(), records[0].sealed[0].key)
}

/// R113.
#[tokio::test]
async fn each_analysis_stands_under_its_own_key_and_is_destroyed_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    let mentee = two_begun(&platform).await;
    let vault = platform.store().vault(&scheme()).expect("keys");
    let (first, its_key) = in_the_log(&platform, 30).await;
    let (second, other_key) = in_the_log(&platform, 31).await;
    assert!(first.is_some() && second.is_some());
    assert_ne!(its_key, other_key);
    assert_ne!(Some(its_key), vault.key_of(mentee.0, event_log::PERSON));

    let destroy = DestroyNeedsAnalysis {
        analysis: analysis(30),
    };
    let answer = told_by_mentee(&platform, 40, destroy.clone()).await;
    assert!(vault.is_destroyed(mentee.0, &codec::purpose(Some(analysis(30).0))));
    let known = &answer.snapshot.particulars;
    assert_eq!(known.needs_analysis(analysis(30)), None);
    assert!(known.needs_analysis(analysis(31)).is_some());
    assert!(known.details(mentee).is_some(), "the rest of them stays");

    assert_eq!(in_the_log(&platform, 30).await.0, None, "erased");
    assert_eq!(in_the_log(&platform, 31).await.0, second);
    platform.shut_down().await;
    drop((vault, platform));
    let platform = super::platform(folder.path());
    assert_eq!(in_the_log(&platform, 30).await.0, None, "for ever");
    assert_eq!(in_the_log(&platform, 31).await.0, second);
    assert!(
        told_by_mentee(&platform, 41, destroy)
            .await
            .events
            .is_empty()
    );
    let erased = platform.store().vault(&scheme()).expect("keys");
    erased.erase(mentee.0).expect("erased");
    assert_eq!(in_the_log(&platform, 31).await.0, None, "with the person");
}

#[tokio::test]
async fn a_destruction_that_was_interrupted_is_done_before_anything_is_answered() {
    let (mut unknown, mut known) = (0, 0);
    for allowed in 0..16 {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = FailingDisk::default();
        let mut options = options(folder.path());
        options.disk = Some(Arc::new(disk.clone()));
        let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
        let mentee = two_begun(&platform).await;
        disk.fail_after(allowed, "keyring");
        let destroy = DestroyNeedsAnalysis {
            analysis: analysis(30),
        };
        let outcome = platform
            .execute(SCHEME, by_mentee(40, destroy.clone()))
            .await;
        match outcome {
            Err(Failure::OutcomeUnknown) => {
                unknown += 1;
                let later = platform
                    .execute(SCHEME, by_mentee(41, begin(mentee, "More")))
                    .await;
                assert_eq!(later.err(), Some(Failure::ReadOnly));
            }
            Ok(Outcome::Accepted(_)) => known += 1,
            other => panic!("{other:?}"),
        }
        disk.heal();
        platform.shut_down().await;
        drop(platform);

        let platform = super::platform(folder.path());
        let state = platform.snapshot(SCHEME).await.expect("a state");
        assert_eq!(state.particulars.needs_analysis(analysis(30)), None);
        let vault = platform.store().vault(&scheme()).expect("keys");
        assert!(vault.is_destroyed(mentee.0, &codec::purpose(Some(analysis(30).0))));
        assert_eq!(in_the_log(&platform, 30).await.0, None, "{allowed}");
        // Whoever did not hear asks again and is told of the first time.
        assert_eq!(told_by_mentee(&platform, 40, destroy).await.events.len(), 1);
    }
    assert!(unknown > 2 && known > 0, "{unknown} and {known}");
}

/// What a snapshot on disk holds of an analysis it holds under the key of the analysis.
#[tokio::test]
async fn a_snapshot_keeps_nothing_of_what_was_destroyed_since() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.snapshot_every = 1;
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    let mentee = two_begun(&platform).await;
    let capacity = domain::mentor::StateCapacity {
        mentor: super::person(10),
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
        .destroy(mentee.0, &codec::purpose(Some(analysis(30).0)))
        .expect("destroyed");
    let read = snapshots::read(&kept, &scheme(), &vault).expect("the rest is of use");
    assert_eq!(read.particulars.needs_analysis(analysis(30)), None);
    assert_eq!(
        read.particulars.needs_analysis(analysis(31)),
        ended.particulars.needs_analysis(analysis(31))
    );
    assert_eq!(
        read.particulars.details(mentee),
        ended.particulars.details(mentee)
    );
}

//! A disk that fails stops one scheme, and no other.

use super::{SCHEME, accepted, execute, invitation, open, options, person, request};
use crate::{
    dispatch::{Failure, Outcome, Platform},
    telemetry::Metrics,
};
use domain::{
    adoption::{AdoptPolicy, OpenScheme, SchemeKind},
    mentor::StateCapacity,
    shipped,
};
use event_log::simulation::FailingDisk;
use std::sync::Arc;

#[tokio::test]
async fn a_disk_that_fails_makes_one_scheme_read_only_and_the_others_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = FailingDisk::default();
    let mut options = options(folder.path());
    options.disk = Some(Arc::new(disk.clone()));
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    open(&platform).await;
    accepted(&platform, 10, invitation("Somebody")).await;
    let other = OpenScheme {
        name: "Another".to_owned(),
        kind: SchemeKind::Coaching,
    };
    platform
        .execute("another", request(1, other))
        .await
        .expect("another scheme");

    disk.fail_syncs(SCHEME);
    let unknown = execute(
        &platform,
        11,
        StateCapacity {
            mentor: person(10),
            capacity: 2,
        },
    )
    .await;
    assert_eq!(unknown.err(), Some(Failure::OutcomeUnknown));
    let refused = execute(
        &platform,
        12,
        StateCapacity {
            mentor: person(10),
            capacity: 3,
        },
    )
    .await;
    assert_eq!(refused.err(), Some(Failure::ReadOnly));
    let snapshot = platform.snapshot(SCHEME).await.expect("reads go on");
    assert_eq!(
        snapshot.position(),
        5,
        "what is not known to be durable is not shown"
    );
    let policy = shipped::policy("mentor-plus-2017").expect("shipped");
    let adopted = platform
        .execute(
            "another",
            request(
                2,
                AdoptPolicy {
                    policy,
                    effective_from: None,
                },
            ),
        )
        .await;
    assert!(
        matches!(adopted, Ok(Outcome::Accepted(_))),
        "the other scheme goes on"
    );

    disk.heal();
    platform.shut_down().await;
    drop(platform);
    let platform = super::platform(folder.path());
    // Written and not synced: whether it is there is known now, and the retry finds out without doubling it.
    accepted(
        &platform,
        11,
        StateCapacity {
            mentor: person(10),
            capacity: 2,
        },
    )
    .await;
    let snapshot = platform.snapshot(SCHEME).await.expect("a state");
    assert_eq!(snapshot.position(), 6);
    assert_eq!(
        snapshot
            .scheme
            .mentor(person(10))
            .expect("known")
            .capacity_stated,
        Some(2)
    );
}

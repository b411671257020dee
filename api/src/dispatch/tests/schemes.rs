//! Schemes open, close, and open again as they were.

use super::{SCHEME, accepted, execute, invitation, matched, open, options, platform};
use crate::{
    dispatch::{Failure, Platform},
    telemetry::Metrics,
};
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Duration};

#[tokio::test]
async fn an_idle_scheme_is_closed_and_opens_again_when_it_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.idle_after = Duration::from_millis(20);
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    open(&platform).await;
    let before = platform.snapshot(SCHEME).await.expect("a state");
    let closing = tokio::spawn(platform.clone().close_idle_schemes());
    tokio::time::sleep(Duration::from_millis(400)).await;
    let after = platform.snapshot(SCHEME).await.expect("a state");
    assert!(!Arc::ptr_eq(&before, &after), "it was folded anew");
    assert!(*before == *after);
    accepted(&platform, 10, invitation("Somebody")).await;
    closing.abort();
}

#[tokio::test]
async fn a_version_is_waited_for_and_one_that_never_comes_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    assert_eq!(
        platform
            .snapshot_at_least(SCHEME, 4)
            .await
            .expect("reached")
            .position(),
        4
    );
    let waiting = tokio::spawn({
        let platform = platform.clone();
        async move {
            platform
                .snapshot_at_least(SCHEME, 5)
                .await
                .map(|snapshot| snapshot.position())
        }
    });
    accepted(&platform, 10, invitation("Somebody")).await;
    assert_eq!(waiting.await.expect("it ends"), Ok(5));
    assert_eq!(
        platform.snapshot_at_least(SCHEME, 99).await.err(),
        Some(Failure::VersionNotReached)
    );
}

#[tokio::test]
async fn an_unknown_scheme_is_named_and_makes_no_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    let unknown = execute(&platform, 1, invitation("Somebody")).await;
    assert_eq!(
        unknown.err(),
        Some(Failure::UnknownScheme(SCHEME.to_owned()))
    );
    let malformed = platform.snapshot("../keys").await;
    assert_eq!(
        malformed.err(),
        Some(Failure::UnknownScheme("../keys".to_owned()))
    );
    assert_eq!(platform.schemes().await, Ok(vec![]));
}

#[tokio::test]
async fn a_second_process_is_turned_away_with_a_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let held = platform(folder.path());
    let turned_away = Platform::open(&options(folder.path()), Metrics::new())
        .err()
        .expect("it is held");
    assert!(
        turned_away.to_string().contains("is held by process"),
        "{turned_away}"
    );
    held.shut_down().await;
    drop(held);
    Platform::open(&options(folder.path()), Metrics::new()).expect("it is free again");
}

#[tokio::test]
async fn a_scheme_read_again_from_its_journal_is_the_scheme_that_grew() {
    let folder = tempfile::tempdir().expect("a folder");
    let grown = {
        let platform = platform(folder.path());
        open(&platform).await;
        matched(&platform).await;
        let grown = platform.snapshot(SCHEME).await.expect("a state");
        platform.shut_down().await;
        grown
    };
    let platform = platform(folder.path());
    assert!(*platform.snapshot(SCHEME).await.expect("a state") == *grown);
    let now = platform.now(SCHEME);
    let anchor: Timestamp = "2026-03-02T09:00:00Z".parse().expect("an instant");
    assert!(
        now.duration_since(anchor) < SignedDuration::from_mins(5),
        "a rehearsal goes on where it ended"
    );
}

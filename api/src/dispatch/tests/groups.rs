//! What stands in a group, and in which order.

use super::{SCHEME, accepted, execute, invitation, matched, open, person, platform, request};
use crate::dispatch::{Failure, Outcome};
use domain::{adoption::AdoptRegister, mentor::StateCapacity, shipped};
use jiff::Timestamp;

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_all_get_their_own_answer_and_no_position_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    let all = (0..200_u128).map(|number| {
        let platform = platform.clone();
        tokio::spawn(async move {
            accepted(
                &platform,
                100 + number,
                invitation(&format!("Number {number}")),
            )
            .await
        })
    });
    let mut positions = Vec::new();
    for one in all.collect::<Vec<_>>() {
        let one = one.await.expect("an answer");
        assert!(
            one.snapshot.position() >= one.events[0].position,
            "whoever asked sees their own write"
        );
        positions.push(one.events[0].position);
    }
    positions.sort_unstable();
    assert_eq!(positions, (5..205).collect::<Vec<u64>>());
}

#[tokio::test]
async fn what_falls_due_is_recorded_by_itself_once_and_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    let mentee = matched(&platform).await;
    let later: Timestamp = "2026-04-01T09:00:00Z".parse().expect("an instant");
    let state = StateCapacity {
        mentor: person(10),
        capacity: 2,
    };
    let outcome = platform
        .execute_at(SCHEME, request(90, state), Some(later))
        .await;
    let Ok(Outcome::Accepted(stated)) = outcome else {
        panic!("{outcome:?}")
    };
    let records = platform
        .records(SCHEME, &[stated.events[0].position - 1])
        .await
        .expect("a record");
    assert_eq!(records[0].kind, "match.lapsed");
    assert_eq!(records[0].happened_on, "2026-03-17");
    assert_eq!(records[0].command_id, None);
    let lapsed = stated
        .snapshot
        .scheme
        .mentees
        .get(&mentee)
        .expect("known")
        .matches
        .len();
    assert_eq!(lapsed, 1);
    assert!(stated.snapshot.scheme.answers_awaited.is_empty());
}

#[tokio::test]
async fn a_document_too_large_for_a_record_is_refused_and_the_scheme_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    let mut register = shipped::register();
    register.version = "huge".to_owned();
    register.attribution = "x".repeat(70_000);
    assert_eq!(
        execute(&platform, 10, AdoptRegister { register })
            .await
            .err(),
        Some(Failure::TooLarge)
    );
    assert_eq!(
        accepted(&platform, 11, invitation("Somebody")).await.events[0].position,
        5
    );
}

//! Whoever asks again hears the first answer again.

use super::{SCHEME, accepted, invitation, open, person, platform, refused, request};
use crate::dispatch::Outcome;
use domain::{
    mentor::{ApprovePenPortrait, PenPortrait, RegisterMentor, StateCapacity},
    register::CouncilType,
};

#[tokio::test]
async fn a_repeated_command_is_answered_with_its_first_outcome_also_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = {
        let platform = platform(folder.path());
        open(&platform).await;
        let first = accepted(&platform, 10, invitation("Somebody")).await;
        let again = accepted(&platform, 10, invitation("Somebody Else")).await;
        assert_eq!(again.events, first.events);
        assert_eq!(again.snapshot.position(), 5);
        platform.shut_down().await;
        first
    };
    let platform = platform(folder.path());
    let again = accepted(&platform, 10, invitation("Somebody")).await;
    assert_eq!(again.events, first.events);
    assert_eq!(again.snapshot.position(), 5);
}

#[tokio::test]
async fn a_wish_that_already_held_is_not_judged_anew_when_it_is_retried_late() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    accepted(&platform, 10, invitation("Somebody")).await;
    let state = |capacity| StateCapacity {
        mentor: person(10),
        capacity,
    };
    accepted(&platform, 11, state(2)).await;
    assert!(accepted(&platform, 12, state(2)).await.events.is_empty());
    accepted(&platform, 13, state(3)).await;
    assert!(
        accepted(&platform, 12, state(2)).await.events.is_empty(),
        "the retry of a wish that held"
    );
    let snapshot = platform.snapshot(SCHEME).await.expect("a state");
    assert_eq!(
        snapshot
            .scheme
            .mentor(person(10))
            .expect("known")
            .capacity_stated,
        Some(3)
    );
}

#[tokio::test]
async fn a_refusal_is_remembered_and_names_its_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = {
        let platform = platform(folder.path());
        open(&platform).await;
        accepted(&platform, 10, invitation("Somebody")).await;
        let before = refused(&platform, 11, ApprovePenPortrait { mentor: person(10) }).await;
        assert_eq!(before.code, "not_registered");
        assert_eq!(
            before.rule.as_ref().map(|rule| rule.code.as_str()),
            Some("who-may-mentor")
        );
        platform.shut_down().await;
        before
    };
    let platform = platform(folder.path());
    let portrait = PenPortrait {
        background: "Social work".to_owned(),
        expertise: vec!["Practice".to_owned()],
        council_types: vec![CouncilType::County],
        ..PenPortrait::default()
    };
    accepted(
        &platform,
        12,
        RegisterMentor {
            mentor: person(10),
            portrait,
        },
    )
    .await;
    assert_eq!(
        refused(&platform, 11, ApprovePenPortrait { mentor: person(10) }).await,
        before
    );
    assert_eq!(
        accepted(&platform, 13, ApprovePenPortrait { mentor: person(10) })
            .await
            .events
            .len(),
        1
    );
}

#[tokio::test]
async fn a_command_that_is_only_validated_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    open(&platform).await;
    let mut request = request(10, invitation("Somebody"));
    request.validate_only = true;
    let Ok(Outcome::Accepted(validated)) = platform.execute(SCHEME, request).await else {
        panic!("it is valid")
    };
    assert!(validated.events.is_empty());
    assert_eq!(
        platform.snapshot(SCHEME).await.expect("a state").position(),
        4
    );
    assert_eq!(
        accepted(&platform, 10, invitation("Somebody"))
            .await
            .events
            .len(),
        1,
        "the same id, now meant"
    );
}

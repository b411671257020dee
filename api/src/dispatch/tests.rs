//! The writer and the platform, on real files.

use super::{Accepted, Failure, Options, Outcome, Platform, Refusal, Request};
use crate::telemetry::Metrics;
use domain::{
    Actor, Command,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    identifiers::{self, PersonId},
    matching::OfferMatches,
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
        RegisterMentor, StateCapacity,
    },
    register::CouncilType,
    shipped,
};
use event_log::Kind;
use jiff::{SignedDuration, Timestamp};
use std::{path::Path, sync::Arc, time::Duration};
use uuid::Uuid;

const SCHEME: &str = "a-scheme";

fn options(data: &Path) -> Options {
    let mut options = Options::new(data);
    options.create = Some(Kind::Rehearsal);
    options.anchor = "2026-03-02T09:00:00Z".parse().expect("an instant");
    options
}

fn platform(data: &Path) -> Platform {
    Platform::open(&options(data), Metrics::new()).expect("a data directory")
}

fn request(number: u128, command: impl Into<Command>) -> Request {
    Request {
        command_id: Uuid::from_u128(number),
        command: command.into(),
        actor: Actor {
            id: Uuid::nil(),
            role: Arc::from("coordinator"),
        },
        happened_on: None,
        reported_by: None,
        channel: None,
        validate_only: false,
        correlation_id: None,
        traceparent: None,
    }
}

async fn execute(
    platform: &Platform,
    number: u128,
    command: impl Into<Command>,
) -> Result<Outcome, Failure> {
    platform.execute(SCHEME, request(number, command)).await
}

async fn accepted(platform: &Platform, number: u128, command: impl Into<Command>) -> Accepted {
    match execute(platform, number, command).await {
        Ok(Outcome::Accepted(accepted)) => accepted,
        other => panic!("{other:?}"),
    }
}

async fn refused(platform: &Platform, number: u128, command: impl Into<Command>) -> Refusal {
    match execute(platform, number, command).await {
        Ok(Outcome::Rejected(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A scheme that is ready; its commands took the numbers 1 to 4.
async fn open(platform: &Platform) {
    let policy = shipped::policy("mentor-plus-2017").expect("shipped");
    accepted(
        platform,
        1,
        OpenScheme {
            name: "A scheme".to_owned(),
            kind: SchemeKind::Mentoring,
        },
    )
    .await;
    accepted(
        platform,
        2,
        AdoptPolicy {
            policy,
            effective_from: None,
        },
    )
    .await;
    accepted(
        platform,
        3,
        AdoptRegister {
            register: shipped::register(),
        },
    )
    .await;
    accepted(
        platform,
        4,
        AdoptCalendar {
            calendar: shipped::calendar(),
        },
    )
    .await;
}

fn invitation(name: &str) -> InviteMentor {
    InviteMentor {
        person: None,
        details: PersonDetails {
            name: Some(name.to_owned()),
            ..PersonDetails::default()
        },
        employer: Some("E10000008".into()),
        experience: Experience {
            status: MentorStatus::Serving,
            retired_on: None,
            years_in_post: Some(5),
        },
    }
}

fn person(number: u128) -> PersonId {
    identifiers::derive(SCHEME, Uuid::from_u128(number), "person").into()
}

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

/// Somebody entitled, to whom the mentor of command 10 is offered.
async fn matched(platform: &Platform) -> PersonId {
    use domain::{
        Channel,
        appointment::{FirstPost, NotifyAppointment, Source},
        mentoring::{AcceptMentoring, ContactOutcome, OfferMentoring, RecordContact},
        policy::Basis,
    };
    accepted(platform, 10, invitation("A mentor")).await;
    let portrait = PenPortrait {
        background: "Social work".to_owned(),
        expertise: vec!["Practice".to_owned()],
        council_types: vec![CouncilType::County],
        ..PenPortrait::default()
    };
    accepted(
        platform,
        11,
        RegisterMentor {
            mentor: person(10),
            portrait,
        },
    )
    .await;
    accepted(platform, 12, ApprovePenPortrait { mentor: person(10) }).await;
    let notice = NotifyAppointment {
        source: Source::Press,
        employer: "E10000008".into(),
        employee_number: None,
        person: None,
        details: PersonDetails {
            name: Some("A mentee".to_owned()),
            ..PersonDetails::default()
        },
        post: "DCS".to_owned(),
        basis: Some(Basis::Substantive),
        starts_on: None,
        ends_on: None,
        first_post: Some(FirstPost::Yes),
        expected_months: None,
    };
    accepted(platform, 20, notice).await;
    let mentee = person(20);
    let mut contact = request(
        21,
        RecordContact {
            mentee,
            outcome: ContactOutcome::Reached,
        },
    );
    contact.channel = Some(Channel::Telephone);
    platform.execute(SCHEME, contact).await.expect("contact");
    accepted(platform, 22, OfferMentoring { mentee }).await;
    accepted(
        platform,
        23,
        AcceptMentoring {
            mentee,
            elements: vec![],
            starts_on: None,
        },
    )
    .await;
    let offer = OfferMatches {
        mentee,
        mentors: vec![person(10)],
        more_than_usual: false,
    };
    accepted(platform, 24, offer).await;
    mentee
}

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

#[tokio::test]
async fn a_disk_that_fails_makes_one_scheme_read_only_and_the_others_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = super::failing_disk::FailingDisk::default();
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

    disk.fail_below(SCHEME);
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
    let platform = self::platform(folder.path());
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

//! The writer and the platform, on real files.

mod answers;
mod confidence;
mod consent;
mod disk;
mod erasure;
mod groups;
mod moments;
mod needs;
mod reads;
mod schemes;

use super::{
    Accepted, Failure, Options, Outcome, Platform, Refusal, Request, System, snapshots::FINGERPRINT,
};
use crate::telemetry::Metrics;
use domain::{
    Actor, Command,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    identifiers::{self, PersonId},
    matching::OfferMatches,
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
        RegisterMentor,
    },
    register::CouncilType,
    shipped,
};
use event_log::{Embedded, Kept, Kind, SchemeId, Vault};
use std::{path::Path, sync::Arc};
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

fn scheme() -> SchemeId {
    SchemeId::new(SCHEME).expect("a name")
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

/// A command that a mentee gives themselves.
fn by_mentee(number: u128, command: impl Into<Command>) -> Request {
    let mut request = request(number, command);
    request.actor.role = Arc::from("mentee");
    request
}

async fn told_by_mentee(
    platform: &Platform,
    number: u128,
    command: impl Into<Command>,
) -> Accepted {
    match platform.execute(SCHEME, by_mentee(number, command)).await {
        Ok(Outcome::Accepted(accepted)) => accepted,
        other => panic!("{other:?}"),
    }
}

/// What stands on disk once the service ended: the directory, the scheme's snapshot, and its keys.
fn kept(data: &Path) -> (Embedded, Kept, Arc<Vault>) {
    let options = event_log::Options::new(Arc::new(System));
    let options = options.without_index().snapshots(FINGERPRINT);
    let store = Embedded::open(data, options).expect("a directory");
    let kept = store.snapshot(&scheme()).expect("open").expect("of use");
    let vault = store.vault(&scheme()).expect("keys");
    (store, kept, vault)
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
            explained: vec![],
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

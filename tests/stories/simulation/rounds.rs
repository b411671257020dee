//! What is asked of the dispatcher: rounds of commands that follow from a seed and nothing else.
//!
//! Within a round no two commands are about the same mentor unless both are accepted, so that a retry of either
//! is judged as it would have been.

use api::dispatch::Request;
use domain::{
    Actor, Command,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    appointment::{FirstPost, NotifyAppointment, Source},
    identifiers::{self, PersonId},
    matching::OfferMatches,
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
        RegisterMentor, StateCapacity,
    },
    mentoring::{AcceptMentoring, ContactOutcome, OfferMentoring, RecordContact},
    policy::Basis,
    register::CouncilType,
    shipped,
};
use event_log::simulation::Dice;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use uuid::Uuid;

pub const SCHEME: &str = "a-scheme";
/// 2 March 2026, nine o'clock.
pub const ANCHOR: Timestamp = Timestamp::constant(1_772_442_000, 0);
/// How long a refusal is sure to be answered the same.
pub const QUIET_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

const ROUNDS: u128 = 9;

/// Commands that are sent at the same time.
pub struct Round {
    pub at: Timestamp,
    pub requests: Vec<Request>,
    /// Close the platform and open it again before.
    pub reopen: bool,
}

/// Whether the story of this seed makes the scheme itself.
pub fn begins_with_nothing(seed: u64) -> bool {
    seed.is_multiple_of(4)
}

/// What makes a scheme ready.
pub fn preparation() -> Vec<(Request, Timestamp)> {
    let policy = shipped::policy("mentor-plus-2017").expect("shipped");
    let open = OpenScheme {
        name: "A scheme".to_owned(),
        kind: SchemeKind::Mentoring,
    };
    let adopt = AdoptPolicy {
        policy,
        effective_from: None,
    };
    let register = AdoptRegister {
        register: shipped::register(),
    };
    let calendar = AdoptCalendar {
        calendar: shipped::calendar(),
    };
    [
        request(1, open),
        request(2, adopt),
        request(3, register),
        request(4, calendar),
    ]
    .map(|request| (request, ANCHOR))
    .into()
}

pub fn rounds(seed: u64) -> Vec<Round> {
    let mut dice = Dice::new(seed);
    let mut rounds = Vec::new();
    if begins_with_nothing(seed) {
        rounds.extend(preparation().into_iter().map(|(request, at)| Round {
            at,
            requests: vec![request],
            reopen: false,
        }));
    }
    let mut at = ANCHOR;
    // What was refused, or already so, is asked again only while it is kept.
    let mut repeatable: Vec<Request> = Vec::new();
    for number in 1..=ROUNDS {
        at += SignedDuration::from_hours(1);
        if number == 4 {
            at += SignedDuration::from_hours(21 * 24); // The match that was offered lapses.
        }
        if number == 7 {
            at += SignedDuration::from_hours(31 * 24); // What was kept for thirty days is taken away.
            repeatable.clear();
        }
        let requests = match number {
            1 => offering(),
            _ => mixed(number, &mut dice, &repeatable),
        };
        repeatable.extend(requests.iter().cloned());
        rounds.push(Round {
            at,
            requests,
            reopen: number == 7 || dice.once_in(4),
        });
    }
    rounds
}

/// Somebody entitled, offered a mentor: eight commands that need each other, ten events.
fn offering() -> Vec<Request> {
    let (mentor, mentee) = (person(100), person(104));
    let commands: [Command; 8] = [
        invitation("A mentor").into(),
        RegisterMentor {
            mentor,
            portrait: portrait("Practice"),
        }
        .into(),
        ApprovePenPortrait { mentor }.into(),
        StateCapacity {
            mentor,
            capacity: 2,
        }
        .into(),
        notice(104).into(),
        RecordContact {
            explained: vec![],
            mentee,
            outcome: ContactOutcome::Reached,
        }
        .into(),
        OfferMentoring { mentee }.into(),
        AcceptMentoring {
            mentee,
            elements: vec![],
            starts_on: None,
        }
        .into(),
    ];
    let mut requests: Vec<Request> = (100..)
        .zip(commands)
        .map(|(id, command)| request(id, command))
        .collect();
    requests[5].channel = Some(domain::Channel::Telephone);
    let offer = OfferMatches {
        mentee,
        mentors: vec![mentor],
        more_than_usual: false,
    };
    requests.push(request(108, offer));
    requests
}

/// A new mentor, and up to five commands beside.
fn mixed(number: u128, dice: &mut Dice, repeatable: &[Request]) -> Vec<Request> {
    let first = number * 100;
    let mut requests = vec![request(first, invitation("Another mentor"))];
    let mut known: Vec<u128> = (1..number).map(|round| round * 100).collect();
    for id in first + 1..=first + u128::from(dice.below(6)) {
        let choice = dice.below(8);
        if choice == 0 {
            requests.push(requests[0].clone());
            continue;
        }
        if choice == 1 && !repeatable.is_empty() {
            requests.push(repeatable[dice.index(repeatable.len())].clone());
            continue;
        }
        if choice < 4 || known.is_empty() {
            requests.push(request(id, notice(id)));
            continue;
        }
        let mentor = person(known.swap_remove(dice.index(known.len())));
        requests.push(match choice {
            4 | 5 => request(id, ApprovePenPortrait { mentor }),
            6 => {
                let portrait = portrait("Finance");
                request(id, RegisterMentor { mentor, portrait })
            }
            _ => {
                let capacity = 1 + u16::try_from(dice.below(2)).unwrap_or_default();
                request(id, StateCapacity { mentor, capacity })
            }
        });
    }
    requests
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

fn person(number: u128) -> PersonId {
    identifiers::derive(SCHEME, Uuid::from_u128(number), "person").into()
}

fn invitation(name: &str) -> InviteMentor {
    InviteMentor {
        person: None,
        details: details(name),
        employer: Some("E10000008".into()),
        experience: Experience {
            status: MentorStatus::Serving,
            retired_on: None,
            years_in_post: Some(5),
        },
    }
}

fn notice(number: u128) -> NotifyAppointment {
    NotifyAppointment {
        source: Source::Press,
        employer: "E10000008".into(),
        employee_number: Some(number.to_string()),
        person: None,
        details: details("A mentee"),
        post: "DCS".to_owned(),
        basis: Some(Basis::Substantive),
        starts_on: None,
        ends_on: None,
        first_post: Some(FirstPost::Yes),
        expected_months: None,
    }
}

fn details(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        ..PersonDetails::default()
    }
}

fn portrait(expertise: &str) -> PenPortrait {
    PenPortrait {
        background: "Social work".to_owned(),
        expertise: vec![expertise.to_owned()],
        council_types: vec![CouncilType::County],
        ..PenPortrait::default()
    }
}

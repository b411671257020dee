//! A small scheme to read outside bytes against: opened, with everything adopted, at noon of 22 November 2026.

use api::{
    dispatch::tokens::Tokens,
    outside_bytes::{Delivered, Desk},
};
use domain::{
    Actor, Command, Context, Event, Recorded, Rejection,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    appointment::Form,
    identifiers::EmployerId,
    shipped,
};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// The scheme.
pub const SCHEME: &str = "mentor-plus";
/// The employer whose report is shipped.
pub const EMPLOYER: &str = "E10000008";
/// The starters report that is shipped.
pub const STARTERS: &str = include_str!("../../api/data/starters.csv");
/// What stands for a person in the inputs that are kept: no answer to a refusal may say it.
pub const CANARIES: [&str; 3] = ["Cobbold", "Traherne", "dorothea.cobbold"];

/// Noon of 22 November 2026.
pub const NOW: Timestamp = Timestamp::constant(1_795_348_800, 0);

/// The scheme after its adoptions.
pub static ADOPTED: LazyLock<Snapshot> = LazyLock::new(|| {
    let mut snapshot = Snapshot::default();
    for command in opening() {
        act(&mut snapshot, &command).expect("what is shipped can be adopted");
    }
    snapshot
});

/// The day of [`NOW`].
pub fn today() -> Date {
    jiff::civil::date(2026, 11, 22)
}

/// The commands with which a scheme begins.
pub fn opening() -> Vec<Command> {
    let policy = shipped::policy("newly-appointed-directors-2026");
    vec![
        Command::from(OpenScheme {
            name: "Newly appointed directors".to_owned(),
            kind: SchemeKind::Mentoring,
        }),
        Command::from(AdoptPolicy {
            policy: policy.expect("a policy is shipped"),
            effective_from: None,
        }),
        Command::from(AdoptRegister {
            register: shipped::register(),
        }),
        Command::from(AdoptCalendar {
            calendar: shipped::calendar(),
        }),
    ]
}

/// Where a report of [`EMPLOYER`] is read.
pub fn desk() -> &'static Desk {
    static DESK: LazyLock<Desk> = LazyLock::new(|| Desk {
        snapshot: Arc::new(ADOPTED.clone()),
        today: today(),
        employer: Some(EmployerId::from(EMPLOYER)),
        tokens: Tokens::new(&[7; 32]),
    });
    &DESK
}

/// The notices of the report that is shipped.
pub fn starters() -> Delivered {
    let read = desk().read(Form::Csv, STARTERS.as_bytes());
    read.expect("the report that is shipped can be read")
}

/// Judges a command and folds what comes of it, as the dispatcher does.
pub fn act(snapshot: &mut Snapshot, command: &Command) -> Result<Vec<Event>, Rejection> {
    let context = context(snapshot.position());
    let events = domain::decide(&snapshot.scheme, &snapshot.particulars, command, &context)?;
    for event in &events {
        let recorded = recorded(snapshot.position() + 1, today(), event.clone());
        let folded = snapshot.fold(&recorded);
        folded.expect("what the rules decide can be folded");
    }
    Ok(events)
}

/// What stands around a command after `position`.
pub fn context(position: u64) -> Context {
    Context {
        scheme: Arc::from(SCHEME),
        now: NOW,
        today: today(),
        happened_on: today(),
        actor: actor(),
        command_id: Uuid::from_u128(u128::from(position) + 1_000),
        reported_by: None,
        channel: None,
    }
}

/// An event with its place.
pub fn recorded(position: u64, happened_on: Date, event: Event) -> Recorded {
    Recorded {
        position,
        id: Uuid::from_u128(u128::from(position)),
        recorded_at: NOW,
        happened_on,
        actor: actor(),
        reported_by: None,
        channel: None,
        command_id: None,
        event,
    }
}

/// Whoever acts here.
pub fn actor() -> Actor {
    Actor {
        id: Uuid::from_u128(9),
        role: Arc::from("administrator"),
    }
}

/// Panics when `said` tells of a person.
pub fn says_nobodys_name(said: &str) {
    for canary in CANARIES {
        assert!(!said.contains(canary), "a refusal says {canary}: {said}");
    }
}

//! The coordinator's office in the tests of this room: a scheme told by commands, as the writer would.
//!
//! What else an office does in one feature's tests stands with them.

use crate::Snapshot;
use domain::{
    Actor, Channel, Command, Context, Recorded,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    identifiers::derive,
    shipped,
};
use jiff::civil::{Date, date};
use uuid::Uuid;

/// Everything the coordinator has told so far, the day it is, and how they hear of things.
pub struct Office {
    pub snapshot: Snapshot,
    pub today: Date,
    pub channel: Channel,
    commands: u128,
}

impl Office {
    /// A scheme that is ready on Monday 2 March 2026.
    pub fn open() -> Self {
        let mut office = Self {
            snapshot: Snapshot::default(),
            today: date(2026, 3, 2),
            channel: Channel::Telephone,
            commands: 0,
        };
        office.tell(OpenScheme {
            name: "Mentor Plus".to_owned(),
            kind: SchemeKind::Mentoring,
        });
        office.tell(AdoptPolicy {
            policy: shipped::policy("mentor-plus-2017").expect("shipped"),
            effective_from: None,
        });
        office.tell(AdoptRegister {
            register: shipped::register(),
        });
        office.tell(AdoptCalendar {
            calendar: shipped::calendar(),
        });
        office
    }

    /// A command that must be accepted.
    #[track_caller]
    pub fn tell(&mut self, command: impl Into<Command>) {
        self.commands += 1;
        let context = Context {
            scheme: "test".into(),
            now: "2026-03-02T12:00:00Z".parse().expect("an instant"),
            today: self.today,
            happened_on: self.today,
            actor: Actor {
                id: Uuid::nil(),
                role: "coordinator".into(),
            },
            command_id: Uuid::from_u128(self.commands),
            reported_by: None,
            channel: Some(self.channel),
        };
        let (scheme, known) = (&self.snapshot.scheme, &self.snapshot.particulars);
        let events = domain::decide(scheme, known, &command.into(), &context).expect("accepted");
        for event in events {
            let position = self.snapshot.position() + 1;
            let recorded = Recorded::of(event, position, Uuid::nil(), &context);
            self.snapshot.fold(&recorded).expect("it folds");
        }
    }

    /// The identifier that the last command gave to what it called `label`.
    pub fn made<T: From<Uuid>>(&self, label: &str) -> T {
        derive("test", Uuid::from_u128(self.commands), label).into()
    }
}

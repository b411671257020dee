//! Given, when, then: the harness in which the rules are told.
//!
//! A history is made of commands that must be accepted, so that a test cannot begin from something that
//! could not have happened. Who appears in the tests stands in [`people`].

mod another_scheme;
mod people;
mod properties;
#[cfg_attr(
    not(feature = "testing"),
    expect(dead_code, reason = "the tests of other rooms vary what they tell")
)]
pub mod varied;

#[cfg(feature = "testing")]
pub use properties::random_histories;

pub(crate) use people::*;

use crate::{
    Actor, Channel, Command, Context, Event, Particulars, Party, Recorded, Rejection, ReportedBy,
    Scheme, adoption,
    calendar::Calendar,
    decide, due,
    erasure::ErasureCompleted,
    evolve,
    identifiers::{self, PersonId},
    policy::Policy,
    shipped,
};
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use uuid::Uuid;

pub(crate) fn policy() -> Policy {
    shipped::policy("mentor-plus-2017").expect("shipped")
}

pub(crate) fn calendar() -> Calendar {
    shipped::calendar()
}

/// A scheme with a history, and the day it is.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) scheme: Scheme,
    pub(crate) particulars: Particulars,
    pub(crate) history: Vec<Recorded>,
    pub(crate) today: Date,
    commands: u128,
    channel: Option<Channel>,
    happened_on: Option<Date>,
    role: &'static str,
    actor: Uuid,
    on_the_word_of: Option<Party>,
}

/// A scheme that is open and ready on Monday 2 March 2026.
pub(crate) fn ready() -> World {
    ready_under(policy())
}

/// The same under another policy.
pub(crate) fn ready_under(policy: Policy) -> World {
    nothing_yet()
        .given(open_scheme())
        .given(adoption::AdoptPolicy {
            policy,
            effective_from: None,
        })
        .given(adoption::AdoptRegister {
            register: shipped::register(),
        })
        .given(adoption::AdoptCalendar {
            calendar: calendar(),
        })
}

/// A log in which nothing has happened.
pub(crate) fn nothing_yet() -> World {
    World {
        scheme: Scheme::default(),
        particulars: Particulars::default(),
        history: Vec::new(),
        today: date(2026, 3, 2),
        commands: 0,
        channel: None,
        happened_on: None,
        role: COORDINATOR,
        actor: Uuid::nil(),
        on_the_word_of: None,
    }
}

/// Who gives the commands, unless it is said.
const COORDINATOR: &str = "coordinator";

/// What came of a command.
pub(crate) struct Answer {
    pub(crate) world: World,
    pub(crate) outcome: Result<Vec<Event>, Rejection>,
}

impl World {
    /// A day, for what follows.
    pub(crate) fn on(mut self, today: Date) -> Self {
        self.today = today;
        self.fall_due();
        self
    }

    /// The day on which the next command's matter happened.
    pub(crate) fn happened(mut self, on: Date) -> Self {
        self.happened_on = Some(on);
        self
    }

    /// The channel by which the next command's matter was heard.
    pub(crate) fn heard(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// The role in which the next command is given.
    pub(crate) fn acting_as(mut self, role: &'static str) -> Self {
        self.role = role;
        self
    }

    /// That the next command is given by somebody else than the ones before.
    pub(crate) fn by_another(mut self) -> Self {
        self.actor = Uuid::from_u128(2);
        self
    }

    /// On whose word the next command is given.
    pub(crate) fn on_the_word_of(mut self, party: Party) -> Self {
        self.on_the_word_of = Some(party);
        self
    }

    /// A command that must be accepted.
    #[track_caller]
    pub(crate) fn given(self, command: impl Into<Command>) -> Self {
        let answer = self.when(command);
        if let Err(rejection) = &answer.outcome {
            panic!("the history is not possible: {rejection}");
        }
        answer.world
    }

    /// A command to be judged.
    #[track_caller]
    pub(crate) fn when(mut self, command: impl Into<Command>) -> Answer {
        self.commands += 1;
        let context = self.context(self.commands);
        let outcome = decide(&self.scheme, &self.particulars, &command.into(), &context);
        for event in outcome.iter().flatten() {
            let position = self.scheme.position + 1;
            let id = Uuid::from_u128(u128::from(position));
            self.fold(Recorded::of(event.clone(), position, id, &context));
        }
        self.complete_erasures(&context);
        (self.channel, self.happened_on) = (None, None);
        (self.role, self.on_the_word_of) = (COORDINATOR, None);
        self.actor = Uuid::nil();
        Answer {
            world: self,
            outcome,
        }
    }

    /// The same, to try something in: without what happened before, which is long to copy and which no rule reads.
    pub(crate) fn aside(&self) -> Self {
        Self {
            scheme: self.scheme.clone(),
            particulars: self.particulars.clone(),
            history: Vec::new(),
            ..*self
        }
    }

    /// The identifier that the last command gave to what it called `label`.
    pub(crate) fn made<T: From<Uuid>>(&self, label: &str) -> T {
        identifiers::derive("test", Uuid::from_u128(self.commands), label).into()
    }

    /// The person the last command made.
    pub(crate) fn person(&self) -> PersonId {
        self.made("person")
    }

    /// The one event that happened last.
    pub(crate) fn last(&self) -> &Event {
        &self.history.last().expect("something happened").event
    }

    /// How often an event of this type happened.
    pub(crate) fn count(&self, kind: &str) -> usize {
        let of_kind = self
            .history
            .iter()
            .filter(|recorded| recorded.event.kind() == kind);
        of_kind.count()
    }

    fn now(&self) -> Timestamp {
        self.today
            .at(12, 0, 0, 0)
            .in_tz("Europe/London")
            .expect("a day at noon")
            .timestamp()
    }

    fn context(&self, command: u128) -> Context {
        Context {
            scheme: "test".into(),
            now: self.now(),
            today: self.today,
            happened_on: self.happened_on.unwrap_or(self.today),
            actor: Actor {
                id: self.actor,
                role: self.role.into(),
            },
            command_id: Uuid::from_u128(command),
            reported_by: self.reported_by(),
            channel: self.channel,
        }
    }

    fn reported_by(&self) -> Option<ReportedBy> {
        let party = self.on_the_word_of?;
        Some(ReportedBy {
            party,
            person: None,
        })
    }

    fn fall_due(&mut self) {
        for due in due(&self.scheme, self.now()) {
            let position = self.scheme.position + 1;
            let id = Uuid::from_u128(u128::from(position));
            let recorded = Recorded {
                happened_on: due.on,
                command_id: None,
                ..Recorded::of(due.event, position, id, &self.context(0))
            };
            self.fold(recorded);
        }
    }

    /// What the writer records once the keys are destroyed.
    fn complete_erasures(&mut self, context: &Context) {
        let pending = self.scheme.erasures.pending().into_iter();
        let completed: Vec<ErasureCompleted> = pending
            .map(|erasure| ErasureCompleted {
                person: erasure.person,
                people: erasure.people.clone(),
                keys: 1,
            })
            .collect();
        for completed in completed {
            let position = self.scheme.position + 1;
            let event = Event::ErasureCompleted(completed);
            let id = Uuid::from_u128(u128::from(position));
            self.fold(Recorded::of(event, position, id, context));
        }
    }

    fn fold(&mut self, recorded: Recorded) {
        evolve(&mut self.scheme, &recorded).expect("what was decided can be folded");
        self.particulars.learn(&recorded);
        self.history.push(recorded);
    }
}

impl Answer {
    /// The types of what happened, in order.
    #[track_caller]
    pub(crate) fn then(self, kinds: &[&str]) -> World {
        let events = self.outcome.expect("it was accepted");
        let happened: Vec<&str> = events.iter().map(Event::kind).collect();
        assert_eq!(happened, kinds);
        self.world
    }

    #[track_caller]
    pub(crate) fn then_rejected(self, rejection: Rejection) -> World {
        assert_eq!(self.outcome, Err(rejection));
        self.world
    }

    #[track_caller]
    pub(crate) fn then_nothing_happens(self) -> World {
        assert_eq!(self.outcome, Ok(vec![]));
        self.world
    }
}

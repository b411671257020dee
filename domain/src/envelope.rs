//! What stands around an event or a command: who, when, on whose word.

use crate::{Event, identifiers};
use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// How many bytes the JSON of a sealed value has at least under a bare envelope, and at most: near to the size class
/// that seals take it for, so that all look alike.
pub const BARE_VALUE_BYTES: usize = 1_000;

/// The role that stands in a bare envelope, in the place of the actor's own.
pub const UNDISCLOSED: &str = "undisclosed";

/// Who recorded something: an internal identifier and the role it acted in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// Opaque; never the text of a token, never an employer's code.
    pub id: Uuid,
    /// The role, as the access matrix names it.
    pub role: Arc<str>,
}

impl Actor {
    /// The side it speaks for; of whoever has no side, the body that runs the scheme.
    #[must_use]
    pub fn party(&self) -> Party {
        match &*self.role {
            "mentee" => Party::Mentee,
            "mentor" => Party::Mentor,
            "employer" => Party::Employer,
            _ => Party::Operator,
        }
    }
}

/// A side that may have said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// Somebody who is mentored, or may be.
    Mentee,
    /// Somebody who mentors, or may.
    Mentor,
    /// Somebody's employer.
    Employer,
    /// The body that runs the scheme.
    Operator,
    /// A newspaper, a website, an announcement.
    Press,
    /// Anybody else.
    Other,
}

/// On whose word something was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ReportedBy {
    /// Which side said so.
    pub party: Party,
    /// Which person, where the scheme knows them.
    pub person: Option<identifiers::PersonId>,
}

/// How something was heard (R065).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By telephone.
    Telephone,
    /// By electronic mail.
    Email,
    /// By letter.
    Letter,
    /// Face to face.
    InPerson,
    /// In a video call.
    Video,
    /// Pushed by another system.
    System,
}

/// What comes with a command and is not the command: when, by whom, in which scheme.
#[derive(Debug, Clone)]
pub struct Context {
    /// The scheme the command is for.
    pub scheme: Arc<str>,
    /// The writer's instant for this command.
    pub now: Timestamp,
    /// The day of `now` in the scheme's time zone.
    pub today: Date,
    /// When it happened in the world, as claimed.
    pub happened_on: Date,
    /// Who asks.
    pub actor: Actor,
    /// The command's own identifier; what it makes is named from it.
    pub command_id: Uuid,
    /// On whose word.
    pub reported_by: Option<ReportedBy>,
    /// How it was heard.
    pub channel: Option<Channel>,
}

impl Context {
    /// The identifier of the thing called `label` that this command makes.
    #[must_use]
    pub fn name<T: From<Uuid>>(&self, label: &str) -> T {
        identifiers::derive(&self.scheme, self.command_id, label).into()
    }
}

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Gapless, from 1.
    pub position: u64,
    /// The event's own identifier.
    pub id: Uuid,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// When it happened in the world, as claimed.
    pub happened_on: Date,
    /// Who recorded it.
    pub actor: Actor,
    /// On whose word.
    pub reported_by: Option<ReportedBy>,
    /// How it was heard.
    pub channel: Option<Channel>,
    /// The command that asked for it; absent for what fell due by itself.
    pub command_id: Option<Uuid>,
    /// What happened.
    pub event: Event,
}

impl Recorded {
    /// What a command led to, as it is recorded: with all that came with the command, or in a bare envelope.
    #[must_use]
    pub fn of(event: Event, position: u64, id: Uuid, context: &Context) -> Self {
        let whole = Self {
            position,
            id,
            recorded_at: context.now,
            happened_on: context.happened_on,
            actor: context.actor.clone(),
            reported_by: context.reported_by.clone(),
            channel: context.channel,
            command_id: Some(context.command_id),
            event,
        };
        if !whole.event.is_bare() {
            return whole;
        }
        Self {
            happened_on: context.today,
            actor: Actor {
                id: whole.actor.id,
                role: UNDISCLOSED.into(),
            },
            reported_by: None,
            channel: None,
            ..whole
        }
    }

    /// Which side said so: the one on whose word it was recorded, else the one that recorded it.
    #[must_use]
    pub fn told_by(&self) -> Party {
        let reported = self.reported_by.as_ref().map(|reported| reported.party);
        reported.unwrap_or_else(|| self.actor.party())
    }
}

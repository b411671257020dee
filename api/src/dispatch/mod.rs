//! The one door through which every command and every read goes.
//!
//! [`Platform`] holds the schemes of a data directory. Each open scheme has one writer, a thread of its
//! own (`writer`); what it has published is read without asking it. This is the only place where the
//! rules ([`domain`]) and the log ([`event_log`]) meet, in [`codec`].

mod answers;
mod beginning;
#[cfg(test)]
mod beginning_tests;
mod clock;
pub mod codec;
mod forgetting;
mod judge;
mod keeper;
pub mod kept_checkpoint;
mod memory;
pub mod moments;
mod outcomes;
mod platform;
pub mod reads;
pub mod rendered;
mod roots;
mod scheme;
pub mod snapshots;
#[cfg(test)]
mod tests;
pub mod tokens;
mod writer;

pub use clock::Clock;
pub(crate) use judge::day;
pub use judge::event_id;
pub use memory::Budget;
pub use platform::{MasterKeys, NotProved, Options, Platform, StartError, System, first_over};

use domain::{Actor, Channel, Command, Recorded, ReportedBy, policy::Rule};
use jiff::civil::Date;
use projections::Snapshot;
use std::sync::Arc;
use thiserror::Error;
use uuid::Uuid;

/// A command with what comes beside it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The command's own identifier: a repetition answers with the first outcome.
    pub command_id: Uuid,
    /// What is asked.
    pub command: Command,
    /// Who asks.
    pub actor: Actor,
    /// When it happened in the world; today when absent.
    pub happened_on: Option<Date>,
    /// On whose word.
    pub reported_by: Option<ReportedBy>,
    /// How it was heard.
    pub channel: Option<Channel>,
    /// Judge only: nothing is recorded, and no outcome is kept.
    pub validate_only: bool,
    /// What it belongs to, for tracing.
    pub correlation_id: Option<Uuid>,
    /// The W3C trace context it came in.
    pub traceparent: Option<String>,
}

/// What came of a command.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The rules said yes, and it is durable.
    Accepted(Accepted),
    /// The rules said no.
    Rejected(Refusal),
}

/// A command that was accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// What happened; empty when it already was so. For `validate_only`, empty too.
    pub events: Vec<Recorded>,
    /// A state that holds it.
    pub snapshot: Arc<Snapshot>,
}

/// A command to which the rules said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A name for machines.
    pub code: String,
    /// A sentence that is safe to show.
    pub message: String,
    /// The input field it is about.
    pub field: Option<String>,
    /// The rule it rests on.
    pub rule: Option<Rule>,
    /// The position of the state it was judged against.
    pub position: u64,
}

/// Why a command or a read came to nothing: ours to mend, not the rules'.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// No such scheme.
    #[error("no scheme {0:?} is known here")]
    UnknownScheme(String),
    /// The version asked for was not reached in time, or never existed.
    #[error("this scheme has not reached the version asked for")]
    VersionNotReached,
    /// The moment asked for lies ahead.
    #[error(
        "this scheme has not reached the moment asked for; ask as of a position of its history, or of an instant that has passed"
    )]
    MomentNotReached,
    /// Nothing was recorded by the moment asked for.
    #[error(
        "nothing of this scheme was recorded by the moment asked for; positions begin at 1, instants with its first entry"
    )]
    MomentBeforeHistory,
    /// The figures of the period asked for were never published.
    #[error(
        "the figures of this period were not published; `publishedPeriods` of the scheme lists those that were, and a \
         coordinator publishes one that is over with `publishPeriod`"
    )]
    PeriodNotPublished,
    /// The version token or cursor is not one of this scheme's.
    #[error("this is not a token this service gave out for this scheme")]
    ForeignToken,
    /// The disk refused, so the scheme takes no more commands until it is restarted. Reads go on.
    #[error("this scheme is read-only until the service is restarted; nothing was recorded")]
    ReadOnly,
    /// The disk did not say whether it was written.
    #[error("the outcome is unknown; retry with the same commandId once the service was restarted")]
    OutcomeUnknown,
    /// The log is damaged or cannot be understood from this position on.
    #[error("this scheme is halted at position {position}")]
    Halted {
        /// Where.
        position: u64,
    },
    /// The clock jumped, so the scheme takes no commands until it is restarted.
    #[error(
        "the clock of this machine jumped; this scheme takes no commands until the service is restarted"
    )]
    ClockJumped,
    /// A record is larger than the log takes.
    #[error("the record would be larger than the log takes; nothing was recorded")]
    TooLarge,
    /// Too many commands wait.
    #[error("too many commands wait; try again shortly")]
    Overloaded,
    /// The answer gives sensitive data, and it could not be written down who read it.
    #[error(
        "what was asked for is shown only once it is written down who read it, which failed; a command sent with it \
         stands: repeat it with the same commandId"
    )]
    ReadNotRecorded,
    /// Something is wrong that only the operator can see, in the log of the service.
    #[error("something went wrong on our side; nothing is known to have been recorded")]
    Internal,
}

impl Failure {
    /// What is said to whoever may ask as of published periods alone, and asks as of another moment.
    pub const PUBLISHED_ALONE: &str = "Your role asks as of the end of a published period and of no other moment: give one of \
         `publishedPeriods` as the period in `asOf`.";
}

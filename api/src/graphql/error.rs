//! What a GraphQL error says when a question cannot be answered or a command could not be judged.
//!
//! A rule's "no" is not here: it is data, in the `rejection` of a payload. An error carries a name for
//! machines in `extensions.code` and a sentence for people; nothing of it comes from inside.

use crate::dispatch::Failure;
use async_graphql::{Error, ErrorExtensions as _, Result};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// A published name for one way of failing. Names never change; new ones may be added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every name, for documentation and tests.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The name as it stands in `extensions.code`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

codes! {
    /// No token came with the request.
    Unauthenticated = "unauthenticated";
    /// The role does not allow it, or the token does not reach that scheme.
    Forbidden = "forbidden";
    /// There is no such scheme.
    NotFound = "not_found";
    /// An id is not one of this scheme, or not of the type that is wanted.
    InvalidId = "invalid_id";
    /// A value of the input is missing or out of its range.
    InvalidInput = "invalid_input";
    /// The `commandId` came before, with another command or from somebody else.
    CommandIdReused = "command_id_reused";
    /// A cursor was not given out for this list.
    BadCursor = "bad_cursor";
    /// A version was not given out for this scheme.
    BadVersion = "bad_version";
    /// The scheme did not reach the version asked for in time.
    VersionNotReached = "version_not_reached";
    /// The moment asked for lies ahead of the scheme.
    MomentNotReached = "moment_not_reached";
    /// Nothing was recorded by the moment asked for.
    MomentBeforeHistory = "moment_before_history";
    /// The figures of the period asked for were never published.
    PeriodNotPublished = "period_not_published";
    /// The checkpoint is of another log.
    OtherLog = "other_log";
    /// No key of this log has signed the checkpoint as it stands.
    CheckpointNotSigned = "checkpoint_not_signed";
    /// The history of this log is not the one that the checkpoint was signed for.
    OtherHistory = "other_history";
    /// The scheme takes no commands until the service is restarted; nothing was recorded.
    ReadOnly = "read_only";
    /// Whether the command was recorded is unknown; repeat it with the same `commandId`.
    OutcomeUnknown = "outcome_unknown";
    /// The history of the scheme is damaged.
    Halted = "halted";
    /// The clock of the machine jumped, so the scheme takes no commands.
    ClockJumped = "clock_jumped";
    /// What was to be recorded is larger than the history takes.
    TooLarge = "too_large";
    /// Too many commands wait; try again shortly.
    Overloaded = "overloaded";
    /// The answer gives sensitive data, and it could not be written down who read it.
    ReadNotRecorded = "read_not_recorded";
    /// Something is wrong on our side.
    Internal = "internal";
}

/// An error with its name.
pub fn error(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.name()))
}

/// An error about one field of the input.
pub fn field_error(code: Code, field: &str, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| {
        extensions.set("code", code.name());
        extensions.set("field", field);
    })
}

/// The role does not allow it. The sentence is the same whether or not the thing exists.
pub fn forbidden() -> Error {
    error(Code::Forbidden, "Your token does not allow this.")
}

/// Our own failure, reduced to what the asker may know.
pub fn failure(failure: &Failure) -> Error {
    let code = match failure {
        Failure::UnknownScheme(_) => Code::NotFound,
        Failure::VersionNotReached => Code::VersionNotReached,
        Failure::MomentNotReached => Code::MomentNotReached,
        Failure::MomentBeforeHistory => Code::MomentBeforeHistory,
        Failure::PeriodNotPublished => Code::PeriodNotPublished,
        Failure::ForeignToken => Code::BadVersion,
        Failure::ReadOnly => Code::ReadOnly,
        Failure::OutcomeUnknown => Code::OutcomeUnknown,
        // A position may be shown to few, so the sentence of the failure is not repeated.
        Failure::Halted { .. } => {
            return error(
                Code::Halted,
                "The history of this scheme is damaged, so it is halted.",
            );
        }
        Failure::ClockJumped => Code::ClockJumped,
        Failure::TooLarge => Code::TooLarge,
        Failure::Overloaded => Code::Overloaded,
        Failure::ReadNotRecorded => Code::ReadNotRecorded,
        Failure::Internal => Code::Internal,
    };
    error(code, failure.to_string())
}

/// The answer of a field that may be refused.
///
/// The library leaves a field out of the answer when its resolver fails, and puts a null there, as the specification
/// asks, only where the failure is inside an `Option`. So no resolver returns a `Result`: those that may fail return
/// this, and are nullable.
pub fn answer<T>(find: impl FnOnce() -> Result<Option<T>>) -> Option<Result<T>> {
    find().transpose()
}

//! The rules of a mentoring scheme, and nothing else.
//!
//! A scheme is a log of [`Event`]s. [`decide`] judges one [`Command`] against the [`Scheme`] folded from
//! that log and against the [`Particulars`] opened from it; [`evolve`] folds what happened; [`due`] says
//! what time itself has brought about. What a particular scheme promises (how many sessions, who may
//! take part, how long an answer may take) is data in a [`policy::Policy`], never code.
//!
//! Every function here is pure: same history and same command, same answer. There is deliberately no
//! clock, no random number, no storage and no `async` in this crate; callers bring the time and the
//! identifiers with the command.

pub mod access;
pub mod adoption;
pub mod appointment;
pub mod arrangement;
pub mod brought_forward;
pub mod calendar;
pub mod closing;
pub mod command;
pub mod confidence;
pub mod consent;
pub mod correction;
mod decide;
pub mod development;
mod due;
pub mod entitlement;
pub mod envelope;
pub mod erasure;
pub mod evaluation;
pub mod event;
pub mod identifiers;
pub mod induction_day;
mod limits;
pub mod matching;
pub mod mentor;
pub mod mentoring;
pub mod needs;
pub mod oversight;
pub mod own_notes;
pub mod pairing;
pub mod particulars;
pub mod period;
pub mod policy;
pub mod posts;
pub mod recruitment;
pub mod register;
pub mod rejection;
pub mod scheme;
pub mod sealed;
pub mod shipped;
#[cfg(test)]
mod spec;
#[cfg(all(not(test), feature = "testing"))]
#[expect(
    dead_code,
    unused_imports,
    clippy::assigning_clones,
    clippy::expect_used,
    reason = "these are tests, of which the tests of other rooms take what `testing` gives"
)]
mod spec;
/// What the tests of other rooms take from the tests of this one.
#[cfg(feature = "testing")]
pub mod testing {
    pub use crate::spec::{random_histories, varied};
}
pub mod work_list;

pub use command::{Command, CommandKind};
pub use decide::decide;
pub use due::{Due, due, next_due};
pub use envelope::{Actor, Channel, Context, Party, Recorded, ReportedBy};
pub use event::Event;
pub use particulars::Particulars;
pub use rejection::Rejection;
pub use scheme::{Scheme, Unfoldable, evolve};
pub use sealed::Sealed;

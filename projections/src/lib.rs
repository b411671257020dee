//! Answers to questions, folded from the events of one scheme.
//!
//! A [`Snapshot`] holds every answer at one version. It is immutable once published, cheap to clone, and
//! can be thrown away and folded again from the log at any time. Answers that depend on the present take
//! the day as an argument.
//!
//! There is deliberately no storage, no clock and no access rule in this crate: who may see an answer is
//! the business of the edge.

pub mod board;
pub mod choice;
pub mod difference;
mod digest;
pub mod entitlement;
pub mod groups;
mod kind;
mod ledger;
pub mod measures;
mod outcomes;
pub mod posts;
mod returns;
mod snapshot;
pub mod stage;
#[cfg(test)]
mod testing;
pub mod trail;
pub mod what_if;
pub mod work_list;

pub use ledger::{Entry, Explained, Ledger, Line};
pub use outcomes::Outcomes;
pub use returns::{Returns, returns};
pub use snapshot::Snapshot;

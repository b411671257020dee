//! What is the two's own even as a fact: a concern that a mentor refers, and third persons whom the two admit.
//!
//! ```text
//! concern        referred ─▶ acknowledged ─▶ closed
//! third person   agreed by each ─▶ accepts the same confidence ─▶ ended
//! consent        see [`crate::consent`]: no more anybody's business than these two
//! ```
//!
//! All of it is one type of event with one sealed value ([`ConfidentialRecorded`]): neither the type nor the envelope
//! nor the length says which act it was, so what is remembered stands in [`crate::Particulars`] and not in the scheme.
//! Nothing is recorded of a concern until the mentor refers it, and what departs from the order is judged and never
//! refused. There is deliberately no field for what it is about.

mod command;
mod decide;
mod departure;
mod event;
mod opened;
#[cfg(test)]
mod tests;

pub use command::{
    AcceptConfidence, AcknowledgeConcern, AgreeThirdPerson, CloseConcern, EndThirdPerson,
    ReferConcern,
};
pub(crate) use decide::{accept, acknowledge, agree, close, end, recorded, refer};
pub use departure::Departure;
pub use event::{
    Act, ConcernTest, Confidential, ConfidentialRecorded, Purpose, Referral, Statement,
    ThirdPersonAgreed,
};
pub(crate) use opened::folded;
pub use opened::{Agreement, Concern, Confidences, Step, ThirdPerson};

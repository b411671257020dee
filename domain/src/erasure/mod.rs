//! Forgetting a person: asked for by one, confirmed by another, deferred by a hold, decided once and for all.
//!
//! ```text
//! requested ──▶ confirmed by a second ──▶ decided ──▶ keys destroyed ──▶ completed
//!     └─ withdrawn    └─ waits while anything holds it: decided with the last hold that is lifted
//! ```
//!
//! What the person still stood in ends in the same group of events: their open matches, a live pairing of which they were
//! the only one on their side, their places in lines, the reports they still owed. What has happened stays as it is, under
//! an identifier that leads to nobody.
//!
//! What holds an erasure is sealed for the person, because an open concern is among it and nobody but the coordinator may
//! learn that there is one (R113). So it stands among the opened values and never in the scheme's state, every hold looks
//! like every other, and a confirmation can name holds itself: that an erasure waits tells only that something holds it.
//! A notice that changed hands stands under the keys of all whose it was when something was told of it. They are forgotten
//! together or not at all: each waits until the others are confirmed, and then all are decided in one group.
//!
//! Time decides nothing here.

mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;
mod together;

pub use command::{
    ConfirmErasure, LiftErasureHold, PlaceErasureHold, RequestErasure, WithdrawErasure,
};
pub use decide::holds_on;
pub(crate) use decide::{confirm, lift, nothing_of_erased, place, request, withdraw};
pub use event::{
    ErasureCompleted, ErasureConfirmed, ErasureDecided, ErasureGround, ErasureRequested,
    ErasureWithdrawn, Hold, HoldLifted, HoldPlaced, Holds,
};
pub use state::{Erasure, Erasures, Progress, Step};
pub use together::{identifiers, waits_for};

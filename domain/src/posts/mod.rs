//! The register of posts: who holds which, since when, and when that was last confirmed (R001).
//!
//! ```text
//!  confirmed ──▶ confirmed again ──▶ vacated
//! ```
//!
//! It is how a scheme knows whom it has not heard of: the posts there are stand in the register of employers, and a
//! post of which nobody has told is one to ask about. Council, post and person never stand together in clear, so
//! what is said of a post is sealed for its holder, and a vacancy for whoever held the post last.

mod command;
mod decide;
mod event;
mod holders;
mod state;
#[cfg(test)]
mod tests;

pub use command::{ConfirmPost, PostHolder};
pub(crate) use decide::{confirm, left_with};
pub use event::{PostConfirmed, PostFacts, PostVacated};
pub use holders::{Holder, PostKey, Told, holders};
pub use state::Holding;

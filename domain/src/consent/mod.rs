//! Consent: what somebody lets be done with what is theirs, purpose by purpose.
//!
//! ```text
//! given ─▶ in force ─▶ withdrawn: what existed only under it is destroyed
//! ```
//!
//! Given and withdrawn by the person, or recorded on their word, as confidential acts ([`crate::confidence`]). Where it is
//! not in force everything is as if it had never been asked for. What somebody says of their background, and hopes that a
//! mentor shares, exists under their consent alone, has a key of its own, and steers only what the mentee is shown.
//! There is deliberately no list of characteristics to choose from and none that must be named.

mod command;
mod decide;
mod event;
mod opened;
#[cfg(test)]
mod tests;

pub use command::{GiveConsent, StateCharacteristics, WithdrawConsent};
pub(crate) use decide::{give, state, withdraw};
pub use event::{
    Characteristics, CharacteristicsStated, ConsentGiven, ConsentPurpose, ConsentWithdrawn,
};
pub use opened::{Consent, Consents};

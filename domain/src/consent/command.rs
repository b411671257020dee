//! What can be asked about consent.

use super::{Characteristics, ConsentPurpose};
use crate::identifiers::PersonId;

/// Gives consent to one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveConsent {
    /// Whose consent.
    pub person: PersonId,
    /// To what.
    pub purpose: ConsentPurpose,
}

/// Withdraws consent to one purpose: from now on, and what existed only under it is destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawConsent {
    /// Whose consent.
    pub person: PersonId,
    /// To what.
    pub purpose: ConsentPurpose,
}

/// States what somebody says of their background and hopes that a mentor shares, in the place of what they stated before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCharacteristics {
    /// Who.
    pub person: PersonId,
    /// What.
    pub characteristics: Characteristics,
}

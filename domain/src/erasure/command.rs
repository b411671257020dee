//! What may be asked about forgetting a person.

use super::{ErasureGround, Hold};
use crate::identifiers::PersonId;

/// Asks that a person be forgotten. There is no field for a reason beside the ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestErasure {
    /// Who.
    pub person: PersonId,
    /// On which ground.
    pub ground: ErasureGround,
}

/// Confirms it, as somebody other than who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmErasure {
    /// Who is to be forgotten.
    pub person: PersonId,
    /// What is known to hold it. An open concern holds it by itself and need not be named.
    pub holds: Vec<Hold>,
}

/// Takes the request back, as long as it is not decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawErasure {
    /// Who was to be forgotten.
    pub person: PersonId,
}

/// Keeps a person from being forgotten, whether that was asked for or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceErasureHold {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub hold: Hold,
}

/// Lifts a hold. With the last one, an erasure that was confirmed is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiftErasureHold {
    /// Who.
    pub person: PersonId,
    /// Which.
    pub hold: Hold,
}

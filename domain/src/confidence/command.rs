//! What can be asked about concerns and third persons.

use super::{Purpose, Statement};
use crate::identifiers::{ConcernId, PairingId, PersonId, ThirdPersonId};

/// Refers a very serious concern to the coordinator (R117). It may be referred after the pairing is over, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferConcern {
    /// The pairing.
    pub pairing: PairingId,
    /// The mentor of it who refers.
    pub mentor: PersonId,
    /// The mentee of it whom it is about.
    pub mentee: PersonId,
    /// On what it rests and what came before it, as claimed.
    pub statement: Statement,
}

/// Acknowledges a concern: somebody has it in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcknowledgeConcern {
    /// The concern.
    pub concern: ConcernId,
}

/// Closes a concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseConcern {
    /// The concern.
    pub concern: ConcernId,
}

/// Agrees that a third person is brought in for one purpose. It is agreed when everybody of the pairing has said so,
/// each for themselves and each naming the same person for the same purpose (R114, R115).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreeThirdPerson {
    /// The pairing.
    pub pairing: PairingId,
    /// Who agrees.
    pub person: PersonId,
    /// Who is brought in. Small and capital letters and spaces make no difference.
    pub name: String,
    /// For what.
    pub purpose: Purpose,
}

/// Records that a third person accepted the same confidence (R116).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptConfidence {
    /// The third person.
    pub third_person: ThirdPersonId,
}

/// Ends it: the third person is brought in no more. Either of the two may do it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndThirdPerson {
    /// The third person.
    pub third_person: ThirdPersonId,
}

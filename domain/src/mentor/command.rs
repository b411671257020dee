//! What can be asked about a mentor.

use super::{Experience, PenPortrait, PersonDetails};
use crate::identifiers::{EmployerId, PersonId};

/// Invites somebody to mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteMentor {
    /// Somebody the scheme knows already; a new person when absent.
    pub person: Option<PersonId>,
    /// How they are called and reached.
    pub details: PersonDetails,
    /// The employer they work for, or last worked for.
    pub employer: Option<EmployerId>,
    /// What decides whether they may mentor.
    pub experience: Experience,
}

/// Registers an invited mentor with a pen portrait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterMentor {
    /// The mentor.
    pub mentor: PersonId,
    /// The pen portrait.
    pub portrait: PenPortrait,
}

/// Approves the pen portrait last registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovePenPortrait {
    /// The mentor.
    pub mentor: PersonId,
}

/// Records that a mentor took part in the induction seminar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordInduction {
    /// The mentor.
    pub mentor: PersonId,
}

/// States how many pairings a mentor takes at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCapacity {
    /// The mentor.
    pub mentor: PersonId,
    /// Live pairings at a time; 0 for none at present.
    pub capacity: u16,
}

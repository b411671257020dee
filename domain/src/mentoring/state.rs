//! What the scheme must remember of somebody who is, or may be, mentored.

use crate::identifiers::{AppointmentId, MatchId, PairingId, PersonId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How the scheme's offer to a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offer {
    /// It was not made.
    NotMade,
    /// It was made and is not answered.
    Open,
    /// They said no; it stays open.
    Declined,
    /// They said yes.
    Accepted,
}

impl Offer {
    /// Whether it was ever made.
    #[must_use]
    pub const fn was_made(self) -> bool {
        !matches!(self, Self::NotMade)
    }
}

/// Somebody who is mentored, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentee {
    /// The person.
    pub person: PersonId,
    /// Their appointments, in the order they became known.
    pub appointments: Vec<AppointmentId>,
    /// The day they were first reached.
    pub reached_on: Option<Date>,
    /// How the offer stands.
    pub offer: Offer,
    /// The agreed start of mentoring.
    pub starts_on: Option<Date>,
    /// Every match, in order.
    pub matches: Vec<MatchId>,
    /// Every pairing, in order.
    pub pairings: Vec<PairingId>,
}

impl Mentee {
    /// Somebody of whom nothing is known yet.
    #[must_use]
    pub const fn new(person: PersonId) -> Self {
        Self {
            person,
            appointments: Vec::new(),
            reached_on: None,
            offer: Offer::NotMade,
            starts_on: None,
            matches: Vec::new(),
            pairings: Vec::new(),
        }
    }
}

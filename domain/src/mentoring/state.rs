//! What the scheme must remember of somebody who is, or may be, mentored.

use super::{ContactOutcome, Element, Topic};
use crate::{
    Channel,
    identifiers::{AppointmentId, MatchId, PairingId, PersonId},
    induction_day::Place,
    matching::Conflict,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// An attempt to make contact (R065).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The entry of the history that told it.
    pub entry: Uuid,
    /// The day.
    pub on: Date,
    /// How it was made.
    pub channel: Option<Channel>,
    /// How it ended.
    pub outcome: ContactOutcome,
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
    /// Every attempt to make contact, in the order in which they were recorded.
    pub attempts: Vec<Attempt>,
    /// What was explained to them, in order, each time with the entry of the history that told it.
    pub explained: Vec<(Topic, Uuid)>,
    /// The parts of the support that were agreed.
    pub elements: Vec<Element>,
    /// Mentors they would like, first choice first.
    pub named: Vec<PersonId>,
    /// Matches in the order in which they would take them, first choice first.
    pub ranking: Vec<MatchId>,
    /// Mentors against whom something speaks.
    pub conflicts: Vec<(PersonId, Conflict)>,
    /// Since when they wait for somebody suitable.
    pub waiting_since: Option<Date>,
    /// How far they have come with the department's induction day.
    pub induction_day: Place,
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
            attempts: Vec::new(),
            explained: Vec::new(),
            elements: Vec::new(),
            named: Vec::new(),
            ranking: Vec::new(),
            conflicts: Vec::new(),
            waiting_since: None,
            induction_day: Place::NotRequested,
        }
    }

    /// What was explained to them, in the order in which it first was.
    #[must_use]
    pub fn topics_explained(&self) -> Vec<Topic> {
        let mut topics = Vec::new();
        for (topic, _) in &self.explained {
            if !topics.contains(topic) {
                topics.push(*topic);
            }
        }
        topics
    }

    /// What speaks against working with `mentor`, if anything does.
    #[must_use]
    pub fn conflict_with(&self, mentor: PersonId) -> Option<Conflict> {
        let found = self.conflicts.iter().find(|(with, _)| *with == mentor);
        found.map(|(_, conflict)| *conflict)
    }
}

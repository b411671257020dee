//! The facts that news of development leaves behind.

use crate::{
    event::Payload,
    identifiers::{OpportunityId, PersonId},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an opportunity is: the ways of meeting a need that somebody else can offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OpportunityKind {
    /// Something to read or to study.
    Reading,
    /// A briefing, a seminar or a conference.
    Briefing,
    /// A visit to another service.
    Visit,
    /// A short, intensive programme of skills.
    ShortProgramme,
    /// A longer programme of study or skills.
    LongProgramme,
    /// Something else.
    Other,
}

/// An opportunity for development was announced, or it was said anew what it is. It is printed matter and no personal
/// data, so it stands in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DevelopmentAnnounced {
    /// The opportunity.
    pub opportunity: OpportunityId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: OpportunityKind,
    /// When it is; absent where it is open at any time.
    pub on: Option<Date>,
    /// Where it is or where to find it, a place or a link.
    pub place: Option<String>,
}

/// To whom a piece of news was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Every mentor and mentee of the scheme.
    Everybody,
    /// Every mentor.
    Mentors,
    /// Every mentee.
    Mentees,
    /// The mentor of the mentee for whom it was picked.
    MentorOfMentee,
    /// The mentee for whom it was picked.
    Mentee,
}

/// News of an opportunity was sent. What was sent to many stands in several events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DevelopmentNewsSent {
    /// The opportunity.
    pub opportunity: OpportunityId,
    /// To whom it was addressed.
    pub audience: Audience,
    /// The mentee for whom it was picked; absent where it was sent to all.
    pub picked_for: Option<PersonId>,
    /// Everybody to whom it was sent.
    pub people: Vec<PersonId>,
}

impl Payload for DevelopmentAnnounced {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.opportunity.0]
    }
}

impl Payload for DevelopmentNewsSent {
    fn subjects(&self) -> Vec<Uuid> {
        let people = self.people.iter().chain(&self.picked_for);
        std::iter::once(self.opportunity.0)
            .chain(people.map(|person| person.0))
            .collect()
    }
}

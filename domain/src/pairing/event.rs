//! The facts a pairing leaves behind.

use crate::{
    event::Payload,
    identifiers::{MatchId, PairingId, PersonId},
    matching::Side,
    policy::Handbook,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a pairing broke down, as far as anybody says (R105).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BreakdownCause {
    /// It did not work between them.
    Incompatibility,
    /// Illness.
    Illness,
    /// The mentor left their post.
    MentorLeftPost,
    /// The mentee left their post.
    MenteeLeftPost,
    /// Something else.
    Other,
    /// Nobody said, and nobody need.
    NotStated,
}

/// What mentee and coordinator judged after a breakdown (R108).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Replacement {
    /// Another mentor is to be found; what is left of the entitlement carries over.
    Replace,
    /// Mentoring ends here.
    End,
}

/// A pairing was formed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingFormed {
    /// The pairing.
    pub pairing: PairingId,
    /// Those who mentor.
    pub mentors: Vec<PersonId>,
    /// Those who are mentored.
    pub mentees: Vec<PersonId>,
    /// The matches it came of.
    pub matches: Vec<MatchId>,
    /// The handbook both parties work by.
    pub handbook: Handbook,
    /// The pairing it takes the place of.
    pub replaces: Option<PairingId>,
}

/// A session was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionHeld {
    /// The pairing.
    pub pairing: PairingId,
    /// Which side's count it adds to.
    pub counted_by: Side,
    /// Whether it was cut short; it counts all the same.
    pub shortened: bool,
    /// Whether it lies beyond the core offer, in number or in time.
    pub outside_core_offer: bool,
}

/// One side said how many sessions there have been in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionsCounted {
    /// The pairing.
    pub pairing: PairingId,
    /// Which side counted.
    pub counted_by: Side,
    /// How many in all, with those brought forward.
    pub count: u16,
}

/// The mentor told that the sessions of the core offer have been held (R104).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingsReached {
    /// The pairing.
    pub pairing: PairingId,
    /// How many of them fall to this pairing; what an earlier pairing used is not counted again.
    pub count: u16,
}

/// A pairing broke down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingBroken {
    /// The pairing.
    pub pairing: PairingId,
    /// Why, as far as anybody says.
    pub cause: BreakdownCause,
}

/// After a breakdown it was judged whether a replacement is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplacementJudged {
    /// The pairing that broke down.
    pub pairing: PairingId,
    /// What was judged.
    pub judgement: Replacement,
    /// Whether the mentee took part in judging, as they should.
    pub with_mentee: bool,
}

/// A pairing came to its end as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingConcluded {
    /// The pairing.
    pub pairing: PairingId,
}

impl Payload for PairingFormed {
    fn subjects(&self) -> Vec<Uuid> {
        let people = self
            .mentees
            .iter()
            .chain(&self.mentors)
            .map(|person| person.0);
        let matches = self.matches.iter().map(|of| of.0);
        std::iter::once(self.pairing.0)
            .chain(people)
            .chain(matches)
            .chain(self.replaces.map(|before| before.0))
            .collect()
    }
}

macro_rules! concerns_the_pairing {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.pairing.0]
            }
        }
    )+};
}

concerns_the_pairing!(
    SessionHeld,
    SessionsCounted,
    MeetingsReached,
    PairingBroken,
    ReplacementJudged,
    PairingConcluded
);

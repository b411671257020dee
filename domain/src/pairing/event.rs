//! The facts a pairing leaves behind.

use crate::{
    Sealed,
    event::Payload,
    identifiers::{MatchId, PairingId, PersonId},
    matching::Side,
    policy::Handbook,
    sealed::Content,
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

/// Somebody who took part in judging whether a replacement is to be found (R108).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Judge {
    /// The mentee.
    Mentee,
    /// The coordinator, or who stands in for them.
    Coordinator,
    /// The mentor of the pairing that broke down.
    Mentor,
    /// Anybody else.
    Other,
}

/// What was left of one mentee's entitlement when a replacement was judged (R107).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Remaining {
    /// The mentee.
    pub mentee: PersonId,
    /// Sessions of the core offer.
    pub sessions: u16,
    /// Days of its months, from the breakdown on; absent while they have not begun.
    pub days: Option<u32>,
}

/// What became of a session that was to be held and was not. Nobody is asked why (Z13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotHeld {
    /// Somebody did not come.
    Missed,
    /// It was moved to another day.
    Moved,
    /// It was called off.
    Cancelled,
}

/// How a pair meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeetingFormat {
    /// Face to face.
    InPerson,
    /// By telephone.
    Telephone,
    /// In video calls.
    Video,
    /// Now one, now another.
    Mixed,
}

/// When and where a pair meets, in its own words: the pair's own (R093).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingPlaces {
    /// On which days and at what time.
    pub times: Option<String>,
    /// Where.
    pub places: Option<String>,
}

impl Content for MeetingPlaces {
    const VERSION: u16 = 1;
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

/// A session that was to be held was not. It spends nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionNotHeld {
    /// The pairing.
    pub pairing: PairingId,
    /// Which side's count it adds to.
    pub counted_by: Side,
    /// What became of it.
    pub outcome: NotHeld,
}

/// The pair agreed how often and how they meet (R093).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingsAgreed {
    /// The pairing.
    pub pairing: PairingId,
    /// Which of the pair told it.
    pub person: PersonId,
    /// Every how many weeks, where that was said.
    pub every_weeks: Option<u16>,
    /// How, where that was said.
    pub format: Option<MeetingFormat>,
    /// When and where, for the pair alone.
    pub places: Sealed<MeetingPlaces>,
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
    /// Everybody who took part in judging; mentee and coordinator together, as it should be.
    pub judged_by: Vec<Judge>,
    /// What was left of the entitlement, mentee by mentee; empty where it was recorded before this was noted.
    pub remaining: Vec<Remaining>,
}

/// The mentee asked for a pause; the months of the entitlement stand still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingPaused {
    /// The pairing.
    pub pairing: PairingId,
}

/// The pause is over; the months run on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingResumed {
    /// The pairing.
    pub pairing: PairingId,
}

/// The mentee withdrew. It is no breakdown: nobody is asked why, and no replacement is to be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingWithdrawn {
    /// The pairing.
    pub pairing: PairingId,
}

/// A pairing came to a good end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingConcluded {
    /// The pairing.
    pub pairing: PairingId,
    /// Whether sessions and months were left: it was concluded early, and not cancelled. Null where that is not known.
    pub early: Option<bool>,
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

impl Payload for MeetingsAgreed {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0, self.person.0]
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
    SessionNotHeld,
    SessionsCounted,
    MeetingsReached,
    PairingBroken,
    ReplacementJudged,
    PairingPaused,
    PairingResumed,
    PairingWithdrawn,
    PairingConcluded
);

//! The facts that offering mentors leaves behind.

use crate::{
    event::Payload,
    identifiers::{MatchId, PersonId},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A side of a match or a pairing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The mentee.
    Mentee,
    /// The mentor.
    Mentor,
}

/// A mentor was offered to a mentee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchOffered {
    /// The match.
    #[serde(rename = "match")]
    pub of: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
    /// The last day for an answer.
    pub answer_by: Date,
}

/// One side agreed to a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchAccepted {
    /// The match.
    #[serde(rename = "match")]
    pub of: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
    /// Which side agreed.
    pub side: Side,
}

/// One side declined a match. There is no field for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchDeclined {
    /// The match.
    #[serde(rename = "match")]
    pub of: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
    /// Which side declined.
    pub side: Side,
}

/// A match lapsed: the last day for an answer passed without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchLapsed {
    /// The match.
    #[serde(rename = "match")]
    pub of: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
}

/// A match was released because the mentee is in a pairing with somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchReleased {
    /// The match.
    #[serde(rename = "match")]
    pub of: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
}

/// A match was withdrawn: it was offered by mistake, or the mentor takes part no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchWithdrawn {
    /// The match.
    #[serde(rename = "match")]
    pub of: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
}

macro_rules! concerns_both_sides {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.of.0, self.mentee.0, self.mentor.0]
            }
        }
    )+};
}

concerns_both_sides!(
    MatchOffered,
    MatchAccepted,
    MatchDeclined,
    MatchLapsed,
    MatchReleased,
    MatchWithdrawn
);

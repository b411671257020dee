//! The facts that offering mentoring leaves behind.

use crate::{
    event::Payload,
    identifiers::PersonId,
    register::CouncilType,
    sealed::{Content, Sealed},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How an attempt to make contact ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContactOutcome {
    /// They spoke or wrote back.
    Reached,
    /// A message was left.
    MessageLeft,
    /// Nobody answered.
    NoAnswer,
}

/// What can be explained to somebody when they are reached (R066).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The support for leaders there is beside mentoring.
    WiderSupport,
    /// How mentoring works in this scheme.
    Mentoring,
}

/// Part of the support that a mentee may choose (R067).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// Sessions with a mentor.
    Sessions,
    /// An analysis of needs.
    NeedsAnalysis,
    /// The department's one-day induction, places permitting.
    DfeInductionDay,
    /// Information on further development.
    Development,
}

/// What a mentee hopes for in a mentor, and what mentors are told of them before they agree (R082 to R087, R092).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preferences {
    /// Regions they could travel to, most welcome first.
    pub regions: Vec<String>,
    /// Professional backgrounds.
    pub backgrounds: Vec<String>,
    /// Kinds of council.
    pub council_types: Vec<CouncilType>,
    /// Particular experience.
    pub experience: Vec<String>,
    /// Their own background, span of responsibility and special interests, in their words.
    pub summary: String,
}

impl Content for Preferences {
    const VERSION: u16 = 1;
}

/// Contact was attempted. The channel stands beside the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactMade {
    /// With whom.
    pub mentee: PersonId,
    /// How it ended.
    pub outcome: ContactOutcome,
}

/// The scheme offered mentoring to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentoringOffered {
    /// To whom.
    pub mentee: PersonId,
}

/// Somebody accepted mentoring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentoringAccepted {
    /// Who.
    pub mentee: PersonId,
    /// The parts of the support they chose; empty when that was not discussed.
    pub elements: Vec<Element>,
}

/// Somebody declined mentoring. The offer stays open, and no reason is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentoringDeclined {
    /// Who.
    pub mentee: PersonId,
}

/// The day on which mentoring begins was agreed; it may lie before the post begins (R025).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartAgreed {
    /// With whom.
    pub mentee: PersonId,
    /// The day.
    pub starts_on: Date,
}

/// A mentee's preferences were recorded, in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreferencesRecorded {
    /// Whose.
    pub mentee: PersonId,
    /// The preferences.
    pub preferences: Sealed<Preferences>,
}

/// It was explained what there is to be had (R066).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SupportExplained {
    /// To whom.
    pub mentee: PersonId,
    /// What was explained.
    pub topics: Vec<Topic>,
}

/// It was agreed which parts of the support suit a mentee, in place of what was agreed before (R067).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SupportAgreed {
    /// With whom.
    pub mentee: PersonId,
    /// The parts of the support.
    pub elements: Vec<Element>,
}

macro_rules! concerns_the_mentee {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.mentee.0]
            }
        }
    )+};
}

concerns_the_mentee!(
    ContactMade,
    MentoringOffered,
    MentoringAccepted,
    MentoringDeclined,
    StartAgreed,
    PreferencesRecorded,
    SupportExplained,
    SupportAgreed
);

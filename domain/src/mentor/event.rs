//! The facts that recruiting a mentor leaves behind, and the personal values they seal.

use crate::{
    event::Payload,
    identifiers::{EmployerId, PersonId},
    register::{CouncilType, EmployerKind},
    sealed::{Content, Sealed},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How somebody is called and reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonDetails {
    /// The name they go by.
    pub name: Option<String>,
    /// Their electronic mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub telephone: Option<String>,
}

/// Whether a mentor is in post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MentorStatus {
    /// In a post of the scheme's kind.
    Serving,
    /// Retired from such a post.
    Retired,
}

/// What somebody brings as a mentor, as far as it decides whether they may be one (R028, R029).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Experience {
    /// In post, or retired from it.
    pub status: MentorStatus,
    /// When they retired.
    pub retired_on: Option<Date>,
    /// Full years in a post of the scheme's kind.
    pub years_in_post: Option<u16>,
}

/// Who a mentor is and where they work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorProfile {
    /// How they are called and reached.
    pub details: PersonDetails,
    /// The employer they work for, or last worked for.
    pub employer: Option<EmployerId>,
    /// What decides whether they may mentor.
    pub experience: Experience,
}

impl Content for MentorProfile {
    const VERSION: u16 = 1;
}

/// What a mentee sees of a mentor before choosing (R032 to R038). Written by the mentor, in the mentor's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenPortrait {
    /// Professional background.
    pub background: String,
    /// Areas of expertise.
    pub expertise: Vec<String>,
    /// Special interests.
    pub special_interests: Vec<String>,
    /// Kinds of council the mentor has worked in.
    pub council_types: Vec<CouncilType>,
    /// Challenges met and things achieved.
    pub challenges: String,
    /// What the mentor is responsible for today.
    pub span_of_responsibility: String,
}

impl PenPortrait {
    /// What an informed choice still needs (R037).
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.background.trim().is_empty() {
            missing.push("background");
        }
        if self.expertise.is_empty() {
            missing.push("expertise");
        }
        if self.council_types.is_empty() {
            missing.push("councilTypes");
        }
        missing
    }
}

impl Content for PenPortrait {
    const VERSION: u16 = 1;
}

/// Whether somebody may mentor, by the policy in force when it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// They may.
    Eligible,
    /// The policy asks for more; flagged, not barred.
    NotEligible,
    /// A fact is not known yet.
    ToBeConfirmed,
}

/// Somebody was invited to mentor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorInvited {
    /// The mentor.
    pub mentor: PersonId,
    /// The region they work in, for figures; absent where fewer than five employers of its kind share it.
    pub region: Option<String>,
    /// The kind of their employer, for figures.
    pub employer_kind: Option<EmployerKind>,
    /// Whether they may mentor, as judged.
    pub standing: Standing,
    /// The version of the policy by which it was judged.
    pub policy: String,
    /// Who they are.
    pub profile: Sealed<MentorProfile>,
}

/// A mentor registered, or registered again with another pen portrait, which must be approved anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorRegistered {
    /// The mentor.
    pub mentor: PersonId,
    /// Whether it holds enough for an informed choice.
    pub complete: bool,
    /// The pen portrait.
    pub portrait: Sealed<PenPortrait>,
}

/// A mentor approved the pen portrait last registered: mentees may be shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenPortraitApproved {
    /// The mentor.
    pub mentor: PersonId,
}

/// A mentor took part in the scheme's induction seminar (R039).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorInducted {
    /// The mentor.
    pub mentor: PersonId,
}

/// A mentor said how many pairings they take at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapacityStated {
    /// The mentor.
    pub mentor: PersonId,
    /// Live pairings at a time; 0 for none at present.
    pub capacity: u16,
}

macro_rules! concerns_the_mentor {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.mentor.0]
            }
        }
    )+};
}

concerns_the_mentor!(
    MentorInvited,
    MentorRegistered,
    PenPortraitApproved,
    MentorInducted,
    CapacityStated
);

//! What consent leaves behind, inside the one event of everything confidential.

use crate::{confidence::folded, identifiers::ConsentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What consent can be given to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentPurpose {
    /// That the employer that told of their present post sees whether and how they took the offer up (Z08).
    TakeUpToEmployer,
    /// That the scheme writes to them or rings after mentoring has ended.
    ContactAfterEnd,
    /// That words of their reports are used in what the scheme says about itself.
    EvaluationWords,
    /// That what they say of their background is kept, so that mentees find who shares it (R292).
    Characteristics,
}

/// What somebody says of their background, in their own words. Several count together, and none must be named (R294).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Characteristics {
    /// What they say of themselves.
    pub of_myself: Vec<String>,
    /// What they hope that a mentor shares.
    pub hoped_for: Vec<String>,
}

impl Characteristics {
    /// What of the hopes the other says of themselves; capitals and spaces make no difference.
    #[must_use]
    pub fn met_by(&self, other: &Self) -> Vec<&str> {
        let theirs: Vec<String> = other.of_myself.iter().map(|said| folded(said)).collect();
        let hopes = self.hoped_for.iter().map(String::as_str);
        hopes
            .filter(|hope| theirs.contains(&folded(hope)))
            .collect()
    }
}

/// That somebody gave consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentGiven {
    /// The consent.
    pub consent: ConsentId,
    /// To what.
    pub purpose: ConsentPurpose,
}

/// That somebody withdrew consent. What existed only under it is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentWithdrawn {
    /// The consent that was given.
    pub consent: ConsentId,
    /// To what.
    pub purpose: ConsentPurpose,
}

/// What somebody stated of their background, under the key of the consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CharacteristicsStated {
    /// The consent under which it exists.
    pub consent: ConsentId,
    /// What they stated.
    pub characteristics: Characteristics,
}

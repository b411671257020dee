//! The facts that an analysis or a profile of needs leaves behind.
//!
//! That an analysis was begun, revised, shared and destroyed stands in clear; which of its tables were filled in, with
//! whom and what they say is sealed.

use super::Tables;
use crate::{
    event::Payload,
    identifiers::{NeedsAnalysisId, NeedsProfileId, PairingId, PersonId},
    sealed::{Content, Sealed},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// With whom a table was worked on (R145).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// By the mentee alone.
    Alone,
    /// Together with the mentor.
    WithMentor,
}

/// What those with whom an analysis is shared may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Read it.
    Read,
    /// Read it, and revise it.
    Write,
}

/// A table as it stands after a revision. Each is recorded by itself, so that each may be long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// The table, in full; the others are absent, and stay as they were.
    pub tables: Tables,
    /// With whom it was worked on; absent where nobody said.
    pub setting: Option<Setting>,
}

impl Content for Revision {
    const VERSION: u16 = 1;
}

/// A mentee's needs, as the coordinator understood them in discussion (R079).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsProfile {
    /// The needs, one by one, most pressing first.
    pub needs: Vec<String>,
    /// Whatever else a mentor should be found by; empty when there is nothing.
    pub remarks: String,
}

impl Content for NeedsProfile {
    const VERSION: u16 = 1;
}

/// What a mentee says is not right in their profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProfileCorrection {
    /// Their words.
    pub words: String,
}

impl Content for ProfileCorrection {
    const VERSION: u16 = 1;
}

/// A mentee began an analysis of their needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsAnalysisBegun {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// Whose it is.
    pub mentee: PersonId,
}

/// A table of an analysis was filled in or revised. Its content is sealed under the key of the analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsAnalysisRevised {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// Whose it is.
    pub mentee: PersonId,
    /// The table as it stands now.
    pub revision: Sealed<Revision>,
}

/// A mentee let the mentors of their pairing see an analysis. It holds while the pairing is live and is not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsAnalysisShared {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// Whose it is.
    pub mentee: PersonId,
    /// The pairing with whose mentors it is shared.
    pub pairing: PairingId,
    /// What they may do.
    pub access: Access,
}

/// A mentee took back what they had shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsAnalysisUnshared {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// Whose it is.
    pub mentee: PersonId,
    /// The pairing with whose mentors it was shared.
    pub pairing: PairingId,
}

/// A mentee destroyed an analysis: its key goes with it, and nobody reads any version of it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsAnalysisDestroyed {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// Whose it was.
    pub mentee: PersonId,
}

/// The coordinator wrote a mentee's profile of needs, in discussion with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsProfileWritten {
    /// The profile.
    pub needs_profile: NeedsProfileId,
    /// Whose needs.
    pub mentee: PersonId,
    /// What it says.
    pub profile: Sealed<NeedsProfile>,
}

/// A mentee corrected their profile. It stays as it was written; the correction stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsProfileCorrected {
    /// The profile that is corrected.
    pub needs_profile: NeedsProfileId,
    /// Whose needs.
    pub mentee: PersonId,
    /// What they say of it.
    pub correction: Sealed<ProfileCorrection>,
}

macro_rules! concerns {
    ($($payload:ty: $($thing:ident),*;)+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![$(self.$thing.0,)* self.mentee.0]
            }
        }
    )+};
}

concerns! {
    NeedsAnalysisBegun: analysis;
    NeedsAnalysisShared: analysis, pairing;
    NeedsAnalysisUnshared: analysis, pairing;
    NeedsAnalysisDestroyed: analysis;
    NeedsProfileWritten: needs_profile;
    NeedsProfileCorrected: needs_profile;
}

impl Payload for NeedsAnalysisRevised {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.analysis.0, self.mentee.0]
    }

    fn sealed_for(&self) -> Option<Uuid> {
        Some(self.analysis.0)
    }
}

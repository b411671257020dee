//! What can be asked about needs.

use super::{Access, NeedsProfile, Setting, Tables};
use crate::identifiers::{NeedsAnalysisId, NeedsProfileId, PairingId, PersonId};

/// Begins an analysis of needs, with whatever tables are filled in already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeginNeedsAnalysis {
    /// Whose.
    pub mentee: PersonId,
    /// The tables that are filled in, each in full.
    pub tables: Tables,
    /// With whom it was worked on, where they say.
    pub setting: Option<Setting>,
}

/// Revises some tables of an analysis. What stood there before is kept as an earlier version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseNeedsAnalysis {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// The tables that are revised, each in full; the others stay.
    pub tables: Tables,
    /// With whom it was worked on, where they say.
    pub setting: Option<Setting>,
}

/// Shares an analysis with the mentors of a pairing the mentee is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareNeedsAnalysis {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// The pairing.
    pub pairing: PairingId,
    /// What they may do.
    pub access: Access,
}

/// Takes back what was shared with the mentors of a pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnshareNeedsAnalysis {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
    /// The pairing.
    pub pairing: PairingId,
}

/// Destroys an analysis, all its versions, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestroyNeedsAnalysis {
    /// The analysis.
    pub analysis: NeedsAnalysisId,
}

/// Writes a mentee's profile of needs, in discussion with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteNeedsProfile {
    /// Whose.
    pub mentee: PersonId,
    /// The profile, in full.
    pub profile: NeedsProfile,
}

/// Corrects a profile, on the mentee's word. The profile stays as it was written; the correction stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectNeedsProfile {
    /// The profile that is corrected.
    pub profile: NeedsProfileId,
    /// What the mentee says of it.
    pub correction: String,
}

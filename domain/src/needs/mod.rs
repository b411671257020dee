//! What a mentee needs: their own analysis, which is theirs alone, and the coordinator's profile.
//!
//! ```text
//!        begin            revise              destroy
//! none ─────────▶ begun ─────────▶ version 1, 2, 3 … ─────────▶ destroyed: nobody reads it again
//!                   └──── share, to read or to write ────▶ the mentors of a live pairing, until it is taken back
//! ```
//!
//! An analysis is optional, in whole and in every part, alone or with the mentor, before, while or after taking up post
//! (R022, R081, R145, R147); every version is kept (R146). It is sealed under a key of its own, which its mentee alone
//! may destroy, and is seen by whoever they share it with and by nobody else (R113). The profile is written by the
//! coordinator in discussion with the mentee (R079), stands under the mentee's own key, and is corrected by them.
//! Deliberately absent: any sum, mean or comparison of marks (R144).

mod command;
mod decide;
mod event;
mod scales;
mod state;
mod tables;
#[cfg(test)]
mod tests;
mod versions;

pub use command::{
    BeginNeedsAnalysis, CorrectNeedsProfile, DestroyNeedsAnalysis, ReviseNeedsAnalysis,
    ShareNeedsAnalysis, UnshareNeedsAnalysis, WriteNeedsProfile,
};
pub(crate) use decide::{begin, correct_profile, destroy, revise, share, unshare, write_profile};
pub use event::{
    Access, NeedsAnalysisBegun, NeedsAnalysisDestroyed, NeedsAnalysisRevised, NeedsAnalysisShared,
    NeedsAnalysisUnshared, NeedsProfile, NeedsProfileCorrected, NeedsProfileWritten,
    ProfileCorrection, Revision, Setting,
};
pub use scales::{CompetenceNeed, Involvement, KnowledgeGap};
pub use state::{Analysis, Grant, Needs, Profile};
pub use tables::{
    Challenge, Competence, CompetenceReview, Field, FieldReview, Heading, HeadingAudit, Horizon,
    Origin, Priorities, Priority, Tables, Urgency, Way,
};
pub use versions::{Correction, Opened, OpenedProfile, Version};

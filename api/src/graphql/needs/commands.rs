//! What can be done about needs.

use super::{
    NeedsAnalysis, NeedsProfile, NeedsTables,
    words::{NeedsAccess, NeedsSetting},
};
use crate::graphql::command::{Answer, mutations};
use async_graphql::ID;
use domain::{Event, needs};

/// The analysis that was begun; nothing where that was only tried.
fn begun(answer: &Answer) -> Option<NeedsAnalysis> {
    let begun = answer.events.iter().find_map(|recorded| {
        let Event::NeedsAnalysisBegun(begun) = &recorded.event else {
            return None;
        };
        Some(begun.analysis)
    });
    begun.and_then(|analysis| answer.view.needs_analysis(analysis))
}

mutations! {
    NeedsMutations;

    /// Begins an analysis of a mentee's needs, with whatever tables are filled in already, or none. The coordinator
    /// records it on the mentee's word, in `reportedBy`, and sees afterwards only that there is one.
    "beginNeedsAnalysis" begin_needs_analysis
    /// What `beginNeedsAnalysis` needs.
    input BeginNeedsAnalysisInput {
        /// The id of the mentee.
        mentee: ID,
        /// The tables that are filled in, each in full.
        tables: Option<NeedsTables>,
        /// With whom it was worked on, where they say.
        setting: Option<NeedsSetting>,
    }
    /// What came of `beginNeedsAnalysis`.
    payload BeginNeedsAnalysisPayload {
        /// The analysis; null when the command was refused or only tried.
        analysis: NeedsAnalysis
    }
    command(given, asked) {
        needs::BeginNeedsAnalysis {
            mentee: asked.view().ids().person("mentee", &given.mentee)?,
            tables: given.tables.clone().unwrap_or_default().into(),
            setting: given.setting.map(Into::into),
        }
    }
    changed(answer, _command) { begun(answer) }

    /// Revises some tables of an analysis. Those that are left out stay, and what stood there before is kept as an
    /// earlier version. A mentor may do it where the analysis is shared to be written.
    "reviseNeedsAnalysis" revise_needs_analysis
    /// What `reviseNeedsAnalysis` needs.
    input ReviseNeedsAnalysisInput {
        /// The id of the analysis.
        analysis: ID,
        /// The tables that are revised, each in full.
        tables: NeedsTables,
        /// With whom it was worked on, where they say.
        setting: Option<NeedsSetting>,
    }
    /// What came of `reviseNeedsAnalysis`.
    payload ReviseNeedsAnalysisPayload {
        /// The analysis; null when the command was refused.
        analysis: NeedsAnalysis
    }
    command(given, asked) {
        needs::ReviseNeedsAnalysis {
            analysis: asked.view().ids().needs_analysis("analysis", &given.analysis)?,
            tables: given.tables.clone().into(),
            setting: given.setting.map(Into::into),
        }
    }
    changed(answer, command) { answer.view.needs_analysis(command.analysis) }

    /// Shares an analysis with the mentors of a pairing its mentee is in. Sharing is the mentee's; nothing is copied, and
    /// it ends when it is taken back or when the pairing is over.
    "shareNeedsAnalysis" share_needs_analysis
    /// What `shareNeedsAnalysis` needs.
    input ShareNeedsAnalysisInput {
        /// The id of the analysis.
        analysis: ID,
        /// The id of the pairing.
        pairing: ID,
        /// What its mentors may do.
        access: NeedsAccess,
    }
    /// What came of `shareNeedsAnalysis`.
    payload ShareNeedsAnalysisPayload {
        /// The analysis; null when the command was refused.
        analysis: NeedsAnalysis
    }
    command(given, asked) {
        let ids = asked.view().ids();
        needs::ShareNeedsAnalysis {
            analysis: ids.needs_analysis("analysis", &given.analysis)?,
            pairing: ids.pairing("pairing", &given.pairing)?,
            access: given.access.into(),
        }
    }
    changed(answer, command) { answer.view.needs_analysis(command.analysis) }

    /// Takes back what was shared with the mentors of a pairing.
    "unshareNeedsAnalysis" unshare_needs_analysis
    /// What `unshareNeedsAnalysis` needs.
    input UnshareNeedsAnalysisInput {
        /// The id of the analysis.
        analysis: ID,
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `unshareNeedsAnalysis`.
    payload UnshareNeedsAnalysisPayload {
        /// The analysis; null when the command was refused.
        analysis: NeedsAnalysis
    }
    command(given, asked) {
        let ids = asked.view().ids();
        needs::UnshareNeedsAnalysis {
            analysis: ids.needs_analysis("analysis", &given.analysis)?,
            pairing: ids.pairing("pairing", &given.pairing)?,
        }
    }
    changed(answer, command) { answer.view.needs_analysis(command.analysis) }

    /// Destroys an analysis with all its versions, for ever: its key is destroyed before you are answered. The mentee
    /// alone may do it, and it cannot be undone. That it was there stays in the history.
    "destroyNeedsAnalysis" destroy_needs_analysis
    /// What `destroyNeedsAnalysis` needs.
    input DestroyNeedsAnalysisInput {
        /// The id of the analysis.
        analysis: ID,
    }
    /// What came of `destroyNeedsAnalysis`.
    payload DestroyNeedsAnalysisPayload {
        /// The analysis, of which nothing is left but that it was there; null when the command was refused.
        analysis: NeedsAnalysis
    }
    command(given, asked) {
        needs::DestroyNeedsAnalysis {
            analysis: asked.view().ids().needs_analysis("analysis", &given.analysis)?,
        }
    }
    changed(answer, command) { answer.view.needs_analysis(command.analysis) }

    /// Writes a mentee's profile of needs, in discussion with them, in place of the last one.
    "writeNeedsProfile" write_needs_profile
    /// What `writeNeedsProfile` needs.
    input WriteNeedsProfileInput {
        /// The id of the mentee.
        mentee: ID,
        /// The needs, one by one, most pressing first.
        needs: Vec<String>,
        /// Whatever else a mentor should be found by.
        #[graphql(default)]
        remarks: String,
    }
    /// What came of `writeNeedsProfile`.
    payload WriteNeedsProfilePayload {
        /// The mentee's profile as it stands now; null when the command was refused.
        profile: NeedsProfile
    }
    command(given, asked) {
        needs::WriteNeedsProfile {
            mentee: asked.view().ids().person("mentee", &given.mentee)?,
            profile: needs::NeedsProfile {
                needs: given.needs.clone(),
                remarks: given.remarks.clone(),
            },
        }
    }
    changed(answer, command) { answer.view.needs_profiles(command.mentee).pop() }

    /// Records what a mentee says is not right in their profile of needs. The profile stays as it was written, and the
    /// correction stands beside it.
    "correctNeedsProfile" correct_needs_profile
    /// What `correctNeedsProfile` needs.
    input CorrectNeedsProfileInput {
        /// The id of the profile that is corrected.
        profile: ID,
        /// What the mentee says of it.
        correction: String,
    }
    /// What came of `correctNeedsProfile`.
    payload CorrectNeedsProfilePayload {
        /// The profile; null when the command was refused.
        profile: NeedsProfile
    }
    command(given, asked) {
        needs::CorrectNeedsProfile {
            profile: asked.view().ids().needs_profile("profile", &given.profile)?,
            correction: given.correction.clone(),
        }
    }
    changed(answer, command) { answer.view.needs_profile(command.profile) }
}

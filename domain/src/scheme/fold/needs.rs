//! Folding what befalls analyses and profiles of needs. What they say is not looked at.

use super::Folded;
use crate::{
    Scheme,
    identifiers::NeedsAnalysisId,
    needs::{
        Analysis, Grant, NeedsAnalysisDestroyed, NeedsAnalysisRevised, NeedsAnalysisShared,
        NeedsAnalysisUnshared, NeedsProfileCorrected,
    },
};
use jiff::civil::Date;

pub(super) fn revised(scheme: &mut Scheme, revised: &NeedsAnalysisRevised, on: Date) -> Folded {
    let analysis = analysis_mut(scheme, revised.analysis)?;
    analysis.revisions = analysis.revisions.saturating_add(1);
    analysis.revised_on = Some(on);
    Ok(())
}

pub(super) fn shared(scheme: &mut Scheme, shared: &NeedsAnalysisShared, on: Date) -> Folded {
    let grants = &mut analysis_mut(scheme, shared.analysis)?.grants;
    grants.retain(|grant| grant.pairing != shared.pairing);
    grants.push(Grant {
        pairing: shared.pairing,
        access: shared.access,
        since: on,
    });
    Ok(())
}

pub(super) fn unshared(scheme: &mut Scheme, unshared: &NeedsAnalysisUnshared) -> Folded {
    let grants = &mut analysis_mut(scheme, unshared.analysis)?.grants;
    grants.retain(|grant| grant.pairing != unshared.pairing);
    Ok(())
}

/// Nothing is left to be shared.
pub(super) fn destroyed(
    scheme: &mut Scheme,
    destroyed: &NeedsAnalysisDestroyed,
    on: Date,
) -> Folded {
    let analysis = analysis_mut(scheme, destroyed.analysis)?;
    analysis.grants.clear();
    analysis.destroyed_on = Some(on);
    Ok(())
}

pub(super) fn corrected(
    scheme: &mut Scheme,
    corrected: &NeedsProfileCorrected,
    on: Date,
) -> Folded {
    let profile = scheme.needs.profiles.get_mut(&corrected.needs_profile);
    let profile = profile.ok_or("it names a profile of needs that was never written")?;
    profile.corrected_on.push(on);
    Ok(())
}

fn analysis_mut(scheme: &mut Scheme, id: NeedsAnalysisId) -> Result<&mut Analysis, &'static str> {
    let analysis = scheme.needs.analyses.get_mut(&id);
    analysis.ok_or("it names an analysis of needs that was never begun")
}

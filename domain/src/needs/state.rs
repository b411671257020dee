//! What the scheme must remember of analyses and profiles of needs: that they are there, and never what they say.

use super::{Access, NeedsAnalysisBegun, NeedsProfileWritten};
use crate::{
    Rejection, Scheme,
    identifiers::{NeedsAnalysisId, NeedsProfileId, PairingId, PersonId},
};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

/// Every analysis and profile of needs of a scheme.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Needs {
    /// The analyses.
    pub analyses: HashTrieMapSync<NeedsAnalysisId, Analysis>,
    /// The profiles.
    pub profiles: HashTrieMapSync<NeedsProfileId, Profile>,
    of_mentee: HashTrieMapSync<PersonId, OfMentee>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct OfMentee {
    analyses: Vec<NeedsAnalysisId>,
    profiles: Vec<NeedsProfileId>,
}

/// An analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    /// The analysis.
    pub id: NeedsAnalysisId,
    /// Whose it is.
    pub mentee: PersonId,
    /// The day it was begun.
    pub begun_on: Date,
    /// How often a table of it was filled in or revised.
    pub revisions: u32,
    /// The day of the last revision.
    pub revised_on: Option<Date>,
    /// With whom it is shared, in the order in which it was.
    pub grants: Vec<Grant>,
    /// The day it was destroyed.
    pub destroyed_on: Option<Date>,
}

/// That the mentors of a pairing may see an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The pairing.
    pub pairing: PairingId,
    /// What they may do.
    pub access: Access,
    /// Since when.
    pub since: Date,
}

/// A profile of needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The profile.
    pub id: NeedsProfileId,
    /// Whose needs.
    pub mentee: PersonId,
    /// The day it was written.
    pub written_on: Date,
    /// The days on which the mentee corrected it.
    pub corrected_on: Vec<Date>,
}

impl Needs {
    /// The analyses of a mentee, in the order in which they were begun.
    pub fn analyses_of(&self, mentee: PersonId) -> impl Iterator<Item = &Analysis> {
        let own = self.of_mentee.get(&mentee);
        own.into_iter()
            .flat_map(|own| &own.analyses)
            .filter_map(|id| self.analyses.get(id))
    }

    /// The profiles of a mentee, in the order in which they were written: the last one counts.
    #[must_use]
    pub fn profiles_of(&self, mentee: PersonId) -> impl DoubleEndedIterator<Item = &Profile> {
        let own = self.of_mentee.get(&mentee);
        own.into_iter()
            .flat_map(|own| &own.profiles)
            .filter_map(|id| self.profiles.get(id))
    }

    /// Every analysis that was destroyed.
    pub fn destroyed(&self) -> impl Iterator<Item = &Analysis> {
        let all = self.analyses.values();
        all.filter(|analysis| analysis.destroyed_on.is_some())
    }

    pub(crate) fn begin(&mut self, begun: &NeedsAnalysisBegun, on: Date) {
        let mut own = self.own(begun.mentee);
        own.analyses.push(begun.analysis);
        self.of_mentee.insert_mut(begun.mentee, own);
        let analysis = Analysis {
            id: begun.analysis,
            mentee: begun.mentee,
            begun_on: on,
            revisions: 0,
            revised_on: None,
            grants: Vec::new(),
            destroyed_on: None,
        };
        self.analyses.insert_mut(begun.analysis, analysis);
    }

    pub(crate) fn write(&mut self, written: &NeedsProfileWritten, on: Date) {
        let mut own = self.own(written.mentee);
        own.profiles.push(written.needs_profile);
        self.of_mentee.insert_mut(written.mentee, own);
        let profile = Profile {
            id: written.needs_profile,
            mentee: written.mentee,
            written_on: on,
            corrected_on: Vec::new(),
        };
        self.profiles.insert_mut(written.needs_profile, profile);
    }

    fn own(&self, mentee: PersonId) -> OfMentee {
        self.of_mentee.get(&mentee).cloned().unwrap_or_default()
    }
}

impl Analysis {
    /// What is granted to the mentors of `pairing`, whether or not it still meets.
    #[must_use]
    pub fn grant(&self, pairing: PairingId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.pairing == pairing)
    }

    /// What `person` may do as a mentor of a live pairing with which it is shared. A pairing that is over sees nothing.
    #[must_use]
    pub fn access_of(&self, scheme: &Scheme, person: PersonId) -> Option<Access> {
        let may_write = |access: &Access| *access == Access::Write;
        self.accesses(scheme, |mentors| mentors.contains(&person))
            .max_by_key(may_write)
    }

    /// Whether the mentors of any live pairing may revise it.
    #[must_use]
    pub fn is_open_to_write(&self, scheme: &Scheme) -> bool {
        self.accesses(scheme, |_| true)
            .any(|access| access == Access::Write)
    }

    fn accesses(
        &self,
        scheme: &Scheme,
        of: impl Fn(&[PersonId]) -> bool,
    ) -> impl Iterator<Item = Access> {
        let grants = self.grants.iter();
        grants.filter_map(move |grant| {
            let pairing = scheme.pairings.get(&grant.pairing)?;
            (pairing.is_live() && of(&pairing.mentors)).then_some(grant.access)
        })
    }
}

impl Scheme {
    /// The analysis, or a rejection that names it; destroyed ones are found.
    pub fn needs_analysis(&self, analysis: NeedsAnalysisId) -> Result<&Analysis, Rejection> {
        self.needs
            .analyses
            .get(&analysis)
            .ok_or(Rejection::UnknownNeedsAnalysis { analysis })
    }

    /// The profile of needs, or a rejection that names it.
    pub fn needs_profile(&self, profile: NeedsProfileId) -> Result<&Profile, Rejection> {
        self.needs
            .profiles
            .get(&profile)
            .ok_or(Rejection::UnknownNeedsProfile { profile })
    }
}

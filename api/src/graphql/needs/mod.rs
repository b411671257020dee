//! Needs: the analysis that is its mentee's alone, and the profile that the coordinator writes.
//!
//! Whoever an analysis is not shared with is told at most that there is one: see [`super::access`].

mod commands;
mod tables;
mod words;

pub use commands::NeedsMutations;
pub use tables::NeedsTables;

use super::{
    access::Class,
    connection::{Wanted, connection, weigh},
    global_id::Kind,
    kinds::Side,
    mentoring::Mentee,
    pairing::Pairing,
    personal::{Found, PersonalNeedsTables, PersonalState, PersonalText, PersonalTextList},
    scalars::{Date, day},
    view::View,
};
use crate::dispatch::reads::Sensitive;
use async_graphql::{Error, ID, Object, SimpleObject};
use domain::{
    identifiers::{NeedsAnalysisId, NeedsProfileId, PersonId},
    needs,
};
use words::{NeedsAccess, NeedsSetting};

/// An analysis of needs.
pub struct NeedsAnalysis {
    view: View,
    state: needs::Analysis,
}

/// A profile of needs.
pub struct NeedsProfile {
    view: View,
    state: needs::Profile,
}

impl View {
    /// An analysis, if there is one and the caller may know of it.
    pub fn needs_analysis(&self, id: NeedsAnalysisId) -> Option<NeedsAnalysis> {
        let state = self.scheme().needs.analyses.get(&id)?;
        let visible = self.may_see_needs_analysis(state);
        visible.then(|| NeedsAnalysis {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// The analyses of a mentee, as far as the caller may know of them, in the order in which they were begun.
    pub fn needs_analyses(&self, mentee: PersonId) -> Vec<NeedsAnalysis> {
        let all = self.scheme().needs.analyses_of(mentee);
        all.filter_map(|found| self.needs_analysis(found.id))
            .collect()
    }

    /// The analyses that are shared with a pairing and that the caller may read.
    pub fn needs_analyses_shared_with(
        &self,
        pairing: &domain::pairing::Pairing,
    ) -> Vec<NeedsAnalysis> {
        let needs = &self.scheme().needs;
        let all = pairing
            .mentees
            .iter()
            .flat_map(|mentee| needs.analyses_of(*mentee));
        all.filter(|found| found.grant(pairing.id).is_some() && self.sees_needs_analysis(found))
            .filter_map(|found| self.needs_analysis(found.id))
            .collect()
    }

    /// A profile of needs, if there is one and the caller may know of it.
    pub fn needs_profile(&self, id: NeedsProfileId) -> Option<NeedsProfile> {
        let state = self.scheme().needs.profiles.get(&id)?;
        let visible = self.may_see_needs_profile(state);
        visible.then(|| NeedsProfile {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// The profiles of a mentee's needs, as far as the caller may know of them, in the order in which they were written.
    pub fn needs_profiles(&self, mentee: PersonId) -> Vec<NeedsProfile> {
        let all = self.scheme().needs.profiles_of(mentee);
        all.filter_map(|found| self.needs_profile(found.id))
            .collect()
    }
}

/// With the mentors of which pairing an analysis is shared.
#[derive(SimpleObject)]
pub struct NeedsGrant {
    /// The pairing. It sees nothing once it is over.
    pub pairing: Option<Pairing>,
    /// What its mentors may do.
    pub access: NeedsAccess,
    /// Since when.
    pub since: Date,
}

/// A version of a table of an analysis, as it was when it was made.
#[derive(SimpleObject)]
pub struct NeedsVersion {
    /// Its number, from 1, in the order in which the versions of the analysis were made.
    pub number: usize,
    /// The day it was made.
    pub on: Date,
    /// Who made it: the mentee, also where it was recorded on their word, or a mentor.
    pub by: Side,
    /// With whom it was worked on; null where nobody said.
    pub setting: Option<NeedsSetting>,
    /// The table that was made or revised; the others are null.
    pub tables: NeedsTables,
}

connection! {
    /// A page of versions of an analysis, earliest first.
    NeedsVersionConnection, NeedsVersionEdge, NeedsVersion
}

/// A mentee's analysis of their needs: four tables, each optional in whole and in part. It is the mentee's: others see
/// it as far as the mentee shares it with them, and the mentee alone may destroy it.
#[Object]
impl NeedsAnalysis {
    /// The id of the analysis.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::NeedsAnalysis, self.state.id)
    }

    /// Whose it is, as far as you may see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.mentee)
    }

    /// The day it was begun.
    async fn begun_on(&self) -> Date {
        self.state.begun_on.into()
    }

    /// The day it was last revised; null where nothing is filled in yet.
    async fn revised_on(&self) -> Option<Date> {
        day(self.state.revised_on)
    }

    /// The day its mentee destroyed it: nobody reads any version of it again. Null while it stands.
    async fn destroyed_on(&self) -> Option<Date> {
        day(self.state.destroyed_on)
    }

    /// The tables as they stand now. A table that is not filled in is null.
    async fn tables(&self) -> PersonalNeedsTables {
        let opened = self.opened();
        self.found(opened.map(needs::Opened::tables)).into()
    }

    /// Every version, earliest first, so that change over time can be followed. Null when you may not see them, or
    /// nobody can any more.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn versions(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<NeedsVersionConnection, Error>> {
        let Found::Given(opened) = self.found(self.opened()) else {
            return None;
        };
        let wanted = Wanted {
            list: "needs-versions",
            first,
            after,
        };
        let keys: Vec<(NeedsAnalysisId, usize)> = (1..=opened.versions.len())
            .map(|number| (self.state.id, number))
            .collect();
        let page = self.view.page(&wanted, &keys);
        Some(page.map(|page| {
            NeedsVersionConnection::of(&self.view, wanted.list, page, |(_, number)| {
                let version = opened.versions.get(number - 1)?;
                Some(shown(number, version))
            })
        }))
    }

    /// With whom it is shared. Null when you may not see it.
    async fn shared_with(&self) -> Option<Vec<NeedsGrant>> {
        self.visible().then(|| {
            self.view.give(Sensitive::NeedsAnalysis, self.state.mentee);
            let grants = self.state.grants.iter();
            grants
                .map(|grant| NeedsGrant {
                    pairing: self.view.pairing(grant.pairing),
                    access: grant.access.into(),
                    since: grant.since.into(),
                })
                .collect()
        })
    }
}

impl NeedsAnalysis {
    fn visible(&self) -> bool {
        self.view.sees_needs_analysis(&self.state)
    }

    fn opened(&self) -> Option<&needs::Opened> {
        self.view.particulars().needs_analysis(self.state.id)
    }

    fn found<T>(&self, value: Option<T>) -> Found<T> {
        match self.state.destroyed_on {
            Some(_) if self.visible() => Found::Missing(PersonalState::Erased),
            _ => self
                .view
                .personal_where(self.visible(), self.state.mentee, value)
                .given(&self.view, Sensitive::NeedsAnalysis, self.state.mentee),
        }
    }
}

fn shown(number: usize, version: &needs::Version) -> NeedsVersion {
    NeedsVersion {
        number,
        on: version.on.into(),
        by: version.by.into(),
        setting: version.revision.setting.map(Into::into),
        tables: version.revision.tables.clone().into(),
    }
}

/// What a mentee said of their profile.
#[derive(SimpleObject)]
pub struct NeedsProfileCorrection {
    /// The day they said it.
    pub on: Date,
    /// Their words.
    pub words: PersonalText,
}

/// A mentee's profile of needs, as the coordinator wrote it in discussion with them. It stays as it was written: a new
/// profile takes the place of the last, and what the mentee corrects stands beside it.
#[Object]
impl NeedsProfile {
    /// The id of the profile.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::NeedsProfile, self.state.id)
    }

    /// Whose needs, as far as you may see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.mentee)
    }

    /// The day it was written.
    async fn written_on(&self) -> Date {
        self.state.written_on.into()
    }

    /// The needs, one by one, most pressing first.
    async fn needs(&self) -> PersonalTextList {
        self.value(|opened| Some(opened.profile.needs.clone()))
            .into()
    }

    /// Whatever else a mentor should be found by.
    async fn remarks(&self) -> PersonalText {
        self.value(|opened| Some(opened.profile.remarks.clone()))
            .into()
    }

    /// What the mentee has said of it since, in order.
    async fn corrections(&self) -> Vec<NeedsProfileCorrection> {
        let days = self.state.corrected_on.iter().enumerate();
        days.map(|(index, on)| NeedsProfileCorrection {
            on: (*on).into(),
            words: self
                .value(|opened| {
                    let said = opened.corrections.get(index)?;
                    Some(said.words.clone())
                })
                .into(),
        })
        .collect()
    }
}

impl NeedsProfile {
    fn value<T>(&self, of: impl Fn(&needs::OpenedProfile) -> Option<T>) -> Found<T> {
        let opened = self.view.particulars().needs_profile(self.state.id);
        self.view
            .personal(Class::NeedsProfile, self.state.mentee, opened.and_then(of))
            .given(&self.view, Sensitive::NeedsProfile, self.state.mentee)
    }
}

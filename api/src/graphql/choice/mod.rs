//! The choice of mentors: who may be offered to a mentee, with facts and without scores, and what the mentee says to it.

mod commands;

pub use commands::ChoiceMutations;

use super::{
    access::{Class, Query},
    connection::{Wanted, connection},
    kinds::CouncilType,
    matching::Match,
    mentor::Mentor,
    mentoring::MenteeConnection,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, InputObject, Object};
use domain::mentoring;
use projections::choice;

/// Which mentors to look for. What is left out does not matter. Texts are compared in small letters, and in part.
#[derive(Debug, Clone, Default, InputObject)]
pub struct MentorFilter {
    /// The region of England they work in.
    pub region: Option<String>,
    /// True for those of the mentee's own region, false for those of another.
    pub same_region: Option<bool>,
    /// A kind of council they work in or have worked in.
    pub council_type: Option<CouncilType>,
    /// A part of their professional background, for example `social care`.
    pub background: Option<String>,
    /// A part of one of their areas of expertise or of the challenges they met, for example `intervention`.
    pub experience: Option<String>,
    /// A part of one of their special interests.
    pub special_interest: Option<String>,
    /// Those too who cannot be offered at present, with what stands in the way.
    #[graphql(default)]
    pub with_hindered: bool,
}

impl From<MentorFilter> for choice::Filter {
    fn from(given: MentorFilter) -> Self {
        Self {
            region: given.region,
            same_region: given.same_region,
            council_type: given.council_type.map(Into::into),
            background: given.background,
            experience: given.experience,
            special_interest: given.special_interest,
            with_hindered: given.with_hindered,
        }
    }
}

/// What stands in the way of offering a mentor. Such an offer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::choice::Hindrance")]
pub enum MentorHindrance {
    /// They resigned or were removed.
    Gone,
    /// They take nobody new for a while.
    Paused,
    /// They have not registered.
    NotRegistered,
    /// They have not approved their pen portrait.
    PortraitNotApproved,
    /// They have no room.
    NoRoom,
    /// They are offered already, and that may still go ahead.
    OfferedAlready,
}

/// What to know before a mentor is offered. It bars nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::choice::Caution")]
pub enum MentorCaution {
    /// They have not been inducted.
    NotInducted,
    /// The policy of today asks for more.
    NotEligible,
    /// Whether they may mentor is not known.
    EligibilityToBeConfirmed,
    /// They left the post they had.
    LeftPost,
    /// They work for the mentee's own council, or for a trust that serves it.
    OwnCouncil,
    /// One is, or was, in the other's line of management.
    LineManagement,
    /// Something speaks against it, and nobody said what.
    ConflictNotStated,
    /// They are offered to others, who may take the last room they have.
    OfferedToOthers,
}

/// A wish of the mentee that a mentor meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::choice::Wish")]
pub enum MenteeWish {
    /// The mentee named them.
    Named,
    /// They work in a region the mentee could travel to.
    Region,
    /// They have a professional background the mentee hopes for.
    Background,
    /// They have worked in a kind of council the mentee hopes for.
    CouncilType,
    /// They bring particular experience the mentee hopes for.
    Experience,
}

/// What may speak against two people working together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::matching::Conflict")]
pub enum MatchConflict {
    /// One is, or was, in the other's line of management.
    LineManagement,
    /// Nobody said what, and nobody need.
    NotStated,
}

/// A mentor who may be offered.
pub struct SuitableMentor {
    view: View,
    found: choice::Candidate,
}

connection! {
    /// A page of mentors who may be offered, who has been a mentor longest first. Nobody is rated.
    SuitableMentorConnection, SuitableMentorEdge, SuitableMentor
}

/// A mentor who may be offered to a mentee, with what a coordinator weighs. Facts as of now: nothing of it is recorded.
#[Object]
impl SuitableMentor {
    /// The mentor.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.found.mentor)
    }

    /// What stands in the way; empty when they can be offered.
    async fn hindrances(&self) -> Vec<MentorHindrance> {
        self.found
            .hindrances
            .iter()
            .copied()
            .map(Into::into)
            .collect()
    }

    /// What to know before they are offered. It bars nobody.
    async fn cautions(&self) -> Vec<MentorCaution> {
        self.found
            .cautions
            .iter()
            .copied()
            .map(Into::into)
            .collect()
    }

    /// Which wishes of the mentee they meet.
    async fn meets(&self) -> Vec<MenteeWish> {
        self.found.meets.iter().copied().map(Into::into).collect()
    }

    /// How many more pairings they have room for.
    async fn room(&self) -> u16 {
        self.found.room
    }

    /// Whether they work in the mentee's own region; null where either region is not known.
    async fn same_region(&self) -> Option<bool> {
        self.found.same_region
    }

    /// Kilometres between the two employers as the crow flies; null where either is not known. For a session face to
    /// face it is the mentee who travels.
    async fn kilometres(&self) -> Option<u32> {
        self.found.kilometres
    }

    /// The kind of council they work for now; null where it is not known or is none.
    async fn council_type(&self) -> Option<CouncilType> {
        self.found.council_type.map(Into::into)
    }

    /// Earlier matches of these two, in the order in which they were offered, with how each ended.
    async fn earlier_matches(&self) -> Vec<Match> {
        let all = self.found.matches.iter();
        all.filter_map(|of| self.view.offered_match(*of)).collect()
    }

    /// Whether a pairing of these two broke down before.
    async fn broke_down(&self) -> bool {
        self.found.broke_down
    }
}

impl View {
    /// The mentors who may be offered to a mentee. It rests on sealed values of both, so only who sees all may ask.
    pub fn suitable_mentors(
        &self,
        mentee: &ID,
        filter: Option<MentorFilter>,
        wanted: &Wanted<'_>,
    ) -> Result<Option<SuitableMentorConnection>, Error> {
        self.ask_of_all(Query::SuitableMentors)?;
        let mentee = self.ids().person("mentee", mentee)?;
        let filter = filter.unwrap_or_default().into();
        let Some(found) = choice::suitable(self.snapshot(), mentee, &filter, self.today()) else {
            return Ok(None);
        };
        let since = |candidate: &choice::Candidate| {
            let mentor = self.scheme().mentors.get(&candidate.mentor);
            mentor.map(|mentor| (mentor.since, mentor.person))
        };
        let keys: Vec<_> = found.iter().filter_map(since).collect();
        let page = self.page(wanted, &keys)?;
        let mut found = found.into_iter();
        Ok(Some(SuitableMentorConnection::of(
            self,
            wanted.list,
            page,
            |(_, person)| {
                let found = found.find(|candidate| candidate.mentor == person)?;
                Some(SuitableMentor {
                    view: self.clone(),
                    found,
                })
            },
        )))
    }

    /// The mentees who wait for somebody suitable, who has waited longest first.
    pub fn waiting_list(&self, wanted: &Wanted<'_>) -> Result<MenteeConnection, Error> {
        self.ask_of_all(Query::WaitingList)?;
        let mentees = self.scheme().mentees.values();
        let waiting = mentees.filter_map(|mentee| Some((mentee.waiting_since?, mentee.person)));
        let mut keys: Vec<_> = waiting.collect();
        keys.sort_unstable();
        let page = self.page(wanted, &keys)?;
        Ok(MenteeConnection::of(self, wanted.list, page, |key| {
            self.mentee(key.1)
        }))
    }
}

/// What a mentee said to the choice of mentors.
pub struct MenteeChoice {
    pub(super) view: View,
    pub(super) mentee: mentoring::Mentee,
}

/// What a mentee said to the choice of mentors, and since when they wait for one.
#[Object]
impl MenteeChoice {
    /// Mentors they would like, first choice first, as far as you may see them.
    async fn named(&self) -> Vec<Mentor> {
        let all = self.mentee.named.iter();
        all.filter_map(|mentor| self.view.mentor(*mentor)).collect()
    }

    /// The matches in the order in which they would take them, first choice first.
    async fn ranking(&self) -> Vec<Match> {
        let all = self.mentee.ranking.iter();
        all.filter_map(|of| self.view.offered_match(*of)).collect()
    }

    /// Since when they wait, because nobody was suitable; null when they do not.
    async fn waiting_since(&self) -> Option<Date> {
        day(self.mentee.waiting_since)
    }
}

impl View {
    /// What a mentee said to the choice, if the caller may see it. A mentor may not: it would tell them who else there is.
    pub fn choice_of(&self, mentee: &mentoring::Mentee) -> Option<MenteeChoice> {
        let visible = self.sees(Class::TakeUp, mentee.person);
        visible.then(|| MenteeChoice {
            view: self.clone(),
            mentee: mentee.clone(),
        })
    }
}

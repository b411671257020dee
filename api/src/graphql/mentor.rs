//! Mentors: who they are, what a mentee sees of them before choosing, how far they have come.

mod commands;
mod presence;

pub use commands::{ExperienceInput, MentorMutations, PersonDetailsInput};
pub use presence::{MentorFlag, PresenceMutations};

use super::{
    access::{Class, Query},
    audit_trail::{AuditEntryConnection, Because},
    connection::{Wanted, connection, weigh},
    consent::{Consent, OwnCharacteristics},
    development::DevelopmentNewsConnection,
    global_id::Kind,
    kinds::{EmployerKind, MentorStage, MentorStanding, WaitsFor},
    matching::{MatchConnection, matches_page},
    mentoring::Mentee,
    pairing::{PairingConnection, pairings_page},
    pen_portrait::{PenPortrait, PenPortraitState},
    personal::{
        Found, PersonalDate, PersonalEmployer, PersonalMentorStatus, PersonalNumber, PersonalText,
    },
    scalars::{Date, day},
    view::View,
};
use crate::identity::standing::Thing;
use async_graphql::{Error, ID, Object};
use domain::{identifiers::PersonId, mentor};
use presence::Participation;
use projections::stage;

/// A mentor.
pub struct Mentor {
    pub(super) view: View,
    pub(super) state: mentor::Mentor,
}

impl View {
    /// A mentor, if there is one and the caller may know of them.
    pub fn mentor(&self, person: PersonId) -> Option<Mentor> {
        let state = self.scheme().mentors.get(&person)?;
        let visible = self.may_see_mentor(person);
        visible.then(|| Mentor {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// The mentors the caller may know of, who has been one longest first.
    pub fn mentors_page(
        &self,
        available: Option<bool>,
        region: Option<&str>,
        wanted: &Wanted<'_>,
    ) -> Result<MentorConnection, Error> {
        self.ask(Query::Mentors)?;
        let found = self.scheme().mentors.values().filter(|mentor| {
            let here = region.is_none_or(|region| mentor.region.as_deref() == Some(region));
            let free = available.is_none_or(|available| {
                available == (self.mentor_stage(mentor) == stage::MentorStage::Available)
            });
            let listed = self.may(Query::Mentors, Thing::Person(mentor.person));
            here && free && listed && self.may_see_mentor(mentor.person)
        });
        let mut keys: Vec<_> = found.map(|mentor| (mentor.since, mentor.person)).collect();
        keys.sort_unstable();
        let page = self.page(wanted, &keys)?;
        Ok(MentorConnection::of(self, wanted.list, page, |key| {
            self.mentor(key.1)
        }))
    }

    /// Where a mentor is, by the policy of today.
    pub fn mentor_stage(&self, mentor: &mentor::Mentor) -> stage::MentorStage {
        stage::MentorStage::of(mentor, self.capacity_default())
    }

    fn capacity_default(&self) -> u16 {
        let policy = self.scheme().policy_on(self.today());
        policy.map_or(1, |policy| policy.mentors.capacity_default)
    }
}

connection! {
    /// A page of mentors, who has been one longest first.
    MentorConnection, MentorEdge, Mentor
}

/// Somebody who mentors, or was invited to.
#[Object]
impl Mentor {
    /// The id of this person as a mentor.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Mentor, self.state.person)
    }

    /// The name they go by.
    async fn name(&self) -> PersonalText {
        self.detail(|details| details.name.clone())
    }

    /// Their electronic mail address.
    async fn email(&self) -> PersonalText {
        self.detail(|details| details.email.clone())
    }

    /// Their telephone number, as they write it.
    async fn telephone(&self) -> PersonalText {
        self.detail(|details| details.telephone.clone())
    }

    /// The employer they work for, or last worked for.
    async fn employer(&self) -> PersonalEmployer {
        let view = &self.view;
        let listed = self.profile().and_then(|profile| profile.employer.as_ref());
        let employer = listed.and_then(|id| view.employer(id));
        let employer = employer.map(|listed| view.employer_node(listed));
        view.personal(Class::Employment, self.state.person, employer)
            .into()
    }

    /// Whether they are in post or retired.
    async fn status(&self) -> PersonalMentorStatus {
        self.experience(|experience| Some(experience.status)).into()
    }

    /// When they retired from a post of the scheme's kind.
    async fn retired_on(&self) -> PersonalDate {
        self.experience(|experience| experience.retired_on).into()
    }

    /// Full years in a post of the scheme's kind.
    async fn years_in_post(&self) -> PersonalNumber {
        self.experience(|experience| experience.years_in_post)
            .into()
    }

    /// The region of England they work in; null where it is not known.
    async fn region(&self) -> Option<&str> {
        self.state.region.as_deref()
    }

    /// The kind of their employer; null where it is not known.
    async fn employer_kind(&self) -> Option<EmployerKind> {
        self.state.employer_kind.map(Into::into)
    }

    /// Whether they may mentor, as last judged. Null when you may not see it.
    async fn standing(&self) -> Option<MentorStanding> {
        self.shown().then(|| self.state.standing.into())
    }

    /// Whether they take part, and whether they are still in their post. Null when you may not see it.
    async fn participation(&self) -> Option<Participation> {
        self.shown().then(|| Participation {
            view: self.view.clone(),
            mentor: self.state.clone(),
        })
    }

    /// What a mentee sees of them before choosing.
    async fn pen_portrait(&self) -> PenPortrait {
        PenPortrait {
            view: self.view.clone(),
            mentor: self.state.person,
        }
    }

    /// The consents they gave, in order. Null when you may not see them.
    async fn consents(&self) -> Option<Vec<Consent>> {
        self.view.consents_of(self.state.person)
    }

    /// What they say of their background. Null unless it is yourself.
    async fn characteristics(&self) -> Option<OwnCharacteristics> {
        self.view.characteristics_of(self.state.person)
    }

    /// How far the pen portrait has come. Null when you may not see it.
    async fn pen_portrait_state(&self) -> Option<PenPortraitState> {
        self.shown().then(|| self.state.portrait.into())
    }

    /// The day they took part in the scheme's induction seminar; null before that, or when you may not see it.
    async fn inducted_on(&self) -> Option<Date> {
        day(self.state.inducted_on).filter(|_| self.shown())
    }

    /// How many pairings they take at a time: the number they stated, else what the policy supposes. Null when you may
    /// not see it.
    async fn capacity(&self) -> Option<u16> {
        let capacity = self.state.capacity_stated;
        self.shown()
            .then(|| capacity.unwrap_or_else(|| self.view.capacity_default()))
    }

    /// How many live pairings they are in. Null when you may not see it.
    async fn live_pairing_count(&self) -> Option<usize> {
        self.shown().then_some(self.state.live_pairings.len())
    }

    /// The news of development they were sent, earliest first. Null when you may not see it.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn development_news(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<DevelopmentNewsConnection, Error>> {
        self.view.news_of(self.state.person, first, after)
    }

    /// Where they are on the way to being available. Null when you may not see it.
    async fn stage(&self) -> Option<MentorStage> {
        self.shown()
            .then(|| self.view.mentor_stage(&self.state).into())
    }

    /// Who is to act next for them. Null when you may not see it.
    async fn waits_for(&self) -> Option<WaitsFor> {
        self.shown()
            .then(|| self.view.mentor_stage(&self.state).waits_for().into())
    }

    /// The day they were invited, or brought forward from before the scheme was run here.
    async fn since(&self) -> Date {
        self.state.since.into()
    }

    /// The same person as a mentee, where they are one too.
    async fn as_mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.person)
    }

    /// The matches they were offered in, as far as you may see them, earliest last day for an answer first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn matches(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MatchConnection, Error>> {
        let wanted = Wanted {
            list: "mentor-matches",
            first,
            after,
        };
        Some(matches_page(&self.view, &self.state.matches, &wanted))
    }

    /// The pairings they are or were in, as far as you may see them, earliest first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn pairings(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<PairingConnection, Error>> {
        let wanted = Wanted {
            list: "mentor-pairings",
            first,
            after,
        };
        let person = self.state.person;
        Some(pairings_page(&self.view, &wanted, |pairing| {
            pairing.mentors.contains(&person)
        }))
    }

    /// The entries of the history about this person. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection, Error>> {
        let because = Because::Subject(self.state.person.0);
        self.view.because(because, first, after).await.transpose()
    }
}

impl Mentor {
    /// Whether the caller may see how far this mentor has come.
    fn shown(&self) -> bool {
        self.view.sees(Class::TakeUp, self.state.person)
    }

    fn profile(&self) -> Option<&mentor::MentorProfile> {
        self.view.particulars().mentor_profile(self.state.person)
    }

    fn detail(&self, of: impl Fn(&mentor::PersonDetails) -> Option<String>) -> PersonalText {
        self.view.detail(self.state.person, of)
    }

    fn experience<T>(&self, of: impl Fn(&mentor::Experience) -> Option<T>) -> Found<T> {
        let value = self.profile().and_then(|profile| of(&profile.experience));
        self.view
            .personal(Class::Employment, self.state.person, value)
    }
}

impl View {
    /// How somebody is called and reached, as far as the caller may see it.
    pub fn detail(
        &self,
        person: PersonId,
        of: impl Fn(&mentor::PersonDetails) -> Option<String>,
    ) -> PersonalText {
        let details = self.particulars().details(person);
        self.personal(Class::Identity, person, details.and_then(of))
            .into()
    }
}

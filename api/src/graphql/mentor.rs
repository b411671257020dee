//! Mentors: who they are, what a mentee sees of them before choosing, how far they have come.

use super::{
    access::{Class, Query},
    audit_trail::{AuditEntryConnection, Because},
    command::mutations,
    connection::{Wanted, connection, weigh},
    global_id::{Kind, Reader},
    kinds::{CouncilType, EmployerKind, MentorStage, MentorStanding, MentorStatus, WaitsFor},
    matching::{MatchConnection, matches_page},
    mentoring::Mentee,
    pairing::{PairingConnection, pairings_page},
    personal::{
        PersonalCouncilTypeList, PersonalDate, PersonalEmployer, PersonalMentorStatus,
        PersonalNumber, PersonalText, PersonalTextList,
    },
    scalars::{Date, civil, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, InputObject, Object};
use domain::{
    Event, identifiers::PersonId, mentor, mentor::Portrait, register::CouncilType as Council,
};
use projections::stage;

/// A mentor.
pub struct Mentor {
    pub(super) view: View,
    pub(super) state: mentor::Mentor,
}

/// How far a mentor's pen portrait has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PenPortraitState {
    /// None was registered.
    None,
    /// Registered, and something an informed choice needs is still missing.
    Incomplete,
    /// Registered with all that is needed, and not approved.
    ToApprove,
    /// Approved by the mentor: mentees may be shown it.
    Approved,
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
            here && free && self.may_see_mentor(mentor.person)
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

    /// What a mentee sees of them before choosing.
    async fn pen_portrait(&self) -> PenPortrait {
        PenPortrait {
            view: self.view.clone(),
            mentor: self.state.person,
        }
    }

    /// How far the pen portrait has come. Null when you may not see it.
    async fn pen_portrait_state(&self) -> Option<PenPortraitState> {
        let state = match self.state.portrait {
            Portrait::None => PenPortraitState::None,
            Portrait::Registered { complete: false } => PenPortraitState::Incomplete,
            Portrait::Registered { complete: true } => PenPortraitState::ToApprove,
            Portrait::Approved => PenPortraitState::Approved,
        };
        self.shown().then_some(state)
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

    fn experience<T>(
        &self,
        of: impl Fn(&mentor::Experience) -> Option<T>,
    ) -> super::personal::Found<T> {
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

/// A mentor's pen portrait.
pub struct PenPortrait {
    view: View,
    mentor: PersonId,
}

/// What a mentee sees of a mentor before choosing, in the mentor's own words. Others than the mentor and the
/// coordinator see it once the mentor has approved it, and only while they choose or work together.
#[Object]
impl PenPortrait {
    /// Professional background.
    async fn background(&self) -> PersonalText {
        self.value(|portrait| portrait.background.clone()).into()
    }

    /// Areas of expertise.
    async fn expertise(&self) -> PersonalTextList {
        self.value(|portrait| portrait.expertise.clone()).into()
    }

    /// Special interests.
    async fn special_interests(&self) -> PersonalTextList {
        self.value(|portrait| portrait.special_interests.clone())
            .into()
    }

    /// Kinds of council the mentor has worked in.
    async fn council_types(&self) -> PersonalCouncilTypeList {
        self.value(|portrait| kinds_of(&portrait.council_types))
            .into()
    }

    /// Challenges met and things achieved.
    async fn challenges(&self) -> PersonalText {
        self.value(|portrait| portrait.challenges.clone()).into()
    }

    /// What the mentor is responsible for today.
    async fn span_of_responsibility(&self) -> PersonalText {
        self.value(|portrait| portrait.span_of_responsibility.clone())
            .into()
    }
}

impl PenPortrait {
    fn value<T>(&self, of: impl Fn(&mentor::PenPortrait) -> T) -> super::personal::Found<T> {
        let portrait = self.view.particulars().portrait(self.mentor);
        self.view
            .personal(Class::PenPortrait, self.mentor, portrait.map(of))
    }
}

/// Kinds of council as the schema spells them.
pub fn kinds_of(types: &[Council]) -> Vec<CouncilType> {
    types.iter().copied().map(Into::into).collect()
}

/// How somebody is called and reached. What is absent stays as it was known.
#[derive(Debug, Clone, InputObject)]
pub struct PersonDetailsInput {
    /// The name they go by.
    pub name: Option<String>,
    /// Their electronic mail address.
    pub email: Option<String>,
    /// Their telephone number, as they write it.
    pub telephone: Option<String>,
}

/// What decides whether somebody may mentor.
#[derive(Debug, Clone, InputObject)]
pub struct ExperienceInput {
    /// Whether they are in a post of the scheme's kind or retired from it.
    pub status: MentorStatus,
    /// When they retired.
    pub retired_on: Option<Date>,
    /// Full years in a post of the scheme's kind.
    pub years_in_post: Option<u16>,
}

/// A pen portrait, in the mentor's own words. To be complete it needs background, expertise and council types.
#[derive(Debug, Clone, InputObject)]
pub struct PenPortraitInput {
    /// Professional background.
    #[graphql(default)]
    pub background: String,
    /// Areas of expertise.
    #[graphql(default)]
    pub expertise: Vec<String>,
    /// Special interests.
    #[graphql(default)]
    pub special_interests: Vec<String>,
    /// Kinds of council the mentor has worked in.
    #[graphql(default)]
    pub council_types: Vec<CouncilType>,
    /// Challenges met and things achieved.
    #[graphql(default)]
    pub challenges: String,
    /// What the mentor is responsible for today.
    #[graphql(default)]
    pub span_of_responsibility: String,
}

impl From<PersonDetailsInput> for mentor::PersonDetails {
    fn from(given: PersonDetailsInput) -> Self {
        Self {
            name: given.name,
            email: given.email,
            telephone: given.telephone,
        }
    }
}

impl From<ExperienceInput> for mentor::Experience {
    fn from(given: ExperienceInput) -> Self {
        Self {
            status: given.status.into(),
            retired_on: civil(given.retired_on),
            years_in_post: given.years_in_post,
        }
    }
}

impl From<PenPortraitInput> for mentor::PenPortrait {
    fn from(given: PenPortraitInput) -> Self {
        Self {
            background: given.background,
            expertise: given.expertise,
            special_interests: given.special_interests,
            council_types: given.council_types.into_iter().map(Into::into).collect(),
            challenges: given.challenges,
            span_of_responsibility: given.span_of_responsibility,
        }
    }
}

fn mentor_of(ids: Reader<'_>, id: &ID) -> Result<PersonId, Error> {
    ids.person("mentor", id)
}

mutations! {
    MentorMutations;

    /// Invites somebody to mentor, or records anew who an invited mentor is.
    "inviteMentor" invite_mentor
    /// What `inviteMentor` needs.
    input InviteMentorInput {
        /// The id of somebody the scheme knows already; a new person when absent.
        person: Option<ID>,
        /// How they are called and reached. The name is needed.
        details: PersonDetailsInput,
        /// The employer they work for, or last worked for: its id, or its bare code in the register.
        employer: Option<ID>,
        /// What decides whether they may mentor.
        experience: ExperienceInput,
    }
    /// What came of `inviteMentor`.
    payload InviteMentorPayload {
        /// The mentor; null when the command was refused, or only judged.
        mentor: Mentor
    }
    command(given, asked) {
        let ids = asked.view().ids();
        mentor::InviteMentor {
            person: ids.person_if_given("person", given.person.as_ref())?,
            details: given.details.clone().into(),
            employer: ids.employer_if_given("employer", given.employer.as_ref())?,
            experience: given.experience.clone().into(),
        }
    }
    changed(answer, command) {
        let invited = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::MentorInvited(invited) => Some(invited.mentor),
            _ => None,
        });
        invited.or(command.person).and_then(|person| answer.view.mentor(person))
    }

    /// Registers an invited mentor with a pen portrait. A changed one must be approved anew.
    "registerMentor" register_mentor
    /// What `registerMentor` needs.
    input RegisterMentorInput {
        /// The id of the mentor.
        mentor: ID,
        /// The pen portrait, in full.
        portrait: PenPortraitInput,
    }
    /// What came of `registerMentor`.
    payload RegisterMentorPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::RegisterMentor {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            portrait: given.portrait.clone().into(),
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Approves the pen portrait last registered, so that mentees may be shown it.
    "approvePenPortrait" approve_pen_portrait
    /// What `approvePenPortrait` needs.
    input ApprovePenPortraitInput {
        /// The id of the mentor, whose approval it is.
        mentor: ID,
    }
    /// What came of `approvePenPortrait`.
    payload ApprovePenPortraitPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::ApprovePenPortrait { mentor: mentor_of(asked.view().ids(), &given.mentor)? }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Records that a mentor took part in the scheme's induction seminar, on the day given as `happenedOn`.
    "recordInduction" record_induction
    /// What `recordInduction` needs.
    input RecordInductionInput {
        /// The id of the mentor.
        mentor: ID,
    }
    /// What came of `recordInduction`.
    payload RecordInductionPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::RecordInduction { mentor: mentor_of(asked.view().ids(), &given.mentor)? }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// States how many pairings a mentor takes at a time.
    "stateCapacity" state_capacity
    /// What `stateCapacity` needs.
    input StateCapacityInput {
        /// The id of the mentor.
        mentor: ID,
        /// Live pairings at a time; 0 for none at present.
        capacity: u16,
    }
    /// What came of `stateCapacity`.
    payload StateCapacityPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::StateCapacity {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            capacity: given.capacity,
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }
}

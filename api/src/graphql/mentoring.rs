//! Mentees: where they are, what the scheme offered them, what they hope for.

use super::{
    access::{Class, Query},
    appointment::Appointment,
    audit_trail::{AuditEntryConnection, Because},
    choice::MenteeChoice,
    command::mutations,
    connection::{Wanted, connection, weigh},
    consent::{Consent, OwnCharacteristics, SharedMatch},
    dashboard::Due,
    development::DevelopmentNewsConnection,
    entitlement::Entitlement,
    global_id::{Kind, Reader},
    induction_day::MenteeInductionDay,
    kinds::{ContactOutcome, OfferState, Stage, SupportElement, WaitsFor},
    matching::{MatchConnection, matches_page},
    mentor::Mentor,
    needs::{NeedsAnalysis, NeedsProfile},
    pairing::{PairingConnection, pairings_page},
    personal::{PersonalDayCount, PersonalText},
    preferences::{Preferences, PreferencesInput},
    scalars::{Date, civil, day},
    support::{Support, SupportTopic},
    view::View,
};
use crate::identity::standing::Thing;
use async_graphql::{Error, ID, Object};
use domain::{appointment::days_in_post, identifiers::PersonId, mentoring};
use projections::{board::Card, stage};

/// A mentee.
pub struct Mentee {
    pub(super) view: View,
    pub(super) state: mentoring::Mentee,
}

impl View {
    /// A mentee, if there is one and the caller may know of them.
    pub fn mentee(&self, person: PersonId) -> Option<Mentee> {
        let state = self.scheme().mentees.get(&person)?;
        let visible = self.may_see_mentee(person);
        visible.then(|| Mentee {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// The mentees at a stage, or at every stage, who has waited longest first; as far as the caller may know of them.
    pub fn mentees_page(
        &self,
        at: Option<Stage>,
        wanted: &Wanted<'_>,
    ) -> Result<MenteeConnection, Error> {
        self.ask(Query::Mentees)?;
        let board = &self.snapshot().board;
        let stages = stage::Stage::ALL
            .into_iter()
            .filter(|stage| at.is_none_or(|at| at == (*stage).into()));
        let cards = stages.flat_map(|stage| board.at(stage, None));
        let mut keys: Vec<_> = cards
            .filter(|card| {
                self.may(Query::Mentees, Thing::Person(card.mentee))
                    && self.may_see_mentee(card.mentee)
            })
            .map(|card| (card.since, card.mentee))
            .collect();
        keys.sort_unstable();
        let page = self.page(wanted, &keys)?;
        Ok(MenteeConnection::of(self, wanted.list, page, |key| {
            self.mentee(key.1)
        }))
    }
}

connection! {
    /// A page of mentees, who has been at their stage longest first.
    MenteeConnection, MenteeEdge, Mentee
}

/// Somebody who is mentored, or may be.
#[Object]
impl Mentee {
    /// The id of this person as a mentee.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Mentee, self.state.person)
    }

    /// The name they go by.
    async fn name(&self) -> PersonalText {
        self.view
            .detail(self.state.person, |details| details.name.clone())
    }

    /// Their electronic mail address.
    async fn email(&self) -> PersonalText {
        self.view
            .detail(self.state.person, |details| details.email.clone())
    }

    /// Their telephone number, as they write it.
    async fn telephone(&self) -> PersonalText {
        self.view
            .detail(self.state.person, |details| details.telephone.clone())
    }

    /// The consents they gave, in order. Null when you may not see them.
    async fn consents(&self) -> Option<Vec<Consent>> {
        self.view.consents_of(self.state.person)
    }

    /// What they say of their background. Null unless it is yourself.
    async fn characteristics(&self) -> Option<OwnCharacteristics> {
        self.view.characteristics_of(self.state.person)
    }

    /// The mentors put to you who may still be chosen, with what each says of themselves that you hope for: who shares most
    /// first. Null unless it is yourself; with your consent to `CHARACTERISTICS` withdrawn, nothing is shared.
    async fn shared_matches(
        &self,
        #[graphql(default, desc = "Only those who share anything.")] only_sharing: bool,
    ) -> Option<Vec<SharedMatch>> {
        self.view.shared_matches(&self.state, only_sharing)
    }

    /// Where they are on the way through the scheme. Null when you may not see it.
    async fn stage(&self) -> Option<Stage> {
        self.card().map(|card| card.stage.into())
    }

    /// The day they came to that stage. Null when you may not see it.
    async fn since(&self) -> Option<Date> {
        self.card().map(|card| card.since.into())
    }

    /// Who is to act next for them. Null when you may not see it.
    async fn waits_for(&self) -> Option<WaitsFor> {
        let card = self.card()?;
        Some(card.stage.waits_for(self.view.scheme(), &self.state).into())
    }

    /// What is due next for them, and by when. Null when nothing is, or when you may not see it.
    async fn due(&self) -> Option<Due> {
        self.card().and_then(|card| self.view.due(card))
    }

    /// How the scheme's offer of mentoring to them stands. Null when you may not see it.
    async fn offer(&self) -> Option<OfferState> {
        self.shown().then(|| self.state.offer.into())
    }

    /// The day the scheme first reached them. Null before that, or when you may not see it.
    async fn reached_on(&self) -> Option<Date> {
        day(self.state.reached_on).filter(|_| self.shown())
    }

    /// The day on which mentoring begins, as agreed. Null while none is agreed, or when you may not see it.
    async fn starts_on(&self) -> Option<Date> {
        day(self.state.starts_on).filter(|_| self.shown())
    }

    /// The days since they took up the post for which they are mentored; less than none until they do. It is worked out
    /// from sealed days and shown to the coordinator alone.
    async fn days_in_post(&self) -> PersonalDayCount {
        let (scheme, known) = (self.view.scheme(), self.view.particulars());
        let days = days_in_post(scheme, known, &self.state, self.view.today());
        self.view
            .personal(Class::TimeInPost, self.state.person, days)
            .into()
    }

    /// What they hope for in a mentor, and what mentors are told of them before they agree.
    async fn preferences(&self) -> Preferences {
        Preferences {
            view: self.view.clone(),
            mentee: self.state.person,
        }
    }

    /// What was tried, explained and agreed with them. Null when you may not see it.
    async fn support(&self) -> Option<Support> {
        self.view.support_of(&self.state)
    }

    /// What they said to the choice of mentors, and since when they wait for one. Null when you may not see it.
    async fn choice(&self) -> Option<MenteeChoice> {
        self.view.choice_of(&self.state)
    }

    /// How far they have come with the department's induction day. Null when you may not see it.
    async fn dfe_induction_day(&self) -> Option<MenteeInductionDay> {
        self.view.induction_day_of(&self.state)
    }

    /// Their analyses of needs, as far as you may know of them, in the order in which they were begun.
    async fn needs_analyses(&self) -> Vec<NeedsAnalysis> {
        self.view.needs_analyses(self.state.person)
    }

    /// Their profiles of needs, as far as you may see them, in the order in which they were written: the last one
    /// counts.
    async fn needs_profiles(&self) -> Vec<NeedsProfile> {
        self.view.needs_profiles(self.state.person)
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

    /// The posts they take up, as far as you may see them, in the order they became known.
    async fn appointments(&self) -> Vec<Appointment> {
        let all = self.state.appointments.iter();
        all.filter_map(|id| self.view.appointment(*id)).collect()
    }

    /// What they are entitled to. Null when you may not ask.
    async fn entitlement(&self) -> Option<Entitlement> {
        self.view.entitlement(self.state.person)
    }

    /// The same person as a mentor, where they are one too.
    async fn as_mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.state.person)
    }

    /// The matches they were offered, as far as you may see them, earliest last day for an answer first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn matches(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MatchConnection, Error>> {
        let wanted = Wanted {
            list: "mentee-matches",
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
            list: "mentee-pairings",
            first,
            after,
        };
        let own = &self.state.pairings;
        Some(pairings_page(&self.view, &wanted, |pairing| {
            own.contains(&pairing.id)
        }))
    }

    /// The entries of the history that brought them to their stage and that touched them since. Null when you may not
    /// see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection, Error>> {
        let positions = self.view.snapshot().board.card(self.state.person);
        let positions = positions
            .map(|card| card.because.clone())
            .unwrap_or_default();
        self.view
            .because(Because::Positions(positions), first, after)
            .await
            .transpose()
    }
}

impl Mentee {
    /// Whether the caller may see whether and how they took the offer up.
    fn shown(&self) -> bool {
        self.view.sees(Class::TakeUp, self.state.person)
    }

    fn card(&self) -> Option<&Card> {
        let card = self.view.snapshot().board.card(self.state.person);
        card.filter(|_| self.shown())
    }
}

fn mentee_of(ids: Reader<'_>, id: &ID) -> Result<PersonId, Error> {
    ids.person("mentee", id)
}

mutations! {
    MentoringMutations;

    /// Records an attempt to make contact. Say how in `channel`.
    "recordContact" record_contact
    /// What `recordContact` needs.
    input RecordContactInput {
        /// The id of the mentee.
        mentee: ID,
        /// How the attempt ended.
        outcome: ContactOutcome,
        /// What was explained.
        #[graphql(default)]
        explained: Vec<SupportTopic>,
    }
    /// What came of `recordContact`.
    payload RecordContactPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::RecordContact {
            mentee: mentee_of(asked.view().ids(), &given.mentee)?,
            outcome: given.outcome.into(),
            explained: given.explained.iter().copied().map(Into::into).collect(),
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Offers mentoring to somebody who is entitled.
    "offerMentoring" offer_mentoring
    /// What `offerMentoring` needs.
    input OfferMentoringInput {
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `offerMentoring`.
    payload OfferMentoringPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::OfferMentoring { mentee: mentee_of(asked.view().ids(), &given.mentee)? }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Records that somebody accepts mentoring, also after they once declined it.
    "acceptMentoring" accept_mentoring
    /// What `acceptMentoring` needs.
    input AcceptMentoringInput {
        /// The id of the mentee.
        mentee: ID,
        /// The parts of the support they chose; empty when that was not discussed.
        #[graphql(default)]
        elements: Vec<SupportElement>,
        /// The day on which mentoring begins, where that was agreed.
        starts_on: Option<Date>,
    }
    /// What came of `acceptMentoring`.
    payload AcceptMentoringPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::AcceptMentoring {
            mentee: mentee_of(asked.view().ids(), &given.mentee)?,
            elements: given.elements.iter().copied().map(Into::into).collect(),
            starts_on: civil(given.starts_on),
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Records that somebody declines mentoring. No reason is asked, and the offer stays open.
    "declineMentoring" decline_mentoring
    /// What `declineMentoring` needs.
    input DeclineMentoringInput {
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `declineMentoring`.
    payload DeclineMentoringPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::DeclineMentoring { mentee: mentee_of(asked.view().ids(), &given.mentee)? }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Agrees the day on which mentoring begins: the months of the entitlement run from it.
    "agreeStart" agree_start
    /// What `agreeStart` needs.
    input AgreeStartInput {
        /// The id of the mentee.
        mentee: ID,
        /// The day. It may lie before the post begins.
        starts_on: Date,
    }
    /// What came of `agreeStart`.
    payload AgreeStartPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::AgreeStart {
            mentee: mentee_of(asked.view().ids(), &given.mentee)?,
            starts_on: given.starts_on.into(),
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Records what a mentee hopes for in a mentor, in place of what was recorded before.
    "recordPreferences" record_preferences
    /// What `recordPreferences` needs.
    input RecordPreferencesInput {
        /// The id of the mentee.
        mentee: ID,
        /// What they hope for, in full.
        preferences: PreferencesInput,
    }
    /// What came of `recordPreferences`.
    payload RecordPreferencesPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::RecordPreferences {
            mentee: mentee_of(asked.view().ids(), &given.mentee)?,
            preferences: given.preferences.clone().into(),
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }
}

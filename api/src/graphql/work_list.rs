//! The coordinator's work list: what is due to whom, from which e-mail and telephone are run.

use super::{
    access::{Class, Query},
    audit_trail::{AuditEntryConnection, Because},
    command::mutations,
    connection::{Wanted, connection, weigh},
    global_id::Kind,
    induction_day::DfeInductionDay,
    kinds::Channel,
    matching::Match,
    mentor::Mentor,
    mentoring::Mentee,
    pairing::Pairing,
    personal::PersonalText,
    scalars::{Date, civil, day},
    view::View,
};
use crate::identity::{Role, access::Matrix};
use async_graphql::{Enum, Error, ID, InputObject, Object, SimpleObject};
use domain::{identifiers::PersonId, work_list};
use projections::work_list::{About, Item, Place, Sent, items};
use std::collections::BTreeMap;

/// What is due to somebody, and what a message to them is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::work_list::MessageKind")]
pub enum MessageKind {
    /// Confirm the facts an entitlement waits for. Due to a mentee.
    ConfirmFacts,
    /// Make the first contact. Due to a mentee.
    MakeContact,
    /// Offer mentoring. Due to a mentee.
    OfferMentoring,
    /// Answer the offer of mentoring. Whoever said no is not asked again.
    AnswerOffer,
    /// Offer mentors. Due to a mentee.
    OfferMatches,
    /// Look again whether somebody suits a mentee who waits.
    ReviewWaitingList,
    /// Answer a match before it lapses: the mentee first, and the mentor once the mentee has agreed.
    AnswerMatch,
    /// Form a pairing on which both sides have agreed. Due to a mentee.
    FormPairing,
    /// Agree when mentoring begins. Due to a mentee.
    AgreeStart,
    /// Ask how it goes. Due to each member of a pairing.
    CheckIn,
    /// Ring back a member of a pairing who asked for it.
    RingBack,
    /// Have a difficulty resolved. Due to a mentee.
    ResolveDifficulty,
    /// Judge with the mentee whether another mentor is to be found.
    JudgeReplacement,
    /// Send news of development. Due to each member of a pairing.
    SendDevelopmentNews,
    /// File a report on how well mentoring worked. Due to each member of a pairing that is over.
    FileReport,
    /// Give a mentor feedback at the end.
    GiveMentorFeedback,
    /// Talk over with a mentee what support comes next.
    DiscussOngoingSupport,
    /// Take up a place at the department's induction day, and tell whether one was there. Due to a mentee.
    AttendDfeInductionDay,
    /// Register with a pen portrait. Due to a mentor.
    Register,
    /// Approve the pen portrait. Due to a mentor.
    ApprovePenPortrait,
    /// Take part in the induction seminar. Due to a mentor.
    AttendSeminar,
}

/// The class of data an item tells of: whoever may not see that of anybody is not shown the item.
const fn class_of(kind: work_list::MessageKind) -> Class {
    use work_list::MessageKind;
    match kind {
        MessageKind::ConfirmFacts => Class::Eligibility,
        MessageKind::CheckIn | MessageKind::RingBack => Class::CheckIn,
        MessageKind::ResolveDifficulty => Class::Difficulty,
        MessageKind::SendDevelopmentNews => Class::DevelopmentNews,
        MessageKind::FileReport
        | MessageKind::GiveMentorFeedback
        | MessageKind::DiscussOngoingSupport => Class::Closing,
        MessageKind::MakeContact
        | MessageKind::OfferMentoring
        | MessageKind::AnswerOffer
        | MessageKind::OfferMatches
        | MessageKind::ReviewWaitingList
        | MessageKind::AnswerMatch
        | MessageKind::FormPairing
        | MessageKind::AgreeStart
        | MessageKind::JudgeReplacement
        | MessageKind::AttendDfeInductionDay
        | MessageKind::Register
        | MessageKind::ApprovePenPortrait
        | MessageKind::AttendSeminar => Class::TakeUp,
    }
}

/// Whether `role` is shown items of this kind.
pub fn is_shown(matrix: &Matrix, role: Role, kind: work_list::MessageKind) -> bool {
    matrix.class(role, class_of(kind)).of_all()
}

/// Which items of the work list you want; whatever is left out does not matter.
#[derive(Debug, Clone, Default, InputObject)]
pub struct WorkListFilter {
    /// Only these kinds.
    pub kinds: Option<Vec<MessageKind>>,
    /// Only what is due to this person: the id of a mentee, a mentor or a person.
    pub person: Option<ID>,
    /// Only what is to be looked at on this day or before.
    pub due_by: Option<Date>,
}

/// Something that somebody was sent, without what it said.
#[derive(Debug, Clone, SimpleObject)]
pub struct SentMessage {
    /// The day it was sent.
    pub on: Date,
    /// How it was sent.
    pub channel: Option<Channel>,
    /// The day on which it is to be looked at again; null for an attempt to make contact that was recorded as such.
    pub follow_up_on: Option<Date>,
}

impl From<&Sent> for SentMessage {
    fn from(sent: &Sent) -> Self {
        Self {
            on: sent.on.into(),
            channel: sent.channel.map(Into::into),
            follow_up_on: day(sent.follow_up_on),
        }
    }
}

connection! {
    /// A page of the work list, earliest day first, then by person.
    WorkListConnection, WorkListEdge, WorkListItem
}

/// Something that is due to somebody.
pub struct WorkListItem {
    view: View,
    item: Item,
}

/// Something that is due to somebody, until it is recorded as done.
#[Object]
impl WorkListItem {
    /// What is due.
    async fn kind(&self) -> MessageKind {
        self.item.place.kind.into()
    }

    /// The day on which to look at it: the follow-up of what was sent last, else the day it is due.
    async fn on(&self) -> Date {
        self.item.place.on.into()
    }

    /// The last day for it by the rule it rests on.
    async fn due_on(&self) -> Date {
        self.item.due_on.into()
    }

    /// Whether a working day has begun since the day on which to look at it.
    async fn overdue(&self) -> bool {
        self.item.is_overdue()
    }

    /// Working days since the day on which to look at it, up to today; 0 while it is not overdue.
    async fn working_days_overdue(&self) -> usize {
        self.item.working_days_overdue
    }

    /// The id of the person to whom it is due.
    async fn person(&self) -> ID {
        self.view.id(Kind::Person, self.item.place.person)
    }

    /// The name they go by.
    async fn name(&self) -> PersonalText {
        self.view
            .detail(self.item.place.person, |details| details.name.clone())
    }

    /// Their electronic mail address.
    async fn email(&self) -> PersonalText {
        self.view
            .detail(self.item.place.person, |details| details.email.clone())
    }

    /// Their telephone number, as they write it.
    async fn telephone(&self) -> PersonalText {
        self.view
            .detail(self.item.place.person, |details| details.telephone.clone())
    }

    /// The same person as a mentee; null where they are none.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.item.place.person)
    }

    /// The same person as a mentor; null where they are none.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.item.place.person)
    }

    /// The match it is about; null where it is about none.
    #[graphql(name = "match")]
    async fn offered_match(&self) -> Option<Match> {
        match self.item.place.about {
            About::Match(id) => self.view.offered_match(id),
            About::Person | About::Pairing(_) | About::InductionDay(_) => None,
        }
    }

    /// The pairing it is about; null where it is about none.
    async fn pairing(&self) -> Option<Pairing> {
        match self.item.place.about {
            About::Pairing(id) => self.view.pairing(id),
            About::Person | About::Match(_) | About::InductionDay(_) => None,
        }
    }

    /// The induction day of the department it is about; null where it is about none.
    async fn dfe_induction_day(&self) -> Option<DfeInductionDay> {
        match self.item.place.about {
            About::InductionDay(id) => self.view.induction_day(id),
            About::Person | About::Match(_) | About::Pairing(_) => None,
        }
    }

    /// What they were sent about it so far, earliest first: how they were reached, and when to follow it up.
    async fn sent(&self) -> Vec<SentMessage> {
        self.item.sent.iter().map(Into::into).collect()
    }

    /// The entries of the history behind it: of what it is about, and of the messages of its kind. Null when you may not
    /// see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection, Error>> {
        let because = Because::Positions(self.item.because(self.view.snapshot()));
        self.view.because(because, first, after).await.transpose()
    }
}

impl View {
    /// The page of the work list that is asked for, as far as the caller may see what it tells of.
    pub fn work_list(
        &self,
        filter: Option<WorkListFilter>,
        wanted: &Wanted<'_>,
    ) -> Result<WorkListConnection, Error> {
        self.ask_of_all(Query::WorkList)?;
        let filter = filter.unwrap_or_default();
        let person = self
            .ids()
            .person_if_given("filter.person", filter.person.as_ref())?;
        let kinds = filter.kinds;
        let due_by = civil(filter.due_by);
        let knows_days = self.sees_of_all(Class::Employment);
        let all = items(self.snapshot(), self.today(), knows_days);
        let wished = all.into_iter().filter(|item| {
            let Place {
                on,
                person: to,
                kind,
                ..
            } = item.place;
            let of_kind = |kinds: &Vec<MessageKind>| kinds.contains(&kind.into());
            kinds.as_ref().is_none_or(of_kind)
                && person.is_none_or(|person| person == to)
                && due_by.is_none_or(|day| on <= day)
                && is_shown(self.matrix(), self.caller().role, kind)
        });
        let mut wished: BTreeMap<Place, Item> = wished.map(|item| (item.place, item)).collect();
        let keys: Vec<Place> = wished.keys().copied().collect();
        let page = self.page(wanted, &keys)?;
        Ok(WorkListConnection::of(self, wanted.list, page, |place| {
            Some(WorkListItem {
                view: self.clone(),
                item: wished.remove(&place)?,
            })
        }))
    }

    /// What somebody was sent of one kind, earliest first.
    fn messages(&self, person: PersonId, kind: work_list::MessageKind) -> Vec<SentMessage> {
        let all = self.scheme().messages_to(person).iter();
        let mut of_kind: Vec<_> = all.filter(|message| message.kind == kind).collect();
        of_kind.sort_by_key(|message| message.on);
        let sent = of_kind.into_iter().map(|message| SentMessage {
            on: message.on.into(),
            channel: message.channel.map(Into::into),
            follow_up_on: Some(message.follow_up_on.into()),
        });
        sent.collect()
    }
}

mutations! {
    WorkListMutations;

    /// Records that a message was sent to somebody: say how in `channel`. What it said is not recorded. The item of the
    /// work list moves to its follow-up, and is gone once what it is about is recorded as done. A message about a first
    /// contact is an attempt to make contact too, and one about a report a reminder of it.
    "recordMessageSent" record_message_sent
    /// What `recordMessageSent` needs.
    input RecordMessageSentInput {
        /// The id of the person: of a mentee, a mentor or a person.
        person: ID,
        /// What it was about.
        kind: MessageKind,
        /// The day on which to look at it again; so many working days later by the policy when absent.
        follow_up_on: Option<Date>,
    }
    /// What came of `recordMessageSent`.
    payload RecordMessageSentPayload {
        /// Everything they were sent of this kind, earliest first; null when the command was refused.
        sent: Vec<SentMessage>
    }
    command(given, asked) {
        work_list::RecordMessageSent {
            person: asked.view().ids().person("person", &given.person)?,
            kind: given.kind.into(),
            follow_up_on: civil(given.follow_up_on),
        }
    }
    changed(answer, command) { Some(answer.view.messages(command.person, command.kind)) }
}

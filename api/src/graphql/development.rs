//! Opportunities for development, and the news of them that mentors and mentees are sent. Nothing says who read it.

use super::{
    access::{Class, Query},
    command::mutations,
    connection::{Wanted, connection},
    error::{Code, field_error},
    global_id::{Kind, Reader},
    kinds::{Channel, Side},
    mentor::Mentor,
    mentoring::Mentee,
    pairing::PairingConnection,
    scalars::{Date, civil, day},
    view::View,
};
use crate::identity::standing::Thing;
use async_graphql::{Enum, Error, ID, Object};
use domain::{
    Event,
    development::{self, Received, Recipients},
    identifiers::{OpportunityId, PersonId},
    pairing,
};
use jiff::civil::Date as Day;

/// What an opportunity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::development::OpportunityKind")]
pub enum OpportunityKind {
    /// Something to read or to study.
    Reading,
    /// A briefing, a seminar or a conference.
    Briefing,
    /// A visit to another service.
    Visit,
    /// A short, intensive programme of skills.
    ShortProgramme,
    /// A longer programme of study or skills.
    LongProgramme,
    /// Something else.
    Other,
}

/// To whom news is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum NewsAudience {
    /// Every mentor who takes part or pauses, and every mentee whose mentoring is not over.
    Everybody,
    /// Every mentor who takes part or pauses.
    Mentors,
    /// Every mentee who accepted mentoring, until it is over.
    Mentees,
    /// The mentor of the mentee for whom it was picked: name them in `pickedFor`.
    MentorOfMentee,
    /// The mentee for whom it was picked: name them in `pickedFor`.
    Mentee,
}

/// An opportunity.
pub struct DevelopmentOpportunity {
    view: View,
    state: development::Opportunity,
}

/// An opportunity for development that the scheme announced. It is nobody's personal data.
#[Object]
impl DevelopmentOpportunity {
    /// The id of the opportunity.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::DevelopmentOpportunity, self.state.id)
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.state.title
    }

    /// What it is.
    async fn kind(&self) -> OpportunityKind {
        self.state.kind.into()
    }

    /// When it is; null where it is open at any time.
    async fn on(&self) -> Option<Date> {
        day(self.state.on)
    }

    /// Where it is or where to find it, a place or a link; null where nothing was said.
    async fn place(&self) -> Option<&str> {
        self.state.place.as_deref()
    }

    /// The day it was first announced.
    async fn announced_on(&self) -> Date {
        self.state.announced_on.into()
    }

    /// How many people were sent news of it. Null when you may not see it.
    async fn sent_count(&self) -> Option<usize> {
        let received = self.view.scheme().development.received.values();
        let sent = received.filter(|news| {
            let mut news = news.iter();
            news.any(|news| news.opportunity == self.state.id)
        });
        let shown = self.view.sees_of_all(Class::DevelopmentNews);
        shown.then(|| sent.count())
    }
}

connection! {
    /// A page of the news somebody was sent, earliest first.
    DevelopmentNewsConnection, DevelopmentNewsEdge, DevelopmentNews
}

/// A piece of news.
pub struct DevelopmentNews {
    view: View,
    news: Received,
}

/// A piece of news of an opportunity that somebody was sent.
#[Object]
impl DevelopmentNews {
    /// The opportunity.
    async fn opportunity(&self) -> Option<DevelopmentOpportunity> {
        self.view.opportunity(self.news.opportunity)
    }

    /// The day it was sent.
    async fn on(&self) -> Date {
        self.news.on.into()
    }

    /// How it was sent.
    async fn channel(&self) -> Option<Channel> {
        self.news.channel.map(Into::into)
    }

    /// The mentee for whom it was picked; null where it was sent to all, or when you may not see them.
    async fn picked_for(&self) -> Option<Mentee> {
        self.news
            .picked_for
            .and_then(|mentee| self.view.mentee(mentee))
    }
}

/// How it stands with news to a member of a pairing.
pub struct NewsStanding {
    view: View,
    person: PersonId,
    side: domain::matching::Side,
    last_on: Option<Day>,
    due_on: Option<Day>,
}

/// How it stands with news of development to a member of a pairing.
#[Object]
impl NewsStanding {
    /// On which side they are.
    async fn side(&self) -> Side {
        self.side.into()
    }

    /// The member, where that is a mentee you may see.
    async fn mentee(&self) -> Option<Mentee> {
        let of_side = self.side == domain::matching::Side::Mentee;
        self.view.mentee(self.person).filter(|_| of_side)
    }

    /// The member, where that is a mentor you may see.
    async fn mentor(&self) -> Option<Mentor> {
        let of_side = self.side == domain::matching::Side::Mentor;
        self.view.mentor(self.person).filter(|_| of_side)
    }

    /// The day on which they were last sent news; null when they never were.
    async fn last_on(&self) -> Option<Date> {
        day(self.last_on)
    }

    /// The day by which they are due news again; null when the pairing is over.
    async fn due_on(&self) -> Option<Date> {
        day(self.due_on)
    }

    /// Whether that day has come.
    async fn is_due(&self) -> bool {
        self.due_on
            .is_some_and(|due_on| due_on <= self.view.today())
    }
}

impl View {
    /// An opportunity, if there is one and the caller may know of it: of all, or of what they were sent themselves.
    pub fn opportunity(&self, id: OpportunityId) -> Option<DevelopmentOpportunity> {
        let visible = self.may(Query::DevelopmentOpportunities, Thing::Opportunity(id));
        let state = self.scheme().development.opportunities.get(&id)?;
        visible.then(|| DevelopmentOpportunity {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// Every opportunity the caller may know of, in the order in which they were first announced.
    pub fn opportunities(&self) -> Result<Vec<DevelopmentOpportunity>, Error> {
        self.ask(Query::DevelopmentOpportunities)?;
        let all = self.scheme().development.opportunities.values();
        let mut keys: Vec<_> = all.map(|known| (known.announced_on, known.id)).collect();
        keys.sort_unstable();
        let found = keys.into_iter().filter_map(|(_, id)| self.opportunity(id));
        Ok(found.collect())
    }

    /// The page of the news somebody was sent; nothing when the caller may not see it.
    pub fn news_of(
        &self,
        person: PersonId,
        first: Option<i32>,
        after: Option<String>,
    ) -> Option<Result<DevelopmentNewsConnection, Error>> {
        if !self.sees(Class::DevelopmentNews, person) {
            return None;
        }
        let received = self.scheme().development.received_by(person);
        let mut keys: Vec<_> = received
            .iter()
            .map(|news| (news.on, news.position))
            .collect();
        keys.sort_unstable();
        let list = "development-news";
        let page = self.page(&Wanted { list, first, after }, &keys);
        Some(page.map(|page| {
            DevelopmentNewsConnection::of(self, list, page, |(_, position)| {
                let news = *received.iter().find(|news| news.position == position)?;
                Some(DevelopmentNews {
                    view: self.clone(),
                    news,
                })
            })
        }))
    }

    /// How it stands with news to each member of a pairing, if the caller may see it.
    pub fn news_standing(&self, pairing: &pairing::Pairing) -> Option<Vec<NewsStanding>> {
        if !self.sees_of_all(Class::DevelopmentNews) {
            return None;
        }
        let members = pairing.members().map(|(person, side)| NewsStanding {
            view: self.clone(),
            person,
            side,
            last_on: self.scheme().development.last_news(person),
            due_on: self.news_due(pairing, person),
        });
        Some(members.collect())
    }

    /// The live pairings, those first in which news is due first.
    pub fn pairings_by_news(&self, wanted: &Wanted<'_>) -> Result<PairingConnection, Error> {
        let live = self.scheme().pairings.values();
        let mut keys: Vec<_> = live
            .filter(|pairing| self.may_see_pairing(pairing))
            .filter_map(|pairing| {
                let members = pairing.members();
                let due = members.filter_map(|(person, _)| self.news_due(pairing, person));
                Some((due.min()?, pairing.id))
            })
            .collect();
        keys.sort_unstable();
        let page = self.page(wanted, &keys)?;
        Ok(PairingConnection::of(self, wanted.list, page, |key| {
            self.pairing(key.1)
        }))
    }

    fn news_due(&self, pairing: &pairing::Pairing, member: PersonId) -> Option<Day> {
        let policy = self.scheme().policy_on(self.today())?;
        let development = &self.scheme().development;
        pairing
            .is_live()
            .then(|| development.news_due(pairing, member, &policy.work_list))
    }
}

/// To whom news goes, where the audience and the mentee for whom it was picked fit together.
fn recipients(
    ids: Reader<'_>,
    audience: NewsAudience,
    picked_for: Option<&ID>,
) -> Result<Recipients, Error> {
    let mentee = ids.person_if_given("pickedFor", picked_for)?;
    match (audience, mentee) {
        (NewsAudience::Everybody, None) => Ok(Recipients::Everybody),
        (NewsAudience::Mentors, None) => Ok(Recipients::Mentors),
        (NewsAudience::Mentees, None) => Ok(Recipients::Mentees),
        (NewsAudience::MentorOfMentee, Some(mentee)) => Ok(Recipients::MentorOf(mentee)),
        (NewsAudience::Mentee, Some(mentee)) => Ok(Recipients::Mentee(mentee)),
        _ => Err(field_error(
            Code::InvalidInput,
            "pickedFor",
            "Name the mentee for whom it was picked where it goes to them or to their mentor, and nowhere else.",
        )),
    }
}

mutations! {
    DevelopmentMutations;

    /// Announces an opportunity for development, or says anew what it is. It stands in clear for ever: it must name nobody.
    "announceDevelopment" announce_development
    /// What `announceDevelopment` needs.
    input AnnounceDevelopmentInput {
        /// The id of an opportunity announced before; a new one when absent.
        opportunity: Option<ID>,
        /// What it is called, in at most 200 bytes.
        title: String,
        /// What it is.
        kind: OpportunityKind,
        /// When it is; absent where it is open at any time.
        on: Option<Date>,
        /// Where it is or where to find it, a place or a link, in at most 500 bytes and without an electronic mail address.
        place: Option<String>,
    }
    /// What came of `announceDevelopment`.
    payload AnnounceDevelopmentPayload {
        /// The opportunity; null when the command was refused, only judged, or when the very same was announced already.
        opportunity: DevelopmentOpportunity
    }
    command(given, asked) {
        let ids = asked.view().ids();
        development::AnnounceDevelopment {
            opportunity: given.opportunity.as_ref().map(|id| ids.opportunity("opportunity", id)).transpose()?,
            title: given.title.clone(),
            kind: given.kind.into(),
            on: civil(given.on),
            place: given.place.clone(),
        }
    }
    changed(answer, command) {
        let announced = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::DevelopmentAnnounced(announced) => Some(announced.opportunity),
            _ => None,
        });
        announced.or(command.opportunity).and_then(|id| answer.view.opportunity(id))
    }

    /// Records that news of an opportunity was sent to mentors and mentees, or to one mentee or their mentor: say how in
    /// `channel`. Who read it is not recorded.
    "sendDevelopmentNews" send_development_news
    /// What `sendDevelopmentNews` needs.
    input SendDevelopmentNewsInput {
        /// The id of the opportunity.
        opportunity: ID,
        /// To whom it was sent.
        to: NewsAudience,
        /// The id of the mentee for whom it was picked, where it went to them or to their mentor.
        picked_for: Option<ID>,
    }
    /// What came of `sendDevelopmentNews`.
    payload SendDevelopmentNewsPayload {
        /// The opportunity; null when the command was refused.
        opportunity: DevelopmentOpportunity
    }
    command(given, asked) {
        let ids = asked.view().ids();
        development::SendDevelopmentNews {
            opportunity: ids.opportunity("opportunity", &given.opportunity)?,
            to: recipients(ids, given.to, given.picked_for.as_ref())?,
        }
    }
    changed(answer, command) { answer.view.opportunity(command.opportunity) }
}

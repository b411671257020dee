//! Opportunities for development, and the news of them that mentors and mentees are sent (R023, R071, R125, R126).
//!
//! ```text
//!  announced ──▶ sent to everybody, to mentors, to mentees, or picked for one mentee: to them or to their mentor
//! ```
//!
//! An opportunity is nobody's personal data: a title, a kind, a day and where to find it, as a college would print them.
//! So it stands in clear, short, and without an electronic mail address, which may name somebody. What is kept of the
//! news is to whom it was sent and when. There is deliberately nothing that says whether anybody read it.

mod decide;
mod event;
#[cfg(test)]
mod tests;

use crate::{
    Channel,
    identifiers::{OpportunityId, PersonId},
    pairing::Pairing,
    policy::WorkListRule,
};
pub(crate) use decide::{announce, send_news};
pub use event::{Audience, DevelopmentAnnounced, DevelopmentNewsSent, OpportunityKind};
use jiff::{ToSpan, civil::Date};
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

/// Announces an opportunity, or says anew what one announced before is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnounceDevelopment {
    /// An opportunity announced before; a new one when absent.
    pub opportunity: Option<OpportunityId>,
    /// What it is called. It names nobody.
    pub title: String,
    /// What it is.
    pub kind: OpportunityKind,
    /// When it is; absent where it is open at any time.
    pub on: Option<Date>,
    /// Where it is or where to find it, a place or a link. It names nobody.
    pub place: Option<String>,
}

/// Records that news of an opportunity was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendDevelopmentNews {
    /// The opportunity.
    pub opportunity: OpportunityId,
    /// To whom.
    pub to: Recipients,
}

/// To whom news is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipients {
    /// Every mentor and mentee of the scheme.
    Everybody,
    /// Every mentor.
    Mentors,
    /// Every mentee.
    Mentees,
    /// The mentor of this mentee, for whom it was picked.
    MentorOf(PersonId),
    /// This mentee, for whom it was picked.
    Mentee(PersonId),
}

/// An opportunity that was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opportunity {
    /// The opportunity.
    pub id: OpportunityId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: OpportunityKind,
    /// When it is; absent where it is open at any time.
    pub on: Option<Date>,
    /// Where it is or where to find it.
    pub place: Option<String>,
    /// When it was first announced.
    pub announced_on: Date,
}

/// A piece of news that somebody was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// What it was about.
    pub opportunity: OpportunityId,
    /// When it was sent.
    pub on: Date,
    /// How.
    pub channel: Option<Channel>,
    /// The mentee for whom it was picked, where it was.
    pub picked_for: Option<PersonId>,
    /// Where the record of it stands.
    pub position: u64,
}

/// Every opportunity, and what news of them everybody was sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Development {
    /// The opportunities.
    pub opportunities: HashTrieMapSync<OpportunityId, Opportunity>,
    /// What each person was sent, in the order in which it was recorded.
    pub received: HashTrieMapSync<PersonId, Vec<Received>>,
}

impl Development {
    /// What somebody was sent, in the order in which it was recorded.
    #[must_use]
    pub fn received_by(&self, person: PersonId) -> &[Received] {
        self.received.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The day on which somebody was last sent news.
    #[must_use]
    pub fn last_news(&self, person: PersonId) -> Option<Date> {
        self.received_by(person).iter().map(|news| news.on).max()
    }

    /// The day by which a member of a live pairing is due news: so many months after the last, or after the pairing was
    /// formed (R071).
    #[must_use]
    pub fn news_due(&self, pairing: &Pairing, member: PersonId, rule: &WorkListRule) -> Date {
        let last = self.last_news(member).unwrap_or(pairing.formed_on);
        let months = i32::from(rule.development_news_months).months();
        last.max(pairing.formed_on).saturating_add(months)
    }

    pub(crate) fn announced(&mut self, announced: &DevelopmentAnnounced, on: Date) {
        let before = self.opportunities.get(&announced.opportunity);
        let opportunity = Opportunity {
            id: announced.opportunity,
            title: announced.title.clone(),
            kind: announced.kind,
            on: announced.on,
            place: announced.place.clone(),
            announced_on: before.map_or(on, |before| before.announced_on),
        };
        self.opportunities.insert_mut(opportunity.id, opportunity);
    }

    pub(crate) fn sent(&mut self, people: &[PersonId], news: Received) {
        for person in people {
            match self.received.get_mut(person) {
                Some(received) => received.push(news),
                None => self.received.insert_mut(*person, vec![news]),
            }
        }
    }
}

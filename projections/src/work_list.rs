//! The coordinator's work list: what is due to whom, by which day, and what they were sent about it so far.
//!
//! It keeps nothing. Where somebody is, what is owed and what falls due is known already (to the board, to the rules of
//! each feature, to the policy); this puts it in one order, by person. An item that was sent moves to the day of its
//! follow-up, and is gone when what it is about is recorded as done.

mod mentees;
mod pairings;

use crate::{Snapshot, stage::MentorStage, trail::Filter};
use domain::{
    Channel,
    identifiers::{InductionDayId, MatchId, PairingId, PersonId},
    mentor::Mentor,
    scheme::Terms,
    work_list::MessageKind,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an item is about, beside the person to whom it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum About {
    /// Their own way through the scheme.
    Person,
    /// A match.
    Match(MatchId),
    /// A pairing.
    Pairing(PairingId),
    /// An induction day of the department.
    InductionDay(InductionDayId),
}

/// What an item is named by, in the order in which items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The day on which it is to be looked at.
    pub on: Date,
    /// To whom it is due.
    pub person: PersonId,
    /// What is due.
    pub kind: MessageKind,
    /// What it is about.
    pub about: About,
}

/// Something that somebody was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub on: Date,
    /// How.
    pub channel: Option<Channel>,
    /// When it is to be looked at again; absent for an attempt to make contact that was recorded as such.
    pub follow_up_on: Option<Date>,
}

/// Something that is due to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is named by.
    pub place: Place,
    /// The last day for it by the rule it rests on.
    pub due_on: Date,
    /// What they were sent about it, earliest first.
    pub sent: Vec<Sent>,
    /// Working days since the day on which it was to be looked at; none while it is not overdue.
    pub working_days_overdue: usize,
}

impl Item {
    /// Whether a working day has begun since the day on which it was to be looked at.
    #[must_use]
    pub const fn is_overdue(&self) -> bool {
        self.working_days_overdue > 0
    }

    /// The positions of the events behind it: of what it is about, and of the messages of its kind.
    #[must_use]
    pub fn because(&self, snapshot: &Snapshot) -> Vec<u64> {
        let Place {
            person,
            kind,
            about,
            ..
        } = self.place;
        let of = |subject: Uuid| {
            let filter = Filter {
                subject: Some(subject),
                ..Filter::default()
            };
            snapshot.trail.forward(&filter, 0, usize::MAX)
        };
        let mut positions = match about {
            About::Person => snapshot
                .board
                .card(person)
                .map_or_else(|| of(person.0), |card| card.because.clone()),
            About::Match(id) => of(id.0),
            About::Pairing(id) => of(id.0),
            About::InductionDay(id) => of(id.0),
        };
        let messages = snapshot.scheme.messages_to(person).iter();
        let of_kind = messages.filter(|message| message.kind == kind);
        positions.extend(of_kind.map(|message| message.position));
        if kind == MessageKind::SendDevelopmentNews {
            let received = snapshot.scheme.development.received_by(person).last();
            positions.extend(received.map(|news| news.position));
        }
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

/// Everything that is due to anybody, earliest day first, then by person.
///
/// A first contact is due before the post begins, so its day tells of a sealed one: it is used only where `knows_days`.
#[must_use]
pub fn items(snapshot: &Snapshot, today: Date, knows_days: bool) -> Vec<Item> {
    let Ok(terms) = snapshot.scheme.terms(today) else {
        return Vec::new();
    };
    let desk = Desk {
        snapshot,
        terms,
        today,
        knows_days,
    };
    let mut items = desk.of_mentees();
    items.extend(desk.of_pairings());
    items.extend(desk.of_mentors());
    // Nothing is due to somebody who was forgotten, whatever they were in with others.
    items.retain(|item| !snapshot.scheme.erasures.is_erased(item.place.person));
    items.sort_unstable_by_key(|item| item.place);
    items
}

/// The desk at which the list is made: the state, the rules in force and the day.
struct Desk<'a> {
    snapshot: &'a Snapshot,
    terms: Terms<'a>,
    today: Date,
    knows_days: bool,
}

/// Something due, before it is known what was sent about it.
struct Waiting {
    kind: MessageKind,
    person: PersonId,
    about: About,
    /// The last day for it.
    due_on: Date,
    /// The first day on which a message can have been about it.
    since: Date,
}

impl Desk<'_> {
    /// What waits for mentors themselves, and for the next seminar.
    fn of_mentors(&self) -> Vec<Item> {
        let all = self.snapshot.scheme.mentors.values();
        all.filter_map(|mentor| self.of_mentor(mentor)).collect()
    }

    fn of_mentor(&self, mentor: &Mentor) -> Option<Item> {
        let stage = MentorStage::of(mentor, self.terms.policy.mentors.capacity_default);
        let kind = match stage {
            MentorStage::Invited => MessageKind::Register,
            MentorStage::ToApprove => MessageKind::ApprovePenPortrait,
            MentorStage::ToInduct => MessageKind::AttendSeminar,
            MentorStage::Available
            | MentorStage::Full
            | MentorStage::Paused
            | MentorStage::Gone => return None,
        };
        Some(self.item(&Waiting {
            kind,
            person: mentor.person,
            about: About::Person,
            due_on: self.answered_by(mentor.since),
            since: mentor.since,
        }))
    }

    /// The item of what waits, with what was sent about it.
    fn item(&self, waiting: &Waiting) -> Item {
        let Waiting {
            kind,
            person,
            about,
            due_on,
            since,
        } = *waiting;
        let scheme = &self.snapshot.scheme;
        let messages = scheme.messages_to(person).iter();
        let about_it = messages.filter(|sent| sent.kind == kind && sent.on >= since);
        let mut sent: Vec<Sent> = about_it
            .map(|message| Sent {
                on: message.on,
                channel: message.channel,
                follow_up_on: Some(message.follow_up_on),
            })
            .collect();
        if kind == MessageKind::MakeContact {
            sent.extend(self.attempts_beside(person, &sent));
        }
        sent.sort_by_key(|sent| sent.on);
        let followed_up = sent.iter().rev().find_map(|sent| sent.follow_up_on);
        let on = followed_up.unwrap_or(due_on);
        Item {
            place: Place {
                on,
                person,
                kind,
                about,
            },
            due_on,
            sent,
            working_days_overdue: self.terms.calendar.working_days_between(on, self.today),
        }
    }

    /// The attempts to make contact that no message of the list tells of.
    fn attempts_beside(&self, person: PersonId, told: &[Sent]) -> Vec<Sent> {
        let mentee = self.snapshot.scheme.mentees.get(&person);
        let attempts = mentee.into_iter().flat_map(|mentee| &mentee.attempts);
        let untold = attempts.filter(|attempt| {
            let mut told = told.iter();
            !told.any(|sent| (sent.on, sent.channel) == (attempt.on, attempt.channel))
        });
        untold
            .map(|attempt| Sent {
                on: attempt.on,
                channel: attempt.channel,
                follow_up_on: None,
            })
            .collect()
    }

    /// The day by which the coordinator is to act on what has waited since `since`.
    fn acted_by(&self, since: Date) -> Date {
        self.working_days_after(since, self.terms.policy.work_list.act_working_days)
    }

    /// The day by which an answer is hoped for that was asked for on `since`.
    fn answered_by(&self, since: Date) -> Date {
        self.working_days_after(since, self.terms.policy.work_list.answer_working_days)
    }

    fn working_days_after(&self, since: Date, days: u16) -> Date {
        self.terms.calendar.add_working_days(since, days)
    }
}

#[cfg(test)]
mod tests;

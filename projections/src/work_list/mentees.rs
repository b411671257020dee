//! What is due to mentees on their way to a pairing, and what a mentor is asked about them.

use super::{About, Desk, Item, Waiting};
use crate::{board::Card, stage::Stage};
use domain::{induction_day::Place, mentoring::Mentee, work_list::MessageKind};
use jiff::civil::Date;

/// The stages at which something is due to the mentee or because of them.
const ON_THE_WAY: [Stage; 8] = [
    Stage::ToConfirm,
    Stage::ToContact,
    Stage::ToOffer,
    Stage::Offered,
    Stage::ToMatch,
    Stage::Matching,
    Stage::ToForm,
    Stage::BrokenDown,
];

impl Desk<'_> {
    pub(super) fn of_mentees(&self) -> Vec<Item> {
        let board = &self.snapshot.board;
        let cards = ON_THE_WAY
            .into_iter()
            .flat_map(|stage| board.at(stage, None));
        let on_the_way = cards.flat_map(|card| self.of_card(card));
        let mentees = self.snapshot.scheme.mentees.values();
        let placed = mentees.filter_map(|mentee| self.of_place(mentee));
        let all: Vec<Waiting> = on_the_way.chain(placed).collect();
        all.iter().map(|waiting| self.item(waiting)).collect()
    }

    fn of_card(&self, card: &Card) -> Vec<Waiting> {
        let Some(mentee) = self.snapshot.scheme.mentees.get(&card.mentee) else {
            return Vec::new();
        };
        let since = card.since;
        let one = |kind, due_on| {
            vec![Waiting {
                kind,
                person: card.mentee,
                about: About::Person,
                due_on,
                since,
            }]
        };
        match card.stage {
            Stage::ToConfirm => one(MessageKind::ConfirmFacts, self.acted_by(since)),
            Stage::ToContact => one(MessageKind::MakeContact, self.by_the_board(card)),
            Stage::ToOffer => one(MessageKind::OfferMentoring, self.acted_by(since)),
            Stage::Offered => one(MessageKind::AnswerOffer, self.answered_by(since)),
            Stage::ToMatch => match mentee.waiting_since {
                None => one(MessageKind::OfferMatches, self.acted_by(since)),
                Some(waiting_since) => vec![self.of_waiting_list(mentee, waiting_since)],
            },
            Stage::Matching => self.of_matches(mentee, card),
            Stage::ToForm => one(MessageKind::FormPairing, self.acted_by(since)),
            Stage::BrokenDown => one(MessageKind::JudgeReplacement, self.acted_by(since)),
            Stage::Paired
            | Stage::Paused
            | Stage::Evaluating
            | Stage::Ended
            | Stage::Declined
            | Stage::NotEligible
            | Stage::Unlinked
            | Stage::Erased => Vec::new(),
        }
    }

    fn of_waiting_list(&self, mentee: &Mentee, since: Date) -> Waiting {
        let days = self.terms.policy.work_list.waiting_list_working_days;
        Waiting {
            kind: MessageKind::ReviewWaitingList,
            person: mentee.person,
            about: About::Person,
            due_on: self.working_days_after(since, days),
            since,
        }
    }

    /// A mentee chooses first, among all they were offered; once they have agreed to somebody, that mentor is asked.
    fn of_matches(&self, mentee: &Mentee, card: &Card) -> Vec<Waiting> {
        let open = self.snapshot.scheme.open_matches(mentee);
        let asked: Vec<Waiting> = open
            .filter_map(|chosen| {
                Some(Waiting {
                    kind: MessageKind::AnswerMatch,
                    person: chosen.mentor,
                    about: About::Match(chosen.id),
                    due_on: chosen.answer_by,
                    since: chosen.mentee_agreed_on?,
                })
            })
            .collect();
        if !asked.is_empty() {
            return asked;
        }
        vec![Waiting {
            kind: MessageKind::AnswerMatch,
            person: mentee.person,
            about: About::Person,
            due_on: self.by_the_board(card),
            since: card.since,
        }]
    }

    /// A place at an induction day, until it is told whether they were there.
    fn of_place(&self, mentee: &Mentee) -> Option<Waiting> {
        let Place::Given(id) = mentee.induction_day else {
            return None;
        };
        let day = self.snapshot.scheme.induction_days.days.get(&id)?;
        Some(Waiting {
            kind: MessageKind::AttendDfeInductionDay,
            person: mentee.person,
            about: About::InductionDay(id),
            due_on: day.on,
            since: Date::MIN,
        })
    }

    /// The day the board has for a card; as the coordinator's other acts where it has none.
    fn by_the_board(&self, card: &Card) -> Date {
        let particulars = self.knows_days.then_some(&self.snapshot.particulars);
        let scheme = &self.snapshot.scheme;
        let due = self
            .snapshot
            .board
            .due(card, scheme, particulars, self.today);
        due.map_or_else(|| self.acted_by(card.since), |due| due.on)
    }
}

//! News of development that the office sends round, and what it picks for somebody; and what it sends to ask how it goes.
//!
//! It is written down last, so that nothing it draws changes what else happens.

use super::{
    meetings::Pair,
    office::Office,
    script::{Moment, Word},
};
use domain::{
    Channel,
    development::{AnnounceDevelopment, OpportunityKind, Recipients, SendDevelopmentNews},
    identifiers::OpportunityId,
    work_list::{MessageKind, RecordMessageSent},
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};

/// What was announced, on which day, and when it takes place.
const OPPORTUNITIES: [(Date, &str, OpportunityKind, Option<Date>); 7] = [
    (
        date(2025, 2, 3),
        "Leading a service through inspection",
        OpportunityKind::ShortProgramme,
        Some(date(2025, 4, 8)),
    ),
    (
        date(2025, 5, 12),
        "Money and demand in children's services",
        OpportunityKind::Briefing,
        Some(date(2025, 6, 19)),
    ),
    (
        date(2025, 9, 1),
        "A year of systems leadership",
        OpportunityKind::LongProgramme,
        Some(date(2025, 11, 4)),
    ),
    (
        date(2025, 12, 1),
        "What early help can look like: three days with another council",
        OpportunityKind::Visit,
        None,
    ),
    (
        date(2026, 3, 2),
        "Reading on practice leadership",
        OpportunityKind::Reading,
        None,
    ),
    (
        date(2026, 6, 1),
        "Working with the lead member",
        OpportunityKind::Briefing,
        Some(date(2026, 7, 7)),
    ),
    (
        date(2026, 9, 7),
        "Partnership in safeguarding",
        OpportunityKind::ShortProgramme,
        Some(date(2026, 12, 2)),
    ),
];
/// Something is picked for one in so many of those who were paired.
const PICKED: usize = 4;
/// Pairings formed from this day on are asked by e-mail how it goes.
const ASKED_FROM: Date = date(2026, 5, 1);

impl Office {
    pub(super) fn development(&mut self) {
        let announced: Vec<(Date, OpportunityId)> = OPPORTUNITIES
            .into_iter()
            .map(|(on, title, kind, held)| (on, self.announced(on, title, kind, held)))
            .collect();
        let pairs = std::mem::take(&mut self.pairs);
        for (number, pair) in pairs.iter().step_by(PICKED).enumerate() {
            self.picked(number, pair, &announced);
        }
        for pair in pairs.iter().filter(|pair| pair.formed.day >= ASKED_FROM) {
            self.asked_by_mail(pair);
        }
        self.pairs = pairs;
    }

    /// Announced, and sent round the same day: to mostly to everybody.
    fn announced(
        &mut self,
        on: Date,
        title: &str,
        kind: OpportunityKind,
        held: Option<Date>,
    ) -> OpportunityId {
        let at = self.script.moment(on);
        let announce = AnnounceDevelopment {
            opportunity: None,
            title: title.to_owned(),
            kind,
            on: held,
            place: Some("https://development.example/directors".to_owned()),
        };
        let command = self.script.step(at, Word::own(), announce);
        let opportunity = self.script.made(command, "opportunity");
        let to = match kind {
            OpportunityKind::Reading => Recipients::Mentees,
            OpportunityKind::LongProgramme => Recipients::Mentors,
            _ => Recipients::Everybody,
        };
        self.sent(at, opportunity, to);
        opportunity
    }

    /// The latest opportunity before the pair's third week, for their mentor to speak of; now and then for the mentee.
    fn picked(&mut self, number: usize, pair: &Pair, announced: &[(Date, OpportunityId)]) {
        let at = self.script.later(pair.formed, 8, 14);
        let before = announced.iter().rev().find(|(on, _)| *on < at.day);
        let Some((_, opportunity)) = before else {
            return;
        };
        let to = if number % 3 == 2 {
            Recipients::Mentee(pair.mentee)
        } else {
            Recipients::MentorOf(pair.mentee)
        };
        self.sent(at, *opportunity, to);
    }

    fn sent(&mut self, at: Moment, opportunity: OpportunityId, to: Recipients) {
        let at = self.script.soon(at);
        let send = SendDevelopmentNews { opportunity, to };
        self.script.step(at, Word::over(Channel::Email), send);
    }

    /// Two months after it was formed each side is sent a line, to be followed up a week later.
    fn asked_by_mail(&mut self, pair: &Pair) {
        let at = self
            .script
            .moment(pair.formed.day.saturating_add(2.months()));
        for person in [pair.mentee, pair.mentor] {
            let message = RecordMessageSent {
                person,
                kind: MessageKind::CheckIn,
                follow_up_on: None,
            };
            self.script.step(at, Word::over(Channel::Email), message);
        }
    }
}

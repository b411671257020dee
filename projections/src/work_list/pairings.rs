//! What is due to the members of pairings: while they meet, in difficulty, and at the end.

use super::{About, Desk, Item, Waiting};
use domain::{
    closing::{Owed, OwedKind, owed},
    evaluation::hoped_by,
    identifiers::PersonId,
    oversight::{Difficulty, Word},
    pairing::Pairing,
    work_list::MessageKind,
};
use jiff::{ToSpan, civil::Date};

impl Desk<'_> {
    pub(super) fn of_pairings(&self) -> Vec<Item> {
        let all = self.snapshot.scheme.pairings.values();
        let waiting = all.flat_map(|pairing| {
            let mut waiting = Vec::new();
            if pairing.is_live() {
                waiting.extend(self.rung_back(pairing));
                waiting.extend(self.in_difficulty(pairing));
            }
            // Whoever rests is not chased, and whoever has met as often as was meant is asked for a report.
            if pairing.is_live() && !pairing.meetings_reached && pairing.paused_since().is_none() {
                waiting.extend(self.begins(pairing));
                waiting.extend(self.asked_how_it_goes(pairing));
                waiting.extend(self.sent_news(pairing));
            }
            waiting.extend(self.owed(pairing));
            waiting
        });
        let all: Vec<Waiting> = waiting.collect();
        all.iter().map(|waiting| self.item(waiting)).collect()
    }

    fn rung_back(&self, pairing: &Pairing) -> Vec<Waiting> {
        let said = pairing.check_ins.iter();
        said.filter(|said| said.word == Word::PleaseRing)
            .map(|said| self.acted(MessageKind::RingBack, said.person, pairing, said.on))
            .collect()
    }

    fn in_difficulty(&self, pairing: &Pairing) -> Option<Waiting> {
        let mut all = pairing.difficulties.iter();
        let raised_on = all.find(|one| Difficulty::is_open(one))?.raised_on;
        let mentee = *pairing.mentees.first()?;
        Some(self.acted(MessageKind::ResolveDifficulty, mentee, pairing, raised_on))
    }

    /// Mentees with whom no start is agreed, as long as no session has set one.
    fn begins(&self, pairing: &Pairing) -> Vec<Waiting> {
        let begun = pairing.first_session_on.is_some() || pairing.counts.used() > 0;
        let mentees = pairing.mentees.iter().filter(|_| !begun);
        let open = mentees.filter(|person| {
            let mentee = self.snapshot.scheme.mentees.get(person);
            mentee.is_some_and(|mentee| mentee.starts_on.is_none())
        });
        open.map(|mentee| self.acted(MessageKind::AgreeStart, *mentee, pairing, pairing.formed_on))
            .collect()
    }

    /// So many months after somebody said how it goes, or after the pairing was formed. Who asked to be rung is rung.
    fn asked_how_it_goes(&self, pairing: &Pairing) -> Vec<Waiting> {
        let months = i32::from(self.terms.policy.work_list.check_in_months).months();
        let members = pairing.members().filter_map(|(person, _)| {
            let said = pairing.check_ins.iter().find(|said| said.person == person);
            if said.is_some_and(|said| said.word == Word::PleaseRing) {
                return None;
            }
            let last = said.map_or(pairing.formed_on, |said| said.on);
            let due_on = last.saturating_add(months);
            Some(again(MessageKind::CheckIn, person, pairing, last, due_on))
        });
        members.collect()
    }

    fn sent_news(&self, pairing: &Pairing) -> Vec<Waiting> {
        let development = &self.snapshot.scheme.development;
        let rule = &self.terms.policy.work_list;
        let members = pairing.members().map(|(person, _)| {
            let due_on = development.news_due(pairing, person, rule);
            let last = development.last_news(person).unwrap_or(pairing.formed_on);
            let last = last.max(pairing.formed_on);
            again(
                MessageKind::SendDevelopmentNews,
                person,
                pairing,
                last,
                due_on,
            )
        });
        members.collect()
    }

    /// What is owed at the end. Feedback and the talk come when the reports are hoped for.
    fn owed(&self, pairing: &Pairing) -> Vec<Waiting> {
        let all = owed(&self.snapshot.scheme, pairing).into_iter();
        all.map(|Owed { what, person }| {
            let kind = match what {
                OwedKind::Report => MessageKind::FileReport,
                OwedKind::MentorFeedback => MessageKind::GiveMentorFeedback,
                OwedKind::OngoingSupport => MessageKind::DiscussOngoingSupport,
            };
            let report = pairing.report_of(person);
            let asked_on = report.and_then(|report| report.requested_on);
            let since = asked_on.unwrap_or(pairing.formed_on);
            Waiting {
                kind,
                person,
                about: About::Pairing(pairing.id),
                due_on: hoped_by(&self.terms, since),
                since,
            }
        })
        .collect()
    }

    fn acted(
        &self,
        kind: MessageKind,
        person: PersonId,
        pairing: &Pairing,
        since: Date,
    ) -> Waiting {
        Waiting {
            kind,
            person,
            about: About::Pairing(pairing.id),
            due_on: self.acted_by(since),
            since,
        }
    }
}

/// What comes round again: only what was sent after the last time is about the next.
fn again(
    kind: MessageKind,
    person: PersonId,
    pairing: &Pairing,
    last: Date,
    due_on: Date,
) -> Waiting {
    Waiting {
        kind,
        person,
        about: About::Pairing(pairing.id),
        due_on,
        since: last.tomorrow().unwrap_or(last),
    }
}

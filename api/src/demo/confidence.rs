//! What is confidential: a mentor refers a concern by telephone, a pair brings somebody in for a while, and some give their
//! consent.
//!
//! It is written down after everything else, so that it changes nothing of the rest.

use super::{
    meetings::Pair,
    office::{Office, last_day},
    script::{Moment, Word},
};
use crate::identity::Role;
use domain::{
    Channel, Command, Party,
    confidence::{
        AcceptConfidence, AcknowledgeConcern, AgreeThirdPerson, CloseConcern, ConcernTest,
        EndThirdPerson, Purpose, ReferConcern, Statement,
    },
    consent::{
        Characteristics, ConsentPurpose, GiveConsent, StateCharacteristics, WithdrawConsent,
    },
    identifiers::{ConcernId, ThirdPersonId},
};
use jiff::ToSpan;

/// Who is brought in. Invented, like everybody.
const BROUGHT_IN: &str = "Marguerite Vane";
/// What somebody says of their background.
const HOPED_FOR: &str = "Brought up in foster care";

impl Office {
    /// The pairs that were formed first and last, of those who had time for any of it.
    pub(super) fn confidence(&mut self, pairs: &[Pair]) {
        let long_ago = last_day().saturating_sub(200.days());
        let mut early = pairs.iter().filter(|pair| pair.formed.day < long_ago);
        let (Some(pair), Some(other)) = (early.next(), early.next()) else {
            return;
        };
        self.referred_and_closed(pair);
        self.brought_in_and_ended(other);
        self.consents(pair, other);
        let waiting = pairs.iter().filter(|pair| pair.formed.day >= long_ago);
        if let Some(pair) = waiting.min_by_key(|pair| pair.formed) {
            let at = self.script.moment(last_day().saturating_sub(1.days()));
            self.refer(pair, at, Word::of_oneself(Role::Mentor, pair.mentor));
        }
    }

    /// Taken by telephone, told to the mentee a day late, acknowledged the same day and closed after some weeks.
    fn referred_and_closed(&mut self, pair: &Pair) {
        let at = self.script.later(pair.formed, 40, 45);
        let by_telephone = Word::of(Party::Mentor, Some(pair.mentor), Some(Channel::Telephone));
        let concern = self.refer(pair, at, by_telephone);
        let at = self.script.soon(at);
        self.script
            .step(at, Word::own(), AcknowledgeConcern { concern });
        let at = self.script.later(at, 15, 20);
        self.script.step(at, Word::own(), CloseConcern { concern });
    }

    fn refer(&mut self, pair: &Pair, at: Moment, word: Word) -> ConcernId {
        let days_before = |days: i32| Some(at.day.saturating_sub(days.days()));
        let refer = ReferConcern {
            pairing: pair.pairing,
            mentor: pair.mentor,
            mentee: pair.mentee,
            statement: Statement {
                rests_on: vec![ConcernTest::ChildrenAtRisk],
                beyond_a_bad_week: true,
                attempts_exhausted_on: days_before(6),
                mentee_told_on: days_before(0),
                reason_disclosed_on: days_before(0),
                coordinator_contacted_on: days_before(1),
            },
        };
        let command = self.script.step(at, word, refer);
        self.script.made(command, "concern")
    }

    /// The employer of one may see how they took it up; of the other pair both say something of their background, and the
    /// mentor takes it back.
    fn consents(&mut self, pair: &Pair, other: &Pair) {
        let give = |person, purpose| -> Command { GiveConsent { person, purpose }.into() };
        let state = |person, of_myself: &str, hoped_for: &str| -> Command {
            let words = |text: &str| vec![text.to_owned()];
            let characteristics = Characteristics {
                of_myself: words(of_myself),
                hoped_for: words(hoped_for),
            };
            StateCharacteristics {
                person,
                characteristics,
            }
            .into()
        };
        let by_telephone = Word::of(Party::Mentee, Some(pair.mentee), Some(Channel::Telephone));
        let (mentee, mentor) = (
            Word::of_oneself(Role::Mentee, other.mentee),
            Word::of_oneself(Role::Mentor, other.mentor),
        );
        let withdraw = WithdrawConsent {
            person: other.mentor,
            purpose: ConsentPurpose::Characteristics,
        };
        let steps: [(Word, Command); 6] = [
            (
                by_telephone,
                give(pair.mentee, ConsentPurpose::TakeUpToEmployer),
            ),
            (
                mentee.clone(),
                give(other.mentee, ConsentPurpose::Characteristics),
            ),
            (mentee, state(other.mentee, HOPED_FOR, HOPED_FOR)),
            (
                mentor.clone(),
                give(other.mentor, ConsentPurpose::Characteristics),
            ),
            (mentor.clone(), state(other.mentor, HOPED_FOR, HOPED_FOR)),
            (mentor, withdraw.into()),
        ];
        let mut at = self.script.later(pair.formed.max(other.formed), 50, 55);
        for (word, command) in steps {
            at = self.script.later(at, 1, 4);
            self.script.step(at, word, command);
        }
    }

    /// Agreed by the mentor with a token of their own and by the mentee by telephone; accepted; ended by the mentee.
    fn brought_in_and_ended(&mut self, pair: &Pair) {
        let agree = |person| AgreeThirdPerson {
            pairing: pair.pairing,
            person,
            name: BROUGHT_IN.to_owned(),
            purpose: Purpose::Advice,
        };
        let mut at = self.script.later(pair.formed, 28, 32);
        let mentor = Word::of_oneself(Role::Mentor, pair.mentor);
        let command = self.script.step(at, mentor, agree(pair.mentor));
        let third_person: ThirdPersonId = self.script.made(command, "third person");
        let of_mentee = Word::of(Party::Mentee, Some(pair.mentee), Some(Channel::Telephone));
        let third = Word::of(Party::Other, None, Some(Channel::Email));
        let steps: [(Word, Command); 3] = [
            (of_mentee, agree(pair.mentee).into()),
            (third, AcceptConfidence { third_person }.into()),
            (
                Word::of_oneself(Role::Mentee, pair.mentee),
                EndThirdPerson { third_person }.into(),
            ),
        ];
        for (word, command) in steps {
            at = self.script.later(at, 2, 9);
            self.script.step(at, word, command);
        }
    }
}

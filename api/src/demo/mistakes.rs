//! What a tired coordinator gets wrong: an attempt noted for the wrong person, a breakdown noted of the wrong pair, "please
//! ring" taken down from somebody who is fine. It is found out within days and taken back.
//!
//! It is written down after everything else, so that it changes nothing of the rest.

use super::{
    meetings::Pair,
    office::Office,
    script::{Moment, Word},
};
use domain::{
    Channel, Party,
    correction::{CorrectRecord, Correction},
    mentoring::{ContactOutcome, RecordContact},
    oversight::{self, RecordCheckIn},
    pairing::{BreakPairing, BreakdownCause},
};
use uuid::Uuid;

impl Office {
    /// One of each, some days after pairs were formed: long before anything else ends them.
    pub(super) fn mistakes(&mut self, pairs: &[Pair]) {
        for (number, pair) in pairs.iter().enumerate() {
            let at = self.script.later(pair.formed, 6, 8);
            match number {
                5 => self.attempt_of_the_wrong_person(pair, at),
                8 => self.breakdown_of_the_wrong_pair(pair, at),
                9 => self.check_in_of_the_wrong_person(pair, at),
                _ => {}
            }
        }
    }

    fn attempt_of_the_wrong_person(&mut self, pair: &Pair, at: Moment) {
        let attempt = RecordContact {
            mentee: pair.mentee,
            outcome: ContactOutcome::NoAnswer,
            explained: vec![],
        };
        let word = Word::over(Channel::Telephone);
        let command = self.script.step(at, word, attempt);
        self.take_back(at, command);
    }

    fn breakdown_of_the_wrong_pair(&mut self, pair: &Pair, at: Moment) {
        let broken = BreakPairing {
            pairing: pair.pairing,
            cause: BreakdownCause::MentorLeftPost,
        };
        let word = self.script.word(Party::Mentor, pair.mentor);
        let command = self.script.step(at, word, broken);
        self.take_back(at, command);
    }

    fn check_in_of_the_wrong_person(&mut self, pair: &Pair, at: Moment) {
        let asked = RecordCheckIn {
            pairing: pair.pairing,
            person: pair.mentor,
            word: oversight::Word::PleaseRing,
        };
        let word = self.script.word(Party::Mentor, pair.mentor);
        let command = self.script.step(at, word, asked);
        self.take_back(at, command);
    }

    fn take_back(&mut self, told: Moment, command: Uuid) {
        let entry = self.script.entry(told, command);
        let found_out = self.script.later(told, 1, 2);
        let correct = CorrectRecord {
            entry,
            correction: Correction::NotSo,
        };
        self.script.step(found_out, Word::own(), correct);
    }
}

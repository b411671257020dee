//! What happens to pairings beside their sessions: how they mean to meet, how it goes, pauses, difficulties, a
//! withdrawal, and what is done at the end.
//!
//! It is written down after everything else, by the number of each pairing, so that it changes nothing of the rest.

use super::{
    meetings::{Course, Ending, Pair},
    office::{Office, last_day},
    script::{Moment, Word},
};
use domain::{
    Party,
    closing::{DiscussOngoingSupport, GiveMentorFeedback},
    correction::{CorrectRecord, Correction},
    identifiers::PersonId,
    matching::Side,
    oversight::{self, RaiseDifficulty, RecordCheckIn, ResolveDifficulty},
    own_notes::{Activity, AgreeFoundations, Foundation, NoteActivity},
    pairing::{
        AgreeMeetings, MeetingFormat, MeetingPlaces, NotHeld, PausePairing, RecordSessionNotHeld,
        ResumePairing, WithdrawFromPairing,
    },
};
use jiff::ToSpan;
use uuid::Uuid;

/// A pairing whose course is written down.
pub(super) struct Lived {
    pair: Pair,
    course: Course,
    ended: Moment,
    /// Whether mentoring ends with it, as far as anything is judged.
    is_final: bool,
}

impl Lived {
    pub(super) const fn new(pair: Pair, course: Course, ending: &Ending) -> Self {
        let (ended, over) = match ending {
            Ending::Over(at) => (*at, true),
            Ending::Replace(at) => (*at, false),
        };
        let judged = !matches!(course, Course::Breaks { replaced: None, .. });
        Self {
            pair,
            course,
            ended,
            is_final: over && judged,
        }
    }

    const fn breaks(&self) -> bool {
        matches!(self.course, Course::Breaks { .. })
    }
}

impl Office {
    pub(super) fn lives(&mut self, in_devon: PersonId) {
        let all = std::mem::take(&mut self.lived);
        for (number, lived) in all.iter().enumerate() {
            self.agree_meetings(number, lived);
            self.ask_how_it_goes(number, lived);
            self.not_held(number, lived);
            self.difficulty(number, lived);
            self.own_notes(number, lived);
            if number % 12 == 7 && !lived.breaks() {
                self.rest(lived);
            }
            if lived.is_final && number % 7 != 3 {
                self.close(number, &lived.pair, lived.ended);
            }
        }
        let latest_formed = last_day().saturating_sub(90.days());
        let under_way = all.iter().filter(|lived| {
            lived.pair.formed.day < latest_formed
                && lived.ended.day > last_day()
                && !lived.breaks()
                && lived.pair.mentee != in_devon
        });
        let mut under_way: Vec<&Lived> = under_way.collect();
        under_way.sort_by_key(|lived| lived.pair.formed);
        if let [.., pausing, withdrawing] = under_way.as_slice() {
            self.pause_and_withdraw(&pausing.pair, &withdrawing.pair);
        }
    }

    fn agree_meetings(&mut self, number: usize, Lived { pair, .. }: &Lived) {
        if number.is_multiple_of(3) {
            return;
        }
        let formats = [
            MeetingFormat::Video,
            MeetingFormat::InPerson,
            MeetingFormat::Mixed,
            MeetingFormat::Telephone,
        ];
        let at = self.script.later(pair.formed, 3, 5);
        let word = self.script.word(Party::Mentee, pair.mentee);
        let agree = AgreeMeetings {
            pairing: pair.pairing,
            person: pair.mentee,
            every_weeks: Some(if number.is_multiple_of(2) { 10 } else { 12 }),
            format: Some(formats[number % formats.len()]),
            places: MeetingPlaces {
                times: (number % 4 == 1).then(|| "Late on a Thursday".to_owned()),
                places: (number % 4 == 1).then(|| "Half way, near the station".to_owned()),
            },
        };
        self.script.step(at, word, agree);
    }

    /// The office asks both how it goes. One who asks to be rung is fine afterwards.
    fn ask_how_it_goes(&mut self, number: usize, Lived { pair, ended, .. }: &Lived) {
        let at = self.script.later(pair.formed, 30, 34);
        if !number.is_multiple_of(2) || at >= *ended {
            return;
        }
        self.says(pair, Party::Mentor, at, oversight::Word::Fine);
        if number % 10 == 4 {
            self.says(pair, Party::Mentee, at, oversight::Word::PleaseRing);
        }
        if number % 20 != 14 {
            let after = self.script.later(at, 1, 3);
            self.says(pair, Party::Mentee, after, oversight::Word::Fine);
        }
    }

    fn says(&mut self, pair: &Pair, party: Party, at: Moment, said: oversight::Word) {
        let person = if party == Party::Mentor {
            pair.mentor
        } else {
            pair.mentee
        };
        let word = self.script.word(party, person);
        let record = RecordCheckIn {
            pairing: pair.pairing,
            person,
            word: said,
        };
        self.script.step(at, word, record);
    }

    fn not_held(&mut self, number: usize, Lived { pair, .. }: &Lived) {
        if number % 4 != 1 {
            return;
        }
        let outcomes = [NotHeld::Moved, NotHeld::Cancelled, NotHeld::Missed];
        let was_to_be = self.script.later(pair.formed, 35, 45);
        let told = self.script.later(was_to_be, 1, 3);
        let word = self.script.word(Party::Mentee, pair.mentee);
        let record = RecordSessionNotHeld {
            pairing: pair.pairing,
            counted_by: Side::Mentee,
            outcome: outcomes[number / 4 % outcomes.len()],
        };
        let told_by = self.script.step(told, word.about(was_to_be.day), record);
        if number % 12 == 5 {
            self.put_right(told, told_by);
        }
    }

    /// It was noted for the wrong pair, and is found out the next day.
    fn put_right(&mut self, told: Moment, told_by: Uuid) {
        let entry = self.script.entry(told, told_by);
        let found_out = self.script.later(told, 1, 1);
        let correct = CorrectRecord {
            entry,
            correction: Correction::NotSo,
        };
        self.script.step(found_out, Word::own(), correct);
    }

    /// A difficulty is raised early in some pairings. Where the pairing breaks down, it becomes the breakdown.
    fn difficulty(&mut self, number: usize, lived: &Lived) {
        let pair = &lived.pair;
        let pairing = pair.pairing;
        if !lived.breaks() && number % 9 != 5 {
            return;
        }
        let at = self.script.later(pair.formed, 4, 6);
        let (party, person) = if number.is_multiple_of(2) {
            (Party::Mentor, pair.mentor)
        } else {
            (Party::Mentee, pair.mentee)
        };
        let word = self.script.word(party, person);
        self.script.step(at, word, RaiseDifficulty { pairing });
        if !lived.breaks() {
            let at = self.script.later(at, 5, 12);
            self.script
                .step(at, Word::own(), ResolveDifficulty { pairing });
        }
    }

    /// A few pairs note for themselves what they settled, and one thing they did beside talking.
    fn own_notes(&mut self, number: usize, Lived { pair, .. }: &Lived) {
        if number % 5 != 2 {
            return;
        }
        let pairing = pair.pairing;
        let foundations = [
            Foundation::Purpose,
            Foundation::Expectations,
            Foundation::GroundRules,
            Foundation::Confidentiality,
            Foundation::LearningOutcomes,
            Foundation::FormsOfSupport,
        ];
        let at = self.script.later(pair.formed, 22, 26);
        let word = self.script.word(Party::Mentee, pair.mentee);
        let agree = AgreeFoundations {
            pairing,
            foundations: foundations[..3 + number % 4].to_vec(),
        };
        self.script.step(at, word, agree);
        let activities = [
            Activity::RelationshipReviewed,
            Activity::ActedForMentee,
            Activity::PracticeObserved,
            Activity::WorkDataGathered,
        ];
        let at = self.script.later(at, 20, 40);
        let word = self.script.word(Party::Mentor, pair.mentor);
        let activity = activities[number % activities.len()];
        self.script
            .step(at, word, NoteActivity { pairing, activity });
    }

    /// A mentee asks for a pause of some weeks between two sessions.
    fn rest(&mut self, Lived { pair, ended, .. }: &Lived) {
        let pairing = pair.pairing;
        let from = self.script.later(pair.formed, 24, 30);
        let until = self.script.later(from, 10, 20);
        if until >= *ended {
            return;
        }
        let word = self.script.word(Party::Mentee, pair.mentee);
        self.script.step(from, word, PausePairing { pairing });
        let word = self.script.word(Party::Mentee, pair.mentee);
        self.script.step(until, word, ResumePairing { pairing });
    }

    /// The mentor is given feedback, and with the mentee it is talked over what comes next.
    fn close(&mut self, number: usize, pair: &Pair, ended: Moment) {
        let pairing = pair.pairing;
        let at = self.script.later(ended, 3, 15);
        let word = Word::over(self.script.channel());
        let mentor = pair.mentor;
        self.script
            .step(at, word, GiveMentorFeedback { pairing, mentor });
        if number % 11 != 6 {
            let at = self.script.later(ended, 2, 12);
            let word = Word::over(self.script.channel());
            let mentee = pair.mentee;
            self.script
                .step(at, word, DiscussOngoingSupport { pairing, mentee });
        }
    }

    /// In the last weeks one mentee pauses and one withdraws.
    fn pause_and_withdraw(&mut self, pausing: &Pair, withdrawing: &Pair) {
        let at = self.script.moment(last_day().saturating_sub(12.days()));
        let word = self.script.word(Party::Mentee, pausing.mentee);
        let pairing = pausing.pairing;
        self.script.step(at, word, PausePairing { pairing });
        let at = self.script.moment(last_day().saturating_sub(6.days()));
        let word = self.script.word(Party::Mentee, withdrawing.mentee);
        let pairing = withdrawing.pairing;
        self.script.step(at, word, WithdrawFromPairing { pairing });
    }
}

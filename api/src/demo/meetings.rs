//! From a pairing formed to its end: sessions, breakdowns, conclusions and the reports on them.

use super::{
    office::Office,
    script::{Moment, Word},
    words,
};
use domain::{
    Channel, Party,
    evaluation::{Evaluation, FileEvaluation, RemindOfEvaluation, WaiveEvaluation},
    identifiers::{PairingId, PersonId},
    matching::Side,
    mentoring::ContactOutcome,
    pairing::{
        BreakPairing, BreakdownCause, ConcludePairing, Judge, JudgeReplacement, RecordSession,
        Replacement, ReportMeetingsReached, ReportSessionCount,
    },
};

/// How a pairing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// It comes to its end as planned.
    Core {
        /// After so many sessions.
        sessions: u16,
    },
    /// The pair meet once more than the core offer holds.
    Beyond,
    /// It breaks down after one session or two.
    Breaks {
        /// Why, as far as anybody says.
        cause: BreakdownCause,
        /// Whether another mentor is found; nothing, where that is not judged yet.
        replaced: Option<bool>,
    },
}

/// A mentee and a mentor who work together.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) pairing: PairingId,
    pub(super) mentee: PersonId,
    pub(super) mentor: PersonId,
    pub(super) formed: Moment,
}

/// How it ended.
pub(super) enum Ending {
    /// It is over.
    Over(Moment),
    /// Another mentor is to be found.
    Replace(Moment),
}

impl Office {
    /// How the pairing formed last is to go: most go well, and of every thirty-two, four do not.
    pub(super) fn next_course(&mut self) -> Course {
        let breaks = |cause, replaced| Course::Breaks {
            cause,
            replaced: Some(replaced),
        };
        match self.formed % 32 {
            4 => breaks(BreakdownCause::Incompatibility, true),
            11 => breaks(BreakdownCause::MenteeLeftPost, false),
            18 => breaks(BreakdownCause::MentorLeftPost, true),
            26 => breaks(BreakdownCause::NotStated, false),
            7 | 21 => Course::Beyond,
            _ if self.script.draw.chance(58) => Course::Core { sessions: 4 },
            _ => Course::Core { sessions: 3 },
        }
    }

    /// The course of a pairing, to its end.
    pub(super) fn meet(&mut self, pair: &Pair, course: Course) -> Ending {
        match course {
            Course::Core { sessions } => {
                let last = self.sessions(pair, sessions);
                Ending::Over(self.conclude(pair, last, sessions >= 4))
            }
            Course::Beyond => {
                let last = self.sessions(pair, 5);
                Ending::Over(self.conclude(pair, last, true))
            }
            Course::Breaks { cause, replaced } => self.break_down(pair, cause, replaced),
        }
    }

    /// Sessions some weeks apart, told by telephone a few days after. Returns when the last was held.
    fn sessions(&mut self, pair: &Pair, count: u16) -> Moment {
        // Some mentors tell of each session, others of all of them at the end.
        let each = self.script.draw.chance(72);
        // Whoever meets less often spreads it over as long a time.
        let (least, most) = match count {
            3 => (60, 82),
            4 => (48, 64),
            _ => (38, 50),
        };
        let mut held = pair.formed;
        for nth in 0..count {
            let before = held;
            held = if nth == 0 {
                self.script.later(before, 6, 20)
            } else {
                self.script.later(before, least, most)
            };
            // The office asks how it goes: whether a first date is set, and between sessions.
            let (soonest, latest) = if nth == 0 { (2, 5) } else { (15, 30) };
            let between = self.script.later(before, soonest, latest);
            self.contact(pair.mentee, between, ContactOutcome::Reached);
            let shortened = self.script.draw.chance(5);
            self.session(pair, Side::Mentee, held, shortened);
            if each {
                self.session(pair, Side::Mentor, held, shortened);
            }
        }
        if !each {
            let counted = match self.script.draw.between(1, 100) {
                1..=14 => count.saturating_sub(1),
                15..=20 => count + 1,
                _ => count,
            };
            let at = self.script.later(held, 2, 5);
            let word = self.script.word(Party::Mentor, pair.mentor);
            let report = ReportSessionCount {
                pairing: pair.pairing,
                counted_by: Side::Mentor,
                count: counted,
            };
            self.script.step(at, word, report);
        }
        held
    }

    fn session(&mut self, pair: &Pair, side: Side, held: Moment, shortened: bool) {
        let (party, person) = match side {
            Side::Mentee => (Party::Mentee, pair.mentee),
            Side::Mentor => (Party::Mentor, pair.mentor),
        };
        let told = self.script.later(held, 1, 5);
        let word = self.script.word(party, person).about(held.day);
        let record = RecordSession {
            pairing: pair.pairing,
            counted_by: side,
            shortened,
        };
        self.script.step(told, word, record);
    }

    /// The mentor tells that it is done, reports are asked for, and the pairing is concluded.
    fn conclude(&mut self, pair: &Pair, last: Moment, reached: bool) -> Moment {
        let mut at = self.script.later(last, 6, 12);
        if reached {
            let word = self.script.word(Party::Mentor, pair.mentor);
            let report = ReportMeetingsReached {
                pairing: pair.pairing,
            };
            self.script.step(at, word, report);
        }
        let asked = at;
        at = self.script.later(at, 10, 25);
        let conclude = ConcludePairing {
            pairing: pair.pairing,
        };
        self.script.step(at, Word::own(), conclude);
        self.reports(pair, if reached { asked } else { at });
        if self.script.draw.chance(85) {
            // What comes after mentoring is talked over at its end.
            let after = self.script.later(at, 1, 8);
            self.contact(pair.mentee, after, ContactOutcome::Reached);
        }
        at
    }

    fn break_down(&mut self, pair: &Pair, cause: BreakdownCause, replaced: Option<bool>) -> Ending {
        let count = self.script.draw.between(1, 2);
        let count = if replaced.is_none() { 1 } else { count };
        let last = self.sessions(pair, count);
        let at = self.script.later(last, 8, 20);
        let word = self.script.word(Party::Mentee, pair.mentee);
        let pairing = pair.pairing;
        self.script.step(at, word, BreakPairing { pairing, cause });
        let Some(replaced) = replaced else {
            return Ending::Over(at);
        };
        let judged = self.script.later(at, 2, 8);
        let word = self.script.word(Party::Mentee, pair.mentee);
        let judgement = if replaced {
            Replacement::Replace
        } else {
            Replacement::End
        };
        let with_mentee = replaced || self.script.draw.chance(60);
        let judge = JudgeReplacement {
            pairing,
            judgement,
            judged_by: if with_mentee {
                vec![Judge::Mentee, Judge::Coordinator]
            } else {
                vec![Judge::Coordinator]
            },
        };
        self.script.step(judged, word, judge);
        if replaced {
            return Ending::Replace(judged);
        }
        self.reports(pair, judged);
        Ending::Over(judged)
    }

    /// Both are asked for a report: most file it in time, some late, some never.
    fn reports(&mut self, pair: &Pair, asked: Moment) {
        for (party, person) in [(Party::Mentee, pair.mentee), (Party::Mentor, pair.mentor)] {
            let luck = self.script.draw.between(1, 100);
            if luck <= 36 && party == Party::Mentee {
                let reminded = self.script.later(asked, 20, 21);
                self.contact(person, reminded, ContactOutcome::MessageLeft);
                let remind = RemindOfEvaluation {
                    pairing: pair.pairing,
                    person,
                };
                self.script
                    .step(reminded, Word::over(Channel::Email), remind);
            }
            let at = match luck {
                // Nobody is pressed: after some months the coordinator waits no longer.
                1..=8 => {
                    let waive = WaiveEvaluation {
                        pairing: pair.pairing,
                        person,
                    };
                    let given_up = self.script.later(asked, 90, 120);
                    self.script.step(given_up, Word::own(), waive);
                    continue;
                }
                9..=16 => continue,
                17..=36 => self.script.later(asked, 22, 45),
                _ => self.script.later(asked, 2, 18),
            };
            let word = self.script.word(party, person);
            let file = FileEvaluation {
                pairing: pair.pairing,
                person,
                report: self.report(),
            };
            self.script.step(at, word, file);
        }
    }

    fn report(&mut self) -> Evaluation {
        let draw = &mut self.script.draw;
        let mut said = |percent: u16, words: &[&str]| {
            draw.chance(percent).then(|| draw.pick(words).to_owned())
        };
        let (strengths, weaknesses) = (said(85, words::STRENGTHS), said(45, words::WEAKNESSES));
        let (outcomes, advice) = (said(65, words::OUTCOMES), said(40, words::ADVICE));
        let mark = u8::try_from(draw.between(3, 5)).ok();
        Evaluation {
            effectiveness: mark.filter(|_| draw.chance(90)),
            strengths,
            weaknesses,
            outcomes,
            advice,
        }
    }
}

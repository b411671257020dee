//! Sessions that pairs arranged for themselves: some moved, some called off, and a few that are still to come.
//!
//! It is written down after everything else, so that it changes nothing of the rest.

use super::{
    meetings::Pair,
    office::Office,
    script::{Moment, Word},
};
use crate::identity::Role;
use domain::{
    arrangement::{ArrangeSession, ArrangedMeeting, CallOffSession},
    identifiers::{ArrangedSessionId, PersonId},
};
use jiff::{ToSpan, civil::Date};

const PLACES: [&str; 3] = [
    "Half way, near the station",
    "The mentor's office",
    "By video",
];

impl Office {
    /// Every third pair notes when it means to meet first; of those, some move it and some call it off.
    pub(super) fn arranging(&mut self, pairs: &[Pair]) {
        for (number, pair) in pairs.iter().enumerate().step_by(3) {
            let at = self.script.later(pair.formed, 2, 4);
            let first = pair.formed.day.saturating_add(25.days());
            let place = PLACES[number % PLACES.len()];
            let arrange = arrangement(pair, None, pair.mentee, first, place);
            let word = Word::of_oneself(Role::Mentee, pair.mentee);
            let arranged = self.script.step(at, word, arrange);
            let session = self.script.made(arranged, "arranged session");
            match number % 4 {
                1 => self.moved(pair, session, at, first.saturating_add(3.days()), place),
                2 => self.called_off(pair, session, at),
                _ => {}
            }
        }
    }

    fn moved(
        &mut self,
        pair: &Pair,
        session: ArrangedSessionId,
        arranged: Moment,
        to: Date,
        place: &str,
    ) {
        let at = self.script.later(arranged, 2, 5);
        let again = arrangement(pair, Some(session), pair.mentor, to, place);
        let word = Word::of_oneself(Role::Mentor, pair.mentor);
        self.script.step(at, word, again);
    }

    fn called_off(&mut self, pair: &Pair, session: ArrangedSessionId, arranged: Moment) {
        let at = self.script.later(arranged, 3, 6);
        let word = Word::of_oneself(Role::Mentor, pair.mentor);
        let call_off = CallOffSession {
            pairing: pair.pairing,
            session,
        };
        self.script.step(at, word, call_off);
    }
}

fn arrangement(
    pair: &Pair,
    session: Option<ArrangedSessionId>,
    person: PersonId,
    day: Date,
    place: &str,
) -> ArrangeSession {
    ArrangeSession {
        pairing: pair.pairing,
        session,
        person,
        meeting: ArrangedMeeting {
            starts_at: day.at(16, 0, 0, 0),
            ends_at: Some(day.at(17, 30, 0, 0)),
            place: Some(place.to_owned()),
        },
    }
}

//! Somebody is forgotten: what was retained of them was reviewed, an audit held it for a while, and somebody else confirmed.
//! And somebody asks for it by telephone and thinks better of it.
//!
//! It is written down after everything else, and happens last, so that it changes nothing of the rest.

use super::{
    office::{Office, last_day},
    script::Word,
};
use domain::{
    Channel, Command, Party,
    erasure::{
        ConfirmErasure, ErasureGround, Hold, LiftErasureHold, PlaceErasureHold, RequestErasure,
        WithdrawErasure,
    },
    identifiers::PersonId,
};
use jiff::ToSpan;

impl Office {
    /// The third and fourth of those whose mentoring ended first: the two before them came back in other parts.
    pub(super) fn erasures(&mut self) {
        let [_, _, (_, forgotten), (_, other), ..] = self.done.as_slice() else {
            return;
        };
        let (forgotten, other) = (*forgotten, *other);
        self.forgets(forgotten);
        self.thinks_better_of_it(other);
    }

    fn forgets(&mut self, person: PersonId) {
        let hold = Hold::Audit;
        let steps: [(Word, Command); 4] = [
            (Word::own(), PlaceErasureHold { person, hold }.into()),
            (
                Word::own(),
                RequestErasure {
                    person,
                    ground: ErasureGround::RetentionEnded,
                }
                .into(),
            ),
            (
                Word::of_administrator(),
                ConfirmErasure {
                    person,
                    holds: vec![],
                }
                .into(),
            ),
            (Word::own(), LiftErasureHold { person, hold }.into()),
        ];
        for (days, (word, command)) in [4, 3, 2, 0].into_iter().zip(steps) {
            let at = self.script.moment(last_day().saturating_sub(days.days()));
            self.script.step(at, word, command);
        }
    }

    fn thinks_better_of_it(&mut self, person: PersonId) {
        let by_telephone = || Word::of(Party::Mentee, Some(person), Some(Channel::Telephone));
        let ask = RequestErasure {
            person,
            ground: ErasureGround::PersonsRequest,
        };
        let at = self.script.moment(last_day().saturating_sub(3.days()));
        self.script.step(at, by_telephone(), ask);
        let at = self.script.moment(last_day().saturating_sub(1.days()));
        self.script
            .step(at, by_telephone(), WithdrawErasure { person });
    }
}

//! The scheme's years are published once they are over: the first one again, when what had come late was recorded.
//!
//! It is written down after everything else, so that it changes nothing of the rest.

use super::{office::Office, script::Word};
use domain::period::{Period, PublishPeriod};
use jiff::civil::{Date, date};

const FIRST_YEAR: Period = Period {
    from: date(2024, 10, 1),
    through: date(2025, 9, 30),
};
const SECOND_YEAR: Period = Period {
    from: date(2025, 10, 1),
    through: date(2026, 9, 30),
};

/// When each was published.
const PUBLISHED: [(Date, Period); 3] = [
    (date(2025, 10, 13), FIRST_YEAR),
    (date(2025, 11, 10), FIRST_YEAR),
    (date(2026, 10, 12), SECOND_YEAR),
];

impl Office {
    pub(super) fn periods(&mut self) {
        for (day, period) in PUBLISHED {
            let at = self.script.moment(day);
            self.script.step(at, Word::own(), PublishPeriod { period });
        }
    }
}

//! Where a concern departs from the order in which it is to be referred: judged, and never a reason to refuse it.

use super::Statement;
use jiff::civil::Date;

/// A gap in what the mentor claims, or something that came too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Departure {
    /// It rests on neither test.
    NoTestNamed,
    /// It is not said to go beyond a bad week.
    NotBeyondABadWeek,
    /// Nothing is said of attempts to help the mentee put it right.
    AttemptsNotExhausted,
    /// Attempts went on after the mentee was told, or after it was referred.
    AttemptsExhaustedAfterwards,
    /// The mentee was not told that it must be referred.
    MenteeNotTold,
    /// The mentee was told after it was referred.
    MenteeToldAfterwards,
    /// The reason was not disclosed to the mentee.
    ReasonNotDisclosed,
    /// The reason was disclosed after it was referred.
    ReasonDisclosedAfterwards,
    /// Nothing is said of turning to the coordinator.
    CoordinatorNotContacted,
}

impl Departure {
    /// Every departure, in the order in which they are named.
    pub const ALL: [Self; 9] = [
        Self::NoTestNamed,
        Self::NotBeyondABadWeek,
        Self::AttemptsNotExhausted,
        Self::AttemptsExhaustedAfterwards,
        Self::MenteeNotTold,
        Self::MenteeToldAfterwards,
        Self::ReasonNotDisclosed,
        Self::ReasonDisclosedAfterwards,
        Self::CoordinatorNotContacted,
    ];

    /// The code, in the policy, of the rule it departs from.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::NoTestNamed => "concern-tests",
            Self::NotBeyondABadWeek => "concern-threshold",
            Self::AttemptsNotExhausted | Self::AttemptsExhaustedAfterwards => "concern-attempts",
            Self::MenteeNotTold | Self::MenteeToldAfterwards => "concern-told",
            Self::ReasonNotDisclosed | Self::ReasonDisclosedAfterwards => "concern-disclosed",
            Self::CoordinatorNotContacted => "concern-contact",
        }
    }
}

impl Statement {
    /// Where it departs from the order, for a concern referred on `referred_on`.
    #[must_use]
    pub fn departures(&self, referred_on: Date) -> Vec<Departure> {
        // Whichever came first took it to somebody else.
        let gone_on = self
            .coordinator_contacted_on
            .map_or(referred_on, |contacted| contacted.min(referred_on));
        let told_or_gone = self
            .mentee_told_on
            .map_or(gone_on, |told| told.min(gone_on));
        let departs = |departure: &Departure| match departure {
            Departure::NoTestNamed => self.rests_on.is_empty(),
            Departure::NotBeyondABadWeek => !self.beyond_a_bad_week,
            Departure::AttemptsNotExhausted => self.attempts_exhausted_on.is_none(),
            Departure::AttemptsExhaustedAfterwards => {
                is_after(self.attempts_exhausted_on, told_or_gone)
            }
            Departure::MenteeNotTold => self.mentee_told_on.is_none(),
            Departure::MenteeToldAfterwards => is_after(self.mentee_told_on, gone_on),
            Departure::ReasonNotDisclosed => self.reason_disclosed_on.is_none(),
            Departure::ReasonDisclosedAfterwards => is_after(self.reason_disclosed_on, gone_on),
            Departure::CoordinatorNotContacted => self.coordinator_contacted_on.is_none(),
        };
        Departure::ALL.into_iter().filter(departs).collect()
    }
}

fn is_after(claimed: Option<Date>, day: Date) -> bool {
    claimed.is_some_and(|claimed| claimed > day)
}

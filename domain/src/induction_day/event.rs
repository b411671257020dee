//! The facts that the department's induction days leave behind.

use crate::{
    event::Payload,
    identifiers::{InductionDayId, PersonId},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The department announced an induction day, or it was said anew when it is and how many places there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DfeInductionDayAnnounced {
    /// The induction day.
    pub day: InductionDayId,
    /// When it is.
    pub on: Date,
    /// How many places the scheme has there.
    pub places: u16,
}

/// A mentee asked for a place, and stands in line from the day on which they did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DfeInductionDayRequested {
    /// Who asked.
    pub mentee: PersonId,
}

/// Whoever stood first in line was given a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DfeInductionDayPlaceGiven {
    /// The induction day.
    pub day: InductionDayId,
    /// Who has the place.
    pub mentee: PersonId,
}

/// A mentee gave up their place, or the wish for one. There is no field for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DfeInductionDayGivenUp {
    /// Who.
    pub mentee: PersonId,
    /// The induction day at which they had a place; absent when they waited for one.
    pub day: Option<InductionDayId>,
}

/// A mentee was at an induction day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DfeInductionDayAttended {
    /// The induction day.
    pub day: InductionDayId,
    /// Who was there.
    pub mentee: PersonId,
}

/// A mentee who had a place did not come. They may ask again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DfeInductionDayMissed {
    /// The induction day.
    pub day: InductionDayId,
    /// Who did not come.
    pub mentee: PersonId,
}

impl Payload for DfeInductionDayAnnounced {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.day.0]
    }
}

impl Payload for DfeInductionDayRequested {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.mentee.0]
    }
}

impl Payload for DfeInductionDayGivenUp {
    fn subjects(&self) -> Vec<Uuid> {
        let day = self.day.map(|day| day.0);
        std::iter::once(self.mentee.0).chain(day).collect()
    }
}

macro_rules! concerns_mentee_and_day {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.mentee.0, self.day.0]
            }
        }
    )+};
}

concerns_mentee_and_day!(
    DfeInductionDayPlaceGiven,
    DfeInductionDayAttended,
    DfeInductionDayMissed
);

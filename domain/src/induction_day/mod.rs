//! The department's induction day for new directors: days with limited places, and a fair line for them (R021).
//!
//! ```text
//!                request               (a place is free)             attended
//! not requested ─────────▶ waiting ──────────────────────▶ placed ─────────────▶ attended
//!       ▲                     │                              │  └─ missed ──▶ may request again
//!       └─────────────────────┴────────── given up ──────────┘
//! ```
//!
//! Places go to those who asked first, by the day on which they asked: whenever a place is free it is given in the
//! same breath, so nobody passes anybody in the line. It is not the scheme's own seminar for mentors.

mod decide;
mod event;
#[cfg(test)]
mod tests;

use crate::identifiers::{InductionDayId, PersonId};
pub(crate) use decide::{announce, give_up, record_attendance, request};
pub use event::{
    DfeInductionDayAnnounced, DfeInductionDayAttended, DfeInductionDayGivenUp,
    DfeInductionDayMissed, DfeInductionDayPlaceGiven, DfeInductionDayRequested,
};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

/// Announces an induction day, or says anew when it is and how many places the scheme has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnounceDfeInductionDay {
    /// A day announced before; a new one when absent.
    pub day: Option<InductionDayId>,
    /// When it is.
    pub on: Date,
    /// How many places the scheme has there.
    pub places: u16,
}

/// Asks for a place for a mentee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDfeInductionDay {
    /// For whom.
    pub mentee: PersonId,
}

/// Gives up a place, or the wish for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveUpDfeInductionDay {
    /// Whose.
    pub mentee: PersonId,
}

/// Records whether a mentee was at an induction day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordDfeInductionDay {
    /// The day.
    pub day: InductionDayId,
    /// Who.
    pub mentee: PersonId,
    /// Whether they were there.
    pub attended: bool,
}

/// How far a mentee has come with the induction day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// They did not ask for one.
    NotRequested,
    /// They wait for one since this day.
    Waiting(Date),
    /// They have one.
    Given(InductionDayId),
    /// They were there.
    Attended(InductionDayId),
    /// They had one and did not come.
    Missed(InductionDayId),
}

/// A day that was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InductionDay {
    /// The day.
    pub id: InductionDayId,
    /// When it is.
    pub on: Date,
    /// How many places the scheme has there.
    pub places: u16,
    /// Who has one.
    pub placed: Vec<PersonId>,
}

impl InductionDay {
    /// The places nobody has. A place that was given is never taken back, also where fewer are left.
    #[must_use]
    pub fn free(&self) -> usize {
        usize::from(self.places).saturating_sub(self.placed.len())
    }
}

/// Every induction day, and who waits for one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InductionDays {
    /// The days.
    pub days: HashTrieMapSync<InductionDayId, InductionDay>,
    /// Who waits, in the order in which they asked.
    pub waiting: Vec<(Date, PersonId)>,
}

impl InductionDays {
    /// Takes in a day announced, or announced anew.
    pub(crate) fn announced(&mut self, announced: &DfeInductionDayAnnounced) {
        let before = self.days.get(&announced.day);
        let day = InductionDay {
            id: announced.day,
            on: announced.on,
            places: announced.places,
            placed: before.map(|day| day.placed.clone()).unwrap_or_default(),
        };
        self.days.insert_mut(day.id, day);
    }

    /// Somebody asked on this day: they stand behind everybody who asked on the same day or before.
    pub(crate) fn queue(&mut self, mentee: PersonId, on: Date) {
        let behind = self.waiting.partition_point(|(asked, _)| *asked <= on);
        self.waiting.insert(behind, (on, mentee));
    }

    /// Somebody neither waits nor has a place any more.
    pub(crate) fn leave(&mut self, mentee: PersonId, had: Option<InductionDayId>) {
        self.waiting.retain(|(_, waiting)| *waiting != mentee);
        if let Some(day) = had.and_then(|day| self.days.get_mut(&day)) {
            day.placed.retain(|placed| *placed != mentee);
        }
    }

    /// Somebody has a place there, whether they waited for it or not. False where there is no such day.
    pub(crate) fn place(&mut self, mentee: PersonId, day: InductionDayId) -> bool {
        self.waiting.retain(|(_, waiting)| *waiting != mentee);
        let Some(day) = self.days.get_mut(&day) else {
            return false;
        };
        if !day.placed.contains(&mentee) {
            day.placed.push(mentee);
        }
        true
    }
}

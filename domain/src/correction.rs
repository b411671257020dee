//! Putting the record right. Nothing that was recorded is edited or taken out: a correction is an event of its own that
//! names the entry it is about and says how that stands now, the history shows both, and every balance follows.
//!
//! What was told of sessions is corrected here, and what was recorded by mistake of contacts, declines, breakdowns,
//! check-ins, reports and messages is taken back (`taken_back`). Other things have commands of their own that say what
//! holds now: facts of an appointment, whose notice it is, a count, an attendance, a profile of needs.

use crate::{
    Context, Event, Rejection, Scheme,
    event::Payload,
    identifiers::PairingId,
    pairing::{Pairing, Told},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod taken_back;
#[cfg(test)]
mod tests;

pub use taken_back::{Act, Matter, RecordTakenBack};

/// How what was recorded is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// It was not so.
    NotSo,
    /// It was so, on this day.
    On(Date),
    /// It was as it was recorded: an earlier correction is taken back.
    AsRecorded,
}

/// Puts right what an entry of the history told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrectRecord {
    /// The entry.
    pub entry: Uuid,
    /// How it is to stand.
    pub correction: Correction,
}

/// What an earlier entry told was put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordCorrected {
    /// The entry that is corrected. It stays in the history as it is.
    pub corrects: Uuid,
    /// The pairing it is about.
    pub pairing: PairingId,
    /// Whether what it told is so.
    pub stands: bool,
    /// The day of what it told.
    pub on: Date,
}

impl Payload for RecordCorrected {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0]
    }
}

impl Scheme {
    /// The pairing of which an entry told something that can be corrected, and what it told.
    #[must_use]
    pub fn told(&self, entry: Uuid) -> Option<(&Pairing, &Told)> {
        let pairing = self.pairings.get(self.told_of.get(&entry)?)?;
        let mut told = pairing.told.iter();
        let found = told.find(|told| told.entry == entry)?;
        Some((pairing, found))
    }
}

pub(crate) fn correct(
    scheme: &Scheme,
    command: &CorrectRecord,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let entry = command.entry;
    if let Some(act) = scheme.acts.get(&entry) {
        return taken_back::take_back(scheme, command, act, context);
    }
    let (pairing, told) = scheme
        .told(entry)
        .ok_or(Rejection::NotCorrectable { entry })?;
    let (stands, on) = match command.correction {
        Correction::NotSo => (false, told.on),
        Correction::On(day) => (true, day),
        Correction::AsRecorded => (true, told.told_of),
    };
    if on > context.today {
        return Err(Rejection::HappenedInFuture {
            happened_on: on,
            today: context.today,
        });
    }
    if on < pairing.formed_on && on != told.told_of {
        return Err(Rejection::BeforePairing {
            pairing: pairing.id,
            formed_on: pairing.formed_on,
        });
    }
    if (told.stands, told.on) == (stands, on) {
        return Ok(vec![]);
    }
    Ok(vec![Event::RecordCorrected(RecordCorrected {
        corrects: entry,
        pairing: pairing.id,
        stands,
        on,
    })])
}

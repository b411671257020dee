//! What was told of sessions one by one, and putting right what was recorded.

use super::Pairing;
use crate::graphql::{
    command::mutations,
    error::{Code, field_error},
    global_id::Kind,
    kinds::{SessionNotHeld, Side},
    scalars::Date,
    view::View,
};
use async_graphql::{Enum, ID, SimpleObject};
use domain::{
    correction,
    pairing::{Told, Word},
};

/// What an entry told of the sessions of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum SessionWord {
    /// A session was held.
    Held,
    /// A session was not held.
    NotHeld,
    /// There have been so many in all.
    Counted,
    /// All sessions of the core offer have been held.
    MeetingsReached,
}

/// One thing that was told of the sessions of a pairing, as it stands now.
#[derive(Debug, Clone, SimpleObject)]
pub struct SessionEntry {
    /// The id of the entry of the history that told it. `correctRecord` takes it.
    pub entry: ID,
    /// By whose count.
    pub counted_by: Side,
    /// What was told.
    pub word: SessionWord,
    /// What became of a session that was not held.
    pub not_held: Option<SessionNotHeld>,
    /// How many sessions, where a number was told.
    pub count: Option<u16>,
    /// The day it is about, as last corrected.
    pub happened_on: Date,
    /// Whether it is so, as last corrected. What does not stand counts for nothing.
    pub stands: bool,
    /// The ids of the entries that corrected it, in order.
    pub corrected_by: Vec<ID>,
}

impl SessionEntry {
    pub fn of(view: &View, told: &Told) -> Self {
        let (word, not_held, count) = match told.word {
            Word::Held => (SessionWord::Held, None, None),
            Word::NotHeld(outcome) => (SessionWord::NotHeld, Some(outcome.into()), None),
            Word::Counted(count) => (SessionWord::Counted, None, Some(count)),
            Word::Reached(count) => (SessionWord::MeetingsReached, None, Some(count)),
        };
        let corrected_by = told.corrected_by.iter();
        Self {
            entry: view.id(Kind::Entry, told.entry),
            counted_by: told.counted_by.into(),
            word,
            not_held,
            count,
            happened_on: told.on.into(),
            stands: told.stands,
            corrected_by: corrected_by.map(|by| view.id(Kind::Entry, *by)).collect(),
        }
    }
}

/// How what was recorded is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum RecordCorrection {
    /// It was not so.
    NotSo,
    /// It was so, on the day given as `on`.
    OnAnotherDay,
    /// It was as it was recorded: an earlier correction is taken back.
    AsRecorded,
}

mutations! {
    CorrectionMutations;

    /// Puts right what an entry of the history told. Nothing is edited: the correction is an entry of its own that names the
    /// other, both stay in the history, and counts, entitlement, days and stages follow.
    ///
    /// What was told of a session (one held or not held, a count, that all were held) may have been on another day. These
    /// can be said not to be so (`NOT_SO`), and no more: an attempt to make contact, a "yes" or "no" to mentoring, a "no" to a match, the
    /// end of a pairing on which nothing rests since, a check-in, a difficulty, a reminder of a report, a report given up, a message
    /// of the work list, an induction of a mentor. What one command recorded is taken back with it. Everything else has a
    /// command of its own that says what holds now.
    "correctRecord" correct_record
    /// What `correctRecord` needs.
    input CorrectRecordInput {
        /// The id of the entry to be corrected, as `sessionEntries` or the audit trail gives it.
        entry: ID,
        /// How it is to stand.
        correction: RecordCorrection,
        /// The day it really was; with `ON_ANOTHER_DAY`, and only then.
        on: Option<Date>,
    }
    /// What came of `correctRecord`.
    payload CorrectRecordPayload {
        /// The pairing it is about; null when it is about none, or when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let correction = match (given.correction, given.on) {
            (RecordCorrection::NotSo, None) => correction::Correction::NotSo,
            (RecordCorrection::AsRecorded, None) => correction::Correction::AsRecorded,
            (RecordCorrection::OnAnotherDay, Some(day)) => correction::Correction::On(day.0),
            _ => {
                let message = "Give `on` with `ON_ANOTHER_DAY`, and leave it out otherwise.";
                return Err(field_error(Code::InvalidInput, "on", message));
            }
        };
        correction::CorrectRecord {
            entry: asked.view().ids().entry("entry", &given.entry)?,
            correction,
        }
    }
    changed(answer, command) {
        let scheme = answer.view.scheme();
        let told = scheme.told(command.entry).map(|(pairing, _)| pairing.id);
        let act = || scheme.acts.get(&command.entry).and_then(|act| act.matter.pairing());
        told.or_else(act).and_then(|pairing| answer.view.pairing(pairing))
    }
}

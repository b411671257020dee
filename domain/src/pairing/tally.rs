//! What was told of a pairing's sessions, and the counts that are made of it.
//!
//! The counts are made again from the first word to the last whenever a word is put right, so what was corrected counts
//! as if it had been told so at once.

use super::{Counts, NotHeld, NotHeldCounts, Pairing};
use crate::{correction::RecordCorrected, matching::Side};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Word {
    /// A session was held.
    Held,
    /// A session was not held.
    NotHeld(NotHeld),
    /// There have been so many in all.
    Counted(u16),
    /// All of the core offer were held, so many.
    Reached(u16),
}

/// One thing that was told of the sessions of a pairing, and how it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The entry of the history that told it.
    pub entry: Uuid,
    /// By whose count.
    pub counted_by: Side,
    /// What.
    pub word: Word,
    /// Of which day it was told.
    pub told_of: Date,
    /// Whether it is so, as last corrected.
    pub stands: bool,
    /// The day, as last corrected.
    pub on: Date,
    /// The entries that corrected it, in order.
    pub corrected_by: Vec<Uuid>,
}

impl Told {
    pub(crate) const fn new(entry: Uuid, counted_by: Side, word: Word, on: Date) -> Self {
        Self {
            entry,
            counted_by,
            word,
            told_of: on,
            stands: true,
            on,
            corrected_by: Vec::new(),
        }
    }
}

impl Pairing {
    pub(crate) fn tell(&mut self, told: Told) {
        self.told.push(told);
        self.count_again();
    }

    /// Puts right what an entry told, by word of entry `by`; nothing of it is forgotten. Says whether there is such an
    /// entry.
    pub(crate) fn correct(&mut self, corrected: &RecordCorrected, by: Uuid) -> bool {
        let mut told = self.told.iter_mut();
        let Some(told) = told.find(|told| told.entry == corrected.corrects) else {
            return false;
        };
        (told.stands, told.on) = (corrected.stands, corrected.on);
        told.corrected_by.push(by);
        self.count_again();
        true
    }

    fn count_again(&mut self) {
        let brought = self.counts.brought_forward;
        self.counts = Counts {
            mentee: brought,
            mentor: brought,
            brought_forward: brought,
        };
        self.not_held_by_mentee = NotHeldCounts::default();
        self.not_held_by_mentor = NotHeldCounts::default();
        // Whoever brings used sessions forward without a start still has months that run.
        self.first_session_on = (brought > 0).then_some(self.formed_on);
        self.meetings_reached = false;
        for told in self.told.iter().filter(|told| told.stands) {
            match told.word {
                Word::Held => {
                    let count = self.counts.of_mut(told.counted_by);
                    *count = count.saturating_add(1);
                    let first = self.first_session_on.unwrap_or(told.on);
                    self.first_session_on = Some(first.min(told.on));
                }
                Word::NotHeld(outcome) => match told.counted_by {
                    Side::Mentee => self.not_held_by_mentee.add(outcome),
                    Side::Mentor => self.not_held_by_mentor.add(outcome),
                },
                Word::Counted(count) => *self.counts.of_mut(told.counted_by) = count,
                Word::Reached(count) => {
                    self.meetings_reached = true;
                    self.counts.mentor = self.counts.mentor.max(count);
                }
            }
        }
    }
}

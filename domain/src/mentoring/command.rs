//! What can be asked about the offer to a person.

use super::{ContactOutcome, Element, Preferences, Topic};
use crate::identifiers::PersonId;
use jiff::civil::Date;

/// Records an attempt to make contact. The channel comes with the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordContact {
    /// With whom.
    pub mentee: PersonId,
    /// How it ended.
    pub outcome: ContactOutcome,
    /// What was explained.
    pub explained: Vec<Topic>,
}

/// Agrees which parts of the support suit a mentee, in place of what was agreed before (R067).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreeElements {
    /// With whom.
    pub mentee: PersonId,
    /// The parts of the support.
    pub elements: Vec<Element>,
}

/// Offers mentoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferMentoring {
    /// To whom.
    pub mentee: PersonId,
}

/// Accepts mentoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptMentoring {
    /// Who accepts.
    pub mentee: PersonId,
    /// The parts of the support they chose.
    pub elements: Vec<Element>,
    /// The day on which mentoring begins, where that was agreed.
    pub starts_on: Option<Date>,
}

/// Declines mentoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclineMentoring {
    /// Who declines.
    pub mentee: PersonId,
}

/// Agrees the day on which mentoring begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreeStart {
    /// With whom.
    pub mentee: PersonId,
    /// The day.
    pub starts_on: Date,
}

/// Records what a mentee hopes for, in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPreferences {
    /// Whose.
    pub mentee: PersonId,
    /// The preferences.
    pub preferences: Preferences,
}

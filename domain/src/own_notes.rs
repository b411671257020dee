//! What the pair may note for themselves, if they like: the foundations laid in the first session, and what was done
//! beside talking.
//!
//! It is optional, shown to the pair alone, and holds no word of what was said (R095): that a topic was settled, that
//! something was done, on which day.

use crate::{
    Context, Event, Rejection, Scheme, event::Payload, identifiers::PairingId,
    pairing::not_before_formed,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a first session is to settle (R097).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Foundation {
    /// What mentoring is for.
    Purpose,
    /// What each expects of the other.
    Expectations,
    /// How they deal with each other.
    GroundRules,
    /// What stays between them, and what does not.
    Confidentiality,
    /// What the mentee hopes to learn.
    LearningOutcomes,
    /// In which ways the mentor helps.
    FormsOfSupport,
}

/// What a pair may do beside talking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// They looked back at how they work together (R099).
    RelationshipReviewed,
    /// The mentor acted for the mentee (R047).
    ActedForMentee,
    /// The mentor watched the mentee at work (R048).
    PracticeObserved,
    /// The mentor gathered data on the mentee's work (R048).
    WorkDataGathered,
}

/// Notes which foundations are laid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreeFoundations {
    /// The pairing.
    pub pairing: PairingId,
    /// Those that are laid now; what was laid before stays so.
    pub foundations: Vec<Foundation>,
}

/// Notes that something was done beside talking, on the day that comes with the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteActivity {
    /// The pairing.
    pub pairing: PairingId,
    /// What was done.
    pub activity: Activity,
}

/// Foundations were laid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FoundationsAgreed {
    /// The pairing.
    pub pairing: PairingId,
    /// Those that were not laid before.
    pub foundations: Vec<Foundation>,
}

/// The pair did something beside talking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivityNoted {
    /// The pairing.
    pub pairing: PairingId,
    /// What was done.
    pub activity: Activity,
}

macro_rules! concerns_the_pairing {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.pairing.0]
            }
        }
    )+};
}

concerns_the_pairing!(FoundationsAgreed, ActivityNoted);

/// What the pair noted for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnNotes {
    /// The foundations laid, and when.
    pub foundations: Vec<(Foundation, Date)>,
    /// What was done beside talking, and when, in the order in which it was told.
    pub activities: Vec<(Activity, Date)>,
}

pub(crate) fn agree_foundations(
    scheme: &Scheme,
    command: &AgreeFoundations,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    let laid = |foundation: &Foundation| {
        let mut laid = pairing.own_notes.foundations.iter();
        laid.any(|(before, _)| before == foundation)
    };
    let mut foundations = command.foundations.clone();
    foundations.sort_unstable();
    foundations.dedup();
    foundations.retain(|foundation| !laid(foundation));
    if foundations.is_empty() {
        return Ok(vec![]);
    }
    not_before_formed(pairing, context)?;
    Ok(vec![Event::FoundationsAgreed(FoundationsAgreed {
        pairing: command.pairing,
        foundations,
    })])
}

pub(crate) fn note_activity(
    scheme: &Scheme,
    command: &NoteActivity,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    not_before_formed(pairing, context)?;
    Ok(vec![Event::ActivityNoted(ActivityNoted {
        pairing: command.pairing,
        activity: command.activity,
    })])
}

#[cfg(test)]
mod tests;

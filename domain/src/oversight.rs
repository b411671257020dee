//! How the coordinator keeps an eye on a pairing without a word of what is said in it (R070, R102).
//!
//! Each side is asked how it goes and says "fine" or "please ring". A difficulty is raised, and is resolved or
//! becomes a breakdown. There is deliberately no field that says what it is about: that is talked over by telephone.

use crate::{
    Context, Event, Rejection, Scheme,
    event::Payload,
    identifiers::{PairingId, PersonId},
    matching::Side,
    pairing::not_before_formed,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What somebody says when they are asked how it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It goes well.
    Fine,
    /// They would like to be rung.
    PleaseRing,
}

/// Records what a member of a pairing said when asked how it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordCheckIn {
    /// The pairing.
    pub pairing: PairingId,
    /// Who said it.
    pub person: PersonId,
    /// What they said.
    pub word: Word,
}

/// Records that somebody raised a difficulty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaiseDifficulty {
    /// The pairing.
    pub pairing: PairingId,
}

/// Records that the difficulty was resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveDifficulty {
    /// The pairing.
    pub pairing: PairingId,
}

/// A member of a pairing said how it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInMade {
    /// The pairing.
    pub pairing: PairingId,
    /// Who said it.
    pub person: PersonId,
    /// On which side they are.
    pub side: Side,
    /// What they said.
    pub word: Word,
}

/// A difficulty was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DifficultyRaised {
    /// The pairing.
    pub pairing: PairingId,
}

/// The difficulty was resolved. One that becomes a breakdown is told by `pairing.broken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DifficultyResolved {
    /// The pairing.
    pub pairing: PairingId,
}

impl Payload for CheckInMade {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0, self.person.0]
    }
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

concerns_the_pairing!(DifficultyRaised, DifficultyResolved);

/// What a member of a pairing said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// The entry of the history that told it.
    pub entry: Uuid,
    /// Who.
    pub person: PersonId,
    /// On which side.
    pub side: Side,
    /// When.
    pub on: Date,
    /// What.
    pub word: Word,
}

/// A difficulty in a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difficulty {
    /// The entry of the history that told it.
    pub entry: Uuid,
    /// When it was raised.
    pub raised_on: Date,
    /// What became of it.
    pub outcome: DifficultyOutcome,
}

/// What became of a difficulty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DifficultyOutcome {
    /// Nothing yet.
    Open,
    /// It was resolved.
    Resolved {
        /// When.
        on: Date,
    },
    /// The pairing broke down while it was open.
    BecameBreakdown {
        /// When.
        on: Date,
    },
    /// The pairing ended otherwise while it was open.
    Ended {
        /// When.
        on: Date,
    },
}

impl Difficulty {
    /// Whether nothing has become of it yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.outcome, DifficultyOutcome::Open)
    }
}

pub(crate) fn record_check_in(
    scheme: &Scheme,
    command: &RecordCheckIn,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    let side = pairing.side_of(command.person)?;
    not_before_formed(pairing, context)?;
    Ok(vec![Event::CheckInMade(CheckInMade {
        pairing: command.pairing,
        person: command.person,
        side,
        word: command.word,
    })])
}

pub(crate) fn raise_difficulty(
    scheme: &Scheme,
    command: &RaiseDifficulty,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    not_before_formed(pairing, context)?;
    if pairing.difficulties.iter().any(Difficulty::is_open) {
        return Ok(vec![]);
    }
    Ok(vec![Event::DifficultyRaised(DifficultyRaised {
        pairing: command.pairing,
    })])
}

pub(crate) fn resolve_difficulty(
    scheme: &Scheme,
    command: &ResolveDifficulty,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    match pairing.difficulties.last() {
        Some(last) if last.is_open() => {
            not_before_formed(pairing, context)?;
            Ok(vec![Event::DifficultyResolved(DifficultyResolved {
                pairing: command.pairing,
            })])
        }
        Some(Difficulty {
            outcome: DifficultyOutcome::Resolved { .. },
            ..
        }) => Ok(vec![]),
        Some(_) | None => Err(Rejection::NoDifficulty {
            pairing: command.pairing,
        }),
    }
}

#[cfg(test)]
mod tests;

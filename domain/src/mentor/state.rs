//! What the scheme must remember of a mentor to judge the next command.

use super::{Presence, Standing};
use crate::identifiers::{MatchId, PairingId, PersonId};
use crate::register::EmployerKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How far a pen portrait has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Portrait {
    /// None was registered.
    None,
    /// Registered, not approved.
    Registered {
        /// Whether it holds enough for an informed choice.
        complete: bool,
    },
    /// Approved by the mentor.
    Approved,
}

/// A mentor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentor {
    /// The person.
    pub person: PersonId,
    /// The region they work in.
    pub region: Option<String>,
    /// The kind of their employer.
    pub employer_kind: Option<EmployerKind>,
    /// Whether they may mentor, as last judged.
    pub standing: Standing,
    /// The day they were invited or brought forward.
    pub since: Date,
    /// How far the pen portrait has come.
    pub portrait: Portrait,
    /// When they took part in the induction seminar.
    pub inducted_on: Option<Date>,
    /// What they said they have room for.
    pub capacity_stated: Option<u16>,
    /// Whether they take part.
    pub presence: Presence,
    /// Whether they left the post they had when they were last invited.
    pub left_post: bool,
    /// Pairings that are live.
    pub live_pairings: Vec<PairingId>,
    /// Every match they were offered in, in order.
    pub matches: Vec<MatchId>,
}

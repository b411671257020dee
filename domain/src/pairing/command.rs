//! What can be asked about a pairing.

use super::{BreakdownCause, Replacement};
use crate::{
    identifiers::{MatchId, PairingId},
    matching::Side,
};

/// Forms a pairing of matches on which both sides have agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPairing {
    /// The matches: one, or several where the policy allows groups.
    pub matches: Vec<MatchId>,
}

/// Records that a session was held, on the day that comes with the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSession {
    /// The pairing.
    pub pairing: PairingId,
    /// Which side's count it adds to.
    pub counted_by: Side,
    /// Whether it was cut short.
    pub shortened: bool,
}

/// Reports how many sessions there have been in all, by one side's count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSessionCount {
    /// The pairing.
    pub pairing: PairingId,
    /// Which side counted.
    pub counted_by: Side,
    /// How many in all.
    pub count: u16,
}

/// Reports that the sessions of the core offer have been held, so that reports are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportMeetingsReached {
    /// The pairing.
    pub pairing: PairingId,
}

/// Records that a pairing broke down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakPairing {
    /// The pairing.
    pub pairing: PairingId,
    /// Why, as far as anybody says.
    pub cause: BreakdownCause,
}

/// Records what was judged after a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeReplacement {
    /// The pairing that broke down.
    pub pairing: PairingId,
    /// What was judged.
    pub judgement: Replacement,
    /// Whether the mentee took part in judging.
    pub with_mentee: bool,
}

/// Records that a pairing came to its end as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcludePairing {
    /// The pairing.
    pub pairing: PairingId,
}

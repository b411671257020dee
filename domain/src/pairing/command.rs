//! What can be asked about a pairing.

use super::{BreakdownCause, Judge, MeetingFormat, MeetingPlaces, NotHeld, Replacement};
use crate::{
    identifiers::{MatchId, PairingId, PersonId},
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

/// Records that a session that was to be held on the day that comes with the command was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSessionNotHeld {
    /// The pairing.
    pub pairing: PairingId,
    /// Which side's count it adds to.
    pub counted_by: Side,
    /// What became of it.
    pub outcome: NotHeld,
}

/// Records how often and how the pair agreed to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreeMeetings {
    /// The pairing.
    pub pairing: PairingId,
    /// Which of the pair tells it.
    pub person: PersonId,
    /// Every how many weeks, where that was said.
    pub every_weeks: Option<u16>,
    /// How, where that was said.
    pub format: Option<MeetingFormat>,
    /// When and where, for the pair alone.
    pub places: MeetingPlaces,
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
    /// Everybody who took part in judging.
    pub judged_by: Vec<Judge>,
}

/// Records that the mentee asked for a pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PausePairing {
    /// The pairing.
    pub pairing: PairingId,
}

/// Records that a pause is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumePairing {
    /// The pairing.
    pub pairing: PairingId,
}

/// Records that the mentee withdrew. There is no field for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawFromPairing {
    /// The pairing.
    pub pairing: PairingId,
}

/// Records that a pairing came to a good end, as planned or early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcludePairing {
    /// The pairing.
    pub pairing: PairingId,
}

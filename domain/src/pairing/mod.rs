//! Mentors and mentees who work together: from their agreement to the last session, or to a breakdown.
//!
//! ```text
//!          form            meetings reached
//! (match) ──────▶ live ───────────────────────▶ live, reports asked for ──▶ concluded
//!                   └──────── break ──▶ broken ──▶ a replacement is judged by mentee and coordinator
//! ```
//!
//! Times and places are the pair's own: the coordinator sees counts. What happened after an end, or beyond
//! the core offer, is recorded and judged, never made unsayable.

mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    BreakPairing, ConcludePairing, FormPairing, JudgeReplacement, RecordSession,
    ReportMeetingsReached, ReportSessionCount,
};
pub(crate) use decide::{
    break_pairing, conclude, countable, form, judge_replacement, record_session, report_count,
    report_meetings_reached,
};
pub use event::{
    BreakdownCause, MeetingsReached, PairingBroken, PairingConcluded, PairingFormed, Replacement,
    ReplacementJudged, SessionHeld, SessionsCounted,
};
pub use state::{Counts, Course, Pairing, Report};

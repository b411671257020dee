//! Mentors and mentees who work together: from their agreement to the last session, or to a breakdown.
//!
//! ```text
//!          form            meetings reached
//! (match) ──────▶ live ───────────────────────▶ live, reports asked for ──▶ concluded
//!                 │ ▲ └── break ──▶ broken ──▶ a replacement is judged by mentee and coordinator
//!           pause ▼ │ resume
//!                 paused ── withdraw (also while live) ──▶ withdrawn
//! ```
//!
//! Times and places are the pair's own: the coordinator sees counts. What happened after an end, or beyond
//! the core offer, is recorded and judged, never made unsayable. Pause and withdrawal are the mentee's to ask for, and no
//! breakdown.

mod command;
mod decide;
mod event;
mod state;
mod tally;
#[cfg(test)]
mod tests;

pub use command::{
    AgreeMeetings, BreakPairing, ConcludePairing, FormPairing, JudgeReplacement, PausePairing,
    RecordSession, RecordSessionNotHeld, ReportMeetingsReached, ReportSessionCount, ResumePairing,
    WithdrawFromPairing,
};
pub use decide::remaining;
pub(crate) use decide::{
    agree_meetings, break_pairing, conclude, countable, form, judge_replacement, not_before_formed,
    pause, record_not_held, record_session, report_count, report_meetings_reached, resume,
    withdraw,
};
pub use event::{
    BreakdownCause, Judge, MeetingFormat, MeetingPlaces, MeetingsAgreed, MeetingsReached, NotHeld,
    PairingBroken, PairingConcluded, PairingFormed, PairingPaused, PairingResumed,
    PairingWithdrawn, Remaining, Replacement, ReplacementJudged, SessionHeld, SessionNotHeld,
    SessionsCounted,
};
pub use state::{
    Breakdown, Counts, Course, Judged, Meetings, NotHeldCounts, Pairing, Pause, Report,
};
pub use tally::{Told, Word};

//! Mentors offered to a mentee, until two sides agree or do not.
//!
//! ```text
//!  offered ──▶ agreed by one ──▶ agreed by both ──▶ (a pairing forms)
//!     └─ declined, lapsed, released or withdrawn at any point: it is not going ahead, and nobody says why
//! ```
//!
//! A yes that was given before the match lapsed and is recorded after takes it up again.
//!
//! Who is suitable is advice at the time of asking; the event holds who was offered. No decline has a
//! field for a reason (R090).

mod choice;
mod decide;
mod event;
#[cfg(test)]
mod tests;

use crate::identifiers::{MatchId, PersonId};
pub use choice::{
    Conflict, ConflictDeclared, DeclareConflict, MatchesRanked, MentorsNamed, NameMentors,
    PlaceOnWaitingList, RankMatches, TakeOffWaitingList, WaitingListJoined, WaitingListLeft,
    WithdrawMatch,
};
pub(crate) use choice::{
    declare_conflict, name_mentors, rank, wait, wait_no_longer, withdraw, withdrawn_with,
};
pub(crate) use decide::{accept, decline, has_room, may_be_paired, offer};
pub use event::{
    MatchAccepted, MatchDeclined, MatchLapsed, MatchOffered, MatchReleased, MatchWithdrawn, Side,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Offers mentors to a mentee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferMatches {
    /// To whom.
    pub mentee: PersonId,
    /// Which mentors.
    pub mentors: Vec<PersonId>,
    /// Says that more mentors at once than is usual are meant.
    pub more_than_usual: bool,
}

/// Agrees to a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptMatch {
    /// The match.
    pub of: MatchId,
    /// Which side agrees.
    pub side: Side,
}

/// Declines a match. There is no field for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclineMatch {
    /// The match.
    pub of: MatchId,
    /// Which side declines.
    pub side: Side,
}

/// How a match stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// It may still go ahead.
    Open,
    /// One side declined.
    Declined(Side),
    /// Nobody answered in time.
    Lapsed,
    /// The mentee is in a pairing with somebody else.
    Released,
    /// It was taken back, or the mentor takes part no more.
    Withdrawn,
    /// A pairing came of it.
    Paired,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The match.
    pub id: MatchId,
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
    /// The last day for an answer.
    pub answer_by: Date,
    /// When the mentee agreed.
    pub mentee_agreed_on: Option<Date>,
    /// When the mentor agreed.
    pub mentor_agreed_on: Option<Date>,
    /// How it stands.
    pub progress: Progress,
}

impl Match {
    /// Whether both sides have agreed and nothing came between.
    #[must_use]
    pub const fn is_agreed(&self) -> bool {
        matches!(self.progress, Progress::Open)
            && self.mentee_agreed_on.is_some()
            && self.mentor_agreed_on.is_some()
    }
}

//! How a mentee chooses: mentors they name, the order in which they would take those offered, conflicts to be known
//! beforehand, and waiting while nobody is suitable.
//!
//! All of it is advice for the coordinator (R088, R091): none of it bars anybody, and none is shown to a mentor.

use super::{Match, MatchWithdrawn, Progress, may_be_paired};
use crate::{
    Event, Rejection, Scheme,
    event::Payload,
    identifiers::{MatchId, PersonId},
    mentor::Mentor,
    mentoring::Offer,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most mentors a mentee can have named at a time; more is a slip.
const NAMED_MOST: usize = 20;

/// What may speak against two people working together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// One is, or was, in the other's line of management.
    LineManagement,
    /// Nobody said what, and nobody need.
    NotStated,
}

/// Says which mentors a mentee would like, first choice first, in place of those named before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMentors {
    /// Whose wish it is.
    pub mentee: PersonId,
    /// The mentors; none takes the wish back.
    pub mentors: Vec<PersonId>,
}

/// Says in which order a mentee would take the mentors offered, first choice first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankMatches {
    /// Whose order it is.
    pub mentee: PersonId,
    /// The matches; none takes the order back.
    pub matches: Vec<MatchId>,
}

/// Withdraws a match that may still go ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawMatch {
    /// The match.
    pub of: MatchId,
}

/// Records that something speaks against two people working together, or that nothing does any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclareConflict {
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
    /// What; absent when nothing does any more.
    pub conflict: Option<Conflict>,
}

/// Has a mentee wait for a mentor, because nobody is suitable at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOnWaitingList {
    /// Who waits.
    pub mentee: PersonId,
}

/// Takes a mentee off the waiting list without an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOffWaitingList {
    /// Who waits no longer.
    pub mentee: PersonId,
}

/// A mentee said which mentors they would like, in place of those named before (R091).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorsNamed {
    /// Whose wish it is.
    pub mentee: PersonId,
    /// The mentors, first choice first; empty when the wish was taken back.
    pub mentors: Vec<PersonId>,
}

/// A mentee said in which order they would take the mentors offered (R088).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchesRanked {
    /// Whose order it is.
    pub mentee: PersonId,
    /// The matches, first choice first; empty when the order was taken back.
    pub matches: Vec<MatchId>,
}

/// Something was said to speak against two people working together, or no longer to do so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictDeclared {
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
    /// What; absent when nothing does any more.
    pub conflict: Option<Conflict>,
}

/// A mentee waits for a mentor, because nobody is suitable at present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingListJoined {
    /// Who waits.
    pub mentee: PersonId,
}

/// A mentee waits no longer: somebody was offered, or it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingListLeft {
    /// Who waited.
    pub mentee: PersonId,
}

impl Payload for MentorsNamed {
    fn subjects(&self) -> Vec<Uuid> {
        let mentors = self.mentors.iter().map(|mentor| mentor.0);
        std::iter::once(self.mentee.0).chain(mentors).collect()
    }
}

impl Payload for MatchesRanked {
    fn subjects(&self) -> Vec<Uuid> {
        let matches = self.matches.iter().map(|of| of.0);
        std::iter::once(self.mentee.0).chain(matches).collect()
    }
}

impl Payload for ConflictDeclared {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.mentee.0, self.mentor.0]
    }
}

impl Payload for WaitingListJoined {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.mentee.0]
    }
}

impl Payload for WaitingListLeft {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.mentee.0]
    }
}

pub(crate) fn name_mentors(
    scheme: &Scheme,
    command: &NameMentors,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    let mentors = in_order(&command.mentors);
    if mentors.len() > NAMED_MOST {
        return Err(Rejection::OutOfRange {
            what: "the number of mentors named",
            least: 0,
            most: 20,
        });
    }
    for mentor in &mentors {
        scheme.mentor(*mentor)?;
        not_oneself(command.mentee, *mentor)?;
    }
    if mentee.named == mentors {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorsNamed(MentorsNamed {
        mentee: command.mentee,
        mentors,
    })])
}

/// A match that is over by now may be in the order: the mentee gave it when it was not.
pub(crate) fn rank(scheme: &Scheme, command: &RankMatches) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    let matches = in_order(&command.matches);
    for of in &matches {
        if !mentee.matches.contains(of) {
            return Err(Rejection::UnknownMatch { of: *of });
        }
    }
    if mentee.ranking == matches {
        return Ok(vec![]);
    }
    Ok(vec![Event::MatchesRanked(MatchesRanked {
        mentee: command.mentee,
        matches,
    })])
}

pub(crate) fn withdraw(scheme: &Scheme, command: &WithdrawMatch) -> Result<Vec<Event>, Rejection> {
    let found = scheme.offered_match(command.of)?;
    match found.progress {
        Progress::Withdrawn => Ok(vec![]),
        Progress::Open => Ok(vec![withdrawn(found)]),
        Progress::Declined(_) | Progress::Lapsed | Progress::Released | Progress::Paired => {
            Err(Rejection::MatchClosed { of: command.of })
        }
    }
}

/// What happened to a mentor, and with it every open match of theirs withdrawn.
pub(crate) fn withdrawn_with(event: Event, scheme: &Scheme, mentor: &Mentor) -> Vec<Event> {
    let found = mentor
        .matches
        .iter()
        .filter_map(|id| scheme.matches.get(id));
    let open = found.filter(|found| found.progress == Progress::Open);
    std::iter::once(event).chain(open.map(withdrawn)).collect()
}

fn withdrawn(found: &Match) -> Event {
    Event::MatchWithdrawn(MatchWithdrawn {
        of: found.id,
        mentee: found.mentee,
        mentor: found.mentor,
    })
}

pub(crate) fn declare_conflict(
    scheme: &Scheme,
    command: &DeclareConflict,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    scheme.mentor(command.mentor)?;
    not_oneself(command.mentee, command.mentor)?;
    if mentee.conflict_with(command.mentor) == command.conflict {
        return Ok(vec![]);
    }
    Ok(vec![Event::ConflictDeclared(ConflictDeclared {
        mentee: command.mentee,
        mentor: command.mentor,
        conflict: command.conflict,
    })])
}

pub(crate) fn wait(scheme: &Scheme, command: &PlaceOnWaitingList) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    if mentee.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted {
            person: command.mentee,
        });
    }
    may_be_paired(scheme, mentee)?;
    if mentee.waiting_since.is_some() {
        return Ok(vec![]);
    }
    if scheme.open_matches(mentee).next().is_some() {
        return Err(Rejection::StillChoosing {
            person: command.mentee,
        });
    }
    Ok(vec![Event::WaitingListJoined(WaitingListJoined {
        mentee: command.mentee,
    })])
}

pub(crate) fn wait_no_longer(
    scheme: &Scheme,
    command: &TakeOffWaitingList,
) -> Result<Vec<Event>, Rejection> {
    if scheme.mentee(command.mentee)?.waiting_since.is_none() {
        return Ok(vec![]);
    }
    Ok(vec![Event::WaitingListLeft(WaitingListLeft {
        mentee: command.mentee,
    })])
}

fn not_oneself(mentee: PersonId, mentor: PersonId) -> Result<(), Rejection> {
    if mentee == mentor {
        return Err(Rejection::OwnMentor { person: mentor });
    }
    Ok(())
}

/// Each once, where it came first.
fn in_order<T: Copy + PartialEq>(all: &[T]) -> Vec<T> {
    all.iter().fold(Vec::new(), |mut once, one| {
        if !once.contains(one) {
            once.push(*one);
        }
        once
    })
}

#[cfg(test)]
mod tests;

//! What the scheme still owes when a pairing comes to its end (R075, R076, R112).
//!
//! The mentor is given feedback, never the mentee's report; with the mentee it is talked over what support comes
//! next. Both are recorded as done, without a word of what was said.

use crate::{
    Context, Event, Rejection, Scheme,
    event::Payload,
    identifiers::{PairingId, PersonId},
    matching::Side,
    pairing::{Pairing, not_before_formed},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Records that the coordinator gave a mentor feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveMentorFeedback {
    /// The pairing.
    pub pairing: PairingId,
    /// To whom.
    pub mentor: PersonId,
}

/// Records that what support comes next was talked over with a mentee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscussOngoingSupport {
    /// The pairing.
    pub pairing: PairingId,
    /// With whom.
    pub mentee: PersonId,
}

/// The coordinator gave a mentor feedback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorFeedbackGiven {
    /// The pairing.
    pub pairing: PairingId,
    /// To whom.
    pub mentor: PersonId,
}

/// What support comes next was talked over with a mentee (R027).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OngoingSupportDiscussed {
    /// The pairing.
    pub pairing: PairingId,
    /// With whom.
    pub mentee: PersonId,
}

impl Payload for MentorFeedbackGiven {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0, self.mentor.0]
    }
}

impl Payload for OngoingSupportDiscussed {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0, self.mentee.0]
    }
}

/// What can be owed at the end of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwedKind {
    /// Somebody's report, owed to the scheme.
    Report,
    /// Feedback, owed to a mentor.
    MentorFeedback,
    /// A talk about what support comes next, owed to a mentee.
    OngoingSupport,
}

/// Something owed at the end of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// What.
    pub what: OwedKind,
    /// To whom; of a report, by whom.
    pub person: PersonId,
}

/// What is still owed at the end of `pairing`; nothing while it is under way, or where another mentor is to be found, and
/// nothing by or to somebody who was forgotten.
#[must_use]
pub fn owed(scheme: &Scheme, pairing: &Pairing) -> Vec<Owed> {
    if !pairing.is_final() && !pairing.meetings_reached {
        return Vec::new();
    }
    let out = pairing.reports.iter();
    let reports = out
        .filter(|report| report.is_out())
        .map(|report| (OwedKind::Report, report.person));
    let mentors = pairing.mentors.iter();
    let feedback = mentors
        .filter(|mentor| !is_noted(&pairing.feedback_given, **mentor))
        .map(|mentor| (OwedKind::MentorFeedback, *mentor));
    let mentees = pairing.mentees.iter();
    let support = mentees
        .filter(|mentee| !is_noted(&pairing.support_discussed, **mentee))
        .map(|mentee| (OwedKind::OngoingSupport, *mentee));
    let all = reports.chain(feedback).chain(support);
    all.filter(|(_, person)| !scheme.erasures.is_erased(*person))
        .map(|(what, person)| Owed { what, person })
        .collect()
}

fn is_noted(done: &[(PersonId, jiff::civil::Date)], person: PersonId) -> bool {
    done.iter().any(|(of, _)| *of == person)
}

pub(crate) fn give_mentor_feedback(
    scheme: &Scheme,
    command: &GiveMentorFeedback,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    of_side(pairing, command.mentor, Side::Mentor)?;
    if is_noted(&pairing.feedback_given, command.mentor) {
        return Ok(vec![]);
    }
    not_before_formed(pairing, context)?;
    Ok(vec![Event::MentorFeedbackGiven(MentorFeedbackGiven {
        pairing: command.pairing,
        mentor: command.mentor,
    })])
}

pub(crate) fn discuss_ongoing_support(
    scheme: &Scheme,
    command: &DiscussOngoingSupport,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    of_side(pairing, command.mentee, Side::Mentee)?;
    if is_noted(&pairing.support_discussed, command.mentee) {
        return Ok(vec![]);
    }
    not_before_formed(pairing, context)?;
    Ok(vec![Event::OngoingSupportDiscussed(
        OngoingSupportDiscussed {
            pairing: command.pairing,
            mentee: command.mentee,
        },
    )])
}

/// Refuses somebody who is not of the pairing on that side.
fn of_side(pairing: &Pairing, person: PersonId, side: Side) -> Result<(), Rejection> {
    if pairing.side_of(person)? == side {
        return Ok(());
    }
    Err(Rejection::NotOfPairing {
        person,
        pairing: pairing.id,
    })
}

#[cfg(test)]
mod tests;

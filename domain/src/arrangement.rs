//! When and where a pair means to meet next, noted if they like.
//!
//! It is the pair's own: the time and the place are sealed with whoever told them, and nobody but the two is shown them.
//! Nothing requires an arrangement and nothing rests on one (R309): no count, no due, no stage. That a session was held,
//! moved or missed is told by itself, of one that was arranged as of any other.

use crate::{
    Context, Event, Particulars, Recorded, Rejection, Scheme, Sealed,
    event::Payload,
    identifiers::{ArrangedSessionId, PairingId, PersonId},
    limits::fits,
    pairing::{Pairing, not_before_formed},
    sealed::Content,
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// When and where a pair means to meet, by the clocks of the scheme's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArrangedMeeting {
    /// When it begins.
    pub starts_at: DateTime,
    /// When it ends, where that was said.
    pub ends_at: Option<DateTime>,
    /// Where, where that was said.
    pub place: Option<String>,
}

impl Content for ArrangedMeeting {
    const VERSION: u16 = 1;
}

/// Notes when and where a pair means to meet, or that a session was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrangeSession {
    /// The pairing.
    pub pairing: PairingId,
    /// A session arranged before, which is moved; a new one when absent.
    pub session: Option<ArrangedSessionId>,
    /// Which of the pair tells it.
    pub person: PersonId,
    /// When and where.
    pub meeting: ArrangedMeeting,
}

/// Notes that a session that was arranged will not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOffSession {
    /// The pairing.
    pub pairing: PairingId,
    /// The session.
    pub session: ArrangedSessionId,
}

/// A pair arranged a session, or moved one. It is optional, and nothing rests on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionArranged {
    /// The pairing.
    pub pairing: PairingId,
    /// The session. One that was arranged before is moved.
    pub session: ArrangedSessionId,
    /// Which of the pair told it.
    pub person: PersonId,
    /// When and where, for the pair alone.
    pub meeting: Sealed<ArrangedMeeting>,
}

/// A session that was arranged will not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionCalledOff {
    /// The pairing.
    pub pairing: PairingId,
    /// The session.
    pub session: ArrangedSessionId,
}

impl Payload for SessionArranged {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0, self.person.0]
    }
}

impl Payload for SessionCalledOff {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0]
    }
}

/// A session that a pair arranged. When and where stands among the particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrangedSession {
    /// The session.
    pub id: ArrangedSessionId,
    /// Which of the pair told last when and where it is.
    pub told_by: PersonId,
    /// The day on which that was told.
    pub arranged_on: Date,
    /// The day on which it was called off; absent while it is to be.
    pub called_off_on: Option<Date>,
    /// How often it was changed since it was first arranged.
    pub changes: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

impl Pairing {
    /// A session that the pair arranged, or a rejection that names both.
    pub fn arranged_session(&self, id: ArrangedSessionId) -> Result<&ArrangedSession, Rejection> {
        let mut all = self.arranged.iter();
        all.find(|session| session.id == id)
            .ok_or(Rejection::UnknownArrangedSession {
                session: id,
                pairing: self.id,
            })
    }

    pub(crate) fn session_arranged(&mut self, arranged: &SessionArranged, recorded: &Recorded) {
        let mut all = self.arranged.iter_mut();
        if let Some(session) = all.find(|session| session.id == arranged.session) {
            session.told_by = arranged.person;
            session.arranged_on = recorded.happened_on;
            session.called_off_on = None;
            session.changed(recorded);
            return;
        }
        self.arranged.push(ArrangedSession {
            id: arranged.session,
            told_by: arranged.person,
            arranged_on: recorded.happened_on,
            called_off_on: None,
            changes: 0,
            changed_at: recorded.recorded_at,
        });
    }

    /// Says whether there is such a session.
    pub(crate) fn session_called_off(
        &mut self,
        called_off: &SessionCalledOff,
        recorded: &Recorded,
    ) -> bool {
        let mut all = self.arranged.iter_mut();
        let Some(session) = all.find(|session| session.id == called_off.session) else {
            return false;
        };
        session.called_off_on = Some(recorded.happened_on);
        session.changed(recorded);
        true
    }
}

impl ArrangedSession {
    fn changed(&mut self, recorded: &Recorded) {
        self.changes = self.changes.saturating_add(1);
        self.changed_at = recorded.recorded_at;
    }
}

pub(crate) fn arrange(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ArrangeSession,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    pairing.side_of(command.person)?;
    let moved = command.session.map(|id| pairing.arranged_session(id));
    let moved = moved.transpose()?;
    if !pairing.is_live() {
        return Err(Rejection::PairingOver {
            pairing: command.pairing,
        });
    }
    not_before_formed(pairing, context)?;
    plausible(&command.meeting, context)?;
    fits("the time and the place", &command.meeting)?;
    // Two who tell the same of the same session have arranged it once.
    let told_before = |session: &&ArrangedSession| {
        session.called_off_on.is_none()
            && particulars.arranged_meeting(session.id) == Some(&command.meeting)
    };
    let already = match moved {
        Some(session) => told_before(&session),
        None => pairing.arranged.iter().any(|session| told_before(&session)),
    };
    if already {
        return Ok(vec![]);
    }
    Ok(vec![Event::SessionArranged(SessionArranged {
        pairing: command.pairing,
        session: command
            .session
            .unwrap_or_else(|| context.name("arranged session")),
        person: command.person,
        meeting: Sealed::new(command.person, command.meeting.clone()),
    })])
}

/// What is arranged lies ahead, and more than two years ahead is a slip of the pen.
fn plausible(meeting: &ArrangedMeeting, context: &Context) -> Result<(), Rejection> {
    let day = meeting.starts_at.date();
    if day < context.happened_on {
        return Err(Rejection::ArrangedBackwards);
    }
    if day > context.today.saturating_add(2.years()) {
        return Err(Rejection::OutOfRange {
            what: "startsAt, counted in years from today,",
            least: 0,
            most: 2,
        });
    }
    if meeting
        .ends_at
        .is_some_and(|ends| ends <= meeting.starts_at)
    {
        return Err(Rejection::DatesContradict {
            earlier: "startsAt",
            later: "endsAt",
        });
    }
    Ok(())
}

pub(crate) fn call_off(
    scheme: &Scheme,
    command: &CallOffSession,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    let session = pairing.arranged_session(command.session)?;
    if session.called_off_on.is_some() {
        return Ok(vec![]);
    }
    not_before_formed(pairing, context)?;
    Ok(vec![Event::SessionCalledOff(SessionCalledOff {
        pairing: command.pairing,
        session: command.session,
    })])
}

#[cfg(test)]
mod tests;

//! Whether a mentor takes part, and whether they are still in their post (R029, Z01, Z02).
//!
//! ```text
//!              pause                resign, or are removed
//! take part ──────────▶ paused ──────────────────────────▶ resigned, removed
//!     ▲                    │                                      │
//!     └────── resume ──────┴──────────────── resume ──────────────┘
//! ```
//!
//! Nothing here ends a pairing: it is flagged, and ends when it is recorded as broken or concluded. Whoever is gone
//! takes no new mentee, so their open matches are withdrawn. There is deliberately no field for a reason.

use super::{Experience, MentorStatus, Standing, standing};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed, event::Payload, identifiers::PersonId,
    matching::withdrawn_with, policy::MentorRule, posts, sealed::Content,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether a mentor takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    /// They may be offered.
    TakesPart,
    /// They take nobody new for a while.
    Paused {
        /// Until when, as they expect. Nothing happens by itself on that day.
        until: Option<Date>,
    },
    /// They gave it up.
    Resigned,
    /// It was decided that they are no mentor any more.
    Removed {
        /// By whom.
        decided_by: Decider,
    },
    /// They were forgotten.
    Erased,
}

impl Presence {
    /// Whether they resigned, were removed or were forgotten.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Resigned | Self::Removed { .. } | Self::Erased)
    }
}

/// Who decides that somebody is no mentor any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decider {
    /// The coordinator.
    Coordinator,
    /// The body that runs the scheme.
    Operator,
    /// The body that commissions it.
    Commissioner,
}

/// That a mentor left their post. The day is sealed: with a region and a kind of employer it would name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeavingPost {
    /// The last day in post.
    pub left_on: Option<Date>,
    /// Whether they retired, and did not go on to other work.
    pub retired: bool,
}

impl Content for LeavingPost {
    const VERSION: u16 = 1;
}

impl LeavingPost {
    /// Whether somebody who left like this may mentor under `rule`: recently retired directors may, others no more.
    #[must_use]
    pub fn standing(self, rule: &MentorRule, years_in_post: Option<u16>, today: Date) -> Standing {
        if !self.retired {
            return Standing::NotEligible;
        }
        let retired = Experience {
            status: MentorStatus::Retired,
            retired_on: self.left_on,
            years_in_post,
        };
        standing(rule, &retired, today)
    }
}

/// Takes a mentor out of the choice for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseMentor {
    /// The mentor.
    pub mentor: PersonId,
    /// Until when, as they expect.
    pub until: Option<Date>,
}

/// Records that a mentor is back, after a pause or after they were gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeMentor {
    /// The mentor.
    pub mentor: PersonId,
}

/// Records that a mentor gives it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResignAsMentor {
    /// The mentor.
    pub mentor: PersonId,
}

/// Records the decision that somebody is no mentor any more. There is no field for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveMentor {
    /// The mentor.
    pub mentor: PersonId,
    /// Who decided it.
    pub decided_by: Decider,
}

/// Records that a mentor left their post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordMentorLeftPost {
    /// The mentor.
    pub mentor: PersonId,
    /// When, and whether they retired.
    pub leaving: LeavingPost,
}

/// A mentor takes nobody new for a while. Their pairings go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorPaused {
    /// The mentor.
    pub mentor: PersonId,
    /// Until when, as they expect; nothing happens by itself on that day.
    pub until: Option<Date>,
}

/// A mentor is back, after a pause or after they were gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorResumed {
    /// The mentor.
    pub mentor: PersonId,
}

/// A mentor gave it up. Their pairings are flagged and end only when that is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorResigned {
    /// The mentor.
    pub mentor: PersonId,
}

/// It was decided that somebody is no mentor any more. There is no field for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorRemoved {
    /// The mentor.
    pub mentor: PersonId,
    /// Who decided it.
    pub decided_by: Decider,
}

/// It became known that a mentor left their post (Z02). A pairing of theirs is flagged and does not end by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorLeftPost {
    /// The mentor.
    pub mentor: PersonId,
    /// Whether they may still mentor, as judged.
    pub standing: Standing,
    /// The version of the policy by which it was judged.
    pub policy: String,
    /// When they left, and whether they retired.
    pub leaving: Sealed<LeavingPost>,
}

macro_rules! concerns_the_mentor {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.mentor.0]
            }
        }
    )+};
}

concerns_the_mentor!(
    MentorPaused,
    MentorResumed,
    MentorResigned,
    MentorRemoved,
    MentorLeftPost
);

pub(crate) fn pause(scheme: &Scheme, command: &PauseMentor) -> Result<Vec<Event>, Rejection> {
    let mentor = scheme.mentor(command.mentor)?;
    if mentor.presence.is_gone() {
        return Err(Rejection::MentorNotTakingPart {
            mentor: command.mentor,
        });
    }
    let paused = Presence::Paused {
        until: command.until,
    };
    if mentor.presence == paused {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorPaused(MentorPaused {
        mentor: command.mentor,
        until: command.until,
    })])
}

pub(crate) fn resume(scheme: &Scheme, command: &ResumeMentor) -> Result<Vec<Event>, Rejection> {
    if scheme.mentor(command.mentor)?.presence == Presence::TakesPart {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorResumed(MentorResumed {
        mentor: command.mentor,
    })])
}

pub(crate) fn resign(scheme: &Scheme, command: &ResignAsMentor) -> Result<Vec<Event>, Rejection> {
    let mentor = scheme.mentor(command.mentor)?;
    if mentor.presence.is_gone() {
        return Ok(vec![]);
    }
    let resigned = Event::MentorResigned(MentorResigned {
        mentor: command.mentor,
    });
    Ok(withdrawn_with(resigned, scheme, mentor))
}

pub(crate) fn remove(scheme: &Scheme, command: &RemoveMentor) -> Result<Vec<Event>, Rejection> {
    let mentor = scheme.mentor(command.mentor)?;
    let decided_by = command.decided_by;
    if mentor.presence == (Presence::Removed { decided_by }) {
        return Ok(vec![]);
    }
    let removed = Event::MentorRemoved(MentorRemoved {
        mentor: command.mentor,
        decided_by,
    });
    Ok(withdrawn_with(removed, scheme, mentor))
}

pub(crate) fn leave_post(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &RecordMentorLeftPost,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let mentor = scheme.mentor(command.mentor)?;
    let leaving = command.leaving;
    if let Some(left_on) = leaving.left_on.filter(|day| *day > context.today) {
        return Err(Rejection::HappenedInFuture {
            happened_on: left_on,
            today: context.today,
        });
    }
    if mentor.left_post && particulars.leaving(command.mentor) == Some(&leaving) {
        return Ok(vec![]);
    }
    let years = particulars
        .mentor_profile(command.mentor)
        .and_then(|profile| profile.experience.years_in_post);
    let left = Event::MentorLeftPost(MentorLeftPost {
        mentor: command.mentor,
        standing: leaving.standing(&terms.policy.mentors, years, context.today),
        policy: terms.policy.version.clone(),
        leaving: Sealed::new(command.mentor, leaving),
    });
    let posts = posts::left_with(scheme, particulars, command.mentor, context)?;
    Ok(std::iter::once(left).chain(posts).collect())
}

#[cfg(test)]
mod tests;

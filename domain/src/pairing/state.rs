//! What the scheme must remember of a pairing to judge the next command.

use super::{BreakdownCause, Replacement};
use crate::{
    identifiers::{MatchId, PairingId, PersonId},
    matching::Side,
    policy::Handbook,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Each side's count of the sessions, which may differ and are both kept (R226).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The mentee's, in all.
    pub mentee: u16,
    /// The mentor's, in all.
    pub mentor: u16,
    /// What was used before the scheme was run here; both sides' counts begin with it.
    pub brought_forward: u16,
}

impl Counts {
    /// What counts against the entitlement: a session counts when either side says it was held, and what
    /// was used before is never given back.
    #[must_use]
    pub fn used(&self) -> u16 {
        self.brought_forward.max(self.mentee).max(self.mentor)
    }

    /// One side's count.
    #[must_use]
    pub const fn of(&self, side: Side) -> u16 {
        match side {
            Side::Mentee => self.mentee,
            Side::Mentor => self.mentor,
        }
    }

    /// One side's count, to be changed.
    pub const fn of_mut(&mut self, side: Side) -> &mut u16 {
        match side {
            Side::Mentee => &mut self.mentee,
            Side::Mentor => &mut self.mentor,
        }
    }
}

/// Where a pairing is in its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Course {
    /// They meet.
    Live,
    /// It broke down.
    Broken {
        /// When.
        on: Date,
        /// Why, as far as anybody says.
        cause: BreakdownCause,
        /// What was judged since.
        judgement: Option<Replacement>,
    },
    /// It came to its end as planned.
    Concluded {
        /// When.
        on: Date,
    },
}

/// A pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// The pairing.
    pub id: PairingId,
    /// Those who mentor.
    pub mentors: Vec<PersonId>,
    /// Those who are mentored.
    pub mentees: Vec<PersonId>,
    /// The matches it came of; none for one brought forward.
    pub matches: Vec<MatchId>,
    /// The handbook in force when it was formed; unknown for one brought forward.
    pub handbook: Option<Handbook>,
    /// The day it was formed.
    pub formed_on: Date,
    /// The day of the first session.
    pub first_session_on: Option<Date>,
    /// The sessions, as each side counts them.
    pub counts: Counts,
    /// Whether the mentor has told that the core sessions were held.
    pub meetings_reached: bool,
    /// The pairing it takes the place of.
    pub replaces: Option<PairingId>,
    /// Where it is in its course.
    pub course: Course,
    /// Who was asked for a report, and whether it was filed.
    pub reports: Vec<Report>,
}

/// A report asked for at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// By whom.
    pub person: PersonId,
    /// On which side.
    pub side: Side,
    /// When it was asked for.
    pub requested_on: Option<Date>,
    /// How often its author was reminded of it.
    pub reminders: u16,
    /// When it was given up.
    pub waived_on: Option<Date>,
    /// When it was filed.
    pub filed_on: Option<Date>,
}

impl Report {
    /// Whether it is waited for.
    #[must_use]
    pub const fn is_out(&self) -> bool {
        self.filed_on.is_none() && self.waived_on.is_none()
    }
}

impl Pairing {
    /// What is known of a member's report.
    #[must_use]
    pub fn report_of(&self, person: PersonId) -> Option<&Report> {
        self.reports.iter().find(|report| report.person == person)
    }

    /// Whether they meet.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self.course, Course::Live)
    }

    /// Whether it broke down.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        matches!(self.course, Course::Broken { .. })
    }

    /// Whether it broke down and another mentor is to be found.
    #[must_use]
    pub const fn replacement_is_wanted(&self) -> bool {
        matches!(
            self.course,
            Course::Broken {
                judgement: Some(Replacement::Replace),
                ..
            }
        )
    }

    /// Everybody in it, with their side.
    pub fn members(&self) -> impl Iterator<Item = (PersonId, Side)> {
        let mentees = self.mentees.iter().map(|person| (*person, Side::Mentee));
        mentees.chain(self.mentors.iter().map(|person| (*person, Side::Mentor)))
    }
}

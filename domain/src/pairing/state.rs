//! What the scheme must remember of a pairing to judge the next command.

use super::{BreakdownCause, Judge, MeetingFormat, NotHeld, Remaining, Replacement, Told};
use crate::{
    Party, Rejection,
    arrangement::ArrangedSession,
    identifiers::{MatchId, PairingId, PersonId},
    matching::Side,
    oversight::{CheckIn, Difficulty},
    own_notes::OwnNotes,
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

/// One side's count of the sessions that were to be held and were not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotHeldCounts {
    /// Somebody did not come.
    pub missed: u16,
    /// Moved to another day.
    pub moved: u16,
    /// Called off.
    pub cancelled: u16,
}

impl NotHeldCounts {
    pub(crate) const fn add(&mut self, outcome: NotHeld) {
        let count = match outcome {
            NotHeld::Missed => &mut self.missed,
            NotHeld::Moved => &mut self.moved,
            NotHeld::Cancelled => &mut self.cancelled,
        };
        *count = count.saturating_add(1);
    }
}

/// How often and how a pair agreed to meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meetings {
    /// Which of the pair told it.
    pub told_by: PersonId,
    /// When it was agreed.
    pub agreed_on: Date,
    /// Every how many weeks.
    pub every_weeks: Option<u16>,
    /// How.
    pub format: Option<MeetingFormat>,
}

/// A time in which a pairing rests because the mentee asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Date,
    /// The day it was resumed or came to an end; absent while it lasts.
    pub until: Option<Date>,
}

/// How a pairing broke down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// When.
    pub on: Date,
    /// Why, as far as anybody says.
    pub cause: BreakdownCause,
    /// Which side reported it: the mentee as expected, or somebody else (R106).
    pub reported_by: Party,
    /// What was judged since.
    pub judged: Option<Judged>,
}

/// What was judged after a breakdown, by whom, and in view of what (R107, R108).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// When.
    pub on: Date,
    /// What.
    pub judgement: Replacement,
    /// By whom.
    pub by: Vec<Judge>,
    /// What was left of the entitlement then.
    pub remaining: Vec<Remaining>,
}

impl Breakdown {
    /// What was judged, if anything is.
    #[must_use]
    pub fn judgement(&self) -> Option<Replacement> {
        self.judged.as_ref().map(|judged| judged.judgement)
    }
}

/// Where a pairing is in its course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Course {
    /// They meet, or will again after a pause.
    Live,
    /// It broke down.
    Broken(Breakdown),
    /// The mentee withdrew.
    Withdrawn {
        /// When.
        on: Date,
    },
    /// It came to a good end.
    Concluded {
        /// When.
        on: Date,
        /// Whether something of the entitlement was left; not known of one recorded before that was noted.
        early: Option<bool>,
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
    /// What was told of the sessions, in order, as it stands now. The counts and days of sessions below are made of it.
    pub told: Vec<Told>,
    /// The sessions, as each side counts them.
    pub counts: Counts,
    /// The sessions that were not held, by the mentee's count.
    pub not_held_by_mentee: NotHeldCounts,
    /// The same by the mentor's count.
    pub not_held_by_mentor: NotHeldCounts,
    /// How often and how they agreed to meet, as last told.
    pub meetings: Option<Meetings>,
    /// Whether the mentor has told that the core sessions were held.
    pub meetings_reached: bool,
    /// The times in which it rested, in the order in which they were told.
    pub pauses: Vec<Pause>,
    /// Whether it rested when it ended because the mentee had asked for it.
    pub rested: bool,
    /// What members said when the coordinator asked how it goes, in order.
    pub said: Vec<CheckIn>,
    /// What each member said last when the coordinator asked how it goes.
    pub check_ins: Vec<CheckIn>,
    /// The difficulties raised, in order.
    pub difficulties: Vec<Difficulty>,
    /// What the pair noted for themselves.
    pub own_notes: OwnNotes,
    /// The sessions they arranged, in the order in which they first did.
    pub arranged: Vec<ArrangedSession>,
    /// Mentors who were given feedback, and when.
    pub feedback_given: Vec<(PersonId, Date)>,
    /// Mentees with whom ongoing support was talked over, and when.
    pub support_discussed: Vec<(PersonId, Date)>,
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
    /// A pairing of these people, of which nothing more is known.
    #[must_use]
    pub fn formed(
        id: PairingId,
        mentors: Vec<PersonId>,
        mentees: Vec<PersonId>,
        formed_on: Date,
    ) -> Self {
        Self {
            id,
            mentors,
            mentees,
            matches: Vec::new(),
            handbook: None,
            formed_on,
            first_session_on: None,
            told: Vec::new(),
            counts: Counts::default(),
            not_held_by_mentee: NotHeldCounts::default(),
            not_held_by_mentor: NotHeldCounts::default(),
            meetings: None,
            meetings_reached: false,
            pauses: Vec::new(),
            rested: false,
            said: Vec::new(),
            check_ins: Vec::new(),
            difficulties: Vec::new(),
            own_notes: OwnNotes::default(),
            arranged: Vec::new(),
            feedback_given: Vec::new(),
            support_discussed: Vec::new(),
            replaces: None,
            course: Course::Live,
            reports: Vec::new(),
        }
    }

    /// What is known of a member's report.
    #[must_use]
    pub fn report_of(&self, person: PersonId) -> Option<&Report> {
        self.reports.iter().find(|report| report.person == person)
    }

    /// Whether they meet, or will again after a pause.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self.course, Course::Live)
    }

    /// Whether it broke down.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        matches!(self.course, Course::Broken(_))
    }

    /// How it broke down, if it did.
    #[must_use]
    pub const fn breakdown(&self) -> Option<&Breakdown> {
        match &self.course {
            Course::Broken(breakdown) => Some(breakdown),
            Course::Live | Course::Withdrawn { .. } | Course::Concluded { .. } => None,
        }
    }

    /// Whether it broke down and another mentor is to be found.
    #[must_use]
    pub fn replacement_is_wanted(&self) -> bool {
        self.breakdown().and_then(Breakdown::judgement) == Some(Replacement::Replace)
    }

    /// Whether mentoring ends with it: it was concluded, the mentee withdrew, or no replacement is to be found.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match &self.course {
            Course::Live => false,
            Course::Broken(breakdown) => breakdown.judgement() == Some(Replacement::End),
            Course::Withdrawn { .. } | Course::Concluded { .. } => true,
        }
    }

    /// Since when it rests, if it does.
    #[must_use]
    pub fn paused_since(&self) -> Option<Date> {
        let lasting = self.pauses.iter().find(|pause| pause.until.is_none());
        lasting.map(|pause| pause.from)
    }

    /// One side's count of the sessions that were not held.
    #[must_use]
    pub const fn not_held(&self, side: Side) -> &NotHeldCounts {
        match side {
            Side::Mentee => &self.not_held_by_mentee,
            Side::Mentor => &self.not_held_by_mentor,
        }
    }

    /// Everybody in it, with their side.
    pub fn members(&self) -> impl Iterator<Item = (PersonId, Side)> {
        let mentees = self.mentees.iter().map(|person| (*person, Side::Mentee));
        mentees.chain(self.mentors.iter().map(|person| (*person, Side::Mentor)))
    }

    /// On which side somebody is, or a rejection that names both.
    pub fn side_of(&self, person: PersonId) -> Result<Side, Rejection> {
        let mut members = self.members();
        let found = members.find(|(member, _)| *member == person);
        found.map(|(_, side)| side).ok_or(Rejection::NotOfPairing {
            person,
            pairing: self.id,
        })
    }
}

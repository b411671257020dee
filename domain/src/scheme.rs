//! A scheme, folded from the whole of its log.
//!
//! The state holds no personal value: [`evolve`] reads none, so it folds the same history to the same
//! state whether or not anybody in it was forgotten since. What must be opened to judge a command stands
//! beside it, in [`crate::Particulars`].

mod fold;
#[cfg(test)]
mod tests;

use crate::{
    Rejection,
    access::Access,
    adoption::SchemeOpened,
    appointment::{Appointment, Judgement, Versions},
    brought_forward::YearFigures,
    calendar::Calendar,
    correction::Act,
    development::Development,
    erasure::Erasures,
    identifiers::{AppointmentId, EmployerId, HoldingId, MatchId, PairingId, PersonId},
    induction_day::InductionDays,
    matching::{Match, Progress},
    mentor::Mentor,
    mentoring::Mentee,
    needs::Needs,
    pairing::Pairing,
    period::Publications,
    policy::{Adopted, Policy},
    posts::Holding,
    recruitment::{Campaign, Seminar},
    register::{Employer, Register},
    work_list::Message,
};
pub use fold::{Unfoldable, evolve};
use jiff::civil::Date;
use rpds::{HashTrieMapSync, RedBlackTreeSetSync};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// A scheme at one position of its log. Cheap to clone: what did not change is shared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    /// The position of the last event folded.
    pub position: u64,
    /// Its name and kind, once it was opened.
    pub opening: Option<SchemeOpened>,
    /// The day on which it was opened.
    pub opened_on: Option<Date>,
    /// Policies, in the order of their adoption.
    #[serde(with = "as_json")]
    pub policies: Vec<Arc<Adopted>>,
    /// Registers of employers, in the order of their adoption.
    #[serde(with = "as_json")]
    pub registers: Vec<Arc<Register>>,
    /// Calendars, in the order of their adoption.
    #[serde(with = "as_json")]
    pub calendars: Vec<Arc<Calendar>>,
    /// Everybody who mentors, or may.
    pub mentors: HashTrieMapSync<PersonId, Mentor>,
    /// Everybody who is mentored, or may be.
    pub mentees: HashTrieMapSync<PersonId, Mentee>,
    /// Every appointment.
    pub appointments: HashTrieMapSync<AppointmentId, Appointment>,
    /// Every person in a post, of which the scheme was told by confirming it.
    pub holdings: HashTrieMapSync<HoldingId, Holding>,
    /// Every match.
    pub matches: HashTrieMapSync<MatchId, Match>,
    /// Open matches by the last day for an answer: what time will bring about.
    pub answers_awaited: RedBlackTreeSetSync<(Date, MatchId)>,
    /// Every pairing.
    pub pairings: HashTrieMapSync<PairingId, Pairing>,
    /// Entries of the history that told something of sessions, and of which pairing.
    pub told_of: HashTrieMapSync<Uuid, PairingId>,
    /// Entries of the history that can be taken back.
    pub acts: HashTrieMapSync<Uuid, Act>,
    /// Campaigns, in the order in which they were opened.
    pub campaigns: Vec<Campaign>,
    /// Induction seminars of mentors, in the order in which they were set.
    pub seminars: Vec<Seminar>,
    /// The department's induction days, and who waits for one.
    pub induction_days: InductionDays,
    /// Analyses and profiles of needs.
    pub needs: Needs,
    /// Opportunities for development, and who was sent news of them.
    pub development: Development,
    /// The messages that were sent to each person, in the order in which they were recorded.
    pub messages: HashTrieMapSync<PersonId, Vec<Message>>,
    /// Who is to be forgotten, and who was.
    pub erasures: Erasures,
    /// Figures of past years.
    pub past_years: Vec<YearFigures>,
    /// Periods of which the figures were published.
    pub published: Publications,
    /// Whom the administrator let in, and whom they shut out.
    pub access: Access,
}

/// What is published as JSON stays JSON in whatever the state is written in: it leaves out what is absent, which a
/// format without names cannot read.
mod as_json {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

    pub fn serialize<T: Serialize, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(value).map_err(serde::ser::Error::custom)?;
        text.serialize(serializer)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map_err(serde::de::Error::custom)
    }
}

/// The policy, register and calendar in force on a day.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The register of employers.
    pub register: &'a Register,
    /// The calendar.
    pub calendar: &'a Calendar,
}

impl<'a> Terms<'a> {
    /// The versions, as verdicts name them.
    #[must_use]
    pub fn versions(&self) -> Versions {
        Versions {
            policy: self.policy.version.clone(),
            register: self.register.version.clone(),
            calendar: self.calendar.version.clone(),
        }
    }

    /// The employer's region, as it may stand in clear for figures: only where at least five employers of its kind share
    /// it, because "the trust in the North East" names one trust, and with it one person.
    #[must_use]
    pub fn region_for_figures(&self, employer: &Employer) -> Option<String> {
        const SHARED_BY_LEAST: usize = 5;
        let alike = |other: &&Employer| {
            other.kind == employer.kind
                && other.region == employer.region
                && other.abolished_on.is_none()
        };
        let shared_by = self.register.employers.iter().filter(alike).count();
        employer
            .region
            .clone()
            .filter(|_| shared_by >= SHARED_BY_LEAST)
    }

    /// The employer with this code.
    pub fn employer(&self, id: &EmployerId) -> Result<&'a Employer, Rejection> {
        self.register
            .employer(id)
            .ok_or_else(|| Rejection::UnknownEmployer {
                employer: id.clone(),
            })
    }
}

impl Scheme {
    /// Refuses until the scheme was opened.
    pub fn opened(&self) -> Result<&SchemeOpened, Rejection> {
        self.opening.as_ref().ok_or(Rejection::SchemeNotOpen)
    }

    /// The policy in force on `day`: of those in force, the one adopted last.
    #[must_use]
    pub fn policy_on(&self, day: Date) -> Option<&Policy> {
        self.policies
            .iter()
            .rev()
            .find(|adopted| adopted.effective_from <= day)
            .map(|adopted| &adopted.policy)
    }

    /// The calendar adopted last.
    #[must_use]
    pub fn calendar(&self) -> Option<&Calendar> {
        self.calendars.last().map(AsRef::as_ref)
    }

    /// What is in force on `day`, all of it or a rejection that names what is missing.
    pub fn terms(&self, day: Date) -> Result<Terms<'_>, Rejection> {
        self.opened()?;
        Ok(Terms {
            policy: self
                .policy_on(day)
                .ok_or(Rejection::SchemeNotReady { missing: "policy" })?,
            register: self.registers.last().ok_or(Rejection::SchemeNotReady {
                missing: "register of employers",
            })?,
            calendar: self.calendar().ok_or(Rejection::SchemeNotReady {
                missing: "calendar",
            })?,
        })
    }

    /// Whether the person is known as mentor or mentee, or the scheme has heard of them in a post.
    #[must_use]
    pub fn knows(&self, person: PersonId) -> bool {
        self.takes_part(person) || self.has_heard_of(person)
    }

    /// Whether the person is known as mentor or mentee.
    #[must_use]
    pub fn takes_part(&self, person: PersonId) -> bool {
        self.mentees.contains_key(&person) || self.mentors.contains_key(&person)
    }

    fn has_heard_of(&self, person: PersonId) -> bool {
        let mut holdings = self.holdings.values();
        holdings.any(|holding| holding.person == person && holding.was_held)
    }

    /// The mentee, or a rejection that names them: nobody acts for somebody who was forgotten.
    pub fn mentee(&self, person: PersonId) -> Result<&Mentee, Rejection> {
        self.not_erased(person)?;
        self.mentees
            .get(&person)
            .ok_or(Rejection::UnknownMentee { person })
    }

    /// The mentor, or a rejection that names them: nobody acts for somebody who was forgotten.
    pub fn mentor(&self, person: PersonId) -> Result<&Mentor, Rejection> {
        self.not_erased(person)?;
        self.mentors
            .get(&person)
            .ok_or(Rejection::UnknownMentor { person })
    }

    /// The appointment, or a rejection that names it.
    pub fn appointment(&self, appointment: AppointmentId) -> Result<&Appointment, Rejection> {
        self.appointments
            .get(&appointment)
            .ok_or(Rejection::UnknownAppointment { appointment })
    }

    /// The messages that were sent to somebody, in the order in which they were recorded.
    #[must_use]
    pub fn messages_to(&self, person: PersonId) -> &[Message] {
        self.messages.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The match, or a rejection that names it.
    pub fn offered_match(&self, of: MatchId) -> Result<&Match, Rejection> {
        self.matches.get(&of).ok_or(Rejection::UnknownMatch { of })
    }

    /// The pairing, or a rejection that names it.
    pub fn pairing(&self, pairing: PairingId) -> Result<&Pairing, Rejection> {
        self.pairings
            .get(&pairing)
            .ok_or(Rejection::UnknownPairing { pairing })
    }

    /// The verdicts last reached on a person's appointments.
    #[must_use]
    pub fn judgements(&self, person: PersonId) -> Vec<&Judgement> {
        let appointments = self
            .mentees
            .get(&person)
            .map(|mentee| mentee.appointments.as_slice())
            .unwrap_or_default();
        let found = appointments
            .iter()
            .filter_map(|id| self.appointments.get(id));
        found
            .filter_map(|appointment| appointment.judgement.as_ref())
            .collect()
    }

    /// The mentee's matches that may still go ahead.
    pub fn open_matches<'a>(&'a self, mentee: &'a Mentee) -> impl Iterator<Item = &'a Match> {
        let found = mentee.matches.iter().filter_map(|id| self.matches.get(id));
        found.filter(|found| found.progress == Progress::Open)
    }

    /// The pairing that came of exactly these matches.
    #[must_use]
    pub fn pairing_of_matches(&self, matches: &[MatchId]) -> Option<&Pairing> {
        let first = self.matches.get(matches.first()?)?;
        let mentee = self.mentees.get(&first.mentee)?;
        let mut pairings = mentee
            .pairings
            .iter()
            .filter_map(|id| self.pairings.get(id));
        pairings.find(|pairing| {
            let all_its = matches.iter().all(|of| pairing.matches.contains(of));
            all_its && pairing.matches.iter().all(|of| matches.contains(of))
        })
    }
}

//! What there was before a scheme was run here: mentors, live pairings with the sessions already used, past years.
//!
//! It is taken on the coordinator's word and says so by its type, so an auditor never mistakes it for
//! something that was recorded when it happened.

use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed,
    appointment::{AppointmentFacts, NotifiedPerson, merge_details},
    event::Payload,
    identifiers::{EmployerId, PairingId, PersonId},
    limits::{fits, named},
    mentor::{
        Experience, MentorProfile, PenPortrait, PersonDetails, Standing, known_or_new, plausible,
        standing,
    },
    pairing::{Pairing, countable},
    register::EmployerKind,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Brings a mentor forward, with the pen portrait they have approved, as far as there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BringForwardMentor {
    /// How they are called and reached.
    pub details: PersonDetails,
    /// The employer they work for, or last worked for.
    pub employer: Option<EmployerId>,
    /// What decides whether they may mentor.
    pub experience: Experience,
    /// The pen portrait.
    pub portrait: PenPortrait,
    /// When they were inducted, where that is known.
    pub inducted_on: Option<Date>,
    /// Live pairings at a time, where they have said.
    pub capacity: Option<u16>,
}

/// Brings a live pairing forward, with the sessions already used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BringForwardPairing {
    /// The mentor, who is known already.
    pub mentor: PersonId,
    /// The mentee, where the scheme knows them already.
    pub person: Option<PersonId>,
    /// How the mentee is called and reached.
    pub details: PersonDetails,
    /// What is known of the mentee's appointment.
    pub facts: AppointmentFacts,
    /// The category by which the mentee was entitled.
    pub category: Option<String>,
    /// When the pairing was formed.
    pub formed_on: Date,
    /// When mentoring began, where that was agreed.
    pub starts_on: Option<Date>,
    /// Sessions already used.
    pub sessions_used: u16,
}

/// Brings the figures of a past year forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BringForwardYear {
    /// The figures.
    pub figures: YearFigures,
}

/// The figures of a past year, as far as they were kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct YearFigures {
    /// The first day of the year they are for.
    pub from: Date,
    /// The last day of the year they are for.
    pub until: Date,
    /// Appointments that became known.
    pub appointments: Option<u32>,
    /// Offers made.
    pub offered: Option<u32>,
    /// Offers accepted.
    pub accepted: Option<u32>,
    /// Pairings formed.
    pub pairings: Option<u32>,
    /// Pairings that broke down.
    pub broken: Option<u32>,
    /// Sessions held.
    pub sessions: Option<u32>,
    /// Reports filed.
    pub evaluations: Option<u32>,
}

/// A mentor was brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorBroughtForward {
    /// The mentor.
    pub mentor: PersonId,
    /// The region they work in, for figures; absent where fewer than five employers of its kind share it.
    pub region: Option<String>,
    /// The kind of their employer, for figures.
    pub employer_kind: Option<EmployerKind>,
    /// Whether they may mentor, as judged.
    pub standing: Standing,
    /// The version of the policy by which it was judged.
    pub policy: String,
    /// When they were inducted, where that is known.
    pub inducted_on: Option<Date>,
    /// Live pairings at a time, where they have said.
    pub capacity: Option<u16>,
    /// Whether the pen portrait holds enough for an informed choice. Where not, they are to register and approve one
    /// before anybody is offered them.
    pub complete: bool,
    /// Who they are.
    pub profile: Sealed<MentorProfile>,
    /// The pen portrait they have approved, as far as there is one.
    pub portrait: Sealed<PenPortrait>,
}

/// A live pairing was brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PairingBroughtForward {
    /// The pairing.
    pub pairing: PairingId,
    /// The mentor.
    pub mentor: PersonId,
    /// The mentee.
    pub mentee: PersonId,
    /// When it was formed.
    pub formed_on: Date,
    /// When mentoring began, where that was agreed.
    pub starts_on: Option<Date>,
    /// Sessions already used.
    pub sessions_used: u16,
    /// The category by which the mentee was entitled.
    pub category: Option<String>,
    /// What is known of the mentee's appointment.
    pub facts: Sealed<AppointmentFacts>,
    /// How the mentee is called and reached.
    pub details: Sealed<NotifiedPerson>,
}

/// The figures of a past year were brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct YearBroughtForward {
    /// The figures.
    pub figures: YearFigures,
}

impl Payload for MentorBroughtForward {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.mentor.0]
    }
}

impl Payload for PairingBroughtForward {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.pairing.0, self.mentee.0, self.mentor.0]
    }
}

impl Payload for YearBroughtForward {
    fn subjects(&self) -> Vec<Uuid> {
        Vec::new()
    }
}

pub(crate) fn mentor(
    scheme: &Scheme,
    command: &BringForwardMentor,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    named(&command.details)?;
    let employer = command
        .employer
        .as_ref()
        .map(|id| terms.employer(id))
        .transpose()?;
    not_in_future(command.inducted_on, context)?;
    command.capacity.map_or(Ok(()), plausible)?;
    let mentor = context.name("person");
    let profile = MentorProfile {
        details: command.details.clone(),
        employer: command.employer.clone(),
        experience: command.experience.clone(),
    };
    fits("the profile", &profile)?;
    fits("the pen portrait", &command.portrait)?;
    Ok(vec![Event::MentorBroughtForward(MentorBroughtForward {
        mentor,
        region: employer.and_then(|employer| terms.region_for_figures(employer)),
        employer_kind: employer.map(|employer| employer.kind),
        standing: standing(&terms.policy.mentors, &command.experience, context.today),
        policy: terms.policy.version.clone(),
        inducted_on: command.inducted_on,
        capacity: command.capacity,
        complete: command.portrait.missing().is_empty(),
        profile: Sealed::new(mentor, profile),
        portrait: Sealed::new(mentor, command.portrait.clone()),
    })])
}

pub(crate) fn pairing(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &BringForwardPairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    scheme.mentor(command.mentor)?;
    named(&command.details)?;
    terms.employer(&command.facts.employer)?;
    let post = terms
        .policy
        .post_called(&command.facts.post)
        .ok_or(Rejection::NotOfThisScheme)?;
    let facts = AppointmentFacts {
        post: post.code.clone(),
        ..command.facts.clone()
    };
    not_in_future(Some(command.formed_on), context)?;
    countable(command.sessions_used)?;
    let mentee = match command.person {
        None => particulars
            .person_of(&facts)
            .unwrap_or_else(|| context.name("person")),
        named => known_or_new(scheme, named, context)?,
    };
    if mentee == command.mentor {
        return Err(Rejection::OwnMentor { person: mentee });
    }
    if let Some(known) = scheme.mentees.get(&mentee)
        && known
            .pairings
            .iter()
            .filter_map(|id| scheme.pairings.get(id))
            .any(Pairing::is_live)
    {
        return Err(Rejection::AlreadyPaired { person: mentee });
    }
    let details = merge_details(particulars.details(mentee), &command.details);
    fits("the notice", &(&facts, &details))?;
    Ok(vec![Event::PairingBroughtForward(PairingBroughtForward {
        pairing: context.name("pairing"),
        mentor: command.mentor,
        mentee,
        formed_on: command.formed_on,
        starts_on: command.starts_on,
        sessions_used: command.sessions_used,
        category: command.category.clone(),
        facts: Sealed::new(mentee, facts),
        details: Sealed::new(mentee, NotifiedPerson(details)),
    })])
}

pub(crate) fn year(
    scheme: &Scheme,
    command: &BringForwardYear,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    scheme.opened()?;
    let figures = &command.figures;
    if figures.until < figures.from {
        return Err(Rejection::DatesContradict {
            earlier: "from",
            later: "until",
        });
    }
    not_in_future(Some(figures.until), context)?;
    if scheme.past_years.contains(figures) {
        return Ok(vec![]);
    }
    Ok(vec![Event::YearBroughtForward(YearBroughtForward {
        figures: figures.clone(),
    })])
}

fn not_in_future(day: Option<Date>, context: &Context) -> Result<(), Rejection> {
    match day {
        Some(day) if day > context.today => Err(Rejection::HappenedInFuture {
            happened_on: day,
            today: context.today,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

//! What may be asked of a mentor.

use super::{
    ApprovePenPortrait, CapacityStated, Experience, InviteMentor, MentorInducted, MentorInvited,
    MentorProfile, MentorRegistered, MentorStatus, PenPortraitApproved, Portrait, RecordInduction,
    RegisterMentor, Standing, StateCapacity,
};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed,
    identifiers::PersonId,
    limits::{fits, named},
    policy::MentorRule,
};
use jiff::{ToSpan, civil::Date};

pub(crate) fn invite(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &InviteMentor,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    named(&command.details)?;
    let employer = command
        .employer
        .as_ref()
        .map(|id| terms.employer(id))
        .transpose()?;
    let mentor = known_or_new(scheme, command.person, context)?;
    let profile = MentorProfile {
        details: command.details.clone(),
        employer: command.employer.clone(),
        experience: command.experience.clone(),
    };
    fits("the profile", &profile)?;
    if scheme.mentors.contains_key(&mentor) && particulars.mentor_profile(mentor) == Some(&profile)
    {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorInvited(MentorInvited {
        mentor,
        region: employer.and_then(|employer| terms.region_for_figures(employer)),
        employer_kind: employer.map(|employer| employer.kind),
        standing: standing(&terms.policy.mentors, &command.experience, context.today),
        policy: terms.policy.version.clone(),
        profile: Sealed::new(mentor, profile),
    })])
}

/// Whether `experience` makes somebody a mentor under `rule` on `today` (R028, Z01).
#[must_use]
pub fn standing(rule: &MentorRule, experience: &Experience, today: Date) -> Standing {
    let years = experience
        .years_in_post
        .map(|years| years >= rule.years_in_post_least);
    let recent = match (experience.status, experience.retired_on) {
        (MentorStatus::Serving, _) => Some(true),
        (MentorStatus::Retired, _) if rule.retired_months_most == 0 => Some(false),
        (MentorStatus::Retired, None) => None,
        (MentorStatus::Retired, Some(retired_on)) => {
            let limit = retired_on
                .checked_add(i32::from(rule.retired_months_most).months())
                .unwrap_or(Date::MAX);
            Some(today <= limit)
        }
    };
    match (years, recent) {
        (Some(false), _) | (_, Some(false)) => Standing::NotEligible,
        (Some(true), Some(true)) => Standing::Eligible,
        _ => Standing::ToBeConfirmed,
    }
}

pub(crate) fn register(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &RegisterMentor,
) -> Result<Vec<Event>, Rejection> {
    scheme.mentor(command.mentor)?;
    fits("the pen portrait", &command.portrait)?;
    if particulars.portrait(command.mentor) == Some(&command.portrait) {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorRegistered(MentorRegistered {
        mentor: command.mentor,
        complete: command.portrait.missing().is_empty(),
        portrait: Sealed::new(command.mentor, command.portrait.clone()),
    })])
}

pub(crate) fn approve_pen_portrait(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ApprovePenPortrait,
) -> Result<Vec<Event>, Rejection> {
    let mentor = scheme.mentor(command.mentor)?;
    match mentor.portrait {
        Portrait::None => Err(Rejection::NotRegistered {
            mentor: command.mentor,
        }),
        Portrait::Approved => Ok(vec![]),
        Portrait::Registered { complete: true } => {
            Ok(vec![Event::PenPortraitApproved(PenPortraitApproved {
                mentor: command.mentor,
            })])
        }
        Portrait::Registered { complete: false } => {
            let missing = particulars
                .portrait(command.mentor)
                .map_or_else(Vec::new, super::PenPortrait::missing);
            Err(Rejection::PortraitIncomplete {
                missing: missing.join(", "),
            })
        }
    }
}

pub(crate) fn record_induction(
    scheme: &Scheme,
    command: &RecordInduction,
) -> Result<Vec<Event>, Rejection> {
    let mentor = scheme.mentor(command.mentor)?;
    if mentor.inducted_on.is_some() {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorInducted(MentorInducted {
        mentor: command.mentor,
    })])
}

pub(crate) fn state_capacity(
    scheme: &Scheme,
    command: &StateCapacity,
) -> Result<Vec<Event>, Rejection> {
    let mentor = scheme.mentor(command.mentor)?;
    plausible(command.capacity)?;
    if mentor.capacity_stated == Some(command.capacity) {
        return Ok(vec![]);
    }
    Ok(vec![Event::CapacityStated(CapacityStated {
        mentor: command.mentor,
        capacity: command.capacity,
    })])
}

/// Refuses a capacity that is a slip of the pen.
pub(crate) fn plausible(capacity: u16) -> Result<(), Rejection> {
    const MOST: u16 = 100;
    if capacity <= MOST {
        return Ok(());
    }
    Err(Rejection::OutOfRange {
        what: "the capacity",
        least: 0,
        most: u32::from(MOST),
    })
}

/// The person meant, who must be known when named.
pub(crate) fn known_or_new(
    scheme: &Scheme,
    person: Option<PersonId>,
    context: &Context,
) -> Result<PersonId, Rejection> {
    match person {
        None => Ok(context.name("person")),
        Some(person) if scheme.knows(person) => Ok(person),
        Some(person) => Err(Rejection::UnknownPerson { person }),
    }
}

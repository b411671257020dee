//! What may be said of an appointment.

use super::{
    Appointment, AppointmentAmended, AppointmentFacts, AppointmentNotified, ConfirmFacts,
    EligibilityJudged, LinkPerson, NoticesReceived, NotifiedPerson, NotifyAppointment,
    PersonLinked, PersonUnlinked, RecordNotices, UnlinkPerson, judge,
};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed,
    identifiers::{AppointmentId, PersonId},
    limits::fits,
    mentor::PersonDetails,
    scheme::Terms,
};
use jiff::civil::Date;

pub(crate) fn notify(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &NotifyAppointment,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let facts = facts(&terms, command)?;
    let known = known_appointment(scheme, particulars, &facts, command.person);
    if let Some((appointment, person)) = known {
        let before = particulars.facts(appointment);
        let merged = before.map_or_else(|| facts.clone(), |before| merge(before, &facts));
        let details = merge_details(particulars.details(person), &command.details);
        let same = before == Some(&merged) && particulars.details(person) == Some(&details);
        return if same {
            Ok(vec![])
        } else {
            amend(scheme, &terms, appointment, person, &merged, details)
        };
    }
    let employer = terms.employer(&facts.employer)?;
    let person = match command.person {
        Some(person) if !scheme.knows(person) => return Err(Rejection::UnknownPerson { person }),
        Some(person) => person,
        None => particulars
            .person_of(&facts)
            .unwrap_or_else(|| context.name("person")),
    };
    let appointment = context.name("appointment");
    let details = merge_details(particulars.details(person), &command.details);
    Ok(vec![
        Event::AppointmentNotified(AppointmentNotified {
            appointment,
            person,
            source: command.source,
            region: terms.region_for_figures(employer),
            employer_kind: employer.kind,
            facts: Sealed::new(person, facts.clone()),
            details: Sealed::new(person, NotifiedPerson(details)),
        }),
        judged(&terms, appointment, person, &facts),
    ])
}

/// Reads the command into facts, and refuses what contradicts itself or the register.
fn facts(terms: &Terms<'_>, command: &NotifyAppointment) -> Result<AppointmentFacts, Rejection> {
    let post = terms
        .policy
        .post_called(&command.post)
        .ok_or(Rejection::NotOfThisScheme)?;
    let employer = terms.employer(&command.employer)?;
    if !post.employer_kinds.contains(&employer.kind) {
        return Err(Rejection::PostNotOfEmployer {
            post: post.code.clone(),
            employer: command.employer.clone(),
        });
    }
    let facts = AppointmentFacts {
        employer: command.employer.clone(),
        employee_number: command
            .employee_number
            .as_deref()
            .map(str::trim)
            .filter(|number| !number.is_empty())
            .map(str::to_owned),
        post: post.code.clone(),
        basis: command.basis,
        starts_on: command.starts_on,
        ends_on: command.ends_on,
        first_post: command.first_post,
        expected_months: command.expected_months,
    };
    consistent(terms, &facts)?;
    fits("the notice", &(&facts, &command.details))?;
    Ok(facts)
}

fn consistent(terms: &Terms<'_>, facts: &AppointmentFacts) -> Result<(), Rejection> {
    if let (Some(starts), Some(ends)) = (facts.starts_on, facts.ends_on)
        && ends < starts
    {
        return Err(Rejection::DatesContradict {
            earlier: "startsOn",
            later: "endsOn",
        });
    }
    let employer = terms.employer(&facts.employer)?;
    facts.starts_on.map_or(Ok(()), |day| employer.there_on(day))
}

/// The appointment a notice tells of again, by the very rule by which `notify` decides that it makes no new one.
///
/// `None` for a notice that tells of a new appointment, and for one that would be refused.
#[must_use]
pub fn known(
    scheme: &Scheme,
    particulars: &Particulars,
    notice: &NotifyAppointment,
    today: Date,
) -> Option<AppointmentId> {
    let facts = facts(&scheme.terms(today).ok()?, notice).ok()?;
    known_appointment(scheme, particulars, &facts, notice.person).map(|(known, _)| known)
}

/// The appointment a notice tells of again: same employer's number, or same person named, and same post.
///
/// A notice of a post that begins after the known one has ended tells of another appointment.
fn known_appointment(
    scheme: &Scheme,
    particulars: &Particulars,
    facts: &AppointmentFacts,
    person: Option<PersonId>,
) -> Option<(AppointmentId, PersonId)> {
    let by_number = particulars.appointments_of_number(facts);
    let by_person = person
        .and_then(|person| scheme.mentees.get(&person))
        .map(|mentee| mentee.appointments.clone());
    by_number.into_iter().chain(by_person.unwrap_or_default()).find_map(|id| {
        let before = particulars.facts(id)?;
        let appointment = scheme.appointments.get(&id)?;
        let another = matches!((before.ends_on, facts.starts_on), (Some(ended), Some(starts)) if ended < starts);
        let same = before.employer == facts.employer && before.post == facts.post && !another;
        same.then_some((id, appointment.person))
    })
}

/// What is said now takes the place of what was said before; what is not said stays.
fn merge(before: &AppointmentFacts, now: &AppointmentFacts) -> AppointmentFacts {
    AppointmentFacts {
        employer: now.employer.clone(),
        employee_number: now
            .employee_number
            .clone()
            .or_else(|| before.employee_number.clone()),
        post: now.post.clone(),
        basis: now.basis.or(before.basis),
        starts_on: now.starts_on.or(before.starts_on),
        ends_on: now.ends_on.or(before.ends_on),
        first_post: now.first_post.or(before.first_post),
        expected_months: now.expected_months.or(before.expected_months),
    }
}

pub(crate) fn merge_details(before: Option<&PersonDetails>, now: &PersonDetails) -> PersonDetails {
    let before = before.cloned().unwrap_or_default();
    PersonDetails {
        name: now.name.clone().or(before.name),
        email: now.email.clone().or(before.email),
        telephone: now.telephone.clone().or(before.telephone),
    }
}

fn amend(
    scheme: &Scheme,
    terms: &Terms<'_>,
    appointment: AppointmentId,
    person: PersonId,
    facts: &AppointmentFacts,
    details: PersonDetails,
) -> Result<Vec<Event>, Rejection> {
    consistent(terms, facts)?;
    fits("the notice", &(facts, &details))?;
    let mut events = vec![Event::AppointmentAmended(AppointmentAmended {
        appointment,
        person,
        facts: Sealed::new(person, facts.clone()),
        details: Sealed::new(person, NotifiedPerson(details)),
    })];
    events.extend(judged_again(scheme, terms, appointment, person, facts));
    Ok(events)
}

fn judged(
    terms: &Terms<'_>,
    appointment: AppointmentId,
    person: PersonId,
    facts: &AppointmentFacts,
) -> Event {
    let outcome = judge(terms.policy, facts);
    Event::EligibilityJudged(EligibilityJudged {
        appointment,
        person,
        verdict: outcome.verdict,
        category: outcome.category,
        missing: outcome.missing,
        rule: outcome.rule,
        versions: terms.versions(),
    })
}

/// Judges again, and says so only when the verdict or what it waits for changed.
fn judged_again(
    scheme: &Scheme,
    terms: &Terms<'_>,
    id: AppointmentId,
    person: PersonId,
    facts: &AppointmentFacts,
) -> Option<Event> {
    let outcome = judge(terms.policy, facts);
    let before = scheme
        .appointments
        .get(&id)
        .and_then(|appointment| appointment.judgement.as_ref());
    let same = before.is_some_and(|before| {
        before.verdict == outcome.verdict
            && before.category == outcome.category
            && before.missing == outcome.missing
    });
    (!same).then(|| judged(terms, id, person, facts))
}

pub(crate) fn confirm_facts(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ConfirmFacts,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let appointment = scheme.appointment(command.appointment)?;
    let before = particulars.facts(command.appointment);
    let before = before.ok_or(Rejection::UnknownAppointment {
        appointment: command.appointment,
    })?;
    let facts = AppointmentFacts {
        basis: command.basis.or(before.basis),
        starts_on: command.starts_on.or(before.starts_on),
        ends_on: command.ends_on.or(before.ends_on),
        first_post: command.first_post.or(before.first_post),
        expected_months: command.expected_months.or(before.expected_months),
        ..before.clone()
    };
    if facts == *before {
        return Ok(vec![]);
    }
    let details = particulars
        .details(appointment.person)
        .cloned()
        .unwrap_or_default();
    amend(
        scheme,
        &terms,
        appointment.id,
        appointment.person,
        &facts,
        details,
    )
}

pub(crate) fn link_person(scheme: &Scheme, command: &LinkPerson) -> Result<Vec<Event>, Rejection> {
    let appointment = scheme.appointment(command.appointment)?;
    if !scheme.knows(command.person) {
        return Err(Rejection::UnknownPerson {
            person: command.person,
        });
    }
    if appointment.person == command.person {
        return Ok(vec![]);
    }
    scheme.not_erased(command.person)?;
    movable(scheme, appointment)?;
    Ok(vec![Event::PersonLinked(PersonLinked {
        appointment: appointment.id,
        person: command.person,
        previous: appointment.person,
    })])
}

pub(crate) fn unlink_person(
    scheme: &Scheme,
    command: &UnlinkPerson,
) -> Result<Vec<Event>, Rejection> {
    let appointment = scheme.appointment(command.appointment)?;
    if appointment.person == appointment.notified_as {
        return Ok(vec![]);
    }
    movable(scheme, appointment)?;
    Ok(vec![Event::PersonUnlinked(PersonUnlinked {
        appointment: appointment.id,
        person: appointment.notified_as,
        previous: appointment.person,
    })])
}

/// A notice can change hands until a person's only ground for a journey would be taken away.
fn movable(scheme: &Scheme, appointment: &Appointment) -> Result<(), Rejection> {
    let person = appointment.person;
    scheme.not_erased(person)?;
    let Some(mentee) = scheme.mentees.get(&person) else {
        return Ok(());
    };
    let staying: Vec<&Appointment> = mentee
        .appointments
        .iter()
        .filter(|id| **id != appointment.id)
        .filter_map(|id| scheme.appointments.get(id))
        .collect();
    let is_only_ground =
        appointment.entitles() && !staying.iter().any(|staying| staying.entitles());
    if mentee.offer.was_made() && (staying.is_empty() || is_only_ground) {
        return Err(Rejection::JourneyBegun { person });
    }
    Ok(())
}

pub(crate) fn record_notices(
    scheme: &Scheme,
    command: &RecordNotices,
) -> Result<Vec<Event>, Rejection> {
    scheme.opened()?;
    let command = command.clone();
    Ok(vec![Event::NoticesReceived(NoticesReceived {
        form: command.form,
        digest: command.digest,
        rows: command.rows,
        recorded: command.recorded,
        already_so: command.already_so,
        refused: command.refused,
        not_of_this_scheme: command.not_of_this_scheme,
        codes: command.codes,
    })])
}

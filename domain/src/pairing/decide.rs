//! What may be said of a pairing.

mod breakdown;
mod interruption;
mod sessions;

pub use breakdown::remaining;
pub(crate) use breakdown::{break_pairing, judge_replacement};
pub(crate) use interruption::{pause, resume, withdraw};
pub(crate) use sessions::{
    agree_meetings, countable, record_not_held, record_session, report_count,
    report_meetings_reached,
};

use super::{ConcludePairing, Course, FormPairing, Pairing, PairingConcluded, PairingFormed};
use crate::{
    Context, Event, Rejection, Scheme,
    entitlement::balance,
    evaluation::requests,
    identifiers::PersonId,
    matching::{Match, MatchReleased, Progress, has_room, may_be_paired},
    mentoring::Mentee,
    scheme::Terms,
};

pub(crate) fn form(
    scheme: &Scheme,
    command: &FormPairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let matches: Vec<&Match> = command
        .matches
        .iter()
        .map(|of| scheme.offered_match(*of))
        .collect::<Result<_, _>>()?;
    if matches.is_empty() {
        return Err(Rejection::Empty {
            what: "the list of matches",
        });
    }
    if let Some(formed) = scheme.pairing_of_matches(&command.matches) {
        return if formed.is_live() {
            Ok(vec![])
        } else {
            Err(Rejection::PairingOver { pairing: formed.id })
        };
    }
    for found in &matches {
        if found.progress != Progress::Open {
            return Err(Rejection::MatchClosed { of: found.id });
        }
        if !found.is_agreed() {
            return Err(Rejection::MatchNotAgreed { of: found.id });
        }
    }
    let mentors = distinct(matches.iter().map(|found| found.mentor));
    let mentees = distinct(matches.iter().map(|found| found.mentee));
    small_enough(&terms, &mentors, &mentees)?;
    for mentor in &mentors {
        if scheme.mentor(*mentor)?.presence.is_gone() {
            return Err(Rejection::MentorNotTakingPart { mentor: *mentor });
        }
        has_room(scheme, &terms, *mentor)?;
    }
    for mentee in &mentees {
        may_be_paired(scheme, scheme.mentee(*mentee)?)?;
    }
    let replaces = scheme.mentee(mentees[0])?.pairings.last().copied();
    let replaces = replaces.filter(|id| {
        scheme
            .pairings
            .get(id)
            .is_some_and(Pairing::replacement_is_wanted)
    });
    let mut events = vec![Event::PairingFormed(PairingFormed {
        pairing: context.name("pairing"),
        mentors,
        mentees: mentees.clone(),
        matches: command.matches.clone(),
        handbook: terms.policy.handbook.clone(),
        replaces,
    })];
    events.extend(released(scheme, &mentees, command)?);
    Ok(events)
}

fn distinct(people: impl Iterator<Item = PersonId>) -> Vec<PersonId> {
    people.fold(Vec::new(), |mut all, person| {
        if !all.contains(&person) {
            all.push(person);
        }
        all
    })
}

fn small_enough(
    terms: &Terms<'_>,
    mentors: &[PersonId],
    mentees: &[PersonId],
) -> Result<(), Rejection> {
    let rule = &terms.policy.pairing;
    if mentors.len() > usize::from(rule.mentors_most) {
        return Err(Rejection::TooManyInPairing {
            most: rule.mentors_most,
            what: "mentors",
        });
    }
    if mentees.len() > usize::from(rule.mentees_most) {
        return Err(Rejection::TooManyInPairing {
            most: rule.mentees_most,
            what: "mentees",
        });
    }
    Ok(())
}

/// Every other match of these mentees that is still open is not going ahead.
fn released(
    scheme: &Scheme,
    mentees: &[PersonId],
    command: &FormPairing,
) -> Result<Vec<Event>, Rejection> {
    let mut events = Vec::new();
    for mentee in mentees {
        let others = scheme
            .open_matches(scheme.mentee(*mentee)?)
            .filter(|open| !command.matches.contains(&open.id));
        events.extend(others.map(|open| {
            Event::MatchReleased(MatchReleased {
                of: open.id,
                mentee: open.mentee,
                mentor: open.mentor,
            })
        }));
    }
    Ok(events)
}

pub(crate) fn conclude(
    scheme: &Scheme,
    command: &ConcludePairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    match pairing.course {
        Course::Concluded { .. } => Ok(vec![]),
        Course::Broken(_) | Course::Withdrawn { .. } => Err(Rejection::PairingOver {
            pairing: command.pairing,
        }),
        Course::Live => {
            not_before_formed(pairing, context)?;
            let mut events = vec![Event::PairingConcluded(PairingConcluded {
                pairing: command.pairing,
                early: is_early(scheme, pairing, context),
            })];
            events.extend(requests(pairing));
            Ok(events)
        }
    }
}

/// Whether a pairing that is concluded leaves sessions, and months to hold them in. Nobody knows without a policy.
fn is_early(scheme: &Scheme, pairing: &Pairing, context: &Context) -> Option<bool> {
    let policy = scheme.policy_on(context.today)?;
    let leaves_some = |mentee| {
        let balance = balance(scheme, mentee, &policy.entitlement);
        balance.left > 0 && !balance.clock.is_over_on(context.happened_on)
    };
    Some(!pairing.meetings_reached && mentees(scheme, pairing).any(leaves_some))
}

fn mentees<'a>(scheme: &'a Scheme, pairing: &'a Pairing) -> impl Iterator<Item = &'a Mentee> {
    let people = pairing.mentees.iter();
    people.filter_map(|person| scheme.mentees.get(person))
}

/// Refuses what would have happened to a pairing before there was one.
pub(crate) fn not_before_formed(pairing: &Pairing, context: &Context) -> Result<(), Rejection> {
    if context.happened_on < pairing.formed_on {
        return Err(Rejection::BeforePairing {
            pairing: pairing.id,
            formed_on: pairing.formed_on,
        });
    }
    Ok(())
}

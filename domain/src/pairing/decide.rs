//! What may be said of a pairing.

use super::{
    BreakPairing, ConcludePairing, FormPairing, JudgeReplacement, MeetingsReached, Pairing,
    PairingBroken, PairingConcluded, PairingFormed, RecordSession, ReplacementJudged,
    ReportMeetingsReached, ReportSessionCount, SessionHeld, SessionsCounted,
};
use crate::{
    Context, Event, Rejection, Scheme,
    entitlement::clock,
    evaluation::requests,
    identifiers::PersonId,
    matching::{Match, MatchReleased, has_room, may_be_paired},
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
    if let Some(open) = matches.iter().find(|found| !found.is_agreed()) {
        return Err(Rejection::MatchNotAgreed { of: open.id });
    }
    let mentors = distinct(matches.iter().map(|found| found.mentor));
    let mentees = distinct(matches.iter().map(|found| found.mentee));
    small_enough(&terms, &mentors, &mentees)?;
    for mentor in &mentors {
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

pub(crate) fn record_session(
    scheme: &Scheme,
    command: &RecordSession,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let pairing = scheme.pairing(command.pairing)?;
    not_before_formed(pairing, context)?;
    let mut after = pairing.counts;
    *after.of_mut(command.counted_by) = after.of(command.counted_by).saturating_add(1);
    Ok(vec![Event::SessionHeld(SessionHeld {
        pairing: command.pairing,
        counted_by: command.counted_by,
        shortened: command.shortened,
        outside_core_offer: outside_core_offer(scheme, &terms, pairing, after.used(), context),
    })])
}

/// Whether a pairing's `used`-th session lies beyond the core offer, in number or in time (Z13).
fn outside_core_offer(
    scheme: &Scheme,
    terms: &Terms<'_>,
    pairing: &Pairing,
    used: u16,
    context: &Context,
) -> bool {
    pairing.mentees.iter().any(|person| {
        let Some(mentee) = scheme.mentees.get(person) else {
            return false;
        };
        let elsewhere = mentee
            .pairings
            .iter()
            .filter(|id| **id != pairing.id)
            .filter_map(|id| scheme.pairings.get(id));
        let used_before: u16 = elsewhere
            .map(|other| other.counts.used())
            .fold(0, u16::saturating_add);
        let entitlement = &terms.policy.entitlement;
        let late = clock(scheme, mentee, entitlement)
            .until
            .is_some_and(|until| context.happened_on > until);
        late || used_before.saturating_add(used) > entitlement.sessions_most
    })
}

fn not_before_formed(pairing: &Pairing, context: &Context) -> Result<(), Rejection> {
    if context.happened_on < pairing.formed_on {
        return Err(Rejection::BeforePairing {
            pairing: pairing.id,
            formed_on: pairing.formed_on,
        });
    }
    Ok(())
}

pub(crate) fn report_count(
    scheme: &Scheme,
    command: &ReportSessionCount,
) -> Result<Vec<Event>, Rejection> {
    const MOST: u16 = 200;
    let pairing = scheme.pairing(command.pairing)?;
    if command.count > MOST {
        return Err(Rejection::OutOfRange {
            what: "the count of sessions",
            least: 0,
            most: u32::from(MOST),
        });
    }
    if pairing.counts.of(command.counted_by) == command.count {
        return Ok(vec![]);
    }
    Ok(vec![Event::SessionsCounted(SessionsCounted {
        pairing: command.pairing,
        counted_by: command.counted_by,
        count: command.count,
    })])
}

pub(crate) fn report_meetings_reached(
    scheme: &Scheme,
    command: &ReportMeetingsReached,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let pairing = scheme.pairing(command.pairing)?;
    not_before_formed(pairing, context)?;
    if pairing.meetings_reached {
        return Ok(vec![]);
    }
    let mut events = vec![Event::MeetingsReached(MeetingsReached {
        pairing: command.pairing,
        count: terms.policy.entitlement.sessions_most,
    })];
    events.extend(requests(pairing));
    Ok(events)
}

pub(crate) fn break_pairing(
    scheme: &Scheme,
    command: &BreakPairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    if pairing.is_broken() {
        return Ok(vec![]);
    }
    if !pairing.is_live() {
        return Err(Rejection::PairingOver {
            pairing: command.pairing,
        });
    }
    not_before_formed(pairing, context)?;
    Ok(vec![Event::PairingBroken(PairingBroken {
        pairing: command.pairing,
        cause: command.cause,
    })])
}

pub(crate) fn judge_replacement(
    scheme: &Scheme,
    command: &JudgeReplacement,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    let super::Course::Broken { judgement, .. } = pairing.course else {
        return Err(Rejection::NotBroken {
            pairing: command.pairing,
        });
    };
    if judgement == Some(command.judgement) {
        return Ok(vec![]);
    }
    let mut events = vec![Event::ReplacementJudged(ReplacementJudged {
        pairing: command.pairing,
        judgement: command.judgement,
        with_mentee: command.with_mentee,
    })];
    if command.judgement == super::Replacement::End {
        events.extend(requests(pairing));
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
        super::Course::Concluded { .. } => Ok(vec![]),
        super::Course::Broken { .. } => Err(Rejection::PairingOver {
            pairing: command.pairing,
        }),
        super::Course::Live => {
            not_before_formed(pairing, context)?;
            let mut events = vec![Event::PairingConcluded(PairingConcluded {
                pairing: command.pairing,
            })];
            events.extend(requests(pairing));
            Ok(events)
        }
    }
}

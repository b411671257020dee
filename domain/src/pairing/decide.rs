//! What may be said of a pairing.

use super::{
    BreakPairing, ConcludePairing, FormPairing, JudgeReplacement, MeetingsReached, Pairing,
    PairingBroken, PairingConcluded, PairingFormed, RecordSession, ReplacementJudged,
    ReportMeetingsReached, ReportSessionCount, SessionHeld, SessionsCounted,
};
use crate::{
    Context, Event, Rejection, Scheme,
    entitlement::{clock, used_elsewhere},
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

pub(crate) fn record_session(
    scheme: &Scheme,
    command: &RecordSession,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let pairing = scheme.pairing(command.pairing)?;
    not_before_formed(pairing, context)?;
    let count = pairing.counts.of(command.counted_by).saturating_add(1);
    Ok(vec![Event::SessionHeld(SessionHeld {
        pairing: command.pairing,
        counted_by: command.counted_by,
        shortened: command.shortened,
        outside_core_offer: outside_core_offer(scheme, &terms, pairing, count, context),
    })])
}

/// Whether a pairing's `count`-th session, as the side that tells of it counts, lies beyond the core
/// offer, in number or in time (Z13).
fn outside_core_offer(
    scheme: &Scheme,
    terms: &Terms<'_>,
    pairing: &Pairing,
    count: u16,
    context: &Context,
) -> bool {
    let entitlement = &terms.policy.entitlement;
    mentees(scheme, pairing).any(|mentee| {
        let late = clock(scheme, mentee, entitlement)
            .until
            .is_some_and(|until| context.happened_on > until);
        let used_before = used_elsewhere(scheme, mentee, pairing.id);
        late || used_before.saturating_add(count) > entitlement.sessions_most
    })
}

fn mentees<'a>(scheme: &'a Scheme, pairing: &'a Pairing) -> impl Iterator<Item = &'a Mentee> {
    let people = pairing.mentees.iter();
    people.filter_map(|person| scheme.mentees.get(person))
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
    let pairing = scheme.pairing(command.pairing)?;
    countable(command.count)?;
    if pairing.counts.of(command.counted_by) == command.count {
        return Ok(vec![]);
    }
    Ok(vec![Event::SessionsCounted(SessionsCounted {
        pairing: command.pairing,
        counted_by: command.counted_by,
        count: command.count,
    })])
}

/// Refuses more sessions than anybody could have held.
pub(crate) fn countable(count: u16) -> Result<(), Rejection> {
    const MOST: u16 = 200;
    if count <= MOST {
        return Ok(());
    }
    Err(Rejection::OutOfRange {
        what: "the count of sessions",
        least: 0,
        most: u32::from(MOST),
    })
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
    let used_before = mentees(scheme, pairing)
        .map(|mentee| used_elsewhere(scheme, mentee, pairing.id))
        .min();
    let core = terms.policy.entitlement.sessions_most;
    let mut events = vec![Event::MeetingsReached(MeetingsReached {
        pairing: command.pairing,
        count: core.saturating_sub(used_before.unwrap_or_default()),
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

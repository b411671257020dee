//! Sessions: held, shortened or not held; counted by each side for itself; and how often the pair means to meet.

use super::{mentees, not_before_formed};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed,
    entitlement::{clock, used_elsewhere},
    evaluation::requests,
    limits::fits,
    pairing::{
        AgreeMeetings, Meetings, MeetingsAgreed, MeetingsReached, Pairing, RecordSession,
        RecordSessionNotHeld, ReportMeetingsReached, ReportSessionCount, SessionHeld,
        SessionNotHeld, SessionsCounted,
    },
    scheme::Terms,
};

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
        let late = clock(scheme, mentee, entitlement).is_over_on(context.happened_on);
        let used_before = used_elsewhere(scheme, mentee, pairing.id);
        late || used_before.saturating_add(count) > entitlement.sessions_most
    })
}

pub(crate) fn record_not_held(
    scheme: &Scheme,
    command: &RecordSessionNotHeld,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    not_before_formed(pairing, context)?;
    Ok(vec![Event::SessionNotHeld(SessionNotHeld {
        pairing: command.pairing,
        counted_by: command.counted_by,
        outcome: command.outcome,
    })])
}

pub(crate) fn agree_meetings(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &AgreeMeetings,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    pairing.side_of(command.person)?;
    not_before_formed(pairing, context)?;
    if command
        .every_weeks
        .is_some_and(|weeks| !(1..=52).contains(&weeks))
    {
        return Err(Rejection::OutOfRange {
            what: "everyWeeks",
            least: 1,
            most: 52,
        });
    }
    fits("the times and places", &command.places)?;
    let told = |known: &Meetings| {
        (known.told_by, known.every_weeks, known.format)
            == (command.person, command.every_weeks, command.format)
    };
    let places = particulars.meeting_places(command.pairing, command.person);
    if pairing.meetings.as_ref().is_some_and(told) && places == Some(&command.places) {
        return Ok(vec![]);
    }
    Ok(vec![Event::MeetingsAgreed(MeetingsAgreed {
        pairing: command.pairing,
        person: command.person,
        every_weeks: command.every_weeks,
        format: command.format,
        places: Sealed::new(command.person, command.places.clone()),
    })])
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

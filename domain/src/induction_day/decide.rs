//! Who is given a place, and what may be recorded of it.

use super::{
    AnnounceDfeInductionDay, DfeInductionDayAnnounced, DfeInductionDayAttended,
    DfeInductionDayGivenUp, DfeInductionDayMissed, DfeInductionDayPlaceGiven,
    DfeInductionDayRequested, GiveUpDfeInductionDay, InductionDay, Place, RecordDfeInductionDay,
    RequestDfeInductionDay,
};
use crate::{
    Context, Event, Rejection, Scheme,
    identifiers::{InductionDayId, PersonId},
    mentoring::Offer,
};
use jiff::civil::Date;

pub(crate) fn announce(
    scheme: &Scheme,
    command: &AnnounceDfeInductionDay,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let before = command.day.map(|day| known(scheme, day)).transpose()?;
    if before.is_some_and(|day| (day.on, day.places) == (command.on, command.places)) {
        return Ok(vec![]);
    }
    let day = command
        .day
        .unwrap_or_else(|| context.name("dfe induction day"));
    let taken = before.map_or(0, |day| day.placed.len());
    let free = usize::from(command.places).saturating_sub(taken);
    let mut events = vec![Event::DfeInductionDayAnnounced(DfeInductionDayAnnounced {
        day,
        on: command.on,
        places: command.places,
    })];
    if command.on >= context.today {
        let line = scheme.induction_days.waiting.iter();
        events.extend(line.take(free).map(|(_, mentee)| given(day, *mentee)));
    }
    Ok(events)
}

/// Whoever asks stands in line, and is given the next place there is if nobody stands before them.
pub(crate) fn request(
    scheme: &Scheme,
    command: &RequestDfeInductionDay,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    if mentee.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted {
            person: command.mentee,
        });
    }
    match mentee.induction_day {
        Place::Waiting(_) | Place::Given(_) | Place::Attended(_) => return Ok(vec![]),
        Place::NotRequested | Place::Missed(_) => {}
    }
    let mut events = vec![Event::DfeInductionDayRequested(DfeInductionDayRequested {
        mentee: command.mentee,
    })];
    let line = scheme.induction_days.waiting.iter();
    let before = line.filter(|(asked, _)| *asked <= context.happened_on);
    if before.count() == 0 {
        let free = next_free(scheme, context.today);
        events.extend(free.map(|day| given(day, command.mentee)));
    }
    Ok(events)
}

pub(crate) fn give_up(
    scheme: &Scheme,
    command: &GiveUpDfeInductionDay,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let given_up = |day| {
        Event::DfeInductionDayGivenUp(DfeInductionDayGivenUp {
            mentee: command.mentee,
            day,
        })
    };
    match scheme.mentee(command.mentee)?.induction_day {
        Place::NotRequested | Place::Attended(_) | Place::Missed(_) => Ok(vec![]),
        Place::Waiting(_) => Ok(vec![given_up(None)]),
        Place::Given(id) => {
            let mut events = vec![given_up(Some(id))];
            let day = known(scheme, id)?;
            // The place goes to whoever stands first, unless there are too many at it as it is.
            let becomes_free = day.placed.len() <= usize::from(day.places);
            if day.on >= context.today && becomes_free {
                let first = scheme.induction_days.waiting.first();
                events.extend(first.map(|(_, mentee)| given(id, *mentee)));
            }
            Ok(events)
        }
    }
}

/// Somebody may have been there without a place that was known here. Only who had one can be missed.
pub(crate) fn record_attendance(
    scheme: &Scheme,
    command: &RecordDfeInductionDay,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    let day = known(scheme, command.day)?;
    if day.on > context.today {
        return Err(Rejection::HappenedInFuture {
            happened_on: day.on,
            today: context.today,
        });
    }
    let (before, day) = (mentee.induction_day, command.day);
    let mentee = command.mentee;
    if command.attended {
        let mut events = match before {
            Place::Attended(same) if same == day => return Ok(vec![]),
            // Whoever was there needs no place elsewhere: it goes to the next in line.
            Place::Given(other) if other != day => {
                give_up(scheme, &GiveUpDfeInductionDay { mentee }, context)?
            }
            _ => vec![],
        };
        let attended = DfeInductionDayAttended { day, mentee };
        events.push(Event::DfeInductionDayAttended(attended));
        return Ok(events);
    }
    if before == Place::Missed(day) {
        return Ok(vec![]);
    }
    if before != Place::Given(day) && before != Place::Attended(day) {
        return Err(Rejection::NoPlace { person: mentee });
    }
    let missed = DfeInductionDayMissed { day, mentee };
    Ok(vec![Event::DfeInductionDayMissed(missed)])
}

fn known(scheme: &Scheme, day: InductionDayId) -> Result<&InductionDay, Rejection> {
    scheme
        .induction_days
        .days
        .get(&day)
        .ok_or(Rejection::UnknownInductionDay { day })
}

fn given(day: InductionDayId, mentee: PersonId) -> Event {
    Event::DfeInductionDayPlaceGiven(DfeInductionDayPlaceGiven { day, mentee })
}

/// The next day, today or later, at which a place is free.
fn next_free(scheme: &Scheme, today: Date) -> Option<InductionDayId> {
    let days = scheme.induction_days.days.values();
    let free = days.filter(|day| day.on >= today && day.free() > 0);
    free.min_by_key(|day| (day.on, day.id)).map(|day| day.id)
}

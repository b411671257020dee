//! What may be opened and adopted.

use super::{
    AdoptCalendar, AdoptPolicy, AdoptRegister, CalendarAdopted, OpenScheme, PolicyAdopted,
    RegisterAdopted, SchemeOpened,
};
use crate::{Context, Event, Rejection, Scheme};

pub(crate) fn open_scheme(scheme: &Scheme, command: &OpenScheme) -> Result<Vec<Event>, Rejection> {
    if command.name.trim().is_empty() {
        return Err(Rejection::Empty {
            what: "the name of the scheme",
        });
    }
    match &scheme.opening {
        None => Ok(vec![Event::SchemeOpened(SchemeOpened {
            name: command.name.clone(),
            kind: command.kind,
        })]),
        Some(opening) if opening.name == command.name && opening.kind == command.kind => Ok(vec![]),
        Some(_) => Err(Rejection::SchemeAlreadyOpen),
    }
}

pub(crate) fn adopt_policy(
    scheme: &Scheme,
    command: &AdoptPolicy,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let AdoptPolicy {
        policy,
        effective_from,
    } = command;
    let effective_from = effective_from.unwrap_or(context.today);
    policy
        .check()
        .map_err(|reason| Rejection::DocumentInvalid { reason })?;
    if let Some(before) = scheme
        .policies
        .iter()
        .find(|before| before.policy.version == policy.version)
    {
        return already(before.policy == *policy, &policy.version);
    }
    if effective_from < context.today {
        return Err(Rejection::EffectiveBeforeAdoption {
            effective_from,
            today: context.today,
        });
    }
    Ok(vec![Event::PolicyAdopted(PolicyAdopted {
        policy: policy.clone(),
        effective_from,
    })])
}

pub(crate) fn adopt_register(
    scheme: &Scheme,
    command: &AdoptRegister,
) -> Result<Vec<Event>, Rejection> {
    let register = &command.register;
    register
        .check()
        .map_err(|reason| Rejection::DocumentInvalid { reason })?;
    if let Some(before) = scheme
        .registers
        .iter()
        .find(|before| before.version == register.version)
    {
        return already(**before == *register, &register.version);
    }
    Ok(vec![Event::RegisterAdopted(RegisterAdopted {
        register: register.clone(),
    })])
}

pub(crate) fn adopt_calendar(
    scheme: &Scheme,
    command: &AdoptCalendar,
) -> Result<Vec<Event>, Rejection> {
    let calendar = &command.calendar;
    calendar
        .check()
        .map_err(|reason| Rejection::DocumentInvalid { reason })?;
    if let Some(before) = scheme
        .calendars
        .iter()
        .find(|before| before.version == calendar.version)
    {
        return already(**before == *calendar, &calendar.version);
    }
    Ok(vec![Event::CalendarAdopted(CalendarAdopted {
        calendar: calendar.clone(),
    })])
}

/// The same content again changes nothing; another content under the same version is refused.
fn already(same: bool, version: &str) -> Result<Vec<Event>, Rejection> {
    if same {
        Ok(vec![])
    } else {
        Err(Rejection::VersionTaken {
            version: version.to_owned(),
        })
    }
}

//! Pause and withdrawal: the mentee's to ask for, without a reason, and no breakdown.

use super::not_before_formed;
use crate::{
    Context, Event, Rejection, Scheme,
    evaluation::requests,
    identifiers::PairingId,
    pairing::{
        Course, Pairing, PairingPaused, PairingResumed, PairingWithdrawn, PausePairing,
        ResumePairing, WithdrawFromPairing,
    },
};

pub(crate) fn pause(
    scheme: &Scheme,
    command: &PausePairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = live(scheme, command.pairing)?;
    if pairing.paused_since().is_some() {
        return Ok(vec![]);
    }
    not_before_formed(pairing, context)?;
    Ok(vec![Event::PairingPaused(PairingPaused {
        pairing: command.pairing,
    })])
}

pub(crate) fn resume(
    scheme: &Scheme,
    command: &ResumePairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = live(scheme, command.pairing)?;
    let Some(paused_on) = pairing.paused_since() else {
        return Ok(vec![]);
    };
    if context.happened_on < paused_on {
        return Err(Rejection::BeforePause {
            pairing: command.pairing,
            paused_on,
        });
    }
    Ok(vec![Event::PairingResumed(PairingResumed {
        pairing: command.pairing,
    })])
}

pub(crate) fn withdraw(
    scheme: &Scheme,
    command: &WithdrawFromPairing,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    if matches!(pairing.course, Course::Withdrawn { .. }) {
        return Ok(vec![]);
    }
    live(scheme, command.pairing)?;
    not_before_formed(pairing, context)?;
    let mut events = vec![Event::PairingWithdrawn(PairingWithdrawn {
        pairing: command.pairing,
    })];
    events.extend(requests(pairing));
    Ok(events)
}

fn live(scheme: &Scheme, id: PairingId) -> Result<&Pairing, Rejection> {
    let pairing = scheme.pairing(id)?;
    if pairing.is_live() {
        Ok(pairing)
    } else {
        Err(Rejection::PairingOver { pairing: id })
    }
}

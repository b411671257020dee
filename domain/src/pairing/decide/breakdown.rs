//! Breakdown, and what is judged after it.

use super::{mentees, not_before_formed};
use crate::{
    Context, Event, Rejection, Scheme,
    entitlement::balance,
    evaluation::requests,
    pairing::{
        BreakPairing, Breakdown, Judge, JudgeReplacement, Pairing, PairingBroken, Remaining,
        Replacement, ReplacementJudged,
    },
};
use jiff::civil::Date;

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
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    let breakdown = pairing.breakdown().ok_or(Rejection::NotBroken {
        pairing: command.pairing,
    })?;
    let judged_by = distinct(&command.judged_by);
    if judged_by.is_empty() {
        return Err(Rejection::Empty {
            what: "the list of those who judged",
        });
    }
    if is_judged(breakdown, command.judgement, &judged_by) {
        return Ok(vec![]);
    }
    let mut events = vec![Event::ReplacementJudged(ReplacementJudged {
        pairing: command.pairing,
        judgement: command.judgement,
        judged_by,
        remaining: remaining(scheme, pairing, breakdown, context.today),
    })];
    if command.judgement == Replacement::End {
        events.extend(requests(pairing));
    }
    Ok(events)
}

fn distinct(judges: &[Judge]) -> Vec<Judge> {
    let mut judges = judges.to_vec();
    judges.sort_unstable();
    judges.dedup();
    judges
}

fn is_judged(breakdown: &Breakdown, judgement: Replacement, by: &[Judge]) -> bool {
    let before = breakdown.judged.as_ref();
    before.is_some_and(|judged| judged.judgement == judgement && judged.by == by)
}

/// What is left of each mentee's entitlement, of which the judgement is to take account (R107): the sessions, and the
/// days of its months from the breakdown on. Empty where no policy is in force.
#[must_use]
pub fn remaining(
    scheme: &Scheme,
    pairing: &Pairing,
    breakdown: &Breakdown,
    today: Date,
) -> Vec<Remaining> {
    let Some(policy) = scheme.policy_on(today) else {
        return Vec::new();
    };
    let of = |mentee| {
        let balance = balance(scheme, mentee, &policy.entitlement);
        let days = balance.clock.until.map(|until| {
            let left = (until - breakdown.on).get_days();
            u32::try_from(left).unwrap_or_default()
        });
        Remaining {
            mentee: mentee.person,
            // An earlier judgement may have ended what is now judged again.
            sessions: balance.left + balance.ended,
            days,
        }
    };
    mentees(scheme, pairing).map(of).collect()
}

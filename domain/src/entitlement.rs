//! What somebody entitled has left, and until when.
//!
//! The months run from the agreed start of mentoring, else from the first session (Z03). They stand still
//! from a breakdown until the next pairing is formed (Z05), and the sessions used carry over.

use crate::{
    Scheme,
    identifiers::PairingId,
    mentoring::Mentee,
    pairing::{Course, Pairing, Replacement},
    policy::Entitlement,
};
use jiff::{Span, ToSpan, civil::Date};

/// The months of an entitlement, as they run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    /// The first day; unknown until a start is agreed or a session held.
    pub starts_on: Option<Date>,
    /// The last day, with every pause that has ended added. Moves on while a pause lasts.
    pub until: Option<Date>,
    /// Since when it stands still.
    pub paused_since: Option<Date>,
}

/// What somebody entitled was given, has used and has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Sessions of the core offer.
    pub granted: u16,
    /// Sessions used, over all pairings.
    pub used: u16,
    /// Sessions left.
    pub left: u16,
    /// The months, as they run.
    pub clock: Clock,
}

/// What `mentee` has left by `entitlement`.
#[must_use]
pub fn balance(scheme: &Scheme, mentee: &Mentee, entitlement: &Entitlement) -> Balance {
    let used = pairings(scheme, mentee)
        .map(|pairing| pairing.counts.used())
        .fold(0, u16::saturating_add);
    Balance {
        granted: entitlement.sessions_most,
        used,
        left: entitlement.sessions_most.saturating_sub(used),
        clock: clock(scheme, mentee, entitlement),
    }
}

/// The sessions `mentee` has used in pairings other than `pairing`.
pub(crate) fn used_elsewhere(scheme: &Scheme, mentee: &Mentee, pairing: PairingId) -> u16 {
    pairings(scheme, mentee)
        .filter(|other| other.id != pairing)
        .map(|other| other.counts.used())
        .fold(0, u16::saturating_add)
}

/// How the months of `mentee` run.
#[must_use]
pub fn clock(scheme: &Scheme, mentee: &Mentee, entitlement: &Entitlement) -> Clock {
    let first_session = pairings(scheme, mentee)
        .filter_map(|pairing| pairing.first_session_on)
        .min();
    let Some(starts_on) = mentee.starts_on.or(first_session) else {
        return Clock::default();
    };
    let (pauses, paused_since) = pauses(scheme, mentee);
    let months = i32::from(entitlement.months_most).months();
    let until = starts_on.saturating_add(months).saturating_sub(1.day());
    let until = pauses.into_iter().fold(until, Date::saturating_add);
    Clock {
        starts_on: Some(starts_on),
        until: Some(until),
        paused_since,
    }
}

/// Every pause that ended, and since when one lasts.
fn pauses(scheme: &Scheme, mentee: &Mentee) -> (Vec<Span>, Option<Date>) {
    let all: Vec<&Pairing> = pairings(scheme, mentee).collect();
    let mut ended = Vec::new();
    let mut since = None;
    for (index, pairing) in all.iter().enumerate() {
        let Course::Broken { on, judgement, .. } = pairing.course else {
            continue;
        };
        match all.get(index + 1) {
            Some(next) => ended.extend(on.until(next.formed_on).ok()),
            None if judgement == Some(Replacement::End) => {}
            None => since = Some(on),
        }
    }
    ended.retain(|pause| pause.is_positive());
    (ended, since)
}

fn pairings<'a>(scheme: &'a Scheme, mentee: &'a Mentee) -> impl Iterator<Item = &'a Pairing> {
    mentee
        .pairings
        .iter()
        .filter_map(|id| scheme.pairings.get(id))
}

#[cfg(test)]
mod tests;

//! What somebody entitled has left, and until when.
//!
//! The months run from the agreed start of mentoring, else from the first session (Z03). They stand still
//! from a breakdown until the next pairing is formed (Z05) and while the mentee pauses, and the sessions used carry
//! over. With the end of mentoring what is left ends too, and is there again if mentoring is taken up once more.

use crate::{
    Scheme,
    identifiers::PairingId,
    mentoring::Mentee,
    pairing::{Pairing, Replacement},
    policy::Entitlement,
};
use jiff::{ToSpan, civil::Date};

/// The months of an entitlement, as they run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    /// The first day; unknown until a start is agreed or a session held.
    pub starts_on: Option<Date>,
    /// The last day, with every standstill that has ended added. Moves on while one lasts.
    pub until: Option<Date>,
    /// Since when it stands still.
    pub paused_since: Option<Date>,
    /// For how many days it has stood still, less a standstill that lasts.
    pub still_days: u32,
}

impl Clock {
    /// Whether the months were over on `day`. They never are while they stand still in time.
    #[must_use]
    pub fn is_over_on(&self, day: Date) -> bool {
        let Some(until) = self.until else {
            return false;
        };
        let stands_still = self.paused_since.is_some_and(|since| since <= until);
        day > until && !stands_still
    }
}

/// What somebody entitled was given, has used and has left.
///
/// `granted` is what is `left`, what has `ended`, and of what was `used` as much as was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Sessions of the core offer.
    pub granted: u16,
    /// Sessions used, over all pairings; more than were granted where some lay outside the core offer.
    pub used: u16,
    /// Sessions left.
    pub left: u16,
    /// Sessions that were left when mentoring came to its end.
    pub ended: u16,
    /// The months, as they run.
    pub clock: Clock,
}

/// What `mentee` has left by `entitlement`.
#[must_use]
pub fn balance(scheme: &Scheme, mentee: &Mentee, entitlement: &Entitlement) -> Balance {
    let used = used(scheme, mentee);
    let unused = entitlement.sessions_most.saturating_sub(used);
    let (left, ended) = if is_over(scheme, mentee) {
        (0, unused)
    } else {
        (unused, 0)
    };
    Balance {
        granted: entitlement.sessions_most,
        used,
        left,
        ended,
        clock: clock(scheme, mentee, entitlement),
    }
}

/// The sessions `mentee` has used, over all pairings.
#[must_use]
pub fn used(scheme: &Scheme, mentee: &Mentee) -> u16 {
    pairings(scheme, mentee)
        .map(|pairing| pairing.counts.used())
        .fold(0, u16::saturating_add)
}

/// Whether the mentoring of `mentee` came to its end with their last pairing.
#[must_use]
pub fn is_over(scheme: &Scheme, mentee: &Mentee) -> bool {
    let last = pairings(scheme, mentee).last();
    last.is_some_and(Pairing::is_final)
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
    let Some(starts_on) = starts_on(scheme, mentee) else {
        return Clock::default();
    };
    let (still_days, paused_since) = still(scheme, mentee, starts_on);
    let months = i32::from(entitlement.months_most).months();
    let until = starts_on.saturating_add(months).saturating_sub(1.day());
    Clock {
        starts_on: Some(starts_on),
        until: Some(until.saturating_add(i64::from(still_days).days())),
        paused_since,
        still_days,
    }
}

/// For how many days the months of `mentee` have stood still, less a standstill that lasts.
#[must_use]
pub fn still_days(scheme: &Scheme, mentee: &Mentee) -> u32 {
    starts_on(scheme, mentee).map_or(0, |starts_on| still(scheme, mentee, starts_on).0)
}

fn starts_on(scheme: &Scheme, mentee: &Mentee) -> Option<Date> {
    let first_sessions = pairings(scheme, mentee).filter_map(|pairing| pairing.first_session_on);
    mentee.starts_on.or(first_sessions.min())
}

/// For how many days the months that began on `starts_on` have stood still, and since when they do. What is claimed to
/// overlap is counted once.
fn still(scheme: &Scheme, mentee: &Mentee, starts_on: Date) -> (u32, Option<Date>) {
    let (mut ended, mut since) = (Vec::new(), None);
    for (from, until) in standstills(scheme, mentee) {
        let from = from.max(starts_on);
        match until {
            Some(until) => ended.push((from, until)),
            None => since = Some(since.map_or(from, |before: Date| before.min(from))),
        }
    }
    ended.sort_unstable();
    let (mut days, mut counted_until) = (0, Date::MIN);
    for (from, until) in ended {
        let from = from.max(counted_until);
        days += u32::try_from((until - from).get_days()).unwrap_or_default();
        counted_until = counted_until.max(until);
    }
    (days, since)
}

/// Each time in which the months stand still: a pause, or from a breakdown to the next pairing.
fn standstills(scheme: &Scheme, mentee: &Mentee) -> Vec<(Date, Option<Date>)> {
    let all: Vec<&Pairing> = pairings(scheme, mentee).collect();
    let mut found = Vec::new();
    for (index, pairing) in all.iter().enumerate() {
        let pauses = pairing.pauses.iter();
        found.extend(pauses.map(|pause| (pause.from, pause.until)));
        if let Some(breakdown) = pairing.breakdown() {
            match all.get(index + 1) {
                Some(next) => found.push((breakdown.on, Some(next.formed_on))),
                None if breakdown.judgement() == Some(Replacement::End) => {}
                None => found.push((breakdown.on, None)),
            }
        }
    }
    found
}

fn pairings<'a>(scheme: &'a Scheme, mentee: &'a Mentee) -> impl Iterator<Item = &'a Pairing> {
    mentee
        .pairings
        .iter()
        .filter_map(|id| scheme.pairings.get(id))
}

#[cfg(test)]
mod tests;

//! What time itself brings about.
//!
//! The writer asks before each command, so that time acts in one place, in order and once, also after a
//! long stop. Only clear state decides; what depends on a sealed day (a contact that is overdue) is shown
//! at the time of asking and is no event.

use crate::{Event, Scheme, matching::MatchLapsed};
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

/// Something that fell due.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The instant at which it fell due.
    pub at: Timestamp,
    /// The day on which it happened, as the record will say.
    pub on: Date,
    /// A label from which, with the instant, the event's identifier is derived.
    pub label: String,
    /// What happened.
    pub event: Event,
}

/// Everything that has fallen due by `now`, in the order in which it did.
#[must_use]
pub fn due(scheme: &Scheme, now: Timestamp) -> Vec<Due> {
    let zone = zone(scheme);
    let passed = scheme
        .answers_awaited
        .iter()
        .map(|(answer_by, id)| (begins_after(*answer_by, &zone), id));
    let passed = passed.take_while(|(at, _)| *at <= now);
    let lapsed = passed.filter_map(|(at, id)| {
        let found = scheme.matches.get(id)?;
        Some(Due {
            at,
            on: at.to_zoned(zone.clone()).date(),
            label: format!("match {id} lapsed"),
            event: Event::MatchLapsed(MatchLapsed {
                of: *id,
                mentee: found.mentee,
                mentor: found.mentor,
            }),
        })
    });
    lapsed.collect()
}

/// The next instant at which something falls due.
#[must_use]
pub fn next_due(scheme: &Scheme) -> Option<Timestamp> {
    let zone = zone(scheme);
    scheme
        .answers_awaited
        .first()
        .map(|(answer_by, _)| begins_after(*answer_by, &zone))
}

fn zone(scheme: &Scheme) -> TimeZone {
    scheme
        .calendar()
        .map_or(TimeZone::UTC, crate::calendar::Calendar::zone)
}

/// The instant at which `day` is over.
fn begins_after(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.tomorrow().unwrap_or(day);
    zone.to_ambiguous_zoned(next.to_datetime(Time::midnight()))
        .compatible()
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

//! What of the history is looked for.

use super::Row;
use domain::{Channel, Party};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

/// The types of what says of another entry that it was not so.
const CORRECTIONS: [&str; 2] = ["record.corrected", "record.taken-back"];

/// What to look for; whatever is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A person, an appointment, a match or a pairing.
    pub subject: Option<Uuid>,
    /// Who recorded it.
    pub actor: Option<Uuid>,
    /// In one of these roles.
    pub roles: Option<Vec<String>>,
    /// Event types.
    pub kinds: Option<Vec<String>>,
    /// Heard in one of these ways.
    pub channels: Option<Vec<Channel>>,
    /// On the word of one of these sides.
    pub parties: Option<Vec<Party>>,
    /// Recorded at this instant or later.
    pub from: Option<Timestamp>,
    /// Recorded before this instant.
    pub before: Option<Timestamp>,
    /// Happened on this day or later, as claimed.
    pub happened_from: Option<Date>,
    /// Happened on this day or earlier, as claimed.
    pub happened_to: Option<Date>,
    /// Recorded late.
    pub late: Option<Late>,
    /// Whether it corrects another entry or takes one back.
    pub corrects: Option<bool>,
}

/// Recorded at least so many days after it happened, by the days of a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// How many days.
    pub by_days: i32,
    /// Whose days.
    pub zone: TimeZone,
}

/// The days from the day something happened to the day it was recorded, by the days of a time zone; none for what is said
/// to have happened later than it was recorded.
#[must_use]
pub fn days_late(happened_on: Date, recorded_at: Timestamp, zone: &TimeZone) -> i32 {
    let recorded_on = recorded_at.to_zoned(zone.clone()).date();
    // Between two days the largest unit is the day, so this is exact.
    let late = happened_on.until(recorded_on);
    late.map_or(0, |late| late.get_days().max(0))
}

impl Filter {
    /// Whether it admits an entry, but for what it is about; `roles` are the index's.
    pub(super) fn admits(&self, row: &Row, roles: &[String]) -> bool {
        self.admits_source(row, roles)
            && self.admits_time(row)
            && one_of(self.kinds.as_deref(), |kind| kind == row.kind)
            && self
                .corrects
                .is_none_or(|corrects| corrects == CORRECTIONS.contains(&row.kind))
    }

    fn admits_source(&self, row: &Row, roles: &[String]) -> bool {
        let role = roles.get(usize::from(row.role));
        self.actor.is_none_or(|actor| actor == row.actor)
            && one_of(self.roles.as_deref(), |one| Some(one) == role)
            && one_of(self.channels.as_deref(), |one| Some(*one) == row.channel)
            && one_of(self.parties.as_deref(), |one| Some(*one) == row.party)
    }

    fn admits_time(&self, row: &Row) -> bool {
        self.from.is_none_or(|from| from <= row.recorded_at)
            && self.before.is_none_or(|before| row.recorded_at < before)
            && self
                .happened_from
                .is_none_or(|from| from <= row.happened_on)
            && self.happened_to.is_none_or(|to| row.happened_on <= to)
            && self.late.as_ref().is_none_or(|late| {
                days_late(row.happened_on, row.recorded_at, &late.zone) >= late.by_days
            })
    }
}

/// Whether one of `wanted` is meant, or none is named.
fn one_of<T>(wanted: Option<&[T]>, is_meant: impl Fn(&T) -> bool) -> bool {
    wanted.is_none_or(|wanted| wanted.iter().any(is_meant))
}

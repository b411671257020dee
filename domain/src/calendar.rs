//! Working days: which days count when something is due "within ten working days".

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A dated list of bank holidays, adopted by a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Calendar {
    /// The version verdicts name, for example `england-and-wales-2026-11`.
    pub version: String,
    /// What a person would call it.
    pub title: String,
    /// The IANA time zone in which a day begins and ends.
    pub time_zone: String,
    /// The first day the list speaks for.
    pub from: Date,
    /// The last day the list speaks for.
    pub until: Date,
    /// The days that are no working days beside Saturdays and Sundays, in order.
    pub holidays: Vec<Holiday>,
}

/// One bank holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// What it is called.
    pub name: String,
}

impl Calendar {
    /// Says what is wrong with the list, if anything is.
    pub fn check(&self) -> Result<(), String> {
        if self.version.is_empty() {
            return Err("`version` is empty".to_owned());
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(format!(
                "`timeZone` {:?} is not an IANA time zone",
                self.time_zone
            ));
        }
        if self.until < self.from {
            return Err("`until` lies before `from`".to_owned());
        }
        match self
            .holidays
            .windows(2)
            .find(|pair| pair[0].on >= pair[1].on)
        {
            Some(pair) => Err(format!("holidays are not in order at {}", pair[1].on)),
            None => Ok(()),
        }
    }

    /// Whether people are at work on `day`.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && self
                .holidays
                .binary_search_by(|holiday| holiday.on.cmp(&day))
                .is_err()
    }

    /// The day `count` working days after `from`; `from` itself never counts (R205).
    ///
    /// Past the last day the list speaks for, only weekends are left out.
    #[must_use]
    pub fn add_working_days(&self, from: Date, count: u16) -> Date {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// The working days after `from` up to and with `until`; none where `until` lies before.
    #[must_use]
    pub fn working_days_between(&self, from: Date, until: Date) -> usize {
        let days = from.series(1.day()).skip(1);
        days.take_while(|day| *day <= until)
            .filter(|day| self.is_working_day(*day))
            .count()
    }

    /// The time zone in which a day begins and ends; UTC should the name no longer be known.
    #[must_use]
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        Calendar {
            version: "test".to_owned(),
            title: "Test".to_owned(),
            time_zone: "Europe/London".to_owned(),
            from: date(2011, 1, 1),
            until: date(2011, 12, 31),
            holidays: vec![Holiday {
                on: date(2011, 4, 22),
                name: "Good Friday".to_owned(),
            }],
        }
    }

    /// R205.
    #[test]
    fn three_working_days_after_a_friday_is_a_wednesday() {
        assert_eq!(
            calendar().add_working_days(date(2011, 3, 11), 3),
            date(2011, 3, 16)
        );
    }

    /// R205.
    #[test]
    fn a_bank_holiday_does_not_count() {
        assert_eq!(
            calendar().add_working_days(date(2011, 4, 21), 1),
            date(2011, 4, 25)
        );
    }

    /// R205.
    #[test]
    fn working_days_are_counted_past_weekends_and_bank_holidays() {
        let calendar = calendar();
        let thursday = date(2011, 4, 21);
        for (until, days) in [(21, 0), (20, 0), (22, 0), (24, 0), (25, 1), (26, 2)] {
            let until = date(2011, 4, until);
            assert_eq!(calendar.working_days_between(thursday, until), days);
        }
    }

    #[test]
    fn a_list_out_of_order_is_refused_with_the_day() {
        let mut calendar = calendar();
        calendar.holidays.push(Holiday {
            on: date(2011, 1, 3),
            name: "New Year".to_owned(),
        });
        assert_eq!(
            calendar.check(),
            Err("holidays are not in order at 2011-01-03".to_owned())
        );
    }
}

//! What a cell of an old spreadsheet says: days, counts and states in the many ways in which people write them.

use crate::rest::appointments::values;
use jiff::{ToSpan, civil::Date, civil::date};

/// A day, and whether a part of it was assumed.
pub type Day = (Date, bool);

/// How a pairing stands, as the spreadsheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It goes on.
    Live,
    /// It is over.
    Ended,
    /// It broke down.
    Broken,
    /// There is no mentor yet.
    Waiting,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

const NUMBERS: [&str; 11] = [
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];

/// A day in any of the usual ways: `3/9/2025`, `3.9.25`, `2025-09-03`, `3rd Sept 2025`, a spreadsheet's own number for
/// it. Of `September 2025` the first is assumed.
pub fn day(text: &str) -> Option<Day> {
    if let Some(day) = values::day(text) {
        return Some((day, false));
    }
    let parts: Vec<String> = values::plain(text).split(' ').map(str::to_owned).collect();
    match parts.as_slice() {
        [serial] => Some((of_serial(serial)?, false)),
        [month, year] => Some((Date::new(year_of(year)?, month_of(month)?, 1).ok()?, true)),
        [one, two, year] if one.len() <= 4 => {
            let day: i8 = ordinal(one)?.parse().ok()?;
            let month = month_of(two).or_else(|| two.parse().ok())?;
            Some((Date::new(year_of(year)?, month, day).ok()?, false))
        }
        _ => None,
    }
}

/// Days since the end of 1899, by which spreadsheets keep a date: only those of this century's first half.
fn of_serial(text: &str) -> Option<Date> {
    let days: i32 = text.parse().ok()?;
    (36_526..55_000)
        .contains(&days)
        .then(|| date(1899, 12, 30).checked_add(days.days()).ok())
        .flatten()
}

/// Who kept a spreadsheet of mentoring kept it in this century.
fn year_of(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        2 => Some(2_000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn month_of(text: &str) -> Option<i8> {
    let start = text.get(..3)?;
    let place = MONTHS.iter().position(|month| *month == start)?;
    i8::try_from(place + 1).ok()
}

fn ordinal(text: &str) -> Option<&str> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let ending = &text[digits.len()..];
    ["", "st", "nd", "rd", "th"]
        .contains(&ending)
        .then_some(digits)
}

/// A number of sessions: `3`, `three`, `3/4`, `3 of 4`, `3 (one missed)`. Of `3/4` the first is meant.
pub fn count(text: &str) -> Option<u16> {
    let plain = values::plain(text);
    let mut words = plain.split(' ');
    let first = words.next()?;
    let number = match NUMBERS.iter().position(|word| *word == first) {
        Some(number) => u16::try_from(number).ok()?,
        None => first.parse().ok()?,
    };
    // A day in the place of a number is what a spreadsheet makes of "3/4".
    let is_day = words.next().is_some_and(|next| month_of(next).is_some());
    (!is_day).then_some(number)
}

/// How a pairing stands.
pub fn status(text: &str) -> Option<Status> {
    let plain = values::plain(text);
    let begins = |starts: &[&str]| starts.iter().any(|start| plain.starts_with(start));
    if begins(&["broke", "breakdown", "failed", "fell through"]) {
        Some(Status::Broken)
    } else if begins(&["end", "complete", "finish", "closed", "concluded", "done"]) {
        Some(Status::Ended)
    } else if begins(&[
        "wait",
        "unmatched",
        "no mentor",
        "to match",
        "to be matched",
        "not matched",
    ]) {
        Some(Status::Waiting)
    } else if begins(&[
        "live",
        "ongoing",
        "on going",
        "active",
        "current",
        "matched",
        "in progress",
        "open",
        "started",
    ]) {
        Some(Status::Live)
    } else {
        None
    }
}

/// Yes or no; `?` and the like never get here.
pub fn yes(text: &str) -> Option<bool> {
    match values::plain(text).as_str() {
        "yes" | "y" | "true" | "1" | "x" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_however_they_are_written() {
        let third = Some((date(2025, 9, 3), false));
        for text in [
            "03/09/2025",
            "3/9/25",
            "3.9.2025",
            "2025-09-03",
            "3 Sep 2025",
            "3rd September 2025",
            "3-Sept-25",
            "45903",
        ] {
            assert_eq!(day(text), third, "{text}");
        }
        assert_eq!(day("Sept 2025"), Some((date(2025, 9, 1), true)));
        assert_eq!(day("Sep-25"), Some((date(2025, 9, 1), true)));
        for text in [
            "31/02/2025",
            "soon",
            "9/2025/3",
            "12",
            "Autumn 2025",
            "3 x 2025",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn sessions_are_counted_in_figures_and_in_words() {
        for (text, number) in [
            ("3", 3),
            ("three", 3),
            ("Three.", 3),
            ("3/4", 3),
            ("3 of 4", 3),
            ("2 (one missed)", 2),
            ("none", 0),
            ("0", 0),
        ] {
            assert_eq!(count(text), Some(number), "{text}");
        }
        for text in ["lots", "3 Apr", "-", "03-Apr"] {
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_over_is_told_from_what_goes_on() {
        assert_eq!(status("On-going"), Some(Status::Live));
        assert_eq!(status("Completed July"), Some(Status::Ended));
        assert_eq!(status("BROKE DOWN"), Some(Status::Broken));
        assert_eq!(status("waiting list"), Some(Status::Waiting));
        assert_eq!(status("see notes"), None);
        assert_eq!(
            (yes("Y"), yes("no"), yes("perhaps")),
            (Some(true), Some(false), None)
        );
    }
}

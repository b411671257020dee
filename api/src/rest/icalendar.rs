//! Appointments as a calendar file (RFC 5545): only what a session needs, in UTC.

use jiff::Timestamp;
use std::fmt::Write as _;
use uuid::Uuid;

/// The most octets of a line, without its end (RFC 5545, section 3.1).
const OCTETS_MOST: usize = 75;

/// Something that takes place at a time.
#[derive(Debug)]
pub struct Entry {
    /// Its name, the same whatever becomes of it.
    pub id: Uuid,
    /// How often it was changed since it first stood in a calendar.
    pub sequence: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, where that is known.
    pub ends_at: Option<Timestamp>,
    /// What it is called.
    pub summary: &'static str,
    /// Where it is, where that is known.
    pub place: Option<String>,
    /// Whether it was called off.
    pub called_off: bool,
}

/// A calendar with these entries.
#[must_use]
pub fn calendar(entries: &[Entry]) -> String {
    let mut file = File(String::new());
    file.line("BEGIN:VCALENDAR");
    file.line("VERSION:2.0");
    file.line("PRODID:-//Alongside//Sessions//EN");
    for entry in entries {
        file.entry(entry);
    }
    file.line("END:VCALENDAR");
    file.0
}

struct File(String);

impl File {
    fn entry(&mut self, entry: &Entry) {
        let status = if entry.called_off {
            "CANCELLED"
        } else {
            "CONFIRMED"
        };
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", entry.id));
        self.line(&format!("DTSTAMP:{}", instant(entry.changed_at)));
        self.line(&format!("SEQUENCE:{}", entry.sequence));
        self.line(&format!("STATUS:{status}"));
        self.line(&format!("DTSTART:{}", instant(entry.starts_at)));
        if let Some(ends_at) = entry.ends_at {
            self.line(&format!("DTEND:{}", instant(ends_at)));
        }
        self.line(&format!("SUMMARY:{}", escaped(entry.summary)));
        if let Some(place) = &entry.place {
            self.line(&format!("LOCATION:{}", escaped(place)));
        }
        // Calendars of directors are read by others too.
        self.line("CLASS:PRIVATE");
        self.line("END:VEVENT");
    }

    /// A line, folded where it is too long: never within a character.
    fn line(&mut self, line: &str) {
        let mut octets = 0;
        for character in line.chars() {
            if octets + character.len_utf8() > OCTETS_MOST {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(character);
            octets += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// An instant in UTC, by the second.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value (section 3.3.11). What is no text, such as a bell, is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text = text.replace("\r\n", "\n");
    for character in text.chars() {
        match character {
            '\n' | '\r' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => {
                let _ = write!(escaped, "\\{character}");
            }
            '\t' => escaped.push(character),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(place: &str) -> Entry {
        Entry {
            id: Uuid::from_u128(7),
            sequence: 2,
            changed_at: "2026-11-22T12:00:00.25Z".parse().expect("an instant"),
            starts_at: "2026-12-04T16:00:00Z".parse().expect("an instant"),
            ends_at: None,
            summary: "Mentoring session",
            place: Some(place.to_owned()),
            called_off: true,
        }
    }

    /// Every line of RFC 5545's own making: their ends, their length, and what stands in them.
    #[test]
    fn a_calendar_is_made_of_folded_lines() {
        let place = "Café \"Grün\", room 5; 1\\2 of the way – past the bridge, then left, and ring twice: ₤ \u{7}\nSecond floor";
        let file = calendar(&[entry(place)]);
        assert!(file.ends_with("END:VCALENDAR\r\n"));
        let lines: Vec<&str> = file.split("\r\n").collect();
        for line in &lines {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
            assert!(!line.contains(['\r', '\n']), "{line:?}");
        }
        assert!(lines.iter().any(|line| line.starts_with(' ')), "folded");
        let unfolded = file.replace("\r\n ", "");
        let mut told = unfolded.split("\r\n");
        let location = told.find(|line| line.starts_with("LOCATION:"));
        assert_eq!(
            location,
            Some(
                "LOCATION:Café \"Grün\"\\, room 5\\; 1\\\\2 of the way – past the bridge\\, then left\\, and ring twice: ₤ \\nSecond floor"
            )
        );
        for line in [
            "UID:00000000-0000-0000-0000-000000000007",
            "SEQUENCE:2",
            "STATUS:CANCELLED",
            "DTSTAMP:20261122T120000Z",
            "DTSTART:20261204T160000Z",
        ] {
            assert!(lines.contains(&line), "{line}");
        }
        assert!(!file.contains("DTEND"));
    }
}

//! A starters report: the whole workforce's new starters as CSV, of which a scheme wants very few rows.
//!
//! The file is read to its end before anything of it is dispatched. What breaks its structure (a column that is
//! missing, a quotation mark that is never closed, a line with more or fewer cells than headings) refuses it as a
//! whole, because nobody can say which rows are what they seem. A value that cannot be read refuses its own row.
//! A row about a post the scheme is not for is counted, and nothing of it goes further than this file.

use super::{
    columns::{Column, Columns},
    reading::{Read, Reading, Row},
    refusal::Refusal,
    values,
};
use crate::{
    dispatch::tokens::Tokens,
    http::problem::Code,
    rest::{failure::Refused, idempotency::Delivery},
};
use csv::StringRecord;
use domain::{
    appointment::NotifyAppointment, mentor::PersonDetails, policy::Policy, scheme::Terms,
};
use jiff::civil::Date;
use std::collections::HashMap;

/// The most rows of one report.
pub const ROWS_MOST: u32 = 20_000;

/// Reads a report.
pub fn read(
    bytes: Vec<u8>,
    reading: &Reading,
    delivery: &Delivery,
    tokens: &Tokens,
) -> Result<Read, Refused> {
    let terms = reading.terms()?;
    let text = text(bytes)?;
    let delimiter = delimiter(&text);
    quotes_are_closed(&text, delimiter)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| unreadable(1))?.clone();
    let columns = Columns::find(&headings)?;
    let mut posts = Posts::new(terms.policy);
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut read = Read::default();
    let mut row = StringRecord::new();
    loop {
        let line = reader.position().line();
        if !reader.read_record(&mut row).map_err(|_| unreadable(line))? {
            return Ok(read);
        }
        let line = row
            .position()
            .map_or(line, |begins| line_of_row(&text, begins));
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue; // Spreadsheets end a file with lines of nothing but separators.
        }
        whole(&row, &headings, line)?;
        read.rows_found += 1;
        if read.rows_found > ROWS_MOST {
            return Err(too_many(line));
        }
        let post = columns.cell(&row, Column::Post);
        let Some(post) = post.and_then(|title| posts.called(title)) else {
            read.not_of_this_scheme += 1;
            continue;
        };
        let cells: Vec<&[u8]> = row.iter().map(str::as_bytes).collect();
        let content = tokens.digest(&cells);
        let occurrence = seen.entry(content.clone()).or_default();
        *occurrence += 1;
        let (notice, not_understood) = screen(&columns, &row, &post, reading, &terms);
        read.rows.push(Row {
            line,
            command_id: delivery.command_id(&format!("row {content} {occurrence}")),
            notice,
            not_understood,
        });
    }
}

/// What a row says, or the first thing in it that cannot be read; and what says nothing for certain.
fn screen(
    columns: &Columns,
    row: &StringRecord,
    post: &str,
    reading: &Reading,
    terms: &Terms<'_>,
) -> (Result<NotifyAppointment, Refusal>, Vec<&'static str>) {
    let cell = |column| columns.cell(row, column);
    let basis = cell(Column::Basis);
    let not_understood = match basis.map(values::basis) {
        Some(None) => vec!["basis"],
        _ => vec![],
    };
    let notice = || {
        let employer = reading.employer(terms, cell(Column::Employer))?;
        if row
            .iter()
            .any(|cell| cell.chars().count() > values::CHARACTERS_MOST)
        {
            return Err(Refusal {
                code: "too_long".into(),
                field: None,
            });
        }
        let number = cell(Column::EmployeeNumber)
            .ok_or(Refusal::new("employee_number_missing", "employeeNumber"))?;
        Ok(NotifyAppointment {
            source: reading.source,
            employer,
            employee_number: Some(number.to_owned()),
            person: None,
            details: details(columns, row),
            post: post.to_owned(),
            basis: basis.and_then(values::basis),
            starts_on: day(cell(Column::StartsOn), "startsOn")?,
            ends_on: day(cell(Column::EndsOn), "endsOn")?,
            first_post: understood(
                cell(Column::FirstPost),
                values::first_post,
                Refusal::new("first_post_invalid", "firstPost"),
            )?,
            expected_months: understood(
                cell(Column::ExpectedMonths),
                values::months,
                Refusal::new("expected_months_invalid", "expectedMonths"),
            )?,
        })
    };
    (notice(), not_understood)
}

fn details(columns: &Columns, row: &StringRecord) -> PersonDetails {
    let cell = |column| columns.cell(row, column);
    let parts: Vec<&str> = [Column::FirstName, Column::LastName]
        .into_iter()
        .filter_map(cell)
        .collect();
    PersonDetails {
        name: cell(Column::Name)
            .map(str::to_owned)
            .or_else(|| (!parts.is_empty()).then(|| parts.join(" "))),
        email: cell(Column::Email).map(str::to_owned),
        telephone: cell(Column::Telephone).map(str::to_owned),
    }
}

fn day(cell: Option<&str>, field: &'static str) -> Result<Option<Date>, Refusal> {
    understood(cell, values::day, Refusal::new("date_invalid", field))
}

/// An empty cell says nothing; a full one must say something.
fn understood<T>(
    cell: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    refusal: Refusal,
) -> Result<Option<T>, Refusal> {
    match cell {
        None => Ok(None),
        Some(text) => read(text).map(Some).ok_or(refusal),
    }
}

/// The posts of a policy by the titles met so far: a workforce has few titles, and comparing one is not cheap.
struct Posts<'p> {
    policy: &'p Policy,
    met: HashMap<String, Option<String>>,
}

impl<'p> Posts<'p> {
    fn new(policy: &'p Policy) -> Self {
        Self {
            policy,
            met: HashMap::new(),
        }
    }

    fn called(&mut self, title: &str) -> Option<String> {
        if let Some(known) = self.met.get(title) {
            return known.clone();
        }
        let post = self
            .policy
            .post_called(title)
            .map(|found| found.code.clone());
        self.met.insert(title.to_owned(), post.clone());
        post
    }
}

/// The file as text with one kind of line ends, so that lines can be counted.
pub fn text(bytes: Vec<u8>) -> Result<String, Refused> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        let before = error.as_bytes()[..sound].split(|byte| *byte == b'\n');
        let line = before.count();
        Refused::new(
            Code::Malformed,
            format!(
                "Line {line} is not UTF-8. Nothing of the file was recorded. In Excel, save as “CSV UTF-8 (comma delimited)”; elsewhere choose UTF-8 as the encoding of the export."
            ),
        )
    })?;
    let text = text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text);
    let text = if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    };
    if text.trim().is_empty() {
        return Err(Refused::new(Code::Invalid, "The file is empty."));
    }
    Ok(text)
}

/// Comma, semicolon or tab: whichever the first line has most of.
pub fn delimiter(text: &str) -> u8 {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let mut best = (b',', 0);
    for candidate in [b',', b';', b'\t'] {
        let mut quoted = false;
        let count = first
            .bytes()
            .filter(|byte| {
                quoted ^= *byte == b'"';
                !quoted && *byte == candidate
            })
            .count();
        if count > best.1 {
            best = (candidate, count);
        }
    }
    best.0
}

/// A quotation mark that is never closed makes one cell of all that follows; the reader below would take it.
pub fn quotes_are_closed(text: &str, delimiter: u8) -> Result<(), Refused> {
    let (mut line, mut opened, mut starts_cell) = (1_u64, None, true);
    for byte in text.bytes() {
        let quote = byte == b'"';
        if quote && opened.is_some() {
            // Two in a row close and open again: the same cell goes on.
            (opened, starts_cell) = (None, true);
        } else if quote && starts_cell {
            opened = Some(line);
        } else if opened.is_none() {
            starts_cell = byte == delimiter || byte == b'\n';
        }
        line += u64::from(byte == b'\n');
    }
    match opened {
        None => Ok(()),
        Some(line) => Err(Refused::new(
            Code::Malformed,
            format!(
                "The quotation mark opened on line {line} is never closed. Nothing of the file was recorded."
            ),
        )),
    }
}

/// The line a row begins on; the reader's own position is that of the empty lines before it.
pub fn line_of_row(text: &str, begins: &csv::Position) -> u64 {
    let from = usize::try_from(begins.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| **byte == b'\n');
    begins.line() + empty.count() as u64
}

fn whole(row: &StringRecord, headings: &StringRecord, line: u64) -> Result<(), Refused> {
    if row.len() == headings.len() {
        return Ok(());
    }
    let detail = format!(
        "Line {line} has {} cells, and there are {} headings. Nothing of the file was recorded.",
        row.len(),
        headings.len()
    );
    Err(Refused::new(Code::Invalid, detail))
}

pub fn unreadable(line: u64) -> Refused {
    let detail = format!("Line {line} cannot be read as CSV. Nothing of the file was recorded.");
    Refused::new(Code::Malformed, detail)
}

fn too_many(line: u64) -> Refused {
    let detail = format!(
        "At most {ROWS_MOST} rows are taken; line {line} is beyond. Nothing of the file was recorded. Send it in parts."
    );
    Refused::new(Code::Invalid, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_what_the_headings_use() {
        assert_eq!(delimiter("a,b,c\n1;2;3;4"), b',');
        assert_eq!(delimiter("\na;b;\"c,d,e,f\"\n"), b';');
        assert_eq!(delimiter("a\tb"), b'\t');
        assert_eq!(delimiter("alone"), b',');
    }

    #[test]
    fn an_open_quotation_mark_is_found_where_it_was_opened() {
        for sound in [
            "a,b\n\"x, y\",z\n",
            "\"one \"\"two\"\" three\",b",
            "5\" pipe,b\nc,d",
            "\"a\nb\"\n",
            "\"\",\"\"",
        ] {
            assert!(quotes_are_closed(sound, b',').is_ok(), "{sound}");
        }
        let problem = quotes_are_closed("a,b\nc,\"d\ne,f\n", b',').expect_err("open");
        assert!(
            problem.problem().detail().contains("line 2"),
            "{}",
            problem.problem().detail()
        );
        assert!(quotes_are_closed("\"a\"\"", b',').is_err());
    }

    #[test]
    fn text_that_is_not_utf_8_names_its_line() {
        let problem = text(b"a,b\nc,d\nAndr\xe9,e\n".to_vec()).expect_err("not UTF-8");
        assert!(
            problem.problem().detail().starts_with("Line 3 "),
            "{}",
            problem.problem().detail()
        );
        assert_eq!(text("\u{feff}a\r\nb\rc".into()).expect("text"), "a\nb\nc");
        assert!(text(b" \r\n".to_vec()).is_err());
    }
}

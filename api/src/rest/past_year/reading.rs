//! From lines of an old spreadsheet to what each of them tells.
//!
//! A cell that says nothing, or that nobody knows, leaves its fact unknown. A cell that says something which cannot be
//! read refuses its own row where a count or a day hangs on it, and else leaves the fact unknown and says so.

use super::{
    Refusal,
    columns::{Column, Columns},
    councils::{self, Meant},
    values::{self, Status},
};
use crate::{
    http::problem::Code,
    rest::{
        appointments::{
            report::{delimiter, line_of_row, quotes_are_closed, text, unreadable},
            values as words,
        },
        failure::Refused,
    },
};
use csv::StringRecord;
use domain::{
    appointment::FirstPost,
    identifiers::EmployerId,
    mentor::{Experience, MentorStatus, PenPortrait, PersonDetails},
    policy::{Basis, Policy},
    register::Register,
};
use jiff::civil::Date;

/// The most rows of one file.
pub const ROWS_MOST: usize = 2_000;
/// A title and a remark may stand above the headings, and no more than that.
const LINES_ABOVE_MOST: usize = 10;
/// The most characters of one cell.
const CHARACTERS_MOST: usize = 2_000;

/// What a file is read against.
pub struct Reading<'a> {
    pub register: &'a Register,
    pub policy: &'a Policy,
    pub today: Date,
}

/// A line that tells of somebody.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// Its cells that mean something, folded: what makes it the same row again.
    pub content: String,
    /// What it tells, or why it cannot be taken.
    pub told: Result<Told, Refusal>,
}

/// What a row tells.
#[derive(Debug, Clone)]
pub struct Told {
    pub mentee: Option<Mentee>,
    pub mentor: Option<Mentor>,
    pub status: Status,
    pub formed_on: Option<Date>,
    pub starts_on: Option<Date>,
    pub sessions: Option<u16>,
    /// Facts of which a part was assumed, by their names in the answer.
    pub assumed: Vec<&'static str>,
    /// Facts that are left unknown because nobody knows what the cell says.
    pub not_understood: Vec<&'static str>,
}

/// Somebody who is mentored, or is to be.
#[derive(Debug, Clone)]
pub struct Mentee {
    pub details: PersonDetails,
    pub employer: EmployerId,
    pub post: String,
    pub employee_number: Option<String>,
    pub basis: Option<Basis>,
    pub first_post: Option<FirstPost>,
    pub starts_on: Option<Date>,
}

/// Somebody who mentors.
#[derive(Debug, Clone)]
pub struct Mentor {
    pub details: PersonDetails,
    pub employer: Option<EmployerId>,
    pub experience: Experience,
    pub portrait: PenPortrait,
    pub is_approved: bool,
    pub inducted_on: Option<Date>,
    pub capacity: Option<u16>,
}

/// Reads a file to its end, before anything of it acts.
pub fn read(bytes: Vec<u8>, reading: &Reading<'_>) -> Result<Vec<Row>, Refused> {
    let text = text(bytes)?;
    let delimiter = delimiter(&text);
    quotes_are_closed(&text, delimiter)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    let (mut above, mut rows) = (0, Vec::new());
    let mut row = StringRecord::new();
    loop {
        let line = reader.position().line();
        if !reader.read_record(&mut row).map_err(|_| unreadable(line))? {
            break;
        }
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = row
            .position()
            .map_or(line, |begins| line_of_row(&text, begins));
        let Some(columns) = &columns else {
            columns = Columns::of(&row);
            above += 1;
            if columns.is_none() && above > LINES_ABOVE_MOST {
                return Err(no_headings());
            }
            continue;
        };
        if rows.len() == ROWS_MOST {
            return Err(Refused::new(
                Code::Invalid,
                format!(
                    "At most {ROWS_MOST} rows are taken; line {line} is beyond. Nothing was recorded. Send it in parts."
                ),
            ));
        }
        rows.extend(read_row(columns, &row, line, reading));
    }
    if columns.is_none() {
        return Err(no_headings());
    }
    Ok(rows)
}

fn no_headings() -> Refused {
    Refused::new(
        Code::Invalid,
        "No line of headings was found: one needs a column for mentees (“mentee”, “name”) or mentors (“mentor”), and another. Nothing was recorded.",
    )
}

/// Nothing for a line in which no cell of a known column says anything: a remark, a total, headings again.
fn read_row(
    columns: &Columns,
    row: &StringRecord,
    line: u64,
    reading: &Reading<'_>,
) -> Option<Row> {
    let is_headings = columns.are_said_by(row);
    let known = super::columns::HEADINGS.iter().map(|(column, _)| *column);
    let cells: Vec<String> = known
        .filter_map(|column| Some((column, columns.cell(row, column)?)))
        .map(|(column, text)| format!("{column:?} {}", words::plain(&text)))
        .collect();
    if cells.is_empty() || is_headings {
        return None;
    }
    let cells_of = Cells {
        columns,
        row,
        reading,
        assumed: Vec::new(),
        not_understood: Vec::new(),
    };
    let too_long = row
        .iter()
        .any(|cell| cell.chars().count() > CHARACTERS_MOST);
    Some(Row {
        line,
        content: cells.join("\u{1f}"),
        told: if too_long {
            Err(Refusal::of("too_long", None))
        } else {
            cells_of.told()
        },
    })
}

/// The cells of one row, and what had to be assumed of them.
struct Cells<'a> {
    columns: &'a Columns,
    row: &'a StringRecord,
    reading: &'a Reading<'a>,
    assumed: Vec<&'static str>,
    not_understood: Vec<&'static str>,
}

impl Cells<'_> {
    fn told(mut self) -> Result<Told, Refusal> {
        let status = self.status()?;
        let formed_on = self.day(Column::FormedOn, "formedOn")?;
        let starts_on = self.day(Column::StartsOn, "startsOn")?;
        let sessions = self.sessions()?;
        let mentee = self.mentee(formed_on.or(starts_on))?;
        let mentor = self.mentor()?;
        if mentee.is_none() && mentor.is_none() {
            return Err(Refusal::of("nobody_named", Some("mentee")));
        }
        Ok(Told {
            mentee,
            mentor,
            status,
            formed_on,
            starts_on,
            sessions,
            assumed: self.assumed,
            not_understood: self.not_understood,
        })
    }

    fn cell(&self, column: Column) -> Option<String> {
        self.columns.cell(self.row, column)
    }

    fn status(&self) -> Result<Status, Refusal> {
        let Some(text) = self.cell(Column::Status) else {
            return Ok(Status::Live);
        };
        values::status(&text).ok_or(Refusal::of("status_unreadable", Some("status")))
    }

    fn sessions(&mut self) -> Result<Option<u16>, Refusal> {
        match self.cell(Column::Sessions) {
            None => Ok(None),
            Some(text) => values::count(&text)
                .map(Some)
                .ok_or(Refusal::of("sessions_unreadable", Some("sessions"))),
        }
    }

    fn day(&mut self, column: Column, field: &'static str) -> Result<Option<Date>, Refusal> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        let (day, is_assumed) =
            values::day(&text).ok_or(Refusal::of("date_unreadable", Some(field)))?;
        if is_assumed {
            self.assumed.push(field);
        }
        Ok(Some(day))
    }

    fn mentee(&mut self, met_on: Option<Date>) -> Result<Option<Mentee>, Refusal> {
        let Some(name) = self.cell(Column::Mentee) else {
            return Ok(None);
        };
        let starts_on = self.day(Column::PostStartsOn, "postStartsOn")?;
        let day = starts_on.or(met_on).unwrap_or(self.reading.today);
        let employer = self.council(Column::Council, "council", day)?;
        let employer = employer.ok_or(Refusal::of("council_missing", Some("council")))?;
        Ok(Some(Mentee {
            details: PersonDetails {
                name: Some(name),
                email: self.cell(Column::Email),
                telephone: self.cell(Column::Telephone),
            },
            post: self.post(&employer)?,
            employer,
            employee_number: self.cell(Column::EmployeeNumber),
            basis: self.understood(Column::Basis, "basis", words::basis),
            first_post: self.understood(Column::FirstPost, "firstPost", |text| {
                values::yes(text).map(|yes| if yes { FirstPost::Yes } else { FirstPost::No })
            }),
            starts_on,
        }))
    }

    fn mentor(&mut self) -> Result<Option<Mentor>, Refusal> {
        let Some(name) = self.cell(Column::Mentor) else {
            return Ok(None);
        };
        let employer = self.council(Column::MentorCouncil, "mentorCouncil", self.reading.today)?;
        let retired = self.understood(Column::MentorRetired, "mentorRetired", values::yes);
        let worked_for = employer
            .as_ref()
            .and_then(|id| self.reading.register.employer(id));
        let expertise = self.cell(Column::Expertise).unwrap_or_default();
        let listed = expertise.split([',', ';', '/']).map(str::trim);
        Ok(Some(Mentor {
            details: PersonDetails {
                name: Some(name),
                email: self.cell(Column::MentorEmail),
                telephone: None,
            },
            experience: Experience {
                status: if retired == Some(true) {
                    MentorStatus::Retired
                } else {
                    MentorStatus::Serving
                },
                retired_on: None,
                years_in_post: self.understood(Column::MentorYears, "mentorYears", values::count),
            },
            portrait: PenPortrait {
                background: self.cell(Column::Background).unwrap_or_default(),
                expertise: listed
                    .filter(|one| !one.is_empty())
                    .map(str::to_owned)
                    .collect(),
                council_types: worked_for
                    .and_then(|one| one.council_type)
                    .into_iter()
                    .collect(),
                ..PenPortrait::default()
            },
            is_approved: self
                .cell(Column::PortraitApproved)
                .as_deref()
                .and_then(values::yes)
                == Some(true),
            inducted_on: self.day(Column::MentorInductedOn, "mentorInducted")?,
            capacity: self.understood(Column::Capacity, "capacity", values::count),
            employer,
        }))
    }

    fn post(&self, employer: &EmployerId) -> Result<String, Refusal> {
        let policy = self.reading.policy;
        if let Some(title) = self.cell(Column::Post) {
            let found = policy.post_called(&title);
            let found = found.ok_or(Refusal::of("not_of_this_scheme", Some("post")))?;
            return Ok(found.code.clone());
        }
        let kind = self.reading.register.employer(employer).map(|one| one.kind);
        let of_kind = kind.and_then(|kind| policy.posts_of(kind).next());
        let found = of_kind.ok_or(Refusal::of("not_of_this_scheme", Some("post")))?;
        Ok(found.code.clone())
    }

    fn council(
        &mut self,
        column: Column,
        field: &'static str,
        day: Date,
    ) -> Result<Option<EmployerId>, Refusal> {
        let Some(text) = self.cell(column) else {
            return Ok(None);
        };
        match councils::meant(self.reading.register, &text, day) {
            Meant::This(employer) => Ok(Some(employer)),
            Meant::Successor(employer) => {
                self.assumed.push(field);
                Ok(Some(employer))
            }
            Meant::OneOf(names) => Err(Refusal {
                said: Some(names.join("; ")),
                ..Refusal::of("council_ambiguous", Some(field))
            }),
            Meant::Nobody => Err(Refusal::of("unknown_council", Some(field))),
        }
    }

    /// A fact that may as well stay unknown.
    fn understood<T>(
        &mut self,
        column: Column,
        field: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.cell(column)?;
        let value = read(&text);
        if value.is_none() {
            self.not_understood.push(field);
        }
        value
    }
}

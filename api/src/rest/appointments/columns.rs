//! Which column of a report means what.
//!
//! Headings are compared without case, spaces, hyphens, underscores and full stops. Where several headings of a
//! file could mean the same thing, the one that stands first in this list is taken, whatever the order of the
//! columns; the same heading twice is refused. Headings that are not in the list are passed over, with all that
//! stands under them.

use crate::{http::problem::Code, rest::failure::Refused};
use csv::StringRecord;

/// What a column may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    EmployeeNumber,
    Name,
    FirstName,
    LastName,
    Email,
    Telephone,
    Post,
    Basis,
    StartsOn,
    EndsOn,
    FirstPost,
    ExpectedMonths,
    Employer,
}

/// Each meaning with the headings that have it, the plainest first.
pub const HEADINGS: [(Column, &[&str]); 13] = [
    (
        Column::EmployeeNumber,
        &[
            "employee number",
            "payroll number",
            "personnel number",
            "staff number",
            "employee id",
            "employee no",
            "payroll no",
            "personnel no",
            "staff no",
        ],
    ),
    (Column::Name, &["name", "full name", "employee name"]),
    (Column::FirstName, &["first name", "forename", "given name"]),
    (Column::LastName, &["last name", "surname", "family name"]),
    (
        Column::Email,
        &["email", "email address", "work email", "e-mail address"],
    ),
    (
        Column::Telephone,
        &["telephone", "phone", "telephone number", "phone number"],
    ),
    (
        Column::Post,
        &["job title", "post title", "post", "position", "role"],
    ),
    (
        Column::Basis,
        &[
            "contract type",
            "basis",
            "appointment type",
            "employment type",
        ],
    ),
    (
        Column::StartsOn,
        &["start date", "starts on", "date started", "started on"],
    ),
    (
        Column::EndsOn,
        &["end date", "ends on", "date ended", "ended on"],
    ),
    (Column::FirstPost, &["first post", "first appointment"]),
    (
        Column::ExpectedMonths,
        &["expected months", "expected length in months"],
    ),
    (
        Column::Employer,
        &[
            "employer",
            "employer code",
            "ons code",
            "council code",
            "organisation code",
        ],
    ),
];

/// Where each meaning stands in the rows of one report.
#[derive(Debug, Default)]
pub struct Columns([Option<usize>; HEADINGS.len()]);

impl Columns {
    /// Reads the first line of a report.
    pub fn find(headings: &StringRecord) -> Result<Self, Refused> {
        let folded: Vec<String> = headings.iter().map(fold).collect();
        let mut found = Self::default();
        for (column, aliases) in &HEADINGS {
            for alias in *aliases {
                let alias_folded = fold(alias);
                let mut places = folded.iter().enumerate();
                let place = places.find(|(_, heading)| **heading == alias_folded);
                let Some((place, _)) = place else { continue };
                if places.any(|(_, heading)| *heading == alias_folded) {
                    let detail = format!(
                        "Line 1: two columns are headed “{alias}”. Nothing of the file was recorded."
                    );
                    return Err(Refused::new(Code::Invalid, detail));
                }
                found.0[*column as usize] = Some(place);
                break;
            }
        }
        found.complete()?;
        Ok(found)
    }

    /// What stands in this column of `row`, without the space around it; nothing when it is empty.
    pub fn cell<'r>(&self, row: &'r StringRecord, column: Column) -> Option<&'r str> {
        let cell = row.get(self.0[column as usize]?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    const fn has(&self, column: Column) -> bool {
        self.0[column as usize].is_some()
    }

    fn complete(&self) -> Result<(), Refused> {
        let named =
            self.has(Column::Name) || (self.has(Column::FirstName) && self.has(Column::LastName));
        let mut missing = Vec::new();
        for column in [Column::Post, Column::EmployeeNumber, Column::StartsOn] {
            if !self.has(column) {
                missing.push(headings_of(column));
            }
        }
        if !named {
            missing.push(format!(
                "{}; or {} with {}",
                headings_of(Column::Name),
                headings_of(Column::FirstName),
                headings_of(Column::LastName)
            ));
        }
        if missing.is_empty() {
            return Ok(());
        }
        let detail = "Line 1 lacks columns that are needed. Nothing of the file was recorded.";
        let problem = Refused::new(Code::Invalid, detail);
        Err(missing.into_iter().fold(problem, |problem, accepted| {
            problem.with_fault(
                format!("There is no column for this; accepted headings: {accepted}."),
                None,
            )
        }))
    }
}

fn headings_of(column: Column) -> String {
    let quoted = HEADINGS[column as usize]
        .1
        .iter()
        .map(|heading| format!("“{heading}”"));
    quoted.collect::<Vec<_>>().join(", ")
}

fn fold(heading: &str) -> String {
    heading
        .chars()
        .filter(|character| {
            !character.is_whitespace() && !matches!(character, '_' | '-' | '.' | '\u{feff}')
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(headings: &[&str]) -> StringRecord {
        StringRecord::from(headings.to_vec())
    }

    #[test]
    fn every_meaning_stands_at_its_own_place_in_the_list() {
        for (place, (column, _)) in HEADINGS.iter().enumerate() {
            assert_eq!(*column as usize, place);
        }
    }

    #[test]
    fn headings_are_known_in_any_spelling_and_any_order() {
        let columns = Columns::find(&record(&[
            "START_DATE",
            "surname",
            "Fore-Name",
            "Role",
            "Payroll No.",
            "JobTitle",
        ]))
        .expect("complete");
        let row = record(&["01/02/2026", "Doe", "Jo", "Tutor", "7", " DCS "]);
        // Both "role" and "job title" could be the post; the plainer heading is taken.
        assert_eq!(columns.cell(&row, Column::Post), Some("DCS"));
        assert_eq!(columns.cell(&row, Column::EmployeeNumber), Some("7"));
        assert_eq!(columns.cell(&row, Column::Email), None);
    }

    #[test]
    fn a_missing_column_is_named_with_its_headings() {
        let problem = Columns::find(&record(&["Name", "Job Title", "Start Date"]));
        let problem =
            serde_json::to_string(problem.expect_err("no number").problem()).expect("JSON");
        assert!(problem.contains("“payroll number”"), "{problem}");
        assert!(!problem.contains("job title"), "{problem}");
        let doubled = Columns::find(&record(&["Name", "name", "Job Title", "Start Date"]));
        assert!(
            doubled
                .expect_err("doubled")
                .problem()
                .detail()
                .contains("“name”")
        );
    }
}

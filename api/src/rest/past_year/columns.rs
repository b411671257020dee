//! Which column of an old spreadsheet means what, and in which line the headings stand.
//!
//! Spreadsheets that were kept for years have a title above their headings, and headings of their own. What is compared
//! are small letters and digits; where several headings of a file could mean the same, the one that stands first in this
//! list is taken. What is not in the list is passed over with all that stands under it.

use crate::rest::appointments::values::plain;
use csv::StringRecord;

/// What a column may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Mentee,
    Council,
    Post,
    EmployeeNumber,
    Email,
    Telephone,
    Basis,
    FirstPost,
    PostStartsOn,
    Mentor,
    MentorCouncil,
    MentorEmail,
    MentorYears,
    MentorRetired,
    MentorInductedOn,
    Capacity,
    Background,
    Expertise,
    PortraitApproved,
    FormedOn,
    StartsOn,
    Sessions,
    Status,
}

/// Each meaning with the headings that have it, the plainest first.
pub const HEADINGS: [(Column, &[&str]); 23] = [
    (
        Column::Mentee,
        &[
            "mentee",
            "mentee name",
            "director",
            "new director",
            "new dcs",
            "dcs",
            "name",
        ],
    ),
    (
        Column::Council,
        &[
            "council",
            "mentee council",
            "local authority",
            "la",
            "authority",
            "lea",
            "employer",
            "ons code",
        ],
    ),
    (Column::Post, &["post", "job title", "role", "position"]),
    (
        Column::EmployeeNumber,
        &[
            "employee number",
            "payroll number",
            "staff number",
            "employee no",
            "payroll no",
        ],
    ),
    (
        Column::Email,
        &["email", "mentee email", "e-mail", "email address"],
    ),
    (
        Column::Telephone,
        &["telephone", "phone", "tel", "mobile", "mentee phone"],
    ),
    (
        Column::Basis,
        &[
            "basis",
            "substantive or interim",
            "interim",
            "appointment type",
            "contract type",
        ],
    ),
    (
        Column::FirstPost,
        &[
            "first post",
            "first dcs post",
            "first time dcs",
            "first appointment",
            "new to role",
        ],
    ),
    (
        Column::PostStartsOn,
        &[
            "in post since",
            "start date",
            "date in post",
            "started in post",
            "took up post",
            "appointed",
        ],
    ),
    (Column::Mentor, &["mentor", "mentor name", "matched with"]),
    (
        Column::MentorCouncil,
        &[
            "mentor council",
            "mentor la",
            "mentor local authority",
            "mentor authority",
            "mentor from",
        ],
    ),
    (Column::MentorEmail, &["mentor email", "mentor e-mail"]),
    (
        Column::MentorYears,
        &[
            "mentor years",
            "mentor years in post",
            "years as dcs",
            "years in post",
        ],
    ),
    (Column::MentorRetired, &["mentor retired", "retired"]),
    (
        Column::MentorInductedOn,
        &[
            "mentor inducted",
            "inducted",
            "induction seminar",
            "mentor induction",
        ],
    ),
    (
        Column::Capacity,
        &["capacity", "mentor capacity", "max mentees", "can take"],
    ),
    (
        Column::Background,
        &["background", "mentor background", "pen portrait"],
    ),
    (
        Column::Expertise,
        &["expertise", "areas of expertise", "mentor expertise"],
    ),
    (
        Column::PortraitApproved,
        &["portrait approved", "pen portrait approved", "approved"],
    ),
    (
        Column::FormedOn,
        &[
            "matched on",
            "date matched",
            "match date",
            "matched",
            "paired on",
        ],
    ),
    (
        Column::StartsOn,
        &[
            "mentoring started",
            "mentoring start",
            "first meeting",
            "first session",
            "start of mentoring",
        ],
    ),
    (
        Column::Sessions,
        &[
            "sessions",
            "sessions used",
            "sessions held",
            "no of sessions",
            "number of sessions",
            "meetings",
        ],
    ),
    (Column::Status, &["status", "state", "progress"]),
];

/// Where each meaning stands in the rows of one file.
#[derive(Debug, Default, Clone)]
pub struct Columns([Option<usize>; HEADINGS.len()]);

impl Columns {
    /// Reads a line as headings: nothing where it cannot be one, because neither mentees nor mentors have a column in it.
    pub fn of(line: &StringRecord) -> Option<Self> {
        let folded: Vec<String> = line.iter().map(fold).collect();
        let mut found = Self::default();
        for (column, aliases) in &HEADINGS {
            let place = aliases.iter().find_map(|alias| {
                let alias = fold(alias);
                folded.iter().position(|heading| *heading == alias)
            });
            found.0[*column as usize] = place;
        }
        let names_people = [Column::Mentee, Column::Mentor]
            .into_iter()
            .any(|column| found.has(column));
        let columns = found.0.iter().flatten().count();
        (names_people && columns >= 2).then_some(found)
    }

    /// What stands in this column of `row`, with single spaces; nothing when it is empty or says that nobody knows.
    pub fn cell(&self, row: &StringRecord, column: Column) -> Option<String> {
        let cell = row.get(self.0[column as usize]?)?;
        let text = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        (!says_nothing(&text)).then_some(text)
    }

    /// Whether a line says the headings again, as those do that were made for printing.
    pub fn are_said_by(&self, line: &StringRecord) -> bool {
        let mut said = HEADINGS.iter().filter_map(|(column, aliases)| {
            let cell = line.get(self.0[*column as usize]?)?;
            let folded = fold(cell);
            (!folded.is_empty()).then(|| aliases.iter().any(|alias| fold(alias) == folded))
        });
        said.next() == Some(true) && said.all(|is_heading| is_heading)
    }

    /// Whether there is a column for it.
    pub const fn has(&self, column: Column) -> bool {
        self.0[column as usize].is_some()
    }
}

/// Whether it says that nobody knows, in one of the ways in which people write that.
fn says_nothing(text: &str) -> bool {
    let said: String = text
        .to_lowercase()
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect();
    let in_words = [
        "", "nk", "na", "tbc", "tba", "unknown", "notknown", "dontknow", "notsure",
    ];
    in_words.contains(&said.as_str())
}

fn fold(heading: &str) -> String {
    plain(&heading.replace(['\'', '’', '.', '\u{feff}'], ""))
        .replace("mentors ", "mentor ")
        .replace("mentees ", "mentee ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cells: &[&str]) -> StringRecord {
        StringRecord::from(cells.to_vec())
    }

    #[test]
    fn every_meaning_stands_at_its_own_place_in_the_list() {
        for (place, (column, _)) in HEADINGS.iter().enumerate() {
            assert_eq!(*column as usize, place);
        }
    }

    #[test]
    fn a_title_is_no_line_of_headings() {
        assert!(Columns::of(&record(&["Mentoring 2025-26", "", ""])).is_none());
        assert!(Columns::of(&record(&["Council", "Status"])).is_none());
        let columns = Columns::of(&record(&[" NAME ", "L.A.", "Mentor’s council", "Mentor"]));
        let columns = columns.expect("headings");
        let row = record(&["  Jo   Doe ", "n.k.", "?", "Al"]);
        assert_eq!(
            columns.cell(&row, Column::Mentee).as_deref(),
            Some("Jo Doe")
        );
        assert_eq!(columns.cell(&row, Column::Council), None);
        assert_eq!(columns.cell(&row, Column::MentorCouncil), None);
        assert!(columns.has(Column::Mentor) && !columns.has(Column::Sessions));
        assert!(columns.are_said_by(&record(&["Name", "LA", "", "mentor"])));
        assert!(!columns.are_said_by(&row));
    }
}

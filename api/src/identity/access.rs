//! The access matrix: which role may do what, read from a file that a data-protection officer can read too.
//!
//! `schema/access-matrix.toml` is the policy, and this is only its reader: parsed once at the start into a table that
//! is looked up by name and role. What the file does not say is denied. There is deliberately no condition, no
//! inheritance and no wildcard here: a line grants one thing to one role, and the relation beside it (`own`,
//! `employer`) is checked by whoever knows whose data it is.

use std::collections::{BTreeMap, HashMap};

use thiserror::Error;
use toml::Spanned;

use super::Role;

/// The matrix this binary was built with.
/// The access matrix, as it is checked in and as people read it.
pub const TEXT: &str = include_str!("../../../schema/access-matrix.toml");

/// How the asker must stand to what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Within the schemes the token reaches, for anybody.
    Any,
    /// For the asker's own data and own pairings only.
    Own,
    /// For people of the asker's own employer only.
    Employer,
}

/// A part of the matrix. Each has its own names and its own word for "without further condition".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// Mutations, by their name in the schema.
    Commands,
    /// Queries, by their name in the schema.
    Queries,
    /// Classes of data.
    Fields,
}

impl Section {
    const ALL: [Self; 3] = [Self::Commands, Self::Queries, Self::Fields];

    const fn name(self) -> &'static str {
        match self {
            Self::Commands => "commands",
            Self::Queries => "queries",
            Self::Fields => "fields",
        }
    }

    /// `visible` reads better of a field than `any`; they mean the same.
    fn relation(self, word: &str) -> Option<Relation> {
        match (self, word) {
            (Self::Commands | Self::Queries, "any") | (Self::Fields, "visible") => {
                Some(Relation::Any)
            }
            (_, "own") => Some(Relation::Own),
            (_, "employer") => Some(Relation::Employer),
            _ => None,
        }
    }
}

/// Why the file cannot be used. Each names its line, because a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MatrixError {
    /// Not TOML, or not of the expected shape.
    #[error("the access matrix cannot be read: {0}")]
    Unreadable(String),
    /// A section that means nothing.
    #[error("line {line}: `[{section}]` is not a section")]
    UnknownSection {
        /// Where.
        line: usize,
        /// What stands there.
        section: String,
    },
    /// A role that does not exist.
    #[error("line {line}: `{key}` names the role `{role}`, which does not exist")]
    UnknownRole {
        /// Where.
        line: usize,
        /// In which entry, as `section.name`.
        key: String,
        /// What stands there.
        role: String,
    },
    /// A relation that the section does not know.
    #[error(
        "line {line}: `{key}` gives `{role}` the relation `{relation}`, which does not exist there"
    )]
    UnknownRelation {
        /// Where.
        line: usize,
        /// In which entry, as `section.name`.
        key: String,
        /// To which role.
        role: String,
        /// What stands there.
        relation: String,
    },
}

type Grants = [Option<Relation>; Role::ALL.len()];
type Written =
    BTreeMap<Spanned<String>, BTreeMap<String, BTreeMap<Spanned<String>, Spanned<String>>>>;

/// The policy as a table.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    commands: HashMap<String, Grants>,
    queries: HashMap<String, Grants>,
    fields: HashMap<String, Grants>,
}

impl Matrix {
    /// The matrix this binary was built with.
    pub fn embedded() -> Result<Self, MatrixError> {
        Self::parse(TEXT)
    }

    /// Reads a matrix from its text.
    pub fn parse(text: &str) -> Result<Self, MatrixError> {
        let written: Written =
            toml::from_str(text).map_err(|error| MatrixError::Unreadable(error.to_string()))?;
        let mut matrix = Self::default();
        for (section_name, entries) in &written {
            let section = Section::ALL
                .into_iter()
                .find(|section| section.name() == section_name.get_ref())
                .ok_or_else(|| MatrixError::UnknownSection {
                    line: line_of(text, section_name),
                    section: section_name.get_ref().clone(),
                })?;
            for (name, row) in entries {
                let grants = read_row(text, section, name, row)?;
                matrix.table_mut(section).insert(name.clone(), grants);
            }
        }
        Ok(matrix)
    }

    /// How `role` may issue the command of this name; `None` is "not at all".
    #[must_use]
    pub fn command(&self, role: Role, name: &str) -> Option<Relation> {
        self.granted(Section::Commands, role, name)
    }

    /// How `role` may ask the query of this name; `None` is "not at all".
    #[must_use]
    pub fn query(&self, role: Role, name: &str) -> Option<Relation> {
        self.granted(Section::Queries, role, name)
    }

    /// How `role` may see this class of data; `None` is "not at all".
    #[must_use]
    pub fn field(&self, role: Role, class: &str) -> Option<Relation> {
        self.granted(Section::Fields, role, class)
    }

    /// Those of `names` that the file does not mention. A test keeps this empty: whoever adds a command says who may
    /// issue it, were it nobody (`{}`).
    #[must_use]
    pub fn undeclared<'n>(
        &self,
        section: Section,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Vec<&'n str> {
        let table = self.table(section);
        names
            .into_iter()
            .filter(|name| !table.contains_key(*name))
            .collect()
    }

    /// What the file mentions and `names` does not: a line left behind by something renamed or removed.
    #[must_use]
    pub fn left_over(&self, section: Section, names: &[&str]) -> Vec<&str> {
        let mut left_over: Vec<_> = self
            .table(section)
            .keys()
            .map(String::as_str)
            .filter(|name| !names.contains(name))
            .collect();
        left_over.sort_unstable();
        left_over
    }

    fn granted(&self, section: Section, role: Role, name: &str) -> Option<Relation> {
        self.table(section)
            .get(name)
            .and_then(|grants| grants[role as usize])
    }

    fn table(&self, section: Section) -> &HashMap<String, Grants> {
        match section {
            Section::Commands => &self.commands,
            Section::Queries => &self.queries,
            Section::Fields => &self.fields,
        }
    }

    fn table_mut(&mut self, section: Section) -> &mut HashMap<String, Grants> {
        match section {
            Section::Commands => &mut self.commands,
            Section::Queries => &mut self.queries,
            Section::Fields => &mut self.fields,
        }
    }
}

fn read_row(
    text: &str,
    section: Section,
    name: &str,
    row: &BTreeMap<Spanned<String>, Spanned<String>>,
) -> Result<Grants, MatrixError> {
    let mut grants = Grants::default();
    for (role_name, relation) in row {
        let key = format!("{}.{name}", section.name());
        let role =
            Role::from_name(role_name.get_ref()).ok_or_else(|| MatrixError::UnknownRole {
                line: line_of(text, role_name),
                key: key.clone(),
                role: role_name.get_ref().clone(),
            })?;
        let granted =
            section
                .relation(relation.get_ref())
                .ok_or_else(|| MatrixError::UnknownRelation {
                    line: line_of(text, relation),
                    key,
                    role: role_name.get_ref().clone(),
                    relation: relation.get_ref().clone(),
                })?;
        grants[role as usize] = Some(granted);
    }
    Ok(grants)
}

fn line_of(text: &str, at: &Spanned<String>) -> usize {
    let before = text.get(..at.span().start).unwrap_or_default();
    before.matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
[commands]
recordSession = { coordinator = "any", mentor = "own" }
notifyAppointment = { employer = "employer" }
destroyKey = {}

[queries]
pairings = { coordinator = "any" }

[fields]
name = { coordinator = "visible", mentee = "own" }
"#;

    #[test]
    fn what_is_not_written_is_denied() {
        let matrix = Matrix::parse(SMALL).unwrap();
        assert_eq!(
            matrix.command(Role::Mentor, "recordSession"),
            Some(Relation::Own)
        );
        assert_eq!(matrix.command(Role::Mentee, "recordSession"), None);
        assert_eq!(matrix.command(Role::Coordinator, "endScheme"), None);
        assert_eq!(matrix.query(Role::Coordinator, "recordSession"), None);
        for role in Role::ALL {
            assert_eq!(matrix.command(role, "destroyKey"), None);
        }
    }

    #[test]
    fn a_relation_belongs_to_one_role_and_one_section() {
        let matrix = Matrix::parse(SMALL).unwrap();
        assert_eq!(
            matrix.command(Role::Employer, "notifyAppointment"),
            Some(Relation::Employer)
        );
        assert_eq!(
            matrix.query(Role::Coordinator, "pairings"),
            Some(Relation::Any)
        );
        assert_eq!(matrix.field(Role::Coordinator, "name"), Some(Relation::Any));
        assert_eq!(matrix.field(Role::Mentee, "name"), Some(Relation::Own));
    }

    #[test]
    fn an_undeclared_name_and_a_line_left_behind_are_found() {
        let matrix = Matrix::parse(SMALL).unwrap();
        assert_eq!(
            matrix.undeclared(Section::Commands, ["recordSession", "formPairing"]),
            ["formPairing"]
        );
        assert_eq!(
            matrix.left_over(Section::Commands, &["recordSession", "destroyKey"]),
            ["notifyAppointment"]
        );
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let error =
            Matrix::parse("[commands]\na = { coordinator = \"any\",\n mentorr = \"own\" }\n");
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("commands.a") && error.contains("mentorr"),
            "{error}"
        );
        let error = Matrix::parse("[fields]\n\nname = { mentor = \"any\" }\n").unwrap_err();
        assert_eq!(
            error,
            MatrixError::UnknownRelation {
                line: 3,
                key: "fields.name".to_owned(),
                role: "mentor".to_owned(),
                relation: "any".to_owned(),
            }
        );
        let error = Matrix::parse("[orders]\n").unwrap_err().to_string();
        assert!(error.starts_with("line 1"), "{error}");
        assert!(Matrix::parse("[commands]\na = 1\n").is_err());
        assert!(Matrix::parse("[commands]\na = {}\na = {}\n").is_err());
    }

    #[test]
    fn the_matrix_in_the_repository_is_readable() {
        Matrix::embedded().unwrap();
    }
}

//! The text of an access matrix, understood line by line.

use super::{Grants, Item, MatrixError, Relation, Relations, Section};
use crate::identity::Role;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A file of lines, in the order of its sections.
pub struct File {
    /// What is granted.
    pub rows: Vec<Row>,
    /// What may be granted at most.
    pub floor: Vec<Row>,
}

/// One line.
pub struct Row {
    /// What it is about.
    pub item: Item,
    /// Where it stands, from 1.
    pub line: usize,
    /// To whom it grants what.
    pub given: Vec<Given>,
}

/// What a line grants to one role.
pub struct Given {
    /// To whom.
    pub role: Role,
    /// Where that stands, from 1.
    pub line: usize,
    /// What.
    pub relations: Relations,
}

impl Row {
    /// What it grants, role by role.
    pub fn grants(&self) -> Grants {
        let mut grants = Grants::default();
        for given in &self.given {
            grants[given.role as usize] = given.relations;
        }
        grants
    }

    /// As `section.name`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.item.section().name(), self.item.name())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    commands: Rows,
    #[serde(default)]
    queries: Rows,
    #[serde(default)]
    fields: Rows,
    #[serde(default)]
    floor: Sections,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Sections {
    #[serde(default)]
    commands: Rows,
    #[serde(default)]
    queries: Rows,
    #[serde(default)]
    fields: Rows,
}

type Rows = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Words>>>;

/// One word, or several of which any will do.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

impl Words {
    fn each(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Several(words) => words,
        }
    }
}

/// Reads a file.
pub fn read(text: &str) -> Result<File, MatrixError> {
    let written: Written =
        toml::from_str(text).map_err(|error| MatrixError::Unreadable(error.to_string()))?;
    let sections = Sections {
        commands: written.commands,
        queries: written.queries,
        fields: written.fields,
    };
    Ok(File {
        rows: rows(text, &sections)?,
        floor: rows(text, &written.floor)?,
    })
}

fn rows(text: &str, sections: &Sections) -> Result<Vec<Row>, MatrixError> {
    let written = [
        (Section::Commands, &sections.commands),
        (Section::Queries, &sections.queries),
        (Section::Fields, &sections.fields),
    ];
    let mut rows = Vec::new();
    for (section, entries) in written {
        for (name, granted) in entries {
            rows.push(row(text, section, name, granted)?);
        }
    }
    Ok(rows)
}

fn row(
    text: &str,
    section: Section,
    name: &Spanned<String>,
    granted: &BTreeMap<Spanned<String>, Spanned<Words>>,
) -> Result<Row, MatrixError> {
    let key = || format!("{}.{}", section.name(), name.get_ref());
    let line = line_of(text, name);
    let item = Item::named(section, name.get_ref())
        .ok_or_else(|| MatrixError::UnknownName { line, key: key() })?;
    let mut given = Vec::new();
    for (role_name, words) in granted {
        let line = line_of(text, role_name);
        let role =
            Role::from_name(role_name.get_ref()).ok_or_else(|| MatrixError::UnknownRole {
                line,
                key: key(),
                role: role_name.get_ref().clone(),
            })?;
        let relation = |word: &String| {
            Relation::of_word(section, word).ok_or_else(|| MatrixError::UnknownRelation {
                line: line_of(text, words),
                key: key(),
                role: role_name.get_ref().clone(),
                relation: word.clone(),
            })
        };
        let relations = words.get_ref().each().iter().map(relation);
        given.push(Given {
            role,
            line,
            relations: relations.collect::<Result<_, _>>()?,
        });
    }
    Ok(Row { item, line, given })
}

fn line_of<T>(text: &str, at: &Spanned<T>) -> usize {
    let before = text.get(..at.span().start).unwrap_or_default();
    before.matches('\n').count() + 1
}

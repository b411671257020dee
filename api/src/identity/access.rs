//! The access matrix: which role may do what, read from a file that a data-protection officer can read too.
//!
//! ```text
//! access-matrix.toml ─▶ rows ─▶ confidentiality floor ─▶ table ─▶ narrowed by a deployment's own file ─▶ decisions
//! ```
//!
//! `schema/access-matrix.toml` is the policy, and this is only its reader: parsed once at the start into a dense table of
//! sets, so that a decision is one look at one place and no text. What the file does not say is denied. A line grants
//! relations to roles; whether one holds is found out in [`super::standing`] and nowhere else. There is deliberately no
//! condition, no inheritance and no wildcard here.

mod catalogue;
mod reading;
mod relation;
#[cfg(test)]
mod tests;

pub use catalogue::{Class, Item, Query, Section};
pub use relation::{Relation, Relations};

use super::Role;
use domain::CommandKind;
use reading::Row;
use thiserror::Error;

/// The access matrix, as it is checked in and as people read it.
pub const TEXT: &str = include_str!("../../../schema/access-matrix.toml");

/// Why a file cannot be used. Each names its line, because a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MatrixError {
    /// Not TOML, or not of the expected shape.
    #[error("the access matrix cannot be read: {0}")]
    Unreadable(String),
    /// A line about nothing there is.
    #[error("line {line}: `{key}` is no command, query or class of data of this service")]
    UnknownName {
        /// Where.
        line: usize,
        /// In which entry, as `section.name`.
        key: String,
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
    /// More than may ever be granted.
    #[error(
        "line {line}: `{key}` gives `{role}` more than the confidentiality floor lets anybody give; take it away"
    )]
    BeyondTheFloor {
        /// Where.
        line: usize,
        /// In which entry, as `section.name`.
        key: String,
        /// To which role.
        role: Role,
    },
    /// A deployment's own file that gives instead of taking away.
    #[error(
        "line {line}: `{key}` gives `{role}` more than the access matrix does; a file that narrows it can only take away"
    )]
    Widened {
        /// Where.
        line: usize,
        /// In which entry, as `section.name`.
        key: String,
        /// To which role.
        role: Role,
    },
}

/// What a line grants, role by role.
type Grants = [Relations; Role::ALL.len()];

/// Where what is in force stands written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The number of the line, from 1.
    pub number: usize,
    /// Whether it stands in the deployment's own file.
    pub narrowed: bool,
}

/// The policy as a table.
#[derive(Debug, Clone)]
pub struct Matrix {
    grants: [Grants; Item::COUNT],
    lines: [Option<Line>; Item::COUNT],
    /// What may be granted at most, where the floor says anything.
    floor: [Option<Grants>; Item::COUNT],
}

impl Matrix {
    /// The matrix this binary was built with.
    pub fn embedded() -> Result<Self, MatrixError> {
        Self::parse(TEXT)
    }

    /// Reads a matrix from its text, and holds it against the confidentiality floor that stands in it.
    pub fn parse(text: &str) -> Result<Self, MatrixError> {
        let file = reading::read(text)?;
        let mut matrix = Self {
            grants: [Grants::default(); Item::COUNT],
            lines: [None; Item::COUNT],
            floor: [None; Item::COUNT],
        };
        for row in &file.floor {
            matrix.floor[row.item.place()] = Some(row.grants());
        }
        for row in &file.rows {
            matrix.hold_against_floor(row)?;
            matrix.put(row, false);
        }
        Ok(matrix)
    }

    /// The same, with lines that take the place of those of the same name and can only grant less. Who is on the old
    /// line and not on the new one may not any more.
    pub fn narrowed(mut self, text: &str) -> Result<Self, MatrixError> {
        let file = reading::read(text)?;
        // A floor is not a deployment's to write: whatever it says there is a wish to move it.
        if let Some(row) = file.floor.first() {
            return Err(MatrixError::UnknownName {
                line: row.line,
                key: format!("floor.{}", row.key()),
            });
        }
        for row in &file.rows {
            self.hold_against_floor(row)?;
            for given in &row.given {
                if !self.granted(given.role, row.item).covers(given.relations) {
                    return Err(MatrixError::Widened {
                        line: given.line,
                        key: row.key(),
                        role: given.role,
                    });
                }
            }
            self.put(row, true);
        }
        Ok(self)
    }

    fn hold_against_floor(&self, row: &Row) -> Result<(), MatrixError> {
        let Some(most) = self.floor[row.item.place()] else {
            return Ok(());
        };
        for given in &row.given {
            if !most[given.role as usize].covers(given.relations) {
                return Err(MatrixError::BeyondTheFloor {
                    line: given.line,
                    key: row.key(),
                    role: given.role,
                });
            }
        }
        Ok(())
    }

    fn put(&mut self, row: &Row, narrowed: bool) {
        self.grants[row.item.place()] = row.grants();
        self.lines[row.item.place()] = Some(Line {
            number: row.line,
            narrowed,
        });
    }

    /// How `role` may issue this command; empty is "not at all".
    #[must_use]
    pub const fn command(&self, role: Role, kind: CommandKind) -> Relations {
        self.granted(role, Item::Command(kind))
    }

    /// How `role` may put this question; empty is "not at all".
    #[must_use]
    pub const fn query(&self, role: Role, query: Query) -> Relations {
        self.granted(role, Item::Query(query))
    }

    /// How `role` may see this class of data; empty is "not at all".
    #[must_use]
    pub const fn class(&self, role: Role, class: Class) -> Relations {
        self.granted(role, Item::Class(class))
    }

    /// What a line grants to `role`; empty is "not at all".
    #[must_use]
    pub const fn granted(&self, role: Role, item: Item) -> Relations {
        self.grants[item.place()][role as usize]
    }

    /// Where the line stands; nothing where there is none, and all is denied.
    #[must_use]
    pub const fn line(&self, item: Item) -> Option<Line> {
        self.lines[item.place()]
    }

    /// What the confidentiality floor lets be granted to `role` at most; nothing where it does not speak of it.
    #[must_use]
    pub fn most(&self, role: Role, item: Item) -> Option<Relations> {
        self.floor[item.place()].map(|most| most[role as usize])
    }

    /// What the file does not mention. A test keeps this empty of the embedded one: whoever adds a command says who may
    /// issue it, were it nobody (`{}`).
    pub fn undeclared(&self) -> impl Iterator<Item = Item> {
        Item::all().filter(|item| self.line(*item).is_none())
    }
}

//! What a scheme came to, as a page to be looked at and as tables to be computed with.
//!
//! ```text
//! Snapshot ─▶ contents ─▶ Report ─▶ page (HTML, with charts)
//!             figures,              └▶ files (CSV, JSON)
//!             suppression
//! ```
//!
//! Every number is a figure of `projections`; nothing is counted here. A report names nobody, in any audience's copy: it is made
//! of counts, days and sums, and reads no sealed value. The same moment makes the same bytes.

pub mod audience;
mod chart;
mod contents;
pub mod figures;
pub mod files;
pub mod page;
pub mod suppression;

pub use audience::Audience;
pub use contents::contents;

use figures::{Cell, Figures};
use jiff::civil::Date;
use serde::Serialize;

/// A report.
#[derive(Debug)]
pub struct Report {
    /// Of what it is, and how that is checked.
    pub about: About,
    /// What is seen first.
    pub headlines: Vec<Headline>,
    /// Its parts, in order.
    pub sections: Vec<Section>,
    /// The numbers in it.
    pub figures: Figures,
}

/// Of what a report is, and how that is checked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The scheme.
    pub scheme: String,
    /// What people call it.
    pub name: String,
    /// For whom it is.
    pub audience: Audience,
    /// The version of Alongside that made it.
    pub alongside: &'static str,
    /// The position of the last entry it rests on.
    pub position: u64,
    /// When that entry was recorded: RFC 3339 in UTC.
    pub recorded_at: String,
    /// The scheme's day by which days are counted.
    pub day: Date,
    /// The published period of which it is, as `<first day>/<last day>`; nothing where it is as of another moment.
    pub period: Option<String>,
    /// The first day of a notice, where only those of whom was told since are counted.
    pub since: Option<Date>,
    /// How many records the log had.
    pub records: u64,
    /// Their root (RFC 9162).
    pub root: String,
    /// What to type to compute that root from the log.
    pub verify_root: String,
    /// What to type to prove that the log goes on from a checkpoint that was kept; nothing where none was signed.
    pub verify_checkpoint: Option<String>,
}

/// A number that is seen first.
#[derive(Debug)]
pub struct Headline {
    /// What it is.
    pub label: &'static str,
    /// The number.
    pub cell: Cell,
    /// Of how many, or what follows it.
    pub of: Beside,
}

/// What follows a number.
#[derive(Debug)]
pub enum Beside {
    /// How many it could be.
    Of(Cell),
    /// A unit.
    Unit(&'static str),
}

/// A part of a report: a heading, a chart where one helps, and always the table beneath it.
#[derive(Debug)]
pub struct Section {
    /// Names it in links, files and objects.
    pub id: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// What its numbers are, and what they are not.
    pub lead: &'static str,
    /// How its table is drawn.
    pub chart: Option<Chart>,
    /// The caption of its table.
    pub caption: &'static str,
    /// The columns; the first is that of the rows' labels.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// What it is about.
    pub label: String,
    /// A cell for each column but the first.
    pub cells: Vec<Cell>,
}

/// How a table is drawn: a bar for each row, and behind it, where there is one, what it could be. The numbers are places of
/// cells in a row.
#[derive(Debug, Clone, Copy)]
pub struct Chart {
    /// How long a bar is.
    pub value: usize,
    /// How long it could be.
    pub of: Option<usize>,
}

#[cfg(test)]
mod tests;

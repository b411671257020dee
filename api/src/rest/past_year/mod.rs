//! `POST /v1/schemes/{scheme}/past-year`: what there was before, from a spreadsheet that was kept for years.
//!
//! ```text
//!  CSV ─▶ headings found ─▶ rows read ─▶ mentors, live pairings, directors without a mentor ─▶ figures of the year
//! ```
//!
//! A file as a whole is refused only where nobody can say which rows are what they seem. Each row is answered on its own.
//! What a row makes is named from its content, so a file that is sent again changes nothing, and no key is needed.

mod book;
mod columns;
mod councils;
mod known;
pub(crate) mod reading;
mod refusal;
mod values;
mod work;

pub use columns::HEADINGS;
pub use reading::ROWS_MOST;
pub use refusal::CODES;
use refusal::Refusal;

use super::{
    Edge,
    admission::{Visitor, query},
    body,
    failure::Refused,
};
use crate::{
    dispatch::Failure,
    http::problem::{Code, Problem},
    telemetry::incoming_traceparent,
};
use axum::{
    Json,
    body::Body,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::HeaderMap,
};
use book::Book;
use domain::{CommandKind, appointment::Form};
use jiff::civil::Date;
use reading::{Reading, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;
use work::{Figures, RowOutcome, RowResult, Year};

/// The commands a file is made of. Whoever sends one must be allowed all of them.
const COMMANDS: [CommandKind; 5] = [
    CommandKind::BringForwardMentor,
    CommandKind::BringForwardPairing,
    CommandKind::BringForwardYear,
    CommandKind::NotifyAppointment,
    CommandKind::RegisterMentor,
];

/// What came of an old spreadsheet.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PastYearAnswer {
    /// Whether it was a trial, of which nothing was recorded.
    validate_only: bool,
    /// How many rows came to what.
    receipt: PastYearReceipt,
    /// What came of each row, in the order of the file.
    rows: Vec<RowResult>,
    /// The figures of the year; absent where its days were not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<PastYearFigures>,
    /// Stands for the state that holds all of it; a later read may ask for it by `atLeast`.
    version: String,
}

/// How many rows came to what.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PastYearReceipt {
    /// Rows that tell of somebody.
    rows: usize,
    /// Rows that told something new.
    recorded: usize,
    /// Rows that told what was known.
    already_so: usize,
    /// Rows about pairings that are over.
    counted: usize,
    /// Rows that were refused.
    refused: usize,
}

/// The figures of the year that a file tells of.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PastYearFigures {
    /// The first day of the year.
    from: Date,
    /// The last day of the year.
    until: Date,
    /// What the rows add up to, each once.
    figures: Figures,
    /// Whether they were recorded. They are once no row is refused any more; until then it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<RowOutcome>,
    /// Why they were refused, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The parameters of a delivery.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Asked {
    /// Judge only.
    #[serde(default)]
    validate_only: bool,
    /// The first day of the year.
    from: Option<Date>,
    /// Its last day.
    until: Option<Date>,
}

/// The handler.
pub(super) async fn push(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PastYearAnswer>, Refused> {
    for command in COMMANDS {
        let granted = visitor.granted(edge.matrix.command(visitor.0.role, command))?;
        if !granted.of_all() {
            return Err(Refused::new(
                Code::Forbidden,
                "A whole spreadsheet is the coordinator's to bring.",
            ));
        }
    }
    let scheme = visitor.scheme(path)?;
    let asked = query(asked)?;
    let year = asked.year()?;
    let form = body::form(&headers)?;
    if form != Form::Csv {
        return Err(Refused::new(
            Code::UnsupportedMediaType,
            "Send the spreadsheet as text/csv, in UTF-8.",
        ));
    }
    let bytes = body::read(&headers, body, body::bytes_most(form)).await?;
    let snapshot = edge.platform.snapshot(&scheme).await?;
    let today = edge.platform.today(&scheme, &snapshot);
    let rows = {
        let terms = snapshot.scheme.terms(today);
        let terms =
            terms.map_err(|rejection| Problem::refused(rejection.code(), rejection.to_string()))?;
        let reading = Reading {
            register: terms.register,
            policy: terms.policy,
            today,
        };
        reading::read(bytes, &reading)?
    };
    let traceparent = incoming_traceparent(&headers).map(str::to_owned);
    let begun = (snapshot, asked.validate_only);
    let book = Book::open(
        edge.platform.clone(),
        scheme,
        &visitor.0,
        begun,
        traceparent,
    );
    // A task of its own: it goes on when the sender hangs up.
    let working = work(book, rows, year, asked.validate_only).in_current_span();
    let answer = tokio::spawn(working)
        .await
        .unwrap_or(Err(Failure::Internal))?;
    Ok(Json(answer))
}

impl Asked {
    fn year(&self) -> Result<Option<Year>, Refused> {
        match (self.from, self.until) {
            (None, None) => Ok(None),
            (Some(from), Some(until)) if from <= until => Ok(Some((from, until))),
            _ => Err(Refused::new(
                Code::Invalid,
                "Give both `from` and `until`, the first and the last day of the year, or neither.",
            )),
        }
    }
}

async fn work(
    mut book: Book,
    rows: Vec<Row>,
    year: Option<Year>,
    validate_only: bool,
) -> Result<PastYearAnswer, Failure> {
    let begun_at = book.snapshot().position();
    let (rows, figures) = work::work_through(&mut book, rows, year).await?;
    let receipt = receipt(&rows);
    let year = match year {
        None => None,
        Some(year) => Some(figures_of(&mut book, year, figures, receipt.refused == 0).await?),
    };
    let position = if validate_only {
        begun_at
    } else {
        book.snapshot().position()
    };
    Ok(PastYearAnswer {
        validate_only,
        receipt,
        rows,
        year,
        version: book.version(position),
    })
}

async fn figures_of(
    book: &mut Book,
    year: Year,
    figures: Figures,
    is_whole: bool,
) -> Result<PastYearFigures, Failure> {
    let kept = if is_whole {
        Some(work::keep_year(book, year, figures).await?)
    } else {
        None
    };
    let (outcome, message) = match kept {
        None => (None, None),
        Some(Ok(outcome)) => (Some(outcome), None),
        Some(Err(refusal)) => (Some(RowOutcome::Refused), Some(refusal.message())),
    };
    Ok(PastYearFigures {
        from: year.0,
        until: year.1,
        figures,
        outcome,
        message,
    })
}

fn receipt(rows: &[RowResult]) -> PastYearReceipt {
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    PastYearReceipt {
        rows: rows.len(),
        recorded: count(RowOutcome::Recorded),
        already_so: count(RowOutcome::AlreadySo),
        counted: count(RowOutcome::Counted),
        refused: count(RowOutcome::Refused),
    }
}

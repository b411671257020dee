//! `POST /v1/schemes/{scheme}/appointments`: an employer tells who takes up a post.
//!
//! One notice as JSON, or a report of all starters as CSV. Either way the whole body is read and understood before
//! anything is dispatched, and the work goes on to its end when the sender hangs up: a retry under the same key
//! gets the answer.

mod columns;
pub(crate) mod notice;
pub(crate) mod reading;
mod refusal;
pub(crate) mod report;
pub(crate) mod values;
mod work;

pub use columns::HEADINGS;
pub use notice::Notice;
pub use refusal::CODES;
pub use report::ROWS_MOST;
pub use work::{Receipt, RowOutcome, RowResult};

use super::{
    Edge,
    admission::{Visitor, query},
    body,
    failure::Refused,
    idempotency::{self, Answer, Claim, Delivery, Journal, Known, Soon, Turn},
};
use crate::{
    dispatch::Failure,
    http::problem::Problem,
    identity::{Role, access::Relations},
    telemetry::incoming_traceparent,
};
use axum::{
    body::Body,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode},
};
use domain::{
    CommandKind,
    appointment::{Form, Source, Verdict},
    identifiers::{AppointmentId, EmployerId, PersonId},
};
use reading::{Read, Reading};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;
use work::{Sender, Worked};

/// What came of a report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportAnswer {
    /// What the log keeps of the delivery.
    receipt: Receipt,
    /// What came of each row about a post of the scheme, in the order of the file.
    rows: Vec<RowResult>,
    /// Stands for the state that holds all of it; a later read may ask for it by `atLeast`.
    version: String,
}

/// What came of one notice.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoticeAnswer {
    /// What came of it.
    outcome: RowOutcome,
    /// The appointment it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment: Option<AppointmentId>,
    /// The person it is about; not told to an employer.
    #[serde(skip_serializing_if = "Option::is_none")]
    mentee: Option<PersonId>,
    /// Whether the appointment entitles them.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    /// What the log keeps of the delivery.
    receipt: Receipt,
    /// Stands for the state that holds it; a later read may ask for it by `atLeast`.
    version: String,
}

/// The parameters of a delivery.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    employer: Option<EmployerId>,
}

/// The handler.
pub(super) async fn push(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer, Refused> {
    let granted = edge
        .matrix
        .command(visitor.0.role, CommandKind::NotifyAppointment);
    let granted = visitor.granted(granted)?;
    visitor.granted(
        edge.matrix
            .command(visitor.0.role, CommandKind::RecordNotices),
    )?;
    let scheme = visitor.scheme(path)?;
    let asked = query(asked)?;
    let is_plain = asked.employer.is_none();
    let key = idempotency::key(&headers)?;
    let form = body::form(&headers)?;
    let reading = reading(&edge, &visitor, granted, &scheme, form, asked).await?;
    let bytes = body::read(&headers, body, body::bytes_most(form)).await?;

    let tokens = edge.platform.tokens();
    let path = format!("/v1/schemes/{scheme}/appointments");
    let fallback = reading.fallback.as_ref().map_or("", |code| &code.0);
    let content: [&[u8]; 3] = [form_name(form), fallback.as_bytes(), &bytes];
    let delivery = Delivery::new(tokens, visitor.0.actor, &path, key, &content);
    let claim = match edge.running.claim(&delivery)? {
        Turn::Taken(claim) => claim,
        Turn::Answered(answer) => return Ok(answer),
    };
    let journal = Journal::new(edge.platform.clone(), scheme.clone());
    let known = journal.look_up(&delivery).await??;
    if let Known::Done(answer) = known {
        return Ok(answer);
    }
    let sender = Sender {
        digest: tokens.digest(&[b"delivery 1", &bytes]),
        platform: edge.platform.clone(),
        scheme,
        caller: visitor.0,
        form,
        delivery,
        traceparent: incoming_traceparent(&headers).map(str::to_owned),
    };
    if !sender.is_what_was_recorded().await? {
        return Err(idempotency::another_body());
    }
    let read = understand(bytes, &sender, reading).await?;
    let delivered = Delivered {
        // One frame of the log holds all of it, so the log itself says whether it was begun. Parameters of the query
        // are not in the log, and rows of a report are many frames.
        in_one_frame: form == Form::Json && is_plain && known == Known::Nothing,
        known,
        read,
        soon: edge.soon,
    };
    // A task of its own: it goes on when the sender hangs up.
    let done = tokio::spawn(finish(sender, journal, delivered, claim).in_current_span());
    let answer = done.await.unwrap_or(Err(Failure::Internal))?;
    Ok(answer)
}

const fn form_name(form: Form) -> &'static [u8] {
    match form {
        Form::Json => b"json",
        Form::Csv => b"csv",
    }
}

/// Whom the sender speaks for, and what the scheme is at this moment.
async fn reading(
    edge: &Edge,
    visitor: &Visitor,
    granted: Relations,
    scheme: &str,
    form: Form,
    asked: Asked,
) -> Result<Reading, Refused> {
    let employer = visitor.0.employer.as_deref().map(EmployerId::from);
    let own = employer.filter(|_| !granted.of_all());
    reading::allowed(own.as_ref(), asked.employer.as_ref())?;
    let by_coordinator = form == Form::Json && visitor.0.role != Role::Employer;
    let snapshot = edge.platform.snapshot(scheme).await?;
    let reading = Reading {
        today: edge.platform.today(scheme, &snapshot),
        snapshot,
        fallback: asked.employer.or_else(|| own.clone()),
        own,
        source: if by_coordinator {
            Source::Coordinator
        } else {
            Source::PersonnelSystem
        },
    };
    reading.terms()?;
    Ok(reading)
}

/// Reads a delivery to its end: a notice at once, a report on a thread that may take its time.
async fn understand(bytes: Vec<u8>, sender: &Sender, reading: Reading) -> Result<Read, Refused> {
    let delivery = sender.delivery.clone();
    if sender.form == Form::Json {
        return notice::read(&bytes, &reading, delivery.command_id_of_body("notice"));
    }
    let tokens = sender.platform.tokens().clone();
    let work = move || report::read(bytes, &reading, &delivery, &tokens);
    match tokio::task::spawn_blocking(work).await {
        Ok(read) => read,
        Err(_) => Err(Failure::Internal.into()),
    }
}

/// A delivery that was read to its end.
struct Delivered {
    read: Read,
    known: Known,
    /// What it leads to is durable as a whole or not at all.
    in_one_frame: bool,
    soon: Soon,
}

/// Says that it has begun unless the log will, does it, and keeps the answer: before giving it, unless the log tells it.
async fn finish(
    sender: Sender,
    journal: Journal,
    delivered: Delivered,
    claim: Claim,
) -> Result<Answer, Failure> {
    let Delivered {
        read,
        known,
        in_one_frame,
        soon,
    } = delivered;
    // Watching keeps the scheme open: closed meanwhile, its operations journal would take no entry.
    let watching = sender.platform.changes(&sender.scheme).await?;
    if known == Known::Nothing && !in_one_frame {
        journal.begin(&sender.delivery).await?;
    }
    let worked = sender.work_through(read).await?;
    let told_by_log = in_one_frame && worked.in_one_frame;
    let answer = answer(&sender, worked)?;
    if told_by_log {
        soon.finish(&journal, &sender.delivery, &answer, claim, watching);
    } else {
        journal.finish(&sender.delivery, &answer).await?;
        drop((watching, claim));
    }
    Ok(answer)
}

fn answer(sender: &Sender, worked: Worked) -> Result<Answer, Failure> {
    let Worked {
        receipt,
        mut rows,
        position,
        in_one_frame: _,
    } = worked;
    let version = sender.platform.tokens().version(&sender.scheme, position);
    if sender.form == Form::Csv {
        return told(
            StatusCode::OK,
            &ReportAnswer {
                receipt,
                rows,
                version,
            },
        );
    }
    let Some(row) = rows.pop() else {
        return refusal(&refusal::Refusal::new("not_of_this_scheme", "post"));
    };
    if let Some(code) = row.code {
        return refusal(&refusal::Refusal {
            code: code.into(),
            field: row.field.map(Into::into),
        });
    }
    let status = if row.outcome == RowOutcome::Recorded {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let notice = NoticeAnswer {
        outcome: row.outcome,
        appointment: row.appointment,
        mentee: row.mentee,
        verdict: row.verdict,
        receipt,
        version,
    };
    told(status, &notice)
}

/// A single notice that was refused is a problem with the code of its refusal.
fn refusal(refusal: &refusal::Refusal) -> Result<Answer, Failure> {
    let problem = Problem::refused(refusal.code.clone(), refusal.message());
    let problem = match &refusal.field {
        Some(field) => problem.with_fault(refusal.message(), Some(format!("/{field}"))),
        None => problem,
    };
    told(problem.status(), &problem)
}

fn told(status: StatusCode, body: &impl Serialize) -> Result<Answer, Failure> {
    let body = serde_json::to_string(body).map_err(|_| Failure::Internal)?;
    Ok(Answer { status, body })
}

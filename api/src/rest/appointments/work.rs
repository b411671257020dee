//! From rows to an answer: every notice is dispatched, and the delivery itself is recorded.
//!
//! Rows about different people go to the scheme's writer together, so that one sync serves many; rows about the
//! same person go one after the other, in the order of the file, because the later one may correct the earlier.

use super::{
    reading::{Read, Row},
    refusal::Refusal,
};
use crate::{
    dispatch::{Accepted, Failure, Outcome, Platform, Request},
    identity::{Caller, Role},
    rest::idempotency::Delivery,
};
use domain::{
    Actor, Channel, Command, Event, Party, ReportedBy,
    appointment::{self, Form, NotifyAppointment, RecordNotices, Verdict},
    identifiers::{AppointmentId, PersonId},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::civil::Date;
use projections::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Rows that wait for the writer at a time.
const AT_A_TIME: usize = 256;

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RowOutcome {
    /// It told something new, which is now recorded.
    Recorded,
    /// It told what was known.
    AlreadySo,
    /// It was refused; nothing of it was recorded.
    Refused,
}

/// What came of one row. It names the line and repeats nothing of what stood there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowResult {
    /// The line on which the row begins, counted from 1 with the headings.
    pub line: u64,
    /// What came of it.
    pub outcome: RowOutcome,
    /// The appointment it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentId>,
    /// The person it is about; not told to an employer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentee: Option<PersonId>,
    /// Whether the appointment entitles them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Fields whose value says nothing for certain, so that they stay to be confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<&'static str>,
    /// Why it was refused, for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why it was refused, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The field it was refused for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// What the log keeps of a delivery: figures and a digest, and nothing of its rows.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The delivery.
    pub id: Uuid,
    /// A keyed digest of what was sent: the same bytes have the same digest here, and nobody else can make it.
    pub digest: String,
    /// In which form it came.
    pub form: Form,
    /// Rows read.
    pub rows: u32,
    /// Rows that told something new.
    pub recorded: u32,
    /// Rows that told what was known.
    pub already_so: u32,
    /// Rows that were refused.
    pub refused: u32,
    /// Rows about posts the scheme is not for. Nothing else is known of them.
    pub not_of_this_scheme: u32,
    /// How often each code was given to a refused row.
    pub codes: BTreeMap<String, u32>,
}

/// A delivery that was worked through.
pub struct Worked {
    /// What the log keeps of it.
    pub receipt: Receipt,
    /// What came of each row about a post of the scheme.
    pub rows: Vec<RowResult>,
    /// Where the log says that all of it was done.
    pub position: u64,
    /// It is durable as a whole: the log tells the same answer again.
    pub in_one_frame: bool,
}

/// Who sends what to which scheme.
#[derive(Clone)]
pub struct Sender {
    pub platform: Platform,
    pub scheme: String,
    pub caller: Caller,
    pub form: Form,
    pub delivery: Delivery,
    pub digest: String,
    pub traceparent: Option<String>,
}

impl Sender {
    /// Whether this is the delivery that the log holds a receipt of, or the log holds none.
    pub async fn is_what_was_recorded(&self) -> Result<bool, Failure> {
        let snapshot = self.platform.snapshot(&self.scheme).await?;
        let id = self.delivery.command_id("receipt");
        let Some((_, position)) = snapshot.outcomes.of(id) else {
            return Ok(true);
        };
        let records = self.platform.records(&self.scheme, &[position]).await?;
        Ok(records
            .first()
            .is_some_and(|record| record.data["digest"] == self.digest.as_str()))
    }

    /// Dispatches all of it and records the delivery. After a failure the same call does the rest, and nothing twice.
    pub async fn work_through(&self, mut read: Read) -> Result<Worked, Failure> {
        let (found, not_of_this_scheme) = (read.rows_found, read.not_of_this_scheme);
        if self.form == Form::Json
            && let Some(row) = read.rows.pop()
        {
            return self.work_one(row).await;
        }
        let chains = stream::iter(chains(read.rows).into_iter().map(|chain| {
            let sender = self.clone();
            async move {
                let mut results = Vec::with_capacity(chain.len());
                for row in chain {
                    let (result, _) = sender.dispatch(row, None).await?;
                    results.push(result);
                }
                Ok::<_, Failure>(results)
            }
        }));
        let results: Vec<Vec<RowResult>> = chains.buffer_unordered(AT_A_TIME).try_collect().await?;
        let mut rows: Vec<RowResult> = results.into_iter().flatten().collect();
        rows.sort_by_key(|row| row.line);
        let receipt = self.receipt(found, not_of_this_scheme, &results_of(&rows));
        let position = self.keep(&receipt).await?;
        Ok(Worked {
            receipt,
            rows,
            position,
            in_one_frame: false,
        })
    }

    /// The one row of a delivery: what it records and the receipt are one frame of the log.
    async fn work_one(&self, row: Row) -> Result<Worked, Failure> {
        let receipt = self.receipt(1, 0, &[(RowOutcome::Recorded, None)]);
        let (row, position) = self.dispatch(row, Some(&receipt)).await?;
        if let Some(position) = position {
            return Ok(Worked {
                receipt,
                rows: vec![row],
                position,
                in_one_frame: true,
            });
        }
        let rows = vec![row];
        let receipt = self.receipt(1, 0, &results_of(&rows));
        let position = self.keep(&receipt).await?;
        Ok(Worked {
            receipt,
            rows,
            position,
            in_one_frame: false,
        })
    }

    /// What came of a row, and the position of `receipt` if that was recorded with it.
    async fn dispatch(
        &self,
        row: Row,
        receipt: Option<&Receipt>,
    ) -> Result<(RowResult, Option<u64>), Failure> {
        let Row {
            line,
            command_id,
            notice,
            not_understood,
        } = row;
        let notice = match notice {
            Ok(notice) => notice,
            Err(refusal) => return Ok((refused(line, &refusal), None)),
        };
        let request = self.request(command_id, Command::from(notice.clone()));
        let executed = match receipt {
            None => self.platform.execute(&self.scheme, request).await?,
            Some(receipt) => {
                let sequel = self.receipt_request(receipt);
                let platform = &self.platform;
                platform.execute_both(&self.scheme, request, sequel).await?
            }
        };
        match executed {
            Outcome::Rejected(refusal) => Ok((refused(line, &Refusal::from(refusal)), None)),
            Outcome::Accepted(accepted) => {
                let today = self.platform.today(&self.scheme, &accepted.snapshot);
                let mut row = accepted_row(line, &notice, &accepted, today, not_understood);
                // Two employers who compare ids would learn that somebody moved from one to the other.
                if self.caller.role == Role::Employer {
                    row.mentee = None;
                }
                Ok((
                    row,
                    receipt.and_then(|_| accepted.events.last().map(|last| last.position)),
                ))
            }
        }
    }

    fn receipt_request(&self, receipt: &Receipt) -> Request {
        let command = RecordNotices {
            form: receipt.form,
            digest: receipt.digest.clone(),
            rows: receipt.rows,
            recorded: receipt.recorded,
            already_so: receipt.already_so,
            refused: receipt.refused,
            not_of_this_scheme: receipt.not_of_this_scheme,
            codes: receipt.codes.clone(),
        };
        self.request(receipt.id, command.into())
    }

    /// Records the delivery, and says where.
    async fn keep(&self, receipt: &Receipt) -> Result<u64, Failure> {
        let request = self.receipt_request(receipt);
        match self.platform.execute(&self.scheme, request).await? {
            Outcome::Accepted(accepted) => {
                let last = accepted.events.last().map(|last| last.position);
                Ok(last.unwrap_or_else(|| accepted.snapshot.position()))
            }
            Outcome::Rejected(refusal) => {
                tracing::error!(code = refusal.code, "a delivery could not be recorded");
                Err(Failure::Internal)
            }
        }
    }

    fn request(&self, command_id: Uuid, command: Command) -> Request {
        let from_employer = self.form == Form::Csv || self.caller.role == Role::Employer;
        Request {
            command_id,
            command,
            actor: Actor {
                id: self.caller.actor,
                role: Arc::from(self.caller.role.as_str()),
            },
            happened_on: None,
            reported_by: from_employer.then_some(ReportedBy {
                party: Party::Employer,
                person: None,
            }),
            channel: Some(Channel::System),
            validate_only: false,
            correlation_id: Some(self.delivery.id),
            traceparent: self.traceparent.clone(),
        }
    }

    fn receipt(
        &self,
        rows: u32,
        not_of_this_scheme: u32,
        results: &[(RowOutcome, Option<String>)],
    ) -> Receipt {
        let count = |outcome| {
            let found = results.iter().filter(|(of, _)| *of == outcome).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        let mut codes = BTreeMap::new();
        for code in results.iter().filter_map(|(_, code)| code.clone()) {
            *codes.entry(code).or_default() += 1;
        }
        Receipt {
            id: self.delivery.command_id("receipt"),
            digest: self.digest.clone(),
            form: self.form,
            rows,
            recorded: count(RowOutcome::Recorded),
            already_so: count(RowOutcome::AlreadySo),
            refused: count(RowOutcome::Refused),
            not_of_this_scheme,
            codes,
        }
    }
}

fn results_of(rows: &[RowResult]) -> Vec<(RowOutcome, Option<String>)> {
    let results = rows.iter().map(|row| (row.outcome, row.code.clone()));
    results.collect()
}

/// Rows with the same employer's number in the order of the file; all others on their own.
fn chains(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut chains: Vec<Vec<Row>> = Vec::new();
    let mut place_of = HashMap::new();
    for row in rows {
        let key = row.notice.as_ref().ok().and_then(|notice| {
            let number = notice.employee_number.clone()?;
            Some((notice.employer.clone(), number))
        });
        let place = key.map(|key| *place_of.entry(key).or_insert(chains.len()));
        match place.and_then(|place| chains.get_mut(place)) {
            Some(chain) => chain.push(row),
            None => chains.push(vec![row]),
        }
    }
    chains
}

fn accepted_row(
    line: u64,
    notice: &NotifyAppointment,
    accepted: &Accepted,
    today: Date,
    not_understood: Vec<&'static str>,
) -> RowResult {
    let told = accepted
        .events
        .iter()
        .find_map(|recorded| match &recorded.event {
            Event::AppointmentNotified(notified) => Some(notified.appointment),
            Event::AppointmentAmended(amended) => Some(amended.appointment),
            _ => None,
        });
    let known = || {
        let Snapshot {
            scheme,
            particulars,
            ..
        } = &*accepted.snapshot;
        appointment::known(scheme, particulars, notice, today)
    };
    let appointment = told.or_else(known);
    // What was judged then, also when the answer is made again later.
    let judged = accepted
        .events
        .iter()
        .find_map(|recorded| match &recorded.event {
            Event::EligibilityJudged(judged) => Some(judged.verdict),
            _ => None,
        });
    let held = appointment.and_then(|id| accepted.snapshot.scheme.appointments.get(&id));
    RowResult {
        line,
        outcome: if accepted.events.is_empty() {
            RowOutcome::AlreadySo
        } else {
            RowOutcome::Recorded
        },
        appointment,
        mentee: held.map(|appointment| appointment.person),
        verdict: judged.or_else(|| {
            let judgement = held.and_then(|appointment| appointment.judgement.as_ref());
            judgement.map(|judgement| judgement.verdict)
        }),
        not_understood,
        code: None,
        message: None,
        field: None,
    }
}

fn refused(line: u64, refusal: &Refusal) -> RowResult {
    RowResult {
        line,
        outcome: RowOutcome::Refused,
        appointment: None,
        mentee: None,
        verdict: None,
        not_understood: vec![],
        code: Some(refusal.code.to_string()),
        message: Some(refusal.message().to_owned()),
        field: refusal.field.as_ref().map(ToString::to_string),
    }
}

//! Short reports at the end, from each party: on how well mentoring worked, never on what was said (R109, R111).
//!
//! A late report is always taken, and one nobody asked for as well.

use crate::{
    Event, Particulars, Rejection, Scheme, Sealed,
    event::Payload,
    identifiers::{PairingId, PersonId},
    limits::fits,
    matching::Side,
    pairing::Pairing,
    scheme::Terms,
    sealed::Content,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Files one person's report on a pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEvaluation {
    /// The pairing.
    pub pairing: PairingId,
    /// Whose report it is.
    pub person: PersonId,
    /// The report.
    pub report: Evaluation,
}

/// Notes that somebody was reminded of their report (Z11). Each one is an act of its own, however many there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemindOfEvaluation {
    /// The pairing.
    pub pairing: PairingId,
    /// Who was reminded.
    pub person: PersonId,
}

/// Waits no longer for somebody's report (Z11). If it comes all the same, it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiveEvaluation {
    /// The pairing.
    pub pairing: PairingId,
    /// Whose report is not waited for.
    pub person: PersonId,
}

/// A report on how well mentoring worked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evaluation {
    /// How effective it was, from 1, not at all, to 5, very; absent when not answered.
    pub effectiveness: Option<u8>,
    /// What was good about the process.
    pub strengths: Option<String>,
    /// What was not.
    pub weaknesses: Option<String>,
    /// What came of it, as far as its author wishes to say.
    pub outcomes: Option<String>,
    /// Advice for the scheme.
    pub advice: Option<String>,
}

impl Content for Evaluation {
    const VERSION: u16 = 1;
}

/// A report was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvaluationRequested {
    /// The pairing.
    pub pairing: PairingId,
    /// By whom it is to be written.
    pub person: PersonId,
    /// On which side they were.
    pub side: Side,
}

/// A report was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvaluationFiled {
    /// The pairing.
    pub pairing: PairingId,
    /// Who wrote it.
    pub person: PersonId,
    /// On which side they were.
    pub side: Side,
    /// The report.
    pub report: Sealed<Evaluation>,
}

/// Somebody was reminded of their report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvaluationReminded {
    /// The pairing.
    pub pairing: PairingId,
    /// Who was reminded.
    pub person: PersonId,
    /// On which side they were.
    pub side: Side,
}

/// A report is not waited for any longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvaluationWaived {
    /// The pairing.
    pub pairing: PairingId,
    /// Whose report it would have been.
    pub person: PersonId,
    /// On which side they were.
    pub side: Side,
}

macro_rules! concerns_pairing_and_author {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.pairing.0, self.person.0]
            }
        }
    )+};
}

concerns_pairing_and_author!(
    EvaluationRequested,
    EvaluationReminded,
    EvaluationWaived,
    EvaluationFiled
);

/// The day by which a report that was asked for on `asked_on` is hoped for.
#[must_use]
pub fn hoped_by(terms: &Terms<'_>, asked_on: Date) -> Date {
    let days = terms.policy.evaluation.working_days_hoped;
    terms.calendar.add_working_days(asked_on, days)
}

/// Asks everybody in a pairing who was not asked before and from whom a report is still wanted.
pub(crate) fn requests(pairing: &Pairing) -> impl Iterator<Item = Event> {
    let asked = |person: PersonId| {
        pairing
            .report_of(person)
            .is_some_and(|report| report.requested_on.is_some() || !report.is_out())
    };
    pairing
        .members()
        .filter(move |(person, _)| !asked(*person))
        .map(|(person, side)| {
            Event::EvaluationRequested(EvaluationRequested {
                pairing: pairing.id,
                person,
                side,
            })
        })
}

pub(crate) fn file(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &FileEvaluation,
) -> Result<Vec<Event>, Rejection> {
    let FileEvaluation {
        pairing: id,
        person,
        report,
    } = command;
    let (pairing, side) = member(scheme, *id, *person)?;
    if report
        .effectiveness
        .is_some_and(|mark| !(1..=5).contains(&mark))
    {
        return Err(Rejection::OutOfRange {
            what: "effectiveness",
            least: 1,
            most: 5,
        });
    }
    fits("the report", report)?;
    if pairing
        .report_of(*person)
        .is_some_and(|report| report.filed_on.is_some())
    {
        let same = particulars.evaluation(*id, *person) == Some(report);
        return if same {
            Ok(vec![])
        } else {
            Err(Rejection::AlreadyFiled { pairing: *id })
        };
    }
    Ok(vec![Event::EvaluationFiled(EvaluationFiled {
        pairing: *id,
        person: *person,
        side,
        report: Sealed::new(*person, report.clone()),
    })])
}

pub(crate) fn remind(
    scheme: &Scheme,
    command: &RemindOfEvaluation,
) -> Result<Vec<Event>, Rejection> {
    let (pairing, side) = member(scheme, command.pairing, command.person)?;
    Ok(vec![Event::EvaluationReminded(EvaluationReminded {
        pairing: pairing.id,
        person: command.person,
        side,
    })])
}

pub(crate) fn waive(scheme: &Scheme, command: &WaiveEvaluation) -> Result<Vec<Event>, Rejection> {
    let (pairing, side) = member(scheme, command.pairing, command.person)?;
    match pairing.report_of(command.person) {
        Some(report) if report.filed_on.is_some() => {
            return Err(Rejection::AlreadyFiled {
                pairing: pairing.id,
            });
        }
        Some(report) if report.waived_on.is_some() => return Ok(vec![]),
        _ => {}
    }
    Ok(vec![Event::EvaluationWaived(EvaluationWaived {
        pairing: pairing.id,
        person: command.person,
        side,
    })])
}

/// The pairing, and on which side of it `person` is.
fn member(scheme: &Scheme, id: PairingId, person: PersonId) -> Result<(&Pairing, Side), Rejection> {
    let pairing = scheme.pairing(id)?;
    Ok((pairing, pairing.side_of(person)?))
}

#[cfg(test)]
mod tests;

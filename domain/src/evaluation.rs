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
    sealed::Content,
};
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

macro_rules! concerns_pairing_and_author {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.pairing.0, self.person.0]
            }
        }
    )+};
}

concerns_pairing_and_author!(EvaluationRequested, EvaluationFiled);

/// Asks everybody in a pairing who was not asked before.
pub(crate) fn requests(pairing: &Pairing) -> impl Iterator<Item = Event> {
    let asked = |person: PersonId| pairing.reports.iter().any(|report| report.person == person);
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
    let pairing = scheme.pairing(*id)?;
    let side = pairing.side_of(*person)?;
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
        .reports
        .iter()
        .any(|filed| filed.person == *person && filed.filed_on.is_some())
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

#[cfg(test)]
mod tests;

//! What the scheme must remember of an appointment to judge the next command.

use super::{Source, Verdict, Versions};
use crate::{
    identifiers::{AppointmentId, PersonId},
    register::EmployerKind,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The appointment.
    pub id: AppointmentId,
    /// Whose it is now.
    pub person: PersonId,
    /// Whose it was when it was notified.
    pub notified_as: PersonId,
    /// Under whose keys stands what was told of it, each once.
    pub told_under: Vec<PersonId>,
    /// Where the scheme learned of it.
    pub source: Source,
    /// When.
    pub notified_on: Date,
    /// The last day of which a notice of it told.
    pub told_on: Date,
    /// The employer's region.
    pub region: Option<String>,
    /// The kind of employer.
    pub employer_kind: EmployerKind,
    /// The verdict last reached.
    pub judgement: Option<Judgement>,
}

impl Appointment {
    /// Whether it entitles, as last judged.
    #[must_use]
    pub fn entitles(&self) -> bool {
        let judgement = self.judgement.as_ref();
        judgement.is_some_and(|judgement| judgement.verdict == Verdict::Eligible)
    }
}

/// The verdict last reached on an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The category that is met.
    pub category: Option<String>,
    /// The facts still missing.
    pub missing: Vec<String>,
    /// The code of the rule it rests on.
    pub rule: String,
    /// The versions used.
    pub versions: Versions,
    /// The day it was reached.
    pub judged_on: Date,
}

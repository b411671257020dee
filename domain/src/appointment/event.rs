//! The facts a notice leaves behind, and the personal values they seal.

use crate::{
    event::Payload,
    identifiers::{AppointmentId, EmployerId, PersonId},
    mentor::PersonDetails,
    policy::Basis,
    register::EmployerKind,
    sealed::{Content, Sealed},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where the scheme learned of an appointment (R077).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// An employer's personnel system told.
    PersonnelSystem,
    /// The coordinator learned of it.
    Coordinator,
    /// It was read in the press.
    Press,
}

/// Whether a post is somebody's first of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FirstPost {
    /// It is.
    Yes,
    /// They held such a post before.
    No,
}

/// What is known of an appointment. Council, post and day name a person without a name, so all of it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentFacts {
    /// The employer.
    pub employer: EmployerId,
    /// The employer's own number for the person.
    pub employee_number: Option<String>,
    /// The post, by its code in the policy.
    pub post: String,
    /// How the post is held.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// The last day in post, where one is foreseen.
    pub ends_on: Option<Date>,
    /// Whether it is the person's first post of this kind.
    pub first_post: Option<FirstPost>,
    /// The expected length in months, where no last day is foreseen.
    pub expected_months: Option<u16>,
}

impl Content for AppointmentFacts {
    const VERSION: u16 = 1;
}

/// How the person of a notice is called and reached, as the notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NotifiedPerson(pub PersonDetails);

impl Content for NotifiedPerson {
    const VERSION: u16 = 1;
}

/// The scheme learned that somebody takes up a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentNotified {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Who takes up the post.
    pub person: PersonId,
    /// Where the scheme learned of it.
    pub source: Source,
    /// The region, for figures; absent where fewer than five employers of its kind share it.
    pub region: Option<String>,
    /// The kind of employer, for figures.
    pub employer_kind: EmployerKind,
    /// What is known of the appointment.
    pub facts: Sealed<AppointmentFacts>,
    /// How the person is called and reached.
    pub details: Sealed<NotifiedPerson>,
}

/// Something became known, or was corrected, about an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentAmended {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Whose it is.
    pub person: PersonId,
    /// What is known of the appointment now, in full.
    pub facts: Sealed<AppointmentFacts>,
    /// How the person is called and reached now, in full.
    pub details: Sealed<NotifiedPerson>,
}

/// A notice was found to be about somebody the scheme knows already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonLinked {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Who it is about.
    pub person: PersonId,
    /// Whom it was about until now.
    pub previous: PersonId,
}

/// A notice was found not to be about the person it was linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonUnlinked {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Who it is about again.
    pub person: PersonId,
    /// Whom it was about until now.
    pub previous: PersonId,
}

/// Whether an appointment entitles somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It does.
    Eligible,
    /// It does not.
    NotEligible,
    /// A fact is not known yet.
    ToBeConfirmed,
}

/// The versions a verdict was reached with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// Of the policy.
    pub policy: String,
    /// Of the register of employers.
    pub register: String,
    /// Of the calendar of bank holidays.
    pub calendar: String,
}

/// An appointment was judged by the policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EligibilityJudged {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Whose it is.
    pub person: PersonId,
    /// The verdict.
    pub verdict: Verdict,
    /// The category that is met.
    pub category: Option<String>,
    /// The facts still missing, by the names the API gives them.
    pub missing: Vec<String>,
    /// The code of the rule it rests on.
    pub rule: String,
    /// The versions used.
    pub versions: Versions,
}

/// In which form notices arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// One notice as JSON.
    Json,
    /// A report of many rows as CSV.
    Csv,
}

/// A delivery of notices was worked through. Nothing of the rows is kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticesReceived {
    /// In which form.
    pub form: Form,
    /// A keyed digest of the delivery, so that it can be recognised by who holds it, and by nobody else.
    pub digest: String,
    /// Rows read.
    pub rows: u32,
    /// Rows that brought something new.
    pub recorded: u32,
    /// Rows that told what was known.
    pub already_so: u32,
    /// Rows that were refused.
    pub refused: u32,
    /// Rows about posts the scheme is not for.
    pub not_of_this_scheme: u32,
    /// How often each code was given to a refused row.
    pub codes: BTreeMap<String, u32>,
}

impl Payload for NoticesReceived {
    fn subjects(&self) -> Vec<Uuid> {
        Vec::new()
    }
}

macro_rules! concerns_appointment_and_person {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.appointment.0, self.person.0]
            }
        }
    )+};
}

concerns_appointment_and_person!(AppointmentNotified, AppointmentAmended, EligibilityJudged);

macro_rules! concerns_both_persons {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.appointment.0, self.person.0, self.previous.0]
            }
        }
    )+};
}

concerns_both_persons!(PersonLinked, PersonUnlinked);

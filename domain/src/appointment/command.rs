//! What can be asked about an appointment.

use super::{FirstPost, Form, Source};
use crate::{
    identifiers::{AppointmentId, EmployerId, PersonId},
    mentor::PersonDetails,
    policy::Basis,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Notifies that somebody takes up a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyAppointment {
    /// Where it was learned.
    pub source: Source,
    /// The employer.
    pub employer: EmployerId,
    /// The employer's own number for the person: with the employer, the key by which a notice is recognised.
    pub employee_number: Option<String>,
    /// Somebody the scheme knows already, where the notice says so.
    pub person: Option<PersonId>,
    /// How the person is called and reached.
    pub details: PersonDetails,
    /// The post, by code or by any title the policy knows.
    pub post: String,
    /// How the post is held.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// The last day in post.
    pub ends_on: Option<Date>,
    /// Whether it is the first post of this kind.
    pub first_post: Option<FirstPost>,
    /// The expected length in months.
    pub expected_months: Option<u16>,
}

/// Confirms facts of an appointment that were unknown, or corrects them. What is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmFacts {
    /// The appointment.
    pub appointment: AppointmentId,
    /// How the post is held.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// The last day in post.
    pub ends_on: Option<Date>,
    /// Whether it is the first post of this kind.
    pub first_post: Option<FirstPost>,
    /// The expected length in months.
    pub expected_months: Option<u16>,
}

/// Links a notice to somebody the scheme knows already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPerson {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Who it is about.
    pub person: PersonId,
}

/// Takes such a link back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlinkPerson {
    /// The appointment.
    pub appointment: AppointmentId,
}

/// Records that a delivery of notices was worked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordNotices {
    /// In which form.
    pub form: Form,
    /// A keyed digest of the delivery.
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

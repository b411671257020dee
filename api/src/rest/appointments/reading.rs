//! What a notice is read against: the posts and employers of the scheme, and whom the sender speaks for.

use super::refusal::Refusal;
use crate::{
    http::problem::{Code, Problem},
    rest::failure::Refused,
};
use domain::{
    appointment::{NotifyAppointment, Source},
    identifiers::EmployerId,
    scheme::Terms,
};
use jiff::civil::Date;
use projections::Snapshot;
use std::sync::Arc;
use uuid::Uuid;

/// What a notice is read against.
#[derive(Clone)]
pub struct Reading {
    /// The scheme, as it was when the delivery arrived.
    pub snapshot: Arc<Snapshot>,
    /// The day it is in the scheme.
    pub today: Date,
    /// The one employer the sender speaks for; any, if absent.
    pub own: Option<EmployerId>,
    /// The employer of a notice that names none.
    pub fallback: Option<EmployerId>,
    /// Where the scheme learns of it.
    pub source: Source,
}

impl Reading {
    /// What is in force, or that the scheme has not adopted what it needs.
    pub fn terms(&self) -> Result<Terms<'_>, Refused> {
        self.snapshot
            .scheme
            .terms(self.today)
            .map_err(|rejection| Problem::refused(rejection.code(), rejection.to_string()).into())
    }

    /// The employer a notice comes from, given what it says itself.
    pub fn employer(&self, terms: &Terms<'_>, told: Option<&str>) -> Result<EmployerId, Refusal> {
        let employer = told
            .map(EmployerId::from)
            .or_else(|| self.fallback.clone())
            .ok_or(Refusal::new("employer_missing", "employer"))?;
        if self.own.as_ref().is_some_and(|own| *own != employer) {
            return Err(Refusal::new("not_your_employer", "employer"));
        }
        // Asked here and not left to the rules: whatever stands in the cell must not get into a stored sentence.
        match terms.employer(&employer) {
            Ok(_) => Ok(employer),
            Err(_) => Err(Refusal::new("unknown_employer", "employer")),
        }
    }
}

/// One notice of a delivery that is about a post of the scheme, or was refused for what it says.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on; 1 for a single notice.
    pub line: u64,
    /// The command it becomes.
    pub command_id: Uuid,
    /// What is to be dispatched, or why nothing is.
    pub notice: Result<NotifyAppointment, Refusal>,
    /// Fields whose value says nothing for certain, so that they stay to be confirmed.
    pub not_understood: Vec<&'static str>,
}

/// A delivery that was read to its end, before anything of it is dispatched.
#[derive(Debug, Default)]
pub struct Read {
    /// Rows there were.
    pub rows_found: u32,
    /// Rows about posts the scheme is not for. Nothing else is known of them any more.
    pub not_of_this_scheme: u32,
    /// The others, in order.
    pub rows: Vec<Row>,
}

/// Refuses an employer in the query string that is not the sender's own.
pub fn allowed(own: Option<&EmployerId>, asked: Option<&EmployerId>) -> Result<(), Refused> {
    match (own, asked) {
        (Some(own), Some(asked)) if own != asked => Err(Refused::new(
            Code::Forbidden,
            "This token speaks for another employer.",
        )),
        _ => Ok(()),
    }
}

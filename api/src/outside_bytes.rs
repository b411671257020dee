//! Readers of outside bytes that are private to their rooms, for the fuzzers in `fuzz/`.
//!
//! Hidden, because nothing else may depend on them: a fuzzer must call them some thousand times a second, without
//! the disk and the network behind which the routes have them. Nothing here reads by itself.

use crate::{
    command_line::config::Settings,
    dispatch::tokens::Tokens,
    graphql::global_id,
    rest::{
        appointments::{
            notice,
            reading::{Read, Reading},
            report,
        },
        failure::Refused,
        idempotency::Delivery,
        past_year::reading as past_year,
        read_brought,
    },
};
use domain::{
    appointment::{Form, NotifyAppointment, Source},
    identifiers::EmployerId,
};
use event_log::SignedCheckpoint;
use jiff::civil::Date;
use projections::Snapshot;
use std::sync::Arc;
use uuid::Uuid;

/// Against what a delivery of notices is read.
#[derive(Clone)]
pub struct Desk {
    /// The scheme as it is.
    pub snapshot: Arc<Snapshot>,
    /// The day it is there.
    pub today: Date,
    /// The employer of the sender.
    pub employer: Option<EmployerId>,
    /// The keys of the data directory.
    pub tokens: Tokens,
}

/// A delivery that was read to its end.
#[derive(Debug, PartialEq)]
pub struct Delivered {
    /// Rows there were.
    pub rows_found: u32,
    /// Rows about posts the scheme is not for.
    pub not_of_this_scheme: u32,
    /// The others: line, command, and the notice or the code of its refusal.
    pub rows: Vec<(u64, Uuid, Result<NotifyAppointment, String>)>,
}

impl Desk {
    /// Reads a delivery, or answers with the problem the sender is told, as JSON.
    pub fn read(&self, form: Form, bytes: &[u8]) -> Result<Delivered, String> {
        let delivery = Delivery::new(&self.tokens, Uuid::nil(), "/", "key", &[bytes]);
        let reading = Reading {
            snapshot: Arc::clone(&self.snapshot),
            today: self.today,
            own: self.employer.clone(),
            fallback: self.employer.clone(),
            source: Source::PersonnelSystem,
        };
        let read = match form {
            Form::Json => notice::read(bytes, &reading, delivery.command_id("notice")),
            Form::Csv => report::read(bytes.to_vec(), &reading, &delivery, &self.tokens),
        };
        read.map(delivered).map_err(|refused| told(&refused))
    }
}

/// A row of an old spreadsheet: its line, its content folded, and whether it can be taken or why not.
pub type PastRow = (u64, String, Result<(), String>);

impl Desk {
    /// Reads an old spreadsheet, or answers with the problem the sender is told, as JSON.
    pub fn read_past_year(&self, bytes: &[u8]) -> Result<Vec<PastRow>, String> {
        let terms = self.snapshot.scheme.terms(self.today);
        let terms = terms.map_err(|rejection| rejection.to_string())?;
        let reading = past_year::Reading {
            register: terms.register,
            policy: terms.policy,
            today: self.today,
        };
        let rows = past_year::read(bytes.to_vec(), &reading).map_err(|refused| told(&refused))?;
        let row = |row: past_year::Row| {
            let told = row.told.map(drop).map_err(|refusal| refusal.message());
            (row.line, row.content, told)
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

/// What the sender is told, as JSON.
fn told(refused: &Refused) -> String {
    serde_json::to_string(refused.problem()).unwrap_or_else(|error| error.to_string())
}

fn delivered(read: Read) -> Delivered {
    let rows = read.rows.into_iter().map(|row| {
        let notice = row.notice.map_err(|refusal| refusal.code.into_owned());
        (row.line, row.command_id, notice)
    });
    Delivered {
        rows_found: read.rows_found,
        not_of_this_scheme: read.not_of_this_scheme,
        rows: rows.collect(),
    }
}

/// Reads a checkpoint that a witness brings back, or answers with the problem they are told, as JSON.
pub fn brought_checkpoint(sent: &[u8]) -> Result<SignedCheckpoint, String> {
    read_brought(sent).map_err(|refused| told(&refused))
}

/// Takes a global id apart and makes it again.
#[must_use]
pub fn global_id_again(id: &str) -> Option<String> {
    let (scheme, kind, key) = global_id::parse(id)?;
    Some(global_id::encode(scheme, kind, key).0)
}

/// Whether a file of settings with this text is understood.
#[must_use]
pub fn settings_are_understood(text: &str) -> bool {
    Settings::parse(text).is_ok()
}

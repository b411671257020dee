//! What came of commands that left nothing in the log: refusals, and wishes that already held.
//!
//! They stand in the operations journal for thirty days, so a client that retries blindly hears the first
//! answer again and not a new one.

use super::Refusal;
use domain::policy::Rule;
use event_log::{Entry, Operations};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of these entries in the operations journal.
const KIND: &str = "outcome";
/// How long they are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What came of a command that left nothing in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Quiet {
    /// The wish already held.
    AlreadySo,
    /// The rules said no.
    Refused {
        code: String,
        message: String,
        field: Option<String>,
        rule: Option<Rule>,
        position: u64,
    },
}

impl Quiet {
    /// What is kept of a refusal: the same, but for a sentence that names nothing of the request.
    pub fn refused(refusal: &Refusal, message: String) -> Self {
        let Refusal {
            code,
            field,
            rule,
            position,
            ..
        } = refusal.clone();
        Self::Refused {
            code,
            message,
            field,
            rule,
            position,
        }
    }

    /// What is kept of a refusal that must tell nothing: neither what was asked nor why it was refused.
    pub fn not_done(position: u64) -> Self {
        Self::Refused {
            code: "not_done".to_owned(),
            message: "this was not done; why was said when it was first asked".to_owned(),
            field: None,
            rule: None,
            position,
        }
    }

    /// The entry that keeps this outcome of `command`.
    pub fn entry(&self, command: Uuid, at: Timestamp) -> Result<Entry, serde_json::Error> {
        Ok(Entry {
            kind: KIND.to_owned(),
            key: command.to_string(),
            at: super::codec::instant(at),
            value: serde_json::to_value(self)?,
        })
    }

    /// What came of `command`, if it was kept and is not too old.
    pub fn find(operations: &Operations, command: Uuid, now: Timestamp) -> Option<Self> {
        let entry = operations.latest(KIND, &command.to_string())?;
        if !is_kept(&entry, now) {
            return None;
        }
        serde_json::from_value(entry.value.clone()).ok()
    }
}

/// Whether an entry of the operations journal is still needed at `now`.
pub fn is_kept(entry: &Entry, now: Timestamp) -> bool {
    entry.kind != KIND
        || entry
            .at
            .parse::<Timestamp>()
            .is_ok_and(|at| now.duration_since(at) <= KEPT)
}

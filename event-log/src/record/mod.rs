//! One event as it is kept for ever: canonical JSON (RFC 8785), a fixed set of fields.
//!
//! Every form of a record is derived from this one: the bytes in the journal ([`Record::encode`]), the
//! leaf auditors hash ([`Record::leaf`]) and what is upcast on read ([`Upcasters`]). Absent on purpose:
//! any list of event types, and personal data in clear (`data` must hold none; nothing here can check it).

mod canonical;
mod check;
mod disclosed;
mod names;
mod scan;
mod sealed;
mod upcast;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

pub(crate) use canonical::{canonical, canonical_in_order, is_in_order};
pub use check::MAX_DATA_DEPTH;
pub(crate) use check::{INSTANT_BYTES, is_instant, is_plain};
pub use names::{Position, SchemeId};
pub use scan::Proved;
pub(crate) use sealed::as_base64url;
pub use sealed::{Place, SealedValue};
pub use upcast::{UpcastError, Upcasters, UpcastersBuilder, UpcastersError};

/// The format of records written today. It stands in the header of every journal segment.
pub const RECORD_FORMAT: u16 = 1;
/// The most bytes of a leaf: tile formats count a leaf's length in sixteen bits.
pub const MAX_LEAF_BYTES: usize = 65_535;
/// The most bytes of a record with its ciphertexts.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// By how much a digest with its name may be longer than the shortest ciphertext with its own, in bytes.
const DIGEST_LONGER_BYTES: usize = 27;

/// One event of one scheme. Its members stand in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Who wrote it down.
    pub actor: Actor,
    /// What brought it about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Uuid>,
    /// How it was heard, such as `phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The command that asked for it. Absent for what fell due by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<Uuid>,
    /// What belongs to one conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Uuid>,
    /// The payload in clear. Whole numbers beyond 2^53 are written as text.
    pub data: Value,
    /// The day it happened in the world, as claimed: `YYYY-MM-DD`.
    pub happened_on: String,
    /// The event's own id, a UUID of version 7.
    pub id: Uuid,
    /// Where in it.
    pub position: Position,
    /// When it was written down: RFC 3339 in UTC with three decimals. Never goes backwards in a log.
    pub recorded_at: String,
    /// On whose word, where that is not the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_by: Option<ReportedBy>,
    /// Which log.
    pub scheme: SchemeId,
    /// The parts of the payload that belong to persons.
    pub sealed: Vec<SealedValue>,
    /// Opaque ids of what it concerns.
    pub subjects: Vec<Uuid>,
    /// W3C trace context of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What happened, as a stable dotted name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the payload, from 1. A shipped version never changes.
    pub version: u16,
}

/// Who recorded an event: an internal id, never the text of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Internal id.
    pub id: Uuid,
    /// The role it acted in.
    pub role: String,
}

/// On whose word something was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedBy {
    /// Which side spoke, such as `mentee`.
    pub party: String,
    /// Who exactly, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
}

/// Why something cannot be a record.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A field does not have the shape its meaning demands.
    #[error("`{field}` {reason}")]
    Field {
        /// Which one.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not JSON, or not with these fields.
    #[error("the bytes are not a record")]
    Malformed(#[source] serde_json::Error),
    /// A record, but not in its one canonical form.
    #[error("the record is not in canonical form")]
    NotCanonical,
    /// More bytes than the format allows.
    #[error("{what} has {actual} bytes, more than {limit}")]
    TooLarge {
        /// What was measured.
        what: &'static str,
        /// The most that is allowed, in bytes.
        limit: usize,
        /// What there was, in bytes.
        actual: usize,
    },
}

impl Record {
    /// The canonical bytes, after checking every field and both size limits.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        check::record(self)?;
        let bytes = self.written(self)?;
        within("a record", MAX_RECORD_BYTES, bytes.len())?;
        // Only the ciphertexts differ between record and leaf, and a digest may be longer than a short one.
        if bytes.len() + self.sealed.len() * DIGEST_LONGER_BYTES > MAX_LEAF_BYTES {
            self.leaf()?;
        }
        Ok(bytes)
    }

    /// Reads bytes strictly: unknown fields, other spellings of the same JSON and bad fields are refused.
    ///
    /// Whatever this accepts, [`encode`](Self::encode) turns into the same bytes again.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let record = Self::parse(bytes)?;
        if record.encode()? == bytes {
            Ok(record)
        } else {
            Err(RecordError::NotCanonical)
        }
    }

    /// Reads bytes that [`encode`](Self::encode) is known to have made, without proving it again.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(bytes).map_err(RecordError::Malformed)
    }

    /// What auditors hash: the record with each `ciphertext` replaced by `ciphertext_sha256`.
    ///
    /// At most [`MAX_LEAF_BYTES`]. It survives erasure unchanged, for it never held a ciphertext.
    pub fn leaf(&self) -> Result<Vec<u8>, RecordError> {
        let bytes = self.written(&Leaf::from(self))?;
        within("a leaf", MAX_LEAF_BYTES, bytes.len())?;
        Ok(bytes)
    }

    /// SHA-256 of [`leaf`](Self::leaf), without the prefix a Merkle tree adds.
    pub fn leaf_sha256(&self) -> Result<[u8; 32], RecordError> {
        Ok(Sha256::digest(self.leaf()?).into())
    }

    /// The canonical bytes of a form of this record; only what is in `data` may be in another order.
    fn written(&self, form: &impl Serialize) -> Result<Vec<u8>, RecordError> {
        if is_in_order(&self.data) {
            canonical_in_order(form)
        } else {
            canonical(form)
        }
    }
}

fn within(what: &'static str, limit: usize, actual: usize) -> Result<(), RecordError> {
    if actual <= limit {
        Ok(())
    } else {
        Err(RecordError::TooLarge {
            what,
            limit,
            actual,
        })
    }
}

/// The fields of [`Record`], borrowed; only `sealed` differs. A test compares the two.
#[derive(Serialize)]
struct Leaf<'a> {
    actor: &'a Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    causation_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<Uuid>,
    data: &'a Value,
    happened_on: &'a str,
    id: Uuid,
    position: Position,
    recorded_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported_by: Option<&'a ReportedBy>,
    scheme: &'a SchemeId,
    sealed: Vec<sealed::SealedLeaf<'a>>,
    subjects: &'a [Uuid],
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
    version: u16,
}

impl<'a> From<&'a Record> for Leaf<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            scheme: &record.scheme,
            position: record.position,
            id: record.id,
            kind: &record.kind,
            version: record.version,
            recorded_at: &record.recorded_at,
            happened_on: &record.happened_on,
            actor: &record.actor,
            reported_by: record.reported_by.as_ref(),
            channel: record.channel.as_deref(),
            command_id: record.command_id,
            correlation_id: record.correlation_id,
            causation_id: record.causation_id,
            traceparent: record.traceparent.as_deref(),
            subjects: &record.subjects,
            data: &record.data,
            sealed: record.sealed.iter().map(Into::into).collect(),
        }
    }
}

//! The same request twice is one request (the `Idempotency-Key` header of draft-ietf-httpapi-idempotency-key).
//!
//! ```text
//!  unknown ─▶ begun (synced before anything is dispatched) ─▶ done (with the whole answer)
//!               └─ after a crash: done again under the same command ids, so nothing is recorded twice
//! ```
//!
//! One notice that recorded something needs neither before its answer: its events and its receipt are one frame of the
//! log, found by the delivery's key and compared with its body, and the answer can be made from them again. Its done is
//! written soon after, many with one sync, so that a retry costs a look-up.
//!
//! Both entries stand in the scheme's operations journal for ever. The key is a keyed digest of the caller, the
//! path and the client's key; the body is a keyed digest too; and an answer holds no personal value, so nothing
//! of a delivery can be read there. A request that is refused as a whole began nothing and leaves no entry: it may
//! be mended and sent again under its key.

mod running;
mod soon;

use super::failure::Refused;
use crate::{
    dispatch::{Failure, Platform, codec, tokens::Tokens},
    http::problem::Code,
};
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use event_log::{Entry, Operations, OperationsError};
use serde_json::{Value, json};
use uuid::Uuid;

pub use running::{Claim, Running, Turn};
pub use soon::Soon;

const HEADER: &str = "idempotency-key";
const CHARACTERS_MOST: usize = 255;
const KIND: &str = "idempotency";
/// Parts of a long answer: an entry has its limit, an answer of 20,000 refused rows has more.
const PART_KIND: &str = "idempotency-answer";
const PART_BYTES: usize = 200_000;

/// The key of the request; there must be exactly one.
pub fn key(headers: &HeaderMap) -> Result<&str, Refused> {
    let mut values = headers.get_all(HEADER).iter();
    let (value, more) = (values.next(), values.next());
    value
        .filter(|_| more.is_none())
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .filter(|key| (1..=CHARACTERS_MOST).contains(&key.chars().count()))
        .ok_or_else(|| {
            Refused::new(
                Code::IdempotencyKeyMissing,
                "Send one Idempotency-Key of 1 to 255 characters, a new one for each delivery and the same for a retry.",
            )
        })
}

/// One delivery, as it is told from others.
#[derive(Debug, Clone)]
pub struct Delivery {
    key: String,
    body: String,
    /// What its commands are named from.
    pub id: Uuid,
}

impl Delivery {
    /// The delivery that `actor` sends under `key`; `content` is everything its outcome depends on.
    pub fn new(tokens: &Tokens, actor: Uuid, path: &str, key: &str, content: &[&[u8]]) -> Self {
        let key = tokens.digest(&[
            b"idempotency key 1",
            actor.as_bytes(),
            path.as_bytes(),
            key.as_bytes(),
        ]);
        let mut parts: Vec<&[u8]> = vec![b"idempotency body 1"];
        parts.extend(content);
        Self {
            id: Uuid::new_v5(&Uuid::NAMESPACE_OID, key.as_bytes()),
            body: tokens.digest(&parts),
            key,
        }
    }

    /// The same for a command that another body must not have, not even under the same key.
    pub fn command_id_of_body(&self, label: &str) -> Uuid {
        self.command_id(&format!("{label} {}", self.body))
    }

    /// The identifier of the command that the delivery calls `label`.
    pub fn command_id(&self, label: &str) -> Uuid {
        Uuid::new_v5(&self.id, label.as_bytes())
    }
}

/// What is answered, the first time and every time after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// JSON, or a problem.
    pub body: String,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let kind = if self.status.is_success() {
            "application/json"
        } else {
            "application/problem+json"
        };
        (self.status, [(header::CONTENT_TYPE, kind)], self.body).into_response()
    }
}

/// What is known of a delivery.
#[derive(Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// It was begun, and this process is not the one that does it.
    Begun,
    /// It was worked through, with this answer.
    Done(Answer),
}

/// Where deliveries of one scheme are remembered.
#[derive(Clone)]
pub struct Journal {
    platform: Platform,
    scheme: String,
}

impl Journal {
    /// The journal of a scheme.
    pub const fn new(platform: Platform, scheme: String) -> Self {
        Self { platform, scheme }
    }

    /// What is known of `delivery`, or that its key was used with another body.
    pub async fn look_up(&self, delivery: &Delivery) -> Result<Result<Known, Refused>, Failure> {
        let operations = self.platform.operations(&self.scheme).await?;
        let Some(entry) = operations.latest(KIND, &delivery.key) else {
            return Ok(Ok(Known::Nothing));
        };
        if entry.value["body"] != Value::String(delivery.body.clone()) {
            return Ok(Err(another_body()));
        }
        let Some(status) = entry.value["status"].as_u64() else {
            return Ok(Ok(Known::Begun));
        };
        stored(&operations, &delivery.key, status, &entry.value)
            .map(|answer| Ok(Known::Done(answer)))
            .ok_or(Failure::Internal)
    }

    /// Says that `delivery` has begun. Durable when this returns.
    pub async fn begin(&self, delivery: &Delivery) -> Result<(), Failure> {
        let value = json!({ "body": delivery.body });
        let entry = self.entry(KIND, delivery.key.clone(), value);
        self.append(vec![entry]).await
    }

    /// Keeps the answer to `delivery`, which holds no personal value. Durable when this returns.
    pub async fn finish(&self, delivery: &Delivery, answer: &Answer) -> Result<(), Failure> {
        self.append(self.done(delivery, answer)).await
    }

    /// The entries that keep the answer to `delivery`; they belong together.
    pub fn done(&self, delivery: &Delivery, answer: &Answer) -> Vec<Entry> {
        let mut value = json!({ "body": delivery.body, "status": answer.status.as_u16() });
        let mut entries = Vec::new();
        if answer.body.len() <= PART_BYTES {
            value["answer"] = json!(answer.body);
        } else {
            let parts = split(&answer.body);
            value["parts"] = json!(parts.len());
            let key = |index| part_key(&delivery.key, index);
            let parts = parts.into_iter().enumerate();
            entries
                .extend(parts.map(|(index, part)| self.entry(PART_KIND, key(index), json!(part))));
        }
        entries.push(self.entry(KIND, delivery.key.clone(), value));
        entries
    }

    fn entry(&self, kind: &str, key: String, value: Value) -> Entry {
        Entry {
            kind: kind.to_owned(),
            key,
            at: codec::instant(self.platform.now(&self.scheme)),
            value,
        }
    }

    /// Appends entries as one group. The disk is waited for, so it is asked on a thread that may wait.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<(), Failure> {
        // Asked for each time: one from before a closing is read-only.
        let operations = self.platform.operations(&self.scheme).await?;
        let work = move || operations.append(&entries).map_err(|error| told(&error));
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or(Err(Failure::Internal))
    }
}

fn stored(operations: &Operations, key: &str, status: u64, value: &Value) -> Option<Answer> {
    let status = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    if let Some(body) = value["answer"].as_str() {
        let body = body.to_owned();
        return Some(Answer { status, body });
    }
    let parts = usize::try_from(value["parts"].as_u64()?).ok()?;
    let mut body = String::new();
    for index in 0..parts {
        let part = operations.latest(PART_KIND, &part_key(key, index))?;
        body.push_str(part.value.as_str()?);
    }
    Some(Answer { status, body })
}

fn part_key(key: &str, index: usize) -> String {
    format!("{key}/{index}")
}

fn split(mut text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let (part, rest) = text.split_at(text.floor_char_boundary(PART_BYTES));
        parts.push(part.to_owned());
        text = rest;
    }
    parts
}

/// The key was used before, for another body.
pub fn another_body() -> Refused {
    Refused::new(
        Code::IdempotencyMismatch,
        "This key stands for another delivery. Send a new delivery under a new key.",
    )
}

fn told(error: &OperationsError) -> Failure {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the operations journal took no entry"
    );
    match error {
        OperationsError::ReadOnly => Failure::ReadOnly,
        OperationsError::Unknown(_) => Failure::OutcomeUnknown,
        _ => Failure::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_is_kept_in_parts_that_make_it_whole() {
        let text = format!("a{}", "é".repeat(PART_BYTES));
        let parts = split(&text);
        assert_eq!(parts.len(), 3);
        assert_eq!(parts.concat(), text);
        assert!(split("").is_empty());
    }
}

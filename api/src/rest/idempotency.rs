//! The same request twice is one request (the `Idempotency-Key` header of draft-ietf-httpapi-idempotency-key).
//!
//! ```text
//!  unknown ─▶ begun (synced before anything is dispatched) ─▶ done (with the whole answer)
//!               └─ after a crash: done again under the same command ids, so nothing is recorded twice
//! ```
//!
//! Both entries stand in the scheme's operations journal for ever. The key is a keyed digest of the caller, the
//! path and the client's key; the body is a keyed digest too; and an answer holds no personal value, so nothing
//! of a delivery can be read there. A request that is refused as a whole began nothing and leaves no entry: it may
//! be mended and sent again under its key.

use super::failure::Refused;
use crate::{
    dispatch::{Failure, Platform, codec, tokens::Tokens},
    http::problem::Code,
};
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use event_log::{Entry, Operations, OperationsError, SchemeId, StoreError};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

const HEADER: &str = "idempotency-key";
const CHARACTERS_MOST: usize = 255;
const KIND: &str = "idempotency";
/// Parts of an answer: an entry has its limit, an answer of 20,000 refused rows has more.
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

    /// The identifier of the command that the delivery calls `label`.
    pub fn command_id(&self, label: &str) -> Uuid {
        Uuid::new_v5(&self.id, label.as_bytes())
    }
}

/// The deliveries that are being worked through in this process.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<HashMap<String, String>>>);

/// A delivery's place among those; free again when dropped.
pub struct Claim {
    running: Running,
    key: String,
}

impl Running {
    /// Takes the place of a delivery, unless it is taken.
    pub fn claim(&self, delivery: &Delivery) -> Result<Claim, Refused> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get(&delivery.key) {
            Some(body) if *body != delivery.body => Err(another_body()),
            Some(_) => Err(Refused::new(
                Code::IdempotencyInProgress,
                "The first delivery under this key is being worked through; ask again shortly.",
            )),
            None => {
                running.insert(delivery.key.clone(), delivery.body.clone());
                Ok(Claim {
                    running: self.clone(),
                    key: delivery.key.clone(),
                })
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let running = self.running.0.lock();
        running
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
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
        let delivery = delivery.clone();
        self.with(move |operations| {
            let Some(entry) = operations.latest(KIND, &delivery.key) else {
                return Ok(Ok(Known::Nothing));
            };
            if entry.value["body"] != Value::String(delivery.body.clone()) {
                return Ok(Err(another_body()));
            }
            let Some(status) = entry.value["status"].as_u64() else {
                return Ok(Ok(Known::Begun));
            };
            stored(operations, &delivery.key, status, &entry.value)
                .map(|answer| Ok(Known::Done(answer)))
                .ok_or(Failure::Internal)
        })
        .await
    }

    /// Says that `delivery` has begun. Durable when this returns.
    pub async fn begin(&self, delivery: &Delivery) -> Result<(), Failure> {
        let value = json!({ "body": delivery.body });
        self.append(vec![(KIND, delivery.key.clone(), value)]).await
    }

    /// Keeps the answer to `delivery`, which holds no personal value. Durable when this returns.
    pub async fn finish(&self, delivery: &Delivery, answer: &Answer) -> Result<(), Failure> {
        let parts = split(&answer.body);
        let value = json!({
            "body": delivery.body,
            "status": answer.status.as_u16(),
            "parts": parts.len(),
        });
        let mut entries: Vec<_> = parts
            .into_iter()
            .enumerate()
            .map(|(index, part)| (PART_KIND, part_key(&delivery.key, index), json!(part)))
            .collect();
        entries.push((KIND, delivery.key.clone(), value));
        self.append(entries).await
    }

    async fn append(&self, entries: Vec<(&'static str, String, Value)>) -> Result<(), Failure> {
        let at = codec::instant(self.platform.now(&self.scheme));
        let entries = entries
            .into_iter()
            .map(|(kind, key, value)| Entry {
                kind: kind.to_owned(),
                key,
                at: at.clone(),
                value,
            })
            .collect();
        self.with(move |operations| operations.append(entries).map_err(|error| told(&error)))
            .await
    }

    /// The operations journal waits for the disk, so it is asked on a thread that may wait.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Operations) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = Arc::clone(self.platform.store());
        let id =
            SchemeId::new(&self.scheme).map_err(|_| Failure::UnknownScheme(self.scheme.clone()))?;
        let work = move || {
            // Asked for each time: one from before a closing is read-only.
            let operations = store.operations(&id).map_err(|error| match error {
                StoreError::NotFound(scheme) => Failure::UnknownScheme(scheme.to_string()),
                StoreError::Damaged { position, .. } => Failure::Halted {
                    position: position.0,
                },
                StoreError::ReadOnly => Failure::ReadOnly,
                _ => Failure::Internal,
            })?;
            work(&operations)
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or(Err(Failure::Internal))
    }
}

fn stored(operations: &Operations, key: &str, status: u64, value: &Value) -> Option<Answer> {
    let parts = usize::try_from(value["parts"].as_u64()?).ok()?;
    let mut body = String::new();
    for index in 0..parts {
        let part = operations.latest(PART_KIND, &part_key(key, index))?;
        body.push_str(part.value.as_str()?);
    }
    let status = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
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

fn another_body() -> Refused {
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

    #[test]
    fn a_place_is_taken_once_and_free_when_dropped() {
        let tokens = Tokens::new(&[7; 32]);
        let delivery = |body: &[u8]| Delivery::new(&tokens, Uuid::nil(), "/", "key", &[body]);
        let running = Running::default();
        let claim = running.claim(&delivery(b"one")).expect("free");
        let again = running.claim(&delivery(b"one")).err().expect("taken");
        assert_eq!(again.problem().code(), "idempotency_in_progress");
        let other = running.claim(&delivery(b"two")).err().expect("taken");
        assert_eq!(other.problem().code(), "idempotency_mismatch");
        drop(claim);
        assert!(running.claim(&delivery(b"two")).is_ok());
    }
}

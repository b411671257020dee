//! What two services answered, wrote and counted, side by side.

use super::told::Answer;
use event_log::{Digest, SignedCheckpoint, VerifierKey};
use jiff::Timestamp;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// Letters of a difference that are shown.
const MOST: usize = 400;
/// Headers that differ between any two answers.
const OF_THE_MOMENT: [&str; 5] = [
    "date",
    "traceparent",
    "x-request-id",
    "content-length",
    "ratelimit",
];

/// How much was compared, and what differed.
#[derive(Debug, Default)]
pub struct Compared {
    /// Pairs of histories.
    pub pairs: usize,
    /// By who asked: how many answers.
    pub answers: BTreeMap<String, usize>,
    /// Messages of subscriptions, of one side.
    pub messages: usize,
    /// Bytes of the answers of one side.
    pub bytes: usize,
    /// Lines of exported bundles, of one side.
    pub copied: usize,
    /// Lines that the services wrote about themselves, of one side.
    pub lines: usize,
    differences: Vec<String>,
}

impl Compared {
    /// Compares two answers to the same question of the same asker.
    pub fn answers(&mut self, asker: &str, question: &str, one: &Answer, other: &Answer) {
        *self.answers.entry(asker.to_owned()).or_default() += 1;
        self.bytes += one.text.len();
        if let Some(found) = differ(one, other) {
            let found: String = found.chars().take(MOST).collect();
            self.differences
                .push(format!("{asker}: {question}: {found}"));
        }
    }

    /// Compares what both told the same asker who listened.
    pub fn heard(&mut self, asker: &str, what: &str, one: &Value, other: &Value) {
        self.messages += one.as_array().map_or(0, Vec::len);
        if let Some(found) = difference("", one, other) {
            let found: String = found.chars().take(MOST).collect();
            self.differences
                .push(format!("{asker} hears {what}: {found}"));
        }
    }

    /// Compares what both wrote about themselves, whatever its order.
    pub fn lines(&mut self, what: &str, one: &str, other: &str) {
        let (one, other) = (counted(one), counted(other));
        self.lines += one.values().sum::<usize>();
        for line in one.keys().chain(other.keys()) {
            if one.get(line) != other.get(line) {
                let times = (one.get(line), other.get(line));
                let line: String = line.chars().take(MOST).collect();
                self.differences
                    .push(format!("{what}: {times:?} times {line}"));
            }
        }
    }

    /// Compares two copies of something, line by line.
    pub fn copies(&mut self, what: &str, one: &[Value], other: &[Value]) {
        self.copied += one.len();
        if one.len() != other.len() {
            let found = format!("{what}: {} lines and {}", one.len(), other.len());
            self.differences.push(found);
        }
        for (number, (one, other)) in one.iter().zip(other).enumerate() {
            if let Some(found) = difference("", one, other) {
                let found: String = found.chars().take(MOST).collect();
                self.differences
                    .push(format!("{what}, line {number}, {}: {found}", one["type"]));
            }
        }
    }

    /// What differed, each once.
    pub fn differences(&self) -> Vec<String> {
        let mut found = self.differences.clone();
        found.dedup();
        found
    }
}

/// Where two answers differ, if they do.
pub fn differ(one: &Answer, other: &Answer) -> Option<String> {
    if one.status != other.status {
        return Some(format!("status {} and {}", one.status, other.status));
    }
    let kept = |answer: &Answer| -> Vec<(String, String)> {
        let headers = answer
            .headers
            .iter()
            .filter(|(name, _)| !OF_THE_MOMENT.contains(&&**name));
        headers.cloned().collect()
    };
    if kept(one) != kept(other) {
        return Some(format!("headers {:?} and {:?}", kept(one), kept(other)));
    }
    difference("", &in_order(one.json()), &in_order(other.json()))
}

/// Fields are resolved beside each other, so which of several fails first is a matter of the moment.
fn in_order(mut answer: Value) -> Value {
    let errors = answer.get_mut("errors").and_then(Value::as_array_mut);
    if let Some(errors) = errors {
        errors.sort_by_cached_key(Value::to_string);
    }
    answer
}

/// The first place at which two values differ.
pub fn difference(at: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => left
            .iter()
            .find_map(|(name, value)| difference(&format!("{at}/{name}"), value, &right[name])),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut both = left.iter().zip(right).enumerate();
            both.find_map(|(index, (left, right))| {
                difference(&format!("{at}/{index}"), left, right)
            })
        }
        _ if one == other => None,
        (Value::String(left), Value::String(right)) if of_log(at, left, right) => None,
        // Both were given their tokens, one a moment after the other.
        (Value::String(_), Value::String(_)) if at.ends_with("/viewer/expiresAt") => None,
        (Value::String(left), Value::String(right)) if of_a_reading(at, left, right) => None,
        // The size class of a sealed value, which nothing can hide.
        (Value::Number(_), Value::Number(_))
            if at.contains("/sealed/") && at.ends_with("/bytes") =>
        {
            None
        }
        _ => Some(format!("{at}: {one} and {other}")),
    }
}

/// Whether these are the instants at which the same was read in both, or the cursors that carry them: the test asks the one a moment
/// after the other.
fn of_a_reading(at: &str, left: &str, right: &str) -> bool {
    let is_instant = |text: &str| text.parse::<Timestamp>().is_ok();
    let of_readings = at.contains("/sensitiveReads/") || at.contains("/seenBy/");
    of_readings
        && (at.to_lowercase().ends_with("cursor")
            || at.ends_with("/at") && is_instant(left) && is_instant(right))
}

/// Whether these are what a log says of itself and cannot be the same in two of them: hashes over ciphertexts, which are as random as
/// the keys, signatures, and the moment at which a log got its key. What else stands in a checkpoint is compared: which log it is of,
/// and of how many records.
fn of_log(at: &str, left: &str, right: &str) -> bool {
    let is_hash = |text: &str| text.parse::<Digest>().is_ok();
    let checkpoint = |text: &str| text.parse::<SignedCheckpoint>().ok();
    let key = |text: &str| text.parse::<VerifierKey>().ok();
    if let (Some(left), Some(right)) = (checkpoint(left), checkpoint(right)) {
        let (left, right) = (left.checkpoint(), right.checkpoint());
        return (&left.origin, left.size) == (&right.origin, right.size);
    }
    if at.ends_with("/record/leaf") {
        return leaf(left).is_some_and(|left| Some(left) == leaf(right));
    }
    if let (Some(left), Some(right)) = (key(left), key(right)) {
        return left.name() == right.name();
    }
    let is_moment = at.contains("/keys/") && at.ends_with("/since") && left.len() == right.len();
    is_hash(left) && is_hash(right) || is_moment
}

/// A record as it is hashed, without what is as random as the keys.
fn leaf(text: &str) -> Option<Value> {
    let mut leaf: Value = serde_json::from_str(text).ok()?;
    for sealed in leaf["sealed"].as_array_mut()? {
        for random in ["ciphertext_sha256", "key", "nonce"] {
            sealed[random] = Value::Null;
        }
    }
    Some(leaf)
}

/// How often each line stands there, with numbers and identifiers masked. In which words a connection ends that its client let
/// go is a matter of the moment.
fn counted(text: &str) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for line in text
        .lines()
        .filter(|line| !line.contains("a connection ended early"))
    {
        *lines.entry(masked(line)).or_default() += 1;
    }
    lines
}

/// A line without digits, times and identifiers.
fn masked(line: &str) -> String {
    let (mut all, mut word) = (String::new(), String::new());
    for letter in line.chars().chain(['\n']) {
        if letter.is_ascii_alphanumeric() || "-.:+_".contains(letter) {
            word.push(letter);
            continue;
        }
        let is_folder = word.starts_with(".tmp");
        let has_digit = word.contains(|one: char| one.is_ascii_digit());
        let is_plain = word
            .chars()
            .all(|one| one.is_ascii_alphabetic() || "_-.:".contains(one));
        all.push_str(if is_folder || (has_digit && !is_plain) {
            "#"
        } else {
            &word
        });
        word.clear();
        all.push(letter);
    }
    all.trim_end().to_owned()
}

impl fmt::Display for Compared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers: usize = self.answers.values().sum();
        writeln!(
            formatter,
            "{} pairs, {answers} answers to {} kinds of askers, {} messages to listeners, {} bytes, {} lines of logs and figures, {} of bundles",
            self.pairs,
            self.answers.len(),
            self.messages,
            self.bytes,
            self.lines,
            self.copied
        )?;
        for (asker, answers) in &self.answers {
            writeln!(formatter, "{answers:>8} answers to {asker}")?;
        }
        Ok(())
    }
}

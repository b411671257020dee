//! What every engine must do, as named cases anybody can run against theirs.
//!
//! A case gets a [`Bench`] with nothing in it, looks only through [`EventStore`], and answers in words.
//! Nothing here knows a disk: what only the embedded engine promises is tested beside it.

mod append;
mod follow;
mod keep;
mod life;
mod read;

use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use crate::record::{Actor, Position, Record, RecordError, SchemeId};
use crate::store::{EventStore, StoreError, Stored};

/// An engine on trial, with storage of its own.
pub trait Bench {
    /// The engine as it is now.
    fn store(&self) -> &dyn EventStore;
    /// Closes the engine and opens it anew on the same storage.
    fn reopen(&mut self);
}

/// One thing every engine must do.
pub struct Case {
    /// What it is, as a sentence.
    pub name: &'static str,
    run: fn(&mut dyn Bench) -> Outcome,
}

/// A case that an engine did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The case's name.
    pub case: &'static str,
    /// What was seen instead.
    pub reason: String,
}

/// All cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    [
        append::CASES,
        keep::CASES,
        read::CASES,
        follow::CASES,
        life::CASES,
    ]
    .concat()
    .into_iter()
    .map(|(name, run)| Case { name, run })
    .collect()
}

/// Runs every case on a fresh bench, telling `report` of each name before it runs.
pub fn run(mut make: impl FnMut() -> Box<dyn Bench>, mut report: impl FnMut(&str)) -> Vec<Failure> {
    let mut failures = Vec::new();
    for case in cases() {
        report(case.name);
        if let Err(Wrong(reason)) = (case.run)(&mut *make()) {
            failures.push(Failure {
                case: case.name,
                reason,
            });
        }
    }
    failures
}

/// A harmless record for `position` of `scheme`, one millisecond after the one before.
#[must_use]
pub fn sample(scheme: &SchemeId, position: Position) -> Record {
    Record {
        scheme: scheme.clone(),
        position,
        id: Uuid::from_u128(u128::from(position.0) | (0x7 << 76) | (0x8 << 60)),
        kind: "thing.happened".to_owned(),
        version: 1,
        recorded_at: instant(position.0),
        happened_on: "2026-01-01".to_owned(),
        actor: Actor {
            id: Uuid::from_u128(1),
            role: "coordinator".to_owned(),
        },
        reported_by: None,
        channel: None,
        command_id: None,
        correlation_id: None,
        causation_id: None,
        traceparent: None,
        subjects: vec![Uuid::from_u128(u128::from(position.0 % 3))],
        data: json!({ "number": position.to_string() }),
        sealed: Vec::new(),
    }
}

/// `count` samples that follow `head`.
#[must_use]
pub fn samples(scheme: &SchemeId, head: Position, count: u64) -> Vec<Record> {
    (1..=count)
        .map(|step| sample(scheme, head.plus(step)))
        .collect()
}

/// The name, and the function that tries it.
type Named = (&'static str, fn(&mut dyn Bench) -> Outcome);
type Outcome = Result<(), Wrong>;

/// What an engine did instead.
#[derive(Debug)]
struct Wrong(String);

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Self(format!("{error:?}"))
    }
}

impl From<RecordError> for Wrong {
    fn from(error: RecordError) -> Self {
        Self(format!("{error:?}"))
    }
}

/// How long a follower may take for what is there already.
const SOON: Duration = Duration::from_secs(10);
/// How long a follower waits for what never comes.
const BRIEFLY: Duration = Duration::from_millis(20);

fn name() -> SchemeId {
    named("trial")
}

/// Panics on a bad name: all of them are written in this module.
fn named(name: &'static str) -> SchemeId {
    match SchemeId::new(name) {
        Ok(scheme) => scheme,
        Err(error) => unreachable!("{name}: {error}"),
    }
}

/// A store with the scheme `trial` and one group of each size.
fn filled(bench: &mut dyn Bench, groups: &[u64]) -> Result<SchemeId, Wrong> {
    let scheme = name();
    bench.store().create(&scheme)?;
    for count in groups {
        grow(bench.store(), &scheme, *count)?;
    }
    Ok(scheme)
}

/// Appends one group of samples.
fn grow(store: &dyn EventStore, scheme: &SchemeId, count: u64) -> Result<Position, Wrong> {
    let head = store.head(scheme)?;
    Ok(store.append(scheme, head, samples(scheme, head, count))?)
}

/// Everything in the log.
fn all(store: &dyn EventStore, scheme: &SchemeId) -> Result<Vec<Stored>, Wrong> {
    Ok(store.read(scheme, Position::FIRST, usize::MAX)?)
}

fn positions(records: &[Stored]) -> Vec<u64> {
    records.iter().map(|stored| stored.position.0).collect()
}

/// Milliseconds after midnight as an instant. Enough for a day of records.
fn instant(milliseconds: u64) -> String {
    let (seconds, thousandths) = (milliseconds / 1000, milliseconds % 1000);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    format!(
        "2026-01-01T{:02}:{:02}:{:02}.{thousandths:03}Z",
        hours % 24,
        minutes % 60,
        seconds % 60
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a case reads better without borrowing what it expects"
)]
fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        Err(Wrong(format!("{what}: {found:?} instead of {expected:?}")))
    }
}

fn holds(what: &str, holds: bool) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Wrong(format!("not so: {what}")))
    }
}

/// Checks that a call failed in one particular way.
fn fails<T: std::fmt::Debug>(
    what: &str,
    result: Result<T, StoreError>,
    expected: impl Fn(&StoreError) -> bool,
) -> Outcome {
    match result {
        Err(error) if expected(&error) => Ok(()),
        other => Err(Wrong(format!("{what}: {other:?}"))),
    }
}

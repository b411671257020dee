//! Asking a platform, and reading what is in its log.

use super::{
    rounds::{Round, SCHEME},
    told::Answer,
};
use api::dispatch::{Failure, Outcome, Platform, Request};
use event_log::{
    EventStore as _, Position, SchemeId, StoreError, Stored,
    simulation::{FailingDisk, SimulatedDisk},
};
use jiff::Timestamp;
use projections::Snapshot;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use uuid::Uuid;

/// What makes a record the same record in two runs.
#[derive(Debug, PartialEq)]
pub struct Line {
    pub id: Uuid,
    pub kind: String,
    pub command: Option<Uuid>,
}

/// Sends the first command alone, and the others while its group is being synced: they form the next group.
pub async fn ask_all(
    platform: &Platform,
    failing: &FailingDisk,
    disk: &SimulatedDisk,
    round: &Round,
) -> Vec<Result<Answer, Failure>> {
    // Opened before anything is held, and without an answer of its own: the first command says what is wrong.
    let _opened = platform.snapshot(SCHEME).await;
    let send = |request: &Request| {
        let (platform, request, at) = (platform.clone(), request.clone(), round.at);
        tokio::spawn(async move { ask(&platform, request, at).await })
    };
    let (first, others) = round.requests.split_first().expect("a round has a command");
    let held = (!others.is_empty()).then(|| failing.hold_syncs("/journal/"));
    let mut waiting = vec![send(first)];
    tokio::task::yield_now().await;
    if held.is_some() {
        while failing.held_up(Duration::from_millis(1)) == 0 && !disk.crashed() {
            tokio::task::yield_now().await;
        }
    }
    waiting.extend(others.iter().map(send));
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    drop(held);
    let mut answers = Vec::new();
    for answer in waiting {
        answers.push(answer.await.expect("nobody panics"));
    }
    answers
}

pub async fn ask(platform: &Platform, request: Request, at: Timestamp) -> Result<Answer, Failure> {
    match platform.execute_at(SCHEME, request, Some(at)).await? {
        Outcome::Accepted(accepted) => Ok(Answer::Accepted(accepted.events)),
        Outcome::Rejected(refusal) => Ok(Answer::Refused(refusal)),
    }
}

/// The state of the scheme, folded; `None` if it does not exist.
pub async fn snapshot(platform: &Platform) -> Result<Option<Arc<Snapshot>>, String> {
    match platform.snapshot(SCHEME).await {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(Failure::UnknownScheme(_)) => Ok(None),
        Err(failure) => Err(format!("the scheme does not open: {failure:?}")),
    }
}

fn scheme() -> SchemeId {
    SchemeId::new(SCHEME).expect("a name")
}

pub fn head(platform: &Platform) -> u64 {
    let head = platform.store().head(&scheme());
    head.unwrap_or_default().0
}

pub fn lines(platform: &Platform) -> Result<Vec<Line>, String> {
    let stored = match platform.store().read(&scheme(), Position(1), usize::MAX) {
        Err(StoreError::NotFound(_)) => return Ok(Vec::new()),
        other => other.map_err(|error| format!("the log does not read: {error:?}"))?,
    };
    let line = |stored: &Stored| {
        let record = stored.record().map_err(|error| format!("{error:?}"))?;
        Ok(Line {
            id: record.id,
            kind: record.kind,
            command: record.command_id,
        })
    };
    stored.iter().map(line).collect()
}

pub fn group_ends(platform: &Platform) -> Result<BTreeSet<u64>, StoreError> {
    let mut ends = BTreeSet::new();
    let mut follower = platform.store().follow(&scheme(), Position(1))?;
    while let Some(group) = follower.next(Duration::ZERO)? {
        ends.extend(group.last().map(|stored| stored.position.0));
    }
    Ok(ends)
}

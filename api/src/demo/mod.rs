//! The demonstration: two years and seven weeks of a mentoring scheme, played by real commands through the
//! real writer.
//!
//! `office` writes the whole history down first, as a list of commands with their instants (`plan` is pure
//! and the same at every call); [`load`] plays it. The script knows beforehand what everything will be called,
//! because what a command makes is named from the command's own identifier. So nothing waits for an answer,
//! and an interrupted load goes on where the log ends. There is deliberately no way here to write anything
//! that the rules have not judged.

mod access;
mod arranging;
mod cast;
mod confidence;
mod development;
mod devon;
mod diary;
mod directory;
mod draw;
mod erasure;
mod journey;
mod lives;
mod meetings;
mod mistakes;
mod needs;
mod oddities;
mod office;
mod opening;
mod periods;
mod posts;
mod posts_confirmed;
mod recruiting;
mod script;
#[cfg(test)]
mod tests;
mod words;

use crate::dispatch::{Failure, Outcome, Platform};
use domain::identifiers::{EmployerId, PersonId};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use office::Plan;
use projections::{Snapshot, stage::Stage};
use script::Step;
use std::{collections::BTreeMap, ops::Range};
use thiserror::Error;

/// The scheme that is made.
pub const SCHEME: &str = "mentor-plus";

/// The instant of the first command.
pub const BEGINS: Timestamp = Timestamp::constant(1_727_769_600, 0); // 2024-10-01T08:00:00Z

/// The instant of the last command, from which the rehearsal's clock goes on.
pub const ANCHOR: Timestamp = Timestamp::constant(1_795_194_000, 0); // 2026-11-20T17:00:00Z

/// Commands that may wait for the writer at once: far fewer than it takes, and enough for large groups.
const AT_ONCE: usize = 1_024;

/// What there is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Whether anything was loaded now.
    pub loaded: bool,
    /// Events in the log.
    pub events: u64,
    /// Mentees by where they are.
    pub mentees: BTreeMap<Stage, usize>,
    /// Mentors.
    pub mentors: usize,
    /// Pairings, past and present.
    pub pairings: usize,
    /// A mentee in a live pairing, notified by [`Self::employer`].
    pub mentee: PersonId,
    /// The mentor of that pairing.
    pub mentor: PersonId,
    /// Somebody of whom a fact is still to be confirmed.
    pub to_be_confirmed: PersonId,
    /// The employer whose personnel system the reader may be.
    pub employer: EmployerId,
}

/// Why the demonstration could not be loaded.
#[derive(Debug, Error)]
pub enum DemoError {
    /// A directory for the real thing is no place for invented people.
    #[error("the demonstration is loaded into a directory for rehearsals only")]
    NotARehearsal,
    /// The scheme exists and is not this history, or the rules have changed under it.
    #[error("the rules refused command {number} of the demonstration, `{command}`: {message}")]
    Refused {
        /// Which, from 1.
        number: usize,
        /// Its name.
        command: &'static str,
        /// What was said.
        message: String,
    },
    /// Nobody is where the documentation looks for them.
    #[error("the history of the demonstration is not the one this version makes")]
    AnotherHistory,
    /// The platform failed.
    #[error(transparent)]
    Platform(#[from] Failure),
}

/// Loads what is not loaded yet. `progress` is told how many commands of how many are done.
pub async fn load(
    platform: &Platform,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Summary, DemoError> {
    if !platform.is_rehearsal() {
        return Err(DemoError::NotARehearsal);
    }
    let plan = office::plan().ok_or(DemoError::AnotherHistory)?;
    let done = done(platform, &plan.steps).await?;
    play(platform, &plan.steps, done, progress).await?;
    let snapshot = platform.snapshot(SCHEME).await?;
    summary(&snapshot, &plan, done < plan.steps.len()).ok_or(DemoError::AnotherHistory)
}

/// How many of `steps` came through: all up to the last that left anything in the log. The writer takes them
/// in order and writes groups whole, so nothing before it is missing.
async fn done(platform: &Platform, steps: &[Step]) -> Result<usize, Failure> {
    let snapshot = match platform.snapshot(SCHEME).await {
        Ok(snapshot) => snapshot,
        Err(Failure::UnknownScheme(_)) => return Ok(0),
        Err(failure) => return Err(failure),
    };
    let last = steps
        .iter()
        .rposition(|step| snapshot.outcomes.of(step.request.command_id).is_some());
    Ok(last.map_or(0, |last| last + 1))
}

/// Plays `steps` from number `from` on, many at once and in order.
async fn play(
    platform: &Platform,
    steps: &[Step],
    from: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), DemoError> {
    // The first one alone: the others must find the scheme that it makes.
    let alone = steps.len().min(from + 1);
    play_at_once(platform, steps, from..alone, progress).await?;
    play_at_once(platform, steps, alone..steps.len(), progress).await
}

async fn play_at_once(
    platform: &Platform,
    steps: &[Step],
    which: Range<usize>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), DemoError> {
    let from = which.start;
    let executed = stream::iter(&steps[which])
        .map(|step| platform.execute_at(SCHEME, step.request.clone(), Some(step.at)))
        .buffered(AT_ONCE);
    // The order in which commands reach the writer is the order in which they are first polled. Tokio's
    // budget would put some back in the queue, behind later ones.
    tokio::task::unconstrained(async {
        let mut executed = std::pin::pin!(executed);
        let mut number = from;
        while let Some(outcome) = executed.next().await {
            number += 1;
            if let Outcome::Rejected(refusal) = outcome? {
                return Err(DemoError::Refused {
                    number,
                    command: steps[number - 1].request.command.name(),
                    message: refusal.message,
                });
            }
            progress(number, steps.len());
        }
        Ok(())
    })
    .await
}

fn summary(snapshot: &Snapshot, plan: &Plan, loaded: bool) -> Option<Summary> {
    let scheme = &snapshot.scheme;
    let mentee = scheme.mentees.get(&plan.in_devon)?;
    let pairing = scheme.pairings.get(mentee.pairings.last()?)?;
    let mentees = Stage::ALL
        .into_iter()
        .map(|stage| (stage, snapshot.board.count(stage)));
    Some(Summary {
        loaded,
        events: snapshot.position(),
        mentees: mentees.collect(),
        mentors: scheme.mentors.size(),
        pairings: scheme.pairings.size(),
        mentee: mentee.person,
        mentor: *pairing.mentors.first()?,
        to_be_confirmed: snapshot.board.at(Stage::ToConfirm, None).next()?.mentee,
        employer: EmployerId::from(cast::DEVON),
    })
}

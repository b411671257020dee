//! The history of one person or one pairing, entry by entry, and what each entry changed.

use super::fold::{Log, Moment};
use crate::command_line::Failed;
use domain::appointment::Verdict;
use jiff::civil::Date;
use projections::{
    Snapshot,
    difference::{PairingState, capacity_default},
    stage::{MentorStage, Stage},
};
use std::fmt::Debug;
use uuid::Uuid;

/// One entry about the subject.
#[derive(Debug)]
pub struct Told {
    pub position: u64,
    pub recorded_at: String,
    pub happened_on: Date,
    pub kind: String,
    pub role: String,
    /// What is otherwise about the subject since: name, before, after.
    pub changed: Vec<(&'static str, Option<String>, Option<String>)>,
}

/// Every entry about `subject` up to `until`.
pub fn of(log: &mut Log, until: Moment, subject: Uuid) -> Result<Vec<Told>, Failed> {
    let mut told = Vec::new();
    log.fold(until, |step| {
        let before = standing(step.before, subject);
        let after = standing(step.after, subject);
        let changed: Vec<_> = before
            .into_iter()
            .zip(after)
            .filter(|((_, before), (_, after))| before != after)
            .map(|((name, before), (_, after))| (name, before, after))
            .collect();
        // What is told of a pairing changes the stage of its mentee too.
        if changed.is_empty() && !step.record.subjects.contains(&subject) {
            return;
        }
        told.push(Told {
            position: step.recorded.position,
            recorded_at: step.record.recorded_at.clone(),
            happened_on: step.recorded.happened_on,
            kind: step.record.kind.clone(),
            role: step.record.actor.role.clone(),
            changed,
        });
    })?;
    if told.is_empty() {
        return Err(format!("no entry of the log is about {subject}").into());
    }
    Ok(told)
}

/// How the subject stands, under names that are the same for every subject.
fn standing(state: &Snapshot, subject: Uuid) -> [(&'static str, Option<String>); 4] {
    let scheme = &state.scheme;
    let reached: Option<Stage> = state.board.card(subject.into()).map(|card| card.stage);
    let mentor = scheme.mentors.get(&subject.into());
    let mentor = mentor.map(|mentor| MentorStage::of(mentor, capacity_default(scheme)));
    let pairing = scheme.pairings.get(&subject.into()).map(PairingState::of);
    let judgements = scheme.judgements(subject.into());
    let verdict: Option<Verdict> = judgements.last().map(|judgement| judgement.verdict);
    [
        ("stage", word(reached)),
        ("mentorStage", word(mentor)),
        ("pairing", word(pairing)),
        ("verdict", word(verdict)),
    ]
}

fn word(of: Option<impl Debug>) -> Option<String> {
    of.map(|of| format!("{of:?}"))
}

//! `alongside replay`: folds a log anew, without the lock and beside the service.

use super::{Failed, Place};
use crate::dispatch::{System, codec};
use clap::Args;
use event_log::{Embedded, Options, SchemeId};
use indicatif::{ProgressBar, ProgressStyle};
use projections::{
    Snapshot,
    stage::{MentorStage, Stage},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::IsTerminal as _, sync::Arc};

/// Folds a scheme's log anew and says what comes out.
#[derive(Debug, Args)]
pub struct Replay {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// The last position to fold; the end of the log, if absent.
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// What a replay comes to.
struct Replayed {
    snapshot: Snapshot,
    kinds: BTreeMap<String, u64>,
    first: Option<String>,
    last: Option<String>,
}

impl Replay {
    pub fn run(self) -> Result<(), Failed> {
        let replayed = self.fold()?;
        if let Some(to) = self.to
            && replayed.snapshot.position() < to
        {
            return Err(format!(
                "position {to} lies beyond the end of the log, {}",
                replayed.snapshot.position()
            )
            .into());
        }
        if self.json {
            println!("{}", summary(&self.scheme, &replayed));
        } else {
            print(&self.scheme, &replayed);
        }
        Ok(())
    }

    fn fold(&self) -> Result<Replayed, Failed> {
        let scheme = SchemeId::new(self.scheme.as_str())?;
        let keys = self.place.master_keys()?;
        let options = keys.apply(Options::new(Arc::new(System)));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        let vault = store.vault(&scheme)?;
        let mut reader = store.reader(&scheme)?;
        let progress = progress();
        let mut replayed = Replayed {
            snapshot: Snapshot::default(),
            kinds: BTreeMap::new(),
            first: None,
            last: None,
        };
        let to = self.to.unwrap_or(u64::MAX);
        while let Some(group) = reader.next_group()? {
            for stored in group {
                if stored.position.0 > to {
                    return Ok(replayed);
                }
                let record = stored.record()?;
                let recorded = codec::understand(&record, &vault).map_err(|error| {
                    format!("position {}: {}", stored.position, super::chain(&error))
                })?;
                replayed.snapshot.fold(&recorded)?;
                *replayed.kinds.entry(record.kind).or_default() += 1;
                replayed
                    .first
                    .get_or_insert_with(|| record.recorded_at.clone());
                replayed.last = Some(record.recorded_at);
                progress.inc(1);
            }
        }
        progress.finish_and_clear();
        Ok(replayed)
    }
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {pos} events folded, {per_sec}");
    ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

fn stages(snapshot: &Snapshot) -> impl Iterator<Item = (String, usize)> {
    Stage::ALL
        .into_iter()
        .map(|stage| (format!("{stage:?}"), snapshot.board.count(stage)))
}

fn mentor_stages(snapshot: &Snapshot) -> Vec<(String, usize)> {
    let day = snapshot
        .scheme
        .policies
        .last()
        .map(|adopted| adopted.policy.mentors.capacity_default);
    let count = |stage| {
        let mentors = snapshot.scheme.mentors.values();
        mentors
            .filter(|mentor| MentorStage::of(mentor, day.unwrap_or(1)) == stage)
            .count()
    };
    MentorStage::ALL
        .into_iter()
        .map(|stage| (format!("{stage:?}"), count(stage)))
        .collect()
}

fn summary(scheme: &str, replayed: &Replayed) -> Value {
    let snapshot = &replayed.snapshot;
    json!({
        "scheme": scheme,
        "position": snapshot.position().to_string(),
        "firstRecordedAt": replayed.first,
        "lastRecordedAt": replayed.last,
        "events": replayed.kinds,
        "mentees": stages(snapshot).collect::<BTreeMap<_, _>>(),
        "mentors": mentor_stages(snapshot).into_iter().collect::<BTreeMap<_, _>>(),
        "pairings": snapshot.scheme.pairings.size(),
    })
}

fn print(scheme: &str, replayed: &Replayed) {
    let snapshot = &replayed.snapshot;
    println!("{scheme}: {} events", snapshot.position());
    if let (Some(first), Some(last)) = (&replayed.first, &replayed.last) {
        println!("recorded from {first} to {last}");
    }
    println!("\nevents");
    for (kind, count) in &replayed.kinds {
        println!("  {count:>7}  {kind}");
    }
    println!("\nmentees by stage");
    for (stage, count) in stages(snapshot) {
        println!("  {count:>7}  {stage}");
    }
    println!("\nmentors by stage");
    for (stage, count) in mentor_stages(snapshot) {
        println!("  {count:>7}  {stage}");
    }
}

//! `alongside replay`: folds a log anew, without the lock and beside the service; or an audit bundle, with nothing else.
//!
//! What it prints names people by identifiers alone, so it can be handed to an auditor.

pub(in crate::command_line) mod fold;
mod history;
mod told;

use super::{Failed, Place};
use clap::Args;
use fold::{Log, Moment};
use projections::difference::Difference;
use std::path::PathBuf;
use uuid::Uuid;

/// Folds a scheme's log anew and says what comes out.
#[derive(Debug, Args)]
pub struct Replay {
    /// The scheme.
    #[arg(long, value_name = "ID", required_unless_present = "bundle")]
    scheme: Option<String>,
    /// Folds this audit bundle instead, once it was checked: what is sealed counts as erased. No data directory is needed.
    #[arg(long, value_name = "FILE", conflicts_with = "scheme")]
    bundle: Option<PathBuf>,
    /// The last position to fold; the end of the log, if absent.
    #[arg(long, value_name = "POSITION", conflicts_with = "at")]
    to: Option<u64>,
    /// Folds what was recorded by this instant (RFC 3339).
    #[arg(long, value_name = "INSTANT")]
    at: Option<jiff::Timestamp>,
    /// Tells what changed from one moment to another: two positions or instants.
    #[arg(
        long,
        num_args = 2,
        value_names = ["FROM", "TO"],
        conflicts_with_all = ["to", "at", "person", "pairing"]
    )]
    diff: Option<Vec<Moment>>,
    /// Tells the history of one person, entry by entry: their identifier, bare or as the API gives it.
    #[arg(long, value_name = "ID", value_parser = identifier, conflicts_with = "pairing")]
    person: Option<Uuid>,
    /// Tells the history of one pairing, entry by entry.
    #[arg(long, value_name = "ID", value_parser = identifier)]
    pairing: Option<Uuid>,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Replay {
    pub fn run(self) -> Result<(), Failed> {
        let mut log = match (self.bundle, &self.scheme) {
            (Some(path), _) => Log::Bundle { path, scheme: None },
            (None, Some(scheme)) => Log::open(&self.place, scheme)?,
            (None, None) => return Err("name a scheme, or give a bundle".into()),
        };
        let until = match (self.to, self.at) {
            (Some(position), _) => Moment::Position(position),
            (None, Some(at)) => Moment::RecordedAt(at),
            (None, None) => Moment::End,
        };
        let told = if let Some(moments) = &self.diff {
            let found = difference(&mut log, moments)?;
            told::difference(log.scheme(), &found, self.json)?
        } else if let Some(subject) = self.person.or(self.pairing) {
            let steps = history::of(&mut log, until, subject)?;
            told::history(log.scheme(), subject, &steps, self.json)?
        } else {
            let replayed = log.fold(until, |_| ())?;
            told::replayed(log.scheme(), &replayed, self.json)?
        };
        print!("{told}");
        Ok(())
    }
}

fn difference(log: &mut Log, moments: &[Moment]) -> Result<Difference, Failed> {
    let [from, to] = moments else {
        return Err("give two moments".into());
    };
    let before = log.fold(*from, |_| ())?.snapshot;
    let after = log.fold(*to, |_| ())?.snapshot;
    if after.position() < before.position() {
        return Err(format!(
            "the second moment, position {}, lies before the first, position {}; give the earlier one first",
            after.position(),
            before.position()
        )
        .into());
    }
    Ok(Difference::between(&before, &after))
}

/// A UUID, bare or behind scheme and type.
fn identifier(text: &str) -> Result<Uuid, String> {
    let key = text.rsplit(':').next().unwrap_or(text);
    Uuid::parse_str(key)
        .map_err(|_| "an identifier is a UUID, or what the API gives as `id`".to_owned())
}

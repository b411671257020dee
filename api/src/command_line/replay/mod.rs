//! `alongside replay`: folds a log anew, without the lock and beside the service.
//!
//! What it prints names people by identifiers alone, so it can be handed to an auditor.

pub(in crate::command_line) mod fold;
mod history;
mod told;

use super::{Failed, Place};
use clap::Args;
use fold::{Log, Moment};
use projections::difference::Difference;
use uuid::Uuid;

/// Folds a scheme's log anew and says what comes out.
#[derive(Debug, Args)]
pub struct Replay {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
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
        let log = Log::open(&self.place, &self.scheme)?;
        let until = match (self.to, self.at) {
            (Some(position), _) => Moment::Position(position),
            (None, Some(at)) => Moment::RecordedAt(at),
            (None, None) => Moment::End,
        };
        let scheme = self.scheme.as_str();
        let told = if let Some(moments) = &self.diff {
            told::difference(scheme, &difference(&log, moments)?, self.json)?
        } else if let Some(subject) = self.person.or(self.pairing) {
            let steps = history::of(&log, until, subject)?;
            told::history(scheme, subject, &steps, self.json)?
        } else {
            told::replayed(scheme, &log.fold(until, |_| ())?, self.json)?
        };
        print!("{told}");
        Ok(())
    }
}

fn difference(log: &Log, moments: &[Moment]) -> Result<Difference, Failed> {
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

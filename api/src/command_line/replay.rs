//! `alongside replay`: folds a log anew, without the lock and beside the service; or an audit bundle, with nothing else.

use super::{Failed, Place, verify_bundle};
use crate::dispatch::{
    System,
    codec::{self, CodecError},
};
use clap::Args;
use domain::Recorded;
use event_log::{
    Embedded, Options, Record, SchemeId,
    bundle::{self, BundleError, Expected, Seen},
};
use indicatif::{ProgressBar, ProgressStyle};
use projections::{
    Snapshot,
    stage::{MentorStage, Stage},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, IsTerminal as _},
    path::{Path, PathBuf},
    sync::Arc,
};

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
    scheme: String,
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
            println!("{}", summary(&replayed));
        } else {
            print(&replayed);
        }
        Ok(())
    }

    fn fold(&self) -> Result<Replayed, Failed> {
        match (&self.bundle, &self.scheme) {
            (Some(bundle), _) => self.fold_bundle(bundle),
            (None, Some(scheme)) => self.fold_log(scheme),
            (None, None) => Err("name a scheme, or give a bundle".into()),
        }
    }

    fn fold_log(&self, scheme: &str) -> Result<Replayed, Failed> {
        let mut replayed = Replayed::new(scheme);
        let scheme = SchemeId::new(scheme)?;
        let keys = self.place.master_keys()?;
        let options = keys.apply(Options::new(Arc::new(System)));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        let vault = store.vault(&scheme)?;
        let mut reader = store.reader(&scheme)?;
        let progress = progress();
        let to = self.to.unwrap_or(u64::MAX);
        while let Some(group) = reader.next_group()? {
            for stored in group {
                if stored.position.0 > to {
                    return Ok(replayed);
                }
                let record = stored.record()?;
                replayed.take(record, |record| codec::understand(record, &vault))?;
                progress.inc(1);
            }
        }
        progress.finish_and_clear();
        Ok(replayed)
    }

    /// Nothing is told of a bundle that does not hold to its end.
    fn fold_bundle(&self, path: &Path) -> Result<Replayed, Failed> {
        let mut replayed = Replayed::new("");
        let to = self.to.unwrap_or(u64::MAX);
        let progress = progress();
        let found = File::open(path)
            .map_err(BundleError::Read)
            .and_then(|file| {
                let file = BufReader::with_capacity(1 << 20, file);
                bundle::verify(file, &Expected::default(), |seen| match seen {
                    Seen::Record(record) if record.position.0 <= to => {
                        progress.inc(1);
                        replayed.take(*record, codec::understand_leaf)
                    }
                    Seen::Withheld(position) if position.0 <= to => {
                        Err("it is withheld: only a history without gaps can be folded".into())
                    }
                    Seen::Record(_) | Seen::Withheld(_) => Ok(()),
                })
            });
        progress.finish_and_clear();
        let found = found.map_err(|error| verify_bundle::told(path, &error))?;
        replayed.scheme = found.manifest.scheme.to_string();
        Ok(replayed)
    }
}

impl Replayed {
    fn new(scheme: &str) -> Self {
        Self {
            scheme: scheme.to_owned(),
            snapshot: Snapshot::default(),
            kinds: BTreeMap::new(),
            first: None,
            last: None,
        }
    }

    /// Folds one record, as `understand` reads it.
    fn take(
        &mut self,
        record: Record,
        understand: impl Fn(&Record) -> Result<Recorded, CodecError>,
    ) -> Result<(), Failed> {
        let recorded = understand(&record)
            .map_err(|error| format!("position {}: {}", record.position, super::chain(&error)))?;
        self.snapshot.fold(&recorded)?;
        *self.kinds.entry(record.kind).or_default() += 1;
        self.first.get_or_insert_with(|| record.recorded_at.clone());
        self.last = Some(record.recorded_at);
        Ok(())
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

fn summary(replayed: &Replayed) -> Value {
    let snapshot = &replayed.snapshot;
    json!({
        "scheme": replayed.scheme,
        "position": snapshot.position().to_string(),
        "firstRecordedAt": replayed.first,
        "lastRecordedAt": replayed.last,
        "events": replayed.kinds,
        "mentees": stages(snapshot).collect::<BTreeMap<_, _>>(),
        "mentors": mentor_stages(snapshot).into_iter().collect::<BTreeMap<_, _>>(),
        "pairings": snapshot.scheme.pairings.size(),
    })
}

fn print(replayed: &Replayed) {
    let snapshot = &replayed.snapshot;
    println!("{}: {} events", replayed.scheme, snapshot.position());
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

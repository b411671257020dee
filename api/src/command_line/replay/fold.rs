//! Folding a log from its beginning up to a moment.

use crate::{
    command_line::{Failed, Place, chain},
    dispatch::{System, codec},
};
use domain::Recorded;
use event_log::{Embedded, Options, ReadOnlyStore, Record, SchemeId, Vault};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use projections::Snapshot;
use std::{collections::BTreeMap, io::IsTerminal as _, str::FromStr, sync::Arc};

/// Up to where a log is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Up to and with this position.
    Position(u64),
    /// What was recorded by this instant.
    RecordedAt(Timestamp),
    /// All of it.
    End,
}

impl Moment {
    fn includes(self, recorded: &Recorded) -> bool {
        match self {
            Self::Position(position) => recorded.position <= position,
            Self::RecordedAt(at) => recorded.recorded_at <= at,
            Self::End => true,
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let position = text.parse().ok().map(Self::Position);
        let instant = || text.parse().ok().map(Self::RecordedAt);
        position.or_else(instant).ok_or_else(|| {
            "a moment is a position in digits, or an instant as in RFC 3339".to_owned()
        })
    }
}

/// What a replay comes to.
pub struct Replayed {
    pub snapshot: Snapshot,
    /// How many entries of each type there were.
    pub kinds: BTreeMap<String, u64>,
    pub first: Option<String>,
    pub last: Option<String>,
}

/// One entry as it is folded.
pub struct Step<'a> {
    pub record: &'a Record,
    pub recorded: &'a Recorded,
    pub before: &'a Snapshot,
    pub after: &'a Snapshot,
}

/// The log of a scheme that is only read.
pub struct Log {
    store: ReadOnlyStore,
    scheme: SchemeId,
    vault: Vault,
}

impl Log {
    pub fn open(place: &Place, scheme: &str) -> Result<Self, Failed> {
        let scheme = SchemeId::new(scheme)?;
        let keys = place.master_keys()?;
        let options = keys.apply(Options::new(Arc::new(System)));
        let store = Embedded::open_read_only(place.directory()?, options)?;
        let vault = store.vault(&scheme)?;
        Ok(Self {
            store,
            scheme,
            vault,
        })
    }

    /// Folds up to `until`, and shows each entry to `each` with the states around it. A moment that the log does not reach,
    /// or before its first entry, is an error.
    pub fn fold(&self, until: Moment, mut each: impl FnMut(Step<'_>)) -> Result<Replayed, Failed> {
        let mut reader = self.store.reader(&self.scheme)?;
        let progress = progress();
        let mut replayed = Replayed {
            snapshot: Snapshot::default(),
            kinds: BTreeMap::new(),
            first: None,
            last: None,
        };
        'groups: while let Some(group) = reader.next_group()? {
            for stored in group {
                let record = stored.record()?;
                let recorded = codec::understand(&record, &self.vault)
                    .map_err(|error| format!("position {}: {}", stored.position, chain(&error)))?;
                if !until.includes(&recorded) {
                    break 'groups;
                }
                let before = replayed.snapshot.clone();
                replayed.snapshot.fold(&recorded)?;
                each(Step {
                    record: &record,
                    recorded: &recorded,
                    before: &before,
                    after: &replayed.snapshot,
                });
                *replayed.kinds.entry(record.kind).or_default() += 1;
                replayed
                    .first
                    .get_or_insert_with(|| record.recorded_at.clone());
                replayed.last = Some(record.recorded_at);
                progress.inc(1);
            }
        }
        progress.finish_and_clear();
        reached(until, replayed)
    }
}

fn reached(until: Moment, replayed: Replayed) -> Result<Replayed, Failed> {
    let end = replayed.snapshot.position();
    match until {
        Moment::Position(0) => Err("positions begin at 1".into()),
        Moment::Position(position) if end < position => {
            Err(format!("position {position} lies beyond the end of the log, {end}").into())
        }
        Moment::RecordedAt(at) if end == 0 => {
            Err(format!("nothing was recorded by {at}; the log begins later").into())
        }
        Moment::Position(_) | Moment::RecordedAt(_) | Moment::End => Ok(replayed),
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

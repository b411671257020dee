//! Folding a log from its beginning up to a moment.

use crate::{
    command_line::{Failed, Place, chain, verify_bundle},
    dispatch::{
        System,
        codec::{self, CodecError},
    },
};
use domain::Recorded;
use event_log::{
    Embedded, Options, ReadOnlyStore, Record, SchemeId, Vault,
    bundle::{self, BundleError, Expected, Seen},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use projections::Snapshot;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, IsTerminal as _},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

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
#[derive(Default)]
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

/// Where a history is read.
pub enum Log {
    /// In a data directory, beside the service.
    Directory {
        store: Box<ReadOnlyStore>,
        scheme: SchemeId,
        vault: Box<Vault>,
    },
    /// In an audit bundle: what is sealed counts as erased.
    Bundle {
        path: PathBuf,
        /// Once it was read.
        scheme: Option<SchemeId>,
    },
}

impl Log {
    pub fn open(place: &Place, scheme: &str) -> Result<Self, Failed> {
        let scheme = place.scheme(scheme)?;
        let keys = place.master_keys()?;
        let options = keys.apply(Options::new(Arc::new(System)));
        let store = Embedded::open_read_only(place.directory()?, options)?;
        let vault = Box::new(store.vault(&scheme)?);
        Ok(Self::Directory {
            store: Box::new(store),
            scheme,
            vault,
        })
    }

    /// The scheme whose history it is; empty for a bundle that was not read yet.
    pub fn scheme(&self) -> &str {
        match self {
            Self::Directory { scheme, .. } => scheme.as_str(),
            Self::Bundle { scheme, .. } => scheme.as_ref().map_or("", SchemeId::as_str),
        }
    }

    /// Folds up to `until`, and shows each entry to `each` with the states around it. A moment that the log does not reach,
    /// or before its first entry, is an error.
    pub fn fold(&mut self, until: Moment, each: impl FnMut(Step<'_>)) -> Result<Replayed, Failed> {
        let mut folding = Folding {
            until,
            is_past: false,
            replayed: Replayed::default(),
            progress: progress(),
            each,
        };
        match self {
            Self::Directory {
                store,
                scheme,
                vault,
            } => {
                let mut reader = store.reader(scheme)?;
                while !folding.is_past
                    && let Some(group) = reader.next_group()?
                {
                    for stored in group {
                        folding
                            .take(&stored.record()?, |record| codec::understand(record, vault))?;
                    }
                }
            }
            Self::Bundle { path, scheme } => *scheme = Some(folding.take_bundle(path)?),
        }
        folding.progress.finish_and_clear();
        reached(until, folding.replayed)
    }
}

/// A state in the making.
struct Folding<F> {
    until: Moment,
    /// Whether what comes next was recorded after the moment.
    is_past: bool,
    replayed: Replayed,
    progress: ProgressBar,
    each: F,
}

impl<F: FnMut(Step<'_>)> Folding<F> {
    /// Folds one record, as `understand` reads it, unless it lies beyond the moment.
    fn take(
        &mut self,
        record: &Record,
        understand: impl Fn(&Record) -> Result<Recorded, CodecError>,
    ) -> Result<(), Failed> {
        if self.is_past {
            return Ok(());
        }
        let recorded = understand(record)
            .map_err(|error| format!("position {}: {}", record.position, chain(&error)))?;
        self.is_past = !self.until.includes(&recorded);
        if self.is_past {
            return Ok(());
        }
        let replayed = &mut self.replayed;
        let before = replayed.snapshot.clone();
        replayed.snapshot.fold(&recorded)?;
        (self.each)(Step {
            record,
            recorded: &recorded,
            before: &before,
            after: &replayed.snapshot,
        });
        *replayed.kinds.entry(record.kind.clone()).or_default() += 1;
        replayed
            .first
            .get_or_insert_with(|| record.recorded_at.clone());
        replayed.last = Some(record.recorded_at.clone());
        self.progress.inc(1);
        Ok(())
    }

    /// Folds a bundle, and says whose history it is. Nothing is told of one that does not hold to its end.
    fn take_bundle(&mut self, path: &Path) -> Result<SchemeId, Failed> {
        let opened = File::open(path).map_err(BundleError::Read);
        let found = opened.and_then(|file| {
            let file = BufReader::with_capacity(1 << 20, file);
            bundle::verify(file, &Expected::default(), |seen| match seen {
                Seen::Record(record) => self.take(&record, codec::understand_leaf),
                Seen::Withheld(position) if self.needs(position.0) => {
                    Err("it is withheld: only a history without gaps can be folded".into())
                }
                Seen::Withheld(_) => Ok(()),
            })
        });
        let found = found.map_err(|error| verify_bundle::told(path, &error))?;
        Ok(found.manifest.scheme)
    }

    fn needs(&self, position: u64) -> bool {
        match self.until {
            Moment::Position(last) => position <= last,
            Moment::RecordedAt(_) | Moment::End => !self.is_past,
        }
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

//! `alongside report`: what a scheme came to, as a page, as tables, or both. Without the lock, beside the service.

use super::{
    Failed, Place, periods,
    replay::fold::{Log, Moment},
};
use crate::{
    dispatch::day,
    outside,
    report::{About, Audience, Report as Made, contents, files, page},
};
use clap::{ArgGroup, Args};
use domain::period::Period;
use event_log::{ReadOnlyStore, SchemeId};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

/// Reports what a scheme came to.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("where").args(["out", "csv", "json"]).multiple(true).required(true))]
pub struct Report {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// For whom it is. The commissioner's has no breakdown, and withholds groups under five.
    #[arg(long = "for", value_name = "AUDIENCE", value_enum)]
    audience: Audience,
    /// As of when: a position, or an instant as in RFC 3339 [default: the last entry; for the commissioner the end of the
    /// last published period, and no other moments].
    #[arg(long, value_name = "MOMENT")]
    as_of: Option<Moment>,
    /// As it was known when the figures of this period were published last, from its first to its last day.
    #[arg(long, value_name = "FROM/THROUGH", conflicts_with = "as_of")]
    period: Option<Period>,
    /// Counts those alone of whom a notice first told on this day or later.
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// The page to write (HTML, one file with everything in it). One that is there is replaced once the new one is whole.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The folder for the tables, one file each (CSV); made if it is not there.
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    /// The file for all tables in one object (JSON).
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

impl Report {
    pub fn run(self) -> Result<(), Failed> {
        let mut log = Log::open(&self.place, &self.scheme)?;
        let (moment, period) = match &log {
            Log::Directory { store, scheme, .. } => self.moment(store, scheme)?,
            Log::Bundle { .. } => return Err(FROM_A_DIRECTORY.into()),
        };
        let state = log.fold(moment, |_| ())?.snapshot;
        let Log::Directory { store, scheme, .. } = &log else {
            return Err(FROM_A_DIRECTORY.into());
        };
        let about = About {
            period: period.map(|period| period.to_string()),
            ..self.about(store, scheme, &state, moment)?
        };
        let matrix = self.place.matrix()?;
        let given = self.audience.given(&matrix);
        self.write(&contents(&state, about, given))
    }

    /// As of which moment it is, and of which published period that is the end.
    fn moment(
        &self,
        store: &ReadOnlyStore,
        scheme: &SchemeId,
    ) -> Result<(Moment, Option<Period>), Failed> {
        let alone = self.audience.is_given_published_periods_alone();
        if self.period.is_none() && !alone {
            return Ok((self.as_of.unwrap_or(Moment::End), None));
        }
        let published = periods::published(store, scheme)?;
        let found = match (self.period, self.as_of) {
            (Some(period), _) => Some(periods::publication(&published, period, scheme)?),
            (None, None) => published.last_end(),
            (None, Some(Moment::Position(position))) => published.at(position),
            (None, Some(_)) => None,
        };
        let found = found.ok_or_else(|| {
            format!(
                "{scheme}: {} is given the figures of published periods alone; name one with --period. {}",
                self.audience.name(),
                periods::there_are(&published)
            )
        })?;
        let first = found.period.from;
        if alone && self.since.is_some_and(|since| since != first) {
            return Err(format!(
                "{} is given figures since the first day of the period, or since the beginning: give --since {first}, or \
                 leave it out",
                self.audience.name()
            )
            .into());
        }
        Ok((Moment::Position(found.position), Some(found.period)))
    }

    fn about(
        &self,
        store: &ReadOnlyStore,
        scheme: &SchemeId,
        state: &Snapshot,
        moment: Moment,
    ) -> Result<About, Failed> {
        let position = state.position();
        let last = state.trail.recorded_at(position);
        let last = last.ok_or_else(|| format!("nothing was recorded in {scheme} yet"))?;
        let at = match moment {
            // A rehearsal may be ahead of the clock on the wall.
            Moment::RecordedAt(at) if at > last.max(outside::wall_clock()) => {
                return Err(format!("{at} is yet to come; give an instant that has passed").into());
            }
            Moment::RecordedAt(at) => at,
            Moment::Position(_) | Moment::End => last,
        };
        let named = state.scheme.opening.as_ref().map(|opened| &opened.name);
        let kept = store.checkpoints(scheme)?;
        let is_signed = kept
            .iter()
            .any(|signed| signed.checkpoint().size <= position);
        let key = store.log_keys(scheme)?.pop().filter(|_| is_signed);
        Ok(About {
            scheme: scheme.to_string(),
            name: named.map_or_else(|| scheme.to_string(), Clone::clone),
            audience: self.audience,
            alongside: env!("CARGO_PKG_VERSION"),
            position,
            recorded_at: written(last),
            day: day(state, at),
            period: None,
            since: self.since,
            records: position,
            root: store.tree(scheme)?.root(position)?.to_string(),
            verify_root: format!("alongside verify --scheme {scheme} --to {position}"),
            verify_checkpoint: key.map(|known| {
                let key = known.key;
                format!("alongside verify --scheme {scheme} --checkpoint FILE --key {key}")
            }),
        })
    }

    /// Everything that was asked for, or a word on what could not be written.
    fn write(&self, report: &Made) -> Result<(), Failed> {
        if let Some(path) = &self.out {
            whole(path, page::page(report)?.as_bytes())?;
        }
        if let Some(path) = &self.json {
            let mut text = serde_json::to_string_pretty(&files::object(report))?;
            text.push('\n');
            whole(path, text.as_bytes())?;
        }
        if let Some(folder) = &self.csv {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
            for (name, content) in files::sheets(report)? {
                whole(&folder.join(name), &content)?;
            }
        }
        let written = [&self.out, &self.json, &self.csv].into_iter().flatten();
        let written: Vec<String> = written.map(|path| path.display().to_string()).collect();
        println!(
            "{}: {} tables for {} as of position {}, in {}",
            report.about.scheme,
            report.sections.len(),
            report.about.audience.name(),
            report.about.position,
            written.join(", ")
        );
        Ok(())
    }
}

/// A bundle has no checkpoints of its own to hold a report to.
const FROM_A_DIRECTORY: &str = "a report is made of a data directory";

/// As in records.
fn written(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Writes a file beside its place, and puts it there once it is whole.
fn whole(path: &Path, content: &[u8]) -> Result<(), Failed> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    written.map_err(|error| {
        // What was begun is of no use to anybody; if it cannot be removed either, the reason is the same.
        let _ = fs::remove_file(&beside);
        unwritable(path, &error)
    })
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failed {
    format!("{}: {error}", path.display()).into()
}

//! `alongside export`: a scheme's history in one file that anybody can check, made without the lock beside the service.

use super::{Failed, Place, verify_bundle};
use crate::{contracts, dispatch::System};
use clap::Args;
use event_log::{
    Embedded, OpenError, Options, ReadOnlyStore, Record, SchemeId,
    bundle::{self, Contents, Expected, Manifest},
};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufReader, BufWriter},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};
use uuid::Uuid;

/// The types of event that bring what a scheme goes by, with its content.
const ADOPTED: [&str; 3] = ["policy.adopted", "register.adopted", "calendar.adopted"];

/// Writes a scheme's history into one file.
#[derive(Debug, Args)]
pub struct Export {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// The file to write. One that is there is replaced once the new one is whole.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Ends at this position, of which a checkpoint must be kept [default: the latest checkpoint].
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// Withholds all records but those at these positions: numbers and ranges, with commas.
    #[arg(long, value_name = "POSITIONS")]
    only: Option<Ranges>,
    /// Withholds all records but those of this type of event; may be repeated.
    #[arg(long = "type", value_name = "TYPE")]
    kinds: Vec<String>,
    /// Withholds all records but those about this opaque identifier; may be repeated.
    #[arg(long, value_name = "ID")]
    about: Vec<Uuid>,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Export {
    pub fn run(self) -> Result<(), Failed> {
        let scheme = SchemeId::new(self.scheme.as_str())?;
        let directory = self.place.directory()?;
        if !bundle::shelved(&directory, &scheme).exists() {
            self.place.scheme(&self.scheme)?;
        }
        let temporary = self.beside();
        let written = self.write(&scheme, &directory, &temporary).and_then(|()| {
            // What is given away is what was read back and found whole.
            let file = File::open(&temporary)?;
            let read = BufReader::with_capacity(1 << 20, file);
            let verified = bundle::verify(read, &Expected::default(), |_| Ok(()))?;
            fs::rename(&temporary, &self.out)?;
            Ok(verified)
        });
        if written.is_err() && temporary.exists() {
            fs::remove_file(&temporary)?;
        }
        let verified = written?;
        if self.json {
            verify_bundle::print(&verified, true);
        } else {
            self.print(&verified.manifest);
        }
        Ok(())
    }

    /// The bundle of a log, or one that was taken in.
    fn write(&self, scheme: &SchemeId, directory: &Path, to: &Path) -> Result<(), Failed> {
        let unwritable = |error: io::Error| format!("{}: {error}", to.display());
        let kept = bundle::shelved(directory, scheme);
        let keys = self.place.master_keys()?;
        let options = keys.apply(Options::new(Arc::new(System)));
        let store = match Embedded::open_read_only(directory, options) {
            Err(OpenError::Missing { .. }) if kept.exists() => None,
            opened => Some(opened?),
        };
        let is_here = store.as_ref().map(ReadOnlyStore::schemes).transpose()?;
        let is_here = is_here.is_some_and(|schemes| schemes.contains(scheme));
        let file = File::create(to).map_err(unwritable)?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        match store.filter(|_| is_here || !kept.exists()) {
            Some(store) => {
                let schemas = contracts::of_history()?;
                let signer = bundle::log_signer(&store, scheme).map_err(advised)?;
                let contents = Contents {
                    checkpoints: store.checkpoints(scheme)?,
                    size: self.to,
                    schema: &|kind, version| schemas.get(&(kind.to_owned(), version)).cloned(),
                    adopted: &ADOPTED,
                    choice: &|record| self.holds(record),
                };
                bundle::export(&store, scheme, &contents, &signer, &mut out).map_err(advised)?;
            }
            None if self.is_partial() => {
                return Err("a bundle that was taken in is written again as it came: --to, --only, --type and --about would need the log's key".into());
            }
            None => {
                let mut kept = File::open(kept)?;
                io::copy(&mut kept, &mut out).map_err(unwritable)?;
            }
        }
        let file = out
            .into_inner()
            .map_err(|error| unwritable(error.into_error()))?;
        file.sync_all().map_err(unwritable)?;
        Ok(())
    }

    /// Where it is written until it is whole.
    fn beside(&self) -> PathBuf {
        let mut name = self.out.clone().into_os_string();
        name.push(".part");
        PathBuf::from(name)
    }

    fn is_partial(&self) -> bool {
        self.to.is_some() || self.only.is_some() || !self.kinds.is_empty() || !self.about.is_empty()
    }

    /// Whether a record is in the bundle: everything that was asked for must agree.
    fn holds(&self, record: &Record) -> bool {
        let of = |ranges: &Ranges| ranges.hold(record.position.0);
        let about = |subject: &Uuid| record.subjects.contains(subject);
        self.only.as_ref().is_none_or(of)
            && (self.kinds.is_empty() || self.kinds.contains(&record.kind))
            && (self.about.is_empty() || self.about.iter().any(about))
    }

    fn print(&self, manifest: &Manifest) {
        println!(
            "{}: {} records, {} of them withheld, and {} checkpoints in {}",
            manifest.scheme,
            manifest.records.count,
            manifest.withheld,
            manifest.checkpoints.count,
            self.out.display(),
        );
        println!("signed by {}", manifest.key);
        eprintln!(
            "Give the key on by another way than the file, and say with it how to check: alongside verify --bundle FILE --key KEY --checkpoint FILE"
        );
    }
}

/// With what to do where there is no checkpoint to end at.
fn advised(error: bundle::BundleError) -> Failed {
    match error {
        bundle::BundleError::NoCheckpoint(_) => {
            let when = "one is signed when the service stops, after every 1000 events, and whenever somebody asks the service \
                for one (docs/guides/checkpoints.md)";
            format!("{error}; {when}").into()
        }
        other => other.into(),
    }
}

/// Positions as an operator lists them: `1-20,55`.
#[derive(Debug, Clone)]
struct Ranges(BTreeSet<(u64, u64)>);

impl Ranges {
    fn hold(&self, position: u64) -> bool {
        self.0
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&position))
    }
}

impl FromStr for Ranges {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let range = |word: &str| {
            let (from, to) = word.split_once('-').unwrap_or((word, word));
            let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
            (1 <= from && from <= to).then_some((from, to))
        };
        let ranges = text.split(',').map(range).collect::<Option<_>>();
        ranges.map(Self).ok_or_else(|| {
            "positions are numbers from 1 and ranges of them, with commas between: 1-20,55"
                .to_owned()
        })
    }
}

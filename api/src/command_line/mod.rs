//! The command line: what an operator types, and what it prints.
//!
//! Exit codes: 0 done, 1 refused or failed, 2 not understood. What a machine reads goes to standard output,
//! what a person reads beside it to standard error.

mod backup;
mod checkpoint;
pub(crate) mod config;
mod cosign;
mod demo;
mod erasures;
mod export;
mod import;
mod keys;
mod master_key;
mod mode;
mod periods;
mod replay;
mod report;
mod restore;
mod schema;
mod serve;
mod token;
mod verify;
mod verify_bundle;
mod what_if;

use crate::{
    dispatch::{Budget, System},
    identity::access::Matrix,
    outside,
};
use clap::{Args, Parser, Subcommand};
use event_log::{Embedded, Options, SchemeId};
use std::{error::Error, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

/// Runs mentoring schemes for children's-services social work: every act in a durable, provable log,
/// every answer through a documented API.
#[derive(Debug, Parser)]
#[command(
    name = "alongside",
    version,
    about,
    after_help = "Begin with: alongside demo"
)]
struct Arguments {
    #[command(subcommand)]
    command: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Loads a demonstration scheme of two years and serves it.
    #[command(after_help = "Example: alongside demo --data /tmp/demo --listen 127.0.0.1:8080")]
    Demo(demo::Demo),
    /// Serves the schemes of a data directory.
    #[command(
        after_help = "Example: alongside serve --data /var/lib/alongside --listen 127.0.0.1:8080"
    )]
    Serve(serve::Serve),
    /// Mints a bearer token, signed by the data directory's own key, and prints it on the last line.
    #[command(
        after_help = "Example: alongside token --role employer --scheme mentor-plus --employer E10000008 --ttl 8h"
    )]
    Token(token::Token),
    /// Pushes a starters report into a scheme, as a personnel system would, or brings an old spreadsheet forward (CSV). The
    /// service must not be running. Or takes in an audit bundle, to be kept, checked and given on.
    #[command(
        after_help = "Examples: alongside import --scheme mentor-plus --employer E10000008 starters.csv\n          alongside import --scheme mentor-plus --kind past-year --dry-run list.csv\n          alongside import --bundle mentor-plus.bundle --data /srv/audited"
    )]
    Import(import::Import),
    /// Folds a scheme's log anew, up to any position, and says what comes out. Runs beside the service.
    #[command(
        after_help = "Examples: alongside replay --scheme mentor-plus --to 500 --json\n          alongside replay --scheme mentor-plus --diff 2026-01-01T00:00:00Z 2026-04-01T00:00:00Z\n          alongside replay --scheme mentor-plus --person 6f1d9a52-5c1b-5a3e-9f47-0c5d2b7e4a91\n          alongside replay --bundle mentor-plus.bundle"
    )]
    Replay(replay::Replay),
    /// Judges anew, under another policy, what was notified in a period, and says whose verdict or entitlement would be
    /// another. The log is only read. Runs beside the service.
    #[command(
        after_help = "Example: alongside what-if --scheme mentor-plus --policy stricter.json --from 2026-01-01 --to 2026-03-31"
    )]
    WhatIf(what_if::WhatIf),
    /// Reports what a scheme came to: a page to be looked at, and its tables as CSV or JSON. Names nobody. Runs beside the service.
    #[command(
        after_help = "Examples: alongside report --scheme mentor-plus --for coordinator --out report.html\n          alongside report --scheme mentor-plus --for commissioner --period 2025-10-01/2026-09-30 --out year.html --csv year"
    )]
    Report(report::Report),
    /// Proves that the logs of a data directory are whole. Runs beside the service.
    #[command(
        after_help = "Examples: alongside verify --data /var/lib/alongside\n          alongside verify --checkpoint kept.txt --key alongside/mentor-plus+033de0ae+ARpc…\n          alongside verify --certificate forgotten.json --root 0a1b…\n          alongside verify --bundle mentor-plus.bundle --key alongside/mentor-plus+033de0ae+ARpc… --checkpoint kept.txt"
    )]
    Verify(verify::Verify),
    /// Prints the last signed checkpoint of a scheme's log: how many records and their root. To be kept outside, where it proves
    /// later that nothing was changed. Runs beside the service.
    #[command(
        after_help = "Examples: alongside checkpoint --scheme mentor-plus > mentor-plus.checkpoint\n          alongside checkpoint --scheme mentor-plus --period 2025-10-01/2026-09-30 > year.checkpoint\n          alongside checkpoint --scheme mentor-plus --keys"
    )]
    Checkpoint(checkpoint::Checkpoint),
    /// For an outside witness: signs that a checkpoint goes on from the last one of its log that was signed. Needs no data
    /// directory.
    #[command(
        after_help = "Examples: alongside cosign --new-key --name audit.example.org --key-file witness.key\n          alongside cosign --checkpoint new.txt --log-key alongside/mentor-plus+033de0ae+ARpc… --key-file witness.key --state witness.json --proof proof.json"
    )]
    Cosign(cosign::Cosign),
    /// Writes a scheme's history into one file that anybody can check: records without what is sealed, checkpoints, schemas. Runs
    /// beside the service.
    #[command(
        after_help = "Examples: alongside export --scheme mentor-plus --out mentor-plus.bundle\n          alongside export --scheme mentor-plus --only 1-20,55 --out part.bundle"
    )]
    Export(export::Export),
    /// Copies a data directory and proves the copy. Runs beside the service; what an earlier backup has is not copied again.
    #[command(
        after_help = "Example: alongside backup --data /var/lib/alongside --to /mnt/backup/alongside"
    )]
    Backup(backup::Backup),
    /// Writes down who has been erased, as opaque ids: what a restore must be given; or certifies that one was. Runs beside
    /// the service.
    #[command(
        after_help = "Examples: alongside erasures --data /var/lib/alongside --to /mnt/apart/erasures.json\n          alongside erasures --scheme mentor-plus --certificate 6f1d9a52-5c1b-5a3e-9f47-0c5d2b7e4a91 > forgotten.json"
    )]
    Erasures(erasures::Erasures),
    /// Makes a data directory from a backup, without those who have been erased since.
    #[command(
        after_help = "Example: alongside restore --from /mnt/backup/alongside --data /var/lib/alongside --erasures /mnt/apart/erasures.json --master-key /mnt/apart/master.key --token-key /mnt/apart/token.key"
    )]
    Restore(restore::Restore),
    /// Names the master key, and lets another follow it; the same of the keys with which logs sign.
    Keys(keys::Keys),
    /// Writes the published contracts: GraphQL, OpenAPI, event schemas, access matrix.
    #[command(
        after_help = "Example: alongside schema --write schema\n         alongside schema --print graphql"
    )]
    Schema(schema::Schema),
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
struct Place {
    /// The data directory [default: ./data].
    #[arg(long, value_name = "DIR", env = "ALONGSIDE_DATA")]
    data: Option<PathBuf>,
    /// A file of settings (TOML: `data`, `listen`, `idle_minutes`, `sensitive_reads_days`, `memory`, `log_origin`, `witnesses`, `[access] narrow`, `[identity]`, and what docs/guides/protection.md tells); what is typed or in the environment goes before it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    keys: master_key::KeyArguments,
}

impl Place {
    fn settings(&self) -> Result<config::Settings, config::ConfigError> {
        config::Settings::read(self.config.as_deref())
    }

    /// The scheme of that name, if it is in the data directory; else the names of those that are. Nothing is opened, so no key is
    /// asked for.
    fn scheme(&self, wanted: &str) -> Result<SchemeId, Failed> {
        let wanted = SchemeId::new(wanted)?;
        let options = Options::new(Arc::new(System));
        let schemes = Embedded::open_read_only(self.directory()?, options)?.schemes()?;
        if schemes.contains(&wanted) {
            return Ok(wanted);
        }
        let mut names: Vec<&str> = schemes.iter().map(SchemeId::as_str).collect();
        names.sort_unstable();
        let there = match &names[..] {
            [] => "there is none at all".to_owned(),
            names => format!("there are: {}", names.join(", ")),
        };
        Err(format!("there is no scheme {wanted} in this data directory; {there}").into())
    }

    /// Who may do what, as the settings narrow it.
    fn matrix(&self) -> Result<Arc<Matrix>, config::ConfigError> {
        self.settings()?.matrix()
    }

    fn directory(&self) -> Result<PathBuf, config::ConfigError> {
        let typed = self.data.clone();
        Ok(match typed {
            Some(directory) => directory,
            None => self
                .settings()?
                .data
                .unwrap_or_else(|| PathBuf::from("./data")),
        })
    }
}

/// Where the service listens.
#[derive(Debug, Clone, Args)]
struct Listen {
    /// The address and port [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR", env = "ALONGSIDE_LISTEN")]
    listen: Option<SocketAddr>,
}

impl Listen {
    fn address(&self, place: &Place) -> Result<SocketAddr, config::ConfigError> {
        let default = SocketAddr::from(([127, 0, 0, 1], 8080));
        Ok(match self.listen {
            Some(address) => address,
            None => place.settings()?.listen.unwrap_or(default),
        })
    }
}

/// What the service may hold in memory.
#[derive(Debug, Clone, Args)]
struct Memory {
    /// The most memory, in MiB, for what is kept to answer quickly: open schemes, their indexes, rendered answers
    /// [default: 1024]. Schemes that nobody uses are closed to keep it.
    #[arg(long = "memory", value_name = "MIB", env = "ALONGSIDE_MEMORY")]
    mib: Option<u64>,
}

impl Memory {
    fn budget(&self, place: &Place) -> Result<Budget, config::ConfigError> {
        Ok(match self.mib {
            Some(mib) => Budget::mib(mib),
            None => place
                .settings()?
                .memory
                .map_or_else(Budget::default, Budget::mib),
        })
    }
}

/// What a subcommand comes to nothing with.
type Failed = Box<dyn Error + Send + Sync>;

/// Understands the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Subject::Demo(demo) => demo.run(),
        Subject::Serve(serve) => serve.run(),
        Subject::Token(token) => token.run(),
        Subject::Import(import) => import.run(),
        Subject::Replay(replay) => replay.run(),
        Subject::WhatIf(what_if) => what_if.run(),
        Subject::Report(report) => report.run(),
        Subject::Verify(verify) => verify.run(),
        Subject::Export(export) => export.run(),
        Subject::Checkpoint(checkpoint) => checkpoint.run(),
        Subject::Cosign(cosign) => cosign.run(),
        Subject::Backup(backup) => backup.run(),
        Subject::Erasures(erasures) => erasures.run(),
        Subject::Restore(restore) => restore.run(),
        Subject::Keys(keys) => keys.run(),
        Subject::Schema(schema) => schema.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("alongside: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

/// An error with everything that lies behind it, in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

/// The present instant, spelled as in records.
fn written_now() -> String {
    format!("{:.3}", outside::wall_clock())
}

/// Runs `work` on a runtime of its own.
fn block_on<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

//! How long a start takes and what it holds in memory, beside what the machine could do at best.
//!
//! ```text
//! cargo bench -p api --bench start -- make DIR 1000000      makes a history to start with
//! cargo bench -p api --bench start -- parts DIR             where the time goes, one thing after the other
//! cargo bench -p api --bench start -- start DIR             a start as the service does it, and a clean stop
//! cargo bench -p api --bench start -- cold DIR              the same after every snapshot was taken away
//! cargo bench -p api --bench start -- moments DIR MIB       reads as of earlier moments that may hold MIB: p50, p99, memory
//! cargo bench -p api --bench start -- thousand DIR          a thousand schemes, of which ten are busy
//! ```

mod history;
mod moments;
mod thousand;

use api::dispatch::{Options, Platform, System, codec};
use api::telemetry::Metrics;
use event_log::{Embedded, EventStore as _, Position, SchemeId};
use projections::Snapshot;
use sha2::{Digest as _, Sha256};
use std::{
    env,
    error::Error,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let words: Vec<String> = env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["make", directory, events] => make(Path::new(directory), events),
        ["parts", directory] => parts(Path::new(directory)),
        ["start", directory] => start(Path::new(directory)),
        ["cold", directory] => cold(Path::new(directory)),
        ["moments", directory, mib] => mib
            .parse()
            .map_err(Into::into)
            .and_then(|mib| moments::run(Path::new(directory), mib)),
        ["thousand", directory] => thousand::run(Path::new(directory)),
        _ => {
            println!(
                "start: make DIR EVENTS | parts DIR | start DIR | cold DIR | moments DIR MIB | thousand DIR"
            );
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn make(directory: &Path, events: &str) -> Done<()> {
    let began = Instant::now();
    let made = history::make(directory, events.parse()?)?;
    println!("{made} events in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Reads, proves, decodes, opens and folds on one thread, and tells what each of these took.
fn parts(directory: &Path) -> Done<()> {
    limits(directory)?;
    let scheme = SchemeId::new(history::SCHEME)?;
    let before = resident_mib()?;
    let options = event_log::Options::new(Arc::new(System)).without_index();
    let store = Embedded::open(directory, options)?;
    let began = Instant::now();
    let head = store.open_scheme(&scheme)?;
    say(
        "open: journal proved, keyring and operations read",
        began.elapsed(),
    );
    let vault = store.vault(&scheme)?;
    let mut snapshot = Snapshot::default();
    let mut spent = [Duration::ZERO; 4];
    while snapshot.position() < head.0 {
        let mut clock = Instant::now();
        let mut lap = |part: usize| {
            spent[part] += clock.elapsed();
            clock = Instant::now();
        };
        let page = store.read(&scheme, Position(snapshot.position() + 1), 8_192)?;
        lap(0);
        let records = page
            .iter()
            .map(event_log::Stored::record)
            .collect::<Result<Vec<_>, _>>()?;
        lap(1);
        let events = records
            .iter()
            .map(|record| codec::understand(record, &vault));
        let events = events.collect::<Result<Vec<_>, _>>()?;
        lap(2);
        for event in &events {
            snapshot.fold(event)?;
        }
        lap(3);
    }
    for (part, spent) in ["read again", "parse", "open and decode", "fold"]
        .iter()
        .zip(spent)
    {
        say(part, spent);
    }
    println!(
        "{:>9}  MiB resident more than before",
        resident_mib()? - before
    );
    Ok(())
}

/// Opens the scheme as the service does.
fn start(directory: &Path) -> Done<()> {
    limits(directory)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let before = resident_mib()?;
    runtime.block_on(async {
        let (began, spent) = (Instant::now(), processor());
        let platform = Platform::open(&Options::new(directory), Metrics::new())?;
        let snapshot = platform.snapshot(history::SCHEME).await?;
        say("ready", began.elapsed());
        say(
            "of a processor, in that time",
            processor().saturating_sub(spent),
        );
        println!("{:>9}  events", snapshot.position());
        println!(
            "{:>9}  MiB resident more than before",
            resident_mib()? - before
        );
        let began = Instant::now();
        platform.shut_down().await;
        say("closed", began.elapsed());
        Done::Ok(())
    })
}

/// Opens it without a snapshot.
fn cold(directory: &Path) -> Done<()> {
    let snapshots = directory
        .join("schemes")
        .join(history::SCHEME)
        .join("snapshots");
    if snapshots.exists() {
        fs::remove_dir_all(snapshots)?;
    }
    start(directory)
}

/// What any start must at least do: read every byte of the journal, and hash it.
fn limits(directory: &Path) -> Done<()> {
    let journal = directory
        .join("schemes")
        .join(history::SCHEME)
        .join("journal");
    let mut files: Vec<PathBuf> = fs::read_dir(journal)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut buffer = vec![0; 1 << 20];
    for hashed in [false, true] {
        let (began, mut bytes, mut digest) = (Instant::now(), 0, Sha256::new());
        for path in &files {
            let mut file = fs::File::open(path)?;
            loop {
                let count = file.read(&mut buffer)?;
                if count == 0 {
                    break;
                }
                bytes += count;
                if hashed {
                    digest.update(&buffer[..count]);
                }
            }
        }
        let what = if hashed {
            "limit: read and SHA-256"
        } else {
            "limit: read"
        };
        say(&format!("{what}, {} MiB", bytes >> 20), began.elapsed());
    }
    Ok(())
}

fn say(what: &str, took: Duration) {
    println!("{:>9.3}  s  {what}", took.as_secs_f64());
}

/// What this process holds in memory, in MiB.
fn resident_mib() -> Done<i64> {
    Ok(status("VmRSS:")?.parse::<i64>()? >> 10)
}

/// A figure that the kernel keeps of this process.
fn status(name: &str) -> Done<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let figure = line.and_then(|line| line.split_whitespace().next());
    Ok(figure.ok_or("the kernel does not say")?.to_owned())
}

/// How long this process has had a processor, on all cores together; nothing where the kernel does not say.
fn processor() -> Duration {
    let threads = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let figures = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        figures.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

//! What it costs that a history proves itself: the size and the making of a proof, the tree beside the appends, and reading a
//! whole log beside hashing its bytes.
//!
//! ```text
//! cargo bench -p event-log --bench proofs                        a log of 100,000 records
//! cargo bench -p event-log --bench proofs -- --records 1000000   of a million
//! ```
//!
//! Compare ratios only. Nothing here fails for being slow.

#![expect(
    clippy::expect_used,
    reason = "a figure that cannot be taken ends the run"
)]

use event_log::{
    Embedded, Entropy, EventStore as _, Kind, LogProof, Options, Position, Record, SchemeId,
    Stored, conformance::samples,
};
use sha2::{Digest as _, Sha256};
use std::{
    env,
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Records of a group: what some ten clients have waiting.
const GROUP: u64 = 16;
/// Proofs of each kind that are made.
const PROOFS: u64 = 200;
/// How often a whole log is read.
const TURNS: usize = 3;

/// Good enough for a log that nobody relies on.
struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let named = arguments.iter().position(|word| word == "--records");
    let records = named.and_then(|at| arguments.get(at + 1)?.parse().ok());
    let records: u64 = records.unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    let scheme = SchemeId::new("measured").expect("a name");
    let options = || Options::new(Arc::new(Zeros)).create(Kind::Rehearsal);
    let store = Embedded::open(folder.path(), options()).expect("a directory");
    store.create(&scheme).expect("a scheme");
    fill(&store, &scheme, records);
    proofs(&store, &scheme, records);
    verification(&store, &scheme);
    store.close().expect("closed");
    appends(folder.path(), options().without_index());
}

fn fill(store: &Embedded, scheme: &SchemeId, records: u64) {
    let began = Instant::now();
    let mut head = Position(0);
    while head.0 < records {
        let count = (records - head.0).min(1_000);
        let group = samples(scheme, head, count);
        head = store.append(scheme, head, group).expect("appended");
    }
    while store.index_status(scheme).expect("open").applied < head {
        std::thread::sleep(Duration::from_millis(10));
    }
    println!(
        "{records} records with their tiles in {:.1} s",
        began.elapsed().as_secs_f64()
    );
}

/// The aims: less than 2 kB and less than a millisecond.
fn proofs(store: &Embedded, scheme: &SchemeId, records: u64) {
    let signed = store.checkpoint(scheme, "").expect("signed");
    let (mut bytes_most, mut each) = (0, Vec::new());
    for number in 0..PROOFS {
        let position = Position(1 + number * (records - 1) / PROOFS);
        let began = Instant::now();
        let tree = store.tree(scheme).expect("a tree");
        let path = tree.inclusion(position, records).expect("a proof");
        each.push(began.elapsed());
        let proof = LogProof {
            index: position.0 - 1,
            path,
            checkpoint: signed.clone(),
        };
        bytes_most = bytes_most.max(proof.to_string().len());
    }
    told("an inclusion proof", &mut each);
    println!("  the largest of {PROOFS} files has {bytes_most} bytes");
    let mut each: Vec<Duration> = (0..PROOFS)
        .map(|number| {
            let began = Instant::now();
            let tree = store.tree(scheme).expect("a tree");
            let earlier = 1 + number * (records - 1) / PROOFS;
            black_box(tree.consistency(earlier, records).expect("a proof"));
            began.elapsed()
        })
        .collect();
    told("a consistency proof", &mut each);
}

fn told(what: &str, each: &mut [Duration]) {
    each.sort_unstable();
    let milliseconds = |at: usize| {
        each.get(at)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    };
    println!(
        "{what}: half in {:.3} ms, 99 of 100 in {:.3} ms",
        milliseconds(each.len() / 2),
        milliseconds(each.len() * 99 / 100)
    );
}

/// The aim: at least 0.65 of hashing every record by itself. Each of the parts is taken by itself, one after another and from
/// memory, to say what bounds it.
fn verification(store: &Embedded, scheme: &SchemeId) {
    let turns: Vec<[f64; 5]> = (0..TURNS).map(|_| turn(store, scheme)).collect();
    let [form, chain, nodes, all, whole] = std::array::from_fn(|part| {
        let mut parts: Vec<f64> = turns
            .iter()
            .filter_map(|turn| turn.get(part).copied())
            .collect();
        parts.sort_by(f64::total_cmp);
        parts.get(TURNS / 2).copied().unwrap_or(f64::NAN)
    });
    println!(
        "verification beside bare SHA-256 over the same records: {:.2} (aim: at least 0.65)",
        1.0 / whole
    );
    println!(
        "  in processor time, with bare SHA-256 as 1: the form of each record {form:.2}, the chain of frames {chain:.2}, the nodes of the \
         tree {nodes:.2}; with the leaves {all:.2} one after another and from memory; {whole:.2} as verified, from files"
    );
    println!(
        "  the chain and the tree by themselves would leave {:.2}, hashed one after another",
        1.0 / (1.0 + chain + nodes)
    );
}

/// How often the time of bare SHA-256 is in that of each part, of all of them, and of the verification itself.
fn turn(store: &Embedded, scheme: &SchemeId) -> [f64; 5] {
    let records = store.read(scheme, Position(1), usize::MAX).expect("read");
    let group = |group: &[Stored]| {
        let bytes: Vec<&[u8]> = group.iter().map(|stored| &*stored.bytes).collect();
        bytes.concat()
    };
    let frames: Vec<Vec<u8>> = records.chunks(1_000).map(group).collect();
    let bare = seconds(|| {
        for stored in &records {
            black_box(Sha256::digest(&stored.bytes));
        }
    });
    let form = seconds(|| {
        for stored in &records {
            black_box(Record::prove(&stored.bytes).expect("a record"));
        }
    });
    let chain = seconds(|| {
        for frame in &frames {
            black_box(Sha256::digest(frame));
        }
    });
    let nodes = seconds(|| {
        for number in 0..records.len() {
            black_box(Sha256::digest([number.to_le_bytes()[0]; 65]));
        }
    });
    drop((records, frames));
    let whole = seconds(|| {
        black_box(store.verify(scheme).expect("whole"));
    });
    [form, chain, nodes, bare + form + chain + nodes, whole].map(|part| part / bare)
}

/// Seconds of processor time: others on the machine do not count.
fn seconds(what: impl FnOnce()) -> f64 {
    let (began, busy) = (Instant::now(), on_processor());
    what();
    match (busy, on_processor()) {
        (Some(before), Some(after)) => after.saturating_sub(before).as_secs_f64(),
        _ => began.elapsed().as_secs_f64(),
    }
}

/// How long this thread has been on a processor, where the system says so (Linux).
fn on_processor() -> Option<Duration> {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = said.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// The aim: leaves and their hashes cost less than a tenth of the appends, one core each.
fn appends(folder: &Path, options: Options) {
    let store = Embedded::open(folder.join("appends"), options).expect("a directory");
    let scheme = SchemeId::new("measured").expect("a name");
    store.create(&scheme).expect("a scheme");
    let (mut head, mut appending, mut hashing) = (Position(0), Duration::ZERO, Duration::ZERO);
    for _ in 0..500 {
        let group = samples(&scheme, head, GROUP);
        let began = Instant::now();
        for record in &group {
            black_box(record.leaf_sha256().expect("a leaf"));
        }
        hashing += began.elapsed();
        let began = Instant::now();
        head = store.append(&scheme, head, group).expect("appended");
        appending += began.elapsed();
    }
    println!(
        "leaves and their hashes beside durable appends in groups of {GROUP}: {:.3} (aim: at most 0.1; it is done off their path)",
        hashing.as_secs_f64() / appending.as_secs_f64()
    );
    store.close().expect("closed");
}

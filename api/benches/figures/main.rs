//! What it costs: one command, one table, with the machine's own limits measured in the same run.
//!
//! ```text
//! cargo bench -p api --bench figures                 all figures, about a quarter of an hour
//! cargo bench -p api --bench figures -- --short      the same in about a minute
//! cargo bench -p api --bench figures -- load --minutes 60 --rate-of 0.8
//! ```
//!
//! Compare ratios only: ours and what it is held against take turns in short slices, and the ratio is the median over
//! the turns, so that a slow minute of the disk or of a neighbour is a slow minute for both. Nothing here fails for being
//! slow; what misses its aim says so in the table.

#![expect(
    missing_docs,
    reason = "nobody reads the documentation of a program of figures"
)]
#![expect(
    clippy::expect_used,
    reason = "a figure that cannot be taken ends the run"
)]

mod client;
mod commands;
#[path = "../../../tests/stories/harness.rs"]
#[expect(dead_code, reason = "the stories use all of it")]
mod harness;
mod machine;
mod peer;
mod stage;
mod table;

use stage::Pace;
use std::path::PathBuf;
use table::Table;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if arguments.first().is_some_and(|first| first == "peer") {
        let answer = arguments.get(1).map_or_else(PathBuf::new, PathBuf::from);
        return peer::serve(&answer);
    }
    let pace = if has("--short") {
        Pace::SHORT
    } else {
        Pace::FULL
    };
    let only = |subject: &str| !SUBJECTS.iter().any(|other| has(other)) || has(subject);
    let directory = stage::folder();
    println!(
        "{}; other load when it began: {}",
        machine::class(directory.path()),
        machine::load()
    );
    let mut table = Table::default();
    if only("commands") {
        commands::measure(pace, &mut table);
    }
    println!("\n{}", table.markdown());
}

/// Each can be asked for alone.
const SUBJECTS: [&str; 1] = ["commands"];

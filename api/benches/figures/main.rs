//! What it costs: one command, one table, with the machine's own limits measured in the same run.
//!
//! ```text
//! cargo bench -p api --bench figures                 all figures, about a quarter of an hour
//! cargo bench -p api --bench figures -- --short      the same in about a minute
//! cargo bench -p api --bench figures -- load --minutes 60 --rate-of 0.8 --people 20000
//! ```
//!
//! Compare ratios only: ours and what it is held against take turns in short slices, and the ratio is the median over
//! the turns, so that a slow minute of the disk or of a neighbour is a slow minute for both. Nothing here fails for being
//! slow; what misses its aim says so in the table.

#![expect(
    clippy::expect_used,
    reason = "a figure that cannot be taken ends the run"
)]

mod access;
mod client;
mod commands;
mod dashboard;
mod folding;
#[path = "../../../tests/stories/harness.rs"]
#[expect(dead_code, reason = "the stories use all of it")]
mod harness;
mod journal;
mod load;
mod machine;
mod peer;
#[path = "../../src/identity/issuers/testing.rs"]
mod signer;
mod stage;
mod table;
mod tokens;

use stage::Pace;
use std::{path::PathBuf, str::FromStr};
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
    let directory = stage::folder();
    println!(
        "{}; other load when it began: {}",
        machine::class(directory.path()),
        machine::load()
    );
    if has("load") {
        return load::run(&load::Wish {
            minutes: after(&arguments, "--minutes", 60.0),
            rate_of: after(&arguments, "--rate-of", 0.8),
            people: after(&arguments, "--people", 20_000),
        });
    }
    let mut table = Table::default();
    for (subject, measure) in SUBJECTS {
        if !SUBJECTS.iter().any(|(other, _)| has(other)) || has(subject) {
            measure(pace, &mut table);
        }
    }
    println!("\n{}", table.markdown());
}

/// What stands after `name`, if it can be read.
fn after<T: FromStr>(arguments: &[String], name: &str, otherwise: T) -> T {
    let named = arguments.iter().position(|argument| argument == name);
    let value = named.and_then(|named| arguments.get(named + 1)?.parse().ok());
    value.unwrap_or(otherwise)
}

type Measure = fn(Pace, &mut Table);

/// Each can be asked for alone, by its name.
const SUBJECTS: [(&str, Measure); 6] = [
    ("access", access::measure),
    ("commands", commands::measure),
    ("journal", journal::measure),
    ("folding", folding::measure),
    ("dashboard", dashboard::measure),
    ("tokens", tokens::measure),
];

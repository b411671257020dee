//! The service on a machine that fails: killed, cut off from power, filled up, spoilt, set to another time, hurried.
//!
//! Each story has a short form, which every change must pass, and a long one, chosen with `ALONGSIDE_FAULTS=long`;
//! `tests/faults/run` runs all of them and prints the counts. What is left to chance comes from a seed that is
//! printed, and that `ALONGSIDE_SEED` chooses again. What a machine cannot do is skipped aloud.

mod clock_jumps;
mod disks;
mod file_system;
mod in_process;
mod index_faults;
mod killed_erasures;
mod kills;
mod ledger;
mod power_cuts;
mod restarts;
mod two_processes;

use std::io::Write as _;

/// How many trials: few with every change, many by the documented command.
fn trials(short: u64, long: u64) -> u64 {
    let chosen = std::env::var("ALONGSIDE_FAULTS").unwrap_or_default();
    if chosen == "long" { long } else { short }
}

/// Says something that the test runner must not swallow: counts, seeds, and what was skipped.
fn aloud(text: &str) {
    let _nobody_listens = writeln!(std::io::stderr(), "faults: {text}");
}

/// Says that a story was not told, and why. `tests/faults/run` looks for the word.
fn skipped(story: &str, reason: &str) {
    aloud(&format!("SKIPPED {story}: {reason}"));
}

/// Chooses moments and places that can be chosen again.
struct Dice(u64);

impl Dice {
    /// Seeded from `ALONGSIDE_SEED`; says with what.
    fn of(story: &str) -> Self {
        let seed = std::env::var("ALONGSIDE_SEED")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(20_261_122);
        aloud(&format!("{story}: ALONGSIDE_SEED={seed}"));
        Self(seed)
    }

    /// A number below `end`, by `SplitMix64`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// A short while, shorter than so many milliseconds.
    fn pause(&mut self, below_milliseconds: u64) -> std::time::Duration {
        std::time::Duration::from_micros(self.below(below_milliseconds * 1_000))
    }
}

//! What a read as of an earlier moment costs, beside a fold of the whole history from zero in the same run.

use super::{Done, history, resident_mib, say};
use api::{
    dispatch::{Options, Platform},
    telemetry::Metrics,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Moments asked for, spread over the history as if by chance and the same in every run.
const MOMENTS: u64 = 100;

/// Asks a scheme that was just opened from its snapshot, so that nothing earlier is in memory.
pub fn run(directory: &Path) -> Done<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let platform = Platform::open(&Options::new(directory), Metrics::new())?;
        let present = platform.snapshot(history::SCHEME).await?;
        let before = resident_mib()?;
        let events = present.position();
        println!("{events:>9}  events");
        let began = Instant::now();
        let last = events - 1;
        platform.state_at(history::SCHEME, &present, last).await?;
        let whole = began.elapsed();
        say(
            "the first moment, the last but one: folded from zero",
            whole,
        );
        let mut took = Vec::new();
        for number in 0..MOMENTS {
            // A step that has no divisor in common with the length goes everywhere.
            let position = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % last + 1;
            let began = Instant::now();
            platform
                .state_at(history::SCHEME, &present, position)
                .await?;
            took.push(began.elapsed());
            let began = Instant::now();
            platform
                .state_at(history::SCHEME, &present, position)
                .await?;
            if number == MOMENTS - 1 {
                say("the same moment again", began.elapsed());
            }
        }
        took.sort_unstable();
        told("half of the moments within", part(&took, 50), whole);
        told("99 of a hundred within", part(&took, 99), whole);
        println!(
            "{:>9}  MiB resident more than before the first",
            resident_mib()? - before
        );
        platform.shut_down().await;
        Done::Ok(())
    })
}

fn part(sorted: &[Duration], hundredths: usize) -> Duration {
    let index = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or_default()
}

fn told(what: &str, took: Duration, whole: Duration) {
    let ratio = took.as_secs_f64() / whole.as_secs_f64();
    say(&format!("{what}: {ratio:.4} of the fold from zero"), took);
}

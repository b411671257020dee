//! What a read as of an earlier moment costs, beside a fold of the whole history from zero in the same run, and what the
//! states that are kept for it hold.

use super::{Done, history, resident_mib, say};
use api::{
    dispatch::{Budget, Options, Platform},
    telemetry::Metrics,
};
use projections::Snapshot;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Moments asked for, spread over the history as if by chance and the same in every run.
const MOMENTS: u64 = 100;
/// What one read may cost, and what the earlier states may hold: what is aimed at.
const AIM: (Duration, u64) = (Duration::from_millis(20), 500);

/// Asks a scheme that was just opened from its snapshot, so that nothing earlier is in memory. Earlier states may hold
/// `mib` MiB.
pub fn run(directory: &Path, mib: u64) -> Done<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut options = Options::new(directory);
    options.memory = Budget::for_moments_of_one(mib);
    runtime.block_on(async {
        let platform = Platform::open(&options, Metrics::new())?;
        let present = platform.snapshot(history::SCHEME).await?;
        let before = resident_mib()?;
        let last = present.position() - 1;
        println!("{:>9}  events", present.position());
        let whole = asked(&platform, &present, last).await?;
        say(
            "the first moment, the last but one: folded from zero",
            whole,
        );
        let mut took = Vec::new();
        for number in 0..MOMENTS {
            // A step that has no divisor in common with the length goes everywhere.
            let position = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % last + 1;
            took.push(asked(&platform, &present, position).await?);
        }
        let last_one = (MOMENTS - 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % last + 1;
        say(
            "the same moment again",
            asked(&platform, &present, last_one).await?,
        );
        took.sort_unstable();
        told("half of the moments within", part(&took, 50), whole);
        told(
            &format!("99 of a hundred within (aim: {} ms)", AIM.0.as_millis()),
            part(&took, 99),
            whole,
        );
        println!(
            "{:>9}  MiB resident more than before the first, where earlier states may hold {mib} (aim: {} in all)",
            resident_mib()? - before,
            AIM.1
        );
        platform.shut_down().await;
        Done::Ok(())
    })
}

/// How long the state at a moment took to come by.
async fn asked(platform: &Platform, present: &Arc<Snapshot>, position: u64) -> Done<Duration> {
    let began = Instant::now();
    platform
        .state_at(history::SCHEME, present, position)
        .await?;
    Ok(began.elapsed())
}

fn part(sorted: &[Duration], hundredths: usize) -> Duration {
    let index = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or_default()
}

fn told(what: &str, took: Duration, whole: Duration) {
    let ratio = took.as_secs_f64() / whole.as_secs_f64();
    say(&format!("{what}: {ratio:.4} of the fold from zero"), took);
}

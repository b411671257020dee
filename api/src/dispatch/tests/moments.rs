//! A scheme as of any moment is what its log comes to, folded from zero up to there.

use super::*;
use crate::{
    demo,
    dispatch::{codec, moments::AsOf},
};
use event_log::{EventStore as _, Position};
use projections::Snapshot;

/// Moments that are asked for, unless the environment says how many.
const MOMENTS: usize = 300;

/// A few numbers that look like chance and are the same every time.
fn dice(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn folded(platform: &Platform, scheme: &str, until: u64) -> Vec<Snapshot> {
    let id = SchemeId::new(scheme).expect("a name");
    let vault = platform.store().vault(&id).expect("keys");
    let length = usize::try_from(until).expect("few");
    let stored = platform.store().read(&id, Position(1), length);
    let mut state = Snapshot::default();
    let mut all = Vec::with_capacity(length);
    for stored in stored.expect("a log") {
        let record = stored.record().expect("a record");
        let recorded = codec::understand(&record, &vault).expect("it is understood");
        state.fold(&recorded).expect("it folds");
        all.push(state.clone());
    }
    all
}

async fn compare(platform: &Platform, scheme: &str, moments: usize) {
    let present = platform.snapshot(scheme).await.expect("open");
    let wanted = folded(platform, scheme, present.position());
    assert_eq!(wanted.len() as u64, present.position());
    assert_eq!(wanted.last(), Some(&*present));
    let mut seed = 0x5EED;
    for _ in 0..moments {
        let position = dice(&mut seed) % present.position() + 1;
        let found = platform.state_at(scheme, &present, position).await;
        let found = found.expect("a moment of the past");
        let index = usize::try_from(position).expect("few") - 1;
        // Every projection, and the scheme and what was opened beside them.
        assert!(*found == wanted[index], "as of position {position}");
        // By its instant: the last of those that were recorded at that very instant.
        let at = present.trail.recorded_at(position).expect("recorded");
        let by_instant = platform.as_of(scheme, &present, AsOf::RecordedAt(at)).await;
        let (moment, state) = by_instant.expect("a moment of the past");
        assert!(moment.position >= position);
        assert_eq!(present.trail.recorded_at(moment.position), Some(at));
        assert_eq!(state.position(), moment.position);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_of_is_the_fold_from_zero_at_every_moment() {
    let moments = std::env::var("ALONGSIDE_MOMENTS");
    let moments = moments.map_or(MOMENTS, |count| count.parse().expect("a number"));
    let data = tempfile::tempdir().expect("a folder");
    let mut options = options(data.path());
    options.anchor = demo::ANCHOR;
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    demo::load(&platform, &mut |_, _| {}).await.expect("loaded");
    compare(&platform, demo::SCHEME, moments).await;
    platform.shut_down().await;

    // From a snapshot on disk there are no roots: the first moment is folded from zero.
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    compare(&platform, demo::SCHEME, moments / 10).await;
    platform.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_outside_the_history_are_refused() {
    let data = tempfile::tempdir().expect("a folder");
    let platform = platform(data.path());
    open(&platform).await;
    let present = platform.snapshot(SCHEME).await.expect("open");
    let ask = |wanted| platform.as_of(SCHEME, &present, wanted);
    let ahead = present.position() + 1;
    for (wanted, refused) in [
        (AsOf::Position(0), Failure::MomentBeforeHistory),
        (AsOf::Position(ahead), Failure::MomentNotReached),
        (
            AsOf::RecordedAt(jiff::Timestamp::MAX),
            Failure::MomentNotReached,
        ),
        (
            AsOf::RecordedAt(jiff::Timestamp::UNIX_EPOCH),
            Failure::MomentBeforeHistory,
        ),
    ] {
        assert_eq!(ask(wanted).await.expect_err("refused"), refused);
    }
    let last = ask(AsOf::Position(present.position())).await;
    let (moment, state) = last.expect("the present");
    assert!(Arc::ptr_eq(&state, &present));
    assert_eq!(moment.day, jiff::civil::date(2026, 3, 2));
    platform.shut_down().await;
}

//! How a scheme begins, with its snapshot or without, and what becomes of it when nobody uses it.

use super::{
    Budget, Failure, Options, Outcome, Platform, Request,
    codec::{self, Draft},
    snapshots::{self, FINGERPRINT, SnapshotError},
};
use crate::{demo, dispatch::System, telemetry::Metrics};
use domain::{
    Actor, Event, Recorded,
    adoption::{OpenScheme, SchemeKind},
    mentor::MentorInducted,
};
use event_log::{Embedded, EventStore as _, Kind, Position, SchemeId, simulation::FailingDisk};
use projections::Snapshot;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

const SCHEME: &str = demo::SCHEME;

fn options(data: &Path) -> Options {
    Options {
        create: Some(Kind::Rehearsal),
        anchor: demo::ANCHOR,
        ..Options::new(data)
    }
}

fn platform(data: &Path) -> Platform {
    Platform::open(&options(data), Metrics::new()).expect("a data directory")
}

/// The demonstration, loaded and stopped the clean way, and its state.
async fn demonstration(data: &Path) -> Arc<Snapshot> {
    let platform = platform(data);
    demo::load(&platform, &mut |_, _| {}).await.expect("loaded");
    let state = platform.snapshot(SCHEME).await.expect("a state");
    platform.shut_down().await;
    state
}

/// The state as the service finds it, from whatever is on disk.
async fn begun(data: &Path) -> Arc<Snapshot> {
    let platform = platform(data);
    let state = platform.snapshot(SCHEME).await.expect("a state");
    platform.shut_down().await;
    state
}

fn store(data: &Path) -> Embedded {
    let options = event_log::Options::new(Arc::new(System));
    Embedded::open(data, options.without_index().snapshots(FINGERPRINT)).expect("a directory")
}

fn scheme() -> SchemeId {
    SchemeId::new(SCHEME).expect("a name")
}

/// Every event of the log, as far as it can be opened.
fn events(store: &Embedded) -> Vec<Recorded> {
    let vault = store.vault(&scheme()).expect("keys");
    let stored = store
        .read(&scheme(), Position(1), usize::MAX)
        .expect("read");
    let events = stored.iter().map(|stored| {
        codec::understand(&stored.record().expect("a record"), &vault).expect("understood")
    });
    events.collect()
}

fn folded(events: &[Recorded]) -> Snapshot {
    let mut state = Snapshot::default();
    for event in events {
        state.fold(event).expect("folded");
    }
    state
}

fn snapshot_file(data: &Path) -> Option<PathBuf> {
    let folder = data.join("schemes").join(SCHEME).join("snapshots");
    let mut entries = fs::read_dir(folder).ok()?;
    Some(entries.next()?.expect("an entry").path())
}

#[tokio::test]
async fn a_scheme_begins_with_its_snapshot_as_it_ended_and_as_it_begins_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = demonstration(folder.path()).await;
    let file = snapshot_file(folder.path()).expect("a clean stop leaves one");
    {
        let store = store(folder.path());
        let kept = store.snapshot(&scheme()).expect("open").expect("of use");
        let vault = store.vault(&scheme()).expect("keys");
        let read = snapshots::read(&kept, &scheme(), &vault).expect("read");
        assert!(read == *ended, "what stands in the file is the state");
    }
    assert!(*begun(folder.path()).await == *ended, "with it");
    let whole = fs::read(&file).expect("still there");
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    for spoilt in [changed, whole[..whole.len() / 2].to_vec(), Vec::new()] {
        fs::write(&file, spoilt).expect("written");
        assert!(*begun(folder.path()).await == *ended, "spoilt");
    }
    assert!(snapshot_file(folder.path()).is_some(), "and made anew");
}

#[tokio::test]
async fn a_snapshot_at_any_position_reads_back_as_the_state_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a folder");
    demonstration(folder.path()).await;
    let store = store(folder.path());
    let events = events(&store);
    let mut state = Snapshot::default();
    let mut tried = 0;
    for event in &events {
        state.fold(event).expect("folded");
        if state.position() % 173 != 5 {
            continue;
        }
        let vault = store.vault(&scheme()).expect("keys");
        let moment = store.moment(&scheme()).expect("open").expect("proved");
        let parts = snapshots::write(&state, moment, &scheme(), &vault).expect("written");
        store
            .keep_snapshot(&scheme(), moment, &parts)
            .expect("kept");
        store.close_scheme(&scheme()).expect("closed");
        let kept = store.snapshot(&scheme()).expect("open").expect("of use");
        let vault = store.vault(&scheme()).expect("keys");
        let read = snapshots::read(&kept, &scheme(), &vault).expect("read");
        assert!(read == state, "at position {}", state.position());
        tried += 1;
    }
    assert!(tried > 10, "{tried} positions");
}

#[tokio::test]
async fn many_events_folded_at_once_come_to_the_same_as_one_after_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = demonstration(folder.path()).await;
    let events = events(&store(folder.path()));
    let mut state = Snapshot::default();
    for page in events.chunks(97) {
        state.fold_all(page).expect("folded");
    }
    assert!(state == folded(&events) && state == *ended);
    assert!(state.fold_all(&events[..1]).is_err(), "out of order");
}

#[tokio::test]
async fn whoever_was_erased_is_gone_also_from_snapshots() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = demonstration(folder.path()).await;
    let erased = ended.scheme.mentees.keys().copied();
    let erased: Vec<_> = erased
        .filter(|id| ended.particulars.details(*id).is_some())
        .take(3)
        .collect();
    assert_eq!(erased.len(), 3);
    {
        let store = store(folder.path());
        let kept = store.snapshot(&scheme()).expect("open").expect("of use");
        let vault = store.vault(&scheme()).expect("keys");
        for person in &erased {
            vault.erase(person.0).expect("erased");
        }
        let read = snapshots::read(&kept, &scheme(), &vault);
        assert!(
            matches!(read, Err(SnapshotError::Erased)),
            "their part does not open"
        );
        store.close().expect("closed");
    }
    let state = begun(folder.path()).await;
    for person in &erased {
        assert_eq!(state.particulars.details(*person), None);
    }
    assert!(
        *state == folded(&events(&store(folder.path()))),
        "as the log tells it now"
    );
    assert!(
        *begun(folder.path()).await == *state,
        "and again from the next snapshot"
    );
}

#[tokio::test]
async fn a_log_that_cannot_be_folded_halts_its_scheme_and_is_not_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let options = event_log::Options::new(Arc::new(System)).create(Kind::Rehearsal);
        let store = Embedded::open(folder.path(), options).expect("a directory");
        store.create(&scheme()).expect("made");
        let recorded = Recorded {
            position: 1,
            id: Uuid::nil(),
            recorded_at: demo::BEGINS,
            happened_on: jiff::civil::date(2024, 10, 1),
            actor: Actor {
                id: Uuid::nil(),
                role: Arc::from("coordinator"),
            },
            reported_by: None,
            channel: None,
            command_id: None,
            event: Event::MentorInducted(MentorInducted {
                mentor: Uuid::nil().into(),
            }),
        };
        let vault = store.vault(&scheme()).expect("keys");
        let draft = Draft::new(recorded, None, None).expect("a draft");
        let record = draft.seal(&scheme(), &vault).expect("sealed");
        store
            .append(&scheme(), Position(0), vec![record])
            .expect("written");
        store.close().expect("closed");
    }
    let platform = platform(folder.path());
    let halted = Some(Failure::Halted { position: 1 });
    assert_eq!(platform.snapshot(SCHEME).await.err(), halted);
    // Nothing can be read any more: what is answered now is remembered.
    platform.store().close().expect("closed");
    assert_eq!(platform.snapshot(SCHEME).await.err(), halted);
}

fn opening(number: u128) -> Request {
    let open = OpenScheme {
        name: format!("Scheme {number}"),
        kind: SchemeKind::Mentoring,
    };
    Request {
        command_id: Uuid::from_u128(number),
        command: open.into(),
        actor: Actor {
            id: Uuid::nil(),
            role: Arc::from("administrator"),
        },
        happened_on: None,
        reported_by: None,
        channel: None,
        validate_only: false,
        correlation_id: None,
        traceparent: None,
    }
}

#[tokio::test]
async fn a_scheme_that_stopped_stays_stopped_however_long_nobody_uses_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = FailingDisk::default();
    let mut options = options(folder.path());
    options.disk = Some(Arc::new(disk.clone()));
    options.idle_after = Duration::from_millis(20);
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    platform.execute("stopped", opening(1)).await.expect("open");
    platform.execute("sound", opening(1)).await.expect("open");
    disk.fail_syncs("stopped");
    let unknown = platform.execute("stopped", opening(2)).await;
    assert!(!matches!(unknown, Ok(Outcome::Accepted(_))), "{unknown:?}");
    disk.heal();
    let closing = tokio::spawn(platform.clone().close_idle_schemes());
    let only_one = "alongside_open_schemes 1\n";
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if platform.metrics().text().contains(only_one) {
            break;
        }
    }
    assert!(
        platform.metrics().text().contains(only_one),
        "the other one is closed"
    );
    let refused = platform.execute("stopped", opening(3)).await;
    assert_eq!(refused.err(), Some(Failure::ReadOnly));
    closing.abort();
}

#[tokio::test]
async fn the_budget_closes_who_was_unused_longest_and_nobody_who_is_watched() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.memory = Budget::mib(64);
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    let fit = options.memory.open_schemes() / options.memory.of_scheme(1);
    let all = fit + 4;
    for number in 1..=all {
        let name = format!("scheme-{number}");
        platform
            .execute(&name, opening(u128::from(number)))
            .await
            .expect("open");
    }
    let open = || {
        let text = platform.metrics().text();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("alongside_open_schemes "));
        line.and_then(|count| count.parse::<u64>().ok())
    };
    let first = platform.changes("scheme-1").await.expect("watched");
    let second = platform.changes("scheme-2").await.expect("watched");
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    let closing = tokio::spawn(platform.clone().close_idle_schemes());
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if open() == Some(fit) {
            break;
        }
    }
    assert_eq!(open(), Some(fit));
    for receiver in [first, second] {
        assert!(receiver.has_changed().is_ok(), "who is watched stays open");
    }
    platform
        .snapshot("scheme-3")
        .await
        .expect("it opens again when asked");
    closing.abort();
}

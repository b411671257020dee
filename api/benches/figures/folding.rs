//! Decoding stored records and folding them into all projections on one core, beside the same into plain hash maps.
//!
//! The peer decodes and opens the very same records and keeps, for each of the six parts of a snapshot, one mutable
//! `HashMap` that is told of every event under each of its subjects (the audit trail's rows: a `Vec`). It judges
//! nothing, shares nothing with earlier versions and cannot be read while it is written: what persistent maps and the
//! rules of folding cost on top is what the ratio shows.

use crate::{
    harness::Service,
    stage::{Pace, folder},
    table::{Aim, Line, Table, figure, median},
};
use api::dispatch::{System, codec};
use domain::{Event, Recorded};
use event_log::{Embedded, Options, SchemeId, Stored, Vault};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::{
    collections::HashMap,
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

pub fn measure(pace: Pace, table: &mut Table) {
    let directory = folder();
    let data = directory.path().join("data");
    Service::demo(&data).stop();
    let log = Log::read(&data, "mentor-plus");
    log.line("the demonstration's two years", pace, table);
}

/// Stored records, and the keys that open them.
pub struct Log {
    records: Vec<Stored>,
    vault: Vault,
}

impl Log {
    /// The whole log of a scheme that nobody serves.
    pub fn read(data: &Path, scheme: &str) -> Self {
        let store = Embedded::open_read_only(data, Options::new(Arc::new(System)));
        let store = store.expect("a data directory");
        let scheme = SchemeId::new(scheme).expect("a name");
        let mut reader = store.reader(&scheme).expect("a journal");
        let mut records = Vec::new();
        while let Some(group) = reader.next_group().expect("a sound journal") {
            records.extend(group);
        }
        let vault = store.vault(&scheme).expect("a keyring");
        Self { records, vault }
    }

    /// What it comes to, folded once.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        self.each(&mut |recorded| snapshot.fold(&recorded).expect("it folds"));
        snapshot
    }

    /// Folds it again and again, in turns.
    pub fn line(&self, what: &str, pace: Pace, table: &mut Table) {
        let turns: Vec<(f64, f64)> = (0..pace.turns)
            .map(|_| {
                let ours = self.rate(pace.slice, &|| {
                    let mut snapshot = Snapshot::default();
                    self.each(&mut |recorded| snapshot.fold(&recorded).expect("it folds"));
                    black_box(snapshot);
                });
                let plain = self.rate(pace.slice, &|| {
                    let mut plain = Plain::default();
                    self.each(&mut |recorded| plain.fold(recorded));
                    black_box(plain);
                });
                (ours, plain)
            })
            .collect();
        let told = |side: f64| format!("{} records a second", figure(side));
        table.add(Line {
            what: format!(
                "decoding and folding {what} ({} records) on one core, beside plain hash maps",
                self.records.len()
            ),
            ours: told(median(turns.iter().map(|turn| turn.0))),
            limit: told(median(turns.iter().map(|turn| turn.1))),
            ratio: median(turns.iter().map(|turn| turn.0 / turn.1)),
            aim: Aim::Least(0.8),
        });
    }

    fn each(&self, take: &mut dyn FnMut(Recorded)) {
        for stored in &self.records {
            let record = stored.record().expect("a record");
            take(codec::understand(&record, &self.vault).expect("it is understood"));
        }
    }

    fn rate(&self, time: Duration, fold: &dyn Fn()) -> f64 {
        let (began, mut rounds) = (Instant::now(), 0_u32);
        while began.elapsed() < time {
            fold();
            rounds += 1;
        }
        let records = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        f64::from(rounds) * f64::from(records) / began.elapsed().as_secs_f64()
    }
}

#[derive(Default)]
struct Plain {
    scheme: HashMap<Uuid, Event>,
    particulars: HashMap<Uuid, Event>,
    board: HashMap<Uuid, (u64, Date)>,
    ledger: HashMap<Uuid, u64>,
    rows: Vec<(&'static str, Uuid, Timestamp)>,
    trail: HashMap<Uuid, Vec<u64>>,
    outcomes: HashMap<Uuid, (u64, u64)>,
}

impl Plain {
    fn fold(&mut self, recorded: Recorded) {
        let position = recorded.position;
        let kind = recorded.event.kind();
        self.rows
            .push((kind, recorded.actor.id, recorded.recorded_at));
        for subject in recorded.event.subjects() {
            self.scheme.insert(subject, recorded.event.clone());
            self.board.insert(subject, (position, recorded.happened_on));
            *self.ledger.entry(subject).or_default() += 1;
            self.trail.entry(subject).or_default().push(position);
        }
        if let Some(command) = recorded.command_id {
            self.outcomes
                .entry(command)
                .or_insert((position, position))
                .1 = position;
        }
        self.particulars.insert(recorded.id, recorded.event);
    }
}

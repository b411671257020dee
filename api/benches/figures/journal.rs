//! Appends to the journal, beside a plain file that is written and synced as often; and a stretch with the index behind.

use crate::{
    stage::{Pace, folder},
    table::{Aim, Line, Table, figure, median},
};
use event_log::{Actor, Embedded, EventStore as _, Kind, Options, Position, Record, SchemeId};
use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Records of a group in the sustained stretch: what some ten clients have waiting.
const STRETCH_GROUP: u64 = 16;

pub fn measure(pace: Pace, table: &mut Table) {
    for group in [1, 16, 256] {
        let directory = folder();
        let mut ours = Log::open(&directory.path().join("ours"), false);
        let mut plain = Plain::open(&directory.path().join("plain"), group);
        let turns: Vec<(f64, f64)> = (0..pace.turns)
            .map(|_| {
                (
                    ours.append_for(group, pace.slice, &mut |_| ()),
                    plain.append_for(pace.slice),
                )
            })
            .collect();
        table.add(Line {
            what: format!(
                "journal appends in groups of {group}, beside a plain file and fdatasync"
            ),
            ours: format!(
                "{} groups a second",
                figure(median(turns.iter().map(|turn| turn.0)))
            ),
            limit: format!(
                "{} a second",
                figure(median(turns.iter().map(|turn| turn.1)))
            ),
            ratio: median(turns.iter().map(|turn| turn.0 / turn.1)),
            aim: Aim::Least(0.8),
        });
    }
    stretch(pace, table);
}

/// As fast as the disk takes it, with the index following and without.
fn stretch(pace: Pace, table: &mut Table) {
    let directory = folder();
    let mut without = Log::open(&directory.path().join("without"), false);
    let before = without.append_for(STRETCH_GROUP, pace.stretch / 2, &mut |_| ());
    let mut with = Log::open(&directory.path().join("with"), true);
    let mut lag_most = 0_u32;
    let followed = with.append_for(STRETCH_GROUP, pace.stretch, &mut |log| {
        lag_most = lag_most.max(log.lag());
    });
    let (waited, lag_last) = (Instant::now(), with.lag());
    while with.lag() > 0 && waited.elapsed() < Duration::from_mins(2) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let caught_up = waited.elapsed();
    let after = without.append_for(STRETCH_GROUP, pace.stretch / 2, &mut |_| ());
    let alone = f64::midpoint(before, after);
    table.add(Line {
        what: format!(
            "groups of {STRETCH_GROUP} for {} s with sled following, beside without",
            pace.stretch.as_secs()
        ),
        ours: format!("{} groups a second", figure(followed)),
        limit: format!("{} a second", figure(alone)),
        ratio: followed / alone,
        aim: Aim::Least(0.8),
    });
    table.add(Line {
        what: format!(
            "the index's lag then, in records (caught up {:.1} s after)",
            caught_up.as_secs_f64()
        ),
        ours: format!("at most {lag_most}"),
        limit: format!("{lag_last} at the end"),
        ratio: f64::from(lag_most) / 10_000.0,
        aim: Aim::Most(1.0),
    });
}

struct Log {
    store: Embedded,
    scheme: SchemeId,
    head: u64,
}

impl Log {
    fn open(directory: &Path, index: bool) -> Self {
        let options = Options::new(Arc::new(api::dispatch::System)).create(Kind::Live);
        let options = if index {
            options
        } else {
            options.without_index()
        };
        let store = Embedded::open(directory, options).expect("a directory");
        let scheme = SchemeId::new("figures").expect("a name");
        store.create(&scheme).expect("a scheme");
        Self {
            store,
            scheme,
            head: 0,
        }
    }

    /// Groups a second of what the store takes for them; the making of the records is not counted.
    fn append_for(&mut self, group: u64, time: Duration, look: &mut dyn FnMut(&Self)) -> f64 {
        let (mut took, mut groups) = (Duration::ZERO, 0_u32);
        while took < time {
            let records = (1..=group).map(|offset| record(&self.scheme, self.head + offset));
            let records = records.collect();
            let began = Instant::now();
            let appended = self
                .store
                .append(&self.scheme, Position(self.head), records);
            took += began.elapsed();
            self.head = appended.expect("the disk takes it").0;
            groups += 1;
            if groups.is_multiple_of(64) {
                look(self);
            }
        }
        f64::from(groups) / took.as_secs_f64()
    }

    fn lag(&self) -> u32 {
        let status = self.store.index_status(&self.scheme).expect("a status");
        u32::try_from(status.head.0 - status.applied.0).unwrap_or(u32::MAX)
    }
}

/// A file to which the bytes of such a group are appended.
struct Plain {
    file: File,
    group: Vec<u8>,
}

impl Plain {
    fn open(path: &Path, group: u64) -> Self {
        let scheme = SchemeId::new("figures").expect("a name");
        let records = (1..=group).flat_map(|at| record(&scheme, at).encode().expect("a record"));
        Self {
            file: File::create(path).expect("a file"),
            group: records.collect(),
        }
    }

    fn append_for(&mut self, time: Duration) -> f64 {
        let (began, mut groups) = (Instant::now(), 0_u32);
        while began.elapsed() < time {
            let written = self
                .file
                .write_all(&self.group)
                .and_then(|()| self.file.sync_data());
            written.expect("the disk takes it");
            groups += 1;
        }
        f64::from(groups) / began.elapsed().as_secs_f64()
    }
}

/// A record of about 600 bytes.
fn record(scheme: &SchemeId, position: u64) -> Record {
    Record {
        scheme: scheme.clone(),
        position: Position(position),
        id: Uuid::from_u128(u128::from(position)),
        kind: "session.held".to_owned(),
        version: 1,
        recorded_at: "2026-11-22T12:00:00.000Z".to_owned(),
        happened_on: "2026-11-22".to_owned(),
        actor: Actor {
            id: Uuid::from_u128(9),
            role: "coordinator".to_owned(),
        },
        reported_by: None,
        channel: None,
        command_id: Some(Uuid::from_u128(u128::from(position) << 64)),
        correlation_id: None,
        causation_id: None,
        traceparent: None,
        subjects: vec![Uuid::from_u128(u128::from(position % 1_000))],
        data: serde_json::json!({ "text": "x".repeat(180) }),
        sealed: Vec::new(),
    }
}

//! Cases about appending: what gets in, what does not, and that a refusal leaves nothing behind.

use std::sync::Mutex;
use std::thread;

use serde_json::json;

use super::{
    Bench, Named, Outcome, Wrong, all, equal, fails, filled, grow, instant, named, positions,
};
use super::{sample, samples};
use crate::record::{MAX_LEAF_BYTES, Position, Record};
use crate::store::{MAX_GROUP_RECORDS, StoreError};

pub(super) const CASES: &[Named] = &[
    ("the first group starts at position one", |bench| {
        let scheme = filled(bench, &[3])?;
        equal(
            "positions",
            positions(&all(bench.store(), &scheme)?),
            vec![1, 2, 3],
        )
    }),
    ("an append answers with the new head", |bench| {
        let scheme = filled(bench, &[2])?;
        equal("head", grow(bench.store(), &scheme, 3)?, Position(5))
    }),
    (
        "an empty group changes nothing and answers with the head",
        |bench| {
            let scheme = filled(bench, &[2])?;
            equal(
                "head",
                bench.store().append(&scheme, Position(2), vec![])?,
                Position(2),
            )?;
            equal("records", all(bench.store(), &scheme)?.len(), 2)
        },
    ),
    ("an empty group on a stale head is a conflict", |bench| {
        let scheme = filled(bench, &[2])?;
        fails(
            "append",
            bench.store().append(&scheme, Position(1), vec![]),
            is_conflict,
        )
    }),
    ("a stale head is a conflict that names both", |bench| {
        let scheme = filled(bench, &[2])?;
        let late = bench
            .store()
            .append(&scheme, Position(1), samples(&scheme, Position(1), 1));
        let exact = |error: &StoreError| {
            matches!(
                error,
                StoreError::Conflict {
                    expected: Position(1),
                    actual: Position(2)
                }
            )
        };
        fails("append", late, exact)
    }),
    ("a head from the future is a conflict", |bench| {
        let scheme = filled(bench, &[2])?;
        fails(
            "append",
            bench
                .store()
                .append(&scheme, Position(9), samples(&scheme, Position(9), 1)),
            is_conflict,
        )
    }),
    ("a conflict leaves nothing behind", |bench| {
        let scheme = filled(bench, &[2])?;
        let before = all(bench.store(), &scheme)?;
        fails(
            "append",
            bench
                .store()
                .append(&scheme, Position(0), samples(&scheme, Position(0), 2)),
            is_conflict,
        )?;
        equal("records", all(bench.store(), &scheme)?, before)
    }),
    ("after a conflict the next append succeeds", |bench| {
        let scheme = filled(bench, &[2])?;
        fails(
            "append",
            bench
                .store()
                .append(&scheme, Position(0), samples(&scheme, Position(0), 2)),
            is_conflict,
        )?;
        equal("head", grow(bench.store(), &scheme, 1)?, Position(3))
    }),
    ("a gap inside a group is refused whole", |bench| {
        refused(
            bench,
            |group| group[1].position = Position(9),
            |error| at_index(error, 1),
        )
    }),
    (
        "a repeated position inside a group is refused whole",
        |bench| {
            refused(
                bench,
                |group| group[2].position = group[1].position,
                |error| at_index(error, 2),
            )
        },
    ),
    ("a record of another scheme is refused whole", |bench| {
        refused(
            bench,
            |group| group[2].scheme = named("elsewhere"),
            |error| at_index(error, 2),
        )
    }),
    (
        "time going backwards inside a group is refused whole",
        |bench| {
            refused(
                bench,
                |group| group[2].recorded_at = instant(0),
                |error| at_index(error, 2),
            )
        },
    ),
    ("time going backwards between groups is refused", |bench| {
        refused(
            bench,
            |group| {
                for record in group {
                    record.recorded_at = instant(0);
                }
            },
            |error| at_index(error, 0),
        )
    }),
    ("many records may share one time", |bench| {
        let scheme = filled(bench, &[1])?;
        let mut group = samples(&scheme, Position(1), 3);
        for record in &mut group {
            record.recorded_at = instant(1);
        }
        equal(
            "head",
            bench.store().append(&scheme, Position(1), group)?,
            Position(4),
        )
    }),
    ("a malformed time is refused whole", |bench| {
        refused(
            bench,
            |group| group[1].recorded_at = "2026-01-01T00:00:00Z".into(),
            is_malformed,
        )
    }),
    ("a day that does not exist is refused whole", |bench| {
        refused(
            bench,
            |group| group[1].happened_on = "2026-02-29".into(),
            is_malformed,
        )
    }),
    ("a type that is no dotted name is refused whole", |bench| {
        refused(
            bench,
            |group| group[1].kind = "not a name".into(),
            is_malformed,
        )
    }),
    (
        "a number that JSON readers would round is refused whole",
        |bench| {
            refused(
                bench,
                |group| group[1].data = json!({ "n": 9_007_199_254_740_993_u64 }),
                is_malformed,
            )
        },
    ),
    (
        "nesting beyond what parsers take is refused whole",
        |bench| {
            refused(
                bench,
                |group| group[1].data = (0..200).fold(json!(1), |inner, _| json!([inner])),
                is_malformed,
            )
        },
    ),
    (
        "a record beyond the limit is too large, and the group refused whole",
        |bench| {
            let large = "x".repeat(MAX_LEAF_BYTES);
            refused(
                bench,
                |group| group[1].data = json!({ "text": large }),
                |error| matches!(error, StoreError::TooLarge { limit: MAX_LEAF_BYTES, actual, .. } if *actual > MAX_LEAF_BYTES),
            )
        },
    ),
    ("a record just within the limit is kept", |bench| {
        let scheme = filled(bench, &[])?;
        let mut record = sample(&scheme, Position(1));
        record.data = json!({ "text": "" });
        let spare = MAX_LEAF_BYTES - record.leaf()?.len();
        record.data = json!({ "text": "x".repeat(spare) });
        bench
            .store()
            .append(&scheme, Position(0), vec![record.clone()])?;
        equal("record", all(bench.store(), &scheme)?[0].record()?, record)
    }),
    ("a group of too many records is refused", |bench| {
        let scheme = filled(bench, &[])?;
        let group = samples(&scheme, Position(0), MAX_GROUP_RECORDS as u64 + 1);
        let too_large = |error: &StoreError| matches!(error, StoreError::TooLarge { .. });
        fails(
            "append",
            bench.store().append(&scheme, Position(0), group),
            too_large,
        )?;
        equal("head", bench.store().head(&scheme)?, Position(0))
    }),
    ("a large group is kept whole", |bench| {
        let scheme = filled(bench, &[5000])?;
        equal("records", all(bench.store(), &scheme)?.len(), 5000)
    }),
    (
        "of many who append at once, one wins and the others see a conflict",
        |bench| {
            let scheme = filled(bench, &[1])?;
            let store = bench.store();
            let outcomes = Mutex::new(Vec::new());
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        let outcome =
                            store.append(&scheme, Position(1), samples(&scheme, Position(1), 2));
                        outcomes
                            .lock()
                            .map(|mut outcomes| outcomes.push(outcome))
                            .ok();
                    });
                }
            });
            let outcomes = outcomes
                .into_inner()
                .map_err(|_| Wrong("a thread panicked".to_owned()))?;
            let conflicts = outcomes
                .iter()
                .filter(|outcome| matches!(outcome, Err(StoreError::Conflict { .. })))
                .count();
            equal(
                "winners and conflicts",
                (
                    outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
                    conflicts,
                ),
                (1, 7),
            )?;
            equal("head", store.head(&scheme)?, Position(3))
        },
    ),
    ("many who try again all get in, without a gap", |bench| {
        let scheme = filled(bench, &[])?;
        let store = bench.store();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut left = 10;
                    while left > 0 {
                        left -= i32::from(grow(store, &scheme, 2).is_ok());
                    }
                });
            }
        });
        equal(
            "positions",
            positions(&all(store, &scheme)?),
            (1..=80).collect(),
        )
    }),
];

/// Changes a group of three that would follow one record; it must be refused and leave nothing behind.
fn refused(
    bench: &mut dyn Bench,
    spoil: impl Fn(&mut Vec<Record>),
    expected: impl Fn(&StoreError) -> bool,
) -> Outcome {
    let scheme = filled(bench, &[1])?;
    let mut group = samples(&scheme, Position(1), 3);
    spoil(&mut group);
    fails(
        "append",
        bench.store().append(&scheme, Position(1), group),
        expected,
    )?;
    equal(
        "positions",
        positions(&all(bench.store(), &scheme)?),
        vec![1],
    )?;
    equal(
        "head after a good group",
        grow(bench.store(), &scheme, 1)?,
        Position(2),
    )
}

fn is_conflict(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict { .. })
}

fn is_malformed(error: &StoreError) -> bool {
    matches!(error, StoreError::Record { index: 1, .. })
}

fn at_index(error: &StoreError, expected: usize) -> bool {
    matches!(error, StoreError::Group { index, .. } if *index == expected)
}

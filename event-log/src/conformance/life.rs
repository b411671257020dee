//! Cases about schemes themselves: making, finding, keeping apart, and surviving a reopening.

use super::{Named, all, equal, fails, filled, grow, holds, name, named, positions, samples};
use crate::record::Position;
use crate::store::StoreError;

pub(super) const CASES: &[Named] = &[
    ("a new store has no schemes", |bench| {
        equal("schemes", bench.store().schemes()?.len(), 0)
    }),
    ("a new scheme is empty", |bench| {
        let scheme = filled(bench, &[])?;
        equal("head", bench.store().head(&scheme)?, Position(0))
    }),
    ("schemes are listed by name", |bench| {
        for scheme in ["b", "a-2", "a"] {
            bench.store().create(&named(scheme))?;
        }
        let expected: Vec<_> = ["a", "a-2", "b"].into_iter().map(named).collect();
        equal("schemes", bench.store().schemes()?, expected)
    }),
    ("a scheme cannot be made twice", |bench| {
        let scheme = filled(bench, &[2])?;
        fails("create", bench.store().create(&scheme), |error| {
            matches!(error, StoreError::Exists(_))
        })?;
        equal("head", bench.store().head(&scheme)?, Position(2))
    }),
    (
        "a scheme that was never made is not found by any call",
        |bench| {
            let (store, scheme) = (bench.store(), name());
            let missing = |error: &StoreError| matches!(error, StoreError::NotFound(_));
            fails("head", store.head(&scheme), missing)?;
            fails("read", store.read(&scheme, Position(1), 1), missing)?;
            fails("follow", store.follow(&scheme, Position(1)), missing)?;
            fails(
                "append",
                store.append(&scheme, Position(0), samples(&scheme, Position(0), 1)),
                missing,
            )?;
            equal("schemes", store.schemes()?.len(), 0)
        },
    ),
    ("schemes know nothing of each other", |bench| {
        let scheme = filled(bench, &[3])?;
        let other = named("other");
        bench.store().create(&other)?;
        equal("other's head", bench.store().head(&other)?, Position(0))?;
        grow(bench.store(), &other, 5)?;
        equal("head", bench.store().head(&scheme)?, Position(3))?;
        equal("records", all(bench.store(), &scheme)?.len(), 3)
    }),
    ("everything is there after a reopening", |bench| {
        let scheme = filled(bench, &[3, 1, 4])?;
        let before = all(bench.store(), &scheme)?;
        bench.reopen();
        equal("head", bench.store().head(&scheme)?, Position(8))?;
        holds(
            "the records are the same",
            all(bench.store(), &scheme)? == before,
        )
    }),
    ("an empty scheme is there after a reopening", |bench| {
        let scheme = filled(bench, &[])?;
        bench.reopen();
        equal("schemes", bench.store().schemes()?, vec![scheme.clone()])?;
        equal("head", grow(bench.store(), &scheme, 1)?, Position(1))
    }),
    ("appending goes on after many reopenings", |bench| {
        let scheme = filled(bench, &[])?;
        for round in 1..=5 {
            equal(
                "head",
                grow(bench.store(), &scheme, 2)?,
                Position(round * 2),
            )?;
            bench.reopen();
        }
        equal(
            "positions",
            positions(&all(bench.store(), &scheme)?),
            (1..=10).collect(),
        )
    }),
    ("time cannot go backwards across a reopening", |bench| {
        let scheme = filled(bench, &[2])?;
        bench.reopen();
        let mut group = samples(&scheme, Position(2), 1);
        group[0].recorded_at = super::instant(1);
        let refused = bench.store().append(&scheme, Position(2), group);
        fails("append", refused, |error| {
            matches!(error, StoreError::Group { index: 0, .. })
        })
    }),
    (
        "a stale head is a conflict after a reopening too",
        |bench| {
            let scheme = filled(bench, &[2])?;
            bench.reopen();
            let late = bench
                .store()
                .append(&scheme, Position(0), samples(&scheme, Position(0), 1));
            fails("append", late, |error| {
                matches!(error, StoreError::Conflict { .. })
            })
        },
    ),
    ("the limits that are stated are those that hold", |bench| {
        let capabilities = bench.store().capabilities();
        let scheme = filled(bench, &[capabilities.group_records_max as u64])?;
        equal(
            "head",
            bench.store().head(&scheme)?,
            Position(capabilities.group_records_max as u64),
        )
    }),
];

//! Cases about reading: any range, any page size, and never a gap.

use super::{Named, all, equal, filled, grow, holds, positions};
use crate::record::Position;

pub(super) const CASES: &[Named] = &[
    ("an empty log reads as nothing", |bench| {
        let scheme = filled(bench, &[])?;
        equal("records", all(bench.store(), &scheme)?.len(), 0)
    }),
    ("position zero reads from the start", |bench| {
        let scheme = filled(bench, &[2, 2])?;
        equal(
            "positions",
            positions(&bench.store().read(&scheme, Position(0), 2)?),
            vec![1, 2],
        )
    }),
    ("a limit of zero reads nothing", |bench| {
        let scheme = filled(bench, &[3])?;
        equal(
            "records",
            bench.store().read(&scheme, Position(1), 0)?.len(),
            0,
        )
    }),
    ("reading from behind the head gives nothing", |bench| {
        let scheme = filled(bench, &[3])?;
        equal(
            "behind",
            bench.store().read(&scheme, Position(4), 5)?.len(),
            0,
        )?;
        equal(
            "far behind",
            bench
                .store()
                .read(&scheme, Position(u64::MAX), usize::MAX)?
                .len(),
            0,
        )
    }),
    ("the last record can be read alone", |bench| {
        let scheme = filled(bench, &[3, 4])?;
        equal(
            "positions",
            positions(&bench.store().read(&scheme, Position(7), 9)?),
            vec![7],
        )
    }),
    ("a range may cut through groups", |bench| {
        let scheme = filled(bench, &[3, 3, 3])?;
        equal(
            "positions",
            positions(&bench.store().read(&scheme, Position(2), 6)?),
            (2..=7).collect(),
        )
    }),
    ("every range reads what is in it", |bench| {
        let scheme = filled(bench, &[1, 4, 2, 5])?;
        let everything = all(bench.store(), &scheme)?;
        for from in 1..=13_usize {
            for limit in 0..=13_usize {
                let expected: Vec<_> = everything
                    .iter()
                    .skip(from - 1)
                    .take(limit)
                    .cloned()
                    .collect();
                let found = bench.store().read(&scheme, Position(from as u64), limit)?;
                equal(&format!("{limit} from {from}"), found, expected)?;
            }
        }
        Ok(())
    }),
    ("pages put together are the whole", |bench| {
        let scheme = filled(bench, &[700, 1, 700, 3])?;
        let mut pages = Vec::new();
        while let page @ [_, ..] = bench
            .store()
            .read(&scheme, Position(pages.len() as u64 + 1), 97)?
            .as_slice()
        {
            pages.extend_from_slice(page);
        }
        holds(
            "the pages are the whole",
            pages == all(bench.store(), &scheme)?,
        )
    }),
    ("reading twice gives the same bytes", |bench| {
        let scheme = filled(bench, &[20])?;
        let first = all(bench.store(), &scheme)?;
        grow(bench.store(), &scheme, 5)?;
        holds("the same", all(bench.store(), &scheme)?[..20] == first[..])
    }),
    ("a record names the position it is read at", |bench| {
        let scheme = filled(bench, &[5, 5])?;
        for stored in all(bench.store(), &scheme)? {
            equal("position", stored.record()?.position, stored.position)?;
        }
        Ok(())
    }),
];

//! Cases about following: whole groups, in order, at the follower's own pace.

use std::thread;

use super::{BRIEFLY, Named, SOON, Wrong, equal, fails, filled, grow, positions};
use crate::record::Position;
use crate::store::{Follower, StoreError};

pub(super) const CASES: &[Named] = &[
    ("a follower gets old groups whole and in order", |bench| {
        let scheme = filled(bench, &[2, 1, 3])?;
        let mut follower = bench.store().follow(&scheme, Position(1))?;
        equal("first", take(&mut follower)?, vec![1, 2])?;
        equal("second", take(&mut follower)?, vec![3])?;
        equal("third", take(&mut follower)?, vec![4, 5, 6])
    }),
    ("a follower of nothing gets nothing", |bench| {
        let scheme = filled(bench, &[])?;
        let mut follower = bench.store().follow(&scheme, Position(0))?;
        equal("group", follower.next(BRIEFLY)?.is_none(), true)
    }),
    (
        "a follower may start behind the head and gets what comes",
        |bench| {
            let scheme = filled(bench, &[2])?;
            let mut follower = bench.store().follow(&scheme, Position(3))?;
            equal("nothing yet", follower.next(BRIEFLY)?.is_none(), true)?;
            grow(bench.store(), &scheme, 2)?;
            equal("group", take(&mut follower)?, vec![3, 4])
        },
    ),
    (
        "a follower started inside a group gets the rest of it",
        |bench| {
            let scheme = filled(bench, &[4, 2])?;
            let mut follower = bench.store().follow(&scheme, Position(3))?;
            equal("rest", take(&mut follower)?, vec![3, 4])?;
            equal("next", take(&mut follower)?, vec![5, 6])
        },
    ),
    ("nobody can follow from beyond the next position", |bench| {
        let scheme = filled(bench, &[2])?;
        let ahead = |error: &StoreError| {
            matches!(
                error,
                StoreError::Ahead {
                    from: Position(4),
                    head: Position(2)
                }
            )
        };
        fails("follow", bench.store().follow(&scheme, Position(4)), ahead)
    }),
    ("a waiting follower is woken by an append", |bench| {
        let scheme = filled(bench, &[])?;
        let mut follower = bench.store().follow(&scheme, Position(1))?;
        let waiting = thread::spawn(move || take(&mut follower));
        thread::sleep(BRIEFLY);
        grow(bench.store(), &scheme, 2)?;
        equal(
            "group",
            waiting
                .join()
                .map_err(|_| Wrong("the follower panicked".to_owned()))??,
            vec![1, 2],
        )
    }),
    ("a slow follower misses nothing", |bench| {
        let scheme = filled(bench, &[1])?;
        let mut follower = bench.store().follow(&scheme, Position(1))?;
        equal("first", take(&mut follower)?, vec![1])?;
        for _ in 0..200 {
            grow(bench.store(), &scheme, 1)?;
        }
        for position in 2..=201 {
            equal("group", take(&mut follower)?, vec![position])?;
        }
        equal("the end", follower.next(BRIEFLY)?.is_none(), true)
    }),
    ("followers do not disturb each other", |bench| {
        let scheme = filled(bench, &[1, 1])?;
        let mut one = bench.store().follow(&scheme, Position(1))?;
        let mut two = bench.store().follow(&scheme, Position(2))?;
        equal("one", take(&mut one)?, vec![1])?;
        equal("two", take(&mut two)?, vec![2])?;
        equal("one again", take(&mut one)?, vec![2])
    }),
    ("a follower sees only its own scheme", |bench| {
        let scheme = filled(bench, &[1])?;
        let other = super::named("other");
        bench.store().create(&other)?;
        let mut follower = bench.store().follow(&scheme, Position(2))?;
        grow(bench.store(), &other, 3)?;
        equal("group", follower.next(BRIEFLY)?.is_none(), true)
    }),
    ("a refused group never reaches a follower", |bench| {
        let scheme = filled(bench, &[1])?;
        let mut follower = bench.store().follow(&scheme, Position(2))?;
        let refused = bench.store().append(
            &scheme,
            Position(0),
            super::samples(&scheme, Position(0), 2),
        );
        fails("append", refused, |error| {
            matches!(error, StoreError::Conflict { .. })
        })?;
        equal("group", follower.next(BRIEFLY)?.is_none(), true)
    }),
    (
        "following goes on from the same place after a reopening",
        |bench| {
            let scheme = filled(bench, &[2, 2])?;
            equal(
                "before",
                take(&mut bench.store().follow(&scheme, Position(1))?)?,
                vec![1, 2],
            )?;
            bench.reopen();
            let mut follower = bench.store().follow(&scheme, Position(3))?;
            equal("after", take(&mut follower)?, vec![3, 4])?;
            grow(bench.store(), &scheme, 1)?;
            equal("new", take(&mut follower)?, vec![5])
        },
    ),
];

fn take(follower: &mut Follower) -> Result<Vec<u64>, Wrong> {
    follower
        .next(SOON)?
        .map(|group| positions(&group))
        .ok_or(Wrong("no group came".to_owned()))
}

//! An engine without a disk: for tests of other rooms, and to show that the suite knows no engine.
//!
//! Nothing survives the process, and nobody else can see it. There is no sealing and no index here.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::{Position, Record, SchemeId};
use crate::store::{
    Capabilities, EventStore, Follow, Follower, MAX_GROUP_BYTES, MAX_GROUP_RECORDS, StoreError,
    Stored, encode_group, follows_in_time,
};

/// All logs in memory. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    logs: Mutex<BTreeMap<SchemeId, Log>>,
    grown: Condvar,
}

#[derive(Debug, Default)]
struct Log {
    records: Vec<Stored>,
    /// The head after each group, rising.
    group_ends: Vec<u64>,
    last_recorded_at: String,
}

impl Memory {
    /// No schemes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl EventStore for Memory {
    fn schemes(&self) -> Result<Vec<SchemeId>, StoreError> {
        Ok(self.0.lock().keys().cloned().collect())
    }

    fn create(&self, scheme: &SchemeId) -> Result<(), StoreError> {
        let mut logs = self.0.lock();
        if logs.contains_key(scheme) {
            return Err(StoreError::Exists(scheme.clone()));
        }
        logs.insert(scheme.clone(), Log::default());
        Ok(())
    }

    fn append(
        &self,
        scheme: &SchemeId,
        expected_head: Position,
        group: Vec<Record>,
    ) -> Result<Position, StoreError> {
        let encoded = encode_group(scheme, expected_head, &group)?;
        let mut logs = self.0.lock();
        let log = logs
            .get_mut(scheme)
            .ok_or_else(|| StoreError::NotFound(scheme.clone()))?;
        let actual = log.head();
        if expected_head != actual {
            return Err(StoreError::Conflict {
                expected: expected_head,
                actual,
            });
        }
        let Some(encoded) = encoded else {
            return Ok(actual);
        };
        follows_in_time(&encoded, &log.last_recorded_at)?;
        for bytes in encoded.records {
            let position = log.head().next();
            log.records.push(Stored {
                position,
                bytes: bytes.into(),
            });
        }
        log.last_recorded_at = encoded.last_recorded_at;
        log.group_ends.push(log.head().0);
        self.0.grown.notify_all();
        Ok(log.head())
    }

    fn read(
        &self,
        scheme: &SchemeId,
        from: Position,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        let logs = self.0.lock();
        let log = logs
            .get(scheme)
            .ok_or_else(|| StoreError::NotFound(scheme.clone()))?;
        Ok(log
            .records
            .iter()
            .skip(offset(from))
            .take(limit)
            .cloned()
            .collect())
    }

    fn follow(&self, scheme: &SchemeId, from: Position) -> Result<Follower, StoreError> {
        let head = self.head(scheme)?;
        if from > head.next() {
            return Err(StoreError::Ahead { from, head });
        }
        let next = from.max(Position::FIRST);
        Ok(Follower::new(MemoryFollower {
            shared: Arc::clone(&self.0),
            scheme: scheme.clone(),
            next,
        }))
    }

    fn head(&self, scheme: &SchemeId) -> Result<Position, StoreError> {
        self.0
            .lock()
            .get(scheme)
            .map(Log::head)
            .ok_or_else(|| StoreError::NotFound(scheme.clone()))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            durable: false,
            shared: false,
            group_bytes_max: MAX_GROUP_BYTES,
            group_records_max: MAX_GROUP_RECORDS,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<SchemeId, Log>> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn head(&self) -> Position {
        Position(self.records.len() as u64)
    }

    /// The rest of the group that holds `from`.
    fn group_at(&self, from: Position) -> Option<Vec<Stored>> {
        let end = *self
            .group_ends
            .get(self.group_ends.partition_point(|end| *end < from.0))?;
        Some(self.records[offset(from)..offset(Position(end).next())].to_vec())
    }
}

struct MemoryFollower {
    shared: Arc<Shared>,
    scheme: SchemeId,
    next: Position,
}

impl Follow for MemoryFollower {
    fn next(&mut self, timeout: Duration) -> Result<Option<Vec<Stored>>, StoreError> {
        let started = Instant::now();
        let mut logs = self.shared.lock();
        loop {
            let log = logs
                .get(&self.scheme)
                .ok_or_else(|| StoreError::NotFound(self.scheme.clone()))?;
            if let Some(group) = log.group_at(self.next) {
                self.next = self.next.plus(group.len() as u64);
                return Ok(Some(group));
            }
            let Some(left) = timeout
                .checked_sub(started.elapsed())
                .filter(|left| !left.is_zero())
            else {
                return Ok(None);
            };
            logs = self
                .shared
                .grown
                .wait_timeout(logs, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// Where a position stands in a list from zero.
fn offset(position: Position) -> usize {
    usize::try_from(position.0.saturating_sub(1)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::Memory;
    use crate::conformance::{self, Bench};
    use crate::store::EventStore;

    struct MemoryBench(Memory);

    impl Bench for MemoryBench {
        fn store(&self) -> &dyn EventStore {
            &self.0
        }

        fn reopen(&mut self) {
            // Another handle on the same logs: nothing else can be reopened here.
            self.0 = self.0.clone();
        }
    }

    #[test]
    fn conforms() {
        let failures = conformance::run(
            || Box::new(MemoryBench(Memory::new())),
            |name| println!("memory: {name}"),
        );
        assert_eq!(failures, []);
        assert!(conformance::cases().len() >= 40);
    }
}

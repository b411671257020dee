//! One budget for everything that is kept in memory to answer quickly, and how it is shared out.
//!
//! What an open scheme holds is estimated from the length of its log; the figures were measured (`benches/start.rs`)
//! and are rounded up. An allocator that is asked what it holds would answer for all schemes together.

/// The budget if none is stated, in MiB.
pub const DEFAULT_MIB: u64 = 1_024;

/// What the state of a scheme holds for each event of its log, in bytes.
const EVENT_BYTES: u64 = 1_024;
/// What an open scheme holds however short its log is, in bytes: threads, buffers, an index.
const SCHEME_BYTES: u64 = 3 << 20;
/// What an earlier state that is kept holds beside what its events changed, in bytes.
const MOMENT_BYTES: u64 = 64 << 10;
/// What an index may cache for each event of the log, in bytes: about a record.
const INDEX_EVENT_BYTES: u64 = 1_024;

/// The most memory, in bytes, and the shares of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget(u64);

impl Budget {
    /// A budget of so many MiB; at least 64, below which not even one scheme could be served.
    #[must_use]
    pub const fn mib(mib: u64) -> Self {
        let mib = if mib < 64 { 64 } else { mib };
        Self(mib.saturating_mul(1 << 20))
    }

    /// What the open schemes may hold together, in bytes, with their indexes.
    #[must_use]
    pub const fn open_schemes(self) -> u64 {
        self.0 - self.rendered_answers()
    }

    /// What a cache of rendered answers may hold, in bytes.
    #[must_use]
    pub const fn rendered_answers(self) -> u64 {
        self.0 / 16
    }

    /// What the earlier states of one scheme may hold, in bytes.
    #[must_use]
    pub const fn moments_of_one(self) -> u64 {
        self.open_schemes() / 8
    }

    /// What an earlier state is taken to hold that differs by so many events from the one it was folded from, in bytes.
    #[must_use]
    pub const fn of_moment(events: u64) -> u64 {
        MOMENT_BYTES.saturating_add(events.saturating_mul(EVENT_BYTES))
    }

    /// What the index of one scheme may cache, in bytes.
    #[must_use]
    pub fn index_of_one(self) -> u64 {
        (self.0 / 64).clamp(1 << 20, 32 << 20)
    }

    /// What an open scheme with so many events is taken to hold, in bytes.
    #[must_use]
    pub fn of_scheme(self, events: u64) -> u64 {
        let index = events
            .saturating_mul(INDEX_EVENT_BYTES)
            .min(self.index_of_one());
        SCHEME_BYTES
            .saturating_add(events.saturating_mul(EVENT_BYTES))
            .saturating_add(index)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::mib(DEFAULT_MIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_never_more_than_the_whole() {
        for mib in [0, 64, 1_024, 65_536] {
            let budget = Budget::mib(mib);
            let whole = mib.max(64) << 20;
            assert_eq!(budget.open_schemes() + budget.rendered_answers(), whole);
            assert!(budget.of_scheme(0) < budget.open_schemes());
        }
    }

    #[test]
    fn a_longer_log_holds_more_and_its_index_never_more_than_its_share() {
        let budget = Budget::default();
        assert!(budget.of_scheme(1_000) < budget.of_scheme(1_000_000));
        let states = (2_000_000 - 1_000_000) * EVENT_BYTES;
        assert_eq!(
            budget.of_scheme(2_000_000) - budget.of_scheme(1_000_000),
            states
        );
    }
}

//! One budget for everything that is kept in memory to answer quickly, and how it is shared out.
//!
//! What an open scheme holds is estimated from the length of its log; the figures were measured (`benches/start.rs`)
//! and are rounded up. An allocator that is asked what it holds would answer for all schemes together.

/// The budget if none is stated, in MiB.
pub const DEFAULT_MIB: u64 = 1_024;

/// What the state of a scheme holds for each event of its log, in bytes, with an earlier state that shares nothing with it,
/// as after a start from a snapshot: each about half.
const EVENT_BYTES: u64 = 1_024;
/// What an open scheme holds however short its log is, in bytes: threads, buffers, an index.
const SCHEME_BYTES: u64 = 3 << 20;
/// What an earlier state that is kept holds beside what its events changed, in bytes.
const MOMENT_BYTES: u64 = 64 << 10;
/// What an earlier state holds for each event since the one before it, in bytes, where these are few beside all before them.
const MOMENT_EVENT_BYTES: u64 = 2_304;
/// How much less that is for each time that they are twice as many, in bytes: more of them change the same.
const MOMENT_SHARED_BYTES: u64 = 384;
/// The least that it comes to, in bytes.
const MOMENT_EVENT_BYTES_LEAST: u64 = 256;
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

    /// The least budget in which the earlier states of one scheme may hold so many MiB.
    #[must_use]
    pub const fn for_moments_of_one(mib: u64) -> Self {
        // An eighth of fifteen sixteenths, turned round.
        Self::mib(mib.saturating_mul(128).div_ceil(15))
    }

    /// What an earlier state at `to` is taken to hold beside the one before it, at `from`, in bytes. Measured with roots
    /// kept every 1,024 to 65,536 events of 300,000 and of 1,000,000.
    #[must_use]
    pub const fn of_moment(from: u64, to: u64) -> u64 {
        let events = to.saturating_sub(from);
        let share = match events.saturating_mul(256).checked_div(to) {
            Some(share) if share > 0 => share.ilog2() as u64,
            _ => 0,
        };
        let each = MOMENT_EVENT_BYTES.saturating_sub(MOMENT_SHARED_BYTES * share);
        let each = if each < MOMENT_EVENT_BYTES_LEAST {
            MOMENT_EVENT_BYTES_LEAST
        } else {
            each
        };
        MOMENT_BYTES.saturating_add(events.saturating_mul(each))
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
    fn a_budget_can_be_stated_by_what_earlier_states_may_hold() {
        for mib in [10, 120, 500] {
            let budget = Budget::for_moments_of_one(mib);
            assert!((mib << 20..(mib + 1) << 20).contains(&budget.moments_of_one()));
        }
    }

    #[test]
    fn earlier_states_hold_less_together_the_further_they_are_apart() {
        let all = |stride: u64| -> u64 {
            let ends = (1..=(1 << 20) / stride).map(|number| number * stride);
            ends.map(|end| Budget::of_moment(end - stride, end)).sum()
        };
        let mut stride = 1 << 10;
        while stride < 1 << 19 {
            assert!(all(stride * 2) < all(stride), "every {stride}");
            stride *= 2;
        }
        assert_eq!(Budget::of_moment(0, 0), MOMENT_BYTES);
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

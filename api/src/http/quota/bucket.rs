//! One client's account: what it may still ask, as a single instant.
//!
//! The generic cell rate algorithm: a request moves the instant at which everything would be given back a little further
//! away, and what would move it beyond the window is refused. So an account is sixteen bytes, gives back evenly, and one
//! whose instant is past says nothing and may be forgotten.

use std::{num::NonZeroU32, time::Duration};

use tokio::time::Instant;

/// So many requests within this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many, which is also the largest burst.
    pub most: NonZeroU32,
    /// In which time all of them are given back.
    pub within: Duration,
}

impl Quota {
    /// So many a minute.
    #[must_use]
    pub const fn a_minute(most: NonZeroU32) -> Self {
        Self {
            most,
            within: Duration::from_mins(1),
        }
    }

    fn interval(self) -> Duration {
        self.within / self.most.get()
    }
}

/// How an account stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Requests that are left.
    pub left: u32,
    /// When all of them are there again.
    pub whole_in: Duration,
    /// When the next one is, if this one was refused.
    pub refused_for: Option<Duration>,
}

/// One account.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    whole_at: Instant,
}

impl Bucket {
    /// An account from which nothing was taken.
    pub const fn new(now: Instant) -> Self {
        Self { whole_at: now }
    }

    /// Whether it says nothing any more.
    pub fn is_whole(self, now: Instant) -> bool {
        self.whole_at <= now
    }

    /// Takes one request, or refuses it and takes nothing.
    pub fn spend(&mut self, quota: Quota, now: Instant) -> Standing {
        let interval = quota.interval();
        let owed = self.whole_at.saturating_duration_since(now);
        let after = owed + interval;
        if let Some(early) = after.checked_sub(quota.within).filter(|by| !by.is_zero()) {
            return Standing {
                left: 0,
                whole_in: owed,
                refused_for: Some(early),
            };
        }
        self.whole_at = now + after;
        let free = quota.within.saturating_sub(after).as_nanos() / interval.as_nanos().max(1);
        Standing {
            left: u32::try_from(free).unwrap_or(u32::MAX),
            whole_in: after,
            refused_for: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX: Quota = Quota::a_minute(NonZeroU32::new(6).unwrap());

    #[test]
    fn a_burst_of_the_whole_quota_is_taken_and_one_more_refused() {
        let now = Instant::now();
        let mut bucket = Bucket::new(now);
        for left in (0..6).rev() {
            let standing = bucket.spend(SIX, now);
            assert_eq!((standing.left, standing.refused_for), (left, None));
        }
        let refused = bucket.spend(SIX, now);
        assert_eq!(refused.refused_for, Some(Duration::from_secs(10)));
        assert_eq!(refused.whole_in, Duration::from_mins(1));
    }

    #[test]
    fn what_was_taken_comes_back_evenly_and_a_refusal_costs_nothing() {
        let now = Instant::now();
        let mut bucket = Bucket::new(now);
        for _ in 0..100 {
            bucket.spend(SIX, now);
        }
        let later = now + Duration::from_secs(10);
        assert_eq!(bucket.spend(SIX, later).refused_for, None);
        assert!(bucket.spend(SIX, later).refused_for.is_some());
        assert!(!bucket.is_whole(later));
        assert!(bucket.is_whole(later + Duration::from_mins(1)));
    }
}

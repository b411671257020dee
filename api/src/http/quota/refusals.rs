//! What was refused lately, for the administrator: bursts, not requests, and pseudonyms, not clients.
//!
//! Kept in memory since the start and bounded. What a burst says of a client is the pseudonym that the history knows it
//! by, or one that is made from its address with a key and leads back to nobody.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::identity::Role;

/// Bursts that are remembered.
pub const BURSTS_MOST: usize = 100;
/// Quiet for this long, and what follows is another burst.
const QUIET: SignedDuration = SignedDuration::from_secs(60);

/// Which limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// More requests or messages than a client with a token may send.
    Requests,
    /// More requests than an address may send without a token.
    WithoutToken,
    /// More tokens that do not hold than an address may try.
    FailedTokens,
    /// More streams at once than a client may hold open.
    Streams,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::Requests,
        Self::WithoutToken,
        Self::FailedTokens,
        Self::Streams,
    ];

    /// The name, as it stands in headers and figures.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::WithoutToken => "without-token",
            Self::FailedTokens => "failed-tokens",
            Self::Streams => "streams",
        }
    }
}

/// Refusals of one client for one reason, close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// Stands for the client: the actor of the history, or made from an address with a key.
    pub client: Uuid,
    /// The role of its token, if it had one.
    pub role: Option<Role>,
    /// Which limit was met.
    pub reason: Reason,
    /// When the first was refused.
    pub began_at: Timestamp,
    /// When the last was.
    pub latest_at: Timestamp,
    /// How many were.
    pub refused: u64,
}

/// The bursts, latest first to be looked at and earliest first to be forgotten.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<VecDeque<Burst>>);

impl Refusals {
    /// Notes one refusal.
    pub fn note(&self, client: Uuid, role: Option<Role>, reason: Reason, at: Timestamp) {
        let mut bursts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = bursts.iter_mut().rev().find(|burst| {
            (burst.client, burst.reason) == (client, reason)
                && at.duration_since(burst.latest_at) <= QUIET
        });
        if let Some(burst) = same {
            burst.latest_at = burst.latest_at.max(at);
            burst.refused = burst.refused.saturating_add(1);
            return;
        }
        if bursts.len() >= BURSTS_MOST {
            bursts.pop_front();
        }
        bursts.push_back(Burst {
            client,
            role,
            reason,
            began_at: at,
            latest_at: at,
            refused: 1,
        });
    }

    /// The latest bursts, that which began last first.
    #[must_use]
    pub fn latest(&self) -> Vec<Burst> {
        let bursts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bursts.iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn refusals_close_together_are_one_burst() {
        let refusals = Refusals::default();
        let (ada, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for second in [0, 1, 60] {
            refusals.note(ada, Some(Role::Employer), Reason::Requests, at(second));
        }
        refusals.note(ben, None, Reason::FailedTokens, at(30));
        refusals.note(ada, Some(Role::Employer), Reason::Requests, at(121));
        let bursts = refusals.latest();
        let seen: Vec<_> = bursts.iter().map(|one| (one.client, one.refused)).collect();
        assert_eq!(seen, [(ada, 1), (ben, 1), (ada, 3)]);
        assert_eq!((bursts[2].began_at, bursts[2].latest_at), (at(0), at(60)));
    }

    #[test]
    fn strangers_without_number_do_not_fill_the_memory() {
        let refusals = Refusals::default();
        for number in 0..10_000 {
            refusals.note(Uuid::from_u128(number), None, Reason::WithoutToken, at(1));
        }
        let bursts = refusals.latest();
        assert_eq!(bursts.len(), BURSTS_MOST);
        assert_eq!(bursts[0].client, Uuid::from_u128(9_999));
    }
}

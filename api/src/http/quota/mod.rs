//! How much each client may ask, and what it is told about it.
//!
//! ```text
//! token holds ─▶ account of its actor      token fails ─▶ account of failed tokens of the address
//! no token    ─▶ account of the address    all: RateLimit-Policy, RateLimit; refused: 429, Retry-After
//! ```
//!
//! A client that holds a token is never charged for what others at its address do, so one behind a shared proxy is not
//! shut out by a stranger there. The headers are those of draft-ietf-httpapi-ratelimit-headers. Memory is bounded: when
//! there are too many accounts, those that are whole again are forgotten, and whoever is then still without one shares one.

mod bucket;
mod door;
mod refusals;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use tokio::time::Instant;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    http::problem::{Code, Problem},
    identity::Role,
    outside,
    telemetry::Metrics,
};

use bucket::{Bucket, Quota, Standing};
pub use door::{Asker, Bearer, Peer, limit, refused};
pub use refusals::{BURSTS_MOST, Burst, Reason, Refusals};

/// Accounts that are kept at once; some hundred bytes each.
const ACCOUNTS_MOST: usize = 20_000;
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// What clients may ask. The defaults let the busiest personnel system of a council do what it does, and stop one that
/// has gone wrong from taking everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budgets {
    /// Requests and messages a minute of one holder of a token.
    pub requests_a_minute: NonZeroU32,
    /// Requests a minute of one address without a token.
    pub without_token_a_minute: NonZeroU32,
    /// Tokens that do not hold, a minute, of one address.
    pub failed_tokens_a_minute: NonZeroU32,
    /// Web sockets and event streams at once of one holder of a token.
    pub streams: NonZeroU32,
}

impl Default for Budgets {
    fn default() -> Self {
        const fn number(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Self {
            // Ten thousand a second: one delivery after another, as fast as a disk confirms them, stays within.
            requests_a_minute: number(600_000),
            without_token_a_minute: number(6_000),
            failed_tokens_a_minute: number(300),
            streams: number(200),
        }
    }
}

impl Budgets {
    const fn quota(&self, reason: Reason) -> Quota {
        Quota::a_minute(match reason {
            Reason::Requests => self.requests_a_minute,
            Reason::WithoutToken => self.without_token_a_minute,
            Reason::FailedTokens => self.failed_tokens_a_minute,
            Reason::Streams => self.streams,
        })
    }
}

/// Whoever holds a valid token, as far as accounts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Stands for them in the history.
    pub actor: Uuid,
    /// What the request is made as, where that is known before the request is looked at.
    pub role: Option<Role>,
}

/// Whose account is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Account {
    Actor(Uuid),
    Address(IpAddr),
    FailedTokens(IpAddr),
    /// All for whom there was no room.
    Rest(Reason),
}

#[derive(Default)]
struct Accounts {
    buckets: HashMap<Account, Bucket>,
    /// When those that are whole were forgotten last: looking through all of them is not done for every stranger.
    swept_at: Option<Instant>,
}

impl Accounts {
    fn has_room_for(&mut self, account: &Account, now: Instant) -> bool {
        if self.buckets.len() < ACCOUNTS_MOST || self.buckets.contains_key(account) {
            return true;
        }
        let swept = self.swept_at.map(|at| now.saturating_duration_since(at));
        if swept.is_none_or(|ago| ago >= SWEEP_EVERY) {
            self.buckets.retain(|_, bucket| !bucket.is_whole(now));
            self.swept_at = Some(now);
        }
        self.buckets.len() < ACCOUNTS_MOST
    }
}

/// The accounts of all clients. Cheap to clone; clones count together.
#[derive(Clone)]
pub struct Quotas(Arc<Inner>);

struct Inner {
    budgets: Budgets,
    accounts: Mutex<Accounts>,
    streams: Mutex<HashMap<Uuid, u32>>,
    refusals: Arc<Refusals>,
    metrics: Metrics,
    /// Makes pseudonyms of addresses.
    key: Zeroizing<[u8; 32]>,
}

/// An account was overdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdrawn {
    /// Which limit was met.
    pub reason: Reason,
    /// When asking again makes sense.
    pub retry_after: Duration,
}

impl Overdrawn {
    /// Whole seconds until asking again makes sense; at least one.
    #[must_use]
    pub fn retry_after_seconds(&self) -> u64 {
        whole_seconds(self.retry_after).max(1)
    }

    /// As an answer.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let detail = match self.reason {
            Reason::Requests => {
                "This client has used up its requests; the RateLimit header says when there are more."
            }
            Reason::WithoutToken => "This address has used up its requests without a token.",
            Reason::FailedTokens => "This address has sent too many tokens that do not hold.",
            Reason::Streams => {
                "This client holds as many streams open as it may; end one of them first."
            }
        };
        Problem::new(Code::RateLimited, detail)
    }
}

/// A stream that counts until it is dropped.
pub struct HeldStream {
    quotas: Quotas,
    actor: Uuid,
}

impl Drop for HeldStream {
    fn drop(&mut self) {
        let mut streams = self.quotas.streams();
        if let Some(held) = streams.get_mut(&self.actor) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                streams.remove(&self.actor);
            }
        }
    }
}

impl Quotas {
    /// Accounts with these budgets. `key` makes pseudonyms of addresses, and is used for nothing else.
    #[must_use]
    pub fn new(budgets: Budgets, key: impl Into<Zeroizing<[u8; 32]>>, metrics: Metrics) -> Self {
        Self(Arc::new(Inner {
            budgets,
            accounts: Mutex::default(),
            streams: Mutex::default(),
            refusals: Arc::default(),
            metrics,
            key: key.into(),
        }))
    }

    /// What was refused lately.
    #[must_use]
    pub fn refusals(&self) -> Arc<Refusals> {
        Arc::clone(&self.0.refusals)
    }

    /// One request or message of whoever holds a token.
    fn spend_as_holder(&self, holder: Holder) -> Charge {
        let charge = self.charge(Account::Actor(holder.actor), Reason::Requests);
        self.noted(charge, holder.actor, holder.role)
    }

    /// One request without a token, or with one that does not hold.
    fn spend_at(&self, peer: IpAddr, reason: Reason) -> Charge {
        let network = network_of(peer);
        let account = match reason {
            Reason::FailedTokens => Account::FailedTokens(network),
            _ => Account::Address(network),
        };
        let charge = self.charge(account, reason);
        if charge.standing.refused_for.is_none() {
            return charge;
        }
        self.noted(charge, self.pseudonym(network), None)
    }

    /// Counts a stream of the holder for as long as what is returned lives.
    pub fn hold_stream(&self, holder: Holder) -> Result<HeldStream, Overdrawn> {
        let most = self.0.budgets.streams.get();
        {
            let mut streams = self.streams();
            let held = streams.entry(holder.actor).or_default();
            if *held < most {
                *held += 1;
                return Ok(HeldStream {
                    quotas: self.clone(),
                    actor: holder.actor,
                });
            }
        }
        self.note(holder.actor, holder.role, Reason::Streams);
        Err(Overdrawn {
            reason: Reason::Streams,
            retry_after: Duration::from_secs(1),
        })
    }

    fn charge(&self, account: Account, reason: Reason) -> Charge {
        let (quota, now) = (self.0.budgets.quota(reason), Instant::now());
        let mut accounts = self.accounts();
        let account = if accounts.has_room_for(&account, now) {
            account
        } else {
            Account::Rest(reason)
        };
        let bucket = accounts.buckets.entry(account);
        let bucket = bucket.or_insert_with(|| Bucket::new(now));
        Charge {
            reason,
            quota,
            standing: bucket.spend(quota, now),
        }
    }

    fn noted(&self, charge: Charge, client: Uuid, role: Option<Role>) -> Charge {
        if charge.standing.refused_for.is_some() {
            self.note(client, role, charge.reason);
        }
        charge
    }

    fn note(&self, client: Uuid, role: Option<Role>, reason: Reason) {
        self.0.metrics.request_refused(reason);
        let now = outside::wall_clock();
        self.0.refusals.note(client, role, reason, now);
    }

    /// Stands for an address, and leads back to it only with the key.
    fn pseudonym(&self, address: IpAddr) -> Uuid {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.key.as_slice()) else {
            unreachable!("HMAC takes keys of every length");
        };
        mac.update(address.to_string().as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        uuid::Builder::from_custom_bytes(half).into_uuid()
    }

    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.0
            .accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<Uuid, u32>> {
        self.0
            .streams
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was taken from an account, and how it stands.
#[derive(Debug, Clone, Copy)]
struct Charge {
    reason: Reason,
    quota: Quota,
    standing: Standing,
}

impl Charge {
    fn overdrawn(&self) -> Option<Overdrawn> {
        let retry_after = self.standing.refused_for?;
        Some(Overdrawn {
            reason: self.reason,
            retry_after,
        })
    }

    /// `RateLimit-Policy` and `RateLimit`.
    fn headers(&self) -> (String, String) {
        let name = match self.reason {
            Reason::Requests => "client",
            other => other.as_str(),
        };
        let window = whole_seconds(self.quota.within);
        let reset = whole_seconds(self.standing.whole_in);
        (
            format!("\"{name}\";q={};w={window}", self.quota.most),
            format!("\"{name}\";r={};t={reset}", self.standing.left),
        )
    }
}

/// Rounded up: who comes back then does not come too early.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Whom an address belongs to: of IPv6 the first 64 bits, of which every household has all the rest.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}

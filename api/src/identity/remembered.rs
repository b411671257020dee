//! What was verified, kept until it ends: a signature is checked once a token, not once a request.
//!
//! Keyed by the token's digest, so that no token stands in memory longer than its request. The dates are judged at every
//! look-up. There is deliberately no order of age: a full memory lets go of what has ended, and failing that of all.

use super::{Holder, token::TokenError};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A token longer than this is not even looked at.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// How far the clock of whoever signs may be from ours.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(30);
/// How many verified tokens are kept.
pub const TOKENS_MAX: usize = 4096;

/// Stands for a token without being one.
pub type Fingerprint = [u8; 32];

/// The digest of a token, if it is short enough to be one.
pub fn fingerprint(token: &str) -> Result<Fingerprint, TokenError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(TokenError::Invalid);
    }
    Ok(Sha256::digest(token.as_bytes()).into())
}

/// Who showed a token, and from when on it holds.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Whom it stands for, and until when.
    pub holder: Arc<Holder>,
    /// Before this instant it does not hold yet.
    pub not_before: Timestamp,
}

impl Verified {
    /// The holder, if the token holds at `now`, give or take [`LEEWAY`].
    pub fn at(&self, now: Timestamp) -> Result<Arc<Holder>, TokenError> {
        if now.duration_since(self.holder.expires_at) >= LEEWAY {
            Err(TokenError::Expired)
        } else if self.not_before.duration_since(now) > LEEWAY {
            Err(TokenError::Invalid)
        } else {
            Ok(Arc::clone(&self.holder))
        }
    }
}

/// Verified tokens by their fingerprints.
#[derive(Debug, Default)]
pub struct Remembered(Mutex<HashMap<Fingerprint, Verified>>);

impl Remembered {
    /// What is known of this token.
    pub fn find(&self, fingerprint: &Fingerprint) -> Option<Verified> {
        self.all().get(fingerprint).cloned()
    }

    /// Keeps what was found out about a token.
    pub fn keep(&self, fingerprint: Fingerprint, token: Verified, now: Timestamp) {
        let mut all = self.all();
        if all.len() >= TOKENS_MAX {
            all.retain(|_, known| known.at(now).is_ok());
        }
        if all.len() >= TOKENS_MAX {
            all.clear(); // What is forgotten is verified again.
        }
        all.insert(fingerprint, token);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Fingerprint, Verified>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_memory_of_verified_tokens_is_bounded() {
        let remembered = Remembered::default();
        let now = Timestamp::UNIX_EPOCH;
        let token = Verified {
            holder: Arc::new(Holder {
                actor: Uuid::nil(),
                roles: vec![],
                expires_at: Timestamp::MAX,
                listed: false,
            }),
            not_before: now,
        };
        for index in 0..TOKENS_MAX + 10 {
            let mut fingerprint = [0; 32];
            fingerprint[..8].copy_from_slice(&index.to_le_bytes());
            remembered.keep(fingerprint, token.clone(), now);
            assert!(remembered.find(&fingerprint).is_some());
        }
        assert!(remembered.all().len() <= TOKENS_MAX);
    }
}

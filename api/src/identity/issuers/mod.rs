//! Tokens of identity providers: OpenID Connect and OAuth 2 access tokens that are JSON Web Tokens.
//!
//! ```text
//! token ─▶ taken apart ─▶ issuer ─▶ its key ─▶ signature ─▶ audience, dates ─▶ holder, by subject and claims
//! ```
//!
//! After RFC 9068 and the advice of RFC 8725: the issuer is compared letter for letter, its key decides the algorithm, and
//! nothing a token says about keys is followed. There is deliberately no introspection, no login and no refresh here:
//! the provider lets people in, and this judges what it signed.

mod endpoint;
mod fetch;
mod jose;
mod keys;
mod provider;
mod settings;
#[cfg(test)]
pub(super) mod stub;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

pub use keys::KeysError;
pub use provider::Patience;
pub use settings::{
    ClaimSettings, IdentityError, IdentitySettings, IssuerSettings, PersonSettings, SignedWith,
};

use super::{
    Holder,
    key::TokenKey,
    remembered::{Fingerprint, Verified, fingerprint},
    token::TokenError,
};
use jiff::Timestamp;
use jose::Taken;
use keys::KeySet;
use provider::Provider;
use settings::Mapping;
use std::sync::Arc;

/// The issuers whose tokens are taken. Cheap to clone.
#[derive(Clone)]
pub struct Issuers(Arc<Inner>);

struct Inner {
    key: TokenKey,
    issuers: Vec<Issuer>,
}

struct Issuer {
    settings: IssuerSettings,
    mapping: Mapping,
    provider: Provider,
}

impl Issuers {
    /// Begins to fetch the keys of every issuer. `key` is that of the data directory, which makes actors of subjects.
    pub fn start(key: TokenKey, settings: &IdentitySettings) -> Result<Self, IdentityError> {
        Self::start_with(key, settings, |one| Patience::keeping(one.keys_kept_hours))
    }

    /// As [`Self::start`], with another patience.
    pub fn start_with(
        key: TokenKey,
        settings: &IdentitySettings,
        patience: impl Fn(&IssuerSettings) -> Patience,
    ) -> Result<Self, IdentityError> {
        settings.check()?;
        let start = |one: &IssuerSettings| Provider::start(one, patience(one));
        Self::of(key, settings, start)
    }

    /// The issuers, each with keys that are at hand: for measuring and trying out.
    pub fn with_keys(
        key: TokenKey,
        settings: &IdentitySettings,
        key_set: &str,
    ) -> Result<Self, KeysError> {
        Self::of(key, settings, |one| Provider::fixed(one, key_set))
    }

    fn of<E>(
        key: TokenKey,
        settings: &IdentitySettings,
        provider: impl Fn(&IssuerSettings) -> Result<Provider, E>,
    ) -> Result<Self, E> {
        let made = settings.issuers.iter().map(|one| {
            Ok(Issuer {
                settings: one.clone(),
                mapping: Mapping::of(settings, &one.issuer),
                provider: provider(one)?,
            })
        });
        let issuers = made.collect::<Result<_, E>>()?;
        Ok(Self(Arc::new(Inner { key, issuers })))
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> Arc<[String]> {
        let issuers = self.0.issuers.iter();
        issuers
            .map(|issuer| issuer.settings.issuer.clone())
            .collect()
    }

    /// Whoever holds `token`, if it holds at `now`. Waits for keys for at most [`Patience::wait_most`].
    pub async fn holder(&self, token: &str, now: Timestamp) -> Result<Arc<Holder>, TokenError> {
        let fingerprint = fingerprint(token)?;
        if let Some(verified) = self.remembered(&fingerprint) {
            return verified.at(now);
        }
        let (issuer, parts) = self.issuer_of(token)?;
        let keys = issuer.provider.keys_with(parts.key.as_deref()).await?;
        self.judge(issuer, &parts, &keys, fingerprint, now)
    }

    /// The same by the keys at hand: waits for nothing, and has nothing fetched.
    pub fn holder_at_hand(&self, token: &str, now: Timestamp) -> Result<Arc<Holder>, TokenError> {
        let fingerprint = fingerprint(token)?;
        if let Some(verified) = self.remembered(&fingerprint) {
            return verified.at(now);
        }
        let (issuer, parts) = self.issuer_of(token)?;
        let keys = issuer.provider.keys().ok_or(TokenError::Unverifiable)?;
        self.judge(issuer, &parts, &keys, fingerprint, now)
    }

    fn remembered(&self, fingerprint: &Fingerprint) -> Option<Verified> {
        let mut keys = self.0.issuers.iter().filter_map(|one| one.provider.keys());
        keys.find_map(|keys| keys.remembered.find(fingerprint))
    }

    /// Who is said to have signed, and what.
    fn issuer_of<'t>(&self, token: &'t str) -> Result<(&Issuer, Taken<'t>), TokenError> {
        let parts = jose::take(token).ok_or(TokenError::Invalid)?;
        let issuer = parts.claims.text("iss").and_then(|name| {
            let mut issuers = self.0.issuers.iter();
            issuers.find(|issuer| issuer.settings.issuer == name)
        });
        // Nobody fetches a key for an algorithm that is not allowed anyway.
        let issuer = issuer.filter(|issuer| issuer.signs_with(&parts.algorithm));
        Ok((issuer.ok_or(TokenError::Invalid)?, parts))
    }

    fn judge(
        &self,
        issuer: &Issuer,
        parts: &Taken<'_>,
        keys: &KeySet,
        fingerprint: Fingerprint,
        now: Timestamp,
    ) -> Result<Arc<Holder>, TokenError> {
        let verified = issuer.verify(parts, keys, &self.0.key)?;
        let holder = verified.at(now)?;
        keys.remembered.keep(fingerprint, verified, now);
        Ok(holder)
    }
}

impl Issuer {
    fn signs_with(&self, algorithm: &str) -> bool {
        let mut allowed = self.settings.algorithms.iter();
        allowed.any(|one| one.name() == algorithm)
    }

    /// Judges all of a token but its dates, which are judged whenever it is shown.
    fn verify(
        &self,
        parts: &Taken<'_>,
        keys: &KeySet,
        actors: &TokenKey,
    ) -> Result<Verified, TokenError> {
        let key = keys.find(parts.key.as_deref(), &parts.algorithm);
        let signed = key.is_some_and(|key| key.verifies(parts.signed, parts.signature));
        let claims = &parts.claims;
        let is_for_us = claims.texts("aud").contains(&self.settings.audience);
        if !signed || !is_for_us || (self.settings.access_tokens_only && !parts.is_access_token) {
            return Err(TokenError::Invalid);
        }
        let second = |name| claims.second(name).ok_or(TokenError::Invalid);
        let instant = |second| Timestamp::from_second(second).map_err(|_| TokenError::Invalid);
        let (issued, ends) = (second("iat")?, second("exp")?);
        let begins = if claims.has("nbf") {
            second("nbf")?.max(issued)
        } else {
            issued
        };
        let subject = claims.text(&self.settings.subject_claim);
        let subject = subject.filter(|subject| !subject.is_empty());
        let subject = subject.ok_or(TokenError::Invalid)?;
        if begins > ends {
            return Err(TokenError::Invalid);
        }
        Ok(Verified {
            not_before: instant(begins)?,
            holder: Arc::new(Holder {
                actor: actors.actor(&self.settings.issuer, subject),
                roles: self.mapping.roles(subject, |name| claims.texts(name)),
                expires_at: instant(ends)?,
                listed: true,
            }),
        })
    }
}

//! Tokens of local mode: minted and verified by the data directory's own key.
//!
//! A token is a JWT signed with HS256. Nothing about it is negotiable: one algorithm, one issuer, one audience, all
//! claims present. The instant comes from the caller, so the library's own reading of the clock is switched off and
//! the dates are judged here. There is deliberately no revocation list: a token lasts an hour by default, and a new
//! key ends them all.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::{
    Caller, HeldRole, Holder, Role, Wanted,
    key::TokenKey,
    remembered::{Remembered, Verified, fingerprint},
};
use crate::outside;

/// Who signs in local mode.
pub const ISSUER: &str = "alongside-local";
/// Whom the tokens are for.
pub const AUDIENCE: &str = "alongside";

/// Why a token does not hold. Each is answered differently: a client renews an expired token by itself, and waits where the
/// keys are not at hand. That a token has expired is told only to whoever shows one that was good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not ours, altered, not for us, incomplete or not yet valid.
    #[error("the token is not valid")]
    Invalid,
    /// It was valid once.
    #[error("the token has expired")]
    Expired,
    /// The keys of its issuer have not been fetched, or not for too long.
    #[error("the keys of the issuer are not at hand")]
    Unverifiable,
}

/// What a token is to say.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Whom it stands for. The same subject is the same actor in the history, whatever the role.
    pub subject: Uuid,
    /// The one role it carries.
    pub role: Role,
    /// Bounds it to one scheme.
    pub scheme: Option<String>,
    /// The person the holder is.
    pub person: Option<Uuid>,
    /// The employer the holder speaks for.
    pub employer: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scheme: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employer: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

/// Mints and verifies the tokens of one data directory. Cheap to clone; clones share what they have verified.
#[derive(Clone)]
pub struct LocalTokens(Arc<Inner>);

struct Inner {
    key: TokenKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    verified: Remembered,
}

impl LocalTokens {
    /// Tokens under this key.
    #[must_use]
    pub fn new(key: TokenKey) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library would ask the machine's clock; the dates are judged in `judge` against the caller's instant.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self(Arc::new(Inner {
            encoding: EncodingKey::from_secret(key.as_bytes()),
            decoding: DecodingKey::from_secret(key.as_bytes()),
            key,
            validation,
            verified: Remembered::default(),
        }))
    }

    /// A token that holds from `now` for `lifetime`.
    pub fn mint(
        &self,
        grant: &Grant,
        now: Timestamp,
        lifetime: SignedDuration,
    ) -> Result<String, TokenError> {
        let issued = now.as_second();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: grant.subject,
            role: grant.role,
            scheme: grant.scheme.clone(),
            person: grant.person,
            employer: grant.employer.clone(),
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(lifetime.as_secs()),
            jti: outside::random_uuid(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.0.encoding)
            .map_err(|_| TokenError::Invalid)
    }

    /// The caller that `token` stands for, if it holds at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, TokenError> {
        let holder = self.holder(token, now)?;
        let caller = holder.as_caller(&Wanted::default(), vec![]);
        caller.map_err(|_| TokenError::Invalid)
    }

    /// Whoever holds `token`, if it holds at `now`.
    pub(super) fn holder(&self, token: &str, now: Timestamp) -> Result<Arc<Holder>, TokenError> {
        let fingerprint = fingerprint(token)?;
        if let Some(verified) = self.0.verified.find(&fingerprint) {
            return verified.at(now);
        }
        let claims = decode::<Claims>(token, &self.0.decoding, &self.0.validation)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        let verified = self.understood(claims)?;
        let holder = verified.at(now)?;
        self.0.verified.keep(fingerprint, verified, now);
        Ok(holder)
    }

    /// Stands for `subject` of `issuer` in the history: see [`TokenKey::actor`].
    #[must_use]
    pub fn actor(&self, issuer: &str, subject: &str) -> Uuid {
        self.0.key.actor(issuer, subject)
    }

    fn understood(&self, claims: Claims) -> Result<Verified, TokenError> {
        let instant = |second| Timestamp::from_second(second).map_err(|_| TokenError::Invalid);
        if claims.nbf > claims.exp || claims.iat > claims.exp {
            return Err(TokenError::Invalid);
        }
        Ok(Verified {
            not_before: instant(claims.nbf.max(claims.iat))?,
            holder: Arc::new(Holder {
                actor: self.actor(&claims.iss, &claims.sub.to_string()),
                roles: vec![HeldRole {
                    role: claims.role,
                    scheme: claims.scheme,
                    person: claims.person,
                    employer: claims.employer,
                }],
                expires_at: instant(claims.exp)?,
                listed: false,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;

    const NOON: i64 = 1_750_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn tokens() -> LocalTokens {
        LocalTokens::new(TokenKey::from_bytes([7; 32]))
    }

    fn grant(role: Role) -> Grant {
        Grant {
            subject: Uuid::from_u128(1),
            role,
            scheme: Some("mentor-plus".to_owned()),
            person: Some(Uuid::from_u128(2)),
            employer: None,
        }
    }

    fn minted(tokens: &LocalTokens) -> String {
        let hour = SignedDuration::from_hours(1);
        tokens.mint(&grant(Role::Mentor), at(NOON), hour).unwrap()
    }

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::from_u128(1), "role": "mentor",
            "iat": NOON, "nbf": NOON, "exp": NOON + 60, "jti": Uuid::from_u128(3),
        })
    }

    fn signed(claims: &Value) -> String {
        let key = EncodingKey::from_secret(&[7; 32]);
        encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
    }

    #[test]
    fn a_minted_token_names_its_caller() {
        let tokens = tokens();
        let caller = tokens.verify(&minted(&tokens), at(NOON + 1)).unwrap();
        assert_eq!(caller.role, Role::Mentor);
        assert_eq!(caller.person, Some(Uuid::from_u128(2)));
        assert_eq!(caller.expires_at, at(NOON + 3600));
        assert!(caller.may_enter("mentor-plus"));
        assert!(!caller.may_enter("another"));
    }

    #[test]
    fn the_actor_is_stable_opaque_and_bound_to_the_key() {
        let subject = Uuid::from_u128(1).to_string();
        let actor = tokens().actor(ISSUER, &subject);
        assert_eq!(actor, tokens().actor(ISSUER, &subject));
        assert_eq!(actor.get_version_num(), 8);
        let other = LocalTokens::new(TokenKey::from_bytes([8; 32]));
        assert_ne!(actor, other.actor(ISSUER, &subject));
        assert_ne!(actor, tokens().actor("another", &subject));
    }

    #[test]
    fn a_token_ends_after_its_leeway_also_when_it_is_remembered() {
        let tokens = tokens();
        let token = minted(&tokens);
        assert!(tokens.verify(&token, at(NOON + 3600 + 29)).is_ok());
        assert_eq!(
            tokens.verify(&token, at(NOON + 3600 + 30)),
            Err(TokenError::Expired)
        );
    }

    #[test]
    fn a_token_from_the_future_is_not_valid_yet() {
        let tokens = tokens();
        let token = minted(&tokens);
        assert!(tokens.verify(&token, at(NOON - 30)).is_ok());
        assert_eq!(
            tokens.verify(&token, at(NOON - 31)),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn every_claim_is_required_and_checked() {
        assert!(tokens().verify(&signed(&claims()), at(NOON)).is_ok());
        for name in ["iss", "aud", "sub", "role", "iat", "nbf", "exp", "jti"] {
            let mut without = claims();
            without.as_object_mut().unwrap().remove(name);
            assert_eq!(
                tokens().verify(&signed(&without), at(NOON)),
                Err(TokenError::Invalid),
                "without {name}"
            );
        }
        for (name, value) in [
            ("iss", json!("another")),
            ("aud", json!("another")),
            ("aud", json!([])),
            ("role", json!("root")),
            ("sub", json!("me")),
            ("exp", json!("never")),
            ("nbf", json!(NOON + 120)),
        ] {
            let mut wrong = claims();
            wrong[name] = value;
            assert!(
                tokens().verify(&signed(&wrong), at(NOON)).is_err(),
                "wrong {name}"
            );
        }
    }

    #[test]
    fn other_keys_other_algorithms_and_none_are_refused() {
        let other = EncodingKey::from_secret(&[8; 32]);
        let foreign = encode(&Header::new(Algorithm::HS256), &claims(), &other).unwrap();
        assert!(tokens().verify(&foreign, at(NOON)).is_err());
        let key = EncodingKey::from_secret(&[7; 32]);
        let stronger = encode(&Header::new(Algorithm::HS512), &claims(), &key).unwrap();
        assert!(tokens().verify(&stronger, at(NOON)).is_err());
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = encoded(&json!({ "alg": "none", "typ": "JWT" }));
        let unsigned = format!("{header}.{}.", encoded(&claims()));
        assert!(tokens().verify(&unsigned, at(NOON)).is_err());
    }

    #[test]
    fn an_altered_token_is_refused() {
        let tokens = tokens();
        let token = minted(&tokens);
        let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
        let mut inner: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[1]).unwrap()).unwrap();
        inner["role"] = json!("administrator");
        parts[1] = URL_SAFE_NO_PAD.encode(inner.to_string());
        assert!(tokens.verify(&parts.join("."), at(NOON)).is_err());
    }

    #[test]
    fn a_token_of_more_than_8_kib_is_not_even_parsed() {
        let mut long = claims();
        long["padding"] = json!("x".repeat(crate::identity::TOKEN_BYTES_MAX));
        assert_eq!(
            tokens().verify(&signed(&long), at(NOON)),
            Err(TokenError::Invalid)
        );
    }
}

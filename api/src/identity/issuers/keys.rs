//! The public keys of an issuer (RFC 7517), and what was verified with them.
//!
//! The key decides how it is used: each is kept with the one algorithm it is for, and a token that claims another does not
//! hold. What was verified stands beside the keys it was verified with, so that taking a key out of use ends its tokens.

use super::settings::SignedWith;
use crate::identity::remembered::Remembered;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// More keys than this nobody needs.
const KEYS_MAX: usize = 64;
/// RSA keys outside these bounds are too weak, or cost too much.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;
const CURVE_BYTES: usize = 32;

/// Why a document holds no keys that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeysError {
    /// It is no set of keys.
    #[error("the document is no JSON Web Key Set")]
    Shape,
    /// It has far too many.
    #[error("the set has more than {most} keys", most = KEYS_MAX)]
    TooMany,
    /// None of them can be used.
    #[error("the set has no signing key of an allowed algorithm")]
    None,
}

impl SignedWith {
    /// As a header of a token spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    const fn algorithm(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }
}

/// The keys of an issuer that can be used.
#[derive(Debug)]
pub struct KeySet {
    keys: Vec<Key>,
    /// What was verified with them.
    pub remembered: Remembered,
}

/// One key, and the one thing it is for.
#[derive(Debug)]
pub struct Key {
    id: Option<String>,
    with: SignedWith,
    public: DecodingKey,
}

impl KeySet {
    /// Reads a set. Keys that are for something else, too weak or not understood are passed over.
    pub fn read(text: &str, allowed: &[SignedWith]) -> Result<Self, KeysError> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<Map<String, Value>>,
        }
        let document: Document = serde_json::from_str(text).map_err(|_| KeysError::Shape)?;
        if document.keys.len() > KEYS_MAX {
            return Err(KeysError::TooMany);
        }
        let read = document.keys.iter().filter_map(Key::read);
        let keys: Vec<Key> = read.filter(|key| allowed.contains(&key.with)).collect();
        if keys.is_empty() {
            return Err(KeysError::None);
        }
        Ok(Self {
            keys,
            remembered: Remembered::default(),
        })
    }

    /// The key of this name; of a token that names none, the only one of its algorithm.
    pub fn find(&self, id: Option<&str>, algorithm: &str) -> Option<&Key> {
        let mut fitting = self.keys.iter().filter(|key| {
            key.with.name() == algorithm && id.is_none_or(|id| key.id.as_deref() == Some(id))
        });
        let found = fitting.next()?;
        // Two keys of one name cannot be told apart, and the provider would have to say which is meant.
        fitting.next().is_none().then_some(found)
    }

    /// Whether there is a key of this name at all: then fetching again would bring nothing.
    pub fn knows(&self, id: Option<&str>) -> bool {
        id.is_none_or(|id| self.keys.iter().any(|key| key.id.as_deref() == Some(id)))
    }
}

impl Key {
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let for_signatures = match jwk.get("use") {
            None => true,
            Some(purpose) => purpose == "sig",
        };
        let may_verify = match jwk.get("key_ops") {
            None => true,
            Some(Value::Array(uses)) => uses.iter().any(|one| one == "verify"),
            Some(_) => false,
        };
        if !for_signatures || !may_verify {
            return None;
        }
        let (with, key) = match text("kty")? {
            "RSA" => {
                let (modulus, exponent) = (bytes("n")?, bytes("e")?);
                let odd = exponent.last().is_some_and(|last| last % 2 == 1);
                let sound = RSA_BYTES.contains(&modulus.len()) && odd && exponent != [1];
                let key = DecodingKey::from_rsa_raw_components(&modulus, &exponent);
                sound.then_some((SignedWith::Rs256, key))?
            }
            "EC" if text("crv") == Some("P-256") => {
                let sound = [bytes("x")?, bytes("y")?]
                    .iter()
                    .all(|part| is_coordinate(part));
                let key = DecodingKey::from_ec_components(text("x")?, text("y")?).ok()?;
                sound.then_some((SignedWith::Es256, key))?
            }
            "OKP" if text("crv") == Some("Ed25519") => {
                let key = DecodingKey::from_ed_components(text("x")?).ok()?;
                is_coordinate(&bytes("x")?).then_some((SignedWith::EdDsa, key))?
            }
            _ => return None,
        };
        match jwk.get("alg") {
            Some(named) if named != with.name() => None,
            _ => Some(Self {
                id: text("kid").map(str::to_owned),
                with,
                public: key,
            }),
        }
    }

    /// Whether this key made `signature` (in base64url) of `signed`.
    pub fn verifies(&self, signed: &str, signature: &str) -> bool {
        let verified = crypto::verify(
            signature,
            signed.as_bytes(),
            &self.public,
            self.with.algorithm(),
        );
        verified.unwrap_or(false)
    }
}

fn is_coordinate(bytes: &[u8]) -> bool {
    bytes.len() == CURVE_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ALL: [SignedWith; 3] = [SignedWith::Rs256, SignedWith::Es256, SignedWith::EdDsa];

    fn set(keys: &Value) -> Result<KeySet, KeysError> {
        KeySet::read(&json!({ "keys": keys }).to_string(), &ALL)
    }

    fn coordinate(byte: u8) -> String {
        URL_SAFE_NO_PAD.encode([byte; CURVE_BYTES])
    }

    #[test]
    fn a_key_is_for_one_thing_and_what_is_for_another_is_passed_over() {
        let curve = |more: Value| {
            let mut key = json!({ "kty": "EC", "crv": "P-256", "kid": "a", "x": coordinate(1), "y": coordinate(2) });
            key.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            key
        };
        assert!(
            set(&json!([curve(json!({}))]))
                .unwrap()
                .find(Some("a"), "ES256")
                .is_some()
        );
        for more in [
            json!({ "use": "enc" }),
            json!({ "key_ops": ["sign"] }),
            json!({ "alg": "RS256" }),
            json!({ "alg": "HS256" }),
            json!({ "crv": "P-384" }),
            json!({ "x": "AQ" }),
        ] {
            assert_eq!(
                set(&json!([curve(more.clone())])).unwrap_err(),
                KeysError::None,
                "{more}"
            );
        }
        let rsa = |bytes: usize| json!([{ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(vec![255; bytes]), "e": "AQAB" }]);
        assert!(set(&rsa(256)).unwrap().find(None, "RS256").is_some());
        assert_eq!(set(&rsa(128)).unwrap_err(), KeysError::None);
        let secret = json!([{ "kty": "oct", "kid": "a", "k": coordinate(1) }]);
        assert_eq!(set(&secret).unwrap_err(), KeysError::None);
    }

    #[test]
    fn a_token_that_claims_another_algorithm_finds_no_key() {
        let keys = set(&json!([
            { "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": coordinate(1) },
            { "kty": "OKP", "crv": "Ed25519", "kid": "b", "x": coordinate(2) },
        ]))
        .unwrap();
        assert!(keys.find(Some("a"), "EdDSA").is_some());
        for algorithm in ["none", "HS256", "RS256", "eddsa", ""] {
            assert!(keys.find(Some("a"), algorithm).is_none());
        }
        assert!(keys.find(None, "EdDSA").is_none(), "which of the two?");
        assert!(keys.knows(Some("a")) && !keys.knows(Some("c")));
    }

    #[test]
    fn an_algorithm_that_is_not_allowed_has_no_keys() {
        let text = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": coordinate(1) }] });
        let read = KeySet::read(&text.to_string(), &[SignedWith::Rs256]);
        assert_eq!(read.unwrap_err(), KeysError::None);
    }
}

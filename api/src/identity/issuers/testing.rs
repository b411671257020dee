//! Keys that sign as an identity provider would, for tests and for measuring. The service itself only verifies.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{self, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
        UnparsedPublicKey,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::sync::Arc;

/// A key of a provider, with its name. Clones are the same key.
#[derive(Clone)]
pub struct Signer {
    id: String,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<rsa::KeyPair>),
    Curve(Arc<EcdsaKeyPair>),
    Edwards(Arc<Ed25519KeyPair>),
}

impl Signer {
    /// A new RSA key of 2048 bits.
    pub fn rs256(id: &str) -> Self {
        let pair = rsa::KeyPair::generate(KeySize::Rsa2048).expect("a key");
        Self::of(id, Pair::Rsa(Arc::new(pair)))
    }

    /// A new key on P-256.
    pub fn es256(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self::of(id, Pair::Curve(Arc::new(pair)))
    }

    /// A new Ed25519 key.
    pub fn eddsa(id: &str) -> Self {
        let pair = Ed25519KeyPair::generate().expect("a key");
        Self::of(id, Pair::Edwards(Arc::new(pair)))
    }

    fn of(id: &str, pair: Pair) -> Self {
        let id = id.to_owned();
        Self { id, pair }
    }

    /// The algorithm, as a header names it.
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Curve(_) => "ES256",
            Pair::Edwards(_) => "EdDSA",
        }
    }

    /// The public half, as a key set has it.
    pub fn jwk(&self) -> Value {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (id, algorithm) = (&self.id, self.algorithm());
        match &self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let modulus = part(public.modulus().big_endian_without_leading_zero());
                let exponent = part(public.exponent().big_endian_without_leading_zero());
                json!({ "kty": "RSA", "kid": id, "use": "sig", "alg": algorithm, "n": modulus, "e": exponent })
            }
            Pair::Curve(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "kid": id, "alg": algorithm, "x": part(x), "y": part(y) })
            }
            Pair::Edwards(pair) => {
                let x = part(pair.public_key().as_ref());
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "use": "sig", "x": x })
            }
        }
    }

    /// A token with these claims, as the provider would sign it.
    pub fn token(&self, claims: &Value) -> String {
        let header = json!({ "typ": "at+jwt", "alg": self.algorithm(), "kid": self.id });
        self.signed(&header, &claims.to_string())
    }

    /// Any header over any text, signed with this key.
    pub fn signed(&self, header: &Value, claims: &str) -> String {
        let signed = unsigned(header, claims);
        let signature = URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The bare signature.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
                signed.expect("a signature");
                signature
            }
            Pair::Curve(pair) => pair
                .sign(&random, message)
                .expect("a signature")
                .as_ref()
                .to_vec(),
            Pair::Edwards(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

impl Signer {
    /// Whether this key made `signature`: nothing but that, by the library that does it.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.pair {
            Pair::Rsa(pair) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())
                    .verify(message, signature)
            }
            Pair::Curve(pair) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref())
                    .verify(message, signature)
            }
            Pair::Edwards(pair) => UnparsedPublicKey::new(&ED25519, pair.public_key().as_ref())
                .verify(message, signature),
        };
        verified.is_ok()
    }
}

/// What is signed of a header and claims.
pub fn unsigned(header: &Value, claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}", part(&header.to_string()), part(claims))
}

/// The document that a provider publishes about these keys.
pub fn key_set(signers: &[&Signer]) -> String {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string()
}

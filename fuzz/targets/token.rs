//! What a client shows: a bearer token, a version, a cursor, an id. None of them can be made up.
//!
//! The first byte chooses: a token as it stands, one whose claims are signed here, an opaque token, an id.

use super::world::{NOW, SCHEME};
use api::{
    dispatch::tokens::Tokens,
    http::graphql::bearer_token,
    identity::{
        issuers::{IdentitySettings, Issuers},
        key::TokenKey,
        token::{AUDIENCE, ISSUER, LocalTokens},
    },
    outside_bytes::global_id_again,
};
use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

/// The key of the tests, so that tokens can be kept among the inputs.
const KEY: [u8; 32] = [7; 32];
const HEADER: &[u8] = br#"{"typ":"JWT","alg":"HS256"}"#;

static LOCAL: LazyLock<LocalTokens> = LazyLock::new(|| LocalTokens::new(TokenKey::from_bytes(KEY)));
/// Public keys of a provider: those that RFC 7515 (A.3) and RFC 8037 (A.2) print. An input cannot sign with them by chance.
const KEYS: &str = r#"{"keys":[
    {"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    {"kty":"OKP","crv":"Ed25519","kid":"b","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

static ISSUED: LazyLock<Issuers> = LazyLock::new(|| {
    let settings: IdentitySettings = serde_json::from_value(json!({
        "issuers": [{ "issuer": "https://login.example", "audience": "alongside" }],
    }))
    .expect("settings");
    Issuers::with_keys(TokenKey::from_bytes(KEY), &settings, KEYS).expect("keys")
});
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime")
});
static OPAQUE: LazyLock<Tokens> = LazyLock::new(|| Tokens::new(&KEY));

/// Any bytes as one of the four.
pub fn token(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    match kind % 4 {
        0 => bearer(rest),
        1 => claims(rest),
        2 => opaque(rest),
        _ => id(rest),
    }
}

/// A token that nobody signed with the key does not hold, whatever else it says.
fn bearer(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return;
    };
    let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
    let Ok(token) = bearer_token(&headers) else {
        return;
    };
    // Nobody signs for the provider, so nothing of it holds, and nothing brings it down.
    let issued = RUNTIME.block_on(ISSUED.holder(token, NOW));
    assert!(issued.is_err(), "nobody signed it");
    if LOCAL.verify(token, NOW).is_ok() {
        let (signed, signature) = token.rsplit_once('.').expect("a token has three parts");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sign(signed)),
            signature,
            "somebody else signed it"
        );
    }
}

/// Claims under a good signature: whatever holds says who it is from and for, and has not expired.
fn claims(bytes: &[u8]) {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(HEADER),
        URL_SAFE_NO_PAD.encode(bytes)
    );
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sign(&signed)));
    let verified = LOCAL.verify(&token, NOW);
    let again = LOCAL.verify(&token, NOW);
    assert_eq!(
        verified.is_ok(),
        again.is_ok(),
        "what is remembered holds alike"
    );
    let Ok(caller) = verified else {
        return;
    };
    assert!(
        caller.expires_at.as_second() + 30 > NOW.as_second(),
        "it has expired"
    );
    let Ok(claims) = serde_json::from_slice::<Value>(bytes) else {
        return; // What no claim is made of is passed over, also where it is not quite JSON.
    };
    assert_eq!(claims["iss"], ISSUER);
    let audience = &claims["aud"];
    assert!(audience == AUDIENCE, "it is for somebody else");
    assert_eq!(claims["role"], caller.role.as_str());
    let scheme = claims["scheme"].as_str();
    assert_eq!(caller.scheme.as_deref(), scheme);
    assert_eq!(
        caller.may_enter(SCHEME),
        scheme.is_none_or(|own| own == SCHEME)
    );
}

/// Whatever opens is what would be made for the same thing again.
fn opaque(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(position) = OPAQUE.read_version(SCHEME, text) {
        assert_eq!(OPAQUE.version(SCHEME, position), text);
    }
    if let Ok(payload) = OPAQUE.read_cursor(SCHEME, "audit-trail", text) {
        assert_eq!(OPAQUE.cursor(SCHEME, "audit-trail", &payload), text);
    }
    if bytes.len() < 256 {
        let cursor = OPAQUE.cursor(SCHEME, "list", bytes);
        assert_eq!(
            OPAQUE.read_cursor(SCHEME, "list", &cursor).as_deref(),
            Ok(bytes)
        );
        assert!(OPAQUE.read_cursor(SCHEME, "another", &cursor).is_err());
    }
}

fn id(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(again) = global_id_again(text)
    {
        assert_eq!(again, text, "an id comes back as what it was");
    }
}

fn sign(text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&KEY).expect("HMAC takes keys of every length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

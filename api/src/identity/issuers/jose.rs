//! A token taken apart, strictly (RFC 7515, RFC 7519, RFC 8725).
//!
//! Whatever two readers might understand differently is refused: a member that stands twice, padding, a header that brings
//! its own key or says where to find one, an extension that must be understood. There is deliberately no encryption and no
//! algorithm here: which one is used, the key says.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// Members of a header that would let the token choose its key, or change what a signature means.
const REFUSED: [&str; 5] = ["crit", "jku", "jwk", "x5u", "zip"];

/// What a token may call itself, lower case. Anything else is a token for something else.
const TYPES: [&str; 4] = ["jwt", "application/jwt", "at+jwt", "application/at+jwt"];

/// The members of a JSON object, each standing once.
#[derive(Debug, Clone, Default)]
pub struct Members(BTreeMap<String, Value>);

impl Members {
    /// A member that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A member that is a whole number of seconds.
    pub fn second(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// Whether there is such a member.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The texts of a member that is one, or a list of nothing else.
    pub fn texts(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(items)) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
                texts.collect::<Option<_>>().unwrap_or_default()
            }
            _ => vec![],
        }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;

        impl<'de> Visitor<'de> for Once {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object whose members stand once")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member stands twice"));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Once)
    }
}

/// A token taken apart. Nothing of it is true before its signature was verified.
#[derive(Debug)]
pub struct Taken<'t> {
    /// The algorithm it claims.
    pub algorithm: String,
    /// The key it claims.
    pub key: Option<String>,
    /// Whether it calls itself an access token.
    pub is_access_token: bool,
    /// What it says.
    pub claims: Members,
    /// What was signed.
    pub signed: &'t str,
    /// The signature, in base64url.
    pub signature: &'t str,
}

/// Takes a token apart, if it is one that could be taken at all.
pub fn take(token: &str) -> Option<Taken<'_>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    if signature.is_empty() || claims.contains('.') {
        return None;
    }
    let header = members(header)?;
    if REFUSED.iter().any(|name| header.has(name)) {
        return None;
    }
    let kind = match header.text("typ") {
        Some(kind) => kind.to_ascii_lowercase(),
        None if header.has("typ") => return None,
        None => "jwt".to_owned(),
    };
    if !TYPES.contains(&kind.as_str()) || header.has("kid") != header.text("kid").is_some() {
        return None;
    }
    Some(Taken {
        algorithm: header.text("alg")?.to_owned(),
        key: header.text("kid").map(str::to_owned),
        is_access_token: kind.ends_with("at+jwt"),
        claims: members(claims)?,
        signed,
        signature,
    })
}

fn members(part: &str) -> Option<Members> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", part(header), part(claims))
    }

    #[test]
    fn a_token_is_taken_apart_and_read_once() {
        let token = token(
            r#"{"alg":"ES256","kid":"a","typ":"at+JWT"}"#,
            r#"{"sub":"x","roles":["a","b"],"exp":7}"#,
        );
        let parts = take(&token).unwrap();
        assert_eq!(
            (&*parts.algorithm, parts.key.as_deref()),
            ("ES256", Some("a"))
        );
        assert!(parts.is_access_token);
        assert_eq!(parts.claims.text("sub"), Some("x"));
        assert_eq!(parts.claims.texts("roles"), ["a", "b"]);
        assert_eq!(parts.claims.second("exp"), Some(7));
        assert_eq!(format!("{}.{}", parts.signed, parts.signature), token);
    }

    #[test]
    fn what_could_be_understood_in_two_ways_is_refused() {
        let good = r#"{"alg":"ES256"}"#;
        for (header, claims) in [
            (r#"{"alg":"ES256","alg":"none"}"#, "{}"),
            (good, r#"{"sub":"a","sub":"b"}"#),
            (r#"{"alg":"ES256","jwk":{}}"#, "{}"),
            (r#"{"alg":"ES256","jku":"https://a"}"#, "{}"),
            (r#"{"alg":"ES256","x5u":"https://a"}"#, "{}"),
            (r#"{"alg":"ES256","crit":["exp"]}"#, "{}"),
            (r#"{"alg":"ES256","typ":"logout+jwt"}"#, "{}"),
            (r#"{"alg":"ES256","kid":7}"#, "{}"),
            (r#"{"alg":7}"#, "{}"),
            (good, "[]"),
            (good, "{"),
        ] {
            assert!(take(&token(header, claims)).is_none(), "{header} {claims}");
        }
        let whole = token(good, "{}");
        assert!(take(&whole).is_some());
        assert!(take(&format!("{whole}.x")).is_none());
        assert!(take(whole.trim_end_matches("c2ln")).is_none());
        assert!(take("a.b").is_none());
        // Not even another spelling of the same bytes.
        assert!(take(&whole.replacen('.', "=.", 1)).is_none());
    }
}

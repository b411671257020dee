//! Opaque tokens: versions and cursors that tell a client nothing and cannot be made up.
//!
//! A raw position would tell a mentee how much happens to others, so it leaves sealed under a key of the
//! data directory, bound to the scheme and to what it is for. The nonce is derived from what is sealed, so
//! the same version is the same token, and clients may compare them.

use super::{Failure, moments::Moment};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use jiff::civil::Date;
use sha2::Sha256;
use std::sync::Arc;
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 24;
const TOKEN_CHARACTERS_MOST: usize = 1_024;

/// Makes and reads the opaque tokens of a data directory. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<Keys>);

struct Keys {
    cipher: XChaCha20Poly1305,
    nonce: Zeroizing<[u8; 32]>,
}

impl Tokens {
    /// Tokens under `key`, which must be used for nothing else.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let own = Zeroizing::new(digest(key, &[b"cipher"]));
        let cipher = XChaCha20Poly1305::new((&*own).into());
        Self(Arc::new(Keys {
            cipher,
            nonce: Zeroizing::new(digest(key, &[b"nonce"])),
        }))
    }

    /// The token of a version of `scheme`.
    #[must_use]
    pub fn version(&self, scheme: &str, position: u64) -> String {
        self.seal(&purpose(scheme, "version"), &position.to_be_bytes())
    }

    /// The version a token stands for.
    pub fn read_version(&self, scheme: &str, token: &str) -> Result<u64, Failure> {
        let bytes = self.open(&purpose(scheme, "version"), token)?;
        bytes
            .try_into()
            .map(u64::from_be_bytes)
            .map_err(|_| Failure::ForeignToken)
    }

    /// A cursor into the list called `list` of `scheme`.
    #[must_use]
    pub fn cursor(&self, scheme: &str, list: &str, payload: &[u8]) -> String {
        self.seal(&purpose(scheme, list), payload)
    }

    /// What a cursor into that list stands for.
    pub fn read_cursor(&self, scheme: &str, list: &str, cursor: &str) -> Result<Vec<u8>, Failure> {
        self.open(&purpose(scheme, list), cursor)
    }

    /// The token of a moment of `scheme`.
    #[must_use]
    pub fn moment(&self, scheme: &str, moment: Moment) -> String {
        let day = moment.day;
        let mut payload = moment.position.to_be_bytes().to_vec();
        payload.extend(day.year().to_be_bytes());
        payload.extend(day.month().to_be_bytes());
        payload.extend(day.day().to_be_bytes());
        self.seal(&purpose(scheme, "moment"), &payload)
    }

    /// The moment a token stands for.
    pub fn read_moment(&self, scheme: &str, token: &str) -> Result<Moment, Failure> {
        let bytes = self.open(&purpose(scheme, "moment"), token)?;
        let foreign = || Failure::ForeignToken;
        let (position, day) = bytes.split_first_chunk().ok_or_else(foreign)?;
        let [century, year, month, day] = <[u8; 4]>::try_from(day).map_err(|_| foreign())?;
        let year = i16::from_be_bytes([century, year]);
        let day = Date::new(year, i8::from_be_bytes([month]), i8::from_be_bytes([day]));
        Ok(Moment {
            position: u64::from_be_bytes(*position),
            day: day.map_err(|_| foreign())?,
        })
    }

    /// A digest that only this data directory can make: of deliveries and idempotency keys.
    #[must_use]
    pub fn digest(&self, parts: &[&[u8]]) -> String {
        let own = Zeroizing::new(digest(&self.0.nonce, &[b"digest"]));
        URL_SAFE_NO_PAD.encode(digest(&own, parts))
    }

    fn seal(&self, bound: &[u8], payload: &[u8]) -> String {
        let nonce = digest(&self.0.nonce, &[bound, payload]);
        let mut token = nonce[..NONCE_BYTES].to_vec();
        let sealed = <[u8; NONCE_BYTES]>::try_from(&token[..])
            .ok()
            .and_then(|nonce| {
                self.0
                    .cipher
                    .encrypt(
                        &nonce.into(),
                        Payload {
                            msg: payload,
                            aad: bound,
                        },
                    )
                    .ok()
            });
        let Some(sealed) = sealed else {
            unreachable!("a few bytes can always be sealed");
        };
        token.extend(sealed);
        URL_SAFE_NO_PAD.encode(token)
    }

    fn open(&self, bound: &[u8], token: &str) -> Result<Vec<u8>, Failure> {
        if token.len() > TOKEN_CHARACTERS_MOST {
            return Err(Failure::ForeignToken);
        }
        let bytes = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| Failure::ForeignToken)?;
        let (nonce, sealed) = bytes
            .split_at_checked(NONCE_BYTES)
            .ok_or(Failure::ForeignToken)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| Failure::ForeignToken)?;
        let payload = Payload {
            msg: sealed,
            aad: bound,
        };
        self.0
            .cipher
            .decrypt(&nonce.into(), payload)
            .map_err(|_| Failure::ForeignToken)
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tokens")
    }
}

fn purpose(scheme: &str, list: &str) -> Vec<u8> {
    // Neither a scheme's name nor a list's holds a line break, so the two cannot run into each other.
    format!("{scheme}\n{list}").into_bytes()
}

/// HMAC-SHA256 over the parts, each with its length before it.
fn digest(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of every length");
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_reads_back_in_its_own_scheme_only() {
        let tokens = Tokens::new(&[7; 32]);
        let token = tokens.version("mentor-plus", 42);
        assert_eq!(tokens.read_version("mentor-plus", &token), Ok(42));
        assert_eq!(
            tokens.read_version("another", &token),
            Err(Failure::ForeignToken)
        );
        assert_eq!(
            tokens.read_cursor("mentor-plus", "audit", &token),
            Err(Failure::ForeignToken)
        );
        assert_eq!(
            Tokens::new(&[8; 32]).read_version("mentor-plus", &token),
            Err(Failure::ForeignToken)
        );
    }

    #[test]
    fn a_moment_reads_back_in_its_own_scheme_only() {
        let tokens = Tokens::new(&[7; 32]);
        let moment = Moment {
            position: 42,
            day: jiff::civil::date(2026, 3, 2),
        };
        let token = tokens.moment("mentor-plus", moment);
        assert_eq!(tokens.read_moment("mentor-plus", &token), Ok(moment));
        assert_eq!(
            tokens.read_moment("another", &token),
            Err(Failure::ForeignToken)
        );
        let version = tokens.version("mentor-plus", 42);
        assert_eq!(
            tokens.read_moment("mentor-plus", &version),
            Err(Failure::ForeignToken)
        );
    }

    #[test]
    fn the_same_version_is_the_same_token_and_a_changed_one_is_refused() {
        let tokens = Tokens::new(&[7; 32]);
        let token = tokens.version("mentor-plus", 42);
        assert_eq!(token, tokens.version("mentor-plus", 42));
        for index in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("letters");
            if changed != token {
                assert_ne!(
                    tokens.read_version("mentor-plus", &changed),
                    Ok(42),
                    "at {index}"
                );
            }
        }
        assert_eq!(
            tokens.read_version("mentor-plus", ""),
            Err(Failure::ForeignToken)
        );
        assert_eq!(
            tokens.read_version("mentor-plus", &"A".repeat(100_000)),
            Err(Failure::ForeignToken)
        );
    }
}

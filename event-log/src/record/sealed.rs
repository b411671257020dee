//! A value only the holder of its person's key can read.
//!
//! The sealing itself is elsewhere (`sealing`); this is the shape on paper, and what of it is bound.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Record, SchemeId};

/// One sealed value of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedValue {
    /// XChaCha20-Poly1305 of the padded plaintext, with its tag. Written as base64url without padding.
    #[serde(with = "as_base64url")]
    pub ciphertext: Vec<u8>,
    /// The key that opens it. When the key is erased, so is the value.
    pub key: Uuid,
    /// 24 bytes, never used twice with one key. Written as base64url without padding.
    #[serde(with = "as_base64url")]
    pub nonce: Vec<u8>,
    /// Where in `data` the value belongs, as an RFC 6901 JSON pointer. Nothing personal stands there.
    pub path: String,
    /// Whose value it is. Exactly one person.
    pub subject: Uuid,
    /// Version of the shape of the plaintext, raised and upcast apart from the record's own.
    pub version: u16,
}

/// A sealed value as auditors see it: the ciphertext is only its SHA-256.
#[derive(Serialize)]
pub(super) struct SealedLeaf<'a> {
    #[serde(with = "as_base64url")]
    ciphertext_sha256: Vec<u8>,
    key: Uuid,
    #[serde(with = "as_base64url")]
    nonce: &'a Vec<u8>,
    path: &'a str,
    subject: Uuid,
    version: u16,
}

impl<'a> From<&'a SealedValue> for SealedLeaf<'a> {
    fn from(value: &'a SealedValue) -> Self {
        Self {
            path: &value.path,
            subject: value.subject,
            key: value.key,
            nonce: &value.nonce,
            version: value.version,
            ciphertext_sha256: Sha256::digest(&value.ciphertext).to_vec(),
        }
    }
}

/// The record a sealed value is bound to. Moved to any other, it does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The log.
    pub scheme: &'a SchemeId,
    /// The id of the event.
    pub event: Uuid,
    /// The type as stored: for a confidential act the generic outer one.
    pub kind: &'a str,
    /// The payload version as stored, before any upcast.
    pub version: u16,
}

impl<'a> Place<'a> {
    /// The place a record gives to its own sealed values.
    #[must_use]
    pub fn of(record: &'a Record) -> Self {
        Self {
            scheme: &record.scheme,
            event: record.id,
            kind: &record.kind,
            version: record.version,
        }
    }
}

/// Bytes in JSON: base64url without padding (RFC 4648, section 5).
pub(crate) mod as_base64url {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use base64::Engine as _;

    use super::URL_SAFE_NO_PAD;

    pub(crate) fn serialize<S: Serializer>(
        bytes: impl AsRef<[u8]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text).map_err(de::Error::custom)
    }
}

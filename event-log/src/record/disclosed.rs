//! A leaf read back: a record as auditors are given it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{MAX_LEAF_BYTES, Record, RecordError, canonical, check, scan, within};

/// What stands in a leaf for a ciphertext, and what for it in a record.
const DIGEST: &str = "ciphertext_sha256";
const CIPHERTEXT: &str = "ciphertext";

impl Record {
    /// Reads a [`leaf`](Self::leaf) as strictly as [`decode`](Self::decode) reads a record.
    ///
    /// Its sealed values come without ciphertexts: nobody can open them, and it cannot be encoded.
    pub fn from_leaf(bytes: &[u8]) -> Result<Self, RecordError> {
        match scan::cleared(bytes) {
            Some(record) => Self::parse(&record),
            None => Self::from_leaf_anew(bytes),
        }
    }

    /// The same by writing it anew and comparing, whatever it is.
    pub(super) fn from_leaf_anew(bytes: &[u8]) -> Result<Self, RecordError> {
        within("a leaf", MAX_LEAF_BYTES, bytes.len())?;
        let mut leaf: Value = serde_json::from_slice(bytes).map_err(RecordError::Malformed)?;
        if canonical(&leaf)? != bytes {
            return Err(RecordError::NotCanonical);
        }
        let sealed = leaf.get_mut("sealed").and_then(Value::as_array_mut);
        for value in sealed.into_iter().flatten() {
            let members = value.as_object_mut();
            members.and_then(without_digest).ok_or(RecordError::Field {
                field: "sealed",
                reason: "has not a digest in the place of each ciphertext",
            })?;
        }
        let record: Self = serde_json::from_value(leaf).map_err(RecordError::Malformed)?;
        check::leaf(&record)?;
        Ok(record)
    }
}

/// Leaves an empty ciphertext where a SHA-256 stood; nothing where it did not, or where there is a ciphertext.
fn without_digest(members: &mut Map<String, Value>) -> Option<()> {
    let digest = members.remove(DIGEST)?;
    let digest = URL_SAFE_NO_PAD.decode(digest.as_str()?).ok()?;
    let before = members.insert(CIPHERTEXT.to_owned(), Value::String(String::new()));
    (digest.len() == 32 && before.is_none()).then_some(())
}

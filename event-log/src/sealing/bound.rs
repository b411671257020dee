//! What ciphertexts are bound to, as canonical JSON: the associated data of the cipher.
//!
//! These shapes are part of the format: a change to either makes everything sealed before unreadable. Their members stand
//! in the order in which they are written.

use serde::Serialize;
use uuid::Uuid;

use super::{KeyId, SealError};
use crate::entropy::Entropy;
use crate::record::{SchemeId, canonical_in_order};

/// What a sealed value is bound to, besides its key.
#[derive(Serialize)]
pub(super) struct Bound<'a> {
    pub(super) event: Uuid,
    pub(super) key: KeyId,
    pub(super) path: &'a str,
    pub(super) scheme: &'a SchemeId,
    pub(super) sealed_version: u16,
    pub(super) subject: Uuid,
    #[serde(rename = "type")]
    pub(super) kind: &'a str,
    pub(super) version: u16,
}

/// What a wrapped key is bound to, besides the master key.
#[derive(Serialize)]
pub(super) struct Wrapping<'a> {
    pub(super) key: KeyId,
    pub(super) purpose: &'a str,
    pub(super) scheme: &'a SchemeId,
    pub(super) subject: Uuid,
}

/// A vault that is only read makes no keys and seals nothing, so it throws no dice.
pub(super) struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// What the cipher is given to bind to.
pub(super) fn bytes(value: &impl Serialize) -> Result<Vec<u8>, SealError> {
    canonical_in_order(value).map_err(|error| SealError::Damaged {
        reason: error.to_string(),
    })
}

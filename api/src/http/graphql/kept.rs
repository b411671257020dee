//! Under which key an answer is kept: the one place where a question and its asker become one value.
//!
//! Two requests have the same key only if nothing about them that can change the answer differs: the text of the
//! document, the operation it names, its variables as they were written, and the whole of the visitor. What the answer
//! was read from is not in the key but beside the answer, because it is known only once the operation was executed.

use sha2::{Digest as _, Sha256};

use super::request::Asked;

/// The key of `asked`, put by a visitor with this fingerprint; none where the variables cannot be written down.
pub(super) fn key(asked: &Asked, visitor: &[u8; 32]) -> Option<[u8; 32]> {
    let Asked {
        query,
        operation_name,
        variables,
    } = asked;
    let variables = serde_json::to_string(variables).ok()?;
    let mut digest = Sha256::new_with_prefix(visitor);
    let mut part = |value: &str| {
        digest.update((value.len() as u64).to_be_bytes());
        digest.update(value);
    };
    part(query);
    // A name that is absent and one that is empty differ in how many parts there are.
    operation_name.as_deref().map(&mut part);
    part(&variables);
    Some(digest.finalize().into())
}

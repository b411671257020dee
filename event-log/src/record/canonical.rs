//! The one form of a JSON value that is kept, hashed and bound to: RFC 8785.

use serde::Serialize;
use serde_json::Value;

use super::RecordError;

/// RFC 8785 of anything that serialises.
pub(crate) fn canonical(value: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    serde_json_canonicalizer::to_vec(value).map_err(RecordError::Malformed)
}

/// The same bytes for what is declared in the order of its members' names and holds no number with a fraction, in a
/// fraction of the time: it is written as it comes. Tests and every build with debug assertions compare the two.
pub(crate) fn canonical_in_order(value: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    let bytes = serde_json::to_vec(value).map_err(RecordError::Malformed)?;
    debug_assert_eq!(
        canonical(value).ok().as_ref(),
        Some(&bytes),
        "its members are not declared in order"
    );
    Ok(bytes)
}

/// Whether `value` is written as it comes: names of members rise whichever way they are compared, and numbers are whole.
pub(crate) fn is_in_order(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(items) => items.iter().all(is_in_order),
        Value::Object(members) => {
            members.keys().is_sorted()
                && members
                    .iter()
                    .all(|(name, member)| name.is_ascii() && is_in_order(member))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

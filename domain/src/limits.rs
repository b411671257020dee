//! What every feature asks of the values it is given.

use crate::{Rejection, mentor::PersonDetails};
use serde::Serialize;

/// The most bytes the JSON of one sealed value may have: what the log takes, less its own framing.
const SEALED_BYTES_MOST: usize = 16_000;

/// Refuses a value that is too long to be sealed.
pub(crate) fn fits(what: &'static str, value: &impl Serialize) -> Result<(), Rejection> {
    fits_within(what, value, SEALED_BYTES_MOST)
}

/// Refuses a value whose JSON is longer than `most` bytes.
pub(crate) fn fits_within(
    what: &'static str,
    value: &impl Serialize,
    most: usize,
) -> Result<(), Rejection> {
    match serde_json::to_vec(value) {
        Ok(bytes) if bytes.len() <= most => Ok(()),
        _ => Err(Rejection::TooLong { what, most }),
    }
}

/// Refuses details without a name.
pub(crate) fn named(details: &PersonDetails) -> Result<(), Rejection> {
    match &details.name {
        Some(name) if !name.trim().is_empty() => Ok(()),
        _ => Err(Rejection::Empty { what: "the name" }),
    }
}

/// Refuses a text that says nothing, or more than `most` bytes.
pub(crate) fn said(what: &'static str, text: &str, most: usize) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::Empty { what });
    }
    if text.len() > most {
        return Err(Rejection::TooLong { what, most });
    }
    Ok(())
}

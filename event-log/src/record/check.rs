//! What every field must look like before it may be recorded for ever.
//!
//! Dates and times stay text: this crate never computes with them, it only needs them to sort as they
//! stand. No calendar library is involved, and no meaning: whether a date is plausible is for the domain.

use serde_json::{Number, Value};

use super::{Actor, Record, RecordError, SealedValue};

/// How deep arrays and objects may nest in `data`. Parsers differ in where they give up; all manage this.
pub const MAX_DATA_DEPTH: usize = 64;

/// Bytes of an instant: all have the same.
pub(crate) const INSTANT_BYTES: usize = 24;

/// The largest whole number that every JSON reader understands alike: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// 2^53: no double from here on has a fraction.
const FRACTIONS_END: f64 = 9_007_199_254_740_992.0;
/// From here on canonical JSON writes doubles with an exponent.
const EXPONENTS_BEGIN: f64 = 1e21;

/// Checks all fields that are more than their type.
pub(super) fn record(record: &Record) -> Result<(), RecordError> {
    leaf(record)?;
    let empty = |value: &SealedValue| value.ciphertext.len() <= 16;
    require(
        !record.sealed.iter().any(empty),
        "sealed",
        "has no ciphertext",
    )
}

/// As [`record`], of one whose ciphertexts are not at hand.
pub(super) fn leaf(record: &Record) -> Result<(), RecordError> {
    require(record.position.0 >= 1, "position", "is not at least 1")?;
    require(is_kind(&record.kind), "type", "is not a dotted name")?;
    require(record.version >= 1, "version", "is not at least 1")?;
    require(
        is_instant(&record.recorded_at),
        "recorded_at",
        "is not like 2026-01-31T09:00:00.000Z",
    )?;
    require(
        is_date(&record.happened_on),
        "happened_on",
        "is not like 2026-01-31",
    )?;
    actor(&record.actor)?;
    if let Some(reported) = &record.reported_by {
        require(is_word(&reported.party), "reported_by", "has no party")?;
    }
    if let Some(channel) = &record.channel {
        require(is_word(channel), "channel", "is not a short word")?;
    }
    if let Some(parent) = &record.traceparent {
        require(
            is_trace(parent),
            "traceparent",
            "is not a W3C trace context",
        )?;
    }
    require(
        is_plain(&record.data, 0),
        "data",
        "has a number above 2^53 not as text, or nests too deep",
    )?;
    record.sealed.iter().try_for_each(sealed)
}

/// `2026-01-31T09:00:00.000Z`: fixed width, so that text order is time order.
pub(crate) fn is_instant(text: impl AsRef<[u8]>) -> bool {
    let Ok(bytes) = <&[u8; INSTANT_BYTES]>::try_from(text.as_ref()) else {
        return false;
    };
    (bytes[10], bytes[13], bytes[16]) == (b'T', b':', b':')
        && (bytes[19], bytes[23]) == (b'.', b'Z')
        && is_date(&bytes[..10])
        && number(&bytes[11..13]).is_some_and(|hour| hour < 24)
        && number(&bytes[14..16]).is_some_and(|minute| minute < 60)
        && number(&bytes[17..19]).is_some_and(|second| second < 60)
        && number(&bytes[20..23]).is_some()
}

/// `2026-01-31`, in the proleptic Gregorian calendar.
pub(crate) fn is_date(text: impl AsRef<[u8]>) -> bool {
    let Ok(bytes) = <&[u8; 10]>::try_from(text.as_ref()) else {
        return false;
    };
    let parts = (
        number(&bytes[0..4]),
        number(&bytes[5..7]),
        number(&bytes[8..10]),
    );
    let (Some(year), Some(month), Some(day)) = parts else {
        return false;
    };
    (bytes[4], bytes[7]) == (b'-', b'-') && (1..=days(year, month)).contains(&day)
}

/// An RFC 6901 pointer: empty, or tokens behind slashes with `~0` and `~1` as the only escapes.
pub(crate) fn is_pointer(path: &str) -> bool {
    let escapes = path
        .split('~')
        .skip(1)
        .all(|rest| rest.starts_with(['0', '1']));
    (path.is_empty() || path.starts_with('/')) && escapes
}

fn actor(actor: &Actor) -> Result<(), RecordError> {
    require(is_word(&actor.role), "actor", "has no role")
}

fn sealed(value: &SealedValue) -> Result<(), RecordError> {
    require(
        is_pointer(&value.path),
        "sealed",
        "has a path that is not a JSON pointer",
    )?;
    require(
        value.nonce.len() == 24,
        "sealed",
        "has a nonce that is not 24 bytes",
    )?;
    require(value.version >= 1, "sealed", "has a version below 1")
}

/// Whether every reader of JSON understands `value`, which stands `depth` deep, alike.
pub(crate) fn is_plain(value: &Value, depth: usize) -> bool {
    depth <= MAX_DATA_DEPTH
        && match value {
            Value::Number(number) => is_exact(number),
            Value::Array(items) => items.iter().all(|item| is_plain(item, depth + 1)),
            Value::Object(members) => members.values().all(|member| is_plain(member, depth + 1)),
            Value::Null | Value::Bool(_) | Value::String(_) => true,
        }
}

/// Whether every reader sees the same number. Fractions and what is written with an exponent are doubles to
/// all; a row of digits is a double to some and a whole number to others, so it must fit both.
fn is_exact(number: &Number) -> bool {
    if let Some(whole) = number
        .as_u64()
        .or_else(|| number.as_i64().map(i64::unsigned_abs))
    {
        return whole <= MAX_SAFE_INTEGER;
    }
    // RFC 8785 writes doubles below 10^21 without an exponent, and from 2^53 on they have no fraction.
    number
        .as_f64()
        .is_some_and(|double| double.abs() < FRACTIONS_END || double.abs() >= EXPONENTS_BEGIN)
}

pub(super) fn is_kind(kind: impl AsRef<[u8]>) -> bool {
    let kind = kind.as_ref();
    let mut before = b'.';
    for byte in kind {
        let letter = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        // A dot stands behind a letter only.
        if !letter && (*byte != b'.' || before == b'.') {
            return false;
        }
        before = *byte;
    }
    kind.len() <= 128 && before != b'.'
}

/// Roles, parties and channels: a handful of words in clear, so never room for a sentence about somebody.
pub(super) fn is_word(word: impl AsRef<[u8]>) -> bool {
    let word = word.as_ref();
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=64).contains(&word.len()) && word.iter().all(letter)
}

pub(super) fn is_trace(parent: impl AsRef<[u8]>) -> bool {
    let parent = parent.as_ref();
    parent.len() <= 128 && parent.iter().all(u8::is_ascii_graphic)
}

/// A number of few digits. Looks at all of them whatever they are, which is faster than to leave at the first that is none.
#[inline]
fn number(digits: &[u8]) -> Option<u16> {
    let (mut number, mut all_digits) = (0_u16, true);
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        all_digits &= digit < 10;
        number = number.wrapping_mul(10).wrapping_add(u16::from(digit));
    }
    all_digits.then_some(number)
}

fn days(year: u16, month: u16) -> u16 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

fn require(holds: bool, field: &'static str, reason: &'static str) -> Result<(), RecordError> {
    if holds {
        Ok(())
    } else {
        Err(RecordError::Field { field, reason })
    }
}

//! What a log is called, and where in it something stands.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::RecordError;

/// The name of a scheme: `[a-z0-9][a-z0-9-]{0,62}`, because it is a folder and part of an address too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SchemeId(String);

impl SchemeId {
    /// The longest name, in bytes.
    pub const MAX_BYTES: usize = 63;

    /// Takes a name, or says that it cannot be one.
    pub fn new(name: impl Into<String>) -> Result<Self, RecordError> {
        let name = name.into();
        if Self::is_name(name.as_bytes()) {
            Ok(Self(name))
        } else {
            Err(RecordError::Field {
                field: "scheme",
                reason: "is not lower-case letters, digits and hyphens",
            })
        }
    }

    /// Whether a name may be these bytes.
    pub(super) fn is_name(name: &[u8]) -> bool {
        let letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        (1..=Self::MAX_BYTES).contains(&name.len())
            && name.first().is_some_and(letter)
            && name.iter().all(|byte| letter(byte) || *byte == b'-')
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SchemeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for SchemeId {
    type Err = RecordError;

    fn from_str(name: &str) -> Result<Self, RecordError> {
        Self::new(name)
    }
}

impl<'de> Deserialize<'de> for SchemeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A place in a log: gapless from 1. Zero is the head of an empty log and never a record.
///
/// Serialised as a decimal string, because JSON numbers are doubles and lose whole numbers above 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(pub u64);

impl Position {
    /// The head of an empty log.
    pub const ZERO: Self = Self(0);
    /// Where the first record stands.
    pub const FIRST: Self = Self(1);

    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The place `count` records further on.
    #[must_use]
    pub const fn plus(self, count: u64) -> Self {
        Self(self.0.saturating_add(count))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Position {
    type Err = RecordError;

    fn from_str(text: &str) -> Result<Self, RecordError> {
        let plain = text == "0"
            || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
        text.parse()
            .ok()
            .filter(|_| plain)
            .map(Self)
            .ok_or(RecordError::Field {
                field: "position",
                reason: "is not a decimal number without leading zeros",
            })
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

//! The scalars of this schema: each is text on the wire, because numbers of 64 bits are not safe in JSON.

use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use std::str::FromStr;

/// A state of a scheme, as text that means nothing outside this service. Every mutation answers with one; give it
/// back as `atLeast` to read a state that holds your own change. Two versions cannot be compared by a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

/// The place of an entry in the history of a scheme: a whole number from 1 without gaps, written as decimal digits in
/// a string, because it may exceed 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position(pub u64);

/// A day without a time, as `YYYY-MM-DD` (ISO 8601), in the time zone of the scheme's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub jiff::civil::Date);

/// An instant in UTC, as RFC 3339, for example `2026-03-02T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub jiff::Timestamp);

/// A day and a time of day by the clocks of the scheme's calendar, as `YYYY-MM-DDThh:mm` (ISO 8601, without an offset).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalDateTime(pub jiff::civil::DateTime);

/// How a day and a time of day are written.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(other),
    }
}

fn parsed<S: InputType, T: FromStr>(value: Value, wanted: &str) -> Result<T, InputValueError<S>> {
    let text = text(value).map_err(InputValueError::expected_type)?;
    text.parse()
        .map_err(|_| InputValueError::custom(format!("{wanted} is wanted")))
}

/// A state of a scheme, as text that means nothing outside this service. Every mutation answers with one; give it
/// back as `atLeast` to read a state that holds your own change. Two versions cannot be compared by a client.
#[Scalar]
impl ScalarType for Version {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value)
            .map(Self)
            .map_err(InputValueError::expected_type)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// The place of an entry in the history of a scheme: a whole number from 1 without gaps, written as decimal digits in
/// a string, because it may exceed 32 bits.
#[Scalar]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        parsed(value, "a position in decimal digits").map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day without a time, as `YYYY-MM-DD` (ISO 8601), in the time zone of the scheme's calendar.
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        parsed(value, "a day as YYYY-MM-DD").map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant in UTC, as RFC 3339, for example `2026-03-02T09:30:00.000Z`.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        parsed(value, "an instant as in RFC 3339").map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(format!("{:.3}", self.0)) // As records spell it: always three decimals.
    }
}

/// A day and a time of day by the clocks of the scheme's calendar, as `YYYY-MM-DDThh:mm` (ISO 8601, without an offset).
#[Scalar]
impl ScalarType for LocalDateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value).map_err(InputValueError::expected_type)?;
        let wanted = || InputValueError::custom("a day and a time as YYYY-MM-DDThh:mm are wanted");
        // Strictly so: an offset that is passed over would be another time than was meant.
        let at = jiff::civil::DateTime::strptime(LOCAL, &text);
        at.map(Self).map_err(|_| wanted())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.strftime(LOCAL).to_string())
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(day: jiff::civil::Date) -> Self {
        Self(day)
    }
}

impl From<Date> for jiff::civil::Date {
    fn from(day: Date) -> Self {
        day.0
    }
}

/// A day from the domain, where there is one.
pub fn day(day: Option<jiff::civil::Date>) -> Option<Date> {
    day.map(Date)
}

/// A day for the domain, where there is one.
pub fn civil(day: Option<Date>) -> Option<jiff::civil::Date> {
    day.map(|day| day.0)
}

//! One row a position, in blocks that are shared once they are full.
//!
//! A million rows in a persistent vector are a million allocations; in blocks they are some thousands, and a copy of
//! the whole costs at most one block.

use super::Row;
use rpds::VectorSync;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
    ser::SerializeSeq as _,
};
use std::{fmt, sync::Arc};

/// Rows of one block.
const BLOCK: usize = 64;

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rows {
    full: VectorSync<Arc<[Row]>>,
    last: Vec<Row>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.full.len() * BLOCK + self.last.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Row> {
        match self.full.get(index / BLOCK) {
            Some(block) => block.get(index % BLOCK),
            None => self.last.get(index - self.full.len() * BLOCK),
        }
    }

    pub(super) fn push(&mut self, row: Row) {
        self.last.push(row);
        if self.last.len() == BLOCK {
            self.full.push_back_mut(Arc::from(self.last.as_slice()));
            self.last.clear();
        }
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.len()))?;
        for row in self
            .full
            .iter()
            .flat_map(|block| block.iter())
            .chain(&self.last)
        {
            rows.serialize_element(row)?;
        }
        rows.end()
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Rows;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Rows, A::Error> {
        let mut rows = Rows::default();
        while let Some(row) = from.next_element()? {
            rows.push(row);
        }
        Ok(rows)
    }
}

/// A day as three numbers, for the same reason.
pub(super) mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "what serde calls is given a reference"
    )]
    pub fn serialize<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        (day.year(), day.month(), day.day()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let (year, month, day) = <(i16, i8, i8)>::deserialize(deserializer)?;
        Date::new(year, month, day).map_err(de::Error::custom)
    }
}

/// An instant as seconds and nanoseconds: as text it would be read for as long as all the rest.
pub(super) mod instant {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        (at.as_second(), at.subsec_nanosecond()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let (second, nanosecond) = <(i64, i32)>::deserialize(deserializer)?;
        Timestamp::new(second, nanosecond).map_err(de::Error::custom)
    }
}

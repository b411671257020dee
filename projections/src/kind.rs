//! An event's type in a snapshot: its place in the catalogue. Only the code that wrote it reads it again.

use domain::Event;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// An event type. The name keeps serde from taking it for text that is borrowed from what is read.
pub type Kind = &'static str;

pub fn serialize<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    let place = Event::KINDS.iter().position(|(known, _)| known == kind);
    place
        .and_then(|place| u8::try_from(place).ok())
        .ok_or_else(|| ser::Error::custom("a type that is not in the catalogue"))?
        .serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    let place = usize::from(u8::deserialize(deserializer)?);
    Event::KINDS
        .get(place)
        .map(|(kind, _)| *kind)
        .ok_or_else(|| de::Error::custom("a type that is not in the catalogue"))
}

//! A personal value: whose it is, and what it says while its key exists.
//!
//! When an event is written, every [`Sealed`] in its payload is lifted out and encrypted under the key of
//! its subject; when the key is destroyed, what comes back is [`Sealed::erased`]. State never depends on
//! the content ([`crate::evolve`] reads none), so forgetting a person changes no history.

use crate::identifiers::PersonId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use std::borrow::Cow;

/// The member name under which a sealed value stands in a payload on its way to and from the log.
pub const MARKER: &str = "$sealed";

/// The shape of a sealed content, with the version of that shape written today.
pub trait Content: Serialize + DeserializeOwned + JsonSchema {
    /// Raised when the shape changes; older contents are lifted on read.
    const VERSION: u16;
}

/// A value that belongs to one person and can be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed<T> {
    subject: PersonId,
    content: Option<T>,
}

impl<T> Sealed<T> {
    /// A value in hand, to be sealed under the key of `subject`.
    pub const fn new(subject: PersonId, content: T) -> Self {
        Self {
            subject,
            content: Some(content),
        }
    }

    /// What is left of a value after its key was destroyed.
    #[must_use]
    pub const fn erased(subject: PersonId) -> Self {
        Self {
            subject,
            content: None,
        }
    }

    /// Whose value this is.
    pub const fn subject(&self) -> PersonId {
        self.subject
    }

    /// The content, or `None` once it was erased.
    pub const fn open(&self) -> Option<&T> {
        self.content.as_ref()
    }
}

#[derive(Serialize, Deserialize)]
struct Wire<T> {
    #[serde(rename = "$sealed")]
    sealed: Parts<T>,
}

#[derive(Serialize, Deserialize)]
struct Parts<T> {
    subject: PersonId,
    version: u16,
    value: Option<T>,
}

impl<T: Content> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            sealed: Parts {
                subject: self.subject,
                version: T::VERSION,
                value: self.content.as_ref(),
            },
        }
        .serialize(serializer)
    }
}

impl<'de, T: Content> Deserialize<'de> for Sealed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::<T>::deserialize(deserializer)?;
        Ok(Self {
            subject: wire.sealed.subject,
            content: wire.sealed.value,
        })
    }
}

impl<T: Content> JsonSchema for Sealed<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Sealed{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "description": "A personal value. In the record it is absent from `data` and stands, encrypted, in `sealed`.",
            "x-sealed-version": T::VERSION,
            "required": ["$sealed"],
            "properties": {
                "$sealed": {
                    "type": "object",
                    "description": "Whose value it is, the version of its shape, and the value while its key exists.",
                    "required": ["subject", "version"],
                    "properties": {
                        "subject": { "type": "string", "format": "uuid", "description": "The person the value belongs to." },
                        "version": { "type": "integer", "description": "The version of the shape of `value`." },
                        "value": {
                            "description": "The value; null once its key was destroyed.",
                            "anyOf": [value, { "type": "null" }]
                        }
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mentoring::Preferences;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn a_value_stands_under_its_marker_with_its_owner_and_version() {
        let sealed = Sealed::new(owner(), Preferences::default());
        let written = serde_json::to_value(&sealed).expect("it can be written");
        assert_eq!(written[MARKER]["subject"], json!(owner()));
        assert_eq!(written[MARKER]["version"], json!(1));
        assert_eq!(written[MARKER]["value"]["summary"], json!(""));
    }

    #[test]
    fn what_is_absent_or_null_was_erased() {
        let erased = Sealed::<Preferences>::erased(owner());
        for parts in [
            json!({ "subject": owner(), "version": 1 }),
            json!({ "subject": owner(), "version": 1, "value": null }),
        ] {
            let read: Sealed<Preferences> =
                serde_json::from_value(json!({ MARKER: parts })).expect("it can be read");
            assert_eq!(read, erased);
            assert_eq!((read.subject(), read.open()), (owner(), None));
        }
    }

    fn owner() -> PersonId {
        Uuid::from_u128(7).into()
    }
}

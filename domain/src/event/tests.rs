use super::{DecodeError, Event};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The schemas are published: whoever reads them has nothing else at hand.
#[test]
fn everything_in_a_published_schema_is_described() {
    let mut silent = BTreeSet::new();
    for (kind, _, schema) in Event::schemas() {
        let schema = schema.to_value();
        expect_description(kind, &schema, &mut silent);
        for (name, definition) in members(&schema, "$defs") {
            expect_description(&format!("{kind} {name}"), definition, &mut silent);
        }
        walk(kind, &schema, &mut silent);
    }
    assert!(silent.is_empty(), "not described: {silent:#?}");
}

#[test]
fn every_type_has_its_own_name_and_is_decoded_by_it() {
    let names: BTreeSet<_> = Event::KINDS.iter().map(|(kind, _)| kind).collect();
    assert_eq!(names.len(), Event::KINDS.len());
    for (kind, _) in Event::KINDS {
        let decoded = Event::decode(kind, Value::Null);
        assert!(
            matches!(decoded, Err(DecodeError::Payload { .. })),
            "{kind}"
        );
    }
}

#[test]
fn an_unknown_type_is_named() {
    let decoded = Event::decode("mentor.applauded", json!({}));
    let error = decoded.expect_err("no such type");
    assert_eq!(error.to_string(), "unknown event type `mentor.applauded`");
}

/// No decline has a field for a reason (R090, R304).
#[test]
fn no_decline_has_a_field_for_a_reason() {
    for (kind, _, schema) in Event::schemas() {
        if kind.ends_with(".declined") {
            let schema = schema.to_value();
            let fields: Vec<_> = members(&schema, "properties")
                .map(|(name, _)| name)
                .collect();
            let expected: &[&str] = match kind {
                "match.declined" => &["match", "mentee", "mentor", "side"],
                _ => &["mentee"],
            };
            assert_eq!(fields, expected, "{kind}");
        }
    }
}

/// Adds every property and variant below `schema` that has no description.
fn walk(place: &str, schema: &Value, silent: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            for (name, property) in members(schema, "properties") {
                expect_description(&format!("{place}.{name}"), property, silent);
            }
            for variant in object
                .get("oneOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                expect_description(&format!("{place} {variant}"), variant, silent);
            }
            for (name, inner) in object {
                walk(&format!("{place}/{name}"), inner, silent);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(place, item, silent)),
        _ => {}
    }
}

fn expect_description(place: &str, schema: &Value, silent: &mut BTreeSet<String>) {
    let described = schema["description"]
        .as_str()
        .is_some_and(|text| !text.is_empty());
    if !described {
        silent.insert(place.to_owned());
    }
}

fn members<'a>(schema: &'a Value, name: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let object = schema.get(name).and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

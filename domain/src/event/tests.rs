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

/// R095, R113, R309: what a pair speak of is theirs, and no step asks for it. R059: nor for a style.
#[test]
fn nothing_of_a_pairing_asks_what_was_said_or_in_which_style() {
    let of_a_pairing = |kind: &str| {
        let features = ["pairing.", "session", "meetings."];
        features.iter().any(|feature| kind.starts_with(feature))
    };
    let content = [
        "content",
        "discussed",
        "minutes",
        "note",
        "notes",
        "said",
        "style",
        "transcript",
    ];
    let kinds = Event::KINDS.iter().filter(|(kind, _)| of_a_pairing(kind));
    assert!(kinds.count() >= 6);
    assert_eq!(fields_called(&content, of_a_pairing), BTreeSet::new());
}

/// R111, R113: how well mentoring worked, and nothing of what was discussed.
#[test]
fn a_report_at_the_end_asks_about_the_process_alone() {
    let all = Event::schemas();
    let filed = all.iter().find(|(kind, ..)| *kind == "evaluation.filed");
    let schema = filed.expect("reports are filed").2.clone().to_value();
    let fields: Vec<_> = members(&schema["$defs"]["Evaluation"], "properties")
        .map(|(name, _)| name)
        .collect();
    let process = [
        "advice",
        "effectiveness",
        "outcomes",
        "strengths",
        "weaknesses",
    ];
    assert_eq!(fields, process);
}

/// R322: no source names an amount.
#[test]
fn nothing_that_is_recorded_is_an_amount_of_money() {
    let money = ["amount", "charge", "cost", "currency", "fee", "price"];
    assert_eq!(fields_called(&money, |_| true), BTreeSet::new());
}

/// The fields, of events of the wanted types, that have one of these words in their names.
fn fields_called(words: &[&str], wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (kind, _, schema) in Event::schemas() {
        if wanted(kind) {
            name_fields(kind, &schema.to_value(), &mut found);
        }
    }
    found.retain(|place| {
        let name = place.rsplit('.').next().unwrap_or_default();
        name.split('_').any(|word| words.contains(&word))
    });
    found
}

fn name_fields(place: &str, schema: &Value, names: &mut BTreeSet<String>) {
    for (name, _) in members(schema, "properties") {
        names.insert(format!("{place}.{}", in_words(name)));
    }
    match schema {
        Value::Object(object) => object
            .values()
            .for_each(|inner| name_fields(place, inner, names)),
        Value::Array(items) => items
            .iter()
            .for_each(|inner| name_fields(place, inner, names)),
        _ => {}
    }
}

/// `sessionsMost` and `sessions_most` alike as `sessions_most`.
fn in_words(name: &str) -> String {
    let parted = name.chars().flat_map(|letter| {
        let boundary = letter.is_uppercase().then_some('_');
        boundary.into_iter().chain(letter.to_lowercase())
    });
    parted.collect()
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

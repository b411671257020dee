//! The promises to strangers, generated: what `schema/` holds is compared with this in a test.

use crate::{graphql, rest};
use domain::Event;
use serde_json::Value;
use std::collections::BTreeMap;

/// The GraphQL schema.
#[must_use]
pub fn graphql() -> String {
    graphql::sdl()
}

/// The OpenAPI document.
pub fn open_api() -> Result<String, serde_json::Error> {
    pretty(&rest::open_api())
}

/// The JSON Schemas that go into an audit bundle: of a record, and of the payload of every type and version of event.
pub fn of_history() -> Result<BTreeMap<(String, u16), Value>, serde_json::Error> {
    let events = Event::schemas().into_iter();
    let events =
        events.map(|(kind, version, schema)| ((kind.to_owned(), version), schema.to_value()));
    let record = serde_json::from_str(include_str!("../../schema/record/1.json"))?;
    let record = (("record".to_owned(), event_log::RECORD_FORMAT), record);
    Ok(events.chain([record]).collect())
}

/// Every generated contract: its path below `schema/`, and its text.
pub fn all() -> Result<Vec<(String, String)>, serde_json::Error> {
    let mut files = vec![
        ("graphql.graphql".to_owned(), graphql()),
        ("openapi.json".to_owned(), open_api()?),
    ];
    for (kind, version, schema) in Event::schemas() {
        files.push((
            format!("events/{kind}/{version}.json"),
            pretty(&schema.to_value())?,
        ));
    }
    Ok(files)
}

fn pretty(value: &Value) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

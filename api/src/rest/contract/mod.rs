//! The contract of REST, made from the types that are answered: OpenAPI 3.1, and a schema for every event.
//!
//! Shapes come from the types themselves, so they cannot disagree with what is sent; what no type can tell (which
//! answers a route has, and an example of each) is written down in `paths`. There is deliberately no framework
//! between: the document is JSON, and a test lints it.

mod log;
mod past_year;
mod paths;
mod people;
mod responses;
mod sessions;

use super::{
    appointments::{Notice, NoticeAnswer, ReportAnswer},
    entitlements::Entitlement,
    log::{ConsistencyProof, InclusionProof, LogKeys},
    past_year::PastYearAnswer,
    people::PersonRecord,
    schemes::{Health, Scheme},
    service::Status,
    work_list::WorkList,
};
use domain::Event;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The OpenAPI document of everything that is served.
#[must_use]
pub fn open_api() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Alongside",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A platform on which a mentoring scheme is run, integrated with and audited",
            "description": DESCRIPTION,
            "contact": { "name": "The people who make Alongside" },
            "license": { "name": "Apache-2.0 or MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": "/", "description": "Where this document was fetched from" }],
        "security": [{ "bearer": [] }],
        "tags": [
            { "name": "Appointments", "description": "What an employer's personnel system tells a scheme." },
            { "name": "Past years", "description": "What there was before a scheme was run here." },
            { "name": "Entitlements", "description": "What somebody is entitled to." },
            { "name": "Work list", "description": "What is due to whom, for a mail relay." },
            { "name": "Sessions", "description": "What a mentor and a mentee arranged, for their calendars." },
            { "name": "People", "description": "What is held about a person, and that nothing is any more." },
            { "name": "Schemes", "description": "What a scheme is, and how it is." },
            { "name": "Log", "description": "What proves that a scheme's history is what it was: signed checkpoints, tiles, proofs." },
            { "name": "GraphQL", "description": "Everything else: screens, journeys, history." },
            { "name": "Service", "description": "What a monitor and a developer look at. No token is needed." },
        ],
        "paths": limited(paths::all()),
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A short-lived token that carries one role, and for an employer's system the employer's code.",
                },
            },
            "responses": responses::shared(),
            "schemas": schemas(),
        },
    })
}

/// The JSON Schema (2020-12) of an event's payload, if there is such an event.
#[must_use]
pub fn event_schema(kind: &str, version: u16) -> Option<Value> {
    let (kind, version, schema) = Event::schemas()
        .into_iter()
        .find(|(known, of, _)| *known == kind && *of == version)?;
    let mut schema = schema.to_value();
    let fields = schema.as_object_mut()?;
    fields.insert(
        "title".to_owned(),
        json!(format!("{kind}, version {version}")),
    );
    let described = fields.contains_key("description");
    if !described {
        fields.insert(
            "description".to_owned(),
            json!(format!("The payload of an event of type {kind}.")),
        );
    }
    Some(schema)
}

const DESCRIPTION: &str = "The REST side of Alongside, for personnel systems, mail relays and monitors.

Every path is relative to where the service runs. Tokens are sent as `Authorization: Bearer …`. A problem is answered \
as RFC 9457 problem details with a stable `code`. Words of the rules (verdicts, ways of holding a post) are spelled as \
in the event schemas under `/schemas/events/`. Each client has a share of requests a minute: `RateLimit-Policy` and \
`RateLimit` say what it is and what is left of it. No answer repeats a personal value that was sent.";

fn schemas() -> Value {
    let mut generator = generator();
    generator.subschema_for::<Notice>();
    generator.subschema_for::<NoticeAnswer>();
    generator.subschema_for::<ReportAnswer>();
    generator.subschema_for::<Entitlement>();
    generator.subschema_for::<PastYearAnswer>();
    generator.subschema_for::<Scheme>();
    generator.subschema_for::<Health>();
    generator.subschema_for::<Status>();
    generator.subschema_for::<WorkList>();
    generator.subschema_for::<PersonRecord>();
    generator.subschema_for::<LogKeys>();
    generator.subschema_for::<InclusionProof>();
    generator.subschema_for::<ConsistencyProof>();
    let mut all: Map<String, Value> = generator.take_definitions(true);
    all.insert("Problem".to_owned(), responses::problem_schema());
    all.insert("Certificate".to_owned(), people::certificate_schema());
    let mut all = Value::Object(all);
    plain_formats(&mut all);
    all
}

/// Every operation but those of a monitor may be one too many; the headers of every answer say what is left.
fn limited(mut paths: Value) -> Value {
    const FREE: [&str; 3] = ["alive", "ready", "metrics"];
    let operations = paths
        .as_object_mut()
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|path| path.values_mut());
    for operation in operations {
        let is_free = FREE.iter().any(|name| operation["operationId"] == *name);
        if let Some(responses) = operation.get_mut("responses").filter(|_| !is_free) {
            responses["429"] = responses::named("RateLimited");
        }
    }
    paths
}

fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

/// Takes away the names of this language's integers: elsewhere nobody knows them, and the bounds say the same.
fn plain_formats(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let foreign = fields
                .get("format")
                .and_then(Value::as_str)
                .is_some_and(|format| format.starts_with("uint"));
            if foreign {
                fields.remove("format");
            }
            fields.values_mut().for_each(plain_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_formats),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = open_api();
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        let pointer = reference.trim_start_matches('#');
                        assert!(document.pointer(pointer).is_some(), "{reference}");
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }

    #[test]
    fn every_event_has_a_schema_with_a_title_and_a_description() {
        for (kind, version) in Event::KINDS {
            let schema = event_schema(kind, *version).expect("listed");
            assert_eq!(
                schema["$schema"],
                "https://json-schema.org/draft/2020-12/schema"
            );
            assert!(schema["title"].as_str().expect("title").starts_with(kind));
            assert!(schema["description"].is_string(), "{kind}");
            assert!(schema.get("$id").is_none());
        }
        assert!(event_schema("appointment.notified", 9).is_none());
    }
}

//! What must hold of the schema as a whole.

use super::{Mutation, Query, Subscription, sdl};
use async_graphql::{Schema, Value};
use domain::Command;
use serde_json::Value as Json;

const EVERYTHING: &str = "{ __schema { types {
    name description kind
    fields(includeDeprecated: true) { name description args { name description } }
    inputFields { name description }
    enumValues(includeDeprecated: true) { name description }
} } }";

async fn types() -> Vec<Json> {
    let schema = Schema::new(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    );
    let answer = schema.execute(EVERYTHING).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let Value::Object(_) = &answer.data else {
        panic!("no data");
    };
    let data = answer.data.into_json().unwrap();
    data["__schema"]["types"].as_array().unwrap().clone()
}

fn named<'a>(of: &'a Json, list: &str) -> Vec<&'a Json> {
    of[list]
        .as_array()
        .map(|list| list.iter().collect())
        .unwrap_or_default()
}

fn undescribed(path: &str, of: &Json, missing: &mut Vec<String>) {
    if of["description"]
        .as_str()
        .is_none_or(|text| text.trim().is_empty())
    {
        missing.push(path.to_owned());
    }
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let built_in = ["Int", "Float", "String", "Boolean", "ID"];
    let mut missing = Vec::new();
    for of in types().await {
        let name = of["name"].as_str().unwrap();
        if name.starts_with("__") || built_in.contains(&name) {
            continue;
        }
        undescribed(name, &of, &mut missing);
        for list in ["fields", "inputFields", "enumValues"] {
            for part in named(&of, list) {
                let path = format!("{name}.{}", part["name"].as_str().unwrap());
                undescribed(&path, part, &mut missing);
                for argument in named(part, "args") {
                    let path = format!("{path}({})", argument["name"].as_str().unwrap());
                    undescribed(&path, argument, &mut missing);
                }
            }
        }
    }
    assert!(missing.is_empty(), "not described:\n{}", missing.join("\n"));
}

#[tokio::test]
async fn every_command_is_a_mutation_of_its_name_and_nothing_else_is() {
    let types = types().await;
    let mutation = types.iter().find(|of| of["name"] == "Mutation").unwrap();
    let mut mutations: Vec<&str> = named(mutation, "fields")
        .into_iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    // Deliveries of notices are recorded by the service itself, when it has worked through one.
    let mut commands: Vec<&str> = Command::NAMES
        .iter()
        .copied()
        .filter(|name| *name != "recordNotices")
        .collect();
    mutations.sort_unstable();
    commands.sort_unstable();
    assert_eq!(mutations, commands);
}

#[test]
fn the_text_of_the_schema_is_stable() {
    assert_eq!(sdl(), sdl());
}

//! Everything an answer can hold stands under a line of the access matrix: `schema/exposure.toml`, held against the
//! contracts, and against what is really shown.

use super::super::*;
use super::{
    Cells,
    plain::Plain,
    world::{Who, World},
};
use crate::identity::access::{Item, Section};
use std::collections::{BTreeMap, BTreeSet};
use toml::Table;

const DECLARED: &str = include_str!("../../../../../schema/exposure.toml");
const OPENAPI: &str = include_str!("../../../../../schema/openapi.json");

const TYPES: &str =
    "{ __schema { types { name kind fields { name args { type { kind } } type { kind name
    ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

/// A type, a field or a route, and the line under which it stands.
type Lines = BTreeMap<(String, String), String>;

/// What goes without saying: a payload stands under its command, a page under what is in it.
fn goes_without_saying(name: &str) -> bool {
    name.starts_with("__")
        || name == "Mutation"
        || ["Payload", "Connection", "Edge"]
            .iter()
            .any(|end| name.ends_with(end))
}

struct Declared(Table);

impl Declared {
    fn read() -> Self {
        Self(DECLARED.parse().unwrap())
    }

    fn is_open(&self, name: &str) -> bool {
        let mut open = self.0["open"].as_table().unwrap().keys();
        open.any(|known| {
            known == name
                || known
                    .strip_suffix('*')
                    .is_some_and(|of| name.starts_with(of))
        })
    }

    /// The line of one field of one type; nothing when it is not declared.
    fn line(&self, kind: &str, of: &str, field: &str) -> Option<&str> {
        match self.0[kind].get(of)? {
            toml::Value::String(line) => Some(line),
            toml::Value::Table(lines) => {
                let mut lines = lines.iter();
                let named = |fields: &toml::Value| {
                    let mut fields = fields.as_array().unwrap().iter();
                    fields.any(|named| named.as_str() == Some(field))
                };
                lines
                    .find(|(_, fields)| named(fields))
                    .map(|(line, _)| line.as_str())
            }
            _ => None,
        }
    }

    /// Everything that is declared by name, with its line; of a type that stands under one line whole, only the type.
    fn all(&self, kind: &str) -> Lines {
        let mut all = Lines::new();
        for (name, stands) in self.0[kind].as_table().unwrap() {
            match stands {
                toml::Value::String(line) => {
                    all.insert((name.clone(), String::new()), line.clone());
                }
                stands => {
                    for (line, fields) in stands.as_table().unwrap() {
                        for field in fields.as_array().unwrap() {
                            let key = (name.clone(), field.as_str().unwrap().to_owned());
                            let before = all.insert(key, line.clone());
                            assert_eq!(before, None, "a field of {name} is declared twice");
                        }
                    }
                }
            }
        }
        all
    }
}

/// Fields of types: what is there, to be held against what is declared.
type Fields = BTreeMap<String, BTreeSet<String>>;

fn compare(declared: &Declared, kind: &str, found: &Fields) {
    let mut wrong = Vec::new();
    for (of, fields) in found {
        for field in fields {
            if !declared.is_open(of) && declared.line(kind, of, field).is_none() {
                wrong.push(format!("{of}.{field} is not declared"));
            }
        }
    }
    for ((of, field), line) in declared.all(kind) {
        let fields = found.get(&of);
        let is_there = fields.is_some_and(|fields| field.is_empty() || fields.contains(&field));
        if !is_there {
            wrong.push(format!("{of}.{field} is declared and not there"));
        }
        let sections = match kind {
            "graphql" => &[Section::Queries, Section::Fields][..],
            _ => &Section::ALL[..],
        };
        let mut sections = sections.iter();
        if !sections.any(|section| Item::named(*section, &line).is_some()) {
            wrong.push(format!(
                "{of}.{field}: the access matrix has no line `{line}`"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "schema/exposure.toml, [{kind}]:\n{}",
        wrong.join("\n")
    );
}

async fn types(stage: &Stage) -> Vec<Value> {
    let answer = stage.read(&caller(Role::Coordinator), TYPES).await;
    let types = answer["__schema"]["types"].as_array().unwrap().iter();
    let objects = types
        .filter(|of| of["kind"] == "OBJECT" && !goes_without_saying(of["name"].as_str().unwrap()));
    objects.cloned().collect()
}

/// R299, R308: an undeclared exposure fails the build, and so does a declaration of nothing.
#[tokio::test]
async fn every_field_of_the_schema_stands_under_a_line_of_the_matrix() {
    let (stage, declared) = (Stage::new(), Declared::read());
    administrator_opens(&stage).await;
    let mut found = Fields::new();
    let mut count = 0;
    for of in types(&stage).await {
        let name = text(&of["name"]);
        for field in of["fields"].as_array().unwrap() {
            let (field_name, result) = (text(&field["name"]), innermost(&field["type"]));
            if result.starts_with("Personal")
                && declared.0["graphql"]
                    .get(&name)
                    .is_some_and(toml::Value::is_str)
            {
                let line = declared.line("graphql", &name, &field_name).unwrap();
                let is_class = Item::named(Section::Fields, line).is_some();
                assert!(
                    is_class,
                    "{name}.{field_name} belongs to a person: declare it by itself"
                );
            }
            count += 1;
            found.entry(name.clone()).or_default().insert(field_name);
        }
    }
    compare(&declared, "graphql", &found);
    println!("{count} fields of {} types", found.len());
}

async fn administrator_opens(stage: &Stage) {
    let open = r#"openScheme(input: { COMMON, name: "Mentor Plus", kind: MENTORING }) { rejection { code } }"#;
    stage.tell(&caller(Role::Administrator), open).await;
}

fn innermost(of: &Value) -> String {
    match of["name"].as_str() {
        Some(name) => name.to_owned(),
        None => innermost(&of["ofType"]),
    }
}

/// The same of REST: every route, and every property that an answer can have.
#[test]
fn every_property_of_every_answer_of_rest_stands_under_a_line_of_the_matrix() {
    let (declared, contract) = (
        Declared::read(),
        serde_json::from_str::<Value>(OPENAPI).unwrap(),
    );
    let mut wanted = Vec::new();
    let mut routes = BTreeSet::new();
    for (path, operations) in contract["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if let Some(responses) = operation.get("responses") {
                routes.insert(format!("{} {path}", method.to_uppercase()));
                references(responses, &mut wanted);
            }
        }
    }
    let mut found = Fields::new();
    while let Some(name) = wanted.pop() {
        let schema = &contract["components"]["schemas"][&name];
        if let Some(properties) = schema["properties"].as_object()
            && found
                .insert(name, properties.keys().cloned().collect())
                .is_none()
        {
            references(schema, &mut wanted);
        }
    }
    compare(&declared, "rest", &found);
    for route in &routes {
        let stands = declared.0["routes"].get(route).is_some();
        assert!(stands || declared.is_open(route), "{route} is not declared");
    }
    for (route, line) in declared.0["routes"].as_table().unwrap() {
        assert!(routes.contains(route), "{route} is declared and not there");
        let line = line.as_str().unwrap();
        let mut sections = Section::ALL.into_iter();
        assert!(
            sections.any(|section| Item::named(section, line).is_some()),
            "{line}"
        );
    }
    println!("{} routes, {} kinds of answer", routes.len(), found.len());
}

fn references(of: &Value, into: &mut Vec<String>) {
    match of {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value.as_str()) {
                    ("$ref", Some(to)) => {
                        into.extend(to.strip_prefix("#/components/schemas/").map(str::to_owned));
                    }
                    _ => references(value, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}

/// What things of the world there are of a type that can be asked for by its id, and to whom their values belong.
const THINGS: [(&str, &str, &[&str]); 13] = [
    ("Mentee", "ada", &["ada", "match", "pairing", "analysis"]),
    ("Mentee", "cleo", &["cleo", "open match"]),
    ("Mentee", "finn", &["finn", "declined match"]),
    ("Mentor", "ben", &["ben", "match", "pairing"]),
    ("Mentor", "dan", &["dan", "open match"]),
    ("Mentor", "eve", &["eve", "declined match"]),
    ("Appointment", "appointment", &["appointment"]),
    ("Match", "open match", &["open match", "cleo", "dan"]),
    (
        "Match",
        "declined match",
        &["declined match", "finn", "eve"],
    ),
    (
        "Pairing",
        "pairing",
        &[
            "pairing",
            "ada",
            "ben",
            "concern",
            "third",
            "third of office",
            "analysis",
        ],
    ),
    ("NeedsAnalysis", "analysis", &["analysis", "ada", "ben"]),
    ("NeedsProfile", "profile", &["profile", "ada"]),
    ("Concern", "concern", &["concern", "pairing", "ada", "ben"]),
];

/// R113, R299, R303, R305, R308: every declared field, read by everybody: what is shown is shown by the line under which it
/// is declared.
#[tokio::test]
async fn what_a_field_shows_is_opened_by_the_line_under_which_it_is_declared() {
    let (world, plain, declared) = (World::made().await, Plain::read(), Declared::read());
    let types = types(&world.stage).await;
    let mut cells = Cells::default();
    for (of, thing, belongs_to) in THINGS {
        let fields = types.iter().find(|found| found["name"] == of).unwrap()["fields"]
            .as_array()
            .unwrap();
        let selected: Vec<_> = fields
            .iter()
            .map(|field| (text(&field["name"]), selection(field)))
            .collect();
        let all: Vec<&str> = selected
            .iter()
            .map(|(_, selection)| selection.as_str())
            .collect();
        let document = format!(
            r#"{{ node(id: "{}") {{ ... on {of} {{ {} }} }} }}"#,
            world.id(thing),
            all.join(" ")
        );
        for role in Role::ALL {
            for who in Who::all_as(role) {
                let answer = world.asked(&world.token(role, who), &document).await;
                for (field, _) in &selected {
                    let line = declared.line("graphql", of, field).unwrap();
                    let section = if Item::named(Section::Fields, line).is_some() {
                        "fields"
                    } else {
                        "queries"
                    };
                    let stands = belongs_to.iter().flat_map(|thing| who.stands_to(thing));
                    let stands: Vec<&str> = stands.copied().collect();
                    let opens = plain.opens(section, line, role.as_str(), &stands);
                    let is_shown = is_shown(&answer["data"]["node"][field]);
                    // What is open may all the same be empty.
                    cells.hold(is_shown, is_shown && opens, || {
                        format!("{role} as {who:?}: {of}.{field} of {thing}: {answer}")
                    });
                }
            }
        }
    }
    cells.end("fields");
}

/// What to ask of a field: itself, its state, or that there is anything.
fn selection(field: &Value) -> String {
    let (name, result) = (text(&field["name"]), innermost(&field["type"]));
    let mut kind = &field["type"];
    while kind["name"].is_null() {
        kind = &kind["ofType"];
    }
    match (kind["kind"].as_str().unwrap(), result.as_str()) {
        ("OBJECT", personal) if personal.starts_with("Personal") => format!("{name} {{ state }}"),
        ("OBJECT", "PenPortrait") => format!("{name} {{ background {{ state }} }}"),
        ("OBJECT", "Preferences") => format!("{name} {{ summary {{ state }} }}"),
        ("OBJECT", page) if page.ends_with("Connection") => {
            format!("{name} {{ edges {{ cursor }} }}")
        }
        ("OBJECT", _) => format!("{name} {{ __typename }}"),
        _ => name,
    }
}

/// Whether a value tells anything: an empty list and a hidden state do not.
fn is_shown(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(state) => state != "HIDDEN",
        Value::Array(items) => items.iter().any(is_shown),
        Value::Object(members) => members.values().any(is_shown),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

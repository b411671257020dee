//! Words and days that stand nowhere else, planted in every sealed value that has room for one.

use domain::{Event, Recorded, sealed::MARKER, testing::varied::Place};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// With this every planted word begins, and nothing else.
pub const WORD: &str = "Kvkqanari";
/// In these years lie the planted days, and no others.
pub const FIRST_YEAR: usize = 2131;
const YEARS: usize = 60;

/// Where something was planted, and whose it is.
#[derive(Debug, Clone)]
pub struct Planted {
    pub recorded: Recorded,
    pub place: Place,
    pub subject: Uuid,
    pub whole: Value,
}

/// Everything that was planted, by the word or the day.
#[derive(Debug, Default)]
pub struct Canaries {
    pub all: BTreeMap<String, Planted>,
    words: usize,
    days: usize,
}

impl Canaries {
    /// The next word. What follows the number is written in another way by each encoding of text.
    pub fn word(&mut self) -> String {
        self.words += 1;
        format!("{WORD}{:06} ë", self.words)
    }

    /// The next day.
    pub fn day(&mut self) -> String {
        self.days += 1;
        let (year, rest) = (self.days % YEARS, self.days / YEARS);
        let (month, day) = (rest % 12 + 1, rest / 12 % 28 + 1);
        format!("{}-{month:02}-{day:02}", FIRST_YEAR + year)
    }

    /// The same history with something planted wherever a sealed value has room.
    pub fn plant(&mut self, history: &[Recorded]) -> Vec<Recorded> {
        let schemas: BTreeMap<&str, Value> = Event::schemas()
            .into_iter()
            .map(|(kind, _, schema)| (kind, schema.to_value()))
            .collect();
        let planted = history.iter().map(|recorded| {
            let (kind, mut data) = (recorded.event.kind(), recorded.event.data().expect("JSON"));
            let root = &schemas[kind];
            for name in root["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
            {
                let Some(parts) = data.get_mut(name).and_then(|one| one.get_mut(MARKER)) else {
                    continue;
                };
                let shape = resolved(root, &root["properties"][name]);
                let shape = resolved(root, &shape["properties"][MARKER]["properties"]["value"]);
                let subject = parts["subject"].as_str().and_then(|text| text.parse().ok());
                let before = parts["value"].clone();
                let fields = shape["properties"].as_object().into_iter().flatten();
                let mut fresh = Vec::new();
                for (field, below) in fields {
                    let mut grown = Growing {
                        root,
                        canaries: self,
                        fresh: Vec::new(),
                    };
                    let after = grown.filled(below, before.get(field).unwrap_or(&Value::Null));
                    fresh.extend(grown.fresh.into_iter().map(|one| (field.clone(), one)));
                    if !after.is_null() {
                        parts["value"][field] = after;
                    }
                }
                let whole = parts["value"].clone();
                self.all.extend(fresh.into_iter().map(|(field, canary)| {
                    let planted = Planted {
                        recorded: recorded.clone(),
                        place: Place {
                            kind: kind.to_owned(),
                            path: format!("/{name}/{field}"),
                        },
                        subject: subject.unwrap_or_default(),
                        whole: whole.clone(),
                    };
                    (canary, planted)
                }));
            }
            Recorded {
                event: Event::decode(kind, data).expect("what was planted can be read"),
                ..recorded.clone()
            }
        });
        planted.collect()
    }
}

struct Growing<'a> {
    root: &'a Value,
    canaries: &'a mut Canaries,
    fresh: Vec<String>,
}

impl Growing<'_> {
    fn filled(&mut self, shape: &Value, value: &Value) -> Value {
        let inside = resolved(self.root, shape);
        if let Some(choices) = inside["oneOf"].as_array() {
            return self.filled_choice(choices, value);
        }
        if let Some(members) = inside["properties"].as_object() {
            let mut filled = Map::new();
            for (name, below) in members {
                let before = value.get(name).unwrap_or(&Value::Null);
                let after = self.filled(below, before);
                if !after.is_null() || value.get(name).is_some() {
                    filled.insert(name.clone(), after);
                }
            }
            return Value::Object(filled);
        }
        if is(inside, "array") {
            let mut items = value.as_array().cloned().unwrap_or_default();
            if items.is_empty() {
                items.push(Value::Null);
            }
            let items = items.iter().map(|item| self.filled(&inside["items"], item));
            return items.filter(|item| !item.is_null()).collect();
        }
        let is_word = shape["$ref"].is_null() && shape["anyOf"].is_null();
        match inside["format"].as_str() {
            Some("date") if is(inside, "string") => self.grow(Canaries::day),
            None if is(inside, "string") && is_word => self.grow(Canaries::word),
            // Identifiers and codes stay what they are.
            _ => value.clone(),
        }
    }

    /// One alternative of several: as it was, else the first word there is.
    fn filled_choice(&mut self, choices: &[Value], value: &Value) -> Value {
        if value.is_null() {
            let first = choices.first();
            return first.map(|one| one["const"].clone()).unwrap_or_default();
        }
        let Some((name, before)) = value.as_object().and_then(|object| object.iter().next()) else {
            return value.clone();
        };
        let mut shapes = choices.iter().map(|choice| &choice["properties"][name]);
        let below = shapes.find(|below| !below.is_null());
        below.map_or_else(
            || value.clone(),
            |below| json!({ name: self.filled(below, before) }),
        )
    }

    fn grow(&mut self, canary: impl Fn(&mut Canaries) -> String) -> Value {
        let canary = canary(self.canaries);
        self.fresh.push(canary.clone());
        canary.into()
    }
}

/// What a shape is once references and "or nothing" are taken away.
fn resolved<'a>(root: &'a Value, shape: &'a Value) -> &'a Value {
    let mut branches = shape["anyOf"].as_array().into_iter().flatten();
    if let Some(other) = branches.find(|branch| branch["type"] != "null") {
        return resolved(root, other);
    }
    let target = shape["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.trim_start_matches('#')));
    target.map_or(shape, |target| resolved(root, target))
}

fn is(shape: &Value, name: &str) -> bool {
    shape["type"] == name
        || shape["type"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|one| one == name)
}

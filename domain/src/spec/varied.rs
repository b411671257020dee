//! Other content in the same history: every sealed value replaced by another of the same kind.
//!
//! What to put where is read from the schemas of the payloads, so a new sealed value is varied without a line here.
//! Everything outside the seals stays as it was. A value may come from another history, where the same place held it.

use crate::{Event, Recorded, sealed::MARKER};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};
use uuid::Uuid;

/// A field of a sealed value: what may be kept or replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The type of the event.
    pub kind: String,
    /// Where the sealed value stands in the payload, and the name of the field in it: `/facts/starts_on`.
    pub path: String,
}

/// One field of one sealed value of a history.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The event.
    pub recorded: &'a Recorded,
    /// Which field.
    pub place: &'a Place,
    /// Whose value it is.
    pub subject: Uuid,
    /// The whole sealed value.
    pub whole: &'a Value,
}

/// The shapes of all sealed values, and what histories have held in each place of them.
#[derive(Debug)]
pub struct Contents {
    schemas: BTreeMap<&'static str, Value>,
    seen: BTreeMap<String, Vec<Value>>,
}

/// Every field of every sealed value that can be recorded.
#[must_use]
pub fn places() -> BTreeSet<Place> {
    let contents = Contents::of(&[]);
    let mut places = BTreeSet::new();
    for (kind, root) in &contents.schemas {
        for (name, property) in members(root) {
            let Some(value) = sealed_shape(root, property) else {
                continue;
            };
            places.extend(members(value).map(|(field, _)| Place {
                kind: (*kind).to_owned(),
                path: format!("/{name}/{field}"),
            }));
        }
    }
    places
}

impl Contents {
    /// All that `histories` held.
    #[must_use]
    pub fn of(histories: &[Vec<Recorded>]) -> Self {
        let schemas = Event::schemas()
            .into_iter()
            .map(|(kind, _, schema)| (kind, schema.to_value()))
            .collect();
        let mut contents = Self {
            schemas,
            seen: BTreeMap::new(),
        };
        for recorded in histories.iter().flatten() {
            contents.remember(recorded);
        }
        contents
    }

    fn remember(&mut self, recorded: &Recorded) {
        let Ok(data) = recorded.event.data() else {
            return;
        };
        let (kind, mut held) = (recorded.event.kind(), Vec::new());
        let Some(root) = self.schemas.get(kind) else {
            return;
        };
        for (name, value) in data.as_object().into_iter().flatten() {
            let Some(shape) = members(root)
                .find(|(known, _)| *known == name)
                .and_then(|(_, property)| sealed_shape(root, property))
            else {
                continue;
            };
            let whole = &value[MARKER]["value"];
            hold(root, shape, &format!("{kind}/{name}"), whole, &mut held);
        }
        for (place, value) in held {
            let seen = self.seen.entry(place).or_default();
            if !seen.contains(&value) && seen.len() < 64 {
                seen.push(value);
            }
        }
    }

    /// The same history with other content, except where `keep` says so. `seed` decides which.
    #[must_use]
    pub fn vary(
        &self,
        history: &[Recorded],
        seed: u64,
        keep: impl Fn(&Found<'_>) -> bool,
    ) -> Vec<Recorded> {
        let other = |recorded: &Recorded| {
            let mut data = recorded.event.data().expect("it can be written");
            let kind = recorded.event.kind();
            let root = &self.schemas[kind];
            for (name, property) in members(root) {
                let Some(shape) = sealed_shape(root, property) else {
                    continue;
                };
                let Some(parts) = data.get_mut(name).and_then(|one| one.get_mut(MARKER)) else {
                    continue;
                };
                let subject = parts["subject"].as_str().and_then(|text| text.parse().ok());
                let mut one = Varying {
                    contents: self,
                    root,
                    dice: Dice::new(seed, recorded.position, name),
                };
                let whole = parts["value"].clone();
                for (field, below) in members(shape) {
                    let place = Place {
                        kind: kind.to_owned(),
                        path: format!("/{name}/{field}"),
                    };
                    let found = Found {
                        recorded,
                        place: &place,
                        subject: subject.unwrap_or_default(),
                        whole: &whole,
                    };
                    if !keep(&found) && !whole.is_null() {
                        let at = format!("{kind}/{name}/{field}");
                        let before = whole.get(field).cloned().unwrap_or_default();
                        let after = one.another(below, &at, &before);
                        if !after.is_null() || whole.get(field).is_some() {
                            parts["value"][field] = after;
                        }
                    }
                }
            }
            let event = Event::decode(kind, data);
            Recorded {
                event: event.expect("another value of the same kind can be read"),
                ..recorded.clone()
            }
        };
        history.iter().map(other).collect()
    }
}

/// The members that a shape names.
fn members(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape["properties"].as_object().into_iter().flatten()
}

/// The shape of what is sealed under a property, if it is sealed.
fn sealed_shape<'a>(root: &'a Value, property: &'a Value) -> Option<&'a Value> {
    let target = resolved(root, property);
    target["x-sealed-version"].as_u64()?;
    let value = &target["properties"][MARKER]["properties"]["value"];
    Some(resolved(root, without_null(value)))
}

/// What a reference leads to, however many there are.
fn resolved<'a>(root: &'a Value, shape: &'a Value) -> &'a Value {
    let target = shape["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.trim_start_matches('#')));
    target.map_or(shape, |target| resolved(root, target))
}

/// The other branch of "this or nothing".
fn without_null(shape: &Value) -> &Value {
    let branches = shape["anyOf"].as_array().into_iter().flatten();
    let mut branches = branches.filter(|branch| branch["type"] != "null");
    branches.next().unwrap_or(shape)
}

fn may_be_null(shape: &Value) -> bool {
    let branches = shape["anyOf"].as_array().into_iter().flatten();
    let types = shape["type"].as_array().into_iter().flatten();
    branches
        .map(|branch| &branch["type"])
        .chain(types)
        .any(|one| one == "null")
}

/// Where a value is remembered: by the name of its type if it has one, else by its place.
fn pool(shape: &Value, at: &str) -> String {
    let name = without_null(shape)["$ref"].as_str();
    name.and_then(|reference| reference.rsplit('/').next())
        .unwrap_or(at)
        .to_owned()
}

/// Everything in `value`, with the pool it belongs to.
fn hold(root: &Value, shape: &Value, at: &str, value: &Value, held: &mut Vec<(String, Value)>) {
    if value.is_null() {
        return;
    }
    held.push((pool(shape, at), value.clone()));
    let inside = resolved(root, without_null(shape));
    for (name, below) in members(inside) {
        hold(root, below, &format!("{at}/{name}"), &value[name], held);
    }
    for item in value.as_array().into_iter().flatten() {
        hold(root, &inside["items"], &format!("{at}/[]"), item, held);
    }
}

/// Replaces one sealed value.
struct Varying<'a> {
    contents: &'a Contents,
    root: &'a Value,
    dice: Dice,
}

impl Varying<'_> {
    fn another(&mut self, shape: &Value, at: &str, value: &Value) -> Value {
        let nullable = may_be_null(shape);
        if value.is_null() {
            let given = self.dice.below(3) == 0;
            return if given {
                self.seen(shape, at, value)
            } else {
                Value::Null
            };
        }
        if nullable && self.dice.below(6) == 0 {
            return Value::Null;
        }
        let inside = resolved(self.root, without_null(shape)).clone();
        if let Some(choices) = inside["oneOf"].as_array() {
            return self.another_choice(&inside, choices, shape, at, value);
        }
        match value {
            Value::Object(object) => {
                let mut other = Map::new();
                for (name, before) in object {
                    let below = &inside["properties"][name];
                    other.insert(
                        name.clone(),
                        self.another(below, &format!("{at}/{name}"), before),
                    );
                }
                Value::Object(other)
            }
            Value::Array(items) => {
                let each = items.iter();
                let mut items: Vec<Value> = each
                    .map(|item| self.another(&inside["items"], &format!("{at}/[]"), item))
                    .collect();
                if self.dice.below(4) == 0 {
                    items.pop();
                }
                items.into()
            }
            Value::Bool(yes) => (!yes).into(),
            Value::Number(number) => {
                let number = number.as_u64().unwrap_or_default();
                // Small scales stay within five.
                ((number + 1 + self.dice.below(3)) % 5 + 1).into()
            }
            Value::String(text) => self.another_text(&inside, shape, at, text),
            Value::Null => Value::Null,
        }
    }

    /// Another of the words or shapes that are possible there.
    fn another_choice(
        &mut self,
        inside: &Value,
        choices: &[Value],
        shape: &Value,
        at: &str,
        value: &Value,
    ) -> Value {
        let words: Vec<&Value> = choices
            .iter()
            .map(|choice| &choice["const"])
            .filter(|word| !word.is_null() && *word != value)
            .collect();
        if !words.is_empty() {
            return words[self.dice.index(words.len())].clone();
        }
        let seen = self.seen(shape, at, value);
        if seen != *value && self.dice.below(4) > 0 {
            return seen;
        }
        // The same alternative with other content.
        let fits = |choice: &&Value| {
            let named = members(choice).next();
            named.is_some_and(|(name, _)| value.get(name).is_some())
        };
        let choice = choices.iter().find(fits).unwrap_or(inside);
        let mut other = value.clone();
        for (name, below) in members(choice) {
            let before = value[name].clone();
            other[name] = self.another(below, &format!("{at}/{name}"), &before);
        }
        other
    }

    fn another_text(&mut self, inside: &Value, shape: &Value, at: &str, text: &str) -> Value {
        match inside["format"].as_str() {
            Some("date") => {
                let day: Option<Date> = text.parse().ok();
                let moved = i64::try_from(self.dice.below(400)).unwrap_or_default() - 200;
                let moved = if moved == 0 { 1 } else { moved };
                let other = day.map(|day| day.saturating_add(moved.days()).to_string());
                other.map_or_else(|| text.into(), Value::String)
            }
            Some("partial-date-time") => {
                let before: Option<DateTime> = text.parse().ok();
                let moved = i64::try_from(self.dice.below(400)).unwrap_or_default() + 1;
                let other = before.map(|at| at.saturating_add(moved.days()).to_string());
                other.map_or_else(|| text.into(), Value::String)
            }
            Some("uuid") => self.seen(shape, at, &text.into()),
            _ if text.parse::<DateTime>().is_ok_and(|_| text.contains('T')) => {
                let moment: Option<DateTime> = text.parse().ok();
                let moved = i64::try_from(self.dice.below(400)).unwrap_or_default() + 1;
                let other = moment.map(|at| at.saturating_add(moved.hours()).to_string());
                other.map_or_else(|| text.into(), Value::String)
            }
            _ if without_null(shape)["$ref"].is_string() => self.seen(shape, at, &text.into()),
            _ if self.dice.below(3) == 0 => self.seen(shape, at, &text.into()),
            _ => json!(format!(
                "{}{}",
                "other words ".repeat(self.dice.index(9) + 1),
                self.dice.below(1_000_000)
            )),
        }
    }

    /// Something else that stood there in some history; the same, if nothing did.
    fn seen(&mut self, shape: &Value, at: &str, value: &Value) -> Value {
        let seen = self.contents.seen.get(&pool(shape, at));
        let others: Vec<&Value> = seen
            .into_iter()
            .flatten()
            .filter(|seen| *seen != value)
            .collect();
        if others.is_empty() {
            return value.clone();
        }
        others[self.dice.index(others.len())].clone()
    }
}

/// Numbers that are the same in every run.
struct Dice {
    seed: (u64, u64, String),
    thrown: u64,
}

impl Dice {
    fn new(seed: u64, position: u64, name: &str) -> Self {
        Self {
            seed: (seed, position, name.to_owned()),
            thrown: 0,
        }
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.thrown += 1;
        let mut hasher = DefaultHasher::new();
        (&self.seed, self.thrown).hash(&mut hasher);
        hasher.finish() % limit
    }

    fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).unwrap_or(1);
        usize::try_from(self.below(length)).unwrap_or_default()
    }
}

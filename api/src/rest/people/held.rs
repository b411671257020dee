//! Everything that is held about a person: every record that concerns them, and every value sealed for them.

use super::shown::{Kind, Reader, Told, class};
use crate::dispatch::{Failure, codec, reads::Given};
use domain::{Event, Recorded, erasure, identifiers::PersonId, sealed::MARKER};
use event_log::{Embedded, EventStore as _, Position, Record, SchemeId};
use jiff::civil::Date;
use projections::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, LazyLock},
};
use uuid::Uuid;

/// Records read at a time.
const PAGE: usize = 1_024;

/// What each type of event tells, in the first words of its published schema.
static TELLS: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let all = Event::schemas().into_iter();
    all.map(|(kind, _, schema)| {
        let described = schema.get("description").and_then(Value::as_str);
        (kind, described.unwrap_or(kind).replace('\n', " "))
    })
    .collect()
});

/// What is asked for, and everything it is made of.
pub struct Held {
    pub scheme: String,
    pub person: PersonId,
    pub state: Arc<Snapshot>,
    pub made_on: Date,
    pub version: String,
    pub store: Arc<Embedded>,
    pub reader: Reader,
}

/// Everything that is held about a person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonRecord {
    /// The scheme.
    pub scheme: String,
    /// The person.
    pub person: PersonId,
    /// Every identifier under which something is held about them.
    pub identifiers: Vec<PersonId>,
    /// The scheme's day on which this was made.
    pub made_on: Date,
    /// The state it was made from.
    pub version: String,
    /// Whether the person was forgotten: then nothing of it can be read any more.
    pub erased: bool,
    /// By class of data, the roles that may see it; some of them only of people they have to do with.
    pub seen_by: BTreeMap<&'static str, Vec<&'static str>>,
    /// Every entry, in the order in which they were recorded.
    pub entries: Vec<Entry>,
}

/// One entry of the history that concerns the person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What happened, as a stable name; `match.not-going-ahead` stands for every way in which a match can end.
    pub what: String,
    /// What that means.
    pub tells: String,
    /// The day of the matter, as claimed.
    pub happened_on: Date,
    /// When it was recorded.
    pub recorded_at: String,
    /// In which role it was recorded; absent where that would tell what you may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<String>,
    /// Which side said so, where that is not whoever recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How it was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What the entry holds in clear.
    pub details: Value,
    /// What it holds that is sealed for the person.
    pub personal: Vec<Personal>,
}

/// A value that is sealed for the person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Personal {
    /// Which value of the entry.
    pub name: String,
    /// Its class of data, as the access matrix names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'static str>,
    /// Whether it is there.
    pub state: ValueState,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// Whether a value is there, and if not, why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValueState {
    /// It is.
    Given,
    /// You may not see it.
    Hidden,
    /// Its key was destroyed.
    Erased,
}

/// Walks the whole history, so that what is held is found where it is held and not where it is thought to be. Beside it
/// stands what it gives of sensitive data to another than the person.
pub fn held(asked: &Held) -> Result<(PersonRecord, BTreeSet<Given>), Failure> {
    let scheme = SchemeId::new(asked.scheme.as_str()).map_err(|_| Failure::Internal)?;
    let internal = |error: &dyn std::error::Error| {
        tracing::error!(%scheme, %error, "a person's record was not made");
        Failure::Internal
    };
    let vault = asked
        .store
        .vault(&scheme)
        .map_err(|error| internal(&error))?;
    let people = identifiers(asked);
    let pairings = pairings(&asked.state, &people);
    let (mut entries, mut given) = (Vec::new(), BTreeSet::new());
    let (mut from, end) = (1, asked.state.position());
    while from <= end {
        let page = asked.store.read(&scheme, Position(from), PAGE);
        let page = page.map_err(|error| internal(&error))?;
        for stored in page.iter().filter(|stored| stored.position.0 <= end) {
            let record = stored.record().map_err(|error| internal(&error))?;
            if concerns(&record, &people, &pairings) {
                let recorded = codec::understand(&record, &vault);
                let recorded = recorded.map_err(|error| internal(&error))?;
                let entry = entry(&record, &recorded, &people, &asked.reader);
                let entry = entry.map_err(|error| internal(&error))?;
                given.extend(gives(asked, &recorded, &entry));
                entries.push(entry);
            }
            from = stored.position.0 + 1;
        }
        if page.is_empty() {
            break;
        }
    }
    let classes = codec::sealed_values().filter_map(|(kind, path)| class(kind, path));
    let record = PersonRecord {
        scheme: asked.scheme.clone(),
        person: asked.person,
        made_on: asked.made_on,
        version: asked.version.clone(),
        erased: asked.state.scheme.erasures.is_erased(asked.person),
        seen_by: classes
            .map(|class| (class.name(), asked.reader.who_sees(class)))
            .collect(),
        identifiers: people.into_iter().map(PersonId).collect(),
        entries,
    };
    Ok((record, given))
}

/// What an entry gives of sensitive data to another than the person.
fn gives<'a>(
    asked: &'a Held,
    recorded: &'a Recorded,
    entry: &'a Entry,
) -> impl Iterator<Item = Given> + 'a {
    let shown = entry.personal.iter().filter(|_| !asked.reader.own);
    shown.filter_map(|shown| {
        let value = shown.value.as_ref()?;
        let class = class(recorded.event.kind(), &format!("/{}", shown.name))?;
        let what = class.sensitive(recorded, value)?;
        let of = asked.person;
        Some(Given { of, what })
    })
}

fn identifiers(asked: &Held) -> BTreeSet<Uuid> {
    let scheme = &asked.state.scheme;
    let mut all = erasure::identifiers(scheme, asked.person);
    if let Some(erasure) = scheme.erasures.that_erased(asked.person) {
        all.extend(&erasure.people);
    }
    all.into_iter().map(|person| person.0).collect()
}

/// The pairings the person is or was in.
fn pairings(state: &Snapshot, people: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
    let all = state.scheme.pairings.values();
    let theirs = all.filter(|pairing| {
        let mut members = pairing.members();
        members.any(|(member, _)| people.contains(&member.0))
    });
    theirs.map(|pairing| pairing.id.0).collect()
}

/// Whether a record names the person, holds anything of theirs, rests on their word, or tells of a pairing of theirs and of
/// nobody in particular: what it tells of the other side is the other side's.
fn concerns(record: &Record, people: &BTreeSet<Uuid>, pairings: &BTreeSet<Uuid>) -> bool {
    let named = record.subjects.iter().any(|one| people.contains(one));
    let sealed = record
        .sealed
        .iter()
        .any(|sealed| people.contains(&sealed.subject));
    let reported = record.reported_by.as_ref();
    let told = reported.and_then(|reported| reported.person);
    let of_both = || {
        let mut subjects = record.subjects.iter();
        !record.subjects.is_empty() && subjects.all(|one| pairings.contains(one))
    };
    named || sealed || told.is_some_and(|one| people.contains(&one)) || of_both()
}

fn entry(
    record: &Record,
    recorded: &Recorded,
    people: &BTreeSet<Uuid>,
    reader: &Reader,
) -> Result<Entry, serde_json::Error> {
    let told = reader.told(recorded);
    let mut data = recorded.event.data()?;
    let sealed = take_sealed(&mut data);
    let personal = sealed.into_iter().filter_map(|(path, sealed)| {
        let subject: Uuid = sealed["subject"].as_str()?.parse().ok()?;
        people
            .contains(&subject)
            .then(|| personal(recorded, &path, sealed, reader))
    });
    let personal = personal.collect();
    Ok(match told {
        Told::All => Entry {
            details: data,
            personal,
            ..envelope(record, recorded)
        },
        Told::NotGoingAhead => Entry {
            what: "match.not-going-ahead".to_owned(),
            tells: "A match is not going ahead.".to_owned(),
            recorded_by: None,
            source: None,
            channel: None,
            details: serde_json::json!({ "match": data["match"] }),
            personal,
            ..envelope(record, recorded)
        },
        Told::Nothing => Entry {
            recorded_by: None,
            source: None,
            channel: None,
            details: Value::Object(Map::new()),
            personal,
            ..envelope(record, recorded)
        },
    })
}

fn envelope(record: &Record, recorded: &Recorded) -> Entry {
    let tells = TELLS.get(record.kind.as_str());
    Entry {
        what: record.kind.clone(),
        tells: tells.cloned().unwrap_or_default(),
        happened_on: recorded.happened_on,
        recorded_at: record.recorded_at.clone(),
        recorded_by: Some(record.actor.role.clone()),
        source: record.reported_by.as_ref().map(|by| by.party.clone()),
        channel: record.channel.clone(),
        details: Value::Null,
        personal: Vec::new(),
    }
}

fn personal(recorded: &Recorded, path: &str, mut sealed: Value, reader: &Reader) -> Personal {
    let value = Some(sealed["value"].take()).filter(|value| !value.is_null());
    let (state, value) = match value {
        _ if !reader.sees(recorded, path) => (ValueState::Hidden, None),
        Some(value) => (ValueState::Given, Some(value)),
        None => (ValueState::Erased, None),
    };
    Personal {
        name: path.trim_start_matches('/').to_owned(),
        class: class(recorded.event.kind(), path).map(Kind::name),
        state,
        value,
    }
}

/// Takes the sealed values out of a payload, each with where it stood.
fn take_sealed(data: &mut Value) -> Vec<(String, Value)> {
    let Some(members) = data.as_object_mut() else {
        return Vec::new();
    };
    let sealed = members
        .iter()
        .filter(|(_, value)| value.get(MARKER).is_some());
    let names: Vec<String> = sealed.map(|(name, _)| name.clone()).collect();
    let taken = names.into_iter().filter_map(|name| {
        let mut value = members.remove(&name)?;
        Some((format!("/{name}"), value[MARKER].take()))
    });
    taken.collect()
}

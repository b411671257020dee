//! What was recorded once is understood for ever: a payload of every type and version, their published shapes, and a history
//! that folds to what it folded to when it was recorded.
//!
//! `schema/golden` is only added to. `ALONGSIDE_ACCEPT=golden` writes what is missing there and changes no line of it: a shape
//! that was shipped gets a new version and a step in `api/src/dispatch/codec/lifting.rs` instead.

use crate::{blind::told, harness::records};
use api::dispatch::codec;
use domain::{Event, Recorded, testing::random_histories};
use event_log::{Digest, Record};
use projections::{Snapshot, stage::Stage};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// How many random histories are looked through for one event of each type.
const LOOKED_AT: usize = 420;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../schema/golden")
        .join(name)
}

fn is_accepting() -> bool {
    env::var("ALONGSIDE_ACCEPT").as_deref() == Ok("golden")
}

/// The lines of a golden file, by what comes before the first space.
fn lines(name: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(golden(name)).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines
        .map(|(key, rest)| (key.to_owned(), rest.to_owned()))
        .collect()
}

/// Adds lines, and changes none.
fn add(name: &str, fresh: BTreeMap<String, String>) {
    let mut all = fresh;
    all.extend(lines(name));
    let text = all.iter().fold(String::new(), |mut text, (key, rest)| {
        let _always = writeln!(text, "{key} {rest}");
        text
    });
    fs::write(golden(name), text).expect("it can be written");
}

/// Every type and version whose schema is published, as `type/version`.
fn published() -> BTreeSet<String> {
    let events = golden("../events");
    let kinds = fs::read_dir(events).expect("event schemas are checked in");
    let versions = kinds.flat_map(|kind| {
        let kind = kind.expect("an entry");
        let name = kind.file_name().display().to_string();
        let versions = fs::read_dir(kind.path()).expect("versions");
        versions.map(move |version| {
            let version = version.expect("an entry").file_name();
            let version = version.display().to_string();
            format!("{name}/{}", version.trim_end_matches(".json"))
        })
    });
    versions.collect()
}

/// A payload of each type and version is read, and one of today's version is written as it was.
#[test]
fn a_payload_of_every_type_and_version_is_still_understood() {
    if is_accepting() {
        add("payloads.txt", one_of_each());
    }
    let payloads = lines("payloads.txt");
    let have: BTreeSet<String> = payloads.keys().cloned().collect();
    assert_eq!(
        have,
        published(),
        "schema/golden/payloads.txt: ALONGSIDE_ACCEPT=golden adds"
    );
    for (name, text) in payloads {
        let (kind, version) = name.split_once('/').expect("a type and a version");
        let version: u16 = version.parse().expect("a number");
        let data: Value = serde_json::from_str(&text).expect("JSON");
        let read = codec::read_payload(kind, version, data.clone());
        let event = read.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        if Event::KINDS.contains(&(kind, version)) {
            assert_eq!(
                event.data().expect("JSON"),
                data,
                "{name} is written otherwise"
            );
        }
    }
}

fn one_of_each() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for event in random_histories().take(LOOKED_AT).flatten() {
        let kind = event.event.kind();
        let of_kind = Event::KINDS.iter().find(|(known, _)| *known == kind);
        let (_, version) = of_kind.expect("a type");
        let data = || event.event.data().expect("JSON").to_string();
        found
            .entry(format!("{kind}/{version}"))
            .or_insert_with(data);
    }
    found
}

/// A schema that was published says for ever what it said, descriptions aside.
#[test]
fn no_published_schema_is_edited() {
    let shape = |name: &String| {
        let path = golden("../events").join(format!("{name}.json"));
        let text = fs::read_to_string(path).expect("a schema");
        let mut schema: Value = serde_json::from_str(&text).expect("JSON");
        undescribed(&mut schema);
        (
            name.clone(),
            Digest(Sha256::digest(schema.to_string()).into()).to_string(),
        )
    };
    let now: BTreeMap<String, String> = published().iter().map(shape).collect();
    if is_accepting() {
        add("shapes.txt", now.clone());
    }
    let edited: Vec<_> = lines("shapes.txt")
        .into_iter()
        .filter(|(name, digest)| now.get(name) != Some(digest))
        .collect();
    assert!(edited.is_empty(), "write a new version instead: {edited:?}");
    assert_eq!(
        lines("shapes.txt").len(),
        now.len(),
        "ALONGSIDE_ACCEPT=golden adds"
    );
}

fn undescribed(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            // A property may be called so; its schema is an object, a description is text.
            members.retain(|name, value| name != "description" || !value.is_string());
            members.values_mut().for_each(undescribed);
        }
        Value::Array(items) => items.iter_mut().for_each(undescribed),
        _ => {}
    }
}

/// A history of this release folds to the state it folded to, in whatever release.
#[test]
fn the_history_of_each_release_folds_to_what_it_was() {
    if is_accepting() && !golden("history-0.1.txt").exists() {
        record_history(&golden("history-0.1.txt"));
    }
    let text = fs::read_to_string(golden("history-0.1.txt")).expect("a history");
    let (told, leaves) = text
        .split_once('\n')
        .expect("what it folds to, and its leaves");
    let told: Value = serde_json::from_str(told).expect("JSON");
    let folded = folded(leaves.lines().map(|leaf| {
        let record = Record::from_leaf(leaf.as_bytes()).expect("a leaf");
        codec::understand_leaf(&record).expect("understood")
    }));
    assert_eq!(folded, told);
}

/// What a history comes to.
fn folded(history: impl Iterator<Item = Recorded>) -> Value {
    let mut state = Snapshot::default();
    for recorded in history {
        state.fold(&recorded).expect("it folds");
    }
    let stages = Stage::ALL.into_iter();
    let stages = stages.map(|stage| (format!("{stage:?}"), state.board.count(stage)));
    let digest = Digest(state.digest().expect("a digest"));
    json!({
        "position": state.position(),
        "stages": stages.collect::<BTreeMap<_, _>>(),
        "pairings": state.scheme.pairings.size(),
        "stateDigest": digest.to_string(),
    })
}

/// The one of many histories in which most types of event happened, as leaves: no ciphertext and no key is kept.
fn record_history(path: &Path) {
    let richest = random_histories().take(64).max_by_key(|history| {
        let kinds = history.iter().map(|recorded| recorded.event.kind());
        kinds.collect::<BTreeSet<_>>().len()
    });
    let folder = told::folder();
    told::write(folder.path(), &[richest.expect("a history")]);
    let records = records(folder.path(), &told::scheme(0));
    let leaves = records.iter().map(|record| {
        let leaf = record.leaf().expect("a leaf");
        String::from_utf8(leaf).expect("text")
    });
    let leaves: Vec<String> = leaves.collect();
    let state = folded(leaves.iter().map(|leaf| {
        let record = Record::from_leaf(leaf.as_bytes()).expect("a leaf");
        codec::understand_leaf(&record).expect("understood")
    }));
    fs::write(path, format!("{state}\n{}\n", leaves.join("\n"))).expect("it can be written");
}

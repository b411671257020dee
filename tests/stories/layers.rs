//! Who may know whom: the arrows between the rooms, read from their manifests.

use std::{collections::BTreeMap, fs, path::Path};

const ROOMS: [&str; 4] = ["api", "domain", "event-log", "projections"];

#[test]
fn rooms_depend_downstream_only() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("api", &["domain", "event-log", "projections"][..]),
        ("projections", &["domain"][..]),
        ("domain", &[][..]),
        ("event-log", &[][..]),
    ]);
    for room in ROOMS {
        let found = rooms_of(
            room,
            &["dependencies", "dev-dependencies", "build-dependencies"],
        );
        assert_eq!(found, allowed[room], "what {room} depends on");
    }
}

#[test]
fn the_rules_know_no_clock_no_chance_no_storage_and_no_runtime() {
    let outside = [
        "tokio",
        "sled",
        "rand",
        "getrandom",
        "axum",
        "async-graphql",
        "reqwest",
        "ureq",
        "tracing",
    ];
    for room in ["domain", "projections"] {
        let manifest = manifest(room);
        for crate_name in outside {
            assert!(
                manifest["dependencies"].get(crate_name).is_none(),
                "{room} depends on {crate_name}"
            );
        }
    }
}

#[test]
fn rules_and_log_meet_in_one_file() {
    let dispatch = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dispatch");
    let mut meeting = Vec::new();
    for entry in fs::read_dir(dispatch).expect("the dispatcher is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue; // The dispatcher's tests.
        }
        let text = fs::read_to_string(&path).expect("source is text");
        if text.contains("Record {") && text.contains("Event::decode") {
            meeting.push(
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
            );
        }
    }
    assert_eq!(meeting, ["codec.rs"]);
}

fn manifest(room: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(room)
        .join("Cargo.toml");
    fs::read_to_string(path)
        .expect("a manifest")
        .parse()
        .expect("a manifest is TOML")
}

fn rooms_of(room: &str, sections: &[&str]) -> Vec<String> {
    let manifest = manifest(room);
    let tables = sections
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table());
    let mut rooms: Vec<String> = tables
        .flat_map(|table| table.keys())
        .filter(|name| ROOMS.contains(&name.as_str()))
        .cloned()
        .collect();
    rooms.sort();
    rooms.dedup(); // What the tests of a room ask of another beside is no further arrow.
    rooms
}

#[test]
fn every_file_that_the_map_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("there is a map");
    let mut files = Vec::new();
    for folder in [
        "api",
        "domain",
        "event-log",
        "projections",
        "schema",
        "docs",
        "tests",
        "deploy",
    ] {
        collect(&root.join(folder), &mut files);
    }
    files.extend(["clippy.toml".to_owned(), "SECURITY.md".to_owned()]);
    let named = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| !name.contains('<'));
    let named: Vec<&str> = named
        .filter(|name| {
            [".rs", ".toml", ".md"]
                .iter()
                .any(|end| name.ends_with(end))
        })
        .collect();
    assert!(named.len() > 30, "the map names {} files", named.len());
    for name in named {
        let there = files
            .iter()
            .any(|file| file == name || file.ends_with(&format!("/{name}")));
        assert!(there, "ARCHITECTURE.md names {name}, which is not there");
    }
}

fn collect(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path.display().to_string());
        }
    }
}

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
    rooms
}

//! The promises to strangers: what is checked in is what the program says today.

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn the_checked_in_contracts_are_those_of_the_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
    let mut differing = Vec::new();
    let mut generated = BTreeSet::new();
    for (path, text) in api::contracts::all().expect("contracts can be written") {
        if fs::read_to_string(folder.join(&path)).ok().as_deref() != Some(text.as_str()) {
            differing.push(path.clone());
        }
        generated.insert(path);
    }
    assert!(
        differing.is_empty(),
        "these contracts changed: {differing:?}; if that is meant, accept it with: cargo run -- schema --write schema"
    );
    let events = folder.join("events");
    for kind in fs::read_dir(events).expect("event schemas are checked in") {
        let kind = kind.expect("an entry");
        for version in fs::read_dir(kind.path()).expect("versions") {
            let name = format!(
                "events/{}/{}",
                kind.file_name().display(),
                version.expect("an entry").file_name().display()
            );
            // An older version stays for ever; one that no program wrote is a stray.
            let (kind, version) = name["events/".len()..].split_once('/').expect("two parts");
            let known = domain::Event::KINDS
                .iter()
                .find(|(known, _)| *known == kind);
            let (_, current) = known.unwrap_or_else(|| panic!("{name} is the schema of no event"));
            let version: u16 = version
                .trim_end_matches(".json")
                .parse()
                .expect("a version");
            assert!(version <= *current, "{name} is of a version nobody writes");
        }
    }
}

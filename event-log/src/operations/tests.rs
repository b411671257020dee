use std::fs;
use std::sync::Arc;

use serde_json::json;

use super::{CHECKPOINT, Entry, MAX_ENTRY_BYTES, Operations, OperationsError, SUFFIX};
use crate::disk::{Disk, RealDisk};
use crate::frame::{FileKind, FramedFile, file_name};
use crate::record::Position;
use crate::simulation::FailingDisk;
use crate::testing::scheme;

fn entry(kind: &str, key: &str, number: u64) -> Entry {
    let value = json!({ "position": number.to_string() });
    Entry {
        kind: kind.into(),
        key: key.into(),
        at: "2026-01-31T09:00:00.000Z".into(),
        value,
    }
}

fn open(folder: &tempfile::TempDir, disk: Arc<dyn Disk>) -> Result<Operations, OperationsError> {
    Operations::open(disk, folder.path(), &scheme("trial"))
}

fn new() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Operations::create(&RealDisk, folder.path(), &scheme("trial")).unwrap();
    folder
}

fn numbers(operations: &Operations) -> Vec<String> {
    operations
        .all()
        .iter()
        .map(|entry| entry.value["position"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_latest_entry_of_a_key_stands_for_all() {
    let folder = new();
    let operations = open(&folder, Arc::new(RealDisk)).unwrap();
    operations
        .append(&[entry("cursor", "a", 1), entry("cursor", "b", 2)])
        .unwrap();
    operations
        .append(&[entry("cursor", "a", 3), entry(CHECKPOINT, "a", 9)])
        .unwrap();
    for operations in [operations, open(&folder, Arc::new(RealDisk)).unwrap()] {
        assert_eq!(
            operations.latest("cursor", "a").unwrap().value["position"],
            "3"
        );
        assert_eq!(operations.latest("cursor", "c"), None);
        assert_eq!(operations.latest("receipt", "a"), None);
        assert_eq!(operations.of_kind("cursor").len(), 3);
        let latest = operations.latest_of_kind("cursor");
        assert_eq!(latest, [entry("cursor", "b", 2), entry("cursor", "a", 3)]);
        assert!(operations.latest_of_kind("receipt").is_empty());
        assert_eq!(operations.proven_head(), Position(9));
    }
}

#[test]
fn compaction_interrupted_anywhere_loses_nothing_that_was_kept() {
    for allowed in 0..12 {
        let folder = new();
        let disk = FailingDisk::default();
        let operations = open(&folder, Arc::new(disk.clone())).unwrap();
        let outcome = |number: u64| entry("outcome", &number.to_string(), number);
        let outcomes: Vec<Entry> = (1..=9).map(outcome).collect();
        operations.append(&outcomes).unwrap();
        disk.fail_after(allowed, "");
        let outcome = operations.compact(|entry| entry.key.as_str() > "6");
        if outcome.is_err() {
            assert!(matches!(
                operations.append(&[entry("a", "b", 1)]),
                Err(OperationsError::ReadOnly)
            ));
        }
        let operations = open(&folder, Arc::new(RealDisk)).unwrap();
        let compacted = numbers(&operations) == ["7", "8", "9"];
        assert!(
            compacted || (outcome.is_err() && operations.all().len() == 9),
            "{allowed}"
        );
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "{allowed}: leftovers"
        );
        operations.append(&[entry("outcome", "10", 10)]).unwrap();
    }
}

#[test]
fn a_failed_write_is_unknown_and_the_rest_read_only() {
    let folder = new();
    let disk = FailingDisk::default();
    let operations = open(&folder, Arc::new(disk.clone())).unwrap();
    disk.fail_after(1, "");
    assert!(matches!(
        operations.append(&[entry("a", "b", 1)]),
        Err(OperationsError::Unknown(_))
    ));
    disk.heal();
    assert!(matches!(
        operations.append(&[entry("a", "b", 1)]),
        Err(OperationsError::ReadOnly)
    ));
    assert_eq!(operations.latest("a", "b"), None);
    let large = Entry {
        value: json!("x".repeat(MAX_ENTRY_BYTES)),
        ..entry("a", "b", 1)
    };
    let operations = open(&folder, Arc::new(RealDisk)).unwrap();
    assert!(matches!(
        operations.append(&[large]),
        Err(OperationsError::TooLarge { .. })
    ));
}

#[test]
fn after_a_clean_close_a_changed_byte_is_damage() {
    let folder = new();
    let operations = open(&folder, Arc::new(RealDisk)).unwrap();
    operations.append(&[entry("a", "b", 1)]).unwrap();
    operations.close().unwrap();
    let path = folder.path().join("00000000000000000001.log");
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 2;
        fs::write(&path, changed).unwrap();
        let found = open(&folder, Arc::new(RealDisk));
        assert!(
            matches!(found, Err(OperationsError::Damaged { .. })),
            "byte {at}"
        );
    }
}

#[test]
fn an_entry_is_read_as_it_was_written_or_not_taken() {
    let folder = new();
    let operations = open(&folder, Arc::new(RealDisk)).unwrap();
    let with = |value| Entry {
        value,
        ..entry("outcome", "a", 1)
    };
    for odd in [
        json!({ "number": 1.0 }),
        json!([0.5]),
        json!({ "number": (1_u64 << 53) }),
        json!({ "gr\u{f6}\u{df}e": 1 }),
    ] {
        let refused = operations.append(&[entry("outcome", "b", 2), with(odd.clone())]);
        assert!(matches!(refused, Err(OperationsError::NotPlain)), "{odd}");
    }
    assert!(operations.all().is_empty() && !operations.is_read_only());
    operations
        .append(&[with(json!({ "number": (1_u64 << 53) - 1 }))])
        .unwrap();
    drop(operations);

    // As another program might have written it: the same JSON, in other bytes.
    let path = folder.path().join(file_name(1, SUFFIX));
    let disk: &dyn Disk = &RealDisk;
    let (_, mut file) = FramedFile::open(
        disk,
        &path,
        (FileKind::Operations, &scheme("trial")),
        0,
        &mut |_, _, _| Ok(()),
    )
    .unwrap();
    let foreign =
        br#"{"kind":"outcome","key":"c","at":"2026-01-31T09:00:00.000Z","value":{"number":1.0}}"#;
    file.append(&[foreign.to_vec()]).unwrap();
    drop(file);
    assert!(matches!(
        open(&folder, Arc::new(RealDisk)),
        Err(OperationsError::Damaged { .. })
    ));
}

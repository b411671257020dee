//! The simulated disk keeps what POSIX promises, and no more.

use std::collections::HashSet;
use std::path::Path;

use super::{Crash, CrashPoint, Moment, SimulatedDisk, Survives};
use crate::disk::{Disk, LogFile};

const FOLDER: &str = "/data/log";

fn disk() -> SimulatedDisk {
    SimulatedDisk::with_folder(Path::new(FOLDER))
}

fn path(name: &str) -> std::path::PathBuf {
    Path::new(FOLDER).join(name)
}

/// A file with `bytes` in it, durable with its name.
fn durable(disk: &SimulatedDisk, name: &str, bytes: &[u8]) -> Box<dyn LogFile> {
    let mut file = disk.create(&path(name)).unwrap();
    file.append(bytes).unwrap();
    file.sync().unwrap();
    disk.sync_directory(Path::new(FOLDER)).unwrap();
    file
}

/// Everything a file was found to hold after many crashes; `None` where it was not there.
fn found(disk: &SimulatedDisk, name: &str) -> HashSet<Option<Vec<u8>>> {
    (0..400)
        .map(Survives::Chance)
        .map(|survives| disk.left_behind(survives).content(&path(name)).ok())
        .collect()
}

#[test]
fn what_was_synced_survives_every_crash() {
    let disk = disk();
    durable(&disk, "a", b"kept");
    assert_eq!(found(&disk, "a"), HashSet::from([Some(b"kept".to_vec())]));
}

#[test]
fn of_an_append_any_part_may_survive_and_nothing_before_it_changes() {
    let disk = disk();
    let mut file = durable(&disk, "a", &[1; 700]);
    file.append(&[2; 700]).unwrap();
    let outcomes = found(&disk, "a");
    assert!(outcomes.len() > 50, "{}", outcomes.len());
    for outcome in &outcomes {
        let bytes = outcome.as_ref().unwrap();
        assert_eq!(bytes[..700], [1; 700]);
        assert!(bytes[700..].iter().all(|byte| [0, 2].contains(byte)));
    }
    let torn = [vec![1; 700], vec![0; 324], vec![2; 376]].concat();
    assert!(
        outcomes.contains(&Some(torn)),
        "a sector written, the one before it not"
    );
    assert_eq!(
        disk.left_behind(Survives::Nothing)
            .content(&path("a"))
            .unwrap(),
        [1; 700]
    );
    assert_eq!(
        disk.left_behind(Survives::Everything)
            .content(&path("a"))
            .unwrap()
            .len(),
        1400
    );
}

#[test]
fn a_block_that_was_never_written_may_show_anything() {
    let disk = disk();
    let mut file = durable(&disk, "a", &[1; 10]);
    file.append(&[2; 9000]).unwrap();
    let strange = |bytes: &[u8]| bytes.iter().any(|byte| ![0, 1, 2].contains(byte));
    let outcomes = found(&disk, "a");
    assert!(
        outcomes
            .iter()
            .flatten()
            .any(|bytes| strange(&bytes[4096.min(bytes.len())..]))
    );
    assert!(
        !outcomes
            .iter()
            .flatten()
            .any(|bytes| strange(&bytes[..4096.min(bytes.len())]))
    );
}

#[test]
fn a_name_is_durable_with_its_folder_only() {
    let disk = disk();
    let mut file = disk.create(&path("a")).unwrap();
    file.append(b"kept").unwrap();
    file.sync().unwrap();
    assert_eq!(
        found(&disk, "a"),
        HashSet::from([None, Some(b"kept".to_vec())])
    );
    disk.sync_directory(Path::new(FOLDER)).unwrap();
    disk.rename(&path("a"), &path("b")).unwrap();
    for survives in (0..100).map(Survives::Chance) {
        let left = disk.left_behind(survives).list(Path::new(FOLDER)).unwrap();
        assert!(left == ["a"] || left == ["b"], "{left:?}");
    }
    disk.sync_directory(Path::new(FOLDER)).unwrap();
    assert_eq!(found(&disk, "a"), HashSet::from([None]));
    disk.remove(&path("b")).unwrap();
    assert_eq!(
        found(&disk, "b"),
        HashSet::from([None, Some(b"kept".to_vec())])
    );
}

#[test]
fn a_cut_and_an_overwriting_may_or_may_not_have_happened() {
    let disk = disk();
    let mut file = durable(&disk, "cut", &[1; 600]);
    file.truncate(100).unwrap();
    let lengths: HashSet<usize> = found(&disk, "cut")
        .into_iter()
        .flatten()
        .map(|bytes| bytes.len())
        .collect();
    assert_eq!(lengths, HashSet::from([100, 600]));
    let mut file = durable(&disk, "zeros", &[1; 600]);
    file.overwrite_with_zeros().unwrap();
    let parts = [
        vec![1; 600],
        vec![0; 600],
        [vec![0; 512], vec![1; 88]].concat(),
        [vec![1; 512], vec![0; 88]].concat(),
    ];
    assert_eq!(found(&disk, "zeros"), parts.into_iter().map(Some).collect());
}

#[test]
fn after_its_crash_a_disk_does_nothing_more() {
    let written = |operation, moment| {
        let disk = disk();
        disk.crash_at(CrashPoint { operation, moment });
        let mut file = disk.create(&path("a")).unwrap();
        let outcome = file.append(b"four").and_then(|()| file.sync());
        assert!(outcome.is_err() && disk.crashed());
        assert!(disk.create(&path("b")).is_err());
        assert!(file.length().is_err() && disk.list(Path::new(FOLDER)).is_err());
        let left = disk.left_behind(Survives::Everything);
        left.content(&path("a")).unwrap()
    };
    assert_eq!(written(2, Moment::Before), b"");
    assert_eq!(written(2, Moment::During), b"fo");
    assert_eq!(written(2, Moment::After), b"four");
    assert_eq!(written(3, Moment::Before), b"four");
}

#[test]
fn a_lying_disk_says_yes_and_keeps_nothing() {
    let disk = disk();
    disk.lie();
    durable(&disk, "a", b"lost");
    let left = disk.left_behind(Survives::Nothing);
    assert_eq!(left.content(&path("a")).unwrap(), b"");
}

#[test]
fn a_folder_goes_name_by_name() {
    let disk = disk();
    disk.create_directory(&path("x/y")).unwrap();
    disk.create(&path("x/y/a")).unwrap();
    disk.create(&path("x/b")).unwrap();
    let before = disk.points().len();
    disk.remove_tree(&path("x")).unwrap();
    assert_eq!(
        disk.points().len() - before,
        8,
        "four names, before and after"
    );
    assert!(!disk.exists(&path("x")));
}

#[test]
fn a_crash_is_repeated_by_its_name() {
    for name in [
        "7/120:during/nothing",
        "0/1:before/88",
        "1/2:after/everything",
    ] {
        assert_eq!(name.parse::<Crash>().unwrap().to_string(), name);
    }
    assert!("7/120".parse::<Crash>().is_err());
}

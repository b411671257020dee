//! The directory, its lock, its kind and its master key.

use std::fs;
use std::sync::Arc;

use crate::embedded::{Embedded, Kind, OpenError, Options};
use crate::testing::{Counting, open, options};

#[test]
fn a_second_opening_is_told_who_holds_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    match Embedded::open(directory.path(), options()) {
        Err(OpenError::Locked { path, holder }) => {
            assert_eq!(path, directory.path().join("alongside.lock"));
            assert_eq!(holder, Some(std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    store.close().unwrap();
    open(directory.path());
    open(directory.path()); // Dropping lets go of the lock as well.
}

#[test]
fn nothing_is_made_unless_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let plain = || Options::new(Arc::new(Counting::default()));
    for path in [directory.path().to_owned(), directory.path().join("none")] {
        assert!(matches!(
            Embedded::open(&path, plain()),
            Err(OpenError::Missing { .. })
        ));
        assert!(matches!(
            Embedded::open_read_only(&path, plain()),
            Err(OpenError::Missing { .. })
        ));
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_directory_keeps_its_kind_and_its_format_is_checked() {
    let directory = tempfile::tempdir().unwrap();
    drop(Embedded::open(directory.path(), options().create(Kind::Live)).unwrap());
    assert_eq!(open(directory.path()).kind(), Kind::Live);
    let format = directory.path().join("format.json");
    assert_eq!(
        fs::read_to_string(&format).unwrap(),
        "{\"format\":1,\"kind\":\"live\"}\n"
    );
    for other in ["{\"format\":2,\"kind\":\"live\"}", "{}", "rubbish"] {
        fs::write(&format, other).unwrap();
        assert!(matches!(
            Embedded::open(directory.path(), options()),
            Err(OpenError::Format { .. })
        ));
    }
}

#[test]
fn the_master_key_may_live_elsewhere() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = elsewhere.path().join("deep/master.key");
    drop(Embedded::open(directory.path(), options().master_key(&key)).unwrap());
    assert_eq!(fs::read(&key).unwrap().len(), 32);
    assert!(!directory.path().join("keys/master.key").exists());
    assert!(matches!(
        Embedded::open(directory.path(), options()),
        Err(OpenError::MasterKey { .. })
    ));
}

//! One master key follows another: everything opens throughout, and afterwards nothing by the old one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::grow;
use crate::embedded::{Embedded, Options, RotateError, rotate_master_key};
use crate::record::{Place, SchemeId, SealedValue};
use crate::sealing::{MasterKey, MasterKeySource, Opened, SealError};
use crate::simulation::{Dice, Plan, SimulatedDisk, Story, crash_everywhere, is_long};
use crate::store::{EventStore, StoreError};
use crate::testing::{options, quick_folder, scheme};

const SECRET: &[u8] = b"Ada Lovelace";
const KEPT: [Uuid; 3] = [Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3)];
const ERASED: Uuid = Uuid::from_u128(9);

type Values = Vec<(SchemeId, SealedValue)>;

fn place(name: &SchemeId) -> Place<'_> {
    Place {
        scheme: name,
        event: Uuid::from_u128(0xe),
        kind: "thing.happened",
        version: 1,
    }
}

/// Two schemes with people, one of them erased, and one in which there is nobody.
fn furnish(store: &Embedded) -> Values {
    let mut values = Vec::new();
    for name in ["first", "second"].map(scheme) {
        store.create(&name).unwrap();
        grow(store, &name, 3).unwrap();
        let vault = store.vault(&name).unwrap();
        for person in KEPT.into_iter().chain([ERASED]) {
            let key = vault.ensure_key(person).unwrap();
            let value = vault.seal(&place(&name), "/name", key, 1, SECRET);
            values.push((name.clone(), value.unwrap()));
        }
        vault.erase(ERASED).unwrap();
    }
    store.create(&scheme("third")).unwrap();
    values
}

/// Everybody's values open but those of the erased.
fn all_open(store: &Embedded, values: &[(SchemeId, SealedValue)]) -> Result<(), String> {
    for (name, value) in values {
        let vault = store.vault(name).map_err(|error| format!("{error:?}"))?;
        match (value.subject, vault.open_value(&place(name), value)) {
            (person, Ok(Opened::Erased)) if person == ERASED => {}
            (person, Ok(Opened::Plain(plain))) if person != ERASED && **plain == *SECRET => {}
            (person, opened) => return Err(format!("{name}, {person}: {opened:?}")),
        }
    }
    Ok(())
}

/// No scheme in which there is anybody opens.
fn nothing_opens(store: &Embedded) -> Result<(), String> {
    for name in ["first", "second"].map(scheme) {
        match store.vault(&name) {
            Err(StoreError::Unusable {
                source: Some(source),
                ..
            }) if matches!(
                source.downcast_ref(),
                Some(SealError::WrongMasterKey { needed: Some(_) })
            ) => {}
            other => return Err(format!("{name} is {other:?}")),
        }
    }
    Ok(())
}

fn given(byte: u8) -> MasterKeySource {
    let key = MasterKey::from_bytes(Zeroizing::new([byte; 32]));
    MasterKeySource::Given(Arc::new(key))
}

/// What every file in a folder holds.
fn contents(folder: &Path, of: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in ["first", "second", "third"] {
        for entry in fs::read_dir(folder.join("schemes").join(name).join(of)).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("keys/master.key")
}

#[test]
fn a_new_key_follows_the_old_one_and_the_log_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let options = options().without_index();
    let store = Embedded::open(folder.path(), options.clone()).unwrap();
    let values = furnish(&store);
    store.close().unwrap();
    let (old, log) = (
        fs::read(key_file(folder.path())).unwrap(),
        contents(folder.path(), "journal"),
    );

    let rotated = rotate_master_key(folder.path(), &options).unwrap();
    let counts: Vec<(&str, usize, bool)> = rotated
        .schemes
        .iter()
        .map(|(name, done)| (name.as_str(), done.keys, done.was_already))
        .collect();
    assert_eq!(
        counts,
        [
            ("first", 3, false),
            ("second", 3, false),
            ("third", 0, false)
        ]
    );
    assert_ne!(rotated.from.as_ref(), Some(&rotated.to));
    assert!(
        log == contents(folder.path(), "journal"),
        "the log was touched"
    );
    let names: Vec<_> = fs::read_dir(folder.path().join("keys")).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_ne!(fs::read(key_file(folder.path())).unwrap(), old);

    let store = Embedded::open(folder.path(), options.clone()).unwrap();
    assert!(!store.is_between_master_keys());
    all_open(&store, &values).unwrap();
    // Life goes on under the new key, in the scheme that was empty too.
    let vault = store.vault(&scheme("third")).unwrap();
    vault.ensure_key(KEPT[0]).unwrap();
    assert_eq!(vault.master_key(), rotated.to);
    drop((vault, store));

    fs::write(key_file(folder.path()), &old).unwrap();
    let store = Embedded::open(folder.path(), options).unwrap();
    nothing_opens(&store).unwrap();
    assert!(store.vault(&scheme("third")).is_err());
}

#[test]
fn an_old_generation_and_the_old_key_are_not_left_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let options = options().without_index();
    let store = Embedded::open(folder.path(), options.clone()).unwrap();
    furnish(&store);
    store.close().unwrap();
    let before = contents(folder.path(), "keyring");
    rotate_master_key(folder.path(), &options).unwrap();
    let after = contents(folder.path(), "keyring");
    assert_eq!(after.len(), 3, "{:?}", after.keys());
    assert!(before.keys().all(|path| !after.contains_key(path)));
}

#[test]
fn a_rotation_that_was_cut_short_between_two_schemes_leaves_both_open() {
    let folder = tempfile::tempdir().unwrap();
    let options = options().without_index();
    let store = Embedded::open(folder.path(), options.clone()).unwrap();
    let values = furnish(&store);
    store.close().unwrap();
    let key = key_file(folder.path());
    let (old, next) = (fs::read(&key).unwrap(), key.with_extension("key.next"));

    // What there is when the power fails after the first scheme: its keyring, and a successor beside the key.
    let second = folder.path().join("schemes/second/keyring");
    let aside = folder.path().join("aside");
    copy(&second, &aside);
    let rotated = rotate_master_key(folder.path(), &options).unwrap();
    fs::rename(&key, &next).unwrap();
    fs::write(&key, &old).unwrap();
    fs::remove_dir_all(&second).unwrap();
    copy(&aside, &second);

    let store = Embedded::open(folder.path(), options.clone()).unwrap();
    assert!(store.is_between_master_keys());
    all_open(&store, &values).unwrap();
    let names = |name| store.vault(&scheme(name)).unwrap().master_key();
    assert_ne!(names("first"), names("second"));
    store.close().unwrap();

    let finished = rotate_master_key(folder.path(), &options).unwrap();
    assert_eq!(finished.to, rotated.to);
    let already: Vec<bool> = finished
        .schemes
        .iter()
        .map(|(_, done)| done.was_already)
        .collect();
    assert_eq!(already, [true, false, true]);
    all_open(&Embedded::open(folder.path(), options).unwrap(), &values).unwrap();
}

#[test]
fn a_rotation_cut_short_before_the_old_key_was_overwritten_ends_with_that() {
    let folder = tempfile::tempdir().unwrap();
    let options = options().without_index();
    let store = Embedded::open(folder.path(), options.clone()).unwrap();
    let values = furnish(&store);
    store.close().unwrap();
    let key = key_file(folder.path());
    let old = key.with_extension("key.old");
    fs::copy(&key, &old).unwrap();
    let rotated = rotate_master_key(folder.path(), &options);
    // An old key without a successor: the names were exchanged, and only the destruction is left.
    let rotated = rotated.unwrap();
    assert_eq!(rotated.from, None);
    assert!(!old.exists());
    all_open(&Embedded::open(folder.path(), options).unwrap(), &values).unwrap();
}

#[test]
fn the_key_in_use_does_not_follow_itself_and_a_directory_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let with = |next| {
        let options = options().without_index().master_key_from(given(1));
        options.next_master_key(given(next))
    };
    let store = Embedded::open(folder.path(), with(2)).unwrap();
    assert!(matches!(
        rotate_master_key(folder.path(), &with(2)),
        Err(RotateError::Open(_))
    ));
    drop(store);
    assert!(matches!(
        rotate_master_key(folder.path(), &with(1)),
        Err(RotateError::SameKey(_))
    ));
    assert!(
        !folder.path().join("keys").exists(),
        "a key that was given is written nowhere"
    );
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn everything_opens_wherever_a_rotation_crashes() {
    let (seeds, every, chances) = if is_long() {
        (0..20, 1, 5)
    } else {
        (0..1, 2, 2)
    };
    let plan = Plan {
        seeds,
        every,
        chances,
        threads: 2,
        lies: false,
    };
    match crash_everywhere(&plan, Rotation::new) {
        Ok(counts) => println!("a rotation: {counts}"),
        Err(failure) => panic!("{failure}"),
    }
}

/// One folder for the lock; everything else is on the disks, and both keys are the caller's.
struct Rotation {
    folder: tempfile::TempDir,
    options: Options,
    values: Values,
}

impl Rotation {
    fn new() -> Self {
        let rotation = Self {
            folder: quick_folder(),
            options: options().without_index(),
            values: Vec::new(),
        };
        let options = rotation.options.clone().master_key_from(given(1));
        drop(Embedded::open(rotation.folder.path(), options).unwrap());
        rotation
    }

    fn on(&self, disk: &SimulatedDisk) -> Options {
        self.options.clone().disk(Arc::new(disk.clone()))
    }

    fn open(&self, options: Options) -> Embedded {
        Embedded::open(self.folder.path(), options).unwrap()
    }

    fn rotate(&self, disk: &SimulatedDisk) -> Result<(), RotateError> {
        let options = self.on(disk).master_key_from(given(1));
        let options = options.next_master_key(given(2));
        rotate_master_key(self.folder.path(), &options).map(drop)
    }
}

impl Story for Rotation {
    type Told = (Values, bool);

    fn begin(&mut self, _seed: u64) -> SimulatedDisk {
        let disk = SimulatedDisk::with_folder(&self.folder.path().join("schemes"));
        let store = self.open(self.on(&disk).master_key_from(given(1)));
        self.values = furnish(&store);
        store.close().unwrap();
        disk
    }

    fn tell(&mut self, _seed: u64, disk: &SimulatedDisk) -> (Values, bool) {
        let finished = self.rotate(disk).is_ok();
        assert!(finished || disk.crashed());
        (self.values.clone(), finished)
    }

    fn check(
        &mut self,
        (values, finished): &(Values, bool),
        left: SimulatedDisk,
        _dice: &mut Dice,
    ) -> Result<(), String> {
        if !finished {
            let both = self.on(&left).master_key_from(given(1));
            let store = self.open(both.next_master_key(given(2)));
            all_open(&store, values)?;
            drop(store);
            self.rotate(&left).map_err(|error| format!("{error:?}"))?;
        }
        let store = self.open(self.on(&left).master_key_from(given(2)));
        all_open(&store, values)?;
        drop(store);
        nothing_opens(&self.open(self.on(&left).master_key_from(given(1))))
    }
}

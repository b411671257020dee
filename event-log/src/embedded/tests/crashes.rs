//! The log crashed at every change of its disk in turn, and looked at.
//!
//! A story makes schemes, appends groups, notes entries, compacts them, makes keys, erases people, closes and
//! opens. Whatever step is cut short happened wholly or not at all; whatever ended before is there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use crate::conformance::samples;
use crate::embedded::{Embedded, Options};
use crate::operations::Entry;
use crate::record::{Place, Position, Record, SchemeId, SealedValue};
use crate::sealing::{Opened, PERSON, Vault};
use crate::simulation::{
    CrashPoint, Dice, Moment, Plan, SimulatedDisk, Story, Survives, crash_everywhere, is_long,
};
use crate::store::{EventStore, StoreError};
use crate::testing::{options, quick_folder, scheme};

const STEPS: u64 = 40;
const PEOPLE: u64 = 8;
const SEGMENT_BYTES: u64 = 6 << 10;
const SECRET: &[u8] = b"Ada Lovelace";
type Anything = Result<(), Box<dyn std::error::Error>>;

#[test]
fn nothing_acknowledged_is_lost_doubled_or_split_wherever_the_log_crashes() {
    let started = Instant::now();
    let (seeds, every, chances) = if is_long() {
        (0..68, 1, 5)
    } else {
        (0..3, 13, 2)
    };
    let plan = Plan {
        seeds,
        every,
        chances,
        threads: 2,
        lies: false,
    };
    match crash_everywhere(&plan, Log::new) {
        Ok(counts) => println!("the log: {counts}, {:?}", started.elapsed()),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn a_log_whose_syncs_do_nothing_is_found_out() {
    let plan = Plan {
        seeds: 0..1,
        every: 13,
        chances: 2,
        threads: 1,
        lies: true,
    };
    let failure = crash_everywhere(&plan, Log::new).expect_err("loss goes unnoticed");
    println!("the control: {failure}");
}

/// Everything that can be seen of a store.
type World = BTreeMap<SchemeId, Content>;

#[derive(Debug, Clone, Default, PartialEq)]
struct Content {
    groups: Vec<Vec<Arc<[u8]>>>,
    entries: Vec<Entry>,
    people: BTreeMap<Uuid, Person>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    HasKey,
    Erased,
}

#[derive(Default)]
struct Told {
    /// What was acknowledged.
    before: World,
    /// The same with the step that was cut short.
    after: World,
    /// Values sealed under keys that were acknowledged.
    values: Vec<(SchemeId, SealedValue)>,
}

/// One folder for lock and master key; everything else is on the disks.
struct Log {
    folder: tempfile::TempDir,
    options: Options,
}

impl Log {
    fn new() -> Self {
        let log = Self {
            folder: quick_folder(),
            options: options().segment_bytes(SEGMENT_BYTES).without_index(),
        };
        drop(Embedded::open(log.folder.path(), log.options.clone()).unwrap());
        log
    }

    fn open(&self, disk: &SimulatedDisk) -> Embedded {
        let options = self.options.clone().disk(Arc::new(disk.clone()));
        Embedded::open(self.folder.path(), options).unwrap()
    }

    /// One step of a story; the world as it is when it has ended.
    fn step(
        &self,
        number: u64,
        dice: &mut Dice,
        store: &mut Embedded,
        told: &mut Told,
        disk: &SimulatedDisk,
    ) -> Anything {
        if number == 0 || number == STEPS / 3 {
            let new = scheme(if number == 0 { "first" } else { "second" });
            told.after.insert(new.clone(), Content::default());
            return Ok(store.create(&new)?);
        }
        let names: Vec<SchemeId> = told.after.keys().cloned().collect();
        let name = &names[dice.index(names.len())];
        let content = told.after.get_mut(name).expect("it was made");
        match dice.below(20) {
            0..=10 => append(store, name, content, dice)?,
            11 | 12 => note(store, name, content, number)?,
            13 => {
                content.entries.retain(|entry| entry.key.ends_with('1'));
                let operations = store.operations(name)?;
                operations.compact(|entry| entry.key.ends_with('1'))?;
            }
            14 | 15 => {
                let people: Vec<Uuid> = (0..=dice.below(3)).map(|_| person(dice)).collect();
                make_keys(store, name, content, &people, &mut told.values)?;
            }
            16 => {
                let person = person(dice);
                content.people.insert(person, Person::Erased);
                store.vault(name)?.erase(person)?;
            }
            17 | 18 => store.close_scheme(name)?,
            _ => {
                store.close()?;
                *store = self.open(disk);
            }
        }
        Ok(())
    }

    fn observe(&self, disk: &SimulatedDisk) -> Result<(World, Embedded), String> {
        let store = self.open(disk);
        let names = store.schemes().map_err(|error| format!("{error:?}"))?;
        let mut world = World::new();
        for name in names {
            let content = content_of(&store, &name)
                .map_err(|error| format!("`{name}` does not read: {error:?}"))?;
            world.insert(name, content);
        }
        Ok((world, store))
    }

    /// Goes on where the crash left it, closes, and finds everything again on a disk that lost power.
    fn go_on(&self, left: &SimulatedDisk, mut world: World) -> Result<(), String> {
        let store = self.open(left);
        let mut going = || -> Anything {
            if world.is_empty() {
                store.create(&scheme("first"))?;
                world.insert(scheme("first"), Content::default());
            }
            let mut dice = Dice::new(0);
            for (name, content) in &mut world {
                append(&store, name, content, &mut dice)?;
                note(&store, name, content, 1)?;
                make_keys(&store, name, content, &[person(&mut dice)], &mut Vec::new())?;
            }
            Ok(store.close()?)
        };
        going().map_err(|error| format!("it does not go on: {error:?}"))?;
        let (found, _) = self.observe(&left.left_behind(Survives::Nothing))?;
        same("after it went on", &found, &world)
    }
}

impl Story for Log {
    type Told = Told;

    fn begin(&mut self, _: u64) -> SimulatedDisk {
        // The store makes this folder on the real disk; on a simulated one it must be there.
        SimulatedDisk::with_folder(&self.folder.path().join("schemes"))
    }

    fn tell(&mut self, seed: u64, disk: &SimulatedDisk) -> Told {
        let mut dice = Dice::new(seed);
        let mut told = Told::default();
        let mut store = self.open(disk);
        for number in 0..STEPS {
            if let Err(error) = self.step(number, &mut dice, &mut store, &mut told, disk) {
                assert!(disk.crashed(), "step {number} of {seed}: {error:?}");
                return told;
            }
            told.before.clone_from(&told.after);
        }
        told
    }

    fn check(
        &mut self,
        told: &Told,
        mut left: SimulatedDisk,
        dice: &mut Dice,
    ) -> Result<(), String> {
        if dice.once_in(3) {
            // The first opening is cut short as well.
            left.crash_at(CrashPoint {
                operation: 1 + dice.below(8),
                moment: [Moment::Before, Moment::After][dice.index(2)],
            });
            let _cut_short = self.observe(&left);
            left = left.left_behind(Survives::Chance(dice.roll()));
        }
        let (found, store) = self.observe(&left)?;
        if found != told.after {
            same("after the crash", &found, &told.before)?;
        }
        for (name, value) in &told.values {
            let person = found.get(name).and_then(|it| it.people.get(&value.subject));
            let vault = store.vault(name).map_err(|error| format!("{error:?}"))?;
            let opened = vault.open_value(&place(name), value);
            match (person, &opened) {
                (Some(Person::HasKey), Ok(Opened::Plain(plain))) if ***plain == *SECRET => {}
                (Some(Person::Erased), Ok(Opened::Erased)) => {}
                _ => return Err(format!("a value opens as {opened:?}, not as of {person:?}")),
            }
        }
        drop(store);
        // What was read was durable by then.
        left = left.left_behind(Survives::Nothing);
        let (again, store) = self.observe(&left)?;
        drop(store);
        same("when opened again", &again, &found)?;
        self.go_on(&left, found)
    }
}

fn append(
    store: &Embedded,
    name: &SchemeId,
    content: &mut Content,
    dice: &mut Dice,
) -> Result<(), StoreError> {
    let head: usize = content.groups.iter().map(Vec::len).sum();
    let head = Position(head as u64);
    let group = group(name, head, dice);
    let encoded = group.iter().map(|record| record.encode().unwrap().into());
    content.groups.push(encoded.collect());
    store.append(name, head, group).map(drop)
}

/// A few small records, or one of several blocks.
fn group(name: &SchemeId, head: Position, dice: &mut Dice) -> Vec<Record> {
    if dice.once_in(12) {
        let mut large = samples(name, head, 1);
        large[0].data = json!({ "text": "x".repeat(9000) });
        return large;
    }
    let mut group = samples(name, head, 1 + dice.below(5));
    for record in &mut group {
        record.data = json!({ "text": "y".repeat(dice.index(500)) });
    }
    group
}

fn note(store: &Embedded, name: &SchemeId, content: &mut Content, number: u64) -> Anything {
    let entry = |part: u64| Entry {
        kind: "outcome".to_owned(),
        key: format!("{number}-{part}"),
        at: "2026-01-01T00:00:00.000Z".to_owned(),
        value: json!({ "code": "not_registered" }),
    };
    let entries: Vec<Entry> = (0..3).map(entry).collect();
    content.entries.extend(entries.clone());
    Ok(store.operations(name)?.append(&entries)?)
}

/// Makes keys for those who are not erased, and seals a value under each once it is acknowledged.
fn make_keys(
    store: &Embedded,
    name: &SchemeId,
    content: &mut Content,
    people: &[Uuid],
    values: &mut Vec<(SchemeId, SealedValue)>,
) -> Anything {
    let erased = |person: &&Uuid| content.people.get(person) != Some(&Person::Erased);
    let people: Vec<Uuid> = people.iter().filter(erased).copied().collect();
    let made = people.iter().map(|person| (*person, Person::HasKey));
    content.people.extend(made);
    let vault: Arc<Vault> = store.vault(name)?;
    for key in vault.ensure_keys(&people)? {
        values.push((
            name.clone(),
            vault.seal(&place(name), "/name", key, 1, SECRET)?,
        ));
    }
    Ok(())
}

fn content_of(
    store: &Embedded,
    name: &SchemeId,
) -> Result<Content, Box<dyn std::error::Error + 'static>> {
    let mut content = Content::default();
    let mut follower = store.follow(name, Position::FIRST)?;
    while let Some(group) = follower.next(Duration::ZERO)? {
        content
            .groups
            .push(group.into_iter().map(|stored| stored.bytes).collect());
    }
    let verified = store.verify(name)?;
    let read = store.read(name, Position::FIRST, usize::MAX)?;
    let bytes: Vec<_> = content.groups.iter().flatten().collect();
    let mut numbered = read.iter().zip(&bytes).zip(1..);
    let gapless = numbered
        .all(|((stored, bytes), at)| stored.position == Position(at) && stored.bytes == **bytes);
    if !gapless || read.len() != bytes.len() || verified.records != read.len() as u64 {
        return Err("three ways of reading disagree".into());
    }
    content.entries = store.operations(name)?.all();
    let vault = store.vault(name)?;
    for person in (0..PEOPLE).map(|number| Uuid::from_u128(u128::from(number))) {
        if vault.is_erased(person) {
            content.people.insert(person, Person::Erased);
        } else if vault.key_of(person, PERSON).is_some() {
            content.people.insert(person, Person::HasKey);
        }
    }
    Ok(content)
}

fn person(dice: &mut Dice) -> Uuid {
    Uuid::from_u128(u128::from(dice.below(PEOPLE)))
}

fn place(name: &SchemeId) -> Place<'_> {
    Place {
        scheme: name,
        event: Uuid::from_u128(0xe),
        kind: "thing.happened",
        version: 1,
    }
}

/// Compares two worlds, and says where they differ without printing them.
fn same(when: &str, found: &World, expected: &World) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    let sizes = |world: &World| -> Vec<String> {
        let size = |(name, content): (&SchemeId, &Content)| {
            let records: usize = content.groups.iter().map(Vec::len).sum();
            format!(
                "{name}: {records} records in {} groups, {} entries, {} people",
                content.groups.len(),
                content.entries.len(),
                content.people.len()
            )
        };
        world.iter().map(size).collect()
    };
    Err(format!(
        "{when}: {:?} instead of {:?}",
        sizes(found),
        sizes(expected)
    ))
}

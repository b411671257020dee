//! Who was given sensitive data, written down before it is given: once a day, mute, forgotten with the person.

use super::{SCHEME, accepted, invitation, open, options, person, platform, request};
use crate::{
    dispatch::{
        Failure, Platform,
        reads::{Given, Read, Reader, Sensitive},
    },
    identity::Role,
    telemetry::Metrics,
};
use domain::mentor::StateCapacity;
use event_log::{SchemeId, simulation::FailingDisk};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};
use uuid::Uuid;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Two mentors, of the commands 10 and 11.
async fn two_mentors(platform: &Platform) {
    open(platform).await;
    accepted(platform, 10, invitation("A mentor")).await;
    accepted(platform, 11, invitation("Another")).await;
}

fn reader(number: u128, role: Role) -> Reader {
    Reader {
        id: Uuid::from_u128(number),
        role,
    }
}

fn given(of: u128, what: Sensitive) -> Given {
    let of = person(of);
    Given { of, what }
}

async fn record(platform: &Platform, by: Reader, given: &[Given]) -> Result<(), Failure> {
    let given: BTreeSet<Given> = given.iter().copied().collect();
    platform.record_reads(SCHEME, by, given).await
}

/// Who was given something of these people.
async fn reads_of(platform: &Platform, people: &[u128]) -> Vec<Read> {
    let people = people.iter().map(|number| person(*number)).collect();
    platform.reads_of(SCHEME, people).await.expect("told")
}

/// How many entries there are, and how many reads of the two mentors they tell.
async fn told(platform: &Platform) -> (usize, usize) {
    let operations = platform.operations(SCHEME).await.expect("open");
    let both = reads_of(platform, &[10, 11]).await;
    for mentor in [10, 11] {
        let alone = reads_of(platform, &[mentor]).await;
        let among = both.iter().filter(|read| read.given.of == person(mentor));
        assert!(among.eq(&alone), "asked alone and among others");
    }
    (operations.latest_of_kind("read").len(), both.len())
}

/// Sets the clock forward with a command.
async fn pass(platform: &Platform, number: u128, time: SignedDuration) {
    let capacity = u16::try_from(number).expect("small");
    let mentor = person(10);
    let state = request(number, StateCapacity { mentor, capacity });
    let at = platform.now(SCHEME) + time;
    let stated = platform.execute_at(SCHEME, state, Some(at)).await;
    stated.expect("time passes");
}

#[tokio::test]
async fn the_same_read_is_written_once_a_day_and_many_at_once_are_one_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    two_mentors(&platform).await;
    let coordinator = reader(1, Role::Coordinator);
    let both = [
        given(10, Sensitive::PenPortrait),
        given(11, Sensitive::PenPortrait),
    ];
    for _ in 0..5 {
        record(&platform, coordinator, &both)
            .await
            .expect("written");
    }
    assert_eq!(told(&platform).await, (1, 2));
    // What is new in it: another class, another role of the same reader, another reader.
    let profile = given(10, Sensitive::NeedsProfile);
    for by in [
        coordinator,
        reader(1, Role::Mentor),
        reader(2, Role::Coordinator),
    ] {
        record(&platform, by, &[both[0], profile])
            .await
            .expect("written");
    }
    assert_eq!(told(&platform).await, (4, 7));
    pass(&platform, 20, DAY).await;
    record(&platform, coordinator, &both)
        .await
        .expect("written");
    assert_eq!(told(&platform).await, (5, 9));
    let first = &reads_of(&platform, &[10]).await[0];
    assert_eq!((first.reader, first.given), (coordinator, both[0]));
    assert!(first.at < platform.now(SCHEME) - DAY + SignedDuration::from_mins(1));
}

#[tokio::test]
async fn a_restart_knows_what_was_written_that_day() {
    let folder = tempfile::tempdir().expect("a folder");
    let portrait = [given(10, Sensitive::PenPortrait)];
    let coordinator = reader(1, Role::Coordinator);
    for start in 0..3 {
        let platform = platform(folder.path());
        if start == 0 {
            two_mentors(&platform).await;
        }
        record(&platform, coordinator, &portrait)
            .await
            .expect("written");
        assert_eq!(told(&platform).await, (1, 1), "start {start}");
        platform.shut_down().await;
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = FailingDisk::default();
    let mut options = options(folder.path());
    options.disk = Some(Arc::new(disk.clone()));
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    two_mentors(&platform).await;
    let coordinator = reader(1, Role::Coordinator);
    let (known, new) = (
        [given(10, Sensitive::PenPortrait)],
        [
            given(10, Sensitive::PenPortrait),
            given(11, Sensitive::Concern),
        ],
    );
    record(&platform, coordinator, &known)
        .await
        .expect("written");
    disk.fail_syncs("operations");
    for _ in 0..2 {
        let refused = record(&platform, coordinator, &new).await;
        assert_eq!(refused, Err(Failure::ReadNotRecorded));
    }
    // It is read-only from then on, also on a disk that is well again.
    disk.heal();
    let refused = record(&platform, coordinator, &new).await;
    assert_eq!(refused, Err(Failure::ReadNotRecorded));
    let known = record(&platform, coordinator, &known).await;
    assert_eq!(known, Ok(()), "it was written down before");

    platform.shut_down().await;
    drop(platform);
    let platform = super::platform(folder.path());
    record(&platform, coordinator, &new).await.expect("written");
    let of = reads_of(&platform, &[11]).await;
    assert!(of.iter().all(|read| read.given == new[1]));
    assert!(!of.is_empty());
}

/// The journal on disk: neither a class nor a difference between classes stands in it.
#[tokio::test]
async fn the_journal_does_not_tell_a_concern_from_a_pen_portrait() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    two_mentors(&platform).await;
    let coordinator = reader(1, Role::Coordinator);
    let all = [
        Sensitive::PenPortrait,
        Sensitive::NeedsAnalysis,
        Sensitive::NeedsProfile,
        Sensitive::Concern,
        Sensitive::Characteristics,
    ];
    for what in all {
        let written = record(&platform, coordinator, &[given(10, what)]).await;
        written.expect("written");
    }
    let operations = platform.operations(SCHEME).await.expect("open");
    let entries = operations.latest_of_kind("read");
    assert_eq!(entries.len(), all.len());
    let sizes: BTreeSet<usize> = entries
        .iter()
        .map(|entry| entry.value.to_string().len())
        .collect();
    assert_eq!(sizes.len(), 1, "all entries are of one size");
    platform.shut_down().await;
    let journal = files(
        &folder
            .path()
            .join("schemes")
            .join(SCHEME)
            .join("operations"),
    );
    assert!(journal.contains("coordinator"));
    for word in ["concern", "portrait", "needs", "A mentor"] {
        assert!(!journal.contains(word), "{word}");
    }
}

fn files(folder: &Path) -> String {
    let files = fs::read_dir(folder).expect("a folder");
    let read = files.map(|file| fs::read(file.expect("a file").path()).expect("bytes"));
    let all: Vec<u8> = read.flatten().collect();
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn what_was_read_of_somebody_forgotten_is_forgotten_too_and_nothing_new_is_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    two_mentors(&platform).await;
    let coordinator = reader(1, Role::Coordinator);
    let both = [
        given(10, Sensitive::PenPortrait),
        given(11, Sensitive::Concern),
    ];
    record(&platform, coordinator, &both)
        .await
        .expect("written");
    let scheme = SchemeId::new(SCHEME).expect("a name");
    let vault = platform.store().vault(&scheme).expect("a vault");
    vault.erase(person(11).0).expect("erased");
    assert_eq!(told(&platform).await, (1, 1));
    pass(&platform, 20, DAY).await;
    let refused = record(&platform, coordinator, &both).await;
    assert_eq!(refused, Err(Failure::ReadNotRecorded));
}

#[tokio::test]
async fn reads_are_kept_for_two_years_and_no_longer() {
    let folder = tempfile::tempdir().expect("a folder");
    let coordinator = reader(1, Role::Coordinator);
    let mut platform = platform(folder.path());
    two_mentors(&platform).await;
    let begun: Timestamp = platform.now(SCHEME);
    let portrait = [given(10, Sensitive::PenPortrait)];
    record(&platform, coordinator, &portrait)
        .await
        .expect("written");
    for (number, days, left) in [(20, 730, 1), (21, 2, 0)] {
        pass(&platform, number, DAY * days).await;
        platform.shut_down().await;
        drop(platform);
        platform = super::platform(folder.path());
        let of = reads_of(&platform, &[10]).await;
        assert_eq!(of.len(), left, "{} since", platform.now(SCHEME) - begun);
    }
}

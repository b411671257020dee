//! Every way a journal can be found after a crash, and some a crash cannot cause.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use super::{Journal, JournalReader, Remembered};
use crate::conformance::samples;
use crate::disk::{Disk, RealDisk};
use crate::frame::{FILE_HEADER_BYTES, FRAME_HEADER_BYTES};
use crate::record::Position;
use crate::simulation::FailingDisk;
use crate::store::{StoreError, Stored, encode_group};
use crate::testing::scheme;

const SEGMENT_BYTES: u64 = 64 << 10;

/// A journal in a folder of its own.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        Journal::create(&RealDisk, &place.folder(), &scheme("trial")).unwrap();
        place
    }

    fn folder(&self) -> PathBuf {
        self.directory.path().join("journal")
    }

    fn segment(&self, first: u64) -> PathBuf {
        super::segment_path(&self.folder(), first)
    }

    fn open(&self) -> Result<Journal, StoreError> {
        self.open_proven(0)
    }

    fn open_proven(&self, proven: u64) -> Result<Journal, StoreError> {
        self.open_on(Arc::new(RealDisk), proven)
    }

    fn open_on(&self, disk: Arc<dyn Disk>, proven: u64) -> Result<Journal, StoreError> {
        Journal::open(
            disk,
            &self.folder(),
            &scheme("trial"),
            SEGMENT_BYTES,
            Remembered {
                proven: Position(proven),
                ..Remembered::default()
            },
        )
        .map(|opened| opened.journal)
    }

    fn reader(&self) -> JournalReader {
        JournalReader::new(Arc::new(RealDisk), &self.folder(), &scheme("trial"))
    }

    fn segments(&self) -> Vec<String> {
        RealDisk.list(&self.folder()).unwrap()
    }
}

fn append(journal: &Journal, count: u64) -> Result<Position, StoreError> {
    let head = journal.head();
    let group = encode_group(
        &scheme("trial"),
        head,
        &samples(&scheme("trial"), head, count),
    )
    .unwrap();
    journal.append(head, group.as_ref())
}

fn all(journal: &Journal) -> Vec<Stored> {
    journal.read(Position(1), usize::MAX).unwrap()
}

fn read_all(mut reader: JournalReader) -> Result<Vec<Stored>, StoreError> {
    let mut records = Vec::new();
    while let Some(group) = reader.next_group()? {
        records.extend(group);
    }
    Ok(records)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is given calls, not values"
)]
fn is_damaged<T>(result: Result<T, StoreError>) -> Option<u64> {
    match result {
        Err(StoreError::Damaged { position, .. }) => Some(position.0),
        _ => None,
    }
}

#[test]
fn a_frame_cut_at_any_byte_leaves_every_earlier_group() {
    let place = Place::new();
    let journal = place.open().unwrap();
    append(&journal, 2).unwrap();
    append(&journal, 1).unwrap();
    let before = fs::metadata(place.segment(1)).unwrap().len();
    append(&journal, 2).unwrap();
    let expected = all(&journal)[..3].to_vec();
    drop(journal);
    let whole = fs::read(place.segment(1)).unwrap();

    for length in usize::try_from(before).unwrap()..whole.len() {
        fs::write(place.segment(1), &whole[..length]).unwrap();
        assert_eq!(
            read_all(place.reader()).unwrap(),
            expected,
            "reader at {length}"
        );
        let journal = place.open().unwrap();
        assert_eq!(all(&journal), expected, "cut at {length}");
        // The cut is on disk already, and the journal goes on.
        assert_eq!(fs::metadata(place.segment(1)).unwrap().len(), before);
        append(&journal, 1).unwrap();
        journal.close().unwrap();
        assert_eq!(place.open().unwrap().head(), Position(4));
    }
}

#[test]
fn a_frame_half_of_zeros_is_a_torn_one() {
    let place = Place::new();
    let journal = place.open().unwrap();
    append(&journal, 2).unwrap();
    let before = usize::try_from(fs::metadata(place.segment(1)).unwrap().len()).unwrap();
    append(&journal, 2).unwrap();
    drop(journal);
    let whole = fs::read(place.segment(1)).unwrap();
    // Length and content of a file reach the disk in any order.
    for from in [
        before,
        before + 30,
        before + FRAME_HEADER_BYTES,
        before + FRAME_HEADER_BYTES + 100,
    ] {
        let mut torn = whole.clone();
        torn[from..].fill(0);
        fs::write(place.segment(1), &torn).unwrap();
        assert_eq!(
            place.open().unwrap().head(),
            Position(2),
            "zeros from {from}"
        );
    }
}

#[test]
fn a_changed_byte_of_a_closed_journal_never_goes_unnoticed() {
    let place = Place::new();
    let journal = place.open().unwrap();
    for count in [2, 1, 2] {
        append(&journal, count).unwrap();
    }
    journal.close().unwrap();
    drop(journal);
    let whole = fs::read(place.segment(1)).unwrap();

    for at in 0..whole.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= flip;
            fs::write(place.segment(1), &changed).unwrap();
            let position = is_damaged(place.open())
                .unwrap_or_else(|| panic!("byte {at} ^ {flip:#x} unnoticed"));
            assert!(
                (1..=6).contains(&position),
                "byte {at}: position {position}"
            );
            assert!(
                is_damaged(read_all(place.reader())).is_some(),
                "byte {at}: the reader did not notice"
            );
            // Nothing was repaired, so a second look finds the same.
            assert_eq!(fs::read(place.segment(1)).unwrap(), changed);
        }
    }
    fs::write(place.segment(1), &whole).unwrap();
    assert_eq!(place.open().unwrap().head(), Position(5));
}

#[test]
fn a_closing_frame_of_which_one_sector_was_written_is_a_torn_one() {
    for before_edge in 1..FRAME_HEADER_BYTES {
        let place = Place::new();
        let journal = place.open().unwrap();
        append(&journal, 2).unwrap();
        let written = usize::try_from(fs::metadata(place.segment(1)).unwrap().len()).unwrap();
        // A group that ends so many bytes before the edge of a sector.
        let mut group = samples(&scheme("trial"), Position(2), 1);
        let bare = FRAME_HEADER_BYTES + 4 + group[0].encode().unwrap().len();
        let missing = (2 * 512 * 4 - written - bare - before_edge) % 512;
        group[0].data = serde_json::json!({ "number": "3".repeat(1 + missing) });
        let group = encode_group(&scheme("trial"), Position(2), &group).unwrap();
        journal.append(Position(2), group.as_ref()).unwrap();
        journal.close().unwrap();
        let whole = fs::read(place.segment(1)).unwrap();
        let (start, edge) = (whole.len() - FRAME_HEADER_BYTES, whole.len() / 512 * 512);
        assert_eq!(edge - start, before_edge);
        for unwritten in [start..edge, edge..whole.len()] {
            let mut torn = whole.clone();
            torn[unwritten.clone()].fill(0);
            fs::write(place.segment(1), torn).unwrap();
            assert_eq!(place.open().unwrap().head(), Position(3), "{unwritten:?}");
        }
    }
}

#[test]
fn damage_before_the_last_frame_is_damage_after_a_crash_too() {
    let place = Place::new();
    let journal = place.open().unwrap();
    append(&journal, 2).unwrap();
    let first_ends = usize::try_from(fs::metadata(place.segment(1)).unwrap().len()).unwrap();
    append(&journal, 2).unwrap();
    drop(journal);
    let whole = fs::read(place.segment(1)).unwrap();
    for at in 0..first_ends {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        fs::write(place.segment(1), &changed).unwrap();
        assert_eq!(is_damaged(place.open()), Some(1), "byte {at}");
    }
}

#[test]
fn segments_roll_between_groups_and_continue_each_other() {
    let place = Place::new();
    let journal = place.open().unwrap();
    for _ in 0..60 {
        append(&journal, 20).unwrap();
    }
    let expected = all(&journal);
    assert_eq!(expected.len(), 1200);
    journal.close().unwrap();
    assert!(place.segments().len() > 5, "{:?}", place.segments());
    for name in place.segments() {
        let length = fs::metadata(place.folder().join(&name)).unwrap().len();
        assert!(length < SEGMENT_BYTES + 20_000, "{name} has {length}");
        // A group is never split: segments begin where groups do.
        assert_eq!(name[..20].parse::<u64>().unwrap() % 20, 1, "{name}");
    }
    let journal = place.open().unwrap();
    assert_eq!(all(&journal), expected);
    for from in (1..=1200).step_by(37) {
        assert_eq!(
            journal.read(Position(from), 1).unwrap()[0],
            expected[usize::try_from(from).unwrap() - 1]
        );
    }
    assert_eq!(read_all(place.reader()).unwrap(), expected);
}

#[test]
fn a_missing_or_foreign_segment_is_damage() {
    let place = Place::new();
    let journal = place.open().unwrap();
    for _ in 0..40 {
        append(&journal, 20).unwrap();
    }
    journal.close().unwrap();
    let names = place.segments();
    for (index, name) in names.iter().enumerate().take(names.len() - 1) {
        let (path, aside) = (
            place.folder().join(name),
            place.directory.path().join("aside"),
        );
        fs::rename(&path, &aside).unwrap();
        assert!(is_damaged(place.open()).is_some(), "without {name}");
        assert!(
            is_damaged(read_all(place.reader())).is_some(),
            "reader without {name}"
        );
        // Another segment under its name does not pass for it.
        fs::copy(place.folder().join(&names[index + 1]), &path).unwrap();
        assert!(
            is_damaged(place.open()).is_some(),
            "with another for {name}"
        );
        fs::rename(&aside, &path).unwrap();
    }
    // The last one leaves no gap; it takes somebody who remembers it.
    fs::remove_file(place.folder().join(names.last().unwrap())).unwrap();
    assert!(place.open().unwrap().head() < Position(800));
    let journal = place.open_proven(800).map(|journal| journal.head());
    assert!(
        journal.is_ok_and(|head| head < Position(800)),
        "the caller compares whole files"
    );
}

#[test]
fn nothing_is_cut_that_is_known_to_have_been_synced() {
    let place = Place::new();
    let journal = place.open().unwrap();
    append(&journal, 2).unwrap();
    append(&journal, 2).unwrap();
    drop(journal);
    let whole = fs::read(place.segment(1)).unwrap();
    fs::write(place.segment(1), &whole[..whole.len() - 1]).unwrap();
    assert_eq!(is_damaged(place.open_proven(4)), Some(3));
    assert_eq!(
        fs::metadata(place.segment(1)).unwrap().len(),
        whole.len() as u64 - 1
    );
    assert_eq!(place.open_proven(2).unwrap().head(), Position(2));
}

#[test]
fn a_segment_whose_making_was_interrupted_is_taken_away() {
    let place = Place::new();
    let journal = place.open().unwrap();
    append(&journal, 3).unwrap();
    drop(journal);
    for length in [0, 1, FILE_HEADER_BYTES - 1, FILE_HEADER_BYTES] {
        fs::write(place.segment(4), vec![0; length]).unwrap();
        assert_eq!(read_all(place.reader()).unwrap().len(), 3);
        let journal = place.open().unwrap();
        assert_eq!(journal.head(), Position(3), "{length} bytes");
        assert_eq!(place.segments().len(), 1);
    }
    // But the segment before was synced to its end by then: a torn frame there is no torn frame.
    let whole = fs::read(place.segment(1)).unwrap();
    fs::write(place.segment(1), &whole[..whole.len() - 1]).unwrap();
    fs::write(place.segment(4), []).unwrap();
    assert_eq!(is_damaged(place.open()), Some(1));
}

#[test]
fn every_failing_write_is_unknown_once_and_read_only_ever_after() {
    // A group takes two changes, a write and a sync; rolling takes four more. Fail each of them in turn.
    for allowed in 0..40 {
        let place = Place::new();
        let disk = FailingDisk::default();
        let journal = place.open_on(Arc::new(disk.clone()), 0).unwrap();
        append(&journal, 5).unwrap();
        disk.fail_after(allowed, "journal");
        let mut acknowledged = 5;
        let error = loop {
            match append(&journal, 50) {
                Ok(head) => acknowledged = head.0,
                Err(error) => break error,
            }
        };
        assert!(
            matches!(error, StoreError::Unknown(_)),
            "{allowed}: {error:?}"
        );
        // The disk is well again, and still nothing is tried.
        disk.heal();
        assert!(matches!(append(&journal, 1), Err(StoreError::ReadOnly)));
        assert!(journal.close().is_ok());
        assert_eq!(
            all(&journal).len() as u64,
            acknowledged,
            "what was acknowledged is still read"
        );
        drop(journal);

        let journal = place.open().unwrap();
        let found = journal.head().0;
        assert!(
            found == acknowledged || found == acknowledged + 50,
            "{allowed}: {found} after {acknowledged}"
        );
        append(&journal, 1).unwrap();
    }
}

#[test]
fn a_reader_beside_the_writer_sees_groups_whole_and_in_order() {
    let place = Place::new();
    let journal = place.open().unwrap();
    let mut reader = place.reader();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..300 {
                append(&journal, 7).unwrap();
            }
        });
        let mut next = 1;
        while next <= 2100 {
            let Some(group) = reader.next_group().unwrap() else {
                thread::yield_now();
                continue;
            };
            assert_eq!(group.len(), 7);
            for stored in group {
                assert_eq!(stored.position, Position(next));
                next += 1;
            }
        }
    });
    assert!(reader.segments() > 5);
}

#[test]
fn a_journal_of_another_scheme_is_not_taken_for_this_one() {
    let place = Place::new();
    append(&place.open().unwrap(), 1).unwrap();
    let folder: &Path = &place.folder();
    let other = Journal::open(
        Arc::new(RealDisk),
        folder,
        &scheme("other"),
        SEGMENT_BYTES,
        Remembered::default(),
    );
    assert_eq!(is_damaged(other), Some(1));
}

#[test]
fn closing_twice_writes_one_closing_frame() {
    let place = Place::new();
    let journal = place.open().unwrap();
    append(&journal, 1).unwrap();
    journal.close().unwrap();
    let length = fs::metadata(place.segment(1)).unwrap().len();
    journal.close().unwrap();
    place.open().unwrap().close().unwrap();
    assert_eq!(fs::metadata(place.segment(1)).unwrap().len(), length);
    assert!(matches!(append(&journal, 1), Err(StoreError::ReadOnly)));
}

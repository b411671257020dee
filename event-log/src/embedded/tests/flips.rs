//! Every bit flipped and every length cut, one at a time: noticed at the right place, or within the remainder.
//!
//! The remainder is the very last group after an unclean stop, which nothing can tell from an interrupted write:
//! then exactly that group is missing. A cut is noticed as far as something beside the journal remembers it.

use std::thread;
use std::time::Instant;

use super::specimen::{Harmed, Shape, Specimen};
use crate::record::Position;
use crate::simulation::{Dice, SimulatedDisk, is_long};
use crate::store::StoreError;

const THREADS: usize = 2;
/// In the long form, how often a whole verification is made beside the reading that it consists of.
const VERIFY_EVERY: usize = 16;

#[test]
fn every_flipped_bit_and_every_cut_of_a_journal_is_noticed_or_the_last_group() {
    for closed in [true, false] {
        let specimen = Specimen::grow(&Shape {
            events: 200,
            group_most: 12,
            segment_bytes: 16 << 10,
            closed,
        });
        let files = specimen.files("journal", "log");
        assert!(files.len() >= 4, "{} segments", files.len());
        let every = if is_long() { 1 } else { 509 };
        let all = (0..harms(&files)).step_by(every).collect::<Vec<_>>();
        harm_all(&specimen, &files, &all, &harm_journal);
    }
}

#[test]
fn sampled_flips_and_cuts_of_a_large_journal_are_noticed_or_the_last_group() {
    let (events, samples) = if is_long() {
        (100_000, 10_000)
    } else {
        (5_000, 60)
    };
    let specimen = Specimen::grow(&Shape {
        events,
        group_most: 60,
        segment_bytes: events * 40,
        closed: false,
    });
    let files = specimen.files("journal", "log");
    let mut dice = Dice::new(1);
    let sample = |_| dice.index(harms(&files));
    let samples: Vec<usize> = (0..samples).map(sample).collect();
    harm_all(&specimen, &files, &samples, &harm_journal);
}

#[test]
fn a_harmed_keyring_never_brings_a_person_back_and_never_gives_a_wrong_key() {
    for closed in [true, false] {
        let specimen = small(closed);
        let files = specimen.files("keyring", "ring");
        let all = sampled(&files);
        harm_all(&specimen, &files, &all, &harm_keyring);
    }
}

#[test]
fn a_harmed_operations_journal_opens_with_a_beginning_of_what_it_held_or_not_at_all() {
    for closed in [true, false] {
        let specimen = small(closed);
        let files = specimen.files("operations", "log");
        let all = sampled(&files);
        harm_all(&specimen, &files, &all, &harm_operations);
    }
}

fn small(closed: bool) -> Specimen {
    Specimen::grow(&Shape {
        events: 3,
        group_most: 2,
        segment_bytes: 16 << 10,
        closed,
    })
}

fn sampled(files: &[Harmed]) -> Vec<usize> {
    let every = if is_long() { 1 } else { 13 };
    (0..harms(files)).step_by(every).collect()
}

/// What was done to one file.
#[derive(Debug, Clone, Copy)]
enum Harm {
    Flip { byte: usize, bit: usize },
    Cut { length: usize },
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Noticed,
    Remainder,
}

type Judge =
    dyn Fn(&Specimen, &Harmed, &Blow, &SimulatedDisk, usize) -> Result<Seen, String> + Sync;

/// A harm, and the part of the file it fell on.
#[derive(Debug)]
struct Blow {
    harm: Harm,
    part: usize,
}

/// How many different harms these files can come to: eight flips and one cut a byte.
fn harms(files: &[Harmed]) -> usize {
    files.iter().map(|file| file.bytes * 9).sum()
}

fn harm_all(specimen: &Specimen, files: &[Harmed], numbers: &[usize], judge: &Judge) {
    let started = Instant::now();
    let share = |thread: usize| {
        let mut seen = [0_u64; 2];
        for number in numbers.iter().skip(thread).step_by(THREADS) {
            let (file, blow) = blow(files, *number);
            let harmed = specimen.disk.copied();
            let change = |bytes: &mut Vec<u8>| match blow.harm {
                Harm::Flip { byte, bit } => bytes[byte] ^= 1 << bit,
                Harm::Cut { length } => bytes.truncate(length),
            };
            harmed.rot(&file.path, change).unwrap();
            match judge(specimen, file, &blow, &harmed, *number) {
                Ok(found) => seen[found as usize] += 1,
                Err(wrong) => panic!("{blow:?} of {}: {wrong}", file.path.display()),
            }
        }
        seen
    };
    let seen: Vec<[u64; 2]> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| scope.spawn(move || share(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let [noticed, remainder] = [0, 1].map(|which| seen.iter().map(|seen| seen[which]).sum::<u64>());
    println!(
        "{} bytes, {}: {noticed} harms noticed at their place, {remainder} within the remainder, {:?}",
        files.iter().map(|file| file.bytes).sum::<usize>(),
        if specimen.closed {
            "cleanly closed"
        } else {
            "not closed"
        },
        started.elapsed()
    );
    assert!(noticed > 0);
}

fn blow(files: &[Harmed], mut number: usize) -> (&Harmed, Blow) {
    let mut files = files.iter();
    let file = loop {
        let file = files.next().expect("there is no such harm");
        if number < file.bytes * 9 {
            break file;
        }
        number -= file.bytes * 9;
    };
    let (byte, kind) = (number / 9, number % 9);
    let harm = match kind {
        8 => Harm::Cut { length: byte },
        bit => Harm::Flip { byte, bit },
    };
    let part = file
        .parts
        .iter()
        .position(|part| part.bytes.contains(&byte));
    let part = part.expect("every byte belongs somewhere");
    (file, Blow { harm, part })
}

fn harm_journal(
    specimen: &Specimen,
    file: &Harmed,
    blow: &Blow,
    disk: &SimulatedDisk,
    number: usize,
) -> Result<Seen, String> {
    let first = file.parts[blow.part].first;
    let in_last_file = file.last;
    let cut = matches!(blow.harm, Harm::Cut { .. });
    let last_part = in_last_file && blow.part + 1 == file.parts.len();
    let must_be_noticed = if cut {
        !in_last_file || first <= specimen.noted
    } else {
        specimen.closed || !last_part
    };
    // From outside first: opening may cut. A reader alone remembers nothing of an end that is gone.
    let by_reader = must_be_noticed && !(cut && in_last_file);
    judge("a reader", specimen.read(disk), first, by_reader)?;
    if number.is_multiple_of(VERIFY_EVERY) {
        judge("verify", specimen.verify(disk), first, must_be_noticed)?;
    }
    let opened = specimen.open(disk).map(|open| {
        let read = open.journal.read(Position::FIRST, usize::MAX).unwrap();
        let same = read
            .iter()
            .zip(&specimen.records)
            .all(|(found, held)| found.bytes == *held);
        assert!(
            same && read.len() as u64 == open.journal.head().0,
            "a changed answer"
        );
        open.journal.head().0
    });
    judge("opening", opened, first, must_be_noticed)
}

/// Whether damage was named at `first`, or everything before it and nothing else is there.
fn judge(
    who: &str,
    found: Result<u64, StoreError>,
    first: u64,
    must_be_noticed: bool,
) -> Result<Seen, String> {
    match found {
        Err(StoreError::Damaged { position, .. }) if position.0 == first => Ok(Seen::Noticed),
        Ok(head) if head == first - 1 && !must_be_noticed => Ok(Seen::Remainder),
        other => Err(format!(
            "{who} found {other:?} where position {first} is harmed"
        )),
    }
}

fn harm_keyring(
    specimen: &Specimen,
    file: &Harmed,
    blow: &Blow,
    disk: &SimulatedDisk,
    _: usize,
) -> Result<Seen, String> {
    let Some(open) = beside_the_journal(specimen, file, blow, disk)? else {
        return Ok(Seen::Noticed);
    };
    let whole = specimen
        .open(&specimen.disk.copied())
        .map_err(|error| error.to_string())?;
    let (found, held) = (
        Specimen::people(&open.vault),
        Specimen::people(&whole.vault),
    );
    let kept = file.parts[..blow.part]
        .iter()
        .map(|part| part.count)
        .sum::<u64>()
        // The first of what a keyring holds names the master key, and no person.
        .saturating_sub(1);
    let unchanged = found
        .iter()
        .all(|(person, key)| held.get(person) == Some(key));
    if unchanged && found.len() as u64 == kept && open.vault.erased() == whole.vault.erased() {
        Ok(Seen::Remainder)
    } else {
        Err(format!("{found:?} of {held:?}"))
    }
}

fn harm_operations(
    specimen: &Specimen,
    file: &Harmed,
    blow: &Blow,
    disk: &SimulatedDisk,
    _: usize,
) -> Result<Seen, String> {
    let Some(open) = beside_the_journal(specimen, file, blow, disk)? else {
        return Ok(Seen::Noticed);
    };
    let kept = file.parts[..blow.part]
        .iter()
        .map(|part| part.count)
        .sum::<u64>();
    let found = open.operations.all();
    let unchanged = found
        .iter()
        .zip(&specimen.entries)
        .all(|(found, held)| found == held);
    if unchanged && found.len() as u64 == kept {
        Ok(Seen::Remainder)
    } else {
        Err(format!("{} entries instead of {kept}", found.len()))
    }
}

/// Opens a scheme whose journal is whole; `None` where what stands beside it was noticed as damaged.
fn beside_the_journal(
    specimen: &Specimen,
    file: &Harmed,
    blow: &Blow,
    disk: &SimulatedDisk,
) -> Result<Option<crate::embedded::scheme::OpenScheme>, String> {
    let last_part = blow.part + 1 == file.parts.len();
    let may_open = matches!(blow.harm, Harm::Cut { .. }) || (!specimen.closed && last_part);
    match specimen.open(disk) {
        Err(StoreError::Unusable { .. }) => Ok(None),
        Ok(open) if may_open => Ok(Some(open)),
        Ok(_) => Err("it went unnoticed".to_owned()),
        Err(error) => Err(format!("{error:?}")),
    }
}

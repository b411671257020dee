//! Every change of a bundle is noticed by whoever has the key and the last checkpoint.
//!
//! A few hundred in every run; `ALONGSIDE_MUTATIONS=10000` makes as many. With `ALONGSIDE_MUTANTS=DIR` they are written
//! there too, for verifiers that are not this one (`tests/outside/run --only bundle`).

mod edits;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::specimen::{Pieces, Specimen, signer};
use super::verify;
use crate::checkpoint::{Signature, Signer};
use crate::simulation::Dice;
use edits::{
    Edit, any, double, dropped_tail, duplication, omission, order, replace, resign, splice,
    splice_part, swap, withheld,
};

const MUTATIONS: usize = 400;
const SEED: u64 = 0x0a1b_2c3d;

/// What the changes are made of and with.
struct Bench {
    whole: Pieces,
    bytes: Vec<u8>,
    /// The same scheme, whose history took another turn at the seventh record.
    fork: Pieces,
    /// Another scheme.
    other: Pieces,
    signer: Signer,
    stranger: Signer,
    dice: Dice,
}

/// A way to change a bundle. What comes out may by chance be the same.
type Change = fn(&mut Bench) -> Vec<u8>;

const CHANGES: [(&str, Change); 22] = [
    ("a bit is flipped", bit),
    ("a byte is another", byte),
    ("a byte is inserted", inserted),
    ("a byte is missing", missing),
    ("two bytes change places", swapped_bytes),
    ("a run of bytes stands twice", doubled_bytes),
    ("a run of bytes is missing", missing_bytes),
    ("the end is missing", cut),
    ("something follows", appended),
    ("two lines change places", |bench| bench.unsigned(order)),
    ("a line is missing", |bench| bench.unsigned(omission)),
    ("a line stands twice", |bench| bench.unsigned(duplication)),
    ("a line is of another bundle", |bench| {
        bench.unsigned(splice)
    }),
    ("a part is of another bundle", |bench| {
        bench.unsigned(splice_part)
    }),
    ("a record is withheld", |bench| bench.unsigned(withheld)),
    ("the tail is dropped with its checkpoint", |bench| {
        bench.unsigned(dropped_tail)
    }),
    ("signed by a stranger", |bench| {
        bench.by_stranger(|_, _, _| {})
    }),
    ("changed and signed by a stranger", |bench| {
        bench.by_stranger(any)
    }),
    ("signed by a stranger under the log's name", under_its_name),
    ("records changed by the holder of the key", by_holder),
    ("the tail dropped by the holder of the key", |bench| {
        bench.by_key(dropped_tail)
    }),
    ("another turn taken by the holder of the key", forked),
];

#[test]
fn every_mutation_is_rejected_and_the_untouched_accepted() {
    let specimen = Specimen::grow("one", "a");
    let expected = specimen.expected();
    let mut bench = Bench::new(&specimen);
    verify(&bench.bytes[..], &expected, |_| Ok(())).unwrap();
    let wanted = std::env::var("ALONGSIDE_MUTATIONS").ok();
    let wanted = wanted.map_or(MUTATIONS, |text| text.parse().expect("a number"));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut mutants: Vec<(&str, Vec<u8>)> = Vec::new();
    let folder = std::env::var_os("ALONGSIDE_MUTANTS");
    for (kind, change) in CHANGES.iter().cycle() {
        if counts.values().sum::<usize>() == wanted {
            break;
        }
        let mutant = change(&mut bench);
        if mutant == bench.bytes {
            continue; // It changed nothing this time.
        }
        let found = verify(&mutant[..], &expected, |_| Ok(()));
        assert!(
            found.is_err(),
            "{kind}: {}",
            String::from_utf8_lossy(&mutant)
        );
        *counts.entry(kind).or_default() += 1;
        if folder.is_some() {
            mutants.push((kind, mutant));
        }
    }
    for (kind, count) in &counts {
        println!("{count:>6} rejected: {kind}");
    }
    println!("{wanted} mutations rejected, the untouched bundle accepted");
    if wanted >= MUTATIONS {
        assert_eq!(counts.len(), CHANGES.len(), "each kind has been tried");
    }
    if let Some(folder) = folder {
        write(Path::new(&folder), &specimen, &bench.bytes, &mutants);
    }
}

/// Writes what verifiers that are not this one are to be fed with: mutants in one file, each behind its length.
fn write(folder: &Path, specimen: &Specimen, untouched: &[u8], mutants: &[(&str, Vec<u8>)]) {
    fs::create_dir_all(folder).unwrap();
    let keys: Vec<String> = specimen
        .expected()
        .keys
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut packed = Vec::new();
    let mut kinds = String::new();
    for (kind, mutant) in mutants {
        packed.extend(u32::try_from(mutant.len()).unwrap().to_be_bytes());
        packed.extend(mutant);
        kinds.extend([kind, "\n"]);
    }
    let last = specimen.checkpoints.last().unwrap().to_string();
    fs::write(folder.join("untouched.bundle"), untouched).unwrap();
    fs::write(folder.join("keys.txt"), keys.join("\n") + "\n").unwrap();
    fs::write(folder.join("checkpoint.txt"), last).unwrap();
    fs::write(folder.join("mutants.bin"), packed).unwrap();
    fs::write(folder.join("kinds.txt"), kinds).unwrap();
}

impl Bench {
    fn new(specimen: &Specimen) -> Self {
        let bytes = specimen.bundle(|_| {});
        let pieces = |specimen: &Specimen| Pieces::of(&specimen.bundle(|_| {}));
        Self {
            whole: Pieces::of(&bytes),
            bytes,
            fork: pieces(&Specimen::grow("one", "b")),
            other: pieces(&Specimen::grow("two", "a")),
            signer: signer(&specimen.scheme, 1),
            stranger: signer(&specimen.scheme, 2),
            dice: Dice::new(SEED),
        }
    }

    fn changed(&mut self, edit: Edit) -> Pieces {
        let mut pieces = self.whole.clone();
        let donor = if self.dice.once_in(2) {
            &self.fork
        } else {
            &self.other
        };
        edit(&mut pieces, donor, &mut self.dice);
        pieces
    }

    /// Changed by somebody without a key, who lets the manifest say so or not.
    fn unsigned(&mut self, edit: Edit) -> Vec<u8> {
        let mut pieces = self.changed(edit);
        if self.dice.once_in(2) {
            pieces.fit();
        }
        pieces.bytes()
    }

    /// Changed and made to agree with itself in everything, under another key.
    fn by_stranger(&mut self, edit: Edit) -> Vec<u8> {
        let mut pieces = self.changed(edit);
        if self.dice.once_in(2) {
            resign(&mut pieces, &self.stranger);
        }
        pieces.fit();
        pieces.signed(&self.stranger)
    }

    /// Changed by the holder of the log's key, who signs the manifest anew.
    fn by_key(&mut self, edit: Edit) -> Vec<u8> {
        let mut pieces = self.changed(edit);
        pieces.fit();
        pieces.signed(&self.signer)
    }
}

fn bit(bench: &mut Bench) -> Vec<u8> {
    let mut bytes = bench.bytes.clone();
    let at = bench.dice.index(bytes.len());
    bytes[at] ^= 1 << bench.dice.below(8);
    bytes
}

fn byte(bench: &mut Bench) -> Vec<u8> {
    let mut bytes = bench.bytes.clone();
    let at = bench.dice.index(bytes.len());
    bytes[at] = any_byte(&mut bench.dice);
    bytes
}

fn inserted(bench: &mut Bench) -> Vec<u8> {
    let mut bytes = bench.bytes.clone();
    let at = bench.dice.index(bytes.len() + 1);
    bytes.insert(at, any_byte(&mut bench.dice));
    bytes
}

fn missing(bench: &mut Bench) -> Vec<u8> {
    let mut bytes = bench.bytes.clone();
    bytes.remove(bench.dice.index(bytes.len()));
    bytes
}

fn swapped_bytes(bench: &mut Bench) -> Vec<u8> {
    let mut bytes = bench.bytes.clone();
    let (one, other) = (bench.dice.index(bytes.len()), bench.dice.index(bytes.len()));
    bytes.swap(one, other);
    bytes
}

fn doubled_bytes(bench: &mut Bench) -> Vec<u8> {
    let (from, to) = bench.run();
    [&bench.bytes[..to], &bench.bytes[from..]].concat()
}

fn missing_bytes(bench: &mut Bench) -> Vec<u8> {
    let (from, to) = bench.run();
    [&bench.bytes[..from], &bench.bytes[to..]].concat()
}

fn cut(bench: &mut Bench) -> Vec<u8> {
    bench.bytes[..bench.dice.index(bench.bytes.len())].to_vec()
}

fn appended(bench: &mut Bench) -> Vec<u8> {
    let mut bytes = bench.bytes.clone();
    if bench.dice.once_in(2) {
        bytes.extend(bench.dice.roll().to_be_bytes());
    } else {
        let line = bench.dice.index(bench.whole.records.len());
        bytes.extend(&bench.whole.records[line]);
    }
    bytes
}

impl Bench {
    /// A run of bytes, at least one, at most a few hundred.
    fn run(&mut self) -> (usize, usize) {
        let from = self.dice.index(self.bytes.len());
        let to = from + 1 + self.dice.index(400);
        (from, to.min(self.bytes.len()))
    }
}

fn any_byte(dice: &mut Dice) -> u8 {
    dice.roll().to_be_bytes()[0]
}

/// Signed by a stranger whose signature is said to be the log's, or whose key the manifest does not name.
fn under_its_name(bench: &mut Bench) -> Vec<u8> {
    let mut pieces = bench.changed(any);
    pieces.fit();
    let named = pieces.manifest.signed(&bench.stranger);
    pieces.signature = named.split_once("\n\n").unwrap().1.to_owned();
    if bench.dice.once_in(2) {
        let text = pieces.manifest.to_string();
        let mut line: Signature = pieces.signature.trim_end().parse().unwrap();
        line.key_id = bench.signer.verifier().id();
        line.bytes = bench.stranger.sign(text.as_bytes());
        pieces.signature = line.to_string();
    }
    pieces.bytes()
}

/// Records changed by the holder of the log's key, who signs manifest and, or not, every checkpoint anew.
fn by_holder(bench: &mut Bench) -> Vec<u8> {
    let mut pieces = bench.whole.clone();
    let donor = if bench.dice.once_in(2) {
        &bench.fork
    } else {
        &bench.other
    };
    match bench.dice.below(5) {
        0 => swap(&mut pieces.records, &mut bench.dice),
        1 => drop(
            pieces
                .records
                .remove(bench.dice.index(pieces.records.len())),
        ),
        2 => double(&mut pieces.records, &mut bench.dice),
        3 => replace(&mut pieces.records, &donor.records, &mut bench.dice),
        _ => {
            let at = bench.dice.index(pieces.records.len());
            let text = String::from_utf8(pieces.records[at].clone()).unwrap();
            pieces.records[at] = text.replacen("2026-01-01", "2026-01-02", 1).into_bytes();
        }
    }
    if pieces.records == bench.whole.records {
        return bench.bytes.clone();
    }
    if bench.dice.once_in(2) {
        resign(&mut pieces, &bench.signer);
    }
    pieces.fit();
    pieces.signed(&bench.signer)
}

/// A history that agrees with itself and with the key in everything: only what was kept elsewhere tells.
fn forked(bench: &mut Bench) -> Vec<u8> {
    let mut pieces = bench.fork.clone();
    if bench.dice.once_in(2) {
        // What both have in common is left with the checkpoints that were really signed.
        pieces.checkpoints[0].clone_from(&bench.whole.checkpoints[0]);
    }
    let at = 6 + bench.dice.index(pieces.records.len() - 6);
    let tale = format!("\"tale\":\"{}\"", bench.dice.roll());
    let text = String::from_utf8(pieces.records[at].clone()).unwrap();
    pieces.records[at] = text.replacen("\"tale\":\"b\"", &tale, 1).into_bytes();
    resign(&mut pieces, &bench.signer);
    pieces.fit();
    pieces.signed(&bench.signer)
}

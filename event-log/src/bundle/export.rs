//! Making a bundle from a data directory that is only read.
//!
//! The history is read twice: once to say in the manifest what there is, once to write it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::error::{BundleError, not_intact};
use super::manifest::{Manifest, Part};
use super::parts::Shape;
use super::{CHECKPOINT, RECORD_SCHEMA, WITHHELD};
use crate::checkpoint::{Checkpoint, SignedCheckpoint, Signer};
use crate::digest::Digest;
use crate::embedded::ReadOnlyStore;
use crate::merkle::{MerkleTree, leaf_head};
use crate::record::{Position, Record, SchemeId, canonical};
use crate::store::StoreError;
use crate::verify::verify_before;

/// Says which records a bundle holds; the others are withheld.
pub type Choice<'a> = dyn Fn(&Record) -> bool + 'a;

/// What goes into a bundle beside the records, and which of them.
pub struct Contents<'a> {
    /// Every checkpoint that was kept, in the order in which they were.
    pub checkpoints: Vec<SignedCheckpoint>,
    /// How many records the bundle has, of which there must be a checkpoint; as many as the latest one, if absent.
    pub size: Option<u64>,
    /// The JSON Schema of a type of event and a version, and of `record` and its format.
    pub schema: &'a dyn Fn(&str, u16) -> Option<Value>,
    /// The types of event that bring content to go by, in any order.
    pub adopted: &'a [&'a str],
    /// Which records are in it.
    pub choice: &'a Choice<'a>,
}

/// Writes the bundle of a scheme, and returns what it says of itself. The same history, checkpoints, schemas and key make
/// the same bytes.
pub fn export(
    store: &ReadOnlyStore,
    scheme: &SchemeId,
    contents: &Contents<'_>,
    signer: &Signer,
    out: &mut dyn Write,
) -> Result<Manifest, BundleError> {
    let (size, checkpoints) = checkpoints(contents, signer, scheme)?;
    let mut survey = Survey::new(contents);
    let mut kept = checkpoints
        .iter()
        .map(SignedCheckpoint::checkpoint)
        .peekable();
    let found = read(store, scheme, size, &mut |record, leaf, tree| {
        survey.take(record, leaf);
        while let Some(kept) = kept.next_if(|kept| kept.size <= tree.leaves()) {
            agree(kept, tree)?;
        }
        Ok(())
    })?;
    let notes = notes(&checkpoints);
    let schemas = schemas(contents, &survey.shapes)?;
    let manifest = Manifest {
        scheme: scheme.clone(),
        key: signer.verifier().clone(),
        schemas: part(survey.shapes.len() as u64 + 1, schemas.as_bytes()),
        checkpoints: part(checkpoints.len() as u64, notes.as_bytes()),
        records: Part {
            count: size,
            bytes: survey.bytes,
            sha256: Digest(survey.sha256.finalize().into()),
        },
        withheld: survey.withheld,
        adopted: survey.adopted,
    };
    for part in [manifest.signed(signer), schemas, notes] {
        out.write_all(part.as_bytes()).map_err(BundleError::Write)?;
    }
    let mut written = Ok(());
    let again = read(store, scheme, size, &mut |record, leaf, _| {
        written = out.write_all(&line(leaf, (contents.choice)(record)));
        // Read no further; what went wrong is told below.
        if written.is_ok() {
            Ok(())
        } else {
            Err(StoreError::Closed)
        }
    });
    written
        .and_then(|()| out.flush())
        .map_err(BundleError::Write)?;
    if again? != found {
        return Err(not_intact("the log", "it changed while it was read"));
    }
    Ok(manifest)
}

/// The key with which the log signs at present. Needs the master key.
pub fn log_signer(store: &ReadOnlyStore, scheme: &SchemeId) -> Result<Signer, BundleError> {
    let keys = store.log_keys(scheme)?;
    let vault = store.vault(scheme).map_err(BundleError::Key)?;
    let seeds = vault.signing_seeds().map_err(BundleError::Key)?;
    let (Some(key), Some((_, seed))) = (keys.last(), seeds.last()) else {
        return Err(BundleError::NoCheckpoint(scheme.to_string()));
    };
    Ok(Signer::log(key.key.name(), seed)?)
}

/// The checkpoints of a bundle in its order, and how many records it has.
fn checkpoints(
    contents: &Contents<'_>,
    signer: &Signer,
    scheme: &SchemeId,
) -> Result<(u64, Vec<SignedCheckpoint>), BundleError> {
    let size_of = |signed: &SignedCheckpoint| signed.checkpoint().size;
    let latest = contents.checkpoints.iter().map(size_of).max();
    let size = contents.size.or(latest);
    let size = size.ok_or_else(|| BundleError::NoCheckpoint(scheme.to_string()))?;
    let mut notes = HashSet::new();
    let mut found: Vec<SignedCheckpoint> = contents
        .checkpoints
        .iter()
        .filter(|signed| size_of(signed) <= size && notes.insert(signed.to_string()))
        .cloned()
        .collect();
    // Stable: of two with one size the later stays the later.
    found.sort_by_key(size_of);
    let ends = |signed: &SignedCheckpoint| {
        size_of(signed) == size && signed.verify(signer.verifier()).is_ok()
    };
    if found.last().is_some_and(ends) {
        Ok((size, found))
    } else {
        let what = format!("the first {size} records of {scheme} by the log's present key");
        Err(BundleError::NoCheckpoint(what))
    }
}

type Witness<'a> = dyn FnMut(&Record, &[u8], &MerkleTree) -> Result<(), StoreError> + 'a;

/// Reads and proves the first `size` records, and returns their root.
fn read(
    store: &ReadOnlyStore,
    scheme: &SchemeId,
    size: u64,
    witness: &mut Witness<'_>,
) -> Result<Digest, StoreError> {
    let reader = store.reader(scheme)?;
    let found = verify_before(reader, scheme, Some(Position(size)), &mut |record, tree| {
        let leaf = record.leaf().map_err(|_| StoreError::Damaged {
            position: record.position,
            reason: "it has no leaf".to_owned(),
        })?;
        witness(record, &leaf, tree)
    })?;
    Ok(found.root)
}

/// Whether a kept checkpoint has the root of the log: one that has not is evidence, and there is no bundle.
fn agree(kept: &Checkpoint, tree: &MerkleTree) -> Result<(), StoreError> {
    // The tree of no leaves is asked about when there is one.
    let root = if kept.size == 0 {
        MerkleTree::default().root()
    } else {
        tree.root()
    };
    if kept.root == root {
        return Ok(());
    }
    let size = kept.size;
    Err(StoreError::Damaged {
        position: Position(size),
        reason: format!("a checkpoint of {size} records was signed with another root"),
    })
}

/// What the first reading finds.
struct Survey<'a> {
    contents: &'a Contents<'a>,
    shapes: BTreeSet<Shape>,
    adopted: BTreeMap<String, Vec<u64>>,
    withheld: u64,
    bytes: u64,
    sha256: Sha256,
}

impl<'a> Survey<'a> {
    fn new(contents: &'a Contents<'a>) -> Self {
        Self {
            contents,
            shapes: BTreeSet::new(),
            adopted: BTreeMap::new(),
            withheld: 0,
            bytes: 0,
            sha256: Sha256::new(),
        }
    }

    fn take(&mut self, record: &Record, leaf: &[u8]) {
        let chosen = (self.contents.choice)(record);
        let line = line(leaf, chosen);
        self.bytes += line.len() as u64;
        self.sha256.update(&line);
        if !chosen {
            self.withheld += 1;
            return;
        }
        self.shapes.insert((record.kind.clone(), record.version));
        if self.contents.adopted.contains(&record.kind.as_str()) {
            let positions = self.adopted.entry(record.kind.clone()).or_default();
            positions.push(record.position.0);
        }
    }
}

/// The line of a record.
fn line(leaf: &[u8], chosen: bool) -> Vec<u8> {
    if chosen {
        [leaf, b"\n"].concat()
    } else {
        format!("{WITHHELD}{}\n", leaf_head(leaf)).into_bytes()
    }
}

/// The part of the checkpoints.
fn notes(checkpoints: &[SignedCheckpoint]) -> String {
    let mut part = String::new();
    for note in checkpoints.iter().map(ToString::to_string) {
        part.extend([CHECKPOINT, &note.len().to_string(), "\n", &note]);
    }
    part
}

/// The part of the schemas: that of a record, and of every shape in the bundle.
fn schemas(contents: &Contents<'_>, shapes: &BTreeSet<Shape>) -> Result<String, BundleError> {
    let shapes = shapes
        .iter()
        .map(|(kind, version)| (kind.as_str(), *version));
    let mut part = String::new();
    for (kind, version) in [RECORD_SCHEMA].into_iter().chain(shapes) {
        let schema = (contents.schema)(kind, version);
        let schema = schema.and_then(|schema| String::from_utf8(canonical(&schema).ok()?).ok());
        let schema = schema.ok_or_else(|| BundleError::NoSchema {
            kind: kind.to_owned(),
            version,
        })?;
        part.extend([kind, " ", &version.to_string(), " ", &schema, "\n"]);
    }
    Ok(part)
}

fn part(count: u64, bytes: &[u8]) -> Part {
    Part {
        count,
        bytes: bytes.len() as u64,
        sha256: Digest(Sha256::digest(bytes).into()),
    }
}

//! Reading the parts of a bundle in a stream, and the two that are read whole.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{BufRead, Read as _};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::error::{BundleError, not_intact, require};
use super::manifest::{MAGIC, Manifest, Part, number};
use super::{CHECKPOINT, MAX_MANIFEST_BYTES, RECORD_SCHEMA};
use crate::checkpoint::{MAX_CHECKPOINT_BYTES, NotSigned, SignedCheckpoint, VerifierKey};
use crate::digest::Digest;

/// A type of event and a version of its payload.
pub(super) type Shape = (String, u16);

/// The next line with its end, at most `limit` bytes long.
pub(super) fn read_line(
    source: &mut impl BufRead,
    limit: u64,
    place: &str,
) -> Result<Vec<u8>, BundleError> {
    let mut line = Vec::new();
    let read = source.by_ref().take(limit).read_until(b'\n', &mut line);
    read.map_err(BundleError::Read)?;
    if line.ends_with(b"\n") {
        return Ok(line);
    }
    let too_long = line.len() as u64 == limit;
    let reason = if too_long {
        "a line is too long"
    } else {
        "the file ends in the middle"
    };
    Err(not_intact(place, reason))
}

/// The manifest, from the start of a file to behind its signature.
pub(super) fn read_manifest(source: &mut impl BufRead) -> Result<Manifest, BundleError> {
    let place = "manifest";
    let mut note = Vec::new();
    let read = source
        .by_ref()
        .take(MAGIC.len() as u64 + 1)
        .read_to_end(&mut note);
    read.map_err(BundleError::Read)?;
    let begins = note == format!("{MAGIC}\n").as_bytes();
    require(begins, place, "this is not an audit bundle of version 1")?;
    let mut in_text = true;
    while in_text || note.ends_with(b"\n\n") {
        let left = MAX_MANIFEST_BYTES.saturating_sub(note.len() as u64);
        require(left > 0, place, "it is too long")?;
        note.extend(read_line(source, left, place)?);
        in_text = in_text && !note.ends_with(b"\n\n");
    }
    let note = String::from_utf8(note).map_err(|_| not_intact(place, "it is not text"))?;
    Manifest::read(&note)
}

/// A whole part. Takes no more memory than the file has bytes, whatever the manifest says.
pub(super) fn read_part(
    source: &mut impl BufRead,
    part: Part,
    place: &str,
) -> Result<Vec<u8>, BundleError> {
    let mut bytes = Vec::new();
    let read = source.by_ref().take(part.bytes).read_to_end(&mut bytes);
    let read = read.map_err(BundleError::Read)? as u64;
    require(read == part.bytes, place, "the file ends in the middle")?;
    require(
        Digest(Sha256::digest(&bytes).into()) == part.sha256,
        place,
        "it has other bytes than the manifest says",
    )?;
    Ok(bytes)
}

/// Which types and versions of events have a schema.
pub(super) fn read_schemas(bytes: &[u8], count: u64) -> Result<BTreeSet<Shape>, BundleError> {
    let place = "schemas";
    let text = std::str::from_utf8(bytes).map_err(|_| not_intact(place, "they are not text"))?;
    let mut shapes: Vec<Shape> = Vec::new();
    for line in text.split_inclusive('\n') {
        let shape = schema_line(line).ok_or_else(|| not_intact(place, "a line is no schema"))?;
        if shapes.is_empty() {
            let (kind, version) = RECORD_SCHEMA;
            let first = shape == (kind.to_owned(), version);
            require(first, place, "they do not begin with that of a record")?;
        }
        // The first is apart, and the second may be any.
        let in_order = shapes.len() < 2 || shapes.last() < Some(&shape);
        require(in_order, place, "they are out of order")?;
        shapes.push(shape);
    }
    require(
        shapes.len() as u64 == count && count > 0,
        place,
        "they are not as many as the manifest says",
    )?;
    Ok(shapes.into_iter().skip(1).collect())
}

fn schema_line(line: &str) -> Option<Shape> {
    let mut words = line.strip_suffix('\n')?.splitn(3, ' ');
    let (kind, version, schema) = (words.next()?, words.next()?, words.next()?);
    let version = u16::try_from(number(version)?).ok()?;
    let schema: Value = serde_json::from_str(schema).ok()?;
    schema.is_object().then(|| (kind.to_owned(), version))
}

/// What the checkpoints of a bundle come to.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    /// The roots they name, by the number of records.
    pub(super) roots: BTreeMap<u64, BTreeSet<Digest>>,
    /// How many signatures of witnesses were verified.
    pub(super) cosignatures: u64,
}

/// Reads the checkpoints, and verifies what these keys have signed of them.
pub(super) fn read_checkpoints(
    bytes: &[u8],
    manifest: &Manifest,
    keys: &[VerifierKey],
) -> Result<Checkpoints, BundleError> {
    let place = "checkpoints";
    let whole = std::str::from_utf8(bytes).map_err(|_| not_intact(place, "they are not text"))?;
    let mut rest = whole;
    let mut found = Checkpoints::default();
    let mut notes = HashSet::new();
    let mut last: Option<SignedCheckpoint> = None;
    while !rest.is_empty() {
        let (note, after) = next_note(rest).ok_or_else(|| not_intact(place, "one is cut off"))?;
        rest = after;
        let signed: SignedCheckpoint = note
            .parse()
            .map_err(|error| not_intact(place, format!("one cannot be read: {error}")))?;
        let checkpoint = signed.checkpoint();
        require(
            checkpoint.origin == manifest.key.name(),
            place,
            "one is of another log",
        )?;
        let before = last.as_ref().map_or(0, |last| last.checkpoint().size);
        require(before <= checkpoint.size, place, "they are out of order")?;
        require(notes.insert(note), place, "one stands twice")?;
        found.cosignatures += signers(&signed, keys, place)?
            .iter()
            .filter(|key| key.is_witness())
            .count() as u64;
        let roots = found.roots.entry(checkpoint.size).or_default();
        roots.insert(checkpoint.root);
        last = Some(signed);
    }
    require(
        notes.len() as u64 == manifest.checkpoints.count,
        place,
        "they are not as many as the manifest says",
    )?;
    let ends = last.filter(|last| last.checkpoint().size == manifest.records.count);
    let ends =
        ends.ok_or_else(|| not_intact(place, "the last one does not end where the bundle ends"))?;
    require(
        ends.verify(&manifest.key).is_ok(),
        place,
        "the last one is not signed by the bundle's key",
    )?;
    Ok(found)
}

/// The next checkpoint, and what follows it.
fn next_note(text: &str) -> Option<(&str, &str)> {
    let (head, rest) = text.split_once('\n')?;
    let bytes = usize::try_from(number(head.strip_prefix(CHECKPOINT)?)?).ok()?;
    (bytes <= MAX_CHECKPOINT_BYTES).then(|| rest.split_at_checked(bytes))?
}

/// Which of `keys` have signed it. A signature that says it is by one of them and is not, is a fault.
pub(super) fn signers<'a>(
    signed: &SignedCheckpoint,
    keys: &'a [VerifierKey],
    place: &str,
) -> Result<Vec<&'a VerifierKey>, BundleError> {
    let mut found = Vec::new();
    for key in keys {
        match signed.verify(key) {
            Ok(_) => found.push(key),
            Err(NotSigned::Absent) => {}
            Err(NotSigned::Wrong) => {
                let reason = format!("the signature by {} does not verify", key.name());
                return Err(not_intact(place, reason));
            }
        }
    }
    Ok(found)
}

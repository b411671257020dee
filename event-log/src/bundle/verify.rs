//! Checking a bundle, in one pass and in bounded memory.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::BufRead;

use sha2::{Digest as _, Sha256};

use super::WITHHELD;
use super::error::{BundleError, not_intact, require};
use super::manifest::Manifest;
use super::parts::{
    Checkpoints, Shape, read_checkpoints, read_line, read_manifest, read_part, read_schemas,
    signers,
};
use crate::checkpoint::{SignedCheckpoint, VerifierKey};
use crate::digest::Digest;
use crate::merkle::MerkleTree;
use crate::record::{MAX_LEAF_BYTES, Position, Record};

/// The place of what was given beside the bundle.
const GIVEN: &str = "the checkpoint given";

/// What whoever checks a bundle has from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// Keys of the log, of which one must have signed the bundle; and of witnesses, whose cosignatures are then verified.
    pub keys: Vec<VerifierKey>,
    /// The last checkpoint that was kept outside.
    pub checkpoint: Option<SignedCheckpoint>,
}

/// What was found. Only made when everything held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What the bundle says of itself.
    pub manifest: Manifest,
    /// How many cosignatures of given witnesses were verified.
    pub cosignatures: u64,
    /// The root of the whole history.
    pub root: Digest,
    /// Whether a key was given: it is the one that signed.
    pub signed_by_given: bool,
    /// How many records the checkpoint has that was given: the bundle continues it.
    pub continues: Option<u64>,
}

/// One line of the records, once it is proved to be of this history; what follows it may still not hold.
#[derive(Debug)]
pub enum Seen {
    /// A record without ciphertexts.
    Record(Box<Record>),
    /// One that is not in the bundle.
    Withheld(Position),
}

/// Checks everything, and hands each record to `see`, which may say that it will not do.
pub fn verify(
    mut source: impl BufRead,
    expected: &Expected,
    mut see: impl FnMut(Seen) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<Verified, BundleError> {
    let source = &mut source;
    let manifest = read_manifest(source)?;
    let log_keys: Vec<&VerifierKey> = expected
        .keys
        .iter()
        .filter(|key| !key.is_witness())
        .collect();
    require(
        log_keys.is_empty() || log_keys.contains(&&manifest.key),
        "manifest",
        "it is signed by another key than the one given",
    )?;
    let schemas = read_part(source, manifest.schemas, "schemas")?;
    let schemas = read_schemas(&schemas, manifest.schemas.count)?;
    let checkpoints = read_part(source, manifest.checkpoints, "checkpoints")?;
    let mut keys = expected.keys.clone();
    if !keys.contains(&manifest.key) {
        keys.push(manifest.key.clone());
    }
    let checkpoints = read_checkpoints(&checkpoints, &manifest, &keys)?;
    if let Some(kept) = &expected.checkpoint {
        check_kept(kept, &manifest, &expected.keys)?;
    }
    let kept = expected
        .checkpoint
        .as_ref()
        .map(SignedCheckpoint::checkpoint);
    let mut records = Records::new(&manifest, &schemas, &checkpoints);
    records.kept = kept.map(|kept| (kept.size, kept.root));
    let root = records.read(source, &mut see)?;
    let more = source.fill_buf().map_err(BundleError::Read)?;
    require(more.is_empty(), "end", "something follows the last record")?;
    Ok(Verified {
        cosignatures: checkpoints.cosignatures,
        root,
        signed_by_given: !log_keys.is_empty(),
        continues: kept.map(|kept| kept.size),
        manifest,
    })
}

/// What can be said of a checkpoint that was kept before the records are read.
fn check_kept(
    kept: &SignedCheckpoint,
    manifest: &Manifest,
    keys: &[VerifierKey],
) -> Result<(), BundleError> {
    let checkpoint = kept.checkpoint();
    require(
        checkpoint.origin == manifest.key.name(),
        GIVEN,
        "it is of another log",
    )?;
    if keys.iter().any(|key| !key.is_witness()) {
        let found = signers(kept, keys, GIVEN)?;
        require(
            found.iter().any(|key| !key.is_witness()),
            GIVEN,
            "it is not signed by the key given",
        )?;
    }
    if checkpoint.size > manifest.records.count {
        let reason = format!(
            "it has {} records, and the bundle ends at {}: what followed was dropped, or the bundle is older",
            checkpoint.size, manifest.records.count
        );
        return Err(not_intact(GIVEN, reason));
    }
    Ok(())
}

/// The records as they are read.
struct Records<'a> {
    manifest: &'a Manifest,
    schemas: &'a BTreeSet<Shape>,
    checkpoints: &'a Checkpoints,
    /// How many records the checkpoint has that was given, and its root.
    kept: Option<(u64, Digest)>,
    tree: MerkleTree,
    sha256: Sha256,
    bytes: u64,
    withheld: u64,
    used: BTreeSet<Shape>,
    adopted: BTreeMap<String, Vec<u64>>,
    last_recorded_at: String,
}

type See<'a> = dyn FnMut(Seen) -> Result<(), Box<dyn Error + Send + Sync>> + 'a;

impl<'a> Records<'a> {
    fn new(
        manifest: &'a Manifest,
        schemas: &'a BTreeSet<Shape>,
        checkpoints: &'a Checkpoints,
    ) -> Self {
        let kinds = manifest.adopted.keys();
        Self {
            manifest,
            schemas,
            checkpoints,
            kept: None,
            tree: MerkleTree::default(),
            sha256: Sha256::new(),
            bytes: 0,
            withheld: 0,
            used: BTreeSet::new(),
            adopted: kinds.map(|kind| (kind.clone(), Vec::new())).collect(),
            last_recorded_at: String::new(),
        }
    }

    fn read(mut self, source: &mut impl BufRead, see: &mut See<'_>) -> Result<Digest, BundleError> {
        self.compare()?;
        for position in 1..=self.manifest.records.count {
            let place = format!("record {position}");
            let line = read_line(source, MAX_LEAF_BYTES as u64 + 1, &place)?;
            self.sha256.update(&line);
            self.bytes += line.len() as u64;
            let seen = self.take(&line[..line.len() - 1], position, &place)?;
            self.compare()?;
            see(seen).map_err(|source| BundleError::Refused { position, source })?;
        }
        self.finish()
    }

    /// Takes one line, without its end.
    fn take(&mut self, leaf: &[u8], position: u64, place: &str) -> Result<Seen, BundleError> {
        if let Some(digest) = leaf.strip_prefix(WITHHELD.as_bytes()) {
            let digest = std::str::from_utf8(digest).ok();
            let digest: Option<Digest> = digest.and_then(|digest| digest.parse().ok());
            let digest = digest.ok_or_else(|| not_intact(place, "it is no leaf hash"))?;
            self.tree.push_head(digest);
            self.withheld += 1;
            return Ok(Seen::Withheld(Position(position)));
        }
        let record = Record::from_leaf(leaf)
            .map_err(|error| not_intact(place, format!("it is no record: {error}")))?;
        require(
            record.scheme == self.manifest.scheme,
            place,
            "it is of another scheme",
        )?;
        require(
            record.position == Position(position),
            place,
            "it is of another position",
        )?;
        require(
            self.last_recorded_at <= record.recorded_at,
            place,
            "its time goes backwards",
        )?;
        self.last_recorded_at.clone_from(&record.recorded_at);
        let shape = (record.kind.clone(), record.version);
        require(
            self.schemas.contains(&shape),
            place,
            "its type and version have no schema",
        )?;
        if let Some(positions) = self.adopted.get_mut(&record.kind) {
            positions.push(position);
        }
        self.used.insert(shape);
        self.tree.push(leaf);
        Ok(Seen::Record(Box::new(record)))
    }

    /// Whether the root is that of every checkpoint with so many records.
    fn compare(&self) -> Result<(), BundleError> {
        let leaves = self.tree.leaves();
        let differs = |root: &Digest| *root != self.tree.root();
        let other = || format!("the first {leaves} records have another root");
        let checkpoints = self.checkpoints.roots.get(&leaves);
        if checkpoints.is_some_and(|roots| roots.iter().any(differs)) {
            return Err(not_intact("checkpoints", other()));
        }
        match self.kept {
            Some((size, root)) if size == leaves && differs(&root) => {
                Err(not_intact(GIVEN, other()))
            }
            _ => Ok(()),
        }
    }

    /// Compares what was read with what the manifest says.
    fn finish(self) -> Result<Digest, BundleError> {
        let part = self.manifest.records;
        let same = self.bytes == part.bytes && Digest(self.sha256.finalize().into()) == part.sha256;
        require(
            same,
            "records",
            "they have other bytes than the manifest says",
        )?;
        require(self.used == *self.schemas, "schemas", "one is of no record")?;
        let named =
            self.adopted == self.manifest.adopted && !self.adopted.values().any(Vec::is_empty);
        require(
            named,
            "manifest",
            "it says otherwise what was adopted where",
        )?;
        require(
            self.withheld == self.manifest.withheld,
            "manifest",
            "it says otherwise how many records are withheld",
        )?;
        Ok(self.tree.root())
    }
}

//! Small histories for the tests of bundles, and bundles taken apart and put together again.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use super::manifest::{Manifest, Part};
use super::parts::read_manifest;
use super::{CHECKPOINT, Contents, Expected, export};
use crate::checkpoint::{Checkpoint, SignedCheckpoint, Signer};
use crate::conformance::samples;
use crate::digest::Digest;
use crate::embedded::{Embedded, ReadOnlyStore};
use crate::record::{Place, Position, Record, SchemeId};
use crate::store::EventStore as _;
use crate::testing::{open, options, quick_folder, scheme};

pub(super) const PERSON: Uuid = Uuid::from_u128(0xada);
/// Of which sizes there are checkpoints.
const SIZES: [u64; 4] = [5, 9, 14, 18];

/// One scheme on a disk, with checkpoints that were kept on its way.
pub(super) struct Specimen {
    folder: TempDir,
    pub(super) scheme: SchemeId,
    pub(super) signer: Signer,
    pub(super) witness: Signer,
    pub(super) checkpoints: Vec<SignedCheckpoint>,
}

pub(super) fn signer(name: &SchemeId, first: u8) -> Signer {
    Signer::log(&format!("alongside/{name}"), &[first; 32]).unwrap()
}

impl Specimen {
    /// A history of eighteen records; with another `tale` they differ from the seventh on.
    pub(super) fn grow(name: &str, tale: &str) -> Self {
        let folder = quick_folder();
        let scheme = scheme(name);
        let store = open(folder.path());
        store.create(&scheme).unwrap();
        let vault = store.vault(&scheme).unwrap();
        let mut group = samples(&scheme, Position::ZERO, 18);
        for record in &mut group {
            let tale = if record.position.0 < 7 { "" } else { tale };
            record.data = json!({ "number": record.position.to_string(), "tale": tale });
            match record.position.0 {
                1 | 12 => "policy.adopted".clone_into(&mut record.kind),
                2 => "calendar.adopted".clone_into(&mut record.kind),
                15 => record.version = 2,
                _ => {}
            }
            if record.position.0 % 4 == 0 {
                let key = vault.ensure_key(PERSON).unwrap();
                let sealed = vault.seal(&Place::of(record), "/name", key, 1, b"Ada Lovelace");
                record.sealed.push(sealed.unwrap());
            }
        }
        store.append(&scheme, Position::ZERO, group).unwrap();
        store.close().unwrap();
        let mut specimen = Self {
            signer: signer(&scheme, 1),
            witness: Signer::witness("witness.example/w1", &[9; 32]).unwrap(),
            folder,
            scheme,
            checkpoints: Vec::new(),
        };
        specimen.checkpoints = SIZES.map(|size| specimen.checkpoint(size)).to_vec();
        specimen
    }

    fn checkpoint(&self, size: u64) -> SignedCheckpoint {
        let found = self
            .store()
            .verify_to(&self.scheme, Position(size))
            .unwrap();
        let checkpoint = Checkpoint {
            origin: self.signer.verifier().name().to_owned(),
            size,
            root: found.root,
        };
        let signed = SignedCheckpoint::sign(checkpoint, std::slice::from_ref(&self.signer));
        signed
            .unwrap()
            .cosigned(&self.witness, 1_700_000_000 + size)
    }

    pub(super) fn store(&self) -> ReadOnlyStore {
        Embedded::open_read_only(self.folder.path(), options()).unwrap()
    }

    /// The bundle of everything, after `edit` has changed what goes into it.
    pub(super) fn bundle(&self, edit: impl FnOnce(&mut Contents<'_>)) -> Vec<u8> {
        let mut contents = Contents {
            checkpoints: self.checkpoints.clone(),
            size: None,
            schema: &schema,
            adopted: &["policy.adopted", "calendar.adopted", "register.adopted"],
            choice: &|_: &Record| true,
        };
        edit(&mut contents);
        let mut bytes = Vec::new();
        export(
            &self.store(),
            &self.scheme,
            &contents,
            &self.signer,
            &mut bytes,
        )
        .unwrap();
        bytes
    }

    /// What somebody has who kept everything: both keys, and the last checkpoint.
    pub(super) fn expected(&self) -> Expected {
        Expected {
            keys: vec![
                self.signer.verifier().clone(),
                self.witness.verifier().clone(),
            ],
            checkpoint: self.checkpoints.last().cloned(),
        }
    }
}

/// A schema of anything; `None` of a type that nobody knows.
#[expect(clippy::unnecessary_wraps, reason = "as `Contents` asks for it")]
pub(super) fn schema(kind: &str, version: u16) -> Option<Value> {
    Some(json!({ "type": "object", "title": format!("{kind}, version {version}") }))
}

/// A bundle in pieces.
#[derive(Clone)]
pub(super) struct Pieces {
    pub(super) manifest: Manifest,
    /// The line below the manifest.
    pub(super) signature: String,
    pub(super) schemas: Vec<String>,
    pub(super) checkpoints: Vec<String>,
    pub(super) records: Vec<Vec<u8>>,
}

impl Pieces {
    pub(super) fn of(bundle: &[u8]) -> Self {
        let mut rest = bundle;
        let manifest = read_manifest(&mut rest).unwrap();
        let note = std::str::from_utf8(&bundle[..bundle.len() - rest.len()]).unwrap();
        let (_, signature) = note.split_once("\n\n").unwrap();
        let length = |part: Part| usize::try_from(part.bytes).unwrap();
        let (schemas, rest) = rest.split_at(length(manifest.schemas));
        let (checkpoints, records) = rest.split_at(length(manifest.checkpoints));
        let schemas = std::str::from_utf8(schemas).unwrap();
        let checkpoints = std::str::from_utf8(checkpoints).unwrap();
        let notes = checkpoints.split(CHECKPOINT).skip(1);
        Self {
            signature: signature.to_owned(),
            schemas: schemas.split_inclusive('\n').map(str::to_owned).collect(),
            checkpoints: notes
                .map(|note| note.split_once('\n').unwrap().1.to_owned())
                .collect(),
            records: records
                .split_inclusive(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect(),
            manifest,
        }
    }

    /// The parts behind the manifest, as bytes.
    fn parts(&self) -> [Vec<u8>; 3] {
        let mut notes = String::new();
        for note in &self.checkpoints {
            notes.extend([CHECKPOINT, &note.len().to_string(), "\n", note]);
        }
        [
            self.schemas.concat().into_bytes(),
            notes.into_bytes(),
            self.records.concat(),
        ]
    }

    /// Lets the manifest say what there is now.
    pub(super) fn fit(&mut self) {
        let [schemas, checkpoints, records] = self.parts();
        let part = |count: usize, bytes: &[u8]| Part {
            count: count as u64,
            bytes: bytes.len() as u64,
            sha256: Digest(Sha256::digest(bytes).into()),
        };
        self.manifest.schemas = part(self.schemas.len(), &schemas);
        self.manifest.checkpoints = part(self.checkpoints.len(), &checkpoints);
        self.manifest.records = part(self.records.len(), &records);
        let withheld = self
            .records
            .iter()
            .filter(|line| line.starts_with(b"withheld "));
        self.manifest.withheld = withheld.count() as u64;
        for (kind, positions) in &mut self.manifest.adopted {
            let name = format!("\"type\":\"{kind}\"");
            let has = |line: &[u8]| String::from_utf8_lossy(line).contains(&name);
            let at = (1..).zip(&self.records).filter(|(_, line)| has(line));
            *positions = at.map(|(position, _)| position).collect();
        }
        self.manifest
            .adopted
            .retain(|_, positions| !positions.is_empty());
    }

    /// The manifest's text with whatever signature line there is.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let note = format!("{}\n{}", self.manifest, self.signature);
        [note.into_bytes(), self.parts().concat()].concat()
    }

    /// Signed by `signer`, whose key the manifest then names.
    pub(super) fn signed(mut self, signer: &Signer) -> Vec<u8> {
        self.manifest.key = signer.verifier().clone();
        [
            self.manifest.signed(signer).into_bytes(),
            self.parts().concat(),
        ]
        .concat()
    }
}

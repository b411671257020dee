//! What a bundle says of itself: a C2SP signed note.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Peekable;
use std::str::{FromStr, Lines};

use super::error::{BundleError, not_intact, require};
use super::{MAX_NUMBER, MAX_PART_BYTES};
use crate::checkpoint::{Signature, Signer, VerifierKey};
use crate::digest::Digest;
use crate::record::SchemeId;

/// The first line. It ends differently where the format does.
pub(super) const MAGIC: &str = "alongside audit bundle 1";
const PLACE: &str = "manifest";

/// What a bundle says of itself, signed with the log's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Whose history it is.
    pub scheme: SchemeId,
    /// The key of the log.
    pub key: VerifierKey,
    /// Where content stands that was adopted: the type of the event, and the positions of all its records in the bundle.
    pub adopted: BTreeMap<String, Vec<u64>>,
    /// The schemas.
    pub schemas: Part,
    /// The checkpoints.
    pub checkpoints: Part,
    /// The records, withheld ones among them.
    pub records: Part,
    /// How many records are withheld.
    pub withheld: u64,
}

/// One of the three parts behind the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many there are in it.
    pub count: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// The text that is signed.
impl fmt::Display for Manifest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{MAGIC}")?;
        writeln!(formatter, "scheme {}", self.scheme)?;
        writeln!(formatter, "key {}", self.key)?;
        for (kind, positions) in &self.adopted {
            write!(formatter, "adopted {kind}")?;
            for position in positions {
                write!(formatter, " {position}")?;
            }
            writeln!(formatter)?;
        }
        writeln!(formatter, "schemas {}", self.schemas)?;
        writeln!(formatter, "checkpoints {}", self.checkpoints)?;
        writeln!(formatter, "records {}", self.records)?;
        writeln!(formatter, "withheld {}", self.withheld)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.count, self.bytes, self.sha256)
    }
}

impl Manifest {
    /// The note, as a bundle begins with it.
    pub(super) fn signed(&self, signer: &Signer) -> String {
        let text = self.to_string();
        let signature = Signature::by(signer.verifier(), signer.sign(text.as_bytes()));
        format!("{text}\n{signature}")
    }

    /// Reads a note that ends behind its one signature, which must be that of the key it names.
    pub(super) fn read(note: &str) -> Result<Self, BundleError> {
        let (text, signature) = note
            .split_once("\n\n")
            .ok_or_else(|| not_intact(PLACE, "it is not a signed note"))?;
        let text = format!("{text}\n");
        let manifest =
            parsed(&text).ok_or_else(|| not_intact(PLACE, "it is not spelled as manifests are"))?;
        // Whatever else may be read the same way is not the one spelling.
        require(
            manifest.to_string() == text,
            PLACE,
            "it is not spelled as manifests are",
        )?;
        for part in [manifest.schemas, manifest.checkpoints] {
            require(
                part.bytes <= MAX_PART_BYTES,
                PLACE,
                "it announces too many bytes",
            )?;
        }
        require(!manifest.key.is_witness(), PLACE, "its key is no log's")?;
        let line = signature.strip_suffix('\n').unwrap_or_default();
        let read: Option<Signature> = Signature::from_str(line).ok();
        let read = read.filter(|read| read.to_string() == signature);
        let signature = read.ok_or_else(|| not_intact(PLACE, "it has not one signature"))?;
        let key = &manifest.key;
        require(
            signature.name == key.name() && signature.key_id == key.id(),
            PLACE,
            "it is signed by another key than it names",
        )?;
        require(
            key.holds(text.as_bytes(), &signature.bytes),
            PLACE,
            "the signature does not verify",
        )?;
        Ok(manifest)
    }
}

/// A manifest that may be this text.
fn parsed(text: &str) -> Option<Manifest> {
    let mut lines = text.lines().peekable();
    let mut after = |word: &'static str| next_after(&mut lines, word);
    after(MAGIC).filter(|rest| rest.is_empty())?;
    let scheme = after("scheme ")?.parse().ok()?;
    let key = after("key ")?.parse().ok()?;
    let mut adopted = BTreeMap::new();
    while let Some(rest) = after("adopted ") {
        let mut words = rest.split(' ');
        let kind = words.next()?.to_owned();
        let positions = words.map(number).collect::<Option<Vec<u64>>>()?;
        adopted.insert(kind, positions);
    }
    Some(Manifest {
        scheme,
        key,
        adopted,
        schemas: part(after("schemas ")?)?,
        checkpoints: part(after("checkpoints ")?)?,
        records: part(after("records ")?)?,
        withheld: number(after("withheld ")?)?,
    })
}

/// The rest of the next line, if it begins with `word`.
fn next_after<'a>(lines: &mut Peekable<Lines<'a>>, word: &str) -> Option<&'a str> {
    let line = lines.next_if(|line| line.starts_with(word))?;
    line.strip_prefix(word)
}

fn part(text: &str) -> Option<Part> {
    let mut words = text.split(' ');
    Some(Part {
        count: number(words.next()?)?,
        bytes: number(words.next()?)?,
        sha256: words.next()?.parse().ok()?,
    })
}

/// A number as bundles spell it, as far as reading it anew does not show.
pub(super) fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number <= MAX_NUMBER && number.to_string() == text).then_some(number)
}

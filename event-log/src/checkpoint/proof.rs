//! That one record is in a log, in a file that can be checked anywhere and years later: C2SP `tlog-proof`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{CheckpointError, SignedCheckpoint};
use crate::digest::Digest;
use crate::merkle::{head_by_path, leaf_head};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// The most heads of a path: one for each bit of a position.
const MAX_PATH: usize = 64;

/// Where a leaf stands, its way to the root, and the signed checkpoint that has this root. The leaf itself is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// The place of the leaf, from 0: its position less one.
    pub index: u64,
    /// The heads beside its way up, lowest first.
    pub path: Vec<Digest>,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

impl LogProof {
    /// Whether this proves the leaf of these bytes to be in the log at its place. That the checkpoint is signed by whom one
    /// trusts is to be verified apart.
    #[must_use]
    pub fn proves(&self, leaf: &[u8]) -> bool {
        let of = self.checkpoint.checkpoint();
        head_by_path(leaf_head(leaf), self.index, of.size, &self.path) == Some(of.root)
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{FIRST_LINE}\nindex {}", self.index)?;
        for head in &self.path {
            writeln!(formatter, "{}", STANDARD.encode(head.0))?;
        }
        write!(formatter, "\n{}", self.checkpoint)
    }
}

impl FromStr for LogProof {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(CheckpointError::Proof)?;
        let mut lines = proof.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(CheckpointError::Proof);
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(|index| index.parse().ok());
        let path: Option<Vec<Digest>> = lines
            .take(MAX_PATH + 1)
            .map(|line| Some(Digest(STANDARD.decode(line).ok()?.try_into().ok()?)))
            .collect();
        let found = Self {
            index: index.ok_or(CheckpointError::Proof)?,
            path: path.ok_or(CheckpointError::Proof)?,
            checkpoint: checkpoint.parse()?,
        };
        // One spelling of each, and nothing beside it.
        if found.to_string() == text && found.path.len() <= MAX_PATH {
            Ok(found)
        } else {
            Err(CheckpointError::Proof)
        }
    }
}

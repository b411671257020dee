//! What a log says of itself to be held to later: its size and its root, signed.
//!
//! ```text
//! alongside/mentor-plus                            the origin: which log
//! 20852                                            how many records
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     the Merkle tree head over their leaves
//!
//! — alongside/mentor-plus Az3grlgtzPICa5OS8np…     who says so: one line a signature
//! ```
//!
//! The form is C2SP `tlog-checkpoint` in a C2SP `signed-note`, so that tools that are not ours read it; a witness adds
//! its line by C2SP `tlog-cosignature`. The text is kept as it came: a signature covers bytes, not what they mean.

mod key;
mod proof;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use key::is_name;
pub use key::{SEED_BYTES, Signer, VerifierKey, witness_secret};
pub use proof::LogProof;

use crate::digest::Digest;

/// The most bytes of a signed checkpoint, its signatures included.
pub const MAX_CHECKPOINT_BYTES: usize = 64 << 10;
/// The most signatures of one checkpoint. Ours carry two or three; the format asks that sixteen be taken.
const MAX_SIGNATURES: usize = 100;
/// What a line with a signature begins with: an em dash and a space.
const SIGNATURE: &str = "\u{2014} ";
/// Bytes of an Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;

/// Why a text is no checkpoint, or no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It is not lines of text, a blank line and lines of signatures.
    #[error("it is not a signed note: lines of text, an empty line, and a line for each signature")]
    Note,
    /// More than is read.
    #[error(
        "it is larger than {MAX_CHECKPOINT_BYTES} bytes or has more than {MAX_SIGNATURES} signatures"
    )]
    TooLarge,
    /// Its text is not origin, size and root.
    #[error("its text is not three lines: an origin, a size, and a root in base64")]
    Text,
    /// The name of a key has what a name may not have.
    #[error("the name of a key is empty, or has a space or a plus in it")]
    Name,
    /// The text is not a proof that a record is in a log.
    #[error(
        "it is not a tlog-proof of the first version: its first line, the index, the path and a signed checkpoint"
    )]
    Proof,
    /// The text is not a verifier key for Ed25519.
    #[error(
        "it is not a verifier key: a name, eight hexadecimal digits and base64, with a plus between them"
    )]
    Key,
}

/// Why a signed checkpoint proves nothing to the holder of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotSigned {
    /// There is no signature by this key.
    #[error("this key has not signed it")]
    Absent,
    /// There is one, and it is of something else.
    #[error(
        "it bears this key's signature, but of something else: it was changed after it was signed"
    )]
    Wrong,
}

/// The size and root of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a line of text that no other log has.
    pub origin: String,
    /// How many records it has; also the position of the last.
    pub size: u64,
    /// The Merkle tree head of RFC 6962 over their leaves.
    pub root: Digest,
}

/// The text that is signed: three lines, each with its end.
impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = STANDARD.encode(self.root.0);
        write!(formatter, "{}\n{}\n{root}\n", self.origin, self.size)
    }
}

impl Checkpoint {
    /// Reads the first three lines of `text`. Others may follow, which mean nothing here.
    fn read(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').unwrap_or_default().split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Text);
        };
        let number: u64 = size.parse().map_err(|_| CheckpointError::Text)?;
        let root = STANDARD.decode(root).map_err(|_| CheckpointError::Text)?;
        let root = root.try_into().map_err(|_| CheckpointError::Text)?;
        // No sign and no leading zero: there is one way to write a size.
        if origin.is_empty() || number.to_string() != size || lines.any(str::is_empty) {
            return Err(CheckpointError::Text);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: number,
            root: Digest(root),
        })
    }
}

/// A line below a checkpoint that says who stands by it. Nothing is proved by having read one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key, as the line says it.
    pub name: String,
    /// What tells the key from others of its name, as the line says it.
    pub key_id: [u8; 4],
    pub(crate) bytes: Vec<u8>,
}

/// A checkpoint with the signatures below it, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    text: String,
    signatures: Vec<Signature>,
}

/// The very bytes that were read or made.
impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)?;
        formatter.write_str("\n")?;
        self.signatures
            .iter()
            .try_for_each(|signature| signature.fmt(formatter))
    }
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointError;

    fn from_str(note: &str) -> Result<Self, CheckpointError> {
        if note.len() > MAX_CHECKPOINT_BYTES {
            return Err(CheckpointError::TooLarge);
        }
        if note.chars().any(|letter| letter < ' ' && letter != '\n') {
            return Err(CheckpointError::Note);
        }
        let end = note.rfind("\n\n").ok_or(CheckpointError::Note)? + 1;
        let (text, below) = (&note[..end], &note[end + 1..]);
        let lines = below.strip_suffix('\n').ok_or(CheckpointError::Note)?;
        let signatures: Vec<Signature> = lines
            .split('\n')
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(CheckpointError::TooLarge);
        }
        let signed = Self {
            checkpoint: Checkpoint::read(text)?,
            text: text.to_owned(),
            signatures,
        };
        // Base64 that is spelled otherwise would come back as other bytes.
        if signed.to_string() == note {
            Ok(signed)
        } else {
            Err(CheckpointError::Note)
        }
    }
}

impl SignedCheckpoint {
    /// Signs `checkpoint` with every one of `signers`, of which there must be one.
    pub fn sign(checkpoint: Checkpoint, signers: &[Signer]) -> Result<Self, CheckpointError> {
        let text = checkpoint.to_string();
        // What would be read as something else is not signed.
        if Checkpoint::read(&text)? != checkpoint || signers.is_empty() {
            return Err(CheckpointError::Text);
        }
        let sign = |signer: &Signer| Signature::by(signer.verifier(), signer.sign(text.as_bytes()));
        Ok(Self {
            checkpoint,
            signatures: signers.iter().map(sign).collect(),
            text,
        })
    }

    /// What is signed.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The lines below it, checked by nobody yet.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Whether the holder of `key` stands by this. If it is a witness's, since when: seconds since 1970.
    pub fn verify(&self, key: &VerifierKey) -> Result<Option<u64>, NotSigned> {
        let mut outcome = Err(NotSigned::Absent);
        for signature in self.signatures.iter().filter(|line| line.is_by(key)) {
            outcome = Ok(self.time_of(key, &signature.bytes)?);
        }
        outcome
    }

    /// Whether both are the same text, whoever has signed it.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.text == other.text
    }

    /// The same with the lines of these below it. A line that is there by the same key goes.
    #[must_use]
    pub(crate) fn joined(mut self, lines: impl IntoIterator<Item = Signature>) -> Self {
        for line in lines {
            let by = |other: &Signature| (&other.name, other.key_id) == (&line.name, line.key_id);
            self.signatures.retain(|other| !by(other));
            self.signatures.push(line);
        }
        self
    }

    /// The same with a line more: that `witness` has checked it at `seconds` since 1970. An earlier line of the same key
    /// goes.
    #[must_use]
    pub fn cosigned(self, witness: &Signer, seconds: u64) -> Self {
        let message = cosigned_message(seconds, &self.text);
        let signature = [
            &seconds.to_be_bytes()[..],
            &witness.sign(message.as_bytes()),
        ]
        .concat();
        self.joined([Signature::by(witness.verifier(), signature)])
    }

    /// The time that a signature carries, if it carries one; it must hold.
    fn time_of(&self, key: &VerifierKey, signature: &[u8]) -> Result<Option<u64>, NotSigned> {
        if signature.len() != SIGNATURE_BYTES + if key.is_witness() { 8 } else { 0 } {
            return Err(NotSigned::Wrong);
        }
        let (time, signature) = signature.split_at(signature.len() - SIGNATURE_BYTES);
        let time = time.try_into().ok().map(u64::from_be_bytes);
        let message = match time {
            Some(seconds) => cosigned_message(seconds, &self.text),
            None => self.text.clone(),
        };
        if key.holds(message.as_bytes(), signature) {
            Ok(time)
        } else {
            Err(NotSigned::Wrong)
        }
    }
}

/// What a witness signs (C2SP `tlog-cosignature`, version 1).
fn cosigned_message(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

impl Signature {
    pub(crate) fn by(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self {
            name: key.name().to_owned(),
            key_id: key.id(),
            bytes,
        }
    }

    /// Whether it says that it is by `key`.
    pub(crate) fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.key_id == key.id()
    }
}

/// One line, with its end.
impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = STANDARD.encode([&self.key_id[..], &self.bytes].concat());
        writeln!(formatter, "{SIGNATURE}{} {bytes}", self.name)
    }
}

impl FromStr for Signature {
    type Err = CheckpointError;

    fn from_str(line: &str) -> Result<Self, CheckpointError> {
        let line = line.strip_prefix(SIGNATURE).ok_or(CheckpointError::Note)?;
        let (name, bytes) = line.split_once(' ').ok_or(CheckpointError::Note)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| CheckpointError::Note)?;
        let (key_id, bytes) = bytes.split_first_chunk().ok_or(CheckpointError::Note)?;
        if !is_name(name) || bytes.is_empty() {
            return Err(CheckpointError::Note);
        }
        Ok(Self {
            name: name.to_owned(),
            key_id: *key_id,
            bytes: bytes.to_vec(),
        })
    }
}

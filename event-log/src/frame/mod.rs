//! The bytes of an append-only file: a header, then frames; one frame is one group.
//!
//! ```text
//! file    = header (128 bytes) frame*
//! frame   = header (60 bytes)  payload
//! payload = (length: u32, bytes)*          all numbers little-endian
//! ```
//!
//! Journal, operations journal and keyring are all written like this; they differ in what their entries
//! mean, which is not known here. A frame without entries closes a file: what came before it was synced.

mod file;
mod scan;

use sha2::{Digest, Sha256};

pub(crate) use file::{Damage, FramedFile, TORN, WriteError, read_header, scan};
pub(crate) use scan::{Scanner, Step, Tail};

use crate::record::{RECORD_FORMAT, SchemeId};
use crate::store::{MAX_GROUP_BYTES, MAX_GROUP_RECORDS};

/// SHA-256 of a whole frame, header and payload.
pub(crate) type FrameHash = [u8; 32];

/// Bytes of a file's header.
pub(crate) const FILE_HEADER_BYTES: usize = 128;
/// Bytes of a frame's header.
pub(crate) const FRAME_HEADER_BYTES: usize = 60;
/// The most bytes of a whole frame: never is more than this unsynced.
pub(crate) const MAX_FRAME_BYTES: usize =
    FRAME_HEADER_BYTES + MAX_GROUP_BYTES + 4 * MAX_GROUP_RECORDS;

const FILE_MAGIC: [u8; 8] = *b"ALONGLOG";
const FRAME_MAGIC: [u8; 4] = *b"AFRM";
/// How frames are laid out; [`RECORD_FORMAT`] beside it says what is in those of a journal.
const FRAME_FORMAT: u16 = 1;

/// What a file of frames is for. Part of its header, so that one can never pass for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum FileKind {
    Journal = 1,
    Operations = 2,
    Keyring = 3,
}

/// The start of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileHeader {
    pub(crate) kind: FileKind,
    pub(crate) scheme: SchemeId,
    /// The first position of a journal's segment; the generation of any other file. It is also the name.
    pub(crate) number: u64,
    /// Hash of the last frame of the previous segment; zeros where there is none.
    pub(crate) previous: FrameHash,
}

impl FileHeader {
    /// The number of the first entry: segments count through, other files count for themselves.
    pub(crate) fn first_entry(&self) -> u64 {
        if self.kind == FileKind::Journal {
            self.number
        } else {
            1
        }
    }

    pub(crate) fn encode(&self) -> [u8; FILE_HEADER_BYTES] {
        let name = self.scheme.as_str().as_bytes();
        let mut bytes = [0; FILE_HEADER_BYTES];
        bytes[0..8].copy_from_slice(&FILE_MAGIC);
        bytes[8..10].copy_from_slice(&FRAME_FORMAT.to_le_bytes());
        bytes[10..12].copy_from_slice(&RECORD_FORMAT.to_le_bytes());
        bytes[12] = self.kind as u8;
        bytes[13] = u8::try_from(name.len()).unwrap_or(u8::MAX);
        bytes[14..14 + name.len()].copy_from_slice(name);
        bytes[78..86].copy_from_slice(&self.number.to_le_bytes());
        bytes[86..118].copy_from_slice(&self.previous);
        let checksum = crc32c::crc32c(&bytes[..124]);
        bytes[124..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The header whose bytes these are, given what it must say. `None` for anything else.
    pub(crate) fn decode(bytes: &[u8], kind: FileKind, scheme: &SchemeId) -> Option<Self> {
        let number = u64::from_le_bytes(bytes.get(78..86)?.try_into().ok()?);
        let previous = bytes.get(86..118)?.try_into().ok()?;
        let header = Self {
            kind,
            scheme: scheme.clone(),
            number,
            previous,
        };
        // Reading is comparing: there is only one way to write each header.
        (header.encode() == *bytes).then_some(header)
    }
}

/// The start of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) payload_bytes: u32,
    /// The number of its first entry; of a closing frame, of the entry that would come next.
    pub(crate) first: u64,
    pub(crate) count: u32,
    pub(crate) payload_crc: u32,
    pub(crate) previous: FrameHash,
}

impl FrameHeader {
    /// The header for `payload`.
    pub(crate) fn new(first: u64, count: usize, payload: &[u8], previous: FrameHash) -> Self {
        // Both fit: a group's limits lie far below 2^32.
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let payload_crc = crc32c::crc32c(payload);
        Self {
            payload_bytes: small(payload.len()),
            first,
            count: small(count),
            payload_crc,
            previous,
        }
    }

    pub(crate) fn encode(&self) -> [u8; FRAME_HEADER_BYTES] {
        let mut bytes = [0; FRAME_HEADER_BYTES];
        bytes[0..4].copy_from_slice(&FRAME_MAGIC);
        bytes[4..8].copy_from_slice(&self.payload_bytes.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.first.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.count.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.payload_crc.to_le_bytes());
        bytes[24..56].copy_from_slice(&self.previous);
        let checksum = crc32c::crc32c(&bytes[..56]);
        bytes[56..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let number = |from: usize| {
            Some(u32::from_le_bytes(
                bytes.get(from..from + 4)?.try_into().ok()?,
            ))
        };
        let header = Self {
            payload_bytes: number(4)?,
            first: u64::from_le_bytes(bytes.get(8..16)?.try_into().ok()?),
            count: number(16)?,
            payload_crc: number(20)?,
            previous: bytes.get(24..56)?.try_into().ok()?,
        };
        let known = bytes.get(..4)? == FRAME_MAGIC && number(56)? == crc32c::crc32c(&bytes[..56]);
        known.then_some(header)
    }

    /// Bytes of the whole frame.
    pub(crate) fn frame_bytes(&self) -> u64 {
        FRAME_HEADER_BYTES as u64 + u64::from(self.payload_bytes)
    }

    /// Hash of the whole frame that begins like this.
    pub(crate) fn hash(&self, payload: &[u8]) -> FrameHash {
        Sha256::new()
            .chain_update(self.encode())
            .chain_update(payload)
            .finalize()
            .into()
    }
}

/// Hash of a whole frame as it stands in a file.
pub(crate) fn frame_hash(frame: &[u8]) -> FrameHash {
    Sha256::digest(frame).into()
}

/// A payload of these entries.
pub(crate) fn join(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(entries.iter().map(|entry| entry.len() + 4).sum());
    for entry in entries {
        payload.extend_from_slice(&u32::try_from(entry.len()).unwrap_or(u32::MAX).to_le_bytes());
        payload.extend_from_slice(entry);
    }
    payload
}

/// The entries of a payload; ends early, with `None`, where lengths do not add up.
pub(crate) fn split(payload: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = payload;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let entry = rest
            .split_first_chunk::<4>()
            .and_then(|(length, tail)| tail.split_at_checked(u32::from_le_bytes(*length) as usize));
        rest = entry.map_or(&[], |(_, tail)| tail);
        Some(entry.map(|(entry, _)| entry))
    })
}

/// The name of a file: twenty digits sort like the numbers they are.
pub(crate) fn file_name(number: u64, suffix: &str) -> String {
    format!("{number:020}.{suffix}")
}

/// The number in a name that [`file_name`] made.
pub(crate) fn file_number(name: &str, suffix: &str) -> Option<u64> {
    let number = name.strip_suffix(suffix)?.strip_suffix('.')?.parse().ok()?;
    (file_name(number, suffix) == name).then_some(number)
}

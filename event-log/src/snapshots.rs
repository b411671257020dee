//! Folded state on disk, so that a start need not fold the whole log: a cache, and opaque to the log.
//!
//! ```text
//! snapshots/00000000000000040311.snap   the newest one, named after the last position folded
//! snapshots/next.tmp                    the next one while it is written
//!
//! file = magic, length of the header (u32), header (JSON), SHA-256 of all that, parts
//! ```
//!
//! A snapshot is believed only when everything about it agrees: its checksums, the fingerprint of the code that
//! wrote it, the list of the erased, and the hash of the journal's frame at its position. Anything else, and any
//! failure to read or write one, means that there is none. It can be deleted at any time. One thing it is
//! believed about whatever else is wrong with it, as the index is: that its position existed.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::disk::Disk;
use crate::frame::{FrameHash, file_name, file_number};
use crate::record::{Position, SchemeId, as_base64url};

const MAGIC: &[u8; 8] = b"ALONGSN1";
const SUFFIX: &str = "snap";
const NEXT: &str = "next.tmp";
/// The most bytes of a header: it names a handful of parts.
const HEADER_BYTES_MOST: usize = 64 << 10;

/// A place in a journal: a position, and the hash of the frame that ends there, which vouches for all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub(crate) position: Position,
    pub(crate) chain: FrameHash,
}

impl Moment {
    /// The last position it covers.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// A name for it that no other moment of any log has.
    #[must_use]
    pub fn id(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &self.chain)
    }
}

/// A snapshot that was read and agrees with everything it could be compared with.
pub struct Kept {
    pub(crate) moment: Moment,
    bytes: Vec<u8>,
    parts: Vec<Range<usize>>,
}

impl Kept {
    /// Where in the log it was taken.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        self.moment
    }

    /// Part number `index`, as it was given.
    #[must_use]
    pub fn part(&self, index: usize) -> Option<&[u8]> {
        self.bytes.get(self.parts.get(index)?.clone())
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Kept(at {})", self.moment.position)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    scheme: SchemeId,
    position: Position,
    #[serde(with = "as_base64url")]
    chain: Vec<u8>,
    #[serde(with = "as_base64url")]
    fingerprint: Vec<u8>,
    #[serde(with = "as_base64url")]
    erased_sha256: Vec<u8>,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    bytes: u64,
    #[serde(with = "as_base64url")]
    sha256: Vec<u8>,
}

/// What a snapshot must have been made with to be of use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// Names the code that folds and writes.
    pub(crate) fingerprint: &'a [u8],
    /// Everybody who has been erased, sorted.
    pub(crate) erased: &'a [Uuid],
}

impl Circumstances<'_> {
    fn erased_sha256(&self) -> Vec<u8> {
        let mut digest = Sha256::new();
        for subject in self.erased {
            digest.update(subject.as_bytes());
        }
        digest.finalize().to_vec()
    }
}

/// The last position that a snapshot in `directory` proves the journal once had.
pub(crate) fn proven_head(disk: &dyn Disk, directory: &Path, scheme: &SchemeId) -> Position {
    let headers = names(disk, directory).into_iter().filter_map(|number| {
        let file = disk.open_to_read(&path(directory, number)).ok()?;
        let mut start = vec![0; HEADER_BYTES_MOST];
        let read = file.read_at(0, &mut start).ok()?;
        start.truncate(read);
        let (header, _) = header(&start)?;
        (header.scheme == *scheme).then_some(header.position)
    });
    headers.max().unwrap_or(Position::ZERO)
}

/// Reads and proves the newest snapshot in `directory`. Says in the log why one that is there is of no use.
pub(crate) fn read(
    disk: &dyn Disk,
    directory: &Path,
    scheme: &SchemeId,
    circumstances: Circumstances<'_>,
) -> Option<Kept> {
    let number = names(disk, directory).into_iter().max()?;
    let bytes = match read_whole(disk, &path(directory, number)) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::warn!(%scheme, %error, "a snapshot could not be read");
            return None;
        }
    };
    match understand(bytes, scheme, circumstances) {
        Ok(kept) => Some(kept),
        Err(reason) => {
            tracing::info!(%scheme, position = number, reason, "a snapshot is of no use");
            None
        }
    }
}

/// Writes a snapshot under another name, syncs it, gives it its own, and removes those before it.
pub(crate) fn write(
    disk: &dyn Disk,
    directory: &Path,
    scheme: &SchemeId,
    circumstances: Circumstances<'_>,
    moment: Moment,
    parts: &[Vec<u8>],
) -> io::Result<()> {
    let described = parts.iter().map(|part| Part {
        bytes: part.len() as u64,
        sha256: Sha256::digest(part).to_vec(),
    });
    let header = serde_json::to_vec(&Header {
        scheme: scheme.clone(),
        position: moment.position,
        chain: moment.chain.to_vec(),
        fingerprint: circumstances.fingerprint.to_vec(),
        erased_sha256: circumstances.erased_sha256(),
        parts: described.collect(),
    })?;
    let length = u32::try_from(header.len()).map_err(io::Error::other)?;
    let mut start = [MAGIC, &length.to_le_bytes()[..], &header].concat();
    start.extend_from_slice(&Sha256::digest(&start));
    disk.create_directory(directory)?;
    let next = directory.join(NEXT);
    let mut file = disk.create(&next)?;
    file.append(&start)?;
    for part in parts {
        file.append(part)?;
    }
    file.sync()?;
    drop(file);
    disk.rename(&next, &path(directory, moment.position.0))?;
    disk.sync_directory(directory)?;
    remove_all_but(disk, directory, Some(moment.position.0))
}

/// Removes every snapshot.
pub(crate) fn discard(disk: &dyn Disk, directory: &Path) -> io::Result<()> {
    remove_all_but(disk, directory, None)
}

fn remove_all_but(disk: &dyn Disk, directory: &Path, kept: Option<u64>) -> io::Result<()> {
    for number in names(disk, directory) {
        if Some(number) != kept {
            disk.remove(&path(directory, number))?;
        }
    }
    Ok(())
}

/// The positions for which there are files.
fn names(disk: &dyn Disk, directory: &Path) -> Vec<u64> {
    // No folder, or one that cannot be read: no snapshots.
    let names = disk.list(directory).unwrap_or_default();
    names
        .iter()
        .filter_map(|name| file_number(name, SUFFIX))
        .collect()
}

fn path(directory: &Path, position: u64) -> PathBuf {
    directory.join(file_name(position, SUFFIX))
}

fn read_whole(disk: &dyn Disk, path: &Path) -> io::Result<Vec<u8>> {
    let file = disk.open_to_read(path)?;
    let length = usize::try_from(file.length()?).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// The header at the start of a file, if it is whole, and where the parts begin.
fn header(bytes: &[u8]) -> Option<(Header, usize)> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    let (json, rest) = rest.split_at_checked(length)?;
    let proved = bytes.get(..MAGIC.len() + 4 + length)?;
    let (digest, _) = rest.split_first_chunk::<32>()?;
    if <[u8; 32]>::from(Sha256::digest(proved)) != *digest {
        return None;
    }
    Some((
        serde_json::from_slice(json).ok()?,
        proved.len() + digest.len(),
    ))
}

fn understand(
    bytes: Vec<u8>,
    scheme: &SchemeId,
    circumstances: Circumstances<'_>,
) -> Result<Kept, &'static str> {
    let (header, start) = header(&bytes).ok_or("its header has changed")?;
    if header.scheme != *scheme {
        return Err("it is of another scheme");
    }
    if header.fingerprint != circumstances.fingerprint {
        return Err("other code has written it");
    }
    if header.erased_sha256 != circumstances.erased_sha256() {
        return Err("somebody has been erased since");
    }
    let chain = header
        .chain
        .try_into()
        .map_err(|_| "its chain is no hash")?;
    let (mut parts, mut from) = (Vec::with_capacity(header.parts.len()), start);
    for part in &header.parts {
        let length = usize::try_from(part.bytes).unwrap_or(usize::MAX);
        let until = from.saturating_add(length);
        let content = bytes.get(from..until).ok_or("it is cut short")?;
        if part.sha256 != Sha256::digest(content).as_slice() {
            return Err("a part has changed");
        }
        parts.push(from..until);
        from = until;
    }
    if from != bytes.len() {
        return Err("something stands behind it");
    }
    let moment = Moment {
        position: header.position,
        chain,
    };
    Ok(Kept {
        moment,
        bytes,
        parts,
    })
}

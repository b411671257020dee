//! Reading frames in order, and judging an end that does not read.
//!
//! Nothing here writes. A scan may run beside the writer of the same file.

use std::io;
use std::sync::Arc;

use super::{FRAME_HEADER_BYTES, FrameHash, FrameHeader, MAX_FRAME_BYTES, frame_hash};
use crate::disk::LogFile;

/// Bytes in which a rotten closing frame may differ from the right one; any other frame differs in more.
const SPOILT_BYTES: usize = 4;
/// What a disk writes at once.
const SECTOR_BYTES: usize = 512;

/// Walks the frames of one file, proving checksums, numbers and the chain of hashes.
#[derive(Debug)]
pub(crate) struct Scanner {
    window: Window,
    /// Where the next frame starts.
    pub(crate) offset: u64,
    /// Hash of the frame before it.
    pub(crate) chain: FrameHash,
    /// The number of the next entry.
    pub(crate) next: u64,
}

/// What stands where a frame should.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A good frame; its payload is at [`Scanner::payload`] until the next step.
    Frame(FrameHeader),
    /// Nothing: the file ends here.
    End,
    /// Something that is not a good frame.
    Bad,
}

/// What an end that does not read may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// The last write, cut short. It was never acknowledged.
    Torn,
    /// No interrupted write leaves this behind.
    Damaged(&'static str),
}

impl Scanner {
    /// Starts at `offset`, reading ahead `chunk_bytes` at a time.
    pub(crate) fn new(
        file: Arc<dyn LogFile>,
        offset: u64,
        chain: FrameHash,
        next: u64,
        chunk_bytes: usize,
    ) -> Self {
        Self {
            window: Window {
                file,
                chunk_bytes,
                bytes: Vec::new(),
                start: 0,
                used: 0..0,
            },
            offset,
            chain,
            next,
        }
    }

    /// Reads the next frame and proves all of it.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        let step = self.step_unhashed()?;
        if let Step::Frame(_) = step {
            self.chain = frame_hash(self.frame());
        }
        Ok(step)
    }

    /// Reads the next frame and proves all of it, but leaves to the caller to hash it: until [`chain`](Self::chain) is that
    /// hash, no frame follows.
    pub(crate) fn step_unhashed(&mut self) -> io::Result<Step> {
        self.step_with(true)
    }

    /// Reads the next frame without the chain of hashes, for those who start in the middle.
    pub(crate) fn step_unchained(&mut self) -> io::Result<Step> {
        self.step_with(false)
    }

    /// The frame that was just read, header and payload.
    pub(crate) fn frame(&self) -> &[u8] {
        &self.window.bytes[self.window.used.clone()]
    }

    /// The payload of the frame that was just read.
    pub(crate) fn payload(&self) -> &[u8] {
        self.frame().get(FRAME_HEADER_BYTES..).unwrap_or_default()
    }

    fn step_with(&mut self, chained: bool) -> io::Result<Step> {
        let Some(header) = self.window.look(self.offset, FRAME_HEADER_BYTES)? else {
            let end = self.window.file.length()? == self.offset;
            return Ok(if end { Step::End } else { Step::Bad });
        };
        let Some(header) = FrameHeader::decode(header) else {
            return Ok(Step::Bad);
        };
        let expected = if chained {
            header.previous == self.chain && header.first == self.next
        } else {
            true
        };
        if !expected || header.frame_bytes() > MAX_FRAME_BYTES as u64 {
            return Ok(Step::Bad);
        }
        let frame_bytes = FRAME_HEADER_BYTES + header.payload_bytes as usize;
        let Some(frame) = self.window.look(self.offset, frame_bytes)? else {
            return Ok(Step::Bad);
        };
        // A longer look may have read the header again, and what is hashed is what was decoded.
        let (again, payload) = frame.split_at(FRAME_HEADER_BYTES);
        if *again != header.encode() || crc32c::crc32c(payload) != header.payload_crc {
            return Ok(Step::Bad);
        }
        self.offset += header.frame_bytes();
        self.next = header.first + u64::from(header.count);
        Ok(Step::Frame(header))
    }

    /// Judges what follows the last good frame, after [`Step::Bad`].
    ///
    /// One frame at most was unsynced, and whatever follows a frame was written after its sync. So a bad
    /// frame with anything readable behind it, or with more behind it than a frame, is damage.
    pub(crate) fn judge(&self) -> io::Result<Tail> {
        let length = self.window.file.length()?.saturating_sub(self.offset);
        if length > MAX_FRAME_BYTES as u64 {
            return Ok(Tail::Damaged("more bytes than one write leaves"));
        }
        let mut tail = vec![0; usize::try_from(length).unwrap_or(MAX_FRAME_BYTES)];
        let read = self.window.file.read_at(self.offset, &mut tail)?;
        tail.truncate(read);
        let header = tail.get(..FRAME_HEADER_BYTES).and_then(FrameHeader::decode);
        let is_data = header.is_some();
        if let Some(header) = header {
            if header.first != self.next || header.previous != self.chain {
                return Ok(Tail::Damaged("a frame that does not belong here"));
            }
            if header.frame_bytes() < length {
                return Ok(Tail::Damaged("a bad frame that is not the last"));
            }
        }
        if has_header(tail.get(1..).unwrap_or_default()) {
            return Ok(Tail::Damaged("a bad frame that is not the last"));
        }
        if !is_data && self.is_spoilt_close(&tail) {
            return Ok(Tail::Damaged("a closing frame that has changed"));
        }
        Ok(Tail::Torn)
    }

    /// A closing frame is known in advance, byte for byte. What resembles it but is nothing that an interrupted
    /// write leaves was written whole and has rotted.
    fn is_spoilt_close(&self, tail: &[u8]) -> bool {
        let close = FrameHeader::new(self.next, 0, &[], self.chain).encode();
        if tail.len() != close.len() {
            return false;
        }
        let into_sector = usize::try_from(self.offset % SECTOR_BYTES as u64).unwrap_or_default();
        let edge = close.len().min(SECTOR_BYTES - into_sector);
        let ((found, rest), (expected, beyond)) = (tail.split_at(edge), close.split_at(edge));
        // Of the sectors of a write each may be on the disk without the others.
        let written_or_not = |found: &[u8], expected: &[u8]| {
            found == expected || found.iter().all(|byte| *byte == 0)
        };
        if written_or_not(found, expected) && written_or_not(rest, beyond) {
            return false;
        }
        let changed = tail
            .iter()
            .zip(close)
            .filter(|(found, expected)| *found != expected)
            .count();
        changed <= SPOILT_BYTES
    }
}

/// Whether a good frame header starts anywhere in `bytes`. Records are JSON and never look like one.
fn has_header(bytes: &[u8]) -> bool {
    bytes
        .windows(FRAME_HEADER_BYTES)
        .any(|window| window[0] == b'A' && FrameHeader::decode(window).is_some())
}

/// A piece of a file in memory.
#[derive(Debug)]
struct Window {
    file: Arc<dyn LogFile>,
    chunk_bytes: usize,
    bytes: Vec<u8>,
    /// Where in the file `bytes` starts.
    start: u64,
    /// The part of `bytes` that was asked for last.
    used: std::ops::Range<usize>,
}

impl Window {
    /// `count` bytes from `offset`, or `None` if the file ends before.
    fn look(&mut self, offset: u64, count: usize) -> io::Result<Option<&[u8]>> {
        let held =
            offset >= self.start && offset + count as u64 <= self.start + self.bytes.len() as u64;
        if !held {
            // No room for more than there is: most files are far shorter than what is read ahead of long ones.
            let left = self.file.length()?.saturating_sub(offset);
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            self.bytes.resize(self.chunk_bytes.max(count).min(left), 0);
            let read = self.file.read_at(offset, &mut self.bytes)?;
            self.bytes.truncate(read);
            self.start = offset;
            if read < count {
                // Forget it: a writer may be filling this very place.
                self.bytes.clear();
                self.used = 0..0;
                return Ok(None);
            }
        }
        let from = usize::try_from(offset - self.start).unwrap_or_default();
        self.used = from..from + count;
        Ok(Some(&self.bytes[self.used.clone()]))
    }

    /// Forgets what was read, so that the next look sees the file as it is then.
    fn forget(&mut self) {
        self.bytes.clear();
        self.used = 0..0;
    }
}

impl Scanner {
    /// Forgets what was read ahead, before trying a place again beside a running writer.
    pub(crate) fn refresh(&mut self) {
        self.window.forget();
    }
}

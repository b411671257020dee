//! Reading a journal from outside: without the lock, beside a running writer, from start to end.
//!
//! Every frame is proved as at opening, but nothing is written, cut or synced. What is read last may not
//! have been acknowledged yet. A torn end is simply the end, and may be whole a moment later.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::{check_header, check_payload, damaged, list_segments, store_error};
use super::segment_path;
use crate::disk::{Disk, LogFile};
use crate::frame::{
    Damage, FILE_HEADER_BYTES, FileKind, FrameHash, FrameHeader, Scanner, Step, Tail, frame_hash,
    read_header, split,
};
use crate::record::{Position, SchemeId};
use crate::store::{StoreError, Stored};

/// How much is read ahead.
const READ_AHEAD_BYTES: usize = 1 << 20;

/// Reads groups in order. After the end it may be asked again, for what has been appended since.
pub struct JournalReader {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    scheme: SchemeId,
    /// The segment being read.
    scanner: Option<Scanner>,
    /// The first position of that segment.
    segment: u64,
    segments: u64,
    groups: u64,
    next: u64,
    chain: FrameHash,
}

impl JournalReader {
    /// Stands before the first record of the journal in `directory`.
    pub(crate) fn new(disk: Arc<dyn Disk>, directory: &Path, scheme: &SchemeId) -> Self {
        Self {
            disk,
            directory: directory.to_owned(),
            scheme: scheme.clone(),
            scanner: None,
            segment: 0,
            segments: 0,
            groups: 0,
            next: 1,
            chain: [0; 32],
        }
    }

    /// The next group, or `None` where the journal ends for now.
    pub fn next_group(&mut self) -> Result<Option<Vec<Stored>>, StoreError> {
        let Some(first) = self.next_frame()? else {
            return Ok(None);
        };
        self.settle(frame_hash(self.frame()));
        let numbered = (first.0..).map(Position).zip(self.entries());
        let stored = |(position, bytes): (Position, &[u8])| Stored {
            position,
            bytes: bytes.into(),
        };
        Ok(Some(numbered.map(stored).collect()))
    }

    /// Goes to the next group, or to where the journal ends for now, and says with which position the group begins. Its
    /// frame is proved but not hashed: until [`settle`](Self::settle) is told the hash, no frame follows.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Position>, StoreError> {
        loop {
            if self.scanner.is_none() && !self.enter_segment()? {
                return Ok(None);
            }
            match self.step()? {
                None => return Ok(None),
                Some(Found::Frame(frame)) if frame.count == 0 => {
                    self.settle(frame_hash(self.frame()));
                }
                Some(Found::Frame(frame)) => {
                    self.groups += 1;
                    return Ok(Some(Position(frame.first)));
                }
                Some(Found::SegmentEnd) => self.scanner = None,
            }
        }
    }

    /// The bytes of the frame at which it stands: what is hashed.
    pub(crate) fn frame(&self) -> &[u8] {
        self.scanner.as_ref().map_or(&[], Scanner::frame)
    }

    /// The records in that frame.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &[u8]> {
        let payload = self.scanner.as_ref().map_or(&[][..], Scanner::payload);
        split(payload).flatten()
    }

    /// Takes the SHA-256 of that frame.
    pub(crate) fn settle(&mut self, chain: FrameHash) {
        self.chain = chain;
        if let Some(scanner) = &mut self.scanner {
            scanner.chain = chain;
        }
    }

    /// The last position read.
    #[must_use]
    pub fn head(&self) -> Position {
        Position(self.next - 1)
    }

    /// SHA-256 of the last frame read, which vouches for all before it.
    #[must_use]
    pub fn chain(&self) -> [u8; 32] {
        self.chain
    }

    /// Groups read so far.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.groups
    }

    /// Segments entered so far.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.segments
    }

    /// Opens the segment that starts with the next position; tells whether there is one.
    fn enter_segment(&mut self) -> Result<bool, StoreError> {
        let listed = list_segments(&*self.disk, &self.directory)?;
        let there = listed.contains(&self.next);
        if !there && self.segments == 0 {
            return Err(damaged(self.next, "the first segment is missing"));
        }
        if !there {
            return Ok(false);
        }
        let path = segment_path(&self.directory, self.next);
        let file = self.disk.open_to_read(&path).map_err(StoreError::Read)?;
        let newest = listed.last() == Some(&self.next);
        let header = match read_header(&*file, FileKind::Journal, &self.scheme) {
            // Being made at this moment; there is none behind it yet.
            Err(Damage::Unborn) if self.segments > 0 && newest => return Ok(false),
            other => other.map_err(|error| store_error(error, self.next))?,
        };
        check_header(&header, self.next, self.next, self.chain)?;
        let file: Arc<dyn LogFile> = file.into();
        let start = FILE_HEADER_BYTES as u64;
        self.scanner = Some(Scanner::new(
            file,
            start,
            self.chain,
            self.next,
            READ_AHEAD_BYTES,
        ));
        self.segment = self.next;
        self.segments += 1;
        Ok(true)
    }

    /// One frame further in the current segment; `None` where it ends for now.
    fn step(&mut self) -> Result<Option<Found>, StoreError> {
        let Some(mut scanner) = self.scanner.take() else {
            return Ok(None);
        };
        let mut step = scanner.step_unhashed().map_err(StoreError::Read)?;
        let mut evidence = None;
        if !matches!(step, Step::Frame(_)) {
            evidence = self.evidence(&scanner, &step)?;
            if evidence.is_some() {
                // The writer may have finished this frame between the two looks. What was written after it
                // has been seen, so now it must be there.
                scanner.refresh();
                step = scanner.step_unhashed().map_err(StoreError::Read)?;
            }
        }
        let found = match (step, evidence) {
            (Step::Frame(frame), _) => {
                let checked = check_payload(&frame, scanner.payload());
                checked.map_err(|reason| damaged(frame.first, &reason))?;
                self.next = scanner.next;
                Some(Found::Frame(frame))
            }
            (_, Some(Evidence::NextSegment)) => Some(Found::SegmentEnd),
            (_, Some(Evidence::Damage(reason))) => return Err(damaged(self.next, reason)),
            (_, None) => None,
        };
        self.scanner = Some(scanner);
        Ok(found)
    }

    /// What shows that the segment must go on or be complete at a place that has no good frame.
    fn evidence(&self, scanner: &Scanner, step: &Step) -> Result<Option<Evidence>, StoreError> {
        let later = list_segments(&*self.disk, &self.directory)?;
        if *step == Step::End && self.next != self.segment && later.contains(&self.next) {
            return Ok(Some(Evidence::NextSegment));
        }
        if later.last().is_some_and(|last| *last > self.segment) {
            return Ok(Some(Evidence::Damage(
                "a segment is missing, or ends before the next begins",
            )));
        }
        if *step == Step::Bad
            && let Tail::Damaged(reason) = scanner.judge().map_err(StoreError::Read)?
        {
            return Ok(Some(Evidence::Damage(reason)));
        }
        Ok(None)
    }
}

impl fmt::Debug for JournalReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "JournalReader({} at {})", self.scheme, self.next)
    }
}

enum Found {
    Frame(FrameHeader),
    SegmentEnd,
}

enum Evidence {
    NextSegment,
    Damage(&'static str),
}

//! What readers know of a journal: its segments, its head, and a mark every few kilobytes.
//!
//! A mark leads a read to within one stride of the record it wants; from there frames are walked. The
//! whole view is a few dozen bytes per stride, whatever the records weigh.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::disk::LogFile;
use crate::frame::{FILE_HEADER_BYTES, Scanner, Step, split};
use crate::record::Position;
use crate::store::{StoreError, Stored};

/// Bytes between two marks.
const STRIDE_BYTES: u64 = 32 << 10;
/// How much a short read reads at once: a stride and the frame behind it, usually.
const SHORT_CHUNK_BYTES: usize = 64 << 10;
/// Records from which a read is long enough to read ahead by a megabyte.
const LONG_READ_RECORDS: usize = 512;

/// Segments, marks and head.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The last durable position.
    pub(super) head: u64,
    segments: Vec<Segment>,
    marks: Vec<Mark>,
}

#[derive(Debug, Clone)]
struct Segment {
    first: u64,
    file: Arc<dyn LogFile>,
}

/// The frame that starts with position `first` is at `offset` of segment number `segment`.
#[derive(Debug, Clone, Copy)]
struct Mark {
    first: u64,
    segment: usize,
    offset: u64,
}

impl View {
    /// Adds an empty segment.
    pub(super) fn begin(&mut self, first: u64, file: Arc<dyn LogFile>) {
        self.segments.push(Segment { first, file });
    }

    /// Adds a frame at the end of the last segment. A closing frame has no records and leaves no trace.
    pub(super) fn note(&mut self, first: u64, count: u64, offset: u64) {
        if count == 0 {
            return;
        }
        let segment = self.segments.len().saturating_sub(1);
        let near = |mark: &Mark| mark.segment == segment && offset - mark.offset < STRIDE_BYTES;
        if !self.marks.last().is_some_and(near) {
            self.marks.push(Mark {
                first,
                segment,
                offset,
            });
        }
        self.head = first + count - 1;
    }

    /// Adds a segment whose frames have not been read, with its head at `head`: reads in it walk from its start.
    pub(super) fn begin_unread(&mut self, first: u64, file: Arc<dyn LogFile>, head: u64) {
        self.begin(first, file);
        self.note(first, head + 1 - first, FILE_HEADER_BYTES as u64);
    }

    /// Takes the marks of `read`, a view of the first segments, in place of those that stood for them unread.
    pub(super) fn refine(&mut self, read: Self) {
        let unread = read.segments.len();
        let later = self.marks.iter().filter(|mark| mark.segment >= unread);
        self.marks = read.marks.into_iter().chain(later.copied()).collect();
    }

    /// The first position of the last segment.
    pub(super) fn segment_first(&self) -> u64 {
        self.segments.last().map_or(1, |segment| segment.first)
    }

    /// How to read from `from` on; `None` beyond the head.
    pub(super) fn walk(&self, from: u64, limit: usize) -> Option<Walk> {
        if from > self.head || limit == 0 {
            return None;
        }
        let after = self.marks.partition_point(|mark| mark.first <= from);
        let mark = *self.marks.get(after.checked_sub(1)?)?;
        let segments = self.segments.get(mark.segment..)?.to_vec();
        let chunk_bytes = if limit >= LONG_READ_RECORDS {
            1 << 20
        } else {
            SHORT_CHUNK_BYTES
        };
        Some(Walk {
            from,
            head: self.head,
            segments,
            offset: mark.offset,
            chunk_bytes,
        })
    }
}

/// A read under way. It holds no lock: what it reads never changes.
#[derive(Debug)]
pub(super) struct Walk {
    from: u64,
    head: u64,
    segments: Vec<Segment>,
    offset: u64,
    chunk_bytes: usize,
}

impl Walk {
    /// At most `limit` records.
    pub(super) fn records(self, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let there = usize::try_from(self.head - self.from + 1).unwrap_or(usize::MAX);
        let mut records = Vec::with_capacity(there.min(limit));
        self.each(|position, bytes, _| {
            records.push(Stored {
                position: Position(position),
                bytes: bytes.into(),
            });
            if records.len() == limit {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(records)
    }

    /// All records of the first group.
    pub(super) fn group(self) -> Result<Vec<Stored>, StoreError> {
        let mut records = Vec::new();
        self.each(|position, bytes, group_end| {
            records.push(Stored {
                position: Position(position),
                bytes: bytes.into(),
            });
            if position == group_end {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(records)
    }

    /// Hands every record to `visit` as (position, bytes, last position of its group), until told to stop.
    fn each(
        self,
        mut visit: impl FnMut(u64, &[u8], u64) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut wanted = self.from;
        let mut offset = self.offset;
        for segment in self.segments {
            let mut scanner = Scanner::new(segment.file, offset, [0; 32], wanted, self.chunk_bytes);
            offset = FILE_HEADER_BYTES as u64;
            loop {
                let frame = match scanner.step_unchained().map_err(StoreError::Read)? {
                    Step::Frame(frame) => frame,
                    Step::End => break,
                    Step::Bad => return Err(changed(wanted)),
                };
                let group_end = (frame.first + u64::from(frame.count)).saturating_sub(1);
                if group_end < wanted {
                    continue;
                }
                if frame.first > wanted {
                    return Err(changed(wanted));
                }
                for (position, bytes) in (frame.first..).zip(split(scanner.payload())) {
                    if position < wanted {
                        continue;
                    }
                    let bytes = bytes.ok_or_else(|| changed(position))?;
                    wanted = position + 1;
                    if visit(position, bytes, group_end).is_break() || position == self.head {
                        return Ok(());
                    }
                }
            }
        }
        Err(changed(wanted))
    }
}

/// A frame that was good when the journal was opened, and is not now.
fn changed(position: u64) -> StoreError {
    StoreError::Damaged {
        position: Position(position),
        reason: "it read well before and does not now".to_owned(),
    }
}

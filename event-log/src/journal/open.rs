//! Opening a journal: every byte is read and proved before the first answer, but for whole segments that a snapshot
//! answers for, which are proved right after it.
//!
//! A crash can leave two things behind, a torn last frame and a new segment without its header. Both are
//! taken away here, and only here. Everything else that does not fit is damage.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use super::{Deferred, Journal, SUFFIX, View, Writer, segment_path};
use crate::disk::{Disk, LogFile};
use crate::frame::{
    Damage, FileHeader, FileKind, FrameHash, FrameHeader, FramedFile, file_number, read_header,
};
use crate::frame::{TORN, scan, split};
use crate::record::{Position, Record, SchemeId};
use crate::snapshots::Moment;
use crate::store::StoreError;

impl Journal {
    /// Opens the journal in `directory`, cuts a torn end and syncs what remains.
    ///
    /// Up to `proven` something remembers the journal, so nothing is cut there. Where a snapshot was taken at
    /// `witness`, the segments that end before it are left to be proved later.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        directory: &Path,
        scheme: &SchemeId,
        segment_bytes: u64,
        remembered: Remembered,
    ) -> Result<Opened, StoreError> {
        let mut segments = list_segments(&*disk, directory)?;
        let unborn = drop_unborn(&*disk, directory, scheme, &mut segments)?;
        let Some((last, earlier)) = segments.split_last() else {
            return Err(damaged(1, "there is no segment"));
        };
        let Remembered {
            proven,
            witness,
            signed,
        } = remembered;
        let mut progress = Progress::new(witness, None);
        let unread = progress.pass_over(&*disk, directory, scheme, &segments)?;
        // What ends in a segment that is not read now is looked for when that is.
        let passed = progress.passed.0;
        progress.signed = signed.filter(|at| at.position.0 >= passed).map(Mark::at);
        for first in earlier.iter().skip(unread) {
            progress.read_whole(&*disk, directory, scheme, *first)?;
        }
        // A segment behind this one, even an unborn one, shows that this one was synced to its end.
        let synced_below = if unborn { u64::MAX } else { proven.next().0 };
        let (next, chain) = progress.passed;
        let file = progress.open_last(&*disk, directory, scheme, *last, synced_below)?;
        let last_recorded_at = progress.last_recorded_at()?;
        let chain_of_records = progress.before_closing.unwrap_or(file.chain);
        let head = progress.view.head;
        let holds = |mark: &Option<Mark>| {
            mark.as_ref()
                .is_none_or(|mark| mark.holds(head, chain_of_records))
        };
        let (confirmed, refuted) = (holds(&progress.witness), !holds(&progress.signed));
        let deferred = (unread > 0).then(|| Deferred {
            disk: Arc::clone(&disk),
            directory: directory.to_owned(),
            scheme: scheme.clone(),
            segments: segments[..unread].to_vec(),
            next,
            chain,
            signed: signed.filter(|at| at.position.0 < passed),
        });
        let Progress {
            view,
            before_closing,
            ..
        } = progress;
        let journal = Self {
            disk,
            directory: directory.to_owned(),
            scheme: scheme.clone(),
            segment_bytes,
            view: RwLock::new(view),
            writer: Mutex::new(Writer {
                file,
                last_recorded_at,
                chain: chain_of_records,
                closed: before_closing.is_some(),
            }),
        };
        Ok(Opened {
            journal,
            deferred,
            confirmed,
            refuted,
        })
    }
}

/// What others remember of a journal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Remembered {
    /// A position that it had.
    pub(crate) proven: Position,
    /// Where a snapshot of it was taken.
    pub(crate) witness: Option<Moment>,
    /// Where a checkpoint of it was signed.
    pub(crate) signed: Option<Moment>,
}

/// A journal that was opened with a snapshot's word for part of it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) journal: Journal,
    /// What is still to be proved.
    pub(crate) deferred: Option<Deferred>,
    /// Whether the journal holds the very frame the snapshot was taken after. If not, open it without.
    pub(crate) confirmed: bool,
    /// Whether it does not hold the very frame a checkpoint was signed after, as far as it was read.
    pub(crate) refuted: bool,
}

/// A moment of which it is looked whether the journal had it.
pub(super) struct Mark {
    at: Moment,
    /// Whether the frame behind it continues the one it names, once that frame was seen.
    continues: Option<bool>,
}

impl Mark {
    pub(super) fn at(at: Moment) -> Self {
        Self {
            at,
            continues: None,
        }
    }

    fn see(&mut self, frame: &FrameHeader) {
        // The first frame behind it decides; one behind a closing frame continues that.
        if self.at.position.next().0 == frame.first {
            self.continues
                .get_or_insert(frame.previous == self.at.chain);
        }
    }

    /// Whether the journal holds the frame, where it ends at `head` and its last frame with records has `chain`.
    pub(super) fn holds(&self, head: u64, chain: FrameHash) -> bool {
        self.continues
            .unwrap_or(self.at.position.0 == head && self.at.chain == chain)
    }
}

/// The first positions of all segments, rising.
pub(super) fn list_segments(disk: &dyn Disk, directory: &Path) -> Result<Vec<u64>, StoreError> {
    let names = disk.list(directory).map_err(StoreError::Read)?;
    Ok(names
        .iter()
        .filter_map(|name| file_number(name, SUFFIX))
        .collect())
}

/// Checks that a segment continues the journal read so far.
pub(super) fn check_header(
    header: &FileHeader,
    name: u64,
    next: u64,
    chain: FrameHash,
) -> Result<(), StoreError> {
    if header.number != name || name != next {
        return Err(damaged(next, "a segment is missing or misnamed"));
    }
    if header.previous != chain {
        return Err(damaged(next, "a segment does not continue the one before"));
    }
    Ok(())
}

/// Checks that a payload holds as many records as its frame says, and nothing else.
pub(super) fn check_payload(frame: &FrameHeader, payload: &[u8]) -> Result<(), String> {
    let mut count = 0;
    let mut whole = true;
    for entry in split(payload) {
        count += 1;
        whole &= entry.is_some();
    }
    if whole && count == frame.count {
        Ok(())
    } else {
        Err("a frame does not hold what it says".to_owned())
    }
}

/// What the frame code found, in the words of the store. `next` is the position read for next.
pub(super) fn store_error(damage: Damage, next: u64) -> StoreError {
    match damage {
        Damage::Io(error) => StoreError::Read(error),
        Damage::Unborn => damaged(next, "a segment has no header"),
        Damage::Damaged {
            next: found,
            reason,
        } => StoreError::Damaged {
            position: Position(found.max(next)),
            reason,
        },
    }
}

pub(super) fn damaged(position: u64, reason: &str) -> StoreError {
    StoreError::Damaged {
        position: Position(position),
        reason: reason.to_owned(),
    }
}

/// Removes a last segment whose making was interrupted; tells whether there was one.
fn drop_unborn(
    disk: &dyn Disk,
    directory: &Path,
    scheme: &SchemeId,
    segments: &mut Vec<u64>,
) -> Result<bool, StoreError> {
    let [_, .., last] = segments.as_slice() else {
        return Ok(false);
    };
    let path = segment_path(directory, *last);
    let file = disk.open_to_read(&path).map_err(StoreError::Read)?;
    if !matches!(
        read_header(&*file, FileKind::Journal, scheme),
        Err(Damage::Unborn)
    ) {
        return Ok(false);
    }
    disk.remove(&path)
        .and_then(|()| disk.sync_directory(directory))
        .map_err(StoreError::Read)?;
    segments.pop();
    Ok(true)
}

/// A segment's header and its file, to be read; `next` is the position read for next.
fn segment(
    disk: &dyn Disk,
    directory: &Path,
    scheme: &SchemeId,
    first: u64,
    next: u64,
) -> Result<(FileHeader, Box<dyn LogFile>), StoreError> {
    let file = disk
        .open_to_read(&segment_path(directory, first))
        .map_err(StoreError::Read)?;
    let header = read_header(&*file, FileKind::Journal, scheme);
    Ok((header.map_err(|error| store_error(error, next))?, file))
}

/// What has been read so far.
pub(super) struct Progress {
    pub(super) view: View,
    pub(super) chain: FrameHash,
    pub(super) next: u64,
    /// What a snapshot says of the journal.
    witness: Option<Mark>,
    /// Where a checkpoint of it was signed.
    pub(super) signed: Option<Mark>,
    /// Where the segments that were passed over end: the next position, and the hash of the last frame.
    passed: (u64, FrameHash),
    /// The bytes of the last record.
    last: Vec<u8>,
    /// If the last frame is a closing one: the hash of the frame before it.
    before_closing: Option<FrameHash>,
}

impl Progress {
    pub(super) fn new(witness: Option<Moment>, signed: Option<Moment>) -> Self {
        Self {
            view: View::default(),
            chain: [0; 32],
            next: 1,
            witness: witness.map(Mark::at),
            signed: signed.map(Mark::at),
            passed: (1, [0; 32]),
            last: Vec::new(),
            before_closing: None,
        }
    }

    /// Passes over the segments that end before the snapshot's position, and returns how many. Only their headers
    /// are looked at.
    fn pass_over(
        &mut self,
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
        segments: &[u64],
    ) -> Result<usize, StoreError> {
        let Some(witness) = &self.witness else {
            return Ok(0);
        };
        let holds = segments.partition_point(|first| *first <= witness.at.position.0);
        let unread = holds.saturating_sub(1);
        for pair in segments[..holds].windows(2) {
            let (first, next) = (pair[0], pair[1]);
            let (header, file) = segment(disk, directory, scheme, first, first)?;
            check_header(&header, first, first, header.previous)?;
            self.view.begin_unread(first, file.into(), next - 1);
        }
        if unread > 0 {
            let first = segments[unread];
            let (header, _) = segment(disk, directory, scheme, first, first)?;
            // Proved later: those before must lead to exactly this.
            self.passed = (first, header.previous);
            (self.next, self.chain) = self.passed;
        }
        Ok(unread)
    }

    /// The hash of the last frame that has records, and the position of the last of those.
    pub(super) fn end(&self) -> (u64, FrameHash) {
        (self.view.head, self.before_closing.unwrap_or(self.chain))
    }

    fn last_recorded_at(&self) -> Result<String, StoreError> {
        if self.last.is_empty() {
            return Ok(String::new());
        }
        let record = Record::parse(&self.last).map_err(|_| StoreError::Damaged {
            position: Position(self.view.head),
            reason: "the last record cannot be read".to_owned(),
        })?;
        Ok(record.recorded_at)
    }

    pub(super) fn read_whole(
        &mut self,
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
        first: u64,
    ) -> Result<(), StoreError> {
        self.begin(disk, directory, scheme, first)?;
        let next = self.next;
        let file = disk
            .open_to_read(&segment_path(directory, first))
            .map_err(StoreError::Read)?;
        let scanned = scan(
            file,
            (FileKind::Journal, scheme),
            &mut |frame, offset, payload| self.visit(frame, offset, payload),
        );
        let scanned = scanned.map_err(|error| store_error(error, next))?;
        if scanned.torn {
            return Err(damaged(scanned.next, TORN));
        }
        (self.chain, self.next) = (scanned.chain, scanned.next);
        Ok(())
    }

    fn open_last(
        &mut self,
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
        first: u64,
        synced_below: u64,
    ) -> Result<FramedFile, StoreError> {
        self.begin(disk, directory, scheme, first)?;
        let next = self.next;
        let path = segment_path(directory, first);
        let opened = FramedFile::open(
            disk,
            &path,
            (FileKind::Journal, scheme),
            synced_below,
            &mut |frame, offset, payload| self.visit(frame, offset, payload),
        );
        Ok(opened.map_err(|error| store_error(error, next))?.1)
    }

    /// Proves the header of a segment and gives it to the view.
    fn begin(
        &mut self,
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
        first: u64,
    ) -> Result<(), StoreError> {
        let (header, file) = segment(disk, directory, scheme, first, self.next)?;
        check_header(&header, first, self.next, self.chain)?;
        self.view.begin(first, file.into());
        Ok(())
    }

    fn visit(&mut self, frame: &FrameHeader, offset: u64, payload: &[u8]) -> Result<(), String> {
        check_payload(frame, payload)?;
        self.view.note(frame.first, u64::from(frame.count), offset);
        self.before_closing = (frame.count == 0).then_some(frame.previous);
        for mark in [&mut self.witness, &mut self.signed].into_iter().flatten() {
            mark.see(frame);
        }
        if let Some(last) = split(payload).last().flatten() {
            self.last.clear();
            self.last.extend_from_slice(last);
        }
        Ok(())
    }
}

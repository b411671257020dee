//! Opening a journal: every byte is read and proved before the first answer.
//!
//! A crash can leave two things behind, a torn last frame and a new segment without its header. Both are
//! taken away here, and only here. Everything else that does not fit is damage.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use super::{Journal, SUFFIX, View, Writer, segment_path};
use crate::disk::Disk;
use crate::frame::{
    Damage, FileHeader, FileKind, FrameHash, FrameHeader, FramedFile, file_number, read_header,
};
use crate::frame::{TORN, scan, split};
use crate::record::{Position, Record, SchemeId};
use crate::store::StoreError;

impl Journal {
    /// Opens the journal in `directory`, cuts a torn end and syncs what remains.
    ///
    /// Up to `proven` something remembers the journal, so nothing is cut there.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        directory: &Path,
        scheme: &SchemeId,
        segment_bytes: u64,
        proven: Position,
    ) -> Result<Self, StoreError> {
        let mut segments = list_segments(&*disk, directory)?;
        let unborn = drop_unborn(&*disk, directory, scheme, &mut segments)?;
        let Some((last, earlier)) = segments.split_last() else {
            return Err(damaged(1, "there is no segment"));
        };
        let mut progress = Progress {
            view: View::default(),
            chain: [0; 32],
            next: 1,
            last: Vec::new(),
            closed: false,
        };
        for first in earlier {
            progress.read_whole(&*disk, directory, scheme, *first)?;
        }
        // A segment behind this one, even an unborn one, shows that this one was synced to its end.
        let synced_below = if unborn { u64::MAX } else { proven.next().0 };
        let file = progress.open_last(&*disk, directory, scheme, *last, synced_below)?;
        let last_recorded_at = if progress.last.is_empty() {
            String::new()
        } else {
            let head = Position(progress.view.head);
            let reason = "the last record cannot be read".to_owned();
            Record::parse(&progress.last)
                .map_err(|_| StoreError::Damaged {
                    position: head,
                    reason,
                })?
                .recorded_at
        };
        let Progress { view, closed, .. } = progress;
        Ok(Self {
            disk,
            directory: directory.to_owned(),
            scheme: scheme.clone(),
            segment_bytes,
            view: RwLock::new(view),
            writer: Mutex::new(Writer {
                file,
                last_recorded_at,
                closed,
            }),
        })
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

/// What has been read so far.
struct Progress {
    view: View,
    chain: FrameHash,
    next: u64,
    /// The bytes of the last record.
    last: Vec<u8>,
    /// The last frame was a closing one.
    closed: bool,
}

impl Progress {
    fn read_whole(
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
        let file = disk
            .open_to_read(&segment_path(directory, first))
            .map_err(StoreError::Read)?;
        let header = read_header(&*file, FileKind::Journal, scheme)
            .map_err(|error| store_error(error, self.next))?;
        check_header(&header, first, self.next, self.chain)?;
        self.view.begin(first, file.into());
        Ok(())
    }

    fn visit(&mut self, frame: &FrameHeader, offset: u64, payload: &[u8]) -> Result<(), String> {
        check_payload(frame, payload)?;
        self.view.note(frame.first, u64::from(frame.count), offset);
        self.closed = frame.count == 0;
        if let Some(last) = split(payload).last().flatten() {
            self.last.clear();
            self.last.extend_from_slice(last);
        }
        Ok(())
    }
}

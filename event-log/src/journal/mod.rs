//! The journal: the one truth about a scheme.
//!
//! ```text
//! journal/00000000000000000001.log   segment: header, frame, frame, …
//! journal/00000000000000040312.log   the next one, named after its first position
//! ```
//!
//! An append is one frame and one `fdatasync`; readers see it only after that. Reads and appends share no
//! lock while the disk works. Nothing here changes or removes a record, and nothing repairs: at opening a
//! torn last frame is cut, everything else that does not read is reported as damage.

mod deferred;
mod open;
mod reader;
mod view;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub(crate) use deferred::Deferred;
pub(crate) use open::{Opened, Remembered};
pub use reader::JournalReader;
use view::View;

use crate::disk::Disk;
use crate::frame::{FileHeader, FileKind, FrameHash, FramedFile, WriteError, file_name};
use crate::record::{Position, SchemeId};
use crate::snapshots::Moment;
use crate::store::{Encoded, StoreError, Stored, follows_in_time};

/// How the files of a journal end.
pub(crate) const SUFFIX: &str = "log";

/// The journal of one scheme, open for appending.
#[derive(Debug)]
pub(crate) struct Journal {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    scheme: SchemeId,
    /// A segment that has reached this many bytes gets no further frame.
    segment_bytes: u64,
    view: RwLock<View>,
    writer: Mutex<Writer>,
}

#[derive(Debug)]
struct Writer {
    file: FramedFile,
    last_recorded_at: String,
    /// Hash of the last frame that holds records.
    chain: FrameHash,
    /// The last frame of the file is a closing one.
    closed: bool,
}

impl Journal {
    /// Makes an empty journal in `directory`, which becomes durable with the folder above it.
    pub(crate) fn create(
        disk: &dyn Disk,
        directory: &Path,
        scheme: &SchemeId,
    ) -> std::io::Result<()> {
        disk.create_directory(directory)?;
        FramedFile::create(
            disk,
            &segment_path(directory, 1),
            &segment_header(scheme, 1, [0; 32]),
        )?;
        disk.sync_directory(directory)
    }

    /// Appends a group and makes it durable. See [`EventStore::append`](crate::EventStore::append).
    pub(crate) fn append(
        &self,
        expected: Position,
        group: Option<&Encoded>,
    ) -> Result<Position, StoreError> {
        let mut writer = self.writer();
        if writer.file.failed() {
            return Err(StoreError::ReadOnly);
        }
        let actual = Position(writer.file.next - 1);
        if expected != actual {
            return Err(StoreError::Conflict { expected, actual });
        }
        let Some(group) = group else {
            return Ok(actual);
        };
        follows_in_time(group, &writer.last_recorded_at)?;
        self.roll_if_full(&mut writer)?;
        let (first, offset) = (writer.file.next, writer.file.length);
        writer.file.append(&group.records).map_err(write_error)?;
        writer.last_recorded_at.clone_from(&group.last_recorded_at);
        writer.chain = writer.file.chain;
        writer.closed = false;
        let count = group.records.len() as u64;
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        view.note(first, count, offset);
        Ok(Position(view.head))
    }

    /// The last durable position.
    pub(crate) fn head(&self) -> Position {
        Position(
            self.view
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .head,
        )
    }

    /// The last durable position, with the hash of the frame that ends there.
    pub(crate) fn moment(&self) -> Moment {
        let writer = self.writer();
        Moment {
            position: Position(writer.file.next - 1),
            chain: writer.chain,
        }
    }

    /// At most `limit` records from `from` on.
    pub(crate) fn read(&self, from: Position, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let walk = self
            .view
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .walk(from.0.max(1), limit);
        walk.map_or(Ok(Vec::new()), |walk| walk.records(limit))
    }

    /// The group that holds `from`, from there on; `None` if the journal ends before.
    pub(crate) fn group_at(&self, from: Position) -> Result<Option<Vec<Stored>>, StoreError> {
        let walk = self
            .view
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .walk(from.0.max(1), 1);
        walk.map(view::Walk::group).transpose()
    }

    /// Writes and syncs a closing frame: whatever is damaged from then on was not torn.
    ///
    /// Afterwards nothing can be appended. A journal whose write failed is left as it is.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        if !writer.file.failed() && !writer.closed {
            writer.file.append(&[]).map_err(write_error)?;
        }
        writer.closed = true;
        writer.file.fail();
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a new segment once the current one is long enough and holds something.
    fn roll_if_full(&self, writer: &mut Writer) -> Result<(), StoreError> {
        let first = writer.file.next;
        let begun = self
            .view
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .segment_first();
        if writer.file.length < self.segment_bytes || begun == first {
            return Ok(());
        }
        let path = segment_path(&self.directory, first);
        let header = segment_header(&self.scheme, first, writer.file.chain);
        let made = FramedFile::create(&*self.disk, &path, &header).and_then(|file| {
            self.disk.sync_directory(&self.directory)?;
            Ok((file, self.disk.open_to_read(&path)?))
        });
        match made {
            Ok((file, to_read)) => {
                writer.file = file;
                self.view
                    .write()
                    .unwrap_or_else(PoisonError::into_inner)
                    .begin(first, to_read.into());
                Ok(())
            }
            Err(error) => {
                writer.file.fail();
                Err(StoreError::Unknown(error))
            }
        }
    }
}

fn write_error(error: WriteError) -> StoreError {
    match error {
        WriteError::Unknown(source) => StoreError::Unknown(source),
        WriteError::ReadOnly => StoreError::ReadOnly,
    }
}

fn segment_path(directory: &Path, first: u64) -> PathBuf {
    directory.join(file_name(first, SUFFIX))
}

fn segment_header(scheme: &SchemeId, first: u64, previous: [u8; 32]) -> FileHeader {
    FileHeader {
        kind: FileKind::Journal,
        scheme: scheme.clone(),
        number: first,
        previous,
    }
}

//! Writing frames: one append, one sync, and no second chance.
//!
//! After a failed write or sync nobody knows what is on the disk, and asking again gets a wrong "yes" from
//! the operating system. So the file refuses everything until it has been opened, and read, anew.

use std::io;
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::{
    FILE_HEADER_BYTES, FileHeader, FileKind, FrameHash, FrameHeader, Scanner, Step, Tail, join,
};
use crate::disk::{Disk, LogFile};
use crate::record::SchemeId;

/// How much is read ahead while a file is opened.
const READ_AHEAD_BYTES: usize = 1 << 20;

/// Takes a good frame as (header, offset, payload), or says what is wrong with it.
pub(crate) type Visit<'a> = dyn FnMut(&FrameHeader, u64, &[u8]) -> Result<(), String> + 'a;

/// What is said of a torn end where no write can have been under way.
pub(crate) const TORN: &str = "the last frame is torn, but it was synced";

/// A file of frames, open for appending.
#[derive(Debug)]
pub(crate) struct FramedFile {
    file: Box<dyn LogFile>,
    /// Hash of the last frame.
    pub(crate) chain: FrameHash,
    /// The number of the next entry.
    pub(crate) next: u64,
    /// Length in bytes.
    pub(crate) length: u64,
    failed: bool,
}

/// Why a file of frames cannot be used.
#[derive(Debug, Error)]
pub(crate) enum Damage {
    #[error("the file could not be read")]
    Io(#[from] io::Error),
    #[error("entry {next}: {reason}")]
    Damaged { next: u64, reason: String },
    /// The file was being made when everything stopped: it holds no frame and not even its header.
    #[error("the file has no header")]
    Unborn,
}

/// Why frames were not written.
#[derive(Debug, Error)]
pub(crate) enum WriteError {
    #[error("the outcome of the write is unknown")]
    Unknown(#[source] io::Error),
    #[error("an earlier write failed")]
    ReadOnly,
}

impl FramedFile {
    /// Makes a file with its header, synced. The caller syncs the folder.
    pub(crate) fn create(disk: &dyn Disk, path: &Path, header: &FileHeader) -> io::Result<Self> {
        let mut file = disk.create(path)?;
        file.append(&header.encode())?;
        file.sync()?;
        let length = FILE_HEADER_BYTES as u64;
        Ok(Self {
            file,
            chain: header.previous,
            next: header.first_entry(),
            length,
            failed: false,
        })
    }

    /// Opens a file, hands every good frame to `visit`, and repairs its end.
    ///
    /// A torn end is cut, but not where an entry below `synced_below` would be missing: that is damage. Then
    /// everything is synced, so that what was read is durable before it is answered.
    pub(crate) fn open(
        disk: &dyn Disk,
        path: &Path,
        (kind, scheme): (FileKind, &SchemeId),
        synced_below: u64,
        visit: &mut Visit<'_>,
    ) -> Result<(FileHeader, Self), Damage> {
        let scanned = scan(disk.open_to_read(path)?, (kind, scheme), visit)?;
        let mut file = disk.open(path)?;
        if scanned.torn {
            if scanned.next < synced_below {
                return Err(Damage::Damaged {
                    next: scanned.next,
                    reason: TORN.to_owned(),
                });
            }
            file.truncate(scanned.length)?;
        }
        file.sync()?;
        let Scanned {
            header,
            chain,
            next,
            length,
            ..
        } = scanned;
        Ok((
            header,
            Self {
                file,
                chain,
                next,
                length,
                failed: false,
            },
        ))
    }

    /// Appends one frame and makes it durable. Without entries it is a closing frame.
    pub(crate) fn append(&mut self, entries: &[Vec<u8>]) -> Result<(), WriteError> {
        if self.failed {
            return Err(WriteError::ReadOnly);
        }
        let payload = join(entries);
        let header = FrameHeader::new(self.next, entries.len(), &payload, self.chain);
        let mut frame = Vec::with_capacity(super::FRAME_HEADER_BYTES + payload.len());
        frame.extend_from_slice(&header.encode());
        frame.extend_from_slice(&payload);
        if let Err(error) = self.file.append(&frame).and_then(|()| self.file.sync()) {
            self.failed = true;
            return Err(WriteError::Unknown(error));
        }
        self.chain = header.hash(&payload);
        self.next += entries.len() as u64;
        self.length += frame.len() as u64;
        Ok(())
    }

    /// Whether a write has failed.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    /// Refuses all further writes.
    pub(crate) fn fail(&mut self) {
        self.failed = true;
    }
}

/// A file that has been read to its end.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) header: FileHeader,
    pub(crate) chain: FrameHash,
    pub(crate) next: u64,
    /// Length of what is good, in bytes.
    pub(crate) length: u64,
    /// Something unreadable but harmless stands behind it.
    pub(crate) torn: bool,
}

/// Reads a file to its end without writing anything.
pub(crate) fn scan(
    file: Box<dyn LogFile>,
    (kind, scheme): (FileKind, &SchemeId),
    visit: &mut Visit<'_>,
) -> Result<Scanned, Damage> {
    let file: Arc<dyn LogFile> = file.into();
    let header = read_header(&*file, kind, scheme)?;
    let first = header.first_entry();
    let start = FILE_HEADER_BYTES as u64;
    let mut scanner = Scanner::new(file, start, header.previous, first, READ_AHEAD_BYTES);
    let torn = loop {
        let (offset, next) = (scanner.offset, scanner.next);
        match scanner.step()? {
            Step::Frame(frame) => {
                visit(&frame, offset, scanner.payload())
                    .map_err(|reason| Damage::Damaged { next, reason })?;
            }
            Step::End => break false,
            Step::Bad => match scanner.judge()? {
                Tail::Torn => break true,
                Tail::Damaged(reason) => {
                    return Err(Damage::Damaged {
                        next,
                        reason: reason.to_owned(),
                    });
                }
            },
        }
    };
    let Scanner {
        chain,
        next,
        offset,
        ..
    } = scanner;
    Ok(Scanned {
        header,
        chain,
        next,
        length: offset,
        torn,
    })
}

/// Reads and checks a file's header.
pub(crate) fn read_header(
    file: &dyn LogFile,
    kind: FileKind,
    scheme: &SchemeId,
) -> Result<FileHeader, Damage> {
    let mut bytes = [0; FILE_HEADER_BYTES];
    let read = file.read_at(0, &mut bytes)?;
    if let Some(header) = FileHeader::decode(&bytes[..read], kind, scheme) {
        return Ok(header);
    }
    // The header is synced before the first frame is written.
    if file.length()? <= FILE_HEADER_BYTES as u64 {
        return Err(Damage::Unborn);
    }
    Err(Damage::Damaged {
        next: 0,
        reason: "the header of the file has changed".to_owned(),
    })
}

//! The files of a scheme that is being written: which ones there are, and how far they are good.

use std::io;
use std::path::Path;

use super::error::BackupError;
use super::{JOURNAL, Part};
use crate::disk::{Disk, LogFile};
use crate::frame::{Damage, file_number, read_header, scan};
use crate::record::SchemeId;

/// How often a file is looked at again that changed while it was read.
const ATTEMPTS: usize = 5;

/// A file as far as it can be copied.
pub(super) struct Found {
    pub(super) number: u64,
    pub(super) bytes: u64,
    pub(super) file: Box<dyn LogFile>,
}

/// The scheme's data directory, and the disk it is on.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) disk: &'a dyn Disk,
    pub(super) directory: &'a Path,
    pub(super) scheme: &'a SchemeId,
}

impl Source<'_> {
    /// The segments that have another behind them: whole, and never changed again.
    pub(super) fn closed_segments(&self) -> Result<(Vec<u64>, u64), BackupError> {
        let mut numbers = self.numbers(JOURNAL)?;
        if let [_, .., last] = numbers[..] {
            let path = JOURNAL.path(self.directory, self.scheme, last);
            let file = self
                .disk
                .open_to_read(&path)
                .map_err(BackupError::at(&path))?;
            if matches!(
                read_header(&*file, JOURNAL.kind, self.scheme),
                Err(Damage::Unborn)
            ) {
                numbers.pop(); // Being made at this moment, or when everything stopped.
            }
        }
        let last = numbers.pop().ok_or_else(|| BackupError::Damaged {
            path: JOURNAL.folder(self.directory, self.scheme),
            reason: "there is no segment".to_owned(),
        })?;
        Ok((numbers, last))
    }

    /// A file that nobody writes to any more.
    pub(super) fn whole(&self, part: Part, number: u64) -> Result<Found, BackupError> {
        let path = part.path(self.directory, self.scheme, number);
        let open = || {
            let file = self.disk.open_to_read(&path)?;
            Ok((file.length()?, file))
        };
        let (bytes, file) = open().map_err(BackupError::at(&path))?;
        Ok(Found {
            number,
            bytes,
            file,
        })
    }

    /// A file that may be written to, up to the end of its last whole frame, which is made durable first: what
    /// a power cut can still take from the service must not be in the backup.
    pub(super) fn growing(&self, part: Part, number: u64) -> Result<Found, BackupError> {
        let path = part.path(self.directory, self.scheme, number);
        let mut attempt = 1;
        loop {
            match self.good_frames(part, &path) {
                Ok((bytes, file)) => {
                    return Ok(Found {
                        number,
                        bytes,
                        file,
                    });
                }
                // A frame that is finished between two looks at it resembles damage; damage stays.
                Err(Damage::Damaged { .. } | Damage::Unborn) if attempt < ATTEMPTS => attempt += 1,
                Err(Damage::Io(error)) => return Err(BackupError::at(&path)(error)),
                Err(damage) => {
                    return Err(BackupError::Damaged {
                        path,
                        reason: damage.to_string(),
                    });
                }
            }
        }
    }

    /// Hands the highest generation of a part to `take`, again if another replaces it meanwhile.
    pub(super) fn current<T>(
        &self,
        part: Part,
        mut take: impl FnMut(&Found) -> io::Result<T>,
    ) -> Result<T, BackupError> {
        let mut attempt = 1;
        loop {
            let number = self.highest(part)?;
            let taken = self.growing(part, number).and_then(|found| {
                let path = part.path(self.directory, self.scheme, number);
                take(&found).map_err(BackupError::at(&path))
            });
            // An old generation of a keyring is overwritten with zeros once the next one is there.
            if self.highest(part)? == number || attempt == ATTEMPTS {
                return taken;
            }
            attempt += 1;
        }
    }

    fn good_frames(&self, part: Part, path: &Path) -> Result<(u64, Box<dyn LogFile>), Damage> {
        let mut file = self.disk.open_to_read(path)?;
        let scanned = scan(
            self.disk.open_to_read(path)?,
            (part.kind, self.scheme),
            &mut |_, _, _| Ok(()),
        )?;
        file.sync()?;
        Ok((scanned.length, file))
    }

    fn highest(&self, part: Part) -> Result<u64, BackupError> {
        let highest = self.numbers(part)?.pop();
        highest.ok_or_else(|| BackupError::Damaged {
            path: part.folder(self.directory, self.scheme),
            reason: "there is no file".to_owned(),
        })
    }

    /// The numbers of a part's files, rising.
    fn numbers(&self, part: Part) -> Result<Vec<u64>, BackupError> {
        let folder = part.folder(self.directory, self.scheme);
        let names = self.disk.list(&folder).map_err(BackupError::at(&folder))?;
        let numbers = names
            .iter()
            .filter_map(|name| file_number(name, part.suffix));
        Ok(numbers.collect())
    }
}

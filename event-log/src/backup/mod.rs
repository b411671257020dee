//! Copies of a data directory that can be trusted and restored.
//!
//! ```text
//! manifest.json    what the backup is: written last, so its presence means the rest is there
//! erasures.json    who had been erased by then; the current list is kept somewhere else
//! objects/<hash>   the files, each named after its own SHA-256
//! ```
//!
//! A backup is taken beside a running service and holds, of each scheme, operations journal, journal and
//! keyring, in this order: an operations journal remembers no more than the journal after it, and a journal
//! names no key that the keyring after it lacks. Files are named after their content, so a second backup
//! copies what is new and never writes over what an earlier one needs.
//!
//! Absent on purpose: the index, which is derived, and every secret. Without the master key a backup opens
//! nothing; without the list of erasures it is not restored, because it would bring the forgotten back.

mod document;
mod erasures;
mod error;
mod manifest;
mod objects;
mod restore;
mod shown;
mod source;
mod take;

#[cfg(test)]
mod tests;

pub use erasures::{Erasures, SchemeErasures};
pub use error::BackupError;
pub use manifest::{FileCopy, Manifest, SchemeCopy};
pub use restore::{Restored, RestoredScheme, restore};
pub use take::{Copied, Taken, TakenScheme, take};

use std::path::{Path, PathBuf};

use crate::frame::{FileKind, file_name};
use crate::record::SchemeId;
use crate::{journal, operations, sealing};

/// What a finished backup is recognised by.
const MANIFEST: &str = "manifest.json";
/// The list as of the backup.
const ERASURES: &str = "erasures.json";
const OBJECTS: &str = "objects";

/// One of the three kinds of framed files that a scheme is made of.
#[derive(Debug, Clone, Copy)]
struct Part {
    kind: FileKind,
    folder: &'static str,
    suffix: &'static str,
}

const JOURNAL: Part = Part {
    kind: FileKind::Journal,
    folder: "journal",
    suffix: journal::SUFFIX,
};
const OPERATIONS: Part = Part {
    kind: FileKind::Operations,
    folder: "operations",
    suffix: operations::SUFFIX,
};
const KEYRING: Part = Part {
    kind: FileKind::Keyring,
    folder: "keyring",
    suffix: sealing::SUFFIX,
};

impl Part {
    /// The folder of this part, in the data directory `directory`.
    fn folder(self, directory: &Path, scheme: &SchemeId) -> PathBuf {
        crate::embedded::scheme_directory(directory, scheme).join(self.folder)
    }

    /// The file of this part with this number.
    fn path(self, directory: &Path, scheme: &SchemeId, number: u64) -> PathBuf {
        self.folder(directory, scheme)
            .join(file_name(number, self.suffix))
    }
}

//! Reading a data directory beside the process that runs on it: for replay, verify and export.
//!
//! Takes no lock, writes nothing, opens no index. Everything is read from the journals as it stands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layout::{self, OpenError};
use super::options::{Kind, Options};
use crate::disk::Disk;
use crate::inclusion::{Inclusion, prove};
use crate::index::{Index, ahead};
use crate::journal::JournalReader;
use crate::operations::{Entry, Operations, OperationsError};
use crate::record::{Position, SchemeId};
use crate::sealing::{SealError, Vault};
use crate::store::StoreError;
use crate::tree::Tree;
use crate::verify::{Verification, verify};

/// A data directory that is only read.
#[derive(Debug)]
pub struct ReadOnlyStore {
    directory: PathBuf,
    options: Options,
    kind: Kind,
}

impl ReadOnlyStore {
    pub(super) fn open(directory: &Path, options: Options) -> Result<Self, OpenError> {
        let kind = layout::read_kind(directory)?;
        Ok(Self {
            directory: directory.to_owned(),
            options,
            kind,
        })
    }

    /// What the directory holds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it is.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The disk it is on.
    pub(crate) fn disk(&self) -> &Arc<dyn Disk> {
        &self.options.disk
    }

    /// All schemes there are.
    pub fn schemes(&self) -> Result<Vec<SchemeId>, StoreError> {
        layout::list_schemes(&self.directory, &self.options).map_err(StoreError::Read)
    }

    /// Reads a scheme's journal from the start, group by group.
    pub fn reader(&self, scheme: &SchemeId) -> Result<JournalReader, StoreError> {
        reader(&self.directory, &self.options, scheme)
    }

    /// Reads and proves a scheme's whole journal.
    pub fn verify(&self, scheme: &SchemeId) -> Result<Verification, StoreError> {
        verify_whole(&self.directory, &self.options, scheme)
    }

    /// Reads and proves a scheme's journal up to `to`: what it was when that was the head.
    ///
    /// [`StoreError::Ahead`] if the journal ends before.
    pub fn verify_to(&self, scheme: &SchemeId, to: Position) -> Result<Verification, StoreError> {
        verify(self.reader(scheme)?, scheme, Some(to))
    }

    /// Reads and proves a scheme's whole journal, and proves that the records at `positions` stand in it.
    pub fn prove(
        &self,
        scheme: &SchemeId,
        positions: &[Position],
    ) -> Result<(Verification, Vec<Inclusion>), StoreError> {
        prove(self.reader(scheme)?, scheme, positions)
    }

    /// Reads and proves a scheme's whole journal, for the Merkle tree over its leaves.
    pub fn tree(&self, scheme: &SchemeId) -> Result<Tree, StoreError> {
        Tree::read(self.reader(scheme)?, scheme)
    }

    /// The entries of a scheme's operations journal.
    pub fn operations(&self, scheme: &SchemeId) -> Result<Vec<Entry>, OperationsError> {
        let directory = layout::scheme_directory(&self.directory, scheme).join("operations");
        Operations::read(&*self.options.disk, &directory, scheme)
    }

    /// Opens sealed values as of now. It does not learn of erasures after this call.
    pub fn vault(&self, scheme: &SchemeId) -> Result<Vault, SealError> {
        let masters = match layout::read_master_keys(&self.directory, &self.options) {
            Ok(masters) => masters,
            Err(OpenError::MasterKey { source, .. }) => return Err(SealError::Read(source)),
            Err(_) => return Err(SealError::WrongMasterKey { needed: None }),
        };
        let directory = layout::scheme_directory(&self.directory, scheme).join("keyring");
        Vault::open_to_read(&*self.options.disk, &directory, scheme, &masters)
    }
}

/// Reads and proves a journal, and that it is as long as the index remembers it.
pub(super) fn verify_whole(
    directory: &Path,
    options: &Options,
    scheme: &SchemeId,
) -> Result<Verification, StoreError> {
    let index = layout::scheme_directory(directory, scheme).join("index");
    // Read first: the journal grows beside us.
    let proven = Index::proven_head(&index);
    let found = verify(reader(directory, options, scheme)?, scheme, None)?;
    if proven > found.head {
        return Err(ahead(proven, found.head));
    }
    Ok(found)
}

pub(super) fn reader(
    directory: &Path,
    options: &Options,
    scheme: &SchemeId,
) -> Result<JournalReader, StoreError> {
    let folder = layout::scheme_directory(directory, scheme);
    if !options.disk.exists(&folder) {
        return Err(StoreError::NotFound(scheme.clone()));
    }
    Ok(JournalReader::new(
        Arc::clone(&options.disk),
        &folder.join("journal"),
        scheme,
    ))
}

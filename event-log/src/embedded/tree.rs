//! The tree over a scheme's leaves: the index's, or the journal's where there is no index to ask.

use std::thread;
use std::time::{Duration, Instant};

use super::scheme::OpenScheme;
use super::{Embedded, Inner, read_only};
use crate::record::{Position, SchemeId};
use crate::store::StoreError;
use crate::tree::Tree;

/// How long a tree is waited for while the index is not there yet, and how often one looks.
const INDEX_PATIENCE: Duration = Duration::from_secs(5);
const INDEX_LOOK: Duration = Duration::from_millis(2);
/// While the index is being opened, a log of at most so many records is read instead.
const READ_RECORDS: u64 = 1_000;

impl Embedded {
    /// The Merkle tree over the leaves of all records so far, from the index once that has caught up. Where there is none,
    /// and for a short log, the journal is read instead.
    pub fn tree(&self, scheme: &SchemeId) -> Result<Tree, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        self.inner.tree(&open, scheme, open.journal.head())
    }
}

impl Inner {
    /// The tree over at least the records up to `reach`.
    pub(super) fn tree(
        &self,
        open: &OpenScheme,
        scheme: &SchemeId,
        reach: Position,
    ) -> Result<Tree, StoreError> {
        let began = Instant::now();
        loop {
            open.sound()?;
            let status = open.index.status();
            if let Some((tiles, head)) = open.index.tiles().filter(|(_, head)| *head >= reach) {
                return Ok(Tree::over_index(tiles, head));
            }
            if !status.running || (reach.0 <= READ_RECORDS && status.applied < Position::FIRST) {
                return Tree::read(
                    read_only::reader(&self.directory, &self.options, scheme)?,
                    scheme,
                );
            }
            if began.elapsed() > INDEX_PATIENCE {
                return Err(StoreError::Unusable {
                    reason: format!(
                        "its index is being built and has come to position {} of {reach}; ask again in a while",
                        status.applied
                    ),
                    source: None,
                });
            }
            thread::sleep(INDEX_LOOK);
        }
    }
}

//! Proving the oldest segments of a journal after it was opened.
//!
//! A snapshot makes it unnecessary to read them before the first answer. They are proved all the same, from the
//! first byte and by the same rules, while the scheme already serves; whoever opened the journal must hear of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::open::{Progress, damaged};
use super::{Journal, View};
use crate::disk::Disk;
use crate::embedded::another_history;
use crate::frame::FrameHash;
use crate::record::SchemeId;
use crate::snapshots::Moment;
use crate::store::StoreError;

/// The segments that were not read when a journal was opened, and what they must lead to.
#[derive(Debug)]
pub(crate) struct Deferred {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) directory: PathBuf,
    pub(super) scheme: SchemeId,
    /// Their first positions, rising.
    pub(super) segments: Vec<u64>,
    /// Where the next segment begins, and the hash it continues.
    pub(super) next: u64,
    pub(super) chain: FrameHash,
    /// Where among them a checkpoint was signed.
    pub(super) signed: Option<Moment>,
}

impl Deferred {
    /// Reads and proves them, and gives `journal` their marks. Ends early, with `false`, once `stop` is set.
    pub(crate) fn prove(&self, journal: &Journal, stop: &AtomicBool) -> Result<bool, StoreError> {
        let mut progress = Progress::new(None, self.signed);
        for first in &self.segments {
            if stop.load(Ordering::SeqCst) {
                return Ok(false);
            }
            progress.read_whole(&*self.disk, &self.directory, &self.scheme, *first)?;
        }
        if (progress.next, progress.chain) != (self.next, self.chain) {
            return Err(damaged(
                progress.next.min(self.next),
                "a segment does not continue the one before",
            ));
        }
        let (head, end) = progress.end();
        if let (Some(signed), Some(mark)) = (&self.signed, &progress.signed)
            && !mark.holds(head, end)
        {
            return Err(another_history(signed.position().0));
        }
        journal.refine(progress.view);
        Ok(true)
    }
}

impl Journal {
    fn refine(&self, read: View) {
        let mut view = self
            .view
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        view.refine(read);
    }
}

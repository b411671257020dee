//! What the tests of this crate share: countable randomness, and an open store.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::embedded::{Embedded, Kind, Options};
use crate::entropy::Entropy;
use crate::record::SchemeId;

/// Different bytes at every call, the same in every run.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_le_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

pub(crate) fn scheme(name: &str) -> SchemeId {
    SchemeId::new(name).unwrap()
}

pub(crate) fn options() -> Options {
    Options::new(Arc::new(Counting::default()))
        .create(Kind::Rehearsal)
        .segment_bytes(64 << 10)
}

/// A folder in memory where there is one: for lock and keys of stores whose disk is simulated anyway.
pub(crate) fn quick_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

pub(crate) fn open(directory: &Path) -> Embedded {
    Embedded::open(directory, options()).unwrap()
}

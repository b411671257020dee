//! The engine on one disk: a directory, a lock, and a folder per scheme.
//!
//! Schemes open when first used and close by name; one that is damaged stops no other. Dropping the store
//! without [`Embedded::close`] is what a crash looks like, and as harmless. There is no retry here: after a
//! failed write a scheme can be read until it is closed and opened anew.

mod checkpoints;
mod cosignatures;
mod follow;
mod layout;
mod options;
mod proof;
mod read_only;
mod rotation;
mod scheme;
mod tree;

#[cfg(test)]
mod snapshot_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

pub use checkpoints::LogKey;
pub(crate) use checkpoints::another_history;
pub use cosignatures::NotCosigned;
pub use layout::OpenError;
pub(crate) use layout::{
    is_data_directory, lock as lock_directory, scheme_directory, write_format,
};
pub use options::{Kind, OnProgress, Options, Progress};
pub use read_only::ReadOnlyStore;
pub use rotation::{RotateError, Rotated, master_key_id, rotate_master_key};
use scheme::{OpenScheme, Slot, State};

use crate::inclusion::{Inclusion, prove};
use crate::index::IndexStatus;
use crate::operations::Operations;
use crate::record::{Position, Record, SchemeId};
use crate::sealing::{MasterKeys, Vault};
use crate::snapshots::{Kept, Moment};
use crate::store::{
    Capabilities, EventStore, Follower, MAX_GROUP_BYTES, MAX_GROUP_RECORDS, StoreError, Stored,
    encode_group,
};
use crate::verify::Verification;

/// Reads of at most this many records are tried in the index first.
const SHORT_READ_RECORDS: usize = 4;

/// A data directory, held by this process alone.
#[derive(Debug)]
pub struct Embedded {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    options: Options,
    kind: Kind,
    masters: MasterKeys,
    /// The lock file, open as long as the lock is held.
    lock: Mutex<Option<File>>,
    /// Held for look-ups only, never while a disk works.
    slots: Mutex<BTreeMap<SchemeId, Arc<Slot>>>,
    closed: AtomicBool,
}

impl Embedded {
    /// Takes the lock and opens the directory, making it first if [`Options::create`] says so.
    ///
    /// No scheme is opened yet.
    pub fn open(directory: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let directory = directory.as_ref().to_owned();
        let (lock, kind, masters) = layout::open(&directory, &options)?;
        let inner = Inner {
            directory,
            options,
            kind,
            masters,
            lock: Mutex::new(Some(lock)),
            slots: Mutex::default(),
            closed: AtomicBool::new(false),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Reads a directory without the lock, beside whoever holds it.
    pub fn open_read_only(
        directory: impl AsRef<Path>,
        options: Options,
    ) -> Result<ReadOnlyStore, OpenError> {
        ReadOnlyStore::open(directory.as_ref(), options)
    }

    /// Whether the directory holds the real thing.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.inner.kind
    }

    /// Where the directory is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// Opens a scheme now rather than at its first use, and returns its head.
    ///
    /// The whole journal is read and proved. What is damaged stays so until the scheme is closed by name.
    pub fn open_scheme(&self, scheme: &SchemeId) -> Result<Position, StoreError> {
        Ok(self.inner.open_scheme(scheme)?.journal.head())
    }

    /// Closes a scheme the clean way, freeing its memory. It opens again when used. One that is not open is
    /// left alone, and what is remembered of its damage forgotten.
    ///
    /// Vaults and operations journals handed out before are of no use afterwards.
    pub fn close_scheme(&self, scheme: &SchemeId) -> Result<(), StoreError> {
        let slot = self.inner.slot(scheme)?;
        let mut state = lock(&slot.state);
        match std::mem::take(&mut *state) {
            State::Open(open) => open.close(),
            State::Closed | State::Damaged { .. } => Ok(()),
        }
    }

    /// Closes everything the clean way and lets go of the lock. Afterwards all calls give
    /// [`StoreError::Closed`].
    ///
    /// All schemes are closed even if one fails; the first failure is returned.
    pub fn close(&self) -> Result<(), StoreError> {
        self.inner.closed.store(true, Ordering::SeqCst);
        let slots: Vec<_> = lock(&self.inner.slots).values().cloned().collect();
        let mut outcome = Ok(());
        for slot in slots {
            let closed = match std::mem::take(&mut *lock(&slot.state)) {
                State::Open(open) => open.close(),
                State::Closed | State::Damaged { .. } => Ok(()),
            };
            outcome = outcome.and(closed);
            slot.signal.wake();
        }
        lock(&self.inner.lock).take();
        outcome
    }

    /// The scheme's keys. Ask for it each time: one from before a closing no longer answers.
    pub fn vault(&self, scheme: &SchemeId) -> Result<Arc<Vault>, StoreError> {
        Ok(Arc::clone(&self.inner.open_scheme(scheme)?.vault))
    }

    /// The scheme's operations journal. Ask for it each time: one from before a closing is read-only.
    pub fn operations(&self, scheme: &SchemeId) -> Result<Arc<Operations>, StoreError> {
        Ok(Arc::clone(&self.inner.open_scheme(scheme)?.operations))
    }

    /// The first `limit` positions after `after` of records that concern `subject`, rising.
    pub fn by_subject(
        &self,
        scheme: &SchemeId,
        subject: Uuid,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Position>, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        open.sound()?;
        open.index.by_subject(subject, after, limit)
    }

    /// The snapshot that the scheme was opened with, if there was one of use. The first who asks gets it.
    ///
    /// With one, the segments that end before its position are proved after the opening. If something is wrong in
    /// them, every later call for this scheme gives [`StoreError::Damaged`].
    pub fn snapshot(&self, scheme: &SchemeId) -> Result<Option<Kept>, StoreError> {
        Ok(self.inner.open_scheme(scheme)?.take_snapshot())
    }

    /// The last durable position, to take a snapshot at; `None` while the journal is still being proved.
    pub fn moment(&self, scheme: &SchemeId) -> Result<Option<Moment>, StoreError> {
        Ok(self.inner.open_scheme(scheme)?.moment())
    }

    /// Keeps `parts` as what the log comes to at `moment`, in place of any snapshot before. Nothing personal may
    /// stand in them but sealed. Does nothing unless [`Options::snapshots`] was chosen.
    pub fn keep_snapshot(
        &self,
        scheme: &SchemeId,
        moment: Moment,
        parts: &[Vec<u8>],
    ) -> Result<(), StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        open.sound()?;
        open.keep_snapshot(scheme, &self.inner.options, moment, parts)
            .map_err(StoreError::Unknown)
    }

    /// Removes the scheme's snapshots. To open it without, close it and open it anew.
    pub fn discard_snapshots(&self, scheme: &SchemeId) -> Result<(), StoreError> {
        self.inner
            .open_scheme(scheme)?
            .discard_snapshots(&self.inner.options)
            .map_err(StoreError::Unknown)
    }

    /// Whether there is such a scheme, open or not.
    #[must_use]
    pub fn exists(&self, scheme: &SchemeId) -> bool {
        self.inner.exists(scheme)
    }

    /// Fails if the scheme's log was found damaged, when it was opened or since. Opens nothing.
    pub fn sound(&self, scheme: &SchemeId) -> Result<(), StoreError> {
        match &*lock(&self.inner.slot(scheme)?.state) {
            State::Open(open) => open.sound(),
            State::Closed => Ok(()),
            State::Damaged { position, reason } => Err(StoreError::Damaged {
                position: *position,
                reason: reason.clone(),
            }),
        }
    }

    /// Whether a master key is about to follow the one in use: a rotation that was interrupted.
    #[must_use]
    pub fn is_between_master_keys(&self) -> bool {
        self.inner.masters.next.is_some()
    }

    /// Lets the scheme's index begin, where [`Options::hold_index`] holds it back.
    pub fn let_index_go(&self, scheme: &SchemeId) -> Result<(), StoreError> {
        self.inner.open_scheme(scheme)?.index.let_go();
        Ok(())
    }

    /// How far the scheme's index is behind its journal.
    pub fn index_status(&self, scheme: &SchemeId) -> Result<IndexStatus, StoreError> {
        Ok(self.inner.open_scheme(scheme)?.index.status())
    }

    /// Reads and proves the scheme's whole journal, beside its writer, and proves that the records at `positions` stand in
    /// it. Opens nothing.
    pub fn prove(
        &self,
        scheme: &SchemeId,
        positions: &[Position],
    ) -> Result<(Verification, Vec<Inclusion>), StoreError> {
        let reader = read_only::reader(&self.inner.directory, &self.inner.options, scheme)?;
        prove(reader, scheme, positions)
    }

    /// Reads and proves the scheme's whole journal, beside its writer. Opens nothing.
    pub fn verify(&self, scheme: &SchemeId) -> Result<Verification, StoreError> {
        read_only::verify_whole(&self.inner.directory, &self.inner.options, scheme)
    }
}

impl EventStore for Embedded {
    fn schemes(&self) -> Result<Vec<SchemeId>, StoreError> {
        self.inner.running()?;
        layout::list_schemes(&self.inner.directory, &self.inner.options).map_err(StoreError::Read)
    }

    fn create(&self, scheme: &SchemeId) -> Result<(), StoreError> {
        self.inner.running()?;
        let slot = Arc::clone(lock(&self.inner.slots).entry(scheme.clone()).or_default());
        let _state = lock(&slot.state);
        if self.inner.exists(scheme) {
            return Err(StoreError::Exists(scheme.clone()));
        }
        layout::create_scheme(&self.inner.directory, &self.inner.options, scheme)
            .map_err(StoreError::Unknown)
    }

    fn append(
        &self,
        scheme: &SchemeId,
        expected_head: Position,
        group: Vec<Record>,
    ) -> Result<Position, StoreError> {
        // Encoded before any lock is taken: only the disk is waited for inside.
        let group = encode_group(scheme, expected_head, &group)?;
        loop {
            let open = self.inner.open_scheme(scheme)?;
            open.sound()?;
            open.index.wait_until_near();
            match open.journal.append(expected_head, group.as_ref()) {
                // Closed between the two lines: what failed was the closing, not a write.
                Err(StoreError::ReadOnly) if open.is_closed() => {}
                Ok(head) => {
                    self.inner.slot(scheme)?.signal.advance(head);
                    return Ok(head);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn read(
        &self,
        scheme: &SchemeId,
        from: Position,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        open.sound()?;
        if (1..=SHORT_READ_RECORDS).contains(&limit) {
            let from = from.max(Position::FIRST);
            let end = from.plus(limit as u64 - 1).min(open.journal.head());
            let found: Option<Vec<Stored>> = (from.0..=end.0)
                .map(|at| open.index.record(Position(at)))
                .collect();
            if let Some(found) = found {
                return Ok(found);
            }
        }
        open.journal.read(from, limit)
    }

    fn follow(&self, scheme: &SchemeId, from: Position) -> Result<Follower, StoreError> {
        let head = self.head(scheme)?;
        if from > head.next() {
            return Err(StoreError::Ahead { from, head });
        }
        Ok(Follower::new(follow::EmbeddedFollower {
            store: Arc::downgrade(&self.inner),
            slot: self.inner.slot(scheme)?,
            scheme: scheme.clone(),
            next: from.max(Position::FIRST),
        }))
    }

    fn head(&self, scheme: &SchemeId) -> Result<Position, StoreError> {
        let open = self.inner.open_scheme(scheme)?;
        open.sound()?;
        Ok(open.journal.head())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            durable: true,
            shared: false,
            group_bytes_max: MAX_GROUP_BYTES,
            group_records_max: MAX_GROUP_RECORDS,
        }
    }
}

impl Inner {
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    fn running(&self) -> Result<(), StoreError> {
        if self.is_closed() {
            Err(StoreError::Closed)
        } else {
            Ok(())
        }
    }

    fn exists(&self, scheme: &SchemeId) -> bool {
        self.options
            .disk
            .exists(&layout::scheme_directory(&self.directory, scheme))
    }

    /// The scheme's place in the list, made if the scheme exists on disk.
    fn slot(&self, scheme: &SchemeId) -> Result<Arc<Slot>, StoreError> {
        if let Some(slot) = lock(&self.slots).get(scheme) {
            return Ok(Arc::clone(slot));
        }
        if !self.exists(scheme) {
            return Err(StoreError::NotFound(scheme.clone()));
        }
        let mut slots = lock(&self.slots);
        Ok(Arc::clone(slots.entry(scheme.clone()).or_default()))
    }

    /// The open scheme, opened first if need be. Only those who want the same scheme wait.
    fn open_scheme(&self, scheme: &SchemeId) -> Result<Arc<OpenScheme>, StoreError> {
        let slot = self.slot(scheme)?;
        let mut state = lock(&slot.state);
        // Looked at under the lock: `close` sets it before it takes the locks one by one.
        self.running()?;
        match &*state {
            State::Open(open) => return Ok(Arc::clone(open)),
            State::Damaged { position, reason } => {
                return Err(StoreError::Damaged {
                    position: *position,
                    reason: reason.clone(),
                });
            }
            State::Closed => {}
        }
        if !self.exists(scheme) {
            return Err(StoreError::NotFound(scheme.clone()));
        }
        let (options, masters) = (&self.options, &self.masters);
        match OpenScheme::open(&self.directory, scheme, options, masters, &slot.signal) {
            Ok(open) => {
                let open = Arc::new(open);
                *state = State::Open(Arc::clone(&open));
                Ok(open)
            }
            Err(StoreError::Damaged { position, reason }) => {
                *state = State::Damaged {
                    position,
                    reason: reason.clone(),
                };
                Err(StoreError::Damaged { position, reason })
            }
            Err(error) => Err(error),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

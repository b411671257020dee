//! What a log proves of itself: its checkpoints, its tree, its leaves.

use super::{Failure, Platform, blocking, scheme_id};
use crate::dispatch::{
    answers::{failure, internal},
    keeper::written,
    kept_checkpoint::{KeptCheckpoint, NotAsKept},
};
use event_log::{
    Embedded, EventStore as _, LogKey, NotCosigned, Position, SchemeId, SignedCheckpoint,
    StoreError, Tree,
};
use std::sync::Arc;

/// Why a log was asked for something that it does not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotProved {
    /// It has so many records, and it was asked about more.
    Beyond(u64),
    /// What it is worked out from is not there yet, and will be.
    NotYet,
    /// It failed as any reading may.
    Failed(Failure),
}

impl From<Failure> for NotProved {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Platform {
    /// The signed checkpoint of everything recorded by now, made if the last one is of less.
    pub async fn checkpoint(&self, scheme: &str) -> Result<SignedCheckpoint, NotProved> {
        let at = written(self.now(scheme));
        self.of_log(scheme, move |store, id| store.checkpoint(id, &at))
            .await
    }

    /// The checkpoint of just so many records, if one was signed.
    pub async fn checkpoint_at(
        &self,
        scheme: &str,
        size: u64,
    ) -> Result<Option<SignedCheckpoint>, NotProved> {
        self.of_log(scheme, move |store, id| store.checkpoint_at(id, size))
            .await
    }

    /// The first checkpoint that was signed of the record at a position and all before it, signed now if there is none.
    pub async fn checkpoint_over(
        &self,
        scheme: &str,
        position: u64,
    ) -> Result<SignedCheckpoint, NotProved> {
        let at = written(self.now(scheme));
        self.of_log(scheme, move |store, id| {
            match first_over(store.checkpoints(id)?, position) {
                Some(signed) => Ok(signed),
                None => store.checkpoint(id, &at),
            }
        })
        .await
    }

    /// Keeps what witnesses who are known say of a checkpoint of this log; all that is kept of it.
    pub async fn keep_cosignatures(
        &self,
        scheme: &str,
        note: SignedCheckpoint,
    ) -> Result<Result<SignedCheckpoint, NotCosigned>, NotProved> {
        let (at, witnesses) = (written(self.now(scheme)), Arc::clone(&self.0.witnesses));
        self.of_log(scheme, move |store, id| {
            store.keep_cosignatures(id, &note, &witnesses, &at)
        })
        .await
    }

    /// The moment a checkpoint is of that somebody kept: how many records the history had, if it is one of this history.
    pub async fn moment_of(&self, scheme: &str, kept: &KeptCheckpoint) -> Result<u64, NotAsKept> {
        if let KeptCheckpoint::Signed(_) = kept {
            kept.check_signature(&self.log_keys(scheme).await?)?;
        }
        let (size, _) = kept.size_and_root();
        let asked = self.in_tree(scheme, move |tree| {
            let reached = size <= tree.size();
            let root = reached.then(|| tree.root(size)).transpose()?;
            Ok((tree.size(), root))
        });
        let (head, root) = asked.await?;
        kept.moment(head, root)
    }

    /// The keys the log signs and signed with, the one that counts last. Made with the first checkpoint.
    pub async fn log_keys(&self, scheme: &str) -> Result<Vec<LogKey>, NotProved> {
        let at = written(self.now(scheme));
        let asked = self.of_log(scheme, move |store, id| {
            let keys = store.log_keys(id)?;
            if !keys.is_empty() {
                return Ok(keys);
            }
            store.checkpoint(id, &at)?;
            store.log_keys(id)
        });
        asked.await
    }

    /// What `find` finds in the tree over all leaves.
    pub async fn in_tree<T: Send + 'static>(
        &self,
        scheme: &str,
        find: impl FnOnce(&Tree) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NotProved> {
        self.of_log(scheme, move |store, id| find(&store.tree(id)?))
            .await
    }

    /// The leaves of up to `count` records after the first `before`, in order: what auditors hash.
    pub async fn leaves(
        &self,
        scheme: &str,
        before: u64,
        count: usize,
    ) -> Result<Vec<Vec<u8>>, NotProved> {
        self.of_log(scheme, move |store, id| {
            let stored = store.read(id, Position(before).next(), count)?;
            let leaf = |stored: &event_log::Stored| {
                let leaf = stored.record().and_then(|record| record.leaf());
                leaf.map_err(|error| StoreError::Damaged {
                    position: stored.position,
                    reason: error.to_string(),
                })
            };
            stored.iter().map(leaf).collect()
        })
        .await
    }

    /// Asks the log of a scheme that is open and sound.
    async fn of_log<T: Send + 'static>(
        &self,
        scheme: &str,
        ask: impl FnOnce(&Embedded, &SchemeId) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NotProved> {
        let id = scheme_id(scheme)?;
        self.scheme(scheme).await?;
        let store = Arc::clone(self.store());
        let asked = blocking(move || {
            Ok(ask(&store, &id).map_err(|error| match error {
                StoreError::Ahead { head, .. } => NotProved::Beyond(head.0),
                StoreError::Unusable { source: None, .. } => NotProved::NotYet,
                error => {
                    let told = failure(&error);
                    NotProved::Failed(if told == Failure::Internal {
                        internal(&id, &error)
                    } else {
                        told
                    })
                }
            }))
        });
        asked.await?
    }
}

/// Of the checkpoints of a log the first that is of the record at a position.
#[must_use]
pub fn first_over(kept: Vec<SignedCheckpoint>, position: u64) -> Option<SignedCheckpoint> {
    let size = |signed: &SignedCheckpoint| signed.checkpoint().size;
    let over = kept.into_iter().filter(|signed| size(signed) >= position);
    over.min_by_key(size)
}

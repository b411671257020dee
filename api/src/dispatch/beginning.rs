//! How an opened scheme comes by its state: from a snapshot, where there is one of use, and from the log.

use super::{
    Failure,
    answers::{failure, internal},
    codec,
    forgetting::erase_again,
    snapshots,
};
use domain::Recorded;
use event_log::{Embedded, EventStore as _, Kept, Position, SchemeId, StoreError, Vault};
use projections::Snapshot;
use std::{
    sync::{Arc, mpsc::sync_channel},
    thread,
};

/// Records read and decoded at a time, at most.
const PAGE_MOST: usize = 2_048;
/// And at least, where there are enough: fewer are not worth a thread.
const PAGE_LEAST: usize = 128;

/// The state of a scheme at the end of its log.
pub struct Beginning {
    pub vault: Arc<Vault>,
    pub snapshot: Snapshot,
    /// The position of the snapshot it began with; zero without one.
    pub kept_at: u64,
}

/// Opens the scheme's log and folds it: from its snapshot on, or from the start.
pub fn begin(store: &Embedded, scheme: &SchemeId) -> Result<Beginning, Failure> {
    let opening = |error: StoreError| opening(scheme, &error);
    let mut vault = store.vault(scheme).map_err(opening)?;
    let kept = store.snapshot(scheme).map_err(opening)?;
    let mut snapshot = Snapshot::default();
    if let Some(kept) = &kept {
        if let Some(read) = read(kept, scheme, &vault) {
            snapshot = read;
        } else {
            // Opened anew, so that the whole journal is proved before anything is answered.
            store.discard_snapshots(scheme).map_err(opening)?;
            store.close_scheme(scheme).map_err(opening)?;
            vault = store.vault(scheme).map_err(opening)?;
        }
    }
    drop(kept);
    let kept_at = snapshot.position();
    let head = store.head(scheme).map_err(opening)?;
    fold(store, scheme, &vault, &mut snapshot, head)?;
    destroy_again(scheme, &vault, &snapshot)?;
    erase_again(scheme, &vault, &snapshot.scheme)?;
    Ok(Beginning {
        vault,
        snapshot,
        kept_at,
    })
}

/// Destroys what the log says is destroyed and the keyring still holds: the service ended between the two.
fn destroy_again(scheme: &SchemeId, vault: &Vault, snapshot: &Snapshot) -> Result<(), Failure> {
    for (subject, purpose) in codec::destroyed_keys(snapshot) {
        let destroyed = vault.destroy(subject, &purpose);
        destroyed.map_err(|error| internal(scheme, &error))?;
    }
    Ok(())
}

fn read(kept: &Kept, scheme: &SchemeId, vault: &Vault) -> Option<Snapshot> {
    match snapshots::read(kept, scheme, vault) {
        Ok(snapshot) if snapshot.position() == kept.moment().position().0 => Some(snapshot),
        Ok(_) => None,
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(%scheme, error, "a snapshot is of no use");
            None
        }
    }
}

/// Folds what comes after `snapshot`, up to `to`. Pages are read and decoded on threads of their own, by turns, because opening
/// sealed values takes several times as long as folding.
pub fn fold(
    store: &Embedded,
    scheme: &SchemeId,
    vault: &Vault,
    snapshot: &mut Snapshot,
    to: Position,
) -> Result<(), Failure> {
    let after = snapshot.position();
    let events = usize::try_from(to.0.saturating_sub(after)).unwrap_or(usize::MAX);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let page_events = events.div_ceil(cores).clamp(PAGE_LEAST, PAGE_MOST);
    let pages = events.div_ceil(page_events);
    let decoders = cores.min(pages);
    let decoded = |page: usize| {
        let from = Position(after + 1 + (page * page_events) as u64);
        let left = usize::try_from(to.0 + 1 - from.0).unwrap_or(page_events);
        decode(store, scheme, vault, from, left.min(page_events))
    };
    if pages <= 1 {
        return (0..pages).try_for_each(|page| fold_all(scheme, snapshot, &decoded(page)?));
    }
    thread::scope(|threads| {
        let turns: Vec<_> = (0..decoders)
            .map(|decoder| {
                let (sender, receiver) = sync_channel(1);
                threads.spawn(move || {
                    for page in (decoder..pages).step_by(decoders) {
                        if sender.send(decoded(page)).is_err() {
                            return; // Nobody wants it any more.
                        }
                    }
                });
                receiver
            })
            .collect();
        (0..pages).try_for_each(|page| {
            let events = turns[page % decoders]
                .recv()
                .map_err(|_| Failure::Internal)??;
            fold_all(scheme, snapshot, &events)
        })
    })
}

fn decode(
    store: &Embedded,
    scheme: &SchemeId,
    vault: &Vault,
    from: Position,
    most: usize,
) -> Result<Vec<Recorded>, Failure> {
    let page = store.read(scheme, from, most);
    let page = page.map_err(|error| opening(scheme, &error))?;
    let events = page.iter().map(|stored| {
        let position = stored.position.0;
        let record = stored
            .record()
            .map_err(|error| halted(scheme, position, &error))?;
        codec::understand_whole(record, vault).map_err(|error| halted(scheme, position, &error))
    });
    events.collect()
}

fn fold_all(
    scheme: &SchemeId,
    snapshot: &mut Snapshot,
    events: &[Recorded],
) -> Result<(), Failure> {
    let folded = snapshot.fold_all(events);
    folded.map_err(|error| halted(scheme, error.position, &error))
}

fn halted(scheme: &SchemeId, position: u64, error: &(dyn std::error::Error + 'static)) -> Failure {
    tracing::error!(%scheme, position, error, "this scheme is halted");
    Failure::Halted { position }
}

pub fn opening(scheme: &SchemeId, error: &StoreError) -> Failure {
    if !matches!(error, StoreError::NotFound(_)) {
        tracing::error!(%scheme, error = error as &dyn std::error::Error, "this scheme cannot be opened");
    }
    failure(error)
}

//! What stands in a snapshot on disk: everything that was folded, and what is personal sealed.
//!
//! ```text
//! part 0  scheme, board, ledger     part 1  trail     part 2  outcomes
//! part 3  (head, ciphertext)*       everything that stands under one key, sealed under that key
//! ```
//!
//! All but the last hold what the log holds in clear. The last is sealed key by key, so that destroying a key
//! forgets the person, or the one thing of theirs, here as well, and bound to the moment of the log at which it was
//! taken. It is a cache: whatever cannot be read means folding the log.

use super::codec::purpose;
use domain::{Particulars, identifiers::PersonId, particulars::Known};
use event_log::{
    Kept, KeyId, MAX_PLAINTEXT_BYTES, Moment, Opened, Place, SchemeId, SealError, SealedValue,
    Vault,
};
use projections::Snapshot;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::thread;
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Names the code that folds and writes, by a hash of its sources (`build.rs`).
pub const FINGERPRINT: &str = env!("ALONGSIDE_FOLDED_BY");

/// The kind of place a sealed value of a snapshot is bound to; no event has it.
const KIND: &str = "snapshot";
const VERSION: u16 = 1;

/// Why a snapshot cannot be written or read. Each means doing without.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// A part is not what this code writes.
    #[error("a part does not read")]
    Part(#[from] postcard::Error),
    /// A sealed value cannot be sealed or opened.
    #[error("a sealed value cannot be handled")]
    Sealing(#[from] SealError),
    /// Somebody was erased after the state was folded.
    #[error("it holds somebody who was erased")]
    Erased,
    /// A part is missing, cut short, or was not read.
    #[error("it is not whole")]
    NotWhole,
}

/// What stands before each ciphertext. What stands under one key is cut into pieces that the vault takes.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    subject: Uuid,
    key: KeyId,
    nonce: [u8; 24],
    piece: u32,
    last: bool,
    bytes: u32,
}

/// One piece: its head and its ciphertext.
type Piece<'a> = (Head, &'a [u8]);

/// The parts of a snapshot taken at `moment`.
pub fn write(
    snapshot: &Snapshot,
    moment: Moment,
    scheme: &SchemeId,
    vault: &Vault,
) -> Result<Vec<Vec<u8>>, SnapshotError> {
    let Snapshot {
        scheme: state,
        particulars,
        board,
        ledger,
        trail,
        outcomes,
    } = snapshot;
    Ok(vec![
        postcard::to_stdvec(&(state, board, ledger))?,
        postcard::to_stdvec(trail)?,
        postcard::to_stdvec(outcomes)?,
        seal(particulars, moment, scheme, vault)?,
    ])
}

/// The snapshot that [`write()`] made these parts of.
pub fn read(kept: &Kept, scheme: &SchemeId, vault: &Vault) -> Result<Snapshot, SnapshotError> {
    let sealed = pieces(kept.part(3).ok_or(SnapshotError::NotWhole)?)?;
    let (first, second) = halves(&sealed);
    // Side by side: none of the four waits for another, and together they are most of a start.
    thread::scope(|threads| {
        let state = threads.spawn(|| part(kept, 0));
        let trail = threads.spawn(|| part(kept, 1));
        let outcomes = threads.spawn(|| part(kept, 2));
        let half = threads.spawn(|| open(first, kept.moment(), scheme, vault));
        let mut particulars = Particulars::default();
        for (person, known) in open(second, kept.moment(), scheme, vault)? {
            particulars.recall(person, known);
        }
        for (person, known) in joined(half)? {
            particulars.recall(person, known);
        }
        let (scheme, board, ledger) = joined(state)?;
        Ok(Snapshot {
            scheme,
            particulars,
            board,
            ledger,
            trail: joined(trail)?,
            outcomes: joined(outcomes)?,
        })
    })
}

fn part<T: DeserializeOwned>(kept: &Kept, index: usize) -> Result<T, SnapshotError> {
    let bytes = kept.part(index).ok_or(SnapshotError::NotWhole)?;
    Ok(postcard::from_bytes(bytes)?)
}

fn joined<T>(
    thread: thread::ScopedJoinHandle<'_, Result<T, SnapshotError>>,
) -> Result<T, SnapshotError> {
    thread.join().unwrap_or(Err(SnapshotError::NotWhole))
}

/// The place that what is sealed in the snapshot of `moment` is bound to.
fn place(moment: Moment, scheme: &SchemeId) -> Place<'_> {
    Place {
        scheme,
        event: moment.id(),
        kind: KIND,
        version: VERSION,
    }
}

/// Seals what stands under each key under that key. What was destroyed since the state was folded is left out.
fn seal(
    particulars: &Particulars,
    moment: Moment,
    scheme: &SchemeId,
    vault: &Vault,
) -> Result<Vec<u8>, SnapshotError> {
    let mut part = Vec::new();
    for ((person, thing), known) in particulars.by_key() {
        let key = match vault.key_of(person.0, &purpose(thing)) {
            Some(key) => key,
            None if thing.is_some() && !vault.is_erased(person.0) => continue,
            None => return Err(SnapshotError::Erased),
        };
        let plain = Zeroizing::new(postcard::to_stdvec(&known)?);
        let pieces = plain.chunks(MAX_PLAINTEXT_BYTES);
        let count = pieces.len();
        for (piece, plain) in (0..).zip(pieces) {
            let sealed = vault.seal(&place(moment, scheme), &path(piece), key, VERSION, plain)?;
            let nonce = sealed.nonce.as_slice().try_into();
            let bytes = u32::try_from(sealed.ciphertext.len());
            let head = Head {
                subject: person.0,
                key,
                nonce: nonce.map_err(|_| SnapshotError::NotWhole)?,
                piece,
                last: piece as usize + 1 == count,
                bytes: bytes.map_err(|_| SnapshotError::NotWhole)?,
            };
            part = postcard::to_extend(&head, part)?;
            part.extend_from_slice(&sealed.ciphertext);
        }
    }
    Ok(part)
}

/// The sealed pieces of the last part, in order.
fn pieces(mut part: &[u8]) -> Result<Vec<Piece<'_>>, SnapshotError> {
    let mut pieces = Vec::new();
    while !part.is_empty() {
        let (head, rest) = postcard::take_from_bytes::<Head>(part)?;
        let (ciphertext, rest) = rest
            .split_at_checked(head.bytes as usize)
            .ok_or(SnapshotError::NotWhole)?;
        pieces.push((head, ciphertext));
        part = rest;
    }
    Ok(pieces)
}

/// Two halves, cut between two keys.
fn halves<'a, 'b>(pieces: &'a [Piece<'b>]) -> (&'a [Piece<'b>], &'a [Piece<'b>]) {
    let middle = pieces.len() / 2;
    let whole = pieces[middle..]
        .iter()
        .position(|(head, _)| head.piece == 0);
    pieces.split_at(middle + whole.unwrap_or(pieces.len() - middle))
}

/// Opens what stands under each key. What was destroyed since is left out: the log that follows says so.
fn open(
    pieces: &[Piece<'_>],
    moment: Moment,
    scheme: &SchemeId,
    vault: &Vault,
) -> Result<Vec<(PersonId, Known)>, SnapshotError> {
    let mut all = Vec::new();
    let mut plain = Zeroizing::new(Vec::new());
    for (head, ciphertext) in pieces {
        let sealed = SealedValue {
            path: path(head.piece),
            subject: head.subject,
            key: head.key,
            nonce: head.nonce.to_vec(),
            version: VERSION,
            ciphertext: ciphertext.to_vec(),
        };
        match vault.open_value(&place(moment, scheme), &sealed)? {
            Opened::Plain(piece) => plain.extend_from_slice(&piece),
            Opened::Erased if vault.is_erased(head.subject) => return Err(SnapshotError::Erased),
            Opened::Erased => continue,
        }
        if head.last {
            all.push((head.subject.into(), postcard::from_bytes(&plain)?));
            plain.clear();
        }
    }
    if plain.is_empty() {
        Ok(all)
    } else {
        Err(SnapshotError::NotWhole)
    }
}

fn path(piece: u32) -> String {
    format!("/{piece}")
}

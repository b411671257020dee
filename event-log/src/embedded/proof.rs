//! Proving what a snapshot answered for, on a thread of its own, while the scheme already serves.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use crate::journal::{Deferred, Journal};
use crate::record::{Position, SchemeId};
use crate::store::StoreError;

/// The proof of one open scheme.
#[derive(Debug)]
pub(super) struct Proof {
    /// Whether every byte of the journal has been proved.
    done: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Proof {
    pub(super) fn start(
        scheme: &SchemeId,
        deferred: Option<Deferred>,
        journal: &Arc<Journal>,
        condemned: &Arc<OnceLock<(Position, String)>>,
    ) -> Self {
        let proof = Self {
            done: Arc::new(AtomicBool::new(deferred.is_none())),
            stop: Arc::default(),
            thread: Mutex::default(),
        };
        let Some(deferred) = deferred else {
            return proof;
        };
        let (done, stop) = (Arc::clone(&proof.done), Arc::clone(&proof.stop));
        let (journal, verdict, scheme) =
            (Arc::clone(journal), Arc::clone(condemned), scheme.clone());
        let prove = move || match deferred.prove(&journal, &stop) {
            Ok(proved) => done.store(proved, Ordering::SeqCst),
            Err(error) => {
                tracing::error!(%scheme, error = &error as &dyn std::error::Error, "the journal is damaged; the scheme is halted");
                verdict.get_or_init(|| found(&error));
            }
        };
        match thread::Builder::new().name("proof".to_owned()).spawn(prove) {
            Ok(thread) => *proof.lock() = Some(thread),
            Err(error) => {
                // Without a proof nothing is believed.
                condemned
                    .get_or_init(|| (Position::FIRST, format!("it could not be proved: {error}")));
            }
        }
        proof
    }

    pub(super) fn is_done(&self) -> bool {
        self.done.load(Ordering::SeqCst)
    }

    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.lock().take()
            && thread.join().is_err()
        {
            tracing::error!("the proof of a journal panicked");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proof {
    fn drop(&mut self) {
        // The thread holds the journal; it must not outlive the scheme that is dropped without being closed.
        self.stop();
    }
}

/// From where on a journal cannot be trusted, and why.
fn found(error: &StoreError) -> (Position, String) {
    match error {
        StoreError::Damaged { position, reason } => (*position, reason.clone()),
        other => (Position::FIRST, other.to_string()),
    }
}

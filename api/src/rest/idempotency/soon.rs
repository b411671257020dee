//! Answers that need not be durable before they are given, because the log tells them again: gathered for a moment and
//! written with one sync.
//!
//! Until its entry is written, a delivery keeps its place among those that run, with its answer. If the process ends
//! first, a retry is worked through again under the same command ids and comes to the same answer.

use super::{Answer, Claim, Delivery, Journal};
use projections::Snapshot;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How long answers gather.
const GATHERING: Duration = Duration::from_millis(50);

/// Answers on their way to the operations journals, by scheme. Cheap to clone.
#[derive(Clone, Default)]
pub struct Soon(Arc<Mutex<HashMap<String, Vec<Done>>>>);

struct Done {
    entries: Vec<event_log::Entry>,
    /// Free again once the entries say the same.
    _claim: Claim,
    /// Keeps the scheme open.
    _watching: watch::Receiver<Arc<Snapshot>>,
}

impl Soon {
    /// Keeps the answer to `delivery` soon. What goes wrong is said in the log of the service and loses nothing.
    pub fn finish(
        &self,
        journal: &Journal,
        delivery: &Delivery,
        answer: &Answer,
        claim: Claim,
        watching: watch::Receiver<Arc<Snapshot>>,
    ) {
        claim.answered(answer);
        let done = Done {
            entries: journal.done(delivery, answer),
            _claim: claim,
            _watching: watching,
        };
        let is_first = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let of_scheme = waiting.entry(journal.scheme.clone()).or_default();
            of_scheme.push(done);
            of_scheme.len() == 1
        };
        if is_first {
            let (soon, journal) = (self.clone(), journal.clone());
            tokio::spawn(async move {
                tokio::time::sleep(GATHERING).await;
                soon.write(&journal).await;
            });
        }
    }

    async fn write(&self, journal: &Journal) {
        let gathered = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.remove(&journal.scheme)
        };
        let mut gathered = gathered.unwrap_or_default();
        let entries = gathered
            .iter_mut()
            .flat_map(|done| std::mem::take(&mut done.entries));
        let _said = journal.append(entries.collect()).await;
    }
}

//! What is closed while the service runs: schemes that nobody uses, and those that the budget has no room for.

use super::{OpenScheme, Place, Platform, blocking, internal};
use event_log::SchemeId;
use std::{cmp::Reverse, sync::Arc, time::Duration};

/// How long a scheme must be unused before the budget may close it: what is in use is not closed and opened by turns.
const IDLE_LEAST: Duration = Duration::from_secs(2);
/// The most time between two looks at what is open.
const ROUND_MOST: Duration = Duration::from_secs(5);

impl Platform {
    /// The open schemes. One that is opening or closing at this moment is left out.
    fn open_schemes(&self) -> Vec<(SchemeId, Arc<OpenScheme>)> {
        let slots = self.slots();
        let open = slots.iter().filter_map(|(id, slot)| {
            let place = slot.gate.try_lock().ok()?;
            Some((id.clone(), Arc::clone(place.open()?)))
        });
        open.collect()
    }

    /// Closes what nobody uses, and what the budget has no room for, again and again. Never returns.
    pub async fn close_idle_schemes(self) {
        let round = (self.0.idle_after / 4).clamp(Duration::from_millis(50), ROUND_MOST);
        let mut rounds = tokio::time::interval(round);
        loop {
            rounds.tick().await;
            for (id, open) in self.open_schemes() {
                self.close_if_idle(&id, &open, self.0.idle_after).await;
            }
            self.keep_within_budget().await;
        }
    }

    /// Closes those that were unused longest until what is open fits the budget, and says so if it cannot be kept.
    pub(super) async fn keep_within_budget(&self) {
        let _alone = self.0.closing.lock().await;
        let (budget, most) = (self.0.bounds.memory, self.0.bounds.memory.open_schemes());
        let mut open = self.open_schemes();
        let bytes = |open: &OpenScheme| budget.of_scheme(open.position()) + open.moments_bytes();
        let mut held: u64 = open.iter().map(|(_, open)| bytes(open)).sum();
        if held > most {
            open.sort_by_key(|(_, open)| Reverse(open.idle_for()));
            // Earlier states first: without them a scheme answers as before.
            for (_, scheme) in &open {
                if held <= most {
                    break;
                }
                held = held.saturating_sub(scheme.moments_bytes());
                scheme.forget_moments();
            }
            for (id, scheme) in &open {
                if held <= most {
                    break;
                }
                if self.close_if_idle(id, scheme, IDLE_LEAST).await {
                    held = held.saturating_sub(bytes(scheme));
                }
            }
            if held > most {
                tracing::warn!(
                    held_mib = held >> 20,
                    budget_mib = most >> 20,
                    "the schemes in use hold more memory than the budget has"
                );
            }
        }
        let count = self.open_schemes().len();
        self.0.metrics.set_open_schemes(count);
        self.0.metrics.set_memory(held, most);
    }

    /// Closes this open scheme unless somebody used it within `idle`; tells whether it is closed now.
    async fn close_if_idle(&self, id: &SchemeId, open: &Arc<OpenScheme>, idle: Duration) -> bool {
        let is_idle = || open.idle_for().is_some_and(|unused| unused >= idle);
        if !is_idle() {
            return false;
        }
        let Some(slot) = self.slots().get(id).map(Arc::clone) else {
            return true;
        };
        let mut place = slot.gate.lock().await;
        // Looked at again: it may have been used while the gate was waited for.
        if is_idle() && place.open().is_some_and(|there| Arc::ptr_eq(there, open)) {
            *place = Place::Closed;
            self.close(id, Arc::clone(open)).await;
        }
        place.open().is_none()
    }

    pub(super) async fn close(&self, id: &SchemeId, open: Arc<OpenScheme>) {
        let (store, id) = (Arc::clone(&self.0.store), id.clone());
        let rendered = Arc::clone(&self.0.rendered);
        let closed = blocking(move || {
            open.close();
            rendered.forget(id.as_str());
            store
                .close_scheme(&id)
                .map_err(|error| internal(&id, &error))
        });
        // What went wrong was said in the log of the service; the scheme opens again when used.
        let _said = closed.await;
    }
}

//! Forgetting whom the log says is to be forgotten: first the decision is durable, then the keys go, then the log says so.
//!
//! ```text
//! erasure.decided durable ─▶ new generation of the keyring ─▶ erasure.completed durable ─▶ answer
//! ```
//!
//! Interrupted between two of these, it is taken up again when the scheme is opened: the keys go before anything is answered,
//! and that they are gone is recorded right after. The opened values forget with the decision itself, when it is folded; rendered answers go when the state is published.

use super::{
    Failure,
    answers::internal,
    codec::Draft,
    judge::{day, labelled},
    writer::Writer,
};
use domain::{Actor, Event, Recorded, Scheme, erasure::ErasureCompleted};
use event_log::{Position, SchemeId, Vault};
use jiff::Timestamp;
use projections::Snapshot;
use std::sync::Arc;
use uuid::Uuid;

/// Erases everybody of whom the log says that they are to be forgotten, and who is not erased.
pub fn erase_again(scheme: &SchemeId, vault: &Vault, state: &Scheme) -> Result<(), Failure> {
    let decided = state.erasures.decided();
    let people = decided.flat_map(|erasure| erasure.people.iter().map(|person| person.0));
    let left: Vec<Uuid> = people.filter(|person| !vault.is_erased(*person)).collect();
    if left.is_empty() {
        return Ok(());
    }
    let erased = vault.erase_all(&left);
    erased.map_err(|error| internal(scheme, &error))
}

impl Writer {
    /// Destroys the keys of everybody whose erasure was decided and is durable by now, and records that they are gone.
    pub(super) fn complete_erasures(
        &self,
        state: &mut Snapshot,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let pending = state.scheme.erasures.pending().into_iter();
        let pending: Vec<_> = pending
            .map(|erasure| (erasure.person, erasure.people.clone()))
            .collect();
        if pending.is_empty() {
            return Ok(());
        }
        let unknown = |error: &(dyn std::error::Error + 'static)| {
            internal(&self.scheme, error);
            Failure::OutcomeUnknown
        };
        let people = pending.iter().flat_map(|(_, people)| people);
        let people: Vec<Uuid> = people.map(|person| person.0).collect();
        self.vault
            .erase_all(&people)
            .map_err(|error| unknown(&error))?;
        // Earlier states still know them.
        self.published.moments.forget();
        let expected = Position(state.position());
        let mut drafts = Vec::with_capacity(pending.len());
        for (person, people) in pending {
            let buried = people.iter().map(|one| self.vault.buried_keys(one.0).len());
            let keys = u32::try_from(buried.sum::<usize>()).unwrap_or(u32::MAX);
            let recorded = Recorded {
                position: state.position() + 1,
                id: labelled(self.scheme.as_str(), at, person.0, "erasure completed"),
                recorded_at: at,
                happened_on: day(state, at),
                actor: Actor {
                    id: Uuid::nil(),
                    role: Arc::from("scheme"),
                },
                reported_by: None,
                channel: None,
                command_id: None,
                event: Event::ErasureCompleted(ErasureCompleted {
                    person,
                    people,
                    keys,
                }),
            };
            state.fold(&recorded).map_err(|error| unknown(&error))?;
            let draft = Draft::new(recorded, None, None);
            drafts.push(draft.map_err(|error| unknown(&error))?);
        }
        let records = self.seal(drafts)?;
        self.append(expected, records)
    }

    /// Takes up what was decided before the service ended and is not recorded as completed.
    pub(super) fn finish_what_was_decided(&mut self) {
        let mut state = Snapshot::clone(&self.published.current.load());
        if state.scheme.erasures.pending().is_empty() {
            return;
        }
        let completed = self
            .present(None)
            .and_then(|at| self.complete_erasures(&mut state, at));
        match completed {
            Ok(()) => drop(self.publish(state)),
            Err(_) => self.stop(Failure::ReadOnly),
        }
    }
}

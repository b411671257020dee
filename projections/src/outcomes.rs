//! What came of each command that was accepted: for ever, because it is in the log.

use domain::Recorded;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The positions each accepted command led to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcomes(HashTrieMapSync<Uuid, (u64, u64)>);

impl Outcomes {
    /// The first and last position of what `command` led to.
    #[must_use]
    pub fn of(&self, command: Uuid) -> Option<(u64, u64)> {
        self.0.get(&command).copied()
    }

    pub(crate) fn fold(&mut self, recorded: &Recorded) {
        let Some(command) = recorded.command_id else {
            return;
        };
        match self.0.get_mut(&command) {
            Some((_, last)) => *last = recorded.position,
            None => self
                .0
                .insert_mut(command, (recorded.position, recorded.position)),
        }
    }
}

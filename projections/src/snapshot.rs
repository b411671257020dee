//! All answers at one version.

use crate::{board::Board, ledger::Ledger, outcomes::Outcomes, trail::Trail};
use domain::{Particulars, Recorded, Scheme, Unfoldable};

/// All answers at one version of a scheme.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// The scheme itself, without personal values.
    pub scheme: Scheme,
    /// The personal values that could be opened.
    pub particulars: Particulars,
    /// Who waits for what.
    pub board: Board,
    /// What was granted to and used by whom.
    pub ledger: Ledger,
    /// What happened, by subject, actor, type and time.
    pub trail: Trail,
    /// What came of each command.
    pub outcomes: Outcomes,
}

impl Snapshot {
    /// The position of the last event folded.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.scheme.position
    }

    /// Folds one event into every answer.
    ///
    /// An event that cannot be folded is never skipped: the caller halts the scheme at its position.
    pub fn fold(&mut self, recorded: &Recorded) -> Result<(), Unfoldable> {
        domain::evolve(&mut self.scheme, recorded)?;
        self.particulars.learn(recorded);
        self.board.fold(&self.scheme, recorded);
        self.ledger.fold(&self.scheme, recorded);
        self.trail.fold(recorded);
        self.outcomes.fold(recorded);
        Ok(())
    }
}

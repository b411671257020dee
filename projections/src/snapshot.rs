//! All answers at one version.

use crate::{board::Board, ledger::Ledger, outcomes::Outcomes, trail::Trail};
use domain::{Particulars, Recorded, Scheme, Unfoldable};
use std::thread;

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

    /// Folds many events, which follow one another: what rests on the state of the scheme and what does not, side by
    /// side. The same as [`Self::fold`] for each of them, in half the time where there are two cores; after an error
    /// the snapshot is of no use.
    pub fn fold_all(&mut self, events: &[Recorded]) -> Result<(), Unfoldable> {
        let Self {
            scheme,
            particulars,
            board,
            ledger,
            trail,
            outcomes,
        } = self;
        thread::scope(|threads| {
            threads.spawn(|| {
                for recorded in events {
                    particulars.learn(recorded);
                    trail.fold(recorded);
                    outcomes.fold(recorded);
                }
            });
            for recorded in events {
                domain::evolve(scheme, recorded)?;
                board.fold(scheme, recorded);
                ledger.fold(scheme, recorded);
            }
            Ok(())
        })
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

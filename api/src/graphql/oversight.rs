//! How it goes, without a word of what is said: check-ins and difficulties.

use super::{
    access::Class,
    command::mutations,
    global_id::Reader,
    kinds::{CheckInWord, Side},
    mentor::Mentor,
    mentoring::Mentee,
    pairing::Pairing,
    scalars::Date,
    view::View,
};
use async_graphql::{Enum, Error, ID, Object, SimpleObject};
use domain::{
    identifiers::PairingId,
    oversight::{self, DifficultyOutcome},
};

/// What somebody said last.
pub struct CheckIn {
    view: View,
    state: oversight::CheckIn,
}

impl View {
    /// What somebody said of how it goes, if the caller may know of it.
    pub fn check_in(&self, state: oversight::CheckIn) -> Option<CheckIn> {
        self.sees(Class::CheckIn, state.person).then(|| CheckIn {
            view: self.clone(),
            state,
        })
    }
}

/// What a member of a pairing said last when they were asked how it goes.
#[Object]
impl CheckIn {
    /// On which side they are.
    async fn side(&self) -> Side {
        self.state.side.into()
    }

    /// Who said it, where that is a mentee you may see.
    async fn mentee(&self) -> Option<Mentee> {
        let of_side = self.state.side == domain::matching::Side::Mentee;
        self.view.mentee(self.state.person).filter(|_| of_side)
    }

    /// Who said it, where that is a mentor you may see.
    async fn mentor(&self) -> Option<Mentor> {
        let of_side = self.state.side == domain::matching::Side::Mentor;
        self.view.mentor(self.state.person).filter(|_| of_side)
    }

    /// The day they said it.
    async fn on(&self) -> Date {
        self.state.on.into()
    }

    /// What they said.
    async fn word(&self) -> CheckInWord {
        self.state.word.into()
    }
}

/// What became of a difficulty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum DifficultyState {
    /// Nothing yet.
    Open,
    /// It was resolved.
    Resolved,
    /// The pairing broke down while it was open.
    BecameBreakdown,
    /// The pairing ended otherwise while it was open.
    Ended,
}

/// A difficulty in a pairing. What it was about is not recorded.
#[derive(Debug, Clone, SimpleObject)]
pub struct Difficulty {
    /// The day it was raised.
    pub raised_on: Date,
    /// What became of it.
    pub state: DifficultyState,
    /// The day of that; null while it is open.
    pub closed_on: Option<Date>,
}

impl From<oversight::Difficulty> for Difficulty {
    fn from(difficulty: oversight::Difficulty) -> Self {
        let (state, closed_on) = match difficulty.outcome {
            DifficultyOutcome::Open => (DifficultyState::Open, None),
            DifficultyOutcome::Resolved { on } => (DifficultyState::Resolved, Some(on)),
            DifficultyOutcome::BecameBreakdown { on } => {
                (DifficultyState::BecameBreakdown, Some(on))
            }
            DifficultyOutcome::Ended { on } => (DifficultyState::Ended, Some(on)),
        };
        Self {
            raised_on: difficulty.raised_on.into(),
            state,
            closed_on: closed_on.map(Into::into),
        }
    }
}

fn pairing_of(ids: Reader<'_>, id: &ID) -> Result<PairingId, Error> {
    ids.pairing("pairing", id)
}

mutations! {
    OversightMutations;

    /// Records what a member of a pairing said when asked how it goes: that it goes well, or that they would like to be
    /// rung. There is no field for more.
    "recordCheckIn" record_check_in
    /// What `recordCheckIn` needs.
    input RecordCheckInInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the mentor or mentee of the pairing who said it.
        person: ID,
        /// What they said.
        word: CheckInWord,
    }
    /// What came of `recordCheckIn`.
    payload RecordCheckInPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        oversight::RecordCheckIn {
            pairing: pairing_of(ids, &given.pairing)?,
            person: ids.person("person", &given.person)?,
            word: given.word.into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that somebody raised a difficulty: they themselves, or whom `reportedBy` names. What it is about has no field.
    "raiseDifficulty" raise_difficulty
    /// What `raiseDifficulty` needs.
    input RaiseDifficultyInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `raiseDifficulty`.
    payload RaiseDifficultyPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        oversight::RaiseDifficulty { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that the difficulty was resolved. One that was not becomes a breakdown: see `breakPairing`.
    "resolveDifficulty" resolve_difficulty
    /// What `resolveDifficulty` needs.
    input ResolveDifficultyInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `resolveDifficulty`.
    payload ResolveDifficultyPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        oversight::ResolveDifficulty { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}

//! What the scheme must remember of those who are to be forgotten, or were.

use super::{ErasureCompleted, ErasureDecided, ErasureGround, ErasureRequested};
use crate::{Recorded, Rejection, Scheme, identifiers::PersonId};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The actor.
    pub by: Uuid,
    /// The day.
    pub on: Date,
}

/// How far an erasure has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// Asked for.
    Requested,
    /// Confirmed by a second, and held.
    Confirmed,
    /// Decided; the keys are being destroyed.
    Decided,
    /// The keys are destroyed.
    Completed,
}

/// Somebody's erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The person.
    pub person: PersonId,
    /// On which ground.
    pub ground: ErasureGround,
    /// Who asked, and when.
    pub requested: Step,
    /// Who confirmed it, and when.
    pub confirmed: Option<Step>,
    /// Every identifier that goes with the person; empty until it is decided.
    pub people: Vec<PersonId>,
    /// The day and position of its decision.
    pub decided: Option<(Date, u64)>,
    /// The day and position of its completion.
    pub completed: Option<(Date, u64)>,
}

impl Erasure {
    /// How far it has come.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        match (&self.confirmed, &self.decided, &self.completed) {
            (_, _, Some(_)) => Progress::Completed,
            (_, Some(_), None) => Progress::Decided,
            (Some(_), None, None) => Progress::Confirmed,
            (None, None, None) => Progress::Requested,
        }
    }
}

/// Every erasure that was asked for and not withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Erasures {
    asked: HashTrieMapSync<PersonId, Erasure>,
    /// Every identifier that was erased, and of whom.
    erased: HashTrieMapSync<PersonId, PersonId>,
    /// Those decided and not completed, in the order of their decisions.
    pending: Vec<PersonId>,
}

impl Erasures {
    /// Somebody's erasure, if it was asked for.
    #[must_use]
    pub fn of(&self, person: PersonId) -> Option<&Erasure> {
        self.asked.get(&person)
    }

    /// The erasure that took this identifier along.
    #[must_use]
    pub fn that_erased(&self, identifier: PersonId) -> Option<&Erasure> {
        self.of(*self.erased.get(&identifier)?)
    }

    /// Whether it was decided that this person is forgotten.
    #[must_use]
    pub fn is_erased(&self, person: PersonId) -> bool {
        self.erased.contains_key(&person)
    }

    /// Whether nobody was forgotten yet.
    #[must_use]
    pub fn is_nobody_erased(&self) -> bool {
        self.erased.is_empty()
    }

    /// Every erasure, in an order that depends on nothing else.
    #[must_use]
    pub fn all(&self) -> Vec<&Erasure> {
        let mut all: Vec<&Erasure> = self.asked.values().collect();
        all.sort_unstable_by_key(|erasure| (erasure.requested.on, erasure.person));
        all
    }

    /// Those that were decided, whether or not the keys are known to be destroyed.
    pub fn decided(&self) -> impl Iterator<Item = &Erasure> {
        let all = self.asked.values();
        all.filter(|erasure| erasure.decided.is_some())
    }

    /// Those that were decided and of which nothing says that the keys are destroyed, in the order of their decisions.
    #[must_use]
    pub fn pending(&self) -> Vec<&Erasure> {
        let open = self.pending.iter();
        open.filter_map(|person| self.of(*person)).collect()
    }

    pub(crate) fn request(&mut self, requested: &ErasureRequested, recorded: &Recorded) {
        let erasure = Erasure {
            person: requested.person,
            ground: requested.ground,
            requested: step(recorded),
            confirmed: None,
            people: Vec::new(),
            decided: None,
            completed: None,
        };
        self.asked.insert_mut(requested.person, erasure);
    }

    pub(crate) fn confirm(&mut self, person: PersonId, recorded: &Recorded) -> Folded {
        self.asked_mut(person)?.confirmed = Some(step(recorded));
        Ok(())
    }

    pub(crate) fn withdraw(&mut self, person: PersonId) {
        self.asked.remove_mut(&person);
    }

    pub(crate) fn decide(&mut self, decided: &ErasureDecided, recorded: &Recorded) -> Folded {
        let erasure = self.asked_mut(decided.person)?;
        erasure.decided = Some((recorded.happened_on, recorded.position));
        erasure.people.clone_from(&decided.people);
        self.pending.push(decided.person);
        for person in &decided.people {
            self.erased.insert_mut(*person, decided.person);
        }
        Ok(())
    }

    pub(crate) fn complete(&mut self, completed: &ErasureCompleted, recorded: &Recorded) -> Folded {
        let erasure = self.asked_mut(completed.person)?;
        erasure.completed = Some((recorded.happened_on, recorded.position));
        self.pending.retain(|person| *person != completed.person);
        Ok(())
    }

    fn asked_mut(&mut self, person: PersonId) -> Result<&mut Erasure, &'static str> {
        self.asked
            .get_mut(&person)
            .ok_or("it names an erasure that was never asked for")
    }
}

type Folded = Result<(), &'static str>;

fn step(recorded: &Recorded) -> Step {
    Step {
        by: recorded.actor.id,
        on: recorded.happened_on,
    }
}

impl Scheme {
    /// Refuses somebody who was forgotten.
    pub fn not_erased(&self, person: PersonId) -> Result<(), Rejection> {
        if self.erasures.is_erased(person) {
            return Err(Rejection::PersonErased { person });
        }
        Ok(())
    }
}

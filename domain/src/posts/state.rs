//! What the scheme must remember of a holder of a post to judge the next command.

use super::{PostConfirmed, PostVacated};
use crate::{
    Scheme,
    appointment::Source,
    identifiers::{HoldingId, PersonId},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A person in a post. Which post it is stands in the [`crate::Particulars`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// This person in this post.
    pub id: HoldingId,
    /// The person.
    pub person: PersonId,
    /// Whether they hold it, as was last said.
    pub is_held: bool,
    /// Whether anybody ever said that they did: where not, the identifier stands for nobody.
    pub was_held: bool,
    /// The first day of which the scheme was told of them.
    pub known_since: Date,
    /// The day of which it was last said.
    pub told_on: Date,
    /// By whom.
    pub source: Source,
}

impl Scheme {
    pub(crate) fn post_confirmed(&mut self, confirmed: &PostConfirmed, on: Date) {
        self.told_of_post(
            confirmed.holding,
            confirmed.person,
            confirmed.source,
            (on, true),
        );
    }

    pub(crate) fn post_vacated(&mut self, vacated: &PostVacated, on: Date) {
        self.told_of_post(vacated.holding, vacated.person, vacated.source, (on, false));
    }

    /// What is told of an earlier day than the last does not change who holds the post now.
    fn told_of_post(
        &mut self,
        id: HoldingId,
        person: PersonId,
        source: Source,
        (on, is_held): (Date, bool),
    ) {
        let before = self.holdings.get(&id);
        let was_held = is_held || before.is_some_and(|before| before.was_held);
        let known_since = before.map_or(on, |before| before.known_since.min(on));
        let told = match before {
            Some(before) if on < before.told_on => Holding {
                was_held,
                known_since,
                ..before.clone()
            },
            _ => Holding {
                id,
                person,
                is_held,
                was_held,
                known_since,
                told_on: on,
                source,
            },
        };
        self.holdings.insert_mut(id, told);
    }
}

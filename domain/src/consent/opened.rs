//! What was opened of consents. It is gone with the key of the person, and characteristics with that of their consent.

use super::{
    Characteristics, CharacteristicsStated, ConsentGiven, ConsentPurpose, ConsentWithdrawn,
};
use crate::identifiers::{ConsentId, PersonId};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

/// A consent that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The consent.
    pub id: ConsentId,
    /// To what.
    pub purpose: ConsentPurpose,
    /// The day it was given.
    pub given_on: Date,
    /// The day it was withdrawn.
    pub withdrawn_on: Option<Date>,
}

/// Every consent that could be opened, and what stands under one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consents {
    of: HashTrieMapSync<PersonId, Vec<Consent>>,
    characteristics: HashTrieMapSync<PersonId, CharacteristicsStated>,
}

impl Consents {
    /// Every consent that somebody gave, in the order in which they did.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = &Consent> {
        self.of.get(&person).into_iter().flatten()
    }

    /// The consent of somebody to a purpose, if it is in force.
    #[must_use]
    pub fn in_force(&self, person: PersonId, purpose: ConsentPurpose) -> Option<&Consent> {
        let mut all = self.of(person);
        all.find(|consent| consent.purpose == purpose && consent.withdrawn_on.is_none())
    }

    /// What somebody stated of their background, as long as their consent is in force.
    #[must_use]
    pub fn characteristics(&self, person: PersonId) -> Option<&Characteristics> {
        let stated = self.characteristics.get(&person)?;
        let consent = self.in_force(person, ConsentPurpose::Characteristics)?;
        (consent.id == stated.consent).then_some(&stated.characteristics)
    }

    /// Everybody's consents, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&PersonId, &Vec<Consent>)> {
        self.of.iter()
    }

    /// What everybody stated, in no order.
    pub(crate) fn all_stated(&self) -> impl Iterator<Item = (&PersonId, &CharacteristicsStated)> {
        self.characteristics.iter()
    }

    /// Every consent under which something existed that is destroyed, with whose it was.
    pub fn destroyed(&self) -> impl Iterator<Item = (PersonId, ConsentId)> {
        self.of.iter().flat_map(|(person, consents)| {
            let withdrawn = consents.iter().filter(|consent| {
                consent.purpose == ConsentPurpose::Characteristics && consent.withdrawn_on.is_some()
            });
            withdrawn.map(|consent| (*person, consent.id))
        })
    }

    /// Takes in consents as they were kept.
    pub(crate) fn recall(&mut self, person: PersonId, consents: Vec<Consent>) {
        self.of.insert_mut(person, consents);
    }

    /// Takes in what was stated as it was kept.
    pub(crate) fn recall_stated(&mut self, person: PersonId, stated: CharacteristicsStated) {
        self.characteristics.insert_mut(person, stated);
    }

    /// Forgets what stands under the keys of `people`.
    pub(crate) fn forget(&mut self, people: &[PersonId]) {
        for person in people {
            self.of.remove_mut(person);
            self.characteristics.remove_mut(person);
        }
    }

    pub(crate) fn given(&mut self, person: PersonId, given: &ConsentGiven, on: Date) {
        let consent = Consent {
            id: given.consent,
            purpose: given.purpose,
            given_on: on,
            withdrawn_on: None,
        };
        match self.of.get_mut(&person) {
            Some(consents) => consents.push(consent),
            None => self.recall(person, vec![consent]),
        }
    }

    pub(crate) fn withdrawn(&mut self, person: PersonId, withdrawn: &ConsentWithdrawn, on: Date) {
        let consents = self.of.get_mut(&person).into_iter().flatten();
        for consent in consents.filter(|consent| consent.id == withdrawn.consent) {
            consent.withdrawn_on = Some(on);
        }
        let stated = self.characteristics.get(&person);
        if stated.is_some_and(|stated| stated.consent == withdrawn.consent) {
            self.characteristics.remove_mut(&person);
        }
    }
}

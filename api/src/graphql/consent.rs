//! Consent, purpose by purpose; and what somebody says of their background, which exists under it alone.

use super::{
    access::Class,
    command::mutations,
    matching::Match,
    personal::PersonalTextList,
    scalars::{Date, day},
    view::View,
};
use crate::dispatch::reads::Sensitive;
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::{consent, identifiers::PersonId, matching::Progress, mentoring};
use std::cmp::Reverse;

/// What consent can be given to. Where it is not in force, everything is as if it had never been asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "consent::ConsentPurpose")]
pub enum ConsentPurpose {
    /// That the employer that told of their present post sees whether and how they took the offer up.
    TakeUpToEmployer,
    /// That the scheme writes to them or rings after mentoring has ended.
    ContactAfterEnd,
    /// That words of their reports are used in what the scheme says about itself.
    EvaluationWords,
    /// That what they say of their background is kept, so that mentees find who shares it.
    Characteristics,
}

/// A consent that somebody gave.
#[derive(Debug, Clone, SimpleObject)]
pub struct Consent {
    /// To what.
    pub purpose: ConsentPurpose,
    /// The day it was given.
    pub given_on: Date,
    /// The day it was withdrawn; null while it is in force.
    pub withdrawn_on: Option<Date>,
}

/// What somebody says of their background, in their own words. They see it themselves, and nobody else.
pub struct OwnCharacteristics {
    view: View,
    person: PersonId,
}

/// What somebody says of their background, in their own words. They see it themselves, and nobody else.
#[Object]
impl OwnCharacteristics {
    /// What they say of themselves.
    async fn of_myself(&self) -> PersonalTextList {
        self.words(|stated| &stated.of_myself)
    }

    /// What they hope that a mentor shares.
    async fn hoped_for(&self) -> PersonalTextList {
        self.words(|stated| &stated.hoped_for)
    }
}

impl OwnCharacteristics {
    fn words(&self, of: impl Fn(&consent::Characteristics) -> &Vec<String>) -> PersonalTextList {
        let stated = self.view.consents().characteristics(self.person);
        let words = stated.map(|stated| of(stated).clone());
        let (what, person) = (Class::Characteristics, self.person);
        self.view.personal(what, person, words).into()
    }
}

/// A mentor put to a mentee, with what the two share of what the mentee hopes for. The mentee alone is shown it.
#[derive(SimpleObject)]
pub struct SharedMatch {
    /// The match.
    #[graphql(name = "match")]
    pub of: Match,
    /// What the mentor says of themselves that the mentee hopes for, in the mentee's words; empty where there is nothing.
    pub shares: Vec<String>,
}

impl View {
    fn consents(&self) -> &consent::Consents {
        self.particulars().confidences().consents()
    }

    /// The consents somebody gave, in order, if the caller may see them.
    pub fn consents_of(&self, person: PersonId) -> Option<Vec<Consent>> {
        let shown = |consent: &consent::Consent| Consent {
            purpose: consent.purpose.into(),
            given_on: consent.given_on.into(),
            withdrawn_on: day(consent.withdrawn_on),
        };
        let visible = self.sees(Class::Consent, person);
        visible.then(|| self.consents().of(person).map(shown).collect())
    }

    /// What somebody says of their background, if the caller may see that there is such a thing.
    pub fn characteristics_of(&self, person: PersonId) -> Option<OwnCharacteristics> {
        let visible = self.sees(Class::Characteristics, person);
        visible.then(|| OwnCharacteristics {
            view: self.clone(),
            person,
        })
    }

    /// The mentors put to a mentee who may still be chosen, who shares most first; for the mentee alone. Of those who share
    /// equally much, or where nothing is hoped for, the order is that in which they were put to them.
    pub fn shared_matches(
        &self,
        mentee: &mentoring::Mentee,
        only_sharing: bool,
    ) -> Option<Vec<SharedMatch>> {
        let is_own = self.me() == Some(mentee.person);
        if !is_own || !self.sees(Class::Characteristics, mentee.person) {
            return None;
        }
        let hopes = self.consents().characteristics(mentee.person);
        let open = self.scheme().open_matches(mentee);
        // Of an earlier moment: who is still put to them is told of, and nobody else.
        let open = open.filter(|open| {
            self.present().is_none_or(|present| {
                let now = present.scheme.matches.get(&open.id);
                now.is_some_and(|now| now.progress == Progress::Open)
            })
        });
        let mut found: Vec<SharedMatch> = open
            .filter_map(|open| {
                let stated = self.consents().characteristics(open.mentor);
                let met = hopes
                    .zip(stated)
                    .map(|(hopes, stated)| hopes.met_by(stated));
                let shares: Vec<String> = met
                    .unwrap_or_default()
                    .iter()
                    .map(|word| (*word).to_owned())
                    .collect();
                if !shares.is_empty() {
                    self.give(Sensitive::Characteristics, open.mentor);
                }
                let of = self.offered_match(open.id)?;
                Some(SharedMatch { of, shares })
            })
            .filter(|found| !only_sharing || !found.shares.is_empty())
            .collect();
        found.sort_by_key(|found| Reverse(found.shares.len()));
        Some(found)
    }
}

mutations! {
    ConsentMutations;

    /// Gives consent to one purpose. The coordinator records it on the person's word, in `reportedBy`.
    "giveConsent" give_consent
    /// What `giveConsent` needs.
    input GiveConsentInput {
        /// The id of the mentee or mentor whose consent it is.
        person: ID,
        /// To what.
        purpose: ConsentPurpose,
    }
    /// What came of `giveConsent`.
    payload GiveConsentPayload {
        /// The person's consents, in the order in which they were given; null when the command was refused.
        consents: Vec<Consent>
    }
    command(given, asked) {
        consent::GiveConsent {
            person: asked.view().ids().person("person", &given.person)?,
            purpose: given.purpose.into(),
        }
    }
    changed(answer, command) { answer.view.consents_of(command.person) }

    /// Withdraws consent to one purpose, from now on. What existed only under it is destroyed: nobody reads it again. The
    /// coordinator records it on the person's word, in `reportedBy`.
    "withdrawConsent" withdraw_consent
    /// What `withdrawConsent` needs.
    input WithdrawConsentInput {
        /// The id of the mentee or mentor whose consent it is.
        person: ID,
        /// To what.
        purpose: ConsentPurpose,
    }
    /// What came of `withdrawConsent`.
    payload WithdrawConsentPayload {
        /// The person's consents, in the order in which they were given; null when the command was refused.
        consents: Vec<Consent>
    }
    command(given, asked) {
        consent::WithdrawConsent {
            person: asked.view().ids().person("person", &given.person)?,
            purpose: given.purpose.into(),
        }
    }
    changed(answer, command) { answer.view.consents_of(command.person) }

    /// States what somebody says of their background and hopes that a mentor shares, in their own words and in the place of
    /// what they stated before. Needs their consent to `CHARACTERISTICS`. It orders the mentors a mentee is shown, and nothing
    /// else: no coordinator, no mentor and no figure sees any of it.
    "stateCharacteristics" state_characteristics
    /// What `stateCharacteristics` needs.
    input StateCharacteristicsInput {
        /// The id of the mentee or mentor whose they are.
        person: ID,
        /// What they say of themselves. Several count together; none must be named.
        #[graphql(default)]
        of_myself: Vec<String>,
        /// What they hope that a mentor shares.
        #[graphql(default)]
        hoped_for: Vec<String>,
    }
    /// What came of `stateCharacteristics`.
    payload StateCharacteristicsPayload {
        /// What they stated; null when the command was refused, or when you may not see it.
        characteristics: OwnCharacteristics
    }
    command(given, asked) {
        consent::StateCharacteristics {
            person: asked.view().ids().person("person", &given.person)?,
            characteristics: consent::Characteristics {
                of_myself: given.of_myself.clone(),
                hoped_for: given.hoped_for.clone(),
            },
        }
    }
    changed(answer, command) { answer.view.characteristics_of(command.person) }
}

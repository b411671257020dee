//! What was opened of confidential acts. It stands beside the scheme, in memory, and is gone with the key of the mentee.

use super::{Act, ConcernTest, Confidential, ConfidentialRecorded, Departure, Purpose, Statement};
use crate::{
    Channel, Party, Recorded, ReportedBy,
    consent::Consents,
    identifiers::{ConcernId, PairingId, PersonId, ThirdPersonId},
    pairing::Pairing,
    particulars::remove_where,
};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Every concern, every third person and every consent that could be opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Confidences {
    concerns: HashTrieMapSync<ConcernId, Concern>,
    third_persons: HashTrieMapSync<ThirdPersonId, ThirdPerson>,
    consents: Consents,
}

/// What was done with a concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The day.
    pub on: Date,
    /// Who recorded it: tells the coordinator from whoever stood in (Z17).
    pub by: Uuid,
}

/// A concern that was referred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// The concern.
    pub id: ConcernId,
    /// The pairing.
    pub pairing: PairingId,
    /// Whom it is about, and under whose key it stands.
    pub mentee: PersonId,
    /// Who referred it.
    pub mentor: PersonId,
    /// The day it was referred.
    pub referred_on: Date,
    /// On whose word it was recorded; absent where the mentor recorded it.
    pub reported_by: Option<ReportedBy>,
    /// How it was heard.
    pub channel: Option<Channel>,
    /// What the mentor claims.
    pub statement: Statement,
    /// That somebody has it in hand.
    pub acknowledged: Option<Step>,
    /// That it was closed.
    pub closed: Option<Step>,
}

impl Concern {
    /// Where it departs from the order in which a concern is to be referred.
    #[must_use]
    pub fn departures(&self) -> Vec<Departure> {
        self.statement.departures(self.referred_on)
    }

    /// The tests on which it rests.
    #[must_use]
    pub fn rests_on(&self) -> &[ConcernTest] {
        &self.statement.rests_on
    }

    /// Who may know of it: whoever referred it and whom it is about (R074, R124). The coordinator knows of all.
    #[must_use]
    pub fn is_of(&self, person: PersonId) -> bool {
        self.mentor == person || self.mentee == person
    }
}

/// That one of a pairing agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Who.
    pub person: PersonId,
    /// When.
    pub on: Date,
}

/// A third person whom the two brought in, or mean to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThirdPerson {
    /// The third person.
    pub id: ThirdPersonId,
    /// The pairing.
    pub pairing: PairingId,
    /// The mentee under whose key it stands.
    pub mentee: PersonId,
    /// How they are called.
    pub name: String,
    /// For what they are brought in.
    pub purpose: Purpose,
    /// Who has agreed, in the order in which they did.
    pub agreed: Vec<Agreement>,
    /// The day they accepted the same confidence.
    pub accepted_on: Option<Date>,
    /// The day it ended.
    pub ended_on: Option<Date>,
    /// Whether the coordinator recorded any of it, and so knows of it.
    pub known_to_office: bool,
}

impl ThirdPerson {
    /// Whether `person` has agreed.
    #[must_use]
    pub fn is_agreed_by(&self, person: PersonId) -> bool {
        self.agreed
            .iter()
            .any(|agreement| agreement.person == person)
    }

    /// Whether they are brought in: everybody of the pairing agreed, they accepted the same confidence, and nobody has
    /// ended it since (R115, R116, R300).
    #[must_use]
    pub fn is_in_effect(&self, pairing: &Pairing) -> bool {
        let mut members = pairing.members();
        self.ended_on.is_none()
            && self.accepted_on.is_some()
            && members.all(|(member, _)| self.is_agreed_by(member))
    }

    /// Whether it is this one, still wanted, for this purpose.
    #[must_use]
    pub fn is(&self, pairing: PairingId, name: &str, purpose: Purpose) -> bool {
        (self.pairing, self.purpose, self.ended_on) == (pairing, purpose, None)
            && folded(&self.name) == folded(name)
    }
}

/// A name without what people spell differently: letters' size and spaces.
pub(crate) fn folded(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

impl Confidences {
    /// A concern.
    #[must_use]
    pub fn concern(&self, id: ConcernId) -> Option<&Concern> {
        self.concerns.get(&id)
    }

    /// Every concern, in no order.
    pub fn concerns(&self) -> impl Iterator<Item = &Concern> {
        self.concerns.values()
    }

    /// A third person.
    #[must_use]
    pub fn third_person(&self, id: ThirdPersonId) -> Option<&ThirdPerson> {
        self.third_persons.get(&id)
    }

    /// Every third person, in no order.
    pub fn third_persons(&self) -> impl Iterator<Item = &ThirdPerson> {
        self.third_persons.values()
    }

    /// Consents, and what stands under them.
    #[must_use]
    pub const fn consents(&self) -> &Consents {
        &self.consents
    }

    /// The same, to be changed.
    pub(crate) const fn consents_mut(&mut self) -> &mut Consents {
        &mut self.consents
    }

    /// Takes in a concern as it was kept.
    pub(crate) fn recall_concern(&mut self, concern: Concern) {
        self.concerns.insert_mut(concern.id, concern);
    }

    /// Takes in a third person as they were kept.
    pub(crate) fn recall_third_person(&mut self, third_person: ThirdPerson) {
        self.third_persons.insert_mut(third_person.id, third_person);
    }

    /// Forgets what stands under the keys of `people`.
    pub(crate) fn forget(&mut self, people: &[PersonId]) {
        remove_where(&mut self.concerns, |_, concern| {
            people.contains(&concern.mentee)
        });
        remove_where(&mut self.third_persons, |_, third| {
            people.contains(&third.mentee)
        });
        self.consents.forget(people);
    }

    /// Takes in what was recorded, if it opens.
    pub(crate) fn learn(&mut self, recorded: &Recorded, confidential: &ConfidentialRecorded) {
        let Some(said) = confidential.act.open() else {
            return;
        };
        let mentee = confidential.act.subject();
        let on = said.happened_on;
        let step = Some(Step {
            on,
            by: recorded.actor.id,
        });
        match (&said.act, said.pairing) {
            (Act::ConcernReferred(referral), Some(pairing)) => self.recall_concern(Concern {
                id: referral.concern,
                pairing,
                mentee,
                mentor: referral.mentor,
                referred_on: on,
                reported_by: said.reported_by.clone(),
                channel: said.channel,
                statement: referral.statement.clone(),
                acknowledged: None,
                closed: None,
            }),
            (Act::ConcernAcknowledged(concern), _) => {
                self.change_concern(*concern, |concern| concern.acknowledged = step);
            }
            (Act::ConcernClosed(concern), _) => {
                self.change_concern(*concern, |concern| concern.closed = step);
            }
            (Act::ThirdPersonAgreed(agreed), Some(pairing)) => {
                if self.third_persons.get(&agreed.third_person).is_none() {
                    self.recall_third_person(ThirdPerson {
                        id: agreed.third_person,
                        pairing,
                        mentee,
                        name: agreed.name.clone(),
                        purpose: agreed.purpose,
                        agreed: Vec::new(),
                        accepted_on: None,
                        ended_on: None,
                        known_to_office: false,
                    });
                }
                let agreement = Agreement {
                    person: agreed.person,
                    on,
                };
                self.change_third_person(agreed.third_person, said, |third| {
                    third.agreed.push(agreement);
                });
            }
            (Act::ConfidenceAccepted(third), _) => {
                self.change_third_person(*third, said, |third| third.accepted_on = Some(on));
            }
            (Act::ThirdPersonEnded(third), _) => {
                self.change_third_person(*third, said, |third| third.ended_on = Some(on));
            }
            (Act::ConsentGiven(given), _) => self.consents.given(mentee, given, on),
            (Act::ConsentWithdrawn(withdrawn), _) => {
                self.consents.withdrawn(mentee, withdrawn, on);
            }
            (Act::CharacteristicsStated(stated), _) => {
                self.consents.recall_stated(mentee, stated.clone());
            }
            // Neither is ever recorded but of a pairing.
            (Act::ConcernReferred(_) | Act::ThirdPersonAgreed(_), None) => {}
        }
    }

    fn change_concern(&mut self, id: ConcernId, change: impl FnOnce(&mut Concern)) {
        if let Some(concern) = self.concerns.get_mut(&id) {
            change(concern);
        }
    }

    fn change_third_person(
        &mut self,
        id: ThirdPersonId,
        said: &Confidential,
        change: impl FnOnce(&mut ThirdPerson),
    ) {
        if let Some(third) = self.third_persons.get_mut(&id) {
            third.known_to_office |= said.recorded_by == Party::Operator;
            change(third);
        }
    }
}

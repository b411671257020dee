//! Third persons whom a pair brings in: the pair's own. A third person has no token and sees nothing here.

use super::{
    access::Query,
    command::{Answer, mutations},
    global_id::Kind,
    kinds::Side,
    pairing::Pairing,
    personal::PersonalText,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::{
    confidence,
    identifiers::{PairingId, ThirdPersonId},
};

/// A third person.
pub struct ThirdPerson {
    view: View,
    state: confidence::ThirdPerson,
}

/// For what a third person is brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "confidence::Purpose")]
pub enum ThirdPersonPurpose {
    /// To advise on a matter of their field.
    Advice,
    /// To help with a piece of work.
    Assistance,
    /// To look after the wellbeing of one of the two.
    Wellbeing,
    /// To help the two with each other.
    Mediation,
}

/// That one of a pair agreed to bring somebody in.
#[derive(Debug, Clone, SimpleObject)]
pub struct ThirdPersonAgreement {
    /// Which side; null for somebody who is of the pairing no more.
    pub side: Option<Side>,
    /// The day.
    pub on: Date,
}

impl View {
    /// A third person, if there is one and the caller may know of them.
    pub fn third_person(&self, id: ThirdPersonId) -> Option<ThirdPerson> {
        let state = self.particulars().confidences().third_person(id)?;
        self.may_see_third_person(state).then(|| ThirdPerson {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// The third persons of a pairing, in the order in which somebody first agreed to them, as far as the caller may know
    /// of them.
    pub fn third_persons_of(&self, pairing: PairingId) -> Vec<ThirdPerson> {
        if self.ask(Query::ThirdPersons).is_err() {
            return Vec::new();
        }
        let all = self.particulars().confidences().third_persons();
        let of_pairing = all.filter(|third| third.pairing == pairing);
        let first = |third: &confidence::ThirdPerson| third.agreed.first().map(|said| said.on);
        let mut keys: Vec<_> = of_pairing.map(|third| (first(third), third.id)).collect();
        keys.sort_unstable();
        keys.into_iter()
            .filter_map(|(_, id)| self.third_person(id))
            .collect()
    }
}

/// Somebody outside whom a pair brings into its confidence for one purpose, or means to. Seen by the two; the coordinator
/// sees that there is one only where the office recorded any of it on the word of one of the two.
#[Object]
impl ThirdPerson {
    /// The id of the third person.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::ThirdPerson, self.state.id)
    }

    /// The pairing.
    async fn pairing(&self) -> Option<Pairing> {
        self.view.pairing(self.state.pairing)
    }

    /// How they are called. It is kept with the mentee, and gone when the mentee is forgotten.
    async fn name(&self) -> PersonalText {
        let name = Some(self.state.name.clone());
        let found = self.view.personal_where(true, self.state.mentee, name);
        found.into()
    }

    /// For what they are brought in.
    async fn purpose(&self) -> ThirdPersonPurpose {
        self.state.purpose.into()
    }

    /// Who has agreed, in the order in which they did.
    async fn agreed(&self) -> Vec<ThirdPersonAgreement> {
        let pairing = self.view.scheme().pairings.get(&self.state.pairing);
        let agreements = self.state.agreed.iter();
        agreements
            .map(|agreement| ThirdPersonAgreement {
                side: pairing
                    .and_then(|pairing| pairing.side_of(agreement.person).ok())
                    .map(Into::into),
                on: agreement.on.into(),
            })
            .collect()
    }

    /// The day they accepted the same confidence; null while they have not.
    async fn accepted_on(&self) -> Option<Date> {
        day(self.state.accepted_on)
    }

    /// The day it ended; null while it has not.
    async fn ended_on(&self) -> Option<Date> {
        day(self.state.ended_on)
    }

    /// Whether they are brought in: both agreed, they accepted the same confidence, and neither has ended it.
    async fn in_effect(&self) -> bool {
        let pairing = self.view.scheme().pairings.get(&self.state.pairing);
        pairing.is_some_and(|pairing| self.state.is_in_effect(pairing))
    }
}

/// The third person to whom somebody agreed.
fn agreed(answer: &Answer, command: &confidence::AgreeThirdPerson) -> Option<ThirdPerson> {
    let mut all = answer.view.particulars().confidences().third_persons();
    let same = all.find(|third| third.is(command.pairing, &command.name, command.purpose));
    same.and_then(|third| answer.view.third_person(third.id))
}

mutations! {
    ThirdPersonMutations;

    /// Agrees that a third person is brought in for one purpose. Each of the two does so for themselves and names the same
    /// person for the same purpose: small and capital letters and spaces make no difference. One alone brings nobody in.
    /// The coordinator records it on the word of each, in `reportedBy`.
    "agreeThirdPerson" agree_third_person
    /// What `agreeThirdPerson` needs.
    input AgreeThirdPersonInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the mentor or mentee who agrees.
        person: ID,
        /// How the third person is called.
        name: String,
        /// For what they are brought in.
        purpose: ThirdPersonPurpose,
    }
    /// What came of `agreeThirdPerson`.
    payload AgreeThirdPersonPayload {
        /// The third person; null when the command was refused or only tried.
        third_person: ThirdPerson
    }
    command(given, asked) {
        let ids = asked.view().ids();
        confidence::AgreeThirdPerson {
            pairing: ids.pairing("pairing", &given.pairing)?,
            person: ids.person("person", &given.person)?,
            name: given.name.clone(),
            purpose: given.purpose.into(),
        }
    }
    changed(answer, command) { agreed(answer, command) }

    /// Records that a third person accepted the same confidence as the pair. Before that they are not brought in.
    "acceptConfidence" accept_confidence
    /// What `acceptConfidence` needs.
    input AcceptConfidenceInput {
        /// The id of the third person.
        third_person: ID,
    }
    /// What came of `acceptConfidence`.
    payload AcceptConfidencePayload {
        /// The third person; null when the command was refused.
        third_person: ThirdPerson
    }
    command(given, asked) {
        confidence::AcceptConfidence {
            third_person: asked.view().ids().third_person("thirdPerson", &given.third_person)?,
        }
    }
    changed(answer, command) { answer.view.third_person(command.third_person) }

    /// Ends it: the third person is brought in no more. Either of the two may do it alone.
    "endThirdPerson" end_third_person
    /// What `endThirdPerson` needs.
    input EndThirdPersonInput {
        /// The id of the third person.
        third_person: ID,
    }
    /// What came of `endThirdPerson`.
    payload EndThirdPersonPayload {
        /// The third person; null when the command was refused.
        third_person: ThirdPerson
    }
    command(given, asked) {
        confidence::EndThirdPerson {
            third_person: asked.view().ids().third_person("thirdPerson", &given.third_person)?,
        }
    }
    changed(answer, command) { answer.view.third_person(command.third_person) }
}

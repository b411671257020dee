//! The facts that forgetting a person leaves behind: none of them says anything of the person.

use crate::{
    event::Payload,
    identifiers::PersonId,
    sealed::{Content, Sealed},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// On which ground a person is forgotten. A closed list: nobody writes down a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureGround {
    /// They asked for it themselves.
    PersonsRequest,
    /// A review of what is retained found that it is needed no longer (Z07).
    RetentionEnded,
    /// They should never have been recorded.
    RecordedInError,
    /// Another ground in law.
    OtherLawfulGround,
}

/// What defers an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// An inquiry or investigation.
    Inquiry,
    /// A concern that is open.
    OpenConcern,
    /// A claim in law, made or expected.
    LegalClaim,
    /// An audit.
    Audit,
}

/// Everything that holds an erasure, as it stands: the same members whatever they say, so that the length tells nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "all are written whatever they say, and any of them may stand beside any other"
)]
pub struct Holds {
    /// An inquiry or investigation.
    pub inquiry: bool,
    /// A concern that was open when this was recorded.
    pub open_concern: bool,
    /// A claim in law.
    pub legal_claim: bool,
    /// An audit.
    pub audit: bool,
}

impl Content for Holds {
    const VERSION: u16 = 1;
}

impl Holds {
    /// Whether this one stands.
    #[must_use]
    pub const fn has(&self, hold: Hold) -> bool {
        match hold {
            Hold::Inquiry => self.inquiry,
            Hold::OpenConcern => self.open_concern,
            Hold::LegalClaim => self.legal_claim,
            Hold::Audit => self.audit,
        }
    }

    /// The same with this one standing, or not.
    #[must_use]
    pub const fn with(mut self, hold: Hold, stands: bool) -> Self {
        let which = match hold {
            Hold::Inquiry => &mut self.inquiry,
            Hold::OpenConcern => &mut self.open_concern,
            Hold::LegalClaim => &mut self.legal_claim,
            Hold::Audit => &mut self.audit,
        };
        *which = stands;
        self
    }

    /// Those that stand.
    pub fn standing(&self) -> impl Iterator<Item = Hold> {
        let all = [
            Hold::Inquiry,
            Hold::OpenConcern,
            Hold::LegalClaim,
            Hold::Audit,
        ];
        let holds = *self;
        all.into_iter().filter(move |hold| holds.has(*hold))
    }

    /// Whether none does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.standing().next().is_none()
    }
}

/// It was asked that a person be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureRequested {
    /// The person.
    pub person: PersonId,
    /// On which ground.
    pub ground: ErasureGround,
}

/// A second holder of a token confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureConfirmed {
    /// The person.
    pub person: PersonId,
    /// What held it then, if anything did.
    pub holds: Sealed<Holds>,
}

/// The request was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureWithdrawn {
    /// The person.
    pub person: PersonId,
}

/// The person is forgotten: from here on nothing of theirs is read, and their keys are destroyed. It is not undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureDecided {
    /// The person.
    pub person: PersonId,
    /// On which ground.
    pub ground: ErasureGround,
    /// Every identifier under which something was sealed for them, their own first.
    pub people: Vec<PersonId>,
}

/// The keys were destroyed: what was sealed for the person cannot be read by anybody any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasureCompleted {
    /// The person.
    pub person: PersonId,
    /// Every identifier under which something was sealed for them, their own first.
    pub people: Vec<PersonId>,
    /// How many keys were destroyed.
    pub keys: u32,
}

/// Something keeps the person from being forgotten. What it is, is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HoldPlaced {
    /// The person.
    pub person: PersonId,
    /// Everything that holds it from now on.
    pub holds: Sealed<Holds>,
}

/// Something keeps the person from being forgotten no longer. What it was, is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HoldLifted {
    /// The person.
    pub person: PersonId,
    /// Everything that holds it from now on.
    pub holds: Sealed<Holds>,
}

macro_rules! concerns_the_person {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                vec![self.person.0]
            }
        }
    )+};
}

macro_rules! concerns_every_identifier {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                self.people.iter().map(|person| person.0).collect()
            }
        }
    )+};
}

concerns_the_person!(
    ErasureRequested,
    ErasureConfirmed,
    ErasureWithdrawn,
    HoldPlaced,
    HoldLifted
);
concerns_every_identifier!(ErasureDecided, ErasureCompleted);

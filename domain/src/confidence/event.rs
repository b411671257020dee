//! The one fact that everything confidential leaves behind.

use crate::{
    Channel, Party, ReportedBy,
    consent::{CharacteristicsStated, ConsentGiven, ConsentWithdrawn},
    event::Payload,
    identifiers::{ConcernId, PairingId, PersonId, ThirdPersonId},
    sealed::{Content, Sealed},
};
use jiff::civil::Date;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// On which grounds a concern may be referred.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ConcernTest {
    /// Clear reason to believe that statutory duties are breached (R118).
    StatutoryDuties,
    /// Clear reason to believe that children are put at risk, by what is done or left undone (R119).
    ChildrenAtRisk,
}

/// On what a concern rests and what came before it: what the mentor claims, each part optional, and no word of what it
/// is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// The tests it meets; each once.
    pub rests_on: Vec<ConcernTest>,
    /// Whether it goes beyond a bad week or what will pass (R120).
    pub beyond_a_bad_week: bool,
    /// The day by which reasonable attempts to help the mentee put it right had failed (R121).
    pub attempts_exhausted_on: Option<Date>,
    /// The day the mentee was told that the mentor must refer it (R122).
    pub mentee_told_on: Option<Date>,
    /// The day the whole reason was disclosed to the mentee (R124).
    pub reason_disclosed_on: Option<Date>,
    /// The day the mentor contacted the coordinator (R123).
    pub coordinator_contacted_on: Option<Date>,
}

/// For what a third person is brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To advise on a matter of their field.
    Advice,
    /// To help with a piece of work.
    Assistance,
    /// To look after the wellbeing of one of the two.
    Wellbeing,
    /// To help the two with each other.
    Mediation,
}

/// A concern, as it was referred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Referral {
    /// The concern.
    pub concern: ConcernId,
    /// The mentor who referred it.
    pub mentor: PersonId,
    /// On what it rests and what came before it.
    pub statement: Statement,
}

/// That one of a pairing agreed to bring somebody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ThirdPersonAgreed {
    /// The third person: the same for everybody who agrees to the same.
    pub third_person: ThirdPersonId,
    /// Who agreed.
    pub person: PersonId,
    /// Who is brought in.
    pub name: String,
    /// For what.
    pub purpose: Purpose,
}

/// Which confidential act it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(transform = describe_by_variant)]
pub enum Act {
    /// A mentor referred a concern.
    ConcernReferred(Referral),
    /// The coordinator, or whoever stood in, acknowledged this concern.
    ConcernAcknowledged(ConcernId),
    /// The coordinator, or whoever stood in, closed this concern.
    ConcernClosed(ConcernId),
    /// One of a pairing agreed to bring somebody in.
    ThirdPersonAgreed(ThirdPersonAgreed),
    /// This third person accepted the same confidence.
    ConfidenceAccepted(ThirdPersonId),
    /// This third person is brought in no more.
    ThirdPersonEnded(ThirdPersonId),
    /// Somebody gave consent to one purpose.
    ConsentGiven(ConsentGiven),
    /// Somebody withdrew consent to one purpose.
    ConsentWithdrawn(ConsentWithdrawn),
    /// Somebody stated what they say of their background, under the key of their consent.
    CharacteristicsStated(CharacteristicsStated),
}

/// A confidential act with what would otherwise stand around it in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confidential {
    /// The pairing; absent where it is about somebody's consent.
    pub pairing: Option<PairingId>,
    /// The day it happened, as claimed.
    pub happened_on: Date,
    /// Which side recorded it.
    pub recorded_by: Party,
    /// On whose word; absent where that is the word of whoever recorded it.
    pub reported_by: Option<ReportedBy>,
    /// How it was heard; absent where nobody said.
    pub channel: Option<Channel>,
    /// What it was.
    pub act: Act,
}

impl Content for Confidential {
    const VERSION: u16 = 1;
}

/// Something confidential was recorded of a mentee or mentor. What it was, of which pairing, of which day and on whose word is
/// sealed; the envelope names the day and instant of the recording, the person and who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfidentialRecorded {
    /// What it was.
    pub act: Sealed<Confidential>,
}

impl Payload for ConfidentialRecorded {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.act.subject().0]
    }

    fn sealed_for(&self) -> Option<Uuid> {
        match &self.act.open()?.act {
            Act::CharacteristicsStated(stated) => Some(stated.consent.0),
            _ => None,
        }
    }

    fn is_bare(&self) -> bool {
        true
    }
}

/// Says of each act's member what is said of the act: a reader of the schema looks for it there.
fn describe_by_variant(schema: &mut Schema) {
    let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for variant in variants.into_iter().flatten() {
        let description = variant["description"].clone();
        let members = variant.get_mut("properties").and_then(Value::as_object_mut);
        for member in members.into_iter().flat_map(serde_json::Map::values_mut) {
            member["description"] = description.clone();
        }
    }
}

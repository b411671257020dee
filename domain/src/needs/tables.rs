//! The four tables of a needs analysis, each of which may be filled in or left, in whole or in part (R081, R147).
//!
//! Whatever may be left out is absent or empty, and nothing here is required of anybody, but for the one thing the
//! handbook asks: words for another way of meeting a need.

use super::{CompetenceNeed, Involvement, KnowledgeGap};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Any of the four tables, as far as they are filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tables {
    /// Table 1: what needs priority, and how that might be met.
    pub priorities: Option<Priorities>,
    /// Table 2: the service, heading by heading; each heading at most once.
    pub service: Option<Vec<HeadingAudit>>,
    /// Table 3: knowledge, field by field; each field at most once.
    pub knowledge: Option<Vec<FieldReview>>,
    /// Table 4: competences, each at most once.
    pub competences: Option<Vec<CompetenceReview>>,
}

impl Tables {
    /// Each table that is there, alone.
    pub fn each(&self) -> impl Iterator<Item = Self> {
        let Self {
            priorities,
            service,
            knowledge,
            competences,
        } = self;
        let priorities = priorities.clone().map(|table| Self {
            priorities: Some(table),
            ..Self::default()
        });
        let service = service.clone().map(|table| Self {
            service: Some(table),
            ..Self::default()
        });
        let knowledge = knowledge.clone().map(|table| Self {
            knowledge: Some(table),
            ..Self::default()
        });
        let competences = competences.clone().map(|table| Self {
            competences: Some(table),
            ..Self::default()
        });
        [priorities, service, knowledge, competences]
            .into_iter()
            .flatten()
    }

    /// These tables, each in the place of what stood there; the others stay.
    #[must_use]
    pub fn revised(self, by: &Self) -> Self {
        Self {
            priorities: by.priorities.clone().or(self.priorities),
            service: by.service.clone().or(self.service),
            knowledge: by.knowledge.clone().or(self.knowledge),
            competences: by.competences.clone().or(self.competences),
        }
    }
}

/// Table 1: what needs priority, in the service and in person (R128). It may be filled in first or last (R131).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Priorities {
    /// Areas of the service.
    pub service: Vec<Priority>,
    /// Areas of one's own.
    pub personal: Vec<Priority>,
}

/// An area that needs priority, and how it might be met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Priority {
    /// The area.
    pub area: String,
    /// How it might be met.
    pub ways: Vec<Way>,
    /// What other way there is, in a few words; needed where G is among the ways (R130).
    pub other_way: Option<String>,
}

/// A way of meeting a need, coded A to G (R129).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A: reading and study of one's own.
    Reading,
    /// B: briefings from colleagues.
    Briefings,
    /// C: visits.
    Visits,
    /// D: a mentor's advice and support.
    MentorAdvice,
    /// E: a short, intensive programme of skills.
    ShortProgramme,
    /// F: a longer programme of study or skills.
    LongProgramme,
    /// G: another way, which is said in words.
    Other,
}

/// A heading of Table 2 (R132).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Heading {
    /// Strategic planning.
    StrategicPlanning,
    /// What the service gives to the corporate agenda, such as work with members.
    CorporateAgenda,
    /// What the service gives to partnerships.
    Partnerships,
    /// The provision of services, such as links with schools.
    ServiceProvision,
    /// The assurance of quality, such as performance and inspection.
    QualityAssurance,
    /// Administration, such as communication and restructuring.
    Administration,
}

/// What is said under one heading (R133).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeadingAudit {
    /// The heading.
    pub heading: Heading,
    /// What seems strong.
    pub strengths: String,
    /// What seems weak.
    pub weaknesses: String,
    /// The main challenges, three at most.
    pub challenges: Vec<Challenge>,
}

/// A main challenge of the service in the near or middle future.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Challenge {
    /// What it is.
    pub challenge: String,
    /// How far one is personally involved in meeting it.
    pub involvement: Option<Involvement>,
    /// When it presses.
    pub horizon: Option<Horizon>,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

/// When a challenge presses (R136).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Horizon {
    /// In the near future.
    Short,
    /// In the middle future.
    Medium,
}

/// Where a challenge comes from (R136).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// From change that does not cease.
    Change,
    /// From how well things are done.
    Performance,
}

/// A field of knowledge (R137).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Legislation and public policy as it develops.
    LegislationAndPolicy,
    /// Departments of government, and whom to know there.
    GovernmentDepartments,
    /// The strategy, policies and structures of the council.
    CouncilStrategy,
    /// The strategy, policies and structures of the service.
    ServiceStrategy,
    /// The council and the service where they are.
    LocalContext,
    /// What there is for children in the area.
    ProvisionInTheArea,
    /// Research and other evidence.
    ResearchAndEvidence,
}

/// What is said of one field of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldReview {
    /// The field.
    pub field: Field,
    /// How large the gap is.
    pub gap: Option<KnowledgeGap>,
    /// How urgent it is.
    pub urgency: Option<Urgency>,
}

/// How urgent a gap in knowledge is (R139). The handbook asks and gives no scale; these three words are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// At once.
    AtOnce,
    /// Soon.
    Soon,
    /// It can wait.
    CanWait,
}

/// A competence that the handbook lists (R140).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Competence {
    /// Leading across a system.
    SystemLeadership,
    /// Planning and managing strategically.
    StrategicPlanning,
    /// Understanding and managing finance.
    Finance,
    /// A culture of learning.
    LearningCulture,
    /// Communicating and motivating.
    Communication,
    /// Resilience and tenacity.
    Resilience,
    /// Building teams and working in them.
    TeamBuilding,
}

/// What is said of one competence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompetenceReview {
    /// The competence of the handbook.
    pub competence: Competence,
    /// One's own, which stands in its place (R142).
    pub own: Option<String>,
    /// How much it needs attention.
    pub need: Option<CompetenceNeed>,
}

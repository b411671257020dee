//! The words of the four tables, as enums of the schema. Marks from 1 to 5 are words and no numbers, one type a scale:
//! nobody is to make a figure of them.

use async_graphql::Enum;

/// A code of Table 1: how a need might be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Way")]
pub enum NeedsWay {
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
    /// G: another way; say which in `otherWay`.
    Other,
}

/// A heading of Table 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Heading")]
pub enum NeedsHeading {
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

/// How far a director is personally involved in meeting a challenge. It measures involvement and no need: never
/// compare or average it with marks of Tables 3 and 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Involvement")]
pub enum Involvement {
    /// 1: only sees to it that the right people deal with it.
    One,
    /// 2: nearer to seeing to it.
    Two,
    /// 3: between the two ends.
    Three,
    /// 4: nearer to leading it in person.
    Four,
    /// 5: directs and manages the change in person.
    Five,
}

/// When a challenge presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Horizon")]
pub enum ChallengeHorizon {
    /// In the near future.
    Short,
    /// In the middle future.
    Medium,
}

/// Where a challenge comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Origin")]
pub enum ChallengeOrigin {
    /// From change that does not cease.
    Change,
    /// From how well things are done.
    Performance,
}

/// A field of knowledge of Table 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Field")]
pub enum KnowledgeField {
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

/// How large a gap in knowledge is. Higher is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::KnowledgeGap")]
pub enum KnowledgeGap {
    /// 1: knows it well.
    One,
    /// 2: nearer to knowing it well.
    Two,
    /// 3: between the two ends.
    Three,
    /// 4: nearer to a serious gap.
    Four,
    /// 5: a serious gap.
    Five,
}

/// How urgent a gap in knowledge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Urgency")]
pub enum KnowledgeUrgency {
    /// At once.
    AtOnce,
    /// Soon.
    Soon,
    /// It can wait.
    CanWait,
}

/// A competence of Table 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Competence")]
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

/// How much a competence needs attention. Higher is more need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::CompetenceNeed")]
pub enum CompetenceNeed {
    /// 1: strong, nothing to be done first.
    One,
    /// 2: nearer to strong.
    Two,
    /// 3: between the two ends.
    Three,
    /// 4: nearer to a certain need.
    Four,
    /// 5: weak, and certainly in need.
    Five,
}

/// With whom a table was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Setting")]
pub enum NeedsSetting {
    /// By the mentee alone.
    Alone,
    /// Together with the mentor.
    WithMentor,
}

/// What those with whom an analysis is shared may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::needs::Access")]
pub enum NeedsAccess {
    /// Read it.
    Read,
    /// Read it, and revise it.
    Write,
}

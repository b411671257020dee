//! The four tables, the same shape in questions and in answers. Whatever is left out is left open: nothing is required.

use super::words::{
    ChallengeHorizon, ChallengeOrigin, Competence, CompetenceNeed, Involvement, KnowledgeField,
    KnowledgeGap, KnowledgeUrgency, NeedsHeading, NeedsWay,
};
use async_graphql::{InputObject, SimpleObject};
use domain::needs;

/// Any of the four tables of a needs analysis, as far as they are filled in.
#[derive(Debug, Clone, Default, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsTablesInput")]
pub struct NeedsTables {
    /// Table 1: what needs priority, and how that might be met.
    pub priorities: Option<NeedsPriorities>,
    /// Table 2: the service, heading by heading; each heading at most once.
    pub service: Option<Vec<NeedsServiceHeading>>,
    /// Table 3: knowledge, field by field; each field at most once.
    pub knowledge: Option<Vec<NeedsKnowledge>>,
    /// Table 4: competences, each at most once.
    pub competences: Option<Vec<NeedsCompetence>>,
}

/// Table 1: what needs priority, in the service and in person.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsPrioritiesInput")]
pub struct NeedsPriorities {
    /// Areas of the service.
    #[graphql(default)]
    pub service: Vec<NeedsPriority>,
    /// Areas of one's own.
    #[graphql(default)]
    pub personal: Vec<NeedsPriority>,
}

/// An area that needs priority, and how it might be met.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsPriorityInput")]
pub struct NeedsPriority {
    /// The area.
    pub area: String,
    /// How it might be met.
    #[graphql(default)]
    pub ways: Vec<NeedsWay>,
    /// What other way there is, in a few words; needed where `OTHER` is among `ways`.
    pub other_way: Option<String>,
}

/// What is said under one heading of Table 2.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsServiceHeadingInput")]
pub struct NeedsServiceHeading {
    /// The heading.
    pub heading: NeedsHeading,
    /// What seems strong.
    #[graphql(default)]
    pub strengths: String,
    /// What seems weak.
    #[graphql(default)]
    pub weaknesses: String,
    /// The main challenges, three at most.
    #[graphql(default)]
    pub challenges: Vec<NeedsChallenge>,
}

/// A main challenge of the service in the near or middle future.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsChallengeInput")]
pub struct NeedsChallenge {
    /// What it is.
    #[graphql(default)]
    pub challenge: String,
    /// How far one is personally involved in meeting it.
    pub involvement: Option<Involvement>,
    /// When it presses.
    pub horizon: Option<ChallengeHorizon>,
    /// Where it comes from.
    pub origin: Option<ChallengeOrigin>,
}

/// What is said of one field of knowledge in Table 3.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsKnowledgeInput")]
pub struct NeedsKnowledge {
    /// The field.
    pub field: KnowledgeField,
    /// How large the gap is.
    pub gap: Option<KnowledgeGap>,
    /// How urgent it is.
    pub urgency: Option<KnowledgeUrgency>,
}

/// What is said of one competence in Table 4.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "NeedsCompetenceInput")]
pub struct NeedsCompetence {
    /// The competence of the handbook.
    pub competence: Competence,
    /// One's own, which stands in its place.
    pub own: Option<String>,
    /// How much it needs attention.
    pub need: Option<CompetenceNeed>,
}

/// From the schema's shape to the domain's and back.
trait Mirror<T> {
    fn mirror(self) -> T;
}

impl Mirror<Self> for String {
    fn mirror(self) -> Self {
        self
    }
}

impl<From: Mirror<To>, To> Mirror<Vec<To>> for Vec<From> {
    fn mirror(self) -> Vec<To> {
        self.into_iter().map(Mirror::mirror).collect()
    }
}

impl<From: Mirror<To>, To> Mirror<Option<To>> for Option<From> {
    fn mirror(self) -> Option<To> {
        self.map(Mirror::mirror)
    }
}

macro_rules! mirrored {
    (words $($word:ident = $its:ident),+; shapes $($shape:ident = $theirs:ident { $($field:ident),+ })+) => {
        $(
            impl Mirror<needs::$its> for $word {
                fn mirror(self) -> needs::$its {
                    self.into()
                }
            }

            impl Mirror<$word> for needs::$its {
                fn mirror(self) -> $word {
                    self.into()
                }
            }
        )+

        $(
            impl Mirror<needs::$theirs> for $shape {
                fn mirror(self) -> needs::$theirs {
                    needs::$theirs { $($field: self.$field.mirror()),+ }
                }
            }

            impl Mirror<$shape> for needs::$theirs {
                fn mirror(self) -> $shape {
                    $shape { $($field: self.$field.mirror()),+ }
                }
            }
        )+
    };
}

mirrored! {
    words NeedsWay = Way, NeedsHeading = Heading, Involvement = Involvement, ChallengeHorizon = Horizon,
        ChallengeOrigin = Origin, KnowledgeField = Field, KnowledgeGap = KnowledgeGap, KnowledgeUrgency = Urgency,
        Competence = Competence, CompetenceNeed = CompetenceNeed;
    shapes
    NeedsTables = Tables { priorities, service, knowledge, competences }
    NeedsPriorities = Priorities { service, personal }
    NeedsPriority = Priority { area, ways, other_way }
    NeedsServiceHeading = HeadingAudit { heading, strengths, weaknesses, challenges }
    NeedsChallenge = Challenge { challenge, involvement, horizon, origin }
    NeedsKnowledge = FieldReview { field, gap, urgency }
    NeedsCompetence = CompetenceReview { competence, own, need }
}

impl From<NeedsTables> for needs::Tables {
    fn from(given: NeedsTables) -> Self {
        given.mirror()
    }
}

impl From<needs::Tables> for NeedsTables {
    fn from(known: needs::Tables) -> Self {
        known.mirror()
    }
}

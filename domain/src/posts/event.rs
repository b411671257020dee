//! The facts that confirming a post leaves behind, and the personal values they seal.

use crate::{
    appointment::{FirstPost, NotifiedPerson, Source},
    event::Payload,
    identifiers::{EmployerId, HoldingId, PersonId},
    policy::Basis,
    register::EmployerKind,
    sealed::{Content, Sealed},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which post somebody holds or held. Council, post and day name a person without a name, so all of it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostFacts {
    /// The employer.
    pub employer: EmployerId,
    /// The post, by its code in the policy.
    pub post: String,
    /// How it is held.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// Whether it is the person's first post of this kind.
    pub first_post: Option<FirstPost>,
}

impl Content for PostFacts {
    const VERSION: u16 = 1;
}

/// It was confirmed that somebody holds a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostConfirmed {
    /// This person in this post.
    pub holding: HoldingId,
    /// Who holds it: somebody of the scheme, or somebody of whom it has only heard.
    pub person: PersonId,
    /// Where the scheme learned of it.
    pub source: Source,
    /// The region, for figures; absent where fewer than five employers of its kind share it.
    pub region: Option<String>,
    /// The kind of employer, for figures.
    pub employer_kind: EmployerKind,
    /// Which post it is.
    pub facts: Sealed<PostFacts>,
    /// How the person is called and reached.
    pub details: Sealed<NotifiedPerson>,
}

/// It was said that a post is not held by whoever held it last, or confirmed that it still has no holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostVacated {
    /// This person in this post.
    pub holding: HoldingId,
    /// Who held it last. Where the scheme never heard of a holder, an identifier that stands for nobody.
    pub person: PersonId,
    /// Where the scheme learned of it.
    pub source: Source,
    /// The region, for figures; absent where fewer than five employers of its kind share it.
    pub region: Option<String>,
    /// The kind of employer, for figures.
    pub employer_kind: EmployerKind,
    /// Which post it is.
    pub facts: Sealed<PostFacts>,
}

impl Payload for PostConfirmed {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.holding.0, self.person.0]
    }
}

impl Payload for PostVacated {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.holding.0, self.person.0]
    }
}

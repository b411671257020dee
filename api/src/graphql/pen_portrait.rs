//! Pen portraits: what a mentee sees of a mentor before choosing, in the mentor's own words.

use super::{
    access::Class,
    kinds::CouncilType,
    personal::{Found, PersonalCouncilTypeList, PersonalText, PersonalTextList},
    view::View,
};
use crate::dispatch::reads::Sensitive;
use async_graphql::{Enum, InputObject, Object};
use domain::{identifiers::PersonId, mentor, register};

/// A mentor's pen portrait.
pub struct PenPortrait {
    pub(super) view: View,
    pub(super) mentor: PersonId,
}

/// What a mentee sees of a mentor before choosing, in the mentor's own words. Others than the mentor and the
/// coordinator see it once the mentor has approved it, and only while they choose or work together.
#[Object]
impl PenPortrait {
    /// Professional background.
    async fn background(&self) -> PersonalText {
        self.value(|portrait| portrait.background.clone()).into()
    }

    /// Areas of expertise.
    async fn expertise(&self) -> PersonalTextList {
        self.value(|portrait| portrait.expertise.clone()).into()
    }

    /// Special interests.
    async fn special_interests(&self) -> PersonalTextList {
        self.value(|portrait| portrait.special_interests.clone())
            .into()
    }

    /// Kinds of council the mentor has worked in.
    async fn council_types(&self) -> PersonalCouncilTypeList {
        self.value(|portrait| kinds_of(&portrait.council_types))
            .into()
    }

    /// Challenges met and things achieved.
    async fn challenges(&self) -> PersonalText {
        self.value(|portrait| portrait.challenges.clone()).into()
    }

    /// The fields that an informed choice still needs, by their names in this schema; an empty list when none does.
    async fn missing(&self) -> PersonalTextList {
        self.value(Self::missing_names).into()
    }

    /// What the mentor is responsible for today.
    async fn span_of_responsibility(&self) -> PersonalText {
        self.value(|portrait| portrait.span_of_responsibility.clone())
            .into()
    }
}

impl PenPortrait {
    /// Names of fields say nothing of what stands in the others.
    fn missing_names(portrait: &mentor::PenPortrait) -> Vec<String> {
        let missing = portrait.missing().into_iter();
        missing.map(str::to_owned).collect()
    }

    fn value<T>(&self, of: impl Fn(&mentor::PenPortrait) -> T) -> Found<T> {
        let portrait = self.view.particulars().portrait(self.mentor);
        self.view
            .personal(Class::PenPortrait, self.mentor, portrait.map(of))
            .given(&self.view, Sensitive::PenPortrait, self.mentor)
    }
}

/// Kinds of council as the schema spells them.
pub fn kinds_of(types: &[register::CouncilType]) -> Vec<CouncilType> {
    types.iter().copied().map(Into::into).collect()
}

/// How far a mentor's pen portrait has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PenPortraitState {
    /// None was registered.
    None,
    /// Registered, and something an informed choice needs is still missing.
    Incomplete,
    /// Registered with all that is needed, and not approved.
    ToApprove,
    /// Approved by the mentor: mentees may be shown it.
    Approved,
}

impl From<mentor::Portrait> for PenPortraitState {
    fn from(portrait: mentor::Portrait) -> Self {
        match portrait {
            mentor::Portrait::None => Self::None,
            mentor::Portrait::Registered { complete: false } => Self::Incomplete,
            mentor::Portrait::Registered { complete: true } => Self::ToApprove,
            mentor::Portrait::Approved => Self::Approved,
        }
    }
}

/// A pen portrait, in the mentor's own words. To be complete it needs background, expertise and council types.
#[derive(Debug, Clone, InputObject)]
pub struct PenPortraitInput {
    /// Professional background.
    #[graphql(default)]
    pub background: String,
    /// Areas of expertise.
    #[graphql(default)]
    pub expertise: Vec<String>,
    /// Special interests.
    #[graphql(default)]
    pub special_interests: Vec<String>,
    /// Kinds of council the mentor has worked in.
    #[graphql(default)]
    pub council_types: Vec<CouncilType>,
    /// Challenges met and things achieved.
    #[graphql(default)]
    pub challenges: String,
    /// What the mentor is responsible for today.
    #[graphql(default)]
    pub span_of_responsibility: String,
}

impl From<PenPortraitInput> for mentor::PenPortrait {
    fn from(given: PenPortraitInput) -> Self {
        Self {
            background: given.background,
            expertise: given.expertise,
            special_interests: given.special_interests,
            council_types: given.council_types.into_iter().map(Into::into).collect(),
            challenges: given.challenges,
            span_of_responsibility: given.span_of_responsibility,
        }
    }
}

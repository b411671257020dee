//! What a mentee hopes for in a mentor, and what mentors are told of them before they agree.

use super::{
    access::Class,
    kinds::CouncilType,
    pen_portrait::kinds_of,
    personal::{Found, PersonalCouncilTypeList, PersonalText, PersonalTextList},
    view::View,
};
use async_graphql::{InputObject, Object};
use domain::{identifiers::PersonId, mentoring};

/// A mentee's preferences.
pub struct Preferences {
    pub(super) view: View,
    pub(super) mentee: PersonId,
}

/// What a mentee hopes for in a mentor, and what mentors are told of them before they agree. Mentors see it only while
/// they choose or work together.
#[Object]
impl Preferences {
    /// Regions they could travel to, most welcome first.
    async fn regions(&self) -> PersonalTextList {
        self.value(|preferences| preferences.regions.clone()).into()
    }

    /// Professional backgrounds they hope for.
    async fn backgrounds(&self) -> PersonalTextList {
        self.value(|preferences| preferences.backgrounds.clone())
            .into()
    }

    /// Kinds of council they hope for.
    async fn council_types(&self) -> PersonalCouncilTypeList {
        self.value(|preferences| kinds_of(&preferences.council_types))
            .into()
    }

    /// Particular experience they hope for.
    async fn experience(&self) -> PersonalTextList {
        self.value(|preferences| preferences.experience.clone())
            .into()
    }

    /// Their own background, span of responsibility and special interests, in their words.
    async fn summary(&self) -> PersonalText {
        self.value(|preferences| preferences.summary.clone()).into()
    }
}

impl Preferences {
    fn value<T>(&self, of: impl Fn(&mentoring::Preferences) -> T) -> Found<T> {
        let preferences = self.view.particulars().preferences(self.mentee);
        self.view
            .personal(Class::Preferences, self.mentee, preferences.map(of))
    }
}

/// What a mentee hopes for, in full: what is left out is taken as not wished for.
#[derive(Debug, Clone, InputObject)]
pub struct PreferencesInput {
    /// Regions they could travel to, most welcome first.
    #[graphql(default)]
    pub regions: Vec<String>,
    /// Professional backgrounds they hope for.
    #[graphql(default)]
    pub backgrounds: Vec<String>,
    /// Kinds of council they hope for.
    #[graphql(default)]
    pub council_types: Vec<CouncilType>,
    /// Particular experience they hope for.
    #[graphql(default)]
    pub experience: Vec<String>,
    /// Their own background, span of responsibility and special interests, in their words.
    #[graphql(default)]
    pub summary: String,
}

impl From<PreferencesInput> for mentoring::Preferences {
    fn from(given: PreferencesInput) -> Self {
        Self {
            regions: given.regions,
            backgrounds: given.backgrounds,
            council_types: given.council_types.into_iter().map(Into::into).collect(),
            experience: given.experience,
            summary: given.summary,
        }
    }
}

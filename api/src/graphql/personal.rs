//! Personal values: a value never comes alone, but with the reason why it may be missing.

use super::{
    access::Class,
    kinds::{Basis, CouncilType, FirstPost, MentorStatus},
    needs::NeedsTables,
    register::Employer,
    scalars::{Date, LocalDateTime},
    view::View,
};
use crate::dispatch::reads::Sensitive;
use async_graphql::{Enum, SimpleObject};
use domain::identifiers::PersonId;

/// Whether a personal value is there, and if not, why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PersonalState {
    /// The value is known and you may see it: `value` holds it.
    Given,
    /// Nobody has given this value.
    NotGiven,
    /// You may not see this value; whether there is one is not said.
    Hidden,
    /// The person was forgotten, or destroyed it themselves: the value cannot be read by anybody any more.
    Erased,
}

/// A personal value on its way out.
pub enum Found<T> {
    Given(T),
    Missing(PersonalState),
}

impl<T> Found<T> {
    /// Says that the answer gives `what` of `person`, where there is a value.
    pub fn given(self, view: &View, what: Sensitive, person: PersonId) -> Self {
        if matches!(self, Self::Given(_)) {
            view.give(what, person);
        }
        self
    }
}

impl View {
    /// A value of `person`, if the caller may see this class of data about them.
    pub fn personal<T>(&self, class: Class, person: PersonId, value: Option<T>) -> Found<T> {
        self.personal_where(self.sees(class, person), person, value)
    }

    /// A value of `person`, where whether the caller may see it was found out already.
    pub fn personal_where<T>(&self, visible: bool, person: PersonId, value: Option<T>) -> Found<T> {
        match value {
            _ if !visible => Found::Missing(PersonalState::Hidden),
            Some(value) => Found::Given(value),
            None if self.is_erased(person) => Found::Missing(PersonalState::Erased),
            None => Found::Missing(PersonalState::NotGiven),
        }
    }
}

macro_rules! personal {
    ($($(#[$doc:meta])* $name:ident($value:ty);)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// Whether the value is there, and if not, why not.
            pub state: PersonalState,
            /// The value; null unless `state` is `GIVEN`.
            pub value: Option<$value>,
        }

        impl<T: Into<$value>> From<Found<T>> for $name {
            fn from(found: Found<T>) -> Self {
                match found {
                    Found::Given(value) => Self { state: PersonalState::Given, value: Some(value.into()) },
                    Found::Missing(state) => Self { state, value: None },
                }
            }
        }
    )+};
}

personal! {
    /// A text that belongs to one person.
    PersonalText(String);
    /// A day that belongs to one person.
    PersonalDate(Date);
    /// A day and a time of day that belong to one person.
    PersonalLocalDateTime(LocalDateTime);
    /// A whole number that belongs to one person.
    PersonalNumber(u16);
    /// A count of days that belongs to one person; less than none for days that are still to come.
    PersonalDayCount(i32);
    /// A list of texts that belongs to one person.
    PersonalTextList(Vec<String>);
    /// An employer, where that belongs to one person.
    PersonalEmployer(Employer);
    /// How somebody holds a post.
    PersonalBasis(Basis);
    /// Whether a post is somebody's first of its kind.
    PersonalFirstPost(FirstPost);
    /// Whether a mentor is in post or retired.
    PersonalMentorStatus(MentorStatus);
    /// Kinds of council, where that belongs to one person.
    PersonalCouncilTypeList(Vec<CouncilType>);
    /// The tables of a needs analysis, which belongs to one person.
    PersonalNeedsTables(NeedsTables);
}

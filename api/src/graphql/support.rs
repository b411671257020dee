//! What was tried, explained and agreed with somebody before and beside their mentoring.

use super::{
    access::Class,
    command::mutations,
    kinds::{Channel, ContactOutcome, SupportElement},
    mentoring::Mentee,
    scalars::Date,
    view::View,
};
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::mentoring;

/// What can be explained to somebody when they are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentoring::Topic")]
pub enum SupportTopic {
    /// The support for leaders there is beside mentoring.
    WiderSupport,
    /// How mentoring works in this scheme.
    Mentoring,
}

/// An attempt to make contact.
#[derive(Debug, Clone, SimpleObject)]
pub struct ContactAttempt {
    /// The day.
    pub on: Date,
    /// How it was made; null where nobody said.
    pub channel: Option<Channel>,
    /// How it ended.
    pub outcome: ContactOutcome,
}

/// What was tried, explained and agreed.
pub struct Support {
    mentee: mentoring::Mentee,
}

/// What was tried, explained and agreed with a mentee.
#[Object]
impl Support {
    /// Every attempt to make contact, in the order in which they were recorded.
    async fn attempts(&self) -> Vec<ContactAttempt> {
        let all = self.mentee.attempts.iter();
        all.map(|attempt| ContactAttempt {
            on: attempt.on.into(),
            channel: attempt.channel.map(Into::into),
            outcome: attempt.outcome.into(),
        })
        .collect()
    }

    /// What was explained to them, in the order in which it first was.
    async fn explained(&self) -> Vec<SupportTopic> {
        let topics = self.mentee.topics_explained().into_iter();
        topics.map(Into::into).collect()
    }

    /// The parts of the support that were agreed.
    async fn elements(&self) -> Vec<SupportElement> {
        self.mentee
            .elements
            .iter()
            .copied()
            .map(Into::into)
            .collect()
    }
}

impl View {
    /// What was tried, explained and agreed with a mentee, if the caller may see it.
    pub fn support_of(&self, mentee: &mentoring::Mentee) -> Option<Support> {
        let visible = self.sees(Class::TakeUp, mentee.person);
        visible.then(|| Support {
            mentee: mentee.clone(),
        })
    }
}

mutations! {
    SupportMutations;

    /// Agrees which parts of the support suit a mentee, in place of what was agreed before.
    "agreeElements" agree_elements
    /// What `agreeElements` needs.
    input AgreeElementsInput {
        /// The id of the mentee.
        mentee: ID,
        /// The parts of the support.
        elements: Vec<SupportElement>,
    }
    /// What came of `agreeElements`.
    payload AgreeElementsPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        mentoring::AgreeElements {
            mentee: asked.view().ids().person("mentee", &given.mentee)?,
            elements: given.elements.iter().copied().map(Into::into).collect(),
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }
}

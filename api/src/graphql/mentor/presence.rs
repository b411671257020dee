//! Whether a mentor takes part and is still in their post, and what can be told of it.
//!
//! There is deliberately no field for a reason, neither for a pause nor for a removal.

use super::{Mentor, commands::mentor_of};
use crate::graphql::{
    access::Class,
    command::mutations,
    personal::PersonalDate,
    scalars::{Date, civil, day},
    view::View,
};
use async_graphql::{Enum, ID, Object};
use domain::{mentor, pairing};

/// Whether a mentor takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MentorPresence {
    /// They may be offered.
    TakesPart,
    /// They take nobody new for a while. Their pairings go on.
    Paused,
    /// They gave it up.
    Resigned,
    /// It was decided that they are no mentor any more.
    Removed,
    /// They were forgotten.
    Erased,
}

/// Who decides that somebody is no mentor any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentor::Decider")]
pub enum RemovalDecider {
    /// The coordinator.
    Coordinator,
    /// The body that runs the scheme.
    Operator,
    /// The body that commissions it.
    Commissioner,
}

/// Something about the mentor of a live pairing that the coordinator should look at. It ends nothing by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MentorFlag {
    /// The mentor left the post they had.
    LeftPost,
    /// The mentor takes nobody new for a while.
    Paused,
    /// The mentor gave it up.
    Resigned,
    /// It was decided that the mentor is no mentor any more.
    Removed,
}

impl From<mentor::Presence> for MentorPresence {
    fn from(presence: mentor::Presence) -> Self {
        match presence {
            mentor::Presence::TakesPart => Self::TakesPart,
            mentor::Presence::Paused { .. } => Self::Paused,
            mentor::Presence::Resigned => Self::Resigned,
            mentor::Presence::Removed { .. } => Self::Removed,
            mentor::Presence::Erased => Self::Erased,
        }
    }
}

impl View {
    /// What the coordinator should look at about the mentors of a live pairing, as far as the caller may see it.
    pub fn mentor_flags(&self, pairing: &pairing::Pairing) -> Option<Vec<MentorFlag>> {
        let mut all = pairing.mentors.iter();
        if !all.all(|mentor| self.sees(Class::TakeUp, *mentor)) {
            return None;
        }
        let live = pairing.mentors.iter().filter(|_| pairing.is_live());
        let mentors = live.filter_map(|mentor| self.scheme().mentors.get(mentor));
        Some(mentors.flat_map(flags).collect())
    }
}

fn flags(mentor: &mentor::Mentor) -> impl Iterator<Item = MentorFlag> + use<> {
    let presence = match mentor.presence {
        // Whoever was forgotten is in a live pairing only beside another mentor.
        mentor::Presence::TakesPart | mentor::Presence::Erased => None,
        mentor::Presence::Paused { .. } => Some(MentorFlag::Paused),
        mentor::Presence::Resigned => Some(MentorFlag::Resigned),
        mentor::Presence::Removed { .. } => Some(MentorFlag::Removed),
    };
    let left = mentor.left_post.then_some(MentorFlag::LeftPost);
    left.into_iter().chain(presence)
}

/// How a mentor takes part, in one place.
pub struct Participation {
    pub(super) view: View,
    pub(super) mentor: mentor::Mentor,
}

/// Whether a mentor takes part, and whether they are still in their post.
#[Object]
impl Participation {
    /// Whether they take part.
    async fn presence(&self) -> MentorPresence {
        self.mentor.presence.into()
    }

    /// Until when they take nobody new, as they expect. Null when they did not say or are not paused. Nothing happens by
    /// itself on that day.
    async fn paused_until(&self) -> Option<Date> {
        match self.mentor.presence {
            mentor::Presence::Paused { until } => day(until),
            _ => None,
        }
    }

    /// Who decided that they are no mentor any more; null where nobody did.
    async fn removal_decided_by(&self) -> Option<RemovalDecider> {
        match self.mentor.presence {
            mentor::Presence::Removed { decided_by } => Some(decided_by.into()),
            _ => None,
        }
    }

    /// Whether they left the post they had when they were last invited.
    async fn left_post(&self) -> bool {
        self.mentor.left_post
    }

    /// Their last day in that post.
    async fn left_post_on(&self) -> PersonalDate {
        let leaving = self.view.particulars().leaving(self.mentor.person);
        let left_on = leaving.and_then(|leaving| leaving.left_on);
        self.view
            .personal(Class::Employment, self.mentor.person, left_on)
            .into()
    }
}

mutations! {
    PresenceMutations;

    /// Records that a mentor takes nobody new for a while. Their pairings go on, and what was offered stays open.
    "pauseMentor" pause_mentor
    /// What `pauseMentor` needs.
    input PauseMentorInput {
        /// The id of the mentor.
        mentor: ID,
        /// Until when, as they expect. Nothing happens by itself on that day.
        until: Option<Date>,
    }
    /// What came of `pauseMentor`.
    payload PauseMentorPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::PauseMentor {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            until: civil(given.until),
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Records that a mentor is back, after a pause or after they resigned or were removed.
    "resumeMentor" resume_mentor
    /// What `resumeMentor` needs.
    input ResumeMentorInput {
        /// The id of the mentor.
        mentor: ID,
    }
    /// What came of `resumeMentor`.
    payload ResumeMentorPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::ResumeMentor { mentor: mentor_of(asked.view().ids(), &given.mentor)? }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Records that a mentor gives it up. Their open matches are withdrawn; a pairing of theirs is flagged and ends only
    /// when that is recorded.
    "resignAsMentor" resign_as_mentor
    /// What `resignAsMentor` needs.
    input ResignAsMentorInput {
        /// The id of the mentor.
        mentor: ID,
    }
    /// What came of `resignAsMentor`.
    payload ResignAsMentorPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::ResignAsMentor { mentor: mentor_of(asked.view().ids(), &given.mentor)? }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Records the decision that somebody is no mentor any more. There is no field for a reason. Their open matches are
    /// withdrawn; a pairing of theirs is flagged and ends only when that is recorded.
    "removeMentor" remove_mentor
    /// What `removeMentor` needs.
    input RemoveMentorInput {
        /// The id of the mentor.
        mentor: ID,
        /// Who decided it.
        decided_by: RemovalDecider,
    }
    /// What came of `removeMentor`.
    payload RemoveMentorPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::RemoveMentor {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            decided_by: given.decided_by.into(),
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Records that a mentor left their post. Give as `happenedOn` the day on which it became known: the last day in post
    /// goes into `leftOn`, where it is sealed. A pairing of theirs is flagged and goes on. Somebody who takes up another
    /// such post is invited again with it.
    "recordMentorLeftPost" record_mentor_left_post
    /// What `recordMentorLeftPost` needs.
    input RecordMentorLeftPostInput {
        /// The id of the mentor.
        mentor: ID,
        /// Their last day in post, where it is known.
        left_on: Option<Date>,
        /// Whether they retired. Recently retired directors may mentor; who went on to other work may not.
        retired: bool,
    }
    /// What came of `recordMentorLeftPost`.
    payload RecordMentorLeftPostPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::RecordMentorLeftPost {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            leaving: mentor::LeavingPost {
                left_on: civil(given.left_on),
                retired: given.retired,
            },
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }
}

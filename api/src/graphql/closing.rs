//! What is still owed at the end of a pairing, and that it was done.

use super::{
    command::mutations, kinds::OwedKind, mentor::Mentor, mentoring::Mentee, pairing::Pairing,
    view::View,
};
use async_graphql::{ID, Object};
use domain::closing;

/// Something owed.
pub struct Owed {
    view: View,
    state: closing::Owed,
}

impl Owed {
    pub fn new(view: &View, state: closing::Owed) -> Self {
        Self {
            view: view.clone(),
            state,
        }
    }
}

/// Something still owed at the end of a pairing.
#[Object]
impl Owed {
    /// What is owed.
    async fn what(&self) -> OwedKind {
        self.state.what.into()
    }

    /// To which mentee, or of a report by which; null where it concerns none you may see.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.person)
    }

    /// To which mentor, or of a report by which; null where it concerns none you may see.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.state.person)
    }
}

mutations! {
    ClosingMutations;

    /// Records that the coordinator gave a mentor feedback. What was said is not recorded, and the mentee's report is not
    /// passed on.
    "giveMentorFeedback" give_mentor_feedback
    /// What `giveMentorFeedback` needs.
    input GiveMentorFeedbackInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the mentor.
        mentor: ID,
    }
    /// What came of `giveMentorFeedback`.
    payload GiveMentorFeedbackPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        closing::GiveMentorFeedback {
            pairing: ids.pairing("pairing", &given.pairing)?,
            mentor: ids.person("mentor", &given.mentor)?,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that the coordinator and a mentee talked over what support comes next. What was said is not recorded.
    "discussOngoingSupport" discuss_ongoing_support
    /// What `discussOngoingSupport` needs.
    input DiscussOngoingSupportInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `discussOngoingSupport`.
    payload DiscussOngoingSupportPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        closing::DiscussOngoingSupport {
            pairing: ids.pairing("pairing", &given.pairing)?,
            mentee: ids.person("mentee", &given.mentee)?,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}

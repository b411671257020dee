//! What can be told about the choice of mentors.

use super::MatchConflict;
use crate::graphql::{command::mutations, matching::Match, mentoring::Mentee};
use async_graphql::ID;
use domain::matching;

mutations! {
    ChoiceMutations;

    /// Records which mentors a mentee would like, first choice first, in place of those named before. It binds nobody.
    "nameMentors" name_mentors
    /// What `nameMentors` needs.
    input NameMentorsInput {
        /// The id of the mentee.
        mentee: ID,
        /// The ids of the mentors, first choice first; none takes the wish back.
        mentors: Vec<ID>,
    }
    /// What came of `nameMentors`.
    payload NameMentorsPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        let ids = asked.view().ids();
        matching::NameMentors {
            mentee: ids.person("mentee", &given.mentee)?,
            mentors: ids.people("mentors", &given.mentors)?,
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Records in which order a mentee would take the mentors they were offered. It agrees to none of them.
    "rankMatches" rank_matches
    /// What `rankMatches` needs.
    input RankMatchesInput {
        /// The id of the mentee.
        mentee: ID,
        /// The ids of the matches, first choice first; none takes the order back.
        matches: Vec<ID>,
    }
    /// What came of `rankMatches`.
    payload RankMatchesPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        let ids = asked.view().ids();
        matching::RankMatches {
            mentee: ids.person("mentee", &given.mentee)?,
            matches: ids.matches("matches", &given.matches)?,
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Withdraws a match that may still go ahead. To both sides it is not going ahead, and nobody says why.
    "withdrawMatch" withdraw_match
    /// What `withdrawMatch` needs.
    input WithdrawMatchInput {
        /// The id of the match.
        r#match: ID,
    }
    /// What came of `withdrawMatch`.
    payload WithdrawMatchPayload {
        /// The match; null when the command was refused.
        r#match: Match
    }
    command(given, asked) {
        matching::WithdrawMatch { of: asked.view().ids().offered_match("match", &given.r#match)? }
    }
    changed(answer, command) { answer.view.offered_match(command.of) }

    /// Records that something speaks against two people working together, or that nothing does any more. It bars nobody:
    /// the coordinator sees it before an offer.
    "declareConflict" declare_conflict
    /// What `declareConflict` needs.
    input DeclareConflictInput {
        /// The id of the mentee.
        mentee: ID,
        /// The id of the mentor.
        mentor: ID,
        /// What speaks against it; absent when nothing does any more.
        conflict: Option<MatchConflict>,
    }
    /// What came of `declareConflict`.
    payload DeclareConflictPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        let ids = asked.view().ids();
        matching::DeclareConflict {
            mentee: ids.person("mentee", &given.mentee)?,
            mentor: ids.person("mentor", &given.mentor)?,
            conflict: given.conflict.map(Into::into),
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Has a mentee wait, because nobody is suitable at present. They are off the list again when somebody is offered.
    "placeOnWaitingList" place_on_waiting_list
    /// What `placeOnWaitingList` needs.
    input PlaceOnWaitingListInput {
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `placeOnWaitingList`.
    payload PlaceOnWaitingListPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        matching::PlaceOnWaitingList { mentee: asked.view().ids().person("mentee", &given.mentee)? }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Takes a mentee off the waiting list without an offer.
    "takeOffWaitingList" take_off_waiting_list
    /// What `takeOffWaitingList` needs.
    input TakeOffWaitingListInput {
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `takeOffWaitingList`.
    payload TakeOffWaitingListPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        matching::TakeOffWaitingList { mentee: asked.view().ids().person("mentee", &given.mentee)? }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }
}

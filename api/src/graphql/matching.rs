//! Matches: mentors offered to a mentee, until two sides agree or do not.
//!
//! Who declined, and whether anybody did, is shown to the coordinator alone: to everybody else a match is open, came to
//! a pairing, or is not going ahead.

use super::{
    access::Class,
    command::mutations,
    connection::{Wanted, connection},
    global_id::Kind,
    kinds::Side,
    mentor::Mentor,
    mentoring::Mentee,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, Object};
use domain::{
    identifiers::MatchId,
    matching::{self, Progress},
};

/// A match.
pub struct Match {
    view: View,
    state: matching::Match,
}

/// How a match stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MatchProgress {
    /// It may still go ahead.
    Open,
    /// A pairing came of it.
    Paired,
    /// It is not going ahead. Why, nobody says.
    NotGoingAhead,
}

/// Why a match is not going ahead. For the coordinator alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MatchEnding {
    /// The mentee declined. No reason is asked.
    DeclinedByMentee,
    /// The mentor declined. No reason is asked.
    DeclinedByMentor,
    /// Nobody answered in time.
    Lapsed,
    /// The mentee is in a pairing with somebody else.
    Released,
    /// It was taken back, or the mentor takes part no more.
    Withdrawn,
}

impl View {
    /// A match, if there is one and the caller may know of it.
    pub fn offered_match(&self, id: MatchId) -> Option<Match> {
        let state = self.scheme().matches.get(&id)?;
        let visible = self.may_see_match(state);
        visible.then(|| Match {
            view: self.clone(),
            state: state.clone(),
        })
    }
}

connection! {
    /// A page of matches, earliest last day for an answer first.
    MatchConnection, MatchEdge, Match
}

/// The page of these matches that the caller may see.
pub fn matches_page(
    view: &View,
    all: &[MatchId],
    wanted: &Wanted<'_>,
) -> Result<MatchConnection, Error> {
    let found = all.iter().filter_map(|id| view.scheme().matches.get(id));
    let mut keys: Vec<_> = found
        .filter(|found| view.may_see_match(found))
        .map(|found| (found.answer_by, found.id))
        .collect();
    keys.sort_unstable();
    let page = view.page(wanted, &keys)?;
    Ok(MatchConnection::of(view, wanted.list, page, |key| {
        view.offered_match(key.1)
    }))
}

/// A mentor offered to a mentee.
#[Object]
impl Match {
    /// The id of the match.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Match, self.state.id)
    }

    /// The mentee. Null when you may not see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.mentee)
    }

    /// The mentor. Null when you may not see them.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.state.mentor)
    }

    /// The last day for an answer; the match lapses after it.
    async fn answer_by(&self) -> Date {
        self.state.answer_by.into()
    }

    /// How it stands.
    async fn progress(&self) -> MatchProgress {
        match self.state.progress {
            Progress::Open => MatchProgress::Open,
            Progress::Paired => MatchProgress::Paired,
            Progress::Declined(_) | Progress::Lapsed | Progress::Released | Progress::Withdrawn => {
                MatchProgress::NotGoingAhead
            }
        }
    }

    /// Why it is not going ahead. Null while it may, and for everybody but the coordinator.
    async fn ending(&self) -> Option<MatchEnding> {
        let ending = match self.state.progress {
            Progress::Open | Progress::Paired => return None,
            Progress::Declined(matching::Side::Mentee) => MatchEnding::DeclinedByMentee,
            Progress::Declined(matching::Side::Mentor) => MatchEnding::DeclinedByMentor,
            Progress::Lapsed => MatchEnding::Lapsed,
            Progress::Released => MatchEnding::Released,
            Progress::Withdrawn => MatchEnding::Withdrawn,
        };
        self.view.sees_of_all(Class::DeclineSide).then_some(ending)
    }

    /// Which choice of the mentee it is, from 1, where they gave an order. The mentor is not told.
    async fn rank(&self) -> Option<usize> {
        let mentee = self.view.scheme().mentees.get(&self.state.mentee)?;
        let mut ranking = mentee.ranking.iter();
        let before = ranking.position(|of| *of == self.state.id)?;
        let visible = self.view.sees(Class::TakeUp, self.state.mentee);
        visible.then_some(before + 1)
    }

    /// The day the mentee agreed. Null while they have not. Of a match that is not going ahead, each side sees its own
    /// answer only.
    async fn mentee_agreed_on(&self) -> Option<Date> {
        day(self.state.mentee_agreed_on).filter(|_| self.shows_answer_of(matching::Side::Mentee))
    }

    /// The day the mentor agreed. Null while they have not. Of a match that is not going ahead, each side sees its own
    /// answer only.
    async fn mentor_agreed_on(&self) -> Option<Date> {
        day(self.state.mentor_agreed_on).filter(|_| self.shows_answer_of(matching::Side::Mentor))
    }
}

impl Match {
    /// Once a match is over, the other side's answer would tell who declined.
    fn shows_answer_of(&self, side: matching::Side) -> bool {
        matches!(self.state.progress, Progress::Open | Progress::Paired)
            || self.view.sees_of_all(Class::DeclineSide)
            || self.view.side_of(&self.state) == Some(side)
    }
}

mutations! {
    MatchingMutations;

    /// Offers mentors to a mentee who has accepted mentoring. Each is a match of its own.
    "offerMatches" offer_matches
    /// What `offerMatches` needs.
    input OfferMatchesInput {
        /// The id of the mentee.
        mentee: ID,
        /// The ids of the mentors.
        mentors: Vec<ID>,
        /// Says that more mentors at once than is usual are meant.
        #[graphql(default)]
        more_than_usual: bool,
    }
    /// What came of `offerMatches`.
    payload OfferMatchesPayload {
        /// The open matches of the mentee with these mentors, those included that were open before; null when the
        /// command was refused.
        matches: Vec<Match>
    }
    command(given, asked) {
        let ids = asked.view().ids();
        matching::OfferMatches {
            mentee: ids.person("mentee", &given.mentee)?,
            mentors: ids.people("mentors", &given.mentors)?,
            more_than_usual: given.more_than_usual,
        }
    }
    changed(answer, command) {
        let scheme = answer.view.scheme();
        scheme.mentees.get(&command.mentee).map(|mentee| {
            let open = scheme.open_matches(mentee);
            open.filter(|open| command.mentors.contains(&open.mentor))
                .filter_map(|open| answer.view.offered_match(open.id))
                .collect()
        })
    }

    /// Records that one side agrees to a match.
    "acceptMatch" accept_match
    /// What `acceptMatch` needs.
    input AcceptMatchInput {
        /// The id of the match.
        r#match: ID,
        /// Which side agrees. Mentors and mentees may leave it out: it is their own. Others name it here or in
        /// `reportedBy`.
        side: Option<Side>,
    }
    /// What came of `acceptMatch`.
    payload AcceptMatchPayload {
        /// The match; null when the command was refused.
        r#match: Match
    }
    command(given, asked) {
        let view = asked.view();
        let of = view.ids().offered_match("match", &given.r#match)?;
        let own = view.scheme().matches.get(&of).and_then(|found| view.side_of(found));
        matching::AcceptMatch { of, side: asked.side("side", given.side, own)? }
    }
    changed(answer, command) { answer.view.offered_match(command.of) }

    /// Records that one side declines a match. There is no field for a reason, and the other side is told only that it is
    /// not going ahead.
    "declineMatch" decline_match
    /// What `declineMatch` needs.
    input DeclineMatchInput {
        /// The id of the match.
        r#match: ID,
        /// Which side declines. Mentors and mentees may leave it out: it is their own. Others name it here or in
        /// `reportedBy`.
        side: Option<Side>,
    }
    /// What came of `declineMatch`.
    payload DeclineMatchPayload {
        /// The match; null when the command was refused.
        r#match: Match
    }
    command(given, asked) {
        let view = asked.view();
        let of = view.ids().offered_match("match", &given.r#match)?;
        let own = view.scheme().matches.get(&of).and_then(|found| view.side_of(found));
        matching::DeclineMatch { of, side: asked.side("side", given.side, own)? }
    }
    changed(answer, command) { answer.view.offered_match(command.of) }
}

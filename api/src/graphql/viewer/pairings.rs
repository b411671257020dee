//! What in pairings waits: for a member to prepare; for the coordinator whoever asked to be rung, difficulties, what is
//! owed at the end, and concerns.

use super::{TaskKey, TaskKind};
use crate::{dispatch::reads::Sensitive, graphql::view::View};
use domain::{
    Scheme,
    closing::{OwedKind, owed},
    identifiers::PersonId,
    oversight::{Difficulty, Word},
    pairing::Pairing,
};

/// Both prepare before the first session, as long as neither has told of one.
pub(super) fn own_tasks(view: &View, me: PersonId) -> impl Iterator<Item = TaskKey> {
    let all = view.scheme().pairings.values();
    let to_begin = all.filter(move |pairing| {
        let begun = pairing.first_session_on.is_some() || pairing.counts.used() > 0;
        pairing.is_live() && !begun && pairing.members().any(|(member, _)| member == me)
    });
    to_begin.map(move |pairing| TaskKey {
        pairing: Some(pairing.id),
        ..TaskKey::new(TaskKind::PrepareFirstSession, me)
    })
}

pub(super) fn coordinators_tasks(view: &View) -> Vec<TaskKey> {
    let all = view.scheme().pairings.values();
    let tasks = all.flat_map(|pairing| {
        let of = |(what, person): (TaskKind, PersonId)| TaskKey {
            pairing: Some(pairing.id),
            ..TaskKey::new(what, person)
        };
        let all = under_way(pairing).chain(at_the_end(view.scheme(), pairing));
        // Nothing is due to somebody who was forgotten.
        let erasures = &view.scheme().erasures;
        all.filter(|(_, person)| !erasures.is_erased(*person))
            .map(of)
    });
    tasks.collect()
}

/// Every concern that is not closed, for whoever may know of it.
pub(super) fn concerns(view: &View) -> impl Iterator<Item = TaskKey> {
    let all = view.particulars().confidences().concerns();
    let open = all.filter(move |concern| concern.closed.is_none() && view.may_see_concern(concern));
    open.map(|concern| {
        view.give(Sensitive::Concern, concern.mentee);
        let what = match concern.acknowledged {
            None => TaskKind::AcknowledgeConcern,
            Some(_) => TaskKind::CloseConcern,
        };
        TaskKey {
            pairing: Some(concern.pairing),
            ..TaskKey::new(what, concern.mentee)
        }
    })
}

fn under_way(pairing: &Pairing) -> impl Iterator<Item = (TaskKind, PersonId)> {
    let asked = pairing.check_ins.iter();
    let asked = asked.filter(|said| pairing.is_live() && said.word == Word::PleaseRing);
    let difficult = pairing.difficulties.iter().any(Difficulty::is_open);
    let first = pairing.mentees.first().filter(|_| difficult);
    let ring = asked.map(|said| (TaskKind::RingBack, said.person));
    ring.chain(first.map(|mentee| (TaskKind::ResolveDifficulty, *mentee)))
}

fn at_the_end(scheme: &Scheme, pairing: &Pairing) -> impl Iterator<Item = (TaskKind, PersonId)> {
    let all = owed(scheme, pairing).into_iter();
    all.filter_map(|owed| match owed.what {
        OwedKind::MentorFeedback => Some((TaskKind::GiveMentorFeedback, owed.person)),
        OwedKind::OngoingSupport => Some((TaskKind::DiscussOngoingSupport, owed.person)),
        // A report is its author's task.
        OwedKind::Report => None,
    })
}

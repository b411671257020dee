//! What may be offered to a mentee, and what either side may answer.

use super::{
    AcceptMatch, DeclineMatch, Match, MatchAccepted, MatchDeclined, MatchOffered, OfferMatches,
    Progress, Side, WaitingListLeft,
};
use crate::{
    Context, Event, Rejection, Scheme,
    identifiers::PersonId,
    mentor::{Portrait, Presence},
    mentoring::{Mentee, Offer},
    scheme::Terms,
};

pub(crate) fn offer(
    scheme: &Scheme,
    command: &OfferMatches,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let mentee = scheme.mentee(command.mentee)?;
    if mentee.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted {
            person: command.mentee,
        });
    }
    may_be_paired(scheme, mentee)?;
    let open: Vec<PersonId> = scheme
        .open_matches(mentee)
        .map(|open| open.mentor)
        .collect();
    let mut mentors: Vec<PersonId> = Vec::new();
    for mentor in &command.mentors {
        if !open.contains(mentor) && !mentors.contains(mentor) {
            suitable(scheme, &terms, command.mentee, *mentor)?;
            mentors.push(*mentor);
        }
    }
    if mentors.is_empty() {
        return Ok(vec![]);
    }
    let most = terms.policy.matching.offered_at_once_most;
    if open.len() + mentors.len() > usize::from(most) && !command.more_than_usual {
        return Err(Rejection::TooManyAtOnce { most });
    }
    let answer_by = terms
        .calendar
        .add_working_days(context.today, terms.policy.matching.answer_working_days);
    let offered = mentors.into_iter().map(|mentor| {
        let of = context.name(&format!("match with {mentor}"));
        Event::MatchOffered(MatchOffered {
            of,
            mentee: command.mentee,
            mentor,
            answer_by,
        })
    });
    // Whoever waited for somebody suitable waits no longer.
    let waits_no_longer = mentee.waiting_since.map(|_| {
        Event::WaitingListLeft(WaitingListLeft {
            mentee: command.mentee,
        })
    });
    Ok(offered.chain(waits_no_longer).collect())
}

/// What stands in the way of offering `mentor`; experience and standing are facts shown, never a bar.
fn suitable(
    scheme: &Scheme,
    terms: &Terms<'_>,
    mentee: PersonId,
    person: PersonId,
) -> Result<(), Rejection> {
    let mentor = scheme.mentor(person)?;
    if person == mentee {
        return Err(Rejection::OwnMentor { person });
    }
    if mentor.presence != Presence::TakesPart {
        return Err(Rejection::MentorNotTakingPart { mentor: person });
    }
    match mentor.portrait {
        Portrait::None => return Err(Rejection::NotRegistered { mentor: person }),
        Portrait::Registered { .. } => {
            return Err(Rejection::PortraitNotApproved { mentor: person });
        }
        Portrait::Approved => {}
    }
    has_room(scheme, terms, person)
}

/// Whether a mentor has room for one more pairing (Z07).
pub(crate) fn has_room(
    scheme: &Scheme,
    terms: &Terms<'_>,
    person: PersonId,
) -> Result<(), Rejection> {
    let mentor = scheme.mentor(person)?;
    let capacity = mentor
        .capacity_stated
        .unwrap_or(terms.policy.mentors.capacity_default);
    if mentor.live_pairings.len() < usize::from(capacity) {
        Ok(())
    } else {
        Err(Rejection::MentorFull {
            mentor: person,
            capacity,
        })
    }
}

/// A mentee has at most one live pairing, and after a breakdown a replacement is judged first (R026).
pub(crate) fn may_be_paired(scheme: &Scheme, mentee: &Mentee) -> Result<(), Rejection> {
    let Some(last) = mentee
        .pairings
        .last()
        .and_then(|id| scheme.pairings.get(id))
    else {
        return Ok(());
    };
    if last.is_live() {
        return Err(Rejection::AlreadyPaired {
            person: mentee.person,
        });
    }
    if last.is_broken() && !last.replacement_is_wanted() {
        return Err(Rejection::ReplacementNotJudged {
            person: mentee.person,
        });
    }
    Ok(())
}

pub(crate) fn accept(
    scheme: &Scheme,
    command: &AcceptMatch,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let found = scheme.offered_match(command.of)?;
    let before = match command.side {
        Side::Mentee => found.mentee_agreed_on,
        Side::Mentor => found.mentor_agreed_on,
    };
    match found.progress {
        Progress::Paired => return Ok(vec![]),
        Progress::Open if before.is_some() => return Ok(vec![]),
        Progress::Open => {}
        // With somebody of it forgotten it stays closed, and looks like any that is.
        Progress::Lapsed
            if answered_in_time(found, context)
                && scheme.not_erased(found.mentor).is_ok()
                && scheme.not_erased(found.mentee).is_ok() =>
        {
            may_be_paired(scheme, scheme.mentee(found.mentee)?)?;
        }
        Progress::Lapsed | Progress::Declined(_) | Progress::Released | Progress::Withdrawn => {
            return Err(Rejection::MatchClosed { of: command.of });
        }
    }
    if command.side == Side::Mentor {
        has_room(scheme, &scheme.terms(context.today)?, found.mentor)?;
    }
    Ok(vec![Event::MatchAccepted(MatchAccepted {
        of: command.of,
        mentee: found.mentee,
        mentor: found.mentor,
        side: command.side,
    })])
}

pub(crate) fn decline(
    scheme: &Scheme,
    command: &DeclineMatch,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let found = scheme.offered_match(command.of)?;
    match found.progress {
        Progress::Declined(side) if side == command.side => return Ok(vec![]),
        Progress::Open => {}
        Progress::Lapsed if answered_in_time(found, context) => {}
        _ => return Err(Rejection::MatchClosed { of: command.of }),
    }
    Ok(vec![Event::MatchDeclined(MatchDeclined {
        of: command.of,
        mentee: found.mentee,
        mentor: found.mentor,
        side: command.side,
    })])
}

/// Whether an answer that is heard of only now, after the match lapsed, was given while it was awaited.
///
/// The record may be late, and it refuses no fact: such an answer counts, and a yes takes the match up again.
fn answered_in_time(found: &Match, context: &Context) -> bool {
    context.happened_on <= found.answer_by
}

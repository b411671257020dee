//! Folding what befalls matches and pairings.

use super::Folded;
use crate::{
    Scheme,
    brought_forward::PairingBroughtForward,
    evaluation::{EvaluationFiled, EvaluationRequested},
    identifiers::{MatchId, PairingId, PersonId},
    matching::{Match, MatchOffered, Progress, Side},
    mentoring::Offer,
    pairing::{Counts, Course, Pairing, PairingFormed, Report, SessionHeld},
};
use jiff::civil::Date;

pub(super) fn match_offered(scheme: &mut Scheme, offered: &MatchOffered) -> Folded {
    scheme.mentee_mut(offered.mentee)?.matches.push(offered.of);
    scheme.mentor_mut(offered.mentor)?.matches.push(offered.of);
    scheme
        .answers_awaited
        .insert_mut((offered.answer_by, offered.of));
    let of = Match {
        id: offered.of,
        mentee: offered.mentee,
        mentor: offered.mentor,
        answer_by: offered.answer_by,
        mentee_agreed_on: None,
        mentor_agreed_on: None,
        progress: Progress::Open,
    };
    scheme.matches.insert_mut(offered.of, of);
    Ok(())
}

pub(super) fn close_match(scheme: &mut Scheme, id: MatchId, progress: Progress) -> Folded {
    let found = scheme.match_mut(id)?;
    found.progress = progress;
    let awaited = (found.answer_by, found.id);
    scheme.answers_awaited.remove_mut(&awaited);
    Ok(())
}

pub(super) fn pairing_formed(scheme: &mut Scheme, formed: &PairingFormed, on: Date) -> Folded {
    for id in &formed.matches {
        close_match(scheme, *id, Progress::Paired)?;
    }
    let pairing = Pairing {
        id: formed.pairing,
        mentors: formed.mentors.clone(),
        mentees: formed.mentees.clone(),
        matches: formed.matches.clone(),
        handbook: Some(formed.handbook.clone()),
        formed_on: on,
        first_session_on: None,
        counts: Counts::default(),
        meetings_reached: false,
        replaces: formed.replaces,
        course: Course::Live,
        reports: Vec::new(),
    };
    insert_pairing(scheme, pairing)
}

fn insert_pairing(scheme: &mut Scheme, pairing: Pairing) -> Folded {
    for mentor in &pairing.mentors {
        scheme.mentor_mut(*mentor)?.live_pairings.push(pairing.id);
    }
    for mentee in &pairing.mentees {
        let mentee = scheme.mentee_mut(*mentee)?;
        mentee.pairings.push(pairing.id);
        // Whoever works with somebody waits for nobody, however it came about.
        mentee.waiting_since = None;
    }
    scheme.pairings.insert_mut(pairing.id, pairing);
    Ok(())
}

pub(super) fn session_held(scheme: &mut Scheme, held: &SessionHeld, on: Date) -> Folded {
    let pairing = scheme.pairing_mut(held.pairing)?;
    let count = pairing.counts.of_mut(held.counted_by);
    *count = count.saturating_add(1);
    pairing.first_session_on = Some(pairing.first_session_on.map_or(on, |first| first.min(on)));
    Ok(())
}

pub(super) fn end_pairing(scheme: &mut Scheme, id: PairingId, course: Course) -> Folded {
    let pairing = scheme.pairing_mut(id)?;
    pairing.course = course;
    for mentor in pairing.mentors.clone() {
        scheme
            .mentor_mut(mentor)?
            .live_pairings
            .retain(|live| *live != id);
    }
    Ok(())
}

fn report_of(pairing: &mut Pairing, person: PersonId, side: Side) -> &mut Report {
    let index = pairing
        .reports
        .iter()
        .position(|report| report.person == person)
        .unwrap_or_else(|| {
            pairing.reports.push(Report {
                person,
                side,
                requested_on: None,
                filed_on: None,
            });
            pairing.reports.len() - 1
        });
    &mut pairing.reports[index]
}

pub(super) fn evaluation_requested(
    scheme: &mut Scheme,
    requested: &EvaluationRequested,
    on: Date,
) -> Folded {
    let pairing = scheme.pairing_mut(requested.pairing)?;
    report_of(pairing, requested.person, requested.side).requested_on = Some(on);
    Ok(())
}

pub(super) fn evaluation_filed(scheme: &mut Scheme, filed: &EvaluationFiled, on: Date) -> Folded {
    let pairing = scheme.pairing_mut(filed.pairing)?;
    report_of(pairing, filed.person, filed.side).filed_on = Some(on);
    Ok(())
}

pub(super) fn pairing_brought_forward(
    scheme: &mut Scheme,
    brought: &PairingBroughtForward,
) -> Folded {
    let mentee = scheme.mentee_entry(brought.mentee);
    mentee.offer = Offer::Accepted;
    mentee.starts_on = brought.starts_on.or(mentee.starts_on);
    let pairing = Pairing {
        id: brought.pairing,
        mentors: vec![brought.mentor],
        mentees: vec![brought.mentee],
        matches: Vec::new(),
        handbook: None,
        formed_on: brought.formed_on,
        // Whoever brings used sessions forward without a start still has months that run.
        first_session_on: (brought.sessions_used > 0).then_some(brought.formed_on),
        counts: Counts {
            mentee: brought.sessions_used,
            mentor: brought.sessions_used,
            brought_forward: brought.sessions_used,
        },
        meetings_reached: false,
        replaces: None,
        course: Course::Live,
        reports: Vec::new(),
    };
    insert_pairing(scheme, pairing)
}

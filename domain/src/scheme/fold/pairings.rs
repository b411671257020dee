//! Folding what befalls matches and pairings.

use super::Folded;
use crate::{
    Recorded, Scheme,
    arrangement::SessionCalledOff,
    brought_forward::PairingBroughtForward,
    correction::{Matter, RecordCorrected},
    evaluation::{EvaluationFiled, EvaluationReminded, EvaluationRequested, EvaluationWaived},
    identifiers::{MatchId, PairingId, PersonId},
    matching::{Match, MatchOffered, Progress, Side},
    mentoring::Offer,
    oversight::{CheckIn, CheckInMade, Difficulty, DifficultyOutcome},
    pairing::{
        Breakdown, Counts, Course, Judged, Meetings, MeetingsAgreed, Pairing, PairingBroken,
        PairingFormed, ReplacementJudged, Report, Told, Word,
    },
};
use jiff::civil::Date;
use uuid::Uuid;

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
        matches: formed.matches.clone(),
        handbook: Some(formed.handbook.clone()),
        replaces: formed.replaces,
        ..Pairing::formed(
            formed.pairing,
            formed.mentors.clone(),
            formed.mentees.clone(),
            on,
        )
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

/// Something was told of the sessions of a pairing.
pub(super) fn told(
    scheme: &mut Scheme,
    recorded: &Recorded,
    pairing: PairingId,
    counted_by: Side,
    word: Word,
) -> Folded {
    let told = Told::new(recorded.id, counted_by, word, recorded.happened_on);
    scheme.pairing_mut(pairing)?.tell(told);
    scheme.told_of.insert_mut(recorded.id, pairing);
    Ok(())
}

pub(super) fn corrected(scheme: &mut Scheme, put_right: &RecordCorrected, by: Uuid) -> Folded {
    let pairing = scheme.pairing_mut(put_right.pairing)?;
    if pairing.correct(put_right, by) {
        Ok(())
    } else {
        Err("it corrects what was never told")
    }
}

pub(super) fn meetings_agreed(scheme: &mut Scheme, agreed: &MeetingsAgreed, on: Date) -> Folded {
    scheme.pairing_mut(agreed.pairing)?.meetings = Some(Meetings {
        told_by: agreed.person,
        agreed_on: on,
        every_weeks: agreed.every_weeks,
        format: agreed.format,
    });
    Ok(())
}

pub(super) fn session_called_off(
    scheme: &mut Scheme,
    called_off: &SessionCalledOff,
    recorded: &Recorded,
) -> Folded {
    let pairing = scheme.pairing_mut(called_off.pairing)?;
    if pairing.session_called_off(called_off, recorded) {
        Ok(())
    } else {
        Err("it calls off a session that was never arranged")
    }
}

pub(super) fn pairing_broken(
    scheme: &mut Scheme,
    recorded: &Recorded,
    broken: &PairingBroken,
) -> Folded {
    let on = recorded.happened_on;
    let breakdown = Breakdown {
        on,
        cause: broken.cause,
        reported_by: recorded.told_by(),
        judged: None,
    };
    end_pairing(scheme, broken.pairing, recorded, Course::Broken(breakdown))
}

pub(super) fn replacement_judged(
    scheme: &mut Scheme,
    judged: &ReplacementJudged,
    on: Date,
) -> Folded {
    let Course::Broken(breakdown) = &mut scheme.pairing_mut(judged.pairing)?.course else {
        return Err("the pairing has not broken down");
    };
    breakdown.judged = Some(Judged {
        on,
        judgement: judged.judgement,
        by: judged.judged_by.clone(),
        remaining: judged.remaining.clone(),
    });
    Ok(())
}

pub(super) fn check_in_made(
    scheme: &mut Scheme,
    made: &CheckInMade,
    recorded: &Recorded,
) -> Folded {
    let CheckInMade {
        pairing: id,
        person,
        side,
        word,
    } = *made;
    let pairing = scheme.pairing_mut(id)?;
    pairing.said.push(CheckIn {
        entry: recorded.id,
        person,
        side,
        on: recorded.happened_on,
        word,
    });
    last_said(pairing);
    let matter = Matter::CheckIn {
        pairing: id,
        person,
    };
    scheme.may_be_taken_back(recorded, matter);
    Ok(())
}

/// Makes what each member said last again of all they said.
pub(super) fn last_said(pairing: &mut Pairing) {
    pairing.check_ins.clear();
    for said in &pairing.said {
        pairing
            .check_ins
            .retain(|before| before.person != said.person);
        pairing.check_ins.push(*said);
    }
}

pub(super) fn difficulty_raised(
    scheme: &mut Scheme,
    pairing: PairingId,
    recorded: &Recorded,
) -> Folded {
    let difficulties = &mut scheme.pairing_mut(pairing)?.difficulties;
    difficulties.push(Difficulty {
        entry: recorded.id,
        raised_on: recorded.happened_on,
        outcome: DifficultyOutcome::Open,
    });
    scheme.may_be_taken_back(recorded, Matter::Difficulty { pairing });
    Ok(())
}

/// A pause ends when it is resumed, or with the pairing.
pub(super) fn end_pause(pairing: &mut Pairing, on: Date) {
    let lasting = pairing.pauses.iter_mut().rev();
    for pause in lasting.filter(|pause| pause.until.is_none()) {
        pause.until = Some(on.max(pause.from));
    }
}

pub(super) fn close_difficulties(pairing: &mut Pairing, outcome: DifficultyOutcome) {
    let open = pairing.difficulties.iter_mut();
    for difficulty in open.filter(|difficulty| difficulty.is_open()) {
        difficulty.outcome = outcome;
    }
}

pub(super) fn end_pairing(
    scheme: &mut Scheme,
    id: PairingId,
    recorded: &Recorded,
    course: Course,
) -> Folded {
    let on = recorded.happened_on;
    let pairing = scheme.pairing_mut(id)?;
    pairing.rested = pairing.paused_since().is_some();
    end_pause(pairing, on);
    let (difficulties, matter) = match &course {
        Course::Broken(_) => (
            DifficultyOutcome::BecameBreakdown { on },
            Matter::Breakdown { pairing: id },
        ),
        Course::Live | Course::Withdrawn { .. } | Course::Concluded { .. } => (
            DifficultyOutcome::Ended { on },
            Matter::Ending { pairing: id },
        ),
    };
    close_difficulties(pairing, difficulties);
    pairing.course = course;
    for mentor in pairing.mentors.clone() {
        scheme
            .mentor_mut(mentor)?
            .live_pairings
            .retain(|live| *live != id);
    }
    scheme.may_be_taken_back(recorded, matter);
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
                reminders: 0,
                waived_on: None,
                filed_on: None,
            });
            pairing.reports.len() - 1
        });
    &mut pairing.reports[index]
}

pub(super) fn evaluation_requested(
    scheme: &mut Scheme,
    requested: &EvaluationRequested,
    recorded: &Recorded,
) -> Folded {
    let pairing = scheme.pairing_mut(requested.pairing)?;
    let report = report_of(pairing, requested.person, requested.side);
    report.requested_on = Some(recorded.happened_on);
    let matter = Matter::ReportRequest {
        pairing: requested.pairing,
        person: requested.person,
    };
    scheme.may_be_taken_back(recorded, matter);
    Ok(())
}

pub(super) fn evaluation_reminded(
    scheme: &mut Scheme,
    reminded: &EvaluationReminded,
    recorded: &Recorded,
) -> Folded {
    let pairing = scheme.pairing_mut(reminded.pairing)?;
    let report = report_of(pairing, reminded.person, reminded.side);
    report.reminders = report.reminders.saturating_add(1);
    let matter = Matter::ReportReminder {
        pairing: reminded.pairing,
        person: reminded.person,
    };
    scheme.may_be_taken_back(recorded, matter);
    Ok(())
}

pub(super) fn evaluation_waived(
    scheme: &mut Scheme,
    waived: &EvaluationWaived,
    recorded: &Recorded,
) -> Folded {
    let pairing = scheme.pairing_mut(waived.pairing)?;
    let report = report_of(pairing, waived.person, waived.side);
    report.waived_on = Some(recorded.happened_on);
    let matter = Matter::ReportWaiver {
        pairing: waived.pairing,
        person: waived.person,
    };
    scheme.may_be_taken_back(recorded, matter);
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
        // Whoever brings used sessions forward without a start still has months that run.
        first_session_on: (brought.sessions_used > 0).then_some(brought.formed_on),
        counts: Counts {
            mentee: brought.sessions_used,
            mentor: brought.sessions_used,
            brought_forward: brought.sessions_used,
        },
        ..Pairing::formed(
            brought.pairing,
            vec![brought.mentor],
            vec![brought.mentee],
            brought.formed_on,
        )
    };
    insert_pairing(scheme, pairing)
}

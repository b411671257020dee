//! Folding what can be taken back, and that it was.

use super::{Folded, pairings::last_said};
use crate::{
    Recorded, Scheme,
    correction::{Act, Matter, RecordTakenBack},
    identifiers::{MatchId, PairingId, PersonId},
    matching::Progress,
    mentoring::{Attempt, ContactMade, ContactOutcome, Mentee, Offer},
    oversight::DifficultyOutcome,
    pairing::{Course, Report},
};
use jiff::civil::Date;
use uuid::Uuid;

impl Scheme {
    /// Remembers that an entry can be taken back.
    pub(super) fn may_be_taken_back(&mut self, recorded: &Recorded, matter: Matter) {
        let act = Act {
            matter,
            command: recorded.command_id,
            taken_back_by: None,
        };
        self.acts.insert_mut(recorded.id, act);
    }
}

pub(super) fn taken_back(scheme: &mut Scheme, back: &RecordTakenBack, by: Uuid) -> Folded {
    let entry = back.corrects;
    let act = scheme
        .acts
        .get_mut(&entry)
        .ok_or("it takes back what was never told")?;
    act.taken_back_by = Some(by);
    match back.told {
        Matter::ContactAttempt { mentee } => attempt(scheme.mentee_mut(mentee)?, entry),
        Matter::SupportExplained { mentee } => {
            let explained = &mut scheme.mentee_mut(mentee)?.explained;
            explained.retain(|(_, by)| *by != entry);
        }
        Matter::MentoringAccepted { mentee } => never_accepted(scheme, mentee)?,
        Matter::MentoringDeclined { mentee } => {
            let offer = &mut scheme.mentee_mut(mentee)?.offer;
            if *offer == Offer::Declined {
                *offer = Offer::Open;
            }
        }
        Matter::MatchDeclined { of, .. } => open_again(scheme, of)?,
        Matter::Breakdown { pairing } | Matter::Ending { pairing } => {
            live_again(scheme, pairing)?;
        }
        Matter::CheckIn { pairing, .. } => {
            let pairing = scheme.pairing_mut(pairing)?;
            pairing.said.retain(|said| said.entry != entry);
            last_said(pairing);
        }
        Matter::Difficulty { pairing } => {
            let difficulties = &mut scheme.pairing_mut(pairing)?.difficulties;
            difficulties.retain(|difficulty| difficulty.entry != entry);
        }
        Matter::ReportRequest { pairing, person } => {
            report(scheme, pairing, person, |report| report.requested_on = None)?;
        }
        Matter::ReportReminder { pairing, person } => {
            report(scheme, pairing, person, |report| {
                report.reminders = report.reminders.saturating_sub(1);
            })?;
        }
        Matter::ReportWaiver { pairing, person } => {
            report(scheme, pairing, person, |report| report.waived_on = None)?;
        }
        Matter::Message { person } => {
            if let Some(messages) = scheme.messages.get_mut(&person) {
                messages.retain(|message| message.entry != entry);
            }
        }
        Matter::MentorInduction { mentor } => {
            let seminars = scheme.seminars.iter();
            let attended = seminars.filter(|seminar| seminar.attended.contains(&mentor));
            let first = attended.map(|seminar| seminar.on).min();
            scheme.mentor_mut(mentor)?.inducted_on = first;
        }
    }
    Ok(())
}

pub(super) fn contact_made(scheme: &mut Scheme, made: &ContactMade, recorded: &Recorded) -> Folded {
    let mentee = scheme.mentee_mut(made.mentee)?;
    mentee.attempts.push(Attempt {
        entry: recorded.id,
        on: recorded.happened_on,
        channel: recorded.channel,
        outcome: made.outcome,
    });
    mentee.reached_on = first_reached(mentee);
    let mentee = made.mentee;
    scheme.may_be_taken_back(recorded, Matter::ContactAttempt { mentee });
    Ok(())
}

fn attempt(mentee: &mut Mentee, entry: Uuid) {
    mentee.attempts.retain(|attempt| attempt.entry != entry);
    mentee.reached_on = first_reached(mentee);
}

fn first_reached(mentee: &Mentee) -> Option<Date> {
    let attempts = mentee.attempts.iter();
    let reached = attempts.filter(|attempt| attempt.outcome == ContactOutcome::Reached);
    reached.map(|attempt| attempt.on).min()
}

/// What was agreed with the yes goes with it; a no from before stands again.
fn never_accepted(scheme: &mut Scheme, mentee: PersonId) -> Folded {
    let declined = scheme.acts.values().any(|act| {
        act.matter == Matter::MentoringDeclined { mentee } && act.taken_back_by.is_none()
    });
    let mentee = scheme.mentee_mut(mentee)?;
    mentee.offer = if declined {
        Offer::Declined
    } else {
        Offer::Open
    };
    mentee.elements.clear();
    mentee.starts_on = None;
    Ok(())
}

/// Nobody declined: it is as open as it was.
fn open_again(scheme: &mut Scheme, of: MatchId) -> Folded {
    let found = scheme.match_mut(of)?;
    if !matches!(found.progress, Progress::Declined(_)) {
        return Err("nobody declined the match");
    }
    found.progress = Progress::Open;
    let (agreed, awaited) = (found.is_agreed(), (found.answer_by, found.id));
    if !agreed {
        scheme.answers_awaited.insert_mut(awaited);
    }
    Ok(())
}

/// It never ended: what ended with it goes on.
fn live_again(scheme: &mut Scheme, id: PairingId) -> Folded {
    let pairing = scheme.pairing_mut(id)?;
    if pairing.is_live() {
        return Err("the pairing has not ended");
    }
    pairing.course = Course::Live;
    if std::mem::take(&mut pairing.rested)
        && let Some(pause) = pairing.pauses.last_mut()
    {
        pause.until = None;
    }
    for difficulty in &mut pairing.difficulties {
        if matches!(
            difficulty.outcome,
            DifficultyOutcome::BecameBreakdown { .. } | DifficultyOutcome::Ended { .. }
        ) {
            difficulty.outcome = DifficultyOutcome::Open;
        }
    }
    for mentor in pairing.mentors.clone() {
        scheme.mentor_mut(mentor)?.live_pairings.push(id);
    }
    Ok(())
}

/// A report of which nothing is left was never asked for.
fn report(
    scheme: &mut Scheme,
    pairing: PairingId,
    person: PersonId,
    change: impl FnOnce(&mut Report),
) -> Folded {
    let reports = &mut scheme.pairing_mut(pairing)?.reports;
    let mut all = reports.iter_mut();
    let report = all.find(|report| report.person == person);
    change(report.ok_or("nothing was told of the report")?);
    reports.retain(|report| {
        report.requested_on.is_some()
            || report.filed_on.is_some()
            || report.waived_on.is_some()
            || report.reminders > 0
    });
    Ok(())
}

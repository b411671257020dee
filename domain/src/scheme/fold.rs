//! Folding one event into a scheme.
//!
//! Every arm stands here or in a function named after its feature, and there is no catch-all: a new event
//! must be considered. An event that makes no sense of the state before it halts the scheme; it is never
//! skipped.

mod needs;
mod pairings;

use super::Scheme;
use crate::{
    Event, Recorded,
    appointment::{Appointment, AppointmentNotified, EligibilityJudged, Judgement},
    brought_forward::MentorBroughtForward,
    identifiers::{AppointmentId, MatchId, PairingId, PersonId},
    matching::{Match, Progress, Side},
    mentor::{Mentor, MentorInvited, Portrait},
    mentoring::{ContactOutcome, Mentee, Offer},
    pairing::{Course, Pairing},
    policy::Adopted,
};
use jiff::civil::Date;
use pairings::{
    close_match, end_pairing, evaluation_filed, evaluation_requested, match_offered,
    pairing_brought_forward, pairing_formed, session_held,
};
use std::sync::Arc;
use thiserror::Error;

/// An event that makes no sense of the state before it. The scheme halts at its position.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the event at position {position} cannot be folded: {reason}")]
pub struct Unfoldable {
    /// Where it stands.
    pub position: u64,
    /// What is wrong with it.
    pub reason: &'static str,
}

type Folded = Result<(), &'static str>;

/// Folds one past event into the state. Reads no sealed value.
pub fn evolve(scheme: &mut Scheme, recorded: &Recorded) -> Result<(), Unfoldable> {
    let position = recorded.position;
    let failed = |reason| Unfoldable { position, reason };
    if position != scheme.position + 1 {
        return Err(failed("it is not the next one"));
    }
    fold(scheme, recorded).map_err(failed)?;
    scheme.position = position;
    Ok(())
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each event, so that none is forgotten"
)]
fn fold(scheme: &mut Scheme, recorded: &Recorded) -> Folded {
    let on = recorded.happened_on;
    match &recorded.event {
        Event::SchemeOpened(opened) => scheme.opening = Some(opened.clone()),
        Event::PolicyAdopted(adopted) => scheme.policies.push(Arc::new(Adopted {
            policy: adopted.policy.clone(),
            effective_from: adopted.effective_from,
        })),
        Event::RegisterAdopted(adopted) => {
            scheme.registers.push(Arc::new(adopted.register.clone()));
        }
        Event::CalendarAdopted(adopted) => {
            scheme.calendars.push(Arc::new(adopted.calendar.clone()));
        }

        Event::MentorInvited(invited) => mentor_invited(scheme, invited, on),
        Event::MentorRegistered(registered) => {
            scheme.mentor_mut(registered.mentor)?.portrait = Portrait::Registered {
                complete: registered.complete,
            };
        }
        Event::PenPortraitApproved(approved) => {
            scheme.mentor_mut(approved.mentor)?.portrait = Portrait::Approved;
        }
        Event::MentorInducted(inducted) => {
            scheme.mentor_mut(inducted.mentor)?.inducted_on = Some(on);
        }
        Event::CapacityStated(stated) => {
            scheme.mentor_mut(stated.mentor)?.capacity_stated = Some(stated.capacity);
        }

        Event::AppointmentNotified(notified) => appointment_notified(scheme, notified, on),
        Event::AppointmentAmended(amended) => drop(scheme.appointment_mut(amended.appointment)?),
        Event::PersonLinked(linked) => hand_over(scheme, linked.appointment, linked.person)?,
        Event::PersonUnlinked(unlinked) => {
            hand_over(scheme, unlinked.appointment, unlinked.person)?;
        }
        Event::EligibilityJudged(judged) => eligibility_judged(scheme, judged, on)?,
        Event::NoticesReceived(_) => {}

        Event::ContactMade(made) => {
            let mentee = scheme.mentee_mut(made.mentee)?;
            if made.outcome == ContactOutcome::Reached {
                mentee.reached_on = Some(mentee.reached_on.map_or(on, |first| first.min(on)));
            }
        }
        Event::MentoringOffered(offered) => scheme.mentee_mut(offered.mentee)?.offer = Offer::Open,
        Event::MentoringAccepted(accepted) => {
            scheme.mentee_mut(accepted.mentee)?.offer = Offer::Accepted;
        }
        Event::MentoringDeclined(declined) => {
            scheme.mentee_mut(declined.mentee)?.offer = Offer::Declined;
        }
        Event::StartAgreed(agreed) => {
            scheme.mentee_mut(agreed.mentee)?.starts_on = Some(agreed.starts_on);
        }
        Event::PreferencesRecorded(recorded) => drop(scheme.mentee_mut(recorded.mentee)?),

        Event::MatchOffered(offered) => match_offered(scheme, offered)?,
        Event::MatchAccepted(accepted) => {
            let found = scheme.match_mut(accepted.of)?;
            match accepted.side {
                Side::Mentee => found.mentee_agreed_on = Some(on),
                Side::Mentor => found.mentor_agreed_on = Some(on),
            }
            // A yes that was given in time and heard of late takes a lapsed match up again, now without a last day.
            found.progress = Progress::Open;
            if found.is_agreed() {
                let awaited = (found.answer_by, found.id);
                scheme.answers_awaited.remove_mut(&awaited);
            }
        }
        Event::MatchDeclined(declined) => {
            close_match(scheme, declined.of, Progress::Declined(declined.side))?;
        }
        Event::MatchLapsed(lapsed) => close_match(scheme, lapsed.of, Progress::Lapsed)?,
        Event::MatchReleased(released) => close_match(scheme, released.of, Progress::Released)?,

        Event::PairingFormed(formed) => pairing_formed(scheme, formed, on)?,
        Event::SessionHeld(held) => session_held(scheme, held, on)?,
        Event::SessionsCounted(counted) => {
            *scheme
                .pairing_mut(counted.pairing)?
                .counts
                .of_mut(counted.counted_by) = counted.count;
        }
        Event::MeetingsReached(reached) => {
            let pairing = scheme.pairing_mut(reached.pairing)?;
            pairing.meetings_reached = true;
            pairing.counts.mentor = pairing.counts.mentor.max(reached.count);
        }
        Event::PairingBroken(broken) => {
            end_pairing(
                scheme,
                broken.pairing,
                Course::Broken {
                    on,
                    cause: broken.cause,
                    judgement: None,
                },
            )?;
        }
        Event::ReplacementJudged(judged) => match &mut scheme.pairing_mut(judged.pairing)?.course {
            Course::Broken { judgement, .. } => *judgement = Some(judged.judgement),
            _ => return Err("the pairing has not broken down"),
        },
        Event::PairingConcluded(concluded) => {
            end_pairing(scheme, concluded.pairing, Course::Concluded { on })?;
        }

        Event::EvaluationRequested(requested) => evaluation_requested(scheme, requested, on)?,
        Event::EvaluationFiled(filed) => evaluation_filed(scheme, filed, on)?,

        Event::NeedsAnalysisBegun(begun) => scheme.needs.begin(begun, on),
        Event::NeedsAnalysisRevised(revised) => needs::revised(scheme, revised, on)?,
        Event::NeedsAnalysisShared(shared) => needs::shared(scheme, shared, on)?,
        Event::NeedsAnalysisUnshared(unshared) => needs::unshared(scheme, unshared)?,
        Event::NeedsAnalysisDestroyed(destroyed) => needs::destroyed(scheme, destroyed, on)?,
        Event::NeedsProfileWritten(written) => scheme.needs.write(written, on),
        Event::NeedsProfileCorrected(corrected) => needs::corrected(scheme, corrected, on)?,

        Event::MentorBroughtForward(brought) => mentor_brought_forward(scheme, brought, on),
        Event::PairingBroughtForward(brought) => pairing_brought_forward(scheme, brought)?,
        Event::YearBroughtForward(brought) => scheme.past_years.push(brought.figures.clone()),
    }
    Ok(())
}

impl Scheme {
    fn mentor_mut(&mut self, person: PersonId) -> Result<&mut Mentor, &'static str> {
        self.mentors
            .get_mut(&person)
            .ok_or("it names a mentor who was never invited")
    }

    fn mentee_mut(&mut self, person: PersonId) -> Result<&mut Mentee, &'static str> {
        self.mentees
            .get_mut(&person)
            .ok_or("it names a mentee who was never notified")
    }

    fn appointment_mut(&mut self, id: AppointmentId) -> Result<&mut Appointment, &'static str> {
        self.appointments
            .get_mut(&id)
            .ok_or("it names an appointment that was never notified")
    }

    fn match_mut(&mut self, id: MatchId) -> Result<&mut Match, &'static str> {
        self.matches
            .get_mut(&id)
            .ok_or("it names a match that was never offered")
    }

    fn pairing_mut(&mut self, id: PairingId) -> Result<&mut Pairing, &'static str> {
        self.pairings
            .get_mut(&id)
            .ok_or("it names a pairing that was never formed")
    }

    /// The mentee, who begins to be one with this event if they were not before.
    fn mentee_entry(&mut self, person: PersonId) -> &mut Mentee {
        if !self.mentees.contains_key(&person) {
            self.mentees.insert_mut(person, Mentee::new(person));
        }
        #[expect(clippy::expect_used, reason = "it was inserted two lines above")]
        self.mentees.get_mut(&person).expect("just inserted")
    }
}

fn mentor_invited(scheme: &mut Scheme, invited: &MentorInvited, on: Date) {
    let before = scheme.mentors.get(&invited.mentor).cloned();
    let mentor = before.unwrap_or_else(|| Mentor {
        person: invited.mentor,
        region: None,
        employer_kind: None,
        standing: invited.standing,
        since: on,
        portrait: Portrait::None,
        inducted_on: None,
        capacity_stated: None,
        live_pairings: Vec::new(),
        matches: Vec::new(),
    });
    let mentor = Mentor {
        region: invited.region.clone(),
        employer_kind: invited.employer_kind,
        standing: invited.standing,
        ..mentor
    };
    scheme.mentors.insert_mut(invited.mentor, mentor);
}

fn appointment_notified(scheme: &mut Scheme, notified: &AppointmentNotified, on: Date) {
    scheme
        .mentee_entry(notified.person)
        .appointments
        .push(notified.appointment);
    let appointment = Appointment {
        id: notified.appointment,
        person: notified.person,
        notified_as: notified.person,
        source: notified.source,
        notified_on: on,
        region: notified.region.clone(),
        employer_kind: notified.employer_kind,
        judgement: None,
    };
    scheme
        .appointments
        .insert_mut(notified.appointment, appointment);
}

fn hand_over(scheme: &mut Scheme, id: AppointmentId, to: PersonId) -> Folded {
    let appointment = scheme.appointment_mut(id)?;
    let from = std::mem::replace(&mut appointment.person, to);
    scheme
        .mentee_mut(from)?
        .appointments
        .retain(|other| *other != id);
    scheme.mentee_entry(to).appointments.push(id);
    Ok(())
}

fn eligibility_judged(scheme: &mut Scheme, judged: &EligibilityJudged, on: Date) -> Folded {
    scheme.appointment_mut(judged.appointment)?.judgement = Some(Judgement {
        verdict: judged.verdict,
        category: judged.category.clone(),
        missing: judged.missing.clone(),
        rule: judged.rule.clone(),
        versions: judged.versions.clone(),
        judged_on: on,
    });
    Ok(())
}

fn mentor_brought_forward(scheme: &mut Scheme, brought: &MentorBroughtForward, on: Date) {
    let mentor = Mentor {
        person: brought.mentor,
        region: brought.region.clone(),
        employer_kind: brought.employer_kind,
        standing: brought.standing,
        since: on,
        portrait: Portrait::Approved,
        inducted_on: brought.inducted_on,
        capacity_stated: brought.capacity,
        live_pairings: Vec::new(),
        matches: Vec::new(),
    };
    scheme.mentors.insert_mut(brought.mentor, mentor);
}

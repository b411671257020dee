//! Folding one event into a scheme.
//!
//! Every arm stands here or in a function named after its feature, and there is no catch-all: a new event
//! must be considered. An event that makes no sense of the state before it halts the scheme; it is never
//! skipped.

mod directory;
mod messages;
mod needs;
mod pairings;
mod taken_back;

use super::Scheme;
use crate::{
    Event, Recorded,
    appointment::{Appointment, AppointmentNotified, EligibilityJudged, Judgement},
    brought_forward::MentorBroughtForward,
    correction::Matter,
    identifiers::{AppointmentId, MatchId, PairingId, PersonId},
    induction_day::Place,
    matching::{Match, Progress, Side},
    mentor::{Mentor, MentorInvited, Portrait, Presence},
    mentoring::{Mentee, Offer},
    oversight::DifficultyOutcome,
    pairing::{Course, Pairing, Pause, Word},
    policy::Adopted,
};
use jiff::civil::Date;
use pairings::{
    check_in_made, close_difficulties, close_match, corrected, difficulty_raised, end_pairing,
    end_pause, evaluation_filed, evaluation_reminded, evaluation_requested, evaluation_waived,
    match_offered, meetings_agreed, pairing_broken, pairing_brought_forward, pairing_formed,
    replacement_judged, session_called_off, told,
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
        Event::SchemeOpened(opened) => {
            scheme.opening = Some(opened.clone());
            scheme.opened_on = Some(on);
        }
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
            let mentor = inducted.mentor;
            scheme.mentor_mut(mentor)?.inducted_on = Some(on);
            scheme.may_be_taken_back(recorded, Matter::MentorInduction { mentor });
        }
        Event::CapacityStated(stated) => {
            scheme.mentor_mut(stated.mentor)?.capacity_stated = Some(stated.capacity);
        }

        Event::MentorPaused(paused) => {
            let until = paused.until;
            scheme.mentor_mut(paused.mentor)?.presence = Presence::Paused { until };
        }
        Event::MentorResumed(resumed) => {
            scheme.mentor_mut(resumed.mentor)?.presence = Presence::TakesPart;
        }
        Event::MentorResigned(resigned) => {
            scheme.mentor_mut(resigned.mentor)?.presence = Presence::Resigned;
        }
        Event::MentorRemoved(removed) => {
            let decided_by = removed.decided_by;
            scheme.mentor_mut(removed.mentor)?.presence = Presence::Removed { decided_by };
        }
        Event::MentorLeftPost(left) => {
            let mentor = scheme.mentor_mut(left.mentor)?;
            (mentor.left_post, mentor.standing) = (true, left.standing);
        }
        Event::CampaignOpened(opened) => directory::campaign_opened(scheme, opened, on),
        Event::CampaignInvited(invited) => {
            let campaign = directory::campaign_mut(scheme, invited.campaign)?;
            campaign.invitees.extend(&invited.mentors);
        }
        Event::CampaignClosed(closed) => {
            directory::campaign_mut(scheme, closed.campaign)?.closed_on = Some(on);
        }
        Event::MentorInductionSeminarScheduled(set) => directory::seminar_set(scheme, set),
        Event::MentorInductionSeminarHeld(held) => directory::seminar_held(scheme, held)?,
        Event::MentorsNamed(named) => {
            scheme
                .mentee_mut(named.mentee)?
                .named
                .clone_from(&named.mentors);
        }
        Event::MatchesRanked(ranked) => {
            scheme
                .mentee_mut(ranked.mentee)?
                .ranking
                .clone_from(&ranked.matches);
        }
        Event::ConflictDeclared(declared) => directory::conflict_declared(scheme, declared)?,
        Event::WaitingListJoined(joined) => {
            scheme.mentee_mut(joined.mentee)?.waiting_since = Some(on);
        }
        Event::WaitingListLeft(left) => scheme.mentee_mut(left.mentee)?.waiting_since = None,
        Event::SupportExplained(explained) => {
            let mentee = explained.mentee;
            let topics = explained.topics.iter().map(|topic| (*topic, recorded.id));
            scheme.mentee_mut(mentee)?.explained.extend(topics);
            scheme.may_be_taken_back(recorded, Matter::SupportExplained { mentee });
        }
        Event::SupportAgreed(agreed) => {
            scheme
                .mentee_mut(agreed.mentee)?
                .elements
                .clone_from(&agreed.elements);
        }
        Event::DfeInductionDayAnnounced(announced) => {
            scheme.induction_days.announced(announced);
        }
        Event::DfeInductionDayRequested(requested) => {
            scheme.mentee_mut(requested.mentee)?.induction_day = Place::Waiting(on);
            scheme.induction_days.queue(requested.mentee, on);
        }
        Event::DfeInductionDayPlaceGiven(given) => {
            directory::placed(scheme, given.mentee, given.day, Place::Given(given.day))?;
        }
        Event::DfeInductionDayGivenUp(given_up) => {
            scheme.mentee_mut(given_up.mentee)?.induction_day = Place::NotRequested;
            scheme.induction_days.leave(given_up.mentee, given_up.day);
        }
        Event::DfeInductionDayAttended(attended) => {
            let place = Place::Attended(attended.day);
            directory::placed(scheme, attended.mentee, attended.day, place)?;
        }
        Event::DfeInductionDayMissed(missed) => {
            scheme.mentee_mut(missed.mentee)?.induction_day = Place::Missed(missed.day);
        }

        Event::AppointmentNotified(notified) => appointment_notified(scheme, notified, on),
        Event::AppointmentAmended(amended) => {
            let appointment = scheme.appointment_mut(amended.appointment)?;
            appointment.told_on = appointment.told_on.max(on);
            if !appointment.told_under.contains(&amended.person) {
                appointment.told_under.push(amended.person);
            }
        }
        Event::PersonLinked(linked) => hand_over(scheme, linked.appointment, linked.person)?,
        Event::PersonUnlinked(unlinked) => {
            hand_over(scheme, unlinked.appointment, unlinked.person)?;
        }
        Event::EligibilityJudged(judged) => eligibility_judged(scheme, judged, on)?,
        // What holds an erasure is sealed; it is remembered among the particulars.
        Event::NoticesReceived(_) | Event::HoldPlaced(_) | Event::HoldLifted(_) => {}

        Event::PostConfirmed(confirmed) => scheme.post_confirmed(confirmed, on),
        Event::PostVacated(vacated) => scheme.post_vacated(vacated, on),

        Event::ContactMade(made) => taken_back::contact_made(scheme, made, recorded)?,
        Event::MentoringOffered(offered) => scheme.mentee_mut(offered.mentee)?.offer = Offer::Open,
        Event::MentoringAccepted(accepted) => {
            let person = accepted.mentee;
            let mentee = scheme.mentee_mut(person)?;
            mentee.offer = Offer::Accepted;
            // Accepting without a word about the elements takes back nothing that was agreed.
            if !accepted.elements.is_empty() {
                mentee.elements.clone_from(&accepted.elements);
            }
            scheme.may_be_taken_back(recorded, Matter::MentoringAccepted { mentee: person });
        }
        Event::MentoringDeclined(declined) => {
            let mentee = declined.mentee;
            scheme.mentee_mut(mentee)?.offer = Offer::Declined;
            scheme.may_be_taken_back(recorded, Matter::MentoringDeclined { mentee });
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
            let matter = Matter::MatchDeclined {
                of: declined.of,
                mentee: declined.mentee,
                mentor: declined.mentor,
            };
            scheme.may_be_taken_back(recorded, matter);
        }
        Event::MatchLapsed(lapsed) => close_match(scheme, lapsed.of, Progress::Lapsed)?,
        Event::MatchReleased(released) => close_match(scheme, released.of, Progress::Released)?,
        Event::MatchWithdrawn(withdrawn) => {
            close_match(scheme, withdrawn.of, Progress::Withdrawn)?;
        }

        Event::PairingFormed(formed) => pairing_formed(scheme, formed, on)?,
        Event::SessionHeld(held) => {
            told(scheme, recorded, held.pairing, held.counted_by, Word::Held)?;
        }
        Event::SessionsCounted(counted) => {
            let word = Word::Counted(counted.count);
            told(scheme, recorded, counted.pairing, counted.counted_by, word)?;
        }
        Event::MeetingsReached(reached) => {
            let word = Word::Reached(reached.count);
            told(scheme, recorded, reached.pairing, Side::Mentor, word)?;
        }
        Event::PairingBroken(broken) => pairing_broken(scheme, recorded, broken)?,
        Event::ReplacementJudged(judged) => replacement_judged(scheme, judged, on)?,
        Event::PairingConcluded(concluded) => {
            let early = concluded.early;
            let course = Course::Concluded { on, early };
            end_pairing(scheme, concluded.pairing, recorded, course)?;
        }

        Event::SessionNotHeld(not_held) => {
            let word = Word::NotHeld(not_held.outcome);
            told(
                scheme,
                recorded,
                not_held.pairing,
                not_held.counted_by,
                word,
            )?;
        }
        Event::RecordCorrected(put_right) => corrected(scheme, put_right, recorded.id)?,
        Event::RecordTakenBack(back) => taken_back::taken_back(scheme, back, recorded.id)?,
        Event::MeetingsAgreed(agreed) => meetings_agreed(scheme, agreed, on)?,
        Event::SessionArranged(arranged) => {
            let pairing = scheme.pairing_mut(arranged.pairing)?;
            pairing.session_arranged(arranged, recorded);
        }
        Event::SessionCalledOff(called_off) => session_called_off(scheme, called_off, recorded)?,
        Event::PairingPaused(paused) => {
            let pause = Pause {
                from: on,
                until: None,
            };
            scheme.pairing_mut(paused.pairing)?.pauses.push(pause);
        }
        Event::PairingResumed(resumed) => {
            end_pause(scheme.pairing_mut(resumed.pairing)?, on);
        }
        Event::PairingWithdrawn(withdrawn) => {
            end_pairing(
                scheme,
                withdrawn.pairing,
                recorded,
                Course::Withdrawn { on },
            )?;
        }
        Event::CheckInMade(made) => check_in_made(scheme, made, recorded)?,
        Event::DifficultyRaised(raised) => difficulty_raised(scheme, raised.pairing, recorded)?,
        Event::DifficultyResolved(resolved) => {
            let pairing = scheme.pairing_mut(resolved.pairing)?;
            close_difficulties(pairing, DifficultyOutcome::Resolved { on });
        }
        Event::MentorFeedbackGiven(given) => {
            let pairing = scheme.pairing_mut(given.pairing)?;
            pairing.feedback_given.push((given.mentor, on));
        }
        Event::OngoingSupportDiscussed(discussed) => {
            let pairing = scheme.pairing_mut(discussed.pairing)?;
            pairing.support_discussed.push((discussed.mentee, on));
        }
        Event::FoundationsAgreed(agreed) => {
            let laid = agreed
                .foundations
                .iter()
                .map(|foundation| (*foundation, on));
            let notes = &mut scheme.pairing_mut(agreed.pairing)?.own_notes;
            notes.foundations.extend(laid);
        }
        Event::ActivityNoted(noted) => {
            let done = (noted.activity, on);
            let pairing = scheme.pairing_mut(noted.pairing)?;
            pairing.own_notes.activities.push(done);
        }

        Event::EvaluationRequested(requested) => evaluation_requested(scheme, requested, recorded)?,
        Event::EvaluationReminded(reminded) => evaluation_reminded(scheme, reminded, recorded)?,
        Event::EvaluationWaived(waived) => evaluation_waived(scheme, waived, recorded)?,
        Event::EvaluationFiled(filed) => evaluation_filed(scheme, filed, on)?,

        Event::NeedsAnalysisBegun(begun) => scheme.needs.begin(begun, on),
        Event::NeedsAnalysisRevised(revised) => needs::revised(scheme, revised, on)?,
        Event::NeedsAnalysisShared(shared) => needs::shared(scheme, shared, on)?,
        Event::NeedsAnalysisUnshared(unshared) => needs::unshared(scheme, unshared)?,
        Event::NeedsAnalysisDestroyed(destroyed) => needs::destroyed(scheme, destroyed, on)?,
        Event::NeedsProfileWritten(written) => scheme.needs.write(written, on),
        Event::NeedsProfileCorrected(corrected) => needs::corrected(scheme, corrected, on)?,

        // What it was is sealed; it is remembered among the particulars.
        Event::ConfidentialRecorded(recorded) => {
            let of = recorded.act.subject();
            if !scheme.mentors.contains_key(&of) {
                scheme.mentee_mut(of)?;
            }
        }
        Event::DevelopmentAnnounced(announced) => scheme.development.announced(announced, on),
        Event::DevelopmentNewsSent(sent) => messages::news_sent(scheme, sent, recorded)?,
        Event::MessageSent(sent) => messages::message_sent(scheme, sent, recorded)?,

        Event::ErasureRequested(requested) => scheme.erasures.request(requested, recorded),
        Event::ErasureConfirmed(confirmed) => {
            scheme.erasures.confirm(confirmed.person, recorded)?;
        }
        Event::ErasureWithdrawn(withdrawn) => scheme.erasures.withdraw(withdrawn.person),
        Event::ErasureDecided(decided) => {
            scheme.erasures.decide(decided, recorded)?;
            directory::erased(scheme, &decided.people);
        }
        Event::ErasureCompleted(completed) => scheme.erasures.complete(completed, recorded)?,

        Event::MentorBroughtForward(brought) => mentor_brought_forward(scheme, brought, on),
        Event::PairingBroughtForward(brought) => pairing_brought_forward(scheme, brought)?,
        Event::YearBroughtForward(brought) => scheme.past_years.push(brought.figures.clone()),

        Event::PeriodPublished(published) => {
            scheme.published.note(published.period(), recorded.position);
        }

        Event::AccessGranted(granted) => scheme.access.granted(granted, on),
        Event::AccessRevoked(revoked) => scheme.access.revoked(revoked, on),
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
        presence: Presence::TakesPart,
        left_post: false,
        live_pairings: Vec::new(),
        matches: Vec::new(),
    });
    let mentor = Mentor {
        region: invited.region.clone(),
        employer_kind: invited.employer_kind,
        standing: invited.standing,
        // What is said of them now is said of the post they have now.
        left_post: false,
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
        told_under: vec![notified.person],
        source: notified.source,
        notified_on: on,
        told_on: on,
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
        portrait: if brought.complete {
            Portrait::Approved
        } else {
            Portrait::Registered { complete: false }
        },
        inducted_on: brought.inducted_on,
        capacity_stated: brought.capacity,
        presence: Presence::TakesPart,
        left_post: false,
        live_pairings: Vec::new(),
        matches: Vec::new(),
    };
    scheme.mentors.insert_mut(brought.mentor, mentor);
}

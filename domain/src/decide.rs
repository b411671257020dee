//! One door to the rules of every feature.

use crate::{
    Command, Context, Event, Particulars, Rejection, Scheme, access, adoption, appointment,
    arrangement, brought_forward, closing, confidence, consent, correction, development, erasure,
    evaluation, induction_day, matching, mentor, mentoring, needs, oversight, own_notes, pairing,
    period, posts, recruitment, work_list,
};

/// Judges `command` against the scheme as it stands.
///
/// An empty list means the wish already holds: that is how a retried command stays harmless.
pub fn decide(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &Command,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let events = judge(scheme, particulars, command, context)?;
    erasure::nothing_of_erased(scheme, &events)?;
    Ok(events)
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each command, so that none is forgotten"
)]
fn judge(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &Command,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    if context.happened_on > context.today {
        return Err(Rejection::HappenedInFuture {
            happened_on: context.happened_on,
            today: context.today,
        });
    }
    if let Command::OpenScheme(command) = command {
        return adoption::open_scheme(scheme, command);
    }
    scheme.opened()?;
    match command {
        Command::OpenScheme(command) => adoption::open_scheme(scheme, command),
        Command::AdoptPolicy(command) => adoption::adopt_policy(scheme, command, context),
        Command::AdoptRegister(command) => adoption::adopt_register(scheme, command),
        Command::AdoptCalendar(command) => adoption::adopt_calendar(scheme, command),

        Command::InviteMentor(command) => mentor::invite(scheme, particulars, command, context),
        Command::RegisterMentor(command) => mentor::register(scheme, particulars, command),
        Command::ApprovePenPortrait(command) => {
            mentor::approve_pen_portrait(scheme, particulars, command)
        }
        Command::RecordInduction(command) => mentor::record_induction(scheme, command),
        Command::StateCapacity(command) => mentor::state_capacity(scheme, command),

        Command::PauseMentor(command) => mentor::pause(scheme, command),
        Command::ResumeMentor(command) => mentor::resume(scheme, command),
        Command::ResignAsMentor(command) => mentor::resign(scheme, command),
        Command::RemoveMentor(command) => mentor::remove(scheme, command),
        Command::RecordMentorLeftPost(command) => {
            mentor::leave_post(scheme, particulars, command, context)
        }
        Command::OpenCampaign(command) => recruitment::open_campaign(scheme, command, context),
        Command::InviteToCampaign(command) => recruitment::invite_to_campaign(scheme, command),
        Command::CloseCampaign(command) => recruitment::close_campaign(scheme, command),
        Command::ScheduleMentorInductionSeminar(command) => {
            recruitment::schedule_seminar(scheme, command, context)
        }
        Command::RecordSeminarAttendance(command) => {
            recruitment::record_attendance(scheme, command, context)
        }

        Command::NotifyAppointment(command) => {
            appointment::notify(scheme, particulars, command, context)
        }
        Command::ConfirmFacts(command) => {
            appointment::confirm_facts(scheme, particulars, command, context)
        }
        Command::LinkPerson(command) => appointment::link_person(scheme, command),
        Command::UnlinkPerson(command) => appointment::unlink_person(scheme, command),
        Command::RecordNotices(command) => appointment::record_notices(scheme, command),

        Command::ConfirmPost(command) => posts::confirm(scheme, particulars, command, context),

        Command::RecordContact(command) => mentoring::record_contact(scheme, command, context),
        Command::OfferMentoring(command) => mentoring::offer_mentoring(scheme, command),
        Command::AcceptMentoring(command) => mentoring::accept_mentoring(scheme, command, context),
        Command::DeclineMentoring(command) => mentoring::decline_mentoring(scheme, command),
        Command::AgreeStart(command) => mentoring::agree_start(scheme, command, context),
        Command::RecordPreferences(command) => {
            mentoring::record_preferences(scheme, particulars, command)
        }

        Command::OfferMatches(command) => matching::offer(scheme, command, context),
        Command::AcceptMatch(command) => matching::accept(scheme, command, context),
        Command::DeclineMatch(command) => matching::decline(scheme, command, context),

        Command::NameMentors(command) => matching::name_mentors(scheme, command),
        Command::RankMatches(command) => matching::rank(scheme, command),
        Command::WithdrawMatch(command) => matching::withdraw(scheme, command),
        Command::DeclareConflict(command) => matching::declare_conflict(scheme, command),
        Command::PlaceOnWaitingList(command) => matching::wait(scheme, command),
        Command::TakeOffWaitingList(command) => matching::wait_no_longer(scheme, command),

        Command::AgreeElements(command) => mentoring::agree_elements(scheme, command),
        Command::AnnounceDfeInductionDay(command) => {
            induction_day::announce(scheme, command, context)
        }
        Command::RequestDfeInductionDay(command) => {
            induction_day::request(scheme, command, context)
        }
        Command::GiveUpDfeInductionDay(command) => induction_day::give_up(scheme, command, context),
        Command::RecordDfeInductionDay(command) => {
            induction_day::record_attendance(scheme, command, context)
        }

        Command::FormPairing(command) => pairing::form(scheme, command, context),
        Command::RecordSession(command) => pairing::record_session(scheme, command, context),
        Command::ReportSessionCount(command) => pairing::report_count(scheme, command),
        Command::ReportMeetingsReached(command) => {
            pairing::report_meetings_reached(scheme, command, context)
        }
        Command::BreakPairing(command) => pairing::break_pairing(scheme, command, context),
        Command::JudgeReplacement(command) => pairing::judge_replacement(scheme, command, context),
        Command::ConcludePairing(command) => pairing::conclude(scheme, command, context),

        Command::RecordSessionNotHeld(command) => {
            pairing::record_not_held(scheme, command, context)
        }
        Command::AgreeMeetings(command) => {
            pairing::agree_meetings(scheme, particulars, command, context)
        }
        Command::PausePairing(command) => pairing::pause(scheme, command, context),
        Command::ResumePairing(command) => pairing::resume(scheme, command, context),
        Command::WithdrawFromPairing(command) => pairing::withdraw(scheme, command, context),
        Command::RecordCheckIn(command) => oversight::record_check_in(scheme, command, context),
        Command::RaiseDifficulty(command) => oversight::raise_difficulty(scheme, command, context),
        Command::ResolveDifficulty(command) => {
            oversight::resolve_difficulty(scheme, command, context)
        }
        Command::GiveMentorFeedback(command) => {
            closing::give_mentor_feedback(scheme, command, context)
        }
        Command::DiscussOngoingSupport(command) => {
            closing::discuss_ongoing_support(scheme, command, context)
        }
        Command::AgreeFoundations(command) => {
            own_notes::agree_foundations(scheme, command, context)
        }
        Command::NoteActivity(command) => own_notes::note_activity(scheme, command, context),

        Command::CorrectRecord(command) => correction::correct(scheme, command, context),

        Command::ArrangeSession(command) => {
            arrangement::arrange(scheme, particulars, command, context)
        }
        Command::CallOffSession(command) => arrangement::call_off(scheme, command, context),

        Command::FileEvaluation(command) => evaluation::file(scheme, particulars, command),
        Command::RemindOfEvaluation(command) => evaluation::remind(scheme, command),
        Command::WaiveEvaluation(command) => evaluation::waive(scheme, command),

        Command::BeginNeedsAnalysis(command) => needs::begin(scheme, command, context),
        Command::ReviseNeedsAnalysis(command) => {
            needs::revise(scheme, particulars, command, context)
        }
        Command::ShareNeedsAnalysis(command) => needs::share(scheme, command, context),
        Command::UnshareNeedsAnalysis(command) => needs::unshare(scheme, command, context),
        Command::DestroyNeedsAnalysis(command) => needs::destroy(scheme, command, context),
        Command::WriteNeedsProfile(command) => {
            needs::write_profile(scheme, particulars, command, context)
        }
        Command::CorrectNeedsProfile(command) => {
            needs::correct_profile(scheme, particulars, command, context)
        }

        Command::ReferConcern(command) => confidence::refer(scheme, particulars, command, context),
        Command::AcknowledgeConcern(command) => {
            confidence::acknowledge(particulars, command, context)
        }
        Command::CloseConcern(command) => confidence::close(particulars, command, context),
        Command::AgreeThirdPerson(command) => {
            confidence::agree(scheme, particulars, command, context)
        }
        Command::AcceptConfidence(command) => confidence::accept(particulars, command, context),
        Command::EndThirdPerson(command) => confidence::end(scheme, particulars, command, context),
        Command::GiveConsent(command) => consent::give(scheme, particulars, command, context),
        Command::WithdrawConsent(command) => {
            consent::withdraw(scheme, particulars, command, context)
        }
        Command::StateCharacteristics(command) => {
            consent::state(scheme, particulars, command, context)
        }
        Command::AnnounceDevelopment(command) => development::announce(scheme, command, context),
        Command::SendDevelopmentNews(command) => {
            development::send_news(scheme, particulars, command, context)
        }
        Command::RecordMessageSent(command) => work_list::record_sent(scheme, command, context),

        Command::RequestErasure(command) => erasure::request(scheme, command, context),
        Command::ConfirmErasure(command) => erasure::confirm(scheme, particulars, command, context),
        Command::WithdrawErasure(command) => erasure::withdraw(scheme, command, context),
        Command::PlaceErasureHold(command) => erasure::place(scheme, particulars, command),
        Command::LiftErasureHold(command) => erasure::lift(scheme, particulars, command, context),

        Command::BringForwardMentor(command) => brought_forward::mentor(scheme, command, context),
        Command::BringForwardPairing(command) => {
            brought_forward::pairing(scheme, particulars, command, context)
        }
        Command::BringForwardYear(command) => brought_forward::year(scheme, command, context),

        Command::PublishPeriod(command) => period::publish(scheme, *command, context),

        Command::GrantAccess(command) => access::grant(scheme, particulars, command, context),
        Command::RevokeAccess(command) => Ok(access::revoke(scheme, command)),
    }
}

//! One door to the rules of every feature.

use crate::{
    Command, Context, Event, Particulars, Rejection, Scheme, adoption, appointment,
    brought_forward, evaluation, matching, mentor, mentoring, needs, pairing,
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

        Command::NotifyAppointment(command) => {
            appointment::notify(scheme, particulars, command, context)
        }
        Command::ConfirmFacts(command) => {
            appointment::confirm_facts(scheme, particulars, command, context)
        }
        Command::LinkPerson(command) => appointment::link_person(scheme, command),
        Command::UnlinkPerson(command) => appointment::unlink_person(scheme, command),
        Command::RecordNotices(command) => appointment::record_notices(scheme, command),

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

        Command::FormPairing(command) => pairing::form(scheme, command, context),
        Command::RecordSession(command) => pairing::record_session(scheme, command, context),
        Command::ReportSessionCount(command) => pairing::report_count(scheme, command),
        Command::ReportMeetingsReached(command) => {
            pairing::report_meetings_reached(scheme, command, context)
        }
        Command::BreakPairing(command) => pairing::break_pairing(scheme, command, context),
        Command::JudgeReplacement(command) => pairing::judge_replacement(scheme, command),
        Command::ConcludePairing(command) => pairing::conclude(scheme, command, context),

        Command::FileEvaluation(command) => evaluation::file(scheme, particulars, command),

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

        Command::BringForwardMentor(command) => brought_forward::mentor(scheme, command, context),
        Command::BringForwardPairing(command) => {
            brought_forward::pairing(scheme, particulars, command, context)
        }
        Command::BringForwardYear(command) => brought_forward::year(scheme, command, context),
    }
}

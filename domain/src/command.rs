//! The catalogue of everything that can be asked.
//!
//! A command is a value. It carries no time, no actor and no identifier of what it will make: those
//! come with the [`crate::Context`].

use crate::{
    access, adoption, appointment, arrangement, brought_forward, closing, confidence, consent,
    correction, development, erasure, evaluation, induction_day, matching, mentor, mentoring,
    needs, oversight, own_notes, pairing, period, posts, recruitment, work_list,
};

macro_rules! commands {
    ($($variant:ident($payload:ty) = $name:literal;)+) => {
        /// A wish that the rules will judge.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "the payloads carry the documentation")]
        pub enum Command {
            $($variant($payload),)+
        }

        $(impl From<$payload> for Command {
            fn from(value: $payload) -> Self {
                Self::$variant(value)
            }
        })+

        /// Which command it is, without what it says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the payloads carry the documentation")]
        pub enum CommandKind {
            $($variant,)+
        }

        impl CommandKind {
            /// Every kind, in the order of the catalogue: `kind as usize` is its place.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, as the API and the access matrix spell it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl Command {
            /// Every command's name, as the API and the access matrix spell it.
            pub const NAMES: &[&str] = &[$($name),+];

            /// Which command it is.
            #[must_use]
            pub const fn kind(&self) -> CommandKind {
                match self {
                    $(Self::$variant(_) => CommandKind::$variant,)+
                }
            }

            /// The command's name, as the API and the access matrix spell it.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                self.kind().name()
            }
        }
    };
}

commands! {
    OpenScheme(adoption::OpenScheme) = "openScheme";
    AdoptPolicy(adoption::AdoptPolicy) = "adoptPolicy";
    AdoptRegister(adoption::AdoptRegister) = "adoptRegister";
    AdoptCalendar(adoption::AdoptCalendar) = "adoptCalendar";

    InviteMentor(mentor::InviteMentor) = "inviteMentor";
    RegisterMentor(mentor::RegisterMentor) = "registerMentor";
    ApprovePenPortrait(mentor::ApprovePenPortrait) = "approvePenPortrait";
    RecordInduction(mentor::RecordInduction) = "recordInduction";
    StateCapacity(mentor::StateCapacity) = "stateCapacity";

    PauseMentor(mentor::PauseMentor) = "pauseMentor";
    ResumeMentor(mentor::ResumeMentor) = "resumeMentor";
    ResignAsMentor(mentor::ResignAsMentor) = "resignAsMentor";
    RemoveMentor(mentor::RemoveMentor) = "removeMentor";
    RecordMentorLeftPost(mentor::RecordMentorLeftPost) = "recordMentorLeftPost";
    OpenCampaign(recruitment::OpenCampaign) = "openCampaign";
    InviteToCampaign(recruitment::InviteToCampaign) = "inviteToCampaign";
    CloseCampaign(recruitment::CloseCampaign) = "closeCampaign";
    ScheduleMentorInductionSeminar(recruitment::ScheduleMentorInductionSeminar) = "scheduleMentorInductionSeminar";
    RecordSeminarAttendance(recruitment::RecordSeminarAttendance) = "recordSeminarAttendance";

    NotifyAppointment(appointment::NotifyAppointment) = "notifyAppointment";
    ConfirmFacts(appointment::ConfirmFacts) = "confirmFacts";
    LinkPerson(appointment::LinkPerson) = "linkPerson";
    UnlinkPerson(appointment::UnlinkPerson) = "unlinkPerson";
    RecordNotices(appointment::RecordNotices) = "recordNotices";

    ConfirmPost(posts::ConfirmPost) = "confirmPost";

    RecordContact(mentoring::RecordContact) = "recordContact";
    OfferMentoring(mentoring::OfferMentoring) = "offerMentoring";
    AcceptMentoring(mentoring::AcceptMentoring) = "acceptMentoring";
    DeclineMentoring(mentoring::DeclineMentoring) = "declineMentoring";
    AgreeStart(mentoring::AgreeStart) = "agreeStart";
    RecordPreferences(mentoring::RecordPreferences) = "recordPreferences";

    OfferMatches(matching::OfferMatches) = "offerMatches";
    AcceptMatch(matching::AcceptMatch) = "acceptMatch";
    DeclineMatch(matching::DeclineMatch) = "declineMatch";

    NameMentors(matching::NameMentors) = "nameMentors";
    RankMatches(matching::RankMatches) = "rankMatches";
    WithdrawMatch(matching::WithdrawMatch) = "withdrawMatch";
    DeclareConflict(matching::DeclareConflict) = "declareConflict";
    PlaceOnWaitingList(matching::PlaceOnWaitingList) = "placeOnWaitingList";
    TakeOffWaitingList(matching::TakeOffWaitingList) = "takeOffWaitingList";

    AgreeElements(mentoring::AgreeElements) = "agreeElements";
    AnnounceDfeInductionDay(induction_day::AnnounceDfeInductionDay) = "announceDfeInductionDay";
    RequestDfeInductionDay(induction_day::RequestDfeInductionDay) = "requestDfeInductionDay";
    GiveUpDfeInductionDay(induction_day::GiveUpDfeInductionDay) = "giveUpDfeInductionDay";
    RecordDfeInductionDay(induction_day::RecordDfeInductionDay) = "recordDfeInductionDay";

    FormPairing(pairing::FormPairing) = "formPairing";
    RecordSession(pairing::RecordSession) = "recordSession";
    ReportSessionCount(pairing::ReportSessionCount) = "reportSessionCount";
    ReportMeetingsReached(pairing::ReportMeetingsReached) = "reportMeetingsReached";
    BreakPairing(pairing::BreakPairing) = "breakPairing";
    JudgeReplacement(pairing::JudgeReplacement) = "judgeReplacement";
    ConcludePairing(pairing::ConcludePairing) = "concludePairing";

    RecordSessionNotHeld(pairing::RecordSessionNotHeld) = "recordSessionNotHeld";
    AgreeMeetings(pairing::AgreeMeetings) = "agreeMeetings";
    PausePairing(pairing::PausePairing) = "pausePairing";
    ResumePairing(pairing::ResumePairing) = "resumePairing";
    WithdrawFromPairing(pairing::WithdrawFromPairing) = "withdrawFromPairing";
    RecordCheckIn(oversight::RecordCheckIn) = "recordCheckIn";
    RaiseDifficulty(oversight::RaiseDifficulty) = "raiseDifficulty";
    ResolveDifficulty(oversight::ResolveDifficulty) = "resolveDifficulty";
    GiveMentorFeedback(closing::GiveMentorFeedback) = "giveMentorFeedback";
    DiscussOngoingSupport(closing::DiscussOngoingSupport) = "discussOngoingSupport";
    AgreeFoundations(own_notes::AgreeFoundations) = "agreeFoundations";
    NoteActivity(own_notes::NoteActivity) = "noteActivity";

    CorrectRecord(correction::CorrectRecord) = "correctRecord";

    ArrangeSession(arrangement::ArrangeSession) = "arrangeSession";
    CallOffSession(arrangement::CallOffSession) = "callOffSession";

    FileEvaluation(evaluation::FileEvaluation) = "fileEvaluation";
    RemindOfEvaluation(evaluation::RemindOfEvaluation) = "remindOfEvaluation";
    WaiveEvaluation(evaluation::WaiveEvaluation) = "waiveEvaluation";

    BeginNeedsAnalysis(needs::BeginNeedsAnalysis) = "beginNeedsAnalysis";
    ReviseNeedsAnalysis(needs::ReviseNeedsAnalysis) = "reviseNeedsAnalysis";
    ShareNeedsAnalysis(needs::ShareNeedsAnalysis) = "shareNeedsAnalysis";
    UnshareNeedsAnalysis(needs::UnshareNeedsAnalysis) = "unshareNeedsAnalysis";
    DestroyNeedsAnalysis(needs::DestroyNeedsAnalysis) = "destroyNeedsAnalysis";
    WriteNeedsProfile(needs::WriteNeedsProfile) = "writeNeedsProfile";
    CorrectNeedsProfile(needs::CorrectNeedsProfile) = "correctNeedsProfile";

    ReferConcern(confidence::ReferConcern) = "referConcern";
    AcknowledgeConcern(confidence::AcknowledgeConcern) = "acknowledgeConcern";
    CloseConcern(confidence::CloseConcern) = "closeConcern";
    AgreeThirdPerson(confidence::AgreeThirdPerson) = "agreeThirdPerson";
    AcceptConfidence(confidence::AcceptConfidence) = "acceptConfidence";
    EndThirdPerson(confidence::EndThirdPerson) = "endThirdPerson";
    GiveConsent(consent::GiveConsent) = "giveConsent";
    WithdrawConsent(consent::WithdrawConsent) = "withdrawConsent";
    StateCharacteristics(consent::StateCharacteristics) = "stateCharacteristics";
    AnnounceDevelopment(development::AnnounceDevelopment) = "announceDevelopment";
    SendDevelopmentNews(development::SendDevelopmentNews) = "sendDevelopmentNews";
    RecordMessageSent(work_list::RecordMessageSent) = "recordMessageSent";

    RequestErasure(erasure::RequestErasure) = "requestErasure";
    ConfirmErasure(erasure::ConfirmErasure) = "confirmErasure";
    WithdrawErasure(erasure::WithdrawErasure) = "withdrawErasure";
    PlaceErasureHold(erasure::PlaceErasureHold) = "placeErasureHold";
    LiftErasureHold(erasure::LiftErasureHold) = "liftErasureHold";

    BringForwardMentor(brought_forward::BringForwardMentor) = "bringForwardMentor";
    BringForwardPairing(brought_forward::BringForwardPairing) = "bringForwardPairing";
    BringForwardYear(brought_forward::BringForwardYear) = "bringForwardYear";

    PublishPeriod(period::PublishPeriod) = "publishPeriod";

    GrantAccess(access::GrantAccess) = "grantAccess";
    RevokeAccess(access::RevokeAccess) = "revokeAccess";
}

impl CommandKind {
    /// The place in [`Self::ALL`] of the command of this name; past the end where there is none, so that indexing with
    /// it in a constant does not compile.
    #[must_use]
    pub const fn place_of(name: &str) -> usize {
        let mut place = 0;
        while place < Self::ALL.len() {
            if is_same(Self::ALL[place].name().as_bytes(), name.as_bytes()) {
                return place;
            }
            place += 1;
        }
        place
    }
}

/// `==` of slices is not to be had in a constant.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

impl Command {
    /// Whether what came of it, kept anywhere but under a seal, must not tell what was asked.
    #[must_use]
    pub const fn is_confidential(&self) -> bool {
        matches!(
            self,
            Self::ReferConcern(_)
                | Self::AcknowledgeConcern(_)
                | Self::CloseConcern(_)
                | Self::AgreeThirdPerson(_)
                | Self::AcceptConfidence(_)
                | Self::EndThirdPerson(_)
                | Self::GiveConsent(_)
                | Self::WithdrawConsent(_)
                | Self::StateCharacteristics(_)
                // Why one was refused can be that a concern is open.
                | Self::PlaceErasureHold(_)
                | Self::LiftErasureHold(_)
        )
    }
}

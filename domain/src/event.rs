//! The catalogue of everything that can have happened.
//!
//! Names and payloads are recorded for ever. To change one, raise its version, keep the old schema and
//! add a step that lifts the old payload; a version that has shipped is never edited. The `///` comments
//! on payloads are published with the schemas: write them for the people who read those.

use crate::{
    access, adoption, appointment, arrangement, brought_forward, closing, confidence, correction,
    development, erasure, evaluation, induction_day, matching, mentor, mentoring, needs, oversight,
    own_notes, pairing, period, posts, recruitment, work_list,
};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

/// What every payload can tell of itself.
pub trait Payload {
    /// Opaque identifiers of what it concerns; never a person together with an employer.
    fn subjects(&self) -> Vec<Uuid>;

    /// The thing under whose own key its sealed values stand, where they do not stand under their person's: destroying
    /// that key forgets the thing and nothing else of the person.
    fn sealed_for(&self) -> Option<Uuid> {
        None
    }

    /// Whether its envelope is bare: the day of the matter, the word, the channel and the role would say what it is, so
    /// they stand in its sealed value, which is filled up so that its length does not say it either.
    fn is_bare(&self) -> bool {
        false
    }
}

/// Why a stored payload could not be understood.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// No such event is known to this version of the program.
    #[error("unknown event type `{0}`")]
    UnknownKind(String),
    /// The payload does not have the shape its type and version promise.
    #[error("payload of `{kind}` does not have its shape")]
    Payload {
        /// The event type.
        kind: String,
        /// What was wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

macro_rules! events {
    ($($variant:ident($payload:ty) = $kind:literal, $version:literal;)+) => {
        /// Something that happened in a scheme.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "the payloads carry the documentation, which is published with the schemas")]
        pub enum Event {
            $($variant($payload),)+
        }

        impl Event {
            /// Every event type with the payload version written today.
            pub const KINDS: &[(&str, u16)] = &[$(($kind, $version)),+];

            /// The stable dotted name, independent of the name in this program.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $kind,)+
                }
            }

            /// The payload version written today.
            #[must_use]
            pub const fn version(&self) -> u16 {
                match self {
                    $(Self::$variant(_) => $version,)+
                }
            }

            /// The payload as JSON, with every sealed value standing under its marker.
            pub fn data(&self) -> Result<Value, serde_json::Error> {
                match self {
                    $(Self::$variant(payload) => serde_json::to_value(payload),)+
                }
            }

            /// Opaque identifiers of what the event concerns.
            #[must_use]
            pub fn subjects(&self) -> Vec<Uuid> {
                match self {
                    $(Self::$variant(payload) => payload.subjects(),)+
                }
            }

            /// The thing under whose own key its sealed values stand; absent where that is their person's.
            #[must_use]
            pub fn sealed_for(&self) -> Option<Uuid> {
                match self {
                    $(Self::$variant(payload) => payload.sealed_for(),)+
                }
            }

            /// Whether its envelope is bare: see [`Payload::is_bare`].
            #[must_use]
            pub fn is_bare(&self) -> bool {
                match self {
                    $(Self::$variant(payload) => payload.is_bare(),)+
                }
            }

            /// Understands a stored payload of today's version.
            pub fn decode(kind: &str, data: Value) -> Result<Self, DecodeError> {
                match kind {
                    $($kind => serde_json::from_value(data).map(Self::$variant).map_err(|source| {
                        DecodeError::Payload { kind: kind.to_owned(), source }
                    }),)+
                    _ => Err(DecodeError::UnknownKind(kind.to_owned())),
                }
            }

            /// The JSON Schema (2020-12) of every payload: type, version, schema.
            #[must_use]
            pub fn schemas() -> Vec<(&'static str, u16, Schema)> {
                vec![$(($kind, $version, generator().into_root_schema_for::<$payload>())),+]
            }
        }
    };
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

events! {
    SchemeOpened(adoption::SchemeOpened) = "scheme.opened", 1;
    PolicyAdopted(adoption::PolicyAdopted) = "policy.adopted", 1;
    RegisterAdopted(adoption::RegisterAdopted) = "register.adopted", 1;
    CalendarAdopted(adoption::CalendarAdopted) = "calendar.adopted", 1;

    MentorInvited(mentor::MentorInvited) = "mentor.invited", 1;
    MentorRegistered(mentor::MentorRegistered) = "mentor.registered", 1;
    PenPortraitApproved(mentor::PenPortraitApproved) = "pen-portrait.approved", 1;
    MentorInducted(mentor::MentorInducted) = "mentor.inducted", 1;
    CapacityStated(mentor::CapacityStated) = "capacity.stated", 1;

    MentorPaused(mentor::MentorPaused) = "mentor.paused", 1;
    MentorResumed(mentor::MentorResumed) = "mentor.resumed", 1;
    MentorResigned(mentor::MentorResigned) = "mentor.resigned", 1;
    MentorRemoved(mentor::MentorRemoved) = "mentor.removed", 1;
    MentorLeftPost(mentor::MentorLeftPost) = "mentor.left-post", 1;
    CampaignOpened(recruitment::CampaignOpened) = "campaign.opened", 1;
    CampaignInvited(recruitment::CampaignInvited) = "campaign.invited", 1;
    CampaignClosed(recruitment::CampaignClosed) = "campaign.closed", 1;
    MentorInductionSeminarScheduled(recruitment::MentorInductionSeminarScheduled) = "mentor-induction-seminar.scheduled", 1;
    MentorInductionSeminarHeld(recruitment::MentorInductionSeminarHeld) = "mentor-induction-seminar.held", 1;

    AppointmentNotified(appointment::AppointmentNotified) = "appointment.notified", 1;
    AppointmentAmended(appointment::AppointmentAmended) = "appointment.amended", 1;
    PersonLinked(appointment::PersonLinked) = "person.linked", 1;
    PersonUnlinked(appointment::PersonUnlinked) = "person.unlinked", 1;
    EligibilityJudged(appointment::EligibilityJudged) = "eligibility.judged", 1;
    NoticesReceived(appointment::NoticesReceived) = "notices.received", 1;

    PostConfirmed(posts::PostConfirmed) = "post.confirmed", 1;
    PostVacated(posts::PostVacated) = "post.vacated", 1;

    ContactMade(mentoring::ContactMade) = "contact.made", 1;
    MentoringOffered(mentoring::MentoringOffered) = "mentoring.offered", 1;
    MentoringAccepted(mentoring::MentoringAccepted) = "mentoring.accepted", 1;
    MentoringDeclined(mentoring::MentoringDeclined) = "mentoring.declined", 1;
    StartAgreed(mentoring::StartAgreed) = "start.agreed", 1;
    PreferencesRecorded(mentoring::PreferencesRecorded) = "preferences.recorded", 1;

    MatchOffered(matching::MatchOffered) = "match.offered", 1;
    MatchAccepted(matching::MatchAccepted) = "match.accepted", 1;
    MatchDeclined(matching::MatchDeclined) = "match.declined", 1;
    MatchLapsed(matching::MatchLapsed) = "match.lapsed", 1;
    MatchReleased(matching::MatchReleased) = "match.released", 1;

    MatchWithdrawn(matching::MatchWithdrawn) = "match.withdrawn", 1;
    MentorsNamed(matching::MentorsNamed) = "mentors.named", 1;
    MatchesRanked(matching::MatchesRanked) = "matches.ranked", 1;
    ConflictDeclared(matching::ConflictDeclared) = "conflict.declared", 1;
    WaitingListJoined(matching::WaitingListJoined) = "waiting-list.joined", 1;
    WaitingListLeft(matching::WaitingListLeft) = "waiting-list.left", 1;

    SupportExplained(mentoring::SupportExplained) = "support.explained", 1;
    SupportAgreed(mentoring::SupportAgreed) = "support.agreed", 1;
    DfeInductionDayAnnounced(induction_day::DfeInductionDayAnnounced) = "dfe-induction-day.announced", 1;
    DfeInductionDayRequested(induction_day::DfeInductionDayRequested) = "dfe-induction-day.requested", 1;
    DfeInductionDayPlaceGiven(induction_day::DfeInductionDayPlaceGiven) = "dfe-induction-day.place-given", 1;
    DfeInductionDayGivenUp(induction_day::DfeInductionDayGivenUp) = "dfe-induction-day.given-up", 1;
    DfeInductionDayAttended(induction_day::DfeInductionDayAttended) = "dfe-induction-day.attended", 1;
    DfeInductionDayMissed(induction_day::DfeInductionDayMissed) = "dfe-induction-day.missed", 1;

    PairingFormed(pairing::PairingFormed) = "pairing.formed", 1;
    SessionHeld(pairing::SessionHeld) = "session.held", 1;
    SessionsCounted(pairing::SessionsCounted) = "sessions.counted", 1;
    MeetingsReached(pairing::MeetingsReached) = "meetings.reached", 1;
    PairingBroken(pairing::PairingBroken) = "pairing.broken", 1;
    ReplacementJudged(pairing::ReplacementJudged) = "replacement.judged", 2;
    PairingConcluded(pairing::PairingConcluded) = "pairing.concluded", 2;

    SessionNotHeld(pairing::SessionNotHeld) = "session.not-held", 1;
    MeetingsAgreed(pairing::MeetingsAgreed) = "meetings.agreed", 1;
    PairingPaused(pairing::PairingPaused) = "pairing.paused", 1;
    PairingResumed(pairing::PairingResumed) = "pairing.resumed", 1;
    PairingWithdrawn(pairing::PairingWithdrawn) = "pairing.withdrawn", 1;
    CheckInMade(oversight::CheckInMade) = "check-in.made", 1;
    DifficultyRaised(oversight::DifficultyRaised) = "difficulty.raised", 1;
    DifficultyResolved(oversight::DifficultyResolved) = "difficulty.resolved", 1;
    MentorFeedbackGiven(closing::MentorFeedbackGiven) = "mentor-feedback.given", 1;
    OngoingSupportDiscussed(closing::OngoingSupportDiscussed) = "ongoing-support.discussed", 1;
    FoundationsAgreed(own_notes::FoundationsAgreed) = "foundations.agreed", 1;
    ActivityNoted(own_notes::ActivityNoted) = "activity.noted", 1;

    RecordCorrected(correction::RecordCorrected) = "record.corrected", 1;
    RecordTakenBack(correction::RecordTakenBack) = "record.taken-back", 1;

    SessionArranged(arrangement::SessionArranged) = "session.arranged", 1;
    SessionCalledOff(arrangement::SessionCalledOff) = "session.called-off", 1;

    EvaluationRequested(evaluation::EvaluationRequested) = "evaluation.requested", 1;
    EvaluationReminded(evaluation::EvaluationReminded) = "evaluation.reminded", 1;
    EvaluationWaived(evaluation::EvaluationWaived) = "evaluation.waived", 1;
    EvaluationFiled(evaluation::EvaluationFiled) = "evaluation.filed", 1;

    NeedsAnalysisBegun(needs::NeedsAnalysisBegun) = "needs-analysis.begun", 1;
    NeedsAnalysisRevised(needs::NeedsAnalysisRevised) = "needs-analysis.revised", 1;
    NeedsAnalysisShared(needs::NeedsAnalysisShared) = "needs-analysis.shared", 1;
    NeedsAnalysisUnshared(needs::NeedsAnalysisUnshared) = "needs-analysis.unshared", 1;
    NeedsAnalysisDestroyed(needs::NeedsAnalysisDestroyed) = "needs-analysis.destroyed", 1;
    NeedsProfileWritten(needs::NeedsProfileWritten) = "needs-profile.written", 1;
    NeedsProfileCorrected(needs::NeedsProfileCorrected) = "needs-profile.corrected", 1;

    ConfidentialRecorded(confidence::ConfidentialRecorded) = "confidential.recorded", 1;
    DevelopmentAnnounced(development::DevelopmentAnnounced) = "development.announced", 1;
    DevelopmentNewsSent(development::DevelopmentNewsSent) = "development-news.sent", 1;
    MessageSent(work_list::MessageSent) = "message.sent", 1;

    ErasureRequested(erasure::ErasureRequested) = "erasure.requested", 1;
    ErasureConfirmed(erasure::ErasureConfirmed) = "erasure.confirmed", 1;
    ErasureWithdrawn(erasure::ErasureWithdrawn) = "erasure.withdrawn", 1;
    ErasureDecided(erasure::ErasureDecided) = "erasure.decided", 1;
    ErasureCompleted(erasure::ErasureCompleted) = "erasure.completed", 1;
    HoldPlaced(erasure::HoldPlaced) = "hold.placed", 1;
    HoldLifted(erasure::HoldLifted) = "hold.lifted", 1;

    MentorBroughtForward(brought_forward::MentorBroughtForward) = "mentor.brought-forward", 2;
    PairingBroughtForward(brought_forward::PairingBroughtForward) = "pairing.brought-forward", 1;
    YearBroughtForward(brought_forward::YearBroughtForward) = "year.brought-forward", 1;

    PeriodPublished(period::PeriodPublished) = "period.published", 1;

    AccessGranted(access::AccessGranted) = "access.granted", 1;
    AccessRevoked(access::AccessRevoked) = "access.revoked", 1;
}

#[cfg(test)]
mod tests;

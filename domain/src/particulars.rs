//! The personal values a scheme has opened: what is needed to judge a command and to serve the entitled.
//!
//! It is folded beside the scheme and never feeds it. A person whose key was destroyed is simply not in
//! it. This is the one place in memory where names, employers and days of post stand.

mod forgetting;
mod learning;
mod numbers;
mod persons;

use crate::{
    Event, Recorded,
    access::{Role, Standing},
    appointment::AppointmentFacts,
    arrangement::ArrangedMeeting,
    confidence::Confidences,
    erasure::Holds,
    evaluation::Evaluation,
    identifiers::{
        AppointmentId, ArrangedSessionId, HoldingId, NeedsAnalysisId, NeedsProfileId, PairingId,
        PersonId,
    },
    mentor::{LeavingPost, MentorProfile, PenPortrait, PersonDetails},
    mentoring::Preferences,
    needs::{Correction, Opened, OpenedProfile},
    pairing::MeetingPlaces,
    posts::PostFacts,
};
pub(crate) use forgetting::remove_where;
use numbers::{Meant, PersonnelKey};
pub use persons::{KeyOf, Known};
use rpds::HashTrieMapSync;
use uuid::Uuid;

/// What is known of an appointment, and under whose key it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    of: PersonId,
    facts: AppointmentFacts,
}

/// Which post somebody holds, and under whose key it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ToldOfPost {
    of: PersonId,
    facts: PostFacts,
}

/// When and where a session was arranged for, and under whose key that stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ToldOfMeeting {
    of: PersonId,
    meeting: ArrangedMeeting,
}

/// Opened personal values. Cheap to clone: what did not change is shared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Particulars {
    details: HashTrieMapSync<PersonId, PersonDetails>,
    facts: HashTrieMapSync<AppointmentId, Told>,
    by_number: HashTrieMapSync<PersonnelKey, Meant>,
    profiles: HashTrieMapSync<PersonId, MentorProfile>,
    leavings: HashTrieMapSync<PersonId, LeavingPost>,
    portraits: HashTrieMapSync<PersonId, PenPortrait>,
    preferences: HashTrieMapSync<PersonId, Preferences>,
    evaluations: HashTrieMapSync<(PairingId, PersonId), Evaluation>,
    meeting_places: HashTrieMapSync<(PairingId, PersonId), MeetingPlaces>,
    arranged: HashTrieMapSync<ArrangedSessionId, ToldOfMeeting>,
    analyses: HashTrieMapSync<NeedsAnalysisId, Opened>,
    needs_profiles: HashTrieMapSync<NeedsProfileId, OpenedProfile>,
    confidences: Confidences,
    posts: HashTrieMapSync<HoldingId, ToldOfPost>,
    brought_forward: HashTrieMapSync<PairingId, Told>,
    /// Which person or employer those are who were let in, and under whose key that stands in the log.
    standings: HashTrieMapSync<(Uuid, Role), (PersonId, Standing)>,
    erasure_holds: HashTrieMapSync<PersonId, Holds>,
}

impl Particulars {
    /// How a person is called and reached.
    #[must_use]
    pub fn details(&self, person: PersonId) -> Option<&PersonDetails> {
        self.details.get(&person)
    }

    /// What is known of an appointment.
    #[must_use]
    pub fn facts(&self, appointment: AppointmentId) -> Option<&AppointmentFacts> {
        self.facts.get(&appointment).map(|told| &told.facts)
    }

    /// Which post a holder holds or held.
    #[must_use]
    pub fn post_facts(&self, holding: HoldingId) -> Option<&PostFacts> {
        self.posts.get(&holding).map(|told| &told.facts)
    }

    /// What was known of the mentee's appointment when a pairing was brought forward.
    #[must_use]
    pub fn facts_brought_forward(&self, pairing: PairingId) -> Option<&AppointmentFacts> {
        self.brought_forward.get(&pairing).map(|told| &told.facts)
    }

    /// A mentor's employer and experience.
    #[must_use]
    pub fn mentor_profile(&self, mentor: PersonId) -> Option<&MentorProfile> {
        self.profiles.get(&mentor)
    }

    /// When a mentor left the post they were last invited with, where they did.
    #[must_use]
    pub fn leaving(&self, mentor: PersonId) -> Option<&LeavingPost> {
        self.leavings.get(&mentor)
    }

    /// A mentor's pen portrait, as last registered.
    #[must_use]
    pub fn portrait(&self, mentor: PersonId) -> Option<&PenPortrait> {
        self.portraits.get(&mentor)
    }

    /// A mentee's preferences, as last recorded.
    #[must_use]
    pub fn preferences(&self, mentee: PersonId) -> Option<&Preferences> {
        self.preferences.get(&mentee)
    }

    /// The report a person filed on a pairing.
    #[must_use]
    pub fn evaluation(&self, pairing: PairingId, person: PersonId) -> Option<&Evaluation> {
        self.evaluations.get(&(pairing, person))
    }

    /// When and where a pair meets, as `person` last told it.
    #[must_use]
    pub fn meeting_places(&self, pairing: PairingId, person: PersonId) -> Option<&MeetingPlaces> {
        self.meeting_places.get(&(pairing, person))
    }

    /// When and where an arranged session is to be, as last told.
    #[must_use]
    pub fn arranged_meeting(&self, session: ArrangedSessionId) -> Option<&ArrangedMeeting> {
        self.arranged.get(&session).map(|told| &told.meeting)
    }

    /// A mentee's analysis of their needs, with every version; nothing once it was destroyed.
    #[must_use]
    pub fn needs_analysis(&self, analysis: NeedsAnalysisId) -> Option<&Opened> {
        self.analyses.get(&analysis)
    }

    /// A profile of a mentee's needs, with their corrections.
    #[must_use]
    pub fn needs_profile(&self, profile: NeedsProfileId) -> Option<&OpenedProfile> {
        self.needs_profiles.get(&profile)
    }

    /// Concerns and third persons.
    #[must_use]
    pub const fn confidences(&self) -> &Confidences {
        &self.confidences
    }

    /// Which person or employer a holder is in a role in which they were let in; nothing once that person was forgotten.
    #[must_use]
    pub fn standing(&self, holder: Uuid, role: Role) -> Option<&Standing> {
        let known = self.standings.get(&(holder, role))?;
        Some(&known.1)
    }

    /// What was last recorded to hold somebody's erasure. A concern opened since is not in it:
    /// [`crate::erasure::holds_on`] has it too.
    #[must_use]
    pub fn erasure_holds(&self, person: PersonId) -> Holds {
        self.erasure_holds.get(&person).copied().unwrap_or_default()
    }

    /// Takes in what an event says in its sealed values, as far as they could be opened.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each event, so that none is forgotten"
    )]
    pub fn learn(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::MentorInvited(invited) => {
                self.learn_profile(invited.mentor, invited.profile.open());
            }
            Event::MentorLeftPost(left) => {
                if let Some(leaving) = left.leaving.open() {
                    self.leavings.insert_mut(left.mentor, *leaving);
                }
            }
            Event::MentorRegistered(registered) => {
                self.learn_portrait(registered.mentor, registered.portrait.open());
            }
            Event::AppointmentNotified(notified) => {
                self.learn_details(
                    notified.person,
                    notified.details.open().map(|details| &details.0),
                );
                self.learn_facts(notified.appointment, notified.person, &notified.facts);
            }
            Event::AppointmentAmended(amended) => {
                self.learn_details(
                    amended.person,
                    amended.details.open().map(|details| &details.0),
                );
                self.learn_facts(amended.appointment, amended.person, &amended.facts);
            }
            Event::PersonLinked(linked) => self.hand_over(linked.appointment, linked.person),
            Event::PersonUnlinked(unlinked) => {
                self.hand_over(unlinked.appointment, unlinked.person);
            }
            Event::PreferencesRecorded(recorded) => {
                if let Some(preferences) = recorded.preferences.open() {
                    self.preferences
                        .insert_mut(recorded.mentee, preferences.clone());
                }
            }
            Event::EvaluationFiled(filed) => {
                if let Some(report) = filed.report.open() {
                    self.evaluations
                        .insert_mut((filed.pairing, filed.person), report.clone());
                }
            }
            Event::MeetingsAgreed(agreed) => {
                if let Some(places) = agreed.places.open() {
                    self.meeting_places
                        .insert_mut((agreed.pairing, agreed.person), places.clone());
                }
            }
            Event::SessionArranged(arranged) => self.learn_arranged(arranged),
            Event::NeedsAnalysisRevised(revised) => self.learn_revision(recorded, revised),
            Event::NeedsAnalysisDestroyed(destroyed) => {
                self.analyses.remove_mut(&destroyed.analysis);
            }
            Event::NeedsProfileWritten(written) => {
                if let Some(profile) = written.profile.open() {
                    let opened = OpenedProfile {
                        mentee: written.mentee,
                        profile: profile.clone(),
                        corrections: Vec::new(),
                    };
                    self.needs_profiles
                        .insert_mut(written.needs_profile, opened);
                }
            }
            Event::NeedsProfileCorrected(corrected) => {
                let opened = self.needs_profiles.get_mut(&corrected.needs_profile);
                if let (Some(opened), Some(said)) = (opened, corrected.correction.open()) {
                    opened.corrections.push(Correction {
                        on: recorded.happened_on,
                        words: said.words.clone(),
                    });
                }
            }
            Event::ConfidentialRecorded(confidential) => {
                self.confidences.learn(recorded, confidential);
            }
            Event::MentorBroughtForward(brought) => {
                self.learn_profile(brought.mentor, brought.profile.open());
                self.learn_portrait(brought.mentor, brought.portrait.open());
            }
            Event::PairingBroughtForward(brought) => {
                self.learn_details(
                    brought.mentee,
                    brought.details.open().map(|details| &details.0),
                );
                if let Some(facts) = brought.facts.open() {
                    let told = Told {
                        of: brought.facts.subject(),
                        facts: facts.clone(),
                    };
                    self.learn_number(brought.mentee, &told, None);
                    self.brought_forward.insert_mut(brought.pairing, told);
                }
            }
            Event::PostConfirmed(confirmed) => {
                self.learn_details(
                    confirmed.person,
                    confirmed.details.open().map(|details| &details.0),
                );
                self.learn_post(confirmed.holding, &confirmed.facts);
            }
            Event::PostVacated(vacated) => self.learn_post(vacated.holding, &vacated.facts),
            Event::ErasureConfirmed(confirmed) => self.learn_holds(&confirmed.holds),
            Event::HoldPlaced(placed) => self.learn_holds(&placed.holds),
            Event::HoldLifted(lifted) => self.learn_holds(&lifted.holds),
            Event::ErasureDecided(decided) => self.forget(&decided.people),
            Event::ErasureRequested(_)
            | Event::ErasureWithdrawn(_)
            | Event::ErasureCompleted(_)
            | Event::SchemeOpened(_)
            | Event::PolicyAdopted(_)
            | Event::RegisterAdopted(_)
            | Event::CalendarAdopted(_)
            | Event::PenPortraitApproved(_)
            | Event::MentorInducted(_)
            | Event::CapacityStated(_)
            | Event::MentorPaused(_)
            | Event::MentorResumed(_)
            | Event::MentorResigned(_)
            | Event::MentorRemoved(_)
            | Event::CampaignOpened(_)
            | Event::CampaignInvited(_)
            | Event::CampaignClosed(_)
            | Event::MentorInductionSeminarScheduled(_)
            | Event::MentorInductionSeminarHeld(_)
            | Event::MatchWithdrawn(_)
            | Event::MentorsNamed(_)
            | Event::MatchesRanked(_)
            | Event::ConflictDeclared(_)
            | Event::WaitingListJoined(_)
            | Event::WaitingListLeft(_)
            | Event::SupportExplained(_)
            | Event::SupportAgreed(_)
            | Event::DfeInductionDayAnnounced(_)
            | Event::DfeInductionDayRequested(_)
            | Event::DfeInductionDayPlaceGiven(_)
            | Event::DfeInductionDayGivenUp(_)
            | Event::DfeInductionDayAttended(_)
            | Event::DfeInductionDayMissed(_)
            | Event::EligibilityJudged(_)
            | Event::NoticesReceived(_)
            | Event::ContactMade(_)
            | Event::MentoringOffered(_)
            | Event::MentoringAccepted(_)
            | Event::MentoringDeclined(_)
            | Event::StartAgreed(_)
            | Event::MatchOffered(_)
            | Event::MatchAccepted(_)
            | Event::MatchDeclined(_)
            | Event::MatchLapsed(_)
            | Event::MatchReleased(_)
            | Event::PairingFormed(_)
            | Event::SessionHeld(_)
            | Event::SessionsCounted(_)
            | Event::MeetingsReached(_)
            | Event::PairingBroken(_)
            | Event::ReplacementJudged(_)
            | Event::PairingConcluded(_)
            | Event::SessionNotHeld(_)
            | Event::RecordCorrected(_)
            | Event::RecordTakenBack(_)
            | Event::SessionCalledOff(_)
            | Event::PairingPaused(_)
            | Event::PairingResumed(_)
            | Event::PairingWithdrawn(_)
            | Event::CheckInMade(_)
            | Event::DifficultyRaised(_)
            | Event::DifficultyResolved(_)
            | Event::MentorFeedbackGiven(_)
            | Event::OngoingSupportDiscussed(_)
            | Event::FoundationsAgreed(_)
            | Event::ActivityNoted(_)
            | Event::EvaluationRequested(_)
            | Event::EvaluationReminded(_)
            | Event::EvaluationWaived(_)
            | Event::NeedsAnalysisBegun(_)
            | Event::NeedsAnalysisShared(_)
            | Event::NeedsAnalysisUnshared(_)
            | Event::DevelopmentAnnounced(_)
            | Event::DevelopmentNewsSent(_)
            | Event::MessageSent(_)
            | Event::YearBroughtForward(_)
            | Event::PeriodPublished(_) => {}

            Event::AccessGranted(granted) => self.learn_standing(granted),
            Event::AccessRevoked(revoked) => {
                self.standings.remove_mut(&(revoked.holder, revoked.role));
            }
        }
    }
}

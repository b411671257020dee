//! How each kind of personal value is taken in, as far as it could be opened.

use super::{Particulars, Told, ToldOfMeeting, ToldOfPost};
use crate::{
    Recorded,
    access::AccessGranted,
    appointment::AppointmentFacts,
    arrangement::SessionArranged,
    erasure::Holds,
    identifiers::{AppointmentId, HoldingId, PersonId},
    mentor::{MentorProfile, PenPortrait, PersonDetails},
    needs::{NeedsAnalysisRevised, Opened, Version},
    posts::PostFacts,
    sealed::Sealed,
};
use rpds::VectorSync;

impl Particulars {
    pub(super) fn learn_standing(&mut self, granted: &AccessGranted) {
        let key = (granted.holder, granted.role);
        match granted.standing.open() {
            Some(standing) => {
                let known = (granted.standing.subject(), standing.clone());
                self.standings.insert_mut(key, known);
            }
            // What was said of them before holds no longer.
            None => drop(self.standings.remove_mut(&key)),
        }
    }

    /// What was told before holds no more, also where what takes its place cannot be opened.
    pub(super) fn learn_arranged(&mut self, arranged: &SessionArranged) {
        match arranged.meeting.open() {
            Some(meeting) => {
                let told = ToldOfMeeting {
                    of: arranged.meeting.subject(),
                    meeting: meeting.clone(),
                };
                self.arranged.insert_mut(arranged.session, told);
            }
            None => drop(self.arranged.remove_mut(&arranged.session)),
        }
    }

    pub(super) fn learn_revision(&mut self, recorded: &Recorded, revised: &NeedsAnalysisRevised) {
        let Some(revision) = revised.revision.open() else {
            return;
        };
        let version = Version::of(recorded, revision.clone());
        if let Some(opened) = self.analyses.get_mut(&revised.analysis) {
            opened.versions.push_back_mut(version);
            return;
        }
        let opened = Opened {
            mentee: revised.mentee,
            versions: VectorSync::new_sync().push_back(version),
        };
        self.analyses.insert_mut(revised.analysis, opened);
    }

    pub(super) fn learn_profile(&mut self, mentor: PersonId, profile: Option<&MentorProfile>) {
        if let Some(profile) = profile {
            self.learn_details(mentor, Some(&profile.details));
            // What is said of them now is said of the post they have now.
            self.leavings.remove_mut(&mentor);
            self.profiles.insert_mut(mentor, profile.clone());
        }
    }

    pub(super) fn learn_portrait(&mut self, mentor: PersonId, portrait: Option<&PenPortrait>) {
        if let Some(portrait) = portrait {
            self.portraits.insert_mut(mentor, portrait.clone());
        }
    }

    pub(super) fn learn_details(&mut self, person: PersonId, details: Option<&PersonDetails>) {
        if let Some(details) = details {
            self.details.insert_mut(person, details.clone());
        }
    }

    pub(super) fn learn_facts(
        &mut self,
        appointment: AppointmentId,
        person: PersonId,
        facts: &Sealed<AppointmentFacts>,
    ) {
        if let Some(known) = facts.open() {
            let told = Told {
                of: facts.subject(),
                facts: known.clone(),
            };
            self.learn_number(person, &told, Some(appointment));
            self.facts.insert_mut(appointment, told);
        }
    }

    pub(super) fn learn_post(&mut self, holding: HoldingId, facts: &Sealed<PostFacts>) {
        if let Some(known) = facts.open() {
            let told = ToldOfPost {
                of: facts.subject(),
                facts: known.clone(),
            };
            self.posts.insert_mut(holding, told);
        }
    }

    pub(super) fn learn_holds(&mut self, holds: &Sealed<Holds>) {
        if let Some(known) = holds.open() {
            self.erasure_holds.insert_mut(holds.subject(), *known);
        }
    }
}

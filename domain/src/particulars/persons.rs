//! The particulars key by key, as they are sealed when they are kept outside the log.
//!
//! Each value stands with the person under whose key the log holds it, and with the thing where that has a key of its
//! own, so whoever and whatever is forgotten there is forgotten wherever these were put.

use super::{Meant, Particulars, Told, ToldOfMeeting, ToldOfPost};
use crate::{
    access::{Role, Standing},
    appointment::AppointmentFacts,
    arrangement::ArrangedMeeting,
    confidence::{Concern, ThirdPerson},
    consent::{CharacteristicsStated, Consent},
    erasure::Holds,
    evaluation::Evaluation,
    identifiers::{
        AppointmentId, ArrangedSessionId, EmployerId, HoldingId, NeedsAnalysisId, NeedsProfileId,
        PairingId, PersonId,
    },
    mentor::{LeavingPost, MentorProfile, PenPortrait, PersonDetails},
    mentoring::Preferences,
    needs::{Opened, OpenedProfile, Version},
    pairing::MeetingPlaces,
    posts::PostFacts,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whose key it is: a person's, or that of a thing of theirs, as [`crate::Event::sealed_for`] names it.
pub type KeyOf = (PersonId, Option<Uuid>);

/// Everything that stands under one key.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Known {
    details: Option<PersonDetails>,
    profile: Option<MentorProfile>,
    leaving: Option<LeavingPost>,
    portrait: Option<PenPortrait>,
    preferences: Option<Preferences>,
    facts: Vec<(AppointmentId, AppointmentFacts)>,
    evaluations: Vec<(PairingId, Evaluation)>,
    meeting_places: Vec<(PairingId, MeetingPlaces)>,
    arranged: Vec<(ArrangedSessionId, ArrangedMeeting)>,
    numbers: Vec<Number>,
    analyses: Vec<(NeedsAnalysisId, Vec<Version>)>,
    needs_profiles: Vec<(NeedsProfileId, OpenedProfile)>,
    concerns: Vec<Concern>,
    third_persons: Vec<ThirdPerson>,
    consents: Vec<Consent>,
    stated: Option<CharacteristicsStated>,
    posts: Vec<(HoldingId, PostFacts)>,
    brought_forward: Vec<(PairingId, AppointmentFacts)>,
    erasure_holds: Option<Holds>,
    standings: Vec<(Uuid, Role, Standing)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Number {
    employer: EmployerId,
    called: String,
    person: PersonId,
    appointments: Vec<AppointmentId>,
}

impl Particulars {
    /// Everything, by the key under which it stands.
    #[must_use]
    pub fn by_key(&self) -> BTreeMap<KeyOf, Known> {
        let mut all: BTreeMap<KeyOf, Known> = BTreeMap::new();
        for (id, opened) in &self.analyses {
            let versions = opened.versions.iter().cloned().collect();
            let known = all.entry((opened.mentee, Some(id.0))).or_default();
            known.analyses.push((*id, versions));
        }
        let consents = self.confidences.consents();
        for (person, stated) in consents.all_stated() {
            let under = (*person, Some(stated.consent.0));
            all.entry(under).or_default().stated = Some(stated.clone());
        }
        let mut of = |person: &PersonId, take: &dyn Fn(&mut Known)| {
            take(all.entry((*person, None)).or_default());
        };
        for (id, opened) in &self.needs_profiles {
            let profile = (*id, opened.clone());
            of(&opened.mentee, &|known| {
                known.needs_profiles.push(profile.clone());
            });
        }
        for (person, consents) in consents.all() {
            of(person, &|known| known.consents.clone_from(consents));
        }
        for concern in self.confidences.concerns() {
            of(&concern.mentee, &|known| {
                known.concerns.push(concern.clone());
            });
        }
        for third_person in self.confidences.third_persons() {
            of(&third_person.mentee, &|known| {
                known.third_persons.push(third_person.clone());
            });
        }
        for (person, holds) in &self.erasure_holds {
            of(person, &|known| known.erasure_holds = Some(*holds));
        }
        for (person, details) in &self.details {
            of(person, &|known| known.details = Some(details.clone()));
        }
        for (person, profile) in &self.profiles {
            of(person, &|known| known.profile = Some(profile.clone()));
        }
        for (person, leaving) in &self.leavings {
            of(person, &|known| known.leaving = Some(*leaving));
        }
        for (person, portrait) in &self.portraits {
            of(person, &|known| known.portrait = Some(portrait.clone()));
        }
        for (person, preferences) in &self.preferences {
            let preferences = Some(preferences.clone());
            of(person, &|known| known.preferences.clone_from(&preferences));
        }
        for (appointment, told) in &self.facts {
            let facts = (*appointment, told.facts.clone());
            of(&told.of, &|known| known.facts.push(facts.clone()));
        }
        for ((pairing, person), report) in &self.evaluations {
            let report = (*pairing, report.clone());
            of(person, &|known| known.evaluations.push(report.clone()));
        }
        for ((pairing, person), places) in &self.meeting_places {
            let places = (*pairing, places.clone());
            of(person, &|known| known.meeting_places.push(places.clone()));
        }
        for (session, told) in &self.arranged {
            let arranged = (*session, told.meeting.clone());
            of(&told.of, &|known| known.arranged.push(arranged.clone()));
        }
        for (holding, told) in &self.posts {
            let post = (*holding, told.facts.clone());
            of(&told.of, &|known| known.posts.push(post.clone()));
        }
        for (pairing, told) in &self.brought_forward {
            let facts = (*pairing, told.facts.clone());
            of(&told.of, &|known| known.brought_forward.push(facts.clone()));
        }
        for ((holder, role), (subject, standing)) in &self.standings {
            let standing = (*holder, *role, standing.clone());
            of(subject, &|known| known.standings.push(standing.clone()));
        }
        for ((employer, number), meant) in &self.by_number {
            of(&meant.told_of, &|known| {
                known.numbers.push(Number {
                    employer: employer.clone(),
                    called: number.clone(),
                    person: meant.person,
                    appointments: meant.appointments.clone(),
                });
            });
        }
        all
    }

    /// Takes in what stands under a key of `person`.
    pub fn recall(&mut self, person: PersonId, known: Known) {
        if let Some(details) = known.details {
            self.details.insert_mut(person, details);
        }
        if let Some(holds) = known.erasure_holds {
            self.erasure_holds.insert_mut(person, holds);
        }
        if let Some(profile) = known.profile {
            self.profiles.insert_mut(person, profile);
        }
        if let Some(leaving) = known.leaving {
            self.leavings.insert_mut(person, leaving);
        }
        if let Some(portrait) = known.portrait {
            self.portraits.insert_mut(person, portrait);
        }
        if let Some(preferences) = known.preferences {
            self.preferences.insert_mut(person, preferences);
        }
        for (appointment, facts) in known.facts {
            self.facts
                .insert_mut(appointment, Told { of: person, facts });
        }
        for (pairing, report) in known.evaluations {
            self.evaluations.insert_mut((pairing, person), report);
        }
        for (pairing, places) in known.meeting_places {
            self.meeting_places.insert_mut((pairing, person), places);
        }
        for (session, meeting) in known.arranged {
            let told = ToldOfMeeting {
                of: person,
                meeting,
            };
            self.arranged.insert_mut(session, told);
        }
        for (id, versions) in known.analyses {
            let opened = Opened {
                mentee: person,
                versions: versions.into_iter().collect(),
            };
            self.analyses.insert_mut(id, opened);
        }
        for (id, opened) in known.needs_profiles {
            self.needs_profiles.insert_mut(id, opened);
        }
        for concern in known.concerns {
            self.confidences.recall_concern(concern);
        }
        for third_person in known.third_persons {
            self.confidences.recall_third_person(third_person);
        }
        let consents = self.confidences.consents_mut();
        if !known.consents.is_empty() {
            consents.recall(person, known.consents);
        }
        if let Some(stated) = known.stated {
            consents.recall_stated(person, stated);
        }
        for (holding, facts) in known.posts {
            let told = ToldOfPost { of: person, facts };
            self.posts.insert_mut(holding, told);
        }
        for (pairing, facts) in known.brought_forward {
            let told = Told { of: person, facts };
            self.brought_forward.insert_mut(pairing, told);
        }
        for (holder, role, standing) in known.standings {
            self.standings
                .insert_mut((holder, role), (person, standing));
        }
        for number in known.numbers {
            let meant = Meant {
                person: number.person,
                told_of: person,
                appointments: number.appointments,
            };
            self.by_number
                .insert_mut((number.employer, number.called), meant);
        }
    }
}

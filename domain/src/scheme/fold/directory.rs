//! Folding campaigns, seminars, conflicts, and places at the department's induction days.

use super::Folded;
use crate::{
    Scheme,
    identifiers::{CampaignId, InductionDayId, PersonId},
    induction_day::Place,
    matching::ConflictDeclared,
    mentor::Presence,
    recruitment::{
        Campaign, CampaignOpened, MentorInductionSeminarHeld, MentorInductionSeminarScheduled,
        Seminar,
    },
};
use jiff::civil::Date;

/// Whoever was forgotten is offered to nobody any more.
pub(super) fn erased(scheme: &mut Scheme, people: &[PersonId]) {
    for person in people {
        if let Some(mentor) = scheme.mentors.get_mut(person) {
            mentor.presence = Presence::Erased;
        }
    }
}

pub(super) fn campaign_opened(scheme: &mut Scheme, opened: &CampaignOpened, on: Date) {
    scheme.campaigns.push(Campaign {
        id: opened.campaign,
        title: opened.title.clone(),
        opened_on: on,
        answer_by: opened.answer_by,
        closed_on: None,
        invitees: Vec::new(),
    });
}

pub(super) fn campaign_mut(
    scheme: &mut Scheme,
    id: CampaignId,
) -> Result<&mut Campaign, &'static str> {
    let mut campaigns = scheme.campaigns.iter_mut();
    campaigns
        .find(|campaign| campaign.id == id)
        .ok_or("it names a campaign that was never opened")
}

pub(super) fn seminar_set(scheme: &mut Scheme, set: &MentorInductionSeminarScheduled) {
    let mut seminars = scheme.seminars.iter_mut();
    if let Some(seminar) = seminars.find(|seminar| seminar.id == set.seminar) {
        seminar.on = set.on;
        seminar.venue.clone_from(&set.venue);
        seminar.places = set.places;
        return;
    }
    scheme.seminars.push(Seminar {
        id: set.seminar,
        on: set.on,
        venue: set.venue.clone(),
        places: set.places,
        attended: Vec::new(),
        absent: Vec::new(),
    });
}

/// Whoever came is inducted as of the seminar's day, unless they were before. Whoever was said to have come and did
/// not, is not inducted by it.
pub(super) fn seminar_held(scheme: &mut Scheme, held: &MentorInductionSeminarHeld) -> Folded {
    let mut seminars = scheme.seminars.iter_mut();
    let seminar = seminars
        .find(|seminar| seminar.id == held.seminar)
        .ok_or("it names a seminar that was never set")?;
    let before = std::mem::replace(&mut seminar.attended, held.attended.clone());
    seminar.absent.clone_from(&held.absent);
    let on = seminar.on;
    for mentor in before {
        let mentor = scheme.mentor_mut(mentor)?;
        if !held.attended.contains(&mentor.person) && mentor.inducted_on == Some(on) {
            mentor.inducted_on = None;
        }
    }
    for mentor in &held.attended {
        let mentor = scheme.mentor_mut(*mentor)?;
        mentor.inducted_on = mentor.inducted_on.or(Some(on));
    }
    Ok(())
}

pub(super) fn conflict_declared(scheme: &mut Scheme, declared: &ConflictDeclared) -> Folded {
    let conflicts = &mut scheme.mentee_mut(declared.mentee)?.conflicts;
    conflicts.retain(|(with, _)| *with != declared.mentor);
    conflicts.extend(
        declared
            .conflict
            .map(|conflict| (declared.mentor, conflict)),
    );
    Ok(())
}

pub(super) fn placed(
    scheme: &mut Scheme,
    mentee: PersonId,
    day: InductionDayId,
    place: Place,
) -> Folded {
    scheme.mentee_mut(mentee)?.induction_day = place;
    if scheme.induction_days.place(mentee, day) {
        Ok(())
    } else {
        Err("it names an induction day that was never announced")
    }
}

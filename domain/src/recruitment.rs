//! How a scheme finds and prepares its mentors: campaigns with those invited, and seminars with those who came.
//!
//! A campaign and a seminar name people by their identifiers alone; who they are stands with the mentor. What a
//! seminar is about (R039 to R044) is the scheme's own affair and is not recorded.

use crate::{
    Context, Event, Rejection, Scheme,
    event::Payload,
    identifiers::{CampaignId, PersonId, SeminarId},
    limits::said,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most bytes of a title or a venue.
const BYTES_MOST: usize = 200;

/// Opens a campaign: a time in which directors are invited to mentor (R030).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCampaign {
    /// What people call it. It names nobody.
    pub title: String,
    /// The last day for an answer, where there is one.
    pub answer_by: Option<Date>,
}

/// Says whom a campaign invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteToCampaign {
    /// The campaign.
    pub campaign: CampaignId,
    /// Who was invited, each known as a mentor by their own invitation.
    pub mentors: Vec<PersonId>,
}

/// Closes a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseCampaign {
    /// The campaign.
    pub campaign: CampaignId,
}

/// Sets a date for an induction seminar, or another one (R031).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleMentorInductionSeminar {
    /// A seminar whose date was set before; a new one when absent.
    pub seminar: Option<SeminarId>,
    /// When it is.
    pub on: Date,
    /// Where it is. It names nobody.
    pub venue: String,
    /// How many may come, where that is limited.
    pub places: Option<u16>,
}

/// Says who came to an induction seminar and who was expected and did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSeminarAttendance {
    /// The seminar.
    pub seminar: SeminarId,
    /// Who came: they are inducted.
    pub attended: Vec<PersonId>,
    /// Who was expected and did not come.
    pub absent: Vec<PersonId>,
}

/// A campaign was opened: directors are invited to mentor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CampaignOpened {
    /// The campaign.
    pub campaign: CampaignId,
    /// What people call it.
    pub title: String,
    /// The last day for an answer, where there is one.
    pub answer_by: Option<Date>,
}

/// A campaign invited somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CampaignInvited {
    /// The campaign.
    pub campaign: CampaignId,
    /// Who was invited with it now.
    pub mentors: Vec<PersonId>,
}

/// A campaign was closed. What comes of its invitations later still counts as its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CampaignClosed {
    /// The campaign.
    pub campaign: CampaignId,
}

/// A date was set for an induction seminar of mentors, or set anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorInductionSeminarScheduled {
    /// The seminar.
    pub seminar: SeminarId,
    /// When it is.
    pub on: Date,
    /// Where it is.
    pub venue: String,
    /// How many may come, where that is limited.
    pub places: Option<u16>,
}

/// Who came to an induction seminar, and who did not; in full, in place of what was said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MentorInductionSeminarHeld {
    /// The seminar.
    pub seminar: SeminarId,
    /// Who came: they are inducted as of its day.
    pub attended: Vec<PersonId>,
    /// Who was expected and did not come.
    pub absent: Vec<PersonId>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// The campaign.
    pub id: CampaignId,
    /// What people call it.
    pub title: String,
    /// The day it was opened.
    pub opened_on: Date,
    /// The last day for an answer, where there is one.
    pub answer_by: Option<Date>,
    /// The day it was closed.
    pub closed_on: Option<Date>,
    /// Who was invited, in order.
    pub invitees: Vec<PersonId>,
}

/// An induction seminar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seminar {
    /// The seminar.
    pub id: SeminarId,
    /// When it is.
    pub on: Date,
    /// Where it is.
    pub venue: String,
    /// How many may come, where that is limited.
    pub places: Option<u16>,
    /// Who came.
    pub attended: Vec<PersonId>,
    /// Who was expected and did not come.
    pub absent: Vec<PersonId>,
}

impl Payload for CampaignOpened {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.campaign.0]
    }
}

impl Payload for CampaignInvited {
    fn subjects(&self) -> Vec<Uuid> {
        let mentors = self.mentors.iter().map(|mentor| mentor.0);
        std::iter::once(self.campaign.0).chain(mentors).collect()
    }
}

impl Payload for CampaignClosed {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.campaign.0]
    }
}

impl Payload for MentorInductionSeminarScheduled {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.seminar.0]
    }
}

impl Payload for MentorInductionSeminarHeld {
    fn subjects(&self) -> Vec<Uuid> {
        let people = self.attended.iter().chain(&self.absent);
        std::iter::once(self.seminar.0)
            .chain(people.map(|person| person.0))
            .collect()
    }
}

pub(crate) fn open_campaign(
    scheme: &Scheme,
    command: &OpenCampaign,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    said("the title", &command.title, BYTES_MOST)?;
    let open = scheme.campaigns.iter().find(|campaign| {
        campaign.closed_on.is_none()
            && (&campaign.title, campaign.answer_by) == (&command.title, command.answer_by)
    });
    if open.is_some() {
        return Ok(vec![]);
    }
    Ok(vec![Event::CampaignOpened(CampaignOpened {
        campaign: context.name("campaign"),
        title: command.title.clone(),
        answer_by: command.answer_by,
    })])
}

pub(crate) fn invite_to_campaign(
    scheme: &Scheme,
    command: &InviteToCampaign,
) -> Result<Vec<Event>, Rejection> {
    let campaign = campaign(scheme, command.campaign)?;
    let mut mentors = Vec::new();
    for mentor in &command.mentors {
        scheme.mentor(*mentor)?;
        if !campaign.invitees.contains(mentor) && !mentors.contains(mentor) {
            mentors.push(*mentor);
        }
    }
    if mentors.is_empty() {
        return Ok(vec![]);
    }
    Ok(vec![Event::CampaignInvited(CampaignInvited {
        campaign: command.campaign,
        mentors,
    })])
}

pub(crate) fn close_campaign(
    scheme: &Scheme,
    command: &CloseCampaign,
) -> Result<Vec<Event>, Rejection> {
    if campaign(scheme, command.campaign)?.closed_on.is_some() {
        return Ok(vec![]);
    }
    Ok(vec![Event::CampaignClosed(CampaignClosed {
        campaign: command.campaign,
    })])
}

pub(crate) fn schedule_seminar(
    scheme: &Scheme,
    command: &ScheduleMentorInductionSeminar,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    said("the venue", &command.venue, BYTES_MOST)?;
    let before = command.seminar.map(|id| seminar(scheme, id)).transpose()?;
    let same = |seminar: &&Seminar| {
        (seminar.on, &seminar.venue, seminar.places) == (command.on, &command.venue, command.places)
    };
    let already = match before {
        Some(seminar) => same(&seminar),
        None => scheme.seminars.iter().any(|seminar| same(&seminar)),
    };
    if already {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorInductionSeminarScheduled(
        MentorInductionSeminarScheduled {
            seminar: command
                .seminar
                .unwrap_or_else(|| context.name("induction seminar")),
            on: command.on,
            venue: command.venue.clone(),
            places: command.places,
        },
    )])
}

/// More than there were places may have come: it is recorded as it was.
pub(crate) fn record_attendance(
    scheme: &Scheme,
    command: &RecordSeminarAttendance,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let seminar = seminar(scheme, command.seminar)?;
    if seminar.on > context.today {
        return Err(Rejection::HappenedInFuture {
            happened_on: seminar.on,
            today: context.today,
        });
    }
    let attended = known_once(scheme, &command.attended)?;
    let mut absent = known_once(scheme, &command.absent)?;
    // Whoever is on both lists came.
    absent.retain(|mentor| !attended.contains(mentor));
    if (&seminar.attended, &seminar.absent) == (&attended, &absent) {
        return Ok(vec![]);
    }
    Ok(vec![Event::MentorInductionSeminarHeld(
        MentorInductionSeminarHeld {
            seminar: command.seminar,
            attended,
            absent,
        },
    )])
}

fn campaign(scheme: &Scheme, id: CampaignId) -> Result<&Campaign, Rejection> {
    let found = scheme.campaigns.iter().find(|campaign| campaign.id == id);
    found.ok_or(Rejection::UnknownCampaign { campaign: id })
}

fn seminar(scheme: &Scheme, id: SeminarId) -> Result<&Seminar, Rejection> {
    let found = scheme.seminars.iter().find(|seminar| seminar.id == id);
    found.ok_or(Rejection::UnknownSeminar { seminar: id })
}

/// The mentors, each once and known.
fn known_once(scheme: &Scheme, mentors: &[PersonId]) -> Result<Vec<PersonId>, Rejection> {
    let mut once = Vec::new();
    for mentor in mentors {
        scheme.mentor(*mentor)?;
        if !once.contains(mentor) {
            once.push(*mentor);
        }
    }
    Ok(once)
}

#[cfg(test)]
mod tests;

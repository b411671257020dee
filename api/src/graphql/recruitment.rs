//! Campaigns in which directors are invited to mentor, and the seminars in which they are inducted.

use super::{
    access::Query,
    command::mutations,
    global_id::Kind,
    mentor::Mentor,
    scalars::{Date, civil, day},
    view::View,
};
use async_graphql::{Error, ID, Object};
use domain::{
    Event,
    identifiers::{CampaignId, PersonId, SeminarId},
    mentor::{self, Portrait},
    recruitment,
};

/// A campaign.
pub struct Campaign {
    view: View,
    state: recruitment::Campaign,
}

/// A time in which directors are invited to mentor, with whom it invited and what came of it so far.
#[Object]
impl Campaign {
    /// The id of the campaign.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Campaign, self.state.id)
    }

    /// What people call it.
    async fn title(&self) -> &str {
        &self.state.title
    }

    /// The day it was opened.
    async fn opened_on(&self) -> Date {
        self.state.opened_on.into()
    }

    /// The last day for an answer; null where there is none.
    async fn answer_by(&self) -> Option<Date> {
        day(self.state.answer_by)
    }

    /// The day it was closed; null while it is open.
    async fn closed_on(&self) -> Option<Date> {
        day(self.state.closed_on)
    }

    /// Whom it invited, in order.
    async fn invitees(&self) -> Vec<Mentor> {
        mentors(&self.view, &self.state.invitees)
    }

    /// How many it invited.
    async fn invited_count(&self) -> usize {
        self.state.invitees.len()
    }

    /// How many of them have registered, by now.
    async fn registered_count(&self) -> usize {
        self.count(|mentor| mentor.portrait != Portrait::None)
    }

    /// How many of them have been inducted, by now.
    async fn inducted_count(&self) -> usize {
        self.count(|mentor| mentor.inducted_on.is_some())
    }
}

impl Campaign {
    fn count(&self, is_counted: impl Fn(&mentor::Mentor) -> bool) -> usize {
        let invited = self.state.invitees.iter();
        invited
            .filter_map(|mentor| self.view.scheme().mentors.get(mentor))
            .filter(|mentor| is_counted(mentor))
            .count()
    }
}

/// An induction seminar of mentors.
pub struct MentorInductionSeminar {
    view: View,
    state: recruitment::Seminar,
}

/// The scheme's own preparation of its mentors. It is not the department's induction day for new directors.
#[Object]
impl MentorInductionSeminar {
    /// The id of the seminar.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::MentorInductionSeminar, self.state.id)
    }

    /// When it is.
    async fn on(&self) -> Date {
        self.state.on.into()
    }

    /// Where it is.
    async fn venue(&self) -> &str {
        &self.state.venue
    }

    /// How many may come; null where that is not limited.
    async fn places(&self) -> Option<u16> {
        self.state.places
    }

    /// Who came: they are inducted.
    async fn attended(&self) -> Vec<Mentor> {
        mentors(&self.view, &self.state.attended)
    }

    /// Who was expected and did not come.
    async fn absent(&self) -> Vec<Mentor> {
        mentors(&self.view, &self.state.absent)
    }
}

fn mentors(view: &View, people: &[PersonId]) -> Vec<Mentor> {
    let all = people.iter();
    all.filter_map(|mentor| view.mentor(*mentor)).collect()
}

impl View {
    /// A campaign, if there is one and the caller may know of it.
    pub fn campaign(&self, id: CampaignId) -> Option<Campaign> {
        self.ask_of_all(Query::Campaigns).ok()?;
        let mut all = self.scheme().campaigns.iter();
        let state = all.find(|campaign| campaign.id == id)?;
        Some(Campaign {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// Every campaign, in the order in which they were opened.
    pub fn campaigns(&self) -> Result<Vec<Campaign>, Error> {
        self.ask_of_all(Query::Campaigns)?;
        let all = self.scheme().campaigns.iter();
        Ok(all
            .filter_map(|campaign| self.campaign(campaign.id))
            .collect())
    }

    /// A seminar, if there is one and the caller may know of it.
    pub fn seminar(&self, id: SeminarId) -> Option<MentorInductionSeminar> {
        self.ask_of_all(Query::MentorInductionSeminars).ok()?;
        let mut all = self.scheme().seminars.iter();
        let state = all.find(|seminar| seminar.id == id)?;
        Some(MentorInductionSeminar {
            view: self.clone(),
            state: state.clone(),
        })
    }

    /// Every seminar, in the order in which they were set.
    pub fn seminars(&self) -> Result<Vec<MentorInductionSeminar>, Error> {
        self.ask_of_all(Query::MentorInductionSeminars)?;
        let all = self.scheme().seminars.iter();
        Ok(all.filter_map(|seminar| self.seminar(seminar.id)).collect())
    }
}

mutations! {
    RecruitmentMutations;

    /// Opens a campaign: a time in which directors are invited to mentor.
    "openCampaign" open_campaign
    /// What `openCampaign` needs.
    input OpenCampaignInput {
        /// What people call it, for example `Autumn 2026`. It must name nobody: it stands in clear in the history.
        title: String,
        /// The last day for an answer, where there is one.
        answer_by: Option<Date>,
    }
    /// What came of `openCampaign`.
    payload OpenCampaignPayload {
        /// The campaign; null when the command was refused, only judged, or when it was open already.
        campaign: Campaign
    }
    command(given, _asked) {
        recruitment::OpenCampaign {
            title: given.title.clone(),
            answer_by: civil(given.answer_by),
        }
    }
    changed(answer, _command) {
        let opened = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::CampaignOpened(opened) => Some(opened.campaign),
            _ => None,
        });
        opened.and_then(|campaign| answer.view.campaign(campaign))
    }

    /// Records whom a campaign invited. Each is known as a mentor by `inviteMentor`.
    "inviteToCampaign" invite_to_campaign
    /// What `inviteToCampaign` needs.
    input InviteToCampaignInput {
        /// The id of the campaign.
        campaign: ID,
        /// The ids of the mentors.
        mentors: Vec<ID>,
    }
    /// What came of `inviteToCampaign`.
    payload InviteToCampaignPayload {
        /// The campaign; null when the command was refused.
        campaign: Campaign
    }
    command(given, asked) {
        let ids = asked.view().ids();
        recruitment::InviteToCampaign {
            campaign: ids.campaign("campaign", &given.campaign)?,
            mentors: ids.people("mentors", &given.mentors)?,
        }
    }
    changed(answer, command) { answer.view.campaign(command.campaign) }

    /// Closes a campaign. What comes of its invitations later still counts as its own.
    "closeCampaign" close_campaign
    /// What `closeCampaign` needs.
    input CloseCampaignInput {
        /// The id of the campaign.
        campaign: ID,
    }
    /// What came of `closeCampaign`.
    payload CloseCampaignPayload {
        /// The campaign; null when the command was refused.
        campaign: Campaign
    }
    command(given, asked) {
        recruitment::CloseCampaign { campaign: asked.view().ids().campaign("campaign", &given.campaign)? }
    }
    changed(answer, command) { answer.view.campaign(command.campaign) }

    /// Sets a date for an induction seminar of mentors, or another one.
    "scheduleMentorInductionSeminar" schedule_mentor_induction_seminar
    /// What `scheduleMentorInductionSeminar` needs.
    input ScheduleMentorInductionSeminarInput {
        /// The id of a seminar whose date was set before; a new one when absent.
        seminar: Option<ID>,
        /// When it is.
        on: Date,
        /// Where it is. It must name nobody: it stands in clear in the history.
        venue: String,
        /// How many may come, where that is limited.
        places: Option<u16>,
    }
    /// What came of `scheduleMentorInductionSeminar`.
    payload ScheduleMentorInductionSeminarPayload {
        /// The seminar; null when the command was refused, only judged, or when the very same was set already.
        seminar: MentorInductionSeminar
    }
    command(given, asked) {
        let ids = asked.view().ids();
        recruitment::ScheduleMentorInductionSeminar {
            seminar: given.seminar.as_ref().map(|id| ids.seminar("seminar", id)).transpose()?,
            on: given.on.into(),
            venue: given.venue.clone(),
            places: given.places,
        }
    }
    changed(answer, command) {
        let set = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::MentorInductionSeminarScheduled(set) => Some(set.seminar),
            _ => None,
        });
        set.or(command.seminar).and_then(|seminar| answer.view.seminar(seminar))
    }

    /// Records who came to an induction seminar and who did not, in full: said again, it takes the place of what was said
    /// before. Whoever came is inducted as of the seminar's day.
    "recordSeminarAttendance" record_seminar_attendance
    /// What `recordSeminarAttendance` needs.
    input RecordSeminarAttendanceInput {
        /// The id of the seminar.
        seminar: ID,
        /// The ids of the mentors who came.
        attended: Vec<ID>,
        /// The ids of the mentors who were expected and did not come.
        #[graphql(default)]
        absent: Vec<ID>,
    }
    /// What came of `recordSeminarAttendance`.
    payload RecordSeminarAttendancePayload {
        /// The seminar; null when the command was refused.
        seminar: MentorInductionSeminar
    }
    command(given, asked) {
        let ids = asked.view().ids();
        recruitment::RecordSeminarAttendance {
            seminar: ids.seminar("seminar", &given.seminar)?,
            attended: ids.people("attended", &given.attended)?,
            absent: ids.people("absent", &given.absent)?,
        }
    }
    changed(answer, command) { answer.view.seminar(command.seminar) }
}

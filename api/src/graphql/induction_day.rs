//! The department's induction days for new directors: limited places, and a fair line for them.

use super::{
    access::{Class, Query},
    command::mutations,
    global_id::Kind,
    mentoring::Mentee,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, Object};
use domain::{
    Event,
    identifiers::{InductionDayId, PersonId},
    induction_day::{self, Place},
    mentoring,
};

/// An induction day of the department.
pub struct DfeInductionDay {
    view: View,
    day: induction_day::InductionDay,
}

/// How far a mentee has come with the department's induction day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum DfeInductionDayState {
    /// They did not ask for a place.
    NotRequested,
    /// They wait for a place.
    Waiting,
    /// They have a place.
    PlaceGiven,
    /// They were there.
    Attended,
    /// They had a place and did not come. They may ask again.
    Missed,
}

impl From<Place> for DfeInductionDayState {
    fn from(place: Place) -> Self {
        match place {
            Place::NotRequested => Self::NotRequested,
            Place::Waiting(_) => Self::Waiting,
            Place::Given(_) => Self::PlaceGiven,
            Place::Attended(_) => Self::Attended,
            Place::Missed(_) => Self::Missed,
        }
    }
}

/// A day of induction that the department holds for new directors. Places go to those who asked first.
#[Object]
impl DfeInductionDay {
    /// The id of the induction day.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::DfeInductionDay, self.day.id)
    }

    /// When it is.
    async fn on(&self) -> Date {
        self.day.on.into()
    }

    /// How many places the scheme has there.
    async fn places(&self) -> u16 {
        self.day.places
    }

    /// How many of them nobody has.
    async fn free(&self) -> usize {
        self.day.free()
    }

    /// Who has a place, in the order in which they were given; also who came and who did not.
    async fn placed(&self) -> Vec<Mentee> {
        let all = self.day.placed.iter();
        all.filter_map(|mentee| self.view.mentee(*mentee)).collect()
    }

    /// How many were there, as far as that is recorded.
    async fn attended_count(&self) -> usize {
        self.count(Place::Attended(self.day.id))
    }

    /// How many had a place and did not come, as far as that is recorded and they have not asked again since.
    async fn missed_count(&self) -> usize {
        self.count(Place::Missed(self.day.id))
    }
}

impl DfeInductionDay {
    fn count(&self, place: Place) -> usize {
        let mentees = self.view.scheme().mentees.values();
        mentees
            .filter(|mentee| mentee.induction_day == place)
            .count()
    }
}

impl View {
    /// An induction day, if there is one and the caller may know of it.
    pub fn induction_day(&self, id: InductionDayId) -> Option<DfeInductionDay> {
        self.ask_of_all(Query::DfeInductionDays).ok()?;
        let day = self.scheme().induction_days.days.get(&id)?;
        Some(DfeInductionDay {
            view: self.clone(),
            day: day.clone(),
        })
    }

    /// Every induction day, earliest first.
    pub fn induction_days(&self) -> Result<Vec<DfeInductionDay>, Error> {
        self.ask_of_all(Query::DfeInductionDays)?;
        let days = self.scheme().induction_days.days.values();
        let mut keys: Vec<_> = days.map(|day| (day.on, day.id)).collect();
        keys.sort_unstable();
        let found = keys
            .into_iter()
            .filter_map(|(_, id)| self.induction_day(id));
        Ok(found.collect())
    }

    /// Who waits for a place, who asked first before the others.
    pub fn induction_day_line(&self) -> Result<Vec<Mentee>, Error> {
        self.ask_of_all(Query::DfeInductionDays)?;
        let line = self.scheme().induction_days.waiting.iter();
        Ok(line
            .filter_map(|(_, mentee)| self.mentee(*mentee))
            .collect())
    }

    /// How far a mentee has come with the induction day, if the caller may see it.
    pub fn induction_day_of(&self, mentee: &mentoring::Mentee) -> Option<MenteeInductionDay> {
        let visible = self.sees(Class::TakeUp, mentee.person);
        visible.then(|| MenteeInductionDay {
            view: self.clone(),
            mentee: mentee.person,
            place: mentee.induction_day,
        })
    }
}

/// How far one mentee has come with the induction day.
pub struct MenteeInductionDay {
    view: View,
    mentee: PersonId,
    place: Place,
}

/// How far a mentee has come with the department's induction day.
#[Object]
impl MenteeInductionDay {
    /// How far.
    async fn state(&self) -> DfeInductionDayState {
        self.place.into()
    }

    /// The day at which they have or had a place; null where they have none.
    async fn on(&self) -> Option<Date> {
        let (Place::Given(id) | Place::Attended(id) | Place::Missed(id)) = self.place else {
            return None;
        };
        let found = self.view.scheme().induction_days.days.get(&id);
        found.map(|day| day.on.into())
    }

    /// The day from which they wait for a place; null when they do not.
    async fn waiting_since(&self) -> Option<Date> {
        match self.place {
            Place::Waiting(since) => day(Some(since)),
            _ => None,
        }
    }

    /// Where they stand in the line, from 1; null when they do not wait.
    async fn place_in_line(&self) -> Option<usize> {
        let mut line = self.view.scheme().induction_days.waiting.iter();
        let before = line.position(|(_, waiting)| *waiting == self.mentee);
        before.map(|before| before + 1)
    }
}

mutations! {
    InductionDayMutations;

    /// Records that the department holds an induction day, or says anew when it is and how many places there are. Free
    /// places are given at once to those who asked first; a place that was given is never taken back.
    "announceDfeInductionDay" announce_dfe_induction_day
    /// What `announceDfeInductionDay` needs.
    input AnnounceDfeInductionDayInput {
        /// The id of a day announced before; a new one when absent.
        day: Option<ID>,
        /// When it is.
        on: Date,
        /// How many places the scheme has there.
        places: u16,
    }
    /// What came of `announceDfeInductionDay`.
    payload AnnounceDfeInductionDayPayload {
        /// The induction day; null when the command was refused, or only judged.
        day: DfeInductionDay
    }
    command(given, asked) {
        let ids = asked.view().ids();
        induction_day::AnnounceDfeInductionDay {
            day: given.day.as_ref().map(|day| ids.induction_day("day", day)).transpose()?,
            on: given.on.into(),
            places: given.places,
        }
    }
    changed(answer, command) {
        let announced = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::DfeInductionDayAnnounced(announced) => Some(announced.day),
            _ => None,
        });
        announced.or(command.day).and_then(|day| answer.view.induction_day(day))
    }

    /// Asks for a place at an induction day for a mentee. They are given the next one there is, or stand in line.
    "requestDfeInductionDay" request_dfe_induction_day
    /// What `requestDfeInductionDay` needs.
    input RequestDfeInductionDayInput {
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `requestDfeInductionDay`.
    payload RequestDfeInductionDayPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        induction_day::RequestDfeInductionDay {
            mentee: asked.view().ids().person("mentee", &given.mentee)?,
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Gives up a mentee's place, or their wish for one. The place goes to whoever stands first in line.
    "giveUpDfeInductionDay" give_up_dfe_induction_day
    /// What `giveUpDfeInductionDay` needs.
    input GiveUpDfeInductionDayInput {
        /// The id of the mentee.
        mentee: ID,
    }
    /// What came of `giveUpDfeInductionDay`.
    payload GiveUpDfeInductionDayPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        induction_day::GiveUpDfeInductionDay {
            mentee: asked.view().ids().person("mentee", &given.mentee)?,
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }

    /// Records whether a mentee was at an induction day. Who did not come may ask again.
    "recordDfeInductionDay" record_dfe_induction_day
    /// What `recordDfeInductionDay` needs.
    input RecordDfeInductionDayInput {
        /// The id of the induction day.
        day: ID,
        /// The id of the mentee.
        mentee: ID,
        /// Whether they were there.
        attended: bool,
    }
    /// What came of `recordDfeInductionDay`.
    payload RecordDfeInductionDayPayload {
        /// The mentee; null when the command was refused.
        mentee: Mentee
    }
    command(given, asked) {
        let ids = asked.view().ids();
        induction_day::RecordDfeInductionDay {
            day: ids.induction_day("day", &given.day)?,
            mentee: ids.person("mentee", &given.mentee)?,
            attended: given.attended,
        }
    }
    changed(answer, command) { answer.view.mentee(command.mentee) }
}

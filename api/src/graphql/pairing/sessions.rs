//! Sessions: what each side counts, what was not held, and how often the pair means to meet.

use super::{Pairing, commands::pairing_of};
use crate::graphql::{
    access::Class,
    command::mutations,
    kinds::{MeetingFormat, SessionNotHeld, Side},
    personal::{Found, PersonalText},
    scalars::Date,
    view::View,
};
use async_graphql::{ID, InputObject, Object, SimpleObject};
use domain::{
    identifiers::PairingId,
    pairing::{self, MeetingPlaces},
};

/// The sessions of a pairing, as each side counts them.
#[derive(Debug, Clone, SimpleObject)]
pub struct SessionCounts {
    /// How many by the mentee's count.
    pub mentee: u16,
    /// How many by the mentor's count.
    pub mentor: u16,
    /// By how many the two counts differ; 0 where they agree.
    pub difference: u16,
    /// How many were used before the scheme was run here.
    pub brought_forward: u16,
    /// How many count against the entitlement: the larger of both counts, and those brought forward.
    pub used: u16,
    /// Those that were to be held and were not, by the mentee's count. They spend nothing.
    pub not_held_by_mentee: SessionsNotHeld,
    /// The same by the mentor's count.
    pub not_held_by_mentor: SessionsNotHeld,
}

/// Sessions that were to be held and were not, by one side's count.
#[derive(Debug, Clone, SimpleObject)]
pub struct SessionsNotHeld {
    /// How many to which somebody did not come.
    pub missed: u16,
    /// How many were moved to another day.
    pub moved: u16,
    /// How many were called off.
    pub cancelled: u16,
}

impl SessionCounts {
    pub fn of(pairing: &pairing::Pairing) -> Self {
        let counts = pairing.counts;
        Self {
            mentee: counts.mentee,
            mentor: counts.mentor,
            difference: counts.mentee.abs_diff(counts.mentor),
            brought_forward: counts.brought_forward,
            used: counts.used(),
            not_held_by_mentee: pairing.not_held_by_mentee.into(),
            not_held_by_mentor: pairing.not_held_by_mentor.into(),
        }
    }
}

impl From<pairing::NotHeldCounts> for SessionsNotHeld {
    fn from(counts: pairing::NotHeldCounts) -> Self {
        Self {
            missed: counts.missed,
            moved: counts.moved,
            cancelled: counts.cancelled,
        }
    }
}

/// How often and how a pair means to meet.
pub struct Meetings {
    view: View,
    pairing: PairingId,
    state: pairing::Meetings,
}

impl Meetings {
    pub fn new(view: &View, pairing: PairingId, state: pairing::Meetings) -> Self {
        Self {
            view: view.clone(),
            pairing,
            state,
        }
    }

    fn value<T>(&self, of: impl Fn(&MeetingPlaces) -> Option<T>) -> Found<T> {
        let person = self.state.told_by;
        let places = self.view.particulars().meeting_places(self.pairing, person);
        self.view
            .personal(Class::MeetingPlaces, person, places.and_then(of))
    }
}

/// How often and how a pair agreed to meet. Times and places are the pair's own.
#[Object]
impl Meetings {
    /// The day they agreed it.
    async fn agreed_on(&self) -> Date {
        self.state.agreed_on.into()
    }

    /// Every how many weeks; null where that was not said.
    async fn every_weeks(&self) -> Option<u16> {
        self.state.every_weeks
    }

    /// How; null where that was not said.
    async fn format(&self) -> Option<MeetingFormat> {
        self.state.format.map(Into::into)
    }

    /// On which days and at what time, in the words of the pair. Shown to the pair alone.
    async fn times(&self) -> PersonalText {
        self.value(|places| places.times.clone()).into()
    }

    /// Where, in the words of the pair. Shown to the pair alone.
    async fn places(&self) -> PersonalText {
        self.value(|places| places.places.clone()).into()
    }
}

/// When and where a pair meets, in its own words. Nobody but the pair is shown it.
#[derive(Debug, Clone, Default, InputObject)]
pub struct MeetingPlacesInput {
    /// On which days and at what time.
    pub times: Option<String>,
    /// Where.
    pub places: Option<String>,
}

impl From<MeetingPlacesInput> for MeetingPlaces {
    fn from(given: MeetingPlacesInput) -> Self {
        Self {
            times: given.times,
            places: given.places,
        }
    }
}

/// The caller's own side of a pairing.
fn own_side(view: &View, id: PairingId) -> Option<domain::matching::Side> {
    let pairing = view.scheme().pairings.get(&id);
    pairing.and_then(|pairing| view.side_in(pairing))
}

mutations! {
    SessionMutations;

    /// Records that a session was held, on the day given as `happenedOn`. What was said in it is nobody's business.
    "recordSession" record_session
    /// What `recordSession` needs.
    input RecordSessionInput {
        /// The id of the pairing.
        pairing: ID,
        /// Which side's count it adds to. Mentors and mentees may leave it out: it is their own. Others name it here or
        /// in `reportedBy`.
        counted_by: Option<Side>,
        /// Whether it was cut short; it counts all the same.
        #[graphql(default)]
        shortened: bool,
    }
    /// What came of `recordSession`.
    payload RecordSessionPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let pairing = pairing_of(asked.view().ids(), &given.pairing)?;
        let own = own_side(asked.view(), pairing);
        pairing::RecordSession {
            pairing,
            counted_by: asked.side("countedBy", given.counted_by, own)?,
            shortened: given.shortened,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Reports how many sessions there have been in all, by one side's count.
    "reportSessionCount" report_session_count
    /// What `reportSessionCount` needs.
    input ReportSessionCountInput {
        /// The id of the pairing.
        pairing: ID,
        /// Which side counted. Mentors and mentees may leave it out: it is their own. Others name it here or in
        /// `reportedBy`.
        counted_by: Option<Side>,
        /// How many sessions in all.
        count: u16,
    }
    /// What came of `reportSessionCount`.
    payload ReportSessionCountPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let pairing = pairing_of(asked.view().ids(), &given.pairing)?;
        let own = own_side(asked.view(), pairing);
        pairing::ReportSessionCount {
            pairing,
            counted_by: asked.side("countedBy", given.counted_by, own)?,
            count: given.count,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Reports that the sessions of the core offer have been held, so that reports are asked for.
    "reportMeetingsReached" report_meetings_reached
    /// What `reportMeetingsReached` needs.
    input ReportMeetingsReachedInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `reportMeetingsReached`.
    payload ReportMeetingsReachedPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::ReportMeetingsReached { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that a session which was to be held on the day given as `happenedOn` was not. It spends nothing, and nobody
    /// is asked why.
    "recordSessionNotHeld" record_session_not_held
    /// What `recordSessionNotHeld` needs.
    input RecordSessionNotHeldInput {
        /// The id of the pairing.
        pairing: ID,
        /// Which side's count it adds to. Mentors and mentees may leave it out: it is their own. Others name it here or
        /// in `reportedBy`.
        counted_by: Option<Side>,
        /// What became of it.
        outcome: SessionNotHeld,
    }
    /// What came of `recordSessionNotHeld`.
    payload RecordSessionNotHeldPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let pairing = pairing_of(asked.view().ids(), &given.pairing)?;
        let own = own_side(asked.view(), pairing);
        pairing::RecordSessionNotHeld {
            pairing,
            counted_by: asked.side("countedBy", given.counted_by, own)?,
            outcome: given.outcome.into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records how often and how the pair agreed to meet, in full: it takes the place of what was told before.
    "agreeMeetings" agree_meetings
    /// What `agreeMeetings` needs.
    input AgreeMeetingsInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the mentor or mentee of the pairing who tells it.
        person: ID,
        /// Every how many weeks they mean to meet, 1 to 52.
        every_weeks: Option<u16>,
        /// How they mean to meet.
        format: Option<MeetingFormat>,
        /// When and where, for the pair alone. Sealed under the key of whoever tells it.
        #[graphql(default)]
        places: MeetingPlacesInput,
    }
    /// What came of `agreeMeetings`.
    payload AgreeMeetingsPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        pairing::AgreeMeetings {
            pairing: pairing_of(ids, &given.pairing)?,
            person: ids.person("person", &given.person)?,
            every_weeks: given.every_weeks,
            format: given.format.map(Into::into),
            places: given.places.clone().into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}

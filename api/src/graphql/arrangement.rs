//! Sessions that a pair arranged: when and where is shown to the two alone.

use super::{
    access::Class,
    command::mutations,
    global_id::Kind,
    personal::{Found, PersonalLocalDateTime, PersonalText},
    scalars::{Date, LocalDateTime, day},
    view::View,
};
use async_graphql::{ID, Object};
use domain::{
    arrangement::{self, ArrangedMeeting},
    identifiers::{ArrangedSessionId, PairingId},
    pairing::Pairing,
};

/// A session that a pair arranged.
pub struct ArrangedSession {
    view: View,
    state: arrangement::ArrangedSession,
}

impl View {
    /// The sessions that a pair arranged, in the order in which they first did.
    pub fn arranged_sessions(&self, pairing: &Pairing) -> Vec<ArrangedSession> {
        let all = pairing.arranged.iter();
        all.map(|state| ArrangedSession {
            view: self.clone(),
            state: *state,
        })
        .collect()
    }

    fn arranged_session(
        &self,
        pairing: PairingId,
        session: ArrangedSessionId,
    ) -> Option<ArrangedSession> {
        let pairing = self.scheme().pairings.get(&pairing)?;
        let state = pairing.arranged_session(session).ok()?;
        Some(ArrangedSession {
            view: self.clone(),
            state: *state,
        })
    }
}

impl ArrangedSession {
    fn value<T>(&self, of: impl Fn(&ArrangedMeeting) -> Option<T>) -> Found<T> {
        let meeting = self.view.particulars().arranged_meeting(self.state.id);
        self.view.personal(
            Class::MeetingPlaces,
            self.state.told_by,
            meeting.and_then(of),
        )
    }
}

/// A session that a pair arranged, if they like to note it. Nothing rests on it: that it was held is told by
/// `recordSession`. When and where is the pair's own.
#[Object]
impl ArrangedSession {
    /// The id of the session.
    async fn id(&self) -> ID {
        self.view.id(Kind::ArrangedSession, self.state.id)
    }

    /// The day on which it was last told when and where it is.
    async fn arranged_on(&self) -> Date {
        self.state.arranged_on.into()
    }

    /// The day on which it was called off. Null while it is to be.
    async fn called_off_on(&self) -> Option<Date> {
        day(self.state.called_off_on)
    }

    /// When it begins. Shown to the pair alone.
    async fn starts_at(&self) -> PersonalLocalDateTime {
        self.value(|meeting| Some(LocalDateTime(meeting.starts_at)))
            .into()
    }

    /// When it ends, where that was said. Shown to the pair alone.
    async fn ends_at(&self) -> PersonalLocalDateTime {
        self.value(|meeting| meeting.ends_at.map(LocalDateTime))
            .into()
    }

    /// Where, in the words of the pair. Shown to the pair alone.
    async fn place(&self) -> PersonalText {
        self.value(|meeting| meeting.place.clone()).into()
    }
}

mutations! {
    ArrangementMutations;

    /// Notes when and where a pair means to meet, if they like, or that a session they arranged was moved. Nothing rests on
    /// it. The two find it in their calendar: `GET /v1/schemes/{scheme}/people/{person}/sessions.ics`.
    "arrangeSession" arrange_session
    /// What `arrangeSession` needs.
    input ArrangeSessionInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of a session arranged before, which is moved; a new one when absent. One that was called off is to be
        /// after all.
        session: Option<ID>,
        /// The id of the mentor or mentee of the pairing who tells it. What they tell is sealed under their key.
        person: ID,
        /// When it begins.
        starts_at: LocalDateTime,
        /// When it ends, where that is said.
        ends_at: Option<LocalDateTime>,
        /// Where, where that is said.
        place: Option<String>,
    }
    /// What came of `arrangeSession`.
    payload ArrangeSessionPayload {
        /// The session; null when the command was refused or only judged, or when the pair had arranged just that before.
        session: ArrangedSession
    }
    command(given, asked) {
        let ids = asked.view().ids();
        let session = given.session.as_ref().map(|id| ids.arranged_session("session", id));
        arrangement::ArrangeSession {
            pairing: ids.pairing("pairing", &given.pairing)?,
            session: session.transpose()?,
            person: ids.person("person", &given.person)?,
            meeting: ArrangedMeeting {
                starts_at: given.starts_at.0,
                ends_at: given.ends_at.map(|ends| ends.0),
                place: given.place.clone(),
            },
        }
    }
    changed(answer, command) {
        let arranged = answer.events.iter().find_map(|recorded| match &recorded.event {
            domain::Event::SessionArranged(arranged) => Some(arranged.session),
            _ => None,
        });
        arranged
            .or(command.session)
            .and_then(|session| answer.view.arranged_session(command.pairing, session))
    }

    /// Notes that a session which a pair arranged will not be. Nothing is counted; `recordSessionNotHeld` counts.
    "callOffSession" call_off_session
    /// What `callOffSession` needs.
    input CallOffSessionInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the session.
        session: ID,
    }
    /// What came of `callOffSession`.
    payload CallOffSessionPayload {
        /// The session; null when the command was refused.
        session: ArrangedSession
    }
    command(given, asked) {
        let ids = asked.view().ids();
        arrangement::CallOffSession {
            pairing: ids.pairing("pairing", &given.pairing)?,
            session: ids.arranged_session("session", &given.session)?,
        }
    }
    changed(answer, command) { answer.view.arranged_session(command.pairing, command.session) }
}

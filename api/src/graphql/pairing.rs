//! Pairings: mentors and mentees who have agreed to work together, and how that goes.
//!
//! No field asks for what was said in a session. Each side's count of the sessions is kept and shown as its own.

mod breakdown;
mod commands;
mod entries;
mod life;
mod sessions;

pub use commands::PairingMutations;
pub use entries::CorrectionMutations;
pub use life::LifeMutations;
pub use sessions::SessionMutations;

use super::{
    access::{Class, Query},
    adoption::Handbook,
    arrangement::ArrangedSession,
    audit_trail::{AuditEntryConnection, Because},
    closing::Owed,
    concern::Concern,
    connection::{Wanted, connection, weigh},
    development::NewsStanding,
    evaluation::Report,
    global_id::Kind,
    mentor::{Mentor, MentorFlag},
    mentoring::Mentee,
    needs::NeedsAnalysis,
    oversight::{CheckIn, Difficulty},
    own_notes::OwnNotes,
    scalars::{Date, day},
    third_person::ThirdPerson,
    view::View,
};
use crate::identity::standing::Thing;
use async_graphql::{Enum, Error, ID, Object};
use breakdown::Breakdown;
use domain::{
    identifiers::PairingId,
    pairing::{self, Course},
};
use entries::SessionEntry;
use sessions::{Meetings, SessionCounts};

/// A pairing.
pub struct Pairing {
    pub(super) view: View,
    pub(super) state: Box<pairing::Pairing>,
}

/// Where a pairing is in its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PairingCourse {
    /// They meet.
    Live,
    /// It broke down.
    Broken,
    /// The mentee withdrew.
    Withdrawn,
    /// It came to a good end, as planned or early.
    Concluded,
}

impl View {
    /// A pairing, if there is one and the caller may know of it.
    pub fn pairing(&self, id: PairingId) -> Option<Pairing> {
        let state = self.scheme().pairings.get(&id)?;
        let visible = self.may_see_pairing(state);
        visible.then(|| Pairing {
            view: self.clone(),
            state: Box::new(state.clone()),
        })
    }
}

connection! {
    /// A page of pairings, earliest first.
    PairingConnection, PairingEdge, Pairing
}

/// The page of those pairings that are asked for and that the caller may see.
pub fn pairings_page(
    view: &View,
    wanted: &Wanted<'_>,
    is_wanted: impl Fn(&pairing::Pairing) -> bool,
) -> Result<PairingConnection, Error> {
    let all = view.scheme().pairings.values();
    let mut keys: Vec<_> = all
        .filter(|pairing| is_wanted(pairing) && view.may_see_pairing(pairing))
        .map(|pairing| (pairing.formed_on, pairing.id))
        .collect();
    keys.sort_unstable();
    let page = view.page(wanted, &keys)?;
    Ok(PairingConnection::of(view, wanted.list, page, |key| {
        view.pairing(key.1)
    }))
}

impl View {
    /// The pairings of the scheme, as far as the caller may know of them.
    pub fn all_pairings(
        &self,
        course: Option<PairingCourse>,
        wanted: &Wanted<'_>,
    ) -> Result<PairingConnection, Error> {
        self.ask(Query::Pairings)?;
        pairings_page(self, wanted, |pairing| {
            self.may(Query::Pairings, Thing::Pairing(pairing))
                && course.is_none_or(|course| course == course_of(pairing))
        })
    }
}

fn course_of(pairing: &pairing::Pairing) -> PairingCourse {
    match pairing.course {
        Course::Live => PairingCourse::Live,
        Course::Broken(_) => PairingCourse::Broken,
        Course::Withdrawn { .. } => PairingCourse::Withdrawn,
        Course::Concluded { .. } => PairingCourse::Concluded,
    }
}

/// Mentors and mentees who have agreed to work together.
#[Object]
impl Pairing {
    /// The id of the pairing.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Pairing, self.state.id)
    }

    /// Those who mentor, as far as you may see them.
    async fn mentors(&self) -> Vec<Mentor> {
        let all = self.state.mentors.iter();
        all.filter_map(|id| self.view.mentor(*id)).collect()
    }

    /// What to look at about its mentors while it is live, for example that one left their post. It ends nothing by itself.
    /// Null when you may not see it.
    async fn mentor_flags(&self) -> Option<Vec<MentorFlag>> {
        self.view.mentor_flags(&self.state)
    }

    /// Those who are mentored, as far as you may see them.
    async fn mentees(&self) -> Vec<Mentee> {
        let all = self.state.mentees.iter();
        all.filter_map(|id| self.view.mentee(*id)).collect()
    }

    /// The handbook in force when it was formed; null for a pairing brought forward.
    async fn handbook(&self) -> Option<Handbook> {
        self.state.handbook.clone().map(Into::into)
    }

    /// The day it was formed.
    async fn formed_on(&self) -> Date {
        self.state.formed_on.into()
    }

    /// The day of the first session. Null before that, or when you may not see it.
    async fn first_session_on(&self) -> Option<Date> {
        day(self.state.first_session_on).filter(|_| self.counts_shown())
    }

    /// The sessions, as each side counts them. Null when you may not see them.
    async fn sessions(&self) -> Option<SessionCounts> {
        self.counts_shown().then(|| SessionCounts::of(&self.state))
    }

    /// What was told of the sessions, one by one and in order, as it stands now; what was corrected is among it. Null when
    /// you may not see it.
    async fn session_entries(&self) -> Option<Vec<SessionEntry>> {
        let told = self.state.told.iter();
        let entries = told.map(|told| SessionEntry::of(&self.view, told));
        self.counts_shown().then(|| entries.collect())
    }

    /// How often and how the pair agreed to meet. Null until they told it, or when you may not see it.
    async fn meetings(&self) -> Option<Meetings> {
        let meetings = self.state.meetings.filter(|_| self.counts_shown())?;
        Some(Meetings::new(&self.view, self.state.id, meetings))
    }

    /// The sessions the pair arranged, if they like to, in the order in which they first did. When and where is shown to
    /// the two alone. Null when you may not see that there are any.
    async fn arranged_sessions(&self) -> Option<Vec<ArrangedSession>> {
        self.counts_shown()
            .then(|| self.view.arranged_sessions(&self.state))
    }

    /// Since when it rests because the mentee asked for it. Null while it does not, or when you may not see it.
    async fn paused_since(&self) -> Option<Date> {
        day(self.state.paused_since()).filter(|_| self.counts_shown())
    }

    /// Whether the mentor has told that the sessions of the core offer were held. Null when you may not see it.
    async fn meetings_reached(&self) -> Option<bool> {
        self.counts_shown().then_some(self.state.meetings_reached)
    }

    /// The pairing it takes the place of. Null when there is none, or when you may not see it.
    async fn replaces(&self) -> Option<Pairing> {
        self.state.replaces.and_then(|id| self.view.pairing(id))
    }

    /// Where it is in its course.
    async fn course(&self) -> PairingCourse {
        course_of(&self.state)
    }

    /// The day it ended; null while it is live.
    async fn ended_on(&self) -> Option<Date> {
        match &self.state.course {
            Course::Live => None,
            Course::Broken(breakdown) => Some(breakdown.on.into()),
            Course::Withdrawn { on } | Course::Concluded { on, .. } => Some((*on).into()),
        }
    }

    /// Whether it was concluded while sessions and months were left. Null unless it was concluded, where that is not
    /// known, or when you may not see it.
    async fn concluded_early(&self) -> Option<bool> {
        match self.state.course {
            Course::Concluded { early, .. } if self.counts_shown() => early,
            _ => None,
        }
    }

    /// How it broke down and what was judged since; null when it did not.
    async fn breakdown(&self) -> Option<Breakdown> {
        let breakdown = self.state.breakdown()?;
        Some(Breakdown::new(&self.view, &self.state, breakdown))
    }

    /// What each member said last when they were asked how it goes, as far as you may see it: members see their own only.
    async fn check_ins(&self) -> Vec<CheckIn> {
        let all = self.state.check_ins.iter();
        all.filter_map(|check_in| self.view.check_in(*check_in))
            .collect()
    }

    /// What the pair noted for themselves. Null for everybody but the pair.
    async fn own_notes(&self) -> Option<OwnNotes> {
        self.view.own_notes(&self.state)
    }

    /// The difficulties raised, in order. Null when you may not see them.
    async fn difficulties(&self) -> Option<Vec<Difficulty>> {
        let all = self.state.difficulties.iter();
        let shown = self.view.sees_of_all(Class::Difficulty);
        shown.then(|| all.map(|difficulty| (*difficulty).into()).collect())
    }

    /// What is still owed at its end; empty while it is under way or another mentor is to be found. Null when you may not
    /// see it.
    async fn owed(&self) -> Option<Vec<Owed>> {
        let all = domain::closing::owed(self.view.scheme(), &self.state).into_iter();
        let shown = self.view.sees_of_all(Class::Closing);
        shown.then(|| all.map(|owed| Owed::new(&self.view, owed)).collect())
    }

    /// When each member last had news of development, and when they are due some again. Null when you may not see it.
    async fn development_news(&self) -> Option<Vec<NewsStanding>> {
        self.view.news_standing(&self.state)
    }

    /// The reports asked for or filed at the end, as far as you may see them: members see their own only.
    async fn reports(&self) -> Vec<Report> {
        let all = self.state.reports.iter();
        all.filter_map(|report| self.view.report(self.state.id, *report))
            .collect()
    }

    /// The analyses of needs that are shared with this pairing and that you may read: at hand for the first session.
    async fn needs_analyses(&self) -> Vec<NeedsAnalysis> {
        self.view.needs_analyses_shared_with(&self.state)
    }

    /// The concerns referred about it, as far as you may know of them: as the mentor who referred, as the mentee whom it is
    /// about, or as coordinator.
    async fn concerns(&self) -> Vec<Concern> {
        self.view.concerns_of(self.state.id)
    }

    /// The third persons whom the pair brings in or brought in, as far as you may know of them: as one of the pair, or as
    /// coordinator where the office recorded any of it.
    async fn third_persons(&self) -> Vec<ThirdPerson> {
        self.view.third_persons_of(self.state.id)
    }

    /// The entries of the history about this pairing. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection, Error>> {
        let because = Because::Subject(self.state.id.0);
        self.view.because(because, first, after).await.transpose()
    }
}

impl Pairing {
    fn counts_shown(&self) -> bool {
        self.view.sees_pairing(Class::SessionCount, &self.state)
    }
}

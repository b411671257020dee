//! Pairings: mentors and mentees who have agreed to work together, and how that goes.
//!
//! No field asks for what was said in a session. Each side's count of the sessions is kept and shown as its own.

mod commands;

pub use commands::PairingMutations;

use super::{
    access::{Class, Query},
    adoption::Handbook,
    audit_trail::{AuditEntryConnection, Because},
    connection::{Wanted, connection, weigh},
    evaluation::Report,
    global_id::Kind,
    kinds::{BreakdownCause, ReplacementJudgement},
    mentor::Mentor,
    mentoring::Mentee,
    needs::NeedsAnalysis,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, Object, SimpleObject};
use domain::{
    identifiers::PairingId,
    pairing::{self, Course},
};

/// A pairing.
pub struct Pairing {
    pub(super) view: View,
    pub(super) state: pairing::Pairing,
}

/// Where a pairing is in its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PairingCourse {
    /// They meet.
    Live,
    /// It broke down.
    Broken,
    /// It came to its end as planned.
    Concluded,
}

/// The sessions of a pairing, as each side counts them.
#[derive(Debug, Clone, SimpleObject)]
pub struct SessionCounts {
    /// How many by the mentee's count.
    pub mentee: u16,
    /// How many by the mentor's count.
    pub mentor: u16,
    /// How many were used before the scheme was run here.
    pub brought_forward: u16,
    /// How many count against the entitlement: the larger of both counts, and those brought forward.
    pub used: u16,
}

impl From<pairing::Counts> for SessionCounts {
    fn from(counts: pairing::Counts) -> Self {
        Self {
            mentee: counts.mentee,
            mentor: counts.mentor,
            brought_forward: counts.brought_forward,
            used: counts.used(),
        }
    }
}

impl View {
    /// A pairing, if there is one and the caller may know of it.
    pub fn pairing(&self, id: PairingId) -> Option<Pairing> {
        let state = self.scheme().pairings.get(&id)?;
        let visible = self.may_see_pairing(state);
        visible.then(|| Pairing {
            view: self.clone(),
            state: state.clone(),
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
            course.is_none_or(|course| course == course_of(pairing))
        })
    }
}

fn course_of(pairing: &pairing::Pairing) -> PairingCourse {
    match pairing.course {
        Course::Live => PairingCourse::Live,
        Course::Broken { .. } => PairingCourse::Broken,
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
        self.counts_shown().then(|| self.state.counts.into())
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

    /// The day it broke down or was concluded; null while it is live.
    async fn ended_on(&self) -> Option<Date> {
        match self.state.course {
            Course::Live => None,
            Course::Broken { on, .. } | Course::Concluded { on } => Some(on.into()),
        }
    }

    /// Why it broke down, as far as anybody says. Null when it did not, and for everybody but the coordinator.
    async fn cause(&self) -> Option<BreakdownCause> {
        match self.state.course {
            Course::Broken { cause, .. } if self.view.sees_of_all(Class::DeclineSide) => {
                Some(cause.into())
            }
            _ => None,
        }
    }

    /// What was judged after it broke down; null when it did not, or nothing is judged yet.
    async fn judgement(&self) -> Option<ReplacementJudgement> {
        match self.state.course {
            Course::Broken { judgement, .. } => judgement.map(Into::into),
            Course::Live | Course::Concluded { .. } => None,
        }
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

//! Pairings: mentors and mentees who have agreed to work together, and how that goes.
//!
//! No field asks for what was said in a session. Each side's count of the sessions is kept and shown as its own.

use super::{
    access::{Class, Query},
    adoption::Handbook,
    audit_trail::{AuditEntryConnection, Because},
    command::mutations,
    connection::{Wanted, connection, weigh},
    evaluation::Report,
    global_id::{Kind, Reader},
    kinds::{BreakdownCause, ReplacementJudgement, Side},
    mentor::Mentor,
    mentoring::Mentee,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, Object, SimpleObject};
use domain::{
    Event,
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

fn pairing_of(ids: Reader<'_>, id: &ID) -> Result<PairingId, Error> {
    ids.pairing("pairing", id)
}

/// The caller's own side of a pairing.
fn own_side(view: &View, id: PairingId) -> Option<domain::matching::Side> {
    let pairing = view.scheme().pairings.get(&id);
    pairing.and_then(|pairing| view.side_in(pairing))
}

mutations! {
    PairingMutations;

    /// Forms a pairing of matches on which both sides have agreed. Other open matches of the mentee are released.
    "formPairing" form_pairing
    /// What `formPairing` needs.
    input FormPairingInput {
        /// The ids of the matches: one, or several where the policy allows groups.
        matches: Vec<ID>,
    }
    /// What came of `formPairing`.
    payload FormPairingPayload {
        /// The pairing; null when the command was refused, or only judged.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::FormPairing { matches: asked.view().ids().matches("matches", &given.matches)? }
    }
    changed(answer, command) {
        let formed = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::PairingFormed(formed) => Some(formed.pairing),
            _ => None,
        });
        let before = || answer.view.scheme().pairing_of_matches(&command.matches).map(|found| found.id);
        formed.or_else(before).and_then(|id| answer.view.pairing(id))
    }

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

    /// Records that a pairing broke down.
    "breakPairing" break_pairing
    /// What `breakPairing` needs.
    input BreakPairingInput {
        /// The id of the pairing.
        pairing: ID,
        /// Why, as far as anybody says.
        #[graphql(default_with = "BreakdownCause::NotStated")]
        cause: BreakdownCause,
    }
    /// What came of `breakPairing`.
    payload BreakPairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::BreakPairing {
            pairing: pairing_of(asked.view().ids(), &given.pairing)?,
            cause: given.cause.into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records what was judged after a breakdown: whether another mentor is to be found.
    "judgeReplacement" judge_replacement
    /// What `judgeReplacement` needs.
    input JudgeReplacementInput {
        /// The id of the pairing that broke down.
        pairing: ID,
        /// What was judged.
        judgement: ReplacementJudgement,
        /// Whether the mentee took part in judging, as they should.
        with_mentee: bool,
    }
    /// What came of `judgeReplacement`.
    payload JudgeReplacementPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::JudgeReplacement {
            pairing: pairing_of(asked.view().ids(), &given.pairing)?,
            judgement: given.judgement.into(),
            with_mentee: given.with_mentee,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that a pairing came to its end as planned.
    "concludePairing" conclude_pairing
    /// What `concludePairing` needs.
    input ConcludePairingInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `concludePairing`.
    payload ConcludePairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::ConcludePairing { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}

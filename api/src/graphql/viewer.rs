//! Whoever is asking: what their token says, and what waits for them.

mod pairings;

use super::{
    access::{Query, authorise},
    connection::{Wanted, connection, weigh},
    development::DevelopmentNewsConnection,
    error::{Code, answer, field_error},
    global_id::Kind,
    matching::Match,
    mentor::Mentor,
    mentoring::Mentee,
    pairing::{Pairing, PairingConnection, pairings_page},
    scalars::{Date, DateTime, day},
    view::{View, caller},
};
use crate::identity::{self, Caller};
use async_graphql::{Context, Enum, ID, Object, Result};
use domain::{
    identifiers::{MatchId, PairingId, PersonId},
    mentor::Portrait,
    mentoring::Offer,
};
use projections::stage::{Stage, WaitsFor};
use serde::{Deserialize, Serialize};

/// The question who is asking.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Whoever is asking, by their token.
    async fn viewer(&self, context: &Context<'_>) -> Option<Result<Viewer>> {
        answer(|| {
            authorise(context, Query::Viewer)?;
            Ok(Some(Viewer(caller(context)?.clone())))
        })
    }
}

/// What somebody is to the schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "identity::Role")]
pub enum Role {
    /// Runs a scheme, or stands in for the one who does.
    Coordinator,
    /// Mentors others.
    Mentor,
    /// Is mentored.
    Mentee,
    /// An employer's personnel system, for its own people only.
    Employer,
    /// A line manager who answers surveys.
    Manager,
    /// Leads the meetings of a group.
    Facilitator,
    /// Steers the programme of which a scheme is part.
    ProjectManager,
    /// Pays for a scheme and sees its figures.
    Commissioner,
    /// Replays the history and checks that nobody altered it.
    Auditor,
    /// Keeps policy and keys.
    Administrator,
    /// Checks what the notices of one employer came to, and nothing else.
    EmployerAuditor,
}

/// Whoever holds the token.
pub struct Viewer(Caller);

/// Whoever is asking: what their token says, and what waits for them.
#[Object]
impl Viewer {
    /// The roles of the token. Today a token carries exactly one.
    async fn roles(&self) -> Vec<Role> {
        vec![self.0.role.into()]
    }

    /// The id of the one scheme the token is for; null when it is for any.
    async fn scheme(&self) -> Option<ID> {
        self.0.scheme.as_deref().map(ID::from)
    }

    /// The id of the person the token stands for, where it stands for one. Mutations take it as a mentor's or mentee's.
    async fn person(&self) -> Option<ID> {
        let scheme = self.0.scheme.as_deref()?;
        let person = self.0.person?;
        Some(super::global_id::encode(scheme, Kind::Person, person))
    }

    /// The code of the employer the token speaks for, where it speaks for one.
    async fn employer(&self) -> Option<&str> {
        self.0.employer.as_deref()
    }

    /// From this instant on the token is worth nothing.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// What waits for you: for a mentor or mentee what they are to do themselves, for a coordinator what is theirs in
    /// the scheme. Earliest day first, then what has no day.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn due(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the scheme. Not needed when the token is for one scheme.")]
        scheme: Option<ID>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<TaskConnection>> {
        let view = self.view(context, scheme).await;
        Some(view.and_then(|view| self.tasks(&view, first, after)))
    }

    /// The news of development you were sent, earliest first; null for a token that stands for no person.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn development_news(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the scheme. Not needed when the token is for one scheme.")]
        scheme: Option<ID>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<DevelopmentNewsConnection>> {
        let me = PersonId(self.0.person?);
        match self.view(context, scheme).await {
            Ok(view) => view.news_of(me, first, after),
            Err(error) => Some(Err(error)),
        }
    }

    /// The pairings you are or were in, earliest first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn pairings(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the scheme. Not needed when the token is for one scheme.")]
        scheme: Option<ID>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let view = self.view(context, scheme).await;
        let wanted = Wanted {
            list: "own-pairings",
            first,
            after,
        };
        Some(view.and_then(|view| {
            pairings_page(&view, &wanted, |pairing| view.side_in(pairing).is_some())
        }))
    }
}

impl Viewer {
    fn tasks(
        &self,
        view: &View,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<TaskConnection> {
        let mut keys = match (view.me(), self.0.role) {
            (Some(person), identity::Role::Mentor | identity::Role::Mentee) => {
                own_tasks(view, person)
            }
            (_, identity::Role::Coordinator) => coordinators_tasks(view),
            _ => Vec::new(),
        };
        keys.sort_unstable();
        let list = "tasks";
        let page = view.page(&Wanted { list, first, after }, &keys)?;
        Ok(TaskConnection::of(view, list, page, |key| {
            Some(Task {
                view: view.clone(),
                key,
            })
        }))
    }

    async fn view(&self, context: &Context<'_>, scheme: Option<ID>) -> Result<View> {
        let scheme = scheme.map(|id| id.0).or_else(|| self.0.scheme.clone());
        let Some(scheme) = scheme else {
            let message = "Your token is for any scheme: say which one.";
            return Err(field_error(Code::InvalidInput, "scheme", message));
        };
        View::open(context, &scheme, None).await
    }
}

/// What can wait for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Enum)]
pub enum TaskKind {
    /// Confirm the facts an entitlement waits for.
    ConfirmFacts,
    /// Make contact.
    MakeContact,
    /// Offer mentoring.
    OfferMentoring,
    /// Answer the offer of mentoring.
    AnswerOffer,
    /// Offer mentors.
    OfferMatches,
    /// Answer a match.
    AnswerMatch,
    /// Form a pairing on which both sides have agreed.
    FormPairing,
    /// Judge whether another mentor is to be found.
    JudgeReplacement,
    /// Register with a pen portrait.
    Register,
    /// Approve the pen portrait.
    ApprovePenPortrait,
    /// Record that a mentor took part in the induction seminar.
    RecordInduction,
    /// File a report on how well mentoring worked.
    FileReport,
    /// Prepare for the first session.
    PrepareFirstSession,
    /// Ring back a member of a pairing who asked for it.
    RingBack,
    /// Have a difficulty resolved.
    ResolveDifficulty,
    /// Give a mentor feedback at the end.
    GiveMentorFeedback,
    /// Talk over with a mentee what support comes next.
    DiscussOngoingSupport,
    /// Acknowledge a concern that was referred.
    AcknowledgeConcern,
    /// See a concern to its close.
    CloseConcern,
}

/// What a task is named by, in the order in which tasks are shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct TaskKey {
    /// No day comes last.
    on: (bool, Option<jiff::civil::Date>),
    what: TaskKind,
    person: PersonId,
    of: Option<MatchId>,
    pairing: Option<PairingId>,
}

impl TaskKey {
    const fn new(what: TaskKind, person: PersonId) -> Self {
        Self {
            on: (true, None),
            what,
            person,
            of: None,
            pairing: None,
        }
    }

    fn by(self, day: Option<jiff::civil::Date>) -> Self {
        Self {
            on: (day.is_none(), day),
            ..self
        }
    }
}

connection! {
    /// A page of what waits for somebody, earliest day first.
    TaskConnection, TaskEdge, Task
}

/// Something that waits for somebody.
pub struct Task {
    view: View,
    key: TaskKey,
}

/// Something that waits for you.
#[Object]
impl Task {
    /// What is to be done.
    async fn what(&self) -> TaskKind {
        self.key.what
    }

    /// The last day for it; null when there is none.
    async fn on(&self) -> Option<Date> {
        day(self.key.on.1)
    }

    /// Whether that day has passed.
    async fn overdue(&self) -> bool {
        self.key.on.1.is_some_and(|on| on < self.view.today())
    }

    /// The mentee it is about; null where it is about none you may see.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.key.person)
    }

    /// The mentor it is about; null where it is about none you may see.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.key.person)
    }

    /// The match it is about; null where it is about none.
    #[graphql(name = "match")]
    async fn offered_match(&self) -> Option<Match> {
        self.key.of.and_then(|id| self.view.offered_match(id))
    }

    /// The pairing it is about; null where it is about none.
    async fn pairing(&self) -> Option<Pairing> {
        self.key.pairing.and_then(|id| self.view.pairing(id))
    }
}

/// What somebody is to do themselves.
fn own_tasks(view: &View, me: PersonId) -> Vec<TaskKey> {
    let scheme = view.scheme();
    let mut tasks = Vec::new();
    if let Some(mentee) = scheme.mentees.get(&me) {
        if mentee.offer == Offer::Open {
            tasks.push(TaskKey::new(TaskKind::AnswerOffer, me));
        }
        let unanswered = scheme
            .open_matches(mentee)
            .filter(|open| open.mentee_agreed_on.is_none());
        tasks.extend(unanswered.map(|open| answer_match(me, open)));
    }
    if let Some(mentor) = scheme.mentors.get(&me) {
        match mentor.portrait {
            // Nothing is asked of whoever is gone.
            _ if mentor.presence.is_gone() => {}
            Portrait::None | Portrait::Registered { complete: false } => {
                tasks.push(TaskKey::new(TaskKind::Register, me));
            }
            Portrait::Registered { complete: true } => {
                tasks.push(TaskKey::new(TaskKind::ApprovePenPortrait, me));
            }
            Portrait::Approved => {}
        }
        // The mentee chooses first: a mentor is asked once the mentee has agreed.
        let all = mentor
            .matches
            .iter()
            .filter_map(|id| scheme.matches.get(id));
        let asked = all.filter(|found| {
            found.progress == domain::matching::Progress::Open
                && found.mentee_agreed_on.is_some()
                && found.mentor_agreed_on.is_none()
        });
        tasks.extend(asked.map(|open| answer_match(me, open)));
    }
    let own = scheme.pairings.values();
    let out = own.filter(|pairing| {
        let mut reports = pairing.reports.iter();
        reports.any(|report| report.person == me && report.is_out())
    });
    tasks.extend(out.map(|pairing| TaskKey {
        pairing: Some(pairing.id),
        ..TaskKey::new(TaskKind::FileReport, me)
    }));
    tasks.extend(pairings::own_tasks(view, me));
    tasks
}

fn answer_match(me: PersonId, open: &domain::matching::Match) -> TaskKey {
    TaskKey {
        of: Some(open.id),
        ..TaskKey::new(TaskKind::AnswerMatch, me).by(Some(open.answer_by))
    }
}

/// What in a scheme waits for its coordinator.
fn coordinators_tasks(view: &View) -> Vec<TaskKey> {
    let board = &view.snapshot().board;
    let of_stages = [
        (Stage::ToConfirm, TaskKind::ConfirmFacts),
        (Stage::ToContact, TaskKind::MakeContact),
        (Stage::ToOffer, TaskKind::OfferMentoring),
        (Stage::ToMatch, TaskKind::OfferMatches),
        (Stage::ToForm, TaskKind::FormPairing),
        (Stage::BrokenDown, TaskKind::JudgeReplacement),
    ];
    let cards = of_stages
        .into_iter()
        .flat_map(|(stage, what)| board.at(stage, None).map(move |card| (card, what)));
    let of_mentees = cards.map(|(card, what)| {
        let due = view.next_due(card);
        TaskKey::new(what, card.mentee).by(due.map(|due| due.on))
    });
    let mentors = view.scheme().mentors.values();
    let of_mentors = mentors
        .filter(|mentor| view.mentor_stage(mentor).waits_for() == WaitsFor::Coordinator)
        .map(|mentor| TaskKey::new(TaskKind::RecordInduction, mentor.person));
    let of_pairings = pairings::coordinators_tasks(view);
    let all = of_mentees.chain(of_mentors).chain(of_pairings);
    all.chain(pairings::concerns(view)).collect()
}

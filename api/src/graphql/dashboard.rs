//! The coordinator's board: everybody by stage, since when, what is due next, and why.

use super::{
    access::{Class, Query},
    audit_trail::{AuditEntryConnection, Because},
    connection::{Wanted, connection, weigh},
    kinds::{DueKind, MentorStage, Stage, WaitsFor},
    live::Listener,
    mentor::MentorConnection,
    mentoring::Mentee,
    pairing::PairingConnection,
    scalars::{Date, Version},
    view::View,
};
use async_graphql::{Context, Error, ID, Object, Result, SimpleObject, Subscription};
use domain::identifiers::PersonId;
use futures_util::{Stream, stream};
use projections::{board, stage};

/// The board of a scheme.
pub struct Dashboard(View);

/// What is due, and by when.
#[derive(Debug, Clone, SimpleObject)]
pub struct Due {
    /// What is due.
    pub what: DueKind,
    /// The last day for it.
    pub on: Date,
    /// Whether that day has passed.
    pub overdue: bool,
}

impl From<board::NextDue> for Due {
    fn from(due: board::NextDue) -> Self {
        Self {
            what: due.what.into(),
            on: due.on.into(),
            overdue: due.overdue,
        }
    }
}

impl View {
    /// The board, if the caller may see it.
    pub fn dashboard(&self) -> Result<Dashboard> {
        // A board of one's own, or of an employer's people, would be another thing.
        self.ask_of_all(Query::Dashboard)?;
        Ok(Dashboard(self.clone()))
    }

    /// What is due next for the mentee of a card.
    pub fn due(&self, card: &board::Card) -> Option<Due> {
        self.next_due(card).map(Into::into)
    }

    /// The same, to sort by. A day that would tell of a sealed one is told only to whoever may see that.
    pub fn next_due(&self, card: &board::Card) -> Option<board::NextDue> {
        let knows_days = self.sees(Class::Employment, card.mentee);
        let particulars = knows_days.then(|| self.particulars());
        let board = &self.snapshot().board;
        board.due(card, self.scheme(), particulars, self.today())
    }

    fn card(&self, mentee: PersonId) -> Option<Card> {
        let card = self.snapshot().board.card(mentee)?;
        Some(Card {
            view: self.clone(),
            card: card.clone(),
        })
    }
}

/// The board of a scheme: everybody by stage, who has waited longest first.
#[Object]
impl Dashboard {
    /// The version of the scheme it shows.
    async fn version(&self) -> Version {
        self.0.version()
    }

    /// The day by which things are judged as due or overdue.
    async fn today(&self) -> Date {
        self.0.today().into()
    }

    /// The stages of mentees, in the order of the way, the empty ones too.
    async fn stages(&self) -> Vec<StageColumn> {
        let column = |stage| StageColumn {
            view: self.0.clone(),
            stage,
        };
        stage::Stage::ALL.into_iter().map(column).collect()
    }

    /// The stages of mentors, in the order of the way, the empty ones too.
    async fn mentor_stages(&self) -> Vec<MentorStageColumn> {
        let mut columns: Vec<_> = stage::MentorStage::ALL
            .into_iter()
            .map(|stage| MentorStageColumn {
                view: self.0.clone(),
                stage,
                mentors: Vec::new(),
            })
            .collect();
        for mentor in self.0.scheme().mentors.values() {
            let stage = self.0.mentor_stage(mentor);
            if let Some(column) = columns.iter_mut().find(|column| column.stage == stage) {
                column.mentors.push((mentor.since, mentor.person));
            }
        }
        for column in &mut columns {
            column.mentors.sort_unstable();
        }
        columns
    }

    /// Everybody for whom something is due by a day, earliest day first, so what is overdue comes first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn due(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<CardConnection>> {
        let view = &self.0;
        let board = &view.snapshot().board;
        let cards = stage::Stage::ALL
            .into_iter()
            .flat_map(|stage| board.at(stage, None));
        let mut keys: Vec<_> = cards
            .filter_map(|card| {
                let due = view.next_due(card)?;
                Some((due.on, card.mentee))
            })
            .collect();
        keys.sort_unstable();
        let list = "due";
        let page = view.page(&Wanted { list, first, after }, &keys);
        Some(page.map(|page| CardConnection::of(view, list, page, |key| view.card(key.1))))
    }

    /// The live pairings, those first in which news of development is due first; `developmentNews` of each says to whom.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn development_news(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let list = "pairings-by-news";
        Some(self.0.pairings_by_news(&Wanted { list, first, after }))
    }
}

/// A stage of the board.
pub struct StageColumn {
    view: View,
    stage: stage::Stage,
}

/// A stage of mentees, with everybody who is there.
#[Object]
impl StageColumn {
    /// The stage.
    async fn stage(&self) -> Stage {
        self.stage.into()
    }

    /// Who is to act next for those who are there; null where that differs from one to the other.
    async fn waits_for(&self) -> Option<WaitsFor> {
        use stage::Stage;
        match self.stage {
            Stage::Matching | Stage::Evaluating => None,
            Stage::ToConfirm
            | Stage::ToContact
            | Stage::ToOffer
            | Stage::ToMatch
            | Stage::ToForm => Some(WaitsFor::Coordinator),
            Stage::Offered | Stage::Paused => Some(WaitsFor::Mentee),
            Stage::Paired => Some(WaitsFor::Pair),
            Stage::BrokenDown => Some(WaitsFor::MenteeAndCoordinator),
            Stage::Ended
            | Stage::Declined
            | Stage::NotEligible
            | Stage::Unlinked
            | Stage::Erased => Some(WaitsFor::Nobody),
        }
    }

    /// How many are there.
    async fn count(&self) -> usize {
        self.view.snapshot().board.count(self.stage)
    }

    /// Who is there, who has waited longest first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn cards(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<CardConnection>> {
        let view = &self.view;
        let cards = view.snapshot().board.at(self.stage, None);
        let keys: Vec<_> = cards.map(|card| (card.since, card.mentee)).collect();
        let list = format!("cards-{:?}", self.stage);
        let list = list.as_str();
        let page = view.page(&Wanted { list, first, after }, &keys);
        Some(page.map(|page| CardConnection::of(view, list, page, |key| view.card(key.1))))
    }
}

/// A stage of the board, for mentors.
pub struct MentorStageColumn {
    view: View,
    stage: stage::MentorStage,
    mentors: Vec<(jiff::civil::Date, PersonId)>,
}

/// A stage of mentors, with everybody who is there.
#[Object]
impl MentorStageColumn {
    /// The stage.
    async fn stage(&self) -> MentorStage {
        self.stage.into()
    }

    /// Who is to act next for those who are there.
    async fn waits_for(&self) -> WaitsFor {
        self.stage.waits_for().into()
    }

    /// How many are there.
    async fn count(&self) -> usize {
        self.mentors.len()
    }

    /// Who is there, who has been a mentor longest first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn mentors(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MentorConnection>> {
        let view = &self.view;
        let list = format!("mentors-{:?}", self.stage);
        let list = list.as_str();
        let page = view.page(&Wanted { list, first, after }, &self.mentors);
        Some(page.map(|page| MentorConnection::of(view, list, page, |key| view.mentor(key.1))))
    }
}

connection! {
    /// A page of cards of the board.
    CardConnection, CardEdge, Card
}

/// Somebody on the board.
pub struct Card {
    view: View,
    card: board::Card,
}

/// Somebody on the board: where they are, since when, what is due next, and why.
#[Object]
impl Card {
    /// The mentee. Null when you may not see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.card.mentee)
    }

    /// Where they are.
    async fn stage(&self) -> Stage {
        self.card.stage.into()
    }

    /// Who is to act next for them.
    async fn waits_for(&self) -> WaitsFor {
        let scheme = self.view.scheme();
        let mentee = scheme.mentees.get(&self.card.mentee);
        mentee.map_or(WaitsFor::Nobody, |mentee| {
            self.card.stage.waits_for(scheme, mentee).into()
        })
    }

    /// The day they came to that stage.
    async fn since(&self) -> Date {
        self.card.since.into()
    }

    /// What is due next for them, and by when; null when nothing is.
    async fn due(&self) -> Option<Due> {
        self.view.due(&self.card)
    }

    /// The entries of the history that brought them there and that touched them since. Null when you may not see the
    /// history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        let because = Because::Positions(self.card.because.clone());
        self.view.because(because, first, after).await.transpose()
    }
}

/// What can be followed of the board.
#[derive(Default)]
pub struct DashboardSubscription;

#[Subscription]
impl DashboardSubscription {
    /// The board, now and whenever the scheme changes. Changes that follow each other quickly come as one. It ends when
    /// your token expires.
    async fn dashboard(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the scheme.")] scheme: ID,
    ) -> Result<impl Stream<Item = Result<Dashboard>> + use<>> {
        let mut listener = Listener::open(context, &scheme, Query::Dashboard).await?;
        listener.view()?;
        Ok(stream::unfold(Some((listener, true)), following))
    }
}

async fn following(
    state: Option<(Listener, bool)>,
) -> Option<(Result<Dashboard>, Option<(Listener, bool)>)> {
    let (mut listener, is_first) = state?;
    if !is_first && !listener.changed().await {
        return None;
    }
    let shown: Result<Dashboard, Error> = listener.view().and_then(|view| view.dashboard());
    let next = shown.is_ok().then_some((listener, false));
    Some((shown, next))
}

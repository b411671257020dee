//! What a scheme gave, in figures. Each stands beside what it is a part of and can name the entries behind it.

use super::{
    access::Query,
    adoption::PolicyRule,
    audit_trail::{AuditEntryConnection, Because},
    connection::weigh,
    scalars::{Date, civil},
    view::View,
};
use async_graphql::{Error, Object, Result};
use domain::identifiers::PersonId;
use projections::{
    measures::{self, Share, Spread},
    posts::entries_of,
};

/// The code of the rule that says who pays.
const FUNDING: &str = "funding";
const NOTICE: &[&str] = &["appointment.notified"];
const SESSIONS: &[&str] = &["session.held", "sessions.counted", "meetings.reached"];
const PAIRINGS: &[&str] = &["pairing.formed", "pairing.brought-forward"];

/// The figures of a scheme.
pub struct Measures {
    view: View,
    figures: measures::Measures,
}

impl View {
    /// The figures of those of whom a notice first told on `since` or later.
    pub fn measures(&self, since: Option<Date>) -> Result<Measures, Error> {
        self.ask_of_all(Query::Measures)?;
        Ok(Measures {
            view: self.clone(),
            figures: measures::measures(self.scheme(), civil(since), self.today()),
        })
    }
}

/// What a scheme gave, in figures: each beside what it is a part of. There is deliberately no percentage.
#[Object]
impl Measures {
    /// Sessions used by everybody who is or was in a pairing, of those that were granted to them. Sessions beyond the core
    /// offer are among those used.
    async fn sessions(&self) -> MeasuredShare {
        let figures = &self.figures;
        let (count, of) = (figures.sessions_used, figures.sessions_granted);
        let kinds = [SESSIONS, PAIRINGS].concat();
        self.part((count as usize, of as usize), &figures.paired, &kinds)
    }

    /// Days of the months that have passed, for everybody in a pairing whose months have begun, without days on which they
    /// stood still.
    async fn days_used(&self) -> MeasuredSpread {
        let kinds = [SESSIONS, PAIRINGS, &["start.agreed"]].concat();
        self.spread(&self.figures.days_used, &kinds)
    }

    /// Days from the first notice to the day on which they were first reached, for everybody entitled.
    async fn days_to_contact(&self) -> MeasuredSpread {
        let kinds = [NOTICE, &["contact.made"]].concat();
        self.spread(&self.figures.days_to_contact, &kinds)
    }

    /// Days from the first notice to the first pairing, for everybody who took mentoring up.
    async fn days_to_match(&self) -> MeasuredSpread {
        let kinds = [NOTICE, PAIRINGS].concat();
        self.spread(&self.figures.days_to_match, &kinds)
    }

    /// Days from the first notice to the first session, for everybody who is or was in a pairing.
    async fn days_to_first_session(&self) -> MeasuredSpread {
        let kinds = [NOTICE, SESSIONS].concat();
        self.spread(&self.figures.days_to_first_session, &kinds)
    }

    /// Of those who were offered mentoring, those who took it up.
    async fn took_up(&self) -> MeasuredShare {
        let kinds = [
            "mentoring.offered",
            "mentoring.accepted",
            "pairing.brought-forward",
        ];
        self.share(&self.figures.took_up, &kinds)
    }

    /// Of those who were offered mentoring, those who declined. Nobody is asked why.
    async fn declined(&self) -> MeasuredShare {
        let kinds = ["mentoring.offered", "mentoring.declined"];
        self.share(&self.figures.declined, &kinds)
    }

    /// Of those who were offered mentoring, those who have not answered.
    async fn unanswered(&self) -> MeasuredShare {
        self.share(&self.figures.unanswered, &["mentoring.offered"])
    }

    /// How many mentors were offered to each who took mentoring up.
    async fn choices(&self) -> MeasuredSpread {
        self.spread(&self.figures.choices, &["match.offered"])
    }

    /// Of those who put mentors in an order and were paired, those who were paired with their first choice.
    async fn first_choice(&self) -> MeasuredShare {
        let kinds = [PAIRINGS, &["matches.ranked"]].concat();
        self.share(&self.figures.first_choice, &kinds)
    }

    /// The rule of the policy in force that says who pays for the core offer; a council is shown no cost of it. Null where
    /// the policy does not say.
    async fn paid_by(&self) -> Option<PolicyRule> {
        let policy = self.view.scheme().policy_on(self.view.today())?;
        policy.rule(FUNDING).cloned().map(Into::into)
    }
}

impl Measures {
    fn share(&self, share: &Share, kinds: &[&str]) -> MeasuredShare {
        self.part((share.people.len(), share.of), &share.people, kinds)
    }

    fn part(
        &self,
        (count, of): (usize, usize),
        people: &[PersonId],
        kinds: &[&str],
    ) -> MeasuredShare {
        MeasuredShare {
            count,
            of,
            rests_on: RestsOn::of(&self.view, people, kinds),
        }
    }

    fn spread(&self, spread: &Spread, kinds: &[&str]) -> MeasuredSpread {
        MeasuredSpread {
            rests_on: RestsOn::of(&self.view, &spread.people(), kinds),
            spread: spread.clone(),
        }
    }
}

/// What a figure rests on, worked out when it is asked for.
struct RestsOn {
    view: View,
    people: Vec<PersonId>,
    kinds: Vec<String>,
}

impl RestsOn {
    fn of(view: &View, people: &[PersonId], kinds: &[&str]) -> Self {
        Self {
            view: view.clone(),
            people: people.to_vec(),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        }
    }

    async fn because(
        &self,
        first: Option<i32>,
        after: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        let kinds: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        let positions = entries_of(self.view.snapshot(), &self.people, &kinds);
        let because = Because::Positions(positions);
        self.view.because(because, first, after).await.transpose()
    }
}

/// A part of a whole.
pub struct MeasuredShare {
    count: usize,
    of: usize,
    rests_on: RestsOn,
}

/// How many something is true of, beside how many it could be true of.
#[Object]
impl MeasuredShare {
    /// How many it is true of.
    async fn count(&self) -> usize {
        self.count
    }

    /// How many it could be true of.
    async fn of(&self) -> usize {
        self.of
    }

    /// The entries of the history behind it. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        self.rests_on.because(first, after).await
    }
}

/// A number for each of several people.
pub struct MeasuredSpread {
    spread: Spread,
    rests_on: RestsOn,
}

/// A number for each of several people, such as the days something took: the one in the middle, the least and the most.
#[Object]
impl MeasuredSpread {
    /// For how many people there is a number.
    async fn count(&self) -> usize {
        self.spread.counts().0
    }

    /// For how many people there could be one.
    async fn of(&self) -> usize {
        self.spread.counts().1
    }

    /// For how many it is not there yet.
    async fn awaited(&self) -> usize {
        self.spread.awaited.len()
    }

    /// The number in the middle; of two, what lies between them. Null where there is none.
    async fn median(&self) -> Option<f64> {
        self.spread.median()
    }

    /// The least. Null where there is none. Below zero where it came before the notice.
    async fn least(&self) -> Option<i32> {
        self.spread.numbers.first().map(|(number, _)| *number)
    }

    /// The most. Null where there is none.
    async fn most(&self) -> Option<i32> {
        self.spread.numbers.last().map(|(number, _)| *number)
    }

    /// The entries of the history behind it. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        self.rests_on.because(first, after).await
    }
}

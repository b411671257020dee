//! Every new first-time director, in figures: known, offered mentoring, with a mentor.

use super::{
    access::Query,
    audit_trail::{AuditEntryConnection, Because},
    connection::weigh,
    scalars::{Date, civil},
    view::View,
};
use async_graphql::{Error, Object, Result};
use domain::identifiers::PersonId;
use projections::posts::{self, FirstTimers};

/// Directors in a first post, in figures.
pub struct FirstTimeDirectors {
    view: View,
    found: FirstTimers,
}

/// Directors of whom the scheme knows that it is their first such post, and how far they have come. Each figure stands
/// beside what it is a part of; there is deliberately no percentage.
#[Object]
impl FirstTimeDirectors {
    /// Everybody of whom it is known, whether or not they take part in the scheme.
    async fn known(&self) -> DirectorFigure {
        self.figure(&self.found.known, &[])
    }

    /// Of those known, those to whom mentoring was offered.
    async fn offered(&self) -> DirectorFigure {
        self.figure(&self.found.offered, &["mentoring.offered"])
    }

    /// Of those known, those who are or were in a pairing.
    async fn with_mentor(&self) -> DirectorFigure {
        self.figure(&self.found.with_mentor, &["pairing.formed"])
    }

    /// Of those known, those who do not take part in the scheme: to be contacted.
    async fn outside(&self) -> DirectorFigure {
        self.figure(&self.found.outside, &[])
    }

    /// Holders of a post of whom nobody said whether it is their first; not among those known.
    async fn first_post_not_said(&self) -> usize {
        self.found.not_said.len()
    }
}

impl FirstTimeDirectors {
    fn figure(&self, people: &[PersonId], kinds: &[&str]) -> DirectorFigure {
        let mut because = self.found.told_of(people);
        because.extend(posts::entries_of(self.view.snapshot(), people, kinds));
        because.sort_unstable();
        DirectorFigure {
            view: self.view.clone(),
            count: people.len(),
            of: self.found.known.len(),
            because,
        }
    }
}

/// A figure about directors.
pub struct DirectorFigure {
    view: View,
    count: usize,
    of: usize,
    because: Vec<u64>,
}

/// How many directors something is true of, beside how many it could be true of.
#[Object]
impl DirectorFigure {
    /// How many it is true of.
    async fn count(&self) -> usize {
        self.count
    }

    /// How many it could be true of.
    async fn of(&self) -> usize {
        self.of
    }

    /// The entries of the history that tell of those it is true of. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        let because = Because::Positions(self.because.clone());
        self.view.because(because, first, after).await.transpose()
    }
}

impl View {
    /// The directors in a first post of whom the scheme was first told on `since` or later.
    pub fn first_time_directors(&self, since: Option<Date>) -> Result<FirstTimeDirectors, Error> {
        self.ask_of_all(Query::FirstTimeDirectors)?;
        Ok(FirstTimeDirectors {
            view: self.clone(),
            found: posts::first_timers(self.snapshot(), civil(since), self.today()),
        })
    }
}

//! Periods of which the figures were published: what a commissioner asks as of, and the checkpoint that goes with each.

use super::{
    access::{Class, Query},
    command::mutations,
    log::not_proved,
    scalars::{Date, Position},
    view::View,
};
use crate::dispatch::day;
use async_graphql::{Error, InputObject, Object, Result};
use domain::period::{self, Period, Publication};

/// A row of days, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, InputObject)]
pub struct PeriodInput {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub through: Date,
}

impl From<PeriodInput> for Period {
    fn from(given: PeriodInput) -> Self {
        Self {
            from: given.from.into(),
            through: given.through.into(),
        }
    }
}

/// A period of which the figures were published.
pub struct PublishedPeriod {
    view: View,
    publication: Publication,
    published_on: jiff::civil::Date,
}

/// One time that the figures of a period were published, as they were known then.
#[Object]
impl PublishedPeriod {
    /// The first day of the period.
    async fn from(&self) -> Date {
        self.publication.period.from.into()
    }

    /// The last day of the period.
    async fn through(&self) -> Date {
        self.publication.period.through.into()
    }

    /// The day on which it was published.
    async fn published_on(&self) -> Date {
        self.published_on.into()
    }

    /// Whether the same period was published again since, with what was reported late. Then the later one counts, and is the
    /// one that `asOf: { period }` means.
    async fn superseded(&self) -> bool {
        let counts = self.view.scheme().published.of(self.publication.period);
        counts != Some(self.publication)
    }

    /// The position of the entry that published it: as of it the figures are. Null when you may not see positions.
    async fn position(&self) -> Option<Position> {
        let visible = self.view.sees_of_all(Class::Position);
        visible.then_some(Position(self.publication.position))
    }

    /// A signed checkpoint of the history with that entry in it (C2SP `tlog-checkpoint`), to be kept byte for byte: the file to
    /// mail with the figures. It is the first that was signed since, and is signed now if there is none.
    async fn checkpoint(&self) -> Option<Result<String>> {
        Some(self.signed().await)
    }
}

impl PublishedPeriod {
    async fn signed(&self) -> Result<String> {
        let view = &self.view;
        view.ask_of_all(Query::Checkpoint)?;
        // Checkpoints are no state of the scheme.
        view.go_beyond();
        let position = self.publication.position;
        let signed = view.platform().checkpoint_over(view.scheme_id(), position);
        let signed = signed.await;
        signed
            .map(|signed| signed.to_string())
            .map_err(|found| not_proved(&found, "checkpoint"))
    }
}

impl View {
    /// Every publication of a period, the period that ended last and what was published last first.
    pub fn published_periods(&self) -> Result<Vec<PublishedPeriod>, Error> {
        self.ask_of_all(Query::PublishedPeriods)?;
        let mut all: Vec<_> = self.scheme().published.all().collect();
        all.sort_by_key(|publication| (publication.period.through, publication.position));
        let shown = all.into_iter().rev();
        Ok(shown.filter_map(|one| self.published_period(one)).collect())
    }

    fn published_period(&self, publication: Publication) -> Option<PublishedPeriod> {
        let recorded_at = self.snapshot().trail.recorded_at(publication.position)?;
        Some(PublishedPeriod {
            view: self.clone(),
            publication,
            published_on: day(self.snapshot(), recorded_at),
        })
    }
}

mutations! {
    PeriodMutations;

    /// Publishes the figures of a period that is over, as they are known now: from then on a commissioner may ask as of it.
    /// What is reported late counts once the same period is published again; nothing happens where nothing was recorded since.
    /// No two published periods share a day.
    "publishPeriod" publish_period
    /// What `publishPeriod` needs.
    input PublishPeriodInput {
        /// The first day of the period.
        from: Date,
        /// The last day of the period. It must be over.
        through: Date,
    }
    /// What came of `publishPeriod`.
    payload PublishPeriodPayload {
        /// The publication that counts; null when the command was refused, or only judged.
        period: PublishedPeriod
    }
    command(given, _asked) {
        period::PublishPeriod { period: PeriodInput { from: given.from, through: given.through }.into() }
    }
    changed(answer, command) {
        let counts = answer.view.scheme().published.of(command.period);
        counts.and_then(|publication| answer.view.published_period(publication))
    }
}

//! Periods of which the figures were published: the moments as of which they leave the scheme.
//!
//! ```text
//!                publish                  publish again, when more was recorded
//! never published ─────▶ known at an entry ─────────────────────────────────────▶ known at a later entry
//! ```
//!
//! The moment of a published period is the entry that published it: what was known then, so that what is reported late counts once
//! the period is published again, and the later entry is then the one that counts. No two published periods share a day, and
//! none is published before it is over: whoever is given figures of published periods alone cannot choose two moments that
//! lie close together and subtract the one from the other. There are deliberately no figures here, and no rule about how long
//! a period is.

use crate::{Context, Event, Rejection, Scheme, event::Payload};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use uuid::Uuid;

/// A row of days, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub through: Date,
}

/// Publishes the figures of a period, as they are known now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishPeriod {
    /// Which period.
    pub period: Period,
}

/// The figures of a period were published, as they were known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodPublished {
    /// The first day of the period.
    pub from: Date,
    /// The last day of the period.
    pub through: Date,
}

impl Payload for PeriodPublished {
    fn subjects(&self) -> Vec<Uuid> {
        Vec::new()
    }
}

impl PeriodPublished {
    /// The period.
    #[must_use]
    pub const fn period(&self) -> Period {
        Period {
            from: self.from,
            through: self.through,
        }
    }
}

/// That a text names no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a period is its first and its last day, for example 2025-10-01/2026-09-30")]
pub struct NotAPeriod;

/// First and last day with a slash between them, as in ISO 8601.
impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let (from, through) = text.split_once('/').ok_or(NotAPeriod)?;
        Ok(Self {
            from: from.parse().map_err(|_| NotAPeriod)?,
            through: through.parse().map_err(|_| NotAPeriod)?,
        })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.from, self.through)
    }
}

impl Period {
    /// Whether a day is of both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from <= other.through && other.from <= self.through
    }
}

/// One time that a period was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Which period.
    pub period: Period,
    /// The position of the entry: as of it the figures are.
    pub position: u64,
}

/// What was published so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publications(Vec<Publication>);

impl Publications {
    /// Every time a period was published, the latest last.
    #[must_use]
    pub fn all(&self) -> impl DoubleEndedIterator<Item = Publication> {
        self.0.iter().copied()
    }

    /// The publication of a period that counts, which is its latest.
    #[must_use]
    pub fn of(&self, period: Period) -> Option<Publication> {
        self.all().rfind(|publication| publication.period == period)
    }

    /// The publication at a position, if it is one that counts.
    #[must_use]
    pub fn at(&self, position: u64) -> Option<Publication> {
        let mut all = self.all();
        let found = all.find(|publication| publication.position == position)?;
        (self.of(found.period) == Some(found)).then_some(found)
    }

    /// The publication that counts of the period that ended last.
    #[must_use]
    pub fn last_end(&self) -> Option<Publication> {
        self.all()
            .max_by_key(|publication| (publication.period.through, publication.position))
    }

    /// Takes note that a period was published at a position, which is later than every one before.
    pub fn note(&mut self, period: Period, position: u64) {
        self.0.push(Publication { period, position });
    }
}

/// What is refused is a period that is not over, and one that shares days with another that was published. The same again
/// is harmless while nothing else was recorded.
pub(crate) fn publish(
    scheme: &Scheme,
    command: PublishPeriod,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let period @ Period { from, through } = command.period;
    if through < from {
        return Err(Rejection::PeriodBackwards { from, through });
    }
    if through >= context.today {
        let today = context.today;
        return Err(Rejection::PeriodNotOver { through, today });
    }
    if let Some(opened_on) = scheme.opened_on
        && through < opened_on
    {
        return Err(Rejection::PeriodBeforeScheme { through, opened_on });
    }
    let mut all = scheme.published.all();
    let other = all.find(|other| other.period != period && other.period.overlaps(&period));
    if let Some(Publication { period, .. }) = other {
        let Period { from, through } = period;
        return Err(Rejection::PeriodOverlaps { from, through });
    }
    let before = scheme.published.of(period);
    if before.is_some_and(|before| before.position == scheme.position) {
        return Ok(vec![]);
    }
    Ok(vec![Event::PeriodPublished(PeriodPublished {
        from,
        through,
    })])
}

#[cfg(test)]
mod tests;

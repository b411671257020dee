//! A scheme as it was: which moment is meant, and the view of it.
//!
//! Ids and cursors of such a view carry the moment, as a token behind the name of the scheme (`mentor-plus@…`), so that no
//! client's cache takes what was for what is. What is seen must be open now and have been open then
//! ([`crate::identity::standing`]).

use super::{
    access::{Class, Query},
    error::{Code, error, failure, field_error, forbidden},
    log::not_proved,
    periods::PeriodInput,
    scalars::{DateTime, Position, Version},
    view::View,
};
use crate::{
    dispatch::{
        Failure,
        kept_checkpoint::{KeptCheckpoint, NotAsKept},
        moments,
    },
    identity::{
        access::{Relation, Relations},
        standing::Thing,
    },
};
use async_graphql::{Context, Error, OneofObject};

/// A moment of the history of a scheme, in one of four ways. A moment that the scheme has not reached is an error with the
/// code `moment_not_reached`, one before its first entry one with `moment_before_history`: never an empty answer.
#[derive(Debug, Clone, PartialEq, Eq, OneofObject)]
pub enum AsOf {
    /// Right after the entry at this position. Only for those who see positions.
    Position(Position),
    /// As it stood at this instant, by what was recorded by then. For those who do not see positions a moment is the
    /// beginning of the day on which it falls, in the time zone of the scheme's calendar.
    RecordedAt(DateTime),
    /// As it stood when a checkpoint was signed that you kept: its text, byte for byte, or `<size>:<root>` with the root in
    /// hexadecimal. It is held against the history first. Of another log it is an error with the code `other_log`, without a
    /// signature of this log that holds one with `checkpoint_not_signed`; where this history is not the one it was signed for, or
    /// ends before it, one with `other_history`. Only for those who see positions.
    Checkpoint(String),
    /// As it was known when the figures of this period were published last: see `publishedPeriods`. One that never was is an
    /// error with the code `period_not_published`. A commissioner asks as of these moments and no others. Only for those who see
    /// `publishedPeriods`.
    Period(PeriodInput),
}

/// Takes the name of a scheme in an id apart: the scheme, and the token of a moment, where there is one.
pub fn named(part: &str) -> (&str, Option<&str>) {
    match part.split_once('@') {
        Some((scheme, moment)) => (scheme, Some(moment)),
        None => (part, None),
    }
}

impl View {
    /// A scheme as an id names it: as it stands, or as it was at the moment the id carries.
    pub async fn open_named(
        context: &Context<'_>,
        part: &str,
        at_least: Option<&Version>,
    ) -> Result<Self, Error> {
        let (scheme, moment) = named(part);
        let view = Self::open(context, scheme, at_least).await?;
        let Some(token) = moment else {
            return Ok(view);
        };
        view.may_go_back()?;
        let moment = view.platform().tokens().read_moment(scheme, token);
        let moment = moment.map_err(|_| {
            let message = "This is not an id of this service.";
            field_error(Code::InvalidId, "id", message)
        })?;
        let state = view
            .platform()
            .state_at(scheme, view.shared_snapshot(), moment.position)
            .await;
        let then = view.back_to(moment, state.map_err(|found| failure(&found))?)?;
        then.may_be_asked()
    }

    /// The same scheme as it was.
    pub async fn as_of(&self, wanted: AsOf) -> Result<Self, Error> {
        let of_all = self.may_go_back()?.of_all();
        let sees_positions = self.sees_of_all(Class::Position);
        let wanted = match wanted {
            AsOf::Period(period) => {
                self.ask_of_all(Query::PublishedPeriods)?;
                let published = self.scheme().published.of(period.into());
                let published = published.ok_or_else(|| failure(&Failure::PeriodNotPublished))?;
                moments::AsOf::Position(published.position)
            }
            _ if !of_all => return Err(published_alone()),
            AsOf::Position(position) if sees_positions => moments::AsOf::Position(position.0),
            AsOf::Checkpoint(kept) if sees_positions => {
                moments::AsOf::Position(self.moment_of(&kept).await?)
            }
            AsOf::Position(_) | AsOf::Checkpoint(_) => return Err(forbidden()),
            AsOf::RecordedAt(at) if sees_positions => moments::AsOf::RecordedAt(at.0),
            // When exactly something was recorded would tell of what happens to others.
            AsOf::RecordedAt(at) => {
                if at.0 > self.platform().now(self.scheme_id()) {
                    return Err(failure(&Failure::MomentNotReached));
                }
                let day = self.platform().beginning_of_day(self.snapshot(), at.0);
                moments::AsOf::RecordedAt(day)
            }
        };
        let found = self
            .platform()
            .as_of(self.scheme_id(), self.shared_snapshot(), wanted)
            .await;
        let (moment, state) = found.map_err(|found| failure(&found))?;
        self.back_to(moment, state)?.may_be_asked()
    }

    /// Refuses whoever may ask as of no moment at all.
    fn may_go_back(&self) -> Result<Relations, Error> {
        let granted = self.ask(Query::AsOf)?;
        let may = granted.of_all() || granted.has(Relation::Published);
        may.then_some(granted).ok_or_else(forbidden)
    }

    /// Refuses a moment that is not the caller's to ask as of.
    fn may_be_asked(self) -> Result<Self, Error> {
        let may = self.may(Query::AsOf, Thing::OfNobody);
        may.then_some(self).ok_or_else(published_alone)
    }

    /// The position a kept checkpoint is of, if it is one of this history.
    async fn moment_of(&self, kept: &str) -> Result<u64, Error> {
        let kept: KeptCheckpoint = kept.parse().map_err(|found| not_as_kept(&found))?;
        let position = self.platform().moment_of(self.scheme_id(), &kept).await;
        position.map_err(|found| not_as_kept(&found))
    }
}

/// Whoever may ask as of published periods alone, and asks otherwise, is told how.
fn published_alone() -> Error {
    error(Code::Forbidden, Failure::PUBLISHED_ALONE)
}

fn not_as_kept(found: &NotAsKept) -> Error {
    let code = match found {
        NotAsKept::Unread(_) | NotAsKept::Shapeless => Code::InvalidInput,
        NotAsKept::OtherLog => Code::OtherLog,
        NotAsKept::NotSigned | NotAsKept::Changed => Code::CheckpointNotSigned,
        NotAsKept::OtherHistory { .. } | NotAsKept::CutShort { .. } => Code::OtherHistory,
        NotAsKept::Unasked(found) => return not_proved(found, "checkpoint"),
    };
    field_error(code, "checkpoint", found.to_string())
}

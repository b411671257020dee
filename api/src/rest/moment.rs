//! Which state a read is answered from: the present, one at least as late as a version, or one as of an earlier moment.
//!
//! The same rules as over GraphQL (`graphql/moment.rs`): what is shown must be open now and have been open then, a position or a
//! checkpoint is for those who see positions, to the others a moment is the beginning of a day, and whoever may ask as of
//! published periods alone names one.

use super::{Edge, admission::Visitor, failure::Refused, schemes};
use crate::{
    dispatch::{
        Failure,
        kept_checkpoint::{KeptCheckpoint, NotAsKept},
        moments::AsOf,
    },
    http::problem::Code,
    identity::{
        access::{Class, Query, Relation},
        standing::{Asker, Thing},
    },
};
use domain::period::Period;
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::sync::Arc;

/// A state of a scheme that a read is answered from.
pub struct Read {
    /// The state.
    pub snapshot: Arc<Snapshot>,
    /// The scheme's day; of an earlier state the day it was.
    pub today: Date,
    /// The scheme's name in cursors, with the moment where the state is an earlier one.
    pub named: String,
    /// The present, where the state is an earlier one.
    present: Option<Arc<Snapshot>>,
}

impl Read {
    /// Whoever asks, before this state.
    pub fn asker<'a>(&'a self, visitor: &'a Visitor) -> Asker<'a> {
        Asker::new(&visitor.0, &self.snapshot).and_now(self.present.as_deref())
    }
}

/// The state that `atLeast` and `asOf` mean.
pub async fn read(
    edge: &Edge,
    visitor: &Visitor,
    scheme: &str,
    at_least: Option<&str>,
    as_of: Option<&str>,
) -> Result<Read, Refused> {
    let present = schemes::snapshot(edge, scheme, at_least).await?;
    let platform = &edge.platform;
    let Some(as_of) = as_of else {
        return Ok(Read {
            today: platform.today(scheme, &present),
            named: scheme.to_owned(),
            snapshot: present,
            present: None,
        });
    };
    let granted = edge.matrix.query(visitor.0.role, Query::AsOf);
    if !granted.has(Relation::Published) {
        visitor.granted_of_all(granted)?;
    }
    let sees_positions = edge.matrix.class(visitor.0.role, Class::Position).of_all();
    let wanted = match asked(as_of)? {
        Asked::Period(period) => {
            visitor.granted_of_all(edge.matrix.query(visitor.0.role, Query::PublishedPeriods))?;
            let published = present.scheme.published.of(period);
            AsOf::Position(published.ok_or(Failure::PeriodNotPublished)?.position)
        }
        _ if !granted.of_all() => return Err(published_alone()),
        Asked::RecordedAt(at) if sees_positions => AsOf::RecordedAt(at),
        Asked::RecordedAt(at) => {
            if at > platform.now(scheme) {
                return Err(Failure::MomentNotReached.into());
            }
            AsOf::RecordedAt(platform.beginning_of_day(&present, at))
        }
        _ if !sees_positions => {
            return Err(Refused::new(
                Code::Forbidden,
                "This role sees no positions: give an instant or a published period in `asOf`.",
            ));
        }
        Asked::Position(position) => AsOf::Position(position),
        Asked::Checkpoint(kept) => AsOf::Position(platform.moment_of(scheme, &kept).await?),
    };
    let (moment, snapshot) = platform.as_of(scheme, &present, wanted).await?;
    if visitor.0.was_shut_out_of(&snapshot) {
        return Err(Refused::new(
            Code::Forbidden,
            "At that moment you had been shut out of this scheme.",
        ));
    }
    let read = Read {
        today: moment.day,
        named: format!("{scheme}@{}", platform.tokens().moment(scheme, moment)),
        snapshot,
        present: Some(present),
    };
    if !read.asker(visitor).may(granted, Thing::OfNobody) {
        return Err(published_alone());
    }
    Ok(read)
}

/// Whoever may ask as of published periods alone, and asks otherwise, is told how.
fn published_alone() -> Refused {
    Refused::new(Code::Forbidden, Failure::PUBLISHED_ALONE)
}

/// How a moment is named in an address.
enum Asked {
    Position(u64),
    RecordedAt(Timestamp),
    Checkpoint(KeptCheckpoint),
    Period(Period),
}

/// Digits alone are a position, two days with a slash between them a period, what stands on several lines or ends in a root is a checkpoint, everything else an instant.
fn asked(as_of: &str) -> Result<Asked, Refused> {
    if let Ok(position) = as_of.parse() {
        return Ok(Asked::Position(position));
    }
    if let Ok(instant) = as_of.parse() {
        return Ok(Asked::RecordedAt(instant));
    }
    if let Ok(period) = as_of.parse() {
        return Ok(Asked::Period(period));
    }
    match as_of.parse() {
        Ok(kept) => Ok(Asked::Checkpoint(kept)),
        Err(NotAsKept::Shapeless) => Err(Refused::new(
            Code::Invalid,
            "`asOf` must be an instant as in RFC 3339, for example 2026-03-02T09:30:00Z, a position in decimal digits, a published \
             period such as 2025-10-01/2026-09-30, or a checkpoint: its text, or `<size>:<root>`.",
        )),
        Err(found) => Err(found.into()),
    }
}

impl From<NotAsKept> for Refused {
    fn from(found: NotAsKept) -> Self {
        let code = match &found {
            NotAsKept::Unread(_) | NotAsKept::Shapeless => Code::Invalid,
            NotAsKept::OtherLog => Code::OtherLog,
            NotAsKept::NotSigned | NotAsKept::Changed => Code::CheckpointNotSigned,
            NotAsKept::OtherHistory { .. } | NotAsKept::CutShort { .. } => Code::OtherHistory,
            NotAsKept::Unasked(found) => return found.clone().into(),
        };
        Self::new(code, found.to_string())
    }
}

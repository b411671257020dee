//! What the edge refused lately because a client had used up its share. It is of the service, and of no scheme.

use super::{
    access::{Query, authorise},
    error::forbidden,
    scalars::DateTime,
    view::{OperationStates, caller, services},
    viewer::Role,
};
use crate::http::quota::{Burst, Reason};
use async_graphql::{Context, Enum, Object, Result};
use uuid::Uuid;

/// The question what was refused.
#[derive(Default)]
pub struct RefusedBurstsQuery;

#[Object]
impl RefusedBurstsQuery {
    /// Bursts of requests that were refused because their client had used up its share, since the service was started: the
    /// last hundred, that which began last first. For an administrator whose token is for any scheme.
    async fn refused_bursts(&self, context: &Context<'_>) -> Option<Result<Vec<RefusedBurst>>> {
        Some(refused_bursts(context))
    }
}

fn refused_bursts(context: &Context<'_>) -> Result<Vec<RefusedBurst>> {
    authorise(context, Query::RefusedBursts)?;
    // Who was refused may belong to any scheme.
    if caller(context)?.scheme.is_some() {
        return Err(forbidden());
    }
    if let Some(states) = context.data_opt::<OperationStates>() {
        states.go_beyond();
    }
    let bursts = services(context)?.refusals.latest();
    Ok(bursts.into_iter().map(RefusedBurst).collect())
}

/// Which share a client had used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub enum RefusalReason {
    /// Requests and messages of one client with a token.
    Requests,
    /// Requests of one address without a token.
    WithoutToken,
    /// Tokens of one address that do not hold.
    FailedTokens,
    /// Streams at once of one client.
    Streams,
}

/// Refusals of one client, close together.
pub struct RefusedBurst(Burst);

/// Refusals of one client for one reason with less than a minute between them.
#[Object]
impl RefusedBurst {
    /// Stands for the client: the actor that the history names, or, without a token that holds, a pseudonym of its
    /// address. The same client has the same one; an address cannot be worked out from it.
    async fn client(&self) -> Uuid {
        self.0.client
    }

    /// The role of the client's token; null when it had none that holds.
    async fn role(&self) -> Option<Role> {
        self.0.role.map(Into::into)
    }

    /// Which share was used up.
    async fn reason(&self) -> RefusalReason {
        self.0.reason.into()
    }

    /// When the first was refused.
    async fn began_at(&self) -> DateTime {
        DateTime(self.0.began_at)
    }

    /// When the last was refused.
    async fn latest_at(&self) -> DateTime {
        DateTime(self.0.latest_at)
    }

    /// How many were refused.
    async fn refused(&self) -> i32 {
        i32::try_from(self.0.refused).unwrap_or(i32::MAX)
    }
}

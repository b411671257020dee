//! From the token on a request to the caller its resolvers see.

use super::{TraceContext, equip};
use crate::{
    http::{graphql::RequestContext, problem::Problem},
    identity::{Caller, token::LocalTokens},
    outside, telemetry,
};
use async_graphql::Request;
use axum::http::HeaderMap;
use std::time::Duration;

/// Admits whoever holds a token of this data directory.
#[derive(Clone)]
pub struct Door {
    tokens: LocalTokens,
}

impl Door {
    /// A door that knows these tokens.
    #[must_use]
    pub const fn new(tokens: LocalTokens) -> Self {
        Self { tokens }
    }
}

impl RequestContext for Door {
    type Visitor = Caller;

    fn admit(&self, token: &str) -> Result<Caller, Problem> {
        Ok(self.tokens.verify(token, outside::wall_clock())?)
    }

    fn remaining(&self, visitor: &Caller) -> Duration {
        let left = visitor.expires_at.duration_since(outside::wall_clock());
        Duration::try_from(left).unwrap_or(Duration::ZERO)
    }

    fn equip(&self, visitor: &Caller, headers: &HeaderMap, request: Request) -> Request {
        let incoming = telemetry::incoming_traceparent(headers).map(str::to_owned);
        let traceparent = telemetry::current_traceparent().or(incoming);
        equip(request, visitor.clone(), TraceContext { traceparent })
    }
}

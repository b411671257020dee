//! From the token on a request to the caller its resolvers see.

use super::{OperationStates, TraceContext, equip};
use crate::{
    dispatch::Platform,
    http::{graphql::RequestContext, problem::Problem, quota::Holder},
    identity::{
        Caller,
        bearers::{Bearers, Credentials},
    },
    outside, telemetry,
};
use async_graphql::Request;
use axum::{body::Bytes, http::HeaderMap};
use std::time::Duration;

/// Admits whoever holds a token that is taken here.
#[derive(Clone)]
pub struct Door {
    bearers: Bearers,
    platform: Platform,
}

impl Door {
    /// A door that takes these tokens, and knows the schemes whose answers it keeps.
    #[must_use]
    pub fn new(bearers: impl Into<Bearers>, platform: Platform) -> Self {
        let bearers = bearers.into();
        Self { bearers, platform }
    }
}

impl RequestContext for Door {
    type Visitor = Caller;
    type Reads = OperationStates;

    async fn admit(&self, shown: &Credentials<'_>) -> Result<Caller, Problem> {
        self.bearers.caller(shown, &self.platform).await
    }

    fn remaining(&self, visitor: &Caller) -> Duration {
        let left = visitor.expires_at.duration_since(outside::wall_clock());
        Duration::try_from(left).unwrap_or(Duration::ZERO)
    }

    fn holder(&self, visitor: &Caller) -> Option<Holder> {
        Some(Holder {
            actor: visitor.actor,
            role: Some(visitor.role),
        })
    }

    fn equip(
        &self,
        visitor: &Caller,
        headers: &HeaderMap,
        request: Request,
    ) -> (Request, OperationStates) {
        let incoming = telemetry::incoming_traceparent(headers).map(str::to_owned);
        let traceparent = telemetry::current_traceparent().or(incoming);
        equip(request, visitor.clone(), TraceContext { traceparent })
    }

    fn fingerprint(&self, visitor: &Caller) -> [u8; 32] {
        visitor.fingerprint()
    }

    async fn kept(&self, key: &[u8; 32]) -> Option<Bytes> {
        self.platform.rendered(key).await
    }

    async fn keep(&self, key: [u8; 32], reads: &OperationStates, answer: Bytes) {
        if let Some(basis) = reads.basis() {
            self.platform.keep_rendered(key, &basis, answer).await;
        }
    }
}

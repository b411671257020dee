//! The one thing this edge must be told: whose request it is, and what the resolvers need for it.

use std::time::Duration;

use async_graphql::Request;
use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};

use crate::http::{
    problem::{Code, Problem},
    quota::Holder,
};

/// Turns a token into a visitor, and equips each of the visitor's operations.
pub trait RequestContext: Clone + Send + Sync + 'static {
    /// Whoever holds a valid token.
    type Visitor: Clone + Send + Sync + 'static;
    /// What an operation has read, written down by its resolvers while it is executed.
    type Reads: Clone + Send + Sync + 'static;

    /// Who holds this token, or why nobody does.
    fn admit(&self, token: &str) -> Result<Self::Visitor, Problem>;

    /// How long the visitor's token still holds. A connection does not outlive it.
    fn remaining(&self, visitor: &Self::Visitor) -> Duration;

    /// Whose account the visitor's messages and streams are charged to; nobody's, where they are not.
    fn holder(&self, _visitor: &Self::Visitor) -> Option<Holder> {
        None
    }

    /// Whether the visitor may ask for the schema itself.
    fn may_introspect(&self, _visitor: &Self::Visitor) -> bool {
        true
    }

    /// Adds the data that resolvers need: the caller, and the one snapshot this operation sees.
    ///
    /// Called once an operation, also on a connection that carries many. The headers are those of the HTTP request,
    /// for a connection those of its upgrade.
    fn equip(
        &self,
        visitor: &Self::Visitor,
        headers: &HeaderMap,
        request: Request,
    ) -> (Request, Self::Reads);

    /// Stands for everything of the visitor that can change an answer: who differs in any of it must have another.
    fn fingerprint(&self, visitor: &Self::Visitor) -> [u8; 32];

    /// The answer kept under this key, if the same operation executed now would read the very same.
    fn kept(&self, key: &[u8; 32]) -> impl Future<Output = Option<Bytes>> + Send;

    /// Keeps an answer under this key, if all that it was read from is known.
    fn keep(
        &self,
        key: [u8; 32],
        reads: &Self::Reads,
        answer: Bytes,
    ) -> impl Future<Output = ()> + Send;
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer_token(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::new(
            Code::Unauthenticated,
            "Send one Authorization header with a bearer token.",
        ));
    };
    value.to_str().ok().and_then(without_scheme).ok_or_else(|| {
        Problem::new(
            Code::Unauthenticated,
            "The Authorization header must be `Bearer` and a token.",
        )
    })
}

/// The token in `Bearer <token>`; the scheme's name is case-insensitive (RFC 9110).
pub(super) fn without_scheme(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

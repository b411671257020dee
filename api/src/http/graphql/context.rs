//! The one thing this edge must be told: whose request it is, and what the resolvers need for it.

use std::time::Duration;

use async_graphql::Request;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};

use crate::{
    http::{
        problem::{Code, Problem},
        quota::Holder,
    },
    identity::{
        bearers::{Credentials, ROLE_HEADER, SCHEME_HEADER},
        token::TokenError,
    },
};

/// Turns a token into a visitor, and equips each of the visitor's operations.
pub trait RequestContext: Clone + Send + Sync + 'static {
    /// Whoever holds a valid token.
    type Visitor: Clone + Send + Sync + 'static;
    /// What an operation has read, written down by its resolvers while it is executed.
    type Reads: Clone + Send + Sync + 'static;

    /// Who shows this, or why it is nobody.
    fn admit(
        &self,
        shown: &Credentials<'_>,
    ) -> impl Future<Output = Result<Self::Visitor, Problem>> + Send;

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

/// What the headers show of who asks.
pub fn credentials(headers: &HeaderMap) -> Result<Credentials<'_>, Problem> {
    Ok(Credentials {
        token: bearer_token(headers)?,
        role: once(headers, ROLE_HEADER)?,
        scheme: once(headers, SCHEME_HEADER)?,
    })
}

/// A header that may be there once.
pub(super) fn once<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Problem> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(HeaderValue::to_str), values.next()) {
        (None, _) => Ok(None),
        (Some(Ok(value)), None) => Ok(Some(value)),
        _ => {
            let detail = format!("The header {name} can stand there once, in plain text.");
            Err(Problem::new(Code::Malformed, detail))
        }
    }
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
    // One sentence for whatever is wrong with a token: it says nothing about how far it came.
    let token = value.to_str().ok().and_then(without_scheme);
    token.ok_or_else(|| TokenError::Invalid.into())
}

/// The token in `Bearer <token>`; the scheme's name is case-insensitive (RFC 9110).
pub(super) fn without_scheme(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

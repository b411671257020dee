//! Who is let in: a token that holds, a role that may, a scheme the token is for.

use super::{Edge, failure::Refused};
use crate::{
    http::{
        graphql::bearer_token,
        problem::{Code, Problem},
    },
    identity::{
        Caller,
        access::{Relation, Relations},
        token::TokenError,
    },
    outside,
};
use axum::{
    extract::{
        FromRequestParts, Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    http::request::Parts,
};

/// Whoever holds the token of the request. A handler that takes one cannot be reached without.
#[derive(Debug, Clone)]
pub struct Visitor(pub Caller);

impl FromRequestParts<Edge> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refused> {
        let token = bearer_token(&parts.headers)?;
        match edge.tokens.verify(token, outside::wall_clock()) {
            Ok(caller) => Ok(Self(caller)),
            Err(TokenError::Expired) => {
                Err(Problem::new(Code::TokenExpired, "Ask for a new token.").into())
            }
            Err(TokenError::Invalid) => {
                Err(Problem::new(Code::Unauthenticated, "This token does not hold.").into())
            }
        }
    }
}

impl Visitor {
    /// What the matrix grants, or that it grants nothing. An employer's grant needs a token that names one,
    /// and one about the asker a token that names them.
    pub fn granted(&self, granted: Relations) -> Result<Relations, Refused> {
        let of_employer = self.0.employer.is_some() && granted.has(Relation::Employer);
        let of_person = self.0.person.is_some()
            && granted
                .iter()
                .any(|relation| relation != Relation::Employer);
        if granted.of_all() || of_employer || of_person {
            return Ok(granted);
        }
        Err(self.refused())
    }

    /// The same of what means nothing of somebody alone.
    pub fn granted_of_all(&self, granted: Relations) -> Result<(), Refused> {
        granted.of_all().then_some(()).ok_or_else(|| self.refused())
    }

    fn refused(&self) -> Refused {
        let detail = format!("The role {} may not do this with this token.", self.0.role);
        Problem::new(Code::Forbidden, detail).into()
    }

    /// The scheme of the path, if the token reaches it; otherwise it is as if there were none.
    pub fn scheme(&self, path: Result<Path<String>, PathRejection>) -> Result<String, Refused> {
        match path {
            Ok(Path(scheme)) if self.0.may_enter(&scheme) => Ok(scheme),
            Ok(Path(scheme)) => {
                let scheme: String = scheme.chars().take(64).collect();
                Err(crate::dispatch::Failure::UnknownScheme(scheme).into())
            }
            Err(_) => Err(Problem::new(Code::NotFound, "The path cannot be read.").into()),
        }
    }
}

/// The query string, or a problem that does not repeat what stood in it.
pub fn query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Refused> {
    query.map(|Query(query)| query).map_err(|_| {
        Problem::new(
            Code::Invalid,
            "The query string has a parameter that is unknown, doubled or not of its form.",
        )
        .into()
    })
}

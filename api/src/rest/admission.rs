//! Who is let in: a token that holds, a role that may, a scheme the token is for and that has not shut them out.

use super::{Edge, failure::Refused};
use crate::{
    http::{
        graphql::credentials,
        problem::{Code, Problem},
    },
    identity::{
        Caller,
        access::{Relation, Relations},
        bearers::Credentials,
    },
};
use axum::{
    extract::{
        FromRequestParts, Path, Query, RawPathParams,
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
        let path = RawPathParams::from_request_parts(parts, edge).await;
        let path = path.as_ref().ok().into_iter().flatten();
        let scheme = path.into_iter().find(|(name, _)| *name == "scheme");
        let shown = credentials(&parts.headers)?;
        // The address says which scheme it is about; a header that says otherwise is not asked.
        let shown = match scheme {
            Some((_, scheme)) => Credentials {
                scheme: Some(scheme),
                ..shown
            },
            None => shown,
        };
        let visitor = Self(edge.bearers.caller(&shown, &edge.platform).await?);
        match scheme {
            Some((_, scheme)) if visitor.0.may_enter(scheme) => {
                match edge.platform.snapshot(scheme).await {
                    Ok(snapshot) if !visitor.0.is_let_in_by(&snapshot) => Err(visitor.refused()),
                    // What is wrong with the scheme is for the handler to say.
                    _ => Ok(visitor),
                }
            }
            _ => Ok(visitor),
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

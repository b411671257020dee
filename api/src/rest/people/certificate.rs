//! `GET /v1/schemes/{scheme}/people/{person}/erasure`: the certificate that a person was forgotten.

use super::super::{Edge, admission::Visitor, failure::Refused, schemes::snapshot};
use crate::{
    certificate::{Certificate, Standing, of_running},
    dispatch::Failure,
    http::problem::Code,
    identity::access::Query,
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use domain::identifiers::PersonId;
use event_log::SchemeId;
use std::sync::Arc;
use uuid::Uuid;

/// The handler. It proves the whole history anew, so it takes as long as that.
pub async fn certificate(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<(String, Uuid)>, PathRejection>,
) -> Result<Json<Certificate>, Refused> {
    visitor.granted_of_all(edge.matrix.query(visitor.0.role, Query::Erasures))?;
    let none = || Refused::new(Code::NotFound, "Nobody like that was forgotten here.");
    let Ok(Path((scheme, person))) = path else {
        return Err(none());
    };
    let scheme = visitor.scheme(Ok(Path(scheme)))?;
    let state = snapshot(&edge, &scheme, None).await?;
    let erasure = state.scheme.erasures.that_erased(PersonId(person));
    let erasure = erasure.ok_or_else(none)?;
    let stands = erasure.decided.zip(erasure.completed);
    let ((_, decided), (_, completed)) = stands.ok_or_else(none)?;
    let standing = Standing {
        person: erasure.person.0,
        decided,
        completed,
    };
    let store = Arc::clone(edge.platform.store());
    let made = tokio::task::spawn_blocking(move || {
        let internal = |error: &(dyn std::error::Error + 'static)| {
            tracing::error!(error, "a certificate was not made");
            Failure::Internal
        };
        let scheme = SchemeId::new(scheme.as_str()).map_err(|error| internal(&error))?;
        let vault = store.vault(&scheme).map_err(|error| internal(&error))?;
        of_running(&store, &scheme, standing, &vault).map_err(|error| internal(&error))
    });
    let made = made.await.map_err(|_| Failure::Internal)??;
    Ok(Json(made))
}

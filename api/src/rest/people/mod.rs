//! `GET /v1/schemes/{scheme}/people/{person}/record`: everything that is held about a person, for that person.
//!
//! Data for a program, or a document that a person can read and print, as `Accept` asks for. It is made of the records
//! themselves, so that no type of event can be forgotten in it. Beside it the certificate that somebody was forgotten.

mod certificate;
mod document;
mod held;
mod shown;

use super::{Edge, admission::Visitor, failure::Refused, schemes::snapshot};
use crate::{
    dispatch::{Failure, reads},
    http::problem::Code,
    identity::{
        Role,
        access::Query,
        standing::{Asker, Thing},
    },
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
pub use certificate::certificate;
use domain::identifiers::PersonId;
pub use held::PersonRecord;
use held::{Held, held};
use shown::Reader;
use std::sync::Arc;
use uuid::Uuid;

/// Nothing may be run or loaded by the document; how it looks stands in it.
const DOCUMENT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The handler.
pub async fn record(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<(String, Uuid)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let granted = visitor.granted(edge.matrix.query(visitor.0.role, Query::PersonRecord))?;
    let nobody = || {
        let detail = "Nobody like that is known here of whom you may ask.";
        Refused::new(Code::NotFound, detail)
    };
    let Ok(Path((scheme, person))) = path else {
        return Err(nobody());
    };
    let scheme = visitor.scheme(Ok(Path(scheme)))?;
    let own = visitor.0.person == Some(person);
    let state = snapshot(&edge, &scheme, None).await?;
    let person = PersonId(person);
    let may = Asker::new(&visitor.0, &state).may(granted, Thing::Person(person));
    // The token of somebody who was forgotten outlives them.
    let forgotten = state.scheme.erasures.is_erased(person);
    if !may || !state.scheme.knows(person) || (own && forgotten) {
        return Err(nobody());
    }
    let reader = Reader {
        own,
        coordinates: visitor.0.role == Role::Coordinator,
        matrix: Arc::clone(&edge.matrix),
        role: visitor.0.role,
    };
    let wanted = Held {
        made_on: edge.platform.today(&scheme, &state),
        version: edge.platform.tokens().version(&scheme, state.position()),
        store: Arc::clone(edge.platform.store()),
        scheme: scheme.clone(),
        person,
        state,
        reader,
    };
    let made = tokio::task::spawn_blocking(move || held(&wanted)).await;
    let (made, given) = made.map_err(|_| Failure::Internal)??;
    if !given.is_empty() {
        let reader = reads::Reader {
            id: visitor.0.actor,
            role: visitor.0.role,
        };
        edge.platform.record_reads(&scheme, reader, given).await?;
    }
    let mut answer = if wants_document(&headers) {
        let mut page = Html(document::page(&made)).into_response();
        let policy = HeaderValue::from_static(DOCUMENT_POLICY);
        page.headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
        page
    } else {
        Json(made).into_response()
    };
    let (cache, vary) = ("no-store", "accept, authorization");
    let kept = answer.headers_mut();
    kept.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    kept.insert(header::VARY, HeaderValue::from_static(vary));
    Ok(answer)
}

/// Whether a document is asked for before data.
fn wants_document(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok()).unwrap_or("");
    let place = |kind: &str| accept.find(kind).unwrap_or(usize::MAX);
    place("text/html") < place("application/json")
}

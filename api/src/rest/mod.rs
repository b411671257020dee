//! REST: what council HR systems push and ask, and what a monitor looks at.
//!
//! ```text
//!  token ─▶ role by the access matrix ─▶ scheme ─▶ body, judged as a whole ─▶ dispatch ─▶ answer
//! ```
//!
//! Everything here is a translation: the rules are behind [`Platform::execute`], and an answer names rows,
//! identifiers and codes but never repeats a personal value. There is deliberately no second way to change a
//! scheme: REST offers only what a personnel system needs, and the rest of the commands are GraphQL's.

mod admission;
pub(crate) mod appointments;
mod body;
pub mod contract;
mod entitlements;
pub(crate) mod failure;
mod icalendar;
pub(crate) mod idempotency;
mod log;
mod moment;
pub(crate) mod past_year;
mod people;
mod schemes;
mod service;
mod sessions_calendar;
#[cfg(test)]
mod tests;
mod work_list;

pub use contract::{event_schema, open_api};
pub(crate) use log::read_brought;

use crate::{
    dispatch::Platform,
    http::problem::{Code, Problem},
    identity::{access::Matrix, bearers::Bearers},
};
use axum::{
    Router,
    routing::{get, post},
};
use std::sync::Arc;

/// What every handler is given. Cheap to clone.
#[derive(Clone)]
struct Edge {
    platform: Platform,
    bearers: Bearers,
    matrix: Arc<Matrix>,
    running: idempotency::Running,
    soon: idempotency::Soon,
}

/// Every REST route, and what a monitor looks at.
pub fn router(platform: Platform, bearers: impl Into<Bearers>, matrix: Arc<Matrix>) -> Router {
    let edge = Edge {
        platform,
        bearers: bearers.into(),
        matrix,
        running: idempotency::Running::default(),
        soon: idempotency::Soon::default(),
    };
    Router::new()
        .route("/v1/schemes/{scheme}", get(schemes::show))
        .route(
            "/v1/schemes/{scheme}/appointments",
            post(appointments::push),
        )
        .route("/v1/schemes/{scheme}/past-year", post(past_year::push))
        .route(
            "/v1/schemes/{scheme}/entitlements",
            get(entitlements::check),
        )
        .route("/v1/schemes/{scheme}/work-list", get(work_list::show))
        .route(
            "/v1/schemes/{scheme}/people/{person}/sessions.ics",
            get(sessions_calendar::show),
        )
        .route(
            "/v1/schemes/{scheme}/people/{person}/record",
            get(people::record),
        )
        .route(
            "/v1/schemes/{scheme}/people/{person}/erasure",
            get(people::certificate),
        )
        .route("/v1/schemes/{scheme}/log/checkpoint", get(log::checkpoint))
        .route(
            "/v1/schemes/{scheme}/log/cosignatures",
            post(log::keep_cosignatures),
        )
        .route("/v1/schemes/{scheme}/log/keys", get(log::keys))
        .route("/v1/schemes/{scheme}/log/tile/{*tile}", get(log::tile))
        .route(
            "/v1/schemes/{scheme}/log/proof/inclusion/{position}",
            get(log::inclusion),
        )
        .route(
            "/v1/schemes/{scheme}/log/proof/consistency",
            get(log::consistency),
        )
        .route("/v1/schemes/{scheme}/health", get(schemes::health))
        .route("/healthz", get(service::alive))
        .route("/readyz", get(service::ready))
        .route("/openapi.json", get(service::open_api))
        .route("/schemas/events/{type}/{file}", get(service::event_schema))
        .method_not_allowed_fallback(|| async {
            // Which methods are allowed is added by the router, in `Allow`.
            Problem::new(
                Code::MethodNotAllowed,
                "The Allow header names the methods that are.",
            )
        })
        .with_state(edge)
}

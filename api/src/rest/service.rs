//! What is asked of the service itself, without a token: is it there, is it ready, what does it promise.

use super::{Edge, contract};
use crate::http::problem::{Code, Problem};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse, Response},
};
use event_log::EventStore as _;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::sync::{Arc, LazyLock};

static OPEN_API: LazyLock<Value> = LazyLock::new(contract::open_api);

/// The state of the process.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Status {
    /// `alive` or `ready`.
    status: &'static str,
}

/// The process runs. It says nothing of any scheme.
pub async fn alive() -> Json<Status> {
    Json(Status { status: "alive" })
}

/// The process can serve: its data directory is held and can be read. A scheme's health is its own resource.
pub async fn ready(State(edge): State<Edge>) -> Response {
    let store = Arc::clone(edge.platform.store());
    let readable = tokio::task::spawn_blocking(move || store.schemes().is_ok()).await;
    if matches!(readable, Ok(true)) {
        Json(Status { status: "ready" }).into_response()
    } else {
        Problem::new(Code::Unavailable, "The data directory cannot be read.").into_response()
    }
}

/// The contract of REST, as OpenAPI.
pub async fn open_api() -> Response {
    (
        [(header::CACHE_CONTROL, "no-cache")],
        Json(LazyLock::force(&OPEN_API)),
    )
        .into_response()
}

/// The schema of one event's payload.
pub async fn event_schema(path: Result<Path<(String, String)>, PathRejection>) -> Response {
    let found = path.ok().and_then(|Path((kind, file))| {
        let version = file.strip_suffix(".json")?;
        // One spelling a version: `01` is not `1`.
        let parsed = version
            .parse()
            .ok()
            .filter(|parsed: &u16| parsed.to_string() == version)?;
        contract::event_schema(&kind, parsed)
    });
    match found {
        Some(schema) => {
            let kind = [(header::CONTENT_TYPE, "application/schema+json")];
            (kind, schema.to_string()).into_response()
        }
        None => Problem::new(
            Code::NotFound,
            "No event of this type and version was ever written.",
        )
        .into_response(),
    }
}

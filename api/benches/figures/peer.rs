//! What the service is held against: the same HTTP server in a process of its own, without the service's work.
//!
//! Both routes stand behind the very layers every route of the service stands behind (protection, headers, the span and
//! the counters of a request), so what differs is what the service does with a request.

use api::{
    http::security,
    telemetry::{self, Metrics},
};
use axum::{
    Json, Router,
    body::Bytes,
    routing::{get, post},
};
use serde_json::Value;
use std::{fs, path::Path, sync::Arc};

/// Serves until it is ended. `answer` is the file whose JSON `/dashboard` gives.
pub fn serve(answer: &Path) {
    let _telemetry = telemetry::init(&telemetry::Options::from_environment()).expect("telemetry");
    let text = fs::read_to_string(answer).unwrap_or_else(|_| "null".to_owned());
    let answer: Arc<Value> = Arc::new(serde_json::from_str(&text).expect("JSON"));
    let routes = Router::new()
        .route("/readyz", get(|| async { "ready" }))
        .route("/echo", post(|body: Bytes| async { body }))
        // Written out anew for each request, from values that are at hand.
        .route(
            "/dashboard",
            post(move |_: Bytes| {
                let answer = Arc::clone(&answer);
                async { Json(answer) }
            }),
        );
    let routes = telemetry::observe(security::protect(routes), Metrics::new());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        println!("http://{}", listener.local_addr().expect("an address"));
        axum::serve(listener, routes).await.expect("it serves");
    });
}

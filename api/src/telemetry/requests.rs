//! One span and one observation a request, told by its matched route.
//!
//! The route is the pattern (`/v1/schemes/{scheme}`), never the path: a path names a scheme or a person. The trace
//! goes on from the caller's `traceparent` when there is one.

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method},
    middleware::{self, Next},
    response::Response,
};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tokio::time::Instant;
use tracing::{Instrument as _, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::Metrics;

/// Puts the observation around a finished router. Layer it outside of [`crate::http::security::protect`], so that
/// refusals and panics are seen with the status they leave with.
pub fn observe(router: Router, metrics: Metrics) -> Router {
    router.layer(middleware::from_fn_with_state(metrics, observe_one))
}

/// The caller's `traceparent`, if it has the form that W3C gives it. For the record of what was asked.
#[must_use]
pub fn incoming_traceparent(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = value.split('-');
    let is_hex = |part: Option<&str>, length| {
        part.is_some_and(|part| {
            part.len() == length
                && part
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
    };
    let version_zero = parts.next() == Some("00");
    let whole = is_hex(parts.next(), 32) && is_hex(parts.next(), 16) && is_hex(parts.next(), 2);
    (version_zero && whole && parts.next().is_none()).then_some(value)
}

/// The `traceparent` of the span that is open now, when traces are exported. For the record of what was asked, where it
/// is better than the caller's: it leads to the request itself.
#[must_use]
pub fn current_traceparent() -> Option<String> {
    let context = tracing::Span::current().context();
    let mut carrier = std::collections::HashMap::new();
    TraceContextPropagator::new().inject_context(&context, &mut carrier);
    carrier.remove("traceparent")
}

async fn observe_one(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let method = name_of(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!(
        target: "alongside::request",
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = field::Empty,
        duration_ms = field::Empty,
    );
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
    // Without an exporter there is nothing to hang the span under, which is no failure.
    let _: Result<(), _> = span.set_parent(parent);

    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    span.record("duration_ms", took.as_secs_f64() * 1000.0);
    span.in_scope(|| {
        if response.status().is_server_error() {
            tracing::warn!(target: "alongside::request", "answered");
        } else {
            tracing::debug!(target: "alongside::request", "answered");
        }
    });
    metrics.request_answered(method, &route, status, took);
    response
}

/// The method, if it is one of the usual: any token may stand there, and a label must not be chosen by a stranger.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use axum::{body::Body, http::HeaderValue, routing::get};
    use opentelemetry::trace::TracerProvider as _;
    use tower::ServiceExt as _;
    use tracing_subscriber::{fmt::format::FmtSpan, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_span_tells_the_route_and_nothing_of_the_request() {
        let written = Written::default();
        let sink = written.clone();
        let lines = tracing_subscriber::fmt::layer()
            .json()
            .with_span_events(FmtSpan::CLOSE)
            .with_writer(move || sink.clone());
        let subscriber = tracing_subscriber::registry().with(lines);
        let metrics = Metrics::new();
        let router = Router::new().route("/people/{person}", get(|| async { "here" }));
        let router = observe(router, metrics.clone());
        tracing::subscriber::with_default(subscriber, || {
            let request = Request::get("/people/ada?name=Lovelace")
                .header("authorization", "Bearer secret")
                .body(Body::empty())
                .unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            runtime.block_on(router.oneshot(request)).unwrap();
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.contains("/people/{person}") && text.contains("200"),
            "{text}"
        );
        for secret in ["ada", "Lovelace", "secret"] {
            assert!(!text.contains(secret), "{secret} in {text}");
            assert!(!metrics.text().contains(secret));
        }
    }

    #[test]
    fn a_trace_goes_on_from_the_callers() {
        let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
        let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(spans);
        let router = Router::new().route(
            "/",
            get(|| async { current_traceparent().unwrap_or_default() }),
        );
        let router = observe(router, Metrics::new());
        let answer = tracing::subscriber::with_default(subscriber, || {
            let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            let request = Request::get("/")
                .header("traceparent", parent)
                .body(Body::empty())
                .unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            runtime.block_on(async {
                let response = router.oneshot(request).await.unwrap();
                axum::body::to_bytes(response.into_body(), 1024)
                    .await
                    .unwrap()
            })
        });
        let answer = std::str::from_utf8(&answer).unwrap();
        assert!(
            answer.starts_with("00-0af7651916cd43dd8448eb211c80319c-"),
            "{answer}"
        );
        assert!(!answer.contains("b7ad6b7169203331"), "a span of its own");
        assert_eq!(current_traceparent(), None);
    }

    #[test]
    fn a_path_without_a_route_is_counted_under_one_name() {
        let metrics = Metrics::new();
        let router = observe(Router::new(), metrics.clone());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        for path in ["/a", "/b"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            runtime.block_on(router.clone().oneshot(request)).unwrap();
        }
        let line = "alongside_requests_total{route=\"none\",status=\"4xx\"} 2";
        assert!(metrics.text().contains(line), "{}", metrics.text());
    }

    #[test]
    fn a_traceparent_is_taken_only_in_its_own_form() {
        let with = |value: &'static str| {
            let headers = HeaderMap::from_iter([(
                axum::http::HeaderName::from_static("traceparent"),
                HeaderValue::from_static(value),
            )]);
            incoming_traceparent(&headers).is_some()
        };
        assert!(with(
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        ));
        assert!(!with(
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
        ));
        assert!(!with(
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
        ));
        assert!(!with("ada"));
        assert!(incoming_traceparent(&HeaderMap::new()).is_none());
    }
}

//! What every answer carries and no request may do: headers, time, size, and a panic that tells nothing.
//!
//! Applied once around the whole router. A browser of another origin gets no answer it may read, unless the origin is
//! named in the settings ([`super::cors`]). Transport security (TLS, HSTS) belongs to whatever stands in front.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_http::catch_panic::CatchPanicLayer;

use super::problem::{Code, Problem};

/// Data only: nothing in an answer may be run, loaded or framed.
const API_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Pages load from here and talk to here. Styles may stand in the markup, because both documentation tools write them
/// there; scripts may not.
const PAGES_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; \
     form-action 'none'";

/// What a browser may do with an answer it should not have: embed it, open it beside others, or ask for its devices.
const ISOLATION: [(&str, &str); 4] = [
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    ("x-permitted-cross-domain-policies", "none"),
];

/// How long a request may take from its last header to the first byte of its answer.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a body may take to arrive, from the last header to its own end. Shorter than the request's time, so that
/// its sender still hears why.
pub const BODY_WITHIN: Duration = Duration::from_secs(25);

/// Puts the protection around a finished router, and answers what no route knows. The last layer but for
/// [`crate::telemetry::observe`]: it must see what all others answer.
pub fn protect(router: Router) -> Router {
    protect_with(router, |router| router)
}

/// As [`protect`], with `inner` layers around everything that is answered, also what no route knows.
pub fn protect_with(router: Router, inner: impl FnOnce(Router) -> Router) -> Router {
    let router = router
        .fallback(|| async { Problem::new(Code::NotFound, "There is nothing here.") })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                Code::MethodNotAllowed,
                "Another method is needed; see Allow.",
            )
        });
    inner(router)
        .layer(middleware::from_fn(limit_time))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(middleware::from_fn(add_headers))
}

/// Bounds the body of every route of `router`; what says that it is longer is refused before it is read.
pub fn limit_body<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    bytes_max: usize,
) -> Router<S> {
    let check = move |request: Request, next: Next| async move {
        match refuse_announced_length(request.headers(), bytes_max) {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    };
    router
        .layer(DefaultBodyLimit::max(bytes_max))
        .layer(middleware::from_fn(check))
}

/// Lets the answers of `router` be pages: they may run scripts of this origin.
pub fn allow_page<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(middleware::map_response(async |mut response: Response| {
        set(
            response.headers_mut(),
            header::CONTENT_SECURITY_POLICY,
            PAGES_POLICY,
        );
        response
    }))
}

/// Reads a body of at most `bytes_max`, or says why not.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
) -> Result<Bytes, Problem> {
    read_body_within(headers, body, bytes_max, BODY_WITHIN).await
}

/// The same, and no longer than `patience`.
pub(super) async fn read_body_within(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
    patience: Duration,
) -> Result<Bytes, Problem> {
    refuse_announced_length(headers, bytes_max)?;
    let reading = Limited::new(body, bytes_max).collect();
    let Ok(read) = tokio::time::timeout(patience, reading).await else {
        return Err(too_slow());
    };
    match read {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(bytes_max)),
        Err(_) => Err(Problem::new(
            Code::Malformed,
            "The body ended before it was complete.",
        )),
    }
}

fn refuse_announced_length(headers: &HeaderMap, bytes_max: usize) -> Result<(), Problem> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    match announced {
        Some(length) if length > bytes_max as u64 => Err(too_large(bytes_max)),
        _ => Ok(()),
    }
}

fn too_large(bytes_max: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("At most {bytes_max} bytes are taken here."),
    )
}

/// Of a body that did not arrive in time nothing was done, which is why this is not the answer to a slow command.
#[must_use]
pub fn too_slow() -> Problem {
    let detail = "The body did not arrive in time. Nothing of it was recorded.";
    Problem::new(Code::RequestTimeout, detail)
}

async fn limit_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Timeout, "No answer within 30 seconds. A command may still take effect; retry it with the same commandId.")
            .into_response(),
    }
}

/// The panic's own words stay inside: they may quote what was being worked on.
fn answer_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request handler panicked");
    Problem::internal().into_response()
}

async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set_absent(headers, header::CONTENT_SECURITY_POLICY, API_POLICY);
    set_absent(headers, header::CACHE_CONTROL, "no-store");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    for (name, value) in ISOLATION {
        set(headers, HeaderName::from_static(name), value);
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

fn set_absent(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use axum::{
        http::StatusCode,
        routing::{get, post},
    };
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(router: Router, request: Request) -> (StatusCode, HeaderMap, String) {
        let response = protect(router).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (
            parts.status,
            parts.headers,
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    fn request(path: &str) -> Request {
        Request::get(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn every_answer_carries_the_headers_also_a_404() {
        for path in ["/", "/nowhere"] {
            let router = Router::new().route("/", get(|| async { "here" }));
            let (_, headers, _) = answer(router, request(path)).await;
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["referrer-policy"], "no-referrer");
            assert_eq!(headers["cache-control"], "no-store");
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'")
            );
            assert!(!headers.contains_key("access-control-allow-origin"));
            assert!(
                !headers.contains_key("server"),
                "nobody is told what runs here"
            );
            for (name, value) in ISOLATION {
                assert_eq!(headers[name], value);
            }
        }
    }

    #[tokio::test]
    async fn what_no_route_knows_is_a_problem_too() {
        let router = || Router::new().route("/", get(|| async { "here" }));
        let (status, headers, body) = answer(router(), request("/nowhere")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(body.contains("\"not_found\""));
        let posted = Request::post("/").body(Body::empty()).unwrap();
        let (status, headers, body) = answer(router(), posted).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(headers["allow"], "GET,HEAD");
        assert!(body.contains("\"method_not_allowed\""));
    }

    #[tokio::test]
    async fn a_page_may_run_scripts_of_its_own_origin_only() {
        let router = allow_page(Router::new().route("/", get(|| async { "page" })));
        let (_, headers, _) = answer(router, request("/")).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"));
        assert!(!policy.contains("http") && !policy.contains("unsafe-eval"));
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_its_words() {
        async fn fail() -> &'static str {
            panic!("while looking at Ada");
        }
        let (status, headers, body) =
            answer(Router::new().route("/", get(fail)), request("/")).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(headers["content-type"], "application/problem+json");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(body.contains("\"internal\"") && !body.contains("Ada"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_answered() {
        let slow = || async { tokio::time::sleep(REQUEST_TIMEOUT * 2).await };
        let (status, _, body) = answer(Router::new().route("/", get(slow)), request("/")).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("\"timeout\""));
    }

    #[tokio::test]
    async fn a_body_over_its_limit_is_refused_whether_or_not_it_says_so() {
        async fn take(headers: HeaderMap, body: Body) -> Response {
            match read_body(&headers, body, 10).await {
                Ok(bytes) => format!("{}", bytes.len()).into_response(),
                Err(problem) => problem.into_response(),
            }
        }
        let router = || Router::new().route("/", post(take));
        let announced = Request::post("/")
            .header("content-length", "11")
            .body(Body::from("12345678901"))
            .unwrap();
        assert_eq!(
            answer(router(), announced).await.0,
            StatusCode::PAYLOAD_TOO_LARGE
        );
        let silent = Request::post("/").body(Body::from("12345678901")).unwrap();
        assert_eq!(
            answer(router(), silent).await.0,
            StatusCode::PAYLOAD_TOO_LARGE
        );
        let small = Request::post("/").body(Body::from("1234567890")).unwrap();
        assert_eq!(answer(router(), small).await.2, "10");
        let limited = limit_body(Router::new().route("/", post(|| async {})), 10);
        let announced = Request::post("/")
            .header("content-length", "11")
            .body(Body::from("12345678901"))
            .unwrap();
        assert_eq!(
            answer(limited, announced).await.0,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    }
}

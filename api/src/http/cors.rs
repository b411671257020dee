//! Which pages of other origins may read answers: none, unless the settings name them.
//!
//! An origin is compared byte for byte, as browsers send it. There is deliberately no pattern, no `*` and no credentials:
//! tokens are sent by the page itself, never by the browser on its own.

use std::{str::FromStr, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, Uri, header},
};
use serde::Deserialize;
use thiserror::Error;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember that it may ask.
const REMEMBERED: Duration = Duration::from_mins(10);

/// The origin of a page: scheme, host, and the port unless it is the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(HeaderValue);

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{0:?} is not an origin as browsers send it: `https://`, a host in small letters, a port if it is not the usual one, and nothing behind; `*` is never allowed"
)]
pub struct NotAnOrigin(String);

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let refused = || NotAnOrigin(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| refused())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refused());
        };
        let usual = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(refused()),
        };
        let whole = format!("{scheme}://{authority}");
        let plain = text == whole
            && text == text.to_ascii_lowercase()
            && !text.contains(['@', '*'])
            && authority.port_u16() != Some(usual);
        if !plain {
            return Err(refused());
        }
        HeaderValue::from_str(text).map(Self).map_err(|_| refused())
    }
}

impl TryFrom<String> for Origin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, NotAnOrigin> {
        text.parse()
    }
}

/// Lets pages of these origins read the answers of `router`; without any there is no layer at all.
pub fn allow(router: Router, origins: &[Origin]) -> Router {
    if origins.is_empty() {
        return router;
    }
    let names = [
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "www-authenticate",
    ];
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(
            origins.iter().map(|origin| origin.0.clone()),
        ))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("traceparent"),
        ])
        .expose_headers(names.map(HeaderName::from_static))
        .max_age(REMEMBERED);
    router.layer(layer)
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Body,
        extract::Request,
        http::{HeaderMap, StatusCode},
        routing::post,
    };
    use tower::ServiceExt as _;

    use super::*;
    use crate::http::security::protect_with;

    const OURS: &str = "https://mentoring.example.gov.uk";

    async fn ask(origins: &[&str], method: Method, origin: &str) -> (StatusCode, HeaderMap) {
        let origins: Vec<Origin> = origins.iter().map(|text| text.parse().unwrap()).collect();
        let router = Router::new().route("/graphql", post(|| async { "here" }));
        let router = protect_with(router, |router| allow(router, &origins));
        let request = Request::builder()
            .uri("/graphql")
            .method(method)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization");
        let request = request.body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        (answer.status(), answer.headers().clone())
    }

    fn allowed(headers: &HeaderMap) -> Option<&str> {
        headers
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn nobody_is_allowed_unless_named() {
        for method in [Method::OPTIONS, Method::POST] {
            let (_, headers) = ask(&[], method, OURS).await;
            assert_eq!(allowed(&headers), None);
            assert!(!headers.contains_key("access-control-allow-methods"));
        }
    }

    #[tokio::test]
    async fn exactly_the_named_origin_is_allowed_and_never_with_credentials() {
        for method in [Method::OPTIONS, Method::POST] {
            let (status, headers) = ask(&[OURS], method, OURS).await;
            assert_eq!((status, allowed(&headers)), (StatusCode::OK, Some(OURS)));
            assert!(!headers.contains_key("access-control-allow-credentials"));
            assert!(headers["vary"].to_str().unwrap().contains("origin"));
            assert_eq!(headers["x-content-type-options"], "nosniff");
        }
        for other in [
            "https://mentoring.example.gov.uk.evil.example",
            "http://mentoring.example.gov.uk",
            "https://mentoring.example.gov.uk:8443",
            "https://evil.example",
            "null",
        ] {
            let (_, headers) = ask(&[OURS], Method::OPTIONS, other).await;
            assert_eq!(allowed(&headers), None, "{other}");
        }
    }

    #[test]
    fn what_is_no_origin_is_not_taken_for_one() {
        for text in [
            "*",
            "null",
            "",
            "mentoring.example.gov.uk",
            "https://",
            "https://mentoring.example.gov.uk/",
            "https://mentoring.example.gov.uk:443",
            "https://Mentoring.example.gov.uk",
            "https://*.example.gov.uk",
            "https://me@example.gov.uk",
            "ftp://example.gov.uk",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
        for text in [OURS, "http://localhost:5173", "https://[2001:db8::1]:8443"] {
            assert!(text.parse::<Origin>().is_ok(), "{text}");
        }
    }
}

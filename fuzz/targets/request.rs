//! A whole request: method and address, headers, a blank line, a body. Answered by every layer there is.
//!
//! `{auditor}`, `{mentee}` and `{manager}` in a header are replaced by such a token, and `{coordinator}` and
//! `{employer}` too where the request can change nothing: with GET, or without a body.

use super::service::SERVICE;
use api::{identity::Role, telemetry::incoming_traceparent};
use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::Value;

const HEADERS_MOST: usize = 50;
const ONLY_ASKING: [Role; 3] = [Role::Auditor, Role::Mentee, Role::Manager];
const ACTING: [Role; 2] = [Role::Coordinator, Role::Employer];

/// Any bytes as a request.
pub fn request(bytes: &[u8]) {
    let Some(request) = read(bytes) else {
        return;
    };
    if let Some(parent) = incoming_traceparent(request.headers()) {
        assert_eq!(parent.len(), 55);
        assert!(
            parent
                .bytes()
                .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        );
    }
    let anonymous = !request.headers().contains_key("authorization");
    let headers_only = request.method() == Method::HEAD;
    let closed = request.uri().path().starts_with("/v1/") || request.uri().path() == "/graphql";
    let answer = SERVICE.answer(request);
    assert!(
        !(anonymous && closed && answer.status < 300),
        "nobody is told what only somebody may know"
    );
    if answer.kind.starts_with("application/problem+json") && !headers_only {
        let problem: Value = serde_json::from_slice(&answer.body).expect("a problem is JSON");
        assert_eq!(problem["status"], answer.status);
        assert!(problem["code"].is_string());
    }
}

fn read(bytes: &[u8]) -> Option<Request<Body>> {
    let (first, mut rest) = line(bytes);
    let (method, address) = std::str::from_utf8(first).ok()?.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(address);
    let asks = method == "GET";
    let mut empty = asks;
    for _ in 0..HEADERS_MOST {
        let (header, after) = line(rest);
        rest = after;
        if header.is_empty() {
            break;
        }
        let colon = header.iter().position(|byte| *byte == b':')?;
        let (name, mut value) = (&header[..colon], header[colon + 1..].trim_ascii().to_vec());
        for role in ONLY_ASKING.into_iter().chain(ACTING) {
            if value == format!("{{{role}}}").as_bytes() {
                value = SERVICE.bearer(role).into_bytes();
                empty |= ACTING.contains(&role);
            }
        }
        request = request.header(name, value);
    }
    let streams = address.contains("/stream")
        && rest
            .windows(12)
            .any(|word| word.eq_ignore_ascii_case(b"subscription"));
    let body = if empty || streams {
        Vec::new()
    } else {
        rest.to_vec()
    };
    let request = request.body(Body::from(body)).ok()?;
    (*request.method() != Method::CONNECT).then_some(request)
}

fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(bytes.len());
    let line = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
    (line, bytes.get(end + 1..).unwrap_or_default())
}

//! GraphQL: a body, or a query string, from the first byte to the answer of a small scheme.
//!
//! The first byte says how it is sent and by whom. What changes or keeps listening is sent by an auditor, whom the
//! access matrix lets do neither.

use super::{service::SERVICE, world::CANARIES};
use api::identity::Role;
use axum::{body::Body, http::Request};
use serde_json::Value;

const ASKING: [Role; 4] = [
    Role::Coordinator,
    Role::Auditor,
    Role::Mentee,
    Role::Employer,
];

/// Any bytes as one operation.
pub fn document(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else {
        return;
    };
    let asked = ASKING[usize::from(how >> 2 & 3)];
    let acts = acts(rest);
    let role = if acts { Role::Auditor } else { asked };
    let authorised = Request::builder().header("authorization", SERVICE.bearer(role));
    let request = match how & 3 {
        1 => {
            let Ok(query) = std::str::from_utf8(rest) else {
                return;
            };
            authorised
                .uri(format!("/graphql?{query}"))
                .body(Body::empty())
        }
        2 if !acts => authorised
            .method("POST")
            .uri("/graphql/stream")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .body(Body::from(rest.to_vec())),
        _ => authorised
            .method("POST")
            .uri("/graphql")
            .header("content-type", "application/json")
            .body(Body::from(rest.to_vec())),
    };
    let Ok(request) = request else {
        return; // Not an address.
    };
    let answer = SERVICE.answer(request);
    let text = String::from_utf8(answer.body).expect("an answer is text");
    if role == Role::Auditor || role == Role::Mentee {
        let told = CANARIES
            .iter()
            .find(|canary| text.contains(**canary) && !contains(rest, canary.as_bytes()));
        assert_eq!(told, None, "{role} is told a name");
    }
    if answer.kind.starts_with("text/event-stream") {
        return;
    }
    let body: Value = serde_json::from_str(&text).expect("an answer is JSON");
    assert!(body.is_object());
    if body["data"].is_null() {
        let errors = body["errors"].as_array();
        let coded = errors.is_some_and(|errors| {
            errors
                .iter()
                .all(|error| error["extensions"]["code"].is_string())
        });
        assert!(
            coded || body["code"].is_string(),
            "what is refused has a code: {}",
            answer.status
        );
    }
}

/// Whether the body asks for more than to read.
fn acts(body: &[u8]) -> bool {
    let query = serde_json::from_slice::<Value>(body);
    let query = query
        .ok()
        .and_then(|body| Some(body["query"].as_str()?.to_owned()));
    query.is_some_and(|query| query.contains("mutation") || query.contains("subscription"))
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

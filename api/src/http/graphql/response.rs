//! How an answer leaves: its body, and the status that goes with it.
//!
//! Where the 2026 edition of GraphQL over HTTP wants 422 for a document that does not fit the schema and the public
//! audit suite wants 400, this answers 400, so that the audit passes whole. A document over a limit is answered 400
//! in both dresses: it was not executed, and no older client depends on being told otherwise.

use async_graphql::{ErrorExtensionValues, Response, ServerError};
use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{limits::Refusal, media::Dress};
use crate::http::{problem::Code, quota::Overdrawn};

/// Whether nothing was executed: no data, and no error that happened at a field.
pub(super) fn is_request_error(response: &Response) -> bool {
    response.data == async_graphql::Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// A response of the library's with a code at each error: it gives none to what it finds out itself, be it before
/// executing or at a field, where a value of the client's is not of its form.
pub(super) fn coded(mut response: Response) -> Response {
    for error in &mut response.errors {
        let extensions = error
            .extensions
            .get_or_insert_with(ErrorExtensionValues::default);
        if extensions.get("code").is_none() {
            extensions.set("code", code_of(&error.message).as_str());
        }
    }
    response
}

/// A refusal as GraphQL says it.
pub(super) fn refusal_errors(refusal: &Refusal) -> Value {
    json!([{ "message": refusal.message, "extensions": { "code": refusal.code.as_str() } }])
}

/// A message that was one too many, as GraphQL says it.
pub(super) fn overdrawn_errors(overdrawn: &Overdrawn) -> Value {
    let problem = overdrawn.problem();
    let extensions = json!({
        "code": problem.code(), "retryAfterSeconds": overdrawn.retry_after_seconds(),
    });
    json!([{ "message": problem.detail(), "extensions": extensions }])
}

/// A refusal as a response, for places that carry only responses.
pub(super) fn refusal_response(refusal: &Refusal) -> Response {
    let mut error = ServerError::new(refusal.message.clone(), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", refusal.code.as_str());
    error.extensions = Some(extensions);
    Response::from_errors(vec![error])
}

/// The answer to an executed or refused operation over HTTP.
pub(super) fn answer(response: &Response, dress: Dress) -> axum::response::Response {
    if is_request_error(response) {
        let errors = json!(response.errors);
        let status = status_of(&errors, dress);
        return dressed(status, &json!({ "errors": errors }), dress);
    }
    let headers = response.http_headers.clone();
    let mut answered = dressed(StatusCode::OK, response, dress);
    answered.headers_mut().extend(headers);
    answered
}

/// The body of an answer that may be given again: complete, without an error and without a header of its own.
pub(super) fn to_keep(response: &Response) -> Option<Bytes> {
    let is_plain = response.errors.is_empty()
        && response.extensions.is_empty()
        && response.http_headers.is_empty()
        && response.data != async_graphql::Value::Null;
    let body = is_plain.then(|| serde_json::to_vec(response).ok())??;
    Some(body.into())
}

/// An answer whose body was written before.
pub(super) fn kept(body: Bytes, dress: Dress) -> axum::response::Response {
    let kind = HeaderValue::from_static(dress.content_type());
    (StatusCode::OK, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// The answer to a document that was refused before the schema saw it.
pub(super) fn refused(refusal: &Refusal, dress: Dress) -> axum::response::Response {
    let errors = refusal_errors(refusal);
    let status = status_of(&errors, dress);
    dressed(status, &json!({ "errors": errors }), dress)
}

fn dressed(
    status: StatusCode,
    body: &impl serde::Serialize,
    dress: Dress,
) -> axum::response::Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let kind = HeaderValue::from_static(dress.content_type());
            (status, [(header::CONTENT_TYPE, kind)], bytes).into_response()
        }
        Err(_) => crate::http::problem::Problem::internal().into_response(),
    }
}

fn status_of(errors: &Value, dress: Dress) -> StatusCode {
    let code = errors[0]["extensions"]["code"].as_str().unwrap_or_default();
    let code = Code::ALL.iter().find(|known| known.as_str() == code);
    let expected_with_200 = matches!(
        code,
        None | Some(Code::SyntaxError | Code::ValidationFailed | Code::VariablesInvalid)
    );
    if dress == Dress::Json && expected_with_200 {
        return StatusCode::OK;
    }
    code.map_or(StatusCode::BAD_REQUEST, |code| code.status())
}

/// The library names its faults in sentences only; its two limits are the ones worth telling apart.
fn code_of(message: &str) -> Code {
    match message {
        "Query is too complex." => Code::DocumentTooComplex,
        "Query is nested too deep." => Code::DocumentTooDeep,
        _ => Code::ValidationFailed,
    }
}

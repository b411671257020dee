//! The answers that many routes share, each with an example.

use crate::http::problem::{Code, Problem};
use serde_json::{Map, Value, json};

/// What every problem looks like (RFC 9457).
pub fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "Why it was not done as asked (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "A name for this kind of problem." },
            "title": { "type": "string", "description": "The same sentence for every problem of this kind." },
            "status": { "type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status." },
            "detail": { "type": "string", "description": "What happened this time. It repeats no personal value." },
            "instance": { "type": "string", "description": "This occurrence." },
            "code": { "type": "string", "description": "A stable name for machines." },
            "errors": {
                "type": "array",
                "description": "The faults, where there are several or they have a place.",
                "items": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {
                        "message": { "type": "string", "description": "What is wrong, for a person." },
                        "pointer": { "type": "string", "description": "Where in the body, as a JSON pointer." },
                    },
                },
            },
        },
    })
}

/// Every shared answer, by the name routes refer to.
pub fn shared() -> Value {
    let all = [
        (
            "Malformed",
            problem(
                "The request cannot be read.",
                &Problem::new(Code::Malformed, "The body is not JSON."),
            ),
        ),
        (
            "Unauthenticated",
            with_header(
                problem(
                    "There is no token, or it does not hold.",
                    &Problem::new(Code::TokenExpired, "Ask for a new token."),
                ),
                "WWW-Authenticate",
                &json!({ "type": "string" }),
                "How to authenticate (RFC 6750).",
            ),
        ),
        (
            "Forbidden",
            problem(
                "The role of the token may not do this.",
                &Problem::new(
                    Code::Forbidden,
                    "The role mentee may not do this with this token.",
                ),
            ),
        ),
        (
            "NotFound",
            problem(
                "There is nothing here, or nothing that the asker may know of.",
                &Problem::new(Code::NotFound, "no scheme \"mentor-pluss\" is known here"),
            ),
        ),
        (
            "Invalid",
            problem(
                "The request can be read, and a value in it is not valid.",
                &Problem::new(
                    Code::Invalid,
                    "Ask either by `person`, or by `employer` with `employeeNumber`.",
                ),
            ),
        ),
        (
            "Internal",
            problem("Something failed on our side.", &Problem::internal()),
        ),
        (
            "RateLimited",
            with_header(
                problem(
                    "The client has used up its share. Nothing was done.",
                    &Problem::new(
                        Code::RateLimited,
                        "This client has used up its requests; the RateLimit header says when there are more.",
                    ),
                ),
                "Retry-After",
                &json!({ "type": "integer", "minimum": 1 }),
                "Seconds after which asking again makes sense.",
            ),
        ),
        (
            "Unavailable",
            with_header(
                problem(
                    "Not at the moment: the scheme takes no commands, is halted, or too many wait.",
                    &Problem::new(
                        Code::ReadOnly,
                        "this scheme is read-only until the service is restarted; nothing was recorded",
                    ),
                ),
                "Retry-After",
                &json!({ "type": "integer", "minimum": 0 }),
                "Seconds after which asking again makes sense.",
            ),
        ),
    ];
    Value::Object(
        all.into_iter()
            .map(|(name, response)| (name.to_owned(), response))
            .collect::<Map<_, _>>(),
    )
}

/// An answer that is a problem.
pub fn problem(description: &str, example: &Problem) -> Value {
    json!({
        "description": description,
        "content": {
            "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "example": serde_json::to_value(example).unwrap_or_default(),
            },
        },
    })
}

/// An answer that is JSON of a named shape.
pub fn json_of(description: &str, schema: &str, example: &Value) -> Value {
    json!({
        "description": description,
        "content": {
            "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{schema}") },
                "example": example,
            },
        },
    })
}

/// A reference to a shared answer.
pub fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{name}") })
}

fn with_header(mut response: Value, name: &str, schema: &Value, description: &str) -> Value {
    response["headers"] = json!({ name: { "description": description, "schema": schema } });
    response
}

//! The sessions that somebody arranged, as OpenAPI tells of them.

use super::{paths::PERSON, responses::named};
use serde_json::{Value, json};

/// The person of the path.
pub fn person() -> Value {
    json!({
        "name": "person", "in": "path", "required": true,
        "description": "The person, as an answer named them.",
        "schema": { "type": "string", "format": "uuid" }, "example": PERSON,
    })
}

/// The operation.
pub fn calendar() -> Value {
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Alongside//Sessions//EN\r\nBEGIN:VEVENT\r\n\
        UID:0b7c9c6e-7a53-5c3a-8a0e-3f0c5b1b2d22\r\nDTSTAMP:20261122T120000Z\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\n\
        DTSTART:20261204T160000Z\r\nSUMMARY:Mentoring session\r\nCLASS:PRIVATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    json!({
        "operationId": "showSessionsCalendar",
        "tags": ["Sessions"],
        "summary": "Take arranged sessions into a calendar",
        "description": "The sessions which mentor or mentee arranged and whose day is not over, as a calendar file (RFC 5545), for \
            the person of the token alone. What was moved has the same UID and a higher SEQUENCE; what was called off is CANCELLED.",
        "responses": {
            "200": {
                "description": "The calendar; without entries when nothing is arranged.",
                "content": { "text/calendar": { "schema": { "type": "string" }, "example": file } },
            },
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

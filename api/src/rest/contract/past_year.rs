//! The route by which an old spreadsheet is brought forward.

use super::{
    paths::{PERSON, VERSION},
    responses::{json_of, named, problem},
};
use crate::{
    http::problem::{Code, Problem},
    rest::past_year::{CODES, HEADINGS, ROWS_MOST},
};
use serde_json::{Value, json};

/// The operation.
pub fn push() -> Value {
    json!({
        "operationId": "bringPastYearForward",
        "tags": ["Past years"],
        "summary": "Bring an old spreadsheet forward",
        "description": description(),
        "parameters": [
            {
                "name": "validateOnly", "in": "query",
                "description": "Judge every row and record nothing.",
                "schema": { "type": "boolean", "default": false },
            },
            {
                "name": "from", "in": "query",
                "description": "The first day of the year whose figures the file holds; together with `until`.",
                "schema": { "type": "string", "format": "date" }, "example": "2025-04-01",
            },
            {
                "name": "until", "in": "query",
                "description": "The last day of that year.",
                "schema": { "type": "string", "format": "date" }, "example": "2026-03-31",
            },
        ],
        "requestBody": {
            "required": true,
            "description": "The spreadsheet, saved as CSV in UTF-8.",
            "content": { "text/csv": {
                "schema": { "type": "string", "description": "A title may stand above the line of headings; one row for each mentee, or for a mentor without one." },
                "example": "Mentee,LA,Start date,First post?,Mentor,Mentor LA,Matched,Sessions,Status\nDorothea Cobbold,Devon CC,1/9/25,Y,Al Ridley,Leeds,Sept 2025,3/4,ongoing\n",
            } },
        },
        "responses": answers(),
    })
}

fn description() -> String {
    let codes: Vec<String> = CODES
        .iter()
        .map(|(code, said)| format!("- `{code}`: {said}"))
        .collect();
    let headings: Vec<String> = HEADINGS
        .iter()
        .map(|(_, accepted)| format!("- {}", accepted.join(", ")))
        .collect();
    format!(
        "For the coordinator, once: mentors, live pairings with the sessions they have used, directors without a mentor, and the figures \
        of a year (at most {ROWS_MOST} rows). Each row is answered on its own, with its line: `recorded`, `alreadySo`, `counted` \
        (a pairing that is over, told by the figures of its year) or `refused`, with how to put it right.\n\n\
        A row is known by its content, so a file may be sent again as often as one likes: what is known changes nothing, and no \
        `Idempotency-Key` is needed. Councils are known by name, code, or a name from before a reorganisation. Days may be written \
        `dd/mm/yyyy`, `d.m.yy`, `3 Sept 2025`, `yyyy-mm-dd` or as a spreadsheet's number; of `Sept 2025` the first is assumed, and the \
        answer says so. “?”, “n.k.”, “tbc” and empty cells mean that nobody knows. A mentor whose pen portrait is \
        incomplete is brought forward and flagged.\n\nHeadings, compared in small letters and without punctuation:\n\n{}\n\nCodes of a \
        refused row (a rule may have others):\n\n{}",
        headings.join("\n"),
        codes.join("\n")
    )
}

fn answers() -> Value {
    let answer = json!({
        "validateOnly": false,
        "receipt": { "rows": 2, "recorded": 1, "alreadySo": 0, "counted": 0, "refused": 1 },
        "rows": [
            { "line": 2, "outcome": "recorded", "mentee": PERSON, "mentor": "5b0e1c1e-5a0b-5d53-9a55-0d4f1a7a1c12",
              "pairing": "7d0e1c1e-5a0b-5d53-9a55-0d4f1a7a1c13", "flags": ["portraitIncomplete"], "assumed": ["formedOn"] },
            { "line": 3, "outcome": "refused", "code": "sessions_unreadable", "field": "sessions",
              "message": "write the number of sessions used, or “?” where nobody knows it" },
        ],
        "version": VERSION,
    });
    json!({
        "200": json_of("The file was worked through; look at its rows.", "PastYearAnswer", &answer),
        "400": named("Malformed"),
        "401": named("Unauthenticated"),
        "403": named("Forbidden"),
        "404": named("NotFound"),
        "413": problem("The body is too large. Nothing of it was kept.",
            &Problem::new(Code::TooLarge, "At most 33554432 bytes are taken here. Nothing was recorded.")),
        "415": problem("The body is not CSV, not in UTF-8, or compressed.",
            &Problem::new(Code::UnsupportedMediaType, "Send the spreadsheet as text/csv, in UTF-8.")),
        "422": problem("The file is broken, has no headings, or a parameter is not of its form.",
            &Problem::new(Code::Invalid, "No line of headings was found.")),
        "500": named("Internal"),
        "503": named("Unavailable"),
    })
}

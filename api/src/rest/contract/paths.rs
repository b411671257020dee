//! Every route, with all its answers.

use super::{
    log, past_year, people,
    responses::{json_of, named, problem},
    sessions,
};
use crate::{
    http::problem::{Code, Problem},
    rest::appointments::{CODES, HEADINGS, ROWS_MOST},
};
use serde_json::{Value, json};

pub const PERSON: &str = "6f1d3c1e-5a0b-5d53-9a55-0d4f1a7a1c11";
const APPOINTMENT: &str = "0b7c9c6e-7a53-5c3a-8a0e-3f0c5b1b2d22";
pub const VERSION: &str = "c29tZSBzdGF0ZSBvZiB0aGUgc2NoZW1l";

/// The paths object.
pub fn all() -> Value {
    json!({
        "/v1/schemes/{scheme}/appointments": { "parameters": [scheme()], "post": push_appointments() },
        "/v1/schemes/{scheme}/past-year": { "parameters": [scheme()], "post": past_year::push() },
        "/v1/schemes/{scheme}/entitlements": { "parameters": [scheme()], "get": check_entitlement() },
        "/v1/schemes/{scheme}/work-list": { "parameters": [scheme()], "get": show_work_list() },
        "/v1/schemes/{scheme}/people/{person}/sessions.ics": { "parameters": [scheme(), sessions::person()], "get": sessions::calendar() },
        "/v1/schemes/{scheme}/people/{person}/record": { "parameters": [scheme(), people::person()], "get": people::record() },
        "/v1/schemes/{scheme}/people/{person}/erasure": { "parameters": [scheme(), people::person()], "get": people::erasure() },
        "/v1/schemes/{scheme}/log/checkpoint": { "parameters": [scheme()], "get": log::checkpoint() },
        "/v1/schemes/{scheme}/log/cosignatures": { "parameters": [scheme()], "post": log::cosignatures() },
        "/v1/schemes/{scheme}/log/keys": { "parameters": [scheme()], "get": log::keys() },
        "/v1/schemes/{scheme}/log/tile/{level}/{tile}": { "parameters": [scheme(), log::level(), log::tile()], "get": log::tile_of_hashes() },
        "/v1/schemes/{scheme}/log/tile/entries/{tile}": { "parameters": [scheme(), log::tile()], "get": log::tile_of_entries() },
        "/v1/schemes/{scheme}/log/proof/inclusion/{position}": { "parameters": [scheme(), log::position()], "get": log::inclusion() },
        "/v1/schemes/{scheme}/log/proof/consistency": { "parameters": [scheme()], "get": log::consistency() },
        "/v1/schemes/{scheme}": { "parameters": [scheme()], "get": show_scheme() },
        "/v1/schemes/{scheme}/health": { "parameters": [scheme()], "get": scheme_health() },
        "/graphql": { "post": graphql() },
        "/healthz": { "get": alive() },
        "/readyz": { "get": ready() },
        "/metrics": { "get": metrics() },
        "/openapi.json": { "get": open_api() },
        "/schemas/events/{type}/{version}.json": { "get": event_schema() },
    })
}

fn scheme() -> Value {
    json!({
        "name": "scheme", "in": "path", "required": true,
        "description": "The scheme's name in addresses.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-z0-9-]+$" },
        "example": "mentor-plus",
    })
}

fn at_least() -> Value {
    json!({
        "name": "atLeast", "in": "query",
        "description": "A version that an earlier answer gave: the answer is from that state or a later one.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 1024 },
    })
}

fn as_of() -> Value {
    json!({
        "name": "asOf", "in": "query",
        "description": "The moment as of which you ask; now when absent. An instant as in RFC 3339: as it stood by what was recorded by \
            then. A period of which the figures were published, as its first and its last day with a slash between them: as it was known \
            when it was published last; one that never was is a problem with the code `period_not_published`, and a commissioner asks as of \
            these moments and no others; only for roles that see `publishedPeriods`. For roles that see positions also a position in decimal digits, right after that entry of the history, or a checkpoint \
            that was kept: its text, byte for byte, or its size and root as `<size>:<root>`. A checkpoint that is none of this history is \
            a problem with the code `other_log`, `checkpoint_not_signed` or `other_history`. For the other roles a moment is the beginning of the day on which the instant falls. What is answered must be open to you now and have \
            been open then; who was forgotten since is forgotten there too. A moment that the scheme has not reached, or before its \
            first entry, is a problem and never an empty answer.",
        "schema": { "type": "string", "minLength": 1, "maxLength": event_log::MAX_CHECKPOINT_BYTES },
        "example": "2026-11-22T09:30:00Z",
    })
}

fn push_appointments() -> Value {
    let codes: Vec<String> = CODES
        .iter()
        .map(|(code, said)| format!("- `{code}`: {said}"))
        .collect();
    let headings: Vec<String> = HEADINGS
        .iter()
        .map(|(_, accepted)| format!("- {}", accepted.join(", ")))
        .collect();
    let description = format!(
        "Send one notice as JSON, or the starters of the whole workforce as CSV (at most {ROWS_MOST} rows, 32 MiB, UTF-8).\n\n\
        A notice is recognised by employer and employee number, so a report may be sent again every day: what is known changes \
        nothing. Rows about posts the scheme is not for are counted and nothing of them is kept.\n\n\
        A file whose structure is broken is refused as a whole; a value that cannot be read refuses its own row, with its line. \
        Separators may be commas, semicolons or tabs; days `dd/mm/yyyy` or `yyyy-mm-dd`; columns stand in any order and others are \
        passed over. Employee number, name, post and start date are needed columns. Headings, compared without case, spaces, \
        hyphens and underscores:\n\n{}\n\nContract types: permanent, substantive, established (`substantive`); interim, agency, \
        fixed term, temporary (`interim`); acting up, acting, secondment (`acting-up`); added remit, additional duties \
        (`added-remit`). Any other leaves the basis to be confirmed.\n\nCodes of a refused row or notice (a rule may have others):\n\n{}",
        headings.join("\n"),
        codes.join("\n")
    );
    json!({
        "operationId": "pushAppointments",
        "tags": ["Appointments"],
        "summary": "Tell who takes up a post",
        "description": description,
        "parameters": [
            {
                "name": "Idempotency-Key", "in": "header", "required": true,
                "description": "A new key for each delivery, the same for a retry. A retry gets the first answer, byte for byte.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
                "example": "4d9d3c0e-starters-2026-11-30",
            },
            {
                "name": "employer", "in": "query",
                "description": "The employer of every notice that names none. A token that speaks for one employer does not need it.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 500 },
                "example": "E10000008",
            },
        ],
        "requestBody": {
            "required": true,
            "description": "One notice, or a report.",
            "content": {
                "application/json": {
                    "schema": { "$ref": "#/components/schemas/Notice" },
                    "example": {
                        "employer": "E10000008", "employeeNumber": "210003", "name": "Dorothea Cobbold",
                        "email": "dorothea.cobbold@devon.example", "post": "Director of Children's Services",
                        "basis": "substantive", "startsOn": "2026-11-30", "firstPost": "yes",
                    },
                },
                "text/csv": {
                    "schema": { "type": "string", "description": "Headings in the first line, one starter a line." },
                    "example": "Employee Number,First Name,Last Name,Job Title,Contract Type,Start Date,First Post\n210003,Dorothea,Cobbold,Director of Children's Services,Permanent,30/11/2026,Yes\n",
                },
            },
        },
        "responses": push_answers(),
    })
}

fn push_answers() -> Value {
    let receipt = |form: &str, already_so: u32, recorded: u32, not_of_this_scheme: u32| {
        json!({
            "id": "9b1f0d2c-0b52-5d3e-9d1f-2f6f5b1c3e44",
            "digest": "pXv6mD3v7bq0m1yB9m2nqk0c8VbYd2m3o1f5s7t9u1A",
            "form": form, "rows": already_so + recorded + not_of_this_scheme,
            "recorded": recorded, "alreadySo": already_so, "refused": 0, "notOfThisScheme": not_of_this_scheme, "codes": {},
        })
    };
    let notice = |outcome: &str, receipt: Value| {
        json!({
            "outcome": outcome, "appointment": APPOINTMENT, "mentee": PERSON, "verdict": "eligible",
            "receipt": receipt, "version": VERSION,
        })
    };
    let report = json!({
        "receipt": receipt("csv", 0, 1, 60),
        "rows": [{ "line": 59, "outcome": "recorded", "appointment": APPOINTMENT, "mentee": PERSON, "verdict": "eligible" }],
        "version": VERSION,
    });
    json!({
        "200": {
            "description": "The report was worked through (look at its rows), or the notice told what was known.",
            "content": {
                "application/json": {
                    "schema": { "anyOf": [
                        { "$ref": "#/components/schemas/ReportAnswer" },
                        { "$ref": "#/components/schemas/NoticeAnswer" },
                    ] },
                    "examples": {
                        "report": { "summary": "A report", "value": report },
                        "notice": { "summary": "A notice of what was known", "value": notice("alreadySo", receipt("json", 1, 0, 0)) },
                    },
                },
            },
        },
        "201": json_of("The notice told something new.", "NoticeAnswer", &notice("recorded", receipt("json", 0, 1, 0))),
        "400": problem("There is no idempotency key, or the body cannot be read.",
            &Problem::new(Code::IdempotencyKeyMissing, "Send one Idempotency-Key of 1 to 255 characters.")),
        "401": named("Unauthenticated"),
        "403": named("Forbidden"),
        "404": named("NotFound"),
        "409": problem("The first delivery under this key is still being worked through.",
            &Problem::new(Code::IdempotencyInProgress, "The first delivery under this key is being worked through; ask again shortly.")),
        "413": problem("The body is too large. Nothing of it was kept.",
            &Problem::new(Code::TooLarge, "At most 33554432 bytes are taken here. Nothing was recorded.")),
        "415": problem("The body is neither JSON nor CSV, not in UTF-8, or compressed.",
            &Problem::new(Code::UnsupportedMediaType, "Send application/json for one notice or text/csv for a report.")),
        "422": problem("The notice was refused, the file is broken, or the key stands for another delivery.",
            &Problem::refused("not_of_this_scheme", "this post is not one of those the scheme is for; nothing of the notice was kept")),
        "500": named("Internal"),
        "503": named("Unavailable"),
    })
}

fn check_entitlement() -> Value {
    json!({
        "operationId": "checkEntitlement",
        "tags": ["Entitlements"],
        "summary": "Ask what somebody is entitled to",
        "description": "Ask by `person`, or by `employer` with `employeeNumber`. An employer's system asks about its own people only and \
            hears the verdict, the category and the versions; somebody else's people and people nobody knows are answered alike.",
        "parameters": [
            { "name": "person", "in": "query", "description": "The person, as an earlier answer named them.",
              "schema": { "type": "string", "format": "uuid" }, "example": PERSON },
            { "name": "employer", "in": "query", "description": "The employer's code. A token that speaks for one employer does not need it.",
              "schema": { "type": "string", "minLength": 1, "maxLength": 500 } },
            { "name": "employeeNumber", "in": "query", "description": "The employer's own number for the person.",
              "schema": { "type": "string", "minLength": 1, "maxLength": 500 } },
            at_least(),
            as_of(),
        ],
        "responses": {
            "200": json_of("The verdict, and what the asker may see of the rest.", "Entitlement", &json!({
                "person": PERSON, "verdict": "eligible", "category": "first-post",
                "versions": versions(), "missing": [],
                "rules": [{ "code": "first-post", "section": "Eligibility", "text": "A first post as director of children's services." }],
                "offer": "open", "balance": { "granted": 4, "used": 1, "left": 3, "ended": 0, "startsOn": "2026-12-01", "until": "2027-11-30" },
                "version": VERSION,
            })),
            "400": named("Malformed"), "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "422": named("Invalid"), "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

fn show_work_list() -> Value {
    json!({
        "operationId": "showWorkList",
        "tags": ["Work list"],
        "summary": "Look at what is due to whom",
        "description": "Earliest day first, then by person. An item that was sent moves to the day of its follow-up, and is gone once what \
            it is about is recorded as done, so reading it changes nothing. Names and addresses are for a coordinator's token alone; \
            another hears ids, and nothing that it may not know.",
        "parameters": [
            { "name": "kind", "in": "query", "description": "Only what is due of this kind.",
              "schema": { "$ref": "#/components/schemas/MessageKind" }, "example": "check-in" },
            { "name": "person", "in": "query", "description": "Only what is due to this person.",
              "schema": { "type": "string", "format": "uuid" } },
            { "name": "dueBy", "in": "query", "description": "Only what is to be looked at on this day or before.",
              "schema": { "type": "string", "format": "date" } },
            { "name": "first", "in": "query", "description": "How many items to return; 25 when absent.",
              "schema": { "type": "integer", "minimum": 1, "maximum": 100 } },
            { "name": "after", "in": "query", "description": "The `next` of an earlier page, after which to go on.",
              "schema": { "type": "string", "minLength": 1, "maxLength": 1024 } },
            at_least(),
            as_of(),
        ],
        "responses": {
            "200": json_of("A page of the list.", "WorkList", &json!({
                "items": [{
                    "kind": "check-in", "person": PERSON, "on": "2026-11-27", "dueOn": "2026-11-20", "overdue": false,
                    "workingDaysOverdue": 0, "pairing": APPOINTMENT,
                    "sent": [{ "on": "2026-11-20", "channel": "email", "followUpOn": "2026-11-27" }],
                    "contact": "given", "name": "Dorothea Cobbold", "email": "dorothea.cobbold@devon.example", "daysInPost": 60,
                }],
                "today": "2026-11-22", "version": VERSION,
            })),
            "400": named("Malformed"), "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "422": named("Invalid"), "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

fn versions() -> Value {
    json!({
        "policy": "newly-appointed-directors-2026",
        "register": "england-2026-11",
        "calendar": "england-and-wales-2026-11",
    })
}

fn show_scheme() -> Value {
    json!({
        "operationId": "showScheme",
        "tags": ["Schemes"],
        "summary": "Look at a scheme",
        "description": "What it is called, what it is for, and the versions that verdicts of today rest on.",
        "parameters": [at_least(), as_of()],
        "responses": {
            "200": json_of("The scheme.", "Scheme", &json!({
                "id": "mentor-plus", "name": "Mentor Plus", "kind": "mentoring",
                "versions": versions(), "version": VERSION, "position": 1042,
            })),
            "400": named("Malformed"), "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "422": named("Invalid"), "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

fn scheme_health() -> Value {
    json!({
        "operationId": "showSchemeHealth",
        "tags": ["Schemes"],
        "summary": "Look at how a scheme is",
        "description": "Whether it answers and takes commands, and how far its index is. For coordinator, auditor and administrator.",
        "responses": {
            "200": json_of("How it is; also when it is not well.", "Health", &json!({
                "status": "ok", "position": 1042, "index": { "running": true, "applied": 1042, "lag": 0 },
            })),
            "400": named("Malformed"), "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

fn graphql() -> Value {
    json!({
        "operationId": "graphql",
        "tags": ["GraphQL"],
        "summary": "Ask or change anything else",
        "description": "GraphQL over HTTP. The schema is at `/graphql/schema`, a workbench at `/graphiql`. What a rule refuses is data \
            in the answer, not an error.",
        "requestBody": {
            "required": true,
            "description": "A GraphQL request.",
            "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": { "type": "string", "description": "The document." },
                        "operationName": { "type": ["string", "null"], "description": "Which of its operations." },
                        "variables": { "type": ["object", "null"], "description": "Its variables." },
                        "extensions": { "type": ["object", "null"], "description": "Reserved." },
                    },
                },
                "example": { "query": "{ viewer { roles } }" },
            } },
        },
        "responses": {
            "200": {
                "description": "The answer.",
                "content": { "application/json": {
                    "schema": { "type": "object", "description": "`data`, and `errors` where something failed on our side." },
                    "example": { "data": { "viewer": { "roles": ["COORDINATOR"] } } },
                } },
            },
            "4XX": {
                "description": "The request cannot be read or is not allowed. The body is JSON with `errors`, or a problem.",
            },
            "401": named("Unauthenticated"),
            "503": named("Unavailable"),
        },
    })
}

fn open(id: &str, summary: &str, description: &str, responses: &Value) -> Value {
    json!({
        "operationId": id, "tags": ["Service"], "summary": summary, "description": description,
        "security": [], "responses": responses,
    })
}

fn alive() -> Value {
    open(
        "alive",
        "Is the process alive",
        "Answers as long as the process runs. It says nothing of any scheme.",
        &json!({
            "200": json_of("It is.", "Status", &json!({ "status": "alive" })),
            "400": named("Malformed"),
        }),
    )
}

fn ready() -> Value {
    open(
        "ready",
        "Can the process serve",
        "Answers once the data directory is held and can be read. A scheme's health is its own resource.",
        &json!({
            "200": json_of("It can.", "Status", &json!({ "status": "ready" })),
            "400": named("Malformed"),
            "503": named("Unavailable"),
        }),
    )
}

fn metrics() -> Value {
    open(
        "metrics",
        "Figures for a monitor",
        "Counters and durations in OpenMetrics text. Nothing in it names a person or a scheme.",
        &json!({
            "200": {
                "description": "The figures.",
                "content": { "application/openmetrics-text": { "schema": { "type": "string" } } },
            },
            "400": named("Malformed"),
        }),
    )
}

fn open_api() -> Value {
    open(
        "openApi",
        "This document",
        "The contract of REST, as OpenAPI 3.1.",
        &json!({
            "200": {
                "description": "The document.",
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
            "400": named("Malformed"),
        }),
    )
}

fn event_schema() -> Value {
    let mut operation = open(
        "showEventSchema",
        "The schema of an event's payload",
        "JSON Schema 2020-12. A version that has shipped never changes.",
        &json!({
            "200": {
                "description": "The schema.",
                "content": { "application/schema+json": { "schema": { "type": "object" } } },
            },
            "400": named("Malformed"),
            "404": named("NotFound"),
        }),
    );
    operation["parameters"] = json!([
        { "name": "type", "in": "path", "required": true, "description": "The event type.",
          "schema": { "type": "string", "pattern": "^[a-z-]+\\.[a-z-]+$" }, "example": "appointment.notified" },
        { "name": "version", "in": "path", "required": true, "description": "The payload version.",
          "schema": { "type": "integer", "minimum": 1, "maximum": 65535 }, "example": 1 },
    ]);
    operation
}

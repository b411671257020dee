//! The routes about one person: what is held about them, and that nothing is any more.

use super::{
    paths::{PERSON, VERSION},
    responses::{json_of, named},
};
use serde_json::{Value, json};

/// The parameter by which the person is named.
pub fn person() -> Value {
    json!({
        "name": "person", "in": "path", "required": true,
        "description": "The person's opaque identifier: the last part of their id.",
        "schema": { "type": "string", "format": "uuid" }, "example": PERSON,
    })
}

/// The operation.
pub fn record() -> Value {
    let mut held = json_of(
        "Everything that is held about the person.",
        "PersonRecord",
        &json!({
            "scheme": "mentor-plus", "person": PERSON, "identifiers": [PERSON], "madeOn": "2026-11-22", "version": VERSION,
            "erased": false, "seenBy": { "preferences": ["coordinator", "mentor", "mentee"] },
            "entries": [{
                "what": "preferences.recorded", "tells": "A mentee said what they hope for.", "happenedOn": "2026-10-05",
                "recordedAt": "2026-10-05T09:12:00.000Z", "recordedBy": "coordinator", "source": "mentee", "channel": "telephone",
                "details": { "mentee": PERSON },
                "personal": [{ "name": "preferences", "class": "preferences", "state": "given", "value": { "summary": "Somebody from the north" } }],
            }],
        }),
    );
    held["content"]["text/html"] = json!({
        "schema": { "type": "string", "description": "The same as a document to read, keep and print. Nothing in it runs or is loaded." },
        "example": "<!doctype html><html lang=\"en\">…</html>",
    });
    json!({
        "operationId": "showPersonRecord",
        "tags": ["People"],
        "summary": "See everything that is held about a person",
        "description": "For the person themselves with their own token, and for the coordinator to hand it on on request. It is made of the \
            records of the history: every entry that concerns the person, with what it says of them, when, by which role it was \
            recorded, on whose word, and which roles may see it. Send `Accept: text/html` for a document. A needs analysis and what \
            belongs to a pair alone is given to the person and to nobody else.",
        "responses": {
            "200": held,
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

/// The operation.
pub fn erasure() -> Value {
    let digest = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
    json!({
        "operationId": "showErasureCertificate",
        "tags": ["People"],
        "summary": "See the certificate that a person was forgotten",
        "description": "It names the person by their opaque identifier only, says when it was decided and completed and which keys were \
            destroyed, what that reaches and what not, and proves by the history itself that it says so (RFC 6962). \
            `alongside verify --certificate` checks it, with the data directory or with nothing but a root.",
        "responses": {
            "200": json_of("The certificate.", "Certificate", &json!({
                "format": "alongside erasure certificate 1", "scheme": "mentor-plus", "person": PERSON, "people": [PERSON],
                "ground": "persons-request", "decidedAt": "2026-11-20T10:00:00.000Z", "completedAt": "2026-11-20T10:00:00.000Z",
                "keys": [PERSON], "records": 3021, "root": digest,
                "decided": { "leaf": "{}", "position": "3020", "path": [digest] },
                "completed": { "leaf": "{}", "position": "3021", "path": [digest] },
                "reaches": ["every value that was sealed for the person"],
                "doesNotReach": ["what people have read before"],
            })),
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

/// The schema of a certificate.
pub fn certificate_schema() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let many = |description: &str, item: Value| json!({ "type": "array", "description": description, "items": item });
    let digest =
        json!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A SHA-256." });
    let uuid = json!({ "type": "string", "format": "uuid" });
    let inclusion = |description: &str| {
        json!({
            "type": "object", "description": description, "additionalProperties": false,
            "required": ["leaf", "position", "path"],
            "properties": {
                "leaf": text("The record without its ciphertexts, in its canonical bytes."),
                "position": text("Where it stands, from 1."),
                "path": many("The heads beside its way up to the root, lowest first.", digest.clone()),
            },
        })
    };
    json!({
        "type": "object",
        "description": "That a person was forgotten, proved by the history.",
        "additionalProperties": false,
        "required": ["format", "scheme", "person", "people", "ground", "decidedAt", "completedAt", "keys", "records", "root",
            "decided", "completed", "reaches", "doesNotReach"],
        "properties": {
            "format": text("The shape of this certificate."),
            "scheme": text("The scheme."),
            "person": { "type": "string", "format": "uuid", "description": "The person's opaque identifier." },
            "people": many("Every identifier that was erased with it, the person's own first.", uuid.clone()),
            "ground": text("On which ground, as in the event schemas."),
            "decidedAt": { "type": "string", "format": "date-time", "description": "When it was decided." },
            "completedAt": { "type": "string", "format": "date-time", "description": "When the keys were destroyed." },
            "keys": many("The names of the keys that were destroyed, as far as this keyring names them.", uuid),
            "records": { "type": "integer", "minimum": 1, "description": "How many records the history had." },
            "root": digest.clone(),
            "decided": inclusion("That it was decided, as it stands in the history."),
            "completed": inclusion("That the keys were destroyed, as it stands in the history."),
            "reaches": many("What it reaches.", json!({ "type": "string" })),
            "doesNotReach": many("What it does not reach.", json!({ "type": "string" })),
        },
    })
}

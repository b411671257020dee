//! The routes of the log: what an auditor keeps, and what proves something against it.

use super::responses::{json_of, named, problem};
use crate::http::problem::{Code, Problem};
use event_log::MAX_CHECKPOINT_BYTES;
use serde_json::{Value, json};

const DIGEST: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const NOTE: &str = "alongside/mentor-plus\n3021\n037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=\n\n\u{2014} alongside/mentor-plus Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
const KEY: &str = "alongside/mentor-plus+033de0ae+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

/// The parameter by which a record is named.
pub fn position() -> Value {
    json!({
        "name": "position", "in": "path", "required": true,
        "description": "Where the record stands in the history, from 1.",
        "schema": { "type": "integer", "minimum": 1 }, "example": 12,
    })
}

/// The parameter by which the level of a tile is named.
pub fn level() -> Value {
    json!({
        "name": "level", "in": "path", "required": true,
        "description": "The level: 0 for the hashes of leaves, one more for each tile above.",
        "schema": { "type": "integer", "minimum": 0, "maximum": 63 }, "example": 0,
    })
}

/// The parameter by which a tile is named.
pub fn tile() -> Value {
    json!({
        "name": "tile", "in": "path", "required": true,
        "description": "The number of the tile in its level, in parts of three digits with an `x` before each but the last and slashes \
            between, such as `x001/x234/067`; of a tile that is not full, `.p/` and its width behind it.",
        "schema": { "type": "string", "minLength": 3, "maxLength": 64 }, "example": "000",
    })
}

fn period() -> Value {
    json!({
        "name": "period", "in": "query",
        "description": "A period of which the figures were published, as its first and its last day with a slash between them: the first \
            checkpoint over the entry by which it counts, signed now if there is none. One that was never published is a problem with the \
            code `period_not_published`.",
        "schema": { "type": "string", "minLength": 21, "maxLength": 64 }, "example": "2025-10-01/2026-09-30",
    })
}

/// The operation.
pub fn checkpoint() -> Value {
    json!({
        "operationId": "showCheckpoint",
        "tags": ["Log"],
        "summary": "See how long the log is and its root, signed",
        "description": "A C2SP `tlog-checkpoint`: which log, how many records, the Merkle root over them (RFC 9162), signed with Ed25519. Keep \
            it somewhere else: with it, `alongside verify --checkpoint` proves later that nothing up to then was changed, dropped or \
            inserted. Without `size` or `period` it is of everything recorded by now.",
        "parameters": [size("A size of which a checkpoint was signed."), period()],
        "responses": {
            "200": {
                "description": "The checkpoint.",
                "content": { "text/plain": { "schema": { "type": "string" }, "example": NOTE } },
            },
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"), "422": named("Invalid"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

/// The operation.
pub fn cosignatures() -> Value {
    let note = json!({ "text/plain": { "schema": { "type": "string", "maxLength": MAX_CHECKPOINT_BYTES }, "example": NOTE } });
    json!({
        "operationId": "keepCosignatures",
        "tags": ["Log"],
        "summary": "Bring back a checkpoint that a witness has cosigned",
        "description": "Keeps the lines of witnesses (C2SP `tlog-cosignature`) under a checkpoint that this log has signed, and gives it back \
            with all that are kept; from then on it is asked for, exported and proved with them. Only lines by witnesses whose keys stand in \
            the settings under `witnesses` are kept. Of two by one witness the later stays, so the same may come twice and in any order.",
        "requestBody": { "required": true, "description": "The checkpoint with every line below it, byte for byte.", "content": note.clone() },
        "responses": {
            "200": { "description": "The checkpoint with every line that is kept.", "content": note },
            "400": named("Malformed"), "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "409": problem("The witness signed another text than this log did: another log, or another history.", &Problem::new(
                Code::Conflict, "The witness signed another text than this log did for 3021 records: another log, or another history of it.",
            )),
            "413": problem("More than a checkpoint can be.", &Problem::new(Code::TooLarge, "A body may have 65536 bytes here.")),
            "422": named("Invalid"), "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

/// The operation.
pub fn keys() -> Value {
    json!({
        "operationId": "showLogKeys",
        "tags": ["Log"],
        "summary": "See the keys that checkpoints are verified with",
        "description": "Verifier keys of C2SP `signed-note`, the one that signs now last. Write the key down when you begin to keep \
            checkpoints: one that is fetched from the log that it vouches for proves nothing about that log.",
        "responses": {
            "200": json_of("The keys.", "LogKeys", &json!({
                "keys": [{ "key": KEY, "since": "2026-11-22T10:00:00.000Z" }],
            })),
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

/// The operation.
pub fn tile_of_hashes() -> Value {
    binary(
        "showLogTile",
        "Fetch a tile of the tree",
        "Up to 256 hashes of 32 bytes (C2SP `tlog-tiles`). From tiles every proof can be made by whoever has them.",
    )
}

/// The operation.
pub fn tile_of_entries() -> Value {
    binary(
        "showLogEntries",
        "Fetch the leaves under a tile",
        "Up to 256 records as they are hashed, each behind its length in two bytes (C2SP `tlog-tiles`). A leaf is the record in its \
         canonical form (RFC 8785) with every ciphertext replaced by its SHA-256, so that it stays when a person is forgotten.",
    )
}

/// The operation.
pub fn inclusion() -> Value {
    let mut proof = json_of(
        "The proof.",
        "InclusionProof",
        &json!({ "position": 12, "size": 3021, "root": DIGEST, "leafHash": DIGEST, "path": [DIGEST], "checkpoint": NOTE }),
    );
    proof["content"]["text/plain"] = json!({
        "schema": { "type": "string", "description": "The same with its checkpoint as a file to be kept (C2SP `tlog-proof`)." },
        "example": format!("c2sp.org/tlog-proof@v1\nindex 11\n037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=\n\n{NOTE}"),
    });
    json!({
        "operationId": "proveInclusion",
        "tags": ["Log"],
        "summary": "Prove that a record is in the log",
        "description": "By RFC 9162, section 2.1.3. Send `Accept: text/plain` for a `.tlog-proof` file, which holds the checkpoint too.",
        "parameters": [size("The size of the log it is to be proved in; that of everything recorded by now when absent.")],
        "responses": {
            "200": proof,
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"), "422": named("Invalid"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

/// The operation.
pub fn consistency() -> Value {
    let number = |name: &str, description: &str, required: bool| {
        json!({
            "name": name, "in": "query", "required": required, "description": description,
            "schema": { "type": "integer", "minimum": 0 }, "example": if required { 12 } else { 3021 },
        })
    };
    json!({
        "operationId": "proveConsistency",
        "tags": ["Log"],
        "summary": "Prove that the log only grew",
        "description": "That the log of one size is the beginning of the log of a later one, by RFC 9162, section 2.1.4.",
        "parameters": [
            number("from", "The earlier size: that of a checkpoint that was kept.", true),
            number("to", "The later size; everything recorded by now when absent.", false),
        ],
        "responses": {
            "200": json_of("The proof.", "ConsistencyProof", &json!({
                "from": 12, "to": 3021, "fromRoot": DIGEST, "toRoot": DIGEST, "path": [DIGEST],
            })),
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"), "422": named("Invalid"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

fn size(description: &str) -> Value {
    json!({
        "name": "size", "in": "query", "description": description,
        "schema": { "type": "integer", "minimum": 0 }, "example": 3021,
    })
}

fn binary(operation: &str, summary: &str, description: &str) -> Value {
    json!({
        "operationId": operation,
        "tags": ["Log"],
        "summary": summary,
        "description": description,
        "responses": {
            "200": {
                "description": "The bytes.",
                "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } },
            },
            "401": named("Unauthenticated"), "403": named("Forbidden"), "404": named("NotFound"),
            "500": named("Internal"), "503": named("Unavailable"),
        },
    })
}

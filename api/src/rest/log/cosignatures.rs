//! `POST /v1/schemes/{scheme}/log/cosignatures`: a witness's line comes back to the log it is about.

use super::{TEXT, not_signed};
use crate::{
    http::problem::Code,
    identity::access,
    rest::{Edge, admission::Visitor, body, failure::Refused},
};
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use event_log::{MAX_CHECKPOINT_BYTES, NotCosigned, SignedCheckpoint};

/// Keeps the lines of witnesses under a checkpoint of this log, and gives it back with all that are kept.
///
/// Whoever may ask for checkpoints may bring one back: a line vouches for itself, whoever carries it.
pub async fn keep(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Refused> {
    let granted = edge.matrix.query(visitor.0.role, access::Query::Checkpoint);
    visitor.granted_of_all(granted)?;
    let scheme = visitor.scheme(path)?;
    let sent = body::read(&headers, sent, MAX_CHECKPOINT_BYTES).await?;
    let kept = edge.platform.keep_cosignatures(&scheme, read(&sent)?);
    let kept = kept.await??;
    let headers = [(header::CONTENT_TYPE, TEXT)];
    Ok((headers, kept.to_string()).into_response())
}

/// The checkpoint that a witness sent.
pub fn read(sent: &[u8]) -> Result<SignedCheckpoint, Refused> {
    let text = std::str::from_utf8(sent).unwrap_or_default();
    text.parse().map_err(|error| {
        let detail = format!(
            "Send the checkpoint as plain text, byte for byte as `alongside cosign` printed it: {error}."
        );
        Refused::new(Code::Malformed, detail)
    })
}

impl From<NotCosigned> for Refused {
    fn from(found: NotCosigned) -> Self {
        match found {
            NotCosigned::NeverSigned(size) => not_signed(size),
            NotCosigned::Another(size) => Self::new(
                Code::Conflict,
                format!(
                    "The witness signed another text than this log did for {size} records: another log, or another history of it. \
                     Keep what the witness signed, and compare it with the checkpoint of that size."
                ),
            ),
            NotCosigned::NoWitness => Self::new(
                Code::Invalid,
                "No line is by a witness who is known here. The operator names a witness's key in the settings, under `witnesses`.",
            ),
            NotCosigned::Wrong(witness) => Self::new(
                Code::Invalid,
                format!(
                    "The line of {witness} does not hold: it was changed, or is of something else. Let the witness sign again."
                ),
            ),
        }
    }
}

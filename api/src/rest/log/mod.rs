//! `/v1/schemes/{scheme}/log/…`: what an auditor holds a scheme to, and proves to others, with tools that are not ours.
//!
//! ```text
//! checkpoint                      how many records and their root, signed   (C2SP tlog-checkpoint)
//! cosignatures                    what witnesses say of a checkpoint        (C2SP tlog-cosignature)
//! keys                            what the signatures are verified with     (C2SP signed-note)
//! tile/…                          the tree, and the leaves under it         (C2SP tlog-tiles)
//! proof/inclusion/{position}      that a record is in it                    (RFC 9162; C2SP tlog-proof)
//! proof/consistency               that it only grew                         (RFC 9162)
//! ```
//!
//! Nothing here is sealed or personal: a leaf is a record with every ciphertext replaced by its SHA-256. What is asked beyond
//! the end of the log is an error, never an empty answer.

mod cosignatures;
mod proofs;
mod tiles;

use super::{
    Edge,
    admission::{Visitor, query},
    failure::Refused,
};
use crate::{
    dispatch::{Failure, NotProved},
    http::problem::Code,
    identity::access,
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::header,
    response::{IntoResponse, Response},
};
pub use cosignatures::{keep as keep_cosignatures, read as read_brought};
use domain::period::{NotAPeriod, Period};
use event_log::SignedCheckpoint;
pub use proofs::{ConsistencyProof, InclusionProof, consistency, inclusion};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use tiles::tile;

/// How plain text is sent.
const TEXT: &str = "text/plain; charset=utf-8";

/// Which checkpoint is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sized {
    size: Option<u64>,
    period: Option<String>,
}

/// The keys of a log.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogKeys {
    /// Every key that signs or signed this log's checkpoints, the one that signs now last.
    keys: Vec<LogKey>,
}

/// A key with which a log signs its checkpoints.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogKey {
    /// What signatures are verified with: a verifier key of C2SP `signed-note`.
    key: String,
    /// Since when it signs, by the scheme's clock.
    since: String,
}

/// `GET /v1/schemes/{scheme}/log/checkpoint`.
pub async fn checkpoint(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Sized>, QueryRejection>,
) -> Result<Response, Refused> {
    let granted = edge.matrix.query(visitor.0.role, access::Query::Checkpoint);
    visitor.granted_of_all(granted)?;
    let scheme = visitor.scheme(path)?;
    let Sized { size, period } = query(asked)?;
    let signed = match (size, period) {
        (None, None) => edge.platform.checkpoint(&scheme).await?,
        (Some(size), None) => {
            let kept = edge.platform.checkpoint_at(&scheme, size).await?;
            kept.ok_or_else(|| not_signed(size))?
        }
        (None, Some(period)) => of_period(&edge, &scheme, &period).await?,
        (Some(_), Some(_)) => {
            let detail = "Give `size` or `period`, and not both.";
            return Err(Refused::new(Code::Invalid, detail));
        }
    };
    let headers = [
        (header::CONTENT_TYPE, TEXT),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, signed.to_string()).into_response())
}

/// `GET /v1/schemes/{scheme}/log/keys`.
pub async fn keys(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<LogKeys>, Refused> {
    let granted = edge.matrix.query(visitor.0.role, access::Query::Checkpoint);
    visitor.granted_of_all(granted)?;
    let scheme = visitor.scheme(path)?;
    let keys = edge.platform.log_keys(&scheme).await?.into_iter();
    let keys = keys.map(|known| LogKey {
        key: known.key.to_string(),
        since: known.since,
    });
    Ok(Json(LogKeys {
        keys: keys.collect(),
    }))
}

/// The first checkpoint over the entry by which a published period counts.
async fn of_period(edge: &Edge, scheme: &str, period: &str) -> Result<SignedCheckpoint, Refused> {
    let period: Period = period
        .parse()
        .map_err(|wrong: NotAPeriod| Refused::new(Code::Invalid, format!("`period`: {wrong}.")))?;
    let snapshot = edge.platform.snapshot(scheme).await?;
    let published = snapshot.scheme.published.of(period);
    let position = published.ok_or(Failure::PeriodNotPublished)?.position;
    Ok(edge.platform.checkpoint_over(scheme, position).await?)
}

/// That no checkpoint of just this size was signed.
fn not_signed(size: u64) -> Refused {
    let detail = format!(
        "No checkpoint of {size} records was signed. Leave out `size` for one of everything recorded by now."
    );
    Refused::new(Code::NotFound, detail)
}

impl From<NotProved> for Refused {
    fn from(found: NotProved) -> Self {
        match found {
            NotProved::Beyond(head) => {
                let detail =
                    format!("The log has {head} records, and the question is about others.");
                Self::new(Code::NotFound, detail)
            }
            NotProved::NotYet => Self::shortly(
                "The tree over the log is being worked out anew. Ask again in a while.",
            ),
            NotProved::Failed(failure) => failure.into(),
        }
    }
}

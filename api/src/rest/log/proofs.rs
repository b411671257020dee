//! That a record is in the log, and that the log only grew.

use super::{
    super::{
        Edge,
        admission::{Visitor, query},
        failure::Refused,
    },
    Sized, TEXT, not_signed,
};
use crate::{dispatch::Platform, http::problem::Code, identity::access};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use event_log::{Digest, LogProof, Position, SignedCheckpoint};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What proves that a record is in the log (RFC 9162, section 2.1.3).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InclusionProof {
    /// Where the record stands, from 1.
    position: u64,
    /// The size of the log it is proved to be in, in records.
    size: u64,
    /// The root of the log of that size, in hexadecimal.
    root: String,
    /// The hash of the record's leaf: SHA-256 of a zero byte and the leaf, in hexadecimal.
    leaf_hash: String,
    /// The hashes beside the way from the leaf to the root, lowest first, in hexadecimal.
    path: Vec<String>,
    /// The signed checkpoint of that size, where one was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
}

/// What proves that the log of one size is the beginning of the log of another (RFC 9162, section 2.1.4).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsistencyProof {
    /// The earlier size, in records.
    from: u64,
    /// The later size, in records.
    to: u64,
    /// The root of the log of the earlier size, in hexadecimal.
    from_root: String,
    /// The root of the log of the later size, in hexadecimal.
    to_root: String,
    /// The hashes that lead to both, in hexadecimal.
    path: Vec<String>,
}

/// Between which two sizes a proof is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Between {
    from: u64,
    to: Option<u64>,
}

/// `GET /v1/schemes/{scheme}/log/proof/inclusion/{position}`. With `Accept: text/plain` a `.tlog-proof` file.
pub async fn inclusion(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<(String, u64)>, PathRejection>,
    asked: Result<Query<Sized>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let granted = edge.matrix.query(visitor.0.role, access::Query::Log);
    visitor.granted_of_all(granted)?;
    let Ok(Path((scheme, position))) = path else {
        let detail = "A position is a whole number from 1.";
        return Err(Refused::new(Code::NotFound, detail));
    };
    let scheme = visitor.scheme(Ok(Path(scheme)))?;
    let checkpoint = match query(asked)?.size {
        None => Ok(edge.platform.checkpoint(&scheme).await?),
        Some(size) => {
            let kept = edge.platform.checkpoint_at(&scheme, size).await?;
            kept.ok_or(size)
        }
    };
    let size = checkpoint
        .as_ref()
        .map_or_else(|size| *size, |signed| signed.checkpoint().size);
    let proved = proved(&edge.platform, &scheme, position, size).await?;
    let accept = headers.get(header::ACCEPT);
    let is_file = accept.is_some_and(|kinds| kinds.as_bytes().starts_with(b"text/plain"));
    if is_file {
        let checkpoint = checkpoint.map_err(not_signed)?;
        return Ok(file(&scheme, position, proved.path, checkpoint));
    }
    let checkpoint = checkpoint.ok().map(|signed| signed.to_string());
    Ok(Json(InclusionProof {
        position,
        size,
        root: proved.root.to_string(),
        leaf_hash: proved.leaf.to_string(),
        path: proved.path.iter().map(Digest::to_string).collect(),
        checkpoint,
    })
    .into_response())
}

/// `GET /v1/schemes/{scheme}/log/proof/consistency`.
pub async fn consistency(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Between>, QueryRejection>,
) -> Result<Json<ConsistencyProof>, Refused> {
    let granted = edge.matrix.query(visitor.0.role, access::Query::Log);
    visitor.granted_of_all(granted)?;
    let scheme = visitor.scheme(path)?;
    let Between { from, to } = query(asked)?;
    if to.is_some_and(|to| from > to) {
        let detail = "`from` is the earlier size, so it is no greater than `to`.";
        return Err(Refused::new(Code::Invalid, detail));
    }
    let found = edge.platform.in_tree(&scheme, move |tree| {
        let to = to.unwrap_or(tree.size());
        let path = tree.consistency(from, to)?;
        Ok((to, tree.root(from)?, tree.root(to)?, path))
    });
    let (to, from_root, to_root, path) = found.await?;
    Ok(Json(ConsistencyProof {
        from,
        to,
        from_root: from_root.to_string(),
        to_root: to_root.to_string(),
        path: path.iter().map(Digest::to_string).collect(),
    }))
}

struct Proved {
    root: Digest,
    leaf: Digest,
    path: Vec<Digest>,
}

async fn proved(
    platform: &Platform,
    scheme: &str,
    position: u64,
    size: u64,
) -> Result<Proved, Refused> {
    let proved = platform.in_tree(scheme, move |tree| {
        Ok(Proved {
            root: tree.root(size)?,
            path: tree.inclusion(Position(position), size)?,
            leaf: tree.leaf_head(Position(position))?,
        })
    });
    Ok(proved.await?)
}

/// The proof as a file to be kept (C2SP `tlog-proof`).
fn file(scheme: &str, position: u64, path: Vec<Digest>, checkpoint: SignedCheckpoint) -> Response {
    let proof = LogProof {
        index: position.saturating_sub(1),
        path,
        checkpoint,
    };
    let name = format!("attachment; filename=\"{scheme}-{position}.tlog-proof\"");
    let headers = [
        (header::CONTENT_TYPE, TEXT.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, proof.to_string()).into_response()
}

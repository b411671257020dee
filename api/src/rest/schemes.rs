//! A scheme as a resource: what it is, and how it is.

use super::{
    Edge,
    admission::{Visitor, query},
    failure::Refused,
    moment::{Read, read},
};
use crate::{
    dispatch::{Failure, Outcome, Request},
    http::problem::{Code, Problem},
    identity::{
        Role,
        access::{self, Class},
    },
    outside,
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use domain::{
    Actor, Command,
    adoption::SchemeKind,
    appointment::{Form, RecordNotices, Versions},
};
use event_log::{IndexStatus, SchemeId};
use projections::Snapshot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// A scheme.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scheme {
    /// Its name in addresses.
    id: String,
    /// What people call it.
    name: String,
    /// Mentoring or coaching.
    kind: SchemeKind,
    /// What verdicts of today rest on; absent until policy, register and calendar are adopted.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Versions>,
    /// Stands for the state this was read from; a later read may ask for it by `atLeast`.
    version: String,
    /// The position of the last record, for roles that may see positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
}

/// How a scheme is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// How it is.
    status: HealthStatus,
    /// Why it takes no commands, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The position of the last record that was understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// The position of the record that cannot be read or understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    halted_at: Option<u64>,
    /// How far the index is behind; absent when it cannot be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<IndexHealth>,
}

/// How a scheme is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum HealthStatus {
    /// It answers and takes commands.
    Ok,
    /// It answers and takes no commands until the service is restarted.
    ReadOnly,
    /// It neither answers nor takes commands: its log is damaged or cannot be understood.
    Halted,
}

/// How far a scheme's index is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IndexHealth {
    /// Whether it follows the log.
    running: bool,
    /// The last position it holds.
    applied: u64,
    /// Records it does not hold yet.
    lag: u64,
}

impl From<IndexStatus> for IndexHealth {
    fn from(status: IndexStatus) -> Self {
        Self {
            running: status.running,
            applied: status.applied.0,
            lag: status.head.0.saturating_sub(status.applied.0),
        }
    }
}

/// What a read may ask of the state it is answered from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    at_least: Option<String>,
    as_of: Option<String>,
}

/// The state of a scheme, at least as late as the version asked for.
pub async fn snapshot(
    edge: &Edge,
    scheme: &str,
    at_least: Option<&str>,
) -> Result<Arc<Snapshot>, Failure> {
    match at_least {
        None => edge.platform.snapshot(scheme).await,
        Some(token) => {
            let position = edge.platform.tokens().read_version(scheme, token)?;
            edge.platform.snapshot_at_least(scheme, position).await
        }
    }
}

/// `GET /v1/schemes/{scheme}`.
pub async fn show(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Scheme>, Refused> {
    visitor.granted(edge.matrix.query(visitor.0.role, access::Query::Scheme))?;
    let id = visitor.scheme(path)?;
    let asked = query(asked)?;
    let (at_least, as_of) = (asked.at_least.as_deref(), asked.as_of.as_deref());
    let Read {
        snapshot, today, ..
    } = read(&edge, &visitor, &id, at_least, as_of).await?;
    let Some(opening) = snapshot.scheme.opening.clone() else {
        return Err(Failure::UnknownScheme(id).into());
    };
    let terms = snapshot.scheme.terms(today).ok();
    Ok(Json(Scheme {
        name: opening.name,
        kind: opening.kind,
        versions: terms.map(|terms| terms.versions()),
        version: edge.platform.tokens().version(&id, snapshot.position()),
        position: sees_positions(&edge, visitor.0.role).then(|| snapshot.position()),
        id,
    }))
}

/// Positions count what happens to others, so few may see them.
fn sees_positions(edge: &Edge, role: Role) -> bool {
    edge.matrix.class(role, Class::Position).of_all()
}

/// `GET /v1/schemes/{scheme}/health`.
pub async fn health(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Health>, Refused> {
    visitor.granted_of_all(edge.matrix.query(visitor.0.role, access::Query::Health))?;
    if !sees_positions(&edge, visitor.0.role) {
        let detail = "A scheme's health names positions, which this role may not see.";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    let id = visitor.scheme(path)?;
    let snapshot = match edge.platform.snapshot(&id).await {
        Ok(snapshot) => snapshot,
        Err(Failure::Halted { position }) => {
            return Ok(Json(Health {
                status: HealthStatus::Halted,
                reason: Some("damaged"),
                position: None,
                halted_at: Some(position),
                index: None,
            }));
        }
        Err(failure) => return Err(failure.into()),
    };
    let (status, reason) = takes_commands(&edge, &visitor, &id).await?;
    Ok(Json(Health {
        status,
        reason,
        position: Some(snapshot.position()),
        halted_at: None,
        index: index(&edge, &id).await,
    }))
}

/// Asks the writer itself, by a command that is judged and never recorded.
async fn takes_commands(
    edge: &Edge,
    visitor: &Visitor,
    scheme: &str,
) -> Result<(HealthStatus, Option<&'static str>), Failure> {
    let probe = Command::RecordNotices(RecordNotices {
        form: Form::Json,
        digest: String::new(),
        rows: 0,
        recorded: 0,
        already_so: 0,
        refused: 0,
        not_of_this_scheme: 0,
        codes: BTreeMap::new(),
    });
    let request = Request {
        command_id: outside::random_uuid(),
        command: probe,
        actor: Actor {
            id: visitor.0.actor,
            role: Arc::from(visitor.0.role.as_str()),
        },
        happened_on: None,
        reported_by: None,
        channel: None,
        validate_only: true,
        correlation_id: None,
        traceparent: None,
    };
    match edge.platform.execute(scheme, request).await {
        Ok(Outcome::Accepted(_) | Outcome::Rejected(_)) | Err(Failure::Overloaded) => {
            if keeps_nothing(edge, scheme).await {
                return Ok((HealthStatus::ReadOnly, Some("read_only")));
            }
            Ok((HealthStatus::Ok, None))
        }
        Err(Failure::ReadOnly) => Ok((HealthStatus::ReadOnly, Some("read_only"))),
        Err(Failure::OutcomeUnknown) => Ok((HealthStatus::ReadOnly, Some("outcome_unknown"))),
        Err(Failure::ClockJumped) => Ok((HealthStatus::ReadOnly, Some("clock_jumped"))),
        Err(failure) => Err(failure),
    }
}

/// Whether the disk has refused what stands beside the history. Every delivery is noted there first, so none is taken.
async fn keeps_nothing(edge: &Edge, scheme: &str) -> bool {
    let store = Arc::clone(edge.platform.store());
    let Ok(id) = SchemeId::new(scheme) else {
        return false;
    };
    let asked = tokio::task::spawn_blocking(move || store.operations(&id));
    matches!(asked.await, Ok(Ok(operations)) if operations.is_read_only())
}

async fn index(edge: &Edge, scheme: &str) -> Option<IndexHealth> {
    let store = Arc::clone(edge.platform.store());
    let id = SchemeId::new(scheme).ok()?;
    let status = tokio::task::spawn_blocking(move || store.index_status(&id)).await;
    status.ok()?.ok().map(IndexHealth::from)
}

//! The whole service in one process, with a small scheme in it, spoken to without a socket.

use super::{
    folder,
    world::{self, SCHEME},
};
use api::{
    dispatch::{Options, Outcome, Platform, Request},
    http::quota::Budgets,
    identity::{
        Role,
        token::{Grant, LocalTokens},
    },
    outside,
    server::{self, Protection},
    telemetry::Metrics,
};
use axum::{Router, body::Body, http};
use domain::Command;
use event_log::Kind;
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use std::{num::NonZeroU32, sync::LazyLock, time::Duration};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use uuid::Uuid;

/// Longer than any answer takes, also where the fuzzers get what others leave of a machine.
const PATIENCE: Duration = Duration::from_mins(10);

/// The service. It is started at its first use, and nothing that is sent to it may change its scheme.
pub static SERVICE: LazyLock<Service> = LazyLock::new(Service::start);

/// A service with a token for each who may ask.
pub struct Service {
    runtime: Runtime,
    router: Router,
    platform: Platform,
    tokens: Vec<(Role, String)>,
    position: u64,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type.
    pub kind: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Service {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let options = Options {
            create: Some(Kind::Rehearsal),
            anchor: world::NOW,
            ..Options::new(folder("service"))
        };
        let platform = Platform::open(&options, Metrics::new()).expect("a platform");
        // A fuzzer is nobody's idea of a client within its share.
        let without_end = Protection {
            budgets: Budgets {
                requests_a_minute: NonZeroU32::MAX,
                without_token_a_minute: NonZeroU32::MAX,
                failed_tokens_a_minute: NonZeroU32::MAX,
                streams: NonZeroU32::MAX,
            },
            ..Protection::default()
        };
        let router = server::protected_router(&platform, &Metrics::new(), &without_end);
        let router = router.expect("routes");
        runtime.block_on(fill(&platform));
        let position = runtime
            .block_on(platform.snapshot(SCHEME))
            .expect("a snapshot")
            .position();
        Self {
            tokens: tokens(&platform),
            runtime,
            router,
            platform,
            position,
        }
    }

    /// The `Authorization` of somebody in this role.
    pub fn bearer(&self, role: Role) -> String {
        let token = self.tokens.iter().find(|(known, _)| *known == role);
        let (_, token) = token.expect("a token for every role");
        format!("Bearer {token}")
    }

    /// Sends a request through every layer there is; the scheme must be the same afterwards.
    pub fn answer(&self, request: http::Request<Body>) -> Answer {
        let answered = self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, async {
                let response = self.router.clone().oneshot(request).await;
                let (parts, body) = response.expect("a router always answers").into_parts();
                let body = body.collect().await.expect("a body ends");
                (parts, body.to_bytes().to_vec())
            })
            .await
        });
        let (parts, body) = answered.expect("an answer comes to its end");
        let snapshot = self.runtime.block_on(self.platform.snapshot(SCHEME));
        let position = snapshot.expect("a scheme goes on").position();
        assert_eq!(
            position, self.position,
            "who may only ask has changed something"
        );
        let kind = parts.headers.get(http::header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        assert_eq!(parts.headers["x-content-type-options"], "nosniff");
        assert_ne!(
            parts.status, 500,
            "an answer to outside bytes is never our own failure"
        );
        Answer {
            status: parts.status.as_u16(),
            kind: kind.to_owned(),
            body,
        }
    }
}

/// Opens the scheme and notifies the two starters of the report that is shipped.
async fn fill(platform: &Platform) {
    let notices = world::starters().rows.into_iter();
    let notices = notices
        .filter_map(|(_, _, notice)| notice.ok())
        .map(Command::from);
    for command in world::opening().into_iter().chain(notices) {
        let request = Request {
            command_id: outside::random_uuid(),
            command,
            actor: world::actor(),
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: false,
            correlation_id: None,
            traceparent: None,
        };
        let outcome = platform.execute(SCHEME, request).await;
        assert!(matches!(outcome, Ok(Outcome::Accepted(_))), "{outcome:?}");
    }
}

fn tokens(platform: &Platform) -> Vec<(Role, String)> {
    let local = LocalTokens::new(platform.key().clone());
    let mint = |role: Role| {
        let grant = Grant {
            subject: Uuid::from_u128(role as u128 + 100),
            role,
            scheme: None,
            person: Some(Uuid::from_u128(2)),
            employer: Some(world::EMPLOYER.to_owned()),
        };
        let days = SignedDuration::from_hours(24 * 30);
        local
            .mint(&grant, outside::wall_clock(), days)
            .expect("a token")
    };
    Role::ALL
        .into_iter()
        .map(|role| (role, mint(role)))
        .collect()
}

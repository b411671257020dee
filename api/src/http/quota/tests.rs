//! What a client is told of its account, over the real layer.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::http::security::protect_with;

const ADA: Holder = Holder {
    actor: Uuid::from_u128(1),
    role: Some(Role::Employer),
};
const BEN: Holder = Holder {
    actor: Uuid::from_u128(2),
    role: Some(Role::Coordinator),
};

fn budgets(requests: u32, without_token: u32, failed_tokens: u32, streams: u32) -> Budgets {
    let [requests, without_token, failed_tokens, streams] =
        [requests, without_token, failed_tokens, streams].map(|one| one.try_into().unwrap());
    Budgets {
        requests_a_minute: requests,
        without_token_a_minute: without_token,
        failed_tokens_a_minute: failed_tokens,
        streams,
    }
}

struct Edge {
    quotas: Quotas,
    metrics: Metrics,
    router: Router,
}

impl Edge {
    fn new(budgets: Budgets) -> Self {
        let metrics = Metrics::new();
        let quotas = Quotas::new(budgets, [7; 32], metrics.clone());
        let judge = |headers: &HeaderMap| match headers
            .get("authorization")
            .map(axum::http::HeaderValue::as_bytes)
        {
            None => Bearer::Absent,
            Some(b"ada") => Bearer::Holds(ADA),
            Some(b"ben") => Bearer::Holds(BEN),
            Some(_) => Bearer::Fails,
        };
        let routes = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/healthz", get(|| async { "alive" }));
        let whole = protect_with(routes, |routes| limit(routes, quotas.clone(), judge));
        Self {
            quotas,
            metrics,
            router: whole,
        }
    }

    async fn ask(&self, path: &str, token: &str, address: &str) -> Response {
        let mut request = Request::get(path);
        if !token.is_empty() {
            request = request.header("authorization", token);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let peer = Peer(address.parse().unwrap());
        request.extensions_mut().insert(peer);
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn status(&self, token: &str, address: &str) -> StatusCode {
        self.ask("/", token, address).await.status()
    }
}

#[tokio::test(start_paused = true)]
async fn every_answer_says_what_is_left_and_the_first_too_many_when_to_come_back() {
    let edge = Edge::new(budgets(3, 10, 10, 10));
    for left in ["2", "1", "0"] {
        let answer = edge.ask("/", "ada", "192.0.2.1").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["ratelimit-policy"], "\"client\";q=3;w=60");
        let standing = answer.headers()["ratelimit"].to_str().unwrap().to_owned();
        assert!(standing.starts_with(&format!("\"client\";r={left};t=")));
    }
    let refused = edge.ask("/", "ada", "192.0.2.1").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "20");
    assert_eq!(refused.headers()["ratelimit"], "\"client\";r=0;t=60");
    assert_eq!(
        refused.headers()["content-type"],
        "application/problem+json"
    );
    let body = refused.into_body().collect().await.unwrap().to_bytes();
    assert!(std::str::from_utf8(&body).unwrap().contains("rate_limited"));

    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(edge.status("ada", "192.0.2.1").await, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_client_is_its_token_wherever_it_comes_from_and_nobody_elses_account() {
    let edge = Edge::new(budgets(2, 1, 1, 10));
    assert_eq!(edge.status("ada", "192.0.2.1").await, StatusCode::OK);
    assert_eq!(edge.status("ada", "192.0.2.2").await, StatusCode::OK);
    assert_eq!(edge.status("ada", "192.0.2.3").await, 429);
    // A stranger behind the same proxy uses up what is the address's, and nothing that is Ben's.
    for _ in 0..5 {
        edge.status("", "192.0.2.9").await;
        edge.status("forged", "192.0.2.9").await;
    }
    assert_eq!(edge.status("", "192.0.2.9").await, 429);
    assert_eq!(edge.status("forged", "192.0.2.9").await, 429);
    assert_eq!(edge.status("ben", "192.0.2.9").await, StatusCode::OK);
    // Of IPv6 a whole network is one address.
    assert_eq!(edge.status("", "2001:db8:0:1::1").await, StatusCode::OK);
    assert_eq!(edge.status("", "2001:db8:0:1::2").await, 429);
    assert_eq!(edge.status("", "2001:db8:0:2::1").await, StatusCode::OK);
    assert_eq!(edge.status("", "::ffff:192.0.2.9").await, 429);
}

#[tokio::test(start_paused = true)]
async fn a_monitor_is_answered_when_nobody_else_is_and_what_no_route_knows_counts() {
    let edge = Edge::new(budgets(1, 1, 1, 1));
    let nowhere = edge.ask("/nowhere", "", "192.0.2.1").await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
    assert_eq!(edge.status("", "192.0.2.1").await, 429);
    for _ in 0..3 {
        let alive = edge.ask("/healthz", "", "192.0.2.1").await;
        assert_eq!(alive.status(), StatusCode::OK);
        assert!(!alive.headers().contains_key("ratelimit"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_administrator_sees_bursts_and_the_figures_see_no_client() {
    let edge = Edge::new(budgets(1, 1, 1, 1));
    for _ in 0..4 {
        edge.status("ada", "192.0.2.1").await;
        edge.status("forged", "192.0.2.77").await;
    }
    let bursts = edge.quotas.refusals().latest();
    let seen: Vec<_> = bursts
        .iter()
        .map(|burst| (burst.reason, burst.role, burst.refused))
        .collect();
    assert_eq!(
        seen,
        [
            (Reason::FailedTokens, None, 3),
            (Reason::Requests, Some(Role::Employer), 3),
        ]
    );
    assert_eq!(bursts[1].client, ADA.actor);
    assert!(!format!("{bursts:?}").contains("192.0.2.77"));
    let figures = edge.metrics.text();
    for reason in ["requests", "failed-tokens"] {
        let line = format!("alongside_refused_requests_total{{reason=\"{reason}\"}} 3");
        assert!(figures.lines().any(|found| found == line), "{figures}");
    }
    for client in [ADA.actor.to_string(), bursts[0].client.to_string()] {
        assert!(!figures.contains(&client));
    }
    assert!(!figures.contains("192.0.2"));
}

#[tokio::test(start_paused = true)]
async fn strangers_without_number_share_an_account_and_fill_no_memory() {
    let edge = Edge::new(budgets(10, 5, 5, 10));
    let at = |number: u32| IpAddr::V4(number.into());
    let many = u32::try_from(ACCOUNTS_MOST).unwrap();
    for number in 0..many {
        assert!(
            edge.quotas
                .spend_at(at(number), Reason::WithoutToken)
                .overdrawn()
                .is_none()
        );
    }
    let late: Vec<bool> = (many..many + 10)
        .map(|number| edge.quotas.spend_at(at(number), Reason::WithoutToken))
        .map(|charge| charge.overdrawn().is_some())
        .collect();
    assert_eq!(late.iter().filter(|refused| **refused).count(), 5);
    assert_eq!(edge.quotas.accounts().buckets.len(), ACCOUNTS_MOST + 1);
    // Whoever had an account keeps it, and all are forgotten once they are whole.
    let known = edge.quotas.spend_at(at(0), Reason::WithoutToken);
    assert_eq!(known.standing.left, 3);
    tokio::time::advance(Duration::from_mins(2)).await;
    edge.quotas.spend_at(at(many + 50), Reason::WithoutToken);
    assert_eq!(edge.quotas.accounts().buckets.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn streams_count_as_long_as_they_are_held() {
    let edge = Edge::new(budgets(10, 10, 10, 2));
    let first = edge.quotas.hold_stream(ADA).ok().unwrap();
    let second = edge.quotas.hold_stream(ADA);
    assert!(second.is_ok() && edge.quotas.hold_stream(ADA).is_err());
    assert!(edge.quotas.hold_stream(BEN).is_ok());
    drop(first);
    assert!(edge.quotas.hold_stream(ADA).is_ok());
    drop(second);
    assert!(
        edge.quotas.streams().is_empty(),
        "nobody is remembered who holds none"
    );
    assert_eq!(edge.quotas.refusals().latest()[0].reason, Reason::Streams);
}

//! A tiny schema on a real socket, asked over real HTTP and real `WebSocket`s.

mod introspection;
mod over_http;
mod over_quota;
mod over_stream;
mod over_websocket;

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicI32, Ordering},
    time::Duration,
};

use async_graphql::{Context, EmptySubscription, Object, Request, Schema, Subscription};
use axum::{body::Bytes, http::HeaderMap};
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;

use super::{Limits, RequestContext, harden, router};
use crate::http::{
    problem::{Code, Problem},
    quota::Holder,
    security::protect,
};
use crate::identity::bearers::Credentials;

/// Enough of a REST contract to see the documentation page, and the tools that read contracts, at work.
const CONTRACT: &str = include_str!("contract.json");

struct Query;

#[expect(clippy::unused_async, reason = "the macro asks for async resolvers")]
#[Object]
impl Query {
    async fn hello(&self, #[graphql(default)] name: Option<String>) -> String {
        format!("hello {}", name.unwrap_or_default())
    }

    async fn nested(&self) -> Self {
        Self
    }

    async fn fails(&self) -> async_graphql::Result<i32> {
        Err("no".into())
    }

    async fn panics(&self) -> i32 {
        COUNT
            .load(Ordering::SeqCst)
            .checked_div(0)
            .expect("while looking at Ada")
    }

    #[graphql(complexity = 2_001)]
    async fn heavy(&self) -> i32 {
        1
    }

    async fn refuses(&self) -> async_graphql::Result<i32> {
        Err(Problem::new(Code::Forbidden, "Not for this role.").into())
    }

    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_hours(1)).await;
        1
    }

    async fn visitor(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(ctx.data::<Visitor>()?.0.clone())
    }
}

static COUNT: AtomicI32 = AtomicI32::new(0);

struct Mutation;

#[Object]
impl Mutation {
    async fn increment(&self) -> i32 {
        COUNT.fetch_add(1, Ordering::SeqCst)
    }
}

struct Ticks;

#[Subscription]
impl Ticks {
    async fn ticks(&self, count: i32) -> impl Stream<Item = i32> + use<> {
        stream::iter(0..count)
    }

    async fn endless(&self) -> impl Stream<Item = i32> + use<> {
        stream::once(async { 1 }).chain(stream::pending())
    }
}

#[derive(Clone)]
struct Visitor(String);

const ADA: Holder = Holder {
    actor: uuid::Uuid::from_u128(1),
    role: Some(crate::identity::Role::Coordinator),
};

#[derive(Clone)]
struct Door;

impl RequestContext for Door {
    type Visitor = Visitor;
    type Reads = ();

    async fn admit(&self, shown: &Credentials<'_>) -> Result<Visitor, Problem> {
        let token = shown.token;
        if matches!(token, "ada" | "brief" | "blind") {
            Ok(Visitor(token.to_owned()))
        } else {
            Err(Problem::new(
                Code::Unauthenticated,
                "This token does not hold.",
            ))
        }
    }

    fn remaining(&self, visitor: &Visitor) -> Duration {
        match visitor.0.as_str() {
            "brief" => Duration::from_millis(200),
            _ => Duration::from_hours(1),
        }
    }

    fn holder(&self, visitor: &Visitor) -> Option<Holder> {
        (visitor.0 == "ada").then_some(ADA)
    }

    fn may_introspect(&self, visitor: &Visitor) -> bool {
        visitor.0 != "blind"
    }

    fn equip(&self, visitor: &Visitor, _: &HeaderMap, request: Request) -> (Request, ()) {
        (request.data(visitor.clone()), ())
    }

    fn fingerprint(&self, _: &Visitor) -> [u8; 32] {
        [0; 32]
    }

    async fn kept(&self, _: &[u8; 32]) -> Option<Bytes> {
        None
    }

    async fn keep(&self, _: [u8; 32], (): &(), _: Bytes) {}
}

fn limits() -> Limits {
    Limits {
        timeout: Duration::from_millis(200),
        operations_max: 3,
        ..Limits::default()
    }
}

async fn serve_at(address: &str) -> (SocketAddr, impl Future<Output = std::io::Result<()>>) {
    serve_within(address, limits()).await
}

async fn serve_within(
    address: &str,
    limits: Limits,
) -> (SocketAddr, impl Future<Output = std::io::Result<()>>) {
    let schema = harden(Schema::build(Query, Mutation, Ticks)).finish();
    let sdl = schema.sdl();
    let contract = || async { ([("content-type", "application/json")], CONTRACT) };
    let router = router(schema, sdl, Door, limits)
        .route("/openapi.json", axum::routing::get(contract))
        .merge(crate::pages::router());
    let router = protect(router);
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, async move { axum::serve(listener, router).await })
}

/// Serves until the test's runtime ends.
async fn serve() -> SocketAddr {
    let (address, server) = serve_at("127.0.0.1:0").await;
    tokio::spawn(server);
    address
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    #[track_caller]
    fn code(&self) -> String {
        let json = self.json();
        let own = json["code"].as_str();
        let code = own.or_else(|| json["errors"][0]["extensions"]["code"].as_str());
        code.unwrap_or_else(|| panic!("no code in {json}"))
            .to_owned()
    }
}

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().concat()
}

type Header<'h> = (&'h str, &'h str);

const TOKEN: Header<'static> = ("authorization", "Bearer ada");
const JSON: Header<'static> = ("content-type", "application/json");
const GRAPHQL: Header<'static> = ("accept", "application/graphql-response+json");

/// One request on a connection of its own, by a client that knows nothing of this server's types.
async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[Header<'_>],
    body: &str,
) -> Answer {
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body.to_owned();
    let ask = move || {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .accept(ureq::config::AutoHeaderValue::None)
            .allow_non_standard_methods(true)
            .build();
        let request = request.body(body).unwrap();
        let response = if request.body().is_empty() {
            config.new_agent().run(request.map(|_| ())).unwrap()
        } else {
            // A body that announces itself too long is refused unread, and whoever is still sending may see the
            // connection end before the answer (RFC 9112, section 9.6): then it is asked again.
            let mut answers = (0..20).map(|_| config.new_agent().run(request.clone()));
            answers.find_map(Result::ok).expect("an answer")
        };
        let (parts, mut body) = response.into_parts();
        let text = body.read_to_string().unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text,
        }
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

async fn post(address: SocketAddr, query: &str) -> Answer {
    let body = serde_json::json!({ "query": query }).to_string();
    send(address, "POST", "/graphql", &[TOKEN, JSON, GRAPHQL], &body).await
}

/// For other people's checks while this is being built: `tests/outside/run --url http://127.0.0.1:8099 --token ada`.
#[tokio::test]
#[ignore = "serves until it is stopped"]
async fn serve_for_outside_checks() {
    let (_, server) = serve_at("127.0.0.1:8099").await;
    server.await.unwrap();
}

#[test]
fn a_schema_without_subscriptions_is_served_too() {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let _: axum::Router = router(schema, String::new(), Door, Limits::default());
}

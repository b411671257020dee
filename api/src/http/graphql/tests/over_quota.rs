//! What is charged on connections that live on: messages, tokens that come as messages, and the connections themselves.

use std::num::NonZeroU32;

use serde_json::json;

use super::{over_websocket::Client, *};
use crate::{
    http::quota::{self, Bearer, Budgets, Quotas, Reason},
    telemetry::Metrics,
};

async fn serve_charged(budgets: Budgets) -> (SocketAddr, Quotas) {
    let schema = harden(Schema::build(Query, Mutation, Ticks)).finish();
    let quotas = Quotas::new(budgets, [7; 32], Metrics::new());
    let judge = |headers: &HeaderMap| match headers.get("authorization") {
        Some(value) if value == "Bearer ada" => Bearer::Holds(ADA),
        Some(_) => Bearer::Fails,
        None => Bearer::Absent,
    };
    let routes = router(schema, String::new(), Door, limits());
    let charged = crate::http::security::protect_with(routes, |routes| {
        quota::limit(routes, quotas.clone(), judge)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, charged).await });
    (address, quotas)
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

async fn connect(address: SocketAddr, token: &str) -> Client {
    let mut client = Client::connect(address, Some("graphql-transport-ws")).await;
    let bearer = format!("Bearer {token}");
    client
        .say(json!({ "type": "connection_init", "payload": { "Authorization": bearer } }))
        .await;
    client
}

fn reasons(quotas: &Quotas) -> Vec<(Reason, u64)> {
    let bursts = quotas.refusals().latest();
    bursts.iter().map(|one| (one.reason, one.refused)).collect()
}

#[tokio::test]
async fn a_subscription_too_many_is_refused_by_itself_and_a_flood_ends_the_connection() {
    let budgets = Budgets {
        requests_a_minute: number(3),
        ..Budgets::default()
    };
    let (address, quotas) = serve_charged(budgets).await;
    let mut client = connect(address, "ada").await;
    assert_eq!(client.hear().await, json!({ "type": "connection_ack" }));
    for id in ["1", "2", "3"] {
        client.subscribe(id, "{ hello }").await;
        assert_eq!(client.hear().await["type"], "next");
        assert_eq!(client.hear().await["type"], "complete");
    }
    client.subscribe("4", "{ hello }").await;
    let refused = client.hear().await;
    assert_eq!(
        (&refused["type"], &refused["id"]),
        (&json!("error"), &json!("4"))
    );
    let extensions = &refused["payload"][0]["extensions"];
    assert_eq!(extensions["code"], "rate_limited");
    assert_eq!(extensions["retryAfterSeconds"], 20);
    client.say(json!({ "type": "ping" })).await;
    assert_eq!(client.closed().await, 1013);
    assert_eq!(reasons(&quotas), [(Reason::Requests, 2)]);
    // The same holder has no more over HTTP either.
    let body = r#"{"query":"{ hello }"}"#;
    let asked = send(address, "POST", "/graphql", &[TOKEN, JSON], body).await;
    assert_eq!((asked.status, asked.code().as_str()), (429, "rate_limited"));
}

#[tokio::test]
async fn connections_and_streams_count_while_they_are_open() {
    let budgets = Budgets {
        streams: number(1),
        ..Budgets::default()
    };
    let (address, quotas) = serve_charged(budgets).await;
    let mut first = connect(address, "ada").await;
    assert_eq!(first.hear().await, json!({ "type": "connection_ack" }));
    let mut second = connect(address, "ada").await;
    assert_eq!(second.closed().await, 1013);
    let events = [TOKEN, JSON, ("accept", "text/event-stream")];
    let body = r#"{"query":"subscription { ticks(count: 1) }"}"#;
    let stream = send(address, "POST", "/graphql/stream", &events, body).await;
    assert_eq!(stream.status, 429);
    assert_eq!(stream.headers["retry-after"], "1");
    assert_eq!(reasons(&quotas), [(Reason::Streams, 2)]);

    drop(first);
    let mut patience = 200;
    while send(address, "POST", "/graphql/stream", &events, body)
        .await
        .status
        != 200
    {
        patience -= 1;
        assert!(
            patience > 0,
            "the place of a connection that is gone was kept"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_token_that_fails_as_a_message_counts_like_one_in_a_header() {
    let budgets = Budgets {
        failed_tokens_a_minute: number(2),
        ..Budgets::default()
    };
    let (address, _) = serve_charged(budgets).await;
    for _ in 0..2 {
        assert_eq!(connect(address, "eve").await.closed().await, 4403);
    }
    let forged = [("authorization", "Bearer eve"), JSON];
    let asked = send(address, "POST", "/graphql", &forged, "{}").await;
    assert_eq!(asked.status, 429);
}

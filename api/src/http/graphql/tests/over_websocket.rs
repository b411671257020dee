use futures_util::SinkExt as _;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use super::*;

pub(super) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    pub(super) async fn connect(address: SocketAddr, protocol: Option<&str>) -> Self {
        let mut request = format!("ws://{address}/graphql/ws")
            .into_client_request()
            .unwrap();
        if let Some(protocol) = protocol {
            request
                .headers_mut()
                .insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Self(socket),
            Err(error) => panic!("no connection: {error}"),
        }
    }

    async fn open() -> Self {
        Self::connect(serve().await, Some("graphql-transport-ws")).await
    }

    async fn admitted() -> Self {
        let mut client = Self::open().await;
        client
            .say(json!({ "type": "connection_init", "payload": { "Authorization": "Bearer ada" } }))
            .await;
        assert_eq!(client.hear().await, json!({ "type": "connection_ack" }));
        client
    }

    pub(super) async fn say(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } }))
            .await;
    }

    pub(super) async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("expected a message, heard {other:?}"),
            }
        }
    }

    pub(super) async fn closed(&mut self) -> u16 {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("expected to be hung up on, heard {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_subscription_runs_from_next_to_complete() {
    let mut client = Client::admitted().await;
    client
        .subscribe("1", "subscription { ticks(count: 2) }")
        .await;
    for tick in 0..2 {
        let next = json!({ "id": "1", "type": "next", "payload": { "data": { "ticks": tick } } });
        assert_eq!(client.hear().await, next);
    }
    assert_eq!(
        client.hear().await,
        json!({ "id": "1", "type": "complete" })
    );
    client.subscribe("1", "{ visitor }").await;
    assert_eq!(client.hear().await["payload"]["data"]["visitor"], "ada");
    assert_eq!(client.hear().await["type"], "complete");
}

#[tokio::test]
async fn a_client_ends_what_it_began_and_may_use_the_id_again() {
    let mut client = Client::admitted().await;
    client.subscribe("1", "subscription { endless }").await;
    assert_eq!(client.hear().await["payload"]["data"]["endless"], 1);
    client.say(json!({ "id": "1", "type": "complete" })).await;
    client.subscribe("1", "{ hello }").await;
    assert_eq!(client.hear().await["payload"]["data"]["hello"], "hello ");
}

#[tokio::test]
async fn what_is_refused_is_an_error_and_not_a_result() {
    let mut client = Client::admitted().await;
    let aliases = numbered(60, |index| format!("a{index}: hello "));
    for (query, code) in [
        ("subscription { tocks }".to_owned(), "validation_failed"),
        ("{ helo }".to_owned(), "validation_failed"),
        (
            format!("{{ nested {{ {aliases} }} }}"),
            "document_too_many_aliases",
        ),
        ("{ slow }".to_owned(), "timeout"),
    ] {
        client.subscribe("1", &query).await;
        let answer = client.hear().await;
        assert_eq!(answer["type"], "error", "{answer}");
        assert_eq!(answer["payload"][0]["extensions"]["code"], code);
    }
    client.subscribe("1", "{ fails }").await;
    assert_eq!(
        client.hear().await["type"],
        "next",
        "a failing field is a result"
    );
}

#[tokio::test]
async fn operations_at_once_are_bounded() {
    let mut client = Client::admitted().await;
    for id in ["1", "2", "3"] {
        client.subscribe(id, "subscription { endless }").await;
        assert_eq!(client.hear().await["type"], "next");
    }
    client.subscribe("4", "{ hello }").await;
    assert_eq!(
        client.hear().await["payload"][0]["extensions"]["code"],
        "too_many_operations"
    );
}

#[tokio::test]
async fn each_fault_of_the_client_has_its_close_code() {
    let init = json!({ "type": "connection_init", "payload": { "token": "ada" } });
    let endless = json!({ "id": "1", "type": "subscribe", "payload": { "query": "subscription { endless }" } });
    let deep =
        json!({ "type": "ping", "payload": (0..40).fold(json!(1), |inner, _| json!([inner])) });
    for (messages, code) in [
        (vec![json!("hello")], 4400),
        (vec![json!({ "type": "nonsense" })], 4400),
        (vec![deep], 4400),
        (
            vec![
                init.clone(),
                json!({ "id": "1", "type": "subscribe", "payload": {} }),
            ],
            4400,
        ),
        (vec![endless.clone()], 4401),
        (vec![json!({ "type": "connection_init" })], 4403),
        (
            vec![json!({ "type": "connection_init", "payload": { "token": "eve" } })],
            4403,
        ),
        (vec![init.clone(), endless.clone(), endless], 4409),
        (vec![init.clone(), init], 4429),
    ] {
        let mut client = Client::open().await;
        for message in &messages {
            client.say(message.clone()).await;
        }
        assert_eq!(client.closed().await, code, "{messages:?}");
    }
}

#[tokio::test]
async fn a_plain_request_is_told_what_this_is() {
    let answer = send(serve().await, "GET", "/graphql/ws", &[TOKEN], "").await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "malformed"));
}

#[tokio::test]
async fn another_protocol_or_none_is_hung_up_on() {
    let mut client = Client::connect(serve().await, None).await;
    assert_eq!(client.closed().await, 4406);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed_after_five_seconds() {
    let started = std::time::Instant::now();
    assert_eq!(Client::open().await.closed().await, 4408);
    assert!(started.elapsed() > Duration::from_secs(4));
}

#[tokio::test]
async fn a_connection_does_not_outlive_its_token() {
    let mut client = Client::open().await;
    client
        .say(json!({ "type": "connection_init", "payload": { "token": "brief" } }))
        .await;
    client.subscribe("1", "subscription { endless }").await;
    assert_eq!(client.closed().await, 4403);
}

#[tokio::test]
async fn a_token_in_the_header_is_judged_before_the_upgrade() {
    let address = serve().await;
    let with = |token: &'static str| {
        let mut request = format!("ws://{address}/graphql/ws")
            .into_client_request()
            .unwrap();
        request.headers_mut().insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().unwrap(),
        );
        request
            .headers_mut()
            .insert("authorization", token.parse().unwrap());
        request
    };
    let refused = connect_async(with("Bearer eve")).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("401")));
    let (socket, _) = connect_async(with("Bearer ada")).await.unwrap();
    let mut client = Client(socket);
    client.say(json!({ "type": "connection_init" })).await;
    assert_eq!(client.hear().await["type"], "connection_ack");
}

#[tokio::test]
async fn a_ping_is_answered_at_any_time() {
    let mut client = Client::open().await;
    client.say(json!({ "type": "ping" })).await;
    assert_eq!(client.hear().await, json!({ "type": "pong" }));
}

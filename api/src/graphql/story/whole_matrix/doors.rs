//! The other doors: REST, subscriptions, and real sockets.

use super::super::*;
use super::{
    plain::Plain,
    world::{Who, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;
use serde_json::json;
use std::time::Duration;
use tower::ServiceExt as _;

const AT: &str = "/v1/schemes/mentor-plus";

impl World {
    async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let (status, body) = self.send(request.body(Body::empty()).unwrap()).await;
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// What is said to a body that nobody could understand: whether one may send any is said before.
    async fn posts(&self, token: &str, path: &str) -> StatusCode {
        let request = Request::post(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::from("?")).unwrap()).await.0
    }
}

/// Every personal value of a person's record.
fn personal(held: &Value) -> impl Iterator<Item = &Value> {
    let entries = held["entries"].as_array().into_iter().flatten();
    entries.flat_map(|entry| entry["personal"].as_array().into_iter().flatten())
}

/// R305, R308: every role, standing every way, before every route of REST; and in each answer every class it can hold.
#[tokio::test]
async fn every_route_is_open_to_whom_the_matrix_opens_it_and_to_nobody_else() {
    let (world, plain) = (World::made().await, Plain::read());
    let person = world.id("ada").rsplit(':').next().unwrap();
    let entitlements = format!("{AT}/entitlements?person={person}");
    let record = format!("{AT}/people/{person}/record");
    let certificate = format!("{AT}/people/{person}/erasure");
    let sessions = format!("{AT}/people/{person}/sessions.ics");
    let before = world.position().await;
    let mut cells = 0;
    for role in Role::ALL {
        for who in Who::all_as(role) {
            let (token, name) = (world.token(role, who), role.as_str());
            let stands = who.stands_to("ada");
            let query = |query: &str| plain.opens("queries", query, name, stands);
            let class = |class: &str| plain.opens("fields", class, name, stands);
            let of_all = |class: &str| plain.opens_all("fields", class, name);
            let asked = format!("{role} as {who:?}");

            let (status, scheme) = world.get(&token, AT).await;
            assert_eq!(status == 200, query("scheme"), "{asked}: {scheme}");
            let shown = status == 200 && of_all("position");
            assert_eq!(scheme["position"].is_u64(), shown, "{asked}: {scheme}");

            let (status, _) = world.get(&token, &format!("{AT}/health")).await;
            assert_eq!(
                status == 200,
                query("health") && of_all("position"),
                "{asked}"
            );

            let (status, found) = world.get(&token, &entitlements).await;
            let wanted = query("entitlement") && class("eligibility");
            assert_eq!(status == 200, wanted, "{asked}: {found}");
            let take_up = wanted && class("take-up");
            assert_eq!(found["balance"].is_object(), take_up, "{asked}: {found}");
            assert_eq!(found["offer"].is_string(), take_up, "{asked}: {found}");

            let (status, _) = world.get(&token, &sessions).await;
            let wanted = query("sessionsCalendar") && class("meeting-places");
            assert_eq!(status == 200, wanted, "{asked}");

            let (status, held) = world.get(&token, &record).await;
            let own = stands.contains(&"own");
            assert_eq!(status == 200, query("personRecord"), "{asked}: {held}");
            let given = |class: &str| {
                let mut all = personal(&held).filter(|one| one["state"] == "given");
                all.any(|one| one["class"] == class)
            };
            for class in ["identity", "employment", "preferences", "needs-analysis"] {
                let wanted = query("personRecord") && (own || of_all(class));
                assert_eq!(given(class), wanted, "{asked}: {class} of {held}");
            }

            let (status, _) = world.get(&token, &certificate).await;
            let wanted = plain.opens_all("queries", "erasures", name);
            let wanted = if wanted { 404 } else { 403 };
            assert_eq!(status, wanted, "{asked}: nobody was forgotten yet");

            let (status, list) = world.get(&token, &format!("{AT}/work-list")).await;
            let wanted = plain.opens_all("queries", "workList", name);
            assert_eq!(status == 200, wanted, "{asked}: {list}");
            let has = |field: &str| {
                let mut items = list["items"].as_array().into_iter().flatten();
                items.any(|item| !item[field].is_null())
            };
            assert_eq!(has("name"), wanted && of_all("identity"), "{asked}");
            assert_eq!(
                has("daysInPost"),
                wanted && of_all("time-in-post"),
                "{asked}"
            );
            let told = |kind: &str| list.to_string().contains(kind);
            assert_eq!(
                told("resolve-difficulty"),
                wanted && of_all("difficulty"),
                "{asked}: {list}"
            );

            let command = |command: &str| {
                let stands: &[&str] = match who {
                    Who::Leeds | Who::Bradford => &["employer"],
                    _ => &[],
                };
                plain.opens("commands", command, name, stands)
            };
            let status = world.posts(&token, &format!("{AT}/appointments")).await;
            let wanted = command("notifyAppointment") && command("recordNotices");
            assert_eq!(status != 403, wanted, "{asked}: {status}");
            let status = world.posts(&token, &format!("{AT}/past-year")).await;
            let all = [
                "bringForwardMentor",
                "bringForwardPairing",
                "bringForwardYear",
                "notifyAppointment",
                "registerMentor",
            ];
            let wanted = all
                .iter()
                .all(|command| plain.opens_all("commands", command, name));
            assert_eq!(status != 403, wanted, "{asked}: {status}");
            cells += 18;
        }
    }
    assert_eq!(world.position().await, before, "nothing was recorded");
    println!("{cells} cells over REST");
}

/// R305, R308: the same of what the log proves of itself.
#[tokio::test]
async fn every_route_of_the_log_is_open_to_whom_the_matrix_opens_it_and_to_nobody_else() {
    let (world, plain) = (World::made().await, Plain::read());
    let before = world.position().await;
    let routes = [
        ("checkpoint", "checkpoint"),
        ("checkpoint", "keys"),
        ("log", "tile/0/000.p/1"),
        ("logEntries", "tile/entries/000.p/1"),
        ("log", "proof/inclusion/1"),
        ("log", "proof/consistency?from=1"),
    ];
    for role in Role::ALL {
        for who in Who::all_as(role) {
            let (token, name) = (world.token(role, who), role.as_str());
            for (line, path) in routes {
                let (status, _) = world.get(&token, &format!("{AT}/log/{path}")).await;
                let wanted = plain.opens_all("queries", line, name);
                let wanted = if wanted { 200 } else { 403 };
                assert_eq!(status, wanted, "{role} as {who:?}: {path}");
            }
        }
    }
    assert_eq!(world.position().await, before, "nothing was recorded");
}

/// Every role, standing every way, before every subscription, over a stream of events.
#[tokio::test]
async fn every_subscription_is_open_to_whom_the_matrix_opens_it_and_to_nobody_else() {
    let (world, plain) = (World::made().await, Plain::read());
    let all = [
        (
            "dashboard",
            "dashboard(scheme: \"mentor-plus\") { __typename }",
        ),
        (
            "auditTrail",
            "auditTrail(scheme: \"mentor-plus\") { cursor }",
        ),
    ];
    let roots = "{ __schema { subscriptionType { fields { name } } } }";
    let roots = world.stage.read(&caller(Role::Coordinator), roots).await;
    for root in roots["__schema"]["subscriptionType"]["fields"]
        .as_array()
        .unwrap()
    {
        assert!(
            all.iter().any(|(name, _)| root["name"] == *name),
            "nothing tries {root}"
        );
    }
    let mut cells = 0;
    for role in Role::ALL {
        for who in Who::all_as(role) {
            for (name, ask) in all {
                let heard = heard_first(&world, role, who, ask).await;
                let wanted = plain.opens_all("queries", name, role.as_str());
                let refused = heard.contains("forbidden");
                assert_eq!(refused, !wanted, "{role} as {who:?}: {name}: {heard}");
                cells += 1;
            }
        }
    }
    println!("{cells} cells of subscriptions");
}

/// What is heard first, within a moment: a stream that is open may have nothing to say yet.
async fn heard_first(world: &World, role: Role, who: Who, ask: &str) -> String {
    let body = json!({ "query": format!("subscription {{ {ask} }}") }).to_string();
    let request = Request::post("/graphql/stream")
        .header(
            "authorization",
            format!("Bearer {}", world.token(role, who)),
        )
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(Body::from(body));
    let answer = world
        .router
        .clone()
        .oneshot(request.unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{role} as {who:?}");
    let mut body = answer.into_body();
    let mut heard = String::new();
    while !heard.contains("data:") {
        let frame = tokio::time::timeout(Duration::from_millis(200), body.frame()).await;
        let Ok(Some(Ok(frame))) = frame else { break };
        heard.push_str(&String::from_utf8_lossy(
            &frame.into_data().unwrap_or_default(),
        ));
    }
    heard
}

/// One pass of every role over real HTTP, and over a real `WebSocket`: the doors are the same behind sockets.
#[tokio::test(flavor = "multi_thread")]
async fn behind_real_sockets_the_doors_are_the_same() {
    let (world, plain) = (World::made().await, Plain::read());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = world.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut cells = 0;
    for role in Role::ALL {
        for (name, ask) in [
            ("mentees", "mentees { totalCount }"),
            ("auditTrail", "auditTrail { totalCount }"),
            ("concerns", "concerns { id }"),
        ] {
            let token = world.token(role, Who::Nobody);
            let document = format!(r#"{{ scheme(id: "mentor-plus") {{ {ask} }} }}"#);
            let asked = move || {
                let url = format!("http://{address}/graphql");
                let bearer = format!("Bearer {token}");
                let sent = ureq::post(&url)
                    .config()
                    .http_status_as_error(false)
                    .build()
                    .header("authorization", bearer)
                    .header("content-type", "application/json")
                    .send(json!({ "query": document }).to_string());
                sent.unwrap().body_mut().read_to_string().unwrap()
            };
            let answer: Value =
                serde_json::from_str(&tokio::task::spawn_blocking(asked).await.unwrap()).unwrap();
            let on_the_line = |name: &str| !plain.words("queries", name, role.as_str()).is_empty();
            let wanted = on_the_line("scheme") && on_the_line(name);
            assert_eq!(
                answer["data"]["scheme"][name].is_null(),
                !wanted,
                "{role} {name}: {answer}"
            );
            cells += 1;
        }
        let heard = heard_over_websocket(&world, address, role).await;
        let wanted = plain.opens_all("queries", "dashboard", role.as_str());
        assert_eq!(heard.contains("Dashboard"), wanted, "{role}: {heard}");
        assert_eq!(heard.contains("forbidden"), !wanted, "{role}: {heard}");
        cells += 1;
    }
    println!("{cells} cells behind real sockets");
}

async fn heard_over_websocket(world: &World, address: std::net::SocketAddr, role: Role) -> String {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};
    let mut request = format!("ws://{address}/graphql/ws")
        .into_client_request()
        .unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let bearer = format!("Bearer {}", world.token(role, Who::Nobody));
    let ask = r#"subscription { dashboard(scheme: "mentor-plus") { __typename } }"#;
    for message in [
        json!({ "type": "connection_init", "payload": { "Authorization": bearer } }),
        json!({ "id": "1", "type": "subscribe", "payload": { "query": ask } }),
    ] {
        socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }
    loop {
        let heard = socket.next().await.unwrap().unwrap().to_string();
        if heard.contains(r#""id":"1""#) {
            return heard;
        }
    }
}

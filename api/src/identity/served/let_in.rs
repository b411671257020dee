//! Whom the administrator lets in and shuts out, and who listens meanwhile.

use super::Stage;
use crate::outside::wall_clock;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

const HERE: (&str, &str) = ("alongside-scheme", "mentor-plus");
const BOARD: &str =
    r#"{ scheme(id: "mentor-plus") { dashboard { stages { stage count } } } viewer { roles } }"#;

fn grant(subject: &str, role: &str) -> String {
    format!(
        r#"grantAccess(input: {{ COMMON, subject: "{subject}", role: {role} }}) {{ rejection {{ code }} access {{ actor role granted }} }}"#
    )
}

fn revoke(subject: &str, role: &str) -> String {
    grant(subject, role).replace("grantAccess", "revokeAccess")
}

/// Somebody who listens.
struct Ear(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Ear {
    async fn open(stage: &Stage, payload: Value) -> Self {
        let address = stage.url.replace("http", "ws");
        let mut request = format!("{address}/graphql/ws")
            .into_client_request()
            .unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let (socket, _) = connect_async(request).await.unwrap();
        let mut ear = Self(socket);
        ear.say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        ear
    }

    /// Follows the board.
    async fn listening(stage: &Stage, payload: Value) -> Self {
        let mut ear = Self::open(stage, payload).await;
        assert_eq!(ear.hear().await.unwrap()["type"], "connection_ack");
        let query = r#"subscription { dashboard(scheme: "mentor-plus") { stages { count } } }"#;
        ear.say(json!({ "id": "1", "type": "subscribe", "payload": { "query": query } }))
            .await;
        let first = ear.hear().await.unwrap();
        assert!(first["payload"]["data"]["dashboard"].is_object(), "{first}");
        ear
    }

    async fn say(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    /// The next message, or the code with which it was hung up.
    async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => return Err(frame.unwrap().code.into()),
                _ => {}
            }
        }
    }

    async fn hears_nothing(&mut self) {
        let heard = tokio::time::timeout(Duration::from_millis(300), self.hear()).await;
        assert!(heard.is_err(), "{heard:?}");
    }
}

#[tokio::test]
async fn somebody_is_let_in_by_the_administrator_and_shut_out_again_at_once() {
    let stage = Stage::opened().await;
    let dana = stage.token("dana");
    let refused = stage.ask(&dana, &[HERE], BOARD).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (403, &json!("forbidden"))
    );

    let told = stage.tell("root", &grant("dana", "COORDINATOR")).await;
    assert_eq!(
        (&told["access"]["role"], &told["access"]["granted"]),
        (&json!("COORDINATOR"), &json!(true))
    );
    let seen = stage.ask(&dana, &[HERE], BOARD).await.json();
    assert_eq!(seen["data"]["viewer"]["roles"], json!(["COORDINATOR"]));
    assert!(seen["data"]["scheme"]["dashboard"].is_object(), "{seen}");
    assert_eq!(
        stage.ask(&dana, &[], BOARD).await.status,
        403,
        "which scheme?"
    );
    // Over REST the address says which.
    assert_eq!(
        stage
            .get(&dana, &[], "/v1/schemes/mentor-plus/health")
            .await
            .status,
        200
    );

    stage.tell("root", &grant("dana", "AUDITOR")).await;
    let several = stage.ask(&dana, &[HERE], BOARD).await;
    assert_eq!(several.status, 403);
    assert!(several.body.contains("coordinator auditor"), "{several:?}");
    let one = stage
        .ask(&dana, &[HERE, ("alongside-role", "auditor")], BOARD)
        .await;
    assert_eq!(one.json()["data"]["viewer"]["roles"], json!(["AUDITOR"]));

    stage.tell("root", &revoke("dana", "COORDINATOR")).await;
    stage.tell("root", &revoke("dana", "AUDITOR")).await;
    assert_eq!(
        stage.ask(&dana, &[HERE], BOARD).await,
        refused,
        "as if they had never been there"
    );
    let rest = stage
        .get(&dana, &[], "/v1/schemes/mentor-plus/health")
        .await;
    assert_eq!(
        rest,
        stage
            .get(&stage.token("nobody"), &[], "/v1/schemes/no-such/health")
            .await
    );
    let list = r#"{ scheme(id: "mentor-plus") { access { role granted } } }"#;
    let list = stage.ask(&stage.token("root"), &[], list).await.json();
    let entry = |role: &str| json!({ "role": role, "granted": false });
    assert_eq!(
        list["data"]["scheme"]["access"],
        json!([entry("COORDINATOR"), entry("AUDITOR")])
    );
}

/// What the settings say somebody is, the administrator can take from them in a scheme, and give back.
#[tokio::test]
async fn whom_the_settings_let_in_can_be_shut_out_too() {
    let stage = Stage::opened().await;
    let office = stage.token("office");
    let inside = stage.ask(&office, &[], BOARD).await;
    assert!(inside.json()["data"]["scheme"]["dashboard"].is_object());
    stage.tell("root", &revoke("office", "COORDINATOR")).await;
    let outside = stage.ask(&office, &[], BOARD).await.json();
    assert_eq!(outside["data"]["scheme"], Value::Null);
    assert_eq!(outside["errors"][0]["extensions"]["code"], "forbidden");
    let command = r#"inviteMentor(input: { COMMON, details: { name: "Ben" }, experience: { status: SERVING } }) { rejection { code } }"#;
    let refused = stage.command(&office, command).await.json();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "forbidden");
    assert_eq!(
        stage
            .get(&office, &[], "/v1/schemes/mentor-plus/work-list")
            .await
            .status,
        403
    );
    stage.tell("root", &grant("office", "COORDINATOR")).await;
    let again = stage.ask(&office, &[], BOARD).await.json();
    assert!(again["data"]["scheme"]["dashboard"].is_object(), "{again}");
}

#[tokio::test]
async fn whoever_is_no_administrator_lets_nobody_in() {
    let stage = Stage::opened().await;
    for command in [
        grant("friend", "COORDINATOR"),
        revoke("root", "ADMINISTRATOR"),
    ] {
        let answer = stage.command(&stage.token("office"), &command).await.json();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "forbidden");
    }
    let list = r#"{ scheme(id: "mentor-plus") { access { actor } } }"#;
    let answer = stage.ask(&stage.token("office"), &[], list).await.json();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "forbidden");
}

#[tokio::test]
async fn a_listener_who_is_shut_out_hears_nothing_more() {
    let stage = Stage::opened().await;
    stage.tell("root", &grant("dana", "COORDINATOR")).await;
    let token = format!("Bearer {}", stage.token("dana"));
    let payload = json!({ "authorization": token, "scheme": "mentor-plus", "role": "coordinator" });
    let mut listed = Ear::listening(&stage, payload).await;
    let office = json!({ "token": stage.token("office") });
    let mut office = Ear::listening(&stage, office).await;

    stage.tell("root", &revoke("dana", "COORDINATOR")).await;
    let last = listed.hear().await.unwrap();
    assert_eq!(last["payload"]["data"], Value::Null, "{last}");
    assert_eq!(
        last["payload"]["errors"][0]["extensions"]["code"],
        "forbidden"
    );
    assert_eq!(listed.hear().await.unwrap()["type"], "complete");
    assert_eq!(
        office.hear().await.unwrap()["type"],
        "next",
        "the other goes on"
    );

    stage.tell("root", &grant("somebody else", "AUDITOR")).await;
    assert_eq!(office.hear().await.unwrap()["type"], "next");
    listed.hears_nothing().await;
    // Nor does the connection they still have open get them anything.
    let query = r#"subscription { auditTrail(scheme: "mentor-plus") { node { type } } }"#;
    listed
        .say(json!({ "id": "2", "type": "subscribe", "payload": { "query": query } }))
        .await;
    stage.tell("root", &grant("a third", "AUDITOR")).await;
    let answer = listed.hear().await.unwrap();
    assert!(answer.to_string().contains("forbidden"), "{answer}");
}

#[tokio::test]
async fn a_connection_ends_with_its_token() {
    let stage = Stage::opened().await;
    let mut claims = stage.stub.claims("office", wall_clock());
    claims["exp"] = json!(wall_clock().as_second() + 2);
    let payload = json!({ "token": stage.edwards.token(&claims) });
    let mut ear = Ear::listening(&stage, payload).await;
    let ended = tokio::time::timeout(Duration::from_secs(10), ear.hear())
        .await
        .unwrap();
    assert_eq!(ended, Err(4403));
}

#[tokio::test]
async fn a_role_that_somebody_has_not_opens_no_connection() {
    let stage = Stage::opened().await;
    let payload = json!({ "token": stage.token("office"), "role": "administrator" });
    let mut ear = Ear::open(&stage, payload).await;
    assert_eq!(ear.hear().await, Err(4403));
}

/// The record names an actor, and nobody finds issuer or subject in it.
#[tokio::test]
async fn the_history_holds_neither_issuer_nor_subject() {
    let stage = Stage::opened().await;
    let told = stage
        .tell("root", &grant("dana.whitlock", "COORDINATOR"))
        .await;
    let actor = stage
        .platform
        .key()
        .actor(&stage.stub.issuer, "dana.whitlock");
    assert_eq!(told["access"]["actor"], json!(actor));
    let head = stage
        .platform
        .snapshot("mentor-plus")
        .await
        .unwrap()
        .position();
    let records = stage
        .platform
        .records("mentor-plus", &[head])
        .await
        .unwrap();
    let text = format!("{:?}", records[0]);
    assert!(text.contains("access.granted") && text.contains(&actor.to_string()));
    assert!(
        !text.contains("dana") && !text.contains(&stage.stub.issuer),
        "{text}"
    );
}

/// What is said of one person's own: they see what their role sees of them, and their access is sealed under their key.
#[tokio::test]
async fn a_mentor_is_let_in_as_the_person_they_are() {
    let stage = Stage::opened().await;
    let invite = r#"inviteMentor(input: { COMMON, details: { name: "Ben Ardley" }, experience: { status: SERVING } }) { rejection { code } mentor { id } }"#;
    let answer = stage.command(&stage.token("office"), invite).await.json();
    let ben = answer["data"]["inviteMentor"]["mentor"]["id"].as_str();
    let ben = ben.unwrap_or_else(|| panic!("{answer}")).to_owned();
    let bare = format!(
        r#"{}, person: "{ben}" }})"#,
        grant("ben", "MENTOR").split_once(" })").unwrap().0
    );
    stage
        .tell(
            "root",
            &format!("{bare} {{ rejection {{ code }} access {{ person }} }}"),
        )
        .await;
    let mine = format!(
        r#"{{ scheme(id: "mentor-plus") {{ mentor(id: "{ben}") {{ id }} }} viewer {{ roles person }} }}"#
    );
    let seen = stage.ask(&stage.token("ben"), &[HERE], &mine).await.json();
    assert_eq!(seen["data"]["viewer"]["roles"], json!(["MENTOR"]));
    assert_eq!(seen["data"]["scheme"]["mentor"]["id"], json!(ben), "{seen}");
    let nobody = stage
        .command(&stage.token("root"), &grant("carl", "MENTOR"))
        .await
        .json();
    assert_eq!(
        nobody["data"]["grantAccess"]["rejection"]["code"],
        "standing_does_not_fit"
    );
}

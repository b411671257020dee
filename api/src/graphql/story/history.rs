//! The history, followed live.

use super::*;
use futures_util::StreamExt as _;

#[tokio::test]
async fn the_history_is_followed_without_a_gap_and_only_by_those_who_may() {
    let stage = Stage::opened().await;
    let follow =
        r#"subscription { auditTrail(scheme: "mentor-plus") { cursor node { type position } } }"#;
    let request = |role| equip(follow.into(), caller(role), TraceContext::default()).0;
    let mut refused = stage.schema.execute_stream(request(Role::Mentor), None);
    let refused = serde_json::to_value(refused.next().await.unwrap()).unwrap();
    assert_eq!(code(&refused), "forbidden");

    let mut followed = stage.schema.execute_stream(request(Role::Auditor), None);
    let told = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        stage.tell(&employer(LEEDS), NOTICE).await;
    };
    let first = async {
        let mut entries = Vec::new();
        for _ in 0..2 {
            let answer = serde_json::to_value(followed.next().await.unwrap()).unwrap();
            entries.push(text(&answer["data"]["auditTrail"]["node"]["position"]));
        }
        entries
    };
    let (entries, ()) = tokio::join!(first, told);
    assert_eq!(entries, ["5", "6"]);
}

//! What it came to, in figures, with the entries behind each.

use super::*;
use serde_json::json;

/// R310, R311: each figure stands beside what it is a part of, and leads to the history.
#[tokio::test]
async fn a_pairing_is_measured_from_its_notice_on() {
    let stage = Stage::opened().await;
    let (_, _, pairing) = paired(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let held = format!(
        r#"recordSession(input: {{ COMMON, pairing: "{pairing}", countedBy: MENTEE }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &held).await;
    let days = "{ count of awaited median least most }";
    let ask = format!(
        r#"{{ scheme(id: "mentor-plus") {{ measures {{
            sessions {{ count of because {{ edges {{ node {{ type }} }} }} }} daysToContact {days} daysToMatch {days} daysToFirstSession {days} daysUsed {days} choices {days}
            tookUp {{ count of }} declined {{ count of }} unanswered {{ count of }} firstChoice {{ count of }} }} }} }}"#
    );
    let shown = stage.read(&coordinator, &ask).await["scheme"]["measures"].take();
    assert_eq!(
        (&shown["sessions"]["count"], &shown["sessions"]["of"]),
        (&json!(1), &json!(4))
    );
    let types: Vec<&str> = shown["sessions"]["because"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|edge| edge["node"]["type"].as_str())
        .collect();
    assert!(types.contains(&"pairing.formed"), "{types:?}");
    let the_same_day =
        json!({ "count": 1, "of": 1, "awaited": 0, "median": 0.0, "least": 0, "most": 0 });
    for name in [
        "daysToContact",
        "daysToMatch",
        "daysToFirstSession",
        "daysUsed",
    ] {
        assert_eq!(shown[name], the_same_day, "{name}");
    }
    assert_eq!(shown["choices"]["median"], 1.0);
    assert_eq!(shown["tookUp"], json!({ "count": 1, "of": 1 }));
    assert_eq!(shown["declined"], json!({ "count": 0, "of": 1 }));
    assert_eq!(shown["firstChoice"], json!({ "count": 0, "of": 0 }));
}

/// R318: no cost is shown, and who pays is named.
#[tokio::test]
async fn who_pays_is_named() {
    let stage = Stage::opened().await;
    let ask = r#"{ scheme(id: "mentor-plus") { measures { paidBy { section text } } } }"#;
    let shown = stage.read(&caller(Role::Coordinator), ask).await;
    let rule = &shown["scheme"]["measures"]["paidBy"];
    assert_eq!(rule["section"], "1.7");
    assert!(text(&rule["text"]).contains("association"));
}

/// The figures are the coordinator's and the auditor's.
#[tokio::test]
async fn a_council_is_not_shown_the_figures() {
    let stage = Stage::opened().await;
    let ask = r#"{ scheme(id: "mentor-plus") { measures { tookUp { count } } } }"#;
    stage.read(&caller(Role::Auditor), ask).await;
    assert_eq!(code(&stage.ask(&employer(LEEDS), ask).await), "forbidden");
}

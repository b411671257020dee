//! The history as an auditor works with it: searched, checked entry by entry, and with who was given what.

use super::*;
use event_log::Digest;
use serde_json::json;

const CHECKED: &str = "totalCount edges { node { type position record { leaf sha256 }
    inclusionProof { position size leafHash path } seenBy { what role reader } } }";

fn trail(filter: &str) -> String {
    format!(
        r#"{{ scheme(id: "mentor-plus") {{ auditTrail(first: 100, filter: {filter}) {{ {CHECKED} }} }} }}"#
    )
}

impl Stage {
    async fn entries(&self, who: &Caller, filter: &str) -> Vec<Value> {
        let mut seen = self.read(who, &trail(filter)).await;
        let edges = seen["scheme"]["auditTrail"]["edges"].take();
        let edges = edges.as_array().unwrap().iter();
        edges.map(|edge| edge["node"].clone()).collect()
    }
}

/// A leaf without what differs between any two records.
fn outline(entry: &Value) -> Value {
    let mut leaf: Value = serde_json::from_str(&text(&entry["record"]["leaf"])).unwrap();
    for name in ["id", "position", "recorded_at", "actor", "command_id"] {
        leaf[name] = Value::Null;
    }
    for sealed in leaf["sealed"].as_array_mut().unwrap() {
        for name in ["ciphertext_sha256", "key", "nonce"] {
            sealed[name] = Value::Null;
        }
    }
    leaf
}

/// R308: the exact record, its proof and who read what it says are given to whom the matrix gives each, and to nobody else.
#[tokio::test]
async fn record_proof_and_readers_of_an_entry_are_given_to_whom_the_matrix_gives_each() {
    let pair = Pair::formed().await;
    let leeds = Caller {
        employer: Some(LEEDS.to_owned()),
        ..caller(Role::EmployerAuditor)
    };
    for (who, record, proof, readers) in [
        (caller(Role::Auditor), true, true, true),
        (caller(Role::Coordinator), false, true, false),
        (leeds, false, false, false),
    ] {
        let all = pair
            .stage
            .entries(&who, r#"{ types: ["appointment.notified"] }"#)
            .await;
        assert!(!all.is_empty(), "{}", who.role);
        for entry in all {
            let shown = |field: &str| !entry[field].is_null();
            assert_eq!(
                (shown("record"), shown("inclusionProof"), shown("seenBy")),
                (record, proof, readers),
                "{}: {entry}",
                who.role
            );
        }
    }
    let all = pair.stage.entries(&caller(Role::Auditor), "{}").await;
    for entry in &all {
        let record = &entry["record"];
        let leaf: Value = serde_json::from_str(&text(&record["leaf"])).unwrap();
        assert_eq!(leaf["type"], entry["type"]);
        assert_eq!(leaf["position"], entry["position"]);
        assert!(text(&record["sha256"]).parse::<Digest>().is_ok());
        let sealed = leaf["sealed"].as_array().unwrap();
        assert!(sealed.iter().all(|one| one.get("ciphertext").is_none()));
        assert_eq!(entry["inclusionProof"]["size"], all.len().to_string());
    }
    assert!(
        !serde_json::to_string(&all).unwrap().contains("Ada"),
        "nothing sealed is shown"
    );
    let beyond = r#"{ scheme(id: "mentor-plus") { auditTrail(first: 1) { edges { node { inclusionProof(size: "99999") { size } } } } } }"#;
    let refused = pair.stage.ask(&caller(Role::Auditor), beyond).await;
    assert_eq!(code(&refused), "invalid_input");
    assert_eq!(refused["errors"][0]["extensions"]["field"], "size");
}

/// R299, R124: an entry tells who was given what it says, and one that is confidential tells nothing of it, nor by its record.
#[tokio::test]
async fn an_entry_tells_who_was_given_what_it_says_and_what_is_confidential_tells_nothing() {
    let pair = Pair::formed().await;
    let (auditor, coordinator) = (caller(Role::Auditor), caller(Role::Coordinator));
    let written = r#"{ types: ["mentor.registered"] }"#;
    let before = pair.stage.entries(&auditor, written).await;
    assert_eq!(before[0]["seenBy"], json!([]));
    let portrait = format!(
        r#"{{ scheme(id: "mentor-plus") {{ mentor(id: "{}") {{ penPortrait {{ background {{ value }} }} }} }} }}"#,
        pair.mentor
    );
    pair.stage.read(&coordinator, &portrait).await;
    let after = pair.stage.entries(&auditor, written).await;
    let wanted =
        json!([{ "what": "PEN_PORTRAIT", "role": "COORDINATOR", "reader": coordinator.actor }]);
    assert_eq!(after[0]["seenBy"], wanted);
    let page = pair.stage.entries(&auditor, "{}").await;
    assert!(page.contains(&after[0]), "alike among all others");

    pair.stage
        .tell(
            &pair.ben(),
            &pair.refer(", channel: TELEPHONE, restsOn: [CHILDREN_AT_RISK]"),
        )
        .await;
    pair.stage
        .tell(&pair.ada(), &pair.agree(&pair.mentee, ""))
        .await;
    let due = r#"{ viewer { due(scheme: "mentor-plus", first: 100) { totalCount } } }"#;
    pair.stage.read(&coordinator, due).await;
    let hidden = pair
        .stage
        .entries(&auditor, r#"{ types: ["confidential.*"] }"#)
        .await;
    let [concern, third] = &hidden[..] else {
        panic!("two: {hidden:?}");
    };
    assert_eq!(outline(concern), outline(third));
    for entry in [concern, third] {
        assert_eq!(entry["seenBy"], json!([]));
        assert!(!entry.to_string().contains("concern"), "{entry}");
    }
    // No filter finds out how it was heard, or on whose word.
    let none = r#"types: ["confidential.*"]"#;
    for filter in [
        format!(r#"{{ {none}, roles: ["mentor"] }}"#),
        format!("{{ {none}, channels: [TELEPHONE] }}"),
        format!("{{ {none}, reportedBy: [MENTOR, MENTEE] }}"),
        format!("{{ {none}, corrections: true }}"),
        format!("{{ {none}, daysLateLeast: 1 }}"),
    ] {
        let found = pair.stage.entries(&auditor, &filter).await;
        assert!(found.is_empty(), "{filter}: {found:?}");
    }
}

/// R308: what cannot be meant is refused with the field that is wrong, and never answered with something empty.
#[tokio::test]
async fn a_search_of_the_history_that_cannot_be_meant_is_refused() {
    let stage = Stage::opened().await;
    let auditor = caller(Role::Auditor);
    for (filter, field) in [
        ("{ types: [] }", "filter.types"),
        (
            r#"{ types: ["scheme.opened", "nothing"] }"#,
            "filter.types.1",
        ),
        (r#"{ types: ["*"] }"#, "filter.types.0"),
        ("{ roles: [] }", "filter.roles"),
        (
            r#"{ from: "2026-03-02T00:00:00Z", before: "2026-03-01T00:00:00Z" }"#,
            "filter.before",
        ),
        (
            r#"{ happenedFrom: "2026-03-02", happenedTo: "2026-03-01" }"#,
            "filter.happenedTo",
        ),
        ("{ daysLateLeast: -1 }", "filter.daysLateLeast"),
    ] {
        let answer = stage.ask(&auditor, &trail(filter)).await;
        assert_eq!(code(&answer), "invalid_input", "{filter}");
        assert_eq!(answer["errors"][0]["extensions"]["field"], field);
    }
    let opened = stage
        .entries(
            &auditor,
            r#"{ types: ["scheme.*"], roles: ["administrator"], corrections: false }"#,
        )
        .await;
    assert_eq!(opened[0]["type"], "scheme.opened");
}

/// Another policy is tried by whoever sees the facts it is tried on, and by nobody else; nothing is recorded.
#[tokio::test]
async fn another_policy_is_tried_by_whoever_sees_the_facts_and_nothing_is_recorded() {
    let pair = Pair::formed().await;
    let ask = |given: &str| {
        format!(
            r#"{{ scheme(id: "mentor-plus") {{ position whatIf({given}) {{ policy compared leftOut
                changed {{ totalCount edges {{ node {{ judged {{ policy verdict rule }} would {{ policy verdict rule }} }} }} }} }} }} }}"#
        )
    };
    let same = ask(r#"policy: { shipped: "mentor-plus-2017" }"#);
    let before = pair
        .stage
        .read(
            &caller(Role::Coordinator),
            r#"{ scheme(id: "mentor-plus") { position } }"#,
        )
        .await;
    let seen = pair.stage.read(&caller(Role::Coordinator), &same).await["scheme"].take();
    assert_eq!(seen["position"], before["scheme"]["position"]);
    let tried = &seen["whatIf"];
    assert_eq!(tried["policy"], "mentor-plus-2017");
    assert!(tried["compared"].as_u64().unwrap() > 0, "{tried}");
    assert_eq!(tried["changed"]["totalCount"], 0);
    for role in Role::ALL {
        if role != Role::Coordinator {
            let answer = pair.stage.ask(&caller(role), &same).await;
            assert!(answer["data"]["scheme"]["whatIf"].is_null(), "{role}");
        }
    }
    for (given, field) in [
        ("policy: {}", "document"),
        (r#"policy: { shipped: "none" }"#, "shipped"),
        (r#"policy: { document: { version: "x" } }"#, "document"),
        (
            r#"policy: { shipped: "mentor-plus-2017" }, from: "2026-02-01", to: "2026-01-01""#,
            "to",
        ),
    ] {
        let answer = pair
            .stage
            .ask(&caller(Role::Coordinator), &ask(given))
            .await;
        assert_eq!(code(&answer), "invalid_input", "{given}");
        assert_eq!(answer["errors"][0]["extensions"]["field"], field);
    }
}

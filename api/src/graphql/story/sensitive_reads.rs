//! Who was given sensitive data: told to the person, and to nobody who may not know; nothing is given where it cannot
//! be written down.

use super::*;
use event_log::simulation::FailingDisk;
use serde_json::json;

const READS: &str =
    "totalCount edges { node { what on at role reader } } pageInfo { hasNextPage endCursor }";

impl Pair {
    fn portrait(&self) -> String {
        format!(
            r#"{{ scheme(id: "mentor-plus") {{ today mentor(id: "{}") {{ penPortrait {{ background {{ state value }} missing {{ state }} }} }} }} }}"#,
            self.mentor
        )
    }

    async fn reads(&self, to: &Caller, of: &str) -> Value {
        let ask = format!(
            r#"{{ scheme(id: "mentor-plus") {{ sensitiveReads(person: "{of}") {{ {READS} }} }} }}"#
        );
        self.stage.ask(to, &ask).await
    }

    /// Each as class and role.
    async fn told(&self, to: &Caller, of: &str) -> Vec<(String, String)> {
        let answer = self.reads(to, of).await;
        assert!(answer["errors"].is_null(), "{answer}");
        let edges = answer["data"]["scheme"]["sensitiveReads"]["edges"].as_array();
        let nodes = edges.unwrap().iter().map(|edge| &edge["node"]);
        let told = nodes.map(|node| (text(&node["what"]), text(&node["role"])));
        told.collect()
    }
}

fn named(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(what, role): &(&str, &str)| ((*what).to_owned(), (*role).to_owned());
    all.iter().map(owned).collect()
}

/// R299: who reads what somebody wrote of themselves is told to them, by role and day; what is one's own is not written down.
#[tokio::test]
async fn a_mentor_is_told_who_was_shown_their_pen_portrait() {
    let pair = Pair::formed().await;
    let (coordinator, ben, ada) = (caller(Role::Coordinator), pair.ben(), pair.ada());
    assert!(pair.told(&ben, &pair.mentor).await.is_empty());
    let mut today = Value::Null;
    for who in [&coordinator, &ben, &coordinator, &ada] {
        let mut shown = pair.stage.read(who, &pair.portrait()).await;
        let background = &shown["scheme"]["mentor"]["penPortrait"]["background"];
        assert_eq!(background["value"], "b");
        today = shown["scheme"]["today"].take();
    }
    let expected = named(&[("PEN_PORTRAIT", "COORDINATOR"), ("PEN_PORTRAIT", "MENTEE")]);
    for who in [&ben, &caller(Role::Administrator), &caller(Role::Auditor)] {
        assert_eq!(pair.told(who, &pair.mentor).await, expected);
        let answer = pair.reads(who, &pair.mentor).await;
        let first = &answer["data"]["scheme"]["sensitiveReads"]["edges"][0]["node"];
        assert_eq!(first["on"], today);
        assert_eq!(first["reader"], json!(coordinator.actor));
        assert_eq!(first["at"].is_null(), who.role == Role::Mentor);
    }
    let own = r#"{ scheme(id: "mentor-plus") { sensitiveReads { totalCount } } }"#;
    let own = pair.stage.read(&ben, own).await;
    assert_eq!(own["scheme"]["sensitiveReads"]["totalCount"], 2);
    for other in [
        ada,
        coordinator,
        employer(LEEDS),
        caller(Role::Commissioner),
    ] {
        let refused = pair.reads(&other, &pair.mentor).await;
        assert_eq!(code(&refused), "forbidden", "{:?}", other.role);
    }
}

/// Whoever sees a pen portrait without having the right to is given nothing, and nothing is written down.
#[tokio::test]
async fn what_is_hidden_is_not_read() {
    let pair = Pair::formed().await;
    for who in [caller(Role::Auditor), employer(LEEDS)] {
        let answer = pair.stage.ask(&who, &pair.portrait()).await;
        assert!(!answer.to_string().contains(r#""value":"b""#), "{answer}");
    }
    assert!(pair.told(&pair.ben(), &pair.mentor).await.is_empty());
}

/// R074, R124: that a concern was read tells that there is one, so it is told to the mentee, and neither counted nor told
/// to auditor and administrator.
#[tokio::test]
async fn who_read_a_concern_is_told_to_the_mentee_alone() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    pair.stage
        .tell(&pair.ben(), &pair.refer(", restsOn: [CHILDREN_AT_RISK]"))
        .await;
    let due = r#"{ viewer { due(scheme: "mentor-plus", first: 100) { totalCount } } }"#;
    pair.stage.read(&coordinator, due).await;
    let profile = format!(
        r#"writeNeedsProfile(input: {{ COMMON, mentee: "{}", needs: ["Budgets"] }}) {{ rejection {{ code }} profile {{ needs {{ value }} }} }}"#,
        pair.mentee
    );
    pair.stage.tell(&coordinator, &profile).await;
    let mut told = pair.told(&pair.ada(), &pair.mentee).await;
    // What is read within one millisecond has no order.
    told.sort();
    assert_eq!(
        told,
        named(&[
            ("CONCERN", "COORDINATOR"),
            ("CONCERN", "MENTOR"),
            ("NEEDS_PROFILE", "COORDINATOR")
        ])
    );
    let expected = named(&[("NEEDS_PROFILE", "COORDINATOR")]);
    for who in [caller(Role::Administrator), caller(Role::Auditor)] {
        assert_eq!(pair.told(&who, &pair.mentee).await, expected);
        let answer = pair.reads(&who, &pair.mentee).await;
        let list = &answer["data"]["scheme"]["sensitiveReads"];
        assert_eq!(list["totalCount"], 1);
        assert_eq!(list["pageInfo"]["hasNextPage"], false);
    }
}

/// A list of many is written down with its answer, and read in pages.
#[tokio::test]
async fn what_was_read_is_told_in_pages() {
    let pair = Pair::formed().await;
    for number in 0..3_u128 {
        let deputy = Caller {
            actor: Uuid::from_u128(0xDE_0000 + number),
            ..caller(Role::Coordinator)
        };
        pair.stage.read(&deputy, &pair.portrait()).await;
    }
    let mut seen = Vec::new();
    let mut after = "null".to_owned();
    loop {
        let ask = format!(
            r#"{{ scheme(id: "mentor-plus") {{ sensitiveReads(first: 2, after: {after}) {{ {READS} }} }} }}"#
        );
        let mut page = pair.stage.read(&pair.ben(), &ask).await["scheme"]["sensitiveReads"].take();
        assert_eq!(page["totalCount"], 3);
        for edge in page["edges"].as_array().unwrap() {
            seen.push(text(&edge["node"]["reader"]));
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].take().to_string();
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

/// Nothing sensitive leaves that is not written down; whatever else is asked goes on, and a command that came with it
/// stands.
#[tokio::test]
async fn what_cannot_be_written_down_is_refused_and_not_hidden() {
    let disk = FailingDisk::default();
    let stage = Stage::on(Some(Arc::new(disk.clone()))).open().await;
    let pair = Pair::formed_at(stage).await;
    let coordinator = caller(Role::Coordinator);
    disk.fail_syncs("operations");
    for _ in 0..2 {
        let refused = pair.stage.ask(&coordinator, &pair.portrait()).await;
        assert_eq!(code(&refused), "read_not_recorded");
        assert_eq!(refused["data"], Value::Null);
    }
    let own = pair.stage.read(&pair.ben(), &pair.portrait()).await;
    let background = &own["scheme"]["mentor"]["penPortrait"]["background"];
    assert_eq!(background["value"], "b", "one's own is given");
    let other =
        r#"{ scheme(id: "mentor-plus") { mentors { edges { node { name { value } } } } } }"#;
    pair.stage.read(&coordinator, other).await;

    let command = format!(
        r#"stateCapacity(input: {{ COMMON, mentor: "{}", capacity: 3 }}) {{ rejection {{ code }}
            mentor {{ capacity penPortrait {{ background {{ value }} }} }} }}"#,
        pair.mentor
    );
    let refused = pair.stage.try_to(&coordinator, &command).await;
    assert_eq!(code(&refused), "read_not_recorded");
    let capacity = format!(
        r#"{{ node(id: "{}") {{ ... on Mentor {{ capacity }} }} }}"#,
        pair.mentor
    );
    let capacity = pair.stage.read(&coordinator, &capacity).await;
    assert_eq!(capacity["node"]["capacity"], 3, "the command stands");
}

//! A coordinator rings round: who is director where, since when, and who is to be offered mentoring.

use super::*;
use serde_json::json;

const ALL: &str = r#"{ scheme(id: "mentor-plus") { directorPosts(first: 100) { totalCount } firstTimeDirectors { known { count } } } }"#;

fn post_of(employer: &str) -> String {
    format!(
        r#"{{ scheme(id: "mentor-plus") {{ directorPosts(employer: "{employer}") {{ totalCount edges {{ node {{
            standing unconfirmed newHolderOutside source employer {{ code }}
            holders {{ person name {{ value }} inScheme firstPost mentee {{ stage }} }}
            formerHolders {{ name {{ value }} }} because {{ edges {{ node {{ type }} }} }} }} }} }} }} }}"#
    )
}

async fn shown(stage: &Stage, employer: &str) -> Value {
    let asked = stage
        .read(&caller(Role::Coordinator), &post_of(employer))
        .await;
    asked["scheme"]["directorPosts"]["edges"][0]["node"].clone()
}

/// R001: somebody of whom the scheme has only heard stands in the register, and becomes a mentee by a notice.
#[tokio::test]
async fn somebody_heard_of_is_confirmed_and_then_notified() {
    let stage = Stage::opened().await;
    let coordinator = caller(Role::Coordinator);
    assert_eq!(shown(&stage, BRADFORD).await["standing"], "UNKNOWN");
    let confirm = format!(
        r#"confirmPost(input: {{ COMMON, employer: "{BRADFORD}", source: PRESS, reportedBy: {{ party: PRESS }},
            holders: [{{ details: {{ name: "Mary" }}, firstPost: YES }}] }}) {{ rejection {{ code }}
            post {{ standing holders {{ person name {{ value }} inScheme }} }} }}"#
    );
    let told = stage.tell(&coordinator, &confirm).await;
    assert_eq!(told["post"]["standing"], "HELD");
    let mary = text(&told["post"]["holders"][0]["person"]);
    let post = shown(&stage, BRADFORD).await;
    assert_eq!(
        (&post["newHolderOutside"], &post["unconfirmed"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(post["source"], "PRESS");
    let notify = format!(
        r#"notifyAppointment(input: {{ COMMON, source: COORDINATOR, employer: "{BRADFORD}", person: "{mary}",
            details: {{}}, post: "DCS", basis: SUBSTANTIVE, firstPost: YES }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &notify).await;
    let post = shown(&stage, BRADFORD).await;
    let wanted = json!([{ "person": mary, "name": { "value": "Mary" }, "inScheme": true,
        "firstPost": "YES", "mentee": { "stage": "TO_CONTACT" } }]);
    assert_eq!(post["holders"], wanted);
    assert_eq!(post["newHolderOutside"], false);
    let because = &post["because"]["edges"];
    assert_eq!(because[0]["node"]["type"], "post.confirmed");
    assert_eq!(because[1]["node"]["type"], "appointment.notified");
}

/// R001: how many new first-time directors are known, and of them how many were offered mentoring and have a mentor.
#[tokio::test]
async fn every_new_director_is_counted_with_what_came_of_it() {
    let stage = Stage::opened().await;
    matched(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let ask = r#"{ scheme(id: "mentor-plus") { firstTimeDirectors { firstPostNotSaid known { count of because { totalCount } }
        offered { count of because { edges { node { type } } } } withMentor { count of } outside { count of } }
        later: firstTimeDirectors(since: "2099-01-01") { known { count } } } }"#;
    let shown = stage.read(&coordinator, ask).await["scheme"].take();
    let figures = &shown["firstTimeDirectors"];
    assert_eq!(figures["known"]["count"], 1);
    assert_eq!(figures["offered"]["count"], 1);
    let types = figures["offered"]["because"]["edges"].as_array().unwrap();
    assert!(
        types
            .iter()
            .any(|edge| edge["node"]["type"] == "mentoring.offered")
    );
    assert_eq!(figures["withMentor"], json!({ "count": 0, "of": 1 }));
    assert_eq!(figures["outside"], json!({ "count": 0, "of": 1 }));
    assert_eq!(shown["later"]["known"]["count"], 0);
}

/// R001: a post becomes vacant when nobody is named, and a mentee who left it is a mentee still.
#[tokio::test]
async fn a_post_without_a_holder_is_vacant_and_its_holder_stays_known() {
    let stage = Stage::opened().await;
    matched(&stage).await;
    let vacant = format!(
        r#"confirmPost(input: {{ COMMON, employer: "{LEEDS}", source: COORDINATOR, holders: [] }}) {{ rejection {{ code }} post {{ standing }} }}"#
    );
    let told = stage.tell(&caller(Role::Coordinator), &vacant).await;
    assert_eq!(told["post"]["standing"], "VACANT");
    let post = shown(&stage, LEEDS).await;
    assert_eq!(post["holders"], json!([]));
    assert_eq!(post["formerHolders"].as_array().unwrap().len(), 1);
}

/// R001, R308: council, post and person stand side by side in the register: it is the coordinator's alone.
#[tokio::test]
async fn nobody_but_the_coordinator_sees_the_register_of_posts() {
    let stage = Stage::opened().await;
    let (mentee, mentor, _) = matched(&stage).await;
    let shown = stage.read(&caller(Role::Coordinator), ALL).await;
    let listed = shown["scheme"]["directorPosts"]["totalCount"].as_u64();
    assert!(listed > Some(100), "{shown}");
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let confirm = format!(
        r#"confirmPost(input: {{ COMMON, employer: "{LEEDS}", source: COORDINATOR, holders: [] }}) {{ rejection {{ code }} }}"#
    );
    for stranger in [
        ada,
        ben,
        caller(Role::Auditor),
        employer(LEEDS),
        caller(Role::Administrator),
    ] {
        assert_eq!(code(&stage.ask(&stranger, ALL).await), "forbidden");
        assert_eq!(code(&stage.try_to(&stranger, &confirm).await), "forbidden");
    }
}

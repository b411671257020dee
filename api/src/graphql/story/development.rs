//! News of development: announced, sent to both sides, picked for one, and seen by whoever was sent it.

use super::*;
use serde_json::json;

const ANNOUNCE: &str = r#"announceDevelopment(input: { COMMON, title: "Leading through inspection", kind: SHORT_PROGRAMME,
    on: "1970-06-02", place: "https://college.example/inspection" }) { rejection { code } opportunity { id sentCount } }"#;

const NEWS: &str =
    "{ viewer { developmentNews { totalCount edges { node { on channel pickedFor { id }
    opportunity { id title kind on place sentCount } } } } } }";

async fn announced(stage: &Stage) -> String {
    let told = stage.tell(&caller(Role::Coordinator), ANNOUNCE).await;
    text(&told["opportunity"]["id"])
}

fn send(opportunity: &str, to: &str) -> String {
    format!(
        r#"sendDevelopmentNews(input: {{ COMMON, opportunity: "{opportunity}", to: {to}, channel: EMAIL }})
            {{ rejection {{ code }} opportunity {{ sentCount }} }}"#
    )
}

/// R126, R023: both sides are sent news, find it in their own view, and see nothing of what others were sent.
#[tokio::test]
async fn both_sides_find_what_they_were_sent() {
    let stage = Stage::opened().await;
    let (mentee, mentor, _) = paired(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let coordinator = caller(Role::Coordinator);
    let opportunity = announced(&stage).await;
    for one in [&ada, &ben] {
        let news = stage.read(one, NEWS).await;
        assert_eq!(news["viewer"]["developmentNews"]["totalCount"], 0);
        let read = format!(r#"{{ node(id: "{opportunity}") {{ id }} }}"#);
        assert_eq!(stage.read(one, &read).await["node"], Value::Null);
        assert_eq!(
            code(&stage.try_to(one, &send(&opportunity, "EVERYBODY")).await),
            "forbidden"
        );
    }
    let told = stage
        .tell(&coordinator, &send(&opportunity, "EVERYBODY"))
        .await;
    assert_eq!(told["opportunity"]["sentCount"], 2);
    let told = stage
        .tell(&coordinator, &send(&opportunity, "EVERYBODY"))
        .await;
    assert_eq!(
        told["opportunity"]["sentCount"], 2,
        "the same day, the same way"
    );
    for one in [&ada, &ben] {
        let news = stage.read(one, NEWS).await;
        let wanted = json!({ "totalCount": 1, "edges": [{ "node": { "on": "1970-01-01", "channel": "EMAIL", "pickedFor": null,
            "opportunity": { "id": opportunity, "title": "Leading through inspection", "kind": "SHORT_PROGRAMME", "on": "1970-06-02",
                "place": "https://college.example/inspection", "sentCount": null } } }] });
        assert_eq!(news["viewer"]["developmentNews"], wanted);
    }
    let other = format!(
        r#"{{ node(id: "{mentor}") {{ ... on Mentor {{ developmentNews {{ totalCount }} }} }} }}"#
    );
    assert_eq!(
        stage.read(&ada, &other).await["node"]["developmentNews"],
        Value::Null
    );
    assert_eq!(
        stage.read(&coordinator, &other).await["node"]["developmentNews"]["totalCount"],
        1
    );
    assert_eq!(
        code(
            &stage
                .ask(
                    &employer(LEEDS),
                    r#"{ scheme(id: "mentor-plus") { developmentOpportunities { id } } }"#
                )
                .await
        ),
        "forbidden"
    );
}

/// R125: what was picked for a mentee reaches their mentor, who is told for whom; the mentee is not sent it.
#[tokio::test]
async fn a_mentor_is_told_for_whom_it_was_picked() {
    let stage = Stage::opened().await;
    let (mentee, mentor, _) = paired(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let opportunity = announced(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let unsaid = stage
        .try_to(&coordinator, &send(&opportunity, "MENTOR_OF_MENTEE"))
        .await;
    assert_eq!(code(&unsaid), "invalid_input");
    let picked = format!(r#"MENTOR_OF_MENTEE, pickedFor: "{mentee}""#);
    stage.tell(&coordinator, &send(&opportunity, &picked)).await;
    let news = stage.read(&ben, NEWS).await;
    let node = &news["viewer"]["developmentNews"]["edges"][0]["node"];
    assert_eq!(node["pickedFor"]["id"], mentee);
    assert_eq!(node["opportunity"]["id"], opportunity);
    let news = stage.read(&ada, NEWS).await;
    assert_eq!(news["viewer"]["developmentNews"]["totalCount"], 0);
}

/// R071: the dashboard shows for each live pairing when each side last had news and when it is due again.
#[tokio::test]
async fn the_dashboard_shows_whose_news_is_due() {
    let stage = Stage::opened().await;
    let (mentee, mentor, pairing) = paired(&stage).await;
    let opportunity = announced(&stage).await;
    let coordinator = caller(Role::Coordinator);
    stage
        .tell(&coordinator, &send(&opportunity, "MENTORS"))
        .await;
    let ask = r#"{ scheme(id: "mentor-plus") { dashboard { developmentNews { edges { node { id
        developmentNews { side mentee { id } mentor { id } lastOn dueOn isDue } } } } } } }"#;
    let shown = stage.read(&coordinator, ask).await;
    let node = &shown["scheme"]["dashboard"]["developmentNews"]["edges"][0]["node"];
    let wanted = json!({ "id": pairing, "developmentNews": [
        { "side": "MENTEE", "mentee": { "id": mentee }, "mentor": null, "lastOn": null, "dueOn": "1970-04-01", "isDue": false },
        { "side": "MENTOR", "mentee": null, "mentor": { "id": mentor }, "lastOn": "1970-01-01", "dueOn": "1970-04-01", "isDue": false },
    ] });
    assert_eq!(*node, wanted);
    let own = format!(
        r#"{{ node(id: "{pairing}") {{ ... on Pairing {{ developmentNews {{ side }} }} }} }}"#
    );
    let ada = person(Role::Mentee, &mentee);
    assert_eq!(
        stage.read(&ada, &own).await["node"]["developmentNews"],
        Value::Null
    );
}

/// What stands in clear may name nobody.
#[tokio::test]
async fn an_address_is_refused() {
    let stage = Stage::opened().await;
    let with_address = ANNOUNCE.replace(
        "https://college.example/inspection",
        "ask jo@college.example",
    );
    let answer = stage
        .try_to(&caller(Role::Coordinator), &with_address)
        .await;
    assert_eq!(
        answer["data"]["announceDevelopment"]["rejection"]["code"],
        "address_given"
    );
}

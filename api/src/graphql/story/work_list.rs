//! A coordinator works through a day from the list alone: by e-mail first, and by telephone where that does not reach.

use super::*;
use serde_json::json;

const ITEMS: &str = "totalCount edges { node { kind on dueOn overdue person name { state value } sent { channel followUpOn }
    mentee { daysInPost { state value } } because(first: 100) { totalCount } } }";

/// The list, as it is asked for.
async fn list(stage: &Stage, caller: &Caller, filter: &str) -> Value {
    let ask = format!(
        r#"{{ scheme(id: "mentor-plus") {{ workList(filter: {{ {filter} }}) {{ {ITEMS} }} }} }}"#
    );
    stage.read(caller, &ask).await["scheme"]["workList"].take()
}

/// The kinds on the list, in order.
async fn kinds(stage: &Stage, filter: &str) -> Vec<String> {
    let found = list(stage, &caller(Role::Coordinator), filter).await;
    let edges = found["edges"].as_array().unwrap();
    edges
        .iter()
        .map(|edge| text(&edge["node"]["kind"]))
        .collect()
}

/// The one item of a kind.
async fn one(stage: &Stage, kind: &str) -> Value {
    let mut found = list(
        stage,
        &caller(Role::Coordinator),
        &format!("kinds: [{kind}]"),
    )
    .await;
    assert_eq!(found["totalCount"], 1, "{found}");
    found["edges"][0]["node"].take()
}

/// R063, R065, R068, R070, R071: every item is worked off where it stands, and the list is empty when the day is done.
#[tokio::test]
async fn a_day_from_the_list_alone() {
    let stage = Stage::opened().await;
    let coordinator = caller(Role::Coordinator);
    let (ada, _, pairing) = paired(&stage).await;
    let bradford = NOTICE
        .replace(LEEDS, BRADFORD)
        .replace(r#""Ada""#, r#""Bela""#)
        .replace(
            "firstPost: YES",
            r#"firstPost: YES, startsOn: "1970-02-02""#,
        );
    stage.tell(&employer(BRADFORD), &bradford).await;
    let please_ring = format!(
        r#"recordCheckIn(input: {{ COMMON, pairing: "{pairing}", person: "{ada}", word: PLEASE_RING }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&person(Role::Mentee, &ada), &please_ring).await;

    // What is due this fortnight: each with its day, and why.
    let fortnight = r#"dueBy: "1970-01-15""#;
    let mut waiting = kinds(&stage, fortnight).await;
    waiting.sort_unstable();
    assert_eq!(
        waiting,
        ["AGREE_START", "ATTEND_SEMINAR", "MAKE_CONTACT", "RING_BACK"]
    );
    let bela = one(&stage, "MAKE_CONTACT").await;
    assert_eq!(bela["name"], json!({ "state": "GIVEN", "value": "Bela" }));
    assert_eq!(bela["mentee"]["daysInPost"]["value"], -32);
    assert_eq!(
        (&bela["on"], &bela["overdue"]),
        (&json!("1970-01-15"), &json!(false))
    );
    assert!(bela["because"]["totalCount"].as_u64().unwrap() >= 1);

    // Bela is written to: the item moves to its follow-up and shows how she was reached so far.
    let id = text(&bela["person"]);
    let write = format!(
        r#"recordMessageSent(input: {{ COMMON, person: "{id}", kind: MAKE_CONTACT, channel: EMAIL, followUpOn: "1970-01-06" }})
            {{ rejection {{ code }} sent {{ on channel followUpOn }} }}"#
    );
    let sent = json!([{ "on": "1970-01-01", "channel": "EMAIL", "followUpOn": "1970-01-06" }]);
    assert_eq!(stage.tell(&coordinator, &write).await["sent"], sent);
    assert_eq!(
        stage.tell(&coordinator, &write).await["sent"],
        sent,
        "the same again"
    );
    let bela = one(&stage, "MAKE_CONTACT").await;
    assert_eq!(
        (&bela["on"], &bela["dueOn"]),
        (&json!("1970-01-06"), &json!("1970-01-15"))
    );
    assert_eq!(
        bela["sent"],
        json!([{ "channel": "EMAIL", "followUpOn": "1970-01-06" }])
    );

    // She rings: it is done, and what comes next stands in its place.
    let mentee = stage.read(&coordinator, r#"{ scheme(id: "mentor-plus") { mentees(stage: TO_CONTACT) { edges { node { id } } } } }"#).await;
    let mentee = text(&mentee["scheme"]["mentees"]["edges"][0]["node"]["id"]);
    for done in [
        format!(
            r#"recordContact(input: {{ COMMON, mentee: "{mentee}", outcome: REACHED, channel: TELEPHONE }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"offerMentoring(input: {{ COMMON, mentee: "{mentee}" }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"declineMentoring(input: {{ COMMON, mentee: "{mentee}", reportedBy: {{ party: MENTEE }} }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"agreeStart(input: {{ COMMON, mentee: "{ada}", startsOn: "1970-01-05" }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"recordCheckIn(input: {{ COMMON, pairing: "{pairing}", person: "{ada}", word: FINE, reportedBy: {{ party: MENTEE }} }}) {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&coordinator, &done).await;
    }
    assert_eq!(
        kinds(&stage, fortnight).await,
        ["ATTEND_SEMINAR"],
        "nobody who declined is chased"
    );
    let ben = one(&stage, "ATTEND_SEMINAR").await;
    let induct = format!(
        r#"recordInduction(input: {{ COMMON, mentor: "{}" }}) {{ rejection {{ code }} }}"#,
        text(&ben["person"])
    );
    stage.tell(&coordinator, &induct).await;
    assert_eq!(kinds(&stage, fortnight).await, [""; 0]);
}

/// The list stands in one order, and a page goes on where the last one ended.
#[tokio::test]
async fn the_list_is_read_in_pages() {
    let stage = Stage::opened().await;
    paired(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let ask = |after: &str| {
        format!(
            r#"{{ scheme(id: "mentor-plus") {{ workList(first: 2{after}) {{ totalCount pageInfo {{ hasNextPage endCursor }}
                edges {{ node {{ on person kind }} }} }} }} }}"#
        )
    };
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = stage.read(&coordinator, &ask(&after)).await["scheme"]["workList"].take();
        let edges = page["edges"].as_array().unwrap();
        seen.extend(edges.iter().map(|edge| {
            let node = &edge["node"];
            (
                text(&node["on"]),
                text(&node["person"]),
                text(&node["kind"]),
            )
        }));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], seen.len());
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert!(seen.len() >= 6, "{seen:?}");
    assert!(seen.is_sorted_by_key(|(on, person, _)| (on.clone(), person.clone())));
}

/// The list is the coordinator's. An auditor sees it without a name, and nothing of how somebody says it goes.
#[tokio::test]
async fn nobody_else_is_shown_the_list() {
    let stage = Stage::opened().await;
    let (ada, ben, pairing) = paired(&stage).await;
    let ring = format!(
        r#"recordCheckIn(input: {{ COMMON, pairing: "{pairing}", person: "{ada}", word: PLEASE_RING }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&person(Role::Mentee, &ada), &ring).await;
    let ask = r#"{ scheme(id: "mentor-plus") { workList { totalCount } } }"#;
    let write = format!(
        r#"recordMessageSent(input: {{ COMMON, person: "{ben}", kind: CHECK_IN, channel: EMAIL }}) {{ rejection {{ code }} }}"#
    );
    for stranger in [
        person(Role::Mentee, &ada),
        person(Role::Mentor, &ben),
        employer(LEEDS),
        caller(Role::Administrator),
        caller(Role::Commissioner),
        caller(Role::Facilitator),
    ] {
        assert_eq!(code(&stage.ask(&stranger, ask).await), "forbidden");
        assert_eq!(code(&stage.try_to(&stranger, &write).await), "forbidden");
    }
    let auditor = caller(Role::Auditor);
    assert_eq!(code(&stage.try_to(&auditor, &write).await), "forbidden");
    let seen = list(&stage, &auditor, "").await;
    let edges = seen["edges"].as_array().unwrap();
    assert!(!edges.is_empty());
    for edge in edges {
        let node = &edge["node"];
        assert_eq!(node["name"], json!({ "state": "HIDDEN", "value": null }));
        let of_check_ins = ["RING_BACK", "CHECK_IN"].contains(&node["kind"].as_str().unwrap());
        assert!(!of_check_ins, "{node}");
    }
}

/// R011: wherever a mentee is listed for the coordinator, it is shown how long they have been in post; nobody else is told.
#[tokio::test]
async fn the_time_in_post_is_shown_wherever_a_mentee_is_listed() {
    let stage = Stage::opened().await;
    let notice = NOTICE.replace(
        "firstPost: YES",
        r#"firstPost: YES, startsOn: "1969-12-02""#,
    );
    stage.tell(&employer(LEEDS), &notice).await;
    let ask = r#"{ scheme(id: "mentor-plus") {
        mentees { edges { node { id daysInPost { state value } } } }
        dashboard { due { edges { node { mentee { daysInPost { state value } } } } } stages { cards { edges { node { mentee { daysInPost { state value } } } } } } } } }"#;
    let coordinator = caller(Role::Coordinator);
    let shown = stage.read(&coordinator, ask).await;
    let scheme = &shown["scheme"];
    let days = json!({ "state": "GIVEN", "value": 30 });
    assert_eq!(scheme["mentees"]["edges"][0]["node"]["daysInPost"], days);
    let due = &scheme["dashboard"]["due"]["edges"][0]["node"]["mentee"];
    assert_eq!(due["daysInPost"], days);
    let stages = scheme["dashboard"]["stages"].as_array().unwrap();
    let mut cards = stages
        .iter()
        .filter_map(|stage| stage["cards"]["edges"].get(0));
    assert_eq!(cards.next().unwrap()["node"]["mentee"]["daysInPost"], days);

    let hidden = json!({ "state": "HIDDEN", "value": null });
    let id = text(&scheme["mentees"]["edges"][0]["node"]["id"]);
    let read =
        format!(r#"{{ node(id: "{id}") {{ ... on Mentee {{ daysInPost {{ state value }} }} }} }}"#);
    for other in [person(Role::Mentee, &id), caller(Role::Auditor)] {
        assert_eq!(
            stage.read(&other, &read).await["node"]["daysInPost"],
            hidden
        );
    }
}

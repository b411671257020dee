//! Commands of each side, repeated, mistaken or on another's word.

use super::*;
use serde_json::json;

/// R019: what remains can be seen at any time. R226: each side has its own count.
#[tokio::test]
async fn each_side_counts_for_itself_and_reads_its_own_change() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let coordinator = caller(Role::Coordinator);
    let accept = format!(
        r#"acceptMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&ada, &accept).await;
    stage.tell(&ben, &accept).await;
    let form = format!(
        r#"formPairing(input: {{ COMMON, matches: ["{offered}"] }}) {{ rejection {{ code }} pairing {{ id }} }}"#
    );
    let pairing = text(&stage.tell(&coordinator, &form).await["pairing"]["id"]);
    let held = format!(
        r#"recordSession(input: {{ COMMON, pairing: "{pairing}" }}) {{ version rejection {{ code }}
            pairing {{ sessions {{ mentor mentee used }} mentees {{ name {{ value }} stage appointments {{ id }} }} }} }}"#
    );
    let told = stage.tell(&ben, &held).await;
    let wanted = json!({ "sessions": { "mentor": 1, "mentee": 0, "used": 1 },
        "mentees": [{ "name": { "value": "Ada" }, "stage": null, "appointments": [] }] });
    assert_eq!(told["pairing"], wanted);
    assert_eq!(
        code(&stage.try_to(&coordinator, &held).await),
        "invalid_input"
    );

    let version = text(&told["version"]);
    let own = format!(
        r#"{{ scheme(id: "mentor-plus", atLeast: "{version}") {{ entitlement(person: "{mentee}") {{ used left }} }} }}"#
    );
    let own = stage.read(&ada, &own).await;
    assert_eq!(
        own["scheme"]["entitlement"],
        json!({ "used": 1, "left": 3 })
    );
    let wrong = format!(
        r#"{{ scheme(id: "mentor-plus") {{ mentee(id: "{pairing}") {{ id }} pairings(after: "x") {{ totalCount }} }} }}"#
    );
    let answer = stage.ask(&coordinator, &wrong).await;
    let mut codes: Vec<_> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["extensions"]["code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["bad_cursor", "invalid_id"]);
}

#[tokio::test]
async fn nobody_answers_on_the_word_of_the_other_side() {
    let stage = Stage::opened().await;
    let (mentee, _, offered) = matched(&stage).await;
    let ada = person(Role::Mentee, &mentee);
    let on_the_word_of = |party: &str| {
        format!(
            r#"acceptMatch(input: {{ COMMON, match: "{offered}", side: MENTEE, reportedBy: {{ party: {party} }} }}) {{ rejection {{ code }} }}"#
        )
    };
    for party in ["MENTOR", "OPERATOR", "EMPLOYER"] {
        let answer = stage.try_to(&ada, &on_the_word_of(party)).await;
        assert_eq!(code(&answer), "forbidden", "{party}");
    }
    stage.tell(&ada, &on_the_word_of("MENTEE")).await;
}

#[tokio::test]
async fn a_scheme_whose_opening_is_refused_or_only_tried_is_not_made() {
    let stage = Stage::new();
    let administrator = caller(Role::Administrator);
    let open = r#"openScheme(input: { COMMON, name: "NAME", kind: MENTORING EXTRA }) { rejection { code } }"#;
    let refused = open.replace("NAME", " ").replace("EXTRA", "");
    let answer = stage.try_to(&administrator, &refused).await;
    assert_eq!(answer["data"]["openScheme"]["rejection"]["code"], "empty");
    let tried = open
        .replace("NAME", "Mentor Plus")
        .replace("EXTRA", ", validateOnly: true");
    let answer = stage.try_to(&administrator, &tried).await;
    assert_eq!(answer["data"]["openScheme"], json!({ "rejection": null }));
    let read = r#"{ scheme(id: "mentor-plus") { id } }"#;
    assert_eq!(code(&stage.ask(&administrator, read).await), "not_found");
    stage
        .tell(&administrator, &tried.replace(", validateOnly: true", ""))
        .await;
    assert_eq!(
        stage.read(&administrator, read).await["scheme"]["id"],
        "mentor-plus"
    );
}

#[tokio::test]
async fn an_identifier_that_came_with_another_command_is_refused() {
    let stage = Stage::opened().await;
    let leeds = employer(LEEDS);
    let id = Uuid::from_u128(0xA);
    let common = format!(r#"scheme: "mentor-plus", commandId: "{id}""#);
    let first = format!("mutation {{ {} }}", NOTICE.replace("COMMON", &common));
    let answer = stage.read(&leeds, &first).await;
    assert_eq!(
        stage.read(&leeds, &first).await,
        answer,
        "a repetition hears the first outcome"
    );
    let other = stage.ask(&leeds, &first.replace("77", "78")).await;
    assert_eq!(code(&other), "command_id_reused");
    let somebody_else = stage.ask(&caller(Role::Coordinator), &first).await;
    assert_eq!(code(&somebody_else), "command_id_reused");
    let trail = r#"{ scheme(id: "mentor-plus") { auditTrail { totalCount } } }"#;
    let trail = stage.read(&caller(Role::Coordinator), trail).await;
    assert_eq!(trail["scheme"]["auditTrail"]["totalCount"], 6);
}

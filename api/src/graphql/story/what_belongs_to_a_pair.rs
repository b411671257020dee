//! What is a pair's own, before and after they agreed, and who stands beside them.

use super::*;
use serde_json::json;

/// R299, R113: nobody but the two sees what is theirs. R301: the coordinator sees that it is, how far it is and how often
/// they met.
#[tokio::test]
async fn a_pairing_is_seen_by_the_two_and_the_coordinator_and_by_nobody_else() {
    let stage = Stage::opened().await;
    let coordinator = caller(Role::Coordinator);
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let pairing = paired(&stage, &ada, &ben, &offered).await;
    let report = format!(
        r#"fileEvaluation(input: {{ COMMON, pairing: "{pairing}", person: "{mentee}", report: {{ strengths: "Candour" }} }})
            {{ rejection {{ code }} }}"#
    );
    stage.tell(&ada, &report).await;

    let shown = format!(
        r#"{{ node(id: "{pairing}") {{ ... on Pairing {{ course sessions {{ used }} reports {{ strengths {{ value }} }} }} }} }}"#
    );
    let by_all = json!({ "course": "LIVE", "sessions": { "used": 1 },
        "reports": [{ "strengths": { "value": "Candour" } }] });
    let without_report = json!({ "course": "LIVE", "sessions": { "used": 1 }, "reports": [] });
    for (who, seen) in [
        (&coordinator, &by_all),
        (&ada, &by_all),
        (&ben, &without_report),
    ] {
        assert_eq!(stage.read(who, &shown).await["node"], *seen);
    }
    let cleo = text(&invited(&stage, "Cleo").await["mentor"]["id"]);
    for stranger in [
        person(Role::Mentor, &cleo),
        person(Role::Mentee, &cleo),
        employer(LEEDS),
    ] {
        let answer = stage.read(&stranger, &shown).await;
        assert_eq!(answer["node"], Value::Null, "{:?}", stranger.role);
        let held = format!(
            r#"recordSession(input: {{ COMMON, pairing: "{pairing}" }}) {{ rejection {{ code }} }}"#
        );
        assert_ne!(code(&stage.try_to(&stranger, &held).await), "none");
    }
}

/// R303: a mentor who is asked reads the mentee's summary, and no more.
#[tokio::test]
async fn a_mentor_who_is_asked_reads_a_summary_without_a_name() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let wishes = format!(
        r#"recordPreferences(input: {{ COMMON, mentee: "{mentee}", preferences: {{ summary: "Fostering; two towns" }} }})
            {{ rejection {{ code }} }}"#
    );
    stage.tell(&ada, &wishes).await;
    let asked = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ mentee {{ name {{ state }} email {{ state }} stage offer startsOn
            appointments {{ id }} entitlement {{ left }} preferences {{ summary {{ value }} }} }} }} }} }}"#
    );
    let hidden = json!({ "state": "HIDDEN" });
    let summary = json!({ "name": hidden, "email": hidden, "stage": null, "offer": null, "startsOn": null,
        "appointments": [], "entitlement": null, "preferences": { "summary": { "value": "Fostering; two towns" } } });
    assert_eq!(
        stage.read(&ben, &asked).await["node"]["mentee"],
        summary,
        "before anybody has agreed"
    );
    let decline = format!(
        r#"declineMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&ben, &decline).await;
    let after = stage.read(&ben, &asked).await;
    assert_eq!(after["node"]["mentee"], Value::Null, "after a no");
}

/// R073: a mentee tells that a pairing failed. R106: the mentor may, and the coordinator on somebody's word.
#[tokio::test]
async fn either_of_the_two_or_the_coordinator_tells_that_a_pairing_failed() {
    for who in [Role::Mentee, Role::Mentor, Role::Coordinator] {
        let stage = Stage::opened().await;
        let (mentee, mentor, offered) = matched(&stage).await;
        let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
        let pairing = paired(&stage, &ada, &ben, &offered).await;
        let (teller, word) = match who {
            Role::Mentee => (ada, ""),
            Role::Mentor => (ben, ""),
            _ => (caller(who), "reportedBy: { party: MENTEE }"),
        };
        let failed = format!(
            r#"breakPairing(input: {{ COMMON, pairing: "{pairing}" {word} }}) {{ rejection {{ code }} pairing {{ course }} }}"#
        );
        let told = stage.tell(&teller, &failed).await;
        assert_eq!(told["pairing"]["course"], "BROKEN", "{who:?}");
    }
}

/// R312: which pairings failed and why, what was decided, and what is carried across.
#[tokio::test]
async fn the_coordinator_sees_which_pairings_failed_and_what_came_of_it() {
    let stage = Stage::opened().await;
    let coordinator = caller(Role::Coordinator);
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let pairing = paired(&stage, &ada, &ben, &offered).await;
    for told in [
        format!(
            r#"breakPairing(input: {{ COMMON, pairing: "{pairing}", cause: ILLNESS }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"judgeReplacement(input: {{ COMMON, pairing: "{pairing}", judgement: REPLACE, judgedBy: [MENTEE, COORDINATOR] }})
                {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&coordinator, &told).await;
    }
    let failed = format!(
        r#"{{ scheme(id: "mentor-plus") {{ entitlement(person: "{mentee}") {{ used left }}
            pairings(course: BROKEN) {{ totalCount edges {{ node {{ breakdown {{ cause judgement }} sessions {{ used }} }} }} }} }} }}"#
    );
    let broken = json!({ "breakdown": { "cause": "ILLNESS", "judgement": "REPLACE" }, "sessions": { "used": 1 } });
    let seen = stage.read(&coordinator, &failed).await;
    assert_eq!(
        seen["scheme"],
        json!({ "entitlement": { "used": 1, "left": 3 },
            "pairings": { "totalCount": 1, "edges": [{ "node": broken }] } })
    );
}

/// Z17: a deputy does what the coordinator does, and the history tells who it was.
#[tokio::test]
async fn whoever_stands_in_for_the_coordinator_is_told_apart_in_the_history() {
    let stage = Stage::opened().await;
    let coordinator = caller(Role::Coordinator);
    let deputy = Caller {
        actor: Uuid::from_u128(0xDE_0717),
        ..caller(Role::Coordinator)
    };
    for who in [&coordinator, &deputy] {
        let invitation = r#"inviteMentor(input: { COMMON, details: { name: "Ben" }, experience: { status: SERVING } })
            { rejection { code } }"#;
        stage.tell(who, invitation).await;
    }
    let trail = r#"{ scheme(id: "mentor-plus") { auditTrail(last: 2) { edges { node { actor { id role } } } } } }"#;
    let trail = stage.read(&coordinator, trail).await;
    let edges = &trail["scheme"]["auditTrail"]["edges"];
    let (first, second) = (&edges[0]["node"]["actor"], &edges[1]["node"]["actor"]);
    assert_eq!(
        (&first["role"], &second["role"]),
        (&json!("coordinator"), &json!("coordinator"))
    );
    assert_ne!(first["id"], second["id"]);
}

/// A pairing of the match, with one session by the mentor's count.
async fn paired(stage: &Stage, ada: &Caller, ben: &Caller, offered: &str) -> String {
    let accept = format!(
        r#"acceptMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(ada, &accept).await;
    stage.tell(ben, &accept).await;
    let form = format!(
        r#"formPairing(input: {{ COMMON, matches: ["{offered}"] }}) {{ rejection {{ code }} pairing {{ id }} }}"#
    );
    let formed = stage.tell(&caller(Role::Coordinator), &form).await;
    let pairing = text(&formed["pairing"]["id"]);
    let held = format!(
        r#"recordSession(input: {{ COMMON, pairing: "{pairing}" }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(ben, &held).await;
    pairing
}

async fn invited(stage: &Stage, name: &str) -> Value {
    let invitation = format!(
        r#"inviteMentor(input: {{ COMMON, details: {{ name: "{name}" }}, experience: {{ status: SERVING }} }})
            {{ rejection {{ code }} mentor {{ id }} }}"#
    );
    stage.tell(&caller(Role::Coordinator), &invitation).await
}

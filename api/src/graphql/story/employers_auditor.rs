//! The auditor of one employer: what its notices came to, and of nothing else even how much there is.

use super::*;
use futures_util::StreamExt as _;
use serde_json::json;

const TRAIL: &str = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { type position recordedAt data subjects { id kind } actor { role } } }";

fn auditor_of(code: &str) -> Caller {
    Caller {
        employer: Some(code.to_owned()),
        ..caller(Role::EmployerAuditor)
    }
}

/// The notice of the stage, from another employer about somebody else.
fn from_bradford(number: usize) -> String {
    NOTICE
        .replace("E08000035", "E08000032")
        .replace(r#""77""#, &format!("\"{number}\""))
        .replace("Ada", "Cleo")
}

/// Everything an employer's auditor may ask, in every direction.
fn questions(person: &str) -> Vec<String> {
    let mut questions: Vec<String> = [
        "", "(first: 1)", "(first: 2)", "(last: 1)", "(last: 2)",
        r#"(filter: { types: ["eligibility.judged"] })"#,
        r#"(last: 1, filter: { types: ["appointment.notified"] })"#,
        r#"(filter: { from: "1970-01-01T00:00:00Z" })"#,
        r#"(filter: { types: ["scheme.opened", "match.offered", "pairing.formed", "person.linked"] })"#,
    ]
    .iter()
    .map(|page| format!(r#"{{ scheme(id: "mentor-plus") {{ auditTrail{page} {{ {TRAIL} }} }} }}"#))
    .collect();
    questions.push(format!(
        r#"{{ scheme(id: "mentor-plus") {{ auditTrail(filter: {{ subject: "{person}" }}) {{ {TRAIL} }} }} }}"#
    ));
    questions.push(format!(
        r#"{{ scheme(id: "mentor-plus") {{ position entitlement(person: "{person}") {{ verdict category missing offer used lines {{ type }}
            mentee {{ id }} rules {{ section }} because {{ {TRAIL} }} }} }} }}"#
    ));
    questions
}

/// R308, R305: notices of its own employer with verdict and basis, without a personal value, and nothing about anybody else.
#[tokio::test]
async fn an_employers_auditor_reads_what_its_notices_left_in_the_history_and_nothing_else() {
    let stage = Stage::opened().await;
    let told = stage.tell(&employer(LEEDS), NOTICE).await;
    let own = text(&told["appointment"]["id"]);
    let other = stage.tell(&employer(BRADFORD), &from_bradford(9)).await;
    let other = text(&other["appointment"]["id"]);
    let leeds = auditor_of(LEEDS);
    let trail = format!(r#"{{ scheme(id: "mentor-plus") {{ auditTrail {{ {TRAIL} }} }} }}"#);
    let seen = stage.read(&leeds, &trail).await["scheme"]["auditTrail"].take();
    assert_eq!(seen["totalCount"], 2);
    let types: Vec<String> = (0..2)
        .map(|index| text(&seen["edges"][index]["node"]["type"]))
        .collect();
    assert_eq!(types, ["appointment.notified", "eligibility.judged"]);
    assert!(seen["edges"][0]["node"]["position"].is_null());
    assert!(!seen.to_string().contains(&other));

    let appointment = |id: &str| {
        format!(
            r#"{{ node(id: "{id}") {{ ... on Appointment {{ verdict rule {{ section }} versions {{ policy }} notifiedOn employer {{ state }}
                employeeNumber {{ state }} post {{ state }} mentee {{ id }} }} }} }}"#
        )
    };
    let shown = stage.read(&leeds, &appointment(&own)).await["node"].take();
    assert_eq!(shown["verdict"], "ELIGIBLE");
    assert!(shown["rule"]["section"].is_string());
    for part in ["employer", "employeeNumber", "post"] {
        assert_eq!(shown[part]["state"], "HIDDEN", "{part}");
    }
    assert!(shown["mentee"].is_null());
    let hidden = stage.read(&leeds, &appointment(&other)).await;
    assert!(hidden["node"].is_null());

    let check = |code: &str, number: &str| {
        format!(
            r#"{{ scheme(id: "mentor-plus") {{ entitlement(employer: "{code}", employeeNumber: "{number}") {{ verdict because {{ totalCount }} }} }} }}"#
        )
    };
    let entitlement = stage.read(&leeds, &check(LEEDS, "77")).await;
    let wanted = json!({ "verdict": "ELIGIBLE", "because": { "totalCount": 2 } });
    assert_eq!(entitlement["scheme"]["entitlement"], wanted);
    let refused = stage.ask(&leeds, &check(BRADFORD, "9")).await;
    assert_eq!(code(&refused), "forbidden");
}

/// R305: whatever others do, every answer stays the same, byte for byte: counts, pages and cursors too.
#[tokio::test]
async fn what_others_do_changes_no_answer_of_an_employers_auditor() {
    let stage = Stage::opened().await;
    let (mentee, _, _) = matched(&stage).await;
    let leeds = auditor_of(LEEDS);
    let mut before = Vec::new();
    for question in questions(&mentee) {
        before.push(stage.ask(&leeds, &question).await);
    }
    assert!(before.iter().all(|answer| answer["errors"].is_null()));
    for number in 0..3 {
        stage
            .tell(&employer(BRADFORD), &from_bradford(number))
            .await;
    }
    let coordinator = caller(Role::Coordinator);
    let contact = format!(
        r#"recordContact(input: {{ COMMON, mentee: "{mentee}", outcome: REACHED, channel: TELEPHONE }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &contact).await;
    for (question, before) in questions(&mentee).iter().zip(before) {
        assert_eq!(stage.ask(&leeds, question).await, before, "{question}");
    }
    let others: Value = stage
        .read(&auditor_of("E06000001"), &questions(&mentee)[0])
        .await;
    assert_eq!(others["scheme"]["auditTrail"]["totalCount"], 0);
}

/// What its lines do not grant is refused: figures, the board, people, who read what, and to follow the history live.
#[tokio::test]
async fn an_employers_auditor_is_refused_everything_else() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let leeds = auditor_of(LEEDS);
    for field in [
        "measures { choices { __typename } }".to_owned(),
        "dashboard { stages { count } }".to_owned(),
        "mentees { totalCount }".to_owned(),
        "mentors { totalCount }".to_owned(),
        "pairings { totalCount }".to_owned(),
        "workList { totalCount }".to_owned(),
        "waitingList { totalCount }".to_owned(),
        format!(r#"sensitiveReads(person: "{mentee}") {{ totalCount }}"#),
    ] {
        let question = format!(r#"{{ scheme(id: "mentor-plus") {{ {field} }} }}"#);
        let answer = stage.ask(&leeds, &question).await;
        assert_eq!(code(&answer), "forbidden", "{field}: {answer}");
        let shown = answer["data"]["scheme"].as_object().unwrap();
        assert!(shown.values().all(Value::is_null), "{field}");
    }
    for id in [&mentee, &mentor, &offered] {
        let answer = stage
            .read(&leeds, &format!(r#"{{ node(id: "{id}") {{ id }} }}"#))
            .await;
        assert!(answer["node"].is_null(), "{id}");
    }
    for follow in [
        r#"subscription { auditTrail(scheme: "mentor-plus") { node { type } } }"#,
        r#"subscription { dashboard(scheme: "mentor-plus") { version } }"#,
    ] {
        let request = equip(follow.into(), leeds.clone(), TraceContext::default()).0;
        let mut followed = stage.schema.execute_stream(request, None);
        let refused = serde_json::to_value(followed.next().await.unwrap()).unwrap();
        assert_eq!(code(&refused), "forbidden");
    }
    let nobody = Caller {
        employer: None,
        ..leeds
    };
    let trail = stage.read(&nobody, &questions(&mentee)[0]).await;
    assert_eq!(trail["scheme"]["auditTrail"]["totalCount"], 0);
}

//! A coordinator publishes the figures of a period, and a commissioner asks as of its end and of nothing else.

use super::*;
use event_log::SignedCheckpoint;
use serde_json::json;

const AFTER_MARCH: &str = "1970-04-06T09:00:00Z";
const QUARTER: &str = r#"{ from: "1970-01-01", through: "1970-03-31" }"#;
const PUBLISHED: &str =
    "publishedPeriods { from through publishedOn superseded position checkpoint }";

impl Stage {
    /// A scheme with one notice, on a day on which its first quarter is over.
    async fn after_march() -> Self {
        let stage = Self::opened().await;
        stage.tell(&employer(LEEDS), NOTICE).await;
        stage.wait_until(AFTER_MARCH).await;
        stage
    }

    /// The first quarter is published, as the coordinator is told.
    async fn publish(&self) -> Value {
        let command = publish("1970-01-01", "1970-03-31");
        let mut told = self.tell(&caller(Role::Coordinator), &command).await;
        told["period"].take()
    }

    /// Somebody else is told of, and the quarter published again.
    async fn publish_again(&self) -> Value {
        let other = NOTICE.replace("\"77\"", "\"78\"").replace("Ada", "Cleo");
        self.tell(&employer(LEEDS), &other).await;
        self.publish().await
    }
}

fn publish(from: &str, through: &str) -> String {
    format!(
        r#"publishPeriod(input: {{ COMMON, from: "{from}", through: "{through}" }})
            {{ version rejection {{ code field message }} period {{ from through publishedOn superseded position checkpoint }} }}"#
    )
}

fn as_of(moment: &str, ask: &str) -> String {
    format!(r#"{{ scheme(id: "mentor-plus", asOf: {{ {moment} }}) {{ {ask} }} }}"#)
}

/// Whoever is given figures for periods alone cannot ask as of two moments that lie close together.
#[tokio::test]
async fn a_commissioner_asks_as_of_published_periods_and_of_no_other_moment() {
    let stage = Stage::after_march().await;
    let (coordinator, commissioner) = (caller(Role::Coordinator), caller(Role::Commissioner));
    let period = format!("period: {QUARTER}");
    let never = stage.ask(&commissioner, &as_of(&period, "today")).await;
    assert_eq!(code(&never), "period_not_published");
    assert_eq!(never["data"]["scheme"], Value::Null);

    let published = stage.publish().await;
    let position = text(&published["position"]);
    // Facts of later show in no answer as of then.
    stage.wait_until("1970-07-06T09:00:00Z").await;
    let command = publish("1970-04-01", "1970-06-30");
    stage.tell(&coordinator, &command).await;
    stage
        .tell(&employer(LEEDS), &NOTICE.replace("77", "79"))
        .await;
    let then = stage
        .read(
            &commissioner,
            &as_of(&period, &format!("id name today position {PUBLISHED}")),
        )
        .await;
    let then = &then["scheme"];
    assert_eq!(
        (&then["name"], &then["today"]),
        (&json!("Mentor Plus"), &json!("1970-04-06"))
    );
    assert_eq!(
        then["position"],
        Value::Null,
        "a commissioner sees no positions"
    );
    let all = then["publishedPeriods"].as_array().unwrap();
    assert_eq!(all.len(), 1, "what was published later is not known yet");
    assert_eq!(all[0]["publishedOn"], "1970-04-06");
    let asked = as_of(&period, "position mentees { totalCount }");
    let as_coordinator = stage.read(&coordinator, &asked).await;
    assert_eq!(as_coordinator["scheme"]["position"], position.as_str());
    assert_eq!(as_coordinator["scheme"]["mentees"]["totalCount"], 1);

    // The id of that moment is good, and that of another is not, nor any other way to name one.
    let by_id = |id: &Value| format!("{{ scheme(id: {id}) {{ id today }} }}");
    let again = stage.read(&commissioner, &by_id(&then["id"])).await;
    assert_eq!(again["scheme"]["today"], "1970-04-06");
    let before: u64 = position.parse::<u64>().unwrap() - 1;
    let other = as_of(&format!(r#"position: "{before}""#), "id");
    let other = stage.read(&coordinator, &other).await;
    let refused = stage
        .ask(&commissioner, &by_id(&other["scheme"]["id"]))
        .await;
    assert_eq!(code(&refused), "forbidden");
    let root = "0".repeat(64);
    for moment in [
        format!(r#"position: "{position}""#),
        r#"recordedAt: "1970-04-07T00:00:00Z""#.to_owned(),
        format!(r#"checkpoint: "{position}:{root}""#),
    ] {
        let refused = stage.ask(&commissioner, &as_of(&moment, "id")).await;
        assert_eq!(code(&refused), "forbidden", "{moment}");
        let said = refused["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("publishedPeriods"), "{said}");
    }
}

/// When in its day a period was published is told to those who see positions, and to the commissioner as of whom figures are:
/// to the others a moment is the beginning of a day.
#[tokio::test]
async fn a_published_period_is_a_moment_for_those_who_see_which_were() {
    let stage = Stage::after_march().await;
    stage.publish().await;
    let asked = as_of(&format!("period: {QUARTER}"), "today");
    for role in Role::ALL {
        let who = match role {
            Role::Employer | Role::EmployerAuditor => Caller {
                role,
                ..employer(LEEDS)
            },
            _ => caller(role),
        };
        let answer = stage.ask(&who, &asked).await;
        if matches!(
            role,
            Role::Coordinator | Role::Commissioner | Role::Auditor | Role::Administrator
        ) {
            let today = &answer["data"]["scheme"]["today"];
            assert_eq!(today, "1970-04-06", "{role}: {answer}");
        } else {
            assert_eq!(code(&answer), "forbidden", "{role}");
        }
    }
}

#[tokio::test]
async fn a_period_published_again_counts_as_it_is_known_later() {
    let stage = Stage::after_march().await;
    let (coordinator, commissioner) = (caller(Role::Coordinator), caller(Role::Commissioner));
    let first = stage.publish().await;
    assert_eq!(first["superseded"], false);
    assert_eq!(stage.publish().await, first, "nothing was recorded since");
    let asked = as_of(&format!("period: {QUARTER}"), "id");
    let earlier = stage.read(&commissioner, &asked).await;
    let later = stage.publish_again().await;
    assert_ne!(later["position"], first["position"]);

    let mut list = stage
        .read(
            &coordinator,
            &format!(r#"{{ scheme(id: "mentor-plus") {{ {PUBLISHED} }} }}"#),
        )
        .await;
    let list = list["scheme"]["publishedPeriods"].take();
    let superseded: Vec<_> = list.as_array().unwrap().iter().collect();
    assert_eq!(superseded.len(), 2);
    assert_eq!(
        superseded[0]["position"], later["position"],
        "the latest first"
    );
    assert_eq!(
        [&superseded[0]["superseded"], &superseded[1]["superseded"]],
        [&json!(false), &json!(true)]
    );
    let count = as_of(
        &format!("period: {QUARTER}"),
        "position mentees { totalCount }",
    );
    let count = stage.read(&coordinator, &count).await;
    assert_eq!(count["scheme"]["mentees"]["totalCount"], 2);
    assert_eq!(count["scheme"]["position"], later["position"]);
    // The moment that counted before is one like any other now.
    let by_id = format!("{{ scheme(id: {}) {{ today }} }}", earlier["scheme"]["id"]);
    assert_eq!(code(&stage.ask(&commissioner, &by_id).await), "forbidden");
    assert!(stage.read(&coordinator, &by_id).await["scheme"]["today"].is_string());
}

#[tokio::test]
async fn what_cannot_be_published_says_why_and_the_same_command_publishes_once() {
    let stage = Stage::after_march().await;
    let coordinator = caller(Role::Coordinator);
    let count = r#"{ scheme(id: "mentor-plus") { position publishedPeriods { from } } }"#;
    let before = stage.read(&coordinator, count).await;
    for (from, through, code, field) in [
        ("1970-03-31", "1970-01-01", "period_backwards", "through"),
        ("1970-01-01", "1970-04-06", "period_not_over", "through"),
        (
            "1969-01-01",
            "1969-12-31",
            "period_before_scheme",
            "through",
        ),
    ] {
        let refused = stage.try_to(&coordinator, &publish(from, through)).await;
        let refused = &refused["data"]["publishPeriod"];
        assert_eq!(refused["rejection"]["code"], code, "{refused}");
        assert_eq!(refused["rejection"]["field"], field);
        assert_eq!(refused["period"], Value::Null);
    }
    let tried = publish("1970-01-01", "1970-03-31").replace("COMMON", "COMMON, validateOnly: true");
    let tried = stage.tell(&coordinator, &tried).await;
    assert_eq!(tried["period"], Value::Null, "it was only judged");
    assert_eq!(
        stage.read(&coordinator, count).await,
        before,
        "nothing was recorded"
    );

    let once = publish("1970-01-01", "1970-03-31").replace(
        "COMMON",
        r#"scheme: "mentor-plus", commandId: "7e1f7a52-5c1b-4a3e-9f47-0c5d2b7e4a91""#,
    );
    let once = format!("mutation {{ {once} }}");
    let first = stage.read(&coordinator, &once).await;
    let after = stage.read(&coordinator, count).await;
    assert_eq!(stage.read(&coordinator, &once).await, first);
    assert_eq!(stage.read(&coordinator, count).await, after);
    let overlapping = publish("1970-03-31", "1970-04-01");
    let refused = stage.try_to(&coordinator, &overlapping).await;
    let rejection = &refused["data"]["publishPeriod"]["rejection"];
    assert_eq!(rejection["code"], "period_overlaps", "{refused}");

    // Of another scheme nothing was published.
    let elsewhere = Caller {
        scheme: None,
        ..caller(Role::Administrator)
    };
    let open = r#"mutation { openScheme(input: { scheme: "elsewhere", commandId: "7e1f7a52-5c1b-4a3e-9f47-0c5d2b7e4a92",
        name: "Elsewhere", kind: MENTORING }) { rejection { code } } }"#;
    stage.read(&elsewhere, open).await;
    let asked = as_of(&format!("period: {QUARTER}"), "today");
    let asked = asked.replace("mentor-plus", "elsewhere");
    let there = Caller {
        scheme: Some("elsewhere".to_owned()),
        ..caller(Role::Commissioner)
    };
    assert_eq!(
        code(&stage.ask(&there, &asked).await),
        "period_not_published"
    );
    let stranger = stage.ask(&caller(Role::Commissioner), &asked).await;
    assert_eq!(code(&stranger), "forbidden");
}

/// The checkpoint that goes with a published period is of the history with that entry in it, and stays the same.
#[tokio::test]
async fn a_published_period_comes_with_a_checkpoint_to_keep() {
    let stage = Stage::after_march().await;
    let published = stage.publish().await;
    let note = text(&published["checkpoint"]);
    let signed: SignedCheckpoint = note.parse().unwrap();
    assert_eq!(
        signed.checkpoint().size.to_string(),
        text(&published["position"])
    );
    stage
        .tell(&employer(LEEDS), &NOTICE.replace("77", "79"))
        .await;
    for role in [
        Role::Coordinator,
        Role::Commissioner,
        Role::Auditor,
        Role::Administrator,
    ] {
        let asked = format!(r#"{{ scheme(id: "mentor-plus") {{ {PUBLISHED} }} }}"#);
        let shown = stage.read(&caller(role), &asked).await;
        let shown = &shown["scheme"]["publishedPeriods"][0];
        assert_eq!(shown["checkpoint"], note, "{role}");
        assert_eq!(shown["position"].is_null(), role == Role::Commissioner);
    }
    let kept = as_of(&format!("checkpoint: {}", json!(note)), "position");
    let kept = stage.read(&caller(Role::Auditor), &kept).await;
    assert_eq!(kept["scheme"]["position"], published["position"]);
}

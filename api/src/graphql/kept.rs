//! Answers that are kept: given again only to whoever they were rendered for, while what they rest on is what it was.
//!
//! Told through the whole router, with tokens, because that is where a mistake would show one caller another's answer.

use crate::{
    demo,
    dispatch::{Options, Platform},
    identity::{
        Role,
        token::{Grant, LocalTokens},
    },
    outside, server,
    telemetry::Metrics,
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use event_log::Kind;
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt as _;
use uuid::Uuid;

struct Stage {
    router: Router,
    platform: Platform,
    tokens: LocalTokens,
    _data: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let options = Options {
            create: Some(Kind::Rehearsal),
            anchor: demo::ANCHOR,
            ..Options::new(data.path())
        };
        let platform = Platform::open(&options, Metrics::new()).unwrap();
        Self {
            router: server::router(&platform, &Metrics::new()).unwrap(),
            tokens: LocalTokens::new(platform.key().clone()),
            platform,
            _data: data,
        }
    }

    /// With an empty scheme that is open.
    async fn opened() -> Self {
        let stage = Self::new();
        let administrator = stage.token(Role::Administrator, |_| ());
        for (number, command) in [
            r#"openScheme(input: { COMMON, name: "A scheme", kind: MENTORING }) { rejection { code } }"#,
            r#"adoptPolicy(input: { COMMON, shipped: "mentor-plus-2017" }) { rejection { code } }"#,
            "adoptRegister(input: { COMMON, shipped: true }) { rejection { code } }",
            "adoptCalendar(input: { COMMON, shipped: true }) { rejection { code } }",
        ]
        .into_iter()
        .enumerate()
        {
            stage.tell(&administrator, number, command).await;
        }
        stage
    }

    fn token(&self, role: Role, change: impl Fn(&mut Grant)) -> String {
        let mut grant = Grant {
            subject: Uuid::from_u128(role as u128),
            role,
            scheme: None,
            person: None,
            employer: None,
        };
        change(&mut grant);
        let (now, hour) = (outside::wall_clock(), SignedDuration::from_hours(1));
        self.tokens.mint(&grant, now, hour).unwrap()
    }

    async fn ask(&self, token: &str, query: &str, variables: Value) -> (StatusCode, Bytes) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body));
        let answer = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = answer.status();
        (
            status,
            answer.into_body().collect().await.unwrap().to_bytes(),
        )
    }

    /// The data of an answer without errors.
    async fn read(&self, token: &str, query: &str) -> Value {
        let (_, body) = self.ask(token, query, Value::Null).await;
        let mut answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer.get("errors"), None, "{query}: {answer}");
        answer["data"].take()
    }

    /// The version after a mutation that is accepted; `COMMON` stands for what every command needs.
    async fn tell(&self, token: &str, number: usize, command: &str) -> Value {
        let id = Uuid::from_u128(number as u128 + 1);
        let common = format!(r#"scheme: "mentor-plus", commandId: "{id}""#);
        let command = command.replace("COMMON", &common);
        let mut data = self.read(token, &format!("mutation {{ {command} }}")).await;
        let payload = data.as_object_mut().unwrap().values_mut().next().unwrap();
        assert!(payload["rejection"].is_null(), "{command}: {payload}");
        payload["version"].take()
    }

    fn given(&self) -> u64 {
        self.platform.answers().given()
    }
}

/// Questions of every sort, also such as most callers may not ask.
const QUESTIONS: [&str; 12] = [
    r#"{ scheme(id: "mentor-plus") { id name version position today } }"#,
    r#"{ scheme(id: "mentor-plus") { dashboard { stages { stage count cards(first: 5) { edges { node {
        since due { what on overdue } mentee { id name { state value } email { state value } } } } } } } } }"#,
    r#"{ scheme(id: "mentor-plus") { mentees(first: 20) { edges { cursor node { id name { state value } } } } } }"#,
    r#"{ scheme(id: "mentor-plus") { mentors(first: 20) { edges { node { id name { state value } } } } } }"#,
    r#"{ scheme(id: "mentor-plus") { pairings(first: 20) { edges { node { id } } } } }"#,
    r#"{ scheme(id: "mentor-plus") { auditTrail(last: 5) { totalCount edges { node { position type data } } } } }"#,
    r#"{ scheme(id: "mentor-plus") { entitlement(employer: "E10000008", employeeNumber: "210001") { verdict category } } }"#,
    r#"{ scheme(id: "mentor-plus") { employers(first: 5) { edges { node { id } } } policies { version } } }"#,
    "{ viewer { roles scheme person employer expiresAt } }",
    r#"{ viewer { expiresAt due(scheme: "mentor-plus") { edges { node { __typename } } } } }"#,
    "{ schemes { id version } }",
    "query($mentee: ID!) { node(id: $mentee) { id ... on Mentee { name { state value } appointments { id
        employer { state } startsOn { state value } } } } }",
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_an_answer_that_was_rendered_for_somebody_else() {
    let stage = Stage::new();
    let summary = demo::load(&stage.platform, &mut |_, _| ()).await.unwrap();
    let scheme = |grant: &mut Grant| grant.scheme = Some(demo::SCHEME.to_owned());
    let mut tokens: Vec<String> = Vec::new();
    for role in Role::ALL {
        tokens.push(stage.token(role, |_| ()));
        tokens.push(stage.token(role, scheme));
        tokens.push(stage.token(role, |grant| grant.scheme = Some("elsewhere".to_owned())));
        for person in [summary.mentee, summary.mentor, summary.to_be_confirmed] {
            tokens.push(stage.token(role, |grant| {
                scheme(grant);
                grant.person = Some(person.0);
            }));
        }
        for employer in [summary.employer.0.clone(), "E10000016".to_owned()] {
            tokens.push(stage.token(role, |grant| {
                scheme(grant);
                grant.employer = Some(employer.clone());
            }));
        }
    }
    let mentee = format!("{}:Mentee:{}", demo::SCHEME, summary.mentee.0);
    let variables = json!({ "mentee": mentee });
    let mut different = std::collections::HashSet::new();
    for question in QUESTIONS {
        let none_given = stage.given();
        stage.platform.answers().set_bytes_most(0);
        let mut executed = Vec::new();
        for token in &tokens {
            executed.push(stage.ask(token, question, variables.clone()).await);
        }
        let given_before = stage.given();
        assert_eq!(
            given_before, none_given,
            "nothing is kept where there is no room"
        );
        different.extend(executed.iter().map(|(_, body)| body.clone()));
        stage.platform.answers().set_bytes_most(1 << 30);
        // Everybody at once, first to fill the memory and then to be answered from it.
        for _ in 0..3 {
            let asked = tokens
                .iter()
                .map(|token| stage.ask(token, question, variables.clone()));
            let answers = futures_util::future::join_all(asked).await;
            for (number, (answer, expected)) in answers.iter().zip(&executed).enumerate() {
                assert_eq!(answer, expected, "caller {number} asked {question}");
            }
        }
        let given = stage.given() - given_before;
        let errors = |body: &Bytes| String::from_utf8_lossy(body).contains("\"errors\"");
        let sound = executed.iter().filter(|(_, body)| !errors(body)).count();
        let of_one_scheme = question.contains("mentor-plus") || question.contains("$mentee");
        if of_one_scheme {
            assert!(
                given > 0 || sound == 0,
                "{question} was never answered from memory"
            );
        } else {
            assert_eq!(given, 0, "{question} rests on no one scheme");
        }
    }
    assert!(different.len() > 40, "{} answers", different.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_changes_the_answer_at_once() {
    let stage = Stage::opened().await;
    let coordinator = stage.token(Role::Coordinator, |_| ());
    let question = r#"{ scheme(id: "mentor-plus") { version mentees(first: 5) { totalCount } } }"#;
    for number in 10..30 {
        let before = stage.read(&coordinator, question).await;
        let given = stage.given();
        assert_eq!(stage.read(&coordinator, question).await, before);
        assert_eq!(stage.given(), given + 1);
        let command = format!(
            r#"notifyAppointment(input: {{ COMMON, employer: "E10000008", employeeNumber: "{number}", details: {{}},
                post: "director-of-childrens-services", source: COORDINATOR }}) {{ version rejection {{ code }} }}"#
        );
        let version = stage.tell(&coordinator, number, &command).await;
        assert_eq!(
            stage.platform.answers().bytes(),
            0,
            "all of it went with its state"
        );
        let after = stage.read(&coordinator, question).await;
        assert_eq!(after["scheme"]["version"], version);
        assert_ne!(after, before);
        let at_least = question.replace(
            r#""mentor-plus""#,
            &format!(r#""mentor-plus", atLeast: {version}"#),
        );
        for _ in 0..2 {
            assert_eq!(stage.read(&coordinator, &at_least).await, after);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_state_has_another_answer_on_another_day() {
    let stage = Stage::opened().await;
    let coordinator = stage.token(Role::Coordinator, |_| ());
    let question = r#"{ scheme(id: "mentor-plus") { version today } }"#;
    let before = stage.read(&coordinator, question).await;
    assert_eq!(stage.read(&coordinator, question).await, before);
    assert_eq!(stage.given(), 1);
    // A rehearsal's clock is set with a command, also with one that is only judged.
    let probe = crate::dispatch::Request {
        command_id: Uuid::from_u128(99),
        command: domain::mentor::StateCapacity {
            mentor: Uuid::from_u128(1).into(),
            capacity: 1,
        }
        .into(),
        actor: domain::Actor {
            id: Uuid::nil(),
            role: Arc::from("coordinator"),
        },
        happened_on: None,
        reported_by: None,
        channel: None,
        validate_only: true,
        correlation_id: None,
        traceparent: None,
    };
    let tomorrow = stage.platform.now("mentor-plus") + SignedDuration::from_hours(24);
    let judged = stage
        .platform
        .execute_at("mentor-plus", probe, Some(tomorrow))
        .await;
    assert!(judged.is_ok());
    let after = stage.read(&coordinator, question).await;
    assert_eq!(after["scheme"]["version"], before["scheme"]["version"]);
    assert_ne!(after["scheme"]["today"], before["scheme"]["today"]);
    assert_eq!(stage.given(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_expired_gets_nothing_though_its_answer_is_kept() {
    let stage = Stage::opened().await;
    let grant = Grant {
        subject: Uuid::from_u128(1),
        role: Role::Coordinator,
        scheme: None,
        person: None,
        employer: None,
    };
    // Good for as long as clocks are allowed to differ, and two seconds.
    let issued = outside::wall_clock() - SignedDuration::from_secs(100);
    let token = stage
        .tokens
        .mint(&grant, issued, SignedDuration::from_secs(72));
    let token = token.unwrap();
    let question = r#"{ scheme(id: "mentor-plus") { version } }"#;
    for _ in 0..2 {
        assert_eq!(
            stage.ask(&token, question, Value::Null).await.0,
            StatusCode::OK
        );
    }
    assert_eq!(stage.given(), 1);
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let (status, _) = stage.ask(&token, question, Value::Null).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(stage.platform.answers().bytes() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_mutations_and_what_rests_on_more_than_one_state_are_not_kept() {
    let stage = Stage::opened().await;
    let coordinator = stage.token(Role::Coordinator, |_| ());
    let mentee = stage.token(Role::Mentee, |_| ());
    for (token, question) in [
        (&coordinator, r#"{ scheme(id: "nowhere") { version } }"#),
        (
            &coordinator,
            r#"{ scheme(id: "mentor-plus") { version nonsense } }"#,
        ),
        (
            &coordinator,
            r#"{ scheme(id: "mentor-plus", atLeast: "x") { version } }"#,
        ),
        (
            &coordinator,
            r#"{ a: scheme(id: "mentor-plus") { version } b: schemes { id } }"#,
        ),
        (
            &coordinator,
            r#"{ a: scheme(id: "mentor-plus") { version } b: scheme(id: "x") { version } }"#,
        ),
        (&coordinator, "{ viewer { roles } }"),
        (
            &mentee,
            r#"{ scheme(id: "mentor-plus") { dashboard { version } } }"#,
        ),
    ] {
        for _ in 0..2 {
            stage.ask(token, question, Value::Null).await;
        }
        assert_eq!(stage.platform.answers().bytes(), 0, "{question} was kept");
    }
    let mutation = r#"mutation { recordInduction(input: { scheme: "mentor-plus", commandId: "00000000-0000-0000-0000-0000000000ff",
        mentor: "00000000-0000-0000-0000-000000000001" }) { version rejection { code } } }"#;
    stage.ask(&coordinator, mutation, Value::Null).await;
    assert_eq!(stage.platform.answers().bytes(), 0);
    assert_eq!(stage.given(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_again_was_written_down_for_that_very_reader() {
    let stage = Stage::opened().await;
    let coordinator = stage.token(Role::Coordinator, |_| ());
    let invite = r#"inviteMentor(input: { COMMON, details: { name: "Ben" }, experience: { status: SERVING, yearsInPost: 5 } })
        { version rejection { code } }"#;
    stage.tell(&coordinator, 10, invite).await;
    let mentors = r#"{ scheme(id: "mentor-plus") { mentors { edges { node { id } } } } }"#;
    let mentors = stage.read(&coordinator, mentors).await;
    let mentor = &mentors["scheme"]["mentors"]["edges"][0]["node"]["id"];
    let register = format!(
        r#"registerMentor(input: {{ COMMON, mentor: {mentor}, portrait: {{ background: "b" }} }}) {{ version rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, 11, &register).await;
    let question = r#"{ scheme(id: "mentor-plus") { mentors { edges { node { penPortrait { background { value } } } } } } }"#;
    let deputy = stage.token(Role::Coordinator, |grant| {
        grant.subject = Uuid::from_u128(77);
    });
    let entries = async || {
        let operations = stage.platform.operations("mentor-plus").await.unwrap();
        operations.latest_of_kind("read").len()
    };
    let given = stage.given();
    for (token, written) in [(&coordinator, 1), (&deputy, 2)] {
        for _ in 0..3 {
            let answer = stage.read(token, question).await.to_string();
            assert!(answer.contains(r#"{"value":"b"}"#), "{answer}");
            assert_eq!(entries().await, written);
        }
    }
    assert_eq!(stage.given(), given + 4);
}

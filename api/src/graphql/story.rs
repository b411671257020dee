//! One mentoring, asked and told through the schema by everybody who has a part in it.

use super::{Schema, Services, TraceContext, equip, schema};
use crate::{
    dispatch::{Options, Platform},
    identity::{Caller, Role, access::Matrix},
    outside,
    telemetry::Metrics,
};
use event_log::Kind;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

const LEEDS: &str = "E08000035";

struct Stage {
    schema: Schema,
    commands: AtomicU64,
    _data: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut options = Options::new(data.path());
        options.create = Some(Kind::Rehearsal);
        let platform = Platform::open(&options, Metrics::new()).unwrap();
        let services = Services {
            platform,
            matrix: Arc::new(Matrix::embedded().unwrap()),
            wall_clock: outside::wall_clock,
        };
        Self {
            schema: schema(services),
            commands: AtomicU64::new(1),
            _data: data,
        }
    }

    /// A scheme that is ready, with a notice from Leeds.
    async fn opened() -> Self {
        let stage = Self::new();
        let administrator = caller(Role::Administrator);
        for command in [
            r#"openScheme(input: { COMMON, name: "Mentor Plus", kind: MENTORING }) { rejection { code } }"#,
            r#"adoptPolicy(input: { COMMON, shipped: "mentor-plus-2017" }) { rejection { code } }"#,
            "adoptRegister(input: { COMMON, shipped: true }) { rejection { code } }",
            "adoptCalendar(input: { COMMON, shipped: true }) { rejection { code } }",
        ] {
            stage.tell(&administrator, command).await;
        }
        stage
    }

    /// The whole answer, errors included.
    async fn ask(&self, caller: &Caller, document: &str) -> Value {
        let (request, _) = equip(document.into(), caller.clone(), TraceContext::default());
        serde_json::to_value(self.schema.execute(request).await).unwrap()
    }

    /// The data of an answer without errors.
    async fn read(&self, caller: &Caller, document: &str) -> Value {
        let mut answer = self.ask(caller, document).await;
        assert_eq!(answer.get("errors"), None, "{document}: {answer}");
        answer["data"].take()
    }

    /// The whole answer to one mutation; `COMMON` stands for what every command needs.
    async fn try_to(&self, caller: &Caller, command: &str) -> Value {
        let number = self.commands.fetch_add(1, Ordering::Relaxed);
        let id = Uuid::from_u128(u128::from(number));
        let common = format!(r#"scheme: "mentor-plus", commandId: "{id}""#);
        let document = format!("mutation {{ {} }}", command.replace("COMMON", &common));
        self.ask(caller, &document).await
    }

    /// The payload of one mutation that is accepted.
    async fn tell(&self, caller: &Caller, command: &str) -> Value {
        let mut answer = self.try_to(caller, command).await;
        assert_eq!(answer.get("errors"), None, "{command}: {answer}");
        let data = answer["data"].as_object_mut().unwrap();
        let payload = data.values_mut().next().unwrap().take();
        assert!(payload["rejection"].is_null(), "{command}: {payload}");
        payload
    }
}

fn caller(role: Role) -> Caller {
    Caller {
        actor: Uuid::from_u128(role as u128),
        role,
        scheme: Some("mentor-plus".to_owned()),
        person: None,
        employer: None,
        expires_at: "2099-01-01T00:00:00Z".parse().unwrap(),
    }
}

fn person(role: Role, id: &str) -> Caller {
    Caller {
        person: id.rsplit(':').next().unwrap().parse().ok(),
        ..caller(role)
    }
}

fn employer(code: &str) -> Caller {
    Caller {
        employer: Some(code.to_owned()),
        ..caller(Role::Employer)
    }
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or("none")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

const NOTICE: &str = r#"notifyAppointment(input: { COMMON, employer: "E08000035", employeeNumber: "77",
    details: { name: "Ada", email: "ada@example.org" }, post: "DCS", basis: SUBSTANTIVE, firstPost: YES })
    { rejection { code } appointment { id verdict employer { state } mentee { id } } }"#;

const FIRST_MENTEE: &str = r#"{ scheme(id: "mentor-plus") { mentees { edges { node { id name { state value } stage } } } } }"#;

#[tokio::test]
async fn a_refused_field_is_null_beside_its_error_and_the_rest_is_answered() {
    let stage = Stage::opened().await;
    let answer = stage
        .ask(
            &employer(LEEDS),
            r#"{ scheme(id: "mentor-plus") { name mentees { totalCount } position } }"#,
        )
        .await;
    let wanted = json!({ "name": "Mentor Plus", "mentees": null, "position": null });
    assert_eq!(answer["data"]["scheme"], wanted);
    assert_eq!(answer["errors"][0]["path"], json!(["scheme", "mentees"]));
    assert_eq!(code(&answer), "forbidden");
}

#[tokio::test]
async fn a_token_for_another_scheme_learns_nothing_of_this_one() {
    let stage = Stage::opened().await;
    let stranger = Caller {
        scheme: Some("elsewhere".to_owned()),
        ..caller(Role::Coordinator)
    };
    let known = stage
        .ask(&stranger, r#"{ scheme(id: "mentor-plus") { id } }"#)
        .await;
    let unknown = stage
        .ask(&stranger, r#"{ scheme(id: "no-such") { id } }"#)
        .await;
    assert_eq!(known, unknown);
    assert_eq!(code(&known), "forbidden");
    let anywhere = Caller {
        scheme: None,
        ..caller(Role::Coordinator)
    };
    let answer = stage
        .ask(&anywhere, r#"{ scheme(id: "no-such") { id } }"#)
        .await;
    assert_eq!(code(&answer), "not_found");
}

#[tokio::test]
async fn an_employer_is_told_verdict_and_category_of_its_own_people_and_nothing_of_take_up() {
    let stage = Stage::opened().await;
    let leeds = employer(LEEDS);
    let told = stage.tell(&leeds, NOTICE).await;
    assert_eq!(told["appointment"]["verdict"], "ELIGIBLE");
    assert_eq!(told["appointment"]["employer"]["state"], "GIVEN");
    assert_eq!(told["appointment"]["mentee"], Value::Null);

    let check = r#"{ scheme(id: "mentor-plus") { entitlement(employer: "E08000035", employeeNumber: "77")
        { verdict category offer granted used left until lines { type } because { totalCount } mentee { id } } } }"#;
    let entitlement = stage.read(&leeds, check).await["scheme"]["entitlement"].take();
    let wanted = json!({ "verdict": "ELIGIBLE", "category": "first-post", "offer": null, "granted": null,
        "used": null, "left": null, "until": null, "lines": null, "because": null, "mentee": null });
    assert_eq!(entitlement, wanted);
    let appointment = text(&told["appointment"]["id"]);
    let by_id = format!(r#"{{ node(id: "{appointment}") {{ id }} }}"#);
    let bradford = employer("E08000032");
    assert_eq!(code(&stage.ask(&bradford, check).await), "forbidden");
    assert_eq!(stage.read(&bradford, &by_id).await["node"], Value::Null);
    assert_eq!(code(&stage.try_to(&bradford, NOTICE).await), "forbidden");
}

#[tokio::test]
async fn an_auditor_sees_the_board_and_the_history_without_personal_values() {
    let stage = Stage::opened().await;
    stage.tell(&employer(LEEDS), NOTICE).await;
    let auditor = caller(Role::Auditor);
    let mentees = stage.read(&auditor, FIRST_MENTEE).await;
    let mentee = &mentees["scheme"]["mentees"]["edges"][0]["node"];
    assert_eq!(mentee["name"], json!({ "state": "HIDDEN", "value": null }));
    assert_eq!(mentee["stage"], "TO_CONTACT");
    let trail = stage
        .read(
            &auditor,
            r#"{ scheme(id: "mentor-plus") { auditTrail(last: 2) { totalCount pageInfo { hasPreviousPage startCursor }
                edges { node { type actor { role } sealed { erased bytes } } } } } }"#,
        )
        .await;
    let trail = &trail["scheme"]["auditTrail"];
    assert_eq!(trail["totalCount"], 6);
    let edges = &trail["edges"];
    assert_eq!(edges[0]["node"]["type"], "appointment.notified");
    assert_eq!(edges[0]["node"]["actor"]["role"], "employer");
    assert_eq!(edges[0]["node"]["sealed"][0]["erased"], false);
    let before = text(&trail["pageInfo"]["startCursor"]);
    let page = format!(
        r#"{{ scheme(id: "mentor-plus") {{ auditTrail(last: 100, before: "{before}") {{
            pageInfo {{ hasNextPage hasPreviousPage }} edges {{ node {{ position }} }} }} }} }}"#
    );
    let page = stage.read(&auditor, &page).await;
    let page = &page["scheme"]["auditTrail"];
    assert_eq!(
        page["pageInfo"],
        json!({ "hasNextPage": true, "hasPreviousPage": false })
    );
    assert_eq!(page["edges"][3]["node"]["position"], "4");
}

/// Everything up to a match the mentee may answer: mentee, mentor, match.
async fn matched(stage: &Stage) -> (String, String, String) {
    let coordinator = caller(Role::Coordinator);
    stage.tell(&employer(LEEDS), NOTICE).await;
    let mentees = stage.read(&coordinator, FIRST_MENTEE).await;
    let mentee = text(&mentees["scheme"]["mentees"]["edges"][0]["node"]["id"]);
    let invited = stage
        .tell(
            &coordinator,
            r#"inviteMentor(input: { COMMON, details: { name: "Ben" }, experience: { status: SERVING, yearsInPost: 5 } })
            { rejection { code } mentor { id } }"#,
        )
        .await;
    let mentor = text(&invited["mentor"]["id"]);
    let portrait = r#"{ background: "b", expertise: ["x"], councilTypes: [COUNTY] }"#;
    let ben = person(Role::Mentor, &mentor);
    for command in [
        format!(
            r#"registerMentor(input: {{ COMMON, mentor: "{mentor}", portrait: {portrait} }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"approvePenPortrait(input: {{ COMMON, mentor: "{mentor}" }}) {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&ben, &command).await;
    }
    for command in [
        format!(
            r#"recordContact(input: {{ COMMON, mentee: "{mentee}", outcome: REACHED, channel: TELEPHONE }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"offerMentoring(input: {{ COMMON, mentee: "{mentee}" }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"acceptMentoring(input: {{ COMMON, mentee: "{mentee}", reportedBy: {{ party: MENTEE }} }}) {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&coordinator, &command).await;
    }
    let offer = format!(
        r#"offerMatches(input: {{ COMMON, mentee: "{mentee}", mentors: ["{mentor}"] }}) {{ rejection {{ code }} matches {{ id }} }}"#
    );
    let offered = stage.tell(&coordinator, &offer).await;
    (mentee, mentor, text(&offered["matches"][0]["id"]))
}

#[tokio::test]
async fn a_decline_looks_to_the_other_side_like_anything_else() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    // Before a pairing the pen portrait is shown, and the name is not.
    let choice = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ mentor {{ name {{ state }} capacity penPortrait {{ background {{ value }} }} }} }} }} }}"#
    );
    let wanted = json!({ "name": { "state": "HIDDEN" }, "capacity": null, "penPortrait": { "background": { "value": "b" } } });
    assert_eq!(stage.read(&ada, &choice).await["node"]["mentor"], wanted);

    let accept = format!(
        r#"acceptMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} match {{ progress }} }}"#
    );
    let for_mentor = accept.replace("}) {", ", side: MENTOR }) {");
    assert_eq!(code(&stage.try_to(&ada, &for_mentor).await), "forbidden");
    stage.tell(&ada, &accept).await;
    let decline = accept.replace("acceptMatch", "declineMatch");
    assert_eq!(
        stage.tell(&ben, &decline).await["match"]["progress"],
        "NOT_GOING_AHEAD"
    );

    let how = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ progress ending mentorAgreedOn }} }} }}"#
    );
    let hidden = json!({ "progress": "NOT_GOING_AHEAD", "ending": null, "mentorAgreedOn": null });
    assert_eq!(stage.read(&ada, &how).await["node"], hidden);
    let shown = stage.read(&caller(Role::Coordinator), &how).await;
    assert_eq!(shown["node"]["ending"], "DECLINED_BY_MENTOR");
}

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
async fn the_history_is_followed_without_a_gap_and_only_by_those_who_may() {
    let stage = Stage::opened().await;
    let follow =
        r#"subscription { auditTrail(scheme: "mentor-plus") { cursor node { type position } } }"#;
    let request = |role| equip(follow.into(), caller(role), TraceContext::default()).0;
    let mut refused = stage.schema.execute_stream(request(Role::Mentor));
    let refused = serde_json::to_value(refused.next().await.unwrap()).unwrap();
    assert_eq!(code(&refused), "forbidden");

    let mut followed = stage.schema.execute_stream(request(Role::Auditor));
    let told = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        stage.tell(&employer(LEEDS), NOTICE).await;
    };
    let first = async {
        let mut entries = Vec::new();
        for _ in 0..2 {
            let answer = serde_json::to_value(followed.next().await.unwrap()).unwrap();
            entries.push(text(&answer["data"]["auditTrail"]["node"]["position"]));
        }
        entries
    };
    let (entries, ()) = tokio::join!(first, told);
    assert_eq!(entries, ["5", "6"]);
}

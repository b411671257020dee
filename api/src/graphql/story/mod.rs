//! One mentoring, asked and told through the schema by everybody who has a part in it.

mod arrangement;
mod audit_trail;
mod commands;
mod confidence;
mod consent;
mod development;
mod directory;
mod employers_auditor;
mod erasure;
mod existence;
mod history;
mod life_of_a_pairing;
mod measures;
mod moments;
mod needs;
mod not_going_ahead;
mod periods;
mod posts;
mod sensitive_reads;
mod what_belongs_to_a_pair;
mod who_sees_what;
mod whole_matrix;
mod work_list;

use super::{Schema, Services, TraceContext, equip, schema};
use crate::{
    dispatch::{Options, Platform},
    identity::{Caller, Role, access::Matrix},
    outside,
    telemetry::Metrics,
};
use async_graphql::Executor as _;
use event_log::Kind;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

const LEEDS: &str = "E08000035";
const BRADFORD: &str = "E08000032";

struct Stage {
    schema: Schema,
    platform: Platform,
    commands: AtomicU64,
    _data: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self::on(None)
    }

    /// On another disk than the real one, where one is given.
    fn on(disk: Option<Arc<dyn event_log::disk::Disk>>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut options = Options::new(data.path());
        options.create = Some(Kind::Rehearsal);
        options.disk = disk;
        let platform = Platform::open(&options, Metrics::new()).unwrap();
        let matrix = Arc::new(Matrix::embedded().unwrap());
        let services = Services::new(platform.clone(), matrix, outside::wall_clock);
        Self {
            schema: schema(services),
            platform,
            commands: AtomicU64::new(1),
            _data: data,
        }
    }

    /// A scheme that is ready, with a notice from Leeds.
    async fn opened() -> Self {
        Self::new().open().await
    }

    async fn open(self) -> Self {
        let administrator = caller(Role::Administrator);
        for command in [
            r#"openScheme(input: { COMMON, name: "Mentor Plus", kind: MENTORING }) { rejection { code } }"#,
            r#"adoptPolicy(input: { COMMON, shipped: "mentor-plus-2017" }) { rejection { code } }"#,
            "adoptRegister(input: { COMMON, shipped: true }) { rejection { code } }",
            "adoptCalendar(input: { COMMON, shipped: true }) { rejection { code } }",
        ] {
            self.tell(&administrator, command).await;
        }
        self
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
        by_list: false,
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

/// Everything up to a pairing, with mentoring that began on the day: mentee, mentor, pairing.
async fn paired(stage: &Stage) -> (String, String, String) {
    let (mentee, mentor, offered) = matched(stage).await;
    let coordinator = caller(Role::Coordinator);
    for side in ["MENTEE", "MENTOR"] {
        let accept = format!(
            r#"acceptMatch(input: {{ COMMON, match: "{offered}", side: {side} }}) {{ rejection {{ code }} }}"#
        );
        stage.tell(&coordinator, &accept).await;
    }
    let form = format!(
        r#"formPairing(input: {{ COMMON, matches: ["{offered}"] }}) {{ rejection {{ code }} pairing {{ id }} }}"#
    );
    let pairing = text(&stage.tell(&coordinator, &form).await["pairing"]["id"]);
    (mentee, mentor, pairing)
}

/// A pairing, and the two in it: Ada is mentored by Ben.
struct Pair {
    stage: Stage,
    mentee: String,
    mentor: String,
    pairing: String,
}

impl Pair {
    async fn formed() -> Self {
        Self::formed_at(Stage::opened().await).await
    }

    async fn formed_at(stage: Stage) -> Self {
        let (mentee, mentor, pairing) = paired(&stage).await;
        Self {
            stage,
            mentee,
            mentor,
            pairing,
        }
    }

    fn ada(&self) -> Caller {
        person(Role::Mentee, &self.mentee)
    }

    fn ben(&self) -> Caller {
        person(Role::Mentor, &self.mentor)
    }
}

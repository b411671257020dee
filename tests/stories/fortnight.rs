//! A coordinator's fortnight, over HTTP alone and in the words of those who ring: three appointments, one of them
//! perhaps no first post, a mentor who says no, one who never answers, a pairing that breaks down. Nobody but the coordinator and
//! the councils' systems ever logs in.

use crate::harness::{open_platform, post, token};
use api::{
    dispatch::{Options, Platform, Request},
    server::Server,
    telemetry::Metrics,
};
use domain::{Actor, adoption::AdoptCalendar};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{cell::Cell, path::Path, sync::Arc};
use tokio::runtime::Runtime;
use uuid::Uuid;

const SCHEME: &str = "mentor-plus";
const LEEDS: &str = "E08000035";
const BRADFORD: &str = "E08000032";
const DEVON: &str = "E10000008";

/// The coordinator's desk: a service on a rehearsal's clock, and a telephone.
pub struct Desk {
    runtime: Runtime,
    platform: Platform,
    pub url: String,
    pub coordinator: String,
    commands: Cell<u128>,
    folder: tempfile::TempDir,
}

/// Who rang.
#[derive(Clone, Copy)]
pub enum Rang {
    Mentee,
    Mentor,
    /// Nobody: the coordinator's own act.
    Nobody,
}

impl Desk {
    /// An empty scheme that is ready, on the morning of 2 March 2026.
    pub fn opened() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let runtime = Runtime::new().expect("threads");
        let mut options = Options::new(&data);
        options.create = Some(event_log::Kind::Rehearsal);
        options.anchor = at("2026-03-02T08:00:00Z");
        let (platform, url) = runtime.block_on(async {
            let metrics = Metrics::new();
            let platform = open_platform(&options, &metrics).expect("it opens");
            let address = ([127, 0, 0, 1], 0).into();
            let server = Server::bind(address, platform.clone(), metrics).await;
            let server = server.expect("it listens");
            let url = server.url();
            tokio::spawn(server.run(std::future::pending()));
            (platform, url)
        });
        let desk = Self {
            runtime,
            platform,
            url,
            coordinator: token(&data, &["--role", "coordinator"]),
            commands: Cell::new(1),
            folder,
        };
        let administrator = token(&data, &["--role", "administrator"]);
        for (command, fields) in [
            ("openScheme", r#"name: "Mentor Plus", kind: MENTORING"#),
            ("adoptPolicy", r#"shipped: "mentor-plus-2017""#),
            ("adoptRegister", "shipped: true"),
            ("adoptCalendar", "shipped: true"),
        ] {
            desk.command(&administrator, command, fields, "version");
        }
        desk
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// It becomes that morning. What fell due meanwhile falls due now.
    fn morning(&self, day: &str) {
        let calendar = AdoptCalendar {
            calendar: domain::shipped::calendar(),
        };
        let request = Request {
            command_id: self.next(),
            command: calendar.into(),
            actor: Actor {
                id: Uuid::nil(),
                role: Arc::from("administrator"),
            },
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: true,
            correlation_id: None,
            traceparent: None,
        };
        let instant = at(&format!("{day}T08:30:00Z"));
        let passed =
            self.runtime
                .block_on(self.platform.execute_at(SCHEME, request, Some(instant)));
        passed.expect("time passes");
    }

    fn next(&self) -> Uuid {
        let number = self.commands.replace(self.commands.get() + 1);
        Uuid::from_u128(number | 0x4000_8000 << 64)
    }

    fn graphql(&self, token: &str, document: &str) -> Value {
        let body = json!({ "query": document }).to_string();
        let headers = [("content-type", "application/json")];
        let answer = post(&self.url, "/graphql", token, &headers, &body);
        assert!(
            answer.body["errors"].is_null(),
            "{document}\n{:#}",
            answer.body
        );
        answer.body["data"].clone()
    }

    /// Reads fields of the scheme, as the coordinator.
    pub fn ask(&self, fields: &str) -> Value {
        let document = format!("{{ scheme(id: \"{SCHEME}\") {{ {fields} }} }}");
        self.graphql(&self.coordinator, &document)["scheme"].clone()
    }

    /// A command that is accepted; what it answers.
    #[track_caller]
    fn command(&self, token: &str, name: &str, fields: &str, select: &str) -> Value {
        let id = self.next();
        let document = format!(
            "mutation {{ {name}(input: {{ scheme: \"{SCHEME}\", commandId: \"{id}\", {fields} }}) {{ rejection {{ code message }} {select} }} }}"
        );
        let answer = self.graphql(token, &document)[name].clone();
        assert!(answer["rejection"].is_null(), "{document}\n{answer:#}");
        answer
    }

    /// What somebody told by telephone.
    #[track_caller]
    pub fn told(&self, who: Rang, name: &str, fields: &str, select: &str) -> Value {
        let reported = match who {
            Rang::Mentee => "channel: TELEPHONE, reportedBy: { party: MENTEE },",
            Rang::Mentor => "channel: TELEPHONE, reportedBy: { party: MENTOR },",
            Rang::Nobody => "channel: TELEPHONE,",
        };
        self.command(
            &self.coordinator,
            name,
            &format!("{reported} {fields}"),
            select,
        )
    }

    /// A council's system pushes a notice; who it is about.
    pub fn notice(&self, council: &str, number: &str, more: &str) -> (Value, String) {
        let system = token(&self.data(), &["--role", "employer", "--employer", council]);
        let body = format!(
            r#"{{"employer":"{council}","employeeNumber":"{number}","name":"Director {number}","post":"Director of Children's Services",{more}}}"#
        );
        let path = format!("/v1/schemes/{SCHEME}/appointments");
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", number),
        ];
        let first = post(&self.url, &path, &system, &headers, &body);
        assert_eq!(first.status, 201, "{:#}", first.body);
        let again = post(&self.url, &path, &system, &headers, &body);
        assert_eq!(again.body, first.body, "a retry is no second notice");
        // On the coordinator's screen somebody new has appeared.
        let name = format!("Director {number}");
        let found = self.ask(
            "mentees(first: 100) { edges { node { id name { value } appointments { id verdict missing } } } }",
        );
        let edges = found["mentees"]["edges"].as_array().expect("mentees");
        let named = |edge: &&Value| edge["node"]["name"]["value"] == name.as_str();
        let mentee = &edges.iter().find(named).expect("on the screen")["node"];
        (mentee["appointments"][0].clone(), text(&mentee["id"]))
    }

    /// A mentor who is ready: invited, registered, with an approved pen portrait.
    fn mentor(&self, name: &str, council: &str) -> String {
        let fields = format!(
            r#"details: {{ name: "{name}" }}, employer: "{council}", experience: {{ status: SERVING, yearsInPost: 6 }}"#
        );
        let invited = self.command(&self.coordinator, "inviteMentor", &fields, "mentor { id }");
        let mentor = text(&invited["mentor"]["id"]);
        let portrait = r#"background: "Social work", councilTypes: [COUNTY], expertise: ["Improvement"], spanOfResponsibility: "Children and adults", specialInterests: ["Care leavers"], challenges: "A service turned round""#;
        let register = format!(r#"mentor: "{mentor}", portrait: {{ {portrait} }}"#);
        self.told(Rang::Mentor, "registerMentor", &register, "version");
        let approve = format!(r#"mentor: "{mentor}""#);
        self.told(Rang::Mentor, "approvePenPortrait", &approve, "version");
        mentor
    }

    /// The first call, and a yes.
    fn rings_and_offers(&self, mentee: &str) {
        let it = format!(r#"mentee: "{mentee}""#);
        self.told(
            Rang::Nobody,
            "recordContact",
            &format!("{it}, outcome: REACHED"),
            "version",
        );
        self.told(Rang::Nobody, "offerMentoring", &it, "version");
    }

    fn accepts(&self, mentee: &str) {
        let it = format!(r#"mentee: "{mentee}", elements: [SESSIONS]"#);
        self.told(Rang::Mentee, "acceptMentoring", &it, "version");
    }

    /// Sends the pen portraits of these mentors; the matches, in their order.
    fn offers(&self, mentee: &str, mentors: &[&str]) -> Vec<String> {
        let mentors_listed = json!(mentors).to_string();
        let fields = format!(r#"mentee: "{mentee}", mentors: {mentors_listed}"#);
        let offered = self.told(
            Rang::Nobody,
            "offerMatches",
            &fields,
            "matches { id mentor { id } }",
        );
        let matches = offered["matches"].as_array().expect("matches");
        let of = |mentor: &&str| {
            let found = matches
                .iter()
                .find(|found| found["mentor"]["id"] == **mentor);
            text(&found.expect("offered")["id"])
        };
        mentors.iter().map(of).collect()
    }

    /// Both say yes, and the pairing is formed.
    fn paired(&self, of: &str) -> String {
        for (who, side) in [(Rang::Mentee, "MENTEE"), (Rang::Mentor, "MENTOR")] {
            let fields = format!(r#"match: "{of}", side: {side}"#);
            self.told(who, "acceptMatch", &fields, "version");
        }
        let fields = format!(r#"matches: ["{of}"]"#);
        let formed = self.command(&self.coordinator, "formPairing", &fields, "pairing { id }");
        text(&formed["pairing"]["id"])
    }

    /// Where a mentee is.
    pub fn stage(&self, mentee: &str) -> String {
        let found = self.ask(&format!(r#"mentee(id: "{mentee}") {{ stage }}"#));
        text(&found["mentee"]["stage"])
    }

    fn progress(&self, of: &str) -> (String, Value) {
        let found = self.ask(&format!(r#"match(id: "{of}") {{ progress ending }}"#));
        (
            text(&found["match"]["progress"]),
            found["match"]["ending"].clone(),
        )
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

fn at(instant: &str) -> Timestamp {
    instant.parse().expect("an instant")
}

/// R063, R067, R072, R073, R077, R078, R089, R090, R105, R107, R108.
#[test]
fn a_fortnight_by_telephone() {
    let desk = Desk::opened();
    let [ada, ben, cleo, dan] = [
        desk.mentor("Ada", "E10000016"),
        desk.mentor("Ben", "E10000014"),
        desk.mentor("Cleo", "E06000023"),
        desk.mentor("Dan", "E08000025"),
    ];

    // Monday: three notices. One does not say whether it is a first post.
    let (leeds, anna) = desk.notice(
        LEEDS,
        "L1",
        r#""basis":"substantive","startsOn":"2026-04-01","firstPost":"yes""#,
    );
    assert_eq!(leeds["verdict"], "ELIGIBLE");
    let (bradford, bela) = desk.notice(
        BRADFORD,
        "B1",
        r#""basis":"substantive","startsOn":"2026-03-23""#,
    );
    assert_eq!(bradford["verdict"], "TO_BE_CONFIRMED");
    assert_eq!(bradford["missing"], json!(["firstPost"]));
    let (devon, carl) = desk.notice(
        DEVON,
        "D1",
        r#""basis":"acting-up","startsOn":"2026-03-09","expectedMonths":9"#,
    );
    assert_eq!(devon["verdict"], "ELIGIBLE");

    // Tuesday: the coordinator rings all three. One is out, one puts the record right.
    desk.morning("2026-03-03");
    let out = format!(r#"mentee: "{carl}", outcome: NO_ANSWER"#);
    desk.told(Rang::Nobody, "recordContact", &out, "version");
    let confirmed = format!(
        r#"appointment: "{}", firstPost: YES"#,
        text(&bradford["id"])
    );
    let confirmed = desk.told(
        Rang::Mentee,
        "confirmFacts",
        &confirmed,
        "appointment { verdict }",
    );
    assert_eq!(confirmed["appointment"]["verdict"], "ELIGIBLE");
    desk.rings_and_offers(&anna);
    desk.rings_and_offers(&bela);
    desk.accepts(&anna);
    desk.accepts(&bela);
    let annas = desk.offers(&anna, &[&ada, &ben]);
    let belas = desk.offers(&bela, &[&dan]);

    // Thursday: Ben says no and gives no reason; Ada and Anna say yes. Carl is reached.
    desk.morning("2026-03-05");
    let no = format!(r#"match: "{}", side: MENTOR"#, annas[1]);
    desk.told(Rang::Mentor, "declineMatch", &no, "version");
    let first = desk.paired(&annas[0]);
    desk.rings_and_offers(&carl);
    assert_eq!(desk.stage(&anna), "PAIRED");
    assert_eq!(desk.stage(&carl), "OFFERED");

    // The second week: a session, told a day late; then Anna rings: it does not work.
    desk.morning("2026-03-10");
    let held = format!(r#"pairing: "{first}", countedBy: MENTEE, happenedOn: "2026-03-09""#);
    desk.told(Rang::Mentee, "recordSession", &held, "version");
    desk.morning("2026-03-12");
    let broken = format!(r#"pairing: "{first}", cause: INCOMPATIBILITY"#);
    desk.told(Rang::Mentee, "breakPairing", &broken, "version");
    assert_eq!(desk.stage(&anna), "BROKEN_DOWN");
    let judged =
        format!(r#"pairing: "{first}", judgement: REPLACE, judgedBy: [MENTEE, COORDINATOR]"#);
    desk.told(Rang::Mentee, "judgeReplacement", &judged, "version");

    // The last day for Dan's answer passes without one; nobody had to do anything for that.
    desk.morning("2026-03-17");
    assert_eq!(
        desk.progress(&belas[0]).0,
        "OPEN",
        "the last day counts whole"
    );
    desk.morning("2026-03-18");
    assert_eq!(
        desk.progress(&belas[0]),
        ("NOT_GOING_AHEAD".into(), json!("LAPSED"))
    );
    assert_eq!(desk.stage(&bela), "TO_MATCH");
    let again = desk.offers(&anna, &[&cleo]);
    let second = desk.paired(&again[0]);

    // What is left carries over, and the record says of everything by whom it was told.
    let found = desk.ask(&format!(
        r#"entitlement(person: "{anna}") {{ granted used left pausedSince }} pairing(id: "{second}") {{ replaces {{ id }} }}"#
    ));
    assert_eq!(
        found["entitlement"],
        json!({ "granted": 4, "used": 1, "left": 3, "pausedSince": null })
    );
    assert_eq!(found["pairing"]["replaces"]["id"], first.as_str());
    told_by_telephone(&desk);
    verified(&desk.data(), &desk.platform, &desk.runtime);
}

/// Every act of the pair stands in the trail as told by one of them, by telephone.
fn told_by_telephone(desk: &Desk) {
    let types = r#"["mentoring.accepted", "match.accepted", "match.declined", "session.held", "pairing.broken", "replacement.judged"]"#;
    let found = desk.ask(&format!(
        "auditTrail(first: 100, filter: {{ types: {types} }}) {{ edges {{ node {{ type channel reportedBy {{ party }} }} }} }}"
    ));
    let edges = found["auditTrail"]["edges"].as_array().expect("entries");
    assert_eq!(edges.len(), 2 + 4 + 1 + 1 + 1 + 1);
    for edge in edges {
        let node = &edge["node"];
        assert_eq!(node["channel"], "TELEPHONE", "{node}");
        assert!(
            ["MENTEE", "MENTOR"]
                .contains(&node["reportedBy"]["party"].as_str().unwrap_or_default()),
            "{node}"
        );
    }
}

/// The log of it is whole.
fn verified(data: &Path, platform: &Platform, runtime: &Runtime) {
    runtime.block_on(platform.shut_down());
    let proved = crate::harness::run(&["verify"], data);
    let said = String::from_utf8_lossy(&proved.stdout);
    assert!(proved.status.success() && said.contains("whole"), "{said}");
}

//! A small scheme in which everything is that the access matrix speaks of, and everybody who can ask.

use super::super::*;
use crate::{
    identity::token::{Grant, LocalTokens},
    server,
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::BTreeMap;
use tower::ServiceExt as _;

/// Whoever a token can be for: a person, an employer or nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A mentee, whom Ben mentors and of whom Leeds told.
    Ada,
    /// The mentor of Ada.
    Ben,
    /// A mentee who may agree to a match with Dan, and of whom Leeds told.
    Cleo,
    /// A mentor who may agree to a match with Cleo.
    Dan,
    /// A mentor to whom none of this is anything. Finn declined a match with her.
    Eve,
    /// A mentee to whom none of this is anything, of whom Bradford told.
    Finn,
    /// Nobody in particular.
    Nobody,
    /// The employer of Ada and Cleo.
    Leeds,
    /// Another employer.
    Bradford,
}

impl Who {
    pub const ALL: [Self; 9] = [
        Self::Ada,
        Self::Ben,
        Self::Cleo,
        Self::Dan,
        Self::Eve,
        Self::Finn,
        Self::Nobody,
        Self::Leeds,
        Self::Bradford,
    ];

    /// Everybody who can ask in a role. An auditor's token that names an employer is that of another role.
    pub fn all_as(role: Role) -> impl Iterator<Item = Self> {
        let is_of_another =
            move |who: &Self| role == Role::Auditor && matches!(who, Self::Leeds | Self::Bradford);
        Self::ALL.into_iter().filter(move |who| !is_of_another(who))
    }

    /// How they stand to a thing of the world, in the words of the access matrix. Said by hand: this is what the service
    /// is to find out.
    pub fn stands_to(self, thing: &str) -> &'static [&'static str] {
        match (self, thing) {
            (Self::Ada, "ada" | "appointment" | "analysis" | "profile")
            | (Self::Ada | Self::Ben, "match" | "pairing" | "concern" | "third")
            | (Self::Ben, "ben")
            | (Self::Cleo, "cleo" | "open match")
            | (Self::Dan, "dan" | "open match")
            | (Self::Eve, "eve" | "declined match")
            | (Self::Finn, "finn" | "declined match") => &["own"],
            (Self::Ada, "ben") => &["pairing", "pairing-once-approved"],
            (Self::Ben, "ada" | "appointment") => &["pairing"],
            (Self::Ben, "analysis") => &["shared", "shared-to-write"],
            (Self::Cleo, "dan") => &["match", "match-once-approved"],
            (Self::Dan, "cleo") => &["match"],
            (Self::Ada | Self::Ben, "third of office") => &["own", "office"],
            (_, "third of office") => &["office"],
            (Self::Ada | Self::Ben, "opportunity") => &["sent"],
            (Self::Leeds, "ada" | "appointment") => &["employer", "employer-once-agreed"],
            (Self::Leeds, "cleo") | (Self::Bradford, "finn") => &["employer"],
            _ => &[],
        }
    }
}

/// The scheme, its real door, and what everything in it is called.
pub struct World {
    pub stage: Stage,
    pub router: Router,
    tokens: LocalTokens,
    pub ids: BTreeMap<&'static str, String>,
}

impl World {
    pub async fn made() -> Self {
        let pair = Pair::formed().await;
        let mut ids = BTreeMap::from([
            ("ada", pair.mentee.clone()),
            ("ben", pair.mentor.clone()),
            ("pairing", pair.pairing.clone()),
        ]);
        of_the_pair(&pair, &mut ids).await;
        confidential(&pair, &mut ids).await;
        others(&pair.stage, &mut ids).await;
        public(&pair.stage, &mut ids).await;
        let platform = &pair.stage.platform;
        Self {
            router: server::router(platform, &Metrics::new()).unwrap(),
            tokens: LocalTokens::new(platform.key().clone()),
            stage: pair.stage,
            ids,
        }
    }

    pub fn id(&self, thing: &str) -> &str {
        self.ids
            .get(thing)
            .unwrap_or_else(|| panic!("the world has no `{thing}`"))
    }

    pub fn token(&self, role: Role, who: Who) -> String {
        let name = format!("{who:?}").to_lowercase();
        let person = self.ids.get(name.as_str());
        let grant = Grant {
            subject: Uuid::from_u128(role as u128 * 100 + who as u128),
            role,
            scheme: Some("mentor-plus".to_owned()),
            person: person.and_then(|id| id.rsplit(':').next()?.parse().ok()),
            employer: match who {
                Who::Leeds => Some(LEEDS.to_owned()),
                Who::Bradford => Some(BRADFORD.to_owned()),
                _ => None,
            },
        };
        let hour = SignedDuration::from_hours(1);
        self.tokens
            .mint(&grant, outside::wall_clock(), hour)
            .unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> (StatusCode, Bytes) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap();
        (status, body.to_bytes())
    }

    /// The whole answer to a document, asked through the router.
    pub async fn asked(&self, token: &str, document: &str) -> Value {
        let request = Request::post("/graphql")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(json!({ "query": document }).to_string()));
        let (_, body) = self.send(request.unwrap()).await;
        serde_json::from_slice(&body).unwrap()
    }

    /// How long the history is.
    pub async fn position(&self) -> u64 {
        let snapshot = self.stage.platform.snapshot("mentor-plus").await;
        snapshot.unwrap().position()
    }
}

type Ids = BTreeMap<&'static str, String>;

/// What the two tell of themselves and of their pairing.
async fn of_the_pair(pair: &Pair, ids: &mut Ids) {
    let coordinator = caller(Role::Coordinator);
    let (mentee, mentor, pairing) = (&pair.mentee, &pair.mentor, &pair.pairing);
    let read = format!(
        r#"{{ scheme(id: "mentor-plus") {{ mentee(id: "{mentee}") {{ appointments {{ id }} matches {{ edges {{ node {{ id }} }} }} }} }} }}"#
    );
    let found = pair.stage.read(&coordinator, &read).await;
    let found = &found["scheme"]["mentee"];
    let appointment = text(&found["appointments"][0]["id"]);
    ids.insert("match", text(&found["matches"]["edges"][0]["node"]["id"]));
    for (who, command) in [
        (
            &coordinator,
            format!(
                r#"confirmFacts(input: {{ COMMON, appointment: "{appointment}", startsOn: "1970-01-01" }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(
                r#"recordPreferences(input: {{ COMMON, mentee: "{mentee}", preferences: {{ summary: "s" }} }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(
                r#"agreeMeetings(input: {{ COMMON, pairing: "{pairing}", person: "{mentee}", places: {{ times: "Fridays" }} }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(
                r#"giveConsent(input: {{ COMMON, person: "{mentee}", purpose: TAKE_UP_TO_EMPLOYER }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(
                r#"giveConsent(input: {{ COMMON, person: "{mentee}", purpose: CHARACTERISTICS }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(
                r#"agreeFoundations(input: {{ COMMON, pairing: "{pairing}", foundations: [PURPOSE] }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(
                r#"recordCheckIn(input: {{ COMMON, pairing: "{pairing}", person: "{mentee}", word: FINE }})"#
            ),
        ),
        (
            &pair.ada(),
            format!(r#"recordSession(input: {{ COMMON, pairing: "{pairing}" }})"#),
        ),
        (
            &pair.ben(),
            format!(r#"recordSession(input: {{ COMMON, pairing: "{pairing}" }})"#),
        ),
        (
            &pair.ben(),
            format!(r#"raiseDifficulty(input: {{ COMMON, pairing: "{pairing}" }})"#),
        ),
        (
            &pair.ada(),
            format!(
                r#"fileEvaluation(input: {{ COMMON, pairing: "{pairing}", person: "{mentee}", report: {{ strengths: "s" }} }})"#
            ),
        ),
        (
            &coordinator,
            format!(r#"stateCapacity(input: {{ COMMON, mentor: "{mentor}", capacity: 2 }})"#),
        ),
    ] {
        pair.stage
            .tell(who, &format!("{command} {{ rejection {{ code }} }}"))
            .await;
    }
    ids.insert("appointment", appointment);
    let arrange = format!(
        r#"arrangeSession(input: {{ COMMON, pairing: "{pairing}", person: "{mentee}", startsAt: "1970-03-02T10:00" }}) {{ rejection {{ code }} session {{ id }} }}"#
    );
    let arranged = pair.stage.tell(&pair.ada(), &arrange).await;
    ids.insert("session", text(&arranged["session"]["id"]));
    let read = format!(
        r#"{{ scheme(id: "mentor-plus") {{ pairing(id: "{pairing}") {{ sessionEntries {{ entry countedBy }} }} }} }}"#
    );
    let entries = pair.stage.read(&coordinator, &read).await;
    for entry in entries["scheme"]["pairing"]["sessionEntries"]
        .as_array()
        .unwrap()
    {
        let name = if entry["countedBy"] == "MENTEE" {
            "entry of mentee"
        } else {
            "entry of mentor"
        };
        ids.insert(name, text(&entry["entry"]));
    }
}

/// What is confidential, and needs.
async fn confidential(pair: &Pair, ids: &mut Ids) {
    let (mentee, mentor, pairing) = (&pair.mentee, &pair.mentor, &pair.pairing);
    let coordinator = caller(Role::Coordinator);
    let begin = format!(
        r#"beginNeedsAnalysis(input: {{ COMMON, mentee: "{mentee}", tables: {{ knowledge: [{{ field: COUNCIL_STRATEGY, gap: FIVE }}] }} }}) {{ rejection {{ code }} analysis {{ id }} }}"#
    );
    let analysis = text(&pair.stage.tell(&pair.ada(), &begin).await["analysis"]["id"]);
    let share = format!(
        r#"shareNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}", pairing: "{pairing}", access: WRITE }}) {{ rejection {{ code }} }}"#
    );
    pair.stage.tell(&pair.ada(), &share).await;
    ids.insert("analysis", analysis);
    let agree = |name: &str, beside: &str| {
        format!(
            r#"agreeThirdPerson(input: {{ COMMON, pairing: "{pairing}", person: "{mentee}", name: "{name}", purpose: ADVICE {beside} }}) {{ rejection {{ code }} thirdPerson {{ id }} }}"#
        )
    };
    for (who, command, object, thing) in [
        (
            &coordinator,
            format!(
                r#"writeNeedsProfile(input: {{ COMMON, mentee: "{mentee}", needs: ["Finance"] }}) {{ rejection {{ code }} profile {{ id }} }}"#
            ),
            "profile",
            "profile",
        ),
        (
            &pair.ben(),
            format!(
                r#"referConcern(input: {{ COMMON, pairing: "{pairing}", mentor: "{mentor}", mentee: "{mentee}" }}) {{ rejection {{ code }} concern {{ id }} }}"#
            ),
            "concern",
            "concern",
        ),
        (&pair.ada(), agree("Jo Field", ""), "thirdPerson", "third"),
    ] {
        let told = pair.stage.tell(who, &command).await;
        ids.insert(thing, text(&told[object]["id"]));
    }
    let on_their_word = format!(r#", reportedBy: {{ party: MENTEE, person: "{mentee}" }}"#);
    let told = pair
        .stage
        .tell(&coordinator, &agree("Kim Hill", &on_their_word))
        .await;
    // The coordinator is not told of it in the answer where the office is not to know: find it as the mentee does.
    assert!(told["rejection"].is_null());
    let read = format!(
        r#"{{ scheme(id: "mentor-plus") {{ pairing(id: "{pairing}") {{ thirdPersons {{ id }} }} }} }}"#
    );
    let all = pair.stage.read(&pair.ada(), &read).await;
    let all = all["scheme"]["pairing"]["thirdPersons"].as_array().unwrap();
    let other = all.iter().map(|third| text(&third["id"]));
    let other = other.into_iter().find(|id| *id != ids["third"]).unwrap();
    ids.insert("third of office", other);
}

/// Two more pairs: one that may still be formed, and one of whom the mentee declined.
async fn others(stage: &Stage, ids: &mut Ids) {
    let coordinator = caller(Role::Coordinator);
    for (mentee, mentor, number, council, offered) in [
        ("cleo", "dan", "78", LEEDS, "open match"),
        ("finn", "eve", "79", BRADFORD, "declined match"),
    ] {
        let notice = NOTICE
            .replace("\"77\"", &format!("\"{number}\""))
            .replace("Ada", mentee)
            .replace("ada@", &format!("{mentee}@"))
            .replace(LEEDS, council);
        let told = stage.tell(&coordinator, &notice).await;
        let mentee_id = text(&told["appointment"]["mentee"]["id"]);
        let invited = stage
            .tell(&coordinator, &format!(r#"inviteMentor(input: {{ COMMON, details: {{ name: "{mentor}" }}, experience: {{ status: SERVING, yearsInPost: 5 }} }}) {{ rejection {{ code }} mentor {{ id }} }}"#))
            .await;
        let mentor_id = text(&invited["mentor"]["id"]);
        for command in [
            format!(
                r#"registerMentor(input: {{ COMMON, mentor: "{mentor_id}", portrait: {{ background: "b", expertise: ["x"], councilTypes: [COUNTY] }} }})"#
            ),
            format!(r#"approvePenPortrait(input: {{ COMMON, mentor: "{mentor_id}" }})"#),
            format!(
                r#"recordContact(input: {{ COMMON, mentee: "{mentee_id}", outcome: REACHED, channel: TELEPHONE }})"#
            ),
            format!(r#"offerMentoring(input: {{ COMMON, mentee: "{mentee_id}" }})"#),
            format!(
                r#"acceptMentoring(input: {{ COMMON, mentee: "{mentee_id}", reportedBy: {{ party: MENTEE }} }})"#
            ),
        ] {
            stage
                .tell(
                    &coordinator,
                    &format!("{command} {{ rejection {{ code }} }}"),
                )
                .await;
        }
        let offer = format!(
            r#"offerMatches(input: {{ COMMON, mentee: "{mentee_id}", mentors: ["{mentor_id}"] }}) {{ rejection {{ code }} matches {{ id }} }}"#
        );
        let made = stage.tell(&coordinator, &offer).await;
        ids.insert(offered, text(&made["matches"][0]["id"]));
        ids.insert(mentee, mentee_id);
        ids.insert(mentor, mentor_id);
    }
    let decline = format!(
        r#"declineMatch(input: {{ COMMON, match: "{}" }}) {{ rejection {{ code }} }}"#,
        ids["declined match"]
    );
    let finn = person(Role::Mentee, &ids["finn"]);
    stage.tell(&finn, &decline).await;
    // Asked for and not confirmed: nobody is forgotten here.
    let forget = format!(
        r#"requestErasure(input: {{ COMMON, person: "{}", ground: PERSONS_REQUEST }}) {{ rejection {{ code }} }}"#,
        ids["finn"]
    );
    stage.tell(&finn, &forget).await;
}

/// What is nobody's, and what of it was sent.
async fn public(stage: &Stage, ids: &mut Ids) {
    let coordinator = caller(Role::Coordinator);
    for (command, object, thing) in [
        (
            r#"openCampaign(input: { COMMON, title: "Mentors wanted" })"#,
            "campaign",
            "campaign",
        ),
        (
            r#"scheduleMentorInductionSeminar(input: { COMMON, on: "1970-01-01", venue: "Leeds" })"#,
            "seminar",
            "seminar",
        ),
        (
            r#"announceDfeInductionDay(input: { COMMON, on: "1970-02-01", places: 20 })"#,
            "day",
            "day",
        ),
        (
            r#"announceDevelopment(input: { COMMON, title: "Inspection", kind: SHORT_PROGRAMME, on: "1970-06-02" })"#,
            "opportunity",
            "opportunity",
        ),
    ] {
        let command = format!("{command} {{ rejection {{ code }} {object} {{ id }} }}");
        let told = stage.tell(&coordinator, &command).await;
        ids.insert(thing, text(&told[object]["id"]));
    }
    // Picked for Ada: told to her and to her mentor, and to nobody else.
    for to in ["MENTEE", "MENTOR_OF_MENTEE"] {
        let send = format!(
            r#"sendDevelopmentNews(input: {{ COMMON, opportunity: "{}", to: {to}, pickedFor: "{}", channel: EMAIL }}) {{ rejection {{ code }} }}"#,
            ids["opportunity"], ids["ada"]
        );
        stage.tell(&coordinator, &send).await;
    }
}

//! Whatever the reason that a match is not going ahead, nobody but the coordinator can tell it from another: not by a
//! field, not by what is missing, not by a figure.
//!
//! The question asked is everything the schema lets one ask, so that a field which is added is looked at too.

use super::*;
use crate::dispatch::Request;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::BTreeMap;

/// Objects within objects that are asked for, connections and their edges not counted.
const DEPTH: usize = 4;
/// What differs because two histories are not one: ids, and where in its log something stands.
const MASKED: [&str; 8] = [
    "id",
    "version",
    "position",
    "head",
    "cursor",
    "startCursor",
    "endCursor",
    "eventId",
];

/// Why a match with Ben came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    BenDeclined,
    AdaDeclined,
    Lapsed,
    Withdrawn,
    BenResigned,
    BenIsFull,
    AdaChoseAnother,
}

/// A history in which Ada was offered Ben and Cyd, and agreed to both; Bea was offered Ben; and Ben agreed to Ada.
struct History {
    stage: Stage,
    ada: String,
    bea: String,
    ben: String,
    cyd: String,
}

impl History {
    async fn that_ended(ending: Ending) -> Self {
        let stage = Stage::opened().await;
        let (ben, cyd) = (mentor(&stage, "Ben").await, mentor(&stage, "Cyd").await);
        let (ada, bea) = (
            mentee(&stage, "Ada", "1").await,
            mentee(&stage, "Bea", "2").await,
        );
        let history = Self {
            stage,
            ada,
            bea,
            ben,
            cyd,
        };
        let of_ada = history
            .offered(&history.ada, &[&history.ben, &history.cyd])
            .await;
        let of_bea = history.offered(&history.bea, &[&history.ben]).await;
        // Both have agreed before it ends, unless that is how it ends: what each said itself, each may see.
        for (of, side, unless) in [
            (&of_ada[0], "MENTEE", Ending::AdaDeclined),
            (&of_ada[0], "MENTOR", Ending::BenDeclined),
        ] {
            let waits = matches!(ending, Ending::Lapsed | Ending::BenIsFull) && side == "MENTOR";
            if ending != unless && !waits {
                history.matching("acceptMatch", of, side).await;
            }
        }
        history.end(ending, &of_ada, &of_bea).await;
        history.weeks_pass().await;
        history
    }

    async fn end(&self, ending: Ending, of_ada: &[String], of_bea: &[String]) {
        match ending {
            Ending::BenDeclined => self.matching("declineMatch", &of_ada[0], "MENTOR").await,
            Ending::AdaDeclined => self.matching("declineMatch", &of_ada[0], "MENTEE").await,
            Ending::Lapsed => {}
            Ending::Withdrawn => {
                let of = &of_ada[0];
                self.coordinator(&format!(
                    r#"withdrawMatch(input: {{ COMMON, match: "{of}" }})"#
                ))
                .await;
            }
            Ending::BenResigned => {
                let ben = &self.ben;
                self.coordinator(&format!(
                    r#"resignAsMentor(input: {{ COMMON, mentor: "{ben}" }})"#
                ))
                .await;
            }
            Ending::BenIsFull => self.pair(&of_bea[0]).await,
            Ending::AdaChoseAnother => self.pair(&of_ada[1]).await,
        }
    }

    async fn pair(&self, of: &str) {
        self.matching("acceptMatch", of, "MENTEE").await;
        self.matching("acceptMatch", of, "MENTOR").await;
        self.coordinator(&format!(
            r#"formPairing(input: {{ COMMON, matches: ["{of}"] }})"#
        ))
        .await;
    }

    async fn offered(&self, mentee: &str, mentors: &[&str]) -> Vec<String> {
        let mentors = json!(mentors);
        let offer = format!(
            r#"offerMatches(input: {{ COMMON, mentee: "{mentee}", mentors: {mentors} }}) {{ rejection {{ code }} matches {{ id mentor {{ id }} }} }}"#
        );
        let told = self.stage.tell(&caller(Role::Coordinator), &offer).await;
        let found = told["matches"].as_array().unwrap();
        let of = |mentor: &Value| found.iter().find(|one| one["mentor"]["id"] == *mentor);
        let mentors = mentors.as_array().unwrap().iter();
        mentors
            .map(|mentor| text(&of(mentor).unwrap()["id"]))
            .collect()
    }

    async fn matching(&self, command: &str, of: &str, side: &str) {
        self.coordinator(&format!(
            r#"{command}(input: {{ COMMON, match: "{of}", side: {side} }})"#
        ))
        .await;
    }

    async fn coordinator(&self, command: &str) {
        let command = format!("{command} {{ rejection {{ code }} }}");
        self.stage.tell(&caller(Role::Coordinator), &command).await;
    }

    /// Long enough for everything that has a last day.
    async fn weeks_pass(&self) {
        let probe = Request {
            command_id: Uuid::from_u128(u128::MAX),
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
        let platform = &self.stage.platform;
        let later = platform.now("mentor-plus") + SignedDuration::from_hours(24 * 60);
        let passed = platform.execute_at("mentor-plus", probe, Some(later)).await;
        assert!(passed.is_ok());
    }

    /// Everything this caller is told when they ask for everything, each part as deep as one may ask.
    async fn told(&self, caller: &Caller, parts: &[Vec<String>]) -> Vec<Value> {
        let ids = [&self.ada, &self.bea, &self.ben, &self.cyd];
        let mut told = Vec::new();
        for deepest_first in parts {
            for document in deepest_first {
                let mut answer = self.stage.ask(caller, document).await;
                if answer["errors"][0]["message"] == "Query is too complex." {
                    continue;
                }
                assert!(answer["data"].is_object(), "{document}: {answer}");
                mask(&mut answer, &ids.map(String::as_str));
                told.push(answer);
                break;
            }
        }
        assert_eq!(
            told.len(),
            parts.len(),
            "every part can be asked for somehow"
        );
        told
    }
}

async fn mentor(stage: &Stage, name: &str) -> String {
    let coordinator = caller(Role::Coordinator);
    let invite = format!(
        r#"inviteMentor(input: {{ COMMON, details: {{ name: "{name}" }}, experience: {{ status: SERVING, yearsInPost: 5 }} }}) {{ rejection {{ code }} mentor {{ id }} }}"#
    );
    let mentor = text(&stage.tell(&coordinator, &invite).await["mentor"]["id"]);
    let portrait = r#"{ background: "b", expertise: ["x"], councilTypes: [COUNTY] }"#;
    for command in [
        format!(
            r#"registerMentor(input: {{ COMMON, mentor: "{mentor}", portrait: {portrait} }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"approvePenPortrait(input: {{ COMMON, mentor: "{mentor}" }}) {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&coordinator, &command).await;
    }
    mentor
}

async fn mentee(stage: &Stage, name: &str, number: &str) -> String {
    let coordinator = caller(Role::Coordinator);
    let notice = NOTICE
        .replace("\"77\"", &format!("{number:?}"))
        .replace("Ada", name);
    let told = stage.tell(&coordinator, &notice).await;
    let mentee = text(&told["appointment"]["mentee"]["id"]);
    for command in [
        format!(
            r#"offerMentoring(input: {{ COMMON, mentee: "{mentee}" }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"acceptMentoring(input: {{ COMMON, mentee: "{mentee}" }}) {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&coordinator, &command).await;
    }
    mentee
}

/// Puts the place of a person in the history for their id, and nothing for what stands for itself.
fn mask(value: &mut Value, people: &[&str]) {
    match value {
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                let person = people.iter().position(|id| value.as_str() == Some(*id));
                if let Some(person) = person {
                    *value = json!(person);
                } else if MASKED.contains(&name.as_str()) && !value.is_null() {
                    *value = json!("masked");
                }
                mask(value, people);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, people)),
        _ => {}
    }
}

/// The documents that ask for everything one can ask without saying of what: for each field of the scheme and of the viewer,
/// the deepest first.
async fn everything(stage: &Stage) -> Vec<Vec<String>> {
    let introspect = "{ __schema { types { name kind fields { name args { type { kind } defaultValue } type { ...T } } } } }
        fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";
    let answer = stage.read(&caller(Role::Coordinator), introspect).await;
    let types = answer["__schema"]["types"].as_array().unwrap();
    let types: BTreeMap<&str, &Value> = types
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one))
        .collect();
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (root, of) in [
        (r#"scheme(id: "mentor-plus")"#, "Scheme"),
        ("viewer", "Viewer"),
    ] {
        for depth in (1..=DEPTH).rev() {
            for (field, selected) in fields(&types, of, depth, &mut vec![]) {
                let document = format!("{{ {root} {{ {selected} }} }}");
                parts
                    .entry(format!("{of}.{field}"))
                    .or_default()
                    .push(document);
            }
        }
    }
    assert!(
        parts.len() > 20,
        "there is more to ask than {}",
        parts.len()
    );
    parts.into_values().collect()
}

/// Everything of an object that needs no argument, field by field, each type once on the way down.
fn fields<'a>(
    types: &BTreeMap<&str, &'a Value>,
    name: &'a str,
    depth: usize,
    above: &mut Vec<&'a str>,
) -> Vec<(String, String)> {
    let is_wrapping = name.ends_with("Connection") || name.ends_with("Edge") || name == "PageInfo";
    if above.contains(&name) || (depth == 0 && !is_wrapping) {
        return Vec::new();
    }
    above.push(name);
    let mut selected = Vec::new();
    for field in types[name]["fields"].as_array().into_iter().flatten() {
        let mut arguments = field["args"].as_array().unwrap().iter();
        if arguments.any(|one| one["type"]["kind"] == "NON_NULL" && one["defaultValue"].is_null()) {
            continue;
        }
        // Roots and signatures are over ciphertexts too, so they differ between any two histories and tell nothing of either.
        if (name, field["name"].as_str()) == ("Scheme", Some("log")) {
            continue;
        }
        let mut kind = &field["type"];
        while !kind["ofType"].is_null() {
            kind = &kind["ofType"];
        }
        let field = text(&field["name"]);
        match kind["kind"].as_str().unwrap() {
            "OBJECT" => {
                let of = kind["name"].as_str().unwrap();
                let within = fields(types, of, depth - usize::from(!is_wrapping), above);
                let within: Vec<String> = within.into_iter().map(|(_, within)| within).collect();
                if !within.is_empty() {
                    selected.push((field.clone(), format!("{field} {{ {} }}", within.join(" "))));
                }
            }
            "SCALAR" | "ENUM" => selected.push((field.clone(), field)),
            _ => {}
        }
    }
    above.pop();
    selected
}

/// Asks in every one of these histories, and expects one answer.
async fn the_same_to(who: impl Fn(&History) -> Caller, endings: &[Ending]) {
    let mut answers: Vec<(Ending, Value)> = Vec::new();
    for ending in endings {
        let history = History::that_ended(*ending).await;
        let parts = everything(&history.stage).await;
        let told = history.told(&who(&history), &parts).await;
        answers.push((*ending, told.into()));
    }
    let (first, rest) = answers.split_first().unwrap();
    for (ending, answer) in rest {
        assert!(
            *answer == first.1,
            "{ending:?} is told from {:?}: {}",
            first.0,
            difference("", &first.1, answer)
        );
    }
}

/// Where two answers differ first.
fn difference(at: &str, left: &Value, right: &Value) -> String {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) if left.len() == right.len() => left
            .iter()
            .find(|(name, value)| right.get(*name) != Some(value))
            .map_or_else(
                || at.to_owned(),
                |(name, value)| {
                    difference(
                        &format!("{at}/{name}"),
                        value,
                        right.get(name).unwrap_or(&Value::Null),
                    )
                },
            ),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            let found = pairs.find(|(_, (left, right))| left != right);
            found.map_or_else(
                || at.to_owned(),
                |(index, (left, right))| difference(&format!("{at}/{index}"), left, right),
            )
        }
        _ => format!("{at}: {left} and {right}"),
    }
}

/// R090, R304: to the mentee every end looks like every other.
#[tokio::test]
async fn a_mentee_cannot_tell_one_end_of_a_match_from_another() {
    let endings = [
        Ending::BenDeclined,
        Ending::Lapsed,
        Ending::Withdrawn,
        Ending::BenResigned,
        Ending::BenIsFull,
    ];
    the_same_to(|history| person(Role::Mentee, &history.ada), &endings).await;
}

/// R090, R304: nor to the mentor.
#[tokio::test]
async fn a_mentor_cannot_tell_one_end_of_a_match_from_another() {
    let endings = [
        Ending::AdaDeclined,
        Ending::Withdrawn,
        Ending::AdaChoseAnother,
    ];
    the_same_to(|history| person(Role::Mentor, &history.ben), &endings).await;
}

/// R304: nor to anybody else, the coordinator excepted.
#[tokio::test]
async fn nobody_else_can_tell_one_end_of_a_match_from_another() {
    let endings = [
        Ending::BenDeclined,
        Ending::AdaDeclined,
        Ending::Lapsed,
        Ending::Withdrawn,
    ];
    the_same_to(|history| person(Role::Mentor, &history.cyd), &endings).await;
    the_same_to(|history| person(Role::Mentee, &history.bea), &endings).await;
    the_same_to(|_| employer(LEEDS), &endings).await;
    for role in [
        Role::Manager,
        Role::Facilitator,
        Role::ProjectManager,
        Role::Commissioner,
        Role::Administrator,
    ] {
        the_same_to(|_| caller(role), &endings).await;
    }
}

/// The comparison sees what it is to see: the coordinator is told which it was.
#[tokio::test]
#[should_panic(expected = "is told from")]
async fn the_coordinator_can() {
    the_same_to(
        |_| caller(Role::Coordinator),
        &[Ending::BenDeclined, Ending::Lapsed],
    )
    .await;
}

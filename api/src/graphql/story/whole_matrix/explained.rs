//! `explain`, held against the file and against what is so; and what it keeps to itself.

use super::super::*;
use super::{
    Cells,
    plain::Plain,
    world::{Who, World},
};
use crate::identity::access::TEXT;
use serde_json::json;

/// Things of the world: how their ids begin, what they are called, and the line by which one may look at them.
const THINGS: [(&str, &str, &str); 10] = [
    ("Mentee", "ada", "mentee"),
    ("Mentor", "ben", "mentor"),
    ("Mentee", "cleo", "mentee"),
    ("Pairing", "pairing", "pairing"),
    ("Appointment", "appointment", "appointment"),
    ("Match", "open match", "match"),
    ("NeedsAnalysis", "analysis", "needsAnalysis"),
    ("NeedsProfile", "profile", "needsProfile"),
    ("Concern", "concern", "concerns"),
    ("ThirdPerson", "third", "thirdPersons"),
];

const SECTIONS: [(&str, &str); 3] = [
    ("commands", "COMMAND"),
    ("queries", "QUERY"),
    ("fields", "DATA"),
];

/// Whether somebody may know that there is this thing, by a plain reading: look at it, or ask what they are entitled to.
fn is_known(plain: &Plain, role: Role, who: Who, thing: &str, line: &str) -> bool {
    let opens = |line: &str| plain.opens("queries", line, role.as_str(), who.stands_to(thing));
    let is_person = ["mentee", "mentor"].contains(&line);
    opens("scheme") && (opens(line) || is_person && opens("entitlement"))
}

impl World {
    async fn explained(&self, token: &str, of: &str, name: &str, id: Option<&str>) -> Value {
        let id = id.map(|id| format!(r#", id: "{id}""#)).unwrap_or_default();
        let document = format!(
            r#"{{ explain(of: {of}, name: "{name}"{id}) {{ open reason line lineNumber narrowed granted held sentence }} }}"#
        );
        let mut answer = self.asked(token, &document).await;
        assert_eq!(answer.get("errors"), None, "{document}: {answer}");
        answer["data"]["explain"].take()
    }
}

/// R299, R305: of what one may not know of, everything is answered as of what there is not.
#[tokio::test]
async fn what_one_may_not_see_is_answered_as_what_there_is_not() {
    let (world, plain) = (World::made().await, Plain::read());
    let mut cells = Cells::default();
    for role in Role::ALL {
        for who in Who::all_as(role) {
            let token = world.token(role, who);
            for (kind, thing, line) in THINGS {
                if is_known(&plain, role, who, thing, line) {
                    continue;
                }
                let nothing = format!("mentor-plus:{kind}:00000000-0000-4000-8000-00000000c0c0");
                let node = |id: &str| format!(r#"{{ node(id: "{id}") {{ id }} }}"#);
                let known = world.asked(&token, &node(world.id(thing))).await;
                let unknown = world.asked(&token, &node(&nothing)).await;
                cells.hold(known != unknown, false, || {
                    format!("{role} as {who:?}: {thing}: {known}")
                });
                for name in plain.names("fields") {
                    if plain.words("fields", &name, role.as_str()).is_empty() {
                        continue;
                    }
                    let id = Some(world.id(thing));
                    let known = world.explained(&token, "DATA", &name, id).await;
                    let unknown = world.explained(&token, "DATA", &name, Some(&nothing)).await;
                    cells.hold(known != unknown, false, || {
                        format!("{role} as {who:?}: {name} of {thing}: {known}")
                    });
                }
            }
        }
    }
    cells.end("things that one may not know of, each compared with what there is not");
}

/// What a role may at all is explained as it is written, with the number of the line.
#[tokio::test]
async fn what_a_role_may_at_all_is_explained_as_it_is_written() {
    let (world, plain) = (World::made().await, Plain::read());
    let mut cells = Cells::default();
    for role in Role::ALL {
        let token = world.token(role, Who::Nobody);
        for (section, of) in SECTIONS {
            for name in plain.names(section) {
                let answer = world.explained(&token, of, &name, None).await;
                let written = plain.words(section, &name, role.as_str());
                let all = plain.opens_all(section, &name, role.as_str());
                let reason = match (written.is_empty(), all) {
                    (true, _) => "NOT_GRANTED",
                    (false, true) => "OPEN_OF_ALL",
                    (false, false) => "DEPENDS_ON_RELATION",
                };
                let number = usize::try_from(answer["lineNumber"].as_u64().unwrap()).unwrap();
                let line = TEXT.lines().nth(number - 1).unwrap();
                let is_so = line.starts_with(&format!("{name} ="))
                    && said(&answer["granted"]) == sorted(&written)
                    && answer["reason"] == reason
                    && answer["open"] == all
                    && answer["narrowed"] == false
                    && answer["held"] == json!([])
                    && answer["line"] == format!("{section}.{name}");
                cells.hold(is_so, true, || format!("{role}: {answer}: {line}"));
            }
        }
    }
    cells.end("lines explained to roles");
}

/// The words of an answer, as the file spells them.
fn said(words: &Value) -> Vec<String> {
    let words = words.as_array().unwrap().iter();
    let words: Vec<_> = words
        .map(|word| text(word).to_lowercase().replace('_', "-"))
        .collect();
    sorted(&words)
}

fn sorted(words: &[impl AsRef<str>]) -> Vec<String> {
    let mut words: Vec<_> = words
        .iter()
        .map(|word| word.as_ref().replace("visible", "any"))
        .collect();
    words.sort_unstable();
    words
}

/// What is explained of a thing is what is so, and by the relations that hold.
#[tokio::test]
async fn what_is_explained_of_a_thing_is_what_is_so() {
    let (world, plain) = (World::made().await, Plain::read());
    let mut cells = Cells::default();
    for role in Role::ALL {
        for who in Who::all_as(role) {
            let token = world.token(role, who);
            for (section, of) in SECTIONS {
                for name in plain.names(section) {
                    let words = plain.words(section, &name, role.as_str());
                    if words.is_empty() || plain.opens_all(section, &name, role.as_str()) {
                        continue;
                    }
                    for (_, thing, line) in THINGS {
                        let id = Some(world.id(thing));
                        let answer = world.explained(&token, of, &name, id).await;
                        let mut held = words.clone();
                        let known = is_known(&plain, role, who, thing, line);
                        held.retain(|word| known && who.stands_to(thing).contains(word));
                        let is_open = answer["open"] == true;
                        cells.hold(is_open, !held.is_empty(), || {
                            format!("{role} as {who:?}: {name} of {thing}: {answer}")
                        });
                        let is_held = said(&answer["held"]) == sorted(&held);
                        cells.hold(is_held, true, || {
                            format!("{role} as {who:?}: {thing}: {answer}")
                        });
                    }
                }
            }
        }
    }
    cells.end("explanations of things");
}

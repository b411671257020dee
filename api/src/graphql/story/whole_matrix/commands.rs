//! Every command, given by everybody: allowed as the matrix says, and otherwise refused before any rule speaks.

use super::super::*;
use super::{
    Cells,
    plain::Plain,
    world::{Who, World},
};

const INPUTS: &str = "{ __schema { mutationType { fields { name args { type { ofType { name } } } } }
    types { name kind enumValues { name } inputFields { name defaultValue type { kind name ofType { kind name
        ofType { kind name ofType { kind name } } } } } } } }";

/// What comes beside every command; given by the test itself.
const BESIDE: [&str; 6] = [
    "scheme",
    "commandId",
    "validateOnly",
    "happenedOn",
    "reportedBy",
    "channel",
];

/// What the types of an input do not tell: inputs without which a command is not understood.
const MORE: [(&str, &str); 6] = [
    ("adoptPolicy", r#"shipped: "mentor-plus-2017""#),
    ("adoptRegister", "shipped: true"),
    ("adoptCalendar", "shipped: true"),
    ("recordContact", "channel: TELEPHONE"),
    ("sendDevelopmentNews", "channel: EMAIL"),
    ("recordMessageSent", "channel: EMAIL"),
];

/// The types of the schema, as it tells of itself.
struct Types(Value);

impl Types {
    async fn of(stage: &Stage) -> Self {
        let answer = stage.read(&caller(Role::Coordinator), INPUTS).await;
        Self(answer["__schema"].clone())
    }

    /// Every mutation, with the name of its input.
    fn mutations(&self) -> Vec<(String, String)> {
        let fields = self.0["mutationType"]["fields"].as_array().unwrap();
        let named = fields.iter().map(|field| {
            (
                text(&field["name"]),
                text(&field["args"][0]["type"]["ofType"]["name"]),
            )
        });
        named.collect()
    }

    fn named(&self, name: &str) -> &Value {
        let mut types = self.0["types"].as_array().unwrap().iter();
        types.find(|of| of["name"] == name).unwrap()
    }

    /// What must be given of an input, and whose side speaks where that can be said.
    fn fields(&self, input: &str, world: &World, who: Who) -> String {
        let mut given = Vec::new();
        for field in self.named(input)["inputFields"].as_array().unwrap() {
            let (name, of) = (text(&field["name"]), &field["type"]);
            let is_side = of["name"] == "Side";
            let is_needed = of["kind"] == "NON_NULL" && field["defaultValue"].is_null();
            if (is_needed || is_side) && !BESIDE.contains(&name.as_str()) {
                given.push(format!("{name}: {}", self.value(of, &name, world, who)));
            }
        }
        given.join(", ")
    }

    fn value(&self, of: &Value, field: &str, world: &World, who: Who) -> String {
        let kind = of["kind"].as_str().unwrap();
        if kind == "NON_NULL" {
            return self.value(&of["ofType"], field, world, who);
        }
        if kind == "LIST" {
            return format!("[{}]", self.value(&of["ofType"], field, world, who));
        }
        let name = of["name"].as_str().unwrap();
        match (kind, name) {
            ("INPUT_OBJECT", _) => format!("{{ {} }}", self.fields(name, world, who)),
            ("ENUM", "Side") if who == Who::Ben => "MENTOR".to_owned(),
            ("ENUM", "Side") => "MENTEE".to_owned(),
            ("ENUM", _) => text(&self.named(name)["enumValues"][0]["name"]),
            (_, "ID") => format!("{:?}", id(field, world, who)),
            (_, "Int") => "1".to_owned(),
            (_, "Boolean") => "true".to_owned(),
            (_, "Date") => "\"1970-01-01\"".to_owned(),
            (_, "LocalDateTime") => "\"1970-01-01T10:00\"".to_owned(),
            (_, "String") => "\"words\"".to_owned(),
            other => panic!("no value for {other:?} of `{field}`: say one here"),
        }
    }
}

/// Whatever a command names is Ada's and Ben's.
fn id<'w>(field: &str, world: &'w World, who: Who) -> &'w str {
    let thing = match field {
        "mentor" | "mentors" | "attended" => "ben",
        "match" | "matches" => "match",
        "thirdPerson" => "third",
        "person" if who == Who::Ben => "ben",
        "person" | "mentee" => "ada",
        "entry" if who == Who::Ben => "entry of mentor",
        "entry" => "entry of mentee",
        "employer" => return LEEDS,
        other => other,
    };
    world.id(thing)
}

/// Whether the command of that name is this caller's to give, by a plain reading. All of them name what is Ada's and
/// Ben's: their own in their own roles, and nobody else's; and notices are of Leeds.
fn is_wanted(plain: &Plain, name: &str, role: Role, who: Who) -> bool {
    let stands: &[&str] = match (role, who) {
        (Role::Mentee, Who::Ada) => &["own"],
        (Role::Mentor, Who::Ben) => &["own", "shared-to-write"],
        (_, Who::Leeds) => &["employer"],
        _ => &[],
    };
    plain.opens("commands", name, role.as_str(), stands)
}

/// R299, R305: every role, standing every way, before every command. What is not theirs is refused before any rule
/// speaks and adds nothing; what is theirs reaches the rules.
#[tokio::test]
async fn every_command_is_taken_from_whom_the_matrix_allows_it_and_from_nobody_else() {
    let (world, plain) = (World::made().await, Plain::read());
    let types = Types::of(&world.stage).await;
    let mutations = types.mutations();
    for name in plain.names("commands") {
        // Recorded by the service itself, when it has worked through a delivery.
        let is_tried = mutations.iter().any(|(mutation, _)| *mutation == name);
        assert!(is_tried || name == "recordNotices", "nothing tries {name}");
    }
    let before = world.position().await;
    let mut cells = Cells::default();
    for role in Role::ALL {
        for who in Who::all_as(role) {
            // A token of Ada's as a mentor is nobody's.
            if matches!(
                (role, who),
                (Role::Mentor, Who::Ada) | (Role::Mentee, Who::Ben)
            ) {
                continue;
            }
            let token = world.token(role, who);
            for (name, input) in &mutations {
                let wanted = is_wanted(&plain, name, role, who);
                let mut given = types.fields(input, &world, who);
                if let Some((_, more)) = MORE.iter().find(|(command, _)| command == name) {
                    given = format!("{given}, {more}");
                }
                let number = Uuid::from_u128(0xACCE_5500_0000 + cells.tried as u128);
                // What is to be refused is sent in earnest: it is to leave nothing behind all the same.
                let document = format!(
                    r#"mutation {{ {name}(input: {{ scheme: "mentor-plus", commandId: "{number}", validateOnly: {wanted}, {given} }}) {{ version rejection {{ code }} }} }}"#
                );
                let answer = world.asked(&token, &document).await;
                // Allowed is what reaches the rules, whatever they say; forbidden what says so and nothing else.
                let is_allowed = answer["data"][name]["version"].is_string();
                let is_refused = code(&answer) == "forbidden" && answer["data"][name].is_null();
                let is_either = is_allowed != is_refused;
                cells.hold(is_allowed, wanted, || {
                    format!("{role} as {who:?}: {document}: {answer}")
                });
                if !is_either {
                    cells
                        .wrong
                        .push(format!("neither taken nor forbidden: {document}: {answer}"));
                }
            }
        }
    }
    assert_eq!(world.position().await, before, "nothing was recorded");
    cells.end("commands over GraphQL");
}

//! The tables of the data-protection pack are what the program does: made from the access matrix, the schema and the list of
//! sealed values, and compared.

use api::{
    dispatch::codec,
    graphql,
    identity::{
        Role,
        access::{Matrix, Section},
    },
    rest,
};
use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

const HEAD: &str = "# Fields by role

Made from `schema/access-matrix.toml`, the GraphQL schema and the list of sealed values, and compared with them in every run of the tests.
After a change: `ALONGSIDE_ACCEPT=data-protection cargo test -p api --test stories data_protection`.

An empty cell means that the role may not. `any`: about anybody in the schemes its token reaches. `own`: only what is its own, as the line of the
matrix says. `employer`: only people of whom its own employer told. What each class and each `own` means is told in the matrix itself.
";

#[test]
fn the_tables_of_the_data_protection_pack_are_what_the_program_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/data-protection");
    let path = folder.join("fields-by-role.md");
    let now = tables();
    if std::env::var("ALONGSIDE_ACCEPT").as_deref() == Ok("data-protection") {
        fs::write(&path, &now).expect("it can be written");
    }
    assert!(
        now == fs::read_to_string(&path).expect("there are tables"),
        "docs/data-protection/fields-by-role.md is not what the program does; if that is meant, accept it with: \
         ALONGSIDE_ACCEPT=data-protection cargo test -p api --test stories data_protection"
    );
}

/// The pack speaks of every file in it, and of none that is not there.
#[test]
fn the_pack_is_complete() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/data-protection");
    let index = fs::read_to_string(folder.join("README.md")).expect("there is an index");
    for entry in fs::read_dir(&folder).expect("there is a pack") {
        let name = entry.expect("an entry").file_name().display().to_string();
        assert!(
            name == "README.md" || index.contains(&format!("({name})")),
            "{name} is not in the index"
        );
    }
    for linked in index.split("](").skip(1) {
        let name = linked.split(')').next().expect("it is closed");
        assert!(folder.join(name).exists(), "{name} is not there");
    }
}

fn tables() -> String {
    let matrix = Matrix::embedded().expect("a sound matrix");
    let mut text = HEAD.to_owned();
    for (title, section) in [
        ("Classes of data: who sees them", Section::Fields),
        ("Questions: who may put them", Section::Queries),
        ("Commands: who may give them", Section::Commands),
    ] {
        text.push_str(&by_role(&matrix, title, section));
    }
    text.push_str(&personal_fields());
    text.push_str(&sealed());
    text
}

fn by_role(matrix: &Matrix, title: &str, section: Section) -> String {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut text = format!(
        "\n## {title}\n\n| | {} |\n|---|{}\n",
        roles.join(" | "),
        "---|".repeat(roles.len())
    );
    // Everything is left over when nothing is asked for.
    for name in matrix.left_over(section, &[]) {
        let cells: Vec<String> = Role::ALL
            .into_iter()
            .map(|role| {
                let granted = match section {
                    Section::Commands => matrix.command(role, name),
                    Section::Queries => matrix.query(role, name),
                    Section::Fields => matrix.field(role, name),
                };
                granted.map_or_else(String::new, |relation| {
                    format!("{relation:?}").to_lowercase()
                })
            })
            .collect();
        writeln!(text, "| `{name}` | {} |", cells.join(" | ")).expect("text takes text");
    }
    text
}

/// Every field of an answer that may hold something personal. Such a value never comes alone: it says whether it is given, not
/// given, hidden or erased.
fn personal_fields() -> String {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (sdl, mut of, mut quoted) = (graphql::sdl(), String::new(), false);
    for line in sdl.lines() {
        let trimmed = line.trim();
        if trimmed == "\"\"\"" {
            quoted = !quoted;
        } else if !quoted && let Some(rest) = line.strip_prefix("type ") {
            rest.split(' ')
                .next()
                .unwrap_or_default()
                .clone_into(&mut of);
        } else if !quoted
            && let Some((name, kind)) = trimmed.rsplit_once(": ")
            && kind.starts_with("Personal")
            && !of.starts_with("Personal")
        {
            let name = name.split('(').next().unwrap_or_default();
            found
                .entry(of.clone())
                .or_default()
                .push(format!("`{name}`"));
        }
    }
    let mut text = "\n## Answers: fields that are personal\n\nEach comes with a state: given, not given, hidden or erased.\n\n| type | fields |\n|---|---|\n".to_owned();
    for (of, fields) in found {
        writeln!(text, "| `{of}` | {} |", fields.join(", ")).expect("text takes text");
    }
    text
}

fn sealed() -> String {
    let mut text = "\n## The log: values that are sealed\n\nEach is encrypted under a key of the one person it belongs to, and is unreadable once that key is destroyed. Everything else \
                    in the log stands in clear and holds nothing personal.\n\n| event | value | what it is |\n|---|---|---|\n"
        .to_owned();
    let versions: BTreeMap<&str, u16> = domain::Event::KINDS.iter().copied().collect();
    for (kind, path) in codec::sealed_values() {
        let version = versions.get(kind).copied().unwrap_or(1);
        let schema = rest::event_schema(kind, version).expect("it is an event");
        let described = &schema["properties"][path.trim_start_matches('/')]["description"];
        let described = described.as_str().unwrap_or_default();
        let sentence = described.lines().collect::<Vec<_>>().join(" ");
        writeln!(text, "| `{kind}` | `{path}` | {sentence} |").expect("text takes text");
    }
    text
}

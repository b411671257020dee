//! `docs/access.md`: the access matrix as tables, with everything that stands under each of its classes.

use api::identity::{
    Role,
    access::{Item, Matrix, Section},
};
use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};
use toml::{Table, Value};

/// R299, R301, R305, R308: what a data-protection officer reads is what the service decides by.
#[test]
fn the_table_of_access_is_what_the_matrix_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("docs/access.md");
    let exposure = fs::read_to_string(root.join("schema/exposure.toml")).expect("a declaration");
    let now = render(&Matrix::embedded().expect("a matrix"), &exposure);
    if std::env::var("ALONGSIDE_ACCEPT").as_deref() == Ok("access") {
        fs::write(&path, &now).expect("it can be written");
    }
    assert!(
        now == fs::read_to_string(&path).expect("there is a table"),
        "docs/access.md is not what the access matrix says; if that is meant, accept it with: \
         ALONGSIDE_ACCEPT=access cargo test -p api --test stories access"
    );
}

const HEAD: &str = "\
# Who may do and see what

Written from `schema/access-matrix.toml`, which is the policy itself and says beside each line why, and from `schema/exposure.toml`,
which says what stands under each line; `tests/stories/access.rs` compares it, and nobody edits it by hand. To accept a change:

```sh
ALONGSIDE_ACCEPT=access cargo test -p api --test stories access
```

In a cell stands how the asker must stand to what is asked for; a dot is \"not at all\". *any* and *visible* are without further
condition, within the schemes the token is for. *own* is about the asker, made by the asker, or of a match or pairing of which they
are a side. *pairing* is about somebody with whom they are or were in a pairing, *match* about the other side of a match that may
still go ahead; *once-approved*, of a mentor who approved their pen portrait. *shared* is an analysis of needs that is shared with
them, *sent* what they were sent, *office* what the office recorded itself, *published* the ends of published periods, *employer* what their employer told us. A deployment may
grant less (`[access] narrow` in its settings) and never more.
";

fn render(matrix: &Matrix, exposure: &str) -> String {
    let mut text = HEAD.to_owned();
    for (section, title) in [
        (Section::Fields, "Classes of data"),
        (Section::Queries, "Questions"),
        (Section::Commands, "Commands"),
    ] {
        let _always = write!(text, "\n## {title}\n\n| |");
        for role in Role::ALL {
            let _always = write!(text, " {role} |");
        }
        let _always = writeln!(text, "\n|---|{}", "---|".repeat(Role::ALL.len()));
        for item in Item::all().filter(|item| item.section() == section) {
            let _always = write!(text, "| `{}` |", item.name());
            for role in Role::ALL {
                let words = matrix.granted(role, item).iter();
                let words: Vec<_> = words.map(|one| one.word_in(section)).collect();
                let cell = if words.is_empty() {
                    "·".to_owned()
                } else {
                    words.join(", ")
                };
                let _always = write!(text, " {cell} |");
            }
            text.push('\n');
        }
    }
    floor(matrix, &mut text);
    exposed(exposure, &mut text);
    text
}

fn floor(matrix: &Matrix, text: &mut String) {
    text.push_str(
        "\n## The confidentiality floor\n\nMore than this no line may grant, in no deployment.\n\n| | at most |\n|---|---|\n",
    );
    for item in Item::all() {
        let most = |role| matrix.most(role, item);
        if Role::ALL.into_iter().all(|role| most(role).is_none()) {
            continue;
        }
        let roles = Role::ALL.into_iter().filter_map(|role| {
            let words = most(role)?.iter().map(|one| one.word_in(item.section()));
            let words: Vec<_> = words.collect();
            (!words.is_empty()).then(|| format!("{role}: {}", words.join(", ")))
        });
        let roles: Vec<_> = roles.collect();
        let _always = writeln!(text, "| `{}` | {} |", item.name(), roles.join("; "));
    }
}

fn exposed(exposure: &str, text: &mut String) {
    text.push_str("\n## What stands under each class\n\nFields of GraphQL answers, and of REST (marked).\n\n| class | fields |\n|---|---|\n");
    let declared: Table = exposure.parse().expect("TOML");
    let mut under: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (kind, mark) in [("graphql", ""), ("rest", " (REST)")] {
        for (of, stands) in declared[kind].as_table().expect("types") {
            match stands {
                Value::String(line) => under.entry(line).or_default().push(format!("`{of}`{mark}")),
                stands => {
                    for (line, fields) in stands.as_table().expect("lines") {
                        let fields = fields.as_array().expect("fields").iter();
                        let fields = fields.filter_map(Value::as_str);
                        let named = fields.map(|field| format!("`{of}.{field}`{mark}"));
                        under.entry(line).or_default().extend(named);
                    }
                }
            }
        }
    }
    for item in Item::all().filter(|item| item.section() == Section::Fields) {
        let fields = under.get(item.name()).map(|fields| fields.join(", "));
        let fields = fields.unwrap_or_default();
        let _always = writeln!(text, "| `{}` | {fields} |", item.name());
    }
}

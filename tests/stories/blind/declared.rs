//! `docs/privacy-exceptions.md`, as the tests read it.

use domain::testing::varied::Place;
use std::{collections::BTreeMap, fs, path::Path};

/// What the page declares.
pub struct Declared {
    /// By event and sealed value: the class of data that opens it.
    classes: BTreeMap<(String, String), String>,
    exceptions: Vec<Exception>,
    printed: Vec<String>,
}

/// Something sealed that shows through.
#[derive(Debug)]
pub struct Exception {
    pub kind: String,
    pub path: String,
    roles: String,
}

impl Declared {
    /// Reads the page.
    pub fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/privacy-exceptions.md");
        let text = fs::read_to_string(path).expect("there is a page");
        let (mut classes, mut exceptions) = (BTreeMap::new(), Vec::new());
        let mut printed = Vec::new();
        // Which commands rest on what is sealed is compared where the rules are.
        let sections = text
            .split("\n## ")
            .filter(|one| !one.starts_with("Commands"));
        for cells in sections.flat_map(str::lines).filter_map(cells) {
            match &cells[..] {
                [field, why] => {
                    assert!(why.len() > 20, "{field} has a reason");
                    printed.push(field.clone());
                }
                [kind, path, class] => {
                    let before = classes.insert((kind.clone(), path.clone()), class.clone());
                    assert!(before.is_none(), "{kind} {path} stands twice");
                }
                [kind, path, roles, _, why] => {
                    assert!(why.len() > 20, "{kind} {path} has a reason");
                    exceptions.push(Exception {
                        kind: kind.clone(),
                        path: path.clone(),
                        roles: roles.clone(),
                    });
                }
                other => panic!("a line of {} cells: {other:?}", other.len()),
            }
        }
        Self {
            classes,
            exceptions,
            printed,
        }
    }

    /// The class of data that opens `place`.
    pub fn class(&self, place: &Place) -> Option<&str> {
        let own = self
            .classes
            .iter()
            .filter(|((kind, path), _)| *kind == place.kind && within(&place.path, path));
        own.max_by_key(|((_, path), _)| path.len())
            .map(|(_, class)| class.as_str())
    }

    /// Every line of the first table: event and sealed value.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.classes.keys();
        lines.map(|(kind, path)| (kind.as_str(), path.as_str()))
    }

    /// Fields of commands whose words are nobody's personal data.
    pub fn printed(&self) -> impl Iterator<Item = &str> {
        self.printed.iter().map(String::as_str)
    }

    /// Whether a field of a command takes words that are nobody's personal data.
    pub fn is_printed(&self, field: &str) -> bool {
        self.printed()
            .any(|one| field == one || field.starts_with(&format!("{one}.")))
    }

    /// The exceptions, in the order of the page.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }
}

impl Exception {
    /// Whether it is declared that this shows through to this role.
    pub fn holds(&self, place: &Place, role: &str) -> bool {
        self.kind == place.kind
            && within(&place.path, &self.path)
            && (self.roles == "everybody" || self.roles.split(", ").any(|one| one == role))
    }
}

/// Whether `path` is `whole` or stands in it.
pub fn within(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The cells of a line of a table whose first cell is in code.
fn cells(line: &str) -> Option<Vec<String>> {
    let inside = line.strip_prefix("| `")?.strip_suffix(" |")?;
    let cells = inside.split(" | ").map(|cell| cell.replace('`', ""));
    Some(cells.collect())
}

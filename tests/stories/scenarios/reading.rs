//! What the requirements say, which test cites them and which rules can be switched off, read from the files as they stand.

use std::{fs, path::Path};

/// The folders whose tests are scenarios.
const ROOMS: [&str; 5] = [
    "domain/src",
    "projections/src",
    "api/src",
    "event-log/src",
    "tests/stories",
];

/// A line of `docs/requirements.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its number, for example `R089`.
    pub number: String,
    /// What it asks for.
    pub text: String,
    /// The heading it stands under, for example `F. Stage 2: matching`.
    pub section: String,
    /// Whether it is sorted as behaviour; else it is reference.
    pub is_behaviour: bool,
}

/// A test, with the requirements that its doc comment cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Where it stands, from the root of the repository.
    pub file: String,
    /// The name of its function.
    pub name: String,
    /// The numbers it cites, in the order in which it does.
    pub cites: Vec<String>,
}

/// The lines of `docs/requirements.md`, in order.
pub fn requirements(text: &str) -> Vec<Requirement> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut section);
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let ["", number, text, _, sort, ""] = cells[..]
            && is_number(number)
        {
            found.push(Requirement {
                number: number.to_owned(),
                text: text.to_owned(),
                section: section.clone(),
                is_behaviour: sort == "behaviour",
            });
        }
    }
    found
}

/// Every test of a file. Doc comments stand above or between the attributes of its function.
pub fn scenarios(file: &str, text: &str) -> Vec<Scenario> {
    let mut found = Vec::new();
    let (mut cites, mut is_test, mut in_attribute) = (Vec::new(), false, false);
    for line in text.lines().map(str::trim) {
        if in_attribute {
            in_attribute = !line.ends_with(']');
        } else if let Some(comment) = line.strip_prefix("///") {
            cites.extend(numbers(comment));
        } else if line.starts_with("#[") {
            is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
            in_attribute = !line.ends_with(']');
        } else {
            if let Some(name) = function_name(line).filter(|_| is_test) {
                found.push(Scenario {
                    file: file.to_owned(),
                    name: name.to_owned(),
                    cites: std::mem::take(&mut cites),
                });
            }
            cites.clear();
            is_test = false;
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?.split(['(', '<']).next()
}

/// The numbers of requirements in a text, each once.
pub fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()) {
        if is_number(word) && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('R').map(|digits| (digits, 3));
    let digits = digits.or_else(|| word.strip_prefix('Z').map(|digits| (digits, 2)));
    digits.is_some_and(|(digits, length)| {
        digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Every test of the repository, by file and in the order of the file.
pub fn all_scenarios(root: &Path) -> Vec<Scenario> {
    let mut files = Vec::new();
    for room in ROOMS {
        collect(&root.join(room), room, &mut files);
    }
    files.sort();
    let read = |file: &String| fs::read_to_string(root.join(file)).expect("source is text");
    files
        .iter()
        .flat_map(|file| scenarios(file, &read(file)))
        .collect()
}

fn collect(folder: &Path, name: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{name}/{}", entry.file_name().display());
        if entry.path().is_dir() {
            collect(&entry.path(), &name, files);
        } else if Path::new(&name).extension().is_some_and(|end| end == "rs") {
            files.push(name);
        }
    }
}

/// A rule that `tests/mutations/run` can switch off, as `tests/mutations/rules` describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// What it says, after the requirements it stands for.
    pub says: String,
    /// The file it stands in, from the root of the repository.
    pub file: String,
    /// A part of the line behind which `find` is looked for; empty for the whole file.
    pub after: String,
    /// The part of a line that is the rule.
    pub find: String,
    /// What takes its place.
    pub make: String,
    /// The package whose tests are run; `domain` when it is not said.
    pub package: String,
    /// The scenarios that fail without it.
    pub fail: Vec<String>,
}

/// The rules that can be switched off, in order.
pub fn rules(text: &str) -> Result<Vec<Rule>, String> {
    let mut found: Vec<Rule> = Vec::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once("  ").unwrap_or((line, ""));
        if key == "rule" {
            found.push(Rule {
                says: value.to_owned(),
                package: "domain".to_owned(),
                ..Rule::default()
            });
            continue;
        }
        let Some(rule) = found.last_mut() else {
            return Err(format!("{line:?} stands before the first rule"));
        };
        match key {
            "file" => value.clone_into(&mut rule.file),
            "after" => value.clone_into(&mut rule.after),
            "find" => value.clone_into(&mut rule.find),
            "make" => value.clone_into(&mut rule.make),
            "in" => value.clone_into(&mut rule.package),
            "fail" => rule.fail.push(value.to_owned()),
            _ => return Err(format!("{line:?} has no key that is known")),
        }
    }
    Ok(found)
}

impl Rule {
    /// Says why the rule can no longer be switched off in this text of its file, if it cannot.
    pub fn applies_to(&self, text: &str) -> Result<(), String> {
        if self.find.is_empty() || self.fail.is_empty() {
            return Err("it has no `find` or no `fail`".to_owned());
        }
        if self.find == self.make {
            return Err("it changes nothing".to_owned());
        }
        if self.after.is_empty() {
            let lines = text.lines().filter(|line| line.contains(&self.find));
            return match lines.count() {
                1 => Ok(()),
                count => Err(format!("{:?} stands in {count} lines", self.find)),
            };
        }
        let mut behind = text.lines().skip_while(|line| !line.contains(&self.after));
        behind.next();
        if behind.any(|line| line.contains(&self.find)) {
            Ok(())
        } else {
            Err(format!("{:?} is not behind {:?}", self.find, self.after))
        }
    }
}

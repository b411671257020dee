//! Which scenario shows which behaviour, and that what is cited is there to be cited.
//!
//! A scenario is a test; it cites a requirement by its number, in its doc comment.

mod reading;
mod table;

use reading::{
    Requirement, Rule, Scenario, all_scenarios, numbers, requirements, rules, scenarios,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

#[test]
fn the_table_of_scenarios_is_what_the_tests_cite() {
    let path = root().join("docs/scenarios.md");
    let before = fs::read_to_string(&path).expect("there is a table");
    let (requirements, scenarios) = (known_requirements(), all_scenarios(&root()));
    let listed = table::listed_as_not_shown(&before);
    let lost: Vec<&str> = table::not_shown(&requirements, &scenarios)
        .into_iter()
        .map(|requirement| requirement.number.as_str())
        .filter(|number| !listed.contains(*number))
        .collect();
    assert!(lost.is_empty(), "no scenario shows {lost:?} any more");
    let now = table::render(&requirements, &scenarios, &known_rules());
    if std::env::var("ALONGSIDE_ACCEPT").as_deref() == Ok("scenarios") {
        fs::write(&path, &now).expect("it can be written");
    }
    assert!(
        now == fs::read_to_string(&path).expect("there is a table"),
        "docs/scenarios.md is not what the tests cite; if that is meant, accept it with: \
         ALONGSIDE_ACCEPT=scenarios cargo test -p api --test stories scenarios"
    );
}

#[test]
fn only_behaviours_are_cited() {
    let known: BTreeMap<String, bool> = known_requirements()
        .into_iter()
        .map(|requirement| (requirement.number, requirement.is_behaviour))
        .collect();
    assert!(known.len() > 300, "{} requirements are known", known.len());
    for Scenario { file, name, cites } in all_scenarios(&root()) {
        for number in cites {
            match known.get(&number) {
                Some(true) => {}
                Some(false) => panic!("{name} in {file} cites {number}, which is a reference"),
                None => panic!("{name} in {file} cites {number}, which nobody asks for"),
            }
        }
    }
}

#[test]
fn every_rule_that_can_be_switched_off_still_stands_and_names_scenarios_that_cite_it() {
    let scenarios = all_scenarios(&root());
    for rule in known_rules() {
        let text = fs::read_to_string(root().join(&rule.file)).unwrap_or_default();
        if let Err(reason) = rule.applies_to(&text) {
            panic!("{:?} cannot be switched off any more: {reason}", rule.says);
        }
        let mut cited = BTreeSet::new();
        for name in &rule.fail {
            let of_package: Vec<&Scenario> = scenarios
                .iter()
                .filter(|known| known.name == *name)
                .filter(|known| known.file.starts_with(&rule.package))
                .collect();
            let [scenario] = of_package[..] else {
                panic!("{} tests of {} are {name}", of_package.len(), rule.package);
            };
            cited.extend(scenario.cites.iter().cloned());
        }
        for number in numbers(&rule.says) {
            assert!(cited.contains(&number), "{:?} is not cited", rule.says);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn known_requirements() -> Vec<Requirement> {
    let text = fs::read_to_string(root().join("docs/requirements.md"));
    requirements(&text.expect("there are requirements"))
}

fn known_rules() -> Vec<Rule> {
    let text = fs::read_to_string(root().join("tests/mutations/rules"));
    rules(&text.expect("there are rules")).expect("they can be read")
}

// What follows tests the reading. Samples are lists of lines, so that they are not taken for tests themselves.

#[test]
fn a_requirement_is_read_with_its_section_and_its_sort() {
    let text = "## F. Stage 2: matching\n\n| number | requirement | source | sort |\n|---|---|---|---|\n\
                | R089 | Agreed. | handbook | behaviour |\n| R094 | A frame. | handbook | reference |\n";
    let read = requirements(text);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].number, "R089");
    assert_eq!(read[0].text, "Agreed.");
    assert_eq!(read[0].section, "F. Stage 2: matching");
    assert!(read[0].is_behaviour && !read[1].is_behaviour);
}

#[test]
fn a_test_cites_what_stands_in_its_own_doc_comment() {
    let text = lines(&[
        "/// R001: of a helper, not of the test.",
        "fn helper() {}",
        "/// Twelve months (R020), and R019: four sessions; R020 again.",
        "#[tokio::test(flavor = \"multi_thread\")]",
        "async fn twelve_months() {",
        "    let r = \"R015\";",
        "}",
        "    #[test]",
        "    #[expect(",
        "        clippy::too_many_lines,",
        "    )]",
        "    /// Z03.",
        "    fn within_a_module() {}",
        "#[test]",
        "fn nothing_cited() {}",
    ]);
    let read = scenarios("domain/src/a.rs", &text);
    let found: Vec<(&str, String)> = read
        .iter()
        .map(|one| (one.name.as_str(), one.cites.join(" ")))
        .collect();
    assert_eq!(
        found,
        [
            ("twelve_months", "R020 R019".to_owned()),
            ("within_a_module", "Z03".to_owned()),
            ("nothing_cited", String::new()),
        ]
    );
}

#[test]
fn a_number_is_a_word_of_its_own() {
    assert_eq!(
        numbers("(R104), Z05: R1045 XR104 R10 Z005 r104"),
        ["R104", "Z05"]
    );
}

#[test]
fn what_no_scenario_cites_is_listed_and_found_again() {
    let requirement = |number: &str, section: &str, is_behaviour| Requirement {
        number: number.to_owned(),
        text: "Something.".to_owned(),
        section: section.to_owned(),
        is_behaviour,
    };
    let requirements = [
        requirement("R001", "A. Purpose", true),
        requirement("R002", "A. Purpose", true),
        requirement("R003", "A. Purpose", false),
        requirement("R149", "M. Another programme", true),
    ];
    let shown = Scenario {
        file: "domain/src/a.rs".to_owned(),
        name: "it_is_offered".to_owned(),
        cites: vec!["R001".to_owned()],
    };
    let rule = Rule {
        says: "R001: it is offered".to_owned(),
        fail: vec!["it_is_offered".to_owned()],
        ..Rule::default()
    };
    let table = table::render(&requirements, &[shown], &[rule]);
    assert!(table.contains("| R001 | it is offered | `domain/src/a.rs` | fails |"));
    assert!(table.contains("Of the 2 behaviours"));
    let listed: Vec<String> = table::listed_as_not_shown(&table).into_iter().collect();
    assert_eq!(listed, ["R002"]);
}

#[test]
fn a_rule_is_read_and_knows_when_it_no_longer_applies() {
    let text = lines(&[
        "# What is said of the file.",
        "",
        "rule  R089: both agree",
        "file  domain/src/a.rs",
        "after  fn form(",
        "find  if !agreed {",
        "make  if false {",
        "fail  both_agree",
    ]);
    let read = rules(&text).expect("it can be read");
    let [rule] = &read[..] else {
        panic!("one rule, not {read:?}");
    };
    assert_eq!(rule.package, "domain");
    let applies = |text: &str| rule.applies_to(text).is_ok();
    assert!(applies("fn form(\n    if !agreed {\n"));
    assert!(
        !applies("    if !agreed {\nfn form(\n"),
        "before, not behind"
    );
    assert!(!applies("fn form(\n"));
    let anywhere = Rule {
        after: String::new(),
        ..rule.clone()
    };
    assert!(
        anywhere.applies_to("if !agreed {\nif !agreed {").is_err(),
        "which of the two?"
    );
    assert!(rules("find  x").is_err() && rules("rule  x\nfnid  y").is_err());
}

fn lines(of: &[&str]) -> String {
    of.join("\n")
}

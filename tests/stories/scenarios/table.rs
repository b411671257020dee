//! `docs/scenarios.md`: which scenario shows which behaviour.

use super::reading::{Requirement, Rule, Scenario, numbers};
use std::{collections::BTreeSet, fmt::Write as _};

const NOT_SHOWN: &str = "## Not shown yet";

/// The sections of the scheme for directors, and what concerns it of those that concern all schemes.
fn is_in_scope(requirement: &Requirement) -> bool {
    let number = requirement.number.as_str();
    match requirement.section.as_bytes().first() {
        Some(b'A'..=b'L' | b'W' | b'X' | b'Y') => true,
        Some(b'Z') => number <= "Z11" || number == "Z17" || number == "Z18",
        _ => false,
    }
}

/// The behaviours in scope that no scenario cites.
pub fn not_shown<'a>(
    requirements: &'a [Requirement],
    scenarios: &[Scenario],
) -> Vec<&'a Requirement> {
    let cited: BTreeSet<&String> = scenarios
        .iter()
        .flat_map(|scenario| &scenario.cites)
        .collect();
    let wanted = requirements
        .iter()
        .filter(|one| one.is_behaviour && is_in_scope(one));
    wanted.filter(|one| !cited.contains(&one.number)).collect()
}

/// The numbers that a table lists as not shown yet.
pub fn listed_as_not_shown(table: &str) -> BTreeSet<String> {
    let behind = table.split_once(NOT_SHOWN).map_or("", |(_, rest)| rest);
    let rows = behind.lines().filter_map(|line| line.strip_prefix("| "));
    rows.flat_map(|row| numbers(row.split('|').next().unwrap_or_default()))
        .collect()
}

/// The whole file.
pub fn render(requirements: &[Requirement], scenarios: &[Scenario], rules: &[Rule]) -> String {
    let missing = not_shown(requirements, scenarios);
    let behaviours = requirements
        .iter()
        .filter(|one| one.is_behaviour && is_in_scope(one));
    let behaviours = behaviours.count();
    let mut text = HEADER.to_owned();
    let _ = write!(
        text,
        "\nOf the {behaviours} behaviours of the scheme for directors (sections A to L and W to Y; Z01 to Z11, Z17, Z18) \
         {} are shown.\n",
        behaviours - missing.len()
    );
    let mut section = "";
    for requirement in requirements {
        for scenario in scenarios {
            if !scenario.cites.contains(&requirement.number) {
                continue;
            }
            if section != requirement.section {
                section = &requirement.section;
                let _ = write!(
                    text,
                    "\n## {section}\n\n| number | scenario | file | switched off |\n|---|---|---|---|\n"
                );
            }
            let _ = writeln!(
                text,
                "| {} | {} | `{}` | {} |",
                requirement.number,
                scenario.name.replace('_', " "),
                scenario.file,
                if fails_without(rules, requirement, scenario) {
                    "fails"
                } else {
                    ""
                },
            );
        }
    }
    let _ = write!(
        text,
        "\n{NOT_SHOWN}\n\n| number | requirement |\n|---|---|\n"
    );
    for requirement in missing {
        let _ = writeln!(text, "| {} | {} |", requirement.number, requirement.text);
    }
    text
}

fn fails_without(rules: &[Rule], requirement: &Requirement, scenario: &Scenario) -> bool {
    rules.iter().any(|rule| {
        rule.fail.contains(&scenario.name) && numbers(&rule.says).contains(&requirement.number)
    })
}

const HEADER: &str = "# Scenarios

Which test shows which behaviour of `requirements.md`: what stands in the doc comment of a test, sorted. A test writes this file
and compares it; nobody edits it by hand. To accept a change:

```sh
ALONGSIDE_ACCEPT=scenarios cargo test -p api --test stories scenarios
```

A scenario that *fails* under *switched off* is one that `tests/mutations/run` has seen fail without the rule it is about; the rules
and how each is switched off stand in `tests/mutations/rules`.
";

//! What answers have taught about ids and words, so that they can be asked for.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What can stand as an argument: what was answered so far, by the name under which it was.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Global ids by the kind of thing they name.
    pub ids: BTreeMap<String, BTreeSet<String>>,
    /// Words by the name of the field in which they stood.
    pub words: BTreeMap<String, BTreeSet<String>>,
}

impl Vocabulary {
    /// Learns every id and every word of an answer.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Object(members) => {
                for (name, value) in members {
                    let text = value.as_str().or_else(|| value["value"].as_str());
                    if let Some(text) = text {
                        let known = self.words.entry(name.clone()).or_default();
                        if known.len() < 3 {
                            known.insert(text.to_owned());
                        }
                    }
                    if let (true, Some(id)) = (name == "id", value.as_str())
                        && let Some(kind) = id.split(':').nth(1)
                    {
                        let known = self.ids.entry(kind.to_owned()).or_default();
                        known.insert(id.to_owned());
                    }
                    self.learn(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    pub fn ids_for(&self, argument: &str, answered: &str) -> Vec<String> {
        let mut kind = argument.to_owned();
        kind[..1].make_ascii_uppercase();
        let kinds: [&str; 2] = match argument {
            "id" => [answered, ""],
            "person" => ["Mentee", "Mentor"],
            _ => [&kind, ""],
        };
        let known = kinds.iter().filter_map(|kind| self.ids.get(*kind));
        known
            .flat_map(|ids| ids.iter().take(3))
            .map(|id| format!("{id:?}"))
            .collect()
    }

    /// The id for a field of an input: another one at each attempt.
    pub fn id_for_input(&self, field: &str, attempt: usize) -> Option<String> {
        let mut kind = field.to_owned();
        kind[..1].make_ascii_uppercase();
        let kind = match field {
            "matches" => "Match",
            "of" | "person" | "people" | "invited" | "attended" | "absent" | "mentors" => "Mentor",
            "analysis" => "NeedsAnalysis",
            "profile" => "NeedsProfile",
            "day" => "DfeInductionDay",
            "seminar" => "MentorInductionSeminar",
            "opportunity" => "DevelopmentOpportunity",
            "entry" => "AuditEntry",
            "mentees" => "Mentee",
            _ => &kind,
        };
        let ids: Vec<&String> = self.ids.get(kind)?.iter().collect();
        ids.get(attempt % ids.len().max(1)).map(|id| (*id).clone())
    }

    /// What a parameter of a route can be.
    pub fn candidates(&self, name: &str) -> Vec<String> {
        // Sizes of a log.
        if ["from", "to", "size"].contains(&name) {
            return vec!["1".to_owned(), "3".to_owned()];
        }
        let quoted = self
            .ids_for(name, "")
            .into_iter()
            .chain(self.words_for(name));
        quoted
            .map(|value| value.trim_matches('"').to_owned())
            .collect()
    }

    pub fn words_for(&self, argument: &str) -> Vec<String> {
        // No answer says what this service ships.
        if argument == "shipped" {
            let shipped = domain::shipped::POLICIES.iter();
            return shipped.map(|version| format!("{version:?}")).collect();
        }
        let known = self.words.get(argument).into_iter().flatten();
        known.map(|word| format!("{word:?}")).collect()
    }
}

//! Every command, sent through the door with something planted wherever a word or a day fits, rightly and wrongly.

use super::{
    canary::Place,
    people::{Asker, Asking},
    searched::words,
    told::{Told, scheme},
    vocabulary::Vocabulary,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What came of sending everything.
pub struct Knocked {
    pub told: String,
    pub leaks: Vec<String>,
    /// Words that are nobody's and were sent.
    pub printed: BTreeSet<String>,
}

impl Place {
    /// Sends every command with something planted wherever a word or a day fits, and looks at what comes back and at
    /// what is then in clear. What was accepted is told, and what leaked.
    pub fn knock(&mut self, told: &Told) -> Knocked {
        let (mut accepted, mut sent, mut leaks) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        let scheme = scheme(0);
        let (mut vocabulary, coordinator) = (Vocabulary::default(), Asker::coordinator());
        let token = told.token(&coordinator, &scheme);
        for question in self.questions.schema.of_the_scheme(&vocabulary, |_| 3) {
            vocabulary.learn(&told.ask(&token, &scheme, &question).json());
        }
        let asking = Asking::of(&self.histories[0], &self.matrix, &self.declared, 0);
        let askers: Vec<&Asker> = asking.groups().iter().flatten().collect();
        let mut requests = 0;
        for (name, input, document) in self.questions.schema.mutations() {
            for attempt in 0..6 {
                let asker = askers[if attempt < 4 {
                    0
                } else {
                    attempt % askers.len()
                }];
                let (forms, canaries) = (&self.questions.schema, &mut self.canaries);
                let mut leaf = |at: &str, scalar: &str| {
                    let field = at.rsplit('.').next().unwrap_or_default();
                    Some(match scalar {
                        _ if field == "scheme" => scheme.clone().into(),
                        "ID" => vocabulary.id_for_input(field, attempt)?.into(),
                        "UUID" => Uuid::new_v5(
                            &Uuid::NAMESPACE_OID,
                            format!("{name} {attempt}").as_bytes(),
                        )
                        .to_string()
                        .into(),
                        "String" if attempt % 2 == 0 || !is_code(field) => {
                            let word = canaries.word();
                            sent.insert(word.clone(), at.to_owned());
                            word.into()
                        }
                        "Date" if (field == "happenedOn") == (attempt == 3) => {
                            let day = canaries.day();
                            sent.insert(day.clone(), at.to_owned());
                            day.into()
                        }
                        "Int" => 1.into(),
                        "Boolean" => (field != "validateOnly").into(),
                        _ => return None,
                    })
                };
                let filled = forms.filled(&input, &name, &mut leaf);
                let variables = json!({ "input": filled });
                let answer = told.graphql(&told.token(asker, &scheme), &document, &variables);
                requests += 1;
                let told_back = answer.json();
                if told_back["data"][&name].is_object()
                    && told_back["data"][&name]["rejection"].is_null()
                {
                    accepted.insert(name.clone());
                }
                // The document asks for nothing but the "no", so nothing that was sent may come back.
                for canary in words(&answer.text) {
                    leaks.push(format!(
                        "{name} gives {} back: {}",
                        sent[&canary], answer.text
                    ));
                }
            }
        }
        leaks.extend(self.knock_wrongly(told, &scheme));
        let mut printed = BTreeSet::new();
        for canary in self.in_clear(&scheme) {
            let field = sent.get(&canary).cloned().unwrap_or_default();
            if self.declared.is_printed(&field) {
                printed.insert(canary);
            } else {
                leaks.push(format!("{field} stands in clear in the log"));
            }
        }
        let told = format!(
            "{requests} commands with {} canaries, {} of {} commands accepted at least once",
            sent.len(),
            accepted.len(),
            self.questions.schema.mutations().len()
        );
        Knocked {
            told,
            leaks,
            printed,
        }
    }

    /// Requests that are wrong in themselves, with something planted in each part.
    fn knock_wrongly(&mut self, told: &Told, scheme: &str) -> Vec<String> {
        let token = told.token(&Asker::coordinator(), scheme);
        let word = self.canaries.word().replace(" ë", "");
        let notices = format!("/v1/schemes/{scheme}/appointments");
        let wrong = json!({ "employer": word, "name": word, "post": word, "startsOn": word, "employeeNumber": word });
        // An address and the words of a document come back to whoever wrote them, so that they see what was wrong.
        told.get(&format!("/v1/schemes/{word}"), &token);
        told.get(&format!("/{word}"), &word);
        told.graphql(&token, &format!("{{ {word} }}"), &Value::Null);
        // What is given as a value does not.
        let entitlements = format!("/v1/schemes/{scheme}/entitlements");
        let by_number = format!("{entitlements}?employer={word}&employeeNumber={word}");
        let by_kind = format!("/v1/schemes/{scheme}/work-list?kind={word}");
        let key = [("idempotency-key", word.as_str())];
        let answers = [
            told.get(&by_number, &token),
            told.get(&by_kind, &token),
            told.post(&notices, &token, &key, &wrong.to_string()),
            told.post(&notices, &token, &key, &format!("{{{word}")),
            told.graphql(
                &token,
                &format!("{{ node(id: \"{word}\") {{ id }} }}"),
                &Value::Null,
            ),
            told.graphql(
                &token,
                "query($a: ID!) { node(id: $a) { id } }",
                &json!({ "a": { "b": word } }),
            ),
        ];
        let echoed = answers
            .iter()
            .filter(|answer| answer.status >= 500 || answer.text.contains(&word));
        echoed
            .map(|answer| {
                format!(
                    "what was wrong comes back: {} {}",
                    answer.status, answer.text
                )
            })
            .collect()
    }
}

/// Whether a field takes a code of the register or the policy, so that another word is refused.
fn is_code(field: &str) -> bool {
    ["employer", "post", "region", "shipped"].contains(&field)
}

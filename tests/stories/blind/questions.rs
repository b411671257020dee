//! Everything that can be asked of one scheme: documents as deep as the service allows, and routes.

use super::{
    documents::{DEEPEST, Question, Schema},
    people::Asker,
    told::{Answer, Told},
    vocabulary::Vocabulary,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Bytes of the longest document that the service looks at, or a little less.
const LONGEST: usize = 60_000;

/// Makes questions, and remembers how deep they may be.
pub struct Questions {
    pub schema: Schema,
    contract: Value,
    /// How deep each question may go before the service refuses it.
    depths: BTreeMap<String, usize>,
    covered: BTreeSet<(String, String)>,
}

/// What is asked of one scheme.
pub struct Asked {
    pub documents: Vec<Question>,
    pub routes: Vec<String>,
}

impl Questions {
    pub fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/openapi.json");
        let text = fs::read_to_string(path).expect("there is a contract");
        Self {
            schema: Schema::served(),
            contract: serde_json::from_str(&text).expect("it is JSON"),
            depths: BTreeMap::new(),
            covered: BTreeSet::new(),
        }
    }

    /// No type and no field of the schema was left out.
    pub fn everything_was_asked(&self) {
        let left_out: Vec<_> = self
            .schema
            .reachable()
            .difference(&self.covered)
            // What is explained of things is compared where the whole matrix is tried; every match is asked of its mentee. Proofs
            // are hashes, and nothing of them can be the same in two histories.
            .filter(|(of, field)| {
                let elsewhere = [
                    ("Query", "explain"),
                    ("Scheme", "match"),
                    ("Log", "inclusionProof"),
                    ("Log", "consistencyProof"),
                ];
                ![
                    "AccessExplanation",
                    "LogInclusionProof",
                    "LogConsistencyProof",
                ]
                .contains(&of.as_str())
                    && !elsewhere.contains(&(of.as_str(), field.as_str()))
            })
            .cloned()
            .collect();
        println!(
            "{} fields of the schema asked for, as deep as {:?}",
            self.covered.len(),
            self.depths.values().collect::<BTreeSet<_>>()
        );
        assert!(left_out.is_empty(), "never asked: {left_out:?}");
    }

    /// Everything that can be asked of `scheme`; all of `services` hold it and are asked alike.
    pub fn of(&mut self, services: &[&Told], scheme: &str) -> Asked {
        let coordinator = Asker::coordinator();
        let tokens: Vec<String> = services
            .iter()
            .map(|told| told.token(&coordinator, scheme))
            .collect();
        let ask = |question: &Question| -> Vec<Answer> {
            let all = services.iter().zip(&tokens);
            all.map(|(told, token)| told.ask(token, scheme, question))
                .collect()
        };
        let mut vocabulary = Vocabulary::default();
        for question in self.schema.of_the_scheme(&vocabulary, |_| 3) {
            let answers = ask(&question);
            answers
                .iter()
                .take(1)
                .for_each(|answer| vocabulary.learn(&answer.json()));
        }
        for depth in (1..=DEEPEST).rev() {
            let wanted = |root: &str| self.depths.get(root).copied().unwrap_or(depth);
            for question in self.all(&vocabulary, wanted) {
                let known = self.depths.contains_key(&question.root);
                if known || question.document.len() > LONGEST {
                    continue;
                }
                if !ask(&question).iter().any(Answer::is_too_large) {
                    self.depths.insert(question.root, depth);
                }
            }
        }
        let known = |root: &str| self.depths.get(root).copied().unwrap_or(1);
        let mut documents = self.all(&vocabulary, known);
        let covered: BTreeSet<_> = documents
            .iter()
            .flat_map(|one| one.covers.clone())
            .collect();
        let missing = self
            .schema
            .reachable()
            .difference(&covered)
            .cloned()
            .collect();
        let reaching = self.schema.reaching(&missing).into_iter();
        documents.extend(reaching.filter(|one| !ask(one).iter().any(Answer::is_too_large)));
        let covered = documents.iter().flat_map(|one| one.covers.clone());
        self.covered.extend(covered);
        Asked {
            documents,
            routes: self.routes(&vocabulary, scheme),
        }
    }

    /// Every question, as deep as `depth` says.
    fn all(&self, vocabulary: &Vocabulary, depth: impl Fn(&str) -> usize) -> Vec<Question> {
        let mut all = self.schema.of_the_scheme(vocabulary, &depth);
        all.extend(self.schema.of_the_service(&depth));
        for kind in self.schema.nodes() {
            let ids = vocabulary.ids.get(kind).into_iter().flatten().take(3);
            let depth = depth(&format!("node {kind}"));
            all.extend(ids.map(|id| self.schema.of_a_node(kind, id, depth)));
        }
        all
    }

    /// Every route that reads something of a scheme: plain, with each parameter, and with each two of them.
    fn routes(&self, vocabulary: &Vocabulary, scheme: &str) -> Vec<String> {
        let mut routes = Vec::new();
        for (path, methods) in self.contract["paths"].as_object().into_iter().flatten() {
            let path = path.replace("{scheme}", scheme);
            if methods["get"].is_null() || path.contains('{') || !path.contains(scheme) {
                continue;
            }
            let parameters = methods["get"]["parameters"]
                .as_array()
                .into_iter()
                .flatten();
            let names = parameters.filter_map(|one| one["name"].as_str());
            let given: Vec<Vec<String>> = names
                .map(|name| {
                    let values = vocabulary.candidates(name).into_iter().take(3);
                    let written = values.map(|value| value.replace(' ', "%20"));
                    written.map(|value| format!("{name}={value}")).collect()
                })
                .collect();
            routes.push(path.clone());
            for (index, some) in given.iter().enumerate() {
                routes.extend(some.iter().map(|one| format!("{path}?{one}")));
                for more in given[index + 1..].iter().flatten() {
                    routes.extend(some.iter().map(|one| format!("{path}?{one}&{more}")));
                }
            }
        }
        routes
    }
}

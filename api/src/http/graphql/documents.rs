//! Documents that were parsed and weighed before, kept for the next request that sends the same text.
//!
//! Two generations instead of a list of who was used when: a full young generation becomes the old one, and what is
//! found in the old is young again. Bounded by count and by bytes of text. Only documents that passed are kept, so
//! nobody can fill the memory with refusals. Validation is not remembered: it depends on the variables.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    Variables,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
        },
    },
};
use sha2::{Digest as _, Sha256};

use super::limits::{Limits, Refusal};
use crate::http::problem::Code;

const GENERATION_DOCUMENTS_MAX: usize = 256;
const GENERATION_BYTES_MAX: usize = 256 * 1024;

/// A document that may be executed, as far as its size goes.
#[derive(Debug)]
pub(super) struct Checked {
    pub document: ExecutableDocument,
    pub introspects: bool,
    bytes: usize,
}

pub(super) struct Documents {
    pub limits: Limits,
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<[u8; 32], Arc<Checked>>,
    young_bytes: usize,
    old: HashMap<[u8; 32], Arc<Checked>>,
}

impl Documents {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            generations: Mutex::default(),
        }
    }

    /// The parsed document, if it is within the limits.
    pub(super) fn check(&self, text: &str) -> Result<Arc<Checked>, Refusal> {
        if text.len() > self.limits.document_bytes_max {
            self.limits.check_text(text)?;
        }
        let key: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        if let Some(known) = self.generations().find(&key) {
            return Ok(known);
        }
        self.limits.check_text(text)?;
        let document = parse_query(text)
            .map_err(|error| Refusal::new(Code::SyntaxError, error.to_string()))?;
        let checked = Arc::new(Checked {
            introspects: self.limits.check_document(&document)?,
            bytes: text.len(),
            document,
        });
        self.generations().keep(key, Arc::clone(&checked));
        Ok(checked)
    }

    fn generations(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn find(&mut self, key: &[u8; 32]) -> Option<Arc<Checked>> {
        if let Some(known) = self.young.get(key) {
            return Some(Arc::clone(known));
        }
        let known = self.old.remove(key)?;
        self.keep(*key, Arc::clone(&known));
        Some(known)
    }

    fn keep(&mut self, key: [u8; 32], checked: Arc<Checked>) {
        let full = self.young.len() >= GENERATION_DOCUMENTS_MAX
            || self.young_bytes + checked.bytes > GENERATION_BYTES_MAX;
        if full {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += checked.bytes;
        self.young.insert(key, checked);
    }
}

impl Checked {
    /// Whether every operation asks for the schema itself and for nothing else.
    pub(super) fn only_introspects(&self) -> bool {
        let of_the_schema = |selection: &Selection| match selection {
            Selection::Field(field) => {
                matches!(
                    field.node.name.node.as_str(),
                    "__schema" | "__type" | "__typename"
                )
            }
            // What stands in a fragment at the root is not looked into: no tool writes one there.
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
        };
        self.introspects
            && self.document.operations.iter().all(|(_, operation)| {
                let set = &operation.node.selection_set.node;
                operation.node.ty == OperationType::Query
                    && set.items.iter().all(|item| of_the_schema(&item.node))
            })
    }

    /// The operation that a request with this `operationName` means, if the document leaves no doubt.
    pub(super) fn operation(&self, name: Option<&str>) -> Option<&OperationDefinition> {
        let found = match (&self.document.operations, name) {
            (DocumentOperations::Single(operation), None) => Some(operation),
            (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
            (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
                operations.values().next()
            }
            (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => {
                None
            }
        };
        found.map(|operation| &operation.node)
    }
}

/// Refuses a variable that must have a value and has none; the library finds out too late, or not at all.
pub(super) fn check_variables(
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        if definition.var_type.node.nullable {
            continue;
        }
        let name = &definition.name.node;
        let missing = match variables.get(name) {
            Some(value) => *value == async_graphql::Value::Null,
            None => definition.default_value.is_none(),
        };
        if missing {
            let message = format!("Variable `${name}` must have a value.");
            return Err(Refusal::new(Code::VariablesInvalid, message));
        }
    }
    Ok(())
}

/// Whether the operation changes anything or keeps listening.
pub(super) fn is_plain_query(operation: &OperationDefinition) -> bool {
    operation.ty == OperationType::Query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_parsed_once() {
        let documents = Documents::new(Limits::default());
        let first = documents.check("{ a }").unwrap();
        let second = documents.check("{ a }").unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_used_stays() {
        let documents = Documents::new(Limits::default());
        let used = documents.check("{ used }").unwrap();
        for index in 0..2_000 {
            documents.check(&format!("{{ a{index} }}")).unwrap();
            documents.check("{ used }").unwrap();
        }
        assert!(Arc::ptr_eq(&used, &documents.check("{ used }").unwrap()));
        let generations = documents.generations();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION_DOCUMENTS_MAX);
        assert!(generations.young_bytes <= GENERATION_BYTES_MAX);
    }

    #[test]
    fn refused_documents_are_not_kept() {
        let documents = Documents::new(Limits::default());
        assert_eq!(documents.check("{").unwrap_err().code, Code::SyntaxError);
        let deep = format!("{}{}", "{a".repeat(200), "}".repeat(200));
        assert_eq!(
            documents.check(&deep).unwrap_err().code,
            Code::DocumentTooDeep
        );
        assert!(documents.generations().young.is_empty());
    }

    #[test]
    fn a_required_variable_must_have_a_value() {
        let documents = Documents::new(Limits::default());
        let text = "query Q($id: ID!, $n: Int! = 1, $m: Int) { a(id: $id, n: $n, m: $m) }";
        let checked = documents.check(text).unwrap();
        let operation = checked.operation(None).unwrap();
        let with = |json| check_variables(operation, &Variables::from_json(json));
        assert!(with(serde_json::json!({ "id": "1" })).is_ok());
        assert!(with(serde_json::json!({})).is_err());
        assert!(with(serde_json::json!({ "id": null })).is_err());
        assert!(with(serde_json::json!({ "id": "1", "n": null })).is_err());
    }
}

//! What a parsed document amounts to, with every fragment looked at once.
//!
//! All sums saturate: fragments that double each other pass the largest number after sixty-four steps, and a sum that
//! wrapped around would make a monster look small.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned,
    parser::types::{FragmentDefinition, Selection, SelectionSet},
};

use super::limits::Refusal;
use crate::http::problem::Code;

/// What a selection amounts to once its fragments are spread out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weight {
    pub depth: usize,
    pub introspection_depth: usize,
    pub levels: usize,
    pub selections: usize,
    pub aliases: usize,
    pub directives: usize,
    pub duplicates: usize,
    pub introspects: bool,
}

impl Weight {
    pub(super) fn add_beside(&mut self, other: &Self) {
        self.depth = self.depth.max(other.depth);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.levels = self.levels.max(other.levels);
        add(&mut self.selections, other.selections);
        add(&mut self.aliases, other.aliases);
        add(&mut self.directives, other.directives);
        add(&mut self.duplicates, other.duplicates);
        self.introspects |= other.introspects;
    }
}

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Weighs the selections of one document.
pub(super) struct Scale<'d> {
    fragments: &'d Fragments,
    /// `None` while the fragment is being weighed: meeting it then is a cycle.
    known: HashMap<&'d str, Option<Weight>>,
    /// Selections that are being weighed, each inside the one before.
    open: usize,
}

/// Deeper than any document that could pass; the weighing itself must not run out of stack.
const OPEN_MAX: usize = 100;

impl<'d> Scale<'d> {
    pub(super) fn new(fragments: &'d Fragments) -> Self {
        Self {
            fragments,
            known: HashMap::new(),
            open: 0,
        }
    }

    pub(super) fn weigh(&mut self, set: &'d SelectionSet) -> Result<Weight, Refusal> {
        if self.open == OPEN_MAX {
            let message = format!("At most {OPEN_MAX} fields and fragments inside each other.");
            return Err(Refusal::new(Code::DocumentTooDeep, message));
        }
        self.open += 1;
        let mut sum = Weight::default();
        let mut seen: HashSet<&str> = HashSet::with_capacity(set.items.len());
        for selection in &set.items {
            let mut weight = match &selection.node {
                Selection::Field(field) => {
                    let mut weight = self.weigh(&field.node.selection_set.node)?;
                    let name = field.node.name.node.as_str();
                    add(&mut weight.depth, 1);
                    if matches!(name, "__schema" | "__type") {
                        weight.introspects = true;
                        weight.introspection_depth = std::mem::take(&mut weight.depth);
                    }
                    add(&mut weight.aliases, usize::from(field.node.alias.is_some()));
                    let key = field.node.response_key().node.as_str();
                    add(&mut weight.duplicates, usize::from(!seen.insert(key)));
                    weight
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let mut weight = self.weigh_fragment(name)?;
                    // A spread and a field may share a name without repeating each other; that is rare and harmless.
                    add(&mut weight.duplicates, usize::from(!seen.insert(name)));
                    weight
                }
                Selection::InlineFragment(inline) => self.weigh(&inline.node.selection_set.node)?,
            };
            add(&mut weight.selections, 1);
            add(&mut weight.levels, 1);
            add(&mut weight.directives, selection.node.directives().len());
            sum.add_beside(&weight);
        }
        self.open -= 1;
        Ok(sum)
    }

    pub(super) fn weigh_fragment(&mut self, name: &str) -> Result<Weight, Refusal> {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else {
            return Ok(Weight::default()); // Validation will say that it is not there.
        };
        match self.known.get(name.as_str()) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => {
                let message = "A fragment contains itself.";
                return Err(Refusal::new(Code::DocumentFragmentCycle, message));
            }
            None => {}
        }
        self.known.insert(name, None);
        let mut weight = self.weigh(&fragment.node.selection_set.node)?;
        add(&mut weight.directives, fragment.node.directives.len());
        self.known.insert(name, Some(weight));
        Ok(weight)
    }

    /// Fields at the root, fragments spread out. Called after `weigh`, so there is no cycle left to fall into; and
    /// a fragment is counted as often as it is spread, which `selections` has bounded only later, hence the cut.
    pub(super) fn root_fields(&self, set: &SelectionSet) -> usize {
        let mut count = 0_usize;
        let mut waiting: Vec<&SelectionSet> = vec![set];
        let mut visits = 0;
        while let Some(set) = waiting.pop() {
            visits += 1;
            if visits > 1_000 {
                return usize::MAX;
            }
            for selection in &set.items {
                match &selection.node {
                    Selection::Field(_) => count = count.saturating_add(1),
                    Selection::InlineFragment(inline) => {
                        waiting.push(&inline.node.selection_set.node);
                    }
                    Selection::FragmentSpread(spread) => {
                        let fragment = self.fragments.get(&spread.node.fragment_name.node);
                        waiting.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                    }
                }
            }
        }
        count
    }
}

/// The only way in which anything is added here.
fn add(sum: &mut usize, more: usize) {
    *sum = sum.saturating_add(more);
}

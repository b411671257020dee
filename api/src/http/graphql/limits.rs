//! How large a document may be, decided before the schema looks at it.
//!
//! The library's own limits act during validation, and validation of forty thousand aliases has by then cost a tenth
//! of a second. Here the text is measured before it is parsed, and the parsed document is weighed with each fragment
//! looked at once, so that fragments which spread each other double nothing but a number.

use async_graphql::parser::types::ExecutableDocument;

use super::{
    tokens,
    weight::{Scale, Weight},
};
use crate::http::problem::Code;

/// Who may ask for the schema itself.
///
/// Without a token the text of it is served as it lies there, which costs nothing. To walk it by introspection costs as much
/// as a large answer, so that takes a token unless it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Introspection {
    /// Anybody, without a token too.
    Open,
    /// Whoever holds a token; the text of the schema is anybody's.
    #[default]
    SignedIn,
    /// Nobody, and the text is not served either.
    Off,
}

/// What a document, its body and its answer may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request's body, and of a message on a connection.
    pub body_bytes_max: usize,
    /// Bytes of the document inside it.
    pub document_bytes_max: usize,
    /// Tokens of the document.
    pub tokens_max: usize,
    /// Nesting of braces, brackets and parentheses in the text, so that no parser is led into the depth.
    pub nesting_max: usize,
    /// Nesting of the JSON around it, variables included.
    pub json_nesting_max: usize,
    /// Fields inside fields.
    pub depth_max: usize,
    /// The same under `__schema` and `__type`; the usual introspection query needs 15.
    pub introspection_depth_max: usize,
    /// Fields and fragments inside each other, where the library stops at 32 without a code.
    pub levels_max: usize,
    /// Aliases, fragments spread out.
    pub aliases_max: usize,
    /// Directives, fragments spread out.
    pub directives_max: usize,
    /// Repetitions of a field or of a spread within one selection.
    pub duplicates_max: usize,
    /// Fields at the root of all operations together.
    pub root_fields_max: usize,
    /// Selections of all operations and fragments, each spread out.
    pub selections_max: usize,
    /// Definitions of fragments.
    pub fragments_max: usize,
    /// How long a query or mutation may take.
    pub timeout: std::time::Duration,
    /// Operations at once on one WebSocket.
    pub operations_max: usize,
    /// Who may ask for the schema itself.
    pub introspection: Introspection,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 256 * 1024,
            document_bytes_max: 64 * 1024,
            tokens_max: 4_000,
            nesting_max: 32,
            json_nesting_max: 32,
            depth_max: 10,
            introspection_depth_max: 15,
            levels_max: 30,
            aliases_max: 50,
            directives_max: 50,
            duplicates_max: 20,
            root_fields_max: 20,
            selections_max: 10_000,
            fragments_max: 100,
            timeout: std::time::Duration::from_secs(10),
            operations_max: 50,
            introspection: Introspection::default(),
        }
    }
}

/// Why a document was not executed: a published code and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: Code,
    pub message: String,
}

impl Refusal {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl Limits {
    /// Measures the text, before anything is built from it.
    pub(super) fn check_text(&self, text: &str) -> Result<(), Refusal> {
        let over = |code, what, max| Err(Refusal::new(code, format!("At most {max} {what}.")));
        if text.len() > self.document_bytes_max {
            let what = "bytes a document";
            return over(Code::DocumentTooLong, what, self.document_bytes_max);
        }
        let shape = tokens::measure_document(text, self.tokens_max);
        if shape.nesting > self.nesting_max {
            let what = "braces inside each other";
            return over(Code::DocumentTooDeep, what, self.nesting_max);
        }
        if shape.tokens > self.tokens_max {
            let what = "tokens a document";
            return over(Code::DocumentTooManyTokens, what, self.tokens_max);
        }
        Ok(())
    }

    /// Weighs the parsed document. The answer is whether it asks for the schema itself.
    pub(super) fn check_document(&self, document: &ExecutableDocument) -> Result<bool, Refusal> {
        let mut scale = Scale::new(&document.fragments);
        let mut all = Weight::default();
        let mut root_fields = 0_usize;
        for (_, operation) in document.operations.iter() {
            let set = &operation.node.selection_set.node;
            all.add_beside(&scale.weigh(set)?);
            root_fields = root_fields.saturating_add(scale.root_fields(set));
            let variables = operation.node.variable_definitions.iter();
            let on_variables: usize = variables.map(|one| one.node.directives.len()).sum();
            let directives = operation.node.directives.len() + on_variables;
            all.directives = all.directives.saturating_add(directives);
        }
        // Those that no operation uses are validated too, so they count.
        let mut selections = all.selections;
        for name in document.fragments.keys() {
            selections = selections.saturating_add(scale.weigh_fragment(name)?.selections);
        }
        self.judge(
            &all,
            &[
                (
                    document.fragments.len(),
                    self.fragments_max,
                    Code::DocumentTooManySelections,
                    "fragments a document",
                ),
                (
                    selections,
                    self.selections_max,
                    Code::DocumentTooManySelections,
                    "selections once fragments are spread out",
                ),
                (
                    root_fields,
                    self.root_fields_max,
                    Code::DocumentTooManyRootFields,
                    "fields at the root",
                ),
            ],
        )?;
        Ok(all.introspects)
    }

    fn judge(&self, all: &Weight, more: &[(usize, usize, Code, &str)]) -> Result<(), Refusal> {
        let own = [
            (
                all.depth,
                self.depth_max,
                Code::DocumentTooDeep,
                "fields inside each other",
            ),
            (
                all.introspection_depth,
                self.introspection_depth_max,
                Code::DocumentTooDeep,
                "fields inside each other under `__schema`",
            ),
            (
                all.levels,
                self.levels_max,
                Code::DocumentTooDeep,
                "fields and fragments inside each other",
            ),
            (
                all.aliases,
                self.aliases_max,
                Code::DocumentTooManyAliases,
                "aliases",
            ),
            (
                all.directives,
                self.directives_max,
                Code::DocumentTooManyDirectives,
                "directives",
            ),
            (
                all.duplicates,
                self.duplicates_max,
                Code::DocumentTooManyDuplicates,
                "repetitions of a field",
            ),
        ];
        for (found, max, code, what) in own.iter().chain(more) {
            if found > max {
                return Err(Refusal::new(*code, format!("At most {max} {what}.")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use async_graphql::parser::parse_query;

    use super::*;

    fn check(text: &str) -> Result<bool, Code> {
        let limits = Limits::default();
        limits
            .check_text(text)
            .and_then(|()| limits.check_document(&parse_query(text).unwrap()))
            .map_err(|refusal| refusal.code)
    }

    fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
        (0..count).map(one).collect::<Vec<_>>().concat()
    }

    fn chain(levels: usize) -> String {
        (1..levels).fold("{ a }".to_owned(), |inner, _| format!("{{ a {inner} }}"))
    }

    #[test]
    fn depth_ends_at_ten_and_two_hundred_are_not_even_parsed() {
        assert_eq!(check(&chain(10)), Ok(false));
        assert_eq!(check(&chain(11)), Err(Code::DocumentTooDeep));
        let deep = chain(200);
        let refusal = Limits::default().check_text(&deep).unwrap_err();
        assert_eq!(refusal.code, Code::DocumentTooDeep);
    }

    #[test]
    fn introspection_has_a_depth_of_its_own() {
        let inner = chain(14);
        assert_eq!(check(&format!("{{ __schema {inner} }}")), Ok(true));
        let inner = chain(15);
        assert_eq!(
            check(&format!("{{ __schema {inner} }}")),
            Err(Code::DocumentTooDeep)
        );
        assert_eq!(check("{ __typename }"), Ok(false));
    }

    #[test]
    fn ten_thousand_aliases_are_not_even_parsed() {
        let mut text = String::from("{");
        for index in 0..10_000 {
            write!(text, "a{index}:b ").unwrap();
        }
        text.push('}');
        assert!(Limits::default().check_text(&text).is_err());
        let aliased = |count: usize| {
            let fields = numbered(count, |index| format!("a{index}: b "));
            format!("{{ a {{ {fields} }} }}")
        };
        assert_eq!(check(&aliased(50)), Ok(false));
        assert_eq!(check(&aliased(51)), Err(Code::DocumentTooManyAliases));
    }

    #[test]
    fn repetition_directives_and_roots_are_bounded() {
        let inside = |text: &str, count| format!("{{ a {{ {} }} }}", text.repeat(count));
        assert_eq!(check(&inside("b ", 21)), Ok(false));
        assert_eq!(
            check(&inside("b ", 22)),
            Err(Code::DocumentTooManyDuplicates)
        );
        let spreads = |count| format!("{} fragment F on T {{ b }}", inside("...F ", count));
        assert_eq!(check(&spreads(22)), Err(Code::DocumentTooManyDuplicates));
        let directives = format!("{{ a {} }}", "@x ".repeat(51));
        assert_eq!(check(&directives), Err(Code::DocumentTooManyDirectives));
        let roots = numbered(21, |index| format!("a{index} "));
        assert_eq!(
            check(&format!("{{ {roots} }}")),
            Err(Code::DocumentTooManyRootFields)
        );
    }

    #[test]
    fn fragments_that_double_each_other_are_weighed_without_being_spread() {
        let mut text = String::from("{ a { ...F0 } }");
        for index in 0..25 {
            let next = index + 1;
            write!(
                text,
                " fragment F{index} on T {{ x {{ ...F{next} }} y {{ ...F{next} }} }}"
            )
            .unwrap();
        }
        text.push_str(" fragment F25 on T { z }");
        assert!(check(&text).is_err());
        let wide = "{ ...A ...B } fragment A on T { ...B ...B } fragment B on T { a b c }";
        assert_eq!(check(wide), Ok(false));
    }

    /// Each name spread once, so nothing repeats itself; spread out it is 2 to the power of `steps`.
    fn doubling(steps: usize) -> String {
        let pairs = numbered(steps, |step| {
            let next = step + 1;
            let inside = format!("on T {{ ...A{next} ...B{next} }} ");
            format!("fragment A{step} {inside} fragment B{step} {inside}")
        });
        format!(
            "{{ ...A0 }} {pairs} fragment A{steps} on T {{ a: b }} fragment B{steps} on T {{ c: d }}"
        )
    }

    #[test]
    fn no_number_of_doublings_makes_a_monster_look_small() {
        assert_eq!(check(&doubling(3)), Ok(false));
        for steps in [20, 63, 64, 65, 90] {
            let started = std::time::Instant::now();
            assert!(check(&doubling(steps)).is_err(), "{steps}");
            assert!(
                started.elapsed() < std::time::Duration::from_millis(500),
                "{steps}"
            );
        }
    }

    #[test]
    fn a_long_chain_of_fragments_does_not_exhaust_the_stack() {
        let links = numbered(400, |link| {
            format!("fragment F{link} on T {{ ...F{} }} ", link + 1)
        });
        let text = format!("{{ ...F0 }} {links} fragment F400 on T {{ a }}");
        assert_eq!(check(&text), Err(Code::DocumentTooDeep));
    }

    #[test]
    fn a_fragment_that_contains_itself_is_refused() {
        let text = "{ a { ...F } } fragment F on T { b { ...G } } fragment G on T { c { ...F } }";
        assert_eq!(check(text), Err(Code::DocumentFragmentCycle));
        assert_eq!(
            check("{ a } fragment F on T { ...F }"),
            Err(Code::DocumentFragmentCycle)
        );
    }
}

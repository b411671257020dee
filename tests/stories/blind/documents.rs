//! The widest documents there are: made of the schema, so that a new field is asked for without a line here.

use super::vocabulary::Vocabulary;
use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
    },
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The types of the schema, by name.
pub struct Schema(BTreeMap<String, TypeKind>);

/// A question of a scheme: what it asks, and the document without the scheme's id, which stands as `$scheme`.
#[derive(Debug, Clone)]
pub struct Question {
    /// What it asks first.
    pub root: String,
    /// The document.
    pub document: String,
    /// Types and fields that it selects.
    pub covers: BTreeSet<(String, String)>,
}

const PAGES: [&str; 5] = ["first", "last", "after", "before", "atLeast"];
/// As deep as the service lets anybody ask.
pub const DEEPEST: usize = 8;

impl Schema {
    /// The schema as it is served.
    pub fn served() -> Self {
        let document = parse_schema(api::graphql::sdl()).expect("the schema is one");
        let types = document
            .definitions
            .into_iter()
            .filter_map(|one| match one {
                TypeSystemDefinition::Type(one) => {
                    Some((one.node.name.node.to_string(), one.node.kind))
                }
                _ => None,
            });
        Self(types.collect())
    }

    fn fields(&self, of: &str) -> Vec<&FieldDefinition> {
        match self.0.get(of) {
            Some(TypeKind::Object(object)) => {
                object.fields.iter().map(|field| &field.node).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Types that can be asked for by id.
    pub fn nodes(&self) -> Vec<&str> {
        let all = self.0.iter().filter(|(_, kind)| {
            matches!(kind, TypeKind::Object(object)
                if object.implements.iter().any(|name| name.node == "Node"))
        });
        all.map(|(name, _)| name.as_str()).collect()
    }

    /// Every type and field that an answer can hold.
    pub fn reachable(&self) -> BTreeSet<(String, String)> {
        let (mut waiting, mut all) = (vec!["Query".to_owned()], BTreeSet::new());
        waiting.extend(self.nodes().into_iter().map(str::to_owned));
        let mut seen = BTreeSet::new();
        while let Some(of) = waiting.pop() {
            if !seen.insert(of.clone()) {
                continue;
            }
            for field in self.fields(&of) {
                all.insert((of.clone(), field.name.node.to_string()));
                waiting.push(named(&field.ty.node).to_owned());
            }
        }
        all
    }

    /// What the scheme itself can be asked, each as deep as `depth` says for it.
    pub fn of_the_scheme(
        &self,
        vocabulary: &Vocabulary,
        depth: impl Fn(&str) -> usize,
    ) -> Vec<Question> {
        let mut questions = Vec::new();
        for field in self.fields("Scheme") {
            let name = field.name.node.as_str();
            for arguments in self.required(field, vocabulary) {
                let depth = depth(name);
                questions.push(self.question(name, field, &arguments, depth));
            }
            for arguments in self.optional(field, vocabulary) {
                questions.push(self.question(&format!("{name} by argument"), field, &arguments, 3));
            }
        }
        questions
    }

    fn question(&self, root: &str, field: &FieldDefinition, given: &str, depth: usize) -> Question {
        let mut covers = BTreeSet::from([("Query".to_owned(), "scheme".to_owned())]);
        let given = paged(field, given, 20);
        let mut path = vec!["Scheme".to_owned()];
        let inside = self.selected(field, "Scheme", &given, depth, &mut path, &mut covers);
        Question {
            root: root.to_owned(),
            document: format!(
                "query($scheme: ID!) {{ scheme(id: $scheme) {{ {} }} }}",
                inside.unwrap_or_else(|| "id".to_owned())
            ),
            covers,
        }
    }

    /// The shortest way to fields that no other document reaches, each with what stands directly in it.
    pub fn reaching(&self, missing: &BTreeSet<(String, String)>) -> Vec<Question> {
        let ways = self.ways();
        let question = |(of, name): &(String, String)| {
            let way = ways.get(of)?;
            let field = self
                .fields(of)
                .into_iter()
                .find(|one| one.name.node == name.as_str())?;
            if !field.arguments.iter().all(|one| optional(&one.node)) {
                return None;
            }
            let (mut covers, given) = (BTreeSet::new(), paged(field, "", 4));
            let last = self.selected(field, of, &given, 2, &mut Vec::new(), &mut covers)?;
            let document = way
                .iter()
                .rev()
                .fold(last, |inside, one| format!("{one} {{ {inside} }}"));
            Some(Question {
                root: format!("{of}.{name}"),
                document: format!("query($scheme: ID!) {{ scheme(id: $scheme) {{ {document} }} }}"),
                covers,
            })
        };
        missing.iter().filter_map(question).collect()
    }

    /// The fields from a scheme to each type, along the fewest.
    fn ways(&self) -> BTreeMap<String, Vec<String>> {
        let mut ways = BTreeMap::from([("Scheme".to_owned(), Vec::new())]);
        let mut waiting = vec!["Scheme".to_owned()];
        while !waiting.is_empty() {
            let mut next = Vec::new();
            for of in waiting {
                for field in self.fields(&of) {
                    let target = named(&field.ty.node);
                    let free = field.arguments.iter().all(|one| optional(&one.node));
                    if free && !self.fields(target).is_empty() && !ways.contains_key(target) {
                        let mut way = ways[&of].clone();
                        let given = paged(field, "", 20);
                        let arguments = if given.is_empty() {
                            given
                        } else {
                            format!("({given})")
                        };
                        way.push(format!("{}{arguments}", field.name.node));
                        ways.insert(target.to_owned(), way);
                        next.push(target.to_owned());
                    }
                }
            }
            waiting = next;
        }
        ways
    }

    /// What stands beside the scheme: who is asking, and all schemes.
    pub fn of_the_service(&self, depth: impl Fn(&str) -> usize) -> Vec<Question> {
        let free = |field: &&FieldDefinition| field.arguments.iter().all(|one| optional(&one.node));
        let fields = self.fields("Query").into_iter().filter(free);
        let question = |field: &FieldDefinition| {
            let (mut covers, mut path) = (BTreeSet::new(), vec!["Query".to_owned()]);
            let root = field.name.node.as_str();
            let inside = self.selected(field, "Query", "", depth(root), &mut path, &mut covers);
            Question {
                root: root.to_owned(),
                document: format!("{{ {} }}", inside.unwrap_or_default()),
                covers,
            }
        };
        fields.map(question).collect()
    }

    /// A thing by its id, as deep as it goes.
    pub fn of_a_node(&self, kind: &str, id: &str, depth: usize) -> Question {
        let mut covers = BTreeSet::from([("Query".to_owned(), "node".to_owned())]);
        let mut path = vec![kind.to_owned()];
        let inside = self.selection(kind, depth, &mut path, &mut covers);
        Question {
            root: format!("node {kind}"),
            document: format!(
                "{{ node(id: {id:?}) {{ __typename ... on {kind} {{ {} }} }} }}",
                inside.unwrap_or_else(|| "id".to_owned())
            ),
            covers,
        }
    }

    fn selected(
        &self,
        field: &FieldDefinition,
        of: &str,
        given: &str,
        depth: usize,
        path: &mut Vec<String>,
        covers: &mut BTreeSet<(String, String)>,
    ) -> Option<String> {
        let (name, target) = (field.name.node.as_str(), named(&field.ty.node));
        let arguments = if given.is_empty() {
            String::new()
        } else {
            format!("({given})")
        };
        let composite = !self.fields(target).is_empty();
        if composite && (depth == 0 || path.iter().any(|one| one == target)) {
            return None;
        }
        let inside = if composite {
            path.push(target.to_owned());
            let inside = self.selection(target, depth - 1, path, covers);
            path.pop();
            format!(" {{ {} }}", inside?)
        } else {
            String::new()
        };
        covers.insert((of.to_owned(), name.to_owned()));
        Some(format!("{name}{arguments}{inside}"))
    }

    fn selection(
        &self,
        of: &str,
        depth: usize,
        path: &mut Vec<String>,
        covers: &mut BTreeSet<(String, String)>,
    ) -> Option<String> {
        let free = |field: &&FieldDefinition| field.arguments.iter().all(|one| optional(&one.node));
        let parts: Vec<String> = self
            .fields(of)
            .into_iter()
            .filter(free)
            .filter_map(|field| {
                // An entry behind an answer is asked for elsewhere; everywhere it would drown the rest.
                let given = paged(field, "", 4);
                self.selected(field, of, &given, depth, path, covers)
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Every mutation: its name, the type of its input, and a document that takes the input as `$input`.
    pub fn mutations(&self) -> Vec<(String, String, String)> {
        let fields = self.fields("Mutation").into_iter();
        let one = |field: &FieldDefinition| {
            let name = field.name.node.to_string();
            let input = named(&field.arguments.first()?.node.ty.node).to_owned();
            let document = format!(
                "mutation($input: {input}!) {{ {name}(input: $input) {{ rejection {{ code message }} }} }}"
            );
            Some((name, input, document))
        };
        fields.filter_map(one).collect()
    }

    /// A value of an input type, with everything given that may be; `leaf` makes what is a scalar, from the place in the
    /// input and the name of the scalar.
    pub fn filled(
        &self,
        of: &str,
        at: &str,
        leaf: &mut impl FnMut(&str, &str) -> Option<Value>,
    ) -> Option<Value> {
        match self.0.get(of) {
            Some(TypeKind::Enum(choices)) => {
                let first = choices.values.first()?;
                Some(first.node.value.node.to_string().into())
            }
            Some(TypeKind::InputObject(input)) => {
                let mut members = serde_json::Map::new();
                for member in input.fields.iter().map(|one| &one.node) {
                    let name = member.name.node.to_string();
                    let at = format!("{at}.{name}");
                    let filled = self.filled(named(&member.ty.node), &at, leaf);
                    let listed = matches!(&member.ty.node.base, BaseType::List(_));
                    if let Some(one) = filled {
                        members.insert(name, if listed { vec![one].into() } else { one });
                    }
                }
                Some(Value::Object(members))
            }
            _ => leaf(at, of),
        }
    }

    /// The ways to give a field what it must have; one empty way, if that is nothing.
    fn required(&self, field: &FieldDefinition, vocabulary: &Vocabulary) -> Vec<String> {
        let mut ways = vec![String::new()];
        for argument in field.arguments.iter().map(|one| &one.node) {
            if optional(argument) {
                continue;
            }
            let values = self.values(argument, vocabulary, named(&field.ty.node));
            ways = ways
                .iter()
                .flat_map(|way| {
                    let values = values.iter().take(4);
                    values.map(move |value| format!("{way} {}: {value}", argument.name.node))
                })
                .collect();
        }
        ways
    }

    /// Every argument that may be given, each by itself; and an employer together with its number for somebody.
    fn optional(&self, field: &FieldDefinition, vocabulary: &Vocabulary) -> Vec<String> {
        let Some(must) = self.required(field, vocabulary).into_iter().next() else {
            return Vec::new();
        };
        let arguments = field.arguments.iter().map(|one| &one.node);
        let arguments: Vec<_> = arguments
            .filter(|one| optional(one) && !PAGES.contains(&one.name.node.as_str()))
            .collect();
        let given = |argument: &InputValueDefinition| -> Vec<String> {
            let values = self.values(argument, vocabulary, named(&field.ty.node));
            let all = values.iter();
            all.map(|value| format!("{}: {value}", argument.name.node))
                .collect()
        };
        let mut ways: Vec<String> = arguments.iter().flat_map(|one| given(one)).collect();
        for (index, one) in arguments.iter().enumerate() {
            for other in &arguments[index + 1..] {
                let both = given(one).into_iter().take(3).flat_map(|one| {
                    given(other)
                        .into_iter()
                        .take(3)
                        .map(move |other| format!("{one} {other}"))
                });
                ways.extend(both);
            }
        }
        ways.iter().map(|way| format!("{must} {way}")).collect()
    }

    /// Some values that an argument can have.
    fn values(
        &self,
        argument: &InputValueDefinition,
        vocabulary: &Vocabulary,
        answered: &str,
    ) -> Vec<String> {
        let name = argument.name.node.as_str();
        match named(&argument.ty.node) {
            "Boolean" => vec!["true".to_owned(), "false".to_owned()],
            "Int" => vec!["1".to_owned(), "5".to_owned()],
            "Date" => vec!["\"2026-03-20\"".to_owned(), "\"2026-06-01\"".to_owned()],
            "Position" => vec!["\"1\"".to_owned(), "\"3\"".to_owned()],
            "ID" => vocabulary.ids_for(name, answered),
            "String" => vocabulary.words_for(name),
            other => match self.0.get(other) {
                Some(TypeKind::Enum(choices)) => {
                    let values = choices.values.iter();
                    values.map(|one| one.node.value.node.to_string()).collect()
                }
                Some(TypeKind::InputObject(input)) => {
                    let members = input.fields.iter().map(|one| &one.node);
                    let one = |member: &InputValueDefinition| {
                        let listed = matches!(&member.ty.node.base, BaseType::List(_));
                        let values = self
                            .values(member, vocabulary, answered)
                            .into_iter()
                            .take(3);
                        let name = member.name.node.clone();
                        values
                            .map(|value| if listed { format!("[{value}]") } else { value })
                            .map(|value| format!("{{ {name}: {value} }}"))
                            .collect::<Vec<_>>()
                    };
                    members.flat_map(one).collect()
                }
                _ => Vec::new(),
            },
        }
    }
}

fn paged(field: &FieldDefinition, given: &str, page: usize) -> String {
    let has = |name: &str| field.arguments.iter().any(|one| one.node.name.node == name);
    if has("first") {
        format!("first: {page} {given}")
    } else {
        given.to_owned()
    }
}

fn optional(argument: &InputValueDefinition) -> bool {
    argument.ty.node.nullable || argument.default_value.is_some()
}

fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

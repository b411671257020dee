//! What was planted for somebody is found nowhere at all once they were forgotten, and nothing in the history leads to them.

use super::{
    canary::Place,
    people::Asker,
    planted::Planted,
    searched::{days, words},
    told::{Told, scheme},
};
use crate::harness::records;
use api::dispatch::{System, codec};
use domain::{Particulars, Recorded, Scheme, evolve, identifiers::PersonId};
use event_log::{Embedded, Options, SchemeId};
use serde_json::{Value, json};
use std::{cell::Cell, collections::BTreeSet, path::Path, sync::Arc};
use uuid::Uuid;

/// R308: the history stays whole. After everybody was forgotten nobody sees anything of it, and nobody who holds every file can read it.
#[test]
fn what_was_sealed_for_somebody_forgotten_is_found_nowhere_at_all() {
    let mut place = Place::planted();
    let before = place.readable();
    assert!(before > 500, "{before} canaries can be read with the keys");
    place.forget_everybody();
    assert_eq!(place.readable(), 0, "with every key that is left");
    let told = Told::serve(&place.data(), &[]);
    let seen = place.ask_everybody(&told);
    assert_eq!(
        seen.canaries,
        BTreeSet::new(),
        "of {} answers",
        seen.answers
    );
    assert!(seen.leaks.is_empty(), "{}", seen.leaks.join("\n"));
    told.stop();
    place.nothing_lies_about_but(&BTreeSet::new());
}

/// Whoever knows who was director where and when finds nobody in the records by it.
#[test]
fn a_list_of_who_was_director_where_and_when_leads_to_no_record() {
    let place = Place::planted();
    let list = place.directors();
    assert!(list.len() > 20, "{} directors are on the list", list.len());
    place.forget_everybody();
    let register = domain::shipped::register();
    for number in 0..place.histories.len() {
        for record in records(&place.data(), &scheme(number)) {
            let subjects: Vec<&Director> = list
                .iter()
                .filter(|one| record.subjects.contains(&one.person))
                .collect();
            if record.kind.ends_with(".adopted") || subjects.is_empty() {
                continue;
            }
            let clear = record.data.to_string();
            for one in &subjects {
                for told in one.told() {
                    let quoted = format!("\"{told}\"");
                    assert!(
                        !clear.contains(&quoted),
                        "{} tells {told:?}: {clear}",
                        record.kind
                    );
                }
            }
            let (Some(region), Some(kind)) = (
                record.data["region"].as_str(),
                record.data["employer_kind"].as_str(),
            ) else {
                continue;
            };
            let alike = register.employers.iter().filter(|employer| {
                employer.region.as_deref() == Some(region) && json!(employer.kind) == json!(kind)
            });
            let alike = alike.count();
            assert!(alike >= 5, "{alike} employers are {kind} in {region}");
        }
    }
}

/// Somebody on a public list.
struct Director {
    person: Uuid,
    facts: Value,
}

impl Director {
    /// What the list says of them.
    fn told(&self) -> impl Iterator<Item = &str> {
        let members = ["employer", "post", "starts_on", "ends_on"];
        members
            .into_iter()
            .filter_map(|name| self.facts[name].as_str())
    }
}

impl Place {
    /// How many canaries can be read with whatever keys there are.
    fn readable(&self) -> usize {
        let mut read = BTreeSet::new();
        for number in 0..self.histories.len() {
            let vault = vault(&self.data(), &scheme(number));
            for record in records(&self.data(), &scheme(number)) {
                let recorded = codec::understand(&record, &vault).expect("understood");
                let text = recorded.event.data().expect("JSON").to_string();
                read.extend(words(&text));
                read.extend(days(&text));
            }
        }
        read.len()
    }

    /// Forgets everybody whom the scheme knows, as a coordinator and an administrator do: what holds them is settled first.
    fn forget_everybody(&self) {
        let told = Told::serve(&self.data(), &[]);
        for (number, history) in self.histories.iter().enumerate() {
            let forgetting = Forgetting::of(&told, scheme(number), history);
            forgetting.settle_concerns();
            let everybody = forgetting.everybody();
            assert!(!everybody.is_empty(), "somebody is known");
            // All are asked for first: some can only be forgotten together with another.
            for person in &everybody {
                forgetting.ask(*person);
            }
            let confirmed = everybody.iter().map(|one| forgetting.confirm(*one));
            let refused: BTreeSet<_> = confirmed.flatten().collect();
            for person in &everybody {
                let gone = forgetting.ask(*person);
                let gone = gone.is_some_and(|code| code == "person_erased");
                assert!(gone, "{person} is left, for {refused:?}");
            }
        }
        told.stop();
    }

    /// Who was director where and when, as the newspapers would have it.
    fn directors(&self) -> Vec<Director> {
        let all = self
            .canaries
            .all
            .values()
            .filter(|one| one.place.path.starts_with("/facts"));
        let one = |planted: &Planted| Director {
            person: planted.subject,
            facts: planted.whole.clone(),
        };
        all.map(one).collect()
    }
}

/// Forgetting the people of one scheme through the running service.
struct Forgetting<'a> {
    told: &'a Told,
    id: String,
    scheme: Scheme,
    particulars: Particulars,
    /// Who asks, and who confirms: two people.
    tokens: [String; 2],
    commands: Cell<u32>,
}

impl<'a> Forgetting<'a> {
    fn of(told: &'a Told, id: String, history: &[Recorded]) -> Self {
        let (mut scheme, mut particulars) = (Scheme::default(), Particulars::default());
        for recorded in history {
            evolve(&mut scheme, recorded).expect("it happened");
            particulars.learn(recorded);
        }
        let tokens =
            [Asker::coordinator(), Asker::administrator()].map(|asker| told.token(&asker, &id));
        Self {
            told,
            id,
            scheme,
            particulars,
            tokens,
            commands: Cell::new(0),
        }
    }

    /// Everybody who takes part, or of whom the scheme has heard in a post.
    fn everybody(&self) -> BTreeSet<PersonId> {
        let known = self.scheme.mentors.keys().chain(self.scheme.mentees.keys());
        let held = self.scheme.holdings.values().filter(|held| held.was_held);
        known.copied().chain(held.map(|held| held.person)).collect()
    }

    /// Closes every concern that is open: it would hold an erasure.
    fn settle_concerns(&self) {
        let concerns = self.particulars.confidences().concerns();
        for concern in concerns.filter(|concern| concern.closed.is_none()) {
            let concern = json!({ "concern": format!("{}:Concern:{}", self.id, concern.id) });
            for name in ["acknowledgeConcern", "closeConcern"] {
                let refused = self.tell(&self.tokens[0], name, concern.clone());
                assert_eq!(refused, None, "{name}");
            }
        }
    }

    /// Lifts what holds it, and asks for it; the code of the "no".
    fn ask(&self, person: PersonId) -> Option<String> {
        let person = format!("{}:Person:{person}", self.id);
        for hold in ["AUDIT", "INQUIRY", "LEGAL_CLAIM", "OPEN_CONCERN"] {
            let lift = json!({ "person": person, "hold": hold });
            self.tell(&self.tokens[0], "liftErasureHold", lift);
        }
        let wish = json!({ "person": person, "ground": "RETENTION_ENDED" });
        self.tell(&self.tokens[0], "requestErasure", wish)
    }

    /// Confirms it, as somebody else; the code of the "no".
    fn confirm(&self, person: PersonId) -> Option<String> {
        let wish = json!({ "person": format!("{}:Person:{person}", self.id), "holds": [] });
        self.tell(&self.tokens[1], "confirmErasure", wish)
    }

    /// Gives a command; the code of the "no".
    fn tell(&self, token: &str, name: &str, mut input: Value) -> Option<String> {
        self.commands.set(self.commands.get() + 1);
        let command = format!("{} forgets {}", self.id, self.commands.get());
        let command = Uuid::new_v5(&Uuid::NAMESPACE_OID, command.as_bytes());
        input["scheme"] = self.id.as_str().into();
        input["commandId"] = command.to_string().into();
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ rejection {{ code }} }} }}"
        );
        let answer = self
            .told
            .graphql(token, &document, &json!({ "input": input }));
        let answer = answer.json();
        assert!(answer["errors"].is_null(), "{name}: {answer}");
        let code = &answer["data"][name]["rejection"]["code"];
        code.as_str().map(str::to_owned)
    }
}

fn vault(data: &Path, scheme: &str) -> event_log::Vault {
    let store =
        Embedded::open_read_only(data, Options::new(Arc::new(System))).expect("a directory");
    store
        .vault(&SchemeId::new(scheme).expect("a name"))
        .expect("a keyring")
}

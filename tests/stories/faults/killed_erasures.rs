//! The service is killed while it forgets somebody.
//!
//! Whatever it had done by then, it starts again, the same command sent again ends in a person who is forgotten, once,
//! nothing of their key is left in any file, and the history is whole.

use super::{Dice, aloud, trials};
use crate::{
    erasure::{files_with, wrapped_key},
    harness::{Service, notice, open_scheme, post, records, run, token},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf, thread, time::Duration};
use uuid::Uuid;

/// Within so many milliseconds of its being sent a confirmation is durable, the key is gone, and both are recorded.
const WITHIN_MILLISECONDS: u64 = 12;

#[test]
fn whoever_is_being_forgotten_when_the_service_is_killed_is_forgotten_in_the_end_and_once() {
    let mut dice = Dice::of("killed erasures");
    let trials = trials(24, 400);
    let place = Place::with_people(trials);
    let mut ends: BTreeMap<String, u64> = BTreeMap::new();
    for (trial, person) in place.people.iter().enumerate() {
        let service = Service::serve(&place.data, &[]);
        assert_eq!(place.tell(&service.url, trial, "request"), "REQUESTED");
        let (url, pause) = (service.url.clone(), dice.pause(WITHIN_MILLISECONDS));
        let answered = thread::scope(|scope| {
            let asking = scope.spawn(|| place.confirm(&url, trial));
            thread::sleep(pause);
            service.kill();
            asking.join().expect("it does not panic")
        });
        let (_, before) = place.found(person);
        let service = Service::serve(&place.data, &[]);
        let after = place.settled(&service, person);
        assert!(
            answered.is_null() || after == "COMPLETED",
            "trial {trial}: it was acknowledged, and is {after}"
        );
        assert!(
            before.is_empty() || after == "COMPLETED",
            "trial {trial}: of what was decided before, {before:?}, it is {after}"
        );
        *ends.entry(format!("{before:?}")).or_default() += 1;
        let again = place.confirm(&service.url, trial);
        assert_eq!(again, "COMPLETED", "trial {trial}");
        service.stop();
        let (keys, history) = place.found(person);
        assert_eq!(keys, 0, "trial {trial}: files that hold their key");
        assert_eq!(history, ["erasure.decided", "erasure.completed"]);
    }
    aloud(&format!(
        "killed erasures: {trials}; recorded of them at the kill: {ends:?}"
    ));
    assert!(
        ends.len() > 1,
        "kills met it at more than one step: {ends:?}"
    );
    let proved = run(&["verify"], &place.data);
    assert!(proved.status.success(), "{proved:?}");
    for person in &place.people {
        let certificate = ["erasures", "--scheme", "one", "--certificate", &person.id];
        assert!(run(&certificate, &place.data).status.success());
    }
}

/// Somebody who is to be forgotten.
struct Person {
    id: String,
    /// Their wrapped key, as the keyring holds it.
    key: String,
}

struct Place {
    _folder: tempfile::TempDir,
    data: PathBuf,
    coordinator: String,
    administrator: String,
    people: Vec<Person>,
}

impl Place {
    /// A scheme that has heard of so many people, and no service.
    fn with_people(number: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let service = Service::serve(&data, &[]);
        let administrator = token(&data, &["--role", "administrator", "--ttl", "8h"]);
        let coordinator = token(&data, &["--role", "coordinator", "--ttl", "8h"]);
        open_scheme(&service, &administrator, "one");
        let ids: Vec<String> = (0..number)
            .map(|number| {
                let told = notice(
                    &service.url,
                    "one",
                    &coordinator,
                    &format!("person {number}"),
                );
                assert_eq!(told.status, 201, "{}", told.body);
                let id = told.body["mentee"].as_str().expect("an id");
                id.rsplit(':').next().expect("an id").to_owned()
            })
            .collect();
        service.stop();
        let people = ids.into_iter().map(|id| {
            let key = wrapped_key(&data, "one", &id);
            Person { id, key }
        });
        Self {
            people: people.collect(),
            _folder: folder,
            data,
            coordinator,
            administrator,
        }
    }

    /// Confirms the erasure of this trial; its state, or nothing where no answer came.
    fn confirm(&self, url: &str, trial: usize) -> Value {
        self.tell(url, trial, "confirm")
    }

    fn tell(&self, url: &str, trial: usize, verb: &str) -> Value {
        let (token, ground) = match verb {
            "request" => (&self.coordinator, ", ground: RETENTION_ENDED"),
            _ => (&self.administrator, ""),
        };
        let (person, name) = (&self.people[trial].id, format!("{verb}Erasure"));
        let command = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{verb} {trial}").as_bytes());
        let document = format!(
            "mutation {{ {name}(input: {{ scheme: \"one\", commandId: \"{command}\", person: \"one:Person:{person}\"{ground} }}) {{
               rejection {{ code }} erasure {{ state }} }} }}"
        );
        let body = json!({ "query": document }).to_string();
        let json = [("content-type", "application/json")];
        let answer = post(url, "/graphql", token, &json, &body);
        let payload = &answer.body["data"][&name];
        assert!(payload["rejection"].is_null(), "{payload}");
        payload["erasure"]["state"].clone()
    }

    /// How far an erasure has come once nothing goes on any more: it is completed right after the scheme is opened.
    fn settled(&self, service: &Service, person: &Person) -> Value {
        for _ in 0..200 {
            let state = self.state(service, person);
            if state != "DECIDED" {
                return state;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.state(service, person)
    }

    /// How far an erasure has come, as the coordinator sees it.
    fn state(&self, service: &Service, person: &Person) -> Value {
        let query = "{ scheme(id: \"one\") { erasures { person state } } }";
        let data = service.ask(&self.coordinator, query, Value::Null);
        let all = data["scheme"]["erasures"].as_array().expect("a list");
        let of = |erasure: &&Value| {
            let id = erasure["person"].as_str().unwrap_or_default();
            id.ends_with(&person.id)
        };
        all.iter().find(of).expect("it was asked for")["state"].clone()
    }

    /// In how many files their key stands, and what the history says of their being forgotten.
    fn found(&self, person: &Person) -> (usize, Vec<String>) {
        let subject: Uuid = person.id.parse().expect("an id");
        let records = records(&self.data, "one");
        let theirs = records
            .iter()
            .filter(|record| record.subjects.contains(&subject));
        let kinds = theirs.map(|record| record.kind.clone());
        let done =
            kinds.filter(|kind| ["erasure.decided", "erasure.completed"].contains(&kind.as_str()));
        (files_with(&self.data, &person.key), done.collect())
    }
}

//! A mail relay reads the work list, twice and after somebody was forgotten.

use crate::harness::{Service, notice, open_scheme, token};
use api::dispatch::System;
use event_log::{Embedded, Options, SchemeId};
use serde_json::json;
use std::{path::Path, sync::Arc, thread, time::Duration};
use uuid::Uuid;

const SCHEME: &str = "mentor-plus";
const LIST: &str = "/v1/schemes/mentor-plus/work-list";

/// R071: the list is read and nothing is changed by it: a relay that reads it twice reads the same. With a coordinator's
/// token it is given names and addresses, with an auditor's none.
#[test]
fn a_relay_that_reads_the_list_twice_reads_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (service, coordinator) = two_notices(&data);
    let first = service.get(LIST, &coordinator);
    assert_eq!(first.status, 200, "{:#}", first.body);
    assert_eq!(service.get(LIST, &coordinator).body, first.body);
    let items = first.body["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item["kind"] == "make-contact"));
    assert!(items.iter().all(|item| item["contact"] == "given"));
    assert!(items.iter().all(|item| item["daysInPost"].is_i64()));

    let auditor = token(&data, &["--role", "auditor", "--scheme", SCHEME]);
    let told = service.get(LIST, &auditor);
    assert_eq!(told.status, 200, "{:#}", told.body);
    assert_eq!(told.body["items"].as_array().expect("items").len(), 2);
    let text = told.body.to_string();
    for private in ["Somebody of", "\"contact\"", "\"name\"", "\"daysInPost\""] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    for role in ["mentor", "mentee"] {
        let person = items[0]["person"].as_str().expect("an id");
        let own = ["--role", role, "--scheme", SCHEME, "--person", person];
        assert_eq!(service.get(LIST, &token(&data, &own)).status, 403, "{role}");
    }
    service.stop();
}

/// Whoever was forgotten stays on the list as somebody who was, without name or address, over REST and GraphQL alike.
#[test]
fn whoever_was_forgotten_is_on_the_list_without_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (service, coordinator) = two_notices(&data);
    let list = service.get(LIST, &coordinator).body;
    let forgotten = list["items"][0]["person"]
        .as_str()
        .expect("an id")
        .to_owned();
    service.stop();
    forget(&data, &forgotten);

    let service = Service::serve(&data, &[]);
    let list = service.get(&format!("{LIST}?person={forgotten}"), &coordinator);
    let item = &list.body["items"][0];
    assert_eq!(item["contact"], "erased", "{:#}", list.body);
    for private in ["name", "email", "telephone", "daysInPost"] {
        assert!(item.get(private).is_none(), "{item:#}");
    }
    let shown = service.ask(
        &coordinator,
        "query($person: ID!) { scheme(id: \"mentor-plus\") { workList(filter: { person: $person }) {
           edges { node { kind name { state value } email { state } mentee { daysInPost { state value } } } } } } }",
        json!({ "person": format!("{SCHEME}:Person:{forgotten}") }),
    );
    let node = &shown["scheme"]["workList"]["edges"][0]["node"];
    let erased = json!({ "state": "ERASED", "value": null });
    assert_eq!(node["kind"], "MAKE_CONTACT");
    assert_eq!(node["name"], erased);
    assert_eq!(node["mentee"]["daysInPost"], erased);
    service.stop();
}

/// A service with a scheme to which Devon told of two directors.
fn two_notices(data: &Path) -> (Service, String) {
    let service = Service::serve(data, &[]);
    open_scheme(&service, &token(data, &["--role", "administrator"]), SCHEME);
    let devon = token(data, &["--role", "employer", "--employer", "E10000008"]);
    for key in ["1", "2"] {
        let told = notice(&service.url, SCHEME, &devon, key);
        assert_eq!(told.status, 201, "{:#}", told.body);
    }
    (service, token(data, &["--role", "coordinator"]))
}

/// Destroys somebody's keys, as whoever keeps them does.
fn forget(data: &Path, person: &str) {
    let mut patience = 500;
    let store = loop {
        match Embedded::open(data, Options::new(Arc::new(System))) {
            Ok(store) => break store,
            Err(error) if patience == 0 => panic!("{error}"),
            // A lock that was just let go of may be held for another moment by a process another story is starting.
            Err(_) => patience -= 1,
        }
        thread::sleep(Duration::from_millis(10));
    };
    let scheme = SchemeId::new(SCHEME).expect("a name");
    let vault = store.vault(&scheme).expect("a keyring");
    let person: Uuid = person.parse().expect("an id");
    vault.erase(person).expect("erased");
    store.close().expect("closed");
}

//! Somebody of the demonstration is forgotten, through the running service: nothing leads to them any more, in no answer and in
//! no file, and anybody can check that the history says so.

use crate::harness::{Service, alongside, run, token};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Output};

const COMMAND: &str = "00000000-0000-4000-8000-0000000000";

#[test]
fn whoever_is_forgotten_is_found_nowhere_and_the_certificate_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let coordinator = token(&data, &["--role", "coordinator"]);
    let administrator = token(&data, &["--role", "administrator"]);
    let (id, name) = somebody(&service, &coordinator);
    let person = id.rsplit(':').next().expect("an id").to_owned();
    let wrapped = wrapped_key(&data, "mentor-plus", &person);
    assert_eq!(
        files_with(&data, &wrapped),
        1,
        "their key stands in the keyring"
    );
    assert!(everybody(&service, &coordinator).contains(&name));

    let tell = |token: &str, number: u8, command: &str| {
        let command = command.replace(
            "COMMON",
            &format!(r#"scheme: "mentor-plus", commandId: "{COMMAND}{number:02}", person: "{id}""#),
        );
        let answer = service.ask(token, &format!("mutation {{ {command} }}"), Value::Null);
        let payload = answer.as_object().expect("one").values().next();
        let payload = payload.expect("one").clone();
        assert!(payload["rejection"].is_null(), "{payload}");
        payload["erasure"]["state"].clone()
    };
    let ask = "requestErasure(input: { COMMON, ground: RETENTION_ENDED }) { rejection { code } erasure { state } }";
    assert_eq!(tell(&coordinator, 1, ask), "REQUESTED");
    let confirm = "confirmErasure(input: { COMMON }) { rejection { code } erasure { state } }";
    assert_eq!(tell(&administrator, 2, confirm), "COMPLETED");

    assert!(!everybody(&service, &coordinator).contains(&name));
    let of_person = format!("/v1/schemes/mentor-plus/people/{person}");
    let held = service.get(&format!("{of_person}/record"), &coordinator);
    assert_eq!(held.body["erased"], true);
    assert!(!held.body.to_string().contains(&name));
    let certified = service.get(&format!("{of_person}/erasure"), &coordinator);
    assert_eq!(certified.status, 200, "{}", certified.body);
    service.stop();
    assert_eq!(files_with(&data, &wrapped), 0, "it stands nowhere any more");

    let verified = run(&["verify"], &data);
    assert!(verified.status.success(), "{verified:?}");
    let path = folder.path().join("certificate.json");
    let printed = run(
        &[
            "erasures",
            "--scheme",
            "mentor-plus",
            "--certificate",
            &person,
        ],
        &data,
    );
    assert!(printed.status.success(), "{printed:?}");
    fs::write(&path, &printed.stdout).expect("written");
    let certificate: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    let mut served = certified.body;
    // The service has recorded nothing since: it is the same, by whatever way it was made.
    assert_eq!(served, certificate);
    let root = certificate["root"].as_str().expect("text").to_owned();

    let here = run(
        &["verify", "--certificate", &path.display().to_string()],
        &data,
    );
    assert!(here.status.success(), "{here:?}");
    assert!(String::from_utf8_lossy(&here.stdout).contains("holds no key of theirs"));
    assert!(
        checked(&path, &root).status.success(),
        "with nothing but a root"
    );
    assert!(!checked(&path, &"0".repeat(64)).status.success());
    served["person"] = json!("00000000-0000-0000-0000-000000000001");
    fs::write(&path, served.to_string()).expect("written");
    assert!(!checked(&path, &root).status.success(), "forged");
    let nobody = "00000000-0000-0000-0000-000000000001";
    let refused = run(
        &[
            "erasures",
            "--scheme",
            "mentor-plus",
            "--certificate",
            nobody,
        ],
        &data,
    );
    assert_eq!(refused.status.code(), Some(1));
}

/// A mentee with a history, whose name nobody else has.
fn somebody(service: &Service, token: &str) -> (String, String) {
    let query = r#"{ scheme(id: "mentor-plus") { mentees(stage: ENDED, first: 20) { edges { node { id name { value } } } } } }"#;
    let data = service.ask(token, query, Value::Null);
    let edges = data["scheme"]["mentees"]["edges"]
        .as_array()
        .expect("a list");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let all = everybody(service, token);
    let mut found = edges.iter().map(|edge| {
        (
            text(&edge["node"]["id"]),
            text(&edge["node"]["name"]["value"]),
        )
    });
    found
        .find(|(_, name)| all.matches(name.as_str()).count() == 1)
        .expect("somebody")
}

/// The names of everybody, as one answer after the other says them.
fn everybody(service: &Service, token: &str) -> String {
    let (mut names, mut after) = (String::new(), Value::Null);
    loop {
        let query = r#"query($after: String) { scheme(id: "mentor-plus") { mentees(first: 100, after: $after) {
            edges { node { name { value } } } pageInfo { hasNextPage endCursor } } } }"#;
        let data = service.ask(token, query, json!({ "after": after }));
        let page = &data["scheme"]["mentees"];
        names.push_str(&page["edges"].to_string());
        if page["pageInfo"]["hasNextPage"] != true {
            return names;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The wrapped key of a person, as it stands in the keyring of a scheme.
pub fn wrapped_key(data: &Path, scheme: &str, person: &str) -> String {
    let keyring = data.join("schemes").join(scheme).join("keyring");
    let mut rings = fs::read_dir(keyring).expect("a folder");
    let ring = rings.next().expect("a keyring").expect("a file").path();
    let bytes = fs::read(ring).expect("a file");
    let text = String::from_utf8_lossy(&bytes);
    let before = format!("\"subject\":\"{person}\",\"wrapped\":\"");
    let from = text.find(&before).expect("it is there") + before.len();
    let rest = &text[from..];
    rest[..rest.find('"').expect("an end")].to_owned()
}

/// In how many files below a folder a text stands.
pub fn files_with(folder: &Path, text: &str) -> usize {
    let entries = fs::read_dir(folder).expect("a folder");
    let count = |path: &Path| {
        if path.is_dir() {
            return files_with(path, text);
        }
        let bytes = fs::read(path).unwrap_or_default();
        usize::from(String::from_utf8_lossy(&bytes).contains(text))
    };
    entries
        .map(|entry| count(&entry.expect("an entry").path()))
        .sum()
}

fn checked(certificate: &Path, root: &str) -> Output {
    alongside()
        .args(["verify", "--root", root, "--certificate"])
        .arg(certificate)
        .output()
        .expect("the binary runs")
}

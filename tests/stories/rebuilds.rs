//! The store that is read may be lost or spoilt: the journal tells it all again.

use crate::harness::{Service, token};
use serde_json::{Value, json};
use std::{fs, path::Path};

#[test]
fn the_service_answers_the_same_when_its_index_and_snapshot_are_gone_or_rubbish() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let before = answers(&service, &data);
    service.stop();
    let index = data.join("schemes/mentor-plus/index");

    let snapshots = data.join("schemes/mentor-plus/snapshots");

    let service = Service::demo(&data);
    assert_eq!(answers(&service, &data), before, "with its snapshot");
    service.stop();

    fs::remove_dir_all(&index).expect("there is an index");
    fs::remove_dir_all(&snapshots).expect("there is a snapshot");
    let service = Service::demo(&data);
    assert_eq!(answers(&service, &data), before, "after both were deleted");
    service.stop();

    let there = |folder| fs::read_dir(folder).expect("both are there again");
    for entry in there(&index).chain(there(&snapshots)) {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::write(&path, b"rubbish, and not even much of it").expect("it can be spoilt");
        }
    }
    let service = Service::demo(&data);
    assert_eq!(answers(&service, &data), before, "after both were spoilt");
    service.stop();
}

/// The dashboard, an entitlement and a stretch of the audit trail, as they are answered now.
pub fn answers(service: &Service, data: &Path) -> Value {
    let coordinator = token(data, &["--role", "coordinator"]);
    let board = service.ask(
        &coordinator,
        "{ scheme(id: \"mentor-plus\") { position dashboard { stages { stage count cards(first: 5) { edges { node {
           mentee { id name { state value } } since waitsFor because(first: 10) { edges { node { position type } } } } } } } } } }",
        Value::Null,
    );
    let mentee = board["scheme"]["dashboard"]["stages"]
        .as_array()
        .expect("a list")
        .iter()
        .find_map(|stage| stage["cards"]["edges"][0]["node"]["mentee"]["id"].as_str())
        .expect("somebody")
        .to_owned();
    let rest = service.ask(
        &coordinator,
        "query($id: ID!) { scheme(id: \"mentor-plus\") {
           entitlement(person: $id) { verdict category used left until lines { type on usedAfter } }
           auditTrail(first: 100, filter: { subject: $id }) { totalCount edges { node { position id type data recordedAt } } } } }",
        json!({ "id": mentee }),
    );
    json!([board, rest])
}

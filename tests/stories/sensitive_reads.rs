//! A dashboard that is polled, and a mentor who asks who was shown what they wrote.

use crate::harness::{Service, open_scheme, token};
use serde_json::json;
use uuid::Uuid;

const SCHEME: &str = "mentor-plus";

/// R299: over every transport, polled and after a restart: one entry a reader, class and day, for the mentor to see.
#[test]
fn a_mentor_finds_who_was_shown_their_pen_portrait_once_a_day_and_reader() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &[]);
    let of_scheme = ["--scheme", SCHEME];
    let mint = |role: &[&str]| token(&data, &[&["--role"], role, &of_scheme[..]].concat());
    let (administrator, coordinator) = (mint(&["administrator"]), mint(&["coordinator"]));
    open_scheme(&service, &administrator, SCHEME);
    let invited = service.ask(
        &coordinator,
        "mutation($id: UUID!) { inviteMentor(input: { scheme: \"mentor-plus\", commandId: $id, details: { name: \"Ben\" },
            experience: { status: SERVING, yearsInPost: 5 } }) { mentor { id } } }",
        json!({ "id": Uuid::from_u128(10) }),
    );
    let id = invited["inviteMentor"]["mentor"]["id"].clone();
    service.ask(
        &coordinator,
        "mutation($id: UUID!, $mentor: ID!) { registerMentor(input: { scheme: \"mentor-plus\", commandId: $id, mentor: $mentor,
            portrait: { background: \"Thirty years\" } }) { rejection { code } } }",
        json!({ "id": Uuid::from_u128(11), "mentor": id }),
    );
    let portrait = "query($mentor: ID!) { scheme(id: \"mentor-plus\") { mentor(id: $mentor) { penPortrait { background { value } } } } }";
    for _ in 0..5 {
        let shown = service.ask(&coordinator, portrait, json!({ "mentor": id }));
        assert!(shown.to_string().contains("Thirty years"));
    }
    let streamed = service.post(
        "/graphql/stream",
        &coordinator,
        &[
            ("content-type", "application/json"),
            ("accept", "text/event-stream"),
        ],
        &json!({ "query": portrait, "variables": { "mentor": id } }).to_string(),
    );
    assert!(streamed.body.to_string().contains("Thirty years"));
    service.stop();

    let service = Service::serve(&data, &[]);
    service.ask(&coordinator, portrait, json!({ "mentor": id }));
    let person = id.as_str().and_then(|id| id.rsplit(':').next());
    let ben = mint(&["mentor", "--person", person.expect("an id")]);
    service.ask(&ben, portrait, json!({ "mentor": id }));
    let reads = "{ scheme(id: \"mentor-plus\") { today sensitiveReads { totalCount edges { node { what on at role } } } } }";
    let told = service.ask(&ben, reads, json!({}));
    let list = &told["scheme"]["sensitiveReads"];
    assert_eq!(list["totalCount"], 1, "{told:#}");
    assert_eq!(
        list["edges"][0]["node"],
        json!({ "what": "PEN_PORTRAIT", "on": told["scheme"]["today"], "at": null, "role": "COORDINATOR" })
    );
    let refused = service.graphql(&coordinator, reads, json!({}));
    assert_eq!(refused["errors"][0]["extensions"]["code"], "forbidden");
    service.stop();
}

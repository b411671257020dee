//! The demonstration as of earlier moments, over real HTTP, and the same told by `alongside replay` beside the service.

use crate::harness::{Service, run, token};
use serde_json::{Value, json};
use std::path::Path;

fn told(arguments: &[&str], data: &Path) -> String {
    let output = run(arguments, data);
    let (said, complained) = (&output.stdout, &output.stderr);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(complained)
    );
    String::from_utf8(said.clone()).expect("text")
}

fn object(arguments: &[&str], data: &Path) -> Value {
    let all = [arguments, &["--scheme", "mentor-plus", "--json"]].concat();
    serde_json::from_str(&told(&all, data)).expect("one object")
}

/// R308: what an auditor is told of a moment and what a replay comes to are the same, and a difference is what lies between.
#[test]
fn an_auditor_asks_as_of_any_moment_and_a_replay_says_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let service = Service::demo(data);
    let auditor = token(data, &["--role", "auditor", "--scheme", "mentor-plus"]);
    let ask = "query($at: DateTime!) { scheme(id: \"mentor-plus\", asOf: { recordedAt: $at }) { id position
        dashboard { stages { stage count } } pairings { totalCount } } }";
    let instants = [
        "2025-03-01T00:00:00Z",
        "2025-11-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
    ];
    for at in instants {
        let seen = service.ask(&auditor, ask, json!({ "at": at }))["scheme"].take();
        let replayed = object(&["replay", "--at", at], data);
        assert_eq!(seen["position"], replayed["position"], "{at}");
        assert_eq!(seen["pairings"]["totalCount"], replayed["pairings"], "{at}");
        let stages = seen["dashboard"]["stages"]
            .as_array()
            .expect("stages")
            .iter();
        let counted: u64 = stages
            .map(|one| one["count"].as_u64().expect("a count"))
            .sum();
        let mentees = replayed["mentees"].as_object().expect("stages").values();
        let replayed: u64 = mentees.map(|count| count.as_u64().expect("a count")).sum();
        assert_eq!(counted, replayed, "{at}");
        let by_id = format!("{{ node(id: {}) {{ id }} }}", seen["id"]);
        let node = service.ask(&auditor, &by_id, json!({}));
        assert_eq!(node["node"]["id"], seen["id"]);
    }
    let [from, _, to] = instants;
    let diff = "query($from: DateTime!, $to: DateTime!) { scheme(id: \"mentor-plus\") { diff(from: { recordedAt: $from },
        to: { recordedAt: $to }) { from to recorded { type count } mentees { totalCount } pairings { totalCount } verdicts { totalCount } } } }";
    let seen = service.ask(&auditor, diff, json!({ "from": from, "to": to }));
    let seen = &seen["scheme"]["diff"];
    let replayed = object(&["replay", "--diff", from, to], data);
    assert_eq!(
        (&seen["from"], &seen["to"]),
        (&replayed["from"], &replayed["to"])
    );
    for one in seen["recorded"].as_array().expect("counts") {
        let kind = one["type"].as_str().expect("a type");
        assert_eq!(one["count"], replayed["events"][kind], "{kind}");
    }
    for of in ["mentees", "pairings", "verdicts"] {
        let changes = replayed[of].as_array().expect("changes");
        assert!(!changes.is_empty(), "{of}");
        assert_eq!(seen[of]["totalCount"], changes.len(), "{of}");
    }

    let unknown = service.graphql(&auditor, ask, json!({ "at": "2999-01-01T00:00:00Z" }));
    assert_eq!(
        unknown["errors"][0]["extensions"]["code"],
        "moment_not_reached"
    );
    let commissioner = token(data, &["--role", "commissioner", "--scheme", "mentor-plus"]);
    let refused = service.graphql(&commissioner, ask, json!({ "at": from }));
    assert_eq!(refused["errors"][0]["extensions"]["code"], "forbidden");
    service.stop();
}

/// A replay names nobody, tells a life entry by entry, and its digest does not depend on what can still be read.
#[test]
fn a_replay_tells_a_life_in_identifiers_and_a_digest_that_outlives_erasure() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let service = Service::demo(data);
    let coordinator = token(data, &["--role", "coordinator", "--scheme", "mentor-plus"]);
    let administrator = token(
        data,
        &["--role", "administrator", "--scheme", "mentor-plus"],
    );
    let first = "{ scheme(id: \"mentor-plus\") { position mentees(stage: TO_CONTACT, first: 1) { edges { node { id name { value } } } } } }";
    let seen = service.ask(&coordinator, first, json!({}));
    let position = seen["scheme"]["position"]
        .as_str()
        .expect("a position")
        .to_owned();
    let node = &seen["scheme"]["mentees"]["edges"][0]["node"];
    let mentee = node["id"].as_str().expect("an id");
    let name = node["name"]["value"].as_str().expect("a name");
    let before = object(&["replay", "--to", &position], data);
    let digest = before["stateDigest"].as_str().expect("a digest");
    assert!(digest.starts_with("sha256:") && digest.len() == 71);

    let life = object(&["replay", "--person", mentee], data);
    let entries = life["entries"].as_array().expect("entries");
    assert_eq!(entries[0]["type"], "appointment.notified");
    let mut reached = entries
        .iter()
        .filter_map(|one| one["changed"]["stage"]["after"].as_str());
    assert_eq!(reached.next_back(), Some("ToContact"));
    let lines = told(
        &["replay", "--scheme", "mentor-plus", "--person", mentee],
        data,
    );
    assert!(
        lines.contains("stage: ") && !lines.contains(name),
        "{lines}"
    );

    // Another policy, without a word of it in the log.
    let policy = object(
        &["what-if", "--shipped", "newly-appointed-directors-2026"],
        data,
    );
    assert!(policy["compared"].as_u64().expect("a count") > 0);
    let tried = service.ask(
        &coordinator,
        "{ scheme(id: \"mentor-plus\") { whatIf(policy: { shipped: \"newly-appointed-directors-2026\" }) {
            policy compared leftOut changed { totalCount } } } }",
        json!({}),
    );
    let tried = &tried["scheme"]["whatIf"];
    for of in ["policy", "compared", "leftOut"] {
        assert_eq!(tried[of], policy[of], "{of}");
    }
    let changed = policy["changed"].as_array().expect("changes").len();
    assert_eq!(tried["changed"]["totalCount"], changed);
    let forget = "mutation($person: ID!) {
        requestErasure(input: { scheme: \"mentor-plus\", commandId: \"0e0e0e0e-0000-4000-8000-000000000001\", person: $person, ground: RETENTION_ENDED }) { rejection { code } } }";
    let asked = service.ask(&administrator, forget, json!({ "person": mentee }));
    assert!(asked["requestErasure"]["rejection"].is_null(), "{asked}");
    let confirm = "mutation($person: ID!) {
        confirmErasure(input: { scheme: \"mentor-plus\", commandId: \"0e0e0e0e-0000-4000-8000-000000000002\", person: $person }) { rejection { code } erasure { state } } }";
    let done = service.ask(&coordinator, confirm, json!({ "person": mentee }));
    assert_eq!(
        done["confirmErasure"]["erasure"]["state"], "COMPLETED",
        "{done}"
    );
    let after = object(&["replay", "--to", &position], data);
    assert_eq!(after["stateDigest"], before["stateDigest"]);
    let now = object(&["replay"], data);
    assert_ne!(now["stateDigest"], before["stateDigest"]);
    // As of before it was decided the person is forgotten too.
    let then = format!(
        "{{ scheme(id: \"mentor-plus\", asOf: {{ position: \"{position}\" }}) {{ mentee(id: \"{mentee}\") {{ stage name {{ state }} }} }} }}"
    );
    let then = service.ask(&coordinator, &then, json!({}));
    let wanted = json!({ "stage": "TO_CONTACT", "name": { "state": "ERASED" } });
    assert_eq!(then["scheme"]["mentee"], wanted);
    service.stop();
}

#[test]
fn what_a_replay_cannot_tell_it_refuses_with_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    Service::demo(data).stop();
    for (arguments, code, said) in [
        (
            &["replay", "--to", "99999999"][..],
            1,
            "lies beyond the end of the log",
        ),
        (&["replay", "--to", "0"], 1, "positions begin at 1"),
        (
            &["replay", "--at", "1999-01-01T00:00:00Z"],
            1,
            "nothing was recorded by",
        ),
        (
            &["replay", "--diff", "9", "4"],
            1,
            "give the earlier one first",
        ),
        (&["replay", "--diff", "9"], 2, "2 values required"),
        (
            &["replay", "--diff", "9", "soon"],
            2,
            "an instant as in RFC 3339",
        ),
        (
            &["replay", "--person", "00000000-0000-4000-8000-000000000009"],
            1,
            "no entry of the log is about",
        ),
        (
            &["what-if", "--shipped", "none"],
            1,
            "no policy \"none\" is shipped",
        ),
        (&["what-if"], 2, "--policy"),
    ] {
        let output = run(&[arguments, &["--scheme", "mentor-plus"]].concat(), data);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {complained}"
        );
        assert!(complained.contains(said), "{arguments:?}: {complained}");
    }
}

//! The same scheme asked as of earlier moments, by everybody.

use super::*;
use serde_json::json;

impl Stage {
    /// The position of the last entry.
    async fn position(&self) -> u64 {
        let ask = r#"{ scheme(id: "mentor-plus") { position } }"#;
        let answer = self.read(&caller(Role::Coordinator), ask).await;
        text(&answer["scheme"]["position"]).parse().unwrap()
    }

    /// Lets a rehearsal's clock go on, so that what follows happens on a later day.
    pub(super) async fn wait_until(&self, at: &str) {
        let request = crate::dispatch::Request {
            command_id: Uuid::from_u128(u128::from(self.commands.fetch_add(1, Ordering::Relaxed))),
            command: domain::Command::OpenScheme(domain::adoption::OpenScheme {
                name: "Mentor Plus".to_owned(),
                kind: domain::adoption::SchemeKind::Mentoring,
            }),
            actor: domain::Actor {
                id: Uuid::nil(),
                role: Arc::from("administrator"),
            },
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: true,
            correlation_id: None,
            traceparent: None,
        };
        let at = Some(at.parse().unwrap());
        let outcome = self.platform.execute_at("mentor-plus", request, at).await;
        outcome.expect("judged");
    }
}

fn as_of(position: u64, ask: &str) -> String {
    format!(r#"{{ scheme(id: "mentor-plus", asOf: {{ position: "{position}" }}) {{ {ask} }} }}"#)
}

fn recorded_at(instant: &str, ask: &str) -> String {
    format!(r#"{{ scheme(id: "mentor-plus", asOf: {{ recordedAt: "{instant}" }}) {{ {ask} }} }}"#)
}

#[tokio::test]
async fn every_answer_is_as_it_was_and_its_ids_and_cursors_stay_at_that_moment() {
    let stage = Stage::opened().await;
    let (mentee, _, pairing) = paired(&stage).await;
    let formed = stage.position().await;
    let coordinator = caller(Role::Coordinator);
    let ask = "id position today dashboard { stages { stage count } } mentees { totalCount edges { cursor node { id stage } } }
        pairings { totalCount edges { node { id course } } } auditTrail(last: 1) { edges { node { type } } }";
    let before = stage.read(&coordinator, &as_of(formed - 1, ask)).await["scheme"].take();
    assert_eq!(before["position"], (formed - 1).to_string());
    assert_eq!(before["pairings"]["totalCount"], 0);
    let edge = &before["mentees"]["edges"][0];
    assert_eq!(edge["node"]["stage"], "TO_FORM");
    let now = format!(r#"{{ scheme(id: "mentor-plus") {{ {ask} }} }}"#);
    let now = stage.read(&coordinator, &now).await["scheme"].take();
    assert_eq!(now["mentees"]["edges"][0]["node"]["stage"], "PAIRED");

    let (then_id, then_scheme) = (text(&edge["node"]["id"]), text(&before["id"]));
    assert_ne!(then_id, mentee);
    assert_ne!(edge["cursor"], now["mentees"]["edges"][0]["cursor"]);
    let by_id = format!(r#"{{ node(id: "{then_id}") {{ id ... on Mentee {{ stage }} }} }}"#);
    let node = stage.read(&coordinator, &by_id).await["node"].take();
    assert_eq!(node, json!({ "id": then_id, "stage": "TO_FORM" }));
    let by_scheme = format!(r#"{{ scheme(id: "{then_scheme}") {{ {ask} }} }}"#);
    let again = stage.read(&coordinator, &by_scheme).await["scheme"].take();
    assert_eq!(again, before);

    // What was given out for one moment is refused at another, and no command takes it.
    let cursor = text(&edge["cursor"]);
    let mixed = format!(
        r#"{{ scheme(id: "mentor-plus") {{ mentees(after: "{cursor}") {{ totalCount }} }} }}"#
    );
    assert_eq!(code(&stage.ask(&coordinator, &mixed).await), "bad_cursor");
    let mixed =
        format!(r#"{{ scheme(id: "mentor-plus") {{ mentee(id: "{then_id}") {{ id }} }} }}"#);
    assert_eq!(code(&stage.ask(&coordinator, &mixed).await), "invalid_id");
    let plain = as_of(formed - 1, &format!(r#"mentee(id: "{mentee}") {{ id }}"#));
    let found = stage.read(&coordinator, &plain).await;
    assert_eq!(found["scheme"]["mentee"]["id"], then_id.as_str());
    let refused = stage
        .try_to(
            &coordinator,
            &format!(r#"offerMentoring(input: {{ COMMON, mentee: "{then_id}" }}) {{ rejection {{ code }} }}"#),
        )
        .await;
    assert_eq!(code(&refused), "invalid_id");
    // The pairing is not there yet.
    let unformed = as_of(formed - 1, &format!(r#"pairing(id: "{pairing}") {{ id }}"#));
    let unformed = stage.read(&coordinator, &unformed).await;
    assert_eq!(unformed["scheme"]["pairing"], Value::Null);
}

#[tokio::test]
async fn a_moment_that_is_not_reached_or_lies_before_the_history_is_an_error() {
    let stage = Stage::opened().await;
    let (coordinator, head) = (caller(Role::Coordinator), stage.position().await);
    for (document, wanted) in [
        (as_of(head + 1, "id"), "moment_not_reached"),
        (as_of(u64::MAX, "id"), "moment_not_reached"),
        (as_of(0, "id"), "moment_before_history"),
        (
            recorded_at("2999-01-01T00:00:00Z", "id"),
            "moment_not_reached",
        ),
        (
            recorded_at("1960-01-01T00:00:00Z", "id"),
            "moment_before_history",
        ),
    ] {
        let answer = stage.ask(&coordinator, &document).await;
        assert_eq!(code(&answer), wanted, "{document}");
        assert_eq!(answer["data"]["scheme"], Value::Null);
    }
    let head = as_of(head, "name position");
    assert_eq!(
        stage.read(&coordinator, &head).await["scheme"]["name"],
        "Mentor Plus"
    );
}

/// R308: a position, or a checkpoint that names one, is for those who see positions.
#[tokio::test]
async fn who_sees_no_positions_names_none_and_a_moment_is_a_day_to_them() {
    let stage = Stage::opened().await;
    let pair = Pair::formed_at(stage).await;
    let formed = pair.stage.position().await;
    for role in Role::ALL {
        let who = match role {
            Role::Mentee => pair.ada(),
            Role::Mentor => pair.ben(),
            Role::Employer | Role::EmployerAuditor => Caller {
                employer: Some(LEEDS.to_owned()),
                ..caller(role)
            },
            _ => caller(role),
        };
        let answer = pair.stage.ask(&who, &as_of(formed, "id")).await;
        let sees = matches!(
            role,
            Role::Coordinator | Role::Auditor | Role::Administrator
        );
        assert_eq!(
            answer["data"]["scheme"].is_object(),
            sees,
            "{role}: {answer}"
        );
        if !sees {
            assert_eq!(code(&answer), "forbidden", "{role}");
        }
        let by_instant = recorded_at("1969-01-01T00:00:00Z", "id");
        let code = code(&pair.stage.ask(&who, &by_instant).await).to_owned();
        let may = !matches!(
            role,
            Role::Commissioner | Role::Manager | Role::Facilitator | Role::ProjectManager
        );
        let wanted = if may {
            "moment_before_history"
        } else {
            "forbidden"
        };
        assert_eq!(code, wanted, "{role}");
        let root = "0".repeat(64);
        let kept = format!(
            r#"{{ scheme(id: "mentor-plus", asOf: {{ checkpoint: "{formed}:{root}" }}) {{ id }} }}"#
        );
        let answer = pair.stage.ask(&who, &kept).await;
        let wanted = if sees { "other_history" } else { "forbidden" };
        assert_eq!(super::code(&answer), wanted, "{role}");
    }
    // Everything so far happened on the first day, 1 January 1970: at its beginning there was nothing yet.
    let ada = pair.ada();
    let own = format!(r#"today mentee(id: "{}") {{ stage }}"#, pair.mentee);
    let noon = pair
        .stage
        .ask(&ada, &recorded_at("1970-01-01T00:30:00Z", &own))
        .await;
    assert_ne!(code(&noon), "none");
    pair.stage.wait_until("1970-01-03T12:00:00Z").await;
    let later = recorded_at("1970-01-02T12:00:00Z", &own);
    let later = pair.stage.read(&ada, &later).await["scheme"].take();
    assert_eq!(
        later,
        json!({ "today": "1970-01-02", "mentee": { "stage": "PAIRED" } })
    );
}

/// What is open must be open now and have been open then.
#[tokio::test]
async fn access_is_judged_by_now_and_by_then() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    stage.wait_until("1970-01-03T12:00:00Z").await;
    let decline = format!(
        r#"declineMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} }}"#
    );
    let open_then = "1970-01-02T12:00:00Z";
    let of_mentor =
        format!(r#"mentor(id: "{mentor}") {{ penPortrait {{ background {{ value }} }} }}"#);
    let seen = stage.read(&ada, &recorded_at(open_then, &of_mentor)).await;
    assert_eq!(
        seen["scheme"]["mentor"]["penPortrait"]["background"]["value"],
        "b"
    );
    stage.tell(&ada, &decline).await;
    // It was open then, and is not now.
    let seen = stage.read(&ada, &recorded_at(open_then, &of_mentor)).await;
    assert_eq!(seen["scheme"]["mentor"], Value::Null);
    let of_mentee = format!(r#"mentee(id: "{mentee}") {{ id }}"#);
    let seen = stage.read(&ben, &recorded_at(open_then, &of_mentee)).await;
    assert_eq!(seen["scheme"]["mentee"], Value::Null);
    // Their own they see at every moment since there was anything.
    let own = stage.read(&ada, &recorded_at(open_then, &of_mentee)).await;
    assert!(own["scheme"]["mentee"]["id"].is_string());
}

/// An analysis was shared with a live pairing; when that is over the mentor sees it at no moment.
#[tokio::test]
async fn what_was_shared_while_a_pairing_lived_is_closed_at_every_moment_once_it_is_over() {
    let pair = Pair::formed().await;
    let begin = format!(
        r#"beginNeedsAnalysis(input: {{ COMMON, mentee: "{}", setting: ALONE, tables: {{ knowledge: [{{ field: COUNCIL_STRATEGY, gap: TWO }}] }} }})
        {{ rejection {{ code }} analysis {{ id }} }}"#,
        pair.mentee
    );
    let analysis = text(&pair.stage.tell(&pair.ada(), &begin).await["analysis"]["id"]);
    let share = format!(
        r#"shareNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}", pairing: "{}", access: READ }}) {{ rejection {{ code }} }}"#,
        pair.pairing
    );
    pair.stage.tell(&pair.ada(), &share).await;
    pair.stage.wait_until("1970-01-03T12:00:00Z").await;
    let ask = format!(
        r#"pairing(id: "{}") {{ course mentees {{ needsAnalyses {{ id tables {{ state }} }} }} }}"#,
        pair.pairing
    );
    let live = recorded_at("1970-01-02T12:00:00Z", &ask);
    let seen = pair.stage.read(&pair.ben(), &live).await;
    let found = &seen["scheme"]["pairing"]["mentees"][0]["needsAnalyses"];
    assert_eq!(found[0]["tables"]["state"], "GIVEN", "{seen}");
    let over = format!(
        r#"breakPairing(input: {{ COMMON, pairing: "{}", cause: ILLNESS }}) {{ rejection {{ code }} }}"#,
        pair.pairing
    );
    pair.stage.tell(&pair.ben(), &over).await;
    let seen = pair.stage.read(&pair.ben(), &live).await;
    let pairing = &seen["scheme"]["pairing"];
    assert_eq!(pairing["course"], "LIVE", "{seen}");
    let found = &pairing["mentees"][0]["needsAnalyses"];
    assert!(found.is_null() || *found == json!([]), "{seen}");
}

/// Whoever was forgotten is forgotten at every moment, also where an earlier state was in memory.
#[tokio::test]
async fn somebody_who_was_forgotten_is_forgotten_at_every_moment() {
    let pair = Pair::formed().await;
    let (coordinator, formed) = (caller(Role::Coordinator), pair.stage.position().await);
    let ask = format!(
        r#"mentee(id: "{}") {{ stage name {{ state value }} }} auditTrail(last: 100) {{ edges {{ node {{ sealed {{ erased subject }} }} }} }}"#,
        pair.mentee
    );
    let then = as_of(formed, &ask);
    let before = pair.stage.read(&coordinator, &then).await["scheme"].take();
    assert_eq!(
        before["mentee"]["name"],
        json!({ "state": "GIVEN", "value": "Ada" })
    );
    let early = as_of(formed - 1, &ask);
    pair.stage.read(&coordinator, &early).await;
    for command in [format!(
        r#"requestErasure(input: {{ COMMON, person: "{}", ground: PERSONS_REQUEST }}) {{ rejection {{ code }} }}"#,
        pair.mentee
    )] {
        pair.stage.tell(&pair.ada(), &command).await;
    }
    let confirm = format!(
        r#"confirmErasure(input: {{ COMMON, person: "{}" }}) {{ rejection {{ code }} erasure {{ state }} }}"#,
        pair.mentee
    );
    let done = pair.stage.tell(&coordinator, &confirm).await;
    assert_eq!(done["erasure"]["state"], "COMPLETED");
    for document in [then, early] {
        let after = pair.stage.read(&coordinator, &document).await["scheme"].take();
        assert_eq!(
            after["mentee"]["name"],
            json!({ "state": "ERASED", "value": null })
        );
        assert!(!after.to_string().contains("Ada"), "{after}");
        assert_eq!(
            code(&pair.stage.ask(&pair.ada(), &document).await),
            "forbidden"
        );
    }
}

/// R308: what changed is told in identifiers, and a class that one may not see is null.
#[tokio::test]
async fn what_changed_between_two_moments_is_told_by_what_one_may_see() {
    let stage = Stage::opened().await;
    let opened = stage.position().await;
    let (mentee, mentor, pairing) = paired(&stage).await;
    let formed = stage.position().await;
    let ask = |from: u64, to: u64| {
        format!(
            r#"{{ scheme(id: "mentor-plus") {{ diff(from: {{ position: "{from}" }}, to: {{ position: "{to}" }}) {{
            from to recorded {{ type count }} mentees {{ totalCount edges {{ node {{ before after mentee {{ id }} }} }} }}
            mentors {{ edges {{ node {{ before after mentor {{ id }} }} }} }}
            pairings {{ edges {{ node {{ before after pairing {{ id }} }} }} }}
            verdicts {{ edges {{ node {{ before {{ verdict }} after {{ verdict rule }} appointment {{ id }} }} }} }} }} }} }}"#
        )
    };
    for role in [Role::Coordinator, Role::Auditor] {
        let seen = stage.read(&caller(role), &ask(opened, formed)).await;
        let diff = &seen["scheme"]["diff"];
        assert_eq!(diff["to"], formed.to_string());
        let node = |of: &str| diff[of]["edges"][0]["node"].clone();
        let wanted = json!({ "before": null, "after": "PAIRED", "mentee": { "id": mentee } });
        assert_eq!(node("mentees"), wanted);
        assert_eq!(node("mentors")["mentor"]["id"], mentor.as_str());
        let wanted = json!({ "before": null, "after": "LIVE", "pairing": { "id": pairing } });
        assert_eq!(node("pairings"), wanted);
        assert_eq!(node("verdicts")["after"]["verdict"], "ELIGIBLE");
        let recorded = diff["recorded"].as_array().unwrap();
        let sum: u64 = recorded
            .iter()
            .map(|one| one["count"].as_u64().unwrap())
            .sum();
        assert_eq!(sum, formed - opened);
    }
    let seen = stage
        .read(&caller(Role::Administrator), &ask(opened, formed))
        .await;
    let diff = &seen["scheme"]["diff"];
    assert!(diff["mentees"].is_null() && diff["verdicts"].is_null());
    assert!(!diff["recorded"].as_array().unwrap().is_empty());
    let refused = stage
        .ask(&person(Role::Mentor, &mentor), &ask(opened, formed))
        .await;
    assert_eq!(code(&refused), "forbidden");
    let backwards = stage
        .ask(&caller(Role::Auditor), &ask(formed, opened))
        .await;
    assert_eq!(code(&backwards), "invalid_input");
    let ahead = stage
        .ask(&caller(Role::Auditor), &ask(opened, formed + 1))
        .await;
    assert_eq!(code(&ahead), "moment_not_reached");
}

/// R308: when something happened, and when the scheme knew.
#[tokio::test]
async fn what_was_recorded_late_says_how_late_and_is_found_by_it() {
    let stage = Stage::opened().await;
    let pair = Pair::formed_at(stage).await;
    pair.stage.wait_until("1970-01-09T12:00:00Z").await;
    let held = format!(
        r#"recordSession(input: {{ COMMON, pairing: "{}", countedBy: MENTEE, happenedOn: "1970-01-05" }}) {{ rejection {{ code }} }}"#,
        pair.pairing
    );
    pair.stage.tell(&caller(Role::Coordinator), &held).await;
    let late = r#"{ scheme(id: "mentor-plus") { auditTrail(filter: { daysLateLeast: 4 }) { totalCount edges { node { type daysLate happenedOn } } } } }"#;
    let found = pair.stage.read(&caller(Role::Auditor), late).await;
    let wanted = json!({ "totalCount": 1, "edges": [{ "node": { "type": "session.held", "daysLate": 4, "happenedOn": "1970-01-05" } }] });
    assert_eq!(found["scheme"]["auditTrail"], wanted);
    let later = late.replace("daysLateLeast: 4", "daysLateLeast: 5");
    let none = pair.stage.read(&caller(Role::Auditor), &later).await;
    assert_eq!(none["scheme"]["auditTrail"]["totalCount"], 0);
}

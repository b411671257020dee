//! Who is shown what, and from whom it is kept.

use super::*;
use serde_json::json;

#[tokio::test]
async fn a_refused_field_is_null_beside_its_error_and_the_rest_is_answered() {
    let stage = Stage::opened().await;
    let answer = stage
        .ask(
            &employer(LEEDS),
            r#"{ scheme(id: "mentor-plus") { name mentees { totalCount } position } }"#,
        )
        .await;
    let wanted = json!({ "name": "Mentor Plus", "mentees": null, "position": null });
    assert_eq!(answer["data"]["scheme"], wanted);
    assert_eq!(answer["errors"][0]["path"], json!(["scheme", "mentees"]));
    assert_eq!(code(&answer), "forbidden");
}

#[tokio::test]
async fn a_token_for_another_scheme_learns_nothing_of_this_one() {
    let stage = Stage::opened().await;
    let stranger = Caller {
        scheme: Some("elsewhere".to_owned()),
        ..caller(Role::Coordinator)
    };
    let known = stage
        .ask(&stranger, r#"{ scheme(id: "mentor-plus") { id } }"#)
        .await;
    let unknown = stage
        .ask(&stranger, r#"{ scheme(id: "no-such") { id } }"#)
        .await;
    assert_eq!(known, unknown);
    assert_eq!(code(&known), "forbidden");
    let anywhere = Caller {
        scheme: None,
        ..caller(Role::Coordinator)
    };
    let answer = stage
        .ask(&anywhere, r#"{ scheme(id: "no-such") { id } }"#)
        .await;
    assert_eq!(code(&answer), "not_found");
}

/// R305, Z08: verdict and category of its own people, and nothing else.
#[tokio::test]
async fn an_employer_is_told_verdict_and_category_of_its_own_people_and_nothing_of_take_up() {
    let stage = Stage::opened().await;
    let leeds = employer(LEEDS);
    let told = stage.tell(&leeds, NOTICE).await;
    assert_eq!(told["appointment"]["verdict"], "ELIGIBLE");
    assert_eq!(told["appointment"]["employer"]["state"], "GIVEN");
    assert_eq!(told["appointment"]["mentee"], Value::Null);

    let check = r#"{ scheme(id: "mentor-plus") { entitlement(employer: "E08000035", employeeNumber: "77")
        { verdict category offer granted used left until lines { type } because { totalCount } mentee { id } } } }"#;
    let entitlement = stage.read(&leeds, check).await["scheme"]["entitlement"].take();
    let wanted = json!({ "verdict": "ELIGIBLE", "category": "first-post", "offer": null, "granted": null,
        "used": null, "left": null, "until": null, "lines": null, "because": null, "mentee": null });
    assert_eq!(entitlement, wanted);
    let appointment = text(&told["appointment"]["id"]);
    let by_id = format!(r#"{{ node(id: "{appointment}") {{ id }} }}"#);
    let bradford = employer(BRADFORD);
    assert_eq!(code(&stage.ask(&bradford, check).await), "forbidden");
    assert_eq!(stage.read(&bradford, &by_id).await["node"], Value::Null);
    assert_eq!(code(&stage.try_to(&bradford, NOTICE).await), "forbidden");
}

/// R308.
#[tokio::test]
async fn an_auditor_sees_the_board_and_the_history_without_personal_values() {
    let stage = Stage::opened().await;
    stage.tell(&employer(LEEDS), NOTICE).await;
    let auditor = caller(Role::Auditor);
    let mentees = stage.read(&auditor, FIRST_MENTEE).await;
    let mentee = &mentees["scheme"]["mentees"]["edges"][0]["node"];
    assert_eq!(mentee["name"], json!({ "state": "HIDDEN", "value": null }));
    let by_number = r#"{ scheme(id: "mentor-plus") { entitlement(employer: "E08000035", employeeNumber: "77") { verdict } } }"#;
    let named = stage.ask(&auditor, by_number).await;
    assert_eq!(code(&named), "forbidden", "a number names a person");
    assert_eq!(mentee["stage"], "TO_CONTACT");
    let trail = stage
        .read(
            &auditor,
            r#"{ scheme(id: "mentor-plus") { auditTrail(last: 2) { totalCount pageInfo { hasPreviousPage startCursor }
                edges { node { type actor { role } sealed { erased bytes } } } } } }"#,
        )
        .await;
    let trail = &trail["scheme"]["auditTrail"];
    assert_eq!(trail["totalCount"], 6);
    let edges = &trail["edges"];
    assert_eq!(edges[0]["node"]["type"], "appointment.notified");
    assert_eq!(edges[0]["node"]["actor"]["role"], "employer");
    assert_eq!(edges[0]["node"]["sealed"][0]["erased"], false);
    let before = text(&trail["pageInfo"]["startCursor"]);
    let page = format!(
        r#"{{ scheme(id: "mentor-plus") {{ auditTrail(last: 100, before: "{before}") {{
            pageInfo {{ hasNextPage hasPreviousPage }} edges {{ node {{ position }} }} }} }} }}"#
    );
    let page = stage.read(&auditor, &page).await;
    let page = &page["scheme"]["auditTrail"];
    assert_eq!(
        page["pageInfo"],
        json!({ "hasNextPage": true, "hasPreviousPage": false })
    );
    assert_eq!(page["edges"][3]["node"]["position"], "4");
}

/// R302: before a pairing the pen portrait is shown. R090, R304: a decline is a bare fact, to nobody but the coordinator.
#[tokio::test]
async fn a_decline_looks_to_the_other_side_like_anything_else() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    // Before a pairing the pen portrait is shown, and the name is not.
    let choice = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ mentor {{ name {{ state }} capacity penPortrait {{ background {{ value }} }} }} }} }} }}"#
    );
    let wanted = json!({ "name": { "state": "HIDDEN" }, "capacity": null, "penPortrait": { "background": { "value": "b" } } });
    assert_eq!(stage.read(&ada, &choice).await["node"]["mentor"], wanted);

    let accept = format!(
        r#"acceptMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} match {{ progress }} }}"#
    );
    let for_mentor = accept.replace("}) {", ", side: MENTOR }) {");
    assert_eq!(code(&stage.try_to(&ada, &for_mentor).await), "forbidden");
    stage.tell(&ada, &accept).await;
    let decline = accept.replace("acceptMatch", "declineMatch");
    assert_eq!(
        stage.tell(&ben, &decline).await["match"]["progress"],
        "NOT_GOING_AHEAD"
    );

    let how = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ progress ending mentorAgreedOn }} }} }}"#
    );
    let hidden = json!({ "progress": "NOT_GOING_AHEAD", "ending": null, "mentorAgreedOn": null });
    assert_eq!(stage.read(&ada, &how).await["node"], hidden);
    let shown = stage.read(&caller(Role::Coordinator), &how).await;
    assert_eq!(shown["node"]["ending"], "DECLINED_BY_MENTOR");
}

/// Leeds tells of somebody who had such a post before; Bradford of the same person's first post.
#[tokio::test]
async fn an_employer_hears_the_verdict_on_its_own_notice_also_when_another_entitles_the_same_person()
 {
    let stage = Stage::opened().await;
    let coordinator = caller(Role::Coordinator);
    let not_the_first = NOTICE.replace("firstPost: YES", "firstPost: NO");
    let told = stage.tell(&coordinator, &not_the_first).await;
    let mentee = text(&told["appointment"]["mentee"]["id"]);
    let of_bradford = NOTICE.replace(LEEDS, BRADFORD).replace("77", "12");
    let told = stage.tell(&coordinator, &of_bradford).await;
    let appointment = text(&told["appointment"]["id"]);
    let link = format!(
        r#"linkPerson(input: {{ COMMON, appointment: "{appointment}", person: "{mentee}" }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &link).await;

    let check = |employer: &str, number: &str| {
        format!(
            r#"{{ scheme(id: "mentor-plus") {{ entitlement(employer: "{employer}", employeeNumber: "{number}") {{ verdict category }} }} }}"#
        )
    };
    let (leeds, bradford) = (check(LEEDS, "77"), check(BRADFORD, "12"));
    let eligible = json!({ "verdict": "ELIGIBLE", "category": "first-post" });
    let not_eligible = json!({ "verdict": "NOT_ELIGIBLE", "category": null });
    let heard = stage.read(&employer(LEEDS), &leeds).await;
    assert_eq!(heard["scheme"]["entitlement"], not_eligible);
    let heard = stage.read(&employer(BRADFORD), &bradford).await;
    assert_eq!(heard["scheme"]["entitlement"], eligible);
    let heard = stage.read(&coordinator, &leeds).await;
    assert_eq!(
        heard["scheme"]["entitlement"], eligible,
        "of the person as a whole"
    );
}

/// Contact is due before the first day in post where that is sooner than ten working days, and the first day is sealed.
#[tokio::test]
async fn an_auditor_is_told_a_day_that_follows_from_the_notice_alone() {
    let due = r#"{ scheme(id: "mentor-plus") { today dashboard { due(first: 5) { edges { node { due { on } } } }
        stages { cards(first: 5) { edges { node { due { on } } } } } } } }"#;
    let days = |answer: &Value| {
        let board = &answer["scheme"]["dashboard"];
        let cards = board["stages"].as_array().unwrap().iter();
        let mut cards = cards.flat_map(|stage| stage["cards"]["edges"].as_array().unwrap());
        let on_card = text(&cards.next().unwrap()["node"]["due"]["on"]);
        let in_list = text(&board["due"]["edges"][0]["node"]["due"]["on"]);
        assert_eq!(on_card, in_list);
        on_card
    };
    let mut seen = Vec::new();
    for starts_on in ["1970-01-08", "1970-06-01"] {
        let stage = Stage::opened().await;
        let notice = NOTICE.replace("post:", &format!("startsOn: \"{starts_on}\", post:"));
        stage.tell(&employer(LEEDS), &notice).await;
        let coordinator = days(&stage.read(&caller(Role::Coordinator), due).await);
        let auditor = days(&stage.read(&caller(Role::Auditor), due).await);
        seen.push((coordinator, auditor));
    }
    assert_ne!(
        seen[0].0, seen[1].0,
        "the coordinator is told the sooner day"
    );
    assert_eq!(
        seen[0].1, seen[1].1,
        "the auditor cannot tell one from the other"
    );
}

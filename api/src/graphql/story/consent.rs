//! Consent and what stands under it, as each role sees it.

use super::*;
use serde_json::json;

fn consent(command: &str, person: &str, purpose: &str, beside: &str) -> String {
    format!(
        r#"{command}(input: {{ COMMON, person: "{person}", purpose: {purpose} {beside} }})
            {{ rejection {{ code }} consents {{ purpose withdrawnOn }} }}"#
    )
}

fn characteristics(person: &str, of_myself: &[&str], hoped_for: &[&str]) -> String {
    format!(
        r#"stateCharacteristics(input: {{ COMMON, person: "{person}", ofMyself: {}, hopedFor: {} }})
            {{ rejection {{ code }} characteristics {{ ofMyself {{ state value }} hopedFor {{ state value }} }} }}"#,
        json!(of_myself),
        json!(hoped_for)
    )
}

const CHECK: &str = r#"{ scheme(id: "mentor-plus") { entitlement(employer: "E08000035", employeeNumber: "77")
    { verdict offer granted used left lines { type } } } }"#;

impl Stage {
    async fn entitlement(&self, of: &Caller) -> Value {
        self.read(of, CHECK).await["scheme"]["entitlement"].take()
    }
}

/// Z08: an employer sees nothing of take-up unless the person agrees, and from the withdrawal on nothing again.
#[tokio::test]
async fn an_employer_sees_whether_the_offer_was_taken_up_only_with_consent() {
    let stage = Stage::opened().await;
    let (mentee, _, _) = matched(&stage).await;
    let (leeds, ada) = (employer(LEEDS), person(Role::Mentee, &mentee));
    let before = stage.entitlement(&leeds).await;
    let nothing = json!({ "verdict": "ELIGIBLE", "offer": null, "granted": null, "used": null, "left": null, "lines": null });
    assert_eq!(before, nothing);
    let give = consent("giveConsent", &mentee, "TAKE_UP_TO_EMPLOYER", "");
    let told = stage.tell(&ada, &give).await;
    let given = json!([{ "purpose": "TAKE_UP_TO_EMPLOYER", "withdrawnOn": null }]);
    assert_eq!(told["consents"], given);
    let shown = stage.entitlement(&leeds).await;
    let wanted = json!({ "verdict": "ELIGIBLE", "offer": "ACCEPTED", "granted": 4, "used": 0, "left": 4, "lines": null });
    assert_eq!(shown, wanted);
    let refused = stage.ask(&employer(BRADFORD), CHECK).await;
    assert_eq!(code(&refused), "forbidden", "another employer");
    let auditor = Caller {
        employer: Some(LEEDS.to_owned()),
        ..caller(Role::EmployerAuditor)
    };
    assert_eq!(stage.entitlement(&auditor).await, nothing, "its auditor");
    let withdraw = consent("withdrawConsent", &mentee, "TAKE_UP_TO_EMPLOYER", "");
    stage.tell(&ada, &withdraw).await;
    assert_eq!(stage.entitlement(&leeds).await, before);
}

/// Z08: of somebody who told of another post since, the earlier employer hears nothing, consent or not.
#[tokio::test]
async fn an_earlier_employer_sees_nothing_of_what_came_after_a_move() {
    let stage = Stage::opened().await;
    let (mentee, _, _) = matched(&stage).await;
    let give = consent("giveConsent", &mentee, "TAKE_UP_TO_EMPLOYER", "");
    stage.tell(&person(Role::Mentee, &mentee), &give).await;
    assert_eq!(stage.entitlement(&employer(LEEDS)).await["used"], 0);
    let moved = format!(
        r#"notifyAppointment(input: {{ COMMON, employer: "{BRADFORD}", person: "{mentee}", details: {{ name: "Ada" }}, post: "DCS",
            basis: SUBSTANTIVE, firstPost: NO }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&caller(Role::Coordinator), &moved).await;
    let seen = stage.entitlement(&employer(LEEDS)).await;
    assert_eq!(
        (&seen["offer"], &seen["used"]),
        (&Value::Null, &Value::Null)
    );
}

/// Only whose it is gives consent; the coordinator takes it down on their word, and sees it; nobody else does.
#[tokio::test]
async fn consent_is_ones_own_and_seen_by_the_coordinator() {
    let pair = Pair::formed().await;
    let (ada, ben, coordinator) = (pair.ada(), pair.ben(), caller(Role::Coordinator));
    let own_account = consent("giveConsent", &pair.mentee, "CONTACT_AFTER_END", "");
    let refused = pair.stage.try_to(&coordinator, &own_account).await;
    let rejection = &refused["data"]["giveConsent"]["rejection"];
    assert_eq!(rejection["code"], "own_word_needed");
    for other in [&ben, &employer(LEEDS), &caller(Role::Administrator)] {
        let refused = pair.stage.try_to(other, &own_account).await;
        assert_eq!(code(&refused), "forbidden", "{:?}", other.role);
    }
    let by_telephone = ", reportedBy: { party: MENTEE }, channel: TELEPHONE";
    let on_word = consent(
        "giveConsent",
        &pair.mentee,
        "CONTACT_AFTER_END",
        by_telephone,
    );
    pair.stage.tell(&coordinator, &on_word).await;
    let ask = format!(
        r#"{{ node(id: "{}") {{ ... on Mentee {{ consents {{ purpose }} }} }} }}"#,
        pair.mentee
    );
    let given = json!([{ "purpose": "CONTACT_AFTER_END" }]);
    for who in [&ada, &coordinator] {
        let seen = pair.stage.read(who, &ask).await;
        assert_eq!(seen["node"]["consents"], given, "{:?}", who.role);
    }
    for who in [&ben, &caller(Role::Auditor)] {
        let seen = pair.stage.read(who, &ask).await;
        assert!(seen["node"]["consents"].is_null(), "{:?}", who.role);
    }
}

/// R292, R294: what mentee and mentors say of their background orders what the mentee is shown, and is shown to nobody else:
/// not to the coordinator, not to the mentor, not in the advice, the trail or the figures.
#[tokio::test]
async fn characteristics_steer_only_what_the_mentee_is_shown() {
    let stage = Stage::opened().await;
    let (mentee, ben, _) = matched(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let cleo = another_mentor(&stage).await;
    let offer = format!(
        r#"offerMatches(input: {{ COMMON, mentee: "{mentee}", mentors: ["{cleo}"] }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &offer).await;
    let (ada, cleo_herself) = (person(Role::Mentee, &mentee), person(Role::Mentor, &cleo));

    let advice = format!(
        r#"{{ scheme(id: "mentor-plus") {{ suitableMentors(mentee: "{mentee}") {{ edges {{ node {{ mentor {{ id }} hindrances meets }} }} }} }} }}"#
    );
    let advised = stage.read(&coordinator, &advice).await;
    let refused = stage
        .try_to(&ada, &characteristics(&mentee, &[], &["a carer"]))
        .await;
    let rejection = &refused["data"]["stateCharacteristics"]["rejection"];
    assert_eq!(rejection["code"], "consent_needed");
    for (who, id) in [(&ada, &mentee), (&cleo_herself, &cleo)] {
        stage
            .tell(who, &consent("giveConsent", id, "CHARACTERISTICS", ""))
            .await;
    }
    let statement = characteristics(&mentee, &[], &["a carer", "from the North"]);
    let told = stage.tell(&ada, &statement).await;
    let hoped = &told["characteristics"]["hopedFor"];
    assert_eq!(hoped["value"], json!(["a carer", "from the North"]));
    stage
        .tell(
            &cleo_herself,
            &characteristics(&cleo, &["A carer", "a twin"], &[]),
        )
        .await;

    let shared = format!(
        r#"{{ node(id: "{mentee}") {{ ... on Mentee {{ sharedMatches {{ match {{ mentor {{ id }} }} shares }}
            only: sharedMatches(onlySharing: true) {{ shares }} }} }} }}"#
    );
    let seen = stage.read(&ada, &shared).await["node"].take();
    let first = json!({ "match": { "mentor": { "id": cleo } }, "shares": ["a carer"] });
    let second = json!({ "match": { "mentor": { "id": ben } }, "shares": [] });
    assert_eq!(seen["sharedMatches"], json!([first, second]));
    assert_eq!(seen["only"], json!([{ "shares": ["a carer"] }]));
    assert_eq!(
        stage.read(&coordinator, &advice).await,
        advised,
        "no advice"
    );
    for who in [&coordinator, &cleo_herself] {
        let seen = stage.read(who, &shared).await["node"].take();
        assert!(seen["sharedMatches"].is_null(), "{:?}", who.role);
    }
    let everything = format!(
        r#"{{ mentee: node(id: "{mentee}") {{ ... on Mentee {{ characteristics {{ hopedFor {{ value }} }} }} }}
            mentor: node(id: "{cleo}") {{ ... on Mentor {{ characteristics {{ ofMyself {{ value }} }} }} }} }}"#
    );
    for role in [Role::Coordinator, Role::Auditor] {
        let seen = stage.read(&caller(role), &everything).await.to_string();
        assert!(!seen.contains("carer"), "{role}: {seen}");
    }
    let trail = r#"{ scheme(id: "mentor-plus") { auditTrail(last: 5) { edges { node { type data actor { role } } } } } }"#;
    let trail = stage.read(&caller(Role::Auditor), trail).await.to_string();
    for word in ["carer", "consent", "haracteristic"] {
        assert!(!trail.contains(word), "{word} in {trail}");
    }

    // That Ada was shown what Cleo says of herself is told to Cleo, and to nobody else.
    let reads = format!(
        r#"{{ scheme(id: "mentor-plus") {{ sensitiveReads(person: "{cleo}") {{ edges {{ node {{ what role }} }} }} }} }}"#
    );
    let told = stage.read(&cleo_herself, &reads).await.to_string();
    assert!(told.contains(r#""what":"CHARACTERISTICS""#), "{told}");
    let told = stage.read(&caller(Role::Administrator), &reads).await;
    assert!(!told.to_string().contains("CHARACTERISTICS"), "{told}");

    stage
        .tell(
            &cleo_herself,
            &consent("withdrawConsent", &cleo, "CHARACTERISTICS", ""),
        )
        .await;
    let seen = stage.read(&ada, &shared).await["node"].take();
    assert_eq!(seen["only"], json!([]), "it acts from then on");
}

/// A mentor who may be offered.
async fn another_mentor(stage: &Stage) -> String {
    let coordinator = caller(Role::Coordinator);
    let invite = r#"inviteMentor(input: { COMMON, details: { name: "Cleo" }, experience: { status: SERVING, yearsInPost: 5 } })
        { rejection { code } mentor { id } }"#;
    let invited = stage.tell(&coordinator, invite).await;
    let cleo = text(&invited["mentor"]["id"]);
    let herself = person(Role::Mentor, &cleo);
    let portrait = r#"{ background: "c", expertise: ["x"], councilTypes: [COUNTY] }"#;
    for command in [
        format!(
            r#"registerMentor(input: {{ COMMON, mentor: "{cleo}", portrait: {portrait} }}) {{ rejection {{ code }} }}"#
        ),
        format!(
            r#"approvePenPortrait(input: {{ COMMON, mentor: "{cleo}" }}) {{ rejection {{ code }} }}"#
        ),
    ] {
        stage.tell(&herself, &command).await;
    }
    cleo
}

//! A concern and a third person as each role sees them, and as nobody else does.

use super::*;
use serde_json::json;

const SHOWN: &str = "id state referredOn restsOn beyondABadWeek menteeToldOn departures { what rule { section } }
    acknowledged { by } closed { by } reportedBy channel pairing { id } mentor { name { value } } mentee { name { value } }";

impl Pair {
    /// Another mentor of the scheme.
    async fn cleo(&self) -> Caller {
        let invite = r#"inviteMentor(input: { COMMON, details: { name: "Cleo" }, experience: { status: SERVING, yearsInPost: 5 } })
            { rejection { code } mentor { id } }"#;
        let invited = self.stage.tell(&caller(Role::Coordinator), invite).await;
        person(Role::Mentor, &text(&invited["mentor"]["id"]))
    }

    pub(super) fn refer(&self, beside: &str) -> String {
        format!(
            r#"referConcern(input: {{ COMMON, pairing: "{}", mentor: "{}", mentee: "{}" {beside} }})
                {{ rejection {{ code }} concern {{ {SHOWN} }} }}"#,
            self.pairing, self.mentor, self.mentee
        )
    }

    pub(super) fn agree(&self, person: &str, beside: &str) -> String {
        format!(
            r#"agreeThirdPerson(input: {{ COMMON, pairing: "{}", person: "{person}", name: "Jo Field", purpose: ADVICE {beside} }})
                {{ rejection {{ code }} thirdPerson {{ id inEffect }} }}"#,
            self.pairing
        )
    }

    /// What somebody sees of concerns, wherever they may be looked for.
    async fn concerns(&self, to: &Caller, concern: &str) -> Value {
        let ask = format!(
            r#"{{ concern: node(id: "{concern}") {{ ... on Concern {{ {SHOWN} }} }}
                pairing: node(id: "{}") {{ ... on Pairing {{ concerns {{ id }} }} }}
                scheme(id: "mentor-plus") {{ concerns {{ id }} }} }}"#,
            self.pairing
        );
        let mut answer = self.stage.ask(to, &ask).await;
        answer["data"].take()
    }

    /// What somebody sees of third persons.
    async fn third_persons(&self, to: &Caller, third: &str) -> Value {
        let ask = format!(
            r#"{{ third: node(id: "{third}") {{ ... on ThirdPerson {{ name {{ value }} purpose agreed {{ side }} acceptedOn endedOn inEffect }} }}
                pairing: node(id: "{}") {{ ... on Pairing {{ thirdPersons {{ id }} }} }} }}"#,
            self.pairing
        );
        let mut answer = self.stage.ask(to, &ask).await;
        answer["data"].take()
    }

    /// Everybody who has no part in it, each with a token of their own.
    async fn strangers(&self) -> Vec<Caller> {
        let cleo = self.cleo().await;
        let as_mentee = Caller {
            role: Role::Mentee,
            ..cleo.clone()
        };
        let others = [
            Role::Auditor,
            Role::Administrator,
            Role::Commissioner,
            Role::Manager,
            Role::Facilitator,
            Role::ProjectManager,
        ];
        let mut all = vec![cleo, as_mentee, employer(LEEDS), employer(BRADFORD)];
        all.extend(others.map(caller));
        all
    }
}

/// R074: the coordinator sees it, and nobody else but those it concerns. R124: the mentee sees it as soon as it is recorded.
#[tokio::test]
async fn a_concern_is_seen_by_mentor_mentee_and_coordinator_and_by_nobody_else() {
    let pair = Pair::formed().await;
    let strangers = pair.strangers().await;
    let nothing = "mentor-plus:Concern:00000000-0000-4000-8000-00000000c0c0";
    let mut before = Vec::new();
    for stranger in &strangers {
        before.push(pair.concerns(stranger, nothing).await);
    }
    let told = pair
        .stage
        .tell(&pair.ben(), &pair.refer(", restsOn: [CHILDREN_AT_RISK]"))
        .await;
    let concern = text(&told["concern"]["id"]);
    for (who, name) in [
        (pair.ben(), "mentor"),
        (pair.ada(), "mentee"),
        (caller(Role::Coordinator), "coordinator"),
    ] {
        let seen = pair.concerns(&who, &concern).await;
        assert_eq!(seen["concern"]["state"], "REFERRED", "{name}");
        assert_eq!(seen["concern"]["restsOn"], json!(["CHILDREN_AT_RISK"]));
        assert_eq!(seen["concern"]["mentee"]["name"]["value"], "Ada");
        assert_eq!(seen["pairing"]["concerns"], json!([{ "id": concern }]));
        assert_eq!(seen["scheme"]["concerns"], json!([{ "id": concern }]));
    }
    for (stranger, before) in strangers.iter().zip(before) {
        let after = pair.concerns(stranger, &concern).await;
        assert_eq!(after, before, "{:?}", stranger.role);
        assert!(after["concern"].is_null());
        assert!(!after.to_string().contains(&concern));
        let acknowledge = format!(
            r#"acknowledgeConcern(input: {{ COMMON, concern: "{concern}" }}) {{ rejection {{ code }} }}"#
        );
        for command in [acknowledge, pair.refer("")] {
            let answer = pair.stage.try_to(stranger, &command).await;
            assert_eq!(code(&answer), "forbidden", "{:?}", stranger.role);
        }
    }
}

/// R117, R124: departures are shown with the rule, and refuse nothing: neither saying nothing nor telling nobody.
#[tokio::test]
async fn a_concern_of_which_nobody_was_told_is_taken_and_shown_with_what_it_departs_from() {
    let pair = Pair::formed().await;
    let told = pair.stage.tell(&pair.ben(), &pair.refer("")).await;
    let departures = told["concern"]["departures"].as_array().unwrap();
    let what: Vec<_> = departures.iter().map(|one| text(&one["what"])).collect();
    assert_eq!(
        what,
        [
            "NO_TEST_NAMED",
            "NOT_BEYOND_A_BAD_WEEK",
            "ATTEMPTS_NOT_EXHAUSTED",
            "MENTEE_NOT_TOLD",
            "REASON_NOT_DISCLOSED",
            "COORDINATOR_NOT_CONTACTED"
        ]
    );
    for departure in departures {
        assert_eq!(departure["rule"]["section"], "1.4");
    }
    let again = pair.stage.tell(&pair.ben(), &pair.refer("")).await;
    assert_eq!(again["concern"]["id"], told["concern"]["id"], "already so");
}

/// R074, Z17: due to the coordinator alone; whoever stands in acknowledges it, and both who concern it see who did.
#[tokio::test]
async fn a_deputy_acknowledges_what_is_due_and_the_coordinator_closes_it() {
    let pair = Pair::formed().await;
    let by_telephone = ", reportedBy: { party: MENTOR }, channel: TELEPHONE, restsOn: [STATUTORY_DUTIES, CHILDREN_AT_RISK]";
    let coordinator = caller(Role::Coordinator);
    let told = pair
        .stage
        .tell(&coordinator, &pair.refer(by_telephone))
        .await;
    assert_eq!(told["concern"]["reportedBy"], "MENTOR");
    assert_eq!(told["concern"]["channel"], "TELEPHONE");
    let concern = text(&told["concern"]["id"]);
    let deputy = Caller {
        actor: Uuid::from_u128(0xDE_0717),
        ..coordinator.clone()
    };
    let due = r#"{ viewer { due(scheme: "mentor-plus", first: 100) { edges { node { what mentee { id } pairing { id } } } } } }"#;
    let is_due = async |who: &Caller, what: &str| {
        let due = pair.stage.read(who, due).await;
        due.to_string().contains(what)
    };
    assert!(is_due(&deputy, "ACKNOWLEDGE_CONCERN").await);
    for other in [pair.ben(), pair.ada(), caller(Role::Auditor)] {
        assert!(!is_due(&other, "CONCERN").await, "{:?}", other.role);
    }
    let acknowledge = format!(
        r#"acknowledgeConcern(input: {{ COMMON, concern: "{concern}" }}) {{ rejection {{ code }} concern {{ state }} }}"#
    );
    for of_the_two in [pair.ben(), pair.ada()] {
        let answer = pair.stage.try_to(&of_the_two, &acknowledge).await;
        assert_eq!(code(&answer), "forbidden");
    }
    let told = pair.stage.tell(&deputy, &acknowledge).await;
    assert_eq!(told["concern"]["state"], "ACKNOWLEDGED");
    assert!(is_due(&coordinator, "CLOSE_CONCERN").await);
    let close = acknowledge.replace("acknowledgeConcern", "closeConcern");
    pair.stage.tell(&coordinator, &close).await;
    assert!(!is_due(&coordinator, "CONCERN").await);
    let seen = pair.concerns(&pair.ada(), &concern).await;
    let seen = &seen["concern"];
    assert_eq!(seen["acknowledged"]["by"], json!(deputy.actor));
    assert_eq!(seen["closed"]["by"], json!(coordinator.actor));
}

/// R308, R113: an auditor reads that something confidential was recorded of a mentee, and cannot tell what; the board and
/// its figures do not move.
#[tokio::test]
async fn an_auditor_cannot_tell_a_concern_from_a_third_person() {
    let pair = Pair::formed().await;
    let board = r#"{ scheme(id: "mentor-plus") { dashboard { stages { stage count cards(first: 5) { edges { node {
        mentee { id } since waitsFor due { on } because(first: 1) { totalCount } } } } } mentorStages { stage count } } } }"#;
    let before = pair.stage.read(&caller(Role::Auditor), board).await;
    pair.stage
        .tell(
            &pair.ben(),
            &pair.refer(", happenedOn: \"1969-12-29\", restsOn: [STATUTORY_DUTIES]"),
        )
        .await;
    pair.stage
        .tell(&pair.ada(), &pair.agree(&pair.mentee, ""))
        .await;
    let trail = format!(
        r#"{{ scheme(id: "mentor-plus") {{ today auditTrail(last: 2) {{ edges {{ node {{ type version happenedOn actor {{ role }} channel
            reportedBy {{ party }} traceparent correlationId data subjects {{ id kind }} sealed {{ path subject erased bytes }} }} }} }}
            mentee(id: "{}") {{ stage }} }} }}"#,
        pair.mentee
    );
    let after = pair.stage.read(&caller(Role::Auditor), board).await;
    assert_eq!(after, before);
    let seen = pair.stage.read(&caller(Role::Auditor), &trail).await;
    let edges = &seen["scheme"]["auditTrail"]["edges"];
    let (concern, third) = (&edges[0]["node"], &edges[1]["node"]);
    assert_eq!(concern, third);
    assert_eq!(concern["type"], "confidential.recorded");
    assert_eq!(concern["actor"]["role"], "undisclosed");
    assert_eq!(concern["happenedOn"], seen["scheme"]["today"]);
    assert_eq!(concern["data"], json!({}));
    let subject = json!([{ "id": pair.mentee, "kind": "MENTEE" }]);
    assert_eq!(
        concern["subjects"], subject,
        "not the pairing, not the mentor"
    );
}

/// R114, R115, R116, R300: by both, for one purpose, under the same confidence; R113: and seen by the two alone.
#[tokio::test]
async fn a_third_person_is_brought_in_by_both_and_seen_by_the_two() {
    let pair = Pair::formed().await;
    let first = pair
        .stage
        .tell(&pair.ben(), &pair.agree(&pair.mentor, ""))
        .await;
    let third = text(&first["thirdPerson"]["id"]);
    assert_eq!(first["thirdPerson"]["inEffect"], false);
    let for_the_other = pair.agree(&pair.mentee, "");
    let answer = pair.stage.try_to(&pair.ben(), &for_the_other).await;
    assert_eq!(code(&answer), "forbidden");
    pair.stage
        .tell(&pair.ada(), &pair.agree(&pair.mentee, ""))
        .await;
    let accept = format!(
        r#"acceptConfidence(input: {{ COMMON, thirdPerson: "{third}" }}) {{ rejection {{ code }} thirdPerson {{ inEffect }} }}"#
    );
    let strangers = pair.strangers().await;
    for stranger in &strangers {
        let answer = pair.stage.try_to(stranger, &accept).await;
        assert_eq!(code(&answer), "forbidden", "{:?}", stranger.role);
    }
    let coordinator = caller(Role::Coordinator);
    let refused = pair.stage.try_to(&coordinator, &accept).await;
    assert_eq!(
        refused["data"]["acceptConfidence"]["rejection"]["code"],
        "unknown_third_person"
    );
    let told = pair.stage.tell(&pair.ada(), &accept).await;
    assert_eq!(told["thirdPerson"]["inEffect"], true);
    for of_the_two in [pair.ben(), pair.ada()] {
        let seen = pair.third_persons(&of_the_two, &third).await;
        assert_eq!(seen["third"]["name"]["value"], "Jo Field");
        assert_eq!(
            seen["third"]["agreed"],
            json!([{ "side": "MENTOR" }, { "side": "MENTEE" }])
        );
        assert_eq!(seen["pairing"]["thirdPersons"], json!([{ "id": third }]));
    }
    for stranger in strangers.iter().chain([&coordinator]) {
        let seen = pair.third_persons(stranger, &third).await;
        assert!(
            !seen.to_string().contains("Jo"),
            "{:?}: {seen}",
            stranger.role
        );
        assert!(seen["third"].is_null());
    }
    let end = accept.replace("acceptConfidence", "endThirdPerson");
    let told = pair.stage.tell(&pair.ben(), &end).await;
    assert_eq!(told["thirdPerson"]["inEffect"], false);
}

/// R114: on the word of each, and then the coordinator knows that there is one.
#[tokio::test]
async fn the_coordinator_sees_a_third_person_of_whom_the_office_recorded_something() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    let own_account = pair
        .stage
        .try_to(&coordinator, &pair.agree(&pair.mentor, ""))
        .await;
    assert_eq!(
        own_account["data"]["agreeThirdPerson"]["rejection"]["code"],
        "own_word_needed"
    );
    let on_word = pair.agree(&pair.mentor, ", reportedBy: { party: MENTOR }");
    let told = pair.stage.tell(&coordinator, &on_word).await;
    let third = text(&told["thirdPerson"]["id"]);
    let seen = pair.third_persons(&coordinator, &third).await;
    assert_eq!(seen["third"]["purpose"], "ADVICE");
    assert_eq!(seen["pairing"]["thirdPersons"], json!([{ "id": third }]));
}

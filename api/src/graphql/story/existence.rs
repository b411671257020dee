//! Whether something exists is told to nobody who may not see it: what is there and what is not are answered alike.

use super::*;

/// A question or a command about a thing of this type, `ID` being its id.
const ABOUT: [(&str, &str); 24] = [
    ("Mentee", r#"{ node(id: "ID") { id __typename } }"#),
    ("Mentor", r#"{ node(id: "ID") { id __typename } }"#),
    ("Person", r#"{ node(id: "ID") { id __typename } }"#),
    ("Appointment", r#"{ node(id: "ID") { id __typename } }"#),
    ("Match", r#"{ node(id: "ID") { id __typename } }"#),
    ("Pairing", r#"{ node(id: "ID") { id __typename } }"#),
    (
        "Mentee",
        r#"{ scheme(id: "mentor-plus") { mentee(id: "ID") { id } } }"#,
    ),
    (
        "Mentor",
        r#"{ scheme(id: "mentor-plus") { mentor(id: "ID") { id } } }"#,
    ),
    (
        "Mentee",
        r#"{ scheme(id: "mentor-plus") { entitlement(person: "ID") { verdict } } }"#,
    ),
    (
        "Match",
        "acceptMatch(input: { COMMON, match: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Match",
        "declineMatch(input: { COMMON, match: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Match",
        "withdrawMatch(input: { COMMON, match: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Mentee",
        "acceptMentoring(input: { COMMON, mentee: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Mentee",
        "declineMentoring(input: { COMMON, mentee: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Mentee",
        "recordPreferences(input: { COMMON, mentee: \"ID\", preferences: {} }) { rejection { code message } }",
    ),
    (
        "Mentee",
        "beginNeedsAnalysis(input: { COMMON, mentee: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Mentee",
        "requestDfeInductionDay(input: { COMMON, mentee: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Mentor",
        "stateCapacity(input: { COMMON, mentor: \"ID\", capacity: 2 }) { rejection { code message } }",
    ),
    (
        "Mentor",
        "pauseMentor(input: { COMMON, mentor: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Mentor",
        "resignAsMentor(input: { COMMON, mentor: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Pairing",
        "withdrawFromPairing(input: { COMMON, pairing: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Pairing",
        "pausePairing(input: { COMMON, pairing: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Pairing",
        "raiseDifficulty(input: { COMMON, pairing: \"ID\" }) { rejection { code message } }",
    ),
    (
        "Pairing",
        "breakPairing(input: { COMMON, pairing: \"ID\", cause: ILLNESS }) { rejection { code message } }",
    ),
];

/// R113, R305: an id that was guessed, and is one, is answered as one that is none: the same bytes but for the id.
#[tokio::test]
async fn what_somebody_may_not_see_is_answered_as_if_it_were_not_there() {
    let stage = Stage::opened().await;
    let (mentee, mentor, pairing) = paired(&stage).await;
    let of_pairing = format!(
        r#"{{ node(id: "{mentee}") {{ ... on Mentee {{ appointments {{ id }} matches {{ edges {{ node {{ id }} }} }} }} }} }}"#
    );
    let found = stage.read(&caller(Role::Coordinator), &of_pairing).await;
    let known = |kind: &str| match kind {
        "Mentor" => mentor.clone(),
        "Pairing" => pairing.clone(),
        "Appointment" => text(&found["node"]["appointments"][0]["id"]),
        "Match" => text(&found["node"]["matches"]["edges"][0]["node"]["id"]),
        kind => format!("mentor-plus:{kind}:{}", mentee.rsplit(':').next().unwrap()),
    };
    let strangers = [
        person(
            Role::Mentee,
            "mentor-plus:Person:00000000-0000-4000-8000-0000000000aa",
        ),
        person(
            Role::Mentor,
            "mentor-plus:Person:00000000-0000-4000-8000-0000000000bb",
        ),
        employer(BRADFORD),
        caller(Role::Commissioner),
    ];
    for stranger in &strangers {
        for (kind, document) in ABOUT {
            let there = known(kind);
            let nowhere = format!("mentor-plus:{kind}:{}", Uuid::from_u128(0xdead));
            let mut answers = Vec::new();
            for id in [&there, &nowhere] {
                let asked = document.replace("ID", id);
                let answer = if asked.starts_with('{') {
                    stage.ask(stranger, &asked).await
                } else {
                    stage.try_to(stranger, &asked).await
                };
                // What does not fit the schema has no code: then nothing was asked.
                let asked = answer.get("errors").is_none() || code(&answer) != "none";
                assert!(asked, "{document}: {answer}");
                answers.push(answer.to_string().replace(id.as_str(), "ID"));
            }
            assert_eq!(answers[0], answers[1], "{:?}: {document}", stranger.role);
            assert!(!answers[0].contains("rejection\":{"), "{}", answers[0]);
        }
    }
}

/// A token for one scheme: another that exists, one that does not, and a name that can be none.
#[tokio::test]
async fn another_scheme_is_answered_alike_whether_or_not_it_exists() {
    let stage = Stage::opened().await;
    let stranger = Caller {
        scheme: Some("elsewhere".to_owned()),
        ..caller(Role::Coordinator)
    };
    let documents = [
        r#"{ scheme(id: "SCHEME") { id name } }"#,
        r#"{ node(id: "SCHEME") { id } }"#,
        r#"{ node(id: "SCHEME:Mentee:00000000-0000-4000-8000-0000000000aa") { id } }"#,
        r#"{ viewer { due(scheme: "SCHEME") { totalCount } } }"#,
        r#"mutation { offerMentoring(input: { scheme: "SCHEME", commandId: "00000000-0000-4000-8000-0000000000cc",
            mentee: "SCHEME:Mentee:00000000-0000-4000-8000-0000000000aa" }) { version rejection { code } } }"#,
    ];
    for document in documents {
        let mut answers = Vec::new();
        for scheme in ["mentor-plus", "no-such-one", "Not A Name"] {
            let answer = stage
                .ask(&stranger, &document.replace("SCHEME", scheme))
                .await;
            assert_eq!(code(&answer), "forbidden", "{answer}");
            answers.push(answer.to_string().replace(scheme, "SCHEME"));
        }
        assert_eq!(answers[0], answers[1], "{document}");
        assert_eq!(answers[0], answers[2], "{document}");
    }
}

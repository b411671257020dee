//! An analysis of needs as each role sees it, and the profile that the coordinator writes.

use super::*;
use serde_json::json;

const TABLES: &str = r#"{ priorities: { personal: [{ area: "Reading a budget", ways: [MENTOR_ADVICE, OTHER], otherWay: "A week with the treasurer" }] },
    knowledge: [{ field: COUNCIL_STRATEGY, gap: FIVE, urgency: AT_ONCE }] }"#;

const SHOWN: &str = "begunOn destroyedOn sharedWith { access pairing { id } }
    tables { state value { priorities { personal { area ways otherWay } service { area } } service { heading }
        knowledge { field gap urgency } competences { own } } }
    versions { totalCount edges { node { number by setting tables { knowledge { gap } } } } }";

struct Pair {
    stage: Stage,
    mentee: String,
    mentor: String,
    pairing: String,
}

impl Pair {
    async fn formed() -> Self {
        let stage = Stage::opened().await;
        let (mentee, mentor, offered) = matched(&stage).await;
        let accept = format!(
            r#"acceptMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} }}"#
        );
        stage.tell(&person(Role::Mentee, &mentee), &accept).await;
        stage.tell(&person(Role::Mentor, &mentor), &accept).await;
        let form = format!(
            r#"formPairing(input: {{ COMMON, matches: ["{offered}"] }}) {{ rejection {{ code }} pairing {{ id }} }}"#
        );
        let formed = stage.tell(&caller(Role::Coordinator), &form).await;
        Self {
            stage,
            mentee,
            mentor,
            pairing: text(&formed["pairing"]["id"]),
        }
    }

    fn ada(&self) -> Caller {
        person(Role::Mentee, &self.mentee)
    }

    fn ben(&self) -> Caller {
        person(Role::Mentor, &self.mentor)
    }

    /// An analysis begun by the mentee.
    async fn begun(&self) -> String {
        let begin = format!(
            r#"beginNeedsAnalysis(input: {{ COMMON, mentee: "{}", setting: ALONE, tables: {TABLES} }}) {{ rejection {{ code }} analysis {{ id }} }}"#,
            self.mentee
        );
        text(&self.stage.tell(&self.ada(), &begin).await["analysis"]["id"])
    }

    async fn shown(&self, to: &Caller, analysis: &str) -> Value {
        let ask =
            format!(r#"{{ node(id: "{analysis}") {{ ... on NeedsAnalysis {{ {SHOWN} }} }} }}"#);
        self.stage.read(to, &ask).await["node"].take()
    }

    fn share(&self, analysis: &str, access: &str) -> String {
        format!(
            r#"shareNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}", pairing: "{}", access: {access} }}) {{ rejection {{ code }} }}"#,
            self.pairing
        )
    }
}

fn revise(analysis: &str) -> String {
    format!(
        r#"reviseNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}", setting: WITH_MENTOR, tables: {{ knowledge: [{{ field: COUNCIL_STRATEGY, gap: TWO }}] }} }})
            {{ rejection {{ code }} analysis {{ tables {{ value {{ knowledge {{ gap }} }} }} }} }}"#
    )
}

/// R081, R128 to R139, R146, R147: what was filled in is read back, with its versions; what was not is null.
#[tokio::test]
async fn a_mentee_reads_what_they_filled_in_and_how_it_changed() {
    let pair = Pair::formed().await;
    let analysis = pair.begun().await;
    pair.stage.tell(&pair.ada(), &revise(&analysis)).await;
    let shown = pair.shown(&pair.ada(), &analysis).await;
    assert_eq!(
        shown["tables"],
        json!({ "state": "GIVEN", "value": {
            "priorities": { "service": [], "personal": [{ "area": "Reading a budget", "ways": ["MENTOR_ADVICE", "OTHER"],
                "otherWay": "A week with the treasurer" }] },
            "service": null,
            "knowledge": [{ "field": "COUNCIL_STRATEGY", "gap": "TWO", "urgency": null }],
            "competences": null } })
    );
    let versions = &shown["versions"];
    assert_eq!(versions["totalCount"], 3);
    assert_eq!(
        versions["edges"][1]["node"],
        json!({ "number": 2, "by": "MENTEE", "setting": "ALONE", "tables": { "knowledge": [{ "gap": "FIVE" }] } })
    );
    assert_eq!(
        versions["edges"][2]["node"],
        json!({ "number": 3, "by": "MENTEE", "setting": "WITH_MENTOR", "tables": { "knowledge": [{ "gap": "TWO" }] } })
    );
    assert_eq!(shown["sharedWith"], json!([]));
}

/// R113: not the mentor with whom it is not shared, not the coordinator, not an auditor, not another mentee.
#[tokio::test]
async fn nobody_sees_an_analysis_with_whom_it_is_not_shared() {
    let pair = Pair::formed().await;
    let analysis = pair.begun().await;
    let coordinator = pair.shown(&caller(Role::Coordinator), &analysis).await;
    assert_eq!(
        coordinator["tables"],
        json!({ "state": "HIDDEN", "value": null })
    );
    assert_eq!(coordinator["versions"], Value::Null);
    assert_eq!(coordinator["sharedWith"], Value::Null);
    let another = person(Role::Mentee, &pair.mentor);
    let auditor = caller(Role::Auditor);
    for stranger in [&pair.ben(), &another, &auditor] {
        assert_eq!(pair.shown(stranger, &analysis).await, Value::Null);
        let answer = pair.stage.try_to(stranger, &revise(&analysis)).await;
        assert_eq!(code(&answer), "forbidden");
    }
    let all = format!(
        r#"{{ scheme(id: "mentor-plus") {{ mentee(id: "{}") {{ needsAnalyses {{ id }} needsProfiles {{ id }} }} }} }}"#,
        pair.mentee
    );
    let seen = pair.stage.read(&pair.ben(), &all).await;
    assert_eq!(
        seen["scheme"]["mentee"],
        json!({ "needsAnalyses": [], "needsProfiles": [] })
    );
}

/// R113, R145, R148: at hand in the pairing for whom it is shared with, until it is taken back.
#[tokio::test]
async fn what_is_shared_is_at_hand_in_the_pairing_until_it_is_taken_back() {
    let pair = Pair::formed().await;
    let analysis = pair.begun().await;
    let at_hand = format!(
        r#"{{ node(id: "{}") {{ ... on Pairing {{ needsAnalyses {{ id tables {{ state }} }} }} }} }}"#,
        pair.pairing
    );
    let stage = &pair.stage;
    stage
        .tell(&pair.ada(), &pair.share(&analysis, "READ"))
        .await;
    let seen = stage.read(&pair.ben(), &at_hand).await;
    assert_eq!(
        seen["node"]["needsAnalyses"],
        json!([{ "id": analysis, "tables": { "state": "GIVEN" } }])
    );
    let seen = stage.read(&caller(Role::Coordinator), &at_hand).await;
    assert_eq!(seen["node"]["needsAnalyses"], json!([]), "nor that it is");
    let answer = stage.try_to(&pair.ben(), &revise(&analysis)).await;
    assert_eq!(code(&answer), "forbidden", "to read only");

    stage
        .tell(&pair.ada(), &pair.share(&analysis, "WRITE"))
        .await;
    stage.tell(&pair.ben(), &revise(&analysis)).await;
    let shown = pair.shown(&pair.ada(), &analysis).await;
    assert_eq!(shown["versions"]["edges"][2]["node"]["by"], "MENTOR");
    let take_back = format!(
        r#"unshareNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}", pairing: "{}" }}) {{ rejection {{ code }} }}"#,
        pair.pairing
    );
    let destroy = format!(
        r#"destroyNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}" }}) {{ rejection {{ code }} }}"#
    );
    for command in [&pair.share(&analysis, "READ"), &take_back, &destroy] {
        let answer = stage.try_to(&pair.ben(), command).await;
        assert_eq!(code(&answer), "forbidden", "{command}");
    }
    stage.tell(&pair.ada(), &take_back).await;
    assert_eq!(pair.shown(&pair.ben(), &analysis).await, Value::Null);
    let seen = stage.read(&pair.ben(), &at_hand).await;
    assert_eq!(seen["node"]["needsAnalyses"], json!([]));
}

/// R113: its mentee alone destroys it; then nobody reads it, and the history says so.
#[tokio::test]
async fn what_its_mentee_destroys_is_erased_and_nothing_else_is() {
    let pair = Pair::formed().await;
    let (analysis, other) = (pair.begun().await, pair.begun().await);
    let destroy = format!(
        r#"destroyNeedsAnalysis(input: {{ COMMON, analysis: "{analysis}" EXTRA }}) {{ rejection {{ code }} analysis {{ destroyedOn tables {{ state }} }} }}"#
    );
    let on_word = destroy.replace("EXTRA", ", reportedBy: { party: MENTEE }");
    let destroy = destroy.replace("EXTRA", "");
    for stranger in [
        caller(Role::Coordinator),
        caller(Role::Administrator),
        pair.ben(),
    ] {
        let answer = pair.stage.try_to(&stranger, &on_word).await;
        assert_eq!(code(&answer), "forbidden");
    }
    let told = pair.stage.tell(&pair.ada(), &destroy).await;
    assert_eq!(told["analysis"]["tables"]["state"], "ERASED");
    let shown = pair.shown(&pair.ada(), &analysis).await;
    assert_eq!(shown["tables"], json!({ "state": "ERASED", "value": null }));
    assert_eq!(shown["versions"], Value::Null);
    let other = pair.shown(&pair.ada(), &other).await;
    assert_eq!(other["tables"]["state"], "GIVEN");
    let history = format!(
        r#"{{ scheme(id: "mentor-plus") {{ auditTrail(last: 20, filter: {{ subject: "{analysis}" }}) {{ edges {{ node {{
            type data subjects {{ kind }} sealed {{ path erased }} }} }} }} }} }}"#
    );
    let history = pair.stage.read(&caller(Role::Auditor), &history).await;
    let edges = &history["scheme"]["auditTrail"]["edges"];
    let revised = &edges[1]["node"];
    assert_eq!(revised["type"], "needs-analysis.revised");
    assert_eq!(
        revised["sealed"],
        json!([{ "path": "/revision", "erased": true }])
    );
    assert_eq!(revised["subjects"][0]["kind"], "NEEDS_ANALYSIS");
    let last = edges.as_array().unwrap().last().unwrap();
    assert_eq!(last["node"]["type"], "needs-analysis.destroyed");
    let answer = pair.stage.try_to(&pair.ada(), &revise(&analysis)).await;
    assert_eq!(
        answer["data"]["reviseNeedsAnalysis"]["rejection"]["code"],
        "needs_analysis_destroyed"
    );
}

/// The coordinator records what a mentee tells by telephone, on their word, and does not see it afterwards.
#[tokio::test]
async fn the_coordinator_records_an_analysis_on_the_mentees_word_and_sees_nothing_of_it() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    let begin = format!(
        r#"beginNeedsAnalysis(input: {{ COMMON, mentee: "{}", tables: {TABLES} EXTRA }}) {{ rejection {{ code field }} analysis {{ id tables {{ state }} }} }}"#,
        pair.mentee
    );
    let answer = pair
        .stage
        .try_to(&coordinator, &begin.replace("EXTRA", ""))
        .await;
    assert_eq!(
        answer["data"]["beginNeedsAnalysis"]["rejection"],
        json!({ "code": "word_needed", "field": "reportedBy" })
    );
    let on_word = begin.replace(
        "EXTRA",
        ", channel: TELEPHONE, reportedBy: { party: MENTEE }",
    );
    let told = pair.stage.tell(&coordinator, &on_word).await;
    assert_eq!(told["analysis"]["tables"]["state"], "HIDDEN");
    let analysis = text(&told["analysis"]["id"]);
    let shown = pair.shown(&pair.ada(), &analysis).await;
    assert_eq!(shown["tables"]["state"], "GIVEN");
}

/// R079: written by the coordinator, seen and corrected by the mentee, and not the mentor's to see.
#[tokio::test]
async fn the_mentee_corrects_the_profile_that_the_coordinator_writes() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    let write = format!(
        r#"writeNeedsProfile(input: {{ COMMON, mentee: "{}", needs: ["Finance"] }}) {{ rejection {{ code }} profile {{ id }} }}"#,
        pair.mentee
    );
    let profile = text(&pair.stage.tell(&coordinator, &write).await["profile"]["id"]);
    let correct = format!(
        r#"correctNeedsProfile(input: {{ COMMON, profile: "{profile}", correction: "People, not finance" }}) {{ rejection {{ code }} }}"#
    );
    let answer = pair.stage.try_to(&pair.ben(), &correct).await;
    assert_eq!(code(&answer), "forbidden");
    pair.stage.tell(&pair.ada(), &correct).await;
    let ask = format!(
        r#"{{ node(id: "{profile}") {{ ... on NeedsProfile {{ needs {{ value }} corrections {{ words {{ value }} }} }} }} }}"#
    );
    let wanted = json!({ "needs": { "value": ["Finance"] },
        "corrections": [{ "words": { "value": "People, not finance" } }] });
    for reader in [&coordinator, &pair.ada()] {
        assert_eq!(pair.stage.read(reader, &ask).await["node"], wanted);
    }
    for stranger in [&pair.ben(), &caller(Role::Auditor)] {
        assert_eq!(pair.stage.read(stranger, &ask).await["node"], Value::Null);
    }
}

//! What befalls a pairing, told and read by everybody who has a part in it.

use super::*;
use serde_json::json;

impl Pair {
    fn command(&self, name: &str, input: &str) -> String {
        let pairing = &self.pairing;
        format!(
            r#"{name}(input: {{ COMMON, pairing: "{pairing}" {input} }}) {{ rejection {{ code }} pairing {{ id }} }}"#
        )
    }

    async fn tell(&self, caller: &Caller, name: &str, input: &str) {
        self.stage.tell(caller, &self.command(name, input)).await;
    }

    async fn forbids(&self, caller: &Caller, name: &str, input: &str) {
        let answer = self.stage.try_to(caller, &self.command(name, input)).await;
        assert_eq!(code(&answer), "forbidden", "{name}");
    }

    async fn shows(&self, caller: &Caller, fields: &str) -> Value {
        let id = &self.pairing;
        let read = format!(r#"{{ node(id: "{id}") {{ ... on Pairing {{ {fields} }} }} }}"#);
        self.stage.read(caller, &read).await["node"].take()
    }
}

/// R105-R108, R073: reported by the mentee, judged by both in view of what remains, and replaced.
#[tokio::test]
async fn a_breakdown_is_judged_together_in_view_of_what_remains() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    pair.tell(&pair.ben(), "recordSession", "").await;
    pair.tell(&pair.ada(), "breakPairing", ", cause: ILLNESS")
        .await;
    let breakdown = "breakdown { cause reportedBy judgement judgedBy judgedTogether
        remaining { mentee { id } sessions days } replacedBy { id } }";
    let remaining = json!([{ "mentee": { "id": pair.mentee }, "sessions": 3, "days": 364 }]);
    let before = pair.shows(&coordinator, breakdown).await;
    let wanted = json!({ "cause": "ILLNESS", "reportedBy": "MENTEE", "judgement": null, "judgedBy": [],
        "judgedTogether": null, "remaining": remaining, "replacedBy": [] });
    assert_eq!(before["breakdown"], wanted);

    let judge = ", judgement: REPLACE, judgedBy: [COORDINATOR, MENTEE]";
    pair.forbids(&pair.ada(), "judgeReplacement", judge).await;
    pair.tell(&coordinator, "judgeReplacement", judge).await;
    let offer = format!(
        r#"offerMatches(input: {{ COMMON, mentee: "{}", mentors: ["{}"] }}) {{ rejection {{ code }} matches {{ id }} }}"#,
        pair.mentee, pair.mentor
    );
    let offered = pair.stage.tell(&coordinator, &offer).await;
    let offered = text(&offered["matches"][0]["id"]);
    for side in ["MENTEE", "MENTOR"] {
        let accept = format!(
            r#"acceptMatch(input: {{ COMMON, match: "{offered}", side: {side} }}) {{ rejection {{ code }} }}"#
        );
        pair.stage.tell(&coordinator, &accept).await;
    }
    let form = format!(
        r#"formPairing(input: {{ COMMON, matches: ["{offered}"] }}) {{ rejection {{ code }} pairing {{ id replaces {{ id }} }} }}"#
    );
    let formed = pair.stage.tell(&coordinator, &form).await;
    assert_eq!(formed["pairing"]["replaces"]["id"], pair.pairing.as_str());
    let after = pair.shows(&coordinator, breakdown).await;
    let wanted = json!({ "cause": "ILLNESS", "reportedBy": "MENTEE", "judgement": "REPLACE",
        "judgedBy": ["MENTEE", "COORDINATOR"], "judgedTogether": true, "remaining": remaining,
        "replacedBy": [{ "id": formed["pairing"]["id"] }] });
    assert_eq!(after["breakdown"], wanted);

    let to_ben = pair.shows(&pair.ben(), breakdown).await;
    let hidden = [
        &to_ben["breakdown"]["cause"],
        &to_ben["breakdown"]["reportedBy"],
    ];
    assert_eq!(hidden, [&Value::Null, &Value::Null]);
    assert_eq!(to_ben["breakdown"]["remaining"], json!([]));
}

/// R093, R226: the coordinator sees counts and their difference; times and places are the pair's own.
#[tokio::test]
async fn times_and_places_are_the_pairs_own() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    let agreed = format!(
        r#", person: "{}", everyWeeks: 6, format: VIDEO, places: {{ times: "Fridays at four" }}"#,
        pair.mentee
    );
    pair.forbids(&pair.ben(), "agreeMeetings", &agreed).await;
    pair.tell(&pair.ada(), "agreeMeetings", &agreed).await;
    pair.tell(&pair.ada(), "recordSession", "").await;
    pair.tell(&pair.ben(), "recordSessionNotHeld", ", outcome: MOVED")
        .await;
    let fields = "meetings { everyWeeks format times { state value } places { state } }
        sessions { mentee mentor difference used notHeldByMentor { missed moved cancelled } }";
    let sessions = json!({ "mentee": 1, "mentor": 0, "difference": 1, "used": 1,
        "notHeldByMentor": { "missed": 0, "moved": 1, "cancelled": 0 } });
    let of_pair = json!({ "everyWeeks": 6, "format": "VIDEO",
        "times": { "state": "GIVEN", "value": "Fridays at four" }, "places": { "state": "NOT_GIVEN" } });
    for caller in [pair.ada(), pair.ben()] {
        let shown = pair.shows(&caller, fields).await;
        assert_eq!(shown, json!({ "meetings": of_pair, "sessions": sessions }));
    }
    let hidden = json!({ "everyWeeks": 6, "format": "VIDEO",
        "times": { "state": "HIDDEN", "value": null }, "places": { "state": "HIDDEN" } });
    for caller in [coordinator, super::caller(Role::Auditor)] {
        let shown = pair.shows(&caller, fields).await;
        assert_eq!(shown, json!({ "meetings": hidden, "sessions": sessions }));
    }
}

/// R002: pause and withdrawal are the mentee's to ask for, and no breakdown.
#[tokio::test]
async fn a_mentee_pauses_and_withdraws() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    for name in ["pausePairing", "resumePairing", "withdrawFromPairing"] {
        pair.forbids(&pair.ben(), name, "").await;
    }
    pair.tell(&pair.ada(), "pausePairing", "").await;
    let fields = "course pausedSince breakdown { on } mentees { stage }";
    let shown = pair.shows(&coordinator, fields).await;
    let wanted = json!({ "course": "LIVE", "pausedSince": "1970-01-01", "breakdown": null,
        "mentees": [{ "stage": "PAUSED" }] });
    assert_eq!(shown, wanted);
    pair.tell(
        &coordinator,
        "resumePairing",
        ", reportedBy: { party: MENTEE }",
    )
    .await;
    assert_eq!(
        pair.shows(&pair.ben(), "pausedSince").await["pausedSince"],
        Value::Null
    );
    pair.tell(&pair.ada(), "withdrawFromPairing", "").await;
    let shown = pair.shows(&coordinator, fields).await;
    let wanted = json!({ "course": "WITHDRAWN", "pausedSince": null, "breakdown": null,
        "mentees": [{ "stage": "EVALUATING" }] });
    assert_eq!(shown, wanted);
}

/// R070, R102: what one side says of how it goes is not shown to the other, and waits for the coordinator.
#[tokio::test]
async fn how_it_goes_is_shown_to_the_coordinator_alone() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    let says = |person: &str, word: &str| format!(r#", person: "{person}", word: {word}"#);
    let of_ada = says(&pair.mentee, "PLEASE_RING");
    pair.forbids(&pair.ben(), "recordCheckIn", &of_ada).await;
    pair.tell(&pair.ada(), "recordCheckIn", &of_ada).await;
    pair.tell(&pair.ben(), "recordCheckIn", &says(&pair.mentor, "FINE"))
        .await;
    pair.tell(&pair.ada(), "raiseDifficulty", "").await;
    let fields = "checkIns { side word } difficulties { state closedOn }";
    let ada = json!({ "side": "MENTEE", "word": "PLEASE_RING" });
    let ben = json!({ "side": "MENTOR", "word": "FINE" });
    let open = json!([{ "state": "OPEN", "closedOn": null }]);
    for (caller, check_ins, difficulties) in [
        (&coordinator, json!([ada, ben]), open),
        (&pair.ada(), json!([ada]), Value::Null),
        (&pair.ben(), json!([ben]), Value::Null),
    ] {
        let shown = pair.shows(caller, fields).await;
        let wanted = json!({ "checkIns": check_ins, "difficulties": difficulties });
        assert_eq!(shown, wanted);
    }
    assert_eq!(waits(&pair).await, ["RING_BACK", "RESOLVE_DIFFICULTY"]);
    pair.forbids(&pair.ada(), "resolveDifficulty", "").await;
    pair.tell(&coordinator, "resolveDifficulty", "").await;
    pair.tell(&coordinator, "recordCheckIn", &says(&pair.mentee, "FINE"))
        .await;
    let none: [&str; 0] = [];
    assert_eq!(waits(&pair).await, none);
}

/// R047, R048, R097, R098, R099: what the pair note for themselves is shown to them alone; both are reminded to prepare.
#[tokio::test]
async fn what_the_pair_note_is_their_own() {
    let pair = Pair::formed().await;
    let due = "{ viewer { due { edges { node { what } } } } }";
    let prepare = json!([{ "node": { "what": "PREPARE_FIRST_SESSION" } }]);
    for caller in [pair.ada(), pair.ben()] {
        let waiting = pair.stage.read(&caller, due).await;
        assert_eq!(waiting["viewer"]["due"]["edges"], prepare);
    }
    pair.tell(
        &pair.ada(),
        "agreeFoundations",
        ", foundations: [GROUND_RULES, PURPOSE]",
    )
    .await;
    pair.tell(&pair.ben(), "noteActivity", ", activity: ACTED_FOR_MENTEE")
        .await;
    pair.tell(&pair.ben(), "recordSession", "").await;
    let fields = "ownNotes { foundations { foundation on } activities { activity } }";
    let noted = json!({
        "foundations": [{ "foundation": "PURPOSE", "on": "1970-01-01" }, { "foundation": "GROUND_RULES", "on": "1970-01-01" }],
        "activities": [{ "activity": "ACTED_FOR_MENTEE" }] });
    for caller in [pair.ada(), pair.ben()] {
        assert_eq!(pair.shows(&caller, fields).await["ownNotes"], noted);
        let waiting = pair.stage.read(&caller, due).await;
        assert_eq!(waiting["viewer"]["due"]["edges"], json!([]));
    }
    for role in [Role::Coordinator, Role::Auditor] {
        let shown = pair.shows(&caller(role), fields).await;
        assert_eq!(shown["ownNotes"], Value::Null);
    }
}

/// R112, R027, R075, R076: closing shows what is owed, and what is owed waits for whoever owes it.
#[tokio::test]
async fn closing_a_pairing_shows_what_is_owed() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    let conclude = format!(
        r#"concludePairing(input: {{ COMMON, pairing: "{}" }}) {{ rejection {{ code }}
            pairing {{ course concludedEarly owed {{ what mentee {{ id }} mentor {{ id }} }} }} }}"#,
        pair.pairing
    );
    let told = pair.stage.tell(&coordinator, &conclude).await;
    let (mentee, mentor) = (json!({ "id": pair.mentee }), json!({ "id": pair.mentor }));
    let wanted = json!({ "course": "CONCLUDED", "concludedEarly": true, "owed": [
        { "what": "REPORT", "mentee": mentee, "mentor": null },
        { "what": "REPORT", "mentee": null, "mentor": mentor },
        { "what": "MENTOR_FEEDBACK", "mentee": null, "mentor": mentor },
        { "what": "ONGOING_SUPPORT", "mentee": mentee, "mentor": null },
    ] });
    assert_eq!(told["pairing"], wanted);
    let to_ben = pair.shows(&pair.ben(), "owed { what }").await;
    assert_eq!(to_ben["owed"], Value::Null);
    assert_eq!(
        waits(&pair).await,
        ["GIVE_MENTOR_FEEDBACK", "DISCUSS_ONGOING_SUPPORT"]
    );
    let to_mentor = format!(r#", mentor: "{}""#, pair.mentor);
    pair.tell(&coordinator, "giveMentorFeedback", &to_mentor)
        .await;
    let with_mentee = format!(r#", mentee: "{}""#, pair.mentee);
    pair.tell(&coordinator, "discussOngoingSupport", &with_mentee)
        .await;
    let none: [&str; 0] = [];
    assert_eq!(waits(&pair).await, none);
    let left = pair.shows(&coordinator, "owed { what }").await;
    assert_eq!(
        left["owed"],
        json!([{ "what": "REPORT" }, { "what": "REPORT" }])
    );
}

/// R019, Z05, Z13: every line tells what it credited and debited, and the last line's rest is what is left.
#[tokio::test]
async fn the_ledger_explains_what_is_left_line_by_line() {
    let pair = Pair::formed().await;
    let coordinator = caller(Role::Coordinator);
    pair.tell(&pair.ada(), "recordSession", "").await;
    pair.tell(&pair.ben(), "reportSessionCount", ", count: 5")
        .await;
    pair.tell(&pair.ben(), "reportSessionCount", ", count: 2")
        .await;
    pair.tell(&pair.ada(), "pausePairing", "").await;
    pair.tell(&coordinator, "concludePairing", "").await;
    let read = format!(
        r#"{{ scheme(id: "mentor-plus") {{ entitlement(person: "{}") {{ granted used left ended
            lines {{ type entry granted used outsideCoreOffer ended daysAdded leftAfter }} }} }} }}"#,
        pair.mentee
    );
    let mut answer = pair.stage.read(&pair.ada(), &read).await;
    let entitlement = answer["scheme"]["entitlement"].take();
    let summary = ["granted", "used", "left", "ended"].map(|name| entitlement[name].clone());
    assert_eq!(summary, [json!(4), json!(2), json!(0), json!(2)]);
    let lines = entitlement["lines"].as_array().unwrap().iter();
    let told: Vec<_> = lines
        .map(|line| {
            let numbers = ["granted", "used", "outsideCoreOffer", "ended", "leftAfter"];
            let numbers = numbers.map(|name| line[name].as_i64().unwrap());
            (text(&line["type"]), text(&line["entry"]), numbers)
        })
        .collect();
    let line = |kind: &str, entry: &str, numbers| (kind.to_owned(), entry.to_owned(), numbers);
    assert_eq!(
        told,
        [
            line("eligibility.judged", "GRANTED", [4, 0, 0, 0, 4]),
            line("mentoring.accepted", "NOTED", [0, 0, 0, 0, 4]),
            line("pairing.formed", "NOTED", [0, 0, 0, 0, 4]),
            line("session.held", "USED", [0, 1, 0, 0, 3]),
            line("sessions.counted", "USED", [0, 3, 1, 0, 0]),
            line("sessions.counted", "CORRECTED", [0, -2, -1, 0, 2]),
            line("pairing.paused", "STOPPED", [0, 0, 0, 0, 2]),
            line("pairing.concluded", "ENDED", [0, 0, 0, 2, 0]),
        ]
    );
}

/// What in pairings waits for the coordinator.
async fn waits(pair: &Pair) -> Vec<String> {
    let read = "{ viewer { due(first: 50) { edges { node { what pairing { id } } } } } }";
    let answer = pair.stage.read(&caller(Role::Coordinator), read).await;
    let edges = answer["viewer"]["due"]["edges"].as_array().unwrap().iter();
    let about_pairings = edges.filter(|edge| !edge["node"]["pairing"].is_null());
    about_pairings
        .map(|edge| text(&edge["node"]["what"]))
        .collect()
}

/// R019, R226: a session recorded in error is put right; the history shows both, and the balance follows.
#[tokio::test]
async fn what_was_told_in_error_is_put_right_and_stays_in_the_history() {
    let pair = Pair::formed().await;
    let (ada, ben, coordinator) = (pair.ada(), pair.ben(), caller(Role::Coordinator));
    pair.tell(&ada, "recordSession", "").await;
    let listed = "sessions { used } sessionEntries { entry word countedBy stands correctedBy }";
    let told = pair.shows(&ben, listed).await;
    let entry = text(&told["sessionEntries"][0]["entry"]);
    let correct = |rest: &str| {
        format!(
            r#"correctRecord(input: {{ COMMON, entry: "{entry}", {rest} }}) {{ rejection {{ code }} pairing {{ {listed} }} }}"#
        )
    };
    // The other side's word is not one's own to correct, and nobody else's at all.
    let not_so = correct("correction: NOT_SO");
    for stranger in [&ben, &caller(Role::Auditor), &employer(LEEDS)] {
        assert_eq!(
            code(&pair.stage.try_to(stranger, &not_so).await),
            "forbidden"
        );
    }
    let without_a_day = correct("correction: ON_ANOTHER_DAY");
    let refused = pair.stage.try_to(&ada, &without_a_day).await;
    assert_eq!(code(&refused), "invalid_input");

    let corrected = pair.stage.tell(&ada, &not_so).await["pairing"].take();
    assert_eq!(corrected["sessions"]["used"], 0);
    let stands = &corrected["sessionEntries"][0];
    assert_eq!(
        (&stands["word"], &stands["stands"]),
        (&json!("HELD"), &json!(false))
    );
    let trail = r#"{ scheme(id: "mentor-plus") { auditTrail(last: 2) { edges { node { id type corrects correctedBy } } } } }"#;
    let trail = pair.stage.read(&coordinator, trail).await;
    let edges = &trail["scheme"]["auditTrail"]["edges"];
    let (first, second) = (&edges[0]["node"], &edges[1]["node"]);
    assert_eq!(
        (&first["id"], &second["corrects"]),
        (&json!(entry), &json!(entry))
    );
    assert_eq!(second["type"], "record.corrected");
    assert_eq!(first["correctedBy"], json!([second["id"]]));
    assert_eq!(stands["correctedBy"], first["correctedBy"]);

    let as_recorded = correct("correction: AS_RECORDED");
    let again = pair.stage.tell(&coordinator, &as_recorded).await;
    assert_eq!(again["pairing"]["sessions"]["used"], 1);
}

/// R105, R070: what was recorded of the wrong pair is taken back by the coordinator alone; the history shows both, and the
/// pair goes on.
#[tokio::test]
async fn a_breakdown_of_the_wrong_pair_is_taken_back_and_stays_in_the_history() {
    let pair = Pair::formed().await;
    let (ada, coordinator) = (pair.ada(), caller(Role::Coordinator));
    pair.tell(&coordinator, "breakPairing", ", cause: ILLNESS")
        .await;
    let listed = r#"auditTrail(filter: { subject: "PAIRING" }, last: 2) { edges { node { id type corrects correctedBy } } }"#;
    let listed = listed.replace("PAIRING", &pair.pairing);
    let trail = format!(r#"{{ scheme(id: "mentor-plus") {{ {listed} }} }}"#);
    let read = pair.stage.read(&coordinator, &trail).await;
    let edges = &read["scheme"]["auditTrail"]["edges"];
    let entry = text(&edges[1]["node"]["id"]);
    assert_eq!(edges[1]["node"]["type"], "pairing.broken");
    let correct = |correction: &str| {
        format!(
            r#"correctRecord(input: {{ COMMON, entry: "{entry}", {correction} }}) {{ rejection {{ code }}
            pairing {{ course breakdown {{ cause }} mentees {{ stage }} }} }}"#
        )
    };
    let not_so = correct("correction: NOT_SO");
    let refused = pair.stage.try_to(&ada, &not_so).await;
    assert_eq!(code(&refused), "forbidden");
    let another_day = correct(r#"correction: ON_ANOTHER_DAY, on: "1970-01-01""#);
    let refused = pair.stage.try_to(&coordinator, &another_day).await;
    let rejection = &refused["data"]["correctRecord"]["rejection"];
    assert_eq!(rejection["code"], "only_taken_back", "{refused}");

    let back = pair.stage.tell(&coordinator, &not_so).await;
    let wanted = json!({ "course": "LIVE", "breakdown": null, "mentees": [{ "stage": "PAIRED" }] });
    assert_eq!(back["pairing"], wanted);
    let read = pair.stage.read(&coordinator, &trail).await;
    let edges = &read["scheme"]["auditTrail"]["edges"];
    let (first, second) = (&edges[0]["node"], &edges[1]["node"]);
    assert_eq!(first["id"], entry.as_str());
    assert_eq!(second["type"], "record.taken-back");
    assert_eq!(second["corrects"], entry.as_str());
    assert_eq!(first["correctedBy"], json!([second["id"]]));
}

//! A coordinator looks for a mentor, has somebody wait, and sees who takes part; and who is told of it.

use super::*;
use serde_json::json;

/// R069: the coordinator is shown who is suitable, as facts; R092: nobody else is.
#[tokio::test]
async fn only_the_coordinator_asks_who_is_suitable() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let ask = format!(
        r#"{{ scheme(id: "mentor-plus") {{ suitableMentors(mentee: "{mentee}", filter: {{ background: "B", withHindered: true }}) {{
            totalCount edges {{ node {{ mentor {{ id }} hindrances cautions room earlierMatches {{ id progress }} }} }} }} }} }}"#
    );
    let coordinator = caller(Role::Coordinator);
    let found = stage.read(&coordinator, &ask).await;
    let wanted = json!({ "totalCount": 1, "edges": [{ "node": { "mentor": { "id": mentor },
        "hindrances": ["OFFERED_ALREADY"], "cautions": ["NOT_INDUCTED"], "room": 1,
        "earlierMatches": [{ "id": offered, "progress": "OPEN" }] } }] });
    assert_eq!(found["scheme"]["suitableMentors"], wanted);
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    for stranger in [ada, ben, caller(Role::Auditor), employer(LEEDS)] {
        assert_eq!(code(&stage.ask(&stranger, &ask).await), "forbidden");
    }
}

/// R088: a mentee's order is theirs and the coordinator's; a mentor is not told which choice they are.
#[tokio::test]
async fn a_mentor_is_not_told_which_choice_they_are() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let rank = format!(
        r#"rankMatches(input: {{ COMMON, mentee: "{mentee}", matches: ["{offered}"] }}) {{ rejection {{ code }} mentee {{ choice {{ ranking {{ id }} }} }} }}"#
    );
    let told = stage.tell(&ada, &rank).await;
    assert_eq!(told["mentee"]["choice"]["ranking"][0]["id"], offered);
    assert_eq!(code(&stage.try_to(&ben, &rank).await), "forbidden");
    let read = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ rank mentee {{ choice {{ waitingSince }} }} }} }} }}"#
    );
    let hidden = json!({ "rank": null, "mentee": { "choice": null } });
    assert_eq!(stage.read(&ben, &read).await["node"], hidden);
    let shown = stage.read(&caller(Role::Coordinator), &read).await;
    assert_eq!(shown["node"]["rank"], 1);
}

/// R090: that a mentor resigned looks to the mentee like a decline, a lapse or anything else.
#[tokio::test]
async fn a_resignation_looks_to_the_mentee_like_anything_else() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let (ada, ben) = (person(Role::Mentee, &mentee), person(Role::Mentor, &mentor));
    let resign = format!(
        r#"resignAsMentor(input: {{ COMMON, mentor: "{mentor}" }}) {{ rejection {{ code }} mentor {{ stage participation {{ presence }} }} }}"#
    );
    assert_eq!(code(&stage.try_to(&ada, &resign).await), "forbidden");
    let told = stage.tell(&ben, &resign).await;
    let wanted = json!({ "stage": "GONE", "participation": { "presence": "RESIGNED" } });
    assert_eq!(told["mentor"], wanted);
    let how = format!(
        r#"{{ node(id: "{offered}") {{ ... on Match {{ progress ending mentorAgreedOn mentor {{ id }} }} }} }}"#
    );
    let hidden = json!({ "progress": "NOT_GOING_AHEAD", "ending": null, "mentorAgreedOn": null, "mentor": null });
    assert_eq!(stage.read(&ada, &how).await["node"], hidden);
    let shown = stage.read(&caller(Role::Coordinator), &how).await;
    assert_eq!(shown["node"]["ending"], "WITHDRAWN");
    let resume = format!(
        r#"resumeMentor(input: {{ COMMON, mentor: "{mentor}" }}) {{ rejection {{ code }} }}"#
    );
    assert_eq!(code(&stage.try_to(&ben, &resume).await), "forbidden");
    stage.tell(&caller(Role::Coordinator), &resume).await;
}

/// Z02: a live pairing whose mentor left their post is flagged for the coordinator, and the mentee is not told.
#[tokio::test]
async fn a_pairing_whose_mentor_left_their_post_is_flagged_and_goes_on() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let coordinator = caller(Role::Coordinator);
    for side in ["MENTEE", "MENTOR"] {
        let accept = format!(
            r#"acceptMatch(input: {{ COMMON, match: "{offered}", side: {side} }}) {{ rejection {{ code }} }}"#
        );
        stage.tell(&coordinator, &accept).await;
    }
    let form = format!(
        r#"formPairing(input: {{ COMMON, matches: ["{offered}"] }}) {{ rejection {{ code }} pairing {{ id mentorFlags }} }}"#
    );
    let formed = stage.tell(&coordinator, &form).await;
    assert_eq!(formed["pairing"]["mentorFlags"], json!([]));
    let pairing = text(&formed["pairing"]["id"]);
    let leave = format!(
        r#"recordMentorLeftPost(input: {{ COMMON, mentor: "{mentor}", leftOn: "1970-01-01", retired: false }}) {{
            rejection {{ code }} mentor {{ standing participation {{ leftPost leftPostOn {{ value }} }} }} }}"#
    );
    let told = stage.tell(&coordinator, &leave).await;
    let wanted = json!({ "standing": "NOT_ELIGIBLE",
        "participation": { "leftPost": true, "leftPostOn": { "value": "1970-01-01" } } });
    assert_eq!(told["mentor"], wanted);
    let read = format!(
        r#"{{ node(id: "{pairing}") {{ ... on Pairing {{ course mentorFlags mentors {{ participation {{ leftPost }} }} }} }} }}"#
    );
    let shown = stage.read(&coordinator, &read).await;
    assert_eq!(shown["node"]["course"], "LIVE");
    assert_eq!(shown["node"]["mentorFlags"], json!(["LEFT_POST"]));
    let ada = person(Role::Mentee, &mentee);
    let hidden =
        json!({ "course": "LIVE", "mentorFlags": null, "mentors": [{ "participation": null }] });
    assert_eq!(stage.read(&ada, &read).await["node"], hidden);
    let auditor = r#"{ scheme(id: "mentor-plus") { mentors { edges { node { participation { leftPost leftPostOn { state } } } } } } }"#;
    let seen = stage.read(&caller(Role::Auditor), auditor).await;
    let seen = &seen["scheme"]["mentors"]["edges"][0]["node"]["participation"];
    let wanted = json!({ "leftPost": true, "leftPostOn": { "state": "HIDDEN" } });
    assert_eq!(*seen, wanted);
}

/// R021: a mentee asks for themselves, is told where they stand, and not who stands before them.
#[tokio::test]
async fn a_mentee_is_told_where_they_stand_in_line() {
    let stage = Stage::opened().await;
    let (mentee, _, _) = matched(&stage).await;
    let (ada, coordinator) = (person(Role::Mentee, &mentee), caller(Role::Coordinator));
    let request = format!(
        r#"requestDfeInductionDay(input: {{ COMMON, mentee: "{mentee}" }}) {{ rejection {{ code }}
            mentee {{ dfeInductionDay {{ state placeInLine on }} }} }}"#
    );
    let told = stage.tell(&ada, &request).await;
    let waiting = json!({ "state": "WAITING", "placeInLine": 1, "on": null });
    assert_eq!(told["mentee"]["dfeInductionDay"], waiting);
    let announce = r#"announceDfeInductionDay(input: { COMMON, on: "2099-05-20", places: 2 }) { rejection { code }
        day { id free placed { id } } }"#;
    let day = stage.tell(&coordinator, announce).await["day"].take();
    assert_eq!(day["placed"][0]["id"], mentee);
    assert_eq!(day["free"], 1);
    let read = format!(
        r#"{{ node(id: "{mentee}") {{ ... on Mentee {{ dfeInductionDay {{ state placeInLine on }} }} }} }}"#
    );
    let placed = json!({ "state": "PLACE_GIVEN", "placeInLine": null, "on": "2099-05-20" });
    assert_eq!(
        stage.read(&ada, &read).await["node"]["dfeInductionDay"],
        placed
    );
    let all = r#"{ scheme(id: "mentor-plus") { dfeInductionDays { id } } }"#;
    assert_eq!(code(&stage.ask(&ada, all).await), "forbidden");
    let id = text(&day["id"]);
    let node = format!(r#"{{ node(id: "{id}") {{ id }} }}"#);
    assert_eq!(stage.read(&ada, &node).await["node"], Value::Null);
    assert_eq!(stage.read(&coordinator, &node).await["node"]["id"], id);
}

/// R030, R031: a campaign counts what came of it, and whoever came to the seminar is inducted.
#[tokio::test]
async fn a_campaign_and_a_seminar_lead_to_mentors() {
    let stage = Stage::opened().await;
    let (_, mentor, _) = matched(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let open = r#"openCampaign(input: { COMMON, title: "Autumn" }) { rejection { code } campaign { id } }"#;
    let campaign = text(&stage.tell(&coordinator, open).await["campaign"]["id"]);
    let invite = format!(
        r#"inviteToCampaign(input: {{ COMMON, campaign: "{campaign}", mentors: ["{mentor}"] }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &invite).await;
    let set = r#"scheduleMentorInductionSeminar(input: { COMMON, on: "1970-01-01", venue: "Leeds" }) { rejection { code } seminar { id } }"#;
    let seminar = text(&stage.tell(&coordinator, set).await["seminar"]["id"]);
    let came = format!(
        r#"recordSeminarAttendance(input: {{ COMMON, seminar: "{seminar}", attended: ["{mentor}"] }}) {{ rejection {{ code }} seminar {{ attended {{ inductedOn }} }} }}"#
    );
    let told = stage.tell(&coordinator, &came).await;
    assert_eq!(told["seminar"]["attended"][0]["inductedOn"], "1970-01-01");
    let read = r#"{ scheme(id: "mentor-plus") { campaigns { title invitedCount registeredCount inductedCount closedOn } } }"#;
    let shown = stage.read(&coordinator, read).await;
    let wanted = json!([{ "title": "Autumn", "invitedCount": 1, "registeredCount": 1, "inductedCount": 1, "closedOn": null }]);
    assert_eq!(shown["scheme"]["campaigns"], wanted);
}

/// R067: what was agreed is the mentee's own to see; Z07: who waits is on the coordinator's list until somebody is offered.
#[tokio::test]
async fn who_waits_is_on_the_list_until_somebody_is_offered() {
    let stage = Stage::opened().await;
    let (mentee, mentor, offered) = matched(&stage).await;
    let coordinator = caller(Role::Coordinator);
    let list = r#"{ scheme(id: "mentor-plus") { waitingList { edges { node { id choice { waitingSince } } } } } }"#;
    let withdraw = format!(
        r#"withdrawMatch(input: {{ COMMON, match: "{offered}" }}) {{ rejection {{ code }} match {{ progress }} }}"#
    );
    stage.tell(&coordinator, &withdraw).await;
    let wait = format!(
        r#"placeOnWaitingList(input: {{ COMMON, mentee: "{mentee}" }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &wait).await;
    let shown = stage.read(&coordinator, list).await;
    assert_eq!(
        shown["scheme"]["waitingList"]["edges"][0]["node"]["id"],
        mentee
    );
    let ada = person(Role::Mentee, &mentee);
    assert_eq!(code(&stage.ask(&ada, list).await), "forbidden");
    let offer = format!(
        r#"offerMatches(input: {{ COMMON, mentee: "{mentee}", mentors: ["{mentor}"] }}) {{ rejection {{ code }} }}"#
    );
    stage.tell(&coordinator, &offer).await;
    let shown = stage.read(&coordinator, list).await;
    assert_eq!(shown["scheme"]["waitingList"]["edges"], json!([]));
}

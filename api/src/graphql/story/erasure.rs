//! Somebody asks to be forgotten: what the coordinator, the administrator, the auditor and the other side are told.

use super::{Pair, Stage, caller, code, person, text};
use crate::identity::{Caller, Role};
use serde_json::Value;

fn request(id: &str, ground: &str) -> String {
    format!(
        r#"requestErasure(input: {{ COMMON, person: "{id}", ground: {ground} }}) {{ rejection {{ code }} erasure {{ state ground }} }}"#
    )
}

fn confirm(id: &str) -> String {
    format!(
        r#"confirmErasure(input: {{ COMMON, person: "{id}" }}) {{ rejection {{ code }} erasure {{ state holds completedAt }} }}"#
    )
}

fn lift(id: &str, hold: &str) -> String {
    format!(
        r#"liftErasureHold(input: {{ COMMON, person: "{id}", hold: {hold} }}) {{ rejection {{ code }} erasure {{ state holds }} }}"#
    )
}

async fn erasures(stage: &Stage, caller: &Caller) -> Value {
    let document = r#"{ scheme(id: "mentor-plus") { erasures { person ground state holds requestedOn completedOn } } }"#;
    let mut answer = stage.read(caller, document).await;
    answer["scheme"]["erasures"].take()
}

/// The person asks with their own token, the coordinator confirms, and every answer says that they were forgotten.
#[tokio::test]
async fn a_mentee_asks_to_be_forgotten_and_every_answer_says_so() {
    let pair = Pair::formed().await;
    let (coordinator, ada) = (caller(Role::Coordinator), pair.ada());
    let others = request(&pair.mentor, "PERSONS_REQUEST");
    assert_eq!(code(&pair.stage.try_to(&ada, &others).await), "forbidden");
    let other_ground = request(&pair.mentee, "RETENTION_ENDED");
    assert_eq!(
        code(&pair.stage.try_to(&ada, &other_ground).await),
        "forbidden"
    );
    let own = request(&pair.mentee, "PERSONS_REQUEST");
    let asked = pair.stage.tell(&ada, &own).await;
    assert_eq!(asked["erasure"]["state"], "REQUESTED");
    assert_eq!(
        code(&pair.stage.try_to(&ada, &confirm(&pair.mentee)).await),
        "forbidden",
        "nobody confirms their own"
    );
    let done = pair.stage.tell(&coordinator, &confirm(&pair.mentee)).await;
    assert_eq!(done["erasure"]["state"], "COMPLETED");
    assert!(
        done["erasure"]["completedAt"].is_string() || done["erasure"]["completedAt"].is_number()
    );

    let seen = format!(
        r#"{{ scheme(id: "mentor-plus") {{
            mentee(id: "{}") {{ stage name {{ state value }} email {{ state }} }}
            pairing(id: "{}") {{ course }}
            dashboard {{ stages {{ stage count }} }}
            workList {{ edges {{ node {{ kind }} }} }} }} }}"#,
        pair.mentee, pair.pairing
    );
    let seen = pair.stage.read(&coordinator, &seen).await;
    let mentee = &seen["scheme"]["mentee"];
    assert_eq!(mentee["stage"], "ERASED");
    assert_eq!(mentee["name"]["state"], "ERASED");
    assert!(mentee["name"]["value"].is_null());
    assert_eq!(mentee["email"]["state"], "ERASED");
    assert_eq!(seen["scheme"]["pairing"]["course"], "WITHDRAWN");
    let stages = seen["scheme"]["dashboard"]["stages"].as_array().unwrap();
    let erased = stages.iter().find(|stage| stage["stage"] == "ERASED");
    assert_eq!(erased.unwrap()["count"], 1);

    // Their token holds still, and opens nothing of this scheme any more.
    let own = r#"{ scheme(id: "mentor-plus") { name } }"#;
    assert_eq!(code(&pair.stage.ask(&ada, own).await), "forbidden");
    let withdraw = format!(
        r#"withdrawErasure(input: {{ COMMON, person: "{}" }}) {{ rejection {{ code }} }}"#,
        pair.mentee
    );
    assert_eq!(code(&pair.stage.try_to(&ada, &withdraw).await), "forbidden");
    // The other side keeps their own, and sees that the other was forgotten.
    let theirs = format!(
        r#"{{ scheme(id: "mentor-plus") {{ pairing(id: "{}") {{ mentees {{ name {{ state }} }} }} }} }}"#,
        pair.pairing
    );
    let theirs = pair.stage.read(&pair.ben(), &theirs).await;
    assert_eq!(
        theirs["scheme"]["pairing"]["mentees"][0]["name"]["state"],
        "ERASED"
    );
}

/// R113: that a concern holds an erasure, the coordinator sees, and nobody else is told of any hold at all.
#[tokio::test]
async fn what_holds_it_is_shown_to_the_coordinator_alone() {
    let pair = Pair::formed().await;
    let (coordinator, administrator) = (caller(Role::Coordinator), caller(Role::Administrator));
    let refer = format!(
        r#"referConcern(input: {{ COMMON, pairing: "{}", mentor: "{}", mentee: "{}", restsOn: [CHILDREN_AT_RISK] }})
        {{ rejection {{ code }} concern {{ id }} }}"#,
        pair.pairing, pair.mentor, pair.mentee
    );
    let referred = pair.stage.tell(&pair.ben(), &refer).await;
    let concern = text(&referred["concern"]["id"]);
    let asked = request(&pair.mentee, "RETENTION_ENDED");
    pair.stage.tell(&coordinator, &asked).await;
    let confirmed = pair
        .stage
        .tell(&administrator, &confirm(&pair.mentee))
        .await;
    assert_eq!(confirmed["erasure"]["state"], "CONFIRMED");
    assert!(confirmed["erasure"]["holds"].is_null());
    let seen = erasures(&pair.stage, &coordinator).await;
    assert_eq!(seen[0]["holds"], serde_json::json!(["OPEN_CONCERN"]));
    for role in [Role::Administrator, Role::Auditor] {
        let seen = erasures(&pair.stage, &caller(role)).await;
        assert_eq!(seen[0]["state"], "CONFIRMED");
        assert!(seen[0]["holds"].is_null());
    }
    let lift_it = lift(&pair.mentee, "OPEN_CONCERN");
    assert_eq!(
        code(&pair.stage.try_to(&administrator, &lift_it).await),
        "forbidden"
    );
    let answer = pair.stage.try_to(&coordinator, &lift_it).await;
    assert_eq!(
        answer["data"]["liftErasureHold"]["rejection"]["code"],
        "concern_open"
    );
    let close = format!(
        r#"closeConcern(input: {{ COMMON, concern: "{concern}" }}) {{ rejection {{ code }} }}"#
    );
    pair.stage.tell(&coordinator, &close).await;
    let lifted = pair.stage.tell(&coordinator, &lift_it).await;
    assert_eq!(lifted["erasure"]["state"], "COMPLETED");
    assert_eq!(lifted["erasure"]["holds"], serde_json::json!([]));
}

/// A mentor who was forgotten is offered to nobody, and their mentee is matched anew.
#[tokio::test]
async fn a_mentor_who_was_forgotten_is_offered_to_nobody() {
    let pair = Pair::formed().await;
    let (coordinator, administrator) = (caller(Role::Coordinator), caller(Role::Administrator));
    let asked = request(&pair.mentor, "RECORDED_IN_ERROR");
    pair.stage.tell(&coordinator, &asked).await;
    let same = pair
        .stage
        .try_to(&coordinator, &confirm(&pair.mentor))
        .await;
    assert_eq!(
        same["data"]["confirmErasure"]["rejection"]["code"],
        "second_person_needed"
    );
    pair.stage
        .tell(&administrator, &confirm(&pair.mentor))
        .await;
    let seen = format!(
        r#"{{ scheme(id: "mentor-plus") {{
            mentor(id: "{}") {{ stage name {{ state }} participation {{ presence }} }}
            pairing(id: "{}") {{ course }}
            mentee(id: "{}") {{ stage }}
            suitableMentors(mentee: "{}") {{ edges {{ node {{ mentor {{ id }} }} }} }} }} }}"#,
        pair.mentor, pair.pairing, pair.mentee, pair.mentee
    );
    let seen = pair.stage.ask(&coordinator, &seen).await;
    assert_eq!(seen.get("errors"), None, "{seen}");
    let scheme = &seen["data"]["scheme"];
    assert_eq!(scheme["mentor"]["name"]["state"], "ERASED");
    assert_eq!(scheme["mentor"]["participation"]["presence"], "ERASED");
    assert_eq!(scheme["pairing"]["course"], "BROKEN");
    assert_eq!(scheme["mentee"]["stage"], "BROKEN_DOWN");
    let offered = &scheme["suitableMentors"]["edges"];
    assert_eq!(offered.as_array().map(Vec::len), Some(0));
    let ben = person(Role::Mentor, &pair.mentor);
    let asked = pair
        .stage
        .ask(&ben, r#"{ scheme(id: "mentor-plus") { name } }"#)
        .await;
    assert_eq!(code(&asked), "forbidden");
}

//! When a pair means to meet next, told and read by everybody who has a part in it.

use super::*;
use serde_json::json;

impl Pair {
    fn arrange(&self, person: &str, rest: &str) -> String {
        format!(
            r#"arrangeSession(input: {{ COMMON, pairing: "{}", person: "{person}", {rest} }})
            {{ rejection {{ code }} session {{ id calledOffOn startsAt {{ state value }} place {{ state value }} }} }}"#,
            self.pairing
        )
    }

    fn call_off(&self, session: &str) -> String {
        format!(
            r#"callOffSession(input: {{ COMMON, pairing: "{}", session: "{session}" }})
            {{ rejection {{ code }} session {{ calledOffOn }} }}"#,
            self.pairing
        )
    }

    async fn arranged(&self, caller: &Caller) -> Value {
        let id = &self.pairing;
        let read = format!(
            r#"{{ node(id: "{id}") {{ ... on Pairing {{ arrangedSessions {{ calledOffOn
                startsAt {{ state value }} endsAt {{ state }} place {{ value }} }} sessions {{ used }} }} }} }}"#
        );
        self.stage.read(caller, &read).await["node"].take()
    }
}

/// R093, R309: either of a pair arranges, moves and calls off; when and where is shown to the two alone, and counts nothing.
#[tokio::test]
async fn when_a_pair_means_to_meet_is_the_pairs_own() {
    let pair = Pair::formed().await;
    let (ada, ben, coordinator) = (pair.ada(), pair.ben(), caller(Role::Coordinator));
    let at = r#"startsAt: "1970-02-06T16:00", place: "The library""#;
    let arranged = pair.stage.tell(&ada, &pair.arrange(&pair.mentee, at)).await;
    let session = text(&arranged["session"]["id"]);
    for (stranger, person) in [(&ben, &pair.mentee), (&caller(Role::Auditor), &pair.mentor)] {
        let refused = pair.stage.try_to(stranger, &pair.arrange(person, at)).await;
        assert_eq!(code(&refused), "forbidden");
    }
    let with_offset = pair.arrange(&pair.mentee, r#"startsAt: "1970-02-06T16:00+01:00""#);
    let refused = pair.stage.try_to(&ada, &with_offset).await;
    assert_ne!(refused.get("errors"), None);

    // The coordinator takes it down on the mentor's word, and is not shown it.
    let moved = format!(
        r#"session: "{session}", startsAt: "1970-02-13T16:30", endsAt: "1970-02-13T18:00", reportedBy: {{ party: MENTOR }}"#
    );
    let moved = pair.arrange(&pair.mentor, &moved);
    let told = pair.stage.tell(&coordinator, &moved).await;
    assert_eq!(told["session"]["id"], session.as_str());
    let hidden = json!({ "state": "HIDDEN", "value": null });
    assert_eq!(told["session"]["startsAt"], hidden);
    assert_eq!(told["session"]["place"], hidden);

    let given = json!({ "arrangedSessions": [{ "calledOffOn": null,
        "startsAt": { "state": "GIVEN", "value": "1970-02-13T16:30" }, "endsAt": { "state": "GIVEN" },
        "place": { "value": null } }], "sessions": { "used": 0 } });
    for caller in [&ada, &ben] {
        assert_eq!(pair.arranged(caller).await, given);
    }
    for caller in [&coordinator, &caller(Role::Auditor)] {
        let shown = pair.arranged(caller).await;
        assert_eq!(shown["arrangedSessions"][0]["startsAt"], hidden);
        assert_eq!(shown["arrangedSessions"][0]["endsAt"]["state"], "HIDDEN");
    }
    let called_off = pair.stage.tell(&ben, &pair.call_off(&session)).await;
    assert_eq!(called_off["session"]["calledOffOn"], "1970-01-01");
    assert_eq!(pair.arranged(&ada).await["sessions"]["used"], 0);
}

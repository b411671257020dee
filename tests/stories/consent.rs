//! A director lets their council see how they took the offer up, and thinks better of it.

use crate::harness::{Service, notice, open_scheme, token};
use serde_json::{Value, json};
use uuid::Uuid;

const SCHEME: &str = "mentor-plus";
const CHECK: &str = "/v1/schemes/mentor-plus/entitlements?employer=E10000008&employeeNumber=1";

/// Z08: over REST, as the council's personnel system asks: nothing of take-up without consent, and nothing of it to the
/// council's auditor at all; also after a restart.
#[test]
fn a_council_hears_of_take_up_as_long_as_the_person_agrees() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &[]);
    let mint = |more: &[&str]| token(&data, &[&["--scheme", SCHEME], more].concat());
    open_scheme(&service, &mint(&["--role", "administrator"]), SCHEME);
    let coordinator = mint(&["--role", "coordinator"]);
    assert!(notice(&service.url, SCHEME, &coordinator, "1").status < 300);
    let council = mint(&["--role", "employer", "--employer", "E10000008"]);
    let auditor = mint(&["--role", "auditor", "--employer", "E10000008"]);
    let known = service.get(CHECK, &coordinator).body;
    let person = known["person"].as_str().expect("an id").to_owned();
    let themselves = mint(&["--role", "mentee", "--person", &person]);
    let say = |service: &Service, number: u128, command: &str| {
        let said = service.ask(
            &themselves,
            &format!(
                "mutation($id: UUID!, $person: ID!) {{ said: {command}(input: {{ scheme: \"mentor-plus\", commandId: $id, person: $person,
                    purpose: TAKE_UP_TO_EMPLOYER }}) {{ rejection {{ code }} }} }}"
            ),
            json!({ "id": Uuid::from_u128(number), "person": format!("{SCHEME}:Mentee:{person}") }),
        );
        assert!(said["said"]["rejection"].is_null(), "{said}");
    };
    let heard = |service: &Service, who: &str| {
        let answer = service.get(CHECK, who);
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        assert_eq!(answer.body["verdict"], "eligible");
        (
            answer.body["offer"].clone(),
            answer.body["balance"]["left"].clone(),
        )
    };
    let nothing = (Value::Null, Value::Null);
    assert_eq!(heard(&service, &council), nothing);
    say(&service, 20, "giveConsent");
    assert_eq!(heard(&service, &council), (json!("not-made"), json!(4)));
    assert_eq!(heard(&service, &auditor), nothing);
    service.stop();

    let service = Service::serve(&data, &[]);
    assert_eq!(heard(&service, &council), (json!("not-made"), json!(4)));
    say(&service, 21, "withdrawConsent");
    assert_eq!(heard(&service, &council), nothing);
    service.stop();
}

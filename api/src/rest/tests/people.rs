//! What is held about a person, for that person; and the certificate that nothing is any more.

use super::*;
use crate::{certificate::Certificate, identity::access::TEXT};
use domain::{
    erasure::{ConfirmErasure, ErasureGround, RequestErasure},
    identifiers::PersonId,
};
use serde_json::json;

const NAME: &str = "Dorothea <Cobbold>";

/// A director of whom Devon told: their opaque identifier.
async fn one(service: &Service) -> String {
    let notice = json!({
        "employeeNumber": "1", "name": NAME, "email": "dorothea@devon.example", "post": "DCS",
        "basis": "substantive", "startsOn": "2026-11-30", "firstPost": "yes",
    });
    service.employer(DEVON).key("1").json(&notice).await.is(201);
    let snapshot = service.platform.snapshot(SCHEME).await.expect("a snapshot");
    let mentee = snapshot.scheme.mentees.keys().next().expect("a mentee");
    mentee.to_string()
}

fn of(person: &str, what: &str) -> String {
    format!("/v1/schemes/{SCHEME}/people/{person}/{what}")
}

impl Service {
    fn mentee(&self, person: &str) -> Call {
        let grant = Grant {
            subject: Uuid::from_u128(7),
            role: Role::Mentee,
            scheme: Some(SCHEME.to_owned()),
            person: person.parse().ok(),
            employer: None,
        };
        let (now, hour) = (outside::wall_clock(), SignedDuration::from_hours(1));
        self.call(Some(self.tokens.mint(&grant, now, hour).expect("a token")))
    }

    async fn forget(&self, person: &str) {
        let person = PersonId(person.parse().expect("an id"));
        let ground = ErasureGround::RetentionEnded;
        self.execute(RequestErasure { person, ground }.into()).await;
        let confirm = Request {
            command_id: Uuid::from_u128(4_711),
            command: ConfirmErasure {
                person,
                holds: vec![],
            }
            .into(),
            actor: Actor {
                id: Uuid::from_u128(10),
                role: Arc::from("coordinator"),
            },
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: false,
            correlation_id: None,
            traceparent: None,
        };
        let outcome = self.platform.execute(SCHEME, confirm).await;
        assert!(matches!(outcome, Ok(Outcome::Accepted(_))), "{outcome:?}");
    }
}

/// Everything of theirs, to the person; to the coordinator what the matrix shows; to nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_everything_that_is_held_about_them() {
    let service = Service::start_with(TEXT).await;
    let person = one(&service).await;
    let held = service.mentee(&person).get(&of(&person, "record")).await;
    assert_eq!(held.headers["cache-control"], "no-store");
    let held = held.is(200);
    let kinds: Vec<&str> = held["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["what"].as_str().expect("a name"))
        .collect();
    assert_eq!(kinds, ["appointment.notified", "eligibility.judged"]);
    let notified = &held["entries"][0];
    assert_eq!(notified["recordedBy"], "employer");
    let value = |name: &str| {
        let all = notified["personal"].as_array().expect("values").iter();
        let mut found = all.filter(|value| value["name"] == name);
        found.next().expect("it is there").clone()
    };
    assert_eq!(value("details")["value"]["name"], NAME);
    assert_eq!(value("facts")["value"]["starts_on"], "2026-11-30");
    assert_eq!(value("facts")["class"], "employment");
    let seen_by = &held["seenBy"]["employment"];
    assert!(
        seen_by
            .as_array()
            .expect("roles")
            .contains(&json!("coordinator"))
    );

    let document = service
        .mentee(&person)
        .with("accept", "text/html, */*")
        .get(&of(&person, "record"))
        .await;
    assert_eq!(document.status, 200);
    let kind = document.headers["content-type"].to_str().expect("text");
    assert!(kind.starts_with("text/html"), "{kind}");
    assert!(document.text.contains("Dorothea &lt;Cobbold&gt;"));
    assert!(!document.text.contains("<script") && !document.text.contains("http"));

    let other = "00000000-0000-0000-0000-000000000001";
    service
        .mentee(other)
        .get(&of(&person, "record"))
        .await
        .is(404);
    service
        .coordinator()
        .get(&of(&person, "record"))
        .await
        .is(200);
    for role in [Role::Auditor, Role::Administrator, Role::Commissioner] {
        let call = service.call(Some(service.token(role, None)));
        call.get(&of(&person, "record")).await.is(403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_proves_that_somebody_was_forgotten() {
    let service = Service::start_with(TEXT).await;
    let person = one(&service).await;
    service
        .coordinator()
        .get(&of(&person, "erasure"))
        .await
        .is(404);
    service.forget(&person).await;

    let answer = service.coordinator().get(&of(&person, "erasure")).await;
    let certified = answer.is(200);
    let certificate: Certificate = serde_json::from_value(certified.clone()).expect("its shape");
    certificate.check().expect("it holds");
    assert_eq!(certificate.keys.len(), 1);
    assert_eq!(certificate.ground, "retention-ended");
    let scheme = event_log::SchemeId::new(SCHEME).expect("a name");
    let root = service
        .platform
        .store()
        .verify(&scheme)
        .expect("whole")
        .root;
    certificate
        .check_against(root)
        .expect("it is of this history");
    // Whatever is changed in it, it proves nothing any more.
    for (field, value) in [
        ("person", json!("00000000-0000-0000-0000-000000000001")),
        ("ground", json!("persons-request")),
        ("completedAt", json!("2026-11-21T00:00:00.000Z")),
        ("records", json!(3)),
        ("root", json!("0".repeat(64))),
        ("keys", json!([person, person])),
    ] {
        let mut forged = certified.clone();
        forged[field] = value;
        let forged: Certificate = serde_json::from_value(forged).expect("its shape");
        assert!(forged.check().is_err(), "{field}");
    }
    let mut forged = certified.clone();
    let leaf = certified["completed"]["leaf"].as_str().expect("text");
    forged["completed"]["leaf"] = json!(leaf.replace("\"keys\":1", "\"keys\":2"));
    let forged: Certificate = serde_json::from_value(forged).expect("its shape");
    assert!(forged.check().is_err(), "the record itself");

    // What is held now says that it was held, and nothing of it opens.
    let held = service
        .coordinator()
        .get(&of(&person, "record"))
        .await
        .is(200);
    assert_eq!(held["erased"], true);
    let values = held["entries"].as_array().expect("entries").iter();
    let values: Vec<&Value> = values
        .flat_map(|entry| entry["personal"].as_array().expect("values"))
        .collect();
    assert!(!values.is_empty());
    for value in values {
        assert!(value.get("value").is_none(), "{value}");
    }
    assert!(!held.to_string().contains("Cobbold"));
    service
        .mentee(&person)
        .get(&of(&person, "record"))
        .await
        .is(404);
    // HR tells of them again: somebody new, of whom nothing leads to the one who was forgotten.
    let notice = json!({
        "employeeNumber": "1", "name": NAME, "email": "dorothea@devon.example", "post": "DCS",
        "basis": "substantive", "startsOn": "2026-11-30", "firstPost": "yes",
    });
    service.employer(DEVON).key("2").json(&notice).await.is(201);
    let snapshot = service.platform.snapshot(SCHEME).await.expect("a snapshot");
    assert_eq!(snapshot.scheme.mentees.size(), 2);
}

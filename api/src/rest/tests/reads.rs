//! What is asked: entitlements, schemes, health, and the service itself.

use super::*;
use serde_json::json;

async fn told(service: &Service) -> Value {
    let notice = json!({
        "employeeNumber": "210003", "name": "Dorothea Cobbold", "post": "DCS",
        "basis": "substantive", "startsOn": "2026-11-30", "firstPost": "yes",
    });
    service
        .employer(DEVON)
        .key("told")
        .json(&notice)
        .await
        .is(201)
}

/// R305, Z08.
#[tokio::test(flavor = "multi_thread")]
async fn an_employer_hears_the_verdict_on_its_own_people_and_no_more() {
    let service = Service::start().await;
    let told = told(&service).await;
    assert!(told["mentee"].is_null(), "two employers could compare ids");
    let known =
        format!("/v1/schemes/directors/entitlements?employer={DEVON}&employeeNumber=210003");
    let known = service.coordinator().get(&known).await.is(200);
    let person = known["person"].as_str().expect("a person");
    let version = told["version"].as_str().expect("a version");
    let by_number = "/v1/schemes/directors/entitlements?employeeNumber=210003";
    let by_person = format!("/v1/schemes/directors/entitlements?person={person}&atLeast={version}");
    for path in [by_number, &by_person] {
        let heard = service.employer(DEVON).get(path).await.is(200);
        let mut members: Vec<&String> = heard.as_object().expect("an object").keys().collect();
        members.sort_unstable();
        assert_eq!(members, ["category", "verdict", "version", "versions"]);
        assert_eq!(
            (&heard["verdict"], &heard["category"]),
            (&json!("eligible"), &json!("first-post"))
        );
    }
    let stranger = Uuid::from_u128(7);
    let unknown = format!("/v1/schemes/directors/entitlements?person={stranger}");
    let foreign =
        format!("/v1/schemes/directors/entitlements?employer={DEVON}&employeeNumber=210003");
    let unknown = service.employer(KENT).get(&unknown).await;
    for path in [by_number, &by_person, &foreign] {
        let answer = service.employer(KENT).get(path).await;
        assert_eq!(answer.text, unknown.text);
        answer.refuses(404, "not_found");
    }
    let full = service.coordinator().get(&foreign).await.is(200);
    assert_eq!(full["person"], person);
    assert_eq!(full["balance"]["left"], 4);
    assert_eq!(full["offer"], "not-made");
    assert!(full["rules"][0]["text"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_matrix_does_not_show_is_absent() {
    let by_number =
        format!("/v1/schemes/directors/entitlements?employer={DEVON}&employeeNumber=210003");
    let without = |line: &str| {
        let lines = MATRIX.lines().filter(|known| !known.starts_with(line));
        lines.collect::<Vec<_>>().join("\n")
    };
    let service = Service::start_with(&without("take-up")).await;
    told(&service).await;
    let heard = service.coordinator().get(&by_number).await.is(200);
    assert_eq!(heard["verdict"], "eligible");
    assert!(heard["offer"].is_null() && heard["balance"].is_null());

    let service = Service::start_with(&without("employment")).await;
    told(&service).await;
    let answer = service.coordinator().get(&by_number).await;
    answer.refuses(403, "forbidden");

    let service = Service::start_with(&without("eligibility")).await;
    let answer = service.coordinator().get(&by_number).await;
    answer.refuses(403, "forbidden");

    let service = Service::start_with(&without("recordNotices")).await;
    let pushed = service.employer(DEVON).key("told").json(&json!({})).await;
    pushed.refuses(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_put_in_one_way() {
    let service = Service::start().await;
    for query in [
        "",
        "?person=7",
        "?employeeNumber=1",
        "?person=a&person=b",
        "?name=Ada",
        "?atLeast=x&employer=a&employeeNumber=b",
    ] {
        let path = format!("/v1/schemes/directors/entitlements{query}");
        service
            .coordinator()
            .get(&path)
            .await
            .refuses(422, "invalid");
    }
    let path = "/v1/schemes/directors/entitlements?employeeNumber=1";
    service
        .call(None)
        .get(path)
        .await
        .refuses(401, "unauthenticated");
    let auditor = service.call(Some(service.token(Role::Auditor, None)));
    auditor.get(path).await.refuses(403, "forbidden");
}

/// R103.
#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_tells_what_it_is_and_how_it_is() {
    let service = Service::start().await;
    let scheme = service
        .coordinator()
        .get("/v1/schemes/directors")
        .await
        .is(200);
    assert_eq!(scheme["name"], "Newly appointed directors");
    assert_eq!(scheme["kind"], "mentoring");
    assert_eq!(
        scheme["versions"]["policy"],
        "newly-appointed-directors-2026"
    );
    assert_eq!(scheme["position"], 4);
    let heard = service
        .employer(DEVON)
        .get("/v1/schemes/directors")
        .await
        .is(200);
    assert!(heard.get("position").is_none());
    assert_eq!(heard["version"], scheme["version"]);

    let position = service.position().await;
    let health = service
        .coordinator()
        .get("/v1/schemes/directors/health")
        .await
        .is(200);
    assert_eq!(
        (&health["status"], &health["position"]),
        (&json!("ok"), &json!(4))
    );
    assert!(health["index"]["lag"].is_u64());
    assert_eq!(service.position().await, position);
    let path = "/v1/schemes/directors/health";
    service
        .employer(DEVON)
        .get(path)
        .await
        .refuses(403, "forbidden");
    service
        .coordinator()
        .get("/v1/schemes/Directors!")
        .await
        .refuses(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_answers_a_monitor_and_a_developer_without_a_token() {
    let service = Service::start().await;
    let open = || service.call(None);
    assert_eq!(open().get("/healthz").await.is(200)["status"], "alive");
    assert_eq!(open().get("/readyz").await.is(200)["status"], "ready");
    assert_eq!(
        open().get("/openapi.json").await.is(200),
        crate::rest::open_api()
    );
    let schema = open()
        .get("/schemas/events/appointment.notified/1.json")
        .await;
    assert_eq!(schema.headers["content-type"], "application/schema+json");
    assert_eq!(schema.is(200)["type"], "object");
    for path in [
        "appointment.notified/2.json",
        "appointment.notified/01.json",
        "nothing/1.json",
        "appointment.notified/1",
    ] {
        let answer = open().get(&format!("/schemas/events/{path}")).await;
        answer.refuses(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_takes_nothing_is_our_failure_and_not_the_callers() {
    let service = Service::start().await;
    // Closing the log under its writer is what a disk that refuses looks like from above.
    service.platform.store().close().expect("closed");
    let notice = json!({ "employer": DEVON, "employeeNumber": "1", "post": "DCS" });
    let answer = service.coordinator().key("k").json(&notice).await;
    assert!(matches!(answer.status, 500 | 503), "{answer:?}");
    assert!(answer.body()["code"].is_string());
}

/// The same scheme as of an earlier moment: by the rules of now and of then, and never an empty answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_may_be_as_of_an_earlier_moment() {
    let service = Service::start().await;
    let before = service.position().await;
    told(&service).await;
    let check =
        format!("/v1/schemes/directors/entitlements?employer={DEVON}&employeeNumber=210003");
    service.coordinator().get(&check).await.is(200);
    let then = service
        .coordinator()
        .get(&format!("{check}&asOf={before}"))
        .await;
    then.refuses(404, "not_found");
    let list = "/v1/schemes/directors/work-list";
    let now = service.coordinator().get(list).await.is(200);
    assert_eq!(now["items"].as_array().map(Vec::len), Some(1));
    let then = service
        .coordinator()
        .get(&format!("{list}?asOf={before}"))
        .await
        .is(200);
    assert_eq!(then["items"], json!([]));
    let path = format!("/v1/schemes/directors?asOf={before}");
    let scheme = service.coordinator().get(&path).await.is(200);
    assert_eq!(scheme["position"], before);

    for (as_of, status, code) in [
        ("999999", 422, "moment_not_reached"),
        ("0", 422, "moment_before_history"),
        ("2999-01-01T00:00:00Z", 422, "moment_not_reached"),
        ("1900-01-01T00:00:00Z", 422, "moment_before_history"),
        ("yesterday", 422, "invalid"),
        ("-1", 422, "invalid"),
    ] {
        let path = format!("/v1/schemes/directors?asOf={as_of}");
        service.coordinator().get(&path).await.refuses(status, code);
    }
    let by_position = format!("/v1/schemes/directors?asOf={before}");
    service
        .employer(DEVON)
        .get(&by_position)
        .await
        .refuses(403, "forbidden");
    let by_instant = "/v1/schemes/directors?asOf=1900-01-01T00:00:00Z";
    let answer = service.employer(DEVON).get(by_instant).await;
    answer.refuses(422, "moment_before_history");
}

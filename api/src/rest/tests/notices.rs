//! One notice, and what every delivery has in common: tokens, keys, media types.

use super::*;
use serde_json::json;

fn director() -> Value {
    json!({
        "employer": DEVON, "employeeNumber": "210003", "name": "Dorothea Cobbold",
        "email": "dorothea.cobbold@devon.example", "post": "Director of Children's Services",
        "basis": "substantive", "startsOn": "2026-11-30", "firstPost": "yes",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_recorded_once_and_a_retry_gets_the_first_answer() {
    let service = Service::start().await;
    let first = service.coordinator().key("one").json(&director()).await;
    let position = service.position().await;
    let again = service.coordinator().key("one").json(&director()).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(service.position().await, position);
    let answer = first.is(201);
    assert_eq!(answer["outcome"], "recorded");
    assert_eq!(answer["verdict"], "eligible");
    assert_eq!(answer["receipt"]["recorded"], 1);
    assert!(!answer.to_string().contains("Cobbold"));

    // Another delivery of the same facts tells nothing new.
    let known = service.coordinator().key("two").json(&director()).await;
    let known = known.is(200);
    assert_eq!(known["outcome"], "alreadySo");
    assert_eq!(known["appointment"], answer["appointment"]);
    assert_eq!(known["mentee"], answer["mentee"]);
    assert_eq!(known["receipt"]["digest"], answer["receipt"]["digest"]);
    assert_ne!(known["receipt"]["id"], answer["receipt"]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_for_one_body_of_one_sender() {
    let service = Service::start().await;
    service
        .coordinator()
        .json(&director())
        .await
        .refuses(400, "idempotency_key_missing");
    let long = "k".repeat(256);
    let answer = service.coordinator().key(&long).json(&director()).await;
    answer.refuses(400, "idempotency_key_missing");
    service
        .coordinator()
        .key("k")
        .json(&director())
        .await
        .is(201);
    let mut other = director();
    other["name"] = json!("Another Name");
    let answer = service.coordinator().key("k").json(&other).await;
    answer.refuses(422, "idempotency_mismatch");
    // The same key of another sender is another key.
    service.employer(DEVON).key("k").json(&other).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_under_one_key_one_is_done() {
    let service = Service::start().await;
    let calls = (0..8).map(|_| service.coordinator().key("k"));
    let body = director();
    let answers = futures_util::future::join_all(calls.map(|call| call.json(&body))).await;
    let mut told: Vec<&str> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .map(|answer| answer.text.as_str())
        .collect();
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 201 | 409))
    );
    told.dedup();
    assert_eq!(told.len(), 1);
    let snapshot = service.platform.snapshot(SCHEME).await.expect("a snapshot");
    assert_eq!(snapshot.scheme.appointments.size(), 1);
}

/// The entries that the operations journal holds of deliveries, once it holds some.
async fn kept(service: &Service) -> Vec<event_log::Entry> {
    for _ in 0..200 {
        let operations = service.platform.operations(SCHEME).await;
        let entries = operations.expect("operations").of_kind("idempotency");
        if !entries.is_empty() {
            return entries;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no answer was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_was_begun_and_not_finished_is_done_without_doubles() {
    let service = Service::start().await;
    let first = service.coordinator().key("k").json(&director()).await;
    let position = service.position().await;
    // As a crash leaves it: the last entry of the key says begun, and everything was dispatched.
    let mut begun = kept(&service).await.swap_remove(0);
    begun.value = json!({ "body": begun.value["body"] });
    let operations = service.platform.operations(SCHEME).await;
    operations
        .expect("operations")
        .append(&[begun])
        .expect("appended");
    let again = service.coordinator().key("k").json(&director()).await;
    assert_eq!((again.status, again.text), (201, first.text));
    assert_eq!(service.position().await, position);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_answer_was_kept_changes_no_answer() {
    let service = Service::start().await;
    let first = service.coordinator().key("k").json(&director()).await;
    let mut amended = director();
    amended["endsOn"] = json!("2027-11-30");
    service.coordinator().key("l").json(&amended).await.is(201);
    let position = service.position().await;
    kept(&service).await;
    // As a crash leaves it a moment after the answer: the log holds everything, the operations journal nothing.
    let forget = || async {
        let operations = service.platform.operations(SCHEME).await;
        let forgotten = operations.expect("operations").compact(|_| false);
        forgotten.expect("compacted");
    };
    forget().await;
    let other = service.coordinator().key("k").json(&amended).await;
    other.refuses(422, "idempotency_mismatch");
    let again = service.coordinator().key("k").json(&director()).await;
    assert_eq!((again.status, again.text), (201, first.text));
    forget().await;
    let other = service.coordinator().key("k").csv("name,post\n").await;
    other.refuses(422, "idempotency_mismatch");
    assert_eq!(service.position().await, position);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_and_its_receipt_are_one_frame_of_the_log() {
    let service = Service::start().await;
    let id = event_log::SchemeId::new(SCHEME).expect("a name");
    let before = service.position().await;
    let mut frames = event_log::EventStore::follow(
        service.platform.store().as_ref(),
        &id,
        event_log::Position(before + 1),
    )
    .expect("a follower");
    service
        .coordinator()
        .key("k")
        .json(&director())
        .await
        .is(201);
    let second = std::time::Duration::from_secs(1);
    let frame = tokio::task::spawn_blocking(move || frames.next(second));
    let frame = frame.await.expect("no panic").expect("a read");
    let kinds: Vec<String> = frame
        .expect("a frame")
        .iter()
        .map(|stored| stored.record().expect("a record").kind)
        .collect();
    assert_eq!(
        kinds,
        [
            "appointment.notified",
            "eligibility.judged",
            "notices.received"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_notice_is_a_problem_and_stays_one() {
    let service = Service::start().await;
    let with = |field: &str, value: Value| {
        let mut notice = director();
        notice[field] = value;
        notice
    };
    for (field, value, code) in [
        ("post", json!("Social Worker"), "not_of_this_scheme"),
        ("employer", json!("E99999999"), "unknown_employer"),
        ("endsOn", json!("2026-11-01"), "dates_contradict"),
    ] {
        let notice = with(field, value);
        let first = service.coordinator().key(code).json(&notice).await;
        let again = service.coordinator().key(code).json(&notice).await;
        assert_eq!(first.text, again.text);
        let problem = first.refuses(422, code);
        assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"));
    }
    for (field, value) in [
        ("startsOn", json!("30/11/2026")),
        ("basis", json!("Permanent")),
        ("expectedMonths", json!(-1)),
        ("nickname", json!("Dot")),
        ("post", json!(" ")),
        ("name", json!("x".repeat(501))),
    ] {
        let answer = service
            .coordinator()
            .key("k")
            .json(&with(field, value))
            .await;
        let problem = answer.refuses(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"));
    }
    // What was refused as a whole began nothing, so its key is still free.
    service
        .coordinator()
        .key("k")
        .json(&director())
        .await
        .is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_speaks_for_itself_only() {
    let service = Service::start().await;
    let answer = service.employer(KENT).key("k").json(&director()).await;
    answer.refuses(403, "forbidden");
    let mut own = director();
    own.as_object_mut().expect("an object").remove("employer");
    service.employer(DEVON).key("k").json(&own).await.is(201);
    own["employeeNumber"] = Value::Null;
    let answer = service.employer(DEVON).key("l").json(&own).await;
    assert_eq!(
        answer.refuses(422, "invalid")["errors"][0]["pointer"],
        "/employeeNumber"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_so_before_anything_is_read() {
    let service = Service::start().await;
    let answer = service.call(None).key("k").json(&director()).await;
    assert!(answer.headers["www-authenticate"].to_str().is_ok());
    answer.refuses(401, "unauthenticated");
    let call = service.call(Some("nonsense".to_owned()));
    call.key("k")
        .json(&director())
        .await
        .refuses(401, "unauthenticated");
    let mentor = service.call(Some(service.token(Role::Mentor, None)));
    mentor
        .key("k")
        .json(&director())
        .await
        .refuses(403, "forbidden");
    // An employer's token that names no employer speaks for nobody.
    let nobody = service.call(Some(service.token(Role::Employer, None)));
    nobody
        .key("k")
        .json(&director())
        .await
        .refuses(403, "forbidden");
    let call = service
        .coordinator()
        .key("k")
        .with("content-type", "application/json");
    let answer = call
        .send("POST", "/v1/schemes/elsewhere/appointments", vec![])
        .await;
    let problem = answer.refuses(404, "not_found");
    assert!(
        problem["detail"]
            .as_str()
            .expect("text")
            .contains("elsewhere")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_json_or_csv_and_of_a_size() {
    let service = Service::start().await;
    let json = || {
        service
            .coordinator()
            .key("k")
            .with("content-type", "application/json")
    };
    json()
        .push("", "{\"employer\":")
        .await
        .refuses(400, "malformed");
    json().push("", "[1]").await.refuses(422, "invalid");
    json()
        .push("", vec![b' '; (256 << 10) + 1])
        .await
        .refuses(413, "too_large");
    json()
        .push("?colour=red", "{}")
        .await
        .refuses(422, "invalid");
    let call = || service.coordinator().key("k");
    for kind in [
        "text/plain",
        "application/xml",
        "text/csv; charset=windows-1252",
    ] {
        let answer = call().with("content-type", kind).push("", "x").await;
        answer.refuses(415, "unsupported_media_type");
    }
    let answer = json().with("content-encoding", "gzip").push("", "x").await;
    answer.refuses(415, "unsupported_media_type");
    let answer = service
        .coordinator()
        .get("/v1/schemes/directors/appointments")
        .await;
    assert_eq!(answer.headers["allow"], "POST");
    answer.refuses(405, "method_not_allowed");
}

//! The work list as a mail relay reads it.

use super::*;
use serde_json::json;

const LIST: &str = "/v1/schemes/directors/work-list";

/// Three directors of whom Devon told, so that there are three first contacts to make.
async fn three(service: &Service) {
    for number in ["1", "2", "3"] {
        let notice = json!({
            "employeeNumber": number, "name": "Dorothea Cobbold", "email": "dorothea@devon.example", "post": "DCS",
            "basis": "substantive", "startsOn": "2026-11-30", "firstPost": "yes",
        });
        let told = service.employer(DEVON).key(number).json(&notice).await;
        told.is(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_paged_and_filtered() {
    let service = Service::start().await;
    three(&service).await;
    let all = service.coordinator().get(LIST).await.is(200);
    let items = all["items"].as_array().expect("items").clone();
    assert_eq!(items.len(), 3);
    assert!(all.get("next").is_none());
    assert_eq!(all["today"], "2026-11-22");
    for item in &items {
        assert_eq!(item["kind"], "make-contact");
        assert_eq!(item["dueOn"], "2026-11-30", "before the post begins");
        assert_eq!(item["overdue"], false);
        assert_eq!(item["daysInPost"], -8);
        assert_eq!(item["email"], "dorothea@devon.example");
    }

    let first = format!("{LIST}?first=2");
    let page = service.coordinator().get(&first).await.is(200);
    assert_eq!(page["items"], json!(items[..2]));
    let rest = format!("{first}&after={}", page["next"].as_str().expect("more"));
    let page = service.coordinator().get(&rest).await.is(200);
    assert_eq!(page["items"], json!(items[2..]));
    assert!(page.get("next").is_none());

    let person = items[1]["person"].as_str().expect("an id");
    for (filter, count) in [
        (format!("person={person}"), 1),
        ("kind=make-contact".to_owned(), 3),
        ("kind=check-in".to_owned(), 0),
        ("dueBy=2026-11-30".to_owned(), 3),
        ("dueBy=2026-11-29".to_owned(), 0),
    ] {
        let found = service.coordinator().get(&format!("{LIST}?{filter}")).await;
        let found = found.is(200);
        let items = found["items"].as_array().expect("items");
        assert_eq!(items.len(), count, "{filter}");
    }
    for wrong in [
        "first=0",
        "first=101",
        "kind=applause",
        "after=x",
        "dueBy=soon",
        "page=2",
    ] {
        let refused = service.coordinator().get(&format!("{LIST}?{wrong}")).await;
        refused.refuses(422, "invalid");
    }
}

/// Without the line of `identity` or of `time-in-post` there is no name and no day; without `employment` a first contact
/// is due on the last day the policy allows, which tells of no post; without `take-up` there is nothing to see.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_is_told_no_more_than_its_token_allows() {
    let service = Service::start().await;
    three(&service).await;
    let auditor = service.call(Some(service.token(Role::Auditor, None)));
    let list = auditor.get(LIST).await.is(200);
    let mut members: Vec<&String> = list["items"][0]
        .as_object()
        .expect("an item")
        .keys()
        .collect();
    members.sort_unstable();
    let ids = [
        "dueOn",
        "kind",
        "on",
        "overdue",
        "person",
        "sent",
        "workingDaysOverdue",
    ];
    assert_eq!(members, ids);
    assert_eq!(list["items"][0]["dueOn"], "2026-12-04", "ten working days");
    for role in [
        Role::Mentor,
        Role::Mentee,
        Role::Administrator,
        Role::Commissioner,
    ] {
        let call = service.call(Some(service.token(role, None)));
        call.get(LIST).await.refuses(403, "forbidden");
    }
    service
        .employer(DEVON)
        .get(LIST)
        .await
        .refuses(403, "forbidden");

    let lines = MATRIX.lines().filter(|line| !line.starts_with("take-up"));
    let service = Service::start_with(&lines.collect::<Vec<_>>().join("\n")).await;
    three(&service).await;
    let nothing = service.coordinator().get(LIST).await.is(200);
    assert_eq!(nothing["items"], json!([]));
}

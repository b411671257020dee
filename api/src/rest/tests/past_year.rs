//! Old spreadsheets, a few rows at a time. The long one is told in `tests/stories/past_year.rs`.

use super::*;
use serde_json::json;

const MATRIX: &str = r#"
[commands]
notifyAppointment = { coordinator = "any", employer = "employer" }
bringForwardMentor = { coordinator = "any" }
bringForwardPairing = { coordinator = "any" }
bringForwardYear = { coordinator = "any" }
registerMentor = { coordinator = "any" }

[queries]
scheme = { coordinator = "any", employer = "employer" }

[fields]
position = { coordinator = "visible" }
"#;

const HEADINGS: &str =
    "Mentee,Council,First post,Basis,Mentor,Mentor council,Matched on,Sessions,Status";

async fn sent(service: &Service, query: &str, rows: &[&str]) -> Answer {
    let file = [&[HEADINGS], rows].concat().join("\n");
    let call = service.coordinator().with("content-type", "text/csv");
    let path = format!("/v1/schemes/{SCHEME}/past-year{query}");
    call.send("POST", &path, file.into()).await
}

fn outcomes(answer: &Value) -> Vec<(&str, &str)> {
    let rows = answer["rows"].as_array().expect("rows").iter();
    let told = rows.map(|row| {
        let code = row["code"].as_str().unwrap_or_default();
        (row["outcome"].as_str().unwrap_or_default(), code)
    });
    told.collect()
}

/// R310: what was used is brought forward once, however often the file is sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_sent_again_changes_nothing() {
    let service = Service::start_with(MATRIX).await;
    let rows = [
        "Ada Ash,Devon CC,Y,Permanent,Al Oak,Leeds,3/9/26,2/4,ongoing",
        "Bea Ash,Kent,Y,Permanent,,,,,waiting",
        ",,,,Cy Oak,Bristol,,,",
    ];
    let first = sent(&service, "", &rows).await.is(200);
    assert_eq!(outcomes(&first), [("recorded", ""); 3]);
    let position = service.position().await;
    let other_dress = [
        "  ada ASH ,DEVON cc,y,permanent,al oak,leeds,3/9/26,2/4,Ongoing,a remark",
        "Bea Ash,Kent,Y,Permanent,,,,,waiting",
        "",
        ",,,,Cy Oak,Bristol,,,",
    ];
    for rows in [&rows[..], &other_dress] {
        let again = sent(&service, "", rows).await.is(200);
        assert_eq!(outcomes(&again), [("alreadySo", ""); 3]);
        assert_eq!(again["rows"][0]["pairing"], first["rows"][0]["pairing"]);
        assert_eq!(service.position().await, position);
    }
}

/// R037: a mentor of whom the spreadsheet says little is flagged and not refused.
#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_mentor_is_flagged() {
    let service = Service::start_with(MATRIX).await;
    let answer = sent(&service, "", &["Ada Ash,Devon,Y,,Al Oak,,3/9/26,?,"])
        .await
        .is(200);
    let row = &answer["rows"][0];
    assert_eq!(row["outcome"], "recorded");
    assert_eq!(
        row["flags"],
        json!(["portraitIncomplete", "sessionsUnknown"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_could_mean_two_people_are_asked_about() {
    let service = Service::start_with(MATRIX).await;
    let rows = [
        ",,,,Al Oak,Leeds,,,",
        ",,,,Al Oak,Kent,,,",
        "Ada Ash,Devon,Y,,Al Oak,,3/9/26,1,live",
        "Ada Ash,Devon,Y,,Al Oak,Kent,3/9/26,1,live",
        "Ada Ash,Devon,Y,,Al Oak,Kent,3/9/26,3,live",
        "Ada Ash,Devon,Y,,Al Oak,Leeds,3/9/26,1,live",
    ];
    let answer = sent(&service, "", &rows).await.is(200);
    let expected = [
        ("recorded", ""),
        ("recorded", ""),
        ("refused", "mentor_ambiguous"),
        ("recorded", ""),
        ("refused", "known_otherwise"),
        ("refused", "already_paired"),
    ];
    assert_eq!(outcomes(&answer), expected);
}

/// A director of whom a notice told before is the same person.
#[tokio::test(flavor = "multi_thread")]
async fn a_director_known_by_name_and_council_is_not_doubled() {
    let service = Service::start_with(MATRIX).await;
    let waiting = "Ada Ash,Devon,Y,Permanent,,,,,waiting";
    let paired = "Ada Ash,Devon CC,Y,Permanent,Al Oak,Leeds,3/9/26,1,live";
    let answer = sent(&service, "", &[waiting, paired]).await.is(200);
    assert_eq!(outcomes(&answer), [("recorded", ""); 2]);
    assert_eq!(answer["rows"][0]["mentee"], answer["rows"][1]["mentee"]);
    let snapshot = service.platform.snapshot(SCHEME).await.expect("open");
    assert_eq!(snapshot.scheme.mentees.size(), 1);
}

/// A trial judges each row as if those above it had been taken, and leaves nothing behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_leaves_nothing_behind() {
    let service = Service::start_with(MATRIX).await;
    let position = service.position().await;
    let rows = [
        "Ada Ash,Devon,Y,,Al Oak,Leeds,3/9/26,2,live",
        "Ada Ash,Devon,Y,,Cy Oak,Kent,3/9/26,2,live",
        "Bea Ash,Kent,Y,,Al Oak,,3/9/26,4,ended",
    ];
    let query = "?validateOnly=true&from=2026-01-01&until=2026-10-31";
    let answer = sent(&service, query, &rows).await.is(200);
    assert_eq!(
        outcomes(&answer),
        [
            ("recorded", ""),
            ("refused", "already_paired"),
            ("counted", "")
        ]
    );
    assert_eq!(service.position().await, position);
    let ended = sent(&service, "", &rows[2..]).await.is(200);
    assert_eq!(outcomes(&ended), [("refused", "pairing_ended")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_can_read_is_refused_as_a_whole() {
    let service = Service::start_with(MATRIX).await;
    let path = format!("/v1/schemes/{SCHEME}/past-year");
    let csv = |call: Call| call.with("content-type", "text/csv");
    for broken in ["Remarks,Totals\n1,2\n", "Mentee,Council\n\"Ada,Devon\n", ""] {
        let answer = csv(service.coordinator())
            .send("POST", &path, broken.into())
            .await;
        assert!([400, 422].contains(&answer.status), "{answer:?}");
    }
    let json = service
        .coordinator()
        .with("content-type", "application/json");
    json.send("POST", &path, b"{}".to_vec())
        .await
        .refuses(415, "unsupported_media_type");
    let year = format!("{path}?from=2026-01-01");
    csv(service.coordinator())
        .send("POST", &year, HEADINGS.into())
        .await
        .refuses(422, "invalid");
    let employer = csv(service.employer(DEVON))
        .send("POST", &path, HEADINGS.into())
        .await;
    employer.refuses(403, "forbidden");
}

use super::*;

const EVENTS: Header<'static> = ("accept", "text/event-stream");

async fn ask(query: &str, headers: &[Header<'_>]) -> Answer {
    let body = serde_json::json!({ "query": query }).to_string();
    send(serve().await, "POST", "/graphql/stream", headers, &body).await
}

#[tokio::test]
async fn a_subscription_is_a_stream_of_events_that_ends_with_complete() {
    let answer = ask("subscription { ticks(count: 2) }", &[TOKEN, JSON, EVENTS]).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/event-stream")
    );
    assert_eq!(
        answer.text,
        "event: next\ndata: {\"data\":{\"ticks\":0}}\n\n\
         event: next\ndata: {\"data\":{\"ticks\":1}}\n\n\
         event: complete\ndata: \n\n"
    );
}

#[tokio::test]
async fn a_query_is_a_stream_of_one() {
    let answer = ask("{ hello }", &[TOKEN, JSON, EVENTS]).await;
    assert_eq!(answer.text.matches("event: next").count(), 1);
    assert!(answer.text.ends_with("event: complete\ndata: \n\n"));
}

#[tokio::test]
async fn what_is_refused_is_refused_with_a_status() {
    let faulty = ask("subscription { tocks }", &[TOKEN, JSON, EVENTS]).await;
    assert_eq!(
        (faulty.status, faulty.code().as_str()),
        (400, "validation_failed")
    );
    let aliases = numbered(60, |index| format!("a{index}: hello "));
    let large = ask(
        &format!("{{ nested {{ {aliases} }} }}"),
        &[TOKEN, JSON, EVENTS],
    )
    .await;
    assert_eq!(
        (large.status, large.code().as_str()),
        (400, "document_too_many_aliases")
    );
    let wrong = ask("{ hello }", &[TOKEN, JSON, GRAPHQL]).await;
    assert_eq!(
        (wrong.status, wrong.code().as_str()),
        (406, "not_acceptable")
    );
}

#[tokio::test]
async fn a_stream_ends_with_its_token_and_without_complete() {
    let brief = ("authorization", "Bearer brief");
    let answer = ask("subscription { endless }", &[brief, JSON, EVENTS]).await;
    assert!(answer.text.contains("\"endless\":1"));
    assert!(!answer.text.contains("complete"));
}

use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_query_is_answered_in_the_dress_that_was_asked_for() {
    let address = serve().await;
    let answer = post(address, "{ hello(name: \"Ada\") visitor }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.headers["content-type"],
        "application/graphql-response+json; charset=utf-8"
    );
    assert_eq!(
        answer.json(),
        serde_json::json!({ "data": { "hello": "hello Ada", "visitor": "ada" } })
    );
    let plain = send(
        address,
        "POST",
        "/graphql",
        &[TOKEN, JSON],
        r#"{"query":"{hello}"}"#,
    )
    .await;
    assert_eq!(
        plain.headers["content-type"],
        "application/json; charset=utf-8"
    );
    assert_eq!(plain.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn nobody_is_answered_without_a_token_that_holds() {
    let address = serve().await;
    let body = r#"{"query":"{hello}"}"#;
    for headers in [
        vec![JSON],
        vec![JSON, ("authorization", "Bearer eve")],
        vec![JSON, ("authorization", "Basic ada")],
        vec![JSON, TOKEN, TOKEN],
    ] {
        for path in ["/graphql", "/graphql/stream"] {
            let answer = send(address, "POST", path, &headers, body).await;
            assert_eq!(answer.status, 401);
            assert!(
                answer.headers["www-authenticate"]
                    .to_str()
                    .unwrap()
                    .starts_with("Bearer")
            );
            assert_eq!(answer.headers["content-type"], "application/problem+json");
            assert_eq!(answer.code(), "unauthenticated");
        }
    }
    assert_eq!(
        send(address, "GET", "/graphql?query=%7Bhello%7D", &[], "")
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_mutation_is_executed_by_post_and_never_by_get() {
    let address = serve().await;
    let before = COUNT.load(Ordering::SeqCst);
    let path = "/graphql?query=mutation%7Bincrement%7D";
    let answer = send(address, "GET", path, &[TOKEN], "").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (405, "method_not_allowed")
    );
    assert_eq!(answer.headers["allow"], "POST");
    let both = "/graphql?operationName=M&query=query%20Q%7Bhello%7D%20mutation%20M%7Bincrement%7D";
    assert_eq!(send(address, "GET", both, &[TOKEN], "").await.status, 405);
    assert_eq!(COUNT.load(Ordering::SeqCst), before);
    assert_eq!(post(address, "mutation { increment }").await.status, 200);
    assert_eq!(COUNT.load(Ordering::SeqCst), before + 1);
    assert_eq!(
        send(address, "GET", "/graphql?query=%7Bhello%7D", &[TOKEN], "")
            .await
            .status,
        200
    );
    let put = send(address, "PUT", "/graphql", &[TOKEN, JSON], "{}").await;
    assert_eq!(
        (put.status, put.headers["allow"].to_str().unwrap()),
        (405, "GET, POST")
    );
}

#[tokio::test]
async fn what_is_not_one_operation_in_json_is_refused_with_its_reason() {
    let address = serve().await;
    let hello = r#"{"query":"{hello}"}"#;
    let large = format!(
        r#"{{"query":"{{hello}}","operationName":"{}"}}"#,
        "x".repeat(300_000)
    );
    let cases: [(&[Header<'_>], &str, u16, &str); 8] = [
        (&[TOKEN], hello, 415, "unsupported_media_type"),
        (
            &[TOKEN, ("content-type", "text/plain")],
            hello,
            415,
            "unsupported_media_type",
        ),
        (
            &[TOKEN, ("content-type", "application/graphql")],
            "{hello}",
            415,
            "unsupported_media_type",
        ),
        (
            &[TOKEN, JSON, ("accept", "text/html")],
            hello,
            406,
            "not_acceptable",
        ),
        (&[TOKEN, JSON], "{", 400, "malformed"),
        (&[TOKEN, JSON], "", 400, "malformed"),
        (
            &[TOKEN, JSON],
            "[{\"query\":\"{hello}\"}]",
            400,
            "batch_not_supported",
        ),
        (&[TOKEN, JSON], &large, 413, "too_large"),
    ];
    for (headers, body, status, code) in cases {
        let answer = send(address, "POST", "/graphql", headers, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
}

#[tokio::test]
async fn monstrous_documents_are_refused_with_a_code_and_at_little_cost() {
    let address = serve().await;
    let deep = format!("{}hello{}", "{nested".repeat(200), "}".repeat(200)).replacen(
        "nestedhello",
        "nested{hello}",
        1,
    );
    let aliases = numbered(10_000, |index| format!("a{index}:hello "));
    let doubling = numbered(25, |index| {
        let next = format!("nested {{ ...F{} }}", index + 1);
        format!(" fragment F{index} on Query {{ {next} b: {next} }}")
    });
    for (query, code) in [
        (deep, "document_too_deep"),
        (format!("{{{aliases}}}"), "document_too_long"),
        (
            format!("{{{}}}", &aliases[..aliases.len() / 4]),
            "document_too_many_tokens",
        ),
        (
            format!("{{ ...F0 }} {doubling} fragment F25 on Query {{ hello }}"),
            "document_too_deep",
        ),
        (
            "{ ...F } fragment F on Query { nested { ...F } }".to_owned(),
            "document_fragment_cycle",
        ),
    ] {
        let started = Instant::now();
        let answer = post(address, &query).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code));
        assert!(
            started.elapsed() < Duration::from_millis(500),
            "{:?}",
            started.elapsed()
        );
        assert!(answer.json().get("data").is_none());
    }
    let variables = format!(
        r#"{{"query":"{{hello}}","variables":{{"a":{}1{}}}}}"#,
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let answer = send(address, "POST", "/graphql", &[TOKEN, JSON], &variables).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "variables_too_deep")
    );
}

#[tokio::test]
async fn faults_of_the_document_have_the_status_of_their_dress_and_no_suggestions() {
    let address = serve().await;
    for (query, code) in [
        ("{", "syntax_error"),
        ("{ helo }", "validation_failed"),
        (
            "query($id: String!) { hello(name: $id) }",
            "variables_invalid",
        ),
        ("query A { hello } query B { hello }", "validation_failed"),
    ] {
        let answer = post(address, query).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, code),
            "{query}"
        );
        assert!(!answer.text.contains("Did you mean"));
        let body = serde_json::json!({ "query": query }).to_string();
        let answer = send(address, "POST", "/graphql", &[TOKEN, JSON], &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (200, code),
            "{query}"
        );
    }
    let answer = post(address, "{ heavy }").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "document_too_complex")
    );
    let answer = post(address, "subscription { ticks(count: 1) }").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "operation_not_supported")
    );
}

#[tokio::test]
async fn a_failing_field_leaves_the_status_alone() {
    let address = serve().await;
    let answer = post(address, "{ refuses }").await;
    assert_eq!((answer.status, answer.code().as_str()), (200, "forbidden"));
    let answer = post(address, "{ fails }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["data"], Value::Null);
    assert_eq!(
        answer.json()["errors"][0]["path"],
        serde_json::json!(["fails"])
    );
}

#[tokio::test]
async fn what_takes_too_long_or_panics_is_answered_without_details() {
    let address = serve().await;
    let answer = post(address, "{ slow }").await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "timeout"));
    let answer = post(address, "{ panics }").await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "internal"));
    assert!(!answer.text.contains("Ada"));
}

#[tokio::test]
async fn the_schema_is_told_to_those_who_may_ask_and_published_to_all() {
    let address = serve().await;
    assert_eq!(
        post(address, "{ __schema { queryType { name } } }")
            .await
            .status,
        200
    );
    let body = r#"{"query":"{ __type(name: \"Query\") { name } }"}"#;
    let headers = [("authorization", "Bearer blind"), JSON];
    let answer = send(address, "POST", "/graphql", &headers, body).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "introspection_not_allowed")
    );
    let answer = send(address, "GET", "/graphql/schema", &[], "").await;
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    assert!(answer.text.contains("type Query"));
}

//! Who may ask for the schema itself, by the policy of the deployment.

use super::*;
use crate::http::graphql::Introspection;

const WALK: &str = r#"{"query":"query Walk { __schema { types { ...T } } __typename } fragment T on __Type { name }"}"#;

async fn serve_by(introspection: Introspection) -> SocketAddr {
    let limits = Limits {
        introspection,
        ..limits()
    };
    let (address, server) = serve_within("127.0.0.1:0", limits).await;
    tokio::spawn(server);
    address
}

async fn ask(address: SocketAddr, headers: &[Header<'_>], body: &str) -> Answer {
    send(address, "POST", "/graphql", headers, body).await
}

#[tokio::test]
async fn by_default_a_token_is_needed_to_walk_the_schema_and_none_to_read_it() {
    let address = serve_by(Introspection::default()).await;
    assert_eq!(ask(address, &[JSON], WALK).await.status, 401);
    assert_eq!(ask(address, &[JSON, TOKEN], WALK).await.status, 200);
    let text = send(address, "GET", "/graphql/schema", &[], "").await;
    assert!(text.status == 200 && text.text.contains("type Query"));
}

#[tokio::test]
async fn open_is_the_schema_to_anybody_and_nothing_else() {
    let address = serve_by(Introspection::Open).await;
    let walked = ask(address, &[JSON], WALK).await;
    assert_eq!(walked.status, 200);
    let types = &walked.json()["data"]["__schema"]["types"];
    assert!(types.as_array().is_some_and(|types| types.len() > 5));
    for body in [
        r#"{"query":"{ hello }"}"#,
        r#"{"query":"{ __schema { queryType { name } } hello }"}"#,
        r#"{"query":"{ ...Q } fragment Q on Query { __schema { queryType { name } } hello }"}"#,
        r#"{"query":"mutation { increment __typename }"}"#,
        r#"{"query":"query A { __schema { queryType { name } } } query B { hello }","operationName":"B"}"#,
        r#"{"query":"{ __typename }"}"#,
        "not even JSON",
    ] {
        let refused = ask(address, &[JSON], body).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (401, "unauthenticated"),
            "{body}"
        );
    }
    // A token that does not hold is not as good as none.
    let forged = [JSON, ("authorization", "Bearer eve")];
    assert_eq!(ask(address, &forged, WALK).await.status, 401);
}

#[tokio::test]
async fn off_is_off_for_everybody() {
    let address = serve_by(Introspection::Off).await;
    let refused = ask(address, &[JSON, TOKEN, GRAPHQL], WALK).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "introspection_not_allowed")
    );
    assert_eq!(ask(address, &[JSON], WALK).await.status, 401);
    let text = send(address, "GET", "/graphql/schema", &[], "").await;
    assert_eq!(text.status, 404);
    let asked = ask(
        address,
        &[JSON, TOKEN],
        r#"{"query":"{ hello __typename }"}"#,
    )
    .await;
    assert_eq!(asked.json()["data"]["hello"], "hello ");
}

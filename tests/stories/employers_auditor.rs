//! A council's own auditor checks what became of its notices, with a token an operator mints.

use crate::harness::{Service, notice, open_scheme, run, token};
use serde_json::json;

const SCHEME: &str = "mentor-plus";

/// R305, R308: over GraphQL and REST: the notices of the token's employer and nothing else.
#[test]
fn a_councils_auditor_sees_its_own_notices_over_graphql_and_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &[]);
    let mint = |more: &[&str]| token(&data, &[&["--scheme", SCHEME], more].concat());
    open_scheme(&service, &mint(&["--role", "administrator"]), SCHEME);
    let coordinator = mint(&["--role", "coordinator"]);
    let accepted = notice(&service.url, SCHEME, &coordinator, "1");
    assert!(accepted.status < 300, "{:#}", accepted.body);

    let own = mint(&["--role", "auditor", "--employer", "E10000008"]);
    let other = mint(&["--role", "auditor", "--employer", "E10000016"]);
    let trail =
        "{ viewer { roles employer } scheme(id: \"mentor-plus\") { auditTrail { totalCount } } }";
    for (auditor, employer, count) in [(&own, "E10000008", 2), (&other, "E10000016", 0)] {
        let seen = service.ask(auditor, trail, json!({}));
        assert_eq!(seen["viewer"]["roles"], json!(["EMPLOYER_AUDITOR"]));
        assert_eq!(seen["viewer"]["employer"], employer);
        assert_eq!(seen["scheme"]["auditTrail"]["totalCount"], count);
    }
    let all = service.ask(&mint(&["--role", "auditor"]), trail, json!({}));
    assert!(all["scheme"]["auditTrail"]["totalCount"].as_u64() > Some(5));

    let check = "/v1/schemes/mentor-plus/entitlements?employer=E10000008&employeeNumber=1";
    let told = service.get(check, &own);
    assert_eq!(told.status, 200, "{:#}", told.body);
    assert_eq!(told.body["verdict"], "eligible");
    for hidden in ["person", "offer", "balance"] {
        assert!(told.body[hidden].is_null(), "{hidden}");
    }
    assert_eq!(service.get(check, &other).status, 404);
    for path in ["work-list", "health"] {
        let refused = service.get(&format!("/v1/schemes/mentor-plus/{path}"), &own);
        assert_eq!(refused.status, 403, "{path}");
    }
    let unbound = run(&["token", "--role", "employer-auditor"], &data);
    assert_eq!(unbound.status.code(), Some(1));
    service.stop();
}

//! A client that asks too much, and what it, the others and the administrator notice of it.

use crate::harness::{Service, open_scheme, run, token};
use serde_json::{Value, json};
use std::{fs, path::Path};

const BURSTS: &str = "{ refusedBursts { client role reason refused beganAt latestAt } }";

fn serve(folder: &Path, settings: &str) -> Service {
    let file = folder.join("settings.toml");
    fs::write(&file, settings).expect("settings are written");
    let file = file.display().to_string();
    Service::serve(&folder.join("data"), &["--config", &file])
}

#[test]
fn one_client_that_asks_too_much_is_refused_and_nobody_else_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = serve(
        folder.path(),
        "[limits]\nrequests_a_minute = 20\nfailed_tokens_a_minute = 3\n",
    );
    let administrator = token(&data, &["--role", "administrator"]);
    open_scheme(&service, &administrator, "one");
    let employer = token(&data, &["--role", "employer", "--employer", "E10000008"]);
    let statuses: Vec<u16> = (0..25)
        .map(|_| service.get("/v1/schemes/one", &employer).status)
        .collect();
    let answered = statuses.iter().filter(|status| **status == 200).count();
    // A quota gives back while it is used: one every three seconds.
    assert!((20..24).contains(&answered), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    let refused = service.get("/v1/schemes/one", &employer);
    assert_eq!(refused.body["code"], "rate_limited");

    for _ in 0..5 {
        service.get("/v1/schemes/one", "forged.token.here");
    }
    assert_eq!(service.get("/v1/schemes/one", "forged").status, 429);
    assert_eq!(service.get("/healthz", "").status, 200);
    let coordinator = token(&data, &["--role", "coordinator"]);
    assert_eq!(service.get("/v1/schemes/one", &coordinator).status, 200);

    let bursts = service.ask(&administrator, BURSTS, Value::Null)["refusedBursts"].take();
    let seen: Vec<(&Value, &Value)> = bursts
        .as_array()
        .expect("bursts")
        .iter()
        .map(|burst| (&burst["reason"], &burst["role"]))
        .collect();
    assert_eq!(
        seen,
        [
            (&json!("FAILED_TOKENS"), &Value::Null),
            (&json!("REQUESTS"), &json!("EMPLOYER")),
        ]
    );
    for other in [
        coordinator,
        token(&data, &["--role", "auditor"]),
        token(&data, &["--role", "administrator", "--scheme", "one"]),
    ] {
        let answer = service.graphql(&other, BURSTS, Value::Null);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "forbidden");
    }
    let figures = service.get("/metrics", "").body.to_string();
    assert!(figures.contains("alongside_refused_requests_total"));
    let written = service.stop();
    for burst in bursts.as_array().expect("bursts") {
        let client = burst["client"].as_str().expect("a pseudonym");
        assert!(!figures.contains(client) && !written.contains(client));
    }
}

#[test]
fn settings_that_would_open_the_edge_stop_the_start_and_say_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    for (settings, reason) in [
        ("allowed_origins = [\"*\"]", "never allowed"),
        ("introspection = \"public\"", "signed-in"),
        ("[limits]\nrequests_a_minute = 0", "nonzero"),
        ("[limits]\nrequest_a_minute = 1", "requests_a_minute"),
    ] {
        fs::write(&file, settings).expect("settings are written");
        let arguments = ["serve", "--create", "--config", &file.display().to_string()];
        let refused = run(&arguments, &folder.path().join("data"));
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{told}");
        assert!(told.contains(reason), "{told}");
    }
}

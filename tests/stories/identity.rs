//! Whose tokens the binary takes, and where it refuses to listen.

use crate::harness::{alongside, run};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Output, Stdio},
};

const PROVIDER: &str =
    "[[identity.issuers]]\nissuer = \"http://127.0.0.1:9/realm\"\naudience = \"api://alongside\"\n";

#[test]
fn tokens_of_the_directory_are_not_taken_where_others_can_reach_unless_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for command in ["serve", "demo"] {
        let output = run(&[command, "--listen", "0.0.0.0:0"], &data);
        let said = refused(&output);
        for way_out in [
            "identity.issuers",
            "127.0.0.1",
            "--allow-local-tokens-on-public-address",
        ] {
            assert!(said.contains(way_out), "{said}");
        }
        assert!(!data.exists(), "nothing is begun");
    }
    let arguments = ["serve", "--create", "--listen", "0.0.0.0:0"];
    let mut told = alongside()
        .args(arguments)
        .arg("--allow-local-tokens-on-public-address")
        .arg("--data")
        .arg(&data)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(told.stderr.take().expect("piped")).lines();
    let served = lines
        .map_while(Result::ok)
        .any(|line| line.contains("Alongside serves"));
    told.kill().expect("it runs");
    told.wait().expect("it ends");
    assert!(served, "it does as it is told");
}

#[test]
fn with_a_provider_in_the_settings_no_token_is_made_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, settings) = (
        folder.path().join("data"),
        folder.path().join("settings.toml"),
    );
    fs::write(&settings, PROVIDER).expect("written");
    let settings = settings.to_str().expect("a path");
    for arguments in [
        &["token", "--role", "coordinator"][..],
        &["demo", "--listen", "127.0.0.1:0"],
    ] {
        let output = run(&[arguments, &["--config", settings]].concat(), &data);
        assert!(refused(&output).contains("http://127.0.0.1:9/realm"));
    }
}

#[test]
fn a_mistake_about_identity_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, settings) = (
        folder.path().join("data"),
        folder.path().join("settings.toml"),
    );
    for (mistake, named) in [
        (
            "[[identity.people]]\nissuer = \"https://a.example\"\nsubject = \"a\"\nrole = \"auditor\"",
            "https://a.example",
        ),
        (
            "[[identity.issuers]]\nissuer = \"http://login.example\"\naudience = \"a\"",
            "http://login.example",
        ),
        (
            "[[identity.issuers]]\nissuer = \"https://login.example\"\naudience = \"a\"\nalgorithms = [\"HS256\"]",
            "HS256",
        ),
        (
            "[[identity.issuers]]\nissuer = \"https://login.example\"\naudience = \"a\"\njwks = \"https://b.example\"",
            "jwks",
        ),
    ] {
        fs::write(&settings, mistake).expect("written");
        let settings = settings.to_str().expect("a path");
        let arguments = [
            "serve",
            "--create",
            "--listen",
            "127.0.0.1:0",
            "--config",
            settings,
        ];
        let said = refused(&run(&arguments, &data));
        assert!(said.contains(named), "{said}");
    }
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

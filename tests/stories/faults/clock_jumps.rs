//! The clock of the machine jumps, both ways: a live scheme stops writing and says so, reads go on, a restart goes on,
//! and recorded times never go back.
//!
//! The service runs with `libfaketime` in front of its wall clock; its monotonic clock is left alone, as in a real jump.

use super::{aloud, ledger::Ledger, skipped};
use crate::harness::{Service, alongside, open_scheme, records, token};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn after_a_jump_of_the_clock_nothing_is_written_until_a_restart() {
    let Some(library) = library() else {
        return skipped("clock jumps", "libfaketime is not installed");
    };
    for jump in ["+20m", "-20m", "+4y", "-2y"] {
        jump_once(&library, jump);
    }
    aloud(
        "clock jumps: 4, both ways: nothing written until a restart, no recorded time before another",
    );
}

#[test]
fn a_clock_that_is_set_right_by_a_little_holds_up_nobody() {
    let Some(library) = library() else {
        return skipped("clock jumps, small", "libfaketime is not installed");
    };
    let folder = tempfile::tempdir().expect("a folder");
    let machine = Machine::new(&library, folder.path());
    let service = machine.serve();
    let (_, mut ledger) = machine.begin(&service);
    for (number, jump) in ["+4m", "+0", "-4m", "-1m"].into_iter().enumerate() {
        machine.set(jump);
        let coordinator = machine.token("coordinator");
        let refused = ledger.send(&service.url, &coordinator, &format!("after {number}"));
        assert!(refused.is_none(), "{jump}: {refused:?}");
    }
    service.stop();
    machine.check(&ledger);
}

fn jump_once(library: &Path, jump: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let machine = Machine::new(library, folder.path());
    let service = machine.serve();
    let (coordinator, mut ledger) = machine.begin(&service);
    assert!(ledger.send(&service.url, &coordinator, "before").is_none());
    machine.set(jump);
    let coordinator = machine.token("coordinator");
    let administrator = machine.token("administrator");
    let refused = ledger.send(&service.url, &coordinator, "after");
    let refused = refused.unwrap_or_else(|| panic!("{jump}: it was recorded"));
    assert_eq!(refused.status, 503, "{jump}: {refused:?}");
    let detail = refused.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("clock"), "{jump}: {refused:?}");
    let answer = service.graphql(
        &administrator,
        "mutation($command: UUID!) { openScheme(input: { scheme: \"one\", commandId: $command,
           name: \"Again\", kind: MENTORING }) { rejection { code } } }",
        json!({ "command": "5b0f6f0e-6f5c-4e0e-9f3a-1d2c3b4a5968" }),
    );
    let code = &answer["errors"][0]["extensions"]["code"];
    assert_eq!(code, "clock_jumped", "{jump}: {answer:#}");
    let health = service.get("/v1/schemes/one/health", &administrator).body;
    assert_eq!(health["reason"], "clock_jumped", "{jump}: {health}");
    let read = "{ scheme(id: \"one\") { auditTrail(first: 5) { totalCount } } }";
    let before = service.ask(&coordinator, read, json!(null));
    assert!(
        before["scheme"]["auditTrail"]["totalCount"].as_u64() >= Some(6),
        "{before}"
    );
    service.stop();

    // The time it is now stays, whether it is the right one or not.
    let service = machine.serve();
    ledger.retry(&service.url, &coordinator);
    assert!(
        ledger.send(&service.url, &coordinator, "later").is_none(),
        "{jump}"
    );
    service.stop();
    machine.check(&ledger);
}

/// Where Debian and its kin put it; the one for programs with threads.
fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten();
    let found = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    found.into_iter().find(|library| library.exists())
}

/// A data directory, and a clock that can be set while the service runs.
struct Machine {
    library: PathBuf,
    clock: PathBuf,
    data: PathBuf,
}

impl Machine {
    fn new(library: &Path, folder: &Path) -> Self {
        let machine = Self {
            library: library.to_owned(),
            clock: folder.join("clock"),
            data: folder.join("data"),
        };
        machine.set("+0");
        machine
    }

    fn set(&self, offset: &str) {
        let unfinished = self.clock.with_extension("new");
        fs::write(&unfinished, offset).expect("the clock can be set");
        fs::rename(&unfinished, &self.clock).expect("the clock can be set");
    }

    fn command(&self) -> std::process::Command {
        let mut command = alongside();
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.clock)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_RESET", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    }

    fn serve(&self) -> Service {
        let mut command = self.command();
        command.args(["serve", "--create", "--listen", "127.0.0.1:0"]);
        Service::start(command, &self.data)
    }

    /// Minted by the clock as it stands.
    fn token(&self, role: &str) -> String {
        let mut command = self.command();
        command.args(["token", "--role", role, "--data"]);
        let output = command.arg(&self.data).output().expect("the binary runs");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("a token is text");
        text.lines().last().expect("a line").to_owned()
    }

    fn begin(&self, service: &Service) -> (String, Ledger) {
        open_scheme(
            service,
            &token(&self.data, &["--role", "administrator"]),
            "one",
        );
        (self.token("coordinator"), Ledger::of("one"))
    }

    fn check(&self, ledger: &Ledger) {
        let found = ledger.found_in(&self.data);
        assert!(found.is_clean(), "{found}");
        let records = records(&self.data, "one");
        for pair in records.windows(2) {
            assert!(
                pair[0].recorded_at <= pair[1].recorded_at,
                "position {} was recorded at {}, after one of {}",
                pair[1].position,
                pair[1].recorded_at,
                pair[0].recorded_at
            );
        }
    }
}

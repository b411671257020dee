//! Two processes on one directory: the second is told who has it, and the first does not notice.

use super::ledger::Ledger;
use crate::harness::{Service, open_scheme, run, token};
use std::fs;

#[test]
fn a_second_process_is_refused_and_the_first_goes_on_unharmed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut service = Service::serve(&data, &[]);
    open_scheme(&service, &token(&data, &["--role", "administrator"]), "one");
    let coordinator = token(&data, &["--role", "coordinator"]);
    let mut ledger = Ledger::of("one");
    let report = folder.path().join("starters.csv");
    fs::write(
        &report,
        "employeeNumber,name,post,basis,startsOn,firstPost\n",
    )
    .expect("a report");
    let report = report.to_str().expect("a path of ours");
    let holder = format!("process {}", service.id());
    let seconds: [&[&str]; 4] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["serve", "--create", "--listen", "127.0.0.1:0"],
        &["demo", "--listen", "127.0.0.1:0"],
        &[
            "import",
            "--scheme",
            "one",
            "--employer",
            "E10000008",
            report,
        ],
    ];
    for (number, arguments) in seconds.into_iter().enumerate() {
        let output = run(arguments, &data);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("is held by"), "{arguments:?}: {said}");
        assert!(said.contains(&holder), "{arguments:?}: {said}");
        let key = format!("beside {number}");
        let refused = ledger.send(&service.url, &coordinator, &key);
        assert!(refused.is_none(), "{arguments:?}: {refused:?}");
    }
    // What only reads goes beside the one that writes.
    for arguments in [&["verify"][..], &["replay", "--scheme", "one"]] {
        let output = run(arguments, &data);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
    }
    assert!(service.lives());
    service.stop();
    let found = ledger.found_in(&data);
    assert_eq!((found.is_clean(), found.acknowledged), (true, 4), "{found}");
    let service = Service::serve(&data, &[]);
    assert!(
        ledger
            .send(&service.url, &coordinator, "and after")
            .is_none()
    );
    service.stop();
}

//! Whoever names a scheme that is not there is told so, and which there are, whatever they ask of it and without any key.

use crate::harness::{Service, open_scheme, run, token};
use std::fs;

const NOBODY: &str = "00000000-0000-0000-0000-000000000001";

#[test]
fn every_command_says_that_there_is_no_such_scheme_and_which_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let out = folder.path().join("out").display().to_string();
    let asked: [&[&str]; 8] = [
        &["replay"],
        &["what-if", "--shipped", "newly-appointed-directors-2026"],
        &["report", "--for", "auditor", "--out", &out],
        &["verify"],
        &["checkpoint"],
        &["export", "--out", &out],
        &["erasures", "--certificate", NOBODY],
        &["keys", "rotate-log"],
    ];
    let says = |wanted: &str| {
        for arguments in asked {
            let output = run(&[arguments, &["--scheme", "third"]].concat(), &data);
            let said = String::from_utf8_lossy(&output.stderr);
            let wanted = format!("there is no scheme third in this data directory; {wanted}");
            assert!(
                !output.status.success() && said.contains(&wanted),
                "{arguments:?}: {said}"
            );
        }
    };
    let service = Service::serve(&data, &[]);
    says("there is none at all");
    let administrator = token(&data, &["--role", "administrator"]);
    for scheme in ["second", "first"] {
        open_scheme(&service, &administrator, scheme);
    }
    service.stop();
    fs::remove_file(data.join("keys/master.key")).expect("it is there");
    says("there are: first, second");
    assert!(!fs::exists(&out).expect("a folder"), "nothing was written");
}

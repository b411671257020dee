//! The demonstration's history leaves the house in one file, is checked by programs that are not ours, folded, kept and
//! given on.

use crate::harness::{Service, alongside, run};
use api::dispatch::System;
use event_log::{Embedded, Options, SchemeId};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

const SCHEME: &str = "mentor-plus";

/// What whoever was given a bundle has: the file, the log's key, and a checkpoint that was kept.
struct Given {
    folder: tempfile::TempDir,
    data: PathBuf,
    bundle: PathBuf,
    key: String,
    kept: PathBuf,
}

impl Given {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        Service::demo(&data).stop();
        let scheme = SchemeId::new(SCHEME).expect("a name");
        let store = Embedded::open(&data, Options::new(Arc::new(System))).expect("it opens");
        let signed = store
            .checkpoint(&scheme, "2026-01-01T00:00:00.000Z")
            .expect("signed");
        let keys = store.log_keys(&scheme).expect("keys");
        store.close().expect("closed");
        let kept = folder.path().join("kept.txt");
        fs::write(&kept, signed.to_string()).expect("written");
        let given = Self {
            bundle: folder.path().join("one.bundle"),
            key: keys.last().expect("a key").key.to_string(),
            folder,
            data,
            kept,
        };
        given.export(&given.bundle, &[]);
        given
    }

    fn export(&self, to: &Path, more: &[&str]) -> Output {
        let to = to.display().to_string();
        let arguments = [&["export", "--scheme", SCHEME, "--out", &to], more].concat();
        let done = run(&arguments, &self.data);
        assert!(done.status.success(), "{done:?}");
        done
    }

    fn verify(&self, bundle: &Path, more: &[&str]) -> Output {
        let mut command = alongside();
        // Nothing but what is named may be needed.
        command.current_dir(self.folder.path());
        command.args(["verify", "--bundle"]).arg(bundle).args(more);
        command.output().expect("the binary runs")
    }

    /// The key and the checkpoint as arguments, which all verifiers take alike.
    fn outside(&self) -> Vec<String> {
        let kept = self.kept.display().to_string();
        ["--key", &self.key, "--checkpoint", &kept]
            .map(str::to_owned)
            .to_vec()
    }
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The verifier that shares nothing with this code; nothing where there is no Python.
fn python(bundle: &Path, more: &[&str]) -> Option<Output> {
    let verifier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verifiers/verify_bundle.py");
    let done = Command::new("python3")
        .arg(verifier)
        .arg(bundle)
        .args(more)
        .output();
    if done.is_err() {
        println!("skipped: there is no python3");
    }
    done.ok()
}

#[test]
fn a_history_is_checked_outside_folded_kept_and_given_on() {
    let given = Given::new();
    let outside = given.outside();
    let with_both = borrowed(&outside);

    let nothing = given.verify(&given.bundle, &[]);
    assert!(nothing.status.success(), "{nothing:?}");
    assert!(said(&nothing).starts_with("mentor-plus: intact, origin unproven\n"));
    let both = given.verify(&given.bundle, &with_both);
    let words = "mentor-plus: intact, signed by the key given, continues the checkpoint given\n";
    assert!(said(&both).starts_with(words), "{both:?}");
    if let Some(theirs) = python(&given.bundle, &with_both) {
        assert_eq!(said(&theirs), said(&both), "both say the same: {theirs:?}");
    }

    let bytes = fs::read(&given.bundle).expect("read");
    let text = String::from_utf8(bytes.clone()).expect("a bundle is text");
    let records: Vec<&str> = text.lines().filter(|line| line.starts_with('{')).collect();
    let with = |word: &str| records.iter().filter(|line| line.contains(word)).count();
    assert!(with("\"ciphertext_sha256\":") > 100, "most is sealed");
    assert_eq!(
        with("\"ciphertext\":"),
        0,
        "and none of it leaves the house"
    );
    for kind in ["policy.adopted", "register.adopted", "calendar.adopted"] {
        assert!(text.contains(&format!("\nadopted {kind} ")), "{kind}");
    }

    let verified = run(&["verify", "--scheme", SCHEME, "--json"], &given.data);
    let log: Value = serde_json::from_slice(&verified.stdout).expect("JSON");
    let checked = given.verify(&given.bundle, &["--json"]);
    let checked: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    assert_eq!(
        (&checked["root"], &checked["withheld"]),
        (&log["root"], &"0".into())
    );

    let from_log = run(&["replay", "--scheme", SCHEME, "--json"], &given.data);
    let bundle = given.bundle.display().to_string();
    let folded = alongside()
        .args(["replay", "--json", "--bundle", &bundle])
        .output();
    let folded = folded.expect("the binary runs");
    assert!(folded.status.success(), "{folded:?}");
    assert_eq!(
        said(&folded),
        said(&from_log),
        "what is sealed changes no history"
    );

    let elsewhere = given.folder.path().join("audited");
    let kept = run(
        &[&["import", "--bundle", &bundle], &with_both[..]].concat(),
        &elsewhere,
    );
    assert!(kept.status.success(), "{kept:?}");
    let again = given.folder.path().join("again.bundle");
    let again_name = again.display().to_string();
    let written = run(
        &["export", "--scheme", SCHEME, "--out", &again_name],
        &elsewhere,
    );
    assert!(written.status.success(), "{written:?}");
    assert_eq!(fs::read(&again).expect("read"), bytes, "byte for byte");
}

#[test]
fn a_part_proves_what_it_withholds_and_what_does_not_hold_is_told() {
    let given = Given::new();
    let outside = given.outside();
    let with_both = borrowed(&outside);
    let part = given.folder.path().join("part.bundle");
    given.export(&part, &["--only", "1-20", "--type", "policy.adopted"]);
    let checked = given.verify(&part, &with_both);
    assert!(checked.status.success(), "{checked:?}");
    if let Some(theirs) = python(&part, &with_both) {
        assert_eq!(said(&theirs), said(&checked));
    }
    let folded = alongside()
        .args(["replay", "--bundle"])
        .arg(&part)
        .output()
        .expect("it runs");
    assert_eq!(folded.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&folded.stderr).contains("withheld"),
        "{folded:?}"
    );

    let whole = fs::read(&given.bundle).expect("read");
    let other = given.folder.path().join("other");
    let refused = |bytes: &[u8], word: &str| {
        fs::write(&other, bytes).expect("written");
        for verdict in [
            Some(given.verify(&other, &with_both)),
            python(&other, &with_both),
        ] {
            let Some(verdict) = verdict else { continue };
            assert_eq!(verdict.status.code(), Some(1), "{verdict:?}");
            let told = String::from_utf8_lossy(&verdict.stderr).into_owned();
            assert!(told.contains("NOT intact") && told.contains(word), "{told}");
        }
    };
    refused(b"", "manifest");
    refused(b"PK\x03\x04 a zip", "manifest");
    refused(&whole[..whole.len() / 2], "ends in the middle");
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    refused(&flipped, "record");
    let directory = given.verify(given.folder.path(), &[]);
    assert_eq!(directory.status.code(), Some(1));
    let no_checkpoint = given.verify(&given.bundle, &["--checkpoint", "/dev/null"]);
    assert_eq!(no_checkpoint.status.code(), Some(1), "{no_checkpoint:?}");
    let no_key = given.verify(&given.bundle, &["--key", "nobody"]);
    assert_eq!(no_key.status.code(), Some(2), "{no_key:?}");
    let nowhere = given.folder.path().join("beyond.bundle");
    let nowhere = nowhere.display().to_string();
    let beyond = run(
        &[
            "export",
            "--scheme",
            SCHEME,
            "--to",
            "7",
            "--out",
            "/dev/null",
        ],
        &given.data,
    );
    assert_eq!(
        beyond.status.code(),
        Some(1),
        "no checkpoint ends there: {beyond:?}"
    );
    assert!(!Path::new(&nowhere).exists() && !Path::new(&format!("{nowhere}.part")).exists());
}

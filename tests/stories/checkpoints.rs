//! Somebody outside keeps a checkpoint. Whatever is done to the log afterwards by whoever holds it, they find out.

use crate::harness::{Service, alongside, notice, open_scheme, records, run, token};
use event_log::{LogProof, SignedCheckpoint, VerifierKey, proves_extension};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

const SCHEME: &str = "mentor-plus";

struct Place {
    folder: tempfile::TempDir,
    data: PathBuf,
}

impl Place {
    /// A scheme in which one person was told of, and no service.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let service = Service::serve(&data, &[]);
        open_scheme(
            &service,
            &token(&data, &["--role", "administrator"]),
            SCHEME,
        );
        service.stop();
        let place = Self { folder, data };
        place.tell("first");
        place
    }

    fn served<T>(&self, ask: impl FnOnce(&Service) -> T) -> T {
        let service = Service::serve(&self.data, &[]);
        let answer = ask(&service);
        service.stop();
        answer
    }

    /// Somebody is told of.
    fn tell(&self, name: &str) {
        let coordinator = token(&self.data, &["--role", "coordinator"]);
        self.served(|service| {
            let told = notice(&service.url, SCHEME, &coordinator, name);
            assert_eq!(told.status, 201, "{}", told.body);
        });
    }

    /// The checkpoint of now and the key to it, as a commissioner keeps them.
    fn keep(&self, name: &str) -> Kept {
        let commissioner = token(&self.data, &["--role", "commissioner", "--scheme", SCHEME]);
        self.served(|service| {
            let log = |path: &str| {
                let answer =
                    service.get(&format!("/v1/schemes/{SCHEME}/log/{path}"), &commissioner);
                assert_eq!(answer.status, 200, "{}", answer.body);
                answer.body
            };
            let file = self.folder.path().join(name);
            let note = log("checkpoint").as_str().expect("text").to_owned();
            fs::write(&file, &note).expect("written");
            let keys = log("keys")["keys"].as_array().expect("keys").clone();
            let key = keys.last().expect("one")["key"]
                .as_str()
                .expect("text")
                .to_owned();
            Kept { file, note, key }
        })
    }

    fn copy(&self, name: &str) -> PathBuf {
        let to = self.folder.path().join(name);
        copy(&self.data, &to);
        to
    }
}

struct Kept {
    file: PathBuf,
    note: String,
    key: String,
}

impl Kept {
    fn against(&self, data: &Path) -> Output {
        let file = self.file.display().to_string();
        run(&["verify", "--checkpoint", &file, "--key", &self.key], data)
    }

    fn read(&self) -> SignedCheckpoint {
        self.note.parse().expect("a checkpoint")
    }

    fn key(&self) -> VerifierKey {
        self.key.parse().expect("a key")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// R308: an older copy put back, and one that went another way from there, are told from the history by a checkpoint alone.
#[test]
fn a_log_that_was_rolled_back_or_forked_is_found_out_by_whoever_kept_a_checkpoint() {
    let place = Place::new();
    let older = place.copy("older");
    place.tell("second");
    let kept = place.keep("kept.txt");
    place.tell("third");

    let whole = kept.against(&place.data);
    assert!(whole.status.success(), "{whole:?}");
    let said = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(said.contains("goes on from the checkpoint"), "{said}");

    let said = refused(&kept.against(&older));
    assert!(said.contains("ROLLED BACK"), "{said}");
    assert!(said.contains("Keep the checkpoint and a copy"), "{said}");

    // The operator goes on with the older copy as if nothing had been.
    let fork = Place {
        folder: tempfile::tempdir().expect("a folder"),
        data: older,
    };
    fork.tell("somebody else");
    fork.tell("one more");
    let said = refused(&kept.against(&fork.data));
    assert!(said.contains("FORKED"), "{said}");
    assert!(said.contains("ask whoever runs the service"), "{said}");
    // To whoever kept nothing it is whole.
    assert!(run(&["verify"], &fork.data).status.success());

    // What was kept must be what was given.
    let other = fork.keep("other.txt");
    let stranger = Kept {
        file: kept.file.clone(),
        note: String::new(),
        key: VerifierKey::to_string(
            event_log::Signer::log("alongside/mentor-plus", &[7; 32])
                .expect("a signer")
                .verifier(),
        ),
    };
    let said = refused(&stranger.against(&place.data));
    assert!(said.contains("this key has not signed it"), "{said}");
    let size = other.read().checkpoint().size.to_string();
    let changed = kept
        .note
        .replacen(&kept.read().checkpoint().size.to_string(), &size, 1);
    if changed != kept.note {
        fs::write(&kept.file, changed).expect("written");
        let said = refused(&kept.against(&place.data));
        assert!(said.contains("changed after it was signed"), "{said}");
    }
}

/// R308: the service itself will not serve another history than the one it signed last.
#[test]
fn an_older_journal_put_back_under_a_newer_checkpoint_is_not_served() {
    let place = Place::new();
    let older = place.copy("older");
    place.tell("second");
    let fork = Place {
        folder: tempfile::tempdir().expect("a folder"),
        data: older.clone(),
    };
    let folder = |data: &Path, name: &str| data.join("schemes").join(SCHEME).join(name);
    for (shorter, said) in [
        (true, "is known to have existed"),
        (false, "not the history whose checkpoint was signed"),
    ] {
        if !shorter {
            fork.tell("somebody else");
            fork.tell("one more");
        }
        let hurt = place.copy(if shorter { "shorter" } else { "forked" });
        for derived in ["index", "snapshots", "journal"] {
            let _none = fs::remove_dir_all(folder(&hurt, derived));
        }
        copy(&folder(&fork.data, "journal"), &folder(&hurt, "journal"));
        let auditor = token(&hurt, &["--role", "auditor", "--scheme", SCHEME]);
        let service = Service::serve(&hurt, &[]);
        let health = service.get(&format!("/v1/schemes/{SCHEME}/health"), &auditor);
        assert_eq!(health.body["status"], "halted", "{}", health.body);
        let asked = service.get(&format!("/v1/schemes/{SCHEME}/log/checkpoint"), &auditor);
        assert_eq!(asked.status, 503, "{}", asked.body);
        let written = service.stop();
        assert!(written.contains(said), "{written}");
    }
}

/// R308: proofs over HTTP, checked with nothing but the checkpoint, the key and the leaf.
#[test]
fn a_record_and_the_growth_of_the_log_are_proved_over_http() {
    let place = Place::new();
    let early = place.keep("early.txt");
    place.tell("second");
    let late = place.keep("late.txt");
    let auditor = token(&place.data, &["--role", "auditor", "--scheme", SCHEME]);
    let leaves: Vec<Vec<u8>> = records(&place.data, SCHEME)
        .iter()
        .map(|record| record.leaf().expect("a leaf"))
        .collect();
    place.served(|service| {
        let log = |path: &str| service.get(&format!("/v1/schemes/{SCHEME}/log/{path}"), &auditor);
        for position in 1..=leaves.len() {
            let answer = log(&format!("proof/inclusion/{position}")).body;
            let path = answer["path"].as_array().expect("hashes").iter();
            let proof = LogProof {
                index: position as u64 - 1,
                path: path
                    .map(|hash| hash.as_str().expect("text").parse().expect("a hash"))
                    .collect(),
                checkpoint: answer["checkpoint"]
                    .as_str()
                    .expect("text")
                    .parse()
                    .expect("a checkpoint"),
            };
            assert_eq!(proof.checkpoint.verify(&late.key()), Ok(None));
            assert!(proof.proves(&leaves[position - 1]), "{position}: {answer}");
            assert!(!proof.proves(&leaves[position % leaves.len()]));
        }
        let (old, new) = (early.read(), late.read());
        let (old, new) = (old.checkpoint(), new.checkpoint());
        let answer = log(&format!(
            "proof/consistency?from={}&to={}",
            old.size, new.size
        ))
        .body;
        let path = answer["path"].as_array().expect("hashes").iter();
        let path: Vec<_> = path
            .map(|hash| hash.as_str().expect("text").parse().expect("a hash"))
            .collect();
        assert!(proves_extension(
            (old.size, old.root),
            (new.size, new.root),
            &path
        ));

        let size = leaves.len();
        for (path, status) in [
            (format!("proof/inclusion/{}", size + 1), 404),
            ("proof/inclusion/0".to_owned(), 404),
            ("proof/inclusion/one".to_owned(), 404),
            (format!("proof/inclusion/1?size={}", size + 1), 404),
            (format!("proof/consistency?from={}", size + 1), 404),
            (format!("proof/consistency?from=1&to={}", size + 1), 404),
            ("proof/consistency?from=2&to=1".to_owned(), 422),
            ("proof/consistency".to_owned(), 422),
            ("checkpoint?size=1000000".to_owned(), 404),
            ("checkpoint?at=1".to_owned(), 422),
            (format!("tile/0/000.p/{}", size + 1), 404),
            ("tile/0/000".to_owned(), 404),
            ("tile/1/000.p/1".to_owned(), 404),
            ("tile/nothing".to_owned(), 404),
            (format!("tile/entries/000.p/{}", size + 1), 404),
        ] {
            let answer = log(&path);
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
            assert!(answer.body["detail"].is_string(), "{path}: {}", answer.body);
        }
    });
}

/// R308: another key signs, and whoever kept the old one can follow.
#[test]
fn the_key_of_a_log_is_followed_by_another_without_breaking_what_was_kept() {
    let place = Place::new();
    let before = place.keep("before.txt");
    let rotated = run(
        &["keys", "rotate-log", "--scheme", SCHEME, "--json"],
        &place.data,
    );
    assert!(rotated.status.success(), "{rotated:?}");
    let said: serde_json::Value = serde_json::from_slice(&rotated.stdout).expect("an object");
    let both: SignedCheckpoint = said["note"]
        .as_str()
        .expect("text")
        .parse()
        .expect("a checkpoint");
    let new: VerifierKey = said["key"].as_str().expect("text").parse().expect("a key");
    assert_eq!(both.verify(&before.key()), Ok(None));
    assert_eq!(both.verify(&new), Ok(None));
    place.tell("second");
    let after = place.keep("after.txt");
    assert_eq!(after.key, new.to_string());
    assert!(after.read().verify(&before.key()).is_err());
    for kept in [&before, &after] {
        let proved = kept.against(&place.data);
        assert!(proved.status.success(), "{proved:?}");
    }
    // Beside the service as well: what an operator sends to whoever keeps checkpoints.
    let printed = alongside()
        .args(["checkpoint", "--scheme", SCHEME, "--data"])
        .arg(&place.data)
        .output()
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&printed.stdout), after.note);
}

/// R308: a witness signs what goes on from what it signed before, and nothing else.
#[test]
fn a_witness_signs_one_history_only() {
    let place = Place::new();
    let older = place.copy("older");
    let file = |name: &str| place.folder.path().join(name).display().to_string();
    let cosign = |arguments: &[&str]| {
        let mut command = alongside();
        command
            .args(["cosign", "--key-file", &file("witness.key")])
            .args(arguments);
        command.output().expect("it runs")
    };
    let made = cosign(&["--new-key", "--name", "audit.example.org"]);
    assert!(made.status.success(), "{made:?}");
    let witness: VerifierKey = String::from_utf8_lossy(&made.stdout)
        .trim()
        .parse()
        .expect("a key");
    let again = cosign(&["--new-key", "--name", "audit.example.org"]);
    assert_eq!(again.status.code(), Some(1), "a key is never written over");

    place.tell("second");
    let first = place.keep("first.txt");
    let sign = |kept: &Kept, more: &[&str]| {
        let (path, state) = (kept.file.display().to_string(), file("state.json"));
        let named = [
            "--checkpoint",
            &path,
            "--log-key",
            &first.key,
            "--state",
            &state,
        ];
        cosign(&[&named[..], more].concat())
    };
    let signed = sign(&first, &[]);
    assert!(signed.status.success(), "{signed:?}");
    let cosigned: SignedCheckpoint = String::from_utf8_lossy(&signed.stdout)
        .parse()
        .expect("a checkpoint");
    assert_eq!(cosigned.checkpoint(), first.read().checkpoint());
    assert!(matches!(cosigned.verify(&witness), Ok(Some(_))));
    assert_eq!(cosigned.verify(&first.key()), Ok(None));

    place.tell("third");
    let second = place.keep("second.txt");
    let said = refused(&sign(&second, &[]));
    let (from, to) = (
        first.read().checkpoint().size,
        second.read().checkpoint().size,
    );
    assert!(
        said.contains(&format!("consistency?from={from}&to={to}")),
        "{said}"
    );
    let auditor = token(&place.data, &["--role", "auditor", "--scheme", SCHEME]);
    let proof = place.served(|service| {
        let path = format!("/v1/schemes/{SCHEME}/log/proof/consistency?from={from}&to={to}");
        service.get(&path, &auditor).body
    });
    fs::write(file("proof.json"), proof.to_string()).expect("written");
    let signed = sign(&second, &["--proof", &file("proof.json")]);
    assert!(signed.status.success(), "{signed:?}");
    let said = refused(&sign(&first, &[]));
    assert!(said.contains("ROLLED BACK"), "{said}");

    // The older copy has the same key, and goes another way.
    let fork = Place {
        folder: tempfile::tempdir().expect("a folder"),
        data: older,
    };
    for name in ["other", "one more", "and another"] {
        fork.tell(name);
    }
    let forked = fork.keep("forked.txt");
    assert_eq!(forked.key, first.key);
    let said = refused(&sign(&forked, &["--proof", &file("proof.json")]));
    assert!(said.contains("FORKED"), "{said}");
}

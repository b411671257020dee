//! Somebody outside keeps a checkpoint. Whatever is done to the log afterwards by whoever holds it, they find out.

use crate::harness::{Service, alongside, notice, open_scheme, records, run, token};
use event_log::{
    Checkpoint, Digest, LogProof, SignedCheckpoint, Signer, VerifierKey, proves_extension,
};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
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

const AS_OF: &str = "query($kept: String!) { scheme(id: \"mentor-plus\", asOf: { checkpoint: $kept }) { position } }";

/// What is told of the state as of a kept checkpoint, over GraphQL and over REST: its position, or the code that it is refused with.
fn as_of(service: &Service, token: &str, kept: &str) -> [Value; 2] {
    let seen = service.graphql(token, AS_OF, json!({ "kept": kept }));
    let over_graphql = match seen["errors"][0]["extensions"]["code"].clone() {
        Value::Null => seen["data"]["scheme"]["position"].clone(),
        code => code,
    };
    let mut path = format!("/v1/schemes/{SCHEME}?asOf=");
    for byte in kept.bytes() {
        write!(path, "%{byte:02X}").expect("written");
    }
    let answer = service.get(&path, token);
    let over_rest = if answer.status == 200 {
        json!(answer.body["position"].to_string())
    } else {
        assert_eq!(answer.status, 422, "{}", answer.body);
        answer.body["code"].clone()
    };
    [over_graphql, over_rest]
}

/// R308: as of a checkpoint that somebody kept only the history it was signed for answers; any other says what is wrong.
#[test]
fn a_question_as_of_a_kept_checkpoint_is_answered_by_the_history_it_was_signed_for() {
    let place = Place::new();
    let older = place.copy("older");
    place.tell("second");
    let kept = place.keep("kept");
    place.tell("third");
    let of = kept.read().checkpoint().clone();
    let typed = format!("{}:{}", of.size, of.root);
    let stranger = Signer::log("alongside/another", &[1; 32]).expect("a signer");
    let impostor = Signer::log(&of.origin, &[1; 32]).expect("a signer");
    let note = |signer: Signer| {
        let checkpoint = Checkpoint {
            origin: signer.verifier().name().to_owned(),
            ..of.clone()
        };
        let signed = SignedCheckpoint::sign(checkpoint, &[signer]);
        signed.expect("signed").to_string()
    };
    let changed = kept.note.replace(&format!("\n{}\n", of.size), "\n1\n");
    let auditor = ["--role", "auditor", "--scheme", SCHEME];
    let token_now = token(&place.data, &auditor);
    place.served(|service| {
        let size = json!(of.size.to_string());
        for given in [
            kept.note.clone(),
            kept.note.replace('\n', "\r\n"),
            typed.clone(),
        ] {
            let told = as_of(service, &token_now, &given);
            assert_eq!(told, [size.clone(), size.clone()], "{given}");
        }
        let other_root = format!("{}:{}", of.size, "0".repeat(64));
        let ahead = format!("99:{}", of.root);
        for (given, code) in [
            (note(stranger), "other_log"),
            (note(impostor), "checkpoint_not_signed"),
            (changed, "checkpoint_not_signed"),
            (other_root, "other_history"),
            (ahead, "moment_not_reached"),
        ] {
            assert_eq!(as_of(service, &token_now, &given), [code, code], "{given}");
        }
        let [unread, over_rest] = as_of(service, &token_now, "neither this\nnor that\n");
        assert_eq!(
            (unread, over_rest),
            (json!("invalid_input"), json!("invalid"))
        );
    });
    // An older copy put back has not got so far, and it signed for more.
    let service = Service::serve(&older, &[]);
    let told = as_of(&service, &token(&older, &auditor), &kept.note);
    service.stop();
    assert_eq!(told, ["other_history", "other_history"]);
}

/// R308: an entry that an auditor finds is proved to be in the history by its exact record, its proof and the checkpoint they kept.
#[test]
fn an_entry_that_is_found_is_proved_against_a_kept_checkpoint() {
    let place = Place::new();
    let kept = place.keep("kept");
    place.tell("second");
    let auditor = token(&place.data, &["--role", "auditor", "--scheme", SCHEME]);
    let size = kept.read().checkpoint().size;
    let find = "query($size: Position!) { scheme(id: \"mentor-plus\") { auditTrail(filter: { types: [\"appointment.*\"] }, first: 1) {
        edges { node { position record { leaf sha256 } inclusionProof(size: $size) { root path } } } } } }";
    let seen =
        place.served(|service| service.ask(&auditor, find, json!({ "size": size.to_string() })));
    let entry = &seen["scheme"]["auditTrail"]["edges"][0]["node"];
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let path = entry["inclusionProof"]["path"].as_array().expect("hashes");
    let position: u64 = text(&entry["position"]).parse().expect("a position");
    let proof = LogProof {
        index: position - 1,
        path: path
            .iter()
            .map(|hash| text(hash).parse().expect("a hash"))
            .collect(),
        checkpoint: kept.read(),
    };
    let leaf = text(&entry["record"]["leaf"]);
    assert!(proof.proves(leaf.as_bytes()), "{entry}");
    assert!(!proof.proves(leaf.replace("appointment", "anointment").as_bytes()));
    let record = &records(&place.data, SCHEME)[usize::try_from(position - 1).expect("small")];
    assert_eq!(leaf.as_bytes(), record.leaf().expect("a leaf"));
    let sha256 = Digest(record.leaf_sha256().expect("a digest")).to_string();
    assert_eq!(text(&entry["record"]["sha256"]), sha256);
}

//! A witness outside signs along, brings its line back, and everybody who asks afterwards gets it with the checkpoint.

use crate::harness::{Answer, Service, alongside, notice, open_scheme, run, token};
use event_log::{NotSigned, SignedCheckpoint, Signer, VerifierKey};
use std::{fs, path::PathBuf};

const SCHEME: &str = "mentor-plus";

/// A service that knows one witness, and the tokens to ask it.
struct Place {
    folder: tempfile::TempDir,
    witness: Signer,
    service: Service,
    coordinator: String,
    auditor: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = Signer::witness("audit.example.org", &[9; 32]).expect("a witness");
        let settings = folder.path().join("settings.toml");
        let text = format!("witnesses = [\"{}\"]\n", witness.verifier());
        fs::write(&settings, text).expect("written");
        let data = folder.path().join("data");
        let settings = settings.to_str().expect("text");
        let service = Service::serve(&data, &["--config", settings]);
        open_scheme(
            &service,
            &token(&data, &["--role", "administrator"]),
            SCHEME,
        );
        let coordinator = token(&data, &["--role", "coordinator"]);
        let told = notice(&service.url, SCHEME, &coordinator, "first");
        assert_eq!(told.status, 201, "{}", told.body);
        Self {
            auditor: token(&data, &["--role", "auditor", "--scheme", SCHEME]),
            coordinator,
            service,
            witness,
            folder,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self, path: &str) -> Answer {
        let path = format!("/v1/schemes/{SCHEME}/log/{path}");
        self.service.get(&path, &self.auditor)
    }

    fn checkpoint(&self, path: &str) -> SignedCheckpoint {
        checkpoint(&self.log(path))
    }

    fn bring_back(&self, note: &str) -> Answer {
        let path = format!("/v1/schemes/{SCHEME}/log/cosignatures");
        let plain = [("content-type", "text/plain")];
        self.service.post(&path, &self.auditor, &plain, note)
    }

    fn seen(&self, signed: &SignedCheckpoint) -> Result<Option<u64>, NotSigned> {
        signed.verify(self.witness.verifier())
    }
}

fn checkpoint(answer: &Answer) -> SignedCheckpoint {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let text = answer.body.as_str().expect("text");
    text.parse().expect("a checkpoint")
}

/// R308: kept once, however often and in whichever order it comes; asked for, proved and exported with the checkpoint from then on.
#[test]
fn what_a_witness_signed_is_kept_under_the_checkpoint_and_goes_with_it() {
    let place = Place::new();
    let asked = place.checkpoint("checkpoint");
    assert_eq!(place.seen(&asked), Err(NotSigned::Absent));
    let monday = asked.clone().cosigned(&place.witness, 1_700_000_000);
    let tuesday = asked.clone().cosigned(&place.witness, 1_700_086_400);
    for (brought, seen) in [
        (&tuesday, 1_700_086_400),
        (&tuesday, 1_700_086_400),
        (&monday, 1_700_086_400),
    ] {
        let kept = checkpoint(&place.bring_back(&brought.to_string()));
        assert_eq!(place.seen(&kept), Ok(Some(seen)));
        assert_eq!(kept.signatures().len(), 2);
    }
    let size = asked.checkpoint().size;
    assert_eq!(place.checkpoint("checkpoint"), tuesday);
    assert_eq!(
        place.checkpoint(&format!("checkpoint?size={size}")),
        tuesday
    );
    let proof = place.log("proof/inclusion/1").body;
    assert_eq!(proof["checkpoint"], tuesday.to_string());

    // It stays when the log grows, and when the service is started again beside it.
    let told = notice(&place.service.url, SCHEME, &place.coordinator, "second");
    assert_eq!(told.status, 201, "{}", told.body);
    let later = place.checkpoint("checkpoint");
    assert!(later.checkpoint().size > size);
    assert_eq!(place.seen(&later), Err(NotSigned::Absent));
    let of_both =
        checkpoint(&place.bring_back(&later.cosigned(&place.witness, 1_700_172_800).to_string()));
    let keys = place.log("keys").body;
    let key = keys["keys"][0]["key"].as_str().expect("text").to_owned();
    let (data, folder, witness) = (place.data(), place.folder, place.witness);
    place.service.stop();
    let said = run(&["checkpoint", "--scheme", SCHEME], &data);
    assert_eq!(String::from_utf8_lossy(&said.stdout), of_both.to_string());

    let bundle = folder.path().join("given-away.bundle");
    let bundle = bundle.to_str().expect("text");
    let written = run(&["export", "--scheme", SCHEME, "--out", bundle], &data);
    assert!(written.status.success(), "{written:?}");
    let text = fs::read_to_string(bundle).expect("a bundle");
    assert!(text.contains(&tuesday.to_string()) && text.contains(&of_both.to_string()));
    let by_both = ["--key", &key, "--key", &witness.verifier().to_string()];
    let verified = alongside()
        .args(["verify", "--bundle", bundle])
        .args(by_both)
        .output()
        .expect("it runs");
    assert!(verified.status.success(), "{verified:?}");
}

/// Given a witness nobody named, a line that was changed, another history or nothing at all, when it is brought, then it says so and nothing is kept.
#[test]
fn what_no_known_witness_signed_of_this_log_is_not_kept() {
    let place = Place::new();
    let asked = place.checkpoint("checkpoint");
    let stranger = Signer::witness("elsewhere.example.org", &[8; 32]).expect("a witness");
    let cosigned = asked
        .clone()
        .cosigned(&place.witness, 1_700_000_000)
        .to_string();
    let size = asked.checkpoint().size;
    let shorter = cosigned.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size - 1), 1);
    let elsewhere = cosigned.replacen("alongside/", "somewhere/", 1);
    // A line of the same time under another text of the same size: changed after it was signed, or of another history.
    let line = |text: &str| text.lines().last().expect("a line").to_owned();
    let of_another = SignedCheckpoint::sign(asked.checkpoint().clone(), &[log_signer()])
        .expect("a checkpoint")
        .cosigned(&place.witness, 1);
    let changed = format!("{asked}{}\n", line(&cosigned).replacen("AAAAA", "AAAAB", 1));
    assert_ne!(changed, cosigned, "it was changed");
    for (brought, status, said) in [
        (asked.to_string(), 422, "No line is by a witness"),
        (
            asked.clone().cosigned(&stranger, 1).to_string(),
            422,
            "No line is by a witness",
        ),
        (changed, 422, "does not hold"),
        (shorter, 404, "No checkpoint of"),
        (elsewhere, 409, "another log, or another history"),
        (String::new(), 400, "byte for byte"),
        ("nothing of the kind".to_owned(), 400, "byte for byte"),
        ("x".repeat(70_000), 413, "At most 65536 bytes"),
    ] {
        let answer = place.bring_back(&brought);
        assert_eq!(answer.status, status, "{brought}: {}", answer.body);
        let detail = answer.body["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(said), "{brought}: {detail}");
    }
    let mentee = token(
        &place.data(),
        &[
            "--role",
            "mentee",
            "--scheme",
            SCHEME,
            "--person",
            "6f1d3c1e-5a0b-5d53-9a55-0d4f1a7a1c11",
        ],
    );
    let path = format!("/v1/schemes/{SCHEME}/log/cosignatures");
    assert_eq!(
        place.service.post(&path, &mentee, &[], &cosigned).status,
        403
    );
    assert_eq!(place.service.post(&path, "", &[], &cosigned).status, 401);
    assert_eq!(place.checkpoint("checkpoint"), asked);
    // Who signed the text below the same lines is no matter: the text is this log's own.
    let kept = checkpoint(&place.bring_back(&of_another.to_string()));
    assert_eq!(place.seen(&kept), Ok(Some(1)));
    assert_eq!(kept.signatures().len(), 2);
    let key: VerifierKey = place.log("keys").body["keys"][0]["key"]
        .as_str()
        .expect("text")
        .parse()
        .expect("a key");
    assert_eq!(kept.verify(&key), Ok(None));
}

fn log_signer() -> Signer {
    Signer::log("alongside/mentor-plus", &[7; 32]).expect("a signer")
}

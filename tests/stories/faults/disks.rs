//! A disk that is full, read-only, or fails to sync: writes are refused and say so, reads go on, the other schemes go on,
//! and once the disk is well again a restart continues with everything that was acknowledged.

use super::{aloud, file_system::FileSystem, ledger::Ledger, skipped};
use crate::harness::{Answer, Service, alongside, open_scheme, run, token};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

const MEGABYTES: u64 = 64;
const DEVICE_MEGABYTES: u64 = 28;
const ACKNOWLEDGED_LEAST: usize = 100;
/// A group that is small enough may still find a place on a disk that is full.
const COMMANDS_MOST: usize = 2_000;
const INDEX_PATIENCE: Duration = Duration::from_secs(30);

/// What happens to the disk.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Full,
    ReadOnly,
    FailingSync,
}

#[test]
fn a_full_disk_refuses_writes_answers_reads_and_loses_nothing() {
    whole_directory(Fault::Full);
}

#[test]
fn a_read_only_disk_refuses_writes_answers_reads_and_loses_nothing() {
    whole_directory(Fault::ReadOnly);
}

#[test]
fn a_scheme_whose_disk_is_full_holds_up_no_other() {
    one_scheme(Fault::Full);
}

#[test]
fn a_scheme_whose_disk_is_read_only_holds_up_no_other() {
    one_scheme(Fault::ReadOnly);
}

#[test]
fn a_scheme_whose_syncs_fail_holds_up_no_other() {
    one_scheme(Fault::FailingSync);
}

/// The data directory lies on the disk that fails.
fn whole_directory(fault: Fault) {
    let Some(mut file_system) = file_system(fault) else {
        return;
    };
    let mut story = Story::begin(file_system.path().join("data"));
    let service = story.serve();
    story.load(&service);
    let before = story.reads(&service, "well");
    fault.strike(&file_system);
    story.writes_are_refused(&service, fault);
    assert_eq!(story.reads(&service, "well"), before, "{fault:?}");
    assert_eq!(story.health(&service, "well")["status"], "ok", "{fault:?}");
    service.stop();
    story.start_anyway(fault, &before);
    fault.mend(&mut file_system);
    story.continues(fault);
}

/// One scheme has a disk of its own, and that fails.
fn one_scheme(fault: Fault) {
    let Some(mut file_system) = file_system(fault) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut story = Story::begin(folder.path().join("data"));
    story.move_to(&file_system.path());
    let mut service = story.serve();
    story.load(&service);
    let before = story.reads(&service, "well");
    fault.strike(&file_system);
    story.writes_are_refused(&service, fault);
    for number in 0..20 {
        let key = format!("meanwhile {number}");
        let refused = story.well.send(&service.url, &story.coordinator, &key);
        assert!(refused.is_none(), "{fault:?}: {refused:?}");
    }
    assert_eq!(story.health(&service, "well")["status"], "ok", "{fault:?}");
    assert_ne!(story.reads(&service, "well"), before, "{fault:?}");
    assert!(service.lives(), "{fault:?}");
    service.kill();
    fault.mend(&mut file_system);
    story.continues(fault);
}

fn file_system(fault: Fault) -> Option<FileSystem> {
    let made = match fault {
        Fault::Full | Fault::ReadOnly => FileSystem::make(MEGABYTES),
        Fault::FailingSync => FileSystem::make_on_memory(MEGABYTES, DEVICE_MEGABYTES),
    };
    let failed = |reason: String| skipped(&format!("disks, {fault:?}"), &reason);
    made.map_err(failed).ok()
}

impl Fault {
    fn strike(self, file_system: &FileSystem) {
        match self {
            Self::Full => file_system.fill(),
            Self::ReadOnly => file_system.set_read_only(),
            Self::FailingSync => file_system.exhaust_device(),
        }
    }

    /// The service has ended, so that the file system may be unmounted where that is needed.
    fn mend(self, file_system: &mut FileSystem) {
        match self {
            Self::Full => file_system.free(),
            Self::ReadOnly => {}
            Self::FailingSync => file_system.restore_device(),
        }
        file_system.remount();
    }
}

struct Story {
    data: PathBuf,
    coordinator: String,
    administrator: String,
    /// The scheme that is written to while its disk fails.
    hurt: Ledger,
    well: Ledger,
}

impl Story {
    fn begin(data: PathBuf) -> Self {
        let service = Service::serve(&data, &[]);
        let administrator = token(&data, &["--role", "administrator"]);
        for scheme in ["hurt", "well"] {
            open_scheme(&service, &administrator, scheme);
        }
        service.stop();
        Self {
            coordinator: token(&data, &["--role", "coordinator"]),
            administrator,
            data,
            hurt: Ledger::of("hurt"),
            well: Ledger::of("well"),
        }
    }

    /// Gives the scheme that will be hurt a disk of its own.
    fn move_to(&self, place: &Path) {
        let scheme = self.data.join("schemes/hurt");
        let copied = Command::new("cp")
            .arg("-a")
            .arg(&scheme)
            .arg(place)
            .status();
        assert!(copied.expect("cp runs").success());
        fs::remove_dir_all(&scheme).expect("it was copied");
        symlink(place.join("hurt"), &scheme).expect("a link");
    }

    fn serve(&self) -> Service {
        Service::serve(&self.data, &[])
    }

    fn load(&mut self, service: &Service) {
        for ledger in [&mut self.hurt, &mut self.well] {
            let label = format!("load {}", ledger.acknowledged());
            ledger.load(
                &service.url,
                &self.coordinator,
                &label,
                ACKNOWLEDGED_LEAST,
                |_| {},
            );
            ledger.retry(&service.url, &self.coordinator);
        }
        // Answers that the log tells again are noted beside it a moment later; then nothing is under way.
        thread::sleep(Duration::from_millis(500));
    }

    fn writes_are_refused(&mut self, service: &Service, fault: Fault) {
        let refused = (0..COMMANDS_MOST).find_map(|number| {
            let key = format!("while it fails {number}");
            self.hurt.send(&service.url, &self.coordinator, &key)
        });
        let refused = refused.expect("sooner or later the disk takes nothing more");
        is_clear(&refused, fault);
        let key = "after it failed";
        let again = self.hurt.send(&service.url, &self.coordinator, key);
        is_clear(&again.expect("it stays refused"), fault);
        let answer = service.graphql(
            &self.administrator,
            "mutation($id: ID!, $command: UUID!) { openScheme(input: { scheme: $id, commandId: $command,
               name: \"Again\", kind: MENTORING }) { rejection { code } } }",
            json!({ "id": "hurt", "command": "5b0f6f0e-6f5c-4e0e-9f3a-1d2c3b4a5968" }),
        );
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(
            code == "read_only" || code == "outcome_unknown",
            "{fault:?}: {answer:#}"
        );
        assert_eq!(
            self.health(service, "hurt")["status"],
            "readOnly",
            "{fault:?}"
        );
        assert!(self.reads(service, "hurt")["records"].as_u64() >= Some(200));
        assert_eq!(service.get("/healthz", "").status, 200, "{fault:?}");
        assert_eq!(service.get("/readyz", "").status, 200, "{fault:?}");
    }

    /// What a coordinator reads of a scheme.
    fn reads(&self, service: &Service, scheme: &str) -> Value {
        let answer = service.ask(
            &self.coordinator,
            "query($id: ID!) { scheme(id: $id) { dashboard { stages { stage count cards(first: 2) { edges { node {
               mentee { name { value } } because(first: 2) { edges { node { id position type } } } } } } } }
               auditTrail(first: 50) { totalCount edges { node { position id type data recordedAt } } } } }",
            json!({ "id": scheme }),
        );
        let scheme = &answer["scheme"];
        json!({ "records": scheme["auditTrail"]["totalCount"], "all": scheme })
    }

    fn health(&self, service: &Service, scheme: &str) -> Value {
        let path = format!("/v1/schemes/{scheme}/health");
        service.get(&path, &self.administrator).body
    }

    /// A start on such a disk answers reads, or says what is wrong.
    fn start_anyway(&self, fault: Fault, before: &Value) {
        let mut command = alongside();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        match Service::try_start(command, &self.data) {
            Ok(service) => {
                assert_eq!(fault, Fault::Full, "nobody can take the lock");
                assert_eq!(self.reads(&service, "well"), *before, "{fault:?}");
                assert!(self.reads(&service, "hurt")["records"].as_u64() >= Some(200));
                service.stop();
            }
            Err(said) => {
                aloud(&format!("disks, {fault:?}, a start says: {}", said.trim()));
                let reason = match fault {
                    Fault::Full => "No space left on device",
                    Fault::ReadOnly | Fault::FailingSync => "Read-only file system",
                };
                assert!(said.contains(reason), "{said}");
            }
        }
    }

    /// Everything acknowledged is there, what was open can be sent again, and the index follows as before.
    fn continues(&mut self, fault: Fault) {
        let proved = run(&["verify"], &self.data);
        let said = String::from_utf8_lossy(&proved.stdout);
        assert!(proved.status.success(), "{fault:?}: {said}");
        let service = self.serve();
        for ledger in [&mut self.hurt, &mut self.well] {
            ledger.retry(&service.url, &self.coordinator);
        }
        self.load(&service);
        for scheme in ["hurt", "well"] {
            let began = Instant::now();
            loop {
                let health = self.health(&service, scheme);
                let index = &health["index"];
                if index["running"] == true && index["lag"] == 0 {
                    break;
                }
                assert!(began.elapsed() < INDEX_PATIENCE, "{fault:?}: {health}");
                thread::sleep(Duration::from_millis(50));
            }
        }
        service.stop();
        for ledger in [&self.hurt, &self.well] {
            let found = ledger.found_in(&self.data);
            assert!(found.is_clean(), "{fault:?}: {found}");
        }
        let found = self.hurt.found_in(&self.data);
        aloud(&format!("disks, {fault:?}: {found}"));
    }
}

/// A problem with a name, a sentence, and the way out.
fn is_clear(answer: &Answer, fault: Fault) {
    assert_eq!(answer.status, 503, "{fault:?}: {answer:?}");
    let code = answer.body["code"].as_str().unwrap_or_default();
    assert!(
        ["read_only", "outcome_unknown"].contains(&code),
        "{fault:?}: {answer:?}"
    );
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("restarted"), "{fault:?}: {answer:?}");
}

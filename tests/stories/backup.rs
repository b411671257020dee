//! A service is backed up while it works, and restored elsewhere without those who were forgotten since.

use crate::harness::{Service, alongside, notice, open_scheme, run, token};
use event_log::{Embedded, Options, SchemeId};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const SCHEME: &str = "carried";
const SEGMENTS: [&str; 2] = ["--segment-bytes", "65536"];
const CLIENTS: usize = 4;

#[test]
fn a_backup_taken_under_load_is_restored_elsewhere_with_the_same_root() {
    let place = Place::new();
    let (service, coordinator) = place.serve();
    let acknowledged = Mutex::new(BTreeMap::new());
    let done = AtomicBool::new(false);
    let (closed, second) = thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (service, coordinator, acknowledged, done) =
                (&service, &coordinator, &acknowledged, &done);
            scope.spawn(move || {
                for number in 0.. {
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                    let key = format!("client {client} number {number}");
                    let appointment = notify(service, coordinator, &key);
                    let mut known = acknowledged.lock().expect("nobody panics holding it");
                    known.insert(key, appointment);
                }
            });
        }
        let reach = |count: usize| {
            while acknowledged.lock().expect("nobody panics").len() < count {
                thread::sleep(Duration::from_millis(5));
            }
        };
        reach(150);
        let first = place.backup("backup");
        assert_eq!(first["schemes"][0]["segmentsKept"], 0);
        let closed = closed_segments(&place.path("backup"));
        assert!(closed.len() > 1, "{first}");
        reach(300);
        let second = place.backup("backup");
        reach(350);
        done.store(true, Ordering::SeqCst);
        (closed, second)
    });
    // What had been closed by the first backup was not touched by the second. The segment after it may have been full by
    // then, and was not copied again either.
    let kept = second["schemes"][0]["segmentsKept"].as_u64();
    assert!(kept >= Some(closed.len() as u64), "{second}");
    let after = closed_segments(&place.path("backup"));
    assert_eq!(after[..closed.len()], closed);
    assert!(after.len() > closed.len());
    service.stop();

    let restored = place.restore("backup", "restored", "erasures.json");
    let (head, root) = (&second["schemes"][0]["head"], &second["schemes"][0]["root"]);
    assert_eq!(restored["schemes"][0]["head"], *head);
    assert_eq!(restored["schemes"][0]["root"], *root);
    let to = head.as_str().expect("a position");
    let here = place.verify("data", &["--to", to]);
    let there = place.verify("restored", &[]);
    assert_eq!((&here["root"], &there["root"]), (root, root));
    assert!(place.verify("data", &[])["head"].as_str() != Some(to));

    let service = place.serve_restored("restored");
    let board = stages(&service, &coordinator);
    assert_eq!(board["scheme"]["position"].as_str(), Some(to), "{board:#}");
    // A delivery that the backup knows is recognised: the key that digests it came along.
    let known = acknowledged.into_inner().expect("nobody panics");
    let answers = known.iter().take(5).map(|(key, appointment)| {
        assert_eq!(notify(&service, &coordinator, key), *appointment);
    });
    assert_eq!(answers.count(), 5);
    assert_eq!(stages(&service, &coordinator), board, "and nothing doubled");
    service.stop();
    assert_eq!(place.verify("restored", &[])["root"], *root);
}

#[test]
fn whoever_was_forgotten_after_the_backup_stays_forgotten() {
    let place = Place::new();
    let (service, coordinator) = place.serve();
    for number in 0..6 {
        notify(&service, &coordinator, &format!("person {number}"));
    }
    let names = names(&service, &coordinator);
    assert!(names.len() > 4 && names.values().all(|state| state == "GIVEN"));
    service.stop();
    let older = place.backup("backup");
    let before = place.restore("backup", "before", "erasures.json");
    assert_eq!(before["schemes"][0]["erasedNow"], 0);

    let forgotten = names.keys().next().expect("somebody").clone();
    place.erase(&forgotten);
    let restored = place.restore("backup", "restored", "erasures.json");
    assert_eq!(restored["schemes"][0]["erasedNow"], 1);
    assert_eq!(restored["schemes"][0]["root"], older["schemes"][0]["root"]);
    let service = place.serve_restored("restored");
    for (person, state) in self::names(&service, &coordinator) {
        let expected = if person == forgotten {
            "ERASED"
        } else {
            "GIVEN"
        };
        assert_eq!(state, expected);
    }
    service.stop();
}

#[test]
fn a_restore_that_could_not_be_trusted_is_refused_in_a_sentence() {
    let place = Place::new();
    let (service, coordinator) = place.serve();
    for number in 0..3 {
        notify(&service, &coordinator, &format!("person {number}"));
    }
    let person = names(&service, &coordinator).into_keys().next();
    service.stop();
    place.list("older.json");
    place.erase(&person.expect("somebody"));
    place.backup("backup");
    place.list("current.json");
    let master = place.path("data/keys/master.key");
    fs::write(place.path("another.key"), [7; 32]).expect("a key");
    let try_with = |from: &str, list: Option<&str>, key: &Path, to: &str| {
        let mut arguments = vec!["restore".to_owned(), "--from".to_owned()];
        arguments.push(place.path(from).display().to_string());
        arguments.extend(["--master-key".to_owned(), key.display().to_string()]);
        if let Some(list) = list {
            arguments.push("--erasures".to_owned());
            arguments.push(place.path(list).display().to_string());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run(&arguments, &place.path(to))
    };
    let current = Some("current.json");
    refused(
        &try_with("backup", None, &master, "new"),
        "a restore needs the current list of erasures",
    );
    refused(
        &try_with("backup", Some("older.json"), &master, "new"),
        "the list of erasures is older than the backup",
    );
    refused(
        &try_with("backup", current, &master, "data"),
        "is not empty; name a directory that does not exist yet",
    );
    refused(
        &try_with("backup", current, &place.path("another.key"), "new"),
        "the master key does not open the keyring of carried",
    );
    refused(
        &try_with("nowhere", current, &master, "new"),
        "holds no finished backup",
    );

    let first = fs::read_dir(place.path("backup/objects"))
        .expect("files")
        .next();
    let object = first.expect("one").expect("an entry").path();
    let good = fs::read(&object).expect("it reads");
    let mut bad = good.clone();
    bad[good.len() / 3] ^= 0x10;
    fs::write(&object, bad).expect("it can be spoilt");
    let spoilt = try_with("backup", current, &master, "new");
    let name = object
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    refused(&spoilt, "in the backup is not what was copied from");
    refused(&spoilt, &name);
    fs::write(&object, good).expect("it can be mended");
    assert!(!place.path("new").exists(), "nothing half is left");

    fs::rename(place.path("backup/manifest.json"), place.path("manifest")).expect("it is there");
    refused(
        &try_with("backup", current, &master, "new"),
        "holds no finished backup",
    );
    fs::rename(place.path("manifest"), place.path("backup/manifest.json")).expect("it is there");
    let restored = try_with("backup", current, &master, "new");
    assert!(restored.status.success(), "{restored:?}");
    refused(
        &run(
            &[
                "erasures",
                "--to",
                &place.path("current.json").display().to_string(),
            ],
            &place.path("before"),
        ),
        "is not a data directory",
    );
}

#[test]
fn a_backup_that_is_killed_is_taken_again_and_spoils_nothing() {
    let place = Place::new();
    let (service, coordinator) = place.serve();
    for number in 0..60 {
        notify(&service, &coordinator, &format!("person {number}"));
    }
    let good = place.backup("backup");
    let root = &good["schemes"][0]["root"];
    let mut killed = 0;
    for trial in 0..30_u64 {
        // By turns into an empty directory, and into one that has a backup.
        let to = if trial % 2 == 0 { "fresh" } else { "backup" };
        let mut command = alongside();
        command.arg("backup").arg("--to").arg(place.path(to));
        command.arg("--data").arg(place.path("data"));
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let mut process = command.spawn().expect("the binary starts");
        thread::sleep(Duration::from_millis(2 * trial));
        process.kill().expect("it can be killed");
        let status = process.wait().expect("it ends");
        killed += u32::from(!status.success());
        let finished = place.path(to).join("manifest.json").exists();
        assert!(finished || to == "fresh", "the last backup is there");
        if finished {
            let restored = place.restore(to, "restored", "erasures.json");
            assert_eq!(restored["schemes"][0]["root"], *root, "trial {trial}");
            fs::remove_dir_all(place.path("restored")).expect("it is there");
        }
        let _nothing_there = fs::remove_dir_all(place.path("fresh"));
    }
    println!("{killed} of 30 backups were killed before they ended");
    assert!(killed > 3, "{killed} were killed before they ended");
    assert_eq!(place.backup("backup")["schemes"][0]["root"], *root);
    service.stop();
}

/// A folder with a data directory and whatever is made from it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A service with one scheme, and a coordinator's token.
    fn serve(&self) -> (Service, String) {
        let data = self.path("data");
        let service = Service::serve(&data, &SEGMENTS);
        let administrator = token(&data, &["--role", "administrator"]);
        open_scheme(&service, &administrator, SCHEME);
        let coordinator = token(&data, &["--role", "coordinator", "--ttl", "8h"]);
        (service, coordinator)
    }

    fn serve_restored(&self, name: &str) -> Service {
        let mut command = alongside();
        command.args(["serve", "--listen", "127.0.0.1:0", "--master-key"]);
        command.arg(self.path("data/keys/master.key"));
        Service::start(command, &self.path(name))
    }

    fn backup(&self, to: &str) -> Value {
        let to = self.path(to).display().to_string();
        machine(&run(&["backup", "--json", "--to", &to], &self.path("data")))
    }

    fn list(&self, name: &str) {
        let to = self.path(name).display().to_string();
        let listed = run(&["erasures", "--to", &to], &self.path("data"));
        assert!(listed.status.success(), "{listed:?}");
    }

    /// Restores with the list as it is now, and with both keys.
    fn restore(&self, from: &str, to: &str, list: &str) -> Value {
        self.list(list);
        let [from, list, master, key] = [from, list, "data/keys/master.key", "data/keys/token.key"]
            .map(|name| self.path(name).display().to_string());
        let arguments = [
            "restore",
            "--json",
            "--from",
            &from,
            "--erasures",
            &list,
            "--master-key",
            &master,
            "--token-key",
            &key,
        ];
        machine(&run(&arguments, &self.path(to)))
    }

    fn verify(&self, directory: &str, arguments: &[&str]) -> Value {
        let all = [&["verify", "--json", "--scheme", SCHEME], arguments].concat();
        machine(&run(&all, &self.path(directory)))
    }

    /// Forgets a person. The service must have stopped.
    fn erase(&self, person: &str) {
        let options = Options::new(Arc::new(api::dispatch::System));
        let store = Embedded::open(self.path("data"), options).expect("nobody holds it");
        let scheme = SchemeId::new(SCHEME).expect("a name");
        let id = person.rsplit(':').next().expect("an id");
        let vault = store.vault(&scheme).expect("a keyring");
        vault.erase(id.parse().expect("a UUID")).expect("it erases");
        store.close().expect("it closes");
    }
}

/// Name, inode and time of the last change of the closed segments in a backup, in order.
fn closed_segments(backup: &Path) -> Vec<(String, u64, i64, i64)> {
    let text = fs::read_to_string(backup.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    let segments = manifest["schemes"][0]["journal"]
        .as_array()
        .expect("a list");
    let (_, closed) = segments.split_last().expect("one at least");
    let names = closed.iter().map(|file| file["sha256"].as_str());
    names
        .map(|name| {
            let name = name.expect("a name").to_owned();
            let found = fs::metadata(backup.join("objects").join(&name)).expect("a file");
            (name, found.ino(), found.mtime(), found.mtime_nsec())
        })
        .collect()
}

fn machine(output: &Output) -> Value {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[track_caller]
fn refused(output: &Output, sentence: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(sentence), "{told}");
}

/// One notice under one key; the appointment it made.
fn notify(service: &Service, token: &str, key: &str) -> String {
    let answer = notice(&service.url, SCHEME, token, key);
    let appointment = answer.body["appointment"].as_str();
    appointment
        .unwrap_or_else(|| panic!("{}: {:#}", answer.status, answer.body))
        .to_owned()
}

fn stages(service: &Service, token: &str) -> Value {
    let query = format!(
        "{{ scheme(id: \"{SCHEME}\") {{ position dashboard {{ stages {{ stage count }} }} }} }}"
    );
    service.ask(token, &query, Value::Null)
}

/// What is told of each mentee's name, by their id.
fn names(service: &Service, token: &str) -> BTreeMap<String, String> {
    let query = format!(
        "{{ scheme(id: \"{SCHEME}\") {{ dashboard {{ stages {{ cards(first: 50) {{ edges {{ node {{
           mentee {{ id name {{ state }} }} }} }} }} }} }} }} }}"
    );
    let board = service.ask(token, &query, Value::Null);
    let stages = board["scheme"]["dashboard"]["stages"].as_array();
    let cards = stages
        .expect("a list")
        .iter()
        .filter_map(|stage| stage["cards"]["edges"].as_array())
        .flatten();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    cards
        .map(|card| &card["node"]["mentee"])
        .map(|mentee| (text(&mentee["id"]), text(&mentee["name"]["state"])))
        .collect()
}

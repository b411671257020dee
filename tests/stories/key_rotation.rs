//! One master key follows another under kills: whatever is interrupted, both schemes open, and at the end only by the new one.

use crate::harness::{Service, alongside, notice, open_scheme, run, token};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

const SCHEMES: [&str; 2] = ["first", "second"];

struct Place {
    _folder: tempfile::TempDir,
    data: PathBuf,
    apart: PathBuf,
}

impl Place {
    /// Two schemes with somebody in each, and no service.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (data, apart) = (folder.path().join("data"), folder.path().join("apart"));
        fs::create_dir(&apart).expect("a folder");
        let service = Service::serve(&data, &[]);
        let administrator = token(&data, &["--role", "administrator"]);
        let coordinator = token(&data, &["--role", "coordinator"]);
        for scheme in SCHEMES {
            open_scheme(&service, &administrator, scheme);
            let told = notice(&service.url, scheme, &coordinator, "known");
            assert_eq!(told.status, 201, "{}", told.body);
        }
        service.stop();
        Self {
            _folder: folder,
            data,
            apart,
        }
    }

    fn key(&self) -> PathBuf {
        self.data.join("keys/master.key")
    }

    /// What the service shows of everybody, when it is given this.
    fn names(&self, arguments: &[&str]) -> Vec<Value> {
        let mut command = alongside();
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments);
        let service = Service::start(command, &self.data);
        let coordinator = token(&self.data, &["--role", "coordinator"]);
        let names = SCHEMES.map(|scheme| {
            let asked = "query($id: ID!) { scheme(id: $id) { mentees { edges { node { name { state value } } } } } }";
            let answer = service.graphql(&coordinator, asked, json!({ "id": scheme }));
            answer["data"]["scheme"]["mentees"]["edges"][0]["node"]["name"].clone()
        });
        service.stop();
        names.to_vec()
    }

    fn shown(&self, arguments: &[&str]) -> Value {
        let output = run(
            &[&["keys", "show", "--json"], arguments].concat(),
            &self.data,
        );
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).expect("an object")
    }

    fn opens(&self, arguments: &[&str]) -> Vec<bool> {
        let shown = self.shown(arguments);
        let schemes = shown["schemes"].as_array().expect("schemes").iter();
        schemes.map(|scheme| scheme["opens"] == true).collect()
    }

    fn rotate(&self, arguments: &[&str]) -> Output {
        run(
            &[&["keys", "rotate", "--json"], arguments].concat(),
            &self.data,
        )
    }
}

fn known() -> Vec<Value> {
    vec![json!({ "state": "GIVEN", "value": "Somebody of known" }); 2]
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn everything_opens_however_often_a_rotation_is_killed_and_the_old_key_opens_nothing_afterwards() {
    let place = Place::new();
    let old = place.apart.join("old.key");
    fs::copy(place.key(), &old).expect("a copy");
    let (mut before, mut between, mut finished) = (0, 0, 0);
    for trial in 0..30_u64 {
        let mut rotating = alongside()
            .args(["keys", "rotate", "--data"])
            .arg(&place.data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(Duration::from_micros(500 * trial));
        let _ended_before = rotating.kill();
        let ended = rotating.wait().expect("it ends");
        finished += u32::from(ended.success());
        let is_between = place.data.join("keys/master.key.next").exists();
        between += u32::from(is_between);
        before += u32::from(!ended.success() && !is_between);
        assert_eq!(place.opens(&[]), [true, true], "after trial {trial}");
    }
    println!(
        "a rotation killed 30 times: {before} before it began, {between} in between, {finished} finished"
    );
    assert_eq!(place.names(&[]), known());

    let last = place.rotate(&[]);
    assert!(last.status.success(), "{}", told(&last));
    assert_eq!(place.names(&[]), known());
    let old = ["--master-key", &text(&old)];
    assert_eq!(place.opens(&old), [false, false]);
    let refused = run(
        &[&["replay", "--scheme", "first"], &old[..]].concat(),
        &place.data,
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        told(&refused).contains("which needs the key"),
        "{}",
        told(&refused)
    );
    let left: Vec<_> = fs::read_dir(place.data.join("keys"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left.len(), 2, "a master key and a token key: {left:?}");
    let proved = run(&["verify"], &place.data);
    assert!(proved.status.success(), "{}", told(&proved));
}

#[test]
fn a_backup_of_before_a_rotation_names_the_key_it_needs_and_is_restored_with_it() {
    let place = Place::new();
    let paths = ["backup", "erasures.json", "old.key", "restored"]
        .map(|name| text(&place.apart.join(name)));
    let [backup, list, old, restored] = paths.each_ref().map(String::as_str);
    fs::copy(place.key(), old).expect("a copy");
    let needed = place.shown(&[])["masterKey"].clone();
    let taken = run(&["backup", "--json", "--to", backup], &place.data);
    let taken: Value = serde_json::from_slice(&taken.stdout).expect("an object");
    assert_eq!(taken["schemes"][0]["masterKey"], needed);
    assert!(
        run(&["erasures", "--to", list], &place.data)
            .status
            .success()
    );
    assert!(place.rotate(&[]).status.success());

    let with = |key: &str| {
        let arguments = [
            "restore",
            "--from",
            backup,
            "--erasures",
            list,
            "--master-key",
            key,
        ];
        run(&arguments, Path::new(restored))
    };
    let refused = with(&text(&place.key()));
    assert_eq!(refused.status.code(), Some(1));
    let name = needed.as_str().expect("a name");
    assert!(told(&refused).contains(name), "{}", told(&refused));
    let done = with(old);
    assert!(done.status.success(), "{}", told(&done));
}

#[test]
fn a_key_may_come_from_a_command_or_the_environment_and_is_followed_by_one_that_is_brought() {
    let place = Place::new();
    let (apart, next) = (place.apart.join("master.key"), place.apart.join("next.key"));
    fs::rename(place.key(), &apart).expect("it moves");
    fs::write(&next, [42; 32]).expect("it is written");
    let by_command = format!("cat {}", apart.display());
    let by_command = ["--master-key-command", by_command.as_str()];
    assert_eq!(place.names(&by_command), known());

    // Without a successor there is nothing that could be made beside it.
    let alone = place.rotate(&by_command);
    assert!(!alone.status.success() && told(&alone).contains("--next-master-key"));
    let next = ["--next-master-key", &text(&next)];
    let rotated = place.rotate(&[&by_command[..], &next[..]].concat());
    assert!(rotated.status.success(), "{}", told(&rotated));
    assert_eq!(place.opens(&by_command), [false, false]);
    assert!(!place.key().exists(), "no key is written beside the data");

    let hexadecimal = "2a".repeat(32);
    let shown = |value: &str| -> Output {
        let mut command: Command = alongside();
        command
            .args(["keys", "show", "--json", "--data"])
            .arg(&place.data)
            .env("ALONGSIDE_MASTER_KEY_BASE64", value);
        command.output().expect("it runs")
    };
    let found: Value = serde_json::from_slice(&shown(&hexadecimal).stdout).expect("an object");
    let opens: Vec<&Value> = found["schemes"]
        .as_array()
        .expect("schemes")
        .iter()
        .map(|scheme| &scheme["opens"])
        .collect();
    assert_eq!(opens, [&json!(true), &json!(true)]);
    let refused = shown("2a2a2a-not-a-key-2a2a2a");
    assert!(!refused.status.success());
    assert!(!told(&refused).contains("2a2a2a"), "{}", told(&refused));
}

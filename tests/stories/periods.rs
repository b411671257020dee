//! The figures of a period are published: the commissioner's report is of it, and a checkpoint goes with it.

use crate::harness::{Service, notice, run, token};
use event_log::SignedCheckpoint;
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    process::Output,
    thread,
    time::{Duration, Instant},
};

const SCHEME: &str = "mentor-plus";
/// What the demonstration has published.
const YEAR: &str = "2025-10-01/2026-09-30";
const YEAR_BEFORE: &str = "2024-10-01/2025-09-30";
/// What is published here.
const OCTOBER: &str = "2026-10-01/2026-10-31";
const PUBLISH: &str = "mutation { publishPeriod(input: { scheme: \"mentor-plus\", commandId: \"2f6e7f50-0c1b-4a8e-8f47-1c5d2b7e4a91\",
    from: \"2026-10-01\", through: \"2026-10-31\" }) { rejection { code } period { position checkpoint } } }";
const PUBLISHED: &str =
    "{ scheme(id: \"mentor-plus\") { publishedPeriods { from superseded position checkpoint } } }";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn checkpoint(arguments: &[&str], data: &Path) -> Output {
    run(
        &[&["checkpoint", "--scheme", SCHEME], arguments].concat(),
        data,
    )
}

/// The checkpoint of a period, once it is signed: that happens beside the command that published it.
fn signed(period: &str, data: &Path) -> String {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let found = checkpoint(&["--period", period], data);
        if found.status.success() {
            return String::from_utf8(found.stdout).expect("text");
        }
        assert!(Instant::now() < until, "{}", said(&found));
        thread::sleep(Duration::from_millis(100));
    }
}

/// One file, made when the period was published, that holds the history to what it was then.
#[test]
fn the_checkpoint_of_a_published_period_is_one_file_to_mail() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let of = |role| token(&data, &["--role", role, "--scheme", SCHEME]);
    let (coordinator, commissioner) = (of("coordinator"), of("commissioner"));
    let never = checkpoint(&["--period", OCTOBER], &data);
    assert!(!never.status.success());
    let told = said(&never);
    assert!(
        told.contains("publishPeriod") && told.contains(YEAR),
        "{told}"
    );

    let published = service.ask(&coordinator, PUBLISH, json!({}));
    let period = &published["publishPeriod"]["period"];
    let position = period["position"].as_str().expect("digits");
    let note = signed(OCTOBER, &data);
    let of_note: SignedCheckpoint = note.parse().expect("a checkpoint");
    assert!(of_note.checkpoint().size >= position.parse().expect("a number"));
    assert_eq!(period["checkpoint"], note);
    let path = format!("/v1/schemes/{SCHEME}/log/checkpoint");
    let over_rest = service.get(&format!("{path}?period={OCTOBER}"), &commissioner);
    assert_eq!((over_rest.status, &over_rest.body), (200, &json!(note)));
    // What is recorded later changes nothing of it, and it holds.
    assert_eq!(
        notice(&service.url, SCHEME, &coordinator, "later").status,
        201
    );
    assert_eq!(signed(OCTOBER, &data), note);
    let listed = service.ask(&commissioner, PUBLISHED, json!({}));
    assert_eq!(listed["scheme"]["publishedPeriods"][0]["checkpoint"], note);
    let keys = service.get(&format!("/v1/schemes/{SCHEME}/log/keys"), &commissioner);
    let key = keys.body["keys"][0]["key"]
        .as_str()
        .expect("a key")
        .to_owned();
    let file = folder.path().join("mailed.checkpoint");
    fs::write(&file, &note).expect("written");
    let name = file.display().to_string();
    let verified = run(&["verify", "--checkpoint", &name, "--key", &key], &data);
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(
        told.contains("goes on from the checkpoint"),
        "{told}{}",
        said(&verified)
    );

    for (asked, status, code) in [
        ("period=2026-11-01/2026-11-02", 422, "period_not_published"),
        ("period=yesterday", 422, "invalid"),
        ("period=2025-10-01/2026-09-30&size=3", 422, "invalid"),
    ] {
        let refused = service.get(&format!("{path}?{asked}"), &commissioner);
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (status, &json!(code)),
            "{asked}"
        );
    }
    service.stop();
}

/// Over REST a commissioner asks as of published periods and of no other moment.
#[test]
fn over_rest_a_commissioner_asks_as_of_published_periods_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let of = |role| token(&data, &["--role", role, "--scheme", SCHEME]);
    let (commissioner, auditor) = (of("commissioner"), of("auditor"));
    let at = |who: &str, as_of: &str| {
        let answer = service.get(&format!("/v1/schemes/{SCHEME}?asOf={as_of}"), who);
        (answer.status, answer.body)
    };
    let (status, then) = at(&commissioner, YEAR);
    assert_eq!(
        (status, &then["name"]),
        (200, &json!("Mentor Plus")),
        "{then}"
    );
    assert!(then["position"].is_null());
    let (status, then) = at(&auditor, YEAR);
    assert_eq!(status, 200);
    let position = then["position"].to_string();
    for (as_of, status, code) in [
        (OCTOBER, 422, "period_not_published"),
        (position.as_str(), 403, "forbidden"),
        ("2026-06-01T00:00:00Z", 403, "forbidden"),
        ("yesterday", 422, "invalid"),
    ] {
        let (found, body) = at(&commissioner, as_of);
        assert_eq!(
            (found, &body["code"]),
            (status, &json!(code)),
            "{as_of}: {body}"
        );
    }
    let told = at(&commissioner, &position).1["detail"].to_string();
    assert!(told.contains("publishedPeriods"), "{told}");
    let work_list = format!("/v1/schemes/{SCHEME}/work-list?asOf={YEAR}");
    assert_eq!(service.get(&work_list, &commissioner).status, 403);
    service.stop();
}

/// The report a commissioner is given, as an object and as a page.
fn report(arguments: &[&str], folder: &Path, data: &Path) -> Result<(Value, String), String> {
    let (page, object) = (folder.join("report.html"), folder.join("report.json"));
    let names = [&page, &object].map(|path| path.display().to_string());
    let of = ["report", "--scheme", SCHEME, "--for", "commissioner"];
    let to = ["--out", names[0].as_str(), "--json", names[1].as_str()];
    let made = run(&[&of[..], &to, arguments].concat(), data);
    if !made.status.success() {
        return Err(said(&made));
    }
    let object = fs::read(object).expect("written");
    Ok((
        serde_json::from_slice(&object).expect("one object"),
        fs::read_to_string(page).expect("written"),
    ))
}

/// No two of a commissioner's reports can be made at will and subtracted from each other.
#[test]
fn a_commissioners_report_is_as_of_a_published_period_and_of_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let auditor = token(&data, &["--role", "auditor", "--scheme", SCHEME]);
    let listed = service.ask(&auditor, PUBLISHED, json!({}));
    service.stop();
    let listed = listed["scheme"]["publishedPeriods"]
        .as_array()
        .expect("a list");
    let positions: Vec<&str> = listed
        .iter()
        .filter_map(|one| one["position"].as_str())
        .collect();
    let superseded: Vec<bool> = listed
        .iter()
        .filter_map(|one| one["superseded"].as_bool())
        .collect();
    assert_eq!(
        superseded,
        [false, false, true],
        "the year before was published again"
    );

    let make = |arguments: &[&str]| report(arguments, folder.path(), &data);
    let (last, page) = make(&[]).expect("made");
    assert_eq!(last["about"]["period"], YEAR);
    assert_eq!(last["about"]["position"].to_string(), positions[0]);
    assert!(
        page.contains("when the figures of the period 2025-10-01 to 2026-09-30 were published")
    );
    for same in [["--period", YEAR], ["--as-of", positions[0]]] {
        assert_eq!(
            make(&same).expect("made"),
            (last.clone(), page.clone()),
            "{same:?}"
        );
    }
    let (before, _) = make(&["--period", YEAR_BEFORE]).expect("made");
    assert_eq!(before["about"]["position"].to_string(), positions[1]);
    make(&["--since", "2025-10-01"]).expect("made");
    let just_before = (positions[0].parse::<u64>().expect("a number") - 1).to_string();
    for (refused, why) in [
        (["--as-of", just_before.as_str()], "published periods alone"),
        (["--as-of", positions[2]], "published periods alone"),
        (
            ["--as-of", "2026-10-12T23:00:00Z"],
            "published periods alone",
        ),
        (["--period", OCTOBER], "were not published"),
        (["--since", "2025-10-02"], "--since 2025-10-01"),
    ] {
        let told = make(&refused).expect_err("it is refused");
        assert!(told.contains(why), "{refused:?}: {told}");
    }
}

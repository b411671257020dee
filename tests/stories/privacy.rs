//! Nothing personal of the demonstration is found where it must not be: not in the log, not in the store
//! behind it or the snapshot beside it, not in what the service writes about itself, not in its traces. Also not as base64.

use crate::{
    harness::{Service, alongside, records, run, token},
    recount::vault,
};
use api::dispatch::codec;
use base64::{
    Engine as _, engine::general_purpose::GeneralPurpose,
    engine::general_purpose::GeneralPurposeConfig,
};
use projections::Snapshot;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

#[test]
fn no_personal_value_of_the_demonstration_leaves_its_seal() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let collector = Collector::start();
    let mut command = alongside();
    command
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)
        .env("OTEL_BSP_SCHEDULE_DELAY", "100")
        .env("ALONGSIDE_LOG", "trace");
    let service = Service::start(command, &data);
    let personal = personal_values(&data);
    assert!(
        personal.unmistakable.len() > 400,
        "{} values to look for",
        personal.unmistakable.len()
    );
    speak(&service, &data, &personal);
    let written = service.stop();
    let exported = collector.received();
    assert!(
        exported.len() > 1_000,
        "traces and metrics arrived: {} bytes",
        exported.len()
    );

    for (place, bytes) in [
        ("the service's own output", written.into_bytes()),
        ("traces and metrics", exported),
    ] {
        look_for(&personal.unmistakable, place, &bytes);
    }
    let bundle = folder.path().join("given-away.bundle");
    let name = bundle.display().to_string();
    let given = run(
        &["export", "--scheme", "mentor-plus", "--out", &name],
        &data,
    );
    assert!(given.status.success(), "{given:?}");
    // What the schemas in it name is published, and of nobody.
    let bundle = fs::read_to_string(&bundle).expect("text");
    let (schemas, told): (Vec<&str>, Vec<&str>) = bundle
        .lines()
        .partition(|line| line.contains("\"$schema\":"));
    assert!(!schemas.is_empty() && told.len() > 1_000);
    look_for(
        &personal.unmistakable,
        "an audit bundle",
        told.join("\n").as_bytes(),
    );
    for audience in ["coordinator", "commissioner", "auditor"] {
        let tables = folder.path().join(audience);
        let (page, object) = (tables.join("report.html"), tables.join("report.json"));
        let [tables_name, page, object] =
            [&tables, &page, &object].map(|path| path.display().to_string());
        fs::create_dir(&tables).expect("a folder");
        let of = ["report", "--scheme", "mentor-plus", "--for", audience];
        let to = ["--out", &page, "--json", &object, "--csv", &tables_name];
        let made = run(&[&of[..], &to].concat(), &data);
        assert!(made.status.success(), "{made:?}");
        let written = files(&tables);
        assert!(written.len() > 5, "{} files", written.len());
        for file in written {
            let bytes = fs::read(&file).expect("a file");
            look_for(&personal.unmistakable, "a report", &bytes);
        }
    }
    let snapshots = files(&data.join("schemes/mentor-plus/snapshots"));
    assert_eq!(snapshots.len(), 1, "the folded state was left behind");
    for file in files(&data.join("schemes")) {
        let bytes = fs::read(&file).expect("a file");
        look_for(&personal.unmistakable, &file.display().to_string(), &bytes);
    }
    // Employers, posts and days of post stand in clear where they concern nobody, so these are looked for by record. A
    // day may be a day of post by chance (somebody was rung on their first day): it may not stand where it is known.
    for record in records(&data, "mentor-plus") {
        let text = record.data.to_string();
        let knows_days =
            record.kind.starts_with("appointment.") || record.kind.starts_with("eligibility.");
        for subject in &record.subjects {
            let none = BTreeSet::new();
            let words = personal.words_of.get(subject).unwrap_or(&none);
            let days = personal
                .days_of
                .get(subject)
                .filter(|_| knows_days)
                .unwrap_or(&none);
            for value in words.iter().chain(days) {
                assert!(
                    !text.contains(value),
                    "{value:?} stands in clear at position {}",
                    record.position
                );
            }
        }
    }
}

/// How confidential acts, the commands that led to them and the "no" to one of them are called.
const CONFIDENTIAL: [&str; 11] = [
    "concern-referred",
    "concern-acknowledged",
    "third-person-agreed",
    "referConcern",
    "acknowledgeConcern",
    "agreeThirdPerson",
    "unknown_concern",
    "unknown_third_person",
    "consent-given",
    "characteristics-stated",
    "giveConsent",
];

struct Personal {
    /// Values that can stand nowhere by chance: names, addresses, numbers.
    unmistakable: BTreeSet<String>,
    /// Employers and posts, by the subjects they belong to.
    words_of: BTreeMap<uuid::Uuid, BTreeSet<String>>,
    /// Days of post, by the subjects they belong to.
    days_of: BTreeMap<uuid::Uuid, BTreeSet<String>>,
}

/// Everything personal that the demonstration holds, opened with its keys.
fn personal_values(data: &Path) -> Personal {
    let (vault, mut snapshot) = (vault(data), Snapshot::default());
    for record in records(data, "mentor-plus") {
        snapshot
            .fold(&codec::understand(&record, &vault).expect("understood"))
            .expect("folded");
    }
    let (scheme, known) = (&snapshot.scheme, &snapshot.particulars);
    let mut personal = Personal {
        unmistakable: BTreeSet::new(),
        words_of: BTreeMap::new(),
        days_of: BTreeMap::new(),
    };
    for person in scheme.mentees.keys().chain(scheme.mentors.keys()) {
        let details = known.details(*person).cloned().unwrap_or_default();
        personal.unmistakable.extend(
            [details.name, details.email, details.telephone]
                .into_iter()
                .flatten(),
        );
        if let Some(employer) = known
            .mentor_profile(*person)
            .and_then(|profile| profile.employer.clone())
        {
            personal
                .words_of
                .entry(person.0)
                .or_default()
                .insert(employer.0);
        }
    }
    for analysis in scheme.needs.analyses.values() {
        let tables = known
            .needs_analysis(analysis.id)
            .map(domain::needs::Opened::tables)
            .unwrap_or_default();
        let priorities = tables.priorities.unwrap_or_default();
        let areas = priorities.service.into_iter().chain(priorities.personal);
        personal.unmistakable.extend(areas.map(|area| area.area));
    }
    for profile in scheme.needs.profiles.values() {
        let opened = known.needs_profile(profile.id);
        let words = opened.into_iter().flat_map(|opened| &opened.profile.needs);
        personal.unmistakable.extend(words.cloned());
    }
    let third_persons = known.confidences().third_persons();
    let names = third_persons.map(|third| third.name.clone());
    personal.unmistakable.extend(names);
    for person in scheme.mentees.keys().chain(scheme.mentors.keys()) {
        let stated = known.confidences().consents().characteristics(*person);
        let stated = stated.into_iter().flat_map(|stated| &stated.of_myself);
        personal.unmistakable.extend(stated.cloned());
    }
    // What a confidential act is called is as telling as a name.
    personal
        .unmistakable
        .extend(CONFIDENTIAL.map(str::to_owned));
    for (id, appointment) in scheme.appointments.iter() {
        let Some(facts) = known.facts(*id) else {
            continue;
        };
        personal.unmistakable.extend(facts.employee_number.clone());
        let employer = scheme
            .registers
            .last()
            .and_then(|register| register.employer(&facts.employer));
        let name = employer.map(|employer| format!("\"{}\"", employer.name));
        let words: Vec<String> = [facts.employer.0.clone(), facts.post.clone()]
            .into_iter()
            .chain(name)
            .collect();
        let days = [facts.starts_on, facts.ends_on]
            .into_iter()
            .flatten()
            .map(|day| day.to_string());
        let days: Vec<String> = days.collect();
        for subject in [id.0, appointment.person.0] {
            personal
                .words_of
                .entry(subject)
                .or_default()
                .extend(words.clone());
            personal
                .days_of
                .entry(subject)
                .or_default()
                .extend(days.clone());
        }
    }
    personal
}

/// Queries and commands that carry personal values, answered and refused, so that there is something to leak.
fn speak(service: &Service, data: &Path, personal: &Personal) {
    let coordinator = token(data, &["--role", "coordinator"]);
    service.ask(
        &coordinator,
        "{ scheme(id: \"mentor-plus\") { mentees(first: 50) { edges { node { id name { value } email { value } } } } } }",
        serde_json::Value::Null,
    );
    let name = personal.unmistakable.iter().next().expect("somebody");
    let body = serde_json::json!({ "employer": "E10000008", "name": name, "post": name, "startsOn": "not a day" });
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", name.as_str()),
    ];
    service.post(
        "/v1/schemes/mentor-plus/appointments",
        &coordinator,
        &headers,
        &body.to_string(),
    );
    // A "no" that the operations journal keeps.
    let nothing = "00000000-0000-4000-8000-00000000c0c0";
    let acknowledge = format!(
        "mutation acknowledgeConcern {{ acknowledgeConcern(input: {{ scheme: \"mentor-plus\", commandId: \"{nothing}\", \
         concern: \"mentor-plus:Concern:{nothing}\" }}) {{ rejection {{ code }} }} }}"
    );
    let refused = service.ask(&coordinator, &acknowledge, serde_json::Value::Null);
    assert_eq!(
        refused["acknowledgeConcern"]["rejection"]["code"],
        "unknown_concern"
    );
    let query = format!("{{ scheme(id: \"{name}\") {{ id }} }}");
    service.graphql(&coordinator, &query, serde_json::Value::Null);
    service.get(
        &format!("/v1/schemes/{}", name.replace(' ', "%20")),
        &coordinator,
    );
}

fn look_for(values: &BTreeSet<String>, place: &str, bytes: &[u8]) {
    let decoded = decoded(bytes);
    for value in values {
        assert!(
            !contains(bytes, value.as_bytes()),
            "{value:?} was found in {place}"
        );
        assert!(
            !contains(&decoded, value.as_bytes()),
            "{value:?} was found, as base64, in {place}"
        );
    }
}

/// A number is looked for as a word of its own: six digits in a row stand in many an identifier by chance.
fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let is_number = needle.iter().all(u8::is_ascii_digit);
    let inside = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
    memchr::memmem::find_iter(haystack, needle).any(|at| {
        let before = at.checked_sub(1).and_then(|before| haystack.get(before));
        !is_number || !(inside(before) || inside(haystack.get(at + needle.len())))
    })
}

#[test]
fn what_the_search_looks_for_it_finds() {
    let values = |value: &str| BTreeSet::from([value.to_owned()]);
    let found = |value: &str, bytes: &[u8]| {
        let values = values(value);
        std::panic::catch_unwind(|| look_for(&values, "here", bytes)).is_err()
    };
    assert!(found("Dorothea Cobbold", b"...Dorothea Cobbold..."));
    assert!(
        found("Dorothea Cobbold", b"x=AAAARG9yb3RoZWEgQ29iYm9sZAAA;"),
        "as base64, in the middle"
    );
    assert!(found("210003", b"{\"employeeNumber\":\"210003\"}"));
    assert!(!found("210003", b"2048d4e1-1f24-513d-9230-c1c3210003af"));
}

/// What every run of base64, of either alphabet, decodes to, at each of the four ways to begin.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::URL_SAFE, lenient);
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let mut all = Vec::new();
    for run in bytes
        .split(|byte| !is_letter(byte))
        .filter(|run| run.len() >= 8)
    {
        let run: Vec<u8> = run
            .iter()
            .map(|byte| {
                if *byte == b'+' {
                    b'-'
                } else if *byte == b'/' {
                    b'_'
                } else {
                    *byte
                }
            })
            .collect();
        for start in 0..4 {
            let whole = (run.len() - start) / 4 * 4;
            all.extend(
                engine
                    .decode(&run[start..start + whole])
                    .unwrap_or_default(),
            );
            all.push(0);
        }
    }
    all
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Takes whatever an exporter of traces and metrics sends, and keeps the bytes.
pub struct Collector {
    pub url: String,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                thread::spawn(move || receive(stream, &kept));
            }
        });
        Self { url, bytes }
    }

    pub fn received(&self) -> Vec<u8> {
        self.bytes.lock().expect("nobody panics holding it").clone()
    }
}

/// Answers every request on one connection with 200.
fn receive(mut stream: std::net::TcpStream, kept: &Mutex<Vec<u8>>) {
    let (mut pending, mut buffer) = (Vec::new(), vec![0; 65_536]);
    while let Ok(count) = stream.read(&mut buffer) {
        if count == 0 {
            return;
        }
        kept.lock()
            .expect("nobody panics holding it")
            .extend(&buffer[..count]);
        pending.extend(&buffer[..count]);
        while let Some(length) = whole_request(&pending) {
            pending.drain(..length);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
            if stream.write_all(answer).is_err() {
                return;
            }
        }
    }
}

fn whole_request(bytes: &[u8]) -> Option<usize> {
    let head = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text.lines().find_map(|line| {
        line.strip_prefix("content-length:")?
            .trim()
            .parse::<usize>()
            .ok()
    });
    let whole = head + length.unwrap_or(0);
    (bytes.len() >= whole).then_some(whole)
}

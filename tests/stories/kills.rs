//! Thirty times the service is killed without warning, under load and while it starts.
//!
//! Each acknowledged command must be found again, whole, once, at a gapless position; commands that were
//! not acknowledged are sent again under the same key and must not be doubled.

use crate::harness::{Service, alongside, run, token};
use event_log::{Embedded, Options, Record, SchemeId};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

const TRIALS: u64 = 30;
const CLIENTS: usize = 16;
const ACKNOWLEDGED_LEAST: usize = 200;
/// Small segments and frequent snapshots, so that kills meet both at every point.
const SEGMENTS: [&str; 4] = ["--segment-bytes", "65536", "--snapshot-every", "100"];

#[test]
fn nothing_acknowledged_is_lost_doubled_or_split_when_the_service_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    open_scheme(&data);
    let mut seed = std::env::var("ALONGSIDE_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_261_122);
    println!("seed {seed} (set ALONGSIDE_SEED to repeat)");
    let coordinator = token(&data, &["--role", "coordinator", "--ttl", "8h"]);
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let mut unanswered: Vec<String> = Vec::new();
    let mut kills_while_starting = 0;
    for trial in 0..TRIALS {
        let service = Service::serve(&data, &SEGMENTS);
        for key in std::mem::take(&mut unanswered) {
            let appointment = notify(&service, &coordinator, &key).expect("a retry is answered");
            acknowledged.insert(key, appointment);
        }
        let load = Load::run(
            service,
            &coordinator,
            trial,
            Duration::from_millis(draw(&mut seed, 40)),
        );
        assert!(
            load.acknowledged.len() >= ACKNOWLEDGED_LEAST,
            "trial {trial}: {} acknowledged",
            load.acknowledged.len()
        );
        acknowledged.extend(load.acknowledged);
        unanswered = load.unanswered;
        if trial % 3 == 0 {
            kill_while_starting(&data, Duration::from_millis(draw(&mut seed, 60)));
            kills_while_starting += 1;
        }
        // A frame torn by the kill is no damage: it was never acknowledged, and the next opening cuts it.
        let proved = run(&["verify"], &data);
        assert!(
            proved.status.success(),
            "trial {trial}: {}",
            String::from_utf8_lossy(&proved.stderr)
        );
    }
    let service = Service::serve(&data, &SEGMENTS);
    for key in unanswered {
        let appointment = notify(&service, &coordinator, &key).expect("a retry is answered");
        acknowledged.insert(key, appointment);
    }
    service.stop();
    println!(
        "{TRIALS} kills under load, {kills_while_starting} while starting, {} acknowledged",
        acknowledged.len()
    );
    check(&data, &acknowledged);
}

/// Sends until at least so many are acknowledged, then kills `after` that.
struct Load {
    acknowledged: Vec<(String, String)>,
    unanswered: Vec<String>,
}

impl Load {
    fn run(service: Service, token: &str, trial: u64, after: Duration) -> Self {
        let service = Arc::new(service);
        let (done, count) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicUsize::new(0)),
        );
        let unanswered = Arc::new(Mutex::new(Vec::new()));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (service, done, count, unanswered) = (
                    Arc::clone(&service),
                    Arc::clone(&done),
                    Arc::clone(&count),
                    Arc::clone(&unanswered),
                );
                let token = token.to_owned();
                thread::spawn(move || {
                    let mut own = Vec::new();
                    for number in 0.. {
                        if done.load(Ordering::SeqCst) {
                            break;
                        }
                        let key = format!("trial {trial} client {client} number {number}");
                        if let Some(appointment) = notify(&service, &token, &key) {
                            count.fetch_add(1, Ordering::SeqCst);
                            own.push((key, appointment));
                        } else {
                            unanswered
                                .lock()
                                .expect("nobody panics holding it")
                                .push(key);
                            break;
                        }
                    }
                    own
                })
            })
            .collect();
        while count.load(Ordering::SeqCst) < ACKNOWLEDGED_LEAST
            && !clients.iter().all(thread::JoinHandle::is_finished)
        {
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(after);
        let killed = std::process::Command::new("kill")
            .args(["-9", &service.id().to_string()])
            .status();
        assert!(killed.expect("kill runs").success());
        done.store(true, Ordering::SeqCst);
        let acknowledged = clients
            .into_iter()
            .flat_map(|client| client.join().expect("a client ends"))
            .collect();
        Arc::into_inner(service)
            .expect("every client has ended")
            .kill_already_dead();
        let unanswered = std::mem::take(&mut *unanswered.lock().expect("nobody panics holding it"));
        Self {
            acknowledged,
            unanswered,
        }
    }
}

/// One notice under one key; the appointment it made, if it was answered.
fn notify(service: &Service, token: &str, key: &str) -> Option<String> {
    let body = json!({
        "employer": "E10000008",
        "employeeNumber": key,
        "name": format!("Somebody of {key}"),
        "post": "director-of-childrens-services",
        "basis": "substantive",
        "startsOn": "2027-01-04",
        "firstPost": "yes",
    });
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let answer = service.post(
        "/v1/schemes/kills/appointments",
        token,
        &headers,
        &body.to_string(),
    );
    match answer.status {
        0 | 503 => None,
        // A killed service may leave half an answer behind: that is none.
        200 | 201 => appointment_of(&answer.body),
        other => panic!("{other}: {:#}", answer.body),
    }
}

fn appointment_of(body: &Value) -> Option<String> {
    Some(body["appointment"].as_str()?.to_owned())
}

fn kill_while_starting(data: &Path, after: Duration) {
    let mut command = alongside();
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(SEGMENTS)
        .arg("--data")
        .arg(data);
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let mut process = command.spawn().expect("the binary starts");
    thread::sleep(after);
    process.kill().expect("it can be killed");
    process.wait().expect("it ends");
}

/// `SplitMix64`: enough to choose moments that can be chosen again.
fn draw(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % below
}

fn open_scheme(data: &Path) {
    let service = Service::serve(data, &SEGMENTS);
    let administrator = token(data, &["--role", "administrator"]);
    crate::harness::open_scheme(&service, &administrator, "kills");
    service.stop();
}

fn check(data: &Path, acknowledged: &BTreeMap<String, String>) {
    let records = records(data, "kills");
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record.position.0, index as u64 + 1, "positions are gapless");
    }
    let mut by_command: BTreeMap<_, Vec<&Record>> = BTreeMap::new();
    for record in records.iter().filter(|record| record.command_id.is_some()) {
        by_command
            .entry(record.command_id)
            .or_default()
            .push(record);
    }
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for group in by_command
        .values()
        .filter(|group| group[0].kind == "appointment.notified")
    {
        let kinds: Vec<&str> = group.iter().map(|record| record.kind.as_str()).collect();
        assert_eq!(
            kinds,
            ["appointment.notified", "eligibility.judged"],
            "a command is whole or not there"
        );
        *found
            .entry(
                group[0].data["appointment"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            )
            .or_default() += 1;
    }
    for (key, appointment) in acknowledged {
        assert_eq!(found.get(appointment), Some(&1), "{key} was acknowledged");
    }
    assert_eq!(
        found.len(),
        acknowledged.len(),
        "nothing is there that nobody asked for"
    );
    let segments = std::fs::read_dir(data.join("schemes/kills/journal"))
        .expect("a journal")
        .count();
    assert!(segments > 3, "the journal rolled: {segments} segments");
    let snapshots = std::fs::read_dir(data.join("schemes/kills/snapshots"))
        .expect("snapshots were written")
        .count();
    assert!(snapshots > 0, "and left behind");
}

/// Every record of a scheme, read from its journal.
pub fn records(data: &Path, scheme: &str) -> Vec<Record> {
    let store = Embedded::open_read_only(data, Options::new(Arc::new(api::dispatch::System)))
        .expect("a data directory");
    let mut reader = store
        .reader(&SchemeId::new(scheme).expect("a name"))
        .expect("a journal");
    let mut records = Vec::new();
    while let Some(group) = reader.next_group().expect("a sound journal") {
        records.extend(
            group
                .iter()
                .map(|stored| stored.record().expect("a record")),
        );
    }
    records
}

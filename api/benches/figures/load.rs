//! A long load: the highest rate is found, then a share of it arrives by the clock, with a stop and a start in the middle.
//!
//! As from an HR system, most of it is about people who are known: everybody is notified once, and from then on each notice
//! moves the first day of somebody's post, so each records something and the people stay as many as they are.
//!
//! Latency counts from the instant a request was due, so whoever would have come during a stall counts too. At the end
//! the log is read: everything acknowledged is there once, and nothing else.

use crate::{
    client::Arrivals,
    harness::Service,
    stage::{self, SCHEME, Stage, folder},
    table::{figure, quantile},
};
use api::dispatch::System;
use event_log::{Embedded, Options, SchemeId};
use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    net::SocketAddr,
    path::Path,
    sync::{Arc, mpsc},
    time::Duration,
};
use uuid::Uuid;

/// What is asked for on the command line.
pub struct Wish {
    /// For how long it arrives.
    pub minutes: f64,
    /// How much of the highest rate arrives.
    pub rate_of: f64,
    /// How many people the notices are about.
    pub people: u64,
}

const CLIENTS: usize = 64;
const CONNECTIONS: usize = 256;
const FINDING: Duration = Duration::from_secs(8);

pub fn run(wish: &Wish) {
    let directory = folder();
    let data = directory.path().join("data");
    let stage = Stage::open(&data);
    let write = stage.moving_notice(SCHEME, wish.people);
    let client = stage.client();
    let mut told = 0;
    while told < wish.people {
        told += client.closed(CLIENTS, FINDING / 4, 201, &write).answered;
    }
    let found = client.closed(CLIENTS, FINDING, 201, &write);
    let sent = told + found.answered;
    let rate = found.rate() * wish.rate_of;
    println!(
        "highest rate found: {} notices a second from {CLIENTS} clients about {} people; now {} a second for {} minutes\n",
        figure(found.rate()),
        wish.people,
        figure(rate),
        wish.minutes
    );
    println!(
        "| until | answered | p50 | p99 | most | memory of the service | index behind |\n|---|---|---|---|---|---|---|"
    );
    let time = Duration::from_secs_f64(wish.minutes * 60.0);
    let watch = Watch::new(stage, data.clone(), time);
    let arrivals = Arrivals {
        address: &watch.address,
        rate,
        time,
        connections: CONNECTIONS,
    };
    // Numbers that no request before had, and days that nobody was told of.
    let rounds = sent / wish.people + 1;
    let numbered = |number: u64, into: &mut Vec<u8>| write(number + rounds * wish.people, into);
    let arrived = arrivals.run(
        &numbered,
        &|_, status, body, took| watch.look(status, body, took),
        &|now| watch.tick(now),
    );
    println!(
        "\n{} answered; {} times one was sent again under its key, around the stop",
        arrived.sent, arrived.sent_again
    );
    watch.check(&data, sent);
}

/// What is seen while the load runs.
struct Watch {
    address: Cell<SocketAddr>,
    service: RefCell<Option<Service>>,
    coming: RefCell<Option<mpsc::Receiver<Service>>>,
    token: String,
    data: std::path::PathBuf,
    time: Duration,
    every: Duration,
    next: Cell<Duration>,
    restarted: Cell<bool>,
    micros: RefCell<Vec<u32>>,
    acknowledged: RefCell<HashSet<Uuid>>,
    refused: Cell<u64>,
}

impl Watch {
    fn new(stage: Stage, data: std::path::PathBuf, time: Duration) -> Self {
        let every = (time / 12).clamp(Duration::from_secs(10), Duration::from_mins(1));
        Self {
            address: Cell::new(address(&stage.service)),
            token: stage.coordinator,
            service: RefCell::new(Some(stage.service)),
            coming: RefCell::default(),
            data,
            time,
            every,
            next: Cell::new(every),
            restarted: Cell::new(false),
            micros: RefCell::default(),
            acknowledged: RefCell::default(),
            refused: Cell::new(0),
        }
    }

    fn look(&self, status: u16, body: &[u8], took: Duration) {
        let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        self.micros.borrow_mut().push(micros);
        if let Some(receipt) = receipt(body).filter(|_| status == 201) {
            self.acknowledged.borrow_mut().insert(receipt);
        } else {
            eprintln!("answered {status}: {}", String::from_utf8_lossy(body));
            self.refused.set(self.refused.get() + 1);
        }
    }

    /// Once a second.
    fn tick(&self, now: Duration) {
        let arrived = self
            .coming
            .borrow()
            .as_ref()
            .and_then(|coming| coming.try_recv().ok());
        if let Some(service) = arrived {
            self.address.set(address(&service));
            self.service.replace(Some(service));
        }
        if now >= self.time / 2 && !self.restarted.replace(now >= self.time / 2) {
            self.restart();
        }
        if now >= self.next.get() {
            self.next.set(self.next.get() + self.every);
            self.row(now);
        }
    }

    /// Stops it the gentle way and starts it anew, beside the load.
    fn restart(&self) {
        let Some(service) = self.service.take() else {
            return;
        };
        let (ready, coming) = mpsc::channel();
        self.coming.replace(Some(coming));
        let data = self.data.clone();
        std::thread::spawn(move || {
            service.stop();
            let _gone = ready.send(stage::serve(&data));
        });
    }

    fn row(&self, now: Duration) {
        let mut micros = self.micros.take();
        micros.sort_unstable();
        let milliseconds = |share| format!("{:.1} ms", quantile(&micros, share) / 1000.0);
        let service = self.service.borrow();
        let memory = service.as_ref().map_or_else(|| "–".to_owned(), memory);
        let row = format!(
            "| {} s | {} | {} | {} | {} | {memory} |",
            now.as_secs(),
            micros.len(),
            milliseconds(0.5),
            milliseconds(0.99),
            milliseconds(1.0)
        );
        let (url, token) = (
            service.as_ref().map(|service| service.url.clone()),
            self.token.clone(),
        );
        // Beside the load: a service that is starting answers late, and the arrivals must not wait for it.
        std::thread::spawn(move || {
            let lag = url.map_or_else(|| "–".to_owned(), |url| lag(&url, &token));
            println!("{row} {lag} |");
        });
    }

    /// No error, and everything acknowledged is in the log once.
    fn check(self, data: &Path, before: u64) {
        self.service.take().expect("it was started again").stop();
        let found = receipts(data);
        let before = usize::try_from(before).expect("few enough");
        let acknowledged = self.acknowledged.into_inner();
        let missing = acknowledged
            .iter()
            .filter(|id| !found.contains_key(id))
            .count();
        let doubled = found.values().filter(|times| **times > 1).count();
        println!(
            "{} acknowledged, {missing} missing, {doubled} recorded twice, {} recorded that nobody asked for, {} refused",
            acknowledged.len(),
            found.len() - before - acknowledged.len(),
            self.refused.get()
        );
        assert!(missing == 0 && doubled == 0 && self.refused.get() == 0);
        assert_eq!(found.len(), before + acknowledged.len());
    }
}

fn address(service: &Service) -> SocketAddr {
    let address = service.url.trim_start_matches("http://").parse();
    address.expect("an address")
}

/// How many records the index is behind, as the service says.
fn lag(url: &str, token: &str) -> String {
    let asked = ureq::get(format!("{url}/v1/schemes/{SCHEME}/health"))
        .header("authorization", format!("Bearer {token}"))
        .call();
    let text = asked.and_then(|mut answer| answer.body_mut().read_to_string());
    let health: serde_json::Value =
        serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
    health["index"]["lag"]
        .as_u64()
        .map_or_else(|| "–".to_owned(), |lag| lag.to_string())
}

/// The resident memory of the service's process.
fn memory(service: &Service) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.id()));
    let status = status.unwrap_or_default();
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes =
        kibibytes.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.map_or_else(
        || "?".to_owned(),
        |kibibytes| format!("{} MiB", kibibytes >> 10),
    )
}

/// The command under which the delivery that an answer tells of is recorded.
fn receipt(body: &[u8]) -> Option<Uuid> {
    let mark = br#""receipt":{"id":""#;
    let start = memchr::memmem::find(body, mark)? + mark.len();
    std::str::from_utf8(body.get(start..start + 36)?)
        .ok()?
        .parse()
        .ok()
}

/// How often each delivery was recorded, by the log.
fn receipts(data: &Path) -> HashMap<Uuid, u32> {
    let store = Embedded::open_read_only(data, Options::new(Arc::new(System)));
    let store = store.expect("a data directory");
    let scheme = SchemeId::new(SCHEME).expect("a name");
    let mut reader = store.reader(&scheme).expect("a journal");
    let mut found = HashMap::new();
    while let Some(group) = reader.next_group().expect("a sound journal") {
        for stored in group {
            let record = stored.record().expect("a record");
            if record.kind == "notices.received"
                && let Some(command) = record.command_id
            {
                *found.entry(command).or_default() += 1;
            }
        }
    }
    found
}

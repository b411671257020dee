//! The real binary, started on a directory of its own and spoken to over real HTTP.

use api::{
    dispatch::{self, Platform, StartError},
    telemetry::Metrics,
};
use event_log::{Embedded, OpenError, Options, Record, SchemeId};
use serde_json::{Value, json};
use std::{
    error::Error,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

/// The service as a process.
pub struct Service {
    process: Child,
    pub url: String,
    /// Everything it has written to standard output and standard error.
    pub written: Arc<Mutex<String>>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// The binary under test.
pub fn alongside() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alongside"));
    command
        .env_remove("ALONGSIDE_DATA")
        .env_remove("ALONGSIDE_LISTEN")
        .env_remove("ALONGSIDE_MASTER_KEY")
        .env_remove("ALONGSIDE_MASTER_KEY_BASE64")
        .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    command
}

/// Runs the binary to its end.
pub fn run(arguments: &[&str], data: &Path) -> Output {
    alongside()
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .expect("the binary runs")
}

/// A token, as an operator mints one.
pub fn token(data: &Path, arguments: &[&str]) -> String {
    let output = run(&[&["token"], arguments].concat(), data);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("a token is text");
    text.lines()
        .last()
        .expect("the last line is the token")
        .to_owned()
}

impl Service {
    /// Serves an empty directory, made if it is not there.
    pub fn serve(data: &Path, arguments: &[&str]) -> Self {
        let mut command = alongside();
        command
            .args(["serve", "--create", "--listen", "127.0.0.1:0"])
            .args(arguments);
        Self::start(command, data)
    }

    /// The demonstration.
    pub fn demo(data: &Path) -> Self {
        let mut command = alongside();
        command.args(["demo", "--listen", "127.0.0.1:0"]);
        Self::start(command, data)
    }

    /// Starts it and waits until it says where it listens and answers there.
    pub fn start(command: Command, data: &Path) -> Self {
        Self::try_start(command, data).expect("the service starts")
    }

    /// As [`Self::start`]; what it wrote, if it ended instead.
    pub fn try_start(mut command: Command, data: &Path) -> Result<Self, String> {
        command
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary starts");
        let written = Arc::new(Mutex::new(String::new()));
        let (found, url) = mpsc::channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(process.stdout.take().expect("piped")),
            Box::new(process.stderr.take().expect("piped")),
        ];
        for stream in streams {
            let (written, found) = (Arc::clone(&written), found.clone());
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if let Some(port) = line.split("http://127.0.0.1:").nth(1) {
                        let port: String = port.chars().take_while(char::is_ascii_digit).collect();
                        let _first_only = found.send(format!("http://127.0.0.1:{port}"));
                    }
                    let mut written = written.lock().expect("nobody panics holding it");
                    written.push_str(&line);
                    written.push('\n');
                }
            });
        }
        drop(found);
        let Ok(url) = url.recv_timeout(Duration::from_mins(2)) else {
            let _ended = process.kill();
            let _status = process.wait();
            return Err(written.lock().expect("nobody panics holding it").clone());
        };
        let service = Self {
            process,
            url,

            written,
        };
        for _ in 0..600 {
            if service.get("/readyz", "").status == 200 {
                return Ok(service);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err("it never became ready".to_owned())
    }

    /// Ends it without a warning.
    pub fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Sends it a signal, as `kill` names it, and does not wait.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.process.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> bool {
        self.process.try_wait().expect("it is ours").is_none()
    }

    /// Tells it to stop, and waits.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        let status = self.process.wait().expect("it ends");
        assert!(status.success(), "{status}");
        self.written
            .lock()
            .expect("nobody panics holding it")
            .clone()
    }

    pub fn get(&self, path: &str, token: &str) -> Answer {
        let request = agent().get(format!("{}{path}", self.url));
        let request = if token.is_empty() {
            request
        } else {
            request.header("authorization", format!("Bearer {token}"))
        };
        answer(request.call())
    }

    pub fn post(&self, path: &str, token: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        post(&self.url, path, token, headers, body)
    }

    /// A GraphQL operation that must not fail; its data.
    #[track_caller]
    pub fn ask(&self, token: &str, query: &str, variables: Value) -> Value {
        let answer = self.graphql(token, query, variables);
        assert!(answer["errors"].is_null(), "{answer:#}");
        answer["data"].clone()
    }

    /// A GraphQL operation; the whole response.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "variables are made where they are used"
    )]
    pub fn graphql(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.post(
            "/graphql",
            token,
            &[("content-type", "application/json")],
            &body,
        )
        .body
    }
}

/// A POST to whatever serves at `url`.
pub fn post(url: &str, path: &str, token: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let request = agent()
        .post(format!("{url}{path}"))
        .header("authorization", format!("Bearer {token}"));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    answer(request.send(body))
}

/// One notice about somebody whom nobody else is told of, under one key.
pub fn notice(url: &str, scheme: &str, token: &str, key: &str) -> Answer {
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
    let path = format!("/v1/schemes/{scheme}/appointments");
    post(url, &path, token, &headers, &body.to_string())
}

/// Starts the service, lets it go on for so long, does `meanwhile` and kills it.
pub fn kill_while_starting(
    arguments: &[&str],
    data: &Path,
    after: Duration,
    meanwhile: impl FnOnce(),
) {
    let mut command = alongside();
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut process = command.spawn().expect("the binary starts");
    thread::sleep(after);
    meanwhile();
    process.kill().expect("it can be killed");
    process.wait().expect("it ends");
}

impl Drop for Service {
    /// A story that fails leaves no process behind, and tells what the service wrote last: all of it would bury why.
    fn drop(&mut self) {
        if thread::panicking() {
            let _ended_already = self.process.kill();
            let _status = self.process.wait();
            let written = self.written.lock().map(|text| text.clone());
            let written = written.unwrap_or_default();
            let lines: Vec<&str> = written.lines().rev().take(12).collect();
            println!("the service wrote, the latest first:\n{}", lines.join("\n"));
        }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .into()
}

/// Status 0 stands for a connection that came to nothing.
fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let Ok(mut response) = response else {
        return Answer {
            status: 0,
            body: Value::Null,
        };
    };
    let status = response.status().as_u16();
    let mut text = String::new();
    let read = response.body_mut().as_reader().read_to_string(&mut text);
    if read.is_err() {
        return Answer {
            status: 0,
            body: Value::Null,
        };
    }
    Answer {
        status,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

impl Service {
    /// The process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// Every record of a scheme, read from its journal.
pub fn records(data: &Path, scheme: &str) -> Vec<Record> {
    try_records(data, scheme).expect("a sound journal")
}

/// As [`records`]; why it cannot be read, if it cannot.
pub fn try_records(data: &Path, scheme: &str) -> Result<Vec<Record>, Box<dyn Error>> {
    let store = Embedded::open_read_only(data, Options::new(Arc::new(api::dispatch::System)))?;
    let mut reader = store.reader(&SchemeId::new(scheme)?)?;
    let mut records = Vec::new();
    while let Some(group) = reader.next_group()? {
        for stored in group {
            records.push(stored.record()?);
        }
    }
    Ok(records)
}

/// Opens a scheme with what is shipped, as an administrator does.
pub fn open_scheme(service: &Service, administrator: &str, scheme: &str) {
    let command = |number: u32| {
        uuid::Uuid::new_v5(
            &uuid::Uuid::NAMESPACE_OID,
            format!("{scheme} {number}").as_bytes(),
        )
    };
    let opened = service.ask(
        administrator,
        "mutation($id: ID!, $a: UUID!, $b: UUID!, $c: UUID!, $d: UUID!) {
           openScheme(input: { scheme: $id, commandId: $a, name: \"A scheme\", kind: MENTORING }) { rejection { code } }
           adoptPolicy(input: { scheme: $id, commandId: $b, shipped: \"mentor-plus-2017\" }) { rejection { code } }
           adoptRegister(input: { scheme: $id, commandId: $c, shipped: true }) { rejection { code } }
           adoptCalendar(input: { scheme: $id, commandId: $d, shipped: true }) { rejection { code } }
         }",
        json!({ "id": scheme, "a": command(1), "b": command(2), "c": command(3), "d": command(4) }),
    );
    for (name, payload) in opened.as_object().expect("four answers") {
        assert!(payload["rejection"].is_null(), "{name}: {payload}");
    }
}

/// A platform in this process. A lock that was just let go of may be held for another moment by a process that some
/// other story is starting: until it has begun, it has a copy of every open file.
pub fn open_platform(
    options: &dispatch::Options,
    metrics: &Metrics,
) -> Result<Platform, StartError> {
    let mut patience = 500;
    loop {
        match Platform::open(options, metrics.clone()) {
            Err(StartError::Directory(OpenError::Locked { .. })) if patience > 0 => {
                patience -= 1;
                thread::sleep(Duration::from_millis(10));
            }
            opened => return opened,
        }
    }
}

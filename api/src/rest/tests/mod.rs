//! REST over a real socket, on a real data directory, with a client that knows nothing of this program.

mod notices;
mod past_year;
mod people;
mod reads;
mod reports;
mod sessions_calendar;
mod work_list;

use crate::{
    dispatch::{Options, Outcome, Platform, Request},
    http::security::protect,
    identity::{
        Role,
        access::Matrix,
        token::{Grant, LocalTokens},
    },
    outside,
    telemetry::Metrics,
};
use domain::{
    Actor, Command,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    shipped,
};
use event_log::Kind;
use jiff::SignedDuration;
use serde_json::Value;
use std::{net::SocketAddr, sync::Arc};
use tempfile::TempDir;
use tokio::net::TcpListener;
use uuid::Uuid;

const SCHEME: &str = "directors";
const DEVON: &str = "E10000008";
const KENT: &str = "E10000016";
const SAMPLE: &str = include_str!("../../../data/starters.csv");

const MATRIX: &str = r#"
[commands]
notifyAppointment = { coordinator = "any", employer = "employer" }
recordNotices = { coordinator = "any", employer = "employer" }

[queries]
scheme = { coordinator = "any", employer = "employer", auditor = "any", administrator = "any" }
asOf = { coordinator = "any", employer = "any" }
workList = { coordinator = "any", auditor = "any" }
sessionsCalendar = { mentor = "own", mentee = "own" }
entitlement = { coordinator = "any", employer = "employer", mentee = "own" }
health = { coordinator = "any", auditor = "any", administrator = "any" }

[fields]
eligibility = { coordinator = "visible", employer = "employer", mentee = "own" }
take-up = { coordinator = "visible", mentee = "own", auditor = "visible" }
identity = { coordinator = "visible" }
employment = { coordinator = "visible" }
time-in-post = { coordinator = "visible" }
meeting-places = { mentor = "own", mentee = "own" }
position = { coordinator = "visible", auditor = "visible", administrator = "visible" }
"#;

/// A service with one scheme, which stands at noon of 22 November 2026.
struct Service {
    address: SocketAddr,
    tokens: LocalTokens,
    platform: Platform,
    directory: TempDir,
}

impl Service {
    async fn start() -> Self {
        Self::start_with(MATRIX).await
    }

    async fn start_with(matrix: &str) -> Self {
        let directory = TempDir::new().expect("a directory");
        let service = Self::serve_with(directory, matrix).await;
        let commands = [
            Command::from(OpenScheme {
                name: "Newly appointed directors".to_owned(),
                kind: SchemeKind::Mentoring,
            }),
            Command::from(AdoptPolicy {
                policy: shipped::policy("newly-appointed-directors-2026").expect("shipped"),
                effective_from: None,
            }),
            Command::from(AdoptRegister {
                register: shipped::register(),
            }),
            Command::from(AdoptCalendar {
                calendar: shipped::calendar(),
            }),
        ];
        for command in commands {
            service.execute(command).await;
        }
        service
    }

    async fn serve_with(directory: TempDir, matrix: &str) -> Self {
        let options = Options {
            create: Some(Kind::Rehearsal),
            anchor: "2026-11-22T12:00:00Z".parse().expect("an instant"),
            ..Options::new(directory.path())
        };
        let platform = Platform::open(&options, Metrics::new()).expect("a platform");
        let tokens = LocalTokens::new(platform.key().clone());
        let matrix = Arc::new(Matrix::parse(matrix).expect("a matrix"));
        let router = protect(super::router(platform.clone(), tokens.clone(), matrix));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            tokens,
            platform,
            directory,
        }
    }

    async fn execute(&self, command: Command) {
        let outcome = self.platform.execute(SCHEME, request(command)).await;
        assert!(matches!(outcome, Ok(Outcome::Accepted(_))), "{outcome:?}");
    }

    fn token(&self, role: Role, employer: Option<&str>) -> String {
        let grant = Grant {
            subject: Uuid::from_u128(role as u128 + 100),
            role,
            scheme: Some(SCHEME.to_owned()),
            person: None,
            employer: employer.map(str::to_owned),
        };
        let now = outside::wall_clock();
        let hour = SignedDuration::from_hours(1);
        self.tokens.mint(&grant, now, hour).expect("a token")
    }

    fn coordinator(&self) -> Call {
        self.call(Some(self.token(Role::Coordinator, None)))
    }

    fn employer(&self, code: &str) -> Call {
        self.call(Some(self.token(Role::Employer, Some(code))))
    }

    fn call(&self, token: Option<String>) -> Call {
        let bearer = token.map(|token| ("authorization".to_owned(), format!("Bearer {token}")));
        Call {
            address: self.address,
            headers: bearer.into_iter().collect(),
        }
    }

    async fn position(&self) -> u64 {
        let snapshot = self.platform.snapshot(SCHEME).await.expect("a snapshot");
        snapshot.position()
    }

    /// All that stands in the data directory, to look for what must not be there.
    fn bytes_on_disk(&self) -> Vec<u8> {
        let mut folders = vec![self.directory.path().to_owned()];
        let mut bytes = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    bytes.extend(std::fs::read(path).unwrap_or_default());
                }
            }
        }
        bytes
    }
}

/// A command that happens today.
fn request(command: Command) -> Request {
    Request {
        command_id: outside::random_uuid(),
        command,
        actor: Actor {
            id: Uuid::from_u128(9),
            role: Arc::from("administrator"),
        },
        happened_on: None,
        reported_by: None,
        channel: None,
        validate_only: false,
        correlation_id: None,
        traceparent: None,
    }
}

/// A request being made.
#[derive(Clone)]
struct Call {
    address: SocketAddr,
    headers: Vec<(String, String)>,
}

impl Call {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn key(self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    async fn json(self, body: &Value) -> Answer {
        let call = self.with("content-type", "application/json");
        call.push("", body.to_string()).await
    }

    async fn csv(self, body: impl Into<Vec<u8>>) -> Answer {
        self.csv_of("", body).await
    }

    async fn csv_of(self, query: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.with("content-type", "text/csv")
            .push(query, body)
            .await
    }

    async fn push(self, query: &str, body: impl Into<Vec<u8>>) -> Answer {
        let path = format!("/v1/schemes/{SCHEME}/appointments{query}");
        self.send("POST", &path, body.into()).await
    }

    async fn get(self, path: &str) -> Answer {
        self.send("GET", path, vec![]).await
    }

    async fn send(self, method: &str, path: &str, body: Vec<u8>) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let work = move || {
            let config = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .proxy(None)
                .build();
            let request = request.body(body).expect("a request");
            let mut response = config.new_agent().run(request).expect("an answer");
            Answer {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                text: response.body_mut().read_to_string().expect("text"),
            }
        };
        tokio::task::spawn_blocking(work).await.expect("an answer")
    }
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: ureq::http::HeaderMap,
    text: String,
}

impl Answer {
    fn body(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    #[track_caller]
    fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body()
    }

    #[track_caller]
    fn refuses(self, status: u16, code: &str) -> Value {
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let body = self.is(status);
        assert_eq!(body["code"], code, "{body}");
        body
    }
}

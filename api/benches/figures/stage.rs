//! Everything that is started for a run: a data directory, the service on it, and its peer.

use crate::{
    client::{Client, request},
    harness::{self, Service},
};
use jiff::{
    ToSpan as _,
    civil::{Date, date},
};
use std::{cell::Cell, path::Path, process::Command, time::Duration};

/// The scheme all commands go to.
pub const SCHEME: &str = "figures";
/// One employer of the shipped register.
pub const EMPLOYER: &str = "E10000008";

/// How long things are measured for.
#[derive(Clone, Copy)]
pub struct Pace {
    /// How long one side is measured before the other takes its turn.
    pub slice: Duration,
    /// How often the sides take turns.
    pub turns: usize,
    /// The sustained stretch.
    pub stretch: Duration,
}

impl Pace {
    /// About a minute in all.
    pub const SHORT: Self = Self {
        slice: Duration::from_millis(500),
        turns: 3,
        stretch: Duration::from_secs(10),
    };
    /// Long enough for the disk's moods to even out.
    pub const FULL: Self = Self {
        slice: Duration::from_secs(2),
        turns: 9,
        stretch: Duration::from_mins(1),
    };
}

/// A folder on the disk that is measured, away again when dropped.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// Serves `data` to one client without end: here all that is measured comes from one token.
pub fn serve(data: &Path) -> Service {
    Service::serve(data, &["--config", &without_end(data)])
}

/// The demonstration, served alike.
pub fn demo(data: &Path) -> Service {
    let mut command = harness::alongside();
    command.args(["demo", "--listen", "127.0.0.1:0", "--config"]);
    command.arg(without_end(data));
    Service::start(command, data)
}

fn without_end(data: &Path) -> String {
    let settings = data.with_extension("settings.toml");
    std::fs::write(&settings, "[limits]\nrequests_a_minute = 4000000000\n").expect("settings");
    settings.display().to_string()
}

/// The service on a scheme of its own.
pub struct Stage {
    pub service: Service,
    pub coordinator: String,
    commands: Cell<u64>,
}

impl Stage {
    /// Opens a scheme in `data` and serves it.
    pub fn open(data: &Path) -> Self {
        let service = serve(data);
        let administrator = harness::token(data, &["--role", "administrator"]);
        harness::open_scheme(&service, &administrator, SCHEME);
        Self::over(service, data)
    }

    /// What is served already.
    pub fn over(service: Service, data: &Path) -> Self {
        Self {
            service,
            coordinator: harness::token(data, &["--role", "coordinator", "--ttl", "12h"]),
            commands: Cell::new(0),
        }
    }

    /// A client whose numbers nobody else has.
    pub fn client(&self) -> Client {
        let first = self.commands.replace(self.commands.get() + (1 << 32));
        Client::new(&self.service.url, first)
    }

    fn authorization(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.coordinator)
    }

    /// A notice over REST: somebody new, under a key of its own.
    pub fn notice(&self, scheme: &str) -> impl Fn(u64, &mut Vec<u8>) + use<> {
        let (path, authorization) = (
            format!("/v1/schemes/{scheme}/appointments"),
            self.authorization(),
        );
        move |number, into| {
            let headers = format!("{authorization}idempotency-key: notice {number}\r\n");
            request(into, "POST", &path, &headers, &notice(number));
        }
    }

    /// The notices of so many people in turn, each a day later than the one before: always something new about somebody
    /// known.
    pub fn moving_notice(&self, scheme: &str, people: u64) -> impl Fn(u64, &mut Vec<u8>) + use<> {
        let path = format!("/v1/schemes/{scheme}/appointments");
        let authorization = self.authorization();
        move |number, into| {
            let days = i64::try_from(number / people).expect("few enough");
            let day = FIRST_DAY.saturating_add(days.days());
            let headers = format!("{authorization}idempotency-key: notice {number}\r\n");
            request(
                into,
                "POST",
                &path,
                &headers,
                &notice_from(number % people, day),
            );
        }
    }

    /// The same command over GraphQL.
    pub fn mutation(&self) -> impl Fn(u64, &mut Vec<u8>) + use<> {
        let headers = self.authorization();
        move |number, into| {
            let command =
                uuid::Uuid::from_u128(u128::from(number) | 0x8000_u128 << 64 | 0x4000 << 76);
            let body = format!(
                r#"{{"query":"{MUTATION}","variables":{{"command":"{command}","number":"m{number}","name":"Somebody {number}"}}}}"#
            );
            request(into, "POST", "/graphql", &headers, &body);
        }
    }

    /// A query over GraphQL; where it is `numbered`, each request is another question of the same work, because it brings
    /// a variable that the document does not ask for.
    pub fn query(&self, text: &str, numbered: bool) -> impl Fn(u64, &mut Vec<u8>) + use<> {
        let headers = self.authorization();
        let text = serde_json::Value::from(text).to_string();
        move |number, into| {
            let number = if numbered { number } else { 0 };
            let body = format!(r#"{{"query":{text},"variables":{{"number":{number}}}}}"#);
            request(into, "POST", "/graphql", &headers, &body);
        }
    }

    /// A question without a body.
    pub fn plain_question(&self, path: &'static str) -> impl Fn(u64, &mut Vec<u8>) + use<> {
        let headers = self.authorization();
        move |_, into| request(into, "POST", path, &headers, "{}")
    }
}

const MUTATION: &str = "mutation($command: UUID!, $number: String!, $name: String!) { notifyAppointment(input: { \
    scheme: \\\"figures\\\", commandId: $command, employer: \\\"E10000008\\\", employeeNumber: $number, details: { name: $name }, \
    post: \\\"director-of-childrens-services\\\", basis: SUBSTANTIVE, startsOn: \\\"2027-01-04\\\", firstPost: YES, \
    source: COORDINATOR }) { version rejection { code } appointment { id verdict } } }";

const FIRST_DAY: Date = date(2027, 1, 4);

/// The body of a notice about somebody new.
pub fn notice(number: u64) -> String {
    notice_from(number, FIRST_DAY)
}

fn notice_from(number: u64, day: Date) -> String {
    format!(
        r#"{{"employer":"{EMPLOYER}","employeeNumber":"n{number}","name":"Somebody {number}","post":"director-of-childrens-services","basis":"substantive","startsOn":"{day}","firstPost":"yes"}}"#
    )
}

/// The peer, with the answer its `/dashboard` gives.
pub fn peer(answer: &Path) -> Service {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg("peer").arg(answer);
    Service::start(command, Path::new("-"))
}

/// An echo of the body of a notice, with the headers that a notice has.
pub fn echo(stage: &Stage) -> impl Fn(u64, &mut Vec<u8>) + use<> {
    let authorization = stage.authorization();
    move |number, into| {
        let headers = format!("{authorization}idempotency-key: notice {number}\r\n");
        request(into, "POST", "/echo", &headers, &notice(number));
    }
}

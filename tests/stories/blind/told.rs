//! Histories in a data directory, served by the real binary and asked over real HTTP.

use super::{documents::Question, people::Asker};
use crate::harness::{Service, alongside};
use api::{
    dispatch::{System, codec::Draft},
    identity::{key::TokenKey, token::LocalTokens},
    outside,
};
use domain::Recorded;
use event_log::{Embedded, EventStore as _, Kind, Options, Position, SchemeId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{fs, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use ureq::{RequestBuilder, typestate::WithBody};

/// One key for all data directories: what is derived from it is then the same in all of them.
fn key() -> TokenKey {
    TokenKey::from_bytes([7; 32])
}

/// A quota that nobody here uses up: when one is used up is a matter of the moment.
const WIDE: &str = "[limits]\nrequests_a_minute = 4000000000\nwithout_token_a_minute = 4000000000\nfailed_tokens_a_minute = 4000000000\n";

/// The scheme that holds the history of this number.
pub fn scheme(number: usize) -> String {
    format!("told-{number}")
}

/// A folder in memory where there is one: hundreds of histories are written and thrown away.
pub fn folder() -> TempDir {
    let made = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    made.expect("a folder")
}

/// Writes each history as a scheme of a new data directory. It is one for rehearsals, where it is the instant at which a history
/// ends: what falls due by the day of the test would be recorded by each service for itself.
pub fn write(data: &Path, histories: &[Vec<Recorded>]) {
    let options = Options::new(Arc::new(System))
        .create(Kind::Rehearsal)
        .without_index();
    let store = Embedded::open(data, options).expect("a data directory");
    for (number, history) in histories.iter().enumerate() {
        let id = SchemeId::new(scheme(number)).expect("a name");
        store.create(&id).expect("a new scheme");
        let vault = store.vault(&id).expect("a keyring");
        let sealed = history.iter().map(|recorded| {
            let draft = Draft::new(recorded.clone(), None, None).expect("it can be written");
            draft.seal(&id, &vault).expect("it can be sealed")
        });
        let sealed: Vec<_> = sealed.collect();
        let mut head = Position(0);
        for group in sealed.chunks(128) {
            head = store
                .append(&id, head, group.to_vec())
                .expect("it is appended");
        }
    }
    store.close().expect("it closes");
    key().install(data).expect("a key");
}

/// A service on such a directory, and whatever is needed to ask it.
pub struct Told {
    service: Service,
    /// Gone when it ends.
    _settings: tempfile::NamedTempFile,
    agent: ureq::Agent,
    tokens: LocalTokens,
}

/// An answer, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| Value::String(self.text.clone()))
    }

    /// Whether the document was too large for the service to look at.
    pub fn is_too_large(&self) -> bool {
        let answer = self.json();
        let errors = answer["errors"].as_array().into_iter().flatten();
        let mut codes = errors.map(|error| error["extensions"]["code"].to_string());
        codes.any(|code| {
            code.to_uppercase().contains("DOCUMENT_TOO") || code.to_uppercase().contains("COMPLEX")
        })
    }
}

impl Told {
    /// Starts the binary; `more` are settings of its environment.
    pub fn serve(data: &Path, more: &[(&str, &str)]) -> Self {
        let settings = tempfile::NamedTempFile::new().expect("a file");
        fs::write(settings.path(), WIDE).expect("written");
        let mut command = alongside();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(settings.path())
            .env("ALONGSIDE_LOG", "trace")
            .env("ALONGSIDE_LOG_FORMAT", "json")
            .envs(more.iter().copied());
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(1)))
            // The service may close a connection after it has refused what came over it, and says so in its log.
            .max_idle_connections(0)
            .build();
        Self {
            service: Service::start(command, data),
            _settings: settings,
            agent: agent.into(),
            tokens: LocalTokens::new(key()),
        }
    }

    /// Ends it; everything it has written.
    pub fn stop(self) -> String {
        self.service.stop()
    }

    /// A token of `asker` for a scheme; empty for nobody.
    pub fn token(&self, asker: &Asker, scheme: &str) -> String {
        let grant = asker.grant(scheme);
        let minted = grant.map(|grant| {
            let now = outside::wall_clock();
            self.tokens
                .mint(&grant, now, SignedDuration::from_hours(2))
                .expect("a token")
        });
        minted.unwrap_or_default()
    }

    /// Puts a question about a scheme.
    pub fn ask(&self, token: &str, scheme: &str, question: &Question) -> Answer {
        let variables = json!({ "scheme": scheme });
        self.graphql(token, &question.document, &variables)
    }

    /// Sends a document.
    pub fn graphql(&self, token: &str, document: &str, variables: &Value) -> Answer {
        let body = json!({ "query": document, "variables": variables }).to_string();
        self.post("/graphql", token, &[], &body)
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, token: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let send = || {
            let request = self.to(path, token);
            let request = headers.iter().fold(request, |request, (name, value)| {
                request.header(*name, *value)
            });
            request.send(body)
        };
        answered(send().or_else(|error| tried_again(&error, send)))
    }

    /// A request that brings JSON.
    pub(super) fn to(&self, path: &str, token: &str) -> RequestBuilder<WithBody> {
        let request = self.agent.post(format!("{}{path}", self.service.url));
        request
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
    }

    /// Reads a route.
    pub fn get(&self, path: &str, token: &str) -> Answer {
        let send = || {
            let request = self.agent.get(format!("{}{path}", self.service.url));
            let request = request.header("authorization", format!("Bearer {token}"));
            request.call()
        };
        answered(send().or_else(|error| tried_again(&error, send)))
    }
}

type Response = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

/// Once more, as any client does whose connection went: the service may close one after it has refused what came over it.
/// Everything sent here may be sent twice: a command carries its id.
fn tried_again(error: &ureq::Error, send: impl FnOnce() -> Response) -> Response {
    println!("sent again, because of {error}");
    send()
}

pub(super) fn answered(response: Response) -> Answer {
    let mut response = response.expect("an answer");
    let headers = response.headers().iter().map(|(name, value)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    Answer {
        status: response.status().as_u16(),
        headers: headers.collect(),
        text: response.body_mut().read_to_string().expect("text"),
    }
}

//! A provider on this machine that answers with its two documents, or not: for tests.

use super::{
    IdentitySettings,
    testing::{Signer, key_set},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What it is to answer, and how often its keys were asked for.
pub struct Answers {
    pub keys: String,
    pub is_up: bool,
    pub issuer: String,
    pub asked: u32,
}

/// A provider. It lives as long as the test.
pub struct Stub {
    pub issuer: String,
    pub answers: Arc<Mutex<Answers>>,
}

pub const AUDIENCE: &str = "https://alongside.example";

impl Stub {
    pub fn new(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}/realm", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(Answers {
            keys: key_set(signers),
            is_up: true,
            issuer: issuer.clone(),
            asked: 0,
        }));
        let shared = Arc::clone(&answers);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &shared);
            }
        });
        Self { issuer, answers }
    }

    /// From now on it has these keys.
    pub fn rotate(&self, signers: &[&Signer]) {
        self.answers.lock().unwrap().keys = key_set(signers);
    }

    /// From now on it answers, or hangs up on whoever asks.
    pub fn be_up(&self, is_up: bool) {
        self.answers.lock().unwrap().is_up = is_up;
    }

    pub fn asked(&self) -> u32 {
        self.answers.lock().unwrap().asked
    }

    /// Settings that take its tokens; `more` is what they say beside.
    pub fn settings(&self, more: &str) -> IdentitySettings {
        let issuer = &self.issuer;
        let text = format!(
            "[[issuers]]\nissuer = \"{issuer}\"\naudience = \"{AUDIENCE}\"\n{}",
            more.replace("ISSUER", issuer)
        );
        toml::from_str(&text).unwrap()
    }

    /// The claims of a good token about `subject` that holds for an hour from `now`.
    pub fn claims(&self, subject: &str, now: Timestamp) -> Value {
        let now = now.as_second();
        json!({
            "iss": self.issuer, "aud": [AUDIENCE, "another"], "sub": subject, "iat": now, "nbf": now, "exp": now + 3600,
            "client_id": "front-end", "jti": "1",
        })
    }
}

fn answer(stream: &TcpStream, answers: &Mutex<Answers>) {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    if reader.read_line(&mut request).is_err() {
        return;
    }
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    let mut answers = answers.lock().unwrap();
    if !answers.is_up {
        return;
    }
    let host = answers.issuer.trim_end_matches("/realm").to_owned();
    let body = match request.split(' ').nth(1) {
        Some("/realm/.well-known/openid-configuration") => {
            json!({ "issuer": answers.issuer, "jwks_uri": format!("{host}/keys") }).to_string()
        }
        Some("/keys") => {
            answers.asked += 1;
            answers.keys.clone()
        }
        _ => return,
    };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let mut stream = stream;
    let _gone = write!(
        stream,
        "{head}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
}

//! What is told to whoever listens: the first messages of every subscription, over server-sent events.

use super::told::{Told, answered};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    time::Duration,
};

/// The most entries of the history that are waited for.
const ENTRIES: usize = 40;
/// How long nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

const CURSORS: &str = "query($scheme: ID!, $most: Int!) {
    scheme(id: $scheme) { auditTrail(first: $most) { edges { cursor } } } }";
const HISTORY: &str = "subscription($scheme: ID!, $after: String) {
    auditTrail(scheme: $scheme, after: $after) { cursor node {
        id type recordedAt happenedOn actor { id role } subjects { id kind } data sealed { path bytes subject erased } } } }";
const BOARD: &str = "subscription($scheme: ID!) {
    dashboard(scheme: $scheme) { today stages { stage count } mentorStages { stage count } } }";

impl Told {
    /// What each subscription says first to whoever holds the token, by its name.
    pub fn heard(&self, token: &str, scheme: &str) -> Vec<(&'static str, Value)> {
        let asked = json!({ "scheme": scheme, "most": ENTRIES });
        let cursors = self.graphql(token, CURSORS, &asked).json();
        let edges = cursors["data"]["scheme"]["auditTrail"]["edges"].as_array();
        let seen = edges.map_or(0, Vec::len);
        let first = edges.and_then(|edges| edges.first());
        let after = first.map_or(Value::Null, |edge| edge["cursor"].clone());
        let history = json!({ "scheme": scheme, "after": after });
        let board = json!({ "scheme": scheme });
        vec![
            (
                "auditTrail",
                self.listen(token, HISTORY, &history, seen.saturating_sub(1).max(1)),
            ),
            ("dashboard", self.listen(token, BOARD, &board, 1)),
        ]
    }

    /// The first so many messages, or the answer that came instead.
    fn listen(&self, token: &str, document: &str, variables: &Value, most: usize) -> Value {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = self.to("/graphql/stream", token);
        let request = request.header("accept", "text/event-stream").config();
        let response = request
            .timeout_recv_body(Some(PATIENCE))
            .build()
            .send(&body);
        let response = response.expect("an answer");
        let kind = response.headers().get("content-type");
        let is_stream = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        if !is_stream {
            let answer = answered(Ok(response));
            return json!({ "status": answer.status, "answer": answer.json() });
        }
        let lines = BufReader::new(response.into_body().into_reader()).lines();
        let messages = lines.map_while(Result::ok).filter_map(|line| {
            let told = line.strip_prefix("data: ")?;
            serde_json::from_str::<Value>(told).ok()
        });
        messages.take(most).collect()
    }
}

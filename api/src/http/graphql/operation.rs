//! One operation of a WebSocket connection, from its start to its last message.
//!
//! It runs in a task of its own and speaks through the connection's channel, so that a slow query holds up no other;
//! the channel is short, so a client that does not read slows down only what it asked for.

use async_graphql::{Executor, Response, parser::types::OperationType};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Edge, RequestContext, response, transport::Prepared};

/// A message on its way to the client.
pub(super) struct Outgoing {
    pub id: String,
    /// Tells two operations apart that used the same id one after the other.
    pub number: u64,
    pub body: Value,
    /// Whether the operation is over with it.
    pub last: bool,
}

/// An `error` message: the operation was not executed, and is over.
pub(super) fn error(id: &str, errors: &Value) -> Value {
    json!({ "id": id, "type": "error", "payload": errors })
}

pub(super) async fn run<E: Executor, C: RequestContext>(
    edge: Edge<E, C>,
    prepared: Prepared<C::Reads>,
    id: String,
    number: u64,
    sender: mpsc::Sender<Outgoing>,
) {
    let voice = Voice { id, number, sender };
    if prepared.kind == OperationType::Subscription {
        let mut responses = edge.follow(prepared.request);
        let mut is_first = true;
        while let Some(response) = responses.next().await {
            if std::mem::take(&mut is_first) && response::is_request_error(&response) {
                return voice.error(response).await;
            }
            if !voice.next(&response).await {
                return;
            }
        }
    } else {
        let response = edge.execute(prepared.request).await;
        if response::is_request_error(&response) {
            return voice.error(response).await;
        }
        voice.next(&response).await;
    }
    let body = json!({ "id": voice.id, "type": "complete" });
    voice.say(body, true).await;
}

struct Voice {
    id: String,
    number: u64,
    sender: mpsc::Sender<Outgoing>,
}

impl Voice {
    async fn next(&self, response: &Response) -> bool {
        let body = json!({ "id": self.id, "type": "next", "payload": response });
        self.say(body, false).await
    }

    async fn error(&self, response: Response) {
        let errors = json!(response.errors);
        self.say(error(&self.id, &errors), true).await;
    }

    /// Whether anybody still listens.
    async fn say(&self, body: Value, last: bool) -> bool {
        let id = self.id.clone();
        let number = self.number;
        let message = Outgoing {
            id,
            number,
            body,
            last,
        };
        self.sender.send(message).await.is_ok()
    }
}

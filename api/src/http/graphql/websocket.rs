//! GraphQL over WebSocket: `GET /graphql/ws`, the graphql-transport-ws protocol and no other.
//!
//! ```text
//!              connection_init + token            subscribe … complete
//! upgrade ───────────────────────────▶ admitted ───────────────────────▶ closed when the token ends (4403)
//!    └── nothing for 5 s: 4408
//! ```
//!
//! Beside the token in `connection_init` may stand `role` and `scheme`, for the headers a browser cannot set.
//! A connection lives no longer than its token, and each operation is equipped anew. The older `graphql-ws`
//! subprotocol is deliberately absent: it cannot tell a refused document from a result.

use std::{collections::HashMap, time::Duration};

use async_graphql::Executor;
use axum::{
    extract::{
        Extension, State,
        ws::{
            CloseFrame, Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection,
        },
    },
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response as Answer},
};
use serde_json::{Map, Value, json};
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{self, Instant},
};

use super::{
    Edge, RequestContext,
    context::{once, without_scheme},
    limits::Refusal,
    operation::{self, Outgoing},
    request::{self, Asked},
    response,
};
use crate::{
    http::{
        problem::{Code, Problem},
        quota::{Asker, HeldStream},
    },
    identity::bearers::{Credentials, ROLE_HEADER, SCHEME_HEADER},
};

const PROTOCOL: &str = "graphql-transport-ws";
const INIT_WITHIN: Duration = Duration::from_secs(5);
const PING_EVERY: Duration = Duration::from_secs(25);
const SEND_WITHIN: Duration = Duration::from_secs(10);

/// Why the server hangs up. The numbers are the protocol's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    BadMessage,
    NotInitialised,
    Forbidden,
    Expired,
    WrongProtocol,
    InitTimeout,
    DuplicateOperation,
    DuplicateInit,
    TooMuch,
    Silent,
}

impl Close {
    const fn frame(self) -> (u16, &'static str) {
        match self {
            Self::BadMessage => (4400, "Invalid message"),
            Self::NotInitialised => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::Expired => (4403, "The token has expired"),
            Self::WrongProtocol => (4406, "Subprotocol not acceptable"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::DuplicateOperation => (4409, "Subscriber already exists"),
            Self::DuplicateInit => (4429, "Too many initialisation requests"),
            Self::TooMuch => (1013, "Too many messages or connections; try again later"),
            Self::Silent => (1001, "No sign of life"),
        }
    }
}

/// Why the loop ends.
enum End {
    Close(Close),
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

pub(super) async fn upgrade<E: Executor, C: RequestContext>(
    State(edge): State<Edge<E, C>>,
    headers: HeaderMap,
    asker: Option<Extension<Asker>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer {
    let Ok(upgrade) = upgrade else {
        let detail = "This is a WebSocket; ask for the upgrade.";
        return Problem::new(Code::Malformed, detail).into_response();
    };
    // A token in the header is judged before the upgrade, while there is still a status to say no with.
    let visitor = if headers.contains_key(header::AUTHORIZATION) {
        match edge.visitor(&headers).await {
            Ok(visitor) => Some(visitor),
            Err(problem) => return problem.into_response(),
        }
    } else {
        None
    };
    let bytes_max = edge.documents.limits.body_bytes_max;
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(bytes_max)
        .max_frame_size(bytes_max)
        .on_upgrade(move |socket| serve(edge, headers, visitor, asker.map(|asker| asker.0), socket))
}

async fn serve<E: Executor, C: RequestContext>(
    edge: Edge<E, C>,
    headers: HeaderMap,
    visitor: Option<C::Visitor>,
    asker: Option<Asker>,
    mut socket: WebSocket,
) {
    let close = if socket.protocol().is_none() {
        Close::WrongProtocol
    } else {
        let (sender, receiver) = mpsc::channel(32);
        let mut connection = Connection {
            edge,
            headers,
            header_visitor: visitor,
            visitor: None,
            asker,
            held: None,
            deadline: Instant::now() + INIT_WITHIN,
            operations: HashMap::new(),
            started: 0,
            sender,
        };
        match connection.run(&mut socket, receiver).await {
            End::Close(close) => close,
            End::Gone => return,
        }
    };
    let (code, reason) = close.frame();
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    let goodbye = socket.send(Message::Close(Some(frame)));
    let _: Result<_, _> = time::timeout(SEND_WITHIN, goodbye).await; // Whoever is gone needs no goodbye.
}

struct Connection<E, C: RequestContext> {
    edge: Edge<E, C>,
    headers: HeaderMap,
    header_visitor: Option<C::Visitor>,
    /// Present once `connection_init` was acknowledged.
    visitor: Option<C::Visitor>,
    /// Whose account messages are charged to; nobody's where requests are not charged.
    asker: Option<Asker>,
    /// Counts the connection, once it is known whose it is.
    held: Option<HeldStream>,
    /// Until then for the initialisation, afterwards for the token.
    deadline: Instant,
    operations: HashMap<String, Running>,
    started: u64,
    sender: mpsc::Sender<Outgoing>,
}

struct Running {
    number: u64,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl<E: Executor, C: RequestContext> Connection<E, C> {
    async fn run(&mut self, socket: &mut WebSocket, mut outgoing: mpsc::Receiver<Outgoing>) -> End {
        let mut ping = time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        let mut heard = true;
        loop {
            let step = tokio::select! {
                () = time::sleep_until(self.deadline) => Err(self.overdue().into()),
                incoming = socket.recv() => {
                    heard = true;
                    match incoming {
                        Some(Ok(message)) => self.receive(socket, message).await,
                        Some(Err(_)) | None => Err(End::Gone),
                    }
                }
                // The connection holds a sender itself, so the channel never ends.
                Some(message) = outgoing.recv() => self.pass_on(socket, message).await,
                _ = ping.tick() => {
                    if std::mem::take(&mut heard) {
                        send(socket, Message::Ping(axum::body::Bytes::new())).await
                    } else {
                        Err(Close::Silent.into())
                    }
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    fn overdue(&self) -> Close {
        match self.visitor {
            Some(_) => Close::Expired,
            None => Close::InitTimeout,
        }
    }

    async fn receive(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::BadMessage.into()),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        let charged = self.asker.as_ref().map_or(Ok(()), Asker::message);
        let nesting_max = self.edge.documents.limits.json_nesting_max;
        request::check_nesting(text.as_bytes(), nesting_max).map_err(|_| Close::BadMessage)?;
        let Ok(Value::Object(mut message)) = serde_json::from_str(text.as_str()) else {
            return Err(Close::BadMessage.into());
        };
        let payload = message.remove("payload").unwrap_or_default();
        let id = message.get("id").and_then(Value::as_str);
        let kind = message.get("type").and_then(Value::as_str);
        if let Err(overdrawn) = charged {
            // Only what asks for something can be refused by itself.
            let (Some("subscribe"), Some(id), Some(_)) = (kind, id, &self.visitor) else {
                return Err(Close::TooMuch.into());
            };
            let errors = response::overdrawn_errors(&overdrawn);
            return send(socket, text_of(&operation::error(id, &errors))).await;
        }
        match (kind, id) {
            (Some("connection_init"), _) => self.initialise(socket, &payload).await,
            (Some("ping"), _) => send(socket, text_of(&json!({ "type": "pong" }))).await,
            (Some("pong"), _) => Ok(()),
            (Some("subscribe"), Some(id)) if !id.is_empty() => {
                let id = id.to_owned();
                self.subscribe(socket, id, payload).await
            }
            (Some("complete"), Some(id)) => {
                self.operations.remove(id); // Perhaps it ended by itself at the same moment.
                Ok(())
            }
            _ => Err(Close::BadMessage.into()),
        }
    }

    async fn initialise(&mut self, socket: &mut WebSocket, payload: &Value) -> Result<(), End> {
        if self.visitor.is_some() {
            return Err(Close::DuplicateInit.into());
        }
        let visitor = match (token_in(payload), self.header_visitor.take()) {
            (Some(token), _) => {
                let shown = self.shown_with(token, payload)?;
                let Ok(visitor) = self.edge.context.admit(&shown).await else {
                    if let Some(asker) = &self.asker {
                        asker.failed_token();
                    }
                    return Err(Close::Forbidden.into());
                };
                visitor
            }
            (None, Some(visitor)) => visitor,
            (None, None) => return Err(Close::Forbidden.into()),
        };
        if let (Some(asker), Some(holder)) = (&self.asker, self.edge.context.holder(&visitor)) {
            let admitted = asker.admitted(holder);
            self.held = admitted.hold_stream().map_err(|_| Close::TooMuch)?;
            self.asker = Some(admitted);
        }
        self.deadline = Instant::now() + self.edge.context.remaining(&visitor);
        self.visitor = Some(visitor);
        send(socket, text_of(&json!({ "type": "connection_ack" }))).await
    }

    /// The token, and as what it asks: a browser cannot set headers, so that may stand beside it.
    fn shown_with<'a>(
        &'a self,
        token: &'a str,
        payload: &'a Value,
    ) -> Result<Credentials<'a>, Close> {
        let beside = |name: &str, header: &str| match named(payload, name) {
            Some(value) => Ok(Some(value)),
            None => once(&self.headers, header).map_err(|_| Close::Forbidden),
        };
        Ok(Credentials {
            token,
            role: beside("role", ROLE_HEADER)?,
            scheme: beside("scheme", SCHEME_HEADER)?,
        })
    }

    async fn subscribe(
        &mut self,
        socket: &mut WebSocket,
        id: String,
        payload: Value,
    ) -> Result<(), End> {
        let Some(visitor) = &self.visitor else {
            return Err(Close::NotInitialised.into());
        };
        if self.operations.contains_key(&id) {
            return Err(Close::DuplicateOperation.into());
        }
        let Value::Object(members) = payload else {
            return Err(Close::BadMessage.into());
        };
        let prepared = self.prepare(visitor, members)?;
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(refusal) => {
                let errors = response::refusal_errors(&refusal);
                return send(socket, text_of(&operation::error(&id, &errors))).await;
            }
        };
        self.started += 1;
        let number = self.started;
        let run = operation::run(
            self.edge.clone(),
            prepared,
            id.clone(),
            number,
            self.sender.clone(),
        );
        let task = tokio::spawn(run).abort_handle();
        self.operations.insert(id, Running { number, task });
        Ok(())
    }

    /// The outer "no" ends the connection, the inner one only the operation.
    fn prepare(
        &self,
        visitor: &C::Visitor,
        members: Map<String, Value>,
    ) -> Result<Result<super::transport::Prepared<C::Reads>, Refusal>, Close> {
        let asked = Asked::from_members(members).map_err(|_| Close::BadMessage)?;
        let operations_max = self.edge.documents.limits.operations_max;
        if self.operations.len() >= operations_max {
            let message = format!("At most {operations_max} operations at once.");
            return Ok(Err(Refusal::new(Code::TooManyOperations, message)));
        }
        Ok(self.edge.prepare(visitor, &self.headers, asked))
    }

    /// Sends what an operation said, unless the client has ended that operation since.
    async fn pass_on(&mut self, socket: &mut WebSocket, message: Outgoing) -> Result<(), End> {
        let current = self
            .operations
            .get(&message.id)
            .map(|running| running.number);
        if current != Some(message.number) {
            return Ok(());
        }
        if message.last {
            self.operations.remove(&message.id);
        }
        send(socket, text_of(&message.body)).await
    }
}

/// `{ "authorization": "Bearer …" }`, in whichever case, or `{ "token": "…" }`.
fn token_in(payload: &Value) -> Option<&str> {
    named(payload, "authorization")
        .and_then(without_scheme)
        .or_else(|| named(payload, "token"))
}

fn named<'a>(payload: &'a Value, wanted: &str) -> Option<&'a str> {
    let mut members = payload.as_object()?.iter();
    let found = members.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.and_then(|(_, value)| value.as_str())
}

fn text_of(value: &Value) -> Message {
    Message::Text(value.to_string().into())
}

/// Whoever does not read within ten seconds is treated as gone.
async fn send(socket: &mut WebSocket, message: Message) -> Result<(), End> {
    match time::timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}

//! GraphQL over server-sent events: `POST /graphql/stream`, one operation a connection.
//!
//! The "distinct connections" mode of the graphql-sse protocol. There is deliberately no reservation of a stream and
//! no single-connection mode: both need state between requests, and HTTP/2 made them needless. A stream ends without
//! `complete` when its token does, so that the client asks again with a new one.

use std::{convert::Infallible, future::ready, time::Duration};

use async_graphql::{Executor, Response, parser::types::OperationType};
use axum::{
    body::Body,
    extract::{Extension, State},
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse as _, Response as Answer},
};
use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
};

use super::{
    Edge, RequestContext,
    limits::Refusal,
    media::{self, Dress},
    response,
};
use crate::http::{
    problem::{Code, Problem},
    quota::{self, Asker, HeldStream},
};

const KEEP_ALIVE: Duration = Duration::from_secs(12);

pub(super) async fn post<E: Executor, C: RequestContext>(
    State(edge): State<Edge<E, C>>,
    headers: HeaderMap,
    sender: Option<Extension<Asker>>,
    body: Body,
) -> Answer {
    let (visitor, asked) = match edge.receive(&headers, body).await {
        Ok(received) => received,
        Err(problem) => return problem.into_response(),
    };
    if !media::accepts_events(&headers) {
        return Problem::new(Code::NotAcceptable, "Accept text/event-stream.").into_response();
    }
    let prepared = match edge.prepare(&visitor, &headers, asked) {
        Ok(prepared) => prepared,
        Err(refusal) => return refused(&refusal),
    };
    let held = sender.map_or(Ok(None), |sender| sender.hold_stream());
    let held = match held {
        Ok(held) => held,
        Err(overdrawn) => return quota::refused(&overdrawn),
    };
    let mut responses: BoxStream<'static, Response> = match prepared.kind {
        OperationType::Subscription => edge.follow(prepared.request),
        OperationType::Query | OperationType::Mutation => {
            let response = edge.execute(prepared.request).await;
            stream::once(ready(response)).boxed()
        }
    };
    // What is wrong with the document is known at once; then the status can still say so.
    let first = responses.next().now_or_never();
    if let Some(Some(response)) = &first
        && response::is_request_error(response)
    {
        let Some(Some(response)) = first else {
            unreachable!("it was there a line ago");
        };
        return response::answer(&response, Dress::GraphqlResponse);
    }
    let responses = match first {
        Some(Some(response)) => stream::once(ready(response)).chain(responses).boxed(),
        Some(None) => stream::empty().boxed(),
        None => responses,
    };
    events(responses, edge.context.remaining(&visitor), held)
}

/// Written out here because the framework's events leave out an empty `data:`, without which a browser's `EventSource`
/// never hears of `complete`.
///
/// The stream counts as held until the last of it is gone.
fn events(
    responses: BoxStream<'static, Response>,
    remaining: Duration,
    held: Option<HeldStream>,
) -> Answer {
    let next = responses.map(|response| {
        let text = serde_json::to_string(&response).unwrap_or_default();
        format!("event: next\ndata: {text}\n\n")
    });
    let complete = stream::once(ready("event: complete\ndata: \n\n".to_owned()));
    let until = Box::pin(tokio::time::sleep(remaining));
    let events = next.chain(complete).take_until(until).boxed();
    let kept_alive =
        stream::unfold(
            (events, held),
            async |(mut events, held)| match tokio::time::timeout(KEEP_ALIVE, events.next()).await {
                Ok(Some(event)) => Some((Ok::<_, Infallible>(event), (events, held))),
                Ok(None) => None,
                Err(_) => Some((Ok(":\n\n".to_owned()), (events, held))),
            },
        );
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // Proxies that gather an answer before passing it on would gather for ever.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(kept_alive)).into_response()
}

fn refused(refusal: &Refusal) -> Answer {
    response::refused(refusal, Dress::GraphqlResponse)
}

//! GraphQL for any schema over three transports: HTTP, WebSocket and server-sent events.
//!
//! ```text
//! bytes ─▶ request ─▶ limits (tokens, then the parsed document) ─▶ schema: validation, execution ─▶ response
//! ```
//!
//! Written by hand, because the library's extractor executes mutations over GET, takes any content type, batches and
//! bodies of 8 MiB, and applies its limits after validation has already paid for the document. There is deliberately
//! no upload, no persisted query and no batching. Nothing here logs a document or a variable.

mod context;
mod documents;
mod kept;
mod limits;
mod media;
mod operation;
mod request;
mod response;
mod stream;
mod tokens;
mod transport;
mod websocket;
mod weight;

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    Router,
    http::header,
    routing::{any, get, post},
};

pub use context::{RequestContext, bearer_token, credentials};
pub use limits::{Introspection, Limits};

use documents::Documents;

/// What the schema builder must be told so that the library's own limit agrees with ours.
pub const COMPLEXITY_MAX: usize = 2_000;

/// One schema at one door. Cloned for every request, so everything heavy is shared.
struct Edge<E, C> {
    executor: E,
    context: C,
    documents: Arc<Documents>,
}

impl<E: Clone, C: Clone> Clone for Edge<E, C> {
    fn clone(&self) -> Self {
        Self {
            executor: self.executor.clone(),
            context: self.context.clone(),
            documents: Arc::clone(&self.documents),
        }
    }
}

/// The routes `/graphql`, `/graphql/ws`, `/graphql/stream` and `/graphql/schema`.
///
/// `executor` is the schema, built with [`COMPLEXITY_MAX`] and without suggestions (see [`harden`]); `sdl` is its
/// text, served as it is to anybody, because it is a published promise, unless introspection is off.
pub fn router<E, C>(executor: E, sdl: String, context: C, limits: Limits) -> Router
where
    E: Executor,
    C: RequestContext,
{
    let is_published = limits.introspection != Introspection::Off;
    let edge = Edge {
        executor,
        context,
        documents: Arc::new(Documents::new(limits)),
    };
    let sdl: Arc<str> = sdl.into();
    let schema = get(move || async move {
        let kind = "text/plain; charset=utf-8";
        ([(header::CONTENT_TYPE, kind)], sdl.to_string())
    });
    let routes = Router::new()
        .route(
            "/graphql",
            any(transport::unknown_method)
                .get(transport::get::<E, C>)
                .post(transport::post::<E, C>),
        )
        .route("/graphql/ws", get(websocket::upgrade::<E, C>))
        .route("/graphql/stream", post(stream::post::<E, C>))
        .with_state(edge);
    if is_published {
        routes.route("/graphql/schema", schema)
    } else {
        routes
    }
}

/// Sets on a schema builder what the limits here rely on.
pub fn harden<Q, M, S>(
    builder: async_graphql::SchemaBuilder<Q, M, S>,
) -> async_graphql::SchemaBuilder<Q, M, S> {
    builder
        .limit_complexity(COMPLEXITY_MAX)
        .disable_suggestions() // They would tell the names of what the asker may not see.
}

#[cfg(test)]
mod tests;

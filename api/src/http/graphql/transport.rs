//! GraphQL over plain HTTP: `POST` for everything, `GET` for queries.
//!
//! What never became a GraphQL request is answered with problem details, everything after as GraphQL.

use async_graphql::{Executor, Request, Response, parser::types::OperationType};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse as _, Response as Answer},
};
use futures_util::{StreamExt as _, stream::BoxStream};

use super::{
    Edge, RequestContext, credentials,
    documents::{Checked, check_variables, is_plain_query},
    kept,
    limits::{Introspection, Refusal},
    media::{self, Dress},
    request::Asked,
    response,
};
use crate::http::{
    problem::{Code, Problem},
    security::read_body,
};

/// An operation within all limits, equipped for the schema.
pub(super) struct Prepared<R> {
    pub request: Request,
    pub kind: OperationType,
    pub reads: R,
}

pub(super) async fn post<E: Executor, C: RequestContext>(
    State(edge): State<Edge<E, C>>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    if edge.is_open_to(&headers) {
        return edge.introspect(&headers, body).await;
    }
    match edge.receive(&headers, body).await {
        Ok((visitor, asked)) => match media::negotiate(&headers) {
            Ok(dress) => edge.answer(&visitor, &headers, asked, dress).await,
            Err(problem) => problem.into_response(),
        },
        Err(problem) => problem.into_response(),
    }
}

pub(super) async fn get<E: Executor, C: RequestContext>(
    State(edge): State<Edge<E, C>>,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let visitor = match edge.visitor(&headers).await {
        Ok(visitor) => visitor,
        Err(problem) => return problem.into_response(),
    };
    let read = || {
        let dress = media::negotiate(&headers)?;
        let asked = Asked::from_uri(&uri, edge.documents.limits.json_nesting_max)?;
        edge.require_query(&asked)?;
        Ok((dress, asked))
    };
    match read() {
        Ok((dress, asked)) => edge.answer(&visitor, &headers, asked, dress).await,
        Err(problem) => Problem::into_response(problem),
    }
}

pub(super) async fn unknown_method() -> Answer {
    Problem::new(
        Code::MethodNotAllowed,
        "Ask with POST, or with GET for queries.",
    )
    .with_allow("GET, POST")
    .into_response()
}

impl<E: Executor, C: RequestContext> Edge<E, C> {
    /// Who asks, by the header.
    pub(super) async fn visitor(&self, headers: &HeaderMap) -> Result<C::Visitor, Problem> {
        self.context.admit(&credentials(headers)?).await
    }

    /// Reads a POST: who, what type, how much, what.
    pub(super) async fn receive(
        &self,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<(C::Visitor, Asked), Problem> {
        let limits = &self.documents.limits;
        let visitor = self.visitor(headers).await?;
        media::require_json(headers)?;
        let bytes = read_body(headers, body, limits.body_bytes_max).await?;
        let asked = Asked::from_json(&bytes, limits.json_nesting_max)?;
        Ok((visitor, asked))
    }

    /// Holds an operation to every limit and equips it.
    pub(super) fn prepare(
        &self,
        visitor: &C::Visitor,
        headers: &HeaderMap,
        asked: Asked,
    ) -> Result<Prepared<C::Reads>, Refusal> {
        let checked = self.documents.check(&asked.query)?;
        self.check_introspection(&checked, visitor)?;
        let operation = checked.operation(asked.operation_name.as_deref());
        let operation = operation.ok_or_else(|| {
            let message = "`operationName` must name one operation of the document.";
            Refusal::new(Code::ValidationFailed, message)
        })?;
        check_variables(operation, &asked.variables)?;
        let mut request = Request::new(asked.query).variables(asked.variables);
        request.operation_name = asked.operation_name;
        request.set_parsed_query(checked.document.clone());
        let kind = operation.ty;
        let (request, reads) = self.context.equip(visitor, headers, request);
        Ok(Prepared {
            request,
            kind,
            reads,
        })
    }

    fn check_introspection(&self, checked: &Checked, visitor: &C::Visitor) -> Result<(), Refusal> {
        let is_off = self.documents.limits.introspection == Introspection::Off;
        let message = match checked.introspects {
            true if is_off => "Introspection is switched off here.",
            true if !self.context.may_introspect(visitor) => {
                "The schema is published at /graphql/schema."
            }
            _ => return Ok(()),
        };
        Err(Refusal::new(Code::IntrospectionNotAllowed, message))
    }

    /// Whether a request without a token may be about the schema.
    fn is_open_to(&self, headers: &HeaderMap) -> bool {
        self.documents.limits.introspection == Introspection::Open
            && !headers.contains_key(header::AUTHORIZATION)
    }

    /// Answers somebody without a token who asks for the schema and for nothing else. Whatever else they asked, they hear
    /// what they would hear anyway: that a token is needed.
    async fn introspect(&self, headers: &HeaderMap, body: Body) -> Answer {
        let limits = &self.documents.limits;
        let read = async {
            let dress = media::negotiate(headers).ok()?;
            media::require_json(headers).ok()?;
            let bytes = read_body(headers, body, limits.body_bytes_max).await.ok()?;
            let asked = Asked::from_json(&bytes, limits.json_nesting_max).ok()?;
            let checked = self.documents.check(&asked.query).ok()?;
            checked
                .only_introspects()
                .then_some((asked, checked, dress))
        };
        let Some((asked, checked, dress)) = read.await else {
            return match self.visitor(headers).await {
                Err(problem) => problem.into_response(),
                Ok(_) => Problem::internal().into_response(),
            };
        };
        let mut request = Request::new(asked.query).variables(asked.variables);
        request.operation_name = asked.operation_name;
        request.set_parsed_query(checked.document.clone());
        response::answer(&self.execute(request).await, dress)
    }

    /// Executes a query or a mutation within its time.
    pub(super) async fn execute(&self, request: Request) -> Response {
        let timeout = self.documents.limits.timeout;
        let executed = tokio::time::timeout(timeout, self.executor.execute(request)).await;
        executed.map_or_else(
            |_| {
                let message = "No answer in time. A command may still take effect; retry it with the same commandId.";
                response::refusal_response(&Refusal::new(Code::Timeout, message))
            },
            response::coded,
        )
    }

    /// Follows a subscription.
    pub(super) fn follow(&self, request: Request) -> BoxStream<'static, Response> {
        let responses = self.executor.execute_stream(request, None);
        responses.map(response::coded).boxed()
    }

    async fn answer(
        &self,
        visitor: &C::Visitor,
        headers: &HeaderMap,
        asked: Asked,
        dress: Dress,
    ) -> Answer {
        let key = kept::key(&asked, &self.context.fingerprint(visitor));
        if let Some(key) = &key
            && let Some(body) = self.context.kept(key).await
        {
            return response::kept(body, dress);
        }
        match self.prepare(visitor, headers, asked) {
            Err(refusal) => response::refused(&refusal, dress),
            Ok(prepared) if prepared.kind == OperationType::Subscription => {
                let message = "Subscriptions are carried by /graphql/ws and /graphql/stream.";
                let refusal = Refusal::new(Code::OperationNotSupported, message);
                response::refused(&refusal, dress)
            }
            Ok(prepared) => {
                let response = self.execute(prepared.request).await;
                if prepared.kind == OperationType::Query
                    && let Some(key) = key
                    && let Some(body) = response::to_keep(&response)
                {
                    self.context.keep(key, &prepared.reads, body.clone()).await;
                    return response::kept(body, dress);
                }
                response::answer(&response, dress)
            }
        }
    }

    /// A GET may be repeated, prefetched and logged by anything in between, so it may only ask.
    fn require_query(&self, asked: &Asked) -> Result<(), Problem> {
        let Ok(checked) = self.documents.check(&asked.query) else {
            return Ok(()); // Refused again, and answered as GraphQL, where it is prepared.
        };
        match checked.operation(asked.operation_name.as_deref()) {
            Some(operation) if !is_plain_query(operation) => {
                let detail = "Only queries may be sent with GET; send this with POST.";
                Err(Problem::new(Code::MethodNotAllowed, detail).with_allow("POST"))
            }
            _ => Ok(()),
        }
    }
}

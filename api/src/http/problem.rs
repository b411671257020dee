//! What the edge says when it cannot do as asked: problem details (RFC 9457).
//!
//! [`Code`] is the one place that maps a name for machines to a status and a title. A rule's "no" is not a problem
//! and is not here: over GraphQL it is data, and REST turns it into a problem with the rule's own code through
//! [`Problem::refused`]. Nothing in a problem comes from inside: no source error, no path on disk, no stack.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $status:ident, $title:literal;)+) => {
        /// A published name for one way of failing. Names never change; new ones may be added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, for documentation and for tests.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name as it stands in an answer.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The status it is answered with over HTTP.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// A short sentence that is the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

codes! {
    /// The request cannot be read.
    Malformed = "malformed", BAD_REQUEST, "The request cannot be read";
    /// Several operations in one request.
    BatchNotSupported = "batch_not_supported", BAD_REQUEST, "One operation a request";
    /// No token, or one that does not hold.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "A valid bearer token is needed";
    /// The token held once.
    TokenExpired = "token_expired", UNAUTHORIZED, "The token has expired";
    /// The role does not allow it.
    Forbidden = "forbidden", FORBIDDEN, "Not allowed for this role";
    /// There is nothing here, or nothing that the asker may know of.
    NotFound = "not_found", NOT_FOUND, "Not found";
    /// The resource does not know this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This method is not allowed here";
    /// No acceptable representation.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "No acceptable media type";
    /// The request did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The request took too long to arrive";
    /// Another state than the one the request is based on.
    Conflict = "conflict", CONFLICT, "The state has changed";
    /// The request with this idempotency key is still running.
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT, "A request with this key is still running";
    /// The idempotency key was used with another body.
    IdempotencyMismatch = "idempotency_mismatch", UNPROCESSABLE_ENTITY, "This key was used with another body";
    /// The idempotency key is required and absent.
    IdempotencyKeyMissing = "idempotency_key_missing", BAD_REQUEST, "An Idempotency-Key is needed here";
    /// The body is over the limit of its route.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// Another media type than the route takes.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "This media type is not taken here";
    /// Well-formed, and refused by a rule.
    Refused = "refused", UNPROCESSABLE_ENTITY, "Refused by a rule";
    /// Well-formed, but a value is out of its range.
    Invalid = "invalid", UNPROCESSABLE_ENTITY, "A value is not valid";
    /// The moment asked for lies ahead of the scheme.
    MomentNotReached = "moment_not_reached", UNPROCESSABLE_ENTITY, "The scheme has not reached this moment";
    /// Nothing was recorded by the moment asked for.
    MomentBeforeHistory = "moment_before_history", UNPROCESSABLE_ENTITY, "Nothing was recorded by this moment";
    /// The figures of the period asked for were never published.
    PeriodNotPublished = "period_not_published", UNPROCESSABLE_ENTITY, "This period was not published";
    /// The checkpoint is of another log.
    OtherLog = "other_log", UNPROCESSABLE_ENTITY, "The checkpoint is of another log";
    /// No key of this log has signed the checkpoint as it stands.
    CheckpointNotSigned = "checkpoint_not_signed", UNPROCESSABLE_ENTITY, "This log has not signed this checkpoint";
    /// The history of this log is not the one that the checkpoint was signed for.
    OtherHistory = "other_history", UNPROCESSABLE_ENTITY, "The history is not the one in the checkpoint";
    /// More requests than the quota allows.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// Our own failure.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something failed on our side";
    /// The scheme takes no commands at the moment.
    ReadOnly = "read_only", SERVICE_UNAVAILABLE, "The scheme takes no commands at the moment";
    /// Sensitive data is given only once it is written down who read it.
    ReadNotRecorded = "read_not_recorded", SERVICE_UNAVAILABLE, "It could not be written down who read it";
    /// The append may or may not have happened.
    OutcomeUnknown = "outcome_unknown", SERVICE_UNAVAILABLE, "The outcome is not known; retry with the same commandId";
    /// The history of this scheme is damaged.
    Damaged = "damaged", SERVICE_UNAVAILABLE, "The history of this scheme is damaged";
    /// Not ready to answer yet.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Not ready to answer";
    /// The answer took longer than it may.
    Timeout = "timeout", SERVICE_UNAVAILABLE, "The answer took too long";
    /// The document is not GraphQL.
    SyntaxError = "syntax_error", BAD_REQUEST, "The document is not GraphQL";
    /// The document does not fit the schema.
    ValidationFailed = "validation_failed", BAD_REQUEST, "The document does not fit the schema";
    /// A variable does not fit its type.
    VariablesInvalid = "variables_invalid", BAD_REQUEST, "The variables do not fit the operation";
    /// JSON nested deeper than any variable needs.
    VariablesTooDeep = "variables_too_deep", BAD_REQUEST, "The variables are nested too deeply";
    /// The document has too many bytes.
    DocumentTooLong = "document_too_long", BAD_REQUEST, "The document is too long";
    /// The document has too many tokens.
    DocumentTooManyTokens = "document_too_many_tokens", BAD_REQUEST, "The document has too many tokens";
    /// The selections are nested too deeply.
    DocumentTooDeep = "document_too_deep", BAD_REQUEST, "The document is nested too deeply";
    /// The document uses too many aliases.
    DocumentTooManyAliases = "document_too_many_aliases", BAD_REQUEST, "The document has too many aliases";
    /// The document uses too many directives.
    DocumentTooManyDirectives = "document_too_many_directives", BAD_REQUEST, "The document has too many directives";
    /// The same fields are asked for again and again.
    DocumentTooManyDuplicates = "document_too_many_duplicates", BAD_REQUEST, "The document repeats itself too often";
    /// Too many fields at the root.
    DocumentTooManyRootFields = "document_too_many_root_fields", BAD_REQUEST, "The document has too many root fields";
    /// Too many selections once fragments are spread out.
    DocumentTooManySelections = "document_too_many_selections", BAD_REQUEST, "The document selects too much";
    /// The answer would cost too much to make.
    DocumentTooComplex = "document_too_complex", BAD_REQUEST, "The document asks for too much";
    /// A fragment that contains itself.
    DocumentFragmentCycle = "document_fragment_cycle", BAD_REQUEST, "A fragment contains itself";
    /// The schema may not be asked for by this role.
    IntrospectionNotAllowed = "introspection_not_allowed", BAD_REQUEST, "Introspection is not allowed for this role";
    /// The transport cannot carry this kind of operation.
    OperationNotSupported = "operation_not_supported", BAD_REQUEST, "This kind of operation is not carried here";
    /// Too many operations at once on one connection.
    TooManyOperations = "too_many_operations", TOO_MANY_REQUESTS, "Too many operations on this connection";
}

/// One fault among several, with the place it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong, for a person.
    pub message: Cow<'static, str>,
    /// Where in the body, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// A problem as it is answered. Built from a [`Code`], so that name, status and title always belong together.
///
/// Boxed, because it is the error of many functions that nearly always succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Details {
    #[serde(rename = "type")]
    kind: String,
    title: Cow<'static, str>,
    status: u16,
    detail: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    code: Cow<'static, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    #[serde(skip)]
    allow: Option<&'static str>,
}

impl Problem {
    /// A problem of a published kind, with a sentence about this occurrence.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::named(code.as_str().into(), code, detail.into())
    }

    /// A rule's "no" as REST answers it: the status of [`Code::Refused`], the code of the rule.
    pub fn refused(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::named(code.into(), Code::Refused, message.into())
    }

    fn named(name: Cow<'static, str>, code: Code, detail: Cow<'static, str>) -> Self {
        Self(Box::new(Details {
            kind: format!("urn:alongside:problem:{name}"),
            title: code.title().into(),
            status: code.status().as_u16(),
            detail,
            instance: None,
            code: name,
            errors: Vec::new(),
            allow: None,
        }))
    }

    /// Our own failure. The reason belongs in the log, not here.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(Code::Internal, "The failure has been logged.")
    }

    /// Adds one fault; several may be told at once.
    #[must_use]
    pub fn with_fault(
        mut self,
        message: impl Into<Cow<'static, str>>,
        pointer: Option<String>,
    ) -> Self {
        self.0.errors.push(Fault {
            message: message.into(),
            pointer,
        });
        self
    }

    /// Names the occurrence by a URI reference.
    #[must_use]
    pub fn with_instance(mut self, instance: impl Into<String>) -> Self {
        self.0.instance = Some(instance.into());
        self
    }

    /// Says which methods would be allowed, as a 405 must.
    #[must_use]
    pub fn with_allow(mut self, methods: &'static str) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The name for machines.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The sentence about this occurrence.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }
}

/// As the error of one field: what was asked beside it is still answered.
impl From<Problem> for async_graphql::Error {
    fn from(problem: Problem) -> Self {
        let mut error = Self::new(problem.detail());
        let mut extensions = async_graphql::ErrorExtensionValues::default();
        extensions.set("code", problem.code());
        error.extensions = Some(extensions);
        error
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let allow = self.0.allow;
        let expired = self.0.code == Code::TokenExpired.as_str();
        // A struct of strings cannot fail to serialise; were it to, the status still tells the truth.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6750: without a token no error is named, with a bad one it is.
            let challenge = if expired {
                "Bearer realm=\"alongside\", error=\"invalid_token\", error_description=\"expired\""
            } else {
                "Bearer realm=\"alongside\""
            };
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        if status == StatusCode::REQUEST_TIMEOUT {
            // RFC 9110: what is still to come of the request is not waited for.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(methods) = allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(methods));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::identity::token::TokenError;

    #[test]
    fn every_code_has_a_name_of_its_own_in_one_case_style() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for name in names {
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{name}"
            );
        }
    }

    #[test]
    fn a_problem_carries_the_members_of_rfc_9457() {
        let problem = Problem::new(Code::Invalid, "start is after end")
            .with_instance("/v1/imports/7")
            .with_fault("after end", Some("/start".to_owned()));
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "urn:alongside:problem:invalid", "title": "A value is not valid", "status": 422,
                "detail": "start is after end", "instance": "/v1/imports/7", "code": "invalid",
                "errors": [{ "message": "after end", "pointer": "/start" }],
            })
        );
    }

    #[test]
    fn a_missing_token_is_answered_with_a_challenge() {
        let response = Problem::new(Code::Unauthenticated, "no token").into_response();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert!(
            response.headers()[header::WWW_AUTHENTICATE]
                .to_str()
                .unwrap()
                .starts_with("Bearer ")
        );
    }

    #[test]
    fn an_expired_token_is_told_from_a_bad_one() {
        let expired = Problem::from(TokenError::Expired);
        assert_eq!(expired.code(), "token_expired");
        let response = expired.into_response();
        let challenge = response.headers()[header::WWW_AUTHENTICATE]
            .to_str()
            .unwrap();
        assert!(challenge.contains("error=\"invalid_token\""));
        assert_eq!(Problem::from(TokenError::Invalid).code(), "unauthenticated");
    }

    #[test]
    fn a_problem_at_a_field_keeps_its_code() {
        let error = async_graphql::Error::from(Problem::new(Code::ReadOnly, "Later."));
        let code = error.extensions.unwrap();
        assert_eq!(
            code.get("code"),
            Some(&async_graphql::Value::from("read_only"))
        );
    }

    #[test]
    fn a_rules_no_keeps_the_rules_own_code() {
        let problem = Problem::refused("not_the_mentor", "Only the proposed mentor may accept.");
        assert_eq!(problem.code(), "not_the_mentor");
        assert_eq!(problem.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

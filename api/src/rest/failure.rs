//! What a caller is told when an answer comes to nothing: a problem, and when to come back.

use crate::{
    dispatch::Failure,
    http::problem::{Code, Problem},
};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// A restart takes a person; asking every second would not bring it about.
const AFTER_A_RESTART_SECONDS: u16 = 60;
const SHORTLY_SECONDS: u16 = 1;

/// An answer that is a problem, with when to come back where that helps.
#[derive(Debug)]
pub struct Refused {
    problem: Box<Problem>,
    retry_after_seconds: Option<u16>,
}

impl Refused {
    fn later(code: Code, detail: impl Into<String>, seconds: u16) -> Self {
        Self {
            problem: Box::new(Problem::new(code, detail.into())),
            retry_after_seconds: Some(seconds),
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            retry_after_seconds: None,
        }
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        let said = failure.to_string();
        match failure {
            Failure::UnknownScheme(_) => Problem::new(Code::NotFound, said).into(),
            Failure::ForeignToken => Problem::new(Code::Invalid, said).into(),
            Failure::TooLarge => Problem::new(Code::TooLarge, said).into(),
            Failure::Internal => Problem::internal().into(),
            // The position is for roles that may see positions; they find it in the scheme's health.
            Failure::Halted { .. } => Problem::new(Code::Damaged, "This scheme is halted.").into(),
            Failure::VersionNotReached | Failure::Overloaded => {
                Self::later(Code::Unavailable, said, SHORTLY_SECONDS)
            }
            Failure::ReadOnly | Failure::ClockJumped => {
                Self::later(Code::ReadOnly, said, AFTER_A_RESTART_SECONDS)
            }
            Failure::OutcomeUnknown => Self::later(
                Code::OutcomeUnknown,
                "Retry with the same Idempotency-Key once the service was restarted: nothing is recorded twice.",
                AFTER_A_RESTART_SECONDS,
            ),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.problem.into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

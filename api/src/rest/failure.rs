//! What a caller is told when an answer comes to nothing: a problem, and when to come back.

use crate::{
    dispatch::Failure,
    http::problem::{Code, Problem},
};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use std::borrow::Cow;

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
    /// A problem of a published kind, with a sentence about this occurrence.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(code, detail).into()
    }

    /// Adds one fault; several may be told at once.
    pub fn with_fault(
        mut self,
        message: impl Into<Cow<'static, str>>,
        pointer: Option<String>,
    ) -> Self {
        *self.problem = self.problem.with_fault(message, pointer);
        self
    }

    /// The problem itself.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Not now, and before long.
    pub fn shortly(detail: &'static str) -> Self {
        Self::later(Code::Unavailable, detail, SHORTLY_SECONDS)
    }

    fn later(code: Code, detail: impl Into<Cow<'static, str>>, seconds: u16) -> Self {
        Self {
            problem: Box::new(Problem::new(code, detail)),
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
            Failure::UnknownScheme(_) => Self::new(Code::NotFound, said),
            Failure::ForeignToken => Self::new(Code::Invalid, said),
            Failure::MomentNotReached => Self::new(Code::MomentNotReached, said),
            Failure::MomentBeforeHistory => Self::new(Code::MomentBeforeHistory, said),
            Failure::PeriodNotPublished => Self::new(Code::PeriodNotPublished, said),
            Failure::TooLarge => Self::new(Code::TooLarge, said),
            Failure::Internal => Problem::internal().into(),
            // The position is for roles that may see positions; they find it in the scheme's health.
            Failure::Halted { .. } => Self::new(Code::Damaged, "This scheme is halted."),
            Failure::VersionNotReached | Failure::Overloaded => {
                Self::later(Code::Unavailable, said, SHORTLY_SECONDS)
            }
            Failure::ReadNotRecorded => {
                Self::later(Code::ReadNotRecorded, said, AFTER_A_RESTART_SECONDS)
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

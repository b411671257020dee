//! Why a row of an old spreadsheet was not taken, and how to put it right.

use crate::dispatch;
use std::borrow::Cow;

/// Why a row was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A name for machines: one of [`CODES`], or a rule's own.
    pub code: Cow<'static, str>,
    /// The field it is about, by its name in the answer.
    pub field: Option<Cow<'static, str>>,
    /// What the public register or a rule has to say to it.
    pub said: Option<String>,
}

impl Refusal {
    /// A refusal of ours.
    pub fn of(code: &'static str, field: Option<&'static str>) -> Self {
        Self {
            code: code.into(),
            field: field.map(Into::into),
            said: None,
        }
    }

    /// What a person is told: what is wrong, and how to put it right.
    pub fn message(&self) -> String {
        let known = CODES.iter().find(|(code, _)| *code == self.code);
        match (known, &self.said) {
            (Some((_, message)), Some(said)) => format!("{message}: {said}"),
            (Some((_, message)), None) => (*message).to_owned(),
            (None, Some(said)) => said.clone(),
            (None, None) => "a rule of the scheme refuses this row".to_owned(),
        }
    }
}

impl From<domain::Rejection> for Refusal {
    fn from(rejection: domain::Rejection) -> Self {
        Self {
            code: rejection.code().into(),
            field: rejection.field().map(Into::into),
            said: Some(rejection.in_general()),
        }
    }
}

impl From<dispatch::Refusal> for Refusal {
    fn from(refusal: dispatch::Refusal) -> Self {
        Self {
            code: refusal.code.into(),
            field: refusal.field.map(Into::into),
            said: Some(refusal.message),
        }
    }
}

/// The codes a row is usually refused with, and what to do. Rules may have more.
pub const CODES: &[(&str, &str)] = &[
    (
        "nobody_named",
        "the row names neither mentee nor mentor; write a name, or delete the row",
    ),
    (
        "council_missing",
        "write the mentee's council, by name or code",
    ),
    (
        "unknown_council",
        "no employer of this name stands in the scheme's register; write its name or code as it stands there",
    ),
    (
        "council_ambiguous",
        "the name could mean several employers of that day; write the one that is meant, by name or code",
    ),
    (
        "date_unreadable",
        "write the day as dd/mm/yyyy, or leave the cell empty where nobody knows it",
    ),
    (
        "sessions_unreadable",
        "write the number of sessions used, or “?” where nobody knows it",
    ),
    (
        "status_unreadable",
        "write live, ended, broken down or waiting, or leave the cell empty for a pairing that goes on",
    ),
    (
        "formed_on_missing",
        "write the day on which they were matched, or on which mentoring started",
    ),
    (
        "pairing_ended",
        "a pairing that is over is told by the figures of its year alone; send the file with the first and last day of that year",
    ),
    (
        "mentor_ambiguous",
        "several mentors have this name; write the mentor's council beside it",
    ),
    (
        "known_otherwise",
        "somebody of this name at this council is known already and the row tells otherwise of them; put it right in the scheme, or delete the row",
    ),
    (
        "not_of_this_scheme",
        "this post is not one of those the scheme is for; write a title that the policy knows, or leave it empty",
    ),
    (
        "too_long",
        "a cell is longer than the scheme takes; shorten it",
    ),
];

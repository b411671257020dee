//! Why a single notice was refused: a code, the field, and a sentence without any value in it.
//!
//! The sentence is kept with the answer for ever, so it is made from the code alone. The rules' own sentences may
//! name an employer and a day, which together can name a person.

use std::borrow::Cow;

/// Why a notice was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A name for machines: one of [`CODES`], or a rule's own.
    pub code: Cow<'static, str>,
    /// The field it is about, as the JSON form spells it.
    pub field: Option<Cow<'static, str>>,
}

impl Refusal {
    /// A refusal of ours.
    pub const fn new(code: &'static str, field: &'static str) -> Self {
        Self {
            code: Cow::Borrowed(code),
            field: Some(Cow::Borrowed(field)),
        }
    }

    /// What a person is told.
    pub fn message(&self) -> &'static str {
        let known = CODES.iter().find(|(code, _)| *code == self.code);
        known.map_or("a rule of the scheme refuses this notice", |(_, said)| said)
    }
}

impl From<crate::dispatch::Refusal> for Refusal {
    fn from(refusal: crate::dispatch::Refusal) -> Self {
        Self {
            code: Cow::Owned(refusal.code),
            field: refusal.field.map(Cow::Owned),
        }
    }
}

/// The codes a notice is usually refused with, and what they mean. Rules may have more.
pub const CODES: &[(&str, &str)] = &[
    (
        "not_your_employer",
        "this token speaks for another employer",
    ),
    (
        "unknown_employer",
        "no employer of this code stands in the scheme's register",
    ),
    (
        "employer_missing",
        "say which employer the notice comes from: in the file, or by the parameter `employer`",
    ),
    (
        "employee_number_missing",
        "without the employer's own number for the person a later report could not be recognised",
    ),
    (
        "date_invalid",
        "a date is dd/mm/yyyy or yyyy-mm-dd, and a day that exists",
    ),
    ("first_post_invalid", "say yes or no, or leave it empty"),
    (
        "expected_months_invalid",
        "say a whole number of months, or leave it empty",
    ),
    ("too_long", "a value is longer than the scheme takes"),
    (
        "not_of_this_scheme",
        "this post is not one of those the scheme is for; nothing of the notice was kept",
    ),
    (
        "post_not_of_employer",
        "an employer of this kind has no such post",
    ),
    (
        "employer_not_there",
        "the employer does not exist on the first day in post; the register names its successors",
    ),
    (
        "dates_contradict",
        "the last day in post lies before the first",
    ),
    (
        "person_erased",
        "this person was erased; nothing more can be recorded about them",
    ),
    (
        "scheme_not_ready",
        "the scheme has not adopted all it needs to judge a notice",
    ),
];

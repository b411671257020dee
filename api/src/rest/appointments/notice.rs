//! One notice, as JSON.

use super::{
    reading::{Read, Reading, Row},
    refusal::Refusal,
    values,
};
use crate::{http::problem::Code, rest::failure::Refused};
use domain::{
    appointment::{FirstPost, NotifyAppointment},
    mentor::PersonDetails,
    policy::Basis,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// A notice that somebody takes up a post. What is not known is left out, and can be told later.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// The employer's code in the scheme's register: an ONS code for a council. A token that speaks for one employer may leave it out.
    #[schemars(length(min = 1, max = 500))]
    employer: Option<String>,
    /// The employer's own number for the person: with the employer, the key by which a later notice is recognised. Needed from an employer's system.
    #[schemars(length(max = 500))]
    employee_number: Option<String>,
    /// The name they go by.
    #[schemars(length(max = 500))]
    name: Option<String>,
    /// Their electronic mail address.
    #[schemars(length(max = 500))]
    email: Option<String>,
    /// Their telephone number.
    #[schemars(length(max = 500))]
    telephone: Option<String>,
    /// The post, by its code or by any title the scheme's policy knows.
    #[schemars(required, length(min = 1, max = 500))]
    post: Option<String>,
    /// How the post is held.
    basis: Option<Basis>,
    /// The first day in post.
    #[schemars(with = "Option<Date>")]
    starts_on: Option<String>,
    /// The last day in post, where one is foreseen.
    #[schemars(with = "Option<Date>")]
    ends_on: Option<String>,
    /// Whether it is the person's first post of this kind.
    first_post: Option<FirstPost>,
    /// The expected length in months, where no last day is foreseen.
    expected_months: Option<u16>,
}

/// Reads a notice. The problem names the fields at fault and repeats none of their values.
pub fn read(bytes: &[u8], reading: &Reading, command_id: Uuid) -> Result<Read, Refused> {
    let fields: Value = serde_json::from_slice(bytes)
        .map_err(|_| Refused::new(Code::Malformed, "The body is not JSON."))?;
    let Value::Object(fields) = fields else {
        return Err(Refused::new(Code::Invalid, "A notice is a JSON object."));
    };
    let faults = faults(&fields, reading);
    if !faults.is_empty() {
        let problem = Refused::new(Code::Invalid, "Nothing of the notice was recorded.");
        return Err(faults.into_iter().fold(problem, |problem, (field, said)| {
            problem.with_fault(said, Some(format!("/{}", escaped(&field))))
        }));
    }
    let notice: Notice = serde_json::from_value(Value::Object(fields))
        .map_err(|_| Refused::new(Code::Invalid, "A field is not of its form."))?;
    notice.screen(reading, command_id)
}

impl Notice {
    fn screen(self, reading: &Reading, command_id: Uuid) -> Result<Read, Refused> {
        let terms = reading.terms()?;
        let title = said(self.post).unwrap_or_default();
        let Some(post) = terms.policy.post_called(&title) else {
            return Ok(Read {
                rows_found: 1,
                not_of_this_scheme: 1,
                rows: vec![],
            });
        };
        let employer = match reading.employer(&terms, said(self.employer).as_deref()) {
            Err(Refusal { code, .. }) if code == "not_your_employer" => {
                let detail = "This token speaks for another employer.";
                return Err(Refused::new(Code::Forbidden, detail));
            }
            other => other,
        };
        let notice = employer.map(|employer| NotifyAppointment {
            source: reading.source,
            employer,
            employee_number: said(self.employee_number),
            person: None,
            details: PersonDetails {
                name: said(self.name),
                email: said(self.email),
                telephone: said(self.telephone),
            },
            post: post.code.clone(),
            basis: self.basis,
            starts_on: self.starts_on.as_deref().and_then(values::iso_day),
            ends_on: self.ends_on.as_deref().and_then(values::iso_day),
            first_post: self.first_post,
            expected_months: self.expected_months,
        });
        Ok(Read {
            rows_found: 1,
            not_of_this_scheme: 0,
            rows: vec![Row {
                line: 1,
                command_id,
                notice,
                not_understood: vec![],
            }],
        })
    }
}

/// Each field at fault, found by reading it alone: the reader's own words would repeat its value.
fn faults(fields: &Map<String, Value>, reading: &Reading) -> Vec<(String, &'static str)> {
    let mut faults = Vec::new();
    for (field, value) in fields {
        let alone = Value::Object(Map::from_iter([(field.clone(), value.clone())]));
        let read: Result<Notice, _> = serde_json::from_value(alone);
        let text = value.as_str();
        let day = matches!(field.as_str(), "startsOn" | "endsOn");
        let fault = if read.is_err() {
            Some("This field does not exist, or its value is not of its form.")
        } else if day && text.is_some_and(|text| values::iso_day(text).is_none()) {
            Some("A day is yyyy-mm-dd, and a day that exists.")
        } else if text.is_some_and(|text| text.chars().count() > values::CHARACTERS_MOST) {
            Some("At most 500 characters are taken here.")
        } else {
            None
        };
        faults.extend(fault.map(|said| (field.clone(), said)));
    }
    let missing = |field: &str| {
        let text = fields.get(field).and_then(Value::as_str);
        !fields
            .get(field)
            .is_some_and(|value| !value.is_null() && !value.is_string())
            && text.is_none_or(|text| text.trim().is_empty())
    };
    if missing("post") {
        faults.push(("post".to_owned(), "Say which post it is."));
    }
    if missing("employer") && reading.fallback.is_none() {
        faults.push(("employer".to_owned(), "Say which employer it is."));
    }
    if missing("employeeNumber") && reading.own.is_some() {
        faults.push((
            "employeeNumber".to_owned(),
            "Without the employer's own number a later notice could not be recognised.",
        ));
    }
    faults
}

fn said(text: Option<String>) -> Option<String> {
    let text = text?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// A name as a JSON pointer spells it (RFC 6901).
fn escaped(name: &str) -> String {
    let name: String = name.chars().take(64).collect();
    name.replace('~', "~0").replace('/', "~1")
}

//! What a scheme has adopted: its policies, its registers of employers, its calendar; and opening it.

use super::{
    command::mutations,
    error::{Code, field_error},
    kinds::{EmployerKind, SchemeKind},
    scalars::{Date, civil},
    scheme::Scheme,
};
use async_graphql::{Error, Json, SimpleObject};
use domain::{adoption, policy, shipped};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A rule of a policy, as a verdict or a rejection cites it.
#[derive(Debug, Clone, SimpleObject)]
pub struct PolicyRule {
    /// Its stable code.
    pub code: String,
    /// Where it stands in the handbook.
    pub section: String,
    /// What it says, in plain words.
    pub text: String,
}

/// A policy a scheme has adopted: what the scheme promises, to whom, and by which rules.
#[derive(Debug, Clone, SimpleObject)]
pub struct Policy {
    /// The version that verdicts name, for example `mentor-plus-2017`.
    pub version: String,
    /// What a person would call it.
    pub title: String,
    /// The first day it is in force. Of several in force, the one adopted last counts.
    pub effective_from: Date,
    /// The handbook both parties of a pairing work by.
    pub handbook: Handbook,
    /// The posts the scheme is for.
    pub posts: Vec<Post>,
    /// Sessions of the core offer.
    pub sessions_most: u16,
    /// Months over which the sessions may be spread.
    pub months_most: u16,
    /// Its rules, so that codes can be shown as sentences.
    pub rules: Vec<PolicyRule>,
    /// The whole document, as it was adopted. Its shape is published as a JSON Schema with the event `policy.adopted`.
    pub document: Json<Value>,
}

/// A published handbook.
#[derive(Debug, Clone, SimpleObject)]
pub struct Handbook {
    /// Its title.
    pub title: String,
    /// Its edition.
    pub edition: String,
}

/// A post the scheme is for.
#[derive(Debug, Clone, SimpleObject)]
pub struct Post {
    /// Its code, for example `director-of-childrens-services`.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Other titles by which a personnel system may call it.
    pub also_called: Vec<String>,
    /// The kinds of employer that have such a post.
    pub employer_kinds: Vec<EmployerKind>,
}

/// A register of employers a scheme has adopted. The employers themselves are the list `employers` of the scheme.
#[derive(Debug, Clone, SimpleObject)]
pub struct Register {
    /// The version that verdicts name.
    pub version: String,
    /// What a person would call it.
    pub title: String,
    /// Where the facts come from, as their licence asks to be shown.
    pub attribution: String,
    /// How many employers it lists.
    pub employer_count: usize,
}

/// The calendar a scheme has adopted: which days are no working days, beside Saturdays and Sundays.
#[derive(Debug, Clone, SimpleObject)]
pub struct Calendar {
    /// The version that verdicts name.
    pub version: String,
    /// What a person would call it.
    pub title: String,
    /// The time zone in which a day begins and ends, as an IANA name, for example `Europe/London`.
    pub time_zone: String,
    /// The first day the list speaks for.
    pub from: Date,
    /// The last day the list speaks for.
    pub until: Date,
    /// The days that are no working days, in order.
    pub holidays: Vec<Holiday>,
}

/// A day that is no working day.
#[derive(Debug, Clone, SimpleObject)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// What it is called.
    pub name: String,
}

/// The versions a verdict was reached with.
#[derive(Debug, Clone, SimpleObject)]
pub struct Versions {
    /// The version of the policy.
    pub policy: String,
    /// The version of the register of employers.
    pub register: String,
    /// The version of the calendar of bank holidays.
    pub calendar: String,
}

impl From<policy::Rule> for PolicyRule {
    fn from(rule: policy::Rule) -> Self {
        Self {
            code: rule.code,
            section: rule.section,
            text: rule.text,
        }
    }
}

impl From<policy::Handbook> for Handbook {
    fn from(handbook: policy::Handbook) -> Self {
        Self {
            title: handbook.title,
            edition: handbook.edition,
        }
    }
}

impl From<policy::Post> for Post {
    fn from(post: policy::Post) -> Self {
        Self {
            code: post.code,
            title: post.title,
            also_called: post.also_called,
            employer_kinds: post.employer_kinds.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<&policy::Adopted> for Policy {
    fn from(adopted: &policy::Adopted) -> Self {
        let policy = adopted.policy.clone();
        Self {
            document: Json(serde_json::to_value(&policy).unwrap_or_default()),
            version: policy.version,
            title: policy.title,
            effective_from: adopted.effective_from.into(),
            handbook: policy.handbook.into(),
            posts: policy.posts.into_iter().map(Into::into).collect(),
            sessions_most: policy.entitlement.sessions_most,
            months_most: policy.entitlement.months_most,
            rules: policy.rules.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<&domain::register::Register> for Register {
    fn from(register: &domain::register::Register) -> Self {
        Self {
            version: register.version.clone(),
            title: register.title.clone(),
            attribution: register.attribution.clone(),
            employer_count: register.employers.len(),
        }
    }
}

impl From<&domain::calendar::Calendar> for Calendar {
    fn from(calendar: &domain::calendar::Calendar) -> Self {
        let holidays = calendar.holidays.iter().map(|holiday| Holiday {
            on: holiday.on.into(),
            name: holiday.name.clone(),
        });
        Self {
            version: calendar.version.clone(),
            title: calendar.title.clone(),
            time_zone: calendar.time_zone.clone(),
            from: calendar.from.into(),
            until: calendar.until.into(),
            holidays: holidays.collect(),
        }
    }
}

impl From<domain::appointment::Versions> for Versions {
    fn from(versions: domain::appointment::Versions) -> Self {
        Self {
            policy: versions.policy,
            register: versions.register,
            calendar: versions.calendar,
        }
    }
}

mutations! {
    AdoptionMutations;

    /// Opens a scheme: the first thing that happens in its history. Adopt a policy, a register and a calendar next.
    "openScheme" open_scheme
    /// What `openScheme` needs. `scheme` is the id the new scheme will have: small letters, digits and hyphens.
    input OpenSchemeInput {
        /// What people call the scheme.
        name: String,
        /// Mentoring or coaching.
        kind: SchemeKind,
    }
    /// What came of `openScheme`.
    payload OpenSchemePayload {
        /// The scheme; null when the command was refused.
        scheme: Scheme
    }
    command(given, _asked) {
        adoption::OpenScheme { name: given.name.clone(), kind: given.kind.into() }
    }
    changed(answer, _command) { Some(Scheme::new(answer.view.clone())) }

    /// Adopts a policy from a day on, today or later. Give either a policy this service ships or a document of your own.
    "adoptPolicy" adopt_policy
    /// What `adoptPolicy` needs.
    input AdoptPolicyInput {
        /// The version of a policy this service ships: `mentor-plus-2017` or `newly-appointed-directors-2026`.
        shipped: Option<String>,
        /// A policy of your own. Its shape is published as a JSON Schema with the event `policy.adopted`.
        document: Option<Json<Value>>,
        /// The first day it is in force; today when absent.
        effective_from: Option<Date>,
    }
    /// What came of `adoptPolicy`.
    payload AdoptPolicyPayload {
        /// The scheme; null when the command was refused.
        scheme: Scheme
    }
    command(given, _asked) {
        let policy = named_policy(given.shipped.as_deref(), given.document.as_ref())?;
        adoption::AdoptPolicy { policy, effective_from: civil(given.effective_from) }
    }
    changed(answer, _command) { Some(Scheme::new(answer.view.clone())) }

    /// Adopts a register of employers. Give either the one this service ships or a document of your own.
    "adoptRegister" adopt_register
    /// What `adoptRegister` needs.
    input AdoptRegisterInput {
        /// Whether to adopt the register of English employers this service ships.
        #[graphql(default)]
        shipped: bool,
        /// A register of your own. Its shape is published as a JSON Schema with the event `register.adopted`.
        document: Option<Json<Value>>,
    }
    /// What came of `adoptRegister`.
    payload AdoptRegisterPayload {
        /// The scheme; null when the command was refused.
        scheme: Scheme
    }
    command(given, _asked) {
        let register = match (given.shipped, &given.document) {
            (true, None) => shipped::register(),
            (false, Some(document)) => read(document)?,
            _ => return Err(one_of_two()),
        };
        adoption::AdoptRegister { register }
    }
    changed(answer, _command) { Some(Scheme::new(answer.view.clone())) }

    /// Adopts a calendar of bank holidays. Give either the one this service ships or a document of your own.
    "adoptCalendar" adopt_calendar
    /// What `adoptCalendar` needs.
    input AdoptCalendarInput {
        /// Whether to adopt the bank holidays of England and Wales this service ships.
        #[graphql(default)]
        shipped: bool,
        /// A calendar of your own. Its shape is published as a JSON Schema with the event `calendar.adopted`.
        document: Option<Json<Value>>,
    }
    /// What came of `adoptCalendar`.
    payload AdoptCalendarPayload {
        /// The scheme; null when the command was refused.
        scheme: Scheme
    }
    command(given, _asked) {
        let calendar = match (given.shipped, &given.document) {
            (true, None) => shipped::calendar(),
            (false, Some(document)) => read(document)?,
            _ => return Err(one_of_two()),
        };
        adoption::AdoptCalendar { calendar }
    }
    changed(answer, _command) { Some(Scheme::new(answer.view.clone())) }
}

/// A policy this service ships, by its version, or a document of the client's own.
pub fn named_policy(
    version: Option<&str>,
    document: Option<&Json<Value>>,
) -> Result<policy::Policy, Error> {
    match (version, document) {
        (Some(version), None) => shipped::policy(version).ok_or_else(|| {
            let message = format!("This service ships: {}.", shipped::POLICIES.join(", "));
            field_error(Code::InvalidInput, "shipped", message)
        }),
        (None, Some(document)) => read(document),
        _ => Err(one_of_two()),
    }
}

/// Reads a document of the client's own.
fn read<T: DeserializeOwned>(document: &Json<Value>) -> Result<T, Error> {
    serde_json::from_value(document.0.clone()).map_err(|problem| {
        // The problem names a field of the client's own document and nothing of ours.
        field_error(Code::InvalidInput, "document", problem.to_string())
    })
}

fn one_of_two() -> Error {
    field_error(
        Code::InvalidInput,
        "document",
        "Give either `shipped` or `document`, and not both.",
    )
}

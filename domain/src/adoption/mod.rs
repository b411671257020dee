//! Opening a scheme and giving it its policy, its register of employers and its calendar.
//!
//! All three are adopted by an event with their whole content, so a scheme years later can be judged by
//! what it knew then, without any file of ours.

mod decide;
#[cfg(test)]
mod tests;

use crate::{calendar::Calendar, event::Payload, policy::Policy, register::Register};
pub(crate) use decide::{adopt_calendar, adopt_policy, adopt_register, open_scheme};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of help a scheme gives (R103).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SchemeKind {
    /// For people new to a post.
    Mentoring,
    /// For people settled in one.
    Coaching,
}

/// Opens a scheme: the first thing that happens in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenScheme {
    /// What people call it.
    pub name: String,
    /// Mentoring or coaching.
    pub kind: SchemeKind,
}

/// Adopts a policy from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptPolicy {
    /// The policy.
    pub policy: Policy,
    /// The first day it is in force; today when absent.
    pub effective_from: Option<Date>,
}

/// Adopts a register of employers.
#[derive(Debug, Clone, PartialEq)]
pub struct AdoptRegister {
    /// The register.
    pub register: Register,
}

/// Adopts a list of bank holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptCalendar {
    /// The list.
    pub calendar: Calendar,
}

/// A scheme was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchemeOpened {
    /// What people call it.
    pub name: String,
    /// Mentoring or coaching.
    pub kind: SchemeKind,
}

/// A policy was adopted, with its whole content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyAdopted {
    /// The policy.
    pub policy: Policy,
    /// The first day it is in force.
    pub effective_from: Date,
}

/// A register of employers was adopted, with its whole content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterAdopted {
    /// The register.
    pub register: Register,
}

/// A list of bank holidays was adopted, with its whole content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarAdopted {
    /// The list.
    pub calendar: Calendar,
}

macro_rules! concerns_nobody {
    ($($payload:ty),+) => {$(
        impl Payload for $payload {
            fn subjects(&self) -> Vec<Uuid> {
                Vec::new()
            }
        }
    )+};
}

concerns_nobody!(
    SchemeOpened,
    PolicyAdopted,
    RegisterAdopted,
    CalendarAdopted
);
